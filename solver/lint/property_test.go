package lint_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"pathfinder/graphmodel/policy"
	"pathfinder/solver"
	"pathfinder/solver/lint"
)

// The words of random documents.
var (
	drawnActions   = []string{"s3:GetObject", "s3:PutObject", "s3:Get*", "s3:*", "*", "sqs:SendMessage", "made:Up"}
	drawnResources = []string{
		"*", "arn:aws:s3:::b/*", "arn:aws:s3:::b", "arn:aws:s3:::b/home/${aws:username}/*", "arn:aws:s3:::b/home/*", "arn:aws:s3:::b/*/secret",
		"arn:aws:s3:::*/home/ann/*", "arn:aws:s3:::b/home/ann/*", "arn:aws:sqs:*:111111111111:q*", "arn:aws:s3:::b/home/a*",
	}
	drawnConditions = []string{
		`"IpAddress":{"aws:SourceIp":"10.0.0.0/8"}`, `"NotIpAddress":{"aws:SourceIp":["10.0.0.0/8","192.0.2.0/24"]}`, `"StringEquals":{"aws:SourceVpc":"vpc-1"}`,
		`"StringEquals":{"s3:prefix":["a","${aws:username}"]}`, `"StringLike":{"s3:prefix":"*"}`, `"StringLikeIfExists":{"s3:prefix":"*"}`, `"StringNotEquals":{"s3:prefix":"ann"}`,
		`"Bool":{"aws:SecureTransport":"true"}`, `"BoolIfExists":{"aws:SecureTransport":"false"}`, `"StringEquals":{"aws:username":"ann"}`, `"StringNotLike":{"aws:username":"a*"}`,
		`"ForAllValues:StringEquals":{"aws:TagKeys":["a","b"]}`, `"ForAnyValue:StringEquals":{"aws:TagKeys":"a"}`, `"Null":{"aws:TagKeys":"true"}`, `"Null":{"aws:SourceIp":["true","false"]}`,
		`"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::111111111111:user/*"}`, `"StringEquals":{"aws:PrincipalAccount":"111111111111"}`, `"StringEquals":{"aws:PrincipalOrgID":[]}`,
		`"NumericLessThan":{"s3:max-keys":"10"}`, `"NumericGreaterThanEquals":{"s3:max-keys":"10"}`,
	}
	drawnPrincipals = []string{
		`"*"`, `{"AWS":"111111111111"}`, `{"AWS":"arn:aws:iam::111111111111:user/ann"}`, `{"AWS":["222222222222","arn:aws:iam::111111111111:role/r"]}`,
		`{"Service":"s3.amazonaws.com"}`, `{"AWS":"AIDAOLDOLDOLDOLDOLDO"}`,
	}
)

// drawDocument draws a document as JSON that is easy to change.
func drawDocument(t *rapid.T, kind policy.Kind) map[string]any {
	var list []any
	for range rapid.IntRange(1, 4).Draw(t, "statements") {
		st := fmt.Sprintf(`{"Effect":%q,%q:%q,%q:%q`,
			rapid.SampledFrom([]string{"Allow", "Allow", "Deny"}).Draw(t, "effect"),
			rapid.SampledFrom([]string{"Action", "Action", "Action", "NotAction"}).Draw(t, "not"), rapid.SampledFrom(drawnActions).Draw(t, "action"),
			rapid.SampledFrom([]string{"Resource", "Resource", "Resource", "NotResource"}).Draw(t, "not"), rapid.SampledFrom(drawnResources).Draw(t, "resource"))
		if kind == policy.Resource {
			who := rapid.SampledFrom([]string{"Principal", "Principal", "Principal", "NotPrincipal"}).Draw(t, "not")
			if strings.HasPrefix(st, `{"Effect":"Allow"`) {
				who = "Principal"
			}
			st += fmt.Sprintf(`,%q:%s`, who, rapid.SampledFrom(drawnPrincipals).Draw(t, "principal"))
		}
		conditions := map[string]any{}
		for range rapid.IntRange(0, 2).Draw(t, "conditions") {
			var one map[string]any
			if err := json.Unmarshal([]byte("{"+rapid.SampledFrom(drawnConditions).Draw(t, "condition")+"}"), &one); err != nil {
				t.Fatal(err)
			}
			for op, block := range one {
				if conditions[op] == nil {
					conditions[op] = block
				}
			}
		}
		var m map[string]any
		if err := json.Unmarshal([]byte(st+"}"), &m); err != nil {
			t.Fatal(err)
		}
		m["Condition"] = conditions
		list = append(list, m)
	}
	return map[string]any{"Version": "2012-10-17", "Statement": list}
}

func parse(t *rapid.T, doc map[string]any, kind policy.Kind) *policy.Document {
	text, err := json.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	return policy.Parse(text, kind)
}

// without returns the document without what the findings call superfluous.
func without(t *rapid.T, doc *policy.Document, kind policy.Kind, found []lint.Finding) (less *policy.Document, taken []string) {
	var m map[string]any
	if err := json.Unmarshal(doc.Text(), &m); err != nil {
		t.Fatal(err)
	}
	list, _ := m["Statement"].([]any)
	gone := map[int]bool{}
	for i := range found {
		f := &found[i]
		switch f.Rule {
		case "dead-statement", "redundant-statement", "deny-never-bites", "condition-never-true":
			gone[*f.Statement] = true
		case "condition-always-true":
			parts := strings.Split(f.Pointer, "/")
			st, _ := list[*f.Statement].(map[string]any)
			conditions, _ := st["Condition"].(map[string]any)
			delete(conditions, parts[len(parts)-2])
		default:
			continue
		}
		taken = append(taken, f.Rule+" "+f.Pointer)
	}
	left := []any{}
	for i := range list {
		if !gone[i] {
			left = append(left, list[i])
		}
	}
	m["Statement"] = left
	return parse(t, m, kind), taken
}

// Law: what is called dead, redundant, idle, never or always true can go, all of
// it at once, and compare sees no difference that is certain, but in what a Deny that
// is idle keeps other policies from. What AWS leaves unclear lint takes as Decide does.
func TestSuperfluousCanGo(t *testing.T) {
	t.Parallel()
	some := 0
	rapid.Check(t, func(t *rapid.T) {
		kind := rapid.SampledFrom([]policy.Kind{policy.Identity, policy.Resource, policy.SCP}).Draw(t, "kind")
		doc := parse(t, drawDocument(t, kind), kind)
		less, taken := without(t, doc, kind, lint.Document(doc, lint.Options{}))
		if len(taken) == 0 {
			return
		}
		some++
		ans, err := solver.Compare(doc, less, "")
		if err != nil {
			t.Fatal(err)
		}
		if idle := strings.Contains(strings.Join(taken, " "), "deny-never-bites"); idle && ans.WitnessNew != nil && ans.WitnessNew.Own {
			ans.NewPermitsMore = false // it guards against other policies, as lint says of it
		}
		if certain(ans.WitnessNew) && ans.NewPermitsMore || certain(ans.WitnessOld) {
			shown, _ := json.Marshal(ans)
			t.Fatalf("%v can't go from\n%s\nto\n%s\n%s", taken, doc.Text(), less.Text(), shown)
		}
	})
	if some == 0 {
		t.Error("nothing was ever found")
	}
}

// certain reports whether a witness depends on no rule that AWS leaves unclear.
func certain(w *solver.Witness) bool {
	return w != nil && !slices.ContainsFunc(w.If, func(q string) bool {
		return solver.Unsure(strings.TrimPrefix(strings.Split(q, ":")[0], "not ")) != ""
	})
}

// Lint takes any text, of any kind.
func FuzzDocument(f *testing.F) {
	f.Add([]byte(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObjct*","Resource":"arn:aws:s3:::b/${aws:username}","Condition":{"ForAllValues:StringLike":{"aws:TagKeys":["*"]}}}]}`), byte(1))
	f.Add([]byte(`{"Statement":{"Effect":"Deny","NotPrincipal":{"AWS":["AIDAOLDOLDOLDOLDOLDO","arn:aws:iam::111111111111:root"]},"NotAction":"*","NotResource":"?"}}`), byte(5))
	f.Add([]byte(`{"Statement":[{"Effect":"Allow","Principal":"*","Action":"sts:*","Condition":{"Null":{"a":"b"},"IpAddress":{"aws:SourceVpc":"::/0"}}},1,null]}`), byte(4))
	f.Add([]byte(`"Effect":"Deny","Action":"sqs:*","Resource":"arn:aws:sqs:*:/1:q"`), byte(8))
	f.Fuzz(func(t *testing.T, text []byte, kind byte) {
		doc := policy.Parse(text, policy.Identity+policy.Kind(kind)%policy.Endpoint)
		for _, found := range lint.Document(doc, lint.Options{}) {
			if found.Line < 1 || found.Column < 1 || found.Message == "" || found.Remedy == "" {
				t.Errorf("%+v", found)
			}
			if found.Statement != nil && *found.Statement >= len(doc.Statements) {
				t.Errorf("statement %d of %d", *found.Statement, len(doc.Statements))
			}
		}
	})
}
