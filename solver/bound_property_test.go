package solver_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
	"pathfinder/solver"
)

// Law: where conditions combine in too many ways to be told apart, wherever that comes out,
// answers say so, and hold no access that is not there, nor any without its condition.
func TestBoundedAnswersSayNothingWrong(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		inv := randomOrg(t)
		conditions(t, inv)
		whole, bounded := newSolver(t, inv), newSolver(t, inv)
		bounded.Bound(rapid.IntRange(2, 60).Draw(t, "contexts"))
		for _, a := range inv.Accounts {
			bucket := a.Held().Resources[0].ARN
			want, err := whole.WhoCan(bucket, nil)
			if err != nil {
				t.Fatal(err)
			}
			got, err := bounded.WhoCan(bucket, nil)
			if err != nil {
				t.Fatal(err)
			}
			if !slices.ContainsFunc(got.Unknown, func(g solver.Gap) bool { return strings.Contains(g.Why, "too many ways") }) {
				if text(t, got) != text(t, want) {
					t.Fatalf("%s: nothing is said to be lost:\n%s\nwant:\n%s\n%s", bucket, text(t, got), text(t, want), dump(inv))
				}
				continue
			}
			if got.Complete {
				t.Fatalf("%s: complete without what is lost", bucket)
			}
			there := certain(t, want)
			for one := range certain(t, got) {
				if !there[one] {
					t.Fatalf("%s: told:\n%s\nof:\n%s\n%s", bucket, one, text(t, want.Access), dump(inv))
				}
			}
		}
	})
}

// conditions gives principals more statements, each under some condition.
func conditions(t *rapid.T, inv *inventory.Inventory) {
	for _, a := range inv.Accounts {
		for _, p := range a.Principals() {
			var list []string
			for range rapid.IntRange(0, 6).Draw(t, "more") {
				key := rapid.SampledFrom([]string{"aws:SourceIp", "aws:SourceVpc", "aws:UserAgent", "aws:Referer"}).Draw(t, "key")
				list = append(list, fmt.Sprintf(`{"Effect":%q,"Action":"s3:%s","Resource":"%s/%d*","Condition":{%q:{%q:"10.0.0.%d"}}}`, effect(t),
					rapid.SampledFrom([]string{"GetObject", "PutObject", "*"}).Draw(t, "action"), a.Held().Resources[0].ARN, rapid.IntRange(0, 3).Draw(t, "of"),
					rapid.SampledFrom([]string{"StringEquals", "StringNotEquals"}).Draw(t, "operator"), key, rapid.IntRange(0, 3).Draw(t, "value")))
			}
			doc := policy.Parse([]byte(`{"Version":"2012-10-17","Statement":[`+strings.Join(list, ",")+`]}`), policy.Identity)
			p.Inline = append(p.Inline, &inventory.Policy{Name: "more", Doc: doc})
		}
	}
}

// certain lists what an answer says, of actions one by one, and under which conditions.
func certain(t *rapid.T, ans *solver.WhoCanAnswer) map[string]bool {
	out := map[string]bool{}
	for i := range ans.Access {
		a := &ans.Access[i]
		for _, g := range a.Grants {
			one := *a
			one.Grants = nil
			if g.Because = nil; len(g.Unsure) > 0 || g.Confidence != "" {
				continue
			}
			for i := range one.Path {
				one.Path[i].Because = nil
			}
			for _, action := range g.Actions {
				g.Actions = []string{action}
				if what := text(t, one) + text(t, g); !strings.Contains(what, `"condition": {}`) { // which can't be written
					out[what] = true
				}
			}
		}
	}
	return out
}

func text(t *rapid.T, x any) string {
	b, err := json.MarshalIndent(x, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// However many statements have conditions of their own, each grant is told with its own.
func TestManyConditionsAreToldOneByOne(t *testing.T) {
	t.Parallel()
	const n = 150
	var list []string
	for i := range n {
		list = append(list, fmt.Sprintf(`{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::data/%d/*","Condition":{"IpAddress":{"aws:SourceIp":"10.0.0.%d"}}}`, i, i))
	}
	u, inv := userOfData(list)
	ans, err := newSolver(t, finished(t, inv)).Can(u.ARN, "arn:aws:s3:::data", nil)
	if err != nil {
		t.Fatal(err)
	}
	told := 0
	for _, x := range ans.Access {
		for _, g := range x.Grants {
			told++
			part := strings.Split(g.Resources[0], "/")[1]
			if got, want := g.Condition.String(), "aws:SourceIp in 10.0.0."+part; len(g.Resources) != 1 || got != want {
				t.Errorf("%v: if %q, want %q", g.Resources, got, want)
			}
		}
	}
	if told != n {
		t.Errorf("%d grants, want %d", told, n)
	}
}

// However many statements let somebody in under one kind of condition, it is told as one (E46).
func TestManyAlternativesAreTold(t *testing.T) {
	t.Parallel()
	const n = 150
	var list []string
	for i := range n {
		list = append(list, fmt.Sprintf(`{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::data/*","Condition":{"StringEquals":{"aws:SourceVpce":"vpce-%d"}}}`, i))
	}
	u, inv := userOfData(list)
	ans, err := newSolver(t, finished(t, inv)).Can(u.ARN, "arn:aws:s3:::data", nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(ans.Access) != 1 || len(ans.Access[0].Grants) != 1 || !ans.Complete {
		t.Fatalf("%v, not known: %v", ans.Access, ans.Unknown)
	}
	if c := ans.Access[0].Grants[0].Condition; len(c) != 1 || len(c[0]) != 1 || len(c[0][0].Values) != n {
		t.Errorf("if %v", c)
	}
}
