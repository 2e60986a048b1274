package solver

import (
	"fmt"
	"strings"
	"testing"

	"pathfinder/graphmodel/policy"
)

// Of the documents of AWS those count that run what their sender likes; what those of the
// account do is not known.
func TestDocumentsThatRunAnything(t *testing.T) {
	t.Parallel()
	for document, want := range map[string]bool{
		"*":                             true,
		"arn:aws:ssm:*::document/AWS-*": true,
		"arn:aws:ssm:us-east-1::document/AWS-RunShellScript":  true,
		"arn:aws:ssm:*:*:document/deploy":                     true,
		"arn:aws:ssm:*:*:document/AWS-UpdateSSMAgent":         false, // no account has one of the name
		"arn:aws:ssm:*::document/AWS-UpdateSSMAgent":          false,
		"arn:aws:ssm:*::document/AWS-GatherSoftwareInventory": false,
	} {
		l := newLab()
		l.who = l.user("climber", policyOf(policy.Identity, strings.Replace(allowsOn("ssm:SendCommand"), `"*"}`, `["`+document+`","arn:aws:ec2:*:*:instance/*"]}`, 1)))
		l.role("admin", trustOf(`{"Service":"ec2.amazonaws.com"}`), policyOf(policy.Identity, allowsAll)).InstanceProfiles = []string{labIAM + "instance-profile/admin"}
		if e := l.climbs(t, l.who, nil); (e != nil) != want || e != nil && e.Certain() {
			t.Errorf("%s: %+v", document, e)
		}
	}
}

// An instance profile that is there can be given another role, all on the same one.
func TestRoleOfAProfileSwapped(t *testing.T) {
	t.Parallel()
	on := func(action, profile string) string {
		return `{"Effect":"Allow","Action":"iam:` + action + `InstanceProfile","Resource":"` + labIAM + `instance-profile/` + profile + `"}`
	}
	for _, tt := range []struct {
		name, take, put string
		want            string
	}{
		{"the same profile", "web", "web", "ec2-run-instances-swapped-profile"},
		{"another profile", "web", "batch", ""},
		{"a profile that is not there", "new", "new", ""},
	} {
		l := newLab()
		l.who = l.user("climber", policyOf(policy.Identity, on("RemoveRoleFrom", tt.take), on("AddRoleTo", tt.put), allowsOn("iam:PassRole", "ec2:RunInstances")))
		l.role("admin", trustOf(`{"Service":"ec2.amazonaws.com"}`), policyOf(policy.Identity, allowsAll))
		for _, name := range []string{"web", "batch"} {
			l.role(name, trustOf(`{"Service":"ec2.amazonaws.com"}`)).InstanceProfiles = []string{labIAM + "instance-profile/" + name}
		}
		got := ""
		if e := l.climbs(t, l.who, nil); e != nil && e.Certain() {
			got = strings.Join(e.Methods(), ",")
		}
		if got != tt.want {
			t.Errorf("%s: by %q, want %q", tt.name, got, tt.want)
		}
	}
}

// What one service uses together is in one region: that of resources, and that which
// conditions ask for.
func TestThingsInOneRegion(t *testing.T) {
	t.Parallel()
	on := func(action string, resources ...string) string {
		return `{"Effect":"Allow","Action":"` + action + `","Resource":["` + strings.Join(resources, `","`) + `"]}`
	}
	const ecs = "arn:aws:ecs:"
	build := func(definitions, clusters string, more ...string) func(l *lab) {
		return func(l *lab) {
			list := append([]string{
				allowsOn("iam:PassRole"), on("ecs:RegisterTaskDefinition", ecs+definitions+":task-definition/*"),
				on("ecs:RunTask", ecs+definitions+":task-definition/*"), on("ecs:CreateCluster", ecs+clusters+":cluster/*"),
			}, more...)
			l.who = l.user("climber", policyOf(policy.Identity, list...))
			l.role("admin", trustOf(`{"Service":"ecs-tasks.amazonaws.com"}`), policyOf(policy.Identity, allowsAll))
		}
	}
	climbBy(t, []climbing{
		{"both anywhere", build("*:*", "*:*"), "ecs-run-task"},
		{"both in one", build("eu-west-1:*", "eu-west-1:*"), "ecs-run-task"},
		{"one of two regions", build("eu-west-1:*", "us-east-1:*", on("ecs:CreateCluster", ecs+"eu-west-1:*:cluster/*")), "ecs-run-task"},
		{"patterns that meet", build("eu-*:*", "eu-west-1:*"), "ecs-run-task"},
		{"a Deny of all other regions", build("*:*", "*:*", `{"Effect":"Deny","Action":"*","NotResource":["`+ecs+`eu-west-1:*","`+labIAM+`*"]}`), "ecs-run-task"},
	})
	for name, lab := range map[string]func(l *lab){
		"each in another": build("eu-west-1:*", "us-east-1:*"),
		"patterns apart":  build("eu-*:*", "us-*:*"),
	} {
		l := newLab()
		lab(l)
		if e := l.climbs(t, l.who, nil); e != nil && e.Certain() {
			t.Errorf("%s: certain by %v", name, e.Methods())
		}
	}
}

// What no request carries that this caller may make, or have made, is no way at all.
func TestConditionsThatNobodyMeets(t *testing.T) {
	t.Parallel()
	when := func(statement, condition string) string {
		return strings.TrimSuffix(statement, "}") + `,"Condition":{` + condition + `}}`
	}
	via := func(more ...string) func(l *lab) {
		return func(l *lab) {
			l.who = l.user("climber", policyOf(policy.Identity, append(more, when(allowsOn("iam:PutUserPolicy"), `"ForAnyValue:StringEquals":{"aws:CalledVia":"cloudformation.amazonaws.com"}`))...))
		}
	}
	passes := func(condition string) func(l *lab) {
		return func(l *lab) {
			l.who = l.user("climber", policyOf(policy.Identity, when(allowsOn("iam:PassRole"), condition), allowsOn("lambda:CreateFunction", "lambda:InvokeFunction")))
			l.role("admin", trustOf(`{"Service":"lambda.amazonaws.com"}`), policyOf(policy.Identity, allowsAll))
		}
	}
	for _, tt := range []struct {
		name string
		lab  func(l *lab)
		want bool
	}{
		{"through a service that it may not call", via(), false},
		{"through another one", via(allowsOn("athena:StartQueryExecution")), false},
		{"through one that it may call", via(allowsOn("cloudformation:CreateStack")), true},
		{"through one that it may call as it may nearly all", via(`{"Effect":"Allow","NotAction":"iam:*","Resource":"*"}`), true},
		{"passed for something of another service", passes(`"ArnLike":{"iam:AssociatedResourceArn":"arn:aws:ec2:*:*:instance/*"}`), false},
		{"passed for something of this one", passes(`"ArnLike":{"iam:AssociatedResourceArn":"arn:aws:lambda:*:*:function:*"}`), true},
		{"passed for anything but something of another one", passes(`"ArnNotLike":{"iam:AssociatedResourceArn":"arn:aws:ec2:*:*:instance/*"}`), true},
		{"passed for anything", passes(`"ArnLike":{"iam:AssociatedResourceArn":"*"}`), true},
	} {
		l := newLab()
		tt.lab(l)
		if e := l.climbs(t, l.who, nil); (e != nil) != tt.want {
			t.Errorf("%s: %+v", tt.name, e)
		}
	}
}

// Conditions on who the caller is are met by it, or not; what is new has to be covered by
// statements whose conditions hold.
func TestConditionsThatTheCallerMeets(t *testing.T) {
	t.Parallel()
	ways := map[string]func(condition string) func(l *lab){
		"lambda-create-invoke": func(condition string) func(l *lab) {
			return func(l *lab) {
				l.who = l.user("climber", policyOf(policy.Identity, allowsOn("iam:PassRole"), strings.TrimSuffix(allowsOn("lambda:CreateFunction", "lambda:InvokeFunction"), "}")+`,"Condition":{`+condition+`}}`))
				l.role("admin", trustOf(`{"Service":"lambda.amazonaws.com"}`), policyOf(policy.Identity, allowsAll))
			}
		},
		"iam-create-role-and-empower": func(condition string) func(l *lab) {
			return func(l *lab) {
				l.who = l.user("climber", policyOf(policy.Identity, strings.TrimSuffix(allowsOn("iam:CreateRole", "iam:AttachRolePolicy"), "}")+`,"Condition":{`+condition+`}}`))
			}
		},
	}
	for condition, want := range map[string]bool{
		`"StringEquals":{"aws:PrincipalAccount":"` + labAccount + `"}`:     true,
		`"StringEquals":{"aws:PrincipalAccount":"444455556666"}`:           false,
		`"ArnLike":{"aws:PrincipalArn":"` + labIAM + `user/cl*"}`:          true,
		`"ArnLike":{"aws:PrincipalArn":"` + labIAM + `user/x*"}`:           false,
		`"StringEquals":{"aws:username":"climber"}`:                        true,
		`"StringEquals":{"aws:username":"other"}`:                          false,
		`"StringEquals":{"aws:PrincipalType":"User"}`:                      true,
		`"StringEquals":{"aws:PrincipalTag/team":"x"}`:                     true,
		`"StringEquals":{"aws:PrincipalTag/team":"y"}`:                     false,
		`"StringEquals":{"aws:ResourceAccount":"${aws:PrincipalAccount}"}`: true,
		`"StringEquals":{"aws:ResourceAccount":"444455556666"}`:            false,
	} {
		for method, lab := range ways {
			l := newLab()
			lab(condition)(l)
			l.who.Tags = map[string]string{"team": "x"}
			got := ""
			if e := l.climbs(t, l.who, nil); e != nil {
				if got = strings.Join(e.Methods(), ","); !e.Certain() {
					t.Errorf("%s: not certain: %v %v", condition, e.Condition, e.If)
				}
			}
			if (got == method) != want || (got == "") == want {
				t.Errorf("%s: by %q, want %s: %v", condition, got, method, want)
			}
		}
	}
}

// A second role has to be passed, or the role that is passed has to assume another one.
func TestSecondRoles(t *testing.T) {
	t.Parallel()
	on := func(action string, roles ...string) string {
		for i := range roles {
			roles[i] = labIAM + "role/" + roles[i]
		}
		return `{"Effect":"Allow","Action":"` + action + `","Resource":["` + strings.Join(roles, `","`) + `"]}`
	}
	cluster := func(passes ...string) func(l *lab) {
		return func(l *lab) {
			l.who = l.user("climber", policyOf(policy.Identity, on("iam:PassRole", passes...), allowsOn("elasticmapreduce:RunJobFlow")))
			l.role("admin", trustOf(`{"Service":"ec2.amazonaws.com"}`), policyOf(policy.Identity, allowsAll)).InstanceProfiles = []string{labIAM + "instance-profile/admin"}
			l.role("cluster", trustOf(`{"Service":"elasticmapreduce.amazonaws.com"}`))
		}
	}
	stacks := func(trusts string) func(l *lab) {
		return func(l *lab) {
			l.who = l.user("climber", policyOf(policy.Identity, on("iam:PassRole", "stacks"), allowsOn("cloudformation:CreateStackSet", "cloudformation:CreateStackInstances")))
			l.role("stacks", trustOf(`{"Service":"cloudformation.amazonaws.com"}`), policyOf(policy.Identity, on("sts:AssumeRole", "execution")))
			l.role("execution", trustOf(`{"AWS":"`+labIAM+trusts+`"}`), policyOf(policy.Identity, allowsAll))
		}
	}
	for _, tt := range []struct {
		name, want string
		lab        func(l *lab)
	}{
		{"both can be passed", "certain", cluster("admin", "cluster")},
		{"one can", "perhaps", cluster("admin")},
		{"the other can", "no", cluster("cluster")},
		{"stacks of a role that assumes an administrator", "certain", stacks("role/stacks")},
		{"stacks of a role that does not", "no", stacks("role/other")},
	} {
		l := newLab()
		tt.lab(l)
		if got := l.verdict(t); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
	}
}

// A role may trust a service by the name that it has in a region, and for what is in the
// account.
func TestHowRolesTrustServices(t *testing.T) {
	t.Parallel()
	from := func(service, condition string) *policy.Document {
		return policyOf(policy.Trust, `{"Effect":"Allow","Principal":{"Service":"`+service+`"},"Action":"sts:AssumeRole","Condition":{`+condition+`}}`).Doc
	}
	for _, tt := range []struct {
		name  string
		trust *policy.Document
		want  string
	}{
		{"the service", trustOf(`{"Service":"states.amazonaws.com"}`), "certain"},
		{"its name in a region", trustOf(`{"Service":"states.eu-west-1.amazonaws.com"}`), "certain"},
		{"another one's", trustOf(`{"Service":"events.eu-west-1.amazonaws.com"}`), "no"},
		{"a name that only looks like it", trustOf(`{"Service":"states.example.amazonaws.com"}`), "no"},
		{"for its account", from("states.amazonaws.com", `"StringEquals":{"aws:SourceAccount":"`+labAccount+`"}`), "certain"},
		{"for another account", from("states.amazonaws.com", `"StringEquals":{"aws:SourceAccount":"444455556666"}`), "no"},
		{"for something of its account", from("states.amazonaws.com", `"ArnLike":{"aws:SourceArn":"arn:aws:states:*:`+labAccount+`:stateMachine:*"}`), "perhaps"},
		{"for something of another account", from("states.amazonaws.com", `"ArnLike":{"aws:SourceArn":"arn:aws:states:*:444455556666:stateMachine:*"}`), "no"},
		{"for anything but something of another account", from("states.amazonaws.com", `"ArnNotLike":{"aws:SourceArn":"arn:aws:states:*:444455556666:*"}`), "perhaps"},
	} {
		l := newLab()
		l.who = l.user("climber", policyOf(policy.Identity, strings.TrimSuffix(allowsOn("iam:PassRole"), "}")+`,"Condition":{"StringEquals":{"iam:PassedToService":"states.amazonaws.com"}}}`, allowsOn("states:CreateStateMachine", "states:StartExecution")))
		l.role("admin", tt.trust, policyOf(policy.Identity, allowsAll))
		if got := l.verdict(t); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
	}
}

// Whoever changes an identity provider writes what stands in its tokens; what it says of
// requests besides is not its to choose.
func TestClaimsOfAChangedProvider(t *testing.T) {
	t.Parallel()
	const saml, oidc = labIAM + "saml-provider/corp", labIAM + "oidc-provider/idp.example.com"
	for _, tt := range []struct {
		call, provider, condition, want string
	}{
		{"iam:UpdateSAMLProvider", saml, `"StringEquals":{"SAML:aud":"https://signin.aws.amazon.com/saml"}`, "certain"},
		{"iam:UpdateSAMLProvider", saml, `"StringEquals":{"SAML:sub":"ann"}`, "certain"},
		{"iam:UpdateSAMLProvider", saml, `"StringEquals":{"SAML:aud":"x"},"IpAddress":{"aws:SourceIp":"203.0.113.0/24"}`, "perhaps"},
		{"iam:UpdateOpenIDConnectProviderThumbprint", oidc, `"StringEquals":{"idp.example.com:sub":"ann"}`, "perhaps"}, // its DNS has to be in the same hands
		{"iam:UpdateSAMLProvider", oidc, `"StringEquals":{"idp.example.com:sub":"ann"}`, "no"},
	} {
		l := newLab()
		l.who = l.user("climber", policyOf(policy.Identity, allowsOn(tt.call)))
		doc := trustOf(`{"Federated":"` + tt.provider + `"}`)
		action := doc.Statements[0].Actions[0].Text
		l.role("admin", policyOf(policy.Trust, `{"Effect":"Allow","Principal":{"Federated":"`+tt.provider+`"},"Action":"`+action+`","Condition":{`+tt.condition+`}}`).Doc, policyOf(policy.Identity, allowsAll))
		if got := l.verdict(t); got != tt.want {
			t.Errorf("%s of %s under %s: %s, want %s", tt.call, tt.provider, tt.condition, got, tt.want)
		}
	}
}

// One thing on which all calls may be made is found among many on which some may.
func TestOneOfManyThings(t *testing.T) {
	t.Parallel()
	const many = 120
	on := func(action string, i int) string {
		return fmt.Sprintf(`{"Effect":"Allow","Action":"lambda:%s","Resource":"arn:aws:lambda:us-east-1:%s:function:f%03d","Condition":{"IpAddress":{"aws:SourceIp":"10.0.0.%d"}}}`, action, labAccount, i, i)
	}
	for name, tt := range map[string]struct {
		invoked int
		want    string
	}{
		"the first":            {0, "aws:SourceIp in 10.0.0.0"},
		"one in between":       {many / 2, "aws:SourceIp in 10.0.0.60"},
		"the last":             {many - 1, "aws:SourceIp in 10.0.0.119"},
		"one that nobody made": {many, ""},
	} {
		statements := []string{allowsOn("iam:PassRole"), on("InvokeFunction", tt.invoked)}
		for i := range many {
			statements = append(statements, on("CreateFunction", i))
		}
		l := newLab()
		l.who = l.user("climber", policyOf(policy.Identity, statements...))
		l.role("admin", trustOf(`{"Service":"lambda.amazonaws.com"}`), policyOf(policy.Identity, allowsAll))
		got := ""
		if e := l.climbs(t, l.who, nil); e != nil {
			got = e.Condition.String()
		}
		if got != tt.want {
			t.Errorf("%s: if %q, want %q", name, got, tt.want)
		}
	}
}
