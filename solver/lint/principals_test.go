package lint_test

import (
	"strings"
	"testing"

	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
	"pathfinder/solver/lint"
)

// bucket is a statement of a bucket policy.
func bucket(effect, principal, rest string) string {
	return `{"Effect":"` + effect + `",` + principal + `,"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"` + rest + `}`
}

func TestPrincipals(t *testing.T) {
	t.Parallel()
	const user, account = `"arn:aws:iam::111111111111:user/ann"`, `"arn:aws:iam::111111111111:root"`
	check(t, []row{
		{name: "a user", kind: policy.Resource, text: bucket("Allow", `"Principal":{"AWS":`+user+`}`, "")},
		{
			name: "E76 a deleted user", kind: policy.Resource, text: bucket("Allow", `"Principal":{"AWS":[`+user+`,"AIDAOLDOLDOLDOLDOLDO"]}`, ""),
			want: []string{"trust-to-deleted-principal /Statement/0/Principal/AWS/1"}, says: "a user that was deleted", is: lint.Warning,
		},
		{
			name: "E76 a deleted role in a Deny", kind: policy.Resource, text: bucket("Deny", `"Principal":{"AWS":"AROAOLDOLDOLDOLDOLDO"}`, ""),
			want: []string{"trust-to-deleted-principal /Statement/0/Principal/AWS"}, says: "denies nothing", is: lint.Warning,
		},
		{
			name: "E98 the account is not listed", kind: policy.Resource, text: bucket("Deny", `"NotPrincipal":{"AWS":`+user+`}`, ""),
			want: []string{"not-principal-deny /Statement/0/NotPrincipal", "not-principal-deny /Statement/0/NotPrincipal/AWS"}, says: "permissions boundary", is: lint.Note,
		},
		{
			name: "E98 the account is listed", kind: policy.Resource, text: bucket("Deny", `"NotPrincipal":{"AWS":[`+user+`,`+account+`]}`, ""),
			want: []string{"not-principal-deny /Statement/0/NotPrincipal"}, says: "permissions boundary", is: lint.Note,
		},
		{
			name: "E98 nothing but the account", kind: policy.Resource, text: bucket("Deny", `"NotPrincipal":{"AWS":`+account+`}`, ""),
			want: []string{"not-principal-deny /Statement/0/NotPrincipal"}, says: "its root user only", is: lint.Warning,
		},
		{name: "a Deny for everybody but by condition", kind: policy.Resource, text: bucket("Deny", `"Principal":"*"`, `,"Condition":{"ArnNotEquals":{"aws:PrincipalArn":`+user+`}}`)},
	})
}

// facts are two accounts of which one was read.
func facts(t *testing.T) *inventory.Inventory {
	t.Helper()
	read := &inventory.Account{ID: "111111111111", Partition: "aws", IAM: true}
	read.Held().Roles = []*inventory.Principal{{Kind: inventory.Role, ARN: "arn:aws:iam::111111111111:role/app/reader", Name: "reader", UniqueID: "AROAREADERREADERREAD", Account: read}}
	read.Held().Users = []*inventory.Principal{{Kind: inventory.User, ARN: "arn:aws:iam::111111111111:user/ann", Name: "ann", Account: read}}
	read.Held().Providers = []inventory.Provider{{Kind: inventory.OIDC, ARN: "arn:aws:iam::111111111111:oidc-provider/example.com"}}
	inv := &inventory.Inventory{Accounts: []*inventory.Account{read, {ID: "222222222222", Partition: "aws"}}}
	if err := inv.Finish(); err != nil {
		t.Fatal(err)
	}
	return inv
}

// With the facts of a snapshot, principals are looked up.
func TestPrincipalsWithFacts(t *testing.T) {
	t.Parallel()
	inv := facts(t)
	trust := func(principal string) string {
		return `{"Effect":"Allow","Principal":{` + principal + `},"Action":"sts:AssumeRole"}`
	}
	const aws = " /Statement/0/Principal/AWS"
	rows := []row{
		{name: "a role", text: trust(`"AWS":"arn:aws:iam::111111111111:role/app/reader"`)},
		{name: "E17 a session, without the path of its role", text: trust(`"AWS":"arn:aws:sts::111111111111:assumed-role/reader/x"`)},
		{name: "a user of an account that was not read", text: trust(`"AWS":"arn:aws:iam::222222222222:user/who"`)},
		{name: "an id that is there", text: trust(`"AWS":"AROAREADERREADERREAD"`)},
		{name: "a known account needs no external id", text: trust(`"AWS":"222222222222"`)},
		{name: "E77 a slip", text: trust(`"AWS":"arn:aws:iam::111111111111:role/readr"`), want: []string{"trust-to-unknown-principal" + aws}, says: `write "arn:aws:iam::111111111111:role/app/reader"`, is: lint.Warning},
		{name: "E77 a user", text: trust(`"AWS":"arn:aws:iam::111111111111:user/somebody"`), want: []string{"trust-to-unknown-principal" + aws}, says: "delete the entry", is: lint.Warning},
		{name: "E77 a session of no role", text: trust(`"AWS":"arn:aws:sts::111111111111:assumed-role/gone/x"`), want: []string{"trust-to-unknown-principal" + aws}, is: lint.Warning},
		{
			name: "E77 a provider", text: strings.Replace(trust(`"Federated":"arn:aws:iam::111111111111:oidc-provider/example.org"`), `"sts:AssumeRole"`, `"sts:AssumeRoleWithWebIdentity"`, 1),
			want: []string{"trust-to-unknown-principal /Statement/0/Principal/Federated"}, says: "a provider", is: lint.Warning,
		},
		{name: "E143 an unknown account", text: trust(`"AWS":"333333333333"`), want: []string{"missing-external-id" + aws}, says: "which is not in the snapshot", is: lint.Warning},
	}
	for i := range rows {
		r := &rows[i]
		r.kind = policy.Trust
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			r.check(t, lint.Document(r.document(), lint.Options{Policy: "p", Account: "111111111111", Facts: inv}))
		})
	}
}

func TestExternalID(t *testing.T) {
	t.Parallel()
	trust := func(principal, condition string) string {
		return `{"Effect":"Allow","Principal":{"AWS":` + principal + `},"Action":"sts:AssumeRole","Condition":{` + condition + `}}`
	}
	const at, vendor, id = "missing-external-id /Statement/0/Principal/AWS", `"arn:aws:iam::333333333333:root"`, `"StringEquals":{"sts:ExternalId":"x1"}`
	rows := []row{
		{name: "with an id", text: trust(vendor, id)},
		{name: "of the own organization", text: trust(vendor, `"StringEquals":{"aws:PrincipalOrgID":"o-abc"}`)},
		{name: "a person", text: trust(vendor, `"Bool":{"aws:MultiFactorAuthPresent":"true"}`)},
		{name: "a service", text: `{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}`},
		{name: "an id by a Deny", text: trust(vendor, "") + `,{"Effect":"Deny","Principal":"*","Action":"sts:AssumeRole","Condition":{"StringNotEquals":{"sts:ExternalId":"x1"}}}`},
		{name: "without", text: trust(vendor, ""), want: []string{at}, says: "if it is a vendor's", is: lint.Note},
		{name: "with an id that may be left out", text: trust(vendor, `"StringEqualsIfExists":{"sts:ExternalId":"x1"}`), want: []string{at}, is: lint.Note},
		{name: "each of two", text: trust(`["111111111111","arn:aws:iam::333333333333:role/r"]`, ""), want: []string{at + "/0", at + "/1"}, is: lint.Note},
	}
	for i := range rows {
		rows[i].kind = policy.Trust
		rows[i].text = strings.ReplaceAll(rows[i].text, `,"Condition":{}`, "")
	}
	check(t, rows)
}

func TestStrangers(t *testing.T) {
	t.Parallel()
	const star = `"Principal":"*"`
	const at = "principal-star-without-limits /Statement/0/Principal"
	when := func(condition string) string { return `,"Condition":{` + condition + `}` }
	rows := []row{
		{name: "a Deny", text: bucket("Deny", star, "")},
		{name: "the organization", text: bucket("Allow", star, when(`"StringEquals":{"aws:PrincipalOrgID":"o-abc"}`))},
		{name: "a part of the organization", text: bucket("Allow", star, when(`"ForAnyValue:StringLike":{"aws:PrincipalOrgPaths":"o-abc/r-x/*"}`))},
		{name: "roles of an account", text: bucket("Allow", star, when(`"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::111111111111:role/*"}`))},
		{name: "a network", text: bucket("Allow", star, when(`"StringEquals":{"aws:SourceVpce":"vpce-1"}`))},
		{name: "addresses", text: bucket("Allow", star, when(`"IpAddress":{"aws:SourceIp":"203.0.113.0/24"}`))},
		{name: "a service for one account", text: bucket("Allow", star, when(`"StringEquals":{"aws:SourceAccount":"111111111111"}`))},
		{name: "access points of an account", text: bucket("Allow", star, when(`"StringEquals":{"s3:DataAccessPointAccount":"111111111111"}`))},
		{name: "the account of the bucket", text: bucket("Allow", star, when(`"StringEquals":{"aws:PrincipalAccount":"${aws:ResourceAccount}"}`))},
		{name: "the organization of the bucket", text: bucket("Allow", star, when(`"StringEquals":{"aws:ResourceOrgID":"${aws:PrincipalOrgID}"}`))},
		{name: "a limit by a Deny", text: bucket("Allow", star, "") + "," + bucket("Deny", star, when(`"StringNotEquals":{"aws:PrincipalOrgID":"o-abc"}`))},
		{name: "no condition", text: bucket("Allow", star, ""), want: []string{at}, says: "nothing limits who", is: lint.Warning},
		{name: "under AWS", text: bucket("Allow", `"Principal":{"AWS":["111111111111","*"]}`, ""), want: []string{at + "/AWS/1"}, is: lint.Warning},
		{name: "encryption is no limit", text: bucket("Allow", star, when(`"Bool":{"aws:SecureTransport":"true"}`)), want: []string{at}, is: lint.Warning},
		{name: "tags of one's own are no limit", text: bucket("Allow", star, when(`"StringEquals":{"aws:PrincipalTag/team":"a"}`)), want: []string{at}, is: lint.Warning},
		{name: "a limit for those who carry the key", text: bucket("Allow", star, when(`"StringEqualsIfExists":{"aws:SourceVpce":"vpce-1"}`)), want: []string{at}, is: lint.Warning},
		{name: "any address", text: bucket("Allow", star, when(`"IpAddress":{"aws:SourceIp":["203.0.113.0/24","0.0.0.0/0"]}`)), want: []string{at}, is: lint.Warning},
		{name: "any account", text: bucket("Allow", star, when(`"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::*:user/*"}`)), want: []string{at}, is: lint.Warning},
		{name: "E78 a name that anybody gives a role", text: bucket("Allow", star, when(`"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::*:role/deploy-*"}`)), want: []string{at}, is: lint.Warning},
		{name: "E78 a name that anybody gives a user", text: bucket("Allow", star, when(`"StringLike":{"aws:PrincipalArn":"arn:aws:iam::*:user/admin"}`)), want: []string{at}, is: lint.Warning},
		{name: "E78 a name and an organization", text: bucket("Allow", star, when(`"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::*:role/deploy-*"},"StringEquals":{"aws:PrincipalOrgID":"o-abc"}`))},
		{name: "E78 but a name in one account", text: bucket("Allow", star, when(`"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::1111111111??:role/deploy-*"}`))},
		{name: "a Deny of something else", text: bucket("Allow", star, "") + "," + bucket("Deny", star, when(`"Bool":{"aws:SecureTransport":"false"}`)), want: []string{at}, is: lint.Warning},
	}
	for i := range rows {
		rows[i].kind = policy.Resource
	}
	check(t, rows)
	check(t, []row{
		{
			name: "every account may become the role", kind: policy.Trust, text: `{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"sts:AssumeRole"}`,
			want: []string{at + "/AWS"}, says: "become the role", is: lint.Error,
		},
		{
			name: "E78 E99 a name that anybody gives a role in China", kind: policy.Trust, want: []string{at}, says: "become the role", is: lint.Error,
			text: `{"Effect":"Allow",` + star + `,"Action":"sts:AssumeRole"` + when(`"ArnLike":{"aws:PrincipalArn":"arn:aws-cn:iam::*:role/deploy-*"}`) + `}`,
		},
		{
			name: "E78 E99 a name in one account of GovCloud", kind: policy.Trust,
			text: `{"Effect":"Allow",` + star + `,"Action":"sts:AssumeRole"` + when(`"ArnLike":{"aws:PrincipalArn":"arn:aws-us-gov:iam::111111111111:role/deploy-*"}`) + `}`,
		},
		{name: "endpoints are open to everybody by default", kind: policy.Endpoint, text: `{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}`},
		{name: "a permission of all RCPs", kind: policy.RCP, text: `{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}`},
	})
}

func TestPassRole(t *testing.T) {
	t.Parallel()
	pass := func(action, resource, condition string) string {
		text := `{"Effect":"Allow","Action":"` + action + `","Resource":"` + resource + `","Condition":{` + condition + `}}`
		return strings.ReplaceAll(text, `,"Condition":{}`, "")
	}
	const at = "passrole-wildcard /Statement/0/Action"
	check(t, []row{
		{name: "one role", text: pass("iam:PassRole", "arn:aws:iam::111111111111:role/app", "")},
		{name: "roles below a path", text: pass("iam:PassRole", "arn:aws:iam::*:role/app/*", "")},
		{name: "to one service", text: pass("iam:PassRole", "*", `"StringEquals":{"iam:PassedToService":"ec2.amazonaws.com"}`)},
		{name: "all but some services by a Deny", text: pass("iam:PassRole", "*", "") + `,{"Effect":"Deny","Action":"iam:PassRole","Resource":"*","Condition":{"StringNotEquals":{"iam:PassedToService":"ec2.amazonaws.com"}}}`},
		{name: "an administrator", text: pass("*", "*", "")},
		{name: "an administrator of IAM", text: pass("iam:*", "*", "")},
		{name: "a guard, not a grant", kind: policy.Boundary, text: pass("iam:PassRole", "*", "")},
		{name: "any role", text: pass("iam:PassRole", "*", ""), want: []string{at}, says: `may pass "*" to any service`, is: lint.Warning},
		{name: "any role of an account", text: pass("iam:Pass*", "arn:aws:iam::111111111111:role/*", ""), want: []string{at}, is: lint.Warning},
		{name: "a service that may be left out", text: pass("iam:PassRole", "*", `"StringEqualsIfExists":{"iam:PassedToService":"ec2.amazonaws.com"}`)},
		{name: "a limit of something else", text: pass("iam:PassRole", "*", `"StringEquals":{"aws:PrincipalTag/team":"a"}`), want: []string{at}, is: lint.Warning},
	})
}

// Who gets tokens of an issuer that serves everybody has to be said.
func TestTokens(t *testing.T) {
	t.Parallel()
	trust := func(issuer, condition string) string {
		return `{"Effect":"Allow","Principal":{"Federated":"` + issuer + `"},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{` + condition + `}}`
	}
	const github, host = "arn:aws:iam::111111111111:oidc-provider/token.actions.githubusercontent.com", "token.actions.githubusercontent.com"
	found := []string{"shared-issuer-without-subject /Statement/0/Principal/Federated"}
	check(t, []row{
		{name: "E152 one repository", kind: policy.Trust, text: trust(github, `"StringLike":{"`+host+`:sub":"repo:org/repo:*"}`)},
		{name: "E152 the audience alone", kind: policy.Trust, text: trust(github, `"StringEquals":{"`+host+`:aud":"sts.amazonaws.com"}`), want: found, says: "many customers", is: lint.Warning},
		{name: "E152 any repository", kind: policy.Trust, text: trust(github, `"StringLike":{"`+host+`:sub":"repo:*"}`), want: found, says: "many customers", is: lint.Warning},
		{name: "E154 any identity pool", kind: policy.Trust, text: trust("cognito-identity.amazonaws.com", ""), want: found, says: "many customers", is: lint.Warning},
		{name: "E154 one identity pool", kind: policy.Trust, text: trust("cognito-identity.amazonaws.com", `"StringEquals":{"cognito-identity.amazonaws.com:aud":"eu-west-1:pool"}`)},
		{name: "E153 the claim in a longer subject", kind: policy.Trust, text: trust(github, `"StringLike":{"`+host+`:sub":"repository_owner:org:*"}`)},
		{name: "E153 a name that only begins so", kind: policy.Trust, text: trust(github, `"StringLike":{"`+host+`:sub":"repo:org*"}`), want: found, says: "many customers", is: lint.Warning},
		{name: "E153 a branch of anybody", kind: policy.Trust, text: trust(github, `"StringEquals":{"`+host+`:sub":"ref:refs/heads/main"}`), want: found, is: lint.Warning},
		{name: "E153 a claim that may be missing", kind: policy.Trust, text: trust(github, `"StringEqualsIfExists":{"`+host+`:repository":"org/repo"}`), want: found, says: "whoever has one without " + host + ":repository", is: lint.Warning},
		{name: "E153 another claim", kind: policy.Trust, text: trust(github, `"StringEquals":{"`+host+`:repository_owner_id":"1"}`)},
		{name: "E153 any organization of Buildkite", kind: policy.Trust, text: trust("arn:aws:iam::111111111111:oidc-provider/agent.buildkite.com", `"StringEquals":{"agent.buildkite.com:aud":"sts.amazonaws.com"}`), want: found, says: `{"agent.buildkite.com:sub": "organization:`, is: lint.Warning},
		{name: "E153 one organization of Buildkite", kind: policy.Trust, text: trust("arn:aws:iam::111111111111:oidc-provider/agent.buildkite.com", `"StringLike":{"agent.buildkite.com:sub":"organization:acme:*"}`)},
		{name: "E153 a team of Vercel, by its audience", kind: policy.Trust, text: trust("arn:aws:iam::111111111111:oidc-provider/oidc.vercel.com", "")},
		{name: "E154 anybody at Google", kind: policy.Trust, text: trust("accounts.google.com", ""), want: found, says: "accounts.google.com:aud", is: lint.Warning},
		{name: "E154 one application at Google", kind: policy.Trust, text: trust("accounts.google.com", `"StringEquals":{"accounts.google.com:aud":"1.apps.googleusercontent.com"}`)},
		{name: "an issuer of one's own", kind: policy.Trust, text: trust("arn:aws:iam::111111111111:oidc-provider/login.example.com", "")},
	})
}

// Who assumes roles by other calls than those that a statement lists gets nothing from it.
func TestEntrances(t *testing.T) {
	t.Parallel()
	const (
		oidc = `{"Federated":"arn:aws:iam::111111111111:oidc-provider/example.com"}`
		saml = `{"Federated":"arn:aws:iam::111111111111:saml-provider/okta"}`
		here = "principal-action-mismatch /Statement/0/Principal/"
	)
	trust := func(effect, principal, actions string) string {
		return `{"Effect":"` + effect + `","Principal":` + principal + `,"Action":` + actions + `}`
	}
	check(t, []row{
		{name: "E150 a token", kind: policy.Trust, text: trust("Allow", oidc, `"sts:AssumeRoleWithWebIdentity"`)},
		{name: "E150 an assertion", kind: policy.Trust, text: trust("Allow", saml, `["sts:AssumeRoleWithSAML","sts:TagSession"]`)},
		{name: "E150 all calls", kind: policy.Trust, text: trust("Allow", saml, `"sts:Assume*"`)},
		{name: "E145 tags by themselves", kind: policy.Trust, text: trust("Allow", oidc, `"sts:TagSession"`)},
		{name: "E13 everybody denied", kind: policy.Trust, text: trust("Deny", `"*"`, `"sts:AssumeRoleWithSAML"`)},
		{name: "not a trust policy", kind: policy.Resource, text: bucket("Allow", `"Principal":{"Service":"logs.amazonaws.com"}`, `,"Condition":{"StringEquals":{"aws:SourceAccount":"111111111111"}}`)},
		{
			name: "E21 a token by the call of users", kind: policy.Trust, text: trust("Allow", oidc, `["sts:AssumeRole","sts:TagSession"]`),
			want: []string{here + "Federated"}, says: "assumes roles by sts:AssumeRoleWithWebIdentity", is: lint.Warning,
		},
		{
			name: "E150 an assertion by the call of tokens", kind: policy.Trust, text: trust("Allow", saml, `"sts:AssumeRoleWithWebIdentity"`),
			want: []string{here + "Federated"}, says: "list sts:AssumeRoleWithSAML", is: lint.Warning,
		},
		{
			name: "E150 a service by the call of tokens", kind: policy.Trust, text: trust("Allow", `{"Service":"ec2.amazonaws.com"}`, `"sts:AssumeRoleWithWebIdentity"`),
			want: []string{here + "Service"}, says: "does not let it in", is: lint.Warning,
		},
		{
			name: "E150 a user denied what it can't", kind: policy.Trust, text: trust("Deny", `{"AWS":["arn:aws:iam::111111111111:user/ann"]}`, `"sts:AssumeRoleWithSAML"`),
			want: []string{here + "AWS/0"}, says: "does not keep it out", is: lint.Warning,
		},
		{
			name: "E22 one of two", kind: policy.Trust, text: trust("Allow", `{"Federated":"arn:aws:iam::111111111111:oidc-provider/example.com","Service":"ec2.amazonaws.com"}`, `"sts:AssumeRole"`),
			want: []string{here + "Federated"}, says: "example.com", is: lint.Warning,
		},
	})
}

// What services, users and bearers of tokens never carry fails for them.
func TestCarried(t *testing.T) {
	t.Parallel()
	const (
		logs    = `"Principal":{"Service":"cloudtrail.amazonaws.com"}`
		account = `"Principal":{"AWS":"222222222222"}`
		role    = `"Principal":{"AWS":"arn:aws:iam::222222222222:role/ci"}`
		oidc    = `{"Effect":"Allow","Principal":{"Federated":"arn:aws:iam::111111111111:oidc-provider/example.com"},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{`
	)
	when := func(test string) string { return `,"Condition":{` + test + `}` }
	never := func(at string) []string { return []string{"condition-key-not-carried /Statement/0/Condition/" + at} }
	check(t, []row{
		{name: "E221 a service from a network", kind: policy.Resource, text: bucket("Allow", logs, when(`"StringEquals":{"aws:SourceVpce":"vpce-1a2b3c4d"}`)), want: never("StringEquals/aws:SourceVpce"), says: "no request of cloudtrail.amazonaws.com carries aws:SourceVpce", is: lint.Warning},
		{name: "E221 a service from an address", kind: policy.Resource, text: bucket("Allow", logs, when(`"IpAddress":{"aws:SourceIp":"203.0.113.0/24"}`)), want: never("IpAddress/aws:SourceIp"), is: lint.Warning},
		{name: "E221 a service denied from without", kind: policy.Resource, text: bucket("Deny", logs, when(`"StringNotEquals":{"aws:SourceVpce":"vpce-1a2b3c4d"}`))},
		{name: "E51 a service from a network, if any", kind: policy.Resource, text: bucket("Allow", logs, when(`"StringEqualsIfExists":{"aws:SourceVpce":"vpce-1a2b3c4d"}`))},
		{name: "E124 a service for a source", kind: policy.Resource, text: bucket("Allow", logs, when(`"StringEquals":{"aws:SourceAccount":"111111111111"}`))},
		{name: "E124 an account for a source", kind: policy.Resource, text: bucket("Allow", account, when(`"StringEquals":{"aws:SourceAccount":"222222222222"}`)), want: never("StringEquals/aws:SourceAccount"), says: "no request of 222222222222", is: lint.Warning},
		{name: "E124 a role for a source", kind: policy.Resource, text: bucket("Allow", role, when(`"Null":{"aws:SourceArn":"false"}`)), want: never("Null/aws:SourceArn"), is: lint.Warning},
		{name: "E52 a role for no source", kind: policy.Resource, text: bucket("Allow", role, when(`"Null":{"aws:SourceArn":"true"}`))},
		{name: "E13 everybody for a source", kind: policy.Resource, text: bucket("Allow", `"Principal":"*"`, when(`"StringEquals":{"aws:SourceAccount":"111111111111"}`))},
		{name: "E22 an account and a service", kind: policy.Resource, text: bucket("Allow", `"Principal":{"AWS":"222222222222","Service":"cloudtrail.amazonaws.com"}`, when(`"StringEquals":{"aws:SourceAccount":"222222222222"}`))},
		{name: "E220 an account with MFA", kind: policy.Resource, text: bucket("Allow", account, when(`"Bool":{"aws:MultiFactorAuthPresent":"true"}`))},
		{name: "E216 a token with MFA", kind: policy.Trust, text: oidc + `"Bool":{"aws:MultiFactorAuthPresent":"true"}}}`, want: never("Bool/aws:MultiFactorAuthPresent"), is: lint.Warning},
		{name: "E151 a token of another provider", kind: policy.Trust, text: oidc + `"StringEquals":{"login.example.com:sub":"x"}}}`, want: never("StringEquals/login.example.com:sub"), says: "carries login.example.com:sub", is: lint.Warning},
		{name: "E151 a token", kind: policy.Trust, text: oidc + `"StringEquals":{"example.com:sub":"x"}}}`},
		{name: "E145 a tag that reads like a claim", kind: policy.Trust, text: oidc + `"StringEquals":{"aws:RequestTag/example.org:sub":"x","example.com:sub":"x"}}}`},
		{name: "E216 a token from an address", kind: policy.Trust, text: oidc + `"IpAddress":{"aws:SourceIp":"203.0.113.0/24"}}}`},
	})
}
