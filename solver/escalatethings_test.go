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
