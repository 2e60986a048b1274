package orggen

import (
	"math"
	"strconv"
	"strings"
	"time"

	"pathfinder/collector/snapshot"
)

// An account makes one account.
type account struct {
	*plan
	random
	number    int
	id        string
	region    string
	canonical string
	out       *snapshot.Account
	used      map[string]bool   // managed policies of AWS, by name
	places    *strings.Replacer // what documents say of the account and the organization
	things    []*thing
	left      int      // principals to make
	runners   []string // ARNs of roles that Lambda may assume
}

// account makes the account of a number.
func (p *plan) account(number int) *snapshot.Account {
	a := &account{
		plan: p, random: newRandom(p.cfg.Seed, uint64(number)), number: number, id: p.names.Accounts[number],
		used: make(map[string]bool), left: p.cfg.Principals,
	}
	a.region = "eu-central-1"
	if a.chance(0.2) {
		a.region = pick(a.random, []string{"eu-west-1", "us-east-1"})
	}
	a.canonical = a.text(hex, 64)
	name := p.accountName(number)
	a.out = &snapshot.Account{
		Info: snapshot.AccountInfo{
			ID: a.id, Name: name, Partition: "aws", CanonicalUserID: a.canonical,
			S3PublicAccessBlock: snapshot.Have(snapshot.PublicAccessBlock{}),
		},
		IAM:       &snapshot.AuthorizationDetails{},
		Providers: a.identityProviders(),
	}
	a.places = strings.NewReplacer("{account}", a.id, "{region}", a.region, "{org}", p.names.Organization,
		"{management}", p.names.Management, "{security}", p.names.Security, "{tooling}", p.names.Tooling,
		"{artifacts}", p.names.ArtifactsBucket, "{pipeline}", p.names.Pipeline, "{auditor}", p.names.Auditor,
		"{saml}", a.out.Providers.SAMLProviders[0].ARN)
	a.planResources()
	a.customerPolicies()
	stamped := int(math.Round(float64(a.left) * p.cfg.Shares.Stamped))
	a.centralRoles()
	a.stampedRoles(min(stamped, a.left))
	a.ownPrincipals()
	a.resources()
	return a.out
}

func (a *account) identityProviders() *snapshot.IdentityProviders {
	return &snapshot.IdentityProviders{
		OpenIDConnectProviders: []snapshot.OIDCProvider{{
			ARN: "arn:aws:iam::" + a.id + ":oidc-provider/token.actions.githubusercontent.com",
			URL: "token.actions.githubusercontent.com", ClientIDList: []string{"sts.amazonaws.com"},
		}},
		SAMLProviders: []snapshot.SAMLProvider{{ARN: "arn:aws:iam::" + a.id + ":saml-provider/AWSSSO_" + a.text(hex, 16) + "_DO_NOT_DELETE"}},
	}
}

// date is a time of the years in which the organization grew.
func (a *account) date() string {
	return time.Unix(1609459200+a.Int64N(4*365*24*3600), 0).UTC().Format(time.RFC3339) // from 2021 on
}

// other returns the id of another account, near in the order of founding as
// products share with their neighbours; "" when there is none.
func (a *account) other() string {
	n := len(a.plan.names.Accounts)
	if n == 1 {
		return ""
	}
	return a.plan.names.Accounts[(a.number+1+a.IntN(min(n-1, 12)))%n]
}

func (a *account) team() string { return pick(a.random, teams) }

// is reports whether the account has a function.
func (a *account) is(id string) bool { return a.id == id }

func (a *account) tags(app, team string) snapshot.Tags {
	stage := "shared"
	if a.number >= a.workloads() {
		stage = stages[a.stageOf(a.number)]
	}
	return snapshot.TagsOf(map[string]string{"application": app, "environment": stage, "team": team, "cost-center": strconv.Itoa(1000 + len(app)*37%900)})
}

// A role is what differs between roles.
type role struct {
	name, path, trust, app string
	managed                []string
	policies               []snapshot.InlinePolicy
	customer               []string // names of customer managed policies
	boundary               bool
	untagged               bool
}

// addRole makes a role and returns its ARN.
func (a *account) addRole(r role) string {
	if r.path == "" {
		r.path = "/"
	}
	text := "arn:aws:iam::" + a.id + ":role" + r.path + r.name
	detail := &snapshot.RoleDetail{
		Path: r.path, RoleName: r.name, RoleID: a.uniqueID("AROA"), ARN: text, CreateDate: a.date(),
		AssumeRolePolicyDocument: a.fill(r.trust), RolePolicyList: a.inlineOf(r.policies), Tags: snapshot.TagsOf(nil),
	}
	if !r.untagged {
		detail.Tags = a.tags(r.app, a.team())
	}
	if a.chance(0.8) {
		detail.RoleLastUsed = &snapshot.RoleLastUsed{LastUsedDate: time.Unix(1762300800+a.Int64N(20*24*3600), 0).UTC().Format(time.RFC3339), Region: a.region}
	}
	detail.AttachedManagedPolicies, detail.PermissionsBoundary = a.attachments(r.managed, r.customer, r.boundary)
	if strings.Contains(r.trust, `"ec2.amazonaws.com"`) {
		detail.InstanceProfileList = []snapshot.InstanceProfile{{InstanceProfileName: r.name, ARN: "arn:aws:iam::" + a.id + ":instance-profile" + r.path + r.name}}
	}
	if strings.Contains(r.trust, `"lambda.amazonaws.com"`) {
		a.runners = append(a.runners, text)
	}
	a.out.IAM.RoleDetailList = append(a.out.IAM.RoleDetailList, detail)
	a.left--
	return text
}

// attachments makes the attached policies and the boundary of a principal.
func (a *account) attachments(managed, customer []string, boundary bool) (list []snapshot.AttachedPolicy, bound *snapshot.PermissionsBoundary) {
	for _, name := range managed {
		list = append(list, a.attach(name))
	}
	if a.cfg.ManagedOnly {
		return list, nil
	}
	for _, name := range customer {
		list = append(list, snapshot.AttachedPolicy{PolicyName: name, PolicyARN: "arn:aws:iam::" + a.id + ":policy/" + name})
	}
	if boundary {
		bound = &snapshot.PermissionsBoundary{PermissionsBoundaryType: "Policy", PermissionsBoundaryARN: "arn:aws:iam::" + a.id + ":policy/developer-boundary"}
	}
	return list, bound
}

// assuming is the name of policies that allow nothing but sts:AssumeRole.
const assuming = "assume-roles"

// inlineOf keeps of a principal's policies what the kind of organization has.
func (a *account) inlineOf(list []snapshot.InlinePolicy) []snapshot.InlinePolicy {
	var out []snapshot.InlinePolicy
	for _, p := range list {
		if !a.cfg.ManagedOnly || p.PolicyName == assuming {
			out = append(out, p)
		}
	}
	return out
}

func (a *account) inline(name, statements string, pairs ...string) snapshot.InlinePolicy {
	return snapshot.InlinePolicy{PolicyName: name, PolicyDocument: a.fill(statements, pairs...)}
}
