package solver

import (
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
		"arn:aws:ssm:*:*:document/AWS-UpdateSSMAgent":         true, // the account may have one of the name
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
