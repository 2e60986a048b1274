package snapshot_test

import (
	"os"
	"strings"
	"testing"

	"pathfinder/collector/snapshot"
	"pathfinder/graphmodel/inventory"
)

// What is absent was not read; what is empty is not there.
func TestCentersOfFixture(t *testing.T) {
	t.Parallel()
	got := load(t, os.DirFS("../../fixtures/identity-center")).Centers()
	if len(got) != 2 {
		t.Fatalf("got %d instances, want that of the organization and that of an account", len(got))
	}
	c, own := &got[0], &got[1]
	equal(t, "holders", []string{c.Holder, own.Holder}, []string{"210000000001", "210000000002"})
	equal(t, "region", c.Region, "eu-central-1")
	equal(t, "what is known", []bool{c.AssignmentsKnown, c.UsersKnown, c.GroupsKnown}, []bool{true, true, true})
	equal(t, "sets", c.Sets[0], inventory.PermissionSet{ARN: "arn:aws:sso:::permissionSet/ssoins-6987aaaabbbbcccc/ps-admin", Name: "Admin"})
	equal(t, "assignments", c.Assignments[:2], []inventory.Assignment{
		{Account: "210000000001", Set: c.Sets[0].ARN, ID: "u-zoe"}, {Account: "210000000002", Set: c.Sets[0].ARN, Group: true, ID: "g-admins"},
	})
	equal(t, "users", c.Users[0], inventory.CenterUser{ID: "u-ann", Name: "ann"})
	equal(t, "groups", c.Groups, []inventory.CenterGroup{
		{ID: "g-admins", Name: "Admins", Members: []string{"u-ann", "u-ben", "u-cleo"}, MembersKnown: true},
		{ID: "g-contractors", Name: "Contractors"},
		{ID: "g-empty", Name: "Empty", Members: []string{}, MembersKnown: true},
	})
	equal(t, "the account's own", len(own.Sets)+len(own.Assignments), 0)
	equal(t, "that it has none", own.AssignmentsKnown, true)
}

// Nobody is said to be assigned to nothing where some assignments may not have been read.
func TestAssignmentsKnown(t *testing.T) {
	t.Parallel()
	const instance = `"InstanceArn":"arn:aws:sso:::instance/ssoins-1","Region":"eu-west-1"`
	tests := []struct {
		name, list, gap string
		want            bool
	}{
		{"read", `,"Assignments":[]`, "", true},
		{"absent", ``, "", false},
		{"null", `,"Assignments":null`, "", false},
		{"of one user not", `,"Assignments":[]`, `"service":"identitycenter","region":"eu-west-1","what":"arn:aws:sso:::instance/ssoins-1 assignments of u-1"`, false},
		{"the users not", `,"Assignments":[]`, `"service":"identitycenter","region":"eu-west-1","what":"arn:aws:sso:::instance/ssoins-1 users"`, false},
		{"nothing in any region", `,"Assignments":[]`, `"service":"identitycenter","what":"all"`, false},
		{"another tool's word", `,"Assignments":[]`, `"service":"sso","what":"assignments of permission sets of Identity Center"`, false},
		{"members of a group not", `,"Assignments":[]`, `"service":"identitycenter","region":"eu-west-1","what":"arn:aws:sso:::instance/ssoins-1 members of g-1"`, true},
		{"tags of a set not", `,"Assignments":[]`, `"service":"identitycenter","region":"eu-west-1","what":"arn:aws:sso:::permissionSet/ssoins-1/ps-1 tags"`, true},
		{"another region not", `,"Assignments":[]`, `"service":"identitycenter","region":"eu-west-2","what":"arn:aws:sso:::instance/ssoins-1 users"`, true},
		{"another service not", `,"Assignments":[]`, `"service":"s3","region":"eu-west-1","what":"arn:aws:s3:::b"`, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			gaps := ""
			if tt.gap != "" {
				gaps = `{"account":"111122223333",` + tt.gap + `,"why":"AccessDenied"}`
			}
			fsys := folder(
				"manifest.json", `{"format":"pathfinder-snapshot","version":1,"created":"2026-11-01T02:00:00Z","gaps":[`+gaps+`]}`,
				prod+"identity-center.json", `{"Instances":[{`+instance+tt.list+`}]}`,
			)
			equal(t, "known", load(t, fsys).Centers()[0].AssignmentsKnown, tt.want)
		})
	}
}

// A user who stands twice among the members is one person; the order does not count.
func TestMembersOnce(t *testing.T) {
	t.Parallel()
	got := load(t, folder(prod+"identity-center.json", `{"Instances":[{"InstanceArn":"i","Groups":[{"GroupId":"g","Members":["b","a","b"]}]}]}`)).Centers()
	equal(t, "members", got[0].Groups[0].Members, []string{"a", "b"})
}

// Entries without the ids that others name them by are refused.
func TestCenterWithoutIDs(t *testing.T) {
	t.Parallel()
	for list, want := range map[string]string{
		`"Users":[{"UserName":"ann"}]`:  "/Instances/0/Users/0/UserId: the id of the user is missing",
		`"Groups":[{"GroupId":"g"},{}]`: "/Instances/0/Groups/1/GroupId: the id of the group is missing",
		`"Assignments":[{"AccountId":"111122223333","PrincipalType":"USER","PermissionSetArn":"s"}]`:                    "/Instances/0/Assignments/0/PrincipalId: the id of the user or group is missing",
		`"Assignments":[{"AccountId":"111122223333","PrincipalType":"GROUP","PrincipalId":"g"}]`:                        "/Instances/0/Assignments/0/PermissionSetArn: the ARN of the permission set is missing",
		`"Assignments":[{"AccountId":"111122223333","PrincipalType":"GROUP","PrincipalId":"g","PermissionSetArn":"s"}]`: "",
	} {
		_, err := snapshot.Read(folder(prod+"identity-center.json", `{"Instances":[{"InstanceArn":"i",`+list+`}]}`))
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %q", list, err, want)
		}
	}
}
