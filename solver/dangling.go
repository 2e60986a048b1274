package solver

import (
	"fmt"
	"strings"

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
	for _, st := range doc.Statements {
		for i := range st.Principals {
			if why := s.dangling(&st.Principals[i]); why != "" {
				out = append(out, Gap{
					What: doc.Kind.String() + " of " + owner,
					Why:  fmt.Sprintf("statement #%d names %s, %s", st.Index, st.Principals[i].Text, why),
				})
			}
		}
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
