package solver

import (
	"strings"
	"testing"

	"pathfinder/graphmodel/policy"
)

// Calls that tell conditions the role, or the instance profile, which they name: it is that of
// the role that is taken over (E164, E224).
func TestCallsThatNameTheRole(t *testing.T) {
	t.Parallel()
	const (
		pass         = `{"Effect":"Allow","Action":"iam:PassRole","Resource":"*"}`
		no, perhaps  = "no", "perhaps"
		certain      = "certain"
		stacks       = "cloudformation.amazonaws.com"
		builds       = "codebuild.amazonaws.com"
		instances    = "ec2.amazonaws.com"
		createStack  = "cloudformation:CreateStack"
		updateStack  = "cloudformation:UpdateStack"
		roleOfStack  = "cloudformation:RoleArn"
		profile      = "ec2:InstanceProfile"
		ours, others = "role/admin", "role/other"
	)
	asking := func(operator, key, of string, actions ...string) string {
		value := labIAM + of
		if operator == "Null" {
			value = of
		}
		return strings.TrimSuffix(allowsOn(actions...), "}") + `,"Condition":{"` + operator + `":{"` + key + `":"` + value + `"}}}`
	}
	for _, tt := range []struct {
		name, service string
		may           []string
		want          string
	}{
		{"a stack of the role", stacks, []string{pass, asking("ArnEquals", roleOfStack, ours, createStack)}, certain},
		{"a stack of another role", stacks, []string{pass, asking("ArnEquals", roleOfStack, others, createStack)}, no},
		{"a stack of any role but another", stacks, []string{pass, asking("ArnNotEquals", roleOfStack, others, createStack)}, certain},
		{"a stack of any role but this", stacks, []string{pass, asking("ArnNotEquals", roleOfStack, ours, createStack)}, no},
		{"a stack of no role", stacks, []string{pass, asking("Null", roleOfStack, "true", createStack)}, no},
		{"an update that passes the role", stacks, []string{pass, asking("ArnEquals", roleOfStack, ours, updateStack)}, perhaps},
		{"an update that has to pass the role, which it may not", stacks, []string{asking("ArnEquals", roleOfStack, ours, updateStack)}, no},
		{"an update that passes no role", stacks, []string{asking("Null", roleOfStack, "true", updateStack)}, perhaps},
		{"a build project of the role", builds, []string{pass, asking("ArnEquals", "codebuild:serviceRole", ours, "codebuild:CreateProject"), allowsOn("codebuild:StartBuild")}, certain},
		{"a build project of another role", builds, []string{pass, asking("ArnEquals", "codebuild:serviceRole", others, "codebuild:CreateProject")}, no},
		{"an instance of the profile", instances, []string{asking("ArnEquals", profile, "instance-profile/admin", "ec2:ModifyInstanceAttribute", "ec2:StopInstances", "ec2:StartInstances")}, perhaps},
		{"an instance of another profile", instances, []string{asking("ArnEquals", profile, "instance-profile/other", "ec2:ModifyInstanceAttribute", "ec2:StopInstances", "ec2:StartInstances")}, no},
		{"the profile put on an instance", instances, []string{pass, asking("ArnEquals", "ec2:NewInstanceProfile", "instance-profile/admin", "ec2:AssociateIamInstanceProfile")}, perhaps},
		{"another profile put on an instance", instances, []string{pass, asking("ArnEquals", "ec2:NewInstanceProfile", "instance-profile/other", "ec2:AssociateIamInstanceProfile")}, no},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			l := newLab()
			l.who = l.user("climber", policyOf(policy.Identity, tt.may...))
			l.role("admin", trustOf(`{"Service":"`+tt.service+`"}`), policyOf(policy.Identity, allowsAll)).InstanceProfiles = []string{labIAM + "instance-profile/admin"}
			if got := l.verdict(t); got != tt.want {
				t.Errorf("%s, want %s: %+v", got, tt.want, l.climbs(t, l.who, nil))
			}
		})
	}
}
