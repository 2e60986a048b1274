package render_test

import (
	"bytes"
	"encoding/json"
	"net/url"
	"strings"
	"testing"

	"pathfinder/graphmodel/policy"
	"pathfinder/render"
	"pathfinder/render/internal/rendertest"
	"pathfinder/solver/lint"
)

// lintAnswer holds findings in two files and in a policy of a snapshot.
func lintAnswer() *lint.Answer {
	identity := policy.Parse([]byte(`{
  "Version": "2012-10-17",
  "Statement": [
    {"Sid": "Läsa", "Effect": "Allow", "Action": "s3:GetObjct", "Resource": "*"},
    {"Effect": "Allow", "Action": "dynamodb:GetItem", "Resource": "arn:aws:dynamodb:eu-west-1:111111111111:table:MyTable"},
    {"Effect": "Deny", "Action": "dynamodb:GetItem", "Resource": "arn:aws:dynamodb:eu-west-1:111111111111:table/Other"}
  ]
}`), policy.Identity)
	trust := policy.Parse([]byte(`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"sts:AssumeRole"}}`), policy.Trust)
	found := lint.Document(identity, lint.Options{File: "policies/read all.json"})
	found = append(found, lint.Document(trust, lint.Options{File: "/abs/c:d/trust#1.json"})...)
	found = append(found, lint.Document(trust, lint.Options{Policy: "arn:aws:iam::111111111111:role/app/any"})...)
	return lint.NewAnswer(found, 3)
}

func hostileLint(s string) *lint.Answer {
	statement := 0
	place := lint.Place{File: s, Policy: s, Type: "identity-policy", Line: 1, Column: 1, Pointer: s, Statement: &statement, Sid: s}
	return lint.NewAnswer([]lint.Finding{
		{Rule: "dead-statement", Severity: lint.Warning, Place: place, Message: s, Remedy: s, Suggestion: s},
		{Rule: "dead-statement", Place: lint.Place{Policy: s, Type: "identity-policy"}, Message: s, Remedy: s},
	}, 1)
}

// A log of SARIF holds what code scanning asks for, whatever names are in it.
func TestSARIF(t *testing.T) {
	t.Parallel()
	for _, answer := range []*lint.Answer{lintAnswer(), hostileLint(rendertest.Hostile), lint.NewAnswer(nil, 0)} {
		var b bytes.Buffer
		if err := render.SARIF(&b, answer, "v1"); err != nil {
			t.Fatal(err)
		}
		var log struct {
			Schema  string `json:"$schema"`
			Version string `json:"version"`
			Runs    []struct {
				Tool struct {
					Driver struct {
						Name  string
						Rules []struct{ ID string }
					}
				}
				Results []struct {
					RuleID    string `json:"ruleId"`
					RuleIndex int    `json:"ruleIndex"`
					Level     string
					Message   struct{ Text string }
					Locations []struct {
						PhysicalLocation struct{ ArtifactLocation struct{ URI string } }
					}
					PartialFingerprints map[string]string
				}
			}
		}
		if err := json.Unmarshal(b.Bytes(), &log); err != nil {
			t.Fatal(err)
		}
		if log.Version != "2.1.0" || !strings.Contains(log.Schema, "sarif-2.1.0") || len(log.Runs) != 1 || log.Runs[0].Results == nil {
			t.Fatalf("%s", &b)
		}
		run := log.Runs[0]
		seen := map[string]bool{}
		for _, r := range run.Results {
			if run.Tool.Driver.Rules[r.RuleIndex].ID != r.RuleID || r.Message.Text == "" || len(r.Locations) != 1 {
				t.Errorf("%+v", r)
			}
			if uri, err := url.Parse(r.Locations[0].PhysicalLocation.ArtifactLocation.URI); err != nil || uri.Scheme != "" && uri.Scheme != "file" || uri.RawQuery != "" || uri.Fragment != "" {
				t.Errorf("uri %v: %v", uri, err)
			}
			for _, id := range r.PartialFingerprints {
				if seen[id] {
					t.Errorf("fingerprint %s stands twice", id)
				}
				seen[id] = true
			}
		}
		if len(run.Results) != len(answer.Findings) || len(seen) != len(answer.Findings) {
			t.Errorf("%d results, %d fingerprints, %d findings", len(run.Results), len(seen), len(answer.Findings))
		}
	}
}

// A fingerprint stays when a statement with a Sid moves.
func TestFingerprintsStay(t *testing.T) {
	t.Parallel()
	const bad = `{"Sid":"Bad","Effect":"Allow","Action":"s3:GetObjct","Resource":"*"}`
	printOf := func(statements string) string {
		doc := policy.Parse([]byte(`{"Version":"2012-10-17","Statement":[`+statements+`]}`), policy.Identity)
		var b bytes.Buffer
		if err := render.SARIF(&b, lint.NewAnswer(lint.Document(doc, lint.Options{File: "f.json"}), 1), ""); err != nil {
			t.Fatal(err)
		}
		_, rest, _ := strings.Cut(b.String(), `"finding/v1": "`)
		id, _, _ := strings.Cut(rest, `"`)
		return id
	}
	if before, after := printOf(bad), printOf(`{"Effect":"Allow","Action":"sqs:*","Resource":"*"},`+bad); before == "" || before != after {
		t.Errorf("%q became %q", before, after)
	}
}
