package solver_test

import (
	"slices"
	"testing"

	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
	"pathfinder/solver"
)

// Of an account of which the snapshot holds no users and roles, what lets in everybody
// tells under "*"; under its own name what names it.
func TestOutsidersOfTheSnapshot(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		who  string
		want []string
	}{
		{`"*"`, []string{"*", "anonymous"}},
		{`{"AWS":"222222222222"}`, []string{"arn:aws:iam::222222222222:root"}},
		{`{"AWS":["*","222222222222"]}`, []string{"*", "anonymous", "arn:aws:iam::222222222222:root"}},
	} {
		var queue *inventory.Resource
		s := diffed(t, func(inv *inventory.Inventory) {
			queue = inv.Accounts[0].Held().Resources[0]
			queue.Policy = policy.Parse([]byte(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":`+tt.who+`,"Action":"sqs:ReceiveMessage","Resource":"*"}]}`), policy.Resource)
			inv.Accounts = append(inv.Accounts, &inventory.Account{ID: "222222222222", Partition: "aws"})
		})
		var got []string
		for _, o := range s.Outsiders(queue) {
			got = append(got, o.ARN)
		}
		if slices.Sort(got); !slices.Equal(got, tt.want) {
			t.Errorf("a queue of %s lets in %v, want %v", tt.who, got, tt.want)
		}
	}
}

// Rows hold all that who-can finds: also an account whose users and roles were not read,
// which comes in by a role that everybody may assume.
func TestRowsOfAnUnreadAccount(t *testing.T) {
	t.Parallel()
	const root = "arn:aws:iam::222222222222:root"
	s := diffed(t, func(inv *inventory.Inventory) {
		a := inv.Accounts[0]
		statement := func(kind policy.Kind, st string) *policy.Document {
			return policy.Parse([]byte(`{"Version":"2012-10-17","Statement":[`+st+`]}`), kind)
		}
		a.Held().Roles = []*inventory.Principal{{
			ARN: "arn:aws:iam::111111111111:role/open", Account: a, Kind: inventory.Role, Name: "open", Path: "/",
			Trust:  statement(policy.Trust, `{"Effect":"Allow","Principal":"*","Action":"sts:AssumeRole"}`),
			Inline: []*inventory.Policy{{Name: "own", Doc: statement(policy.Identity, `{"Effect":"Allow","Action":"sqs:SendMessage","Resource":"*"}`)}},
		}}
		inv.Accounts = append(inv.Accounts, &inventory.Account{ID: "222222222222", Partition: "aws", Name: "unread"})
	})
	ans, err := s.WhoCan("a", []string{"sqs:SendMessage"})
	if err != nil {
		t.Fatal(err)
	}
	rows := s.Survey(1).Rows()
	got := false
	err = rows.Each(func(a *solver.ResourceAccess) error {
		for _, c := range a.Chained {
			got = got || a.Resource.Name == "a" && rows.Parties()[c.Party].ARN == root
		}
		return nil
	})
	want := slices.ContainsFunc(ans.Access, func(a solver.Access) bool { return a.Principal == root && len(a.Path) > 1 })
	if err != nil || !got || !want {
		t.Errorf("in rows %v, in who-can %v, %v", got, want, err)
	}
}

// A policy for everybody with a source is one for services: who-can and explain agree,
// and nobody else gets in (E124).
func TestEverybodyWithASource(t *testing.T) {
	t.Parallel()
	const topic = "arn:aws:sns:eu-west-1:111111111111:t"
	for _, tt := range []struct {
		name, condition string
		services        bool
	}{
		{"a source", `{"ArnLike":{"aws:SourceArn":"` + topic + `"}}`, true},
		{"an account", `{"StringEquals":{"aws:SourceAccount":"111111111111"}}`, true},
		{"services", `{"Bool":{"aws:PrincipalIsAWSService":"true"}}`, true},
		{"a service by its name", `{"StringEquals":{"aws:PrincipalServiceName":"sns.amazonaws.com"}}`, true},
		{"no source", `{"Null":{"aws:SourceArn":"true"}}`, false},
		{"all sources but one", `{"ArnNotLike":{"aws:SourceArn":"` + topic + `"}}`, false},
		{"an organization", `{"StringEquals":{"aws:PrincipalOrgID":"o-1"}}`, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := diffed(t, func(inv *inventory.Inventory) {
				r := inv.Accounts[0].Held().Resources[0]
				r.HasPolicy = inventory.Have
				r.Policy = policy.Parse([]byte(`{"Statement":{"Effect":"Allow","Principal":"*","Action":"sqs:ReceiveMessage","Resource":"*","Condition":`+tt.condition+`}}`), policy.Resource)
			})
			ans, err := s.WhoCan("a", []string{"sqs:ReceiveMessage"})
			if err != nil {
				t.Fatal(err)
			}
			listed, others := false, 0
			for i := range ans.Access {
				switch ans.Access[i].Principal {
				case solver.AnyService:
					listed = true
				case "arn:aws:iam::111111111111:root":
				default:
					others++
				}
			}
			if listed != tt.services || tt.services && (others > 0 || ans.Public != nil) {
				t.Errorf("who-can lists services: %v, others: %d, public %v; want services %v", listed, others, ans.Public, tt.services)
			}
			why, err := s.Explain("sns.amazonaws.com", "sqs:ReceiveMessage", "arn:aws:sqs:eu-west-1:111111111111:a")
			if err != nil {
				t.Fatal(err)
			}
			if tt.services && why.Decision != "Allowed" {
				t.Errorf("explain says %s of a service", why.Decision)
			}
		})
	}
}
