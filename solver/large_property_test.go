package solver_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"pathfinder/graphmodel/arn"
	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
	"pathfinder/solver"
)

// Law: what is told of many statements, with many patterns and conditions, is what they say
// of each request, or is said to be lost.
func TestManyStatementsMeanWhatIsTold(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		u, inv := largeWorld(t)
		s := newSolver(t, inv)
		actions := []string{"s3:GetObject", "s3:PutObject", "s3:DeleteObject"}
		ans, err := s.Can(u.ARN, "arn:aws:s3:::data", actions)
		if err != nil {
			t.Fatal(err)
		}
		if !ans.Complete {
			t.Skip("lost")
		}
		for range 12 {
			action, object := rapid.SampledFrom(actions).Draw(t, "asked"), "arn:aws:s3:::data/"+drawKey(t)
			values := policy.Values{}
			for _, key := range largeKeys {
				if rapid.Bool().Draw(t, "set") {
					values[strings.ToLower(key)] = policy.Single(drawValue(t))
				}
			}
			if values["aws:sourceip"].State == policy.Present {
				delete(values, "aws:sourcevpc")
			}
			want := spoken(t, u, action, object, values)
			got := false
			for _, x := range ans.Access {
				for _, g := range x.Grants {
					in := func(list []string) bool {
						return slices.ContainsFunc(list, func(r string) bool { return arn.NewGlob(r).Match(object) })
					}
					if slices.Contains(g.Actions, action) && in(g.Resources) && !in(g.Except) && (len(g.Condition) == 0 || meets(g, values)) {
						got = true
					}
				}
			}
			if got != want {
				t.Fatalf("%s on %s with %v: told %v, want %v\n%s", action, object, values, got, want, dump(inv))
			}
		}
	})
}

var largeKeys = []string{"aws:SourceIp", "aws:SourceVpc", "aws:UserAgent", "aws:Referer"}

func drawKey(t *rapid.T) string {
	return rapid.SampledFrom([]string{"a", "b", "ab", "a/b", "c/"}).Draw(t, "dir") + rapid.SampledFrom([]string{"a", "b", "ab", "a/b", "c", ""}).Draw(t, "name") + fmt.Sprint(rapid.IntRange(0, 9).Draw(t, "number"))
}

func drawValue(t *rapid.T) string {
	return fmt.Sprintf("10.0.%d.%d", rapid.IntRange(0, 2).Draw(t, "net"), rapid.IntRange(0, 9).Draw(t, "host"))
}

// largeWorld draws a user with many statements about the objects of one bucket.
func largeWorld(t *rapid.T) (*inventory.Principal, *inventory.Inventory) {
	wild := rapid.IntRange(0, 1).Draw(t, "wild")
	list := make([]string, rapid.IntRange(1, 60).Draw(t, "statements"))
	for i := range list {
		cond := ""
		if key := rapid.SampledFrom(append([]string{"", ""}, largeKeys...)).Draw(t, "key"); key != "" {
			op := rapid.SampledFrom([]string{"StringEquals", "StringNotEquals", "StringLike", "StringEqualsIfExists"}).Draw(t, "operator")
			value := drawValue(t)
			if op == "StringLike" {
				value = value[:len("10.0.0.")] + "*"
			}
			cond = fmt.Sprintf(`,"Condition":{%q:{%q:%q}}`, op, key, value)
		}
		object := drawKey(t)
		for range wild {
			if at := rapid.IntRange(0, len(object)).Draw(t, "at"); rapid.Bool().Draw(t, "star") {
				object = object[:at] + "*" + object[min(len(object), at+1):]
			}
		}
		list[i] = fmt.Sprintf(`{"Effect":%q,"Action":"s3:%s","%s":"arn:aws:s3:::data/%s"%s}`, effect(t),
			rapid.SampledFrom([]string{"GetObject", "PutObject", "*Object", "*"}).Draw(t, "action"),
			rapid.SampledFrom([]string{"Resource", "Resource", "Resource", "Resource", "NotResource"}).Draw(t, "element"), object, cond)
	}
	u, inv := userOfData(list)
	return u, finished(t, inv)
}

// userOfData returns a user with some statements, and the account with a bucket that has no
// policy.
func userOfData(statements []string) (*inventory.Principal, *inventory.Inventory) {
	a := &inventory.Account{ID: "111111111111", IAM: true, Partition: "aws"}
	u := &inventory.Principal{Kind: inventory.User, ARN: "arn:aws:iam::111111111111:user/u", Name: "u", Path: "/", Account: a}
	u.Inline = []*inventory.Policy{{Name: "p", Doc: policy.Parse([]byte(`{"Version":"2012-10-17","Statement":[`+strings.Join(statements, ",")+`]}`), policy.Identity)}}
	a.Held().Users = []*inventory.Principal{u}
	a.Held().Resources = []*inventory.Resource{{
		ARN: "arn:aws:s3:::data", Type: "AWS::S3::Bucket", Account: a.ID, HasPolicy: inventory.None, HasTags: inventory.None,
		S3: &inventory.S3{Ownership: "BucketOwnerEnforced", HasACL: inventory.Have},
	}}
	return u, &inventory.Inventory{Accounts: []*inventory.Account{a}}
}

func meets(g solver.Grant, values policy.Values) bool {
	for _, b := range g.Condition {
		all := policy.True
		for _, x := range b {
			c := policy.NewCondition(x.Operator, x.Key, x.Values)
			all = min(all, c.Test(values))
		}
		if all == policy.True {
			return true
		}
	}
	return false
}

// spoken decides by the statements of a user alone (E86).
func spoken(t *rapid.T, u *inventory.Principal, action, object string, values policy.Values) bool {
	allowed := false
	service, name, _ := strings.Cut(strings.ToLower(action), ":")
	for _, st := range u.Inline[0].Doc.Statements {
		in := arn.NewGlob(st.Resources[0].Text).Match(object) != st.NotResource
		if !in || !st.MatchAction(service, name) {
			continue
		}
		ok := policy.True
		for i := range st.Conditions {
			ok = min(ok, st.Conditions[i].Test(values))
		}
		if ok == policy.Unknown {
			t.Fatal("a condition on known values is open")
		}
		if ok == policy.True {
			if st.Effect == policy.Deny {
				return false
			}
			allowed = true
		}
	}
	return allowed
}
