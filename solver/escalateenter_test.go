package solver

import (
	"slices"
	"strings"
	"testing"

	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
)

// TestEnteredAsItIs: two users carry the same policies, and a role that both may
// change lets in one of them. That one gets to be an administrator, whichever of the two
// is looked at first.
func TestEnteredAsItIs(t *testing.T) {
	role := labIAM + "role/r"
	for _, tt := range []struct{ name, trust, want string }{
		{"the first is named", `{"AWS":"` + labIAM + `user/a"}`, "a"},
		{"the second is named", `{"AWS":"` + labIAM + `user/b"}`, "b"},
		{"the account is named", `{"AWS":"` + labAccount + `"}`, "a,b"},
		{"another account is named", `{"AWS":"999999999999"}`, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			l := newLab()
			own := managedOf("own", `{"Effect":"Allow","Action":["iam:AttachRolePolicy","sts:AssumeRole"],"Resource":"`+role+`"}`)
			l.user("a", own)
			l.user("b", own)
			l.role("r", trustOf(tt.trust), policyOf(policy.Identity, allowsOn("s3:GetObject")))
			var got []string
			for _, e := range theFirst(l.solver(t).Escalations(true)) {
				if !slices.Equal(e.Methods(), []string{"iam-attach-role-policy+assume"}) || !e.Certain() {
					t.Errorf("%s gets there by %v, certain %v", e.Principal.ARN, e.Methods(), e.Certain())
				}
				got = append(got, e.Principal.Name)
			}
			if strings.Join(got, ",") != tt.want {
				t.Errorf("%v, want %s", got, tt.want)
			}
		})
	}
}

// TestEntersOnceChanged: who changes itself assumes what it may assume then, and
// gives rights to what it may enter then.
func TestEntersOnceChanged(t *testing.T) {
	root, named := `{"AWS":"`+labAccount+`"}`, `{"AWS":"`+labIAM+`user/climber"}`
	for _, tt := range []struct {
		name  string
		setup func(*lab)
		want  string // steps, nothing for no way
	}{
		{"a group lets it assume an administrator", func(l *lab) {
			l.group("g", nil, policyOf(policy.Identity, allowsOn("sts:AssumeRole")))
			l.role("admin", trustOf(root), policyOf(policy.Identity, allowsAll))
		}, "iam-add-user-to-group,assume-role"},
		{"a group lets it assume something else", func(l *lab) {
			l.group("g", nil, policyOf(policy.Identity, `{"Effect":"Allow","Action":"sts:AssumeRole","Resource":"`+labIAM+`role/other"}`))
			l.role("admin", trustOf(root), policyOf(policy.Identity, allowsAll))
		}, ""},
		{"a group has nothing to do with who is let in", func(l *lab) {
			l.group("g", nil, policyOf(policy.Identity, allowsOn("sts:AssumeRole")))
			l.role("admin", trustOf(`{"AWS":"999999999999"}`), policyOf(policy.Identity, allowsAll))
		}, ""},
		{"the role lets it in by name", func(l *lab) {
			l.who.Attached = []*inventory.Policy{managedOf("no", `{"Effect":"Deny","Action":"sts:AssumeRole","Resource":"*"}`)}
			l.who.Inline = append(l.who.Inline, policyOf(policy.Identity, allowsOn("iam:DetachUserPolicy")))
			l.role("admin", trustOf(named), policyOf(policy.Identity, allowsAll))
		}, "iam-remove-deny,assume-role"},
		{"a group lets it give rights to a role and assume it", func(l *lab) {
			l.group("g", nil, policyOf(policy.Identity, allowsOn("iam:AttachRolePolicy", "sts:AssumeRole")))
			l.role("r", trustOf(root))
		}, "iam-add-user-to-group,iam-attach-role-policy+assume"},
		{"a group lets it give rights to a role that it can't assume", func(l *lab) {
			l.group("g", nil, policyOf(policy.Identity, allowsOn("iam:AttachRolePolicy")))
			l.role("r", trustOf(root))
		}, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			l := newLab()
			l.who = l.user("climber", policyOf(policy.Identity, allowsOn("iam:AddUserToGroup")))
			tt.setup(l)
			got := ""
			if e := l.climbs(t, l.who, nil); e != nil && e.Admin {
				var steps []string
				for i := range e.Path[1:] {
					steps = append(steps, e.Path[1+i].Kind)
				}
				got = strings.Join(steps, ",")
			}
			if got != tt.want {
				t.Errorf("%q, want %q", got, tt.want)
			}
		})
	}
}

// TestAssignedElsewhere: the management account assigns permission sets in every
// account, a delegated administrator in all but that, others in none (E159).
func TestAssignedElsewhere(t *testing.T) {
	for _, tt := range []struct {
		management string
		delegated  []string
		want       bool
	}{
		{labAccount, nil, true},
		{"999999999999", nil, false},
		{"999999999999", []string{labAccount}, true},
		{"222233334444", []string{labAccount}, false},
	} {
		l := newLab()
		l.who = l.user("climber", policyOf(policy.Identity, allowsOn("sso:CreateAccountAssignment")))
		root := &inventory.Unit{ID: "r-1", Name: "Root", Accounts: []string{labAccount, "222233334444"}}
		l.account.Unit = root
		other := &inventory.Account{ID: "222233334444", Partition: "aws", IAM: true, Unit: root}
		admin := &inventory.Principal{
			Kind: inventory.Role, Name: "AWSReservedSSO_Admin_1", Path: "/aws-reserved/sso.amazonaws.com/", Account: other,
			ARN:    "arn:aws:iam::222233334444:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Admin_1",
			Trust:  trustOf(`{"Federated":"arn:aws:iam::222233334444:saml-provider/AWSSSO_1"}`),
			Inline: []*inventory.Policy{policyOf(policy.Identity, allowsAll)},
		}
		other.Held().Roles = []*inventory.Principal{admin}
		inv := &inventory.Inventory{
			Accounts: []*inventory.Account{l.account, other},
			Organization: &inventory.Organization{
				ID: "o-1", ManagementAccount: tt.management, Root: root, Delegated: map[string][]string{"sso.amazonaws.com": tt.delegated},
			},
		}
		if err := inv.Finish(); err != nil {
			t.Fatal(err)
		}
		s, err := New(Config{Inventory: inv})
		if err != nil {
			t.Fatal(err)
		}
		found, _ := s.Escalations(true)
		at := slices.IndexFunc(found, func(e Escalation) bool { return e.Principal == l.who })
		if (at >= 0) != tt.want {
			t.Fatalf("managed by %s, delegated to %v, it is found %v", tt.management, tt.delegated, at >= 0)
		}
		if at < 0 {
			continue
		}
		if e := &found[at]; !e.Admin || e.Certain() || e.Path[len(e.Path)-1].Principal != admin.ARN {
			t.Errorf("%+v", e)
		}
	}
}

// Of a Deny that can't be read nobody knows what it leaves (E11): what the other
// policies allow is no certain way up.
func TestEscalationsPastWhatCantBeRead(t *testing.T) {
	t.Parallel()
	l := newLab()
	l.user("u", policyOf(policy.Identity, allowsAll), policyOf(policy.Identity, `{"Effect":"Deny","NotAction":[],"Resource":"*"}`))
	l.user("plain", policyOf(policy.Identity, allowsOn("iam:PutUserPolicy"))) // beside it one that is certain
	for _, e := range theFirst(l.solver(t).Escalations(true)) {
		if got, want := e.Certain(), e.Principal.Name == "plain"; got != want {
			t.Errorf("%s certain: %v, want %v; if %v", e.Principal.Name, got, want, e.If)
		}
	}
}

// Of two ways the nearer one is told: who may assume an administrator needs no other role to
// give it every right.
func TestNearestWay(t *testing.T) {
	t.Parallel()
	l := newLab()
	l.who = l.user("u", policyOf(policy.Identity, allowsOn("sts:AssumeRole")))
	trust := trustOf(`{"AWS":"` + labIAM + `user/u"}`)
	l.role("adm", trust, policyOf(policy.Identity, allowsAll))
	l.role("iam", trust, policyOf(policy.Identity, allowsOn("iam:*")))
	e := l.climbs(t, l.who, nil)
	if e == nil || !e.Admin || len(e.Methods()) > 0 || len(e.Path) != 2 || e.Path[1].Principal != labIAM+"role/adm" {
		t.Errorf("%+v", e)
	}
}
