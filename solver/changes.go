package solver

import (
	"slices"
	"strings"

	"pathfinder/graphmodel/catalog"
	"pathfinder/graphmodel/inventory"
)

// A change that was not understood may be about anything of its service in its account;
// of these services also about what others decide by: who has which policies, what is
// shared, which endpoints there are, and what is made of a template.
var spanning = map[string]bool{
	"iam": true, "organizations": true, "sso": true, "sso-directory": true, "identitystore": true, "ram": true, "ec2": true,
	"cloudformation": true, "servicecatalog": true, "lakeformation": true, "cognito-identity": true,
}

// changesOn lists the changes to come that were not understood and may bear on what
// hangs on the resource of a case: those of its service there.
func (s *Solver) changesOn(c *Case) (doubts []string) {
	service, _ := splitAction(c.Action)
	return s.changes(func(g *inventory.Gap) bool {
		return decides(g.Service, service) && !reachesOut(g) && (g.Account == "" || g.Account == c.ResourceAccount)
	})
}

// changesAround lists those that may bear on more than that: on the caller, or on
// whatever there is in an account.
func (s *Solver) changesAround(c *Case) (doubts []string) {
	return s.changes(func(g *inventory.Gap) bool {
		return reachesOut(g) && (g.Account == "" || g.Service == "organizations" || g.Account == c.ResourceAccount || g.Account == c.Caller.Account)
	})
}

// decides reports whether what a service holds decides about calls of another one. Policies
// of APIs are about calling them, and all kinds of S3 go by one name.
func decides(holder, service string) bool {
	return holder == service || holder == "apigateway" && service == "execute-api" || strings.HasPrefix(holder, "s3") && strings.HasPrefix(service, "s3")
}

// reachesOut reports whether a gap may be about more than one service: that of a service
// whose actions are not known by its name is taken to be.
func reachesOut(g *inventory.Gap) bool {
	return spanning[g.Service] || !slices.Contains(catalog.Default().Services(), g.Service)
}

func (s *Solver) changes(bears func(*inventory.Gap) bool) (doubts []string) {
	for i := range s.inv.Gaps {
		if g := &s.inv.Gaps[i]; strings.HasPrefix(g.What, inventory.ChangeOf) && bears(g) {
			doubts = appendNew(doubts, g.What+": "+g.Why)
		}
	}
	return doubts
}

// controlsUnread lists what could not be read of organizations whose control policies may
// deny what is allowed: they let nobody in (E108, E116). Of an organization that is in the
// facts, the documents that are missing say so themselves.
func (s *Solver) controlsUnread(c *Case) (doubts []string) {
	for i := range s.inv.Gaps {
		g := &s.inv.Gaps[i]
		switch {
		case g.Service != "organizations" || strings.HasPrefix(g.What, inventory.ChangeOf) || c.Caller.ServiceLinked: // E111, E117
		case s.inv.Organization == nil || g.Account != "" && (g.Account == c.Caller.Account || g.Account == c.ResourceAccount) && s.outside(g.Account):
			doubts = appendNew(doubts, "control policies may deny it: "+g.What+": "+g.Why)
		}
	}
	return doubts
}

// outside reports whether an account has no place in the organization of the facts.
func (s *Solver) outside(account string) bool {
	a := s.inv.Account(account)
	return a == nil || a.Unit == nil
}

// changing adds to a case what changes that were not understood leave unknown of the
// resource.
func (s *Solver) changing(c *Case) *Case {
	for _, one := range append([]*Case{c}, c.Also...) {
		one.Doubts = appendNew(slices.Clone(one.Doubts), s.changesOn(one)...)
	}
	return c
}

// doubtAround adds to a decision what changes around it leave unknown. What AWS answers
// whatever policies say stays.
func (s *Solver) doubtAround(c *Case, d *Decision) {
	if slices.Equal(d.BlockedBy, []string{blockCodes[GateRule]}) || slices.Contains(d.Rules, "E100") {
		return
	}
	for _, one := range append([]*Case{c}, c.Also...) {
		d.Doubts = appendNew(d.Doubts, s.changesAround(one)...)
		if d.Outcome == Allowed {
			d.Doubts = appendNew(d.Doubts, s.controlsUnread(one)...)
		}
	}
}
