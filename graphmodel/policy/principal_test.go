package policy_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"pathfinder/graphmodel/policy"
)

func TestNewPrincipal(t *testing.T) {
	t.Parallel()
	const a = "111111111111"
	tests := []struct {
		name, kind, text string
		want             policy.PrincipalKind
		account          string
		problem          string // part of it; "" for none
	}{
		{name: "E13 everyone", kind: "AWS", text: "*", want: policy.Everyone},
		{name: "E14 account id", kind: "AWS", text: a, want: policy.Account, account: a},
		{name: "E14 account root", kind: "AWS", text: "arn:aws:iam::111111111111:root", want: policy.Account, account: a},
		{name: "E14 account of another partition", kind: "AWS", text: "arn:aws-cn:iam::111111111111:root", want: policy.Account, account: a},
		{name: "E14 eleven digits are no account", kind: "AWS", text: "11111111111", problem: "12-digit account id"},
		{name: "E15 user", kind: "AWS", text: "arn:aws:iam::111111111111:user/ann", want: policy.User, account: a},
		{name: "E15 user with a path", kind: "AWS", text: "arn:aws:iam::111111111111:user/team/ann", want: policy.User, account: a},
		{name: "E15 user without a name", kind: "AWS", text: "arn:aws:iam::111111111111:user/", problem: "not the ARN of a principal"},
		{name: "E15 case counts in the word user", kind: "AWS", text: "arn:aws:iam::111111111111:User/ann", problem: "not the ARN of a principal"},
		{name: "E16 role", kind: "AWS", text: "arn:aws:iam::111111111111:role/app", want: policy.Role, account: a},
		{name: "E16 role with a path", kind: "AWS", text: "arn:aws:iam::111111111111:role/aws-reserved/sso.amazonaws.com/x", want: policy.Role, account: a},
		{name: "E17 role session", kind: "AWS", text: "arn:aws:sts::111111111111:assumed-role/app/s1", want: policy.RoleSession, account: a},
		{name: "E17 a role session has a name", kind: "AWS", text: "arn:aws:sts::111111111111:assumed-role/app", problem: "not the ARN of a principal"},
		{name: "E18 federated user", kind: "AWS", text: "arn:aws:sts::111111111111:federated-user/fay", want: policy.FederatedUser, account: a},
		{name: "E19 canonical user", kind: "CanonicalUser", text: strings.Repeat("ab", 32), want: policy.Canonical},
		{name: "E19 CloudFront's legacy identity", kind: "AWS", text: "arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E1", want: policy.User, account: "cloudfront"},
		{name: "E20 service", kind: "Service", text: "sns.amazonaws.com", want: policy.Service},
		{name: "E20 regional service", kind: "Service", text: "logs.us-east-1.amazonaws.com", want: policy.Service},
		{name: "E20 no star", kind: "Service", text: "*", problem: "one full name"},
		{name: "E20 no bare name", kind: "Service", text: "lambda", problem: "one full name"},
		{name: "E20 a service of Alexa", kind: "Service", text: "alexa-appkit.amazon.com", want: policy.Service},
		{name: "E20 no partial star", kind: "Service", text: "*.amazonaws.com", problem: "one full name"},
		{name: "E21 SAML provider", kind: "Federated", text: "arn:aws:iam::111111111111:saml-provider/corp", want: policy.Federated},
		{name: "E21 OIDC provider", kind: "Federated", text: "arn:aws:iam::111111111111:oidc-provider/id.example.com", want: policy.Federated},
		{name: "E21 built-in provider", kind: "Federated", text: "cognito-identity.amazonaws.com", want: policy.Federated},
		{name: "E21 no star", kind: "Federated", text: "*", problem: "one provider"},
		{name: "E21 a provider under AWS", kind: "AWS", text: "arn:aws:iam::111111111111:saml-provider/corp", problem: `under "Federated"`},
		{name: "E23 star in a role", kind: "AWS", text: "arn:aws:iam::111111111111:role/*", problem: "wildcards do not work"},
		{name: "E23 star as account", kind: "AWS", text: "arn:aws:iam::*:root", problem: "wildcards do not work"},
		{name: "E23 question mark", kind: "AWS", text: "arn:aws:iam::111111111111:user/dev-?", problem: "wildcards do not work"},
		{name: "E23 group", kind: "AWS", text: "arn:aws:iam::111111111111:group/ops", problem: "a group is not a principal"},
		{name: "E67 variables do not work here", kind: "AWS", text: "arn:aws:iam::${aws:PrincipalAccount}:root", problem: "variables do not work"},
		{name: "E75 raw user id", kind: "AWS", text: "AIDAEXAMPLEEXAMPLE", want: policy.UniqueID},
		{name: "E76 raw role id", kind: "AWS", text: "AROAEXAMPLEEXAMPLE", want: policy.UniqueID},
		{name: "E82 group ids are never principals", kind: "AWS", text: "AGPAEXAMPLEEXAMPLE", problem: "an AWS principal is"},
		{name: "E82 access keys neither", kind: "AWS", text: "AKIAEXAMPLEEXAMPLE", problem: "an AWS principal is"},
		{name: "E82 ids are in capitals", kind: "AWS", text: "AIDAexample", problem: "an AWS principal is"},
		{name: "repair of a short root ARN", kind: "AWS", text: "arn:aws:iam:111111111111/root", problem: `did you mean "arn:aws:iam::111111111111:root"?`},
		{name: "a name in the place of an account", kind: "AWS", text: "arn:aws:iam::Partner:user/ann", problem: `account field "Partner" is not 12 digits`},
		{name: "an ARN of something else", kind: "AWS", text: "arn:aws:s3:::data", problem: "not the ARN of a principal"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, problem := policy.NewPrincipal(tt.kind, tt.text)
			if got.Kind != tt.want || got.Type != tt.kind || got.Text != tt.text || tt.account != "" && got.Account != tt.account {
				t.Errorf("got %+v, want kind %d of account %q", got, tt.want, tt.account)
			}
			if (problem == "") != (tt.problem == "") || !strings.Contains(problem, tt.problem) {
				t.Errorf("the problem of %q is %q, want %q", tt.text, problem, tt.problem)
			}
		})
	}
}

func TestPrincipalElement(t *testing.T) {
	t.Parallel()
	const rest = `,"Effect":"Deny","Action":"s3:*","Resource":"*"}`
	tests := []struct {
		name, text string
		want       []string
		not        bool
		broken     bool
		faults     int
	}{
		{name: "E13 bare star", text: `{"Principal":"*"` + rest, want: []string{"*"}},
		{name: "E13 star under AWS", text: `{"Principal":{"AWS":"*"}` + rest, want: []string{"*"}},
		{
			name: "E22 lists and types are alternatives", text: `{"Principal":{"AWS":["111111111111","222222222222"],"Service":"sns.amazonaws.com"}` + rest,
			want: []string{"111111111111", "222222222222", "sns.amazonaws.com"},
		},
		{name: "E25 exceptions", text: `{"NotPrincipal":{"AWS":"111111111111"}` + rest, want: []string{"111111111111"}, not: true},
		{name: "E23 a star in a role is refused and matches nobody", text: `{"Principal":{"AWS":"arn:aws:iam::111111111111:role/*"}` + rest, want: []string{"arn:aws:iam::111111111111:role/*"}, faults: 1},
		{name: "E12 a bare account", text: `{"Principal":"111111111111"` + rest, broken: true, faults: 1},
		{name: "E12 a list", text: `{"Principal":["111111111111"]` + rest, broken: true, faults: 1},
		{name: "E12 an unknown type", text: `{"Principal":{"aws":"111111111111"}` + rest, broken: true, faults: 1},
		{name: "E12 a principal that does not exist", text: `{"Principal":{"AWS":"ann"}` + rest, want: []string{"ann"}, broken: true, faults: 1},
		{name: "E12 an empty list names nobody", text: `{"Principal":{"AWS":[]}` + rest, faults: 1},
		{name: "E12 an empty object names nobody", text: `{"Principal":{}` + rest, faults: 1},
		{name: "E11 an empty list of exceptions is not everybody", text: `{"NotPrincipal":{"AWS":[]}` + rest, not: true, broken: true, faults: 1},
		{name: "E12 null", text: `{"Principal":{"AWS":null}` + rest, broken: true, faults: 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			d := policy.Parse([]byte(`{"Statement":[`+tt.text+`]}`), policy.Resource)
			s := d.Statements[0]
			var got []string
			for _, p := range s.Principals {
				got = append(got, p.Text)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("principals of %s (-want +got):\n%s", tt.text, diff)
			}
			if !s.HasPrincipal || s.NotPrincipal != tt.not || s.Broken != tt.broken || len(d.Faults) != tt.faults {
				t.Errorf("NotPrincipal %v, broken %v, faults %v; want %v, %v, %d", s.NotPrincipal, s.Broken, d.Faults, tt.not, tt.broken, tt.faults)
			}
		})
	}
}

// A partial wildcard must not become a pattern by accident.
func TestNobodyStaysNobody(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"arn:aws:iam::111111111111:role/*", "arn:aws:iam::*:root", "arn:aws:iam::111111111111:group/ops", "ann", ""} {
		if p, problem := policy.NewPrincipal("AWS", text); p.Kind != policy.Nobody || problem == "" {
			t.Errorf("E23: %q is %+v with problem %q, want nobody", text, p, problem)
		}
	}
}
