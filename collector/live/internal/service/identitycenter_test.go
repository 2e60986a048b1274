package service_test

import (
	"maps"
	"strings"
	"testing"

	"pathfinder/collector/live/internal/awstest"
)

const (
	ssoInstance = "arn:aws:sso:::instance/ssoins-1"
	ssoSet      = "arn:aws:sso:::permissionSet/ssoins-1/ps-"
	sso         = "SWBExternalService."
	store       = "AWSIdentityStore."
)

func ssoInstances(owner string) string {
	return `{"Instances":[{"InstanceArn":"` + ssoInstance + `","IdentityStoreId":"d-1","OwnerAccountId":"` + owner + `","CreatedDate":1.7E9,"Status":"ACTIVE"}]}`
}

// centerAnswers are those of an instance with permission sets of all kinds: admin
// has everything, plain nothing, closed may only be listed, and gone vanished.
func centerAnswers() awstest.Answers {
	assigned := func(account, set, kind, id string) string {
		return `{"AccountId":"` + account + `","PermissionSetArn":"` + ssoSet + set + `","PrincipalType":"` + kind + `","PrincipalId":"` + id + `"}`
	}
	closed := awstest.Error(400, denied)
	return awstest.Answers{
		sso + "ListInstances": ssoInstances(awstest.Account),
		sso + "ListPermissionSets": about(
			"NextToken", `{"PermissionSets":["`+ssoSet+`closed","`+ssoSet+`gone"]}`,
			"", `{"PermissionSets":["`+ssoSet+`plain","`+ssoSet+`admin"],"NextToken":"2"}`),
		sso + "DescribePermissionSet": about(
			"ps-admin", `{"PermissionSet":{"Name":"Admin","PermissionSetArn":"`+ssoSet+`admin","CreatedDate":1.7E9,"SessionDuration":"PT8H","RelayState":"https://example.org"}}`,
			"ps-plain", `{"PermissionSet":{"Name":"Plain","PermissionSetArn":"`+ssoSet+`plain","SessionDuration":"PT1H"}}`,
			"ps-closed", closed, "ps-gone", awstest.Error(400, gone)),
		sso + "ListManagedPoliciesInPermissionSet": about(
			"ps-closed", closed, "ps-plain", `{"AttachedManagedPolicies":[]}`,
			"NextToken", `{"AttachedManagedPolicies":[{"Name":"ReadOnlyAccess","Arn":"arn:aws:iam::aws:policy/ReadOnlyAccess"}]}`,
			"", `{"AttachedManagedPolicies":[{"Name":"AdministratorAccess","Arn":"arn:aws:iam::aws:policy/AdministratorAccess"}],"NextToken":"2"}`),
		sso + "ListCustomerManagedPolicyReferencesInPermissionSet": about(
			"ps-closed", closed, "ps-plain", `{"CustomerManagedPolicyReferences":[]}`,
			"", `{"CustomerManagedPolicyReferences":[{"Name":"team","Path":"/teams/"},{"Name":"all"}]}`),
		sso + "GetInlinePolicyForPermissionSet": about(
			"ps-closed", closed, "ps-plain", `{"InlinePolicy":""}`,
			"", `{"InlinePolicy":"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Deny\",\"Action\":\"iam:*\",\"Resource\":\"*\"}]}"}`),
		sso + "GetPermissionsBoundaryForPermissionSet": about(
			"ps-closed", closed, "ps-plain", awstest.Error(400, gone),
			"", `{"PermissionsBoundary":{"CustomerManagedPolicyReference":{"Name":"limit","Path":"/"}}}`),
		sso + "ListTagsForResource": about(
			"ps-closed", closed, "ps-plain", `{"Tags":[]}`,
			"NextToken", `{"Tags":[{"Key":"team","Value":"ops"}]}`,
			"", `{"Tags":[{"Key":"env","Value":"prod"}],"NextToken":"2"}`),
		store + "ListUsers": about(
			"NextToken", `{"Users":[{"UserId":"u-3","UserName":"cleo"},{"UserId":"u-gone","UserName":"gone"}]}`,
			"", `{"Users":[{"UserId":"u-1","UserName":"ana","Name":{"FamilyName":"Hidden"},"Emails":[{"Value":"hidden@example.org","Primary":true}],"PhoneNumbers":[{"Value":"hidden"}]},`+
				`{"UserId":"u-2","UserName":"ben"}],"NextToken":"2"}`),
		store + "ListGroups": `{"Groups":[{"GroupId":"g-2","DisplayName":"empty"},{"GroupId":"g-1","DisplayName":"ops"},{"GroupId":"g-3","DisplayName":"closed"},{"GroupId":"g-gone","DisplayName":"gone"}]}`,
		store + "ListGroupMemberships": about(
			"g-2", `{"GroupMemberships":[]}`, "g-3", closed, "g-gone", awstest.Error(400, gone),
			"NextToken", `{"GroupMemberships":[{"GroupId":"g-1","MemberId":{"UserId":"u-2"}}]}`,
			"", `{"GroupMemberships":[{"IdentityStoreId":"d-1","MembershipId":"m","GroupId":"g-1","MemberId":{"UserId":"u-1"}}],"NextToken":"2"}`),
		// The answer for a user holds what its groups may.
		sso + "ListAccountAssignmentsForPrincipal": about(
			`"g-1"`, `{"AccountAssignments":[`+assigned("222233334444", "admin", "GROUP", "g-1")+`]}`,
			`"u-1"`, `{"AccountAssignments":[`+assigned("222233334444", "admin", "GROUP", "g-1")+`,`+assigned("111122223333", "plain", "USER", "u-1")+`]}`,
			`"u-3"`, closed, `"u-gone"`, awstest.Error(400, gone), `"g-gone"`, awstest.Error(400, gone),
			"", `{"AccountAssignments":[]}`),
	}
}

func TestReadCenter(t *testing.T) {
	t.Parallel()
	got, err := awstest.Read(t, "identitycenter", centerAnswers())
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(strings.ToLower(got), "hidden") {
		t.Error("names or addresses of users were kept")
	}
	golden(t, "identitycenter", got)
}

func TestReadCenterElsewhere(t *testing.T) {
	t.Parallel()
	closed := awstest.Error(400, denied)
	tests := []struct {
		name    string
		answers awstest.Answers // in place of those above
		err     bool
	}{
		{"none", awstest.Answers{sso + "ListInstances": `{"Instances":[]}`}, false},
		{"denied", awstest.Answers{sso + "ListInstances": closed}, true},
		// Members see the instance of the organization and may not look into it.
		{"member", awstest.Answers{sso + "ListInstances": ssoInstances("999988887777"), sso + "ListPermissionSets": closed}, false},
		// An instance of a single account leads into none.
		{"account", awstest.Answers{sso + "ListPermissionSets": awstest.Error(400, "ValidationException")}, false},
		{"closed", awstest.Answers{sso + "ListPermissionSets": closed, store + "ListUsers": closed, store + "ListGroups": closed}, false},
		{"delegated", awstest.Answers{
			sso + "ListInstances": ssoInstances("999988887777"), sso + "ListPermissionSets": `{"PermissionSets":[]}`,
			store + "ListUsers": `{"Users":[]}`, store + "ListGroups": `{"Groups":[]}`,
		}, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			answers := centerAnswers()
			maps.Copy(answers, tt.answers)
			got, err := awstest.Read(t, "identitycenter", answers)
			if (err != nil) != tt.err {
				t.Fatalf("the error is %v", err)
			}
			golden(t, "identitycenter-"+tt.name, got)
		})
	}
}
