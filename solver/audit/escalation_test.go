package audit_test

import (
	"strings"
	"testing"

	"pathfinder/graphmodel/policy"
	"pathfinder/solver"
	"pathfinder/solver/audit"
)

// The sentences about a path say who makes each call, and on whom: who changes somebody
// else goes on as itself.
func TestToldOfChangesOfOthers(t *testing.T) {
	t.Parallel()
	const x, y = "arn:aws:iam::" + prodID + ":user/x", "arn:aws:iam::" + prodID + ":role/y"
	for _, tt := range []struct{ mine, theirs, want string }{
		{
			`{"Effect":"Allow","Action":"iam:DeleteRolePermissionsBoundary","Resource":"*"}`, allowAll,
			x + " may call iam:DeleteRolePermissionsBoundary, and so takes the permissions boundary off " + y + ". It works through arn:aws:iam::" + prodID + ":policy/b. Then " + x + " assumes " + y + ". That is every right of the account.",
		},
		{
			`{"Effect":"Allow","Action":"iam:TagRole","Resource":"*"}`, strings.TrimSuffix(allowAll, "}") + `,"Condition":{"StringEquals":{"aws:PrincipalTag/team":"admin"}}}`,
			x + " may call iam:TagRole, and so sets the tags that its policies ask for on " + y + ". It works through team. Then " + x + " assumes " + y + ". That is every right of the account.",
		},
	} {
		w := newWorld()
		w.user(w.prod, "x", tt.mine)
		role := w.role(w.prod, "y", trusting(`{"AWS":"`+x+`"}`, ""), tt.theirs)
		role.Tags = map[string]string{}
		if tt.theirs == allowAll {
			role.Boundary = named("b", document(policy.Boundary, `{"Effect":"Allow","Action":"s3:*","Resource":"*"}`))
			role.Boundary.ARN = "arn:aws:iam::" + prodID + ":policy/b"
		}
		var got []string
		for _, f := range of(w.run(t, nil), "privilege-escalation") {
			if f.Principal == x {
				got = append(got, f.Detail)
			}
		}
		if len(got) != 1 || got[0] != tt.want {
			t.Errorf("%q, want %q", got, tt.want)
		}
	}
}

// A Deny that names the one principal of several that are taken over says that it is for
// this one; one that covers all of them does not.
func TestRemedyForSeveral(t *testing.T) {
	t.Parallel()
	const more = "Do the same for the others"
	pass := `{"Effect":"Allow","Action":["iam:PassRole","lambda:CreateFunction","lambda:InvokeFunction"],"Resource":"*"}`
	update := `{"Effect":"Allow","Action":["lambda:UpdateFunctionCode","lambda:InvokeFunction"],"Resource":"*"}`
	for _, tt := range []struct {
		name, may string
		roles     []string
		want      bool
	}{
		{"several may be passed", pass, []string{"a", "b"}, true},
		{"one may be passed", pass, []string{"a"}, false},
		{"what they run may be changed, whichever it is", update, []string{"a", "b"}, false},
	} {
		w := newWorld()
		x := w.user(w.prod, "x", tt.may)
		for _, name := range tt.roles {
			r := w.role(w.prod, name, trusting(`{"Service":"lambda.amazonaws.com"}`, ""), `{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::`+name+`/*"}`)
			f := w.resource(w.prod, "AWS::Lambda::Function", "arn:aws:lambda:eu-west-1:"+prodID+":function:"+name)
			f.Roles = []string{r.ARN}
		}
		var got []string
		for _, f := range of(w.run(t, nil), "privilege-escalation") {
			if f.Principal == x.ARN {
				got = append(got, f.Remedy.Text)
				if want := len(tt.roles) - 1; len(f.Others) != want {
					t.Errorf("%s: others %v", tt.name, f.Others)
				}
			}
		}
		if len(got) != 1 || strings.Contains(got[0], more) != tt.want {
			t.Errorf("%s: %q", tt.name, got)
		}
	}
}

// TestTellsWhoLetsItselfIn: a call that lets in is told with what it is made on, and a grant is no
// policy; what is not such a call is told as before.
func TestTellsWhoLetsItselfIn(t *testing.T) {
	const who, key = "arn:aws:iam::111122223333:user/u", "arn:aws:kms:us-east-1:111122223333:key/k"
	path := []solver.Step{{Principal: who}, {Principal: who, Kind: "iam-add-user-to-group", Through: "arn:aws:iam::111122223333:group/g"}, {Principal: who, Kind: "kms-create-grant", Through: key}}
	want := who + " may call iam:AddUserToGroup, and so joins a group. It works through arn:aws:iam::111122223333:group/g. Then " +
		who + " may call kms:CreateGrant on " + key + ", and so lets itself in."
	if got := audit.Tell(path); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}
