package solver

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"pathfinder/graphmodel/arn"
	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
)

// notesOn lists the dangling entries of what hangs on a target: those that name
// a user or role which no longer exists, by a raw unique id or by an ARN that an
// account of the snapshot does not have. They match nobody (E76, E77).
func (s *Solver) notesOn(t *target) (out []Gap) {
	switch {
	case t.role != nil:
		return s.danglingIn(t.role.ARN, t.role.Trust)
	case t.carrier != nil && t.carrier.Policy != nil:
		return s.danglingIn(t.carrier.ARN, t.carrier.Policy)
	}
	return nil
}

func (s *Solver) danglingIn(owner string, doc *policy.Document) (out []Gap) {
	for _, d := range s.entriesOf(doc, s.dangling) {
		out = append(out, Gap{What: doc.Kind.String() + " of " + owner, Why: fmt.Sprintf("statement #%d names %s, %s", d.Statement, d.Name, d.Why)})
	}
	return out
}

// A Dangling is an entry of a policy that names who is there no more.
type Dangling struct {
	Statement int    // counted from 0
	Name      string // as the policy has it
	Why       string // it lets in nobody, in words
	// Anew says that the policy means the name itself: one of that name that is made is meant
	// at once (E75, E78).
	Anew bool
	// Spared says that it is an exception from a Deny.
	Spared bool
	// Abroad says that it may be somebody of an account that the snapshot does not hold.
	Abroad bool
}

func (s *Solver) entriesOf(doc *policy.Document, dangling func(*policy.Principal) string) (out []Dangling) {
	for _, st := range doc.Statements {
		for i := range st.Principals {
			if why := dangling(&st.Principals[i]); why != "" {
				out = append(out, Dangling{Statement: st.Index, Name: st.Principals[i].Text, Why: why})
			}
		}
	}
	return out
}

// withoutProvider says that an entry names an identity provider that its account does not
// have: no token is taken for it (E150). It says nothing where these were not read.
func (s *Solver) withoutProvider(p *policy.Principal) string {
	if p.Kind != policy.Federated || !s.lacksProvider(p.Text) {
		return ""
	}
	return "which its account does not have: nobody signs in by it (E150)"
}

// lacksProvider reports whether the account of an identity provider is known not to have it.
func (s *Solver) lacksProvider(text string) bool {
	if !arn.Is(text) { // one that AWS knows by a name of its own
		return false
	}
	a := s.inv.Account(arn.Account(text))
	return a != nil && a.Held().ProvidersKnown && !slices.ContainsFunc(a.Held().Providers, func(x inventory.Provider) bool { return strings.EqualFold(x.ARN, text) })
}

// lackedBy lists the identity providers that a policy names and that are not there.
func (s *Solver) lackedBy(doc *policy.Document) (out []string) {
	for _, d := range s.entriesOf(doc, s.withoutProvider) {
		out = append(out, d.Name)
	}
	return out
}

func (s *Solver) dangling(p *policy.Principal) string {
	switch p.Kind {
	case policy.UniqueID:
		if s.inv.Principal(p.Text) == nil {
			return "the unique id of a user or role that was deleted: it matches nobody, not even a new one of the same name, until the policy is saved again (E76)"
		}
	case policy.User, policy.Role:
		if _, ok, err := s.actorFor(p.Text); err == nil && !ok && !strings.Contains(p.Text, ":cloudfront:") {
			return "which its account does not have: it matches nobody (E77)"
		}
	case policy.Nobody, policy.Everyone, policy.Account, policy.RoleSession, policy.FederatedUser,
		policy.Service, policy.Federated, policy.Canonical:
	}
	return ""
}

// byNameAlone lists the sessions and the values of aws:PrincipalArn and aws:userid by which
// a policy lets in users and roles that are not there, or spares them a Deny. AWS keeps these
// as they are written.
func (s *Solver) byNameAlone(doc *policy.Document) (out []Dangling) {
	for _, st := range doc.Statements {
		if st.Broken {
			continue
		}
		spares := st.Effect == policy.Deny
		comes := "let in"
		if spares {
			comes = "spared what it denies"
		}
		note := func(name, what, rule string) {
			if _, ok, err := s.actorFor(name); err == nil && !ok {
				out = append(out, Dangling{
					Statement: st.Index, Name: name, Why: what + " that its account does not have: whoever makes one of that name is " + comes + " (" + rule + ")",
					Anew: true, Spared: spares,
				})
			}
		}
		for i := range st.Principals {
			if p := &st.Principals[i]; p.Kind == policy.RoleSession && st.NotPrincipal == spares {
				note(p.Text, "a session of a role", "E75")
			}
		}
		for i := range st.Conditions {
			c := &st.Conditions[i]
			if c.Operator.Negated() != spares || c.Operator.IsNull() {
				continue
			}
			for _, v := range c.Values {
				switch {
				case c.LowerKey() == "aws:principalarn" && arn.Service(v) == "iam" && !strings.ContainsAny(v, "*?$") && !strings.HasSuffix(v, ":root"):
					note(v, "a user or role", "E78")
				case c.LowerKey() == "aws:userid" && s.isNobodys(v):
					out = append(out, Dangling{
						Statement: st.Index, Name: v, Why: "the unique id of a user or role that no account of the snapshot has: nobody is " + comes + " by it (E80)",
						Spared: spares, Abroad: true,
					})
				}
			}
		}
	}
	return out
}

// uniqueIDs are how the ids of users and of roles look, with what may follow in aws:userid.
var uniqueIDs = regexp.MustCompile(`^(A(?:IDA|ROA)[A-Z0-9]{12,124})(?::[^$]*|\*)?$`)

// HolderIn returns the unique id that values of aws:userid begin with which a pattern covers:
// of a user or role, or the number of an account, for its root user and federated users; ""
// where it leaves it open (E80).
func HolderIn(pattern string) string {
	if m := uniqueIDs.FindStringSubmatch(pattern); m != nil {
		return m[1]
	}
	if id, name, _ := strings.Cut(pattern, ":"); arn.IsAccountID(id) && !strings.Contains(name, "$") {
		return id
	}
	return ""
}

// isNobodys reports whether a value of aws:userid means a user or role that the snapshot does
// not hold, though it holds the ids of all that there are in its accounts.
func (s *Solver) isNobodys(value string) bool {
	id := HolderIn(value)
	return id != "" && !arn.IsAccountID(id) && s.inv.Principal(id) == nil && s.idsKnown()
}
