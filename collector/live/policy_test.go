package live_test

import (
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/go-cmp/cmp"

	"pathfinder/collector/live"
)

var update = flag.Bool("update", false, "rewrite the golden files")

type document struct {
	Version   string
	Statement []struct {
		Sid, Effect string
		Action      []string
		Resource    string
	}
}

func policyOf(t *testing.T, opts live.PolicyOptions) (doc document) {
	t.Helper()
	text, err := live.Policy(opts)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &doc); err != nil {
		t.Fatal(err)
	}
	return doc
}

func TestPolicyFollowsTheSelection(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		opts live.PolicyOptions
		want []string // the statements
		has  string
		not  string
	}{
		{"everything", live.PolicyOptions{}, []string{"ReadAccount", "ReadOrganization"}, "sqs:ListQueues", "sts:AssumeRole"},
		{"one service", live.PolicyOptions{Only: []string{"sqs"}}, []string{"ReadAccount"}, "sqs:ListQueues", "iam:"},
		{"without one", live.PolicyOptions{Skip: []string{"sqs"}}, []string{"ReadAccount", "ReadOrganization"}, "iam:GetPolicy", "sqs:"},
		{"a role", live.PolicyOptions{RoleName: "a/b"}, []string{"ReadAccount", "ReadOrganization", "EnterAccounts"}, "arn:aws:iam::*:role/a/b", "config:"},
		{"a partition", live.PolicyOptions{RoleName: "b", Partition: "aws-cn"}, []string{"ReadAccount", "ReadOrganization", "EnterAccounts"}, "arn:aws-cn:iam::*:role/b", "config:"},
		{"a region of a partition", live.PolicyOptions{RoleName: "/b", Region: "us-gov-west-1"}, []string{"ReadAccount", "ReadOrganization", "EnterAccounts"}, "arn:aws-us-gov:iam::*:role/b", "config:"},
		{"an aggregator", live.PolicyOptions{Source: live.SourceAggregator}, []string{"ReadAccount", "ReadOrganization"}, "config:SelectAggregateResourceConfig", "AssumeRole"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			doc := policyOf(t, tt.opts)
			var sids []string
			for _, s := range doc.Statement {
				sids = append(sids, s.Sid)
			}
			if diff := cmp.Diff(tt.want, sids); diff != "" {
				t.Errorf("statements (-want +got):\n%s", diff)
			}
			text, _ := live.Policy(tt.opts)
			if !strings.Contains(string(text), tt.has) || strings.Contains(string(text), tt.not) {
				t.Errorf("want %s and not %s in\n%s", tt.has, tt.not, text)
			}
		})
	}
	if _, err := live.Policy(live.PolicyOptions{Only: []string{"floppy"}}); err == nil || !strings.Contains(err.Error(), "sqs") {
		t.Errorf("got %v, want an error that lists the services", err)
	}
}

// The templates in deploy hold the permissions that are printed, and fit into an
// inline policy: 10,240 characters without white space ("IAM and AWS STS quotas").
func TestDeploy(t *testing.T) {
	t.Parallel()
	const root = "../../deploy/"
	doc := policyOf(t, live.PolicyOptions{})
	account, organization := doc, doc
	account.Statement, organization.Statement = doc.Statement[:1], policyOf(t, live.PolicyOptions{RoleName: "PathfinderRead", Source: live.SourceAggregator}).Statement[1:]
	same(t, root+"terraform/read-account.json", indented(t, account))
	same(t, root+"organization-policy.json", indented(t, organization))
	if n := len(strings.Join(strings.Fields(indented(t, account)), "")); n > 10240 {
		t.Errorf("the policy of the read role has %d characters", n)
	}

	const file = root + "cloudformation/stackset.yaml"
	have, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	head, rest, ok := strings.Cut(string(have), "# begin of actions")
	first, rest, found := strings.Cut(rest, "\n")
	_, tail, end := strings.Cut(rest, "                  # end of actions\n")
	if !ok || !found || !end {
		t.Fatal("the marks of the actions are missing")
	}
	var list strings.Builder
	for _, action := range account.Statement[0].Action {
		list.WriteString("                  - " + action + "\n")
	}
	same(t, file, head+"# begin of actions"+first+"\n"+list.String()+"                  # end of actions\n"+tail)
}

func indented(t *testing.T, doc document) string {
	t.Helper()
	b, err := json.Marshal(doc, jsontext.WithIndent("  "))
	if err != nil {
		t.Fatal(err)
	}
	return string(b) + "\n"
}

// same compares a file with what it should hold, or writes it.
func same(t *testing.T, file, want string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, []byte(want), 0o644); err != nil { //nolint:gosec // a template for everybody
			t.Fatal(err)
		}
	}
	have, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, string(have)); diff != "" {
		t.Errorf("%s is not what `go test ./collector/live -run TestDeploy -update` writes (-want +got):\n%s", file, diff)
	}
}
