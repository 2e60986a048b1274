package solver

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"

	"pathfinder/graphmodel/policy"
)

// deciding makes a case from documents, for tests of what becomes of each
// statement.
func deciding(identity, resource string) *Case {
	c := &Case{
		Action: "s3:GetObject", Resource: "arn:aws:s3:::data/k1", ResourceAccount: "111111111111",
		Caller: Caller{
			Kind: CallerUser, ARN: "arn:aws:iam::111111111111:user/ann", Partition: "aws", Account: "111111111111",
			Tags: map[string]string{"team": "red"}, HasTags: true,
		},
	}
	c.Identity = []Source{{Name: "mine", Doc: policy.Parse([]byte(identity), policy.Identity)}}
	if resource != "" {
		c.Resources = []Source{{Name: "arn:aws:s3:::data", Doc: policy.Parse([]byte(resource), policy.Resource)}}
	}
	return c
}

func TestConsidered(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, statement string
		matched         bool
		want            string
	}{
		{"match", `"Action":"s3:*","Resource":"*"`, true, "matches"},
		{"action", `"Action":"s3:List*","Resource":"*"`, false, "its Action does not cover s3:GetObject"},
		{"not action", `"NotAction":"s3:Get*","Resource":"*"`, false, "its NotAction leaves s3:GetObject out"},
		{"resource", `"Action":"s3:*","Resource":"arn:aws:s3:::other/*"`, false, "its Resource does not cover arn:aws:s3:::data/k1"},
		{"E43 bucket for object", `"Action":"s3:*","Resource":"arn:aws:s3:::data"`, false, "its Resource names the bucket, not the objects in it: those are arn:aws:s3:::data/*"},
		{"not resource", `"Action":"s3:*","NotResource":"arn:aws:s3:::data/*"`, false, "its NotResource leaves arn:aws:s3:::data/k1 out"},
		{
			"condition", `"Action":"s3:*","Resource":"*","Condition":{"StringEquals":{"aws:PrincipalTag/team":["blue","green"]}}`, false,
			`aws:PrincipalTag/team is "red", the policy wants "blue" or "green"`,
		},
		{
			"negated condition", `"Action":"s3:*","Resource":"*","Condition":{"StringNotEquals":{"aws:PrincipalTag/team":"red"}}`, false,
			`aws:PrincipalTag/team is "red", the policy wants anything but "red"`,
		},
		{
			"absent key", `"Action":"s3:*","Resource":"*","Condition":{"StringLike":{"aws:PrincipalTag/unit":"x*"}}`, false,
			`the request carries no aws:PrincipalTag/unit, the policy wants "x*"`,
		},
		{
			"presence", `"Action":"s3:*","Resource":"*","Condition":{"Null":{"aws:PrincipalTag/unit":"false"}}`, false,
			"the request carries no aws:PrincipalTag/unit, the policy wants it present",
		},
		{
			"open condition", `"Action":"s3:*","Resource":"*","Condition":{"IpAddress":{"aws:SourceIp":"10.0.0.0/8"}}`, true,
			"open: aws:SourceIp in 10.0.0.0/8",
		},
		{
			"all that fails", `"Action":"s3:List*","Resource":"arn:aws:s3:::other"`, false,
			"its Action does not cover s3:GetObject; its Resource does not cover arn:aws:s3:::data/k1",
		},
		{"broken", `"Action":"s3:*"`, false, "it could not be read"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := deciding(`{"Version":"2012-10-17","Statement":{"Effect":"Allow",`+tt.statement+`}}`, "")
			list := newEval(c, false).considered()
			if len(list) != 1 || list[0].Matched != tt.matched || list[0].Reason != tt.want {
				t.Errorf("%s\n got %+v\nwant %v, %q", tt.statement, list, tt.matched, tt.want)
			}
		})
	}
}

// Each statement that a gate counts is considered to match, and no other.
func TestConsideredIsWhatGatesSay(t *testing.T) {
	t.Parallel()
	c := deciding(
		`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"},{"Effect":"Deny","Action":"s3:Put*","Resource":"*"},
			{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"Bool":{"aws:SecureTransport":"false"}}}]}`,
		`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"222222222222"},"Action":"s3:*","Resource":"arn:aws:s3:::data/*"},
			{"Effect":"Allow","Principal":{"AWS":"111111111111"},"Action":"s3:Get*","Resource":"arn:aws:s3:::data/*"}]}`)
	d := Explain(c)
	for _, got := range newEval(c, false).considered() {
		i := slices.IndexFunc(d.Gates, func(g Gate) bool { return g.Name == got.Gate })
		in := slices.ContainsFunc(d.Gates[i].Because, func(r StatementRef) bool { return r.Statement == got.Statement })
		denies := d.Gates[i].Result == Denies
		if want := got.Matched && denies == (got.Effect == "Deny"); in != want {
			t.Errorf("statement %d of %s: counted %v, considered %+v", got.Statement, got.Gate, in, got)
		}
	}
}

// What is missing is the least that makes the request allowed.
func TestMissing(t *testing.T) {
	t.Parallel()
	const allow, deny = `{"Effect":"Allow","Action":"s3:*","Resource":"*"}`, `{"Effect":"Deny","Action":"*","Resource":"*"}`
	tests := []struct {
		name, identity string
		want           []string
		summary        string
	}{
		{"a Deny alone", allow + "," + deny, []string{"statement #1 of mine must no longer deny s3:GetObject on arn:aws:s3:::data/k1"}, "a statement of an identity policy forbids it"},
		{
			"a Deny, and no Allow", deny, []string{
				"statement #0 of mine must no longer deny s3:GetObject on arn:aws:s3:::data/k1",
				"an identity policy of arn:aws:iam::111111111111:user/ann that allows s3:GetObject on arn:aws:s3:::data/k1, or a statement in the bucket policy of arn:aws:s3:::data that names it",
			}, "a statement of an identity policy forbids it",
		},
		{
			"no Allow", "", []string{
				"an identity policy of arn:aws:iam::111111111111:user/ann that allows s3:GetObject on arn:aws:s3:::data/k1, or a statement in the bucket policy of arn:aws:s3:::data that names it",
			}, "no identity policy allows it",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := deciding(`{"Version":"2012-10-17","Statement":[`+tt.identity+`]}`, "")
			d := Explain(c)
			got := explained(c, &d)
			if !slices.Equal(got.Missing, tt.want) || got.Summary != tt.summary {
				t.Errorf("got %q, %q\nwant %q, %q", got.Missing, got.Summary, tt.want, tt.summary)
			}
		})
	}
}

// From another account, only a role leads to what can't carry a policy (E94).
func TestMissingAbroad(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, action, resource string
		want                   []string
		summary                string
	}{
		{"E94 no policy can help", "ec2:StartInstances", "arn:aws:ec2:us-east-1:222222222222:instance/i-1", []string{
			"a role of account 222222222222 that arn:aws:iam::111111111111:user/ann may assume, and that allows ec2:StartInstances on " +
				"arn:aws:ec2:us-east-1:222222222222:instance/i-1: resources of ec2 carry no policy that could let it in",
		}, "resources of ec2 carry no policy that could let it in"},
		{"a policy can", "sqs:SendMessage", "arn:aws:sqs:us-east-1:222222222222:q", []string{
			"a statement in the queue policy of arn:aws:sqs:us-east-1:222222222222:q that allows sqs:SendMessage to arn:aws:iam::111111111111:user/ann " +
				"or its account 111111111111",
		}, "the queue policy does not allow it"},
		{"a trust policy can", "sts:AssumeRole", "arn:aws:iam::222222222222:role/r", []string{
			"a statement in the trust policy of arn:aws:iam::222222222222:role/r that allows sts:AssumeRole to arn:aws:iam::111111111111:user/ann " +
				"or its account 111111111111",
		}, "the trust policy does not allow it"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := deciding(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`, "")
			c.Action, c.Resource, c.ResourceAccount = tt.action, tt.resource, "222222222222"
			d := Explain(c)
			got := explained(c, &d)
			if !slices.Equal(got.Missing, tt.want) || got.Summary != tt.summary {
				t.Errorf("got %q, %q\nwant %q, %q", got.Missing, got.Summary, tt.want, tt.summary)
			}
		})
	}
}

// Every rule that decisions lean on has its question.
func TestUnsure(t *testing.T) {
	t.Parallel()
	for rule, q := range unsure {
		if Unsure(rule) != q || len(q) > 130 {
			t.Errorf("%s: %q", rule, q)
		}
	}
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`lean\("(E\d+)"\)`).FindAllStringSubmatch(string(text), -1) {
			if Unsure(m[1]) == "" {
				t.Errorf("%s leans on %s: say in unsure.go what AWS leaves unclear", name, m[1])
			}
		}
	}
	if Unsure("E1") != "" {
		t.Error("E1 is clear")
	}
}
