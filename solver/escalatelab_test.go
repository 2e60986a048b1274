package solver

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pathfinder/graphmodel/escalation"
	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
)

const (
	labAccount = "111122223333"
	labIAM     = "arn:aws:iam::" + labAccount + ":"
)

// A lab is an account in which somebody may escalate.
type lab struct {
	account *inventory.Account
	who     *inventory.Principal
	target  *inventory.Principal // whom it takes over; nil for none
	org     *inventory.Organization
	gaps    []inventory.Gap
}

func policyOf(kind policy.Kind, statements ...string) *inventory.Policy {
	text := `{"Version":"2012-10-17","Statement":[` + strings.Join(statements, ",") + `]}`
	return &inventory.Policy{Name: "p", Doc: policy.Parse([]byte(text), kind)}
}

func managedOf(name string, statements ...string) *inventory.Policy {
	p := policyOf(policy.Identity, statements...)
	p.Name, p.ARN = name, labIAM+"policy/"+name
	return p
}

// allowsOn writes an Allow of some actions on everything.
func allowsOn(actions ...string) string {
	return fmt.Sprintf(`{"Effect":"Allow","Action":["%s"],"Resource":"*"}`, strings.Join(actions, `","`))
}

const allowsAll = `{"Effect":"Allow","Action":"*","Resource":"*"}`

func trustOf(entry string) *policy.Document {
	action := "sts:AssumeRole"
	if strings.Contains(entry, "saml") {
		action = "sts:AssumeRoleWithSAML"
	} else if strings.Contains(entry, "Federated") {
		action = "sts:AssumeRoleWithWebIdentity"
	}
	return policyOf(policy.Trust, `{"Effect":"Allow","Principal":`+entry+`,"Action":"`+action+`"}`).Doc
}

func (l *lab) user(name string, policies ...*inventory.Policy) *inventory.Principal {
	p := &inventory.Principal{Kind: inventory.User, ARN: labIAM + "user/" + name, Name: name, Path: "/", Account: l.account}
	l.add(p, policies)
	l.account.Held().Users = append(l.account.Held().Users, p)
	return p
}

func (l *lab) role(name string, trust *policy.Document, policies ...*inventory.Policy) *inventory.Principal {
	p := &inventory.Principal{Kind: inventory.Role, ARN: labIAM + "role/" + name, Name: name, Path: "/", Account: l.account, Trust: trust}
	l.add(p, policies)
	l.account.Held().Roles = append(l.account.Held().Roles, p)
	return p
}

func (l *lab) add(p *inventory.Principal, policies []*inventory.Policy) {
	for _, pol := range policies {
		if pol.ARN != "" {
			p.Attached = append(p.Attached, pol)
		} else {
			p.Inline = append(p.Inline, pol)
		}
	}
}

func (l *lab) group(name string, members []*inventory.Principal, policies ...*inventory.Policy) *inventory.Group {
	g := &inventory.Group{ARN: labIAM + "group/" + name, Name: name, Path: "/", Account: l.account, Members: members}
	for _, pol := range policies {
		if pol.ARN != "" {
			g.Attached = append(g.Attached, pol)
		} else {
			g.Inline = append(g.Inline, pol)
		}
	}
	for _, p := range members {
		p.Groups = append(p.Groups, g)
	}
	l.account.Held().Groups = append(l.account.Held().Groups, g)
	return g
}

// under puts the account into an organization with a control policy.
func (l *lab) under(scp ...string) {
	full := &inventory.Policy{Name: "FullAWSAccess", Doc: policyOf(policy.SCP, allowsAll).Doc}
	root := &inventory.Unit{ID: "r-1", Name: "Root", SCPs: []*inventory.Policy{full}, Accounts: []string{labAccount, "999999999999"}}
	l.account.Unit, l.account.SCPs = root, []*inventory.Policy{full}
	for _, st := range scp {
		l.account.SCPs = append(l.account.SCPs, policyOf(policy.SCP, st))
	}
	l.org = &inventory.Organization{ID: "o-1", ManagementAccount: "999999999999", Root: root, SCPs: true}
}

func newLab() *lab {
	return &lab{account: &inventory.Account{ID: labAccount, Partition: "aws", IAM: true}}
}

// solver returns one for the account, and others with it.
func (l *lab) solver(t *testing.T, others ...*inventory.Account) *Solver {
	t.Helper()
	inv := &inventory.Inventory{Accounts: append([]*inventory.Account{l.account}, others...), Organization: l.org, Gaps: l.gaps}
	if err := inv.Finish(); err != nil {
		t.Fatal(err)
	}
	s, err := New(Config{Inventory: inv})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func theFirst[A, B any](a A, _ B) A { return a }

// climbs returns what somebody gets to, by one method or all, nil for nothing. What is
// decided without the engine has to come out as with it: see plainly.
func (l *lab) climbs(t *testing.T, who *inventory.Principal, only *escalation.Method) *Escalation {
	t.Helper()
	s := l.solver(t)
	run := func(care care) *Escalation {
		c := newClimb(s, true, care, nil)
		if only != nil {
			c.methods = []*escalation.Method{only}
			for _, pl := range c.camps {
				pl.climbers = nil
				pl.settle()
			}
		}
		for _, certain := range []bool{true, false} {
			c.ascend(certain)
		}
		c.sideways()
		if e, ok := c.found[who]; ok {
			return &e
		}
		return nil
	}
	plain, checked := run(shared), run(thorough)
	text := func(e *Escalation) string {
		if e == nil {
			return "nothing"
		}
		return fmt.Sprint(e.Admin, e.Methods(), e.Certain(), e.Condition.String(), e.If, e.Others)
	}
	if text(plain) != text(checked) {
		t.Errorf("plainly %s, thoroughly %s", text(plain), text(checked))
	}
	if again := run(forgetful); text(plain) != text(again) {
		t.Errorf("plainly %s, found out again each time %s", text(plain), text(again))
	}
	return plain
}

// verdict says whether who climbs gets to be an administrator: "no", "perhaps" or "certain".
func (l *lab) verdict(t *testing.T) string {
	t.Helper()
	switch e := l.climbs(t, l.who, nil); {
	case e == nil || !e.Admin:
		return "no"
	case e.Certain():
		return "certain"
	}
	return "perhaps"
}

// A climbing is a lab in which somebody gets to be an administrator for certain, or does
// not.
type climbing struct {
	name string
	lab  func(l *lab)
	want string // methods, "" for none
}

func climbBy(t *testing.T, list []climbing) {
	t.Helper()
	for _, tt := range list {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			l := newLab()
			tt.lab(l)
			got := ""
			if e := l.climbs(t, l.who, nil); e != nil && e.Admin {
				got = strings.Join(e.Methods(), ",")
				if !e.Certain() {
					t.Errorf("it is not certain: %v, %v", e.Condition, e.If)
				}
			}
			if got != tt.want {
				t.Errorf("by %q, want %q", got, tt.want)
			}
		})
	}
}

// labOf builds an account in which a method works: who has what it needs, and
// whatever has to be there is. without is a need that is left out, -1 for none.
func labOf(m *escalation.Method, without int, twist string) *lab {
	l := newLab()
	asRole := slices.ContainsFunc(m.Needs, func(n escalation.Need) bool { return n.On == escalation.SelfRole })
	var statements []string
	for i := range m.Needs {
		if i != without && !(m.Needs[i].Entered && twist != "") {
			statements = append(statements, allowsOn(m.Needs[i].Actions[0]))
		}
	}
	own := managedOf("own", statements...)
	for i := range maxVersions - 2 {
		own.Versions = append(own.Versions, inventory.PolicyVersion{ID: fmt.Sprint("v", i+2), Doc: policyOf(policy.Identity, allowsAll).Doc})
	}
	if m.Move != escalation.Version {
		own.Versions = nil
	}
	switch {
	case asRole:
		l.who = l.role("climber", trustOf(`{"Service":"nobody.amazonaws.com"}`), own)
	default:
		l.who = l.user("climber", own)
	}
	trust := trustOf(`{"Service":"other.amazonaws.com"}`)
	if twist != "trust" {
		switch {
		case slices.Contains(m.Services, "cognito-identity.amazonaws.com"):
			trust = trustOf(`{"Federated":"cognito-identity.amazonaws.com"}`)
		case len(m.Services) > 0:
			list := append([]string{m.Services[0]}, m.Trusted...)
			trust = trustOf(`{"Service":["` + strings.Join(list, `","`) + `"]}`)
		case m.Move == escalation.PassRaised:
			trust = trustOf(`{"Service":"lambda.amazonaws.com"}`)
		case m.Move == escalation.Provider:
			kind := "oidc-provider/idp.example.com"
			if m.Needs[0].Actions[0] == "iam:UpdateSAMLProvider" {
				kind = "saml-provider/idp"
			}
			trust = trustOf(`{"Federated":"` + labIAM + kind + `"}`)
		}
	}
	switch m.Move {
	case escalation.Unbound:
		l.who.Inline = append(l.who.Inline, policyOf(policy.Identity, allowsAll))
		l.who.Attached = nil
		bound := managedOf("bound", statements...)
		bound.Doc = policyOf(policy.Boundary, append(statements, allowsOn("s3:GetObject"))...).Doc
		bound.Versions = []inventory.PolicyVersion{{ID: "v1", Doc: policyOf(policy.Boundary, allowsAll).Doc}}
		l.who.Boundary = bound
	case escalation.Undeny:
		l.who.Attached = []*inventory.Policy{managedOf("deny", `{"Effect":"Deny","NotAction":"iam:DetachUserPolicy","Resource":"*"}`)}
		l.who.Inline = []*inventory.Policy{policyOf(policy.Identity, allowsAll)}
		if without == 0 {
			l.who.Attached = []*inventory.Policy{managedOf("deny", `{"Effect":"Deny","Action":"*","Resource":"*"}`)}
		}
	case escalation.Tag:
		l.who.Inline = []*inventory.Policy{policyOf(policy.Identity,
			`{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"StringEquals":{"aws:PrincipalTag/team":"admin"}}}`)}
	case escalation.Join, escalation.Found:
		l.group("admins", nil, policyOf(policy.Identity, allowsAll))
	case escalation.Become, escalation.Pass, escalation.Run, escalation.Provider:
		user := slices.ContainsFunc(m.Needs, func(n escalation.Need) bool { return n.On == escalation.User })
		if user {
			l.target = l.user("admin", policyOf(policy.Identity, allowsAll))
		} else {
			l.target = l.role("admin", trust, policyOf(policy.Identity, allowsAll))
			if twist != "profile" {
				l.target.InstanceProfiles = []string{labIAM + "instance-profile/admin"}
			}
		}
	case escalation.BecomeRaised, escalation.PassRaised:
		if slices.ContainsFunc(m.Needs, func(n escalation.Need) bool { return n.On == escalation.User }) {
			l.target = l.user("other", policyOf(policy.Identity, allowsOn("s3:GetObject")))
			break
		}
		if slices.ContainsFunc(m.Needs, func(n escalation.Need) bool { return n.Entered }) {
			trust = trustOf(`{"AWS":"arn:aws:iam::` + labAccount + `:root"}`)
		}
		l.target = l.role("other", trust, managedOf("others", allowsOn("s3:GetObject")))
	case escalation.SSO, escalation.SSORaised:
		if twist != "trust" {
			r := l.role("AWSReservedSSO_Admin_1", trustOf(`{"Federated":"`+labIAM+`saml-provider/AWSSSO_1"}`), policyOf(policy.Identity, allowsAll))
			r.ARN = labIAM + "role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Admin_1"
			r.Path = "/aws-reserved/sso.amazonaws.com/"
		}
	}
	if slices.ContainsFunc(m.Needs, func(n escalation.Need) bool { return n.On == escalation.OwnGroup }) {
		l.group("own", []*inventory.Principal{l.who})
	}
	return l
}
