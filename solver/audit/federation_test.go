package audit_test

import (
	"fmt"
	"strings"
	"testing"

	"pathfinder/graphmodel/inventory"
	"pathfinder/solver/audit"
)

// Whom conditions on tokens let in: by provider, and by how they are written (E150 to E155).
func TestFederation(t *testing.T) {
	t.Parallel()
	const (
		enterprise = githubHost + "/acme"
		circle     = "oidc.circleci.com/org/1234"
		bitbucket  = "api.bitbucket.org/2.0/workspaces/ws/pipelines-config/identity/oidc"
		eks        = "oidc.eks.us-east-1.amazonaws.com/id/ABC"
		sentinel   = "sts.windows.net/33e01921-4d64-4f8c-a055-5bdaffd5e33d"
	)
	for _, tt := range []struct {
		host      string
		condition string // with HOST for the host
		want      string
		severity  audit.Severity
	}{
		{githubHost, `{"StringLike":{"HOST:sub":"re*"}}`, certain, audit.Critical},
		{githubHost, `{"StringLike":{"HOST:sub":"?*"}}`, certain, audit.Critical},
		{githubHost, `{"StringEquals":{"HOST:aud":"sts.amazonaws.com"},"IpAddress":{"aws:SourceIp":"192.0.2.0/24"}}`, possible, audit.High},
		{githubHost, `{"StringEquals":{"HOST:aud":"sts.amazonaws.com"},"DateLessThan":{"aws:CurrentTime":"2030-01-01T00:00:00Z"}}`, possible, audit.High},
		{githubHost, `{"StringEquals":{"HOST:aud":"sts.amazonaws.com"},"Bool":{"aws:SecureTransport":"true"},"IpAddress":{"aws:SourceIp":"0.0.0.0/0"}}`, certain, audit.Critical},
		{githubHost, `{"StringLike":{"HOST:sub":"repo:acme/*"},"IpAddress":{"aws:SourceIp":"192.0.2.0/24"}}`, none, 0},
		{githubHost, `{"StringLike":{"HOST:sub":"*:ref:refs/heads/main"}}`, certain, audit.Critical},
		{githubHost, `{"StringLike":{"HOST:sub":"repo:?cme/x:*"}}`, certain, audit.Critical},
		{githubHost, `{"StringLike":{"HOST:sub":"environment:prod*"}}`, certain, audit.Critical},
		{githubHost, `{"StringLike":{"HOST:sub":["repo:acme/*","repo:*/infra:*"]}}`, certain, audit.Critical},
		{githubHost, `{"StringLike":{"HOST:sub":"repository_owner_id:12:*"}}`, none, 0},
		{githubHost, `{"StringLike":{"HOST:sub":"repository_owner_id:*:repo:acme/x"}}`, none, 0},
		{githubHost, `{"StringEquals":{"HOST:sub":"repo:*"}}`, none, 0}, // "*" is no wildcard: it matches nothing (E53)
		{githubHost, `{"StringEquals":{"HOST:environment":"prod"}}`, certain, audit.Critical},
		{githubHost, `{"StringEquals":{"HOST:ref":"refs/heads/main","HOST:aud":"sts.amazonaws.com"}}`, certain, audit.Critical},
		{githubHost, `{"StringEquals":{"HOST:environment":"prod","HOST:repository":"acme/x"}}`, none, 0},
		{githubHost, `{"StringLike":{"HOST:job_workflow_ref":"acme/flows/.github/workflows/*"}}`, none, 0},
		{githubHost, `{"StringEquals":{"HOST:repository_owner_id":"123"}}`, none, 0},
		{githubHost, `{"StringEqualsIfExists":{"HOST:repository_owner":"acme"}}`, possible, audit.Critical},
		{githubHost, `{"ForAllValues:StringLike":{"HOST:sub":"repo:acme/*"}}`, none, 0},
		{githubHost, `{"Null":{"HOST:sub":"false"}}`, certain, audit.Critical},
		{enterprise, `{"StringEquals":{"HOST:aud":"sts.amazonaws.com"}}`, certain, audit.Medium},
		{enterprise, `{"StringLike":{"HOST:sub":"repo:*"}}`, none, 0},
		{circle, `{"StringEquals":{"HOST:aud":"1234"}}`, certain, audit.Medium},
		{circle, `{"StringLike":{"HOST:sub":"org/1234/project/5678/user/*"}}`, none, 0},
		{circle, `{"StringLike":{"HOST:sub":"org/*/project/*/user/*"}}`, certain, audit.Medium},
		{bitbucket, `{"StringEquals":{"HOST:aud":"ari:cloud:bitbucket::workspace/x"}}`, certain, audit.Medium},
		{eks, `{"StringEquals":{"HOST:aud":"sts.amazonaws.com"}}`, certain, audit.Medium},
		{eks, `{"StringLike":{"HOST:sub":"system:serviceaccount:*:*"}}`, certain, audit.Medium},
		{eks, `{"StringLike":{"HOST:sub":"system:serviceaccount:*"}}`, certain, audit.Medium},
		{eks, `{"StringLike":{"HOST:sub":"system:serviceaccount:pay:*"}}`, none, 0},
		{eks, `{"StringEquals":{"HOST:sub":"system:serviceaccount:pay:api"}}`, none, 0},
		{"gitlab.com", `{"StringLike":{"HOST:sub":"project*:ref:main"}}`, certain, audit.Critical},
		{"gitlab.com", `{"StringLike":{"HOST:sub":"project_path:acme/*"}}`, none, 0},
		{"app.terraform.io", `{"StringLike":{"HOST:sub":"organization:*:project:p:*"}}`, certain, audit.Critical},
		{"app.terraform.io", `{"StringLike":{"HOST:sub":"organization:acme:project:*"}}`, none, 0},
		{"agent.buildkite.com", `{"StringEquals":{"HOST:aud":"sts.amazonaws.com"}}`, certain, audit.Critical},
		{"agent.buildkite.com", `{"StringLike":{"HOST:sub":"organization:acme:*"}}`, none, 0},
		{"oidc.codefresh.io", `{"StringEquals":{"HOST:aud":"x"}}`, certain, audit.Critical},
		{"api.pulumi.com/oidc", `{"StringEquals":{"HOST:aud":"acme"}}`, none, 0},
		{"api.pulumi.com/oidc", "", certain, audit.Medium}, // the provider takes tokens for its own clients alone
		{"oidc.vercel.com", `{"StringEquals":{"HOST:aud":"https://vercel.com/acme"}}`, none, 0},
		{"oidc.vercel.com/acme", `{"StringEquals":{"HOST:aud":"x"}}`, certain, audit.Medium},
		{sentinel, `{"StringEquals":{"HOST:aud":"api://x"}}`, certain, audit.Critical},
		{sentinel, `{"StringEquals":{"HOST:aud":"api://x","sts:RoleSessionName":"MicrosoftSentinel_1"}}`, none, 0},
		{"login.example.com", `{"StringEquals":{"sts:RoleSessionName":"x"}}`, certain, audit.Medium},
		{"login.example.com", `{"StringLike":{"HOST:sub":"*@example.com"}}`, none, 0},
		{"=cognito-identity.amazonaws.com", "", possible, audit.Critical},
		{"=cognito-identity.amazonaws.com", `{"ForAnyValue:StringLike":{"HOST:amr":"authenticated"}}`, possible, audit.Critical},
		// Whoever signed in says so in its token; guests get in where nothing asks for that (E154).
		{"=cognito-identity.amazonaws.com", `{"StringEquals":{"HOST:aud":"eu-west-1:1"}}`, possible, audit.Medium},
		{"=cognito-identity.amazonaws.com", `{"StringEquals":{"HOST:aud":"eu-west-1:1"},"ForAnyValue:StringLike":{"HOST:amr":"unauthenticated"}}`, possible, audit.Medium},
		{"=cognito-identity.amazonaws.com", `{"StringEquals":{"HOST:aud":"eu-west-1:1"},"ForAnyValue:StringLike":{"HOST:amr":"*authenticated"}}`, possible, audit.Medium},
		{"=cognito-identity.amazonaws.com", `{"StringEquals":{"HOST:aud":"eu-west-1:1"},"ForAnyValue:StringLike":{"HOST:amr":"authenticated"}}`, none, 0},
		{"=cognito-identity.amazonaws.com", `{"StringEquals":{"HOST:aud":"eu-west-1:1"},"ForAllValues:StringEquals":{"HOST:amr":["authenticated","accounts.google.com"]}}`, none, 0},
		{"=cognito-identity.amazonaws.com", `{"StringEquals":{"HOST:aud":"eu-west-1:1","HOST:sub":"eu-west-1:2"}}`, none, 0},
		{"=accounts.google.com", "", certain, audit.Critical},
		{"=accounts.google.com", `{"StringEquals":{"HOST:aud":"1.apps.googleusercontent.com"}}`, none, 0},
		{"=www.amazon.com", `{"StringLike":{"HOST:app_id":"*"}}`, certain, audit.Critical},
		{"=www.amazon.com", `{"StringEquals":{"HOST:app_id":"amzn1.application.1"}}`, none, 0},
		{"=graph.facebook.com", "", certain, audit.Critical},
		{"=graph.facebook.com", `{"StringEquals":{"HOST:app_id":"1"}}`, none, 0},
	} {
		host, known := strings.CutPrefix(tt.host, "=")
		who := host
		if !known {
			who = "arn:aws:iam::" + prodID + ":oidc-provider/" + host
		}
		setup := func(w *world) {
			h := w.prod.Held()
			if h.ProvidersKnown = true; !known {
				h.Providers = append(h.Providers, inventory.Provider{Kind: inventory.OIDC, ARN: who, URL: host})
			}
			w.role(w.prod, "ci", trusting(fmt.Sprintf(`{"Federated":%q}`, who), strings.ReplaceAll(tt.condition, "HOST", host)))
		}
		lookForEach(t, []kindTest{{"federation-too-broad", host + " " + tt.condition, setup, tt.want, tt.severity}})
	}
	bare := func(w *world) { w.role(w.prod, "ci", trusting(`{"Federated":"`+githubARN+`"}`, "")) }
	lookForEach(t, []kindTest{
		{"federation-too-broad", "nobody looked for providers", bare, possible, audit.Critical},
		{"federation-too-broad", "the provider is not there", func(w *world) {
			w.prod.Held().ProvidersKnown = true
			bare(w)
		}, none, 0},
	})
}
