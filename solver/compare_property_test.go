package solver_test

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"pathfinder/graphmodel/arn"
	"pathfinder/graphmodel/policy"
	"pathfinder/solver"
)

// compared are the words of random documents to compare.
var (
	comparedActions   = []string{"s3:GetObject", "s3:PutObject", "s3:Get*", "s3:*", "*", "sqs:SendMessage", "dynamodb:*Item", "made:Up"}
	comparedResources = []string{
		"*", "arn:aws:s3:::b/*", "arn:aws:s3:::b", "arn:aws:s3:::b/home/${aws:username}/*", "arn:aws:s3:::b/home/*", "arn:aws:s3:::b/*/secret",
		"arn:aws:s3:::*/home/ann/*", "arn:aws:sqs:*:111111111111:q*", "arn:aws:sqs:eu-west-1:*:queue", "arn:aws:s3:::b/home/${aws:PrincipalTag/team}*",
		"arn:aws:s3*", "arn:aws:s3:::b/home/a?n/x", "arn:aws:s3:::*-${aws:username}", "arn:aws:s3:::b/home/a*",
	}
	comparedConditions = []string{
		"", "", "", `"IpAddress":{"aws:SourceIp":"10.0.0.0/8"}`, `"NotIpAddress":{"aws:SourceIp":["10.1.0.0/16","192.0.2.0/24"]}`,
		`"StringEquals":{"s3:prefix":["a","${aws:username}"]}`, `"StringLike":{"s3:prefix":"a*"}`, `"StringNotEquals":{"s3:prefix":"ann"}`,
		`"Bool":{"aws:SecureTransport":"true"}`, `"BoolIfExists":{"aws:SecureTransport":"true"}`, `"StringEquals":{"aws:username":"ann"}`,
		`"StringLike":{"aws:PrincipalTag/team":"a*"}`, `"ForAllValues:StringEquals":{"aws:TagKeys":["a","b"]}`, `"ForAnyValue:StringEquals":{"aws:TagKeys":"a"}`,
		`"NumericLessThan":{"s3:max-keys":"10"}`, `"NumericGreaterThanEquals":{"s3:max-keys":"10"}`, `"Null":{"aws:TagKeys":"true"}`,
	}
	comparedRequests = []string{"arn:aws:s3:::b/x", "arn:aws:s3:::b", "arn:aws:s3:::b/home/ann/x", "arn:aws:s3:::b/home/bob/x", "arn:aws:s3:::b/home/bob/secret", "arn:aws:s3:::c/home/ann/y", "arn:aws:s3:::b/home/ann/secret", "arn:aws:sqs:eu-west-1:111111111111:queue", "arn:aws:sqs:us-east-1:111111111111:q", "arn:aws:s3:::b/home/ax", "arn:aws:s3:::b/home/arn/x", "arn:aws:s3:::c-ann", "*"}
	comparedValues   = map[string][]string{
		"aws:username": {"ann", "bob", ""}, "aws:PrincipalTag/team": {"ann", "b", "a", ""}, "aws:SourceIp": {"10.1.0.1", "10.2.0.1", "192.0.2.1", "8.8.8.8", ""},
		"s3:prefix": {"a", "ann", "bob", ""}, "aws:SecureTransport": {"true", "false", ""}, "aws:TagKeys": {"a", "a,b", "c", ""}, "s3:max-keys": {"9", "10", ""},
	}
)

func drawCompared(t *rapid.T) string {
	var list []string
	for range rapid.IntRange(0, 3).Draw(t, "statements") {
		list = append(list, fmt.Sprintf(`{"Effect":%q,%q:%q,%q:%q,"Condition":{%s}}`,
			rapid.SampledFrom([]string{"Allow", "Allow", "Deny"}).Draw(t, "effect"),
			rapid.SampledFrom([]string{"Action", "Action", "Action", "NotAction"}).Draw(t, "not"), rapid.SampledFrom(comparedActions).Draw(t, "action"),
			rapid.SampledFrom([]string{"Resource", "Resource", "Resource", "NotResource"}).Draw(t, "not"), rapid.SampledFrom(comparedResources).Draw(t, "resource"),
			rapid.SampledFrom(comparedConditions).Draw(t, "condition")))
	}
	return `{"Version":"2012-10-17","Statement":[` + strings.Join(list, ",") + `]}`
}

// permitted asks Decide what a document permits by itself.
func permitted(doc *policy.Document, action, resource string, ctx map[string]policy.Value) bool {
	values := map[string]policy.Value{"aws:username": {}}
	for k, v := range ctx {
		values[strings.ToLower(k)] = v
	}
	d := solver.Decide(&solver.Case{
		Caller: userBeside(resource),
		Action: action, Resource: resource, ResourceAccount: "111111111111",
		Identity: []solver.Source{{Name: "p", Doc: doc}}, Context: solver.Context{Complete: true, Values: values},
	})
	return d.Outcome == solver.Allowed
}

// userBeside returns a user in the partition of a resource: nobody reaches into
// another one.
func userBeside(resource string) solver.Caller {
	partition := cmp.Or(arn.Partition(resource), "aws")
	return solver.Caller{Kind: solver.CallerUser, ARN: "arn:" + partition + ":iam::111111111111:user/u", Partition: partition, Account: "111111111111"}
}

// unclearAlone reports whether nothing makes an answer uncertain but rules that AWS
// leaves unclear.
func unclearAlone(ans *solver.CompareAnswer) bool {
	return !slices.ContainsFunc(ans.Unknown, func(g solver.Gap) bool { return solver.Unsure(strings.Split(g.What, ":")[0]) == "" })
}

// asTaken reports whether what a witness depends on is so by what Decide takes for
// granted.
func asTaken(w *solver.Witness) bool {
	no := map[string]bool{"E64": true, "E73": true, "E138": true}
	return !slices.ContainsFunc(w.If, func(q string) bool {
		rule, not := strings.CutPrefix(strings.Split(q, ":")[0], "not ")
		return no[rule] != not
	})
}

// contextOf reads the context of a witness.
func contextOf(w *solver.Witness) map[string]policy.Value {
	out := map[string]policy.Value{}
	for k, v := range w.Context {
		switch v := v.(type) {
		case string:
			out[k] = policy.Single(v)
		case []string:
			out[k] = policy.List(v)
		}
	}
	return out
}

// A value of the variable that only the other statement singles out.
func TestCompareSingledOut(t *testing.T) {
	t.Parallel()
	statement := func(effect, element, resource string) string {
		return fmt.Sprintf(`{"Effect":%q,"Action":"s3:PutObject",%q:%q}`, effect, element, resource)
	}
	document := func(statements ...string) *policy.Document {
		return policy.Parse([]byte(`{"Version":"2012-10-17","Statement":[`+strings.Join(statements, ",")+`]}`), policy.Identity)
	}
	for _, variable := range []string{"${aws:username}", "${aws:PrincipalTag/team}"} {
		before := document(statement("Deny", "NotResource", "arn:aws:s3:::b/home/a?n/x"), statement("Allow", "Resource", "arn:aws:s3:::b/home/"+variable+"/*"))
		ans, err := solver.Compare(before, document(), "")
		if err != nil {
			t.Fatal(err)
		}
		if !ans.OldPermitsMore || ans.WitnessOld == nil {
			t.Errorf("%s: old permits more %v, by %v, want a witness whose name is like a?n", variable, ans.OldPermitsMore, ans.WitnessOld)
		}
	}
}

// Law: what compare says is so: Decide tells the witness apart as claimed, and
// where compare sees no difference, Decide sees none for any request.
func TestCompareAgreesWithDecide(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		texts := [2]string{drawCompared(t), drawCompared(t)}
		if rapid.Bool().Draw(t, "mutated") { // mostly alike
			texts[1] = strings.Replace(texts[0], rapid.SampledFrom(comparedResources).Draw(t, "from"), rapid.SampledFrom(comparedResources).Draw(t, "to"), 1)
		}
		var docs [2]*policy.Document
		for i := range docs {
			docs[i] = policy.Parse([]byte(texts[i]), policy.Identity)
		}
		ans, err := solver.Compare(docs[0], docs[1], "")
		if err != nil {
			t.Fatal(err)
		}
		show := func() string { b, _ := json.Marshal(ans); return texts[0] + "\n" + texts[1] + "\n" + string(b) }
		if !ans.Exact && !unclearAlone(ans) {
			t.Fatalf("not exact: %s", show())
		}
		for i, w := range []*solver.Witness{ans.WitnessOld, ans.WitnessNew} {
			if more := [2]bool{ans.OldPermitsMore, ans.NewPermitsMore}[i]; more != (w != nil) {
				t.Fatalf("more: %v, witness %v: %s", more, w, show())
			}
			if w == nil || !asTaken(w) {
				continue
			}
			ctx := contextOf(w)
			if !permitted(docs[i], w.Action, w.Resource, ctx) || permitted(docs[1-i], w.Action, w.Resource, ctx) {
				t.Fatalf("Decide does not tell the witness apart: %s", show())
			}
		}
		for range 30 {
			ctx := map[string]policy.Value{}
			for _, key := range []string{"aws:username", "aws:PrincipalTag/team", "aws:SourceIp", "s3:prefix", "aws:SecureTransport", "aws:TagKeys", "s3:max-keys"} {
				if s := rapid.SampledFrom(comparedValues[key]).Draw(t, key); s != "" {
					ctx[key] = policy.Single(s)
					if policy.Multivalued(strings.ToLower(key)) {
						ctx[key] = policy.List(strings.Split(s, ","))
					}
				}
			}
			action := rapid.SampledFrom([]string{"s3:GetObject", "s3:PutObject", "s3:GetObjectAcl", "sqs:SendMessage", "dynamodb:GetItem", "made:Up", "ec2:RunInstances"}).Draw(t, "action")
			resource := rapid.SampledFrom(comparedRequests).Draw(t, "resource")
			was, is := permitted(docs[0], action, resource, ctx), permitted(docs[1], action, resource, ctx)
			if is && !was && !ans.NewPermitsMore || was && !is && !ans.OldPermitsMore {
				t.Fatalf("%s on %s with %v: was %v, is %v: %s", action, resource, ctx, was, is, show())
			}
		}
	})
}
