package orggen

import (
	"math"
	"strconv"
	"strings"

	"pathfinder/collector/snapshot"
)

// ownPrincipals makes what the account alone has: users, then roles until there
// are as many principals as asked for.
func (a *account) ownPrincipals() {
	own := a.left
	if own <= 0 {
		return
	}
	users := int(math.Round(float64(own) * a.cfg.Shares.Users))
	a.groups()
	for i := range users {
		a.user(i)
	}
	for n := 0; a.left > 0; n++ {
		a.ownRole(n)
	}
}

// centralRoles makes the roles that reach into other accounts.
func (a *account) centralRoles() {
	n := &a.plan.names
	if a.is(n.Tooling) && a.left > 0 {
		a.addRole(role{
			name: "central-pipeline", app: "pipeline", trust: strings.ReplaceAll(trustGit, "{repository}", "infrastructure:ref:refs/heads/main"),
			policies: []snapshot.InlinePolicy{
				a.inline(assuming, `{"Sid":"Deployers","Effect":"Allow","Action":"sts:AssumeRole","Resource":["arn:aws:iam::*:role/landing-zone/landing-zone-deploy","arn:aws:iam::*:role/release"]}`),
				a.inline("publish", `{"Sid":"Publish","Effect":"Allow","Action":["s3:GetObject","s3:PutObject","s3:ListBucket"],"Resource":["arn:aws:s3:::{artifacts}","arn:aws:s3:::{artifacts}/*"]}`),
			},
		})
	}
	if a.is(n.Security) && a.left > 0 {
		a.addRole(role{
			name: "security-auditor", app: "audit", trust: trustSAML, managed: []string{"SecurityAudit"},
			policies: []snapshot.InlinePolicy{a.inline(assuming, `{"Sid":"Audit","Effect":"Allow","Action":"sts:AssumeRole","Resource":"arn:aws:iam::*:role/landing-zone/landing-zone-audit"}`)},
		})
	}
}

// serviceRoles are what services run as, with managed policies that such roles
// often have.
var serviceRoles = []struct{ service, managed string }{
	{"lambda.amazonaws.com", "AWSLambdaBasicExecutionRole"},
	{"lambda.amazonaws.com", "AWSLambdaVPCAccessExecutionRole"},
	{"lambda.amazonaws.com", "AWSLambdaSQSQueueExecutionRole"},
	{"lambda.amazonaws.com", "AmazonDynamoDBReadOnlyAccess"},
	{"ec2.amazonaws.com", "AmazonSSMManagedInstanceCore"},
	{"ec2.amazonaws.com", "AmazonS3ReadOnlyAccess"},
	{"ec2.amazonaws.com", "AmazonEC2ContainerRegistryReadOnly"},
	{"ecs-tasks.amazonaws.com", "AmazonECSTaskExecutionRolePolicy"},
	{"ecs-tasks.amazonaws.com", "AWSXRayDaemonWriteAccess"},
	{"ecs-tasks.amazonaws.com", "AmazonSQSFullAccess"},
	{"codebuild.amazonaws.com", "AmazonEC2ContainerRegistryPowerUser"},
	{"glue.amazonaws.com", "AWSGlueServiceRole"},
	{"states.amazonaws.com", "AWSXRayDaemonWriteAccess"},
	{"eks.amazonaws.com", "AmazonEKSClusterPolicy"},
}

// ownRole makes one role, or the roles of a chain.
func (a *account) ownRole(n int) {
	s := &a.cfg.Shares
	name := pick(a.random, words) + "-" + pick(a.random, tails) + "-" + strconv.Itoa(n)
	switch u := a.Float64(); {
	case u < s.GitHub:
		a.githubRole(name)
	case u < s.GitHub+s.Partners:
		a.partnerRole(name)
	case u < s.GitHub+s.Partners+s.Chains/3: // links come by threes
		a.chain(name)
	case u < s.GitHub+s.Partners+s.Chains/3+0.1:
		a.humanRole(name)
	default:
		a.serviceRole(name)
	}
}

func (a *account) githubRole(name string) {
	ref := pick(a.random, []string{"ref:refs/heads/main", "environment:prod", "pull_request", "*"})
	a.addRole(role{
		name: "gha-" + name, app: name, trust: strings.ReplaceAll(trustGit, "{repository}", name+":"+ref),
		managed:  a.sometimes("AmazonEC2ContainerRegistryPowerUser"),
		policies: []snapshot.InlinePolicy{a.ownPolicy("deploy")},
	})
}

// partners are accounts of other companies.
var partners = []string{"464622532012", "338147830315", "754728514883", "906394416424"}

func (a *account) partnerRole(name string) {
	a.addRole(role{
		name: "partner-" + name, app: name,
		trust:   `{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::` + pick(a.random, partners) + `:root"},"Action":"sts:AssumeRole","Condition":{"StringEquals":{"sts:ExternalId":"` + a.uuid() + `"}}}`,
		managed: []string{pick(a.random, []string{"SecurityAudit", "ViewOnlyAccess", "CloudWatchReadOnlyAccess"})},
	})
}

// chain makes roles that assume each other, and starts in half of the cases in
// a neighbour: whoever may there assume this role is up to its own policies.
func (a *account) chain(name string) {
	length := min(2+a.IntN(3), a.left)
	base := "arn:aws:iam::" + a.id + ":role/"
	before := trustAWS("arn:aws:iam::{account}:root")
	if other := a.other(); other != "" && a.chance(0.5) {
		before = trustAWS("arn:aws:iam::" + other + ":root")
	}
	for i := range length {
		link := name + "-step-" + strconv.Itoa(i+1)
		r := role{name: link, app: name, trust: before, managed: a.sometimes("CloudWatchLogsReadOnlyAccess")}
		if i+1 < length {
			r.policies = append(r.policies, a.inline(assuming, `{"Effect":"Allow","Action":["sts:AssumeRole","sts:TagSession"],"Resource":"`+base+name+"-step-"+strconv.Itoa(i+2)+`"}`))
		} else {
			r.policies = append(r.policies, a.ownPolicy("target"))
		}
		a.addRole(r)
		before = `{"Effect":"Allow","Principal":{"AWS":"` + base + link + `"},"Action":["sts:AssumeRole","sts:TagSession"]}`
	}
}

// humanRole makes a role that people of the account or of a neighbour take on.
func (a *account) humanRole(name string) {
	from := a.id
	if other := a.other(); other != "" && a.chance(0.3) {
		from = other
	}
	r := role{
		name: name, app: name, boundary: a.chance(0.5), customer: []string{pick(a.random, forRoles)},
		trust: `{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::` + from + `:root"},"Action":"sts:AssumeRole","Condition":{"Bool":{"aws:MultiFactorAuthPresent":"true"}}}`,
	}
	if a.chance(a.cfg.Shares.Admins * 10) { // people's roles are where admins are
		r.managed = []string{"AdministratorAccess"}
	} else {
		r.managed = a.sometimes(pick(a.random, []string{"ReadOnlyAccess", "AmazonDynamoDBReadOnlyAccess", "AmazonEC2ReadOnlyAccess", "CloudWatchReadOnlyAccess", "AmazonRDSReadOnlyAccess", "AWSLambda_ReadOnlyAccess"}))
	}
	a.addRole(r)
}

func (a *account) serviceRole(name string) {
	kind := pick(a.random, serviceRoles)
	r := role{name: name, app: name, trust: trustService(kind.service), boundary: a.chance(a.cfg.Shares.Boundaries), managed: a.sometimes(kind.managed)}
	switch u := a.Float64(); {
	case u < 0.75:
		r.policies = []snapshot.InlinePolicy{a.ownPolicy(name)}
	case u < 0.9:
		r.customer = []string{pick(a.random, forRoles)}
	default:
		r.policies, r.customer = []snapshot.InlinePolicy{a.ownPolicy(name)}, []string{"team-resources"}
	}
	a.addRole(r)
}

// sometimes is a policy that AWS manages in its share of cases.
func (a *account) sometimes(name string) []string {
	if a.cfg.ManagedOnly || a.chance(a.cfg.Shares.Managed) {
		return []string{name}
	}
	return nil
}
