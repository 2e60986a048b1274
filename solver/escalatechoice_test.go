package solver

import (
	"strings"
	"testing"

	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
)

// A caller writes into its requests what policies ask of them: that is no condition. What is
// there already, and the way a request comes, it does not choose (E216, E223).
func TestConditionsOnWhatTheCallerChooses(t *testing.T) {
	t.Parallel()
	const (
		create, invoke, tag = "lambda:CreateFunction", "lambda:InvokeFunction", "lambda:TagResource"
		both                = create + `","` + invoke
		functions           = "arn:aws:lambda:*:" + labAccount + ":function:"
		run                 = "ec2:RunInstances"
		ec2                 = "arn:aws:ec2:*:" + labAccount + ":"
		instance            = ec2 + "instance/*"
		rest                = ec2 + `subnet/*","` + ec2 + `network-interface/*","` + ec2 + `volume/*","` + ec2 + `security-group/*","arn:aws:ec2:*::image/*`
		self                = labIAM + "user/climber"
		made                = labIAM + "user/new*"
		team                = `"StringEquals":{"aws:RequestTag/team":"dev"}`
		mfa                 = `"Bool":{"aws:MultiFactorAuthPresent":"true"}`
	)
	st := func(effect, actions, on, condition string) string {
		return `{"Effect":"` + effect + `","Action":["` + actions + `"],"Resource":["` + on + `"],"Condition":{` + condition + `}}`
	}
	allow := func(actions, on, condition string) string { return st("Allow", actions, on, condition) }
	deny := func(actions, on, condition string) string { return st("Deny", actions, on, condition) }
	for _, tt := range []struct {
		name, want string
		may        []string
	}{
		{"a region", "certain", []string{allow(both, "*", `"StringEquals":{"aws:RequestedRegion":"eu-west-1"}`)}},
		{"regions of a pattern", "certain", []string{allow(both, "*", `"StringLike":{"aws:RequestedRegion":"eu-*"}`)}},
		{"a region that accounts opt in to", "perhaps", []string{allow(both, "*", `"StringEquals":{"aws:RequestedRegion":"me-south-1"}`)}},
		{"a Deny of all but two regions", "certain", []string{allowsOn(create, invoke), deny("*", "*", `"StringNotEquals":{"aws:RequestedRegion":["us-east-1","eu-west-1"]}`)}},
		{"a region, and what is in it", "certain", []string{allow(both, strings.Replace(functions, "*", "eu-west-1", 1)+"*", `"StringEquals":{"aws:RequestedRegion":"eu-west-1"}`)}},
		{"a region, and what is in another one", "no", []string{allow(both, strings.Replace(functions, "*", "eu-west-1", 1)+"*", `"StringEquals":{"aws:RequestedRegion":"us-east-1"}`)}},
		{"a call in one region by its resource, the other by its condition", "no", []string{
			allow(create, strings.Replace(functions, "*", "eu-west-1", 1)+"*", `"Bool":{"aws:SecureTransport":"true"}`), allow(invoke, "*", `"StringEquals":{"aws:RequestedRegion":"us-east-1"}`),
		}},
		{"a region, and MFA", "perhaps", []string{allow(both, "*", `"StringEquals":{"aws:RequestedRegion":"eu-west-1"},`+mfa)}},
		{"a region of EC2", "certain", []string{allow(run, "*", `"StringEquals":{"ec2:Region":"eu-west-1"}`)}},
		{"two keys of two regions", "perhaps", []string{allow(run, "*", `"StringEquals":{"ec2:Region":"eu-west-1","aws:RequestedRegion":"us-east-1"}`)}},
		{"TLS", "certain", []string{allow("iam:AttachUserPolicy", self, `"Bool":{"aws:SecureTransport":"true"}`)}},
		{"no TLS", "perhaps", []string{allow("iam:AttachUserPolicy", self, `"Bool":{"aws:SecureTransport":"false"}`)}},
		{"a program", "certain", []string{allow(both, "*", `"StringLike":{"aws:UserAgent":"*aws-cli*"}`)}},
		{"a program that is denied", "no", []string{allow(both, "*", `"StringLike":{"aws:UserAgent":"*aws-cli*"}`), deny(both, "*", `"StringLike":{"aws:UserAgent":"*cli*"}`)}},
		{"no service between", "certain", []string{allow(both, "*", `"Bool":{"aws:ViaAWSService":"false"}`)}},
		{"a service between, or MFA", "perhaps", []string{allowsOn(create, invoke), deny(both, "*", `"BoolIfExists":{"aws:ViaAWSService":"false","aws:MultiFactorAuthPresent":"false"}`)}},
		{"an address", "perhaps", []string{allow(both, "*", `"IpAddress":{"aws:SourceIp":"203.0.113.0/24"}`)}},
		{"a private address, which a request may show as far as is known", "perhaps", []string{allow(both, "*", `"IpAddress":{"aws:SourceIp":["10.0.0.0/8","192.168.4.0/24"]}`)}},
		{"a private address or another one", "perhaps", []string{allow(both, "*", `"IpAddress":{"aws:SourceIp":["10.0.0.0/8","203.0.113.0/24"]}`)}},
		{"all but private addresses denied", "perhaps", []string{allowsOn(create, invoke), deny("*", "*", `"NotIpAddress":{"aws:SourceIp":["10.0.0.0/8","172.16.0.0/12"]}`)}},
		{"private addresses denied", "perhaps", []string{allowsOn(create, invoke), deny("*", "*", `"IpAddress":{"aws:SourceIp":"10.0.0.0/8"}`)}},
		{"a private address in a network", "perhaps", []string{allow(both, "*", `"IpAddress":{"aws:VpcSourceIp":"10.0.0.0/8"}`)}},

		{"a type of instances", "certain", []string{allow(run, instance, `"StringEquals":{"ec2:InstanceType":"t3.micro"}`), allow(run, rest, `"Bool":{"aws:SecureTransport":"true"}`)}},
		{"all types but some denied", "certain", []string{allowsOn(run), deny(run, instance, `"StringNotLike":{"ec2:InstanceType":"t3.*"}`)}},
		{"a type of instances, asked of images as well", "no", []string{allow(run, "*", `"StringEquals":{"ec2:InstanceType":"t3.micro"}`)}},
		{"a type of instances, where there is one", "certain", []string{allow(run, "*", `"StringEqualsIfExists":{"ec2:InstanceType":"t3.micro"}`)}},
		{"all types but one denied, of images as well", "no", []string{allowsOn(run), deny(run, "*", `"StringNotEquals":{"ec2:InstanceType":"t3.micro"}`)}},
		{"a tag of what is launched, asked of images as well", "no", []string{allow(run+`","ec2:CreateTags`, "*", team)}},
		{"a tag of what is there, asked of what is launched as well", "no", []string{allow(run, "*", `"StringEquals":{"aws:ResourceTag/team":"dev"}`)}},
		{"an owner of images, asked of instances as well", "no", []string{allow(run, "*", `"StringEquals":{"ec2:Owner":"amazon"}`)}},
		{"an owner of images", "certain", []string{allowsOn(run), deny(run, "arn:aws:ec2:*::image/*", `"StringNotEquals":{"ec2:Owner":"amazon"}`)}},
		{"IMDSv2", "certain", []string{allowsOn(run), deny(run, instance, `"StringNotEquals":{"ec2:MetadataHttpTokens":"required"}`)}},
		{"a network", "perhaps", []string{allowsOn(run), deny(run, ec2+"subnet/*", `"StringNotEquals":{"ec2:Vpc":"arn:aws:ec2:eu-west-1:`+labAccount+`:vpc/vpc-1"}`)}},
		{"no network", "certain", []string{allow(create, "*", `"Null":{"lambda:VpcIds":"true"}`), allowsOn(invoke)}},
		{"a layer", "perhaps", []string{allow(create, "*", `"ForAnyValue:StringLike":{"lambda:Layer":"arn:aws:lambda:*:999999999999:layer:x:*"}`), allowsOn(invoke)}},

		{"a tag", "certain", []string{allow(create, "*", team), allowsOn(invoke, tag)}},
		{"a tag that it may not set", "perhaps", []string{allow(create, "*", team), allowsOn(invoke)}},
		{"a tag that it may set to something else", "perhaps", []string{allow(create, "*", team), allowsOn(invoke), allow(tag, "*", `"StringEquals":{"aws:RequestTag/team":"ops"}`)}},
		{"a tag that it may set on other functions", "perhaps", []string{allow(create, functions+"dev-*", team), allowsOn(invoke), allow(tag, functions+"ops-*", team)}},
		{"two tags", "certain", []string{allow(create, "*", `"StringEquals":{"aws:RequestTag/team":"dev","aws:RequestTag/cost":"1"}`), allowsOn(invoke, tag)}},
		{"a tag among names that leave it out", "perhaps", []string{allow(create, "*", team+`,"ForAllValues:StringEquals":{"aws:TagKeys":["cost"]}`), allowsOn(invoke, tag)}},
		{"no tag", "certain", []string{allowsOn(create, invoke), deny(create, "*", `"Null":{"aws:RequestTag/team":"false"}`)}},
		{"a tag, and none", "no", []string{allow(create, "*", team), allowsOn(invoke, tag), deny(create, "*", `"Null":{"aws:RequestTag/team":"false"}`)}},
		{"the tag that it made it with", "certain", []string{allow(create, "*", team), allowsOn(tag), allow(invoke, "*", `"StringEquals":{"aws:ResourceTag/team":"dev"}`)}},
		{"another tag than it made it with", "perhaps", []string{allow(create, "*", team), allowsOn(tag), allow(invoke, "*", `"StringEquals":{"aws:ResourceTag/team":"ops"}`)}},
		{"the tag of what is there", "perhaps", []string{allow(`lambda:UpdateFunctionCode","`+invoke, "*", `"StringEquals":{"aws:ResourceTag/team":"dev"}`)}},
		{"a tag of an instance", "certain", []string{allow(run, instance, team), allow(run, rest, `"Bool":{"aws:SecureTransport":"true"}`), allow("ec2:CreateTags", "*", `"StringEquals":{"ec2:CreateAction":"RunInstances"}`)}},
		{"a tag of a volume alone", "perhaps", []string{allow(run, instance, team), allow(run, rest, `"Bool":{"aws:SecureTransport":"true"}`), allow("ec2:CreateTags", "*", `"StringEquals":{"ec2:CreateAction":"CreateVolume"}`)}},
		{"a tag of a new user", "certain", []string{allow("iam:CreateUser", made, team), allow(`iam:TagUser","iam:AttachUserPolicy","iam:CreateAccessKey`, made, `"Bool":{"aws:SecureTransport":"true"}`)}},
		{"a tag of an instance that it may not set", "no", []string{allow(run, instance, team), allow(run, rest, `"Bool":{"aws:SecureTransport":"true"}`)}},
		{"a tag of an instance that a Deny keeps it from setting", "no", []string{allow(run, instance, team), allow(run, rest, `"Bool":{"aws:SecureTransport":"true"}`), allowsOn("ec2:CreateTags"), `{"Effect":"Deny","Action":"ec2:CreateTags","Resource":"*"}`}},
		{"no tag of an instance, as it may set none", "certain", []string{allowsOn(run), deny(run, instance, `"Null":{"aws:RequestTag/team":"false"}`)}},
		{"a tag of a new user that it may not set", "no", []string{allow("iam:CreateUser", made, team), allow(`iam:AttachUserPolicy","iam:CreateAccessKey`, made, `"Bool":{"aws:SecureTransport":"true"}`)}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			l := newLab()
			l.who = l.user("climber", policyOf(policy.Identity, append(tt.may, allowsOn("iam:PassRole"))...))
			l.role("runs", trustOf(`{"Service":"lambda.amazonaws.com"}`), policyOf(policy.Identity, allowsAll))
			by := l.role("hosts", trustOf(`{"Service":"ec2.amazonaws.com"}`), policyOf(policy.Identity, allowsAll))
			by.InstanceProfiles = []string{labIAM + "instance-profile/hosts"}
			if got := l.verdict(t); got != tt.want {
				t.Errorf("%s, want %s", got, tt.want)
			}
		})
	}
}

// A role that no instance profile delivers runs on no instance. Where it is not known which
// ones do, it may.
func TestInstanceProfilesThatWereNotRead(t *testing.T) {
	t.Parallel()
	const pass, run = "iam:PassRole", "ec2:RunInstances"
	unread := []inventory.Gap{{Account: labAccount, Service: "iam", What: inventory.InstanceProfiles}}
	for _, tt := range []struct {
		name, want string
		gaps       []inventory.Gap
		profile    bool
		may        []string
	}{
		{"none, and a new instance", "no", nil, false, []string{pass, run}},
		{"none, and an instance that is there", "no", nil, false, []string{"ssm:StartSession"}},
		{"not read, and a new instance", "perhaps", unread, false, []string{pass, run}},
		{"not read, and an instance that is there", "perhaps", unread, false, []string{"ssm:StartSession"}},
		{"not read of another account", "no", []inventory.Gap{{Account: "999999999999", Service: "iam", What: inventory.InstanceProfiles}}, false, []string{pass, run}},
		{"something else was not read", "no", []inventory.Gap{{Account: labAccount, Service: "iam", What: "users"}}, false, []string{pass, run}},
		{"not read, and a new one", "certain", unread, false, []string{pass, run, "iam:CreateInstanceProfile", "iam:AddRoleToInstanceProfile"}},
		{"one", "certain", nil, true, []string{pass, run}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			l := newLab()
			l.gaps, l.who = tt.gaps, l.user("climber", policyOf(policy.Identity, allowsOn(tt.may...)))
			by := l.role("hosts", trustOf(`{"Service":"ec2.amazonaws.com"}`), policyOf(policy.Identity, allowsAll))
			if tt.profile {
				by.InstanceProfiles = []string{labIAM + "instance-profile/hosts"}
			}
			if got := l.verdict(t); got != tt.want {
				t.Errorf("%s, want %s", got, tt.want)
			}
		})
	}
}

// Whoever assumes a role names the session.
func TestConditionsOnTheNameOfASession(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{"deploy": "certain", "climber-*": "certain", "x": "perhaps", "no name": "perhaps"} {
		l := newLab()
		l.who = l.user("climber", policyOf(policy.Identity, allowsOn("sts:AssumeRole")))
		l.role("admin", policy.Parse([]byte(`{"Statement":[{"Effect":"Allow","Principal":{"AWS":"`+labAccount+`"},"Action":"sts:AssumeRole","Condition":{"StringLike":{"sts:RoleSessionName":"`+name+`"}}}]}`), policy.Trust), policyOf(policy.Identity, allowsAll))
		if got := l.verdict(t); got != want {
			t.Errorf("named %q: %s, want %s", name, got, want)
		}
	}
}
