package mototest

import (
	"fmt"
	"net/http"
	"testing"
)

// Management is the account that moto takes unknown credentials for.
const Management = "123456789012"

// The read role of every account.
const (
	Role       = "audit/PathfinderRead"
	ExternalID = "moto-external-id"
)

// Telltale is part of everything that is secret in the organization.
const Telltale = "TELLTALE"

// Region is where the resources are.
const Region = "eu-central-1"

// Seed builds the organization and returns the ids of its accounts, the management
// account first.
func (s *Server) Seed(tb testing.TB) []string {
	tb.Helper()
	root := seeder{tb: tb, s: s, region: "us-east-1"}
	root.to("motoapi.amazonaws.com", "moto", http.MethodPost, "/moto-api/seed?a=42", "")
	accounts := seedOrganization(root)
	for _, id := range accounts {
		at := root
		if id != Management {
			at = root.in(id)
		}
		seedIAM(at, id)
	}
	seedCenter(seeder{tb: tb, s: s, region: Region}, accounts[3])
	data := seeder{tb: tb, s: s, region: Region}.in(accounts[1])
	key := seedKeys(data)
	seedData(data, accounts[1], accounts[2], key)
	seedBuckets(data, accounts[1], accounts[2], key)
	compute := data.in(accounts[2])
	seedCompute(compute, accounts[2])
	seedOthers(compute, accounts[2])
	return accounts
}

// seedOrganization makes eleven accounts, three levels of units, and control
// policies on the root, on units and on an account.
func seedOrganization(s seeder) []string {
	const target = "AWSOrganizationsV20161128."
	do := func(name, body string) string { return s.json("organizations", target+name, body) }
	do("CreateOrganization", `{"FeatureSet":"ALL"}`)
	rootID := field(s.tb, do("ListRoots", `{}`), "Id")
	unit := func(parent, name string) string {
		return field(s.tb, do("CreateOrganizationalUnit", `{"ParentId":"`+parent+`","Name":"`+name+`"}`), "Id")
	}
	units := []string{unit(rootID, "workloads"), unit(rootID, "security")}
	units = append(units, unit(units[0], "production"), unit(units[0], "testing"))
	units = append(units, unit(units[2], "shop"))
	accounts := []string{Management}
	for i := range 11 {
		made := do("CreateAccount", fmt.Sprintf(`{"Email":"%s-%02d@example.com","AccountName":"account-%02d"}`, Telltale, i+1, i+1))
		id := field(s.tb, made, "AccountId")
		accounts = append(accounts, id)
		if i < 9 {
			do("MoveAccount", `{"AccountId":"`+id+`","SourceParentId":"`+rootID+`","DestinationParentId":"`+units[i%len(units)]+`"}`)
		}
		got := s.query("sts", "AssumeRole", "RoleArn", "arn:aws:iam::"+id+":role/OrganizationAccountAccessRole", "RoleSessionName", "seed")
		s.s.keys[id] = field(s.tb, got, "AccessKeyId")
	}
	for _, kind := range []string{"SERVICE_CONTROL_POLICY", "RESOURCE_CONTROL_POLICY"} {
		do("EnablePolicyType", `{"RootId":"`+rootID+`","PolicyType":"`+kind+`"}`)
	}
	attach := func(kind, name, content string, targets ...string) {
		made := do("CreatePolicy", `{"Type":"`+kind+`","Name":"`+name+`","Description":"","Content":`+quoted(content)+`}`)
		for _, at := range targets {
			do("AttachPolicy", `{"PolicyId":"`+field(s.tb, made, "Id")+`","TargetId":"`+at+`"}`)
		}
	}
	deny := func(principal, action string) string {
		return `{"Version":"2012-10-17","Statement":[{"Sid":"Guard","Effect":"Deny",` + principal + `"Action":"` + action + `","Resource":"*"}]}`
	}
	attach("SERVICE_CONTROL_POLICY", "no-leaving", deny("", "organizations:LeaveOrganization"), rootID)
	attach("SERVICE_CONTROL_POLICY", "keep-trails", deny("", "cloudtrail:StopLogging"), units[0], units[1])
	attach("SERVICE_CONTROL_POLICY", "one-account", deny("", "ec2:TerminateInstances"), units[4], accounts[3])
	attach("RESOURCE_CONTROL_POLICY", "tls-only", `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*","Condition":{"Bool":{"aws:SecureTransport":"false"}}}]}`, rootID, units[2])
	do("RegisterDelegatedAdministrator", `{"AccountId":"`+accounts[2]+`","ServicePrincipal":"guardduty.amazonaws.com"}`)
	return accounts
}

// seedIAM makes the read role, and users, a group, roles, policies and providers.
func seedIAM(s seeder, id string) {
	do := func(action string, params ...string) string { return s.query("iam", action, params...) }
	trust := `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::` + Management +
		`:root"},"Action":"sts:AssumeRole","Condition":{"StringEquals":{"sts:ExternalId":"` + ExternalID + `"}}}]}`
	do("CreateRole", "RoleName", "PathfinderRead", "Path", "/audit/", "AssumeRolePolicyDocument", trust)
	do("CreateAccountAlias", "AccountAlias", "company-"+id[8:])
	do("CreatePolicy", "PolicyName", "Work", "Path", "/team/", "PolicyDocument", allow("", "s3:Get*", "*"))
	work := "arn:aws:iam::" + id + ":policy/team/Work"
	do("CreatePolicyVersion", "PolicyArn", work, "PolicyDocument", allow("", "s3:List*", "*"), "SetAsDefault", "true")
	do("CreateRole", "RoleName", "app", "AssumeRolePolicyDocument", allow(`{"Service":["lambda.amazonaws.com","ec2.amazonaws.com"]}`, "sts:AssumeRole", ""),
		"PermissionsBoundary", work, "Tags.member.1.Key", "team", "Tags.member.1.Value", "shop")
	do("AttachRolePolicy", "RoleName", "app", "PolicyArn", work)
	do("PutRolePolicy", "RoleName", "app", "PolicyName", "inline", "PolicyDocument", allow("", "sqs:SendMessage", "*"))
	do("CreateInstanceProfile", "InstanceProfileName", "app")
	do("AddRoleToInstanceProfile", "InstanceProfileName", "app", "RoleName", "app")
	do("CreateGroup", "GroupName", "staff")
	do("AttachGroupPolicy", "GroupName", "staff", "PolicyArn", work)
	for i, name := range []string{"ana", "bounded"} {
		do("CreateUser", "UserName", name)
		if i == 0 {
			do("AddUserToGroup", "UserName", name, "GroupName", "staff")
			do("CreateAccessKey", "UserName", name)
			do("CreateLoginProfile", "UserName", name, "Password", Telltale+"-password-1")
			continue
		}
		do("PutUserPolicy", "UserName", name, "PolicyName", "own", "PolicyDocument", allow("", "dynamodb:*", "*"))
	}
	do("CreateOpenIDConnectProvider", "Url", "https://token.actions.githubusercontent.com", "ClientIDList.member.1", "sts.amazonaws.com", "ThumbprintList.member.1", "990f4193972f2becf12ddeda5237f9c952f20d9e")
}
