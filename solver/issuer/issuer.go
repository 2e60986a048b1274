package issuer

import (
	"slices"
	"strings"

	"pathfinder/graphmodel/guard"
	"pathfinder/graphmodel/policy"
)

// The providers that AWS knows without an ARN.
const (
	Cognito  = "cognito-identity.amazonaws.com"
	google   = "accounts.google.com"
	amazon   = "www.amazon.com"
	facebook = "graph.facebook.com"
)

// Known reports whether AWS knows a provider by its name, without an ARN (E21).
func Known(host string) bool {
	return slices.Contains([]string{Cognito, google, amazon, facebook}, host)
}

// An Issuer is whose tokens a provider takes.
type Issuer struct {
	host       string
	Shared     bool // anybody can have an account there
	ByAudience bool // whom a token is made for says whose it is
	// subjects are how subjects begin, each with what ends the name of whose they are.
	// Claims are the others that say whose a token is, in the same way; "" is the end.
	subjects, claims []naming
	Key, Example     string // a claim to ask for
}

// A naming is a claim, or the beginning of a subject, and what ends the name in it.
type naming struct{ what, end string }

// issuers are those at which anybody can have an account (E152 to E154). An issuer with a
// path of its own for each customer, such as those of CircleCI, Bitbucket, EKS and GitHub
// enterprises, is none. Sources: IAM user guide, "Identity-provider controls for shared
// OIDC providers"; the guides of the providers on OpenID Connect in AWS, 2026 crawl.
var issuers = []Issuer{
	{
		host: "token.actions.githubusercontent.com",
		subjects: []naming{
			{"repo:", "/"},
			{"repository:", "/"},
			{"job_workflow_ref:", "/"},
			{"workflow_ref:", "/"},
			{"repository_owner:", ":"},
			{"repository_owner_id:", ":"},
			{"repository_id:", ":"},
			{"enterprise:", ":"},
			{"enterprise_id:", ":"},
			{"actor:", ":"},
			{"actor_id:", ":"},
		},
		claims: []naming{
			{"repository", "/"},
			{"job_workflow_ref", "/"},
			{"workflow_ref", "/"},
			{"repository_owner", ""},
			{"repository_owner_id", ""},
			{"repository_id", ""},
			{"enterprise", ""},
			{"enterprise_id", ""},
			{"actor", ""},
			{"actor_id", ""},
		},
		Key: "sub", Example: "repo:ORGANIZATION/REPOSITORY:ref:refs/heads/main",
	},
	{
		host: "gitlab.com", subjects: []naming{{"project_path:", "/"}},
		claims: []naming{{"project_path", "/"}, {"namespace_path", "/"}, {"project_id", ""}, {"namespace_id", ""}, {"user_id", ""}, {"user_login", ""}, {"user_email", ""}},
		Key:    "sub", Example: "project_path:GROUP/PROJECT:ref_type:branch:ref:main",
	},
	{
		host: "app.terraform.io", subjects: []naming{{"organization:", ":"}},
		claims: []naming{{"terraform_organization_name", ""}, {"terraform_organization_id", ""}, {"terraform_project_id", ""}, {"terraform_workspace_id", ""}},
		Key:    "sub", Example: "organization:ORGANIZATION:project:PROJECT:workspace:WORKSPACE:run_phase:apply",
	},
	{
		host: "agent.buildkite.com", subjects: []naming{{"organization:", ":"}},
		claims: []naming{{"organization_slug", ""}, {"organization_id", ""}, {"pipeline_id", ""}},
		Key:    "sub", Example: "organization:ORGANIZATION:pipeline:PIPELINE:ref:refs/heads/main:commit:COMMIT:step:STEP",
	},
	{host: "oidc.codefresh.io", subjects: []naming{{"account:", ":"}}, claims: []naming{{"account_id", ""}}, Key: "sub", Example: "account:ID:pipeline:ID:scm_repo_url:URL:scm_user_name:NAME:scm_ref:REF"},
	{host: "studio.datachain.ai/api", subjects: []naming{{"credentials:", "/"}}, Key: "sub", Example: "credentials:TEAM/PROJECT"},
	{host: "api.pulumi.com/oidc", ByAudience: true, subjects: []naming{{"pulumi:deploy:org:", ":"}, {"pulumi:environments:org:", ":"}}, Key: "aud", Example: "ORGANIZATION"},
	{host: "oidc.vercel.com", ByAudience: true, subjects: []naming{{"owner:", ":"}}, claims: []naming{{"owner", ""}, {"owner_id", ""}, {"project_id", ""}}, Key: "aud", Example: "https://vercel.com/TEAM"},
	{host: "sts.windows.net/33e01921-4d64-4f8c-a055-5bdaffd5e33d", claims: []naming{{sessionName, ""}}, Key: "aud", Example: "the id of the application"},
	{host: Cognito, ByAudience: true, claims: []naming{{"sub", ""}}, Key: "aud", Example: "REGION:the id of the identity pool"},
	{host: google, ByAudience: true, claims: []naming{{"sub", ""}, {"oaud", ""}, {"email", ""}}, Key: "aud", Example: "the id of the client"},
	{host: amazon, claims: []naming{{"app_id", ""}, {"user_id", ""}}, Key: "app_id", Example: "the id of the application"},
	{host: facebook, claims: []naming{{"app_id", ""}, {"id", ""}}, Key: "app_id", Example: "the id of the application"},
}

// sessionName is no claim, but says whose a token of Microsoft Sentinel is (E153).
const sessionName = "sts:rolesessionname"

// Of returns the issuer of a host and path: one that is shared, or one of its own.
func Of(host string) *Issuer {
	for i := range issuers {
		if strings.EqualFold(issuers[i].host, strings.TrimSuffix(host, "/")) {
			x := issuers[i]
			x.host, x.Shared = strings.ToLower(host), true
			return &x
		}
	}
	return &Issuer{host: strings.ToLower(host), Key: "sub", Example: "the subject that needs it"}
}

// TooBroad says why a condition on tokens lets in too many, "" if it does not; and what
// claims tokens must not carry for that, "" for none.
func (x *Issuer) TooBroad(when guard.Blocks) (why, without string) {
	if len(when) == 0 {
		return "without any condition", ""
	}
	why = "for every subject"
	if x.Shared {
		why = "without saying whose subjects"
	}
	for _, block := range when {
		if len(block) == 0 || slices.ContainsFunc(block, func(t guard.Test) bool { return x.Narrows(&t) && !spares(&t) }) {
			continue
		}
		i := slices.IndexFunc(block, func(t guard.Test) bool { return x.Narrows(&t) })
		if i < 0 {
			return why, ""
		}
		without = block[i].Key
	}
	if without == "" {
		return "", ""
	}
	return why, without
}

// Says reports whether a condition key is about tokens of the issuer, or about what may
// say whose a token is.
func (x *Issuer) Says(key string) bool {
	key = strings.ToLower(key)
	return strings.HasPrefix(key, x.host+":") || key == sessionName
}

// Narrows reports whether a test leaves out tokens of others, of those that carry its claim.
func (x *Issuer) Narrows(t *guard.Test) bool {
	claim, of := strings.CutPrefix(strings.ToLower(t.Key), x.host+":")
	if strings.EqualFold(t.Key, sessionName) {
		claim, of = sessionName, true
	}
	op, known := policy.ParseOperator(t.Operator)
	if !of || !known || op.Negated() || op.IsNull() || len(t.Values) == 0 {
		return false // it leaves all others in
	}
	return !slices.ContainsFunc(t.Values, func(v string) bool { return !x.says(claim, v, op.Wildcards()) })
}

// spares reports whether tokens meet a test that do not carry its claim; all have a subject
// and an audience.
func spares(t *guard.Test) bool {
	op, _ := policy.ParseOperator(t.Operator)
	key := strings.ToLower(t.Key)
	return (op.IfExists || op.Set == policy.ForAllValues) && !strings.HasSuffix(key, ":sub") && !strings.HasSuffix(key, ":aud")
}

// says reports whether a value of a claim says whose a token is; with an issuer of its own,
// whether it leaves any out.
func (x *Issuer) says(claim, value string, wildcards bool) bool {
	switch {
	case claim == "iss" || claim == "aud" && !x.ByAudience || claim == sessionName && !x.Shared:
		return false
	case !x.Shared || claim == "aud":
		return !wildcards || !x.everySubject(value)
	}
	if i := slices.IndexFunc(x.claims, func(n naming) bool { return n.what == claim }); i >= 0 {
		return named(value, x.claims[i].end, wildcards)
	}
	if claim != "sub" {
		return false // such as a branch: anybody has one of that name
	}
	begun := false
	for _, n := range x.subjects { // also further on, where customers have it so
		for before, rest, ok := strings.Cut(value, n.what); ok; before, rest, ok = strings.Cut(rest, n.what) {
			if begun = begun || before == ""; (before == "" || strings.HasSuffix(before, ":")) && named(rest, n.end, wildcards) {
				return true
			}
		}
	}
	if begun {
		return false
	}
	// Customers may write subjects otherwise. What begins with something that anybody can
	// have says nothing, nor does a pattern that any of the usual ones match.
	begins, pattern := value, false
	if i := strings.IndexAny(value, "*?"); i >= 0 && wildcards {
		begins, pattern = value[:i], true
	}
	word, _, _ := strings.Cut(begins, ":")
	return !slices.Contains(anybodys, word) && !(pattern && slices.ContainsFunc(x.subjects, func(n naming) bool { return strings.HasPrefix(n.what, begins) }))
}

// anybodys are claims of which anybody can have any value, as subjects begin with.
var anybodys = []string{"environment", "ref", "ref_type", "context", "workflow", "event_name", "base_ref", "head_ref", "pull_request", "aud"}

// named reports whether a value names somebody in full: a name that only begins so anybody
// can have.
func named(value, end string, wildcards bool) bool {
	name := value
	if end != "" {
		name, _, _ = strings.Cut(value, end)
	}
	return name != "" && !(wildcards && strings.ContainsAny(name, "*?"))
}

// everySubject reports whether a pattern matches all subjects: it is nothing but wildcards,
// and words that all subjects of the issuer have.
func (x *Issuer) everySubject(pattern string) bool {
	if !strings.Contains(pattern, "*") {
		return false
	}
	for _, form := range forms {
		if strings.HasPrefix(x.host, form.host) {
			pattern = strings.Join(strings.FieldsFunc(pattern, func(c rune) bool { return c == ':' || c == '/' }), ":")
			for _, word := range form.words {
				pattern = strings.Replace(pattern, word+":", "", 1)
			}
			pattern = strings.ReplaceAll(pattern, ":", "")
		}
	}
	return strings.Trim(pattern, "*?") == ""
}

// forms are the words that all subjects of issuers have, by how the host begins. Sources:
// EKS user guide, "IAM roles for service accounts"; CircleCI, "OIDC tokens with custom
// claims", 2026 crawl.
var forms = []struct {
	host  string
	words []string
}{{"oidc.eks.", []string{"system", "serviceaccount"}}, {"oidc.circleci.com/", []string{"org", "project", "user"}}}
