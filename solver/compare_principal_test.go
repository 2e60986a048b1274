package solver_test

import (
	"cmp"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"pathfinder/graphmodel/policy"
	"pathfinder/solver"
)

// Words of random documents that name principals.
var (
	namedPrincipals = []string{
		`"*"`, `{"AWS":"*"}`, `{"AWS":"111111111111"}`, `{"AWS":"arn:aws:iam::111111111111:user/ann"}`, `{"AWS":["222222222222","arn:aws:iam::111111111111:role/ops"]}`,
		`{"Service":"sns.amazonaws.com"}`, `{"AWS":"arn:aws:sts::111111111111:assumed-role/ops/night"}`, `{"AWS":"arn:aws:iam::222222222222:root"}`,
	}
	principalConditions = []string{
		"", "", `"StringEquals":{"aws:PrincipalAccount":"111111111111"}`, `"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::*:user/*"}`,
		`"StringNotEquals":{"aws:PrincipalTag/team":"red"}`, `"Bool":{"aws:PrincipalIsAWSService":"true"}`, `"StringLike":{"aws:username":"a*"}`,
	}
	callersTried = []string{
		"arn:aws:iam::111111111111:user/ann", "arn:aws:iam::111111111111:user/bob", "arn:aws:iam::111111111111:role/ops", "arn:aws:iam::111111111111:role/dev",
		"arn:aws:sts::111111111111:assumed-role/ops/night", "arn:aws:iam::222222222222:user/eve", "arn:aws:iam::333333333333:user/dan", "sns.amazonaws.com", "anonymous",
	}
)

func drawNaming(t *rapid.T) string {
	var list []string
	for range rapid.IntRange(0, 3).Draw(t, "statements") {
		effect, element := rapid.SampledFrom([]string{"Allow", "Allow", "Deny"}).Draw(t, "effect"), "Principal"
		who := rapid.SampledFrom(namedPrincipals).Draw(t, "principal")
		if effect == "Deny" && !strings.Contains(who, `"*"`) && rapid.Bool().Draw(t, "not") {
			element = "NotPrincipal"
		}
		list = append(list, fmt.Sprintf(`{"Effect":%q,%q:%s,"Action":%q,"Resource":%q,"Condition":{%s}}`, effect, element, who,
			rapid.SampledFrom([]string{"sqs:*", "sqs:SendMessage", "*"}).Draw(t, "action"),
			rapid.SampledFrom([]string{"*", "arn:aws:sqs:*:111111111111:q*", "arn:aws:sqs:eu-west-1:*:queue"}).Draw(t, "resource"),
			rapid.SampledFrom(principalConditions).Draw(t, "condition")))
	}
	return `{"Version":"2012-10-17","Statement":[` + strings.Join(list, ",") + `]}`
}

// madeBy returns who makes a request, and what the request carries and nothing else.
func madeBy(t *rapid.T, principal string, ctx map[string]policy.Value) (solver.Caller, solver.Context) {
	caller, err := solver.ParseCaller(principal)
	if err != nil {
		t.Fatal(err)
	}
	if caller.Kind == solver.CallerSession && caller.SessionName == "" {
		caller.SessionName = "session"
	}
	values := map[string]policy.Value{}
	for k, v := range ctx {
		values[strings.ToLower(k)] = v
	}
	return caller, solver.Context{Complete: true, Values: values}
}

// lets asks Decide what a document that names principals permits by itself: as
// the policy of an endpoint on the way of a request that all others allow.
func lets(t *rapid.T, doc *policy.Document, principal, action, resource string, ctx map[string]policy.Value) bool {
	caller, context := madeBy(t, principal, ctx)
	owner := cmp.Or(caller.Account, "111111111111") // what an owner alone may do counts, too
	d := solver.Decide(&solver.Case{
		Caller: caller, Action: action, Resource: resource, ResourceAccount: owner,
		Identity: []solver.Source{{Name: "all", Doc: everything}}, Resources: []solver.Source{{Name: "all", Doc: anybody}},
		Endpoint: []solver.Source{{Name: "it", Doc: doc}}, HasEndpoint: true, Context: context,
	})
	return d.Outcome == solver.Allowed
}

// Law: what compare says of documents that name principals, Decide says of every
// caller.
func TestCompareNamesCallers(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		texts := [2]string{drawNaming(t), drawNaming(t)}
		var docs [2]*policy.Document
		for i := range docs {
			docs[i] = policy.Parse([]byte(texts[i]), policy.Endpoint)
		}
		ans, err := solver.Compare(docs[0], docs[1], "")
		if err != nil {
			t.Fatal(err)
		}
		b, _ := json.Marshal(ans)
		show := texts[0] + "\n" + texts[1] + "\n" + string(b)
		if !ans.Exact && !unclearAlone(ans) {
			t.Fatalf("not exact: %s", show)
		}
		for i, w := range []*solver.Witness{ans.WitnessOld, ans.WitnessNew} {
			if w == nil || !asTaken(w) {
				continue
			}
			ctx := contextOf(w)
			if !lets(t, docs[i], w.Principal, w.Action, w.Resource, ctx) || lets(t, docs[1-i], w.Principal, w.Action, w.Resource, ctx) {
				t.Fatalf("Decide does not tell the witness apart: %s", show)
			}
		}
		for range 20 {
			principal := rapid.SampledFrom(callersTried).Draw(t, "caller")
			action := rapid.SampledFrom([]string{"sqs:SendMessage", "sqs:ReceiveMessage"}).Draw(t, "action")
			resource := rapid.SampledFrom([]string{"arn:aws:sqs:eu-west-1:111111111111:queue", "arn:aws:sqs:us-east-1:111111111111:q", "arn:aws:sqs:us-east-1:111111111111:other"}).Draw(t, "resource")
			ctx := map[string]policy.Value{}
			if team := rapid.SampledFrom([]string{"", "red", "blue"}).Draw(t, "team"); team != "" && strings.HasPrefix(principal, "arn:") { // services and strangers have no tags
				ctx["aws:principaltag/team"] = policy.Single(team)
			}
			was, is := lets(t, docs[0], principal, action, resource, ctx), lets(t, docs[1], principal, action, resource, ctx)
			if is && !was && !ans.NewPermitsMore || was && !is && !ans.OldPermitsMore {
				t.Fatalf("%s: %s on %s with %v: was %v, is %v: %s", principal, action, resource, ctx, was, is, show)
			}
		}
	})
}

// A principal that is named, by its entry or by a condition, is one and the same to
// another account.
func TestCompareNamesInTwoWays(t *testing.T) {
	t.Parallel()
	doc := func(effect, principal, condition string) *policy.Document {
		return policy.Parse([]byte(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:Get*","Resource":"arn:aws:s3:::b/*"},{"Effect":"`+effect+`",`+principal+`,"Action":"s3:*","Resource":"arn:aws:s3:::b/*","Condition":{`+condition+`}}]}`), policy.Resource)
	}
	for _, arn := range []string{"arn:aws:iam::111122223333:role/ops", "arn:aws:iam::111122223333:user/ann"} {
		for _, effect := range []string{"Allow", "Deny"} {
			byEntry := doc(effect, `"Principal":{"AWS":"`+arn+`"}`, "")
			byCondition := doc(effect, `"Principal":"*"`, `"ArnEquals":{"aws:PrincipalArn":"`+arn+`"}`)
			ans, err := solver.Compare(byEntry, byCondition, "333333333333")
			if err != nil || ans.OldPermitsMore || ans.NewPermitsMore || !ans.Exact {
				t.Errorf("%s of %s: %+v %+v %+v, %v (E216)", effect, arn, ans, ans.WitnessOld, ans.WitnessNew, err)
			}
		}
	}
}

// Stars and variables are what they are where they stand.
func TestCompareTellsCharacters(t *testing.T) {
	t.Parallel()
	doc := func(resource, condition string) *policy.Document {
		return policy.Parse([]byte(`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:GetObject","Resource":"`+resource+`","Condition":{`+condition+`}}}`), policy.Identity)
	}
	tests := []struct {
		name     string
		old, now *policy.Document
		more     bool
	}{
		{"E70 a star that stands for itself", doc("arn:aws:s3:::b/${*}", ""), doc("arn:aws:s3:::b/*", ""), true},
		{"E70 a question mark that does", doc("arn:aws:s3:::b/x${?}y", ""), doc("arn:aws:s3:::b/x?y", ""), true},
		{"E67 no variable in an address", doc("*", `"IpAddress":{"aws:SourceIp":"${aws:PrincipalTag/ip}"}`), doc("*", `"IpAddress":{"aws:SourceIp":"10.*"}`), false},
		{"E67 nor in a number", doc("*", `"NumericLessThan":{"s3:max-keys":"${aws:PrincipalTag/n}"}`), doc("*", `"NumericLessThan":{"s3:max-keys":"many"}`), false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			ans, err := solver.Compare(tt.old, tt.now, "")
			if err != nil || ans.NewPermitsMore != tt.more || ans.OldPermitsMore || !ans.Exact {
				t.Errorf("%+v, %v; want more %v, exact", ans, err, tt.more)
			}
		})
	}
}
