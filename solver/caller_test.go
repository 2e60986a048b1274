package solver_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"pathfinder/graphmodel/policy"
	"pathfinder/solver"
)

func TestParseCaller(t *testing.T) {
	t.Parallel()
	const a = "111111111111"
	tests := []struct {
		text string
		want solver.Caller
	}{
		{"anonymous", solver.Caller{Kind: solver.CallerAnonymous}},
		{"sns.amazonaws.com", solver.Caller{Kind: solver.CallerService}},
		{"accounts.google.com", solver.Caller{Kind: solver.CallerFederated}},
		{"arn:aws:iam::" + a + ":root", solver.Caller{Kind: solver.CallerRoot, Partition: "aws", Account: a}},
		{"arn:aws-cn:iam::" + a + ":user/dev/ann", solver.Caller{Kind: solver.CallerUser, Partition: "aws-cn", Account: a}},
		{"arn:aws:iam::" + a + ":role/p/app", solver.Caller{Kind: solver.CallerSession, Partition: "aws", Account: a, RoleARN: "arn:aws:iam::" + a + ":role/p/app"}},
		{
			"arn:aws:iam::" + a + ":role/aws-service-role/x.amazonaws.com/AWSServiceRoleForX",
			solver.Caller{Kind: solver.CallerSession, Partition: "aws", Account: a, ServiceLinked: true, RoleARN: "arn:aws:iam::" + a + ":role/aws-service-role/x.amazonaws.com/AWSServiceRoleForX"},
		},
		{"arn:aws:sts::" + a + ":assumed-role/app/s1", solver.Caller{Kind: solver.CallerSession, Partition: "aws", Account: a, RoleARN: "arn:aws:iam::" + a + ":role/app", SessionName: "s1"}},
		{"arn:aws:sts::" + a + ":federated-user/fay", solver.Caller{Kind: solver.CallerFederatedUser, Partition: "aws", Account: a}},
		{"arn:aws:iam::" + a + ":oidc-provider/gitlab.com", solver.Caller{Kind: solver.CallerFederated, Partition: "aws", Account: a}},
		{"arn:aws:iam::" + a + ":saml-provider/idp", solver.Caller{Kind: solver.CallerFederated, Partition: "aws", Account: a}},
	}
	for _, tt := range tests {
		t.Run(tt.text, func(t *testing.T) {
			t.Parallel()
			tt.want.ARN = tt.text
			got, err := solver.ParseCaller(tt.text)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got, cmp.AllowUnexported(solver.Caller{})); diff != "" {
				t.Errorf("ParseCaller(%q) (-want +got):\n%s", tt.text, diff)
			}
		})
	}
}

func TestParseCallerRefuses(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"", "ann", "*", "111111111111", "arn:aws:iam::111111111111:group/dev", "arn:aws:iam::1111:user/ann",
		"arn:aws:iam::111111111111:user", "arn:aws:iam::111111111111:user/", "arn:aws:sts::111111111111:assumed-role/app",
		"arn:aws:s3:::data", "sns.amazonaws.com/x", "arn:aws:iam",
	} {
		if got, err := solver.ParseCaller(text); err == nil {
			t.Errorf("ParseCaller(%q) = %+v, want an error", text, got)
		} else if text != "" && !strings.Contains(err.Error(), text) {
			t.Errorf("ParseCaller(%q): the error does not name it: %v", text, err)
		}
	}
}

// E172: what S3 calls public.
func TestPublicPolicy(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, statements string
		public, unsure   bool
	}{
		{name: "everybody", statements: "+s3:*@* P=*", public: true},
		{name: "an account", statements: "+s3:*@* P=B"},
		{name: "a Deny for everybody", statements: "-s3:*@* P=*"},
		{name: "one public statement of two", statements: "+s3:*@* P=B ; +s3:*@* P=*", public: true},
		{name: "NotPrincipal", statements: "+s3:*@* NP=B", public: true},
		{name: "organization", statements: "+s3:*@* P=* ?StringEquals aws:PrincipalOrgID=o-a"},
		{name: "organization by pattern", statements: "+s3:*@* P=* ?StringLike aws:PrincipalOrgID=o-*", public: true},
		{name: "star without wildcard operator", statements: "+s3:*@* P=* ?StringEquals aws:PrincipalOrgID=o-*"},
		{name: "a variable", statements: "+s3:*@* P=* ?StringEquals aws:PrincipalOrgID=${aws:ResourceOrgID}", public: true},
		{name: "one of the values is free", statements: "+s3:*@* P=* ?StringLike aws:SourceVpc=vpc-1,*", public: true},
		{name: "if exists", statements: "+s3:*@* P=* ?StringEqualsIfExists aws:PrincipalOrgID=o-a", public: true},
		{name: "negated", statements: "+s3:*@* P=* ?StringNotEquals aws:PrincipalOrgID=o-a", public: true},
		{name: "for all values", statements: "+s3:*@* P=* ?ForAllValues:StringEquals aws:PrincipalOrgPaths=o-a/r-1/", public: true},
		{name: "presence", statements: "+s3:*@* P=* ?Null aws:PrincipalOrgID=false", public: true},
		{name: "narrow range", statements: "+s3:*@* P=* ?IpAddress aws:SourceIp=203.0.0.0/8"},
		{name: "wide range", statements: "+s3:*@* P=* ?IpAddress aws:SourceIp=0.0.0.0/1", public: true},
		{name: "one address", statements: "+s3:*@* P=* ?IpAddress aws:SourceIp=203.0.113.9"},
		{name: "narrow IPv6 range", statements: "+s3:*@* P=* ?IpAddress aws:SourceIp=2001:db8::/32"},
		{name: "wide IPv6 range", statements: "+s3:*@* P=* ?IpAddress aws:SourceIp=2000::/3", public: true},
		{name: "principal pattern in an account", statements: "+s3:*@* P=* ?ArnLike aws:PrincipalArn=arn:aws:iam::B:role/*"},
		{name: "principal pattern in any account", statements: "+s3:*@* P=* ?ArnLike aws:PrincipalArn=arn:aws:iam::*:role/x", public: true},
		{name: "access point pattern", statements: "+s3:*@* P=* ?ArnLike s3:DataAccessPointArn=arn:aws:s3:*:A:accesspoint/*"},
		{name: "any session of one role", statements: "+s3:*@* P=* ?StringLike aws:userid=AROAX:*", unsure: true},
		{name: "userid pattern of several roles", statements: "+s3:*@* P=* ?StringLike aws:userid=AROA*:ann", public: true},
		{name: "userid of any kind", statements: "+s3:*@* P=* ?StringLike aws:userid=*", public: true},
		{name: "one userid", statements: "+s3:*@* P=* ?StringEquals aws:userid=AIDAX"},
		{name: "one role and any user", statements: "+s3:*@* P=* ?StringLike aws:userid=AROAX:*,AIDA*", public: true},
		{name: "services", statements: "+s3:*@* P=* ?Bool aws:PrincipalIsAWSService=true", unsure: true},
		{name: "services, compared as text", statements: "+s3:*@* P=* ?StringLike aws:PrincipalIsAWSService=true", unsure: true},
		{name: "all but services", statements: "+s3:*@* P=* ?Bool aws:PrincipalIsAWSService=false", public: true},
		{name: "services by name pattern", statements: "+s3:*@* P=* ?StringLike aws:PrincipalServiceName=*.amazonaws.com", unsure: true},
		{name: "a service or nobody's key", statements: "+s3:*@* P=* ?StringEqualsIfExists aws:PrincipalServiceName=sns.amazonaws.com", public: true},
		{name: "an older key beside a newer one", statements: "+s3:*@* P=* ?Bool aws:PrincipalIsAWSService=true ?StringEquals aws:SourceAccount=A"},
		{name: "a key that does not count", statements: "+s3:*@* P=* ?StringEquals aws:UserAgent=x", public: true},
		{name: "a newer key", statements: "+s3:*@* P=* ?StringEquals aws:VpceOrgID=o-a", unsure: true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			n := &notation{t: t, text: tt.statements}
			public, unsure := solver.PublicPolicy(n.source("rbp", tt.statements, policy.Resource).Doc)
			if public != tt.public || unsure != tt.unsure {
				t.Errorf("PublicPolicy(%s) = %t, %t, want %t, %t", tt.statements, public, unsure, tt.public, tt.unsure)
			}
		})
	}
}
