package solver_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"pathfinder/graphmodel/guard"
	"pathfinder/graphmodel/policy"
	"pathfinder/solver"
)

// show writes a value: "-" absent, "?" open, "?GLOB" open within a glob.
func show(v policy.Value) string {
	switch {
	case v.State == policy.Open:
		return "?" + v.Within.String()
	case v.State == policy.Absent:
		return "-"
	case v.Multi:
		return "[" + strings.Join(v.Many, ",") + "]"
	}
	return v.One
}

// E216: for every kind of caller, what is known of a key when the question
// leaves it open. sts:AssumeRole is asked for, which takes most keys.
func TestGlobalKeys(t *testing.T) {
	t.Parallel()
	callers := []string{"U", "S", "F", "rootA", "someone@B", "sns.amazonaws.com", "anonymous", "oidc"}
	const a = "111111111111"
	tests := []struct {
		key  string
		want [8]string // in the order of callers
	}{
		{"aws:PrincipalArn", [8]string{words["U"], words["R"], words["F"], words["rootA"], "?arn:aws:iam::222222222222:*", "-", "-", "-"}},
		{"aws:PrincipalOrgID", [8]string{"?", "?", "?", "?", "?", "-", "-", "-"}},
		{"aws:PrincipalOrgPaths", [8]string{"?", "?", "?", "?", "?", "-", "-", "-"}},
		{"aws:PrincipalTag/x", [8]string{"?", "?", "?", "-", "?", "-", "-", "-"}},
		{"aws:PrincipalType", [8]string{"User", "AssumedRole", "FederatedUser", "Account", "?", "-", "Anonymous", "-"}},
		{"aws:PrincipalServiceName", [8]string{"-", "-", "-", "-", "-", "sns.amazonaws.com", "-", "-"}},
		{"aws:PrincipalServiceNamesList", [8]string{"-", "-", "-", "-", "-", "[sns.amazonaws.com]", "-", "-"}},
		{"aws:userid", [8]string{"AIDAANNANN", "AROAAPPAPP:s1", a + ":fay", a, "?*", "-", "anonymous", "-"}},
		{"aws:username", [8]string{"ann", "-", "-", "-", "?", "-", "-", "-"}},
		{"aws:FederatedProvider", [8]string{"-", "?", "-", "-", "?", "-", "-", words["oidc"]}},
		{"aws:TokenIssueTime", [8]string{"?", "?", "?", "?", "?", "-", "-", "-"}},
		{"aws:MultiFactorAuthPresent", [8]string{"?", "false", "-", "?", "?", "-", "-", "-"}},
		{"aws:MultiFactorAuthAge", [8]string{"?", "-", "-", "?", "?", "-", "-", "-"}},
		{"aws:SourceIdentity", [8]string{"-", "?", "-", "-", "?", "-", "-", "-"}},
		{"lambda:SourceFunctionArn", [8]string{"-", "?", "-", "-", "?", "-", "-", "-"}},
		{"aws:SourceIp", [8]string{"?", "?", "?", "?", "?", "-", "?", "?"}},
		{"aws:SourceVpce", [8]string{"?", "?", "?", "?", "?", "-", "?", "?"}},
		{"aws:SecureTransport", [8]string{"?*", "?*", "?*", "?*", "?*", "-", "?*", "?*"}},
		{"aws:CurrentTime", [8]string{"?*", "?*", "?*", "?*", "?*", "?*", "?*", "?*"}},
		{"aws:UserAgent", [8]string{"?", "?", "?", "?", "?", "-", "?", "?"}},
		{"aws:RequestTag/x", [8]string{"?", "?", "?", "?", "?", "?", "?", "?"}},
		{"aws:ResourceAccount", [8]string{a, a, a, a, a, a, a, a}},
		{"aws:ResourceOrgID", [8]string{"?", "?", "?", "?", "?", "?", "?", "?"}},
		{"aws:CalledVia", [8]string{"?", "?", "?", "?", "?", "-", "-", "-"}},
		{"aws:ViaAWSService", [8]string{"?*", "?*", "?*", "?*", "?*", "false", "false", "false"}},
		{"aws:SourceArn", [8]string{"-", "-", "-", "-", "-", "?", "-", "-"}},
		{"aws:SourceOwner", [8]string{"-", "-", "-", "-", "-", "?", "-", "-"}},
		{"sts:ExternalId", [8]string{"?", "?", "?", "?", "?", "?", "?", "?"}},
		{"s3:prefix", [8]string{"-", "-", "-", "-", "-", "-", "-", "-"}},
		{"token.actions.githubusercontent.com:sub", [8]string{"-", "-", "-", "-", "-", "-", "-", "?"}},
		{"saml:aud", [8]string{"-", "-", "-", "-", "-", "-", "-", "-"}},
		{"token.actions.githubusercontent.com:aud", [8]string{"-", "-", "-", "-", "-", "-", "-", "?"}},
		{"word", [8]string{"-", "-", "-", "-", "-", "-", "-", "-"}},
	}
	for _, tt := range tests {
		t.Run(tt.key, func(t *testing.T) {
			t.Parallel()
			for i, who := range callers {
				c := caseOf(t, who+" sts:AssumeRole T | open")
				if got := show(solver.ValueIn(c, strings.ToLower(tt.key))); got != tt.want[i] {
					t.Errorf("%s of %s = %s, want %s", tt.key, who, got, tt.want[i])
				}
			}
		})
	}
}

// Values in single cases.
func TestKeyValues(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, text, key, want string }{
		{"E158 names of certificates", "rolesanywhere.amazonaws.com sts:AssumeRole T | open", "aws:principaltag/x509subject/cn", "?"},
		{"E216 the account of a user", "U s3:GetObject O | open", "aws:principalaccount", words["A"]},
		{"E216 the account of nobody", "anonymous s3:GetObject O | open", "aws:principalaccount", "anonymous"},
		{"E216 the account of a service", "sns.amazonaws.com s3:GetObject O | open", "aws:principalaccount", "-"},
		{"E216 the account of an outsider", "someone@B s3:GetObject O | open", "aws:principalaccount", words["B"]},
		{"E216 a user is no service", "U s3:GetObject O | open", "aws:principalisawsservice", "false"},
		{"E216 an outsider is no service", "someone@B s3:GetObject O | open", "aws:principalisawsservice", "false"},
		{"E216 a service is one", "sns.amazonaws.com s3:GetObject O | open", "aws:principalisawsservice", "true"},
		{"E216 nobody is neither", "anonymous s3:GetObject O | open", "aws:principalisawsservice", "-"},
		{"E222 the path of a user", "U s3:GetObject O | open | set org=o-a path=o-a/r-1/", "aws:principalorgpaths", "[o-a/r-1/]"},
		{"E216 an outsider's organization, known", "someone@B s3:GetObject O | open | set org=o-b", "aws:principalorgid", "o-b"},
		{"E80 an open session name", "R s3:GetObject O | open", "aws:userid", "?AROAAPPAPP:*"},
		{"E80 an open session name in a complete case", "R s3:GetObject O", "aws:userid", "-"},
		{"E80 an unknown id", "U s3:GetObject O | open | set id=", "aws:userid", "?*"},
		{"E48 tags without case", "U s3:GetObject O | open | set tag:Team=red", "aws:principaltag/team", "red"},
		{"E48 names that differ in case only", "U s3:GetObject O | open | set tag:Team=red tag:TEAM=blue tag:team=red", "aws:principaltag/team", "?*"},
		{"E48 which hold the same", "U s3:GetObject O | open | set tag:Team=red tag:TEAM=red", "aws:principaltag/team", "red"},
		{"E48 tags of a queue", "U sqs:SendMessage Q | open | set restag:Team=red restag:TEAM=blue", "aws:resourcetag/team", "?*"},
		{"E217 a list given as one value", "U s3:GetObject O | open | ctx aws:CalledVia=[a,b]", "aws:calledvia", "[a,b]"},
		{"E55 seconds from a date", "U s3:GetObject O | ctx aws:CurrentTime=2027-01-15T08:00:00Z", "aws:epochtime", "1800000000"},
		{"E55 a date from seconds", "U s3:GetObject O | ctx aws:EpochTime=1800000000", "aws:currenttime", "2027-01-15T08:00:00Z"},
		{"E55 a time that can't be read", "U s3:GetObject O | open | ctx aws:EpochTime=noon", "aws:currenttime", "?*"},
		{"E223 IAM", "U iam:GetUser U | open", "aws:requestedregion", "us-east-1"},
		{"E223 a complete case keeps what is derived", "U sqs:SendMessage Q", "aws:requestedregion", "us-east-1"},
		{"E198 the caller's account", "UB kms:Decrypt K", "kms:calleraccount", words["B"]},
		{"E216 the resource's path", "U s3:GetObject O | open", "aws:resourceorgpaths", "?"},
		{"E184 tags of a queue", "U sqs:SendMessage Q | open | set restag:env=dev", "aws:resourcetag/env", "dev"},
		{"E184 tags of an object", "U s3:GetObject O | open | s3 abac | set restag:env=dev", "aws:resourcetag/env", "-"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := show(solver.ValueIn(caseOf(t, tt.text), tt.key)); got != tt.want {
				t.Errorf("%s in %q = %s, want %s", tt.key, tt.text, got, tt.want)
			}
		})
	}
}

// What a trace says of a decision with every gate in it.
func TestExplainTrace(t *testing.T) {
	t.Parallel()
	d := solver.Explain(caseOf(t, "SB s3:GetObject O | scp +*@* | rcp -s3:Put*@* P=* | vpce +*@* P=* | idp +s3:Get*@* ; +ec2:*@*"+
		" | pb +*@* ?Bool aws:SecureTransport=true | sess +s3:*@* | rbp +s3:GetObject@O P=B ; -s3:Put*@* P=* | open"))
	var got []string
	for _, g := range d.Gates {
		line := g.Name + " " + g.Result.String()
		for _, ref := range g.Because {
			line += " " + ref.Policy + "/" + ref.Type + " " + string(rune('0'+ref.Statement)) + " " + ref.Text().Effect.String()
		}
		if blocks, _, _ := g.Guard.Blocks(); len(blocks) > 0 {
			line += " if " + blocks.String()
		}
		got = append(got, line)
	}
	want := []string{
		"service-control allow scp/service-control-policy 0 Allow",
		"resource-control allow",
		"endpoint allow vpce/endpoint-policy 0 Allow",
		"identity allow idp/identity-policy 0 Allow",
		"boundary allow pb/permissions-boundary 0 Allow if aws:SecureTransport is true",
		"session allow sess/session-policy 0 Allow",
		"resource allow rbp/resource-policy 0 Allow",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("gates (-want +got):\n%s", diff)
	}
	var because []string
	for _, ref := range d.Because() {
		because = append(because, ref.Policy)
	}
	if diff := cmp.Diff([]string{"idp", "rbp"}, because); diff != "" {
		t.Errorf("because (-want +got):\n%s", diff)
	}
	if d := solver.Decide(caseOf(t, "U s3:GetObject O | idp +*@*")); d.Gates != nil || d.Because() != nil {
		t.Errorf("Decide leaves a trace: %v, %v", d.Gates, d.Because())
	}
}

// Every denial says which gate stops it (E83).
func TestBlockedBy(t *testing.T) {
	t.Parallel()
	tests := []struct{ text, want string }{
		{"U s3:GetObject O", "identity"},
		{"U s3:GetObject O | idp +*@* | pb +ec2:*@*", "pb"},
		{"S s3:GetObject O | idp +*@* | sess +ec2:*@*", "session"},
		{"U s3:GetObject O | idp +*@* | scp +ec2:*@*", "scp"},
		{"U s3:GetObject O | idp +*@* | rcp -s3:*@* P=*", "rcp"},
		{"U s3:GetObject O | idp +*@* | vpce +ec2:*@* P=*", "vpce"},
		{"U s3:GetObject O | idp +*@* | rbp -s3:*@* P=*", "resource"},
		{"UB s3:GetObject O | idp +*@*", "resource"},
		{"UB s3:GetObject O", "identity resource"},
		{"U kms:Decrypt K | idp +*@*", "resource"},
		{"S s3:GetObject O | pb +ec2:*@* | rbp +*@* P=R", "pb"},
		{"anonymous s3:GetObject O | s3 restrict | rbp +*@* P=*", "s3-bpa resource"},
		{"U s3:GetObject O | open | idp +*@* ?StringEquals aws:SourceVpc=vpc-1 | pb +*@* ?StringEquals aws:SourceVpc=vpc-2", "identity pb"},
		{"U s3:GetObject O | open | idp +*@* | scp +*@* ?StringEquals aws:SourceVpc=vpc-1 | vpce +*@* P=* ?StringEquals aws:SourceVpc=vpc-2", "scp vpce"},
		{"UB s3:GetObject O | open | idp +*@* ?IpAddress aws:SourceIp=10.0.0.0/8 | rbp +*@* P=UB ?StringEquals aws:SourceVpce=vpce-1", "identity resource"},
		{"U s3:GetObject O | open | idp +s3:*@* ?StringEquals aws:SourceVpc=vpc-1 | and kms:Decrypt K A | rbp +kms:*@* P=U ?StringEquals aws:SourceVpc=vpc-2", "identity resource"},
		{"U s3:GetObject AP/object/k1 | idp +s3:*@* | ap data/k1 A | net vpc-1", "access-point"},
		{"UB s3:GetObject AP/object/k1 | idp +s3:*@* | ap data/k1 A +*@* P=* | set aprestrict", "s3-bpa resource"},
		{"rootA sts:AssumeRole T", "rule"},
		{"U s3:GetObject O | open | idp +*@* ?IpAddress aws:SourceIp=10.0.0.0/8 | scp +*@* ; -*@* ?IpAddress aws:SourceIp=10.0.0.0/8", "scp"},
		{"U s3:GetObject O | idp +s3:*@* | and kms:Decrypt K A | rbp +*@* P=A", "identity"},
		{"U s3:GetObject O | idp +*@*", ""},
	}
	for _, tt := range tests {
		d := solver.Decide(caseOf(t, tt.text))
		if got := strings.Join(d.BlockedBy, " "); got != tt.want {
			t.Errorf("%s: blocked by %q (%v), want %q", tt.text, got, d.Outcome, tt.want)
		}
	}
}

func TestVerdict(t *testing.T) {
	t.Parallel()
	tests := []struct{ text, want string }{
		{"U s3:GetObject O | idp +*@*", "allowed"},
		{"U s3:GetObject O | open | idp +*@* ?Bool aws:SecureTransport=true", "allowed if"},
		{"U s3:GetObject O | open | idp +*@* ?Null aws:SecureTransport=true", "denied"}, // E216: it is always there
		{"U s3:GetObject O | open | idp +*@* ?Null aws:UserAgent=true", "allowed if"},
		{"U s3:GetObject O", "denied"},
		{"oidc s3:GetObject O | set doubt=policy", "denied"}, // nobody could allow it (E150)
		{"U s3:GetObject O | set doubt=policy", "unknown"},
		{"U s3:GetObject O | set doubt=policy | idp -*@*", "denied"},
		{"U s3:GetObject O | set doubt=policy | idp +*@*", "allowed"},
	}
	for _, tt := range tests {
		d := solver.Decide(caseOf(t, tt.text))
		if got := d.Verdict().String(); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.text, got, tt.want)
		}
	}
	var zero solver.Decision
	if zero.Guard = guard.False; zero.Verdict() != solver.Denied {
		t.Errorf("the zero decision is %v, want denied", zero.Verdict())
	}
}

// E11: a document that can't be read in full leaves a doubt, wherever it hangs.
func TestDamage(t *testing.T) {
	t.Parallel()
	broken := func(kind policy.Kind) []solver.Source {
		return []solver.Source{{Name: "broken", Doc: policy.Parse([]byte(`{"Statement":[{"Effect":"deny","Action":"*"}]}`), kind)}}
	}
	tests := []struct {
		name string
		hang func(c *solver.Case)
	}{
		{"identity", func(c *solver.Case) { c.Identity = append(c.Identity, broken(policy.Identity)...) }},
		{"boundary", func(c *solver.Case) { c.Boundary = append(c.Boundary, broken(policy.Boundary)...) }},
		{"session", func(c *solver.Case) { c.Session = append(c.Session, broken(policy.Session)...) }},
		{"service control", func(c *solver.Case) { c.SCPs[0].Policies = append(c.SCPs[0].Policies, broken(policy.SCP)...) }},
		{"resource control", func(c *solver.Case) { c.RCPs[0].Policies = append(c.RCPs[0].Policies, broken(policy.RCP)...) }},
		{"endpoint", func(c *solver.Case) { c.Endpoint = append(c.Endpoint, broken(policy.Endpoint)...) }},
		{"resource", func(c *solver.Case) { c.Resources = append(c.Resources, broken(policy.Resource)...) }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := caseOf(t, "S s3:GetObject O | idp +*@* | pb +*@* | sess +*@* | scp +*@* | rcp +*@* P=* | vpce +*@* P=* | rbp +*@* P=A")
			if got := solver.Decide(c); got.LowConfidence() {
				t.Fatalf("doubts before the damage: %v", got.Doubts)
			}
			tt.hang(c)
			d := solver.Decide(c)
			if got := verdictOf(t, &d); got != "ALLOW low" || len(d.Doubts) != 1 {
				t.Errorf("%s, doubts %v; want ALLOW low and one doubt", got, d.Doubts)
			}
		})
	}
}
