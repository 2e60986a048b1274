package solver

import (
	"cmp"
	"slices"
	"strings"

	"pathfinder/graphmodel"
	"pathfinder/graphmodel/arn"
	"pathfinder/graphmodel/guard"
	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
)

// An Outsider is somebody that is no user or role of the snapshot and is let in by
// what hangs on a resource or a role.
type Outsider struct {
	Party
	Grants []Grant // on a resource
	// Condition, Because and Hop, the kind of it, are of the hop into a role.
	Condition guard.Blocks
	Because   []StatementRef
	Hop       string
	// Doubts say what is not known that could keep it out.
	Doubts []string
}

// Outsiders lists who is let in to a resource, other than users and roles of the
// snapshot and the root users of its accounts: services, other accounts, principals of
// accounts that the snapshot does not hold, anybody. They come by ARN.
func (s *Solver) Outsiders(r *inventory.Resource) []Outsider {
	if r.Policy == nil && r.S3 == nil && len(r.KMSGrants) == 0 && len(r.SharedWith) == 0 {
		return nil
	}
	return s.outsidersOf(s.targetOf(r.ARN), r)
}

// Unblocked lists who of everybody, "*" and anonymous callers, would be let in to a
// bucket if no public access block kept them out.
func (s *Solver) Unblocked(r *inventory.Resource) []Outsider {
	t := s.targetOf(r.ARN)
	t.unblocked = true
	return slices.DeleteFunc(s.outsidersOf(t, r), func(o Outsider) bool { return o.ARN != "*" && o.ARN != "anonymous" })
}

func (s *Solver) outsidersOf(t *target, r *inventory.Resource) (out []Outsider) {
	who := s.candidates(t)
	name, kind := t.node()
	list := slices.DeleteFunc(slices.Clone(who.others), func(a actor) bool {
		return a.plain() || a.caller.Kind == CallerRoot && s.inv.Account(a.caller.Account) != nil || s.oneOfAll(&a, name, kind)
	})
	public := r.S3 != nil || r.Policy != nil && slices.ContainsFunc(r.Policy.Statements, graphmodel.Everybody)
	if public {
		list = append(list, actor{caller: Caller{Kind: CallerAnonymous, ARN: "anonymous"}})
	}
	f := s.finder()
	doubts := t.mayStop()
	for i := range list {
		a := &list[i]
		if grants := f.grants(a, t, s.asksOn(r.ARN)); len(grants) > 0 {
			out = append(out, Outsider{Party: s.partyOf(a), Grants: grants, Doubts: doubts})
		}
	}
	s.losing(r.ARN, f.lost)
	return out
}

// losing notes that some of the access to something was found and can't be told.
func (s *Solver) losing(what string, why map[string]bool) {
	for text := range why {
		s.lost.Store(Gap{What: what, Why: text}, true)
	}
}

// Lost lists the resources of which surveys and [Solver.Outsiders] found so far that
// policies combine in more ways than can be told: what they left out is unknown, and not
// none (E236).
func (s *Solver) Lost() (out []Gap) {
	s.lost.Range(func(g, _ any) bool {
		out = append(out, g.(Gap))
		return true
	})
	slices.SortFunc(out, func(a, b Gap) int { return cmp.Or(strings.Compare(a.What, b.What), strings.Compare(a.Why, b.Why)) })
	return out
}

// oneOfAll reports whether an actor is an account of the snapshot without users and
// roles that is let in to something as one of everybody: of these "*" tells.
func (s *Solver) oneOfAll(a *actor, name string, kind graphmodel.EdgeKind) bool {
	return a.caller.Kind == CallerOutsider && s.inv.Account(a.caller.Account) != nil && !s.namesAccount(a.caller.Account, name, kind)
}

// namesAccount reports whether what lets in to something names an account itself.
func (s *Solver) namesAccount(id, name string, kind graphmodel.EdgeKind) bool {
	for n := range s.lookup.In(name, kind) {
		if n.Kind == graphmodel.Account && n.Name == id {
			return true
		}
	}
	return false
}

// asksOn lists what who-can asks of a resource without actions.
func (s *Solver) asksOn(text string) []ask {
	set, err := newActionSet([]string{arn.Service(text) + ":*"})
	if err != nil {
		return nil // a service without actions
	}
	return set.asks(text)
}

// OutsidersOf lists who may assume a role, in the same way but for services.
func (s *Solver) OutsidersOf(role *inventory.Principal) (out []Outsider) {
	wanted := func(c *Caller) bool {
		return c.Kind != CallerService && (c.Kind != CallerRoot || s.inv.Account(c.Account) == nil)
	}
	hops := s.namedHops(role, wanted)
	if len(hops) == 0 {
		return nil
	}
	doubts := s.targetOf(role.ARN).mayStop()
	for _, h := range hops {
		out = append(out, Outsider{Party: s.partyOf(&h.from), Condition: h.guard, Because: h.because, Hop: h.kind, Doubts: doubts})
	}
	return out
}

// namedHops is hopsOfOthers without accounts of the snapshot that come in as one of
// everybody: of these "*" tells.
func (s *Solver) namedHops(role *inventory.Principal, wanted func(*Caller) bool) []*hop {
	return slices.DeleteFunc(s.hopsOfOthers(role, wanted), func(h *hop) bool { return s.oneOfAll(&h.from, role.ARN, graphmodel.AssumeRole) })
}

// hopsOfOthers lists the hops into a role of wanted callers that are no users or roles
// of the snapshot, by who makes them.
func (s *Solver) hopsOfOthers(role *inventory.Principal, wanted func(*Caller) bool) (hops []*hop) {
	who := &invited{s: s}
	who.named(role.ARN, graphmodel.AssumeRole)
	who.settle()
	en := s.edges.entrance(role)
	en.mu.Lock()
	defer en.mu.Unlock()
	for i := range who.others {
		a := &who.others[i]
		if a.plain() || !wanted(&a.caller) {
			continue
		}
		if h := s.edges.other(a, en); h != nil {
			hops = append(hops, h)
		}
	}
	return hops
}

// partyOf says who an actor is.
func (s *Solver) partyOf(a *actor) Party {
	c := &a.caller
	p := Party{ARN: c.ARN, Account: c.Account, Outside: !s.Holds(c.Account)}
	if c.Account == cloudFront {
		p.Kind, p.Account = "service", "" // an identity by which CloudFront reads buckets
		return p
	}
	switch c.Kind {
	case CallerRoot:
		p.Kind = "root"
	case CallerService:
		p.Kind = "service"
	case CallerFederated:
		p.Kind, p.Outside = "provider", true
	case CallerAnonymous:
		p.Kind = "anonymous"
	case CallerOutsider:
		p.Kind = "account"
	case CallerUser:
		p.Kind = "user"
	case CallerSession:
		p.Kind = "role"
	case CallerFederatedUser, CallerInvalid:
		p.Kind = "session"
	}
	return p
}

// Holds reports whether an account is one of the snapshot: its users and roles were
// read, or the organization or a folder of its own holds it. Others are outside.
func (s *Solver) Holds(id string) bool {
	a := s.inv.Account(id)
	return a != nil && (a.IAM || a.Unit != nil || a.Name != "")
}

// Enters decides whether a user or role of the snapshot may assume a role itself,
// and how; nil for no.
func (s *Solver) Enters(p, role *inventory.Principal) *Step {
	a := s.actorOf(p)
	h := s.edges.hop(&a, role)
	if h == nil {
		return nil
	}
	return &Step{Principal: role.ARN, Kind: h.kind, Condition: h.guard, Because: nonNil(h.because)}
}

// Dangling lists the entries of a policy that name users, roles or identity providers
// which are there no more.
func (s *Solver) Dangling(doc *policy.Document) []Dangling {
	out := s.entriesOf(doc, func(p *policy.Principal) string { return cmp.Or(s.dangling(p), s.withoutProvider(p)) })
	return append(out, s.byNameAlone(doc)...)
}

// Anywhere decides whether a user or role may make a call on something of its
// account that a pattern of ARNs covers, what need not be in the snapshot. when is the
// open condition, nil for none; because are the statements that allow it.
func (s *Solver) Anywhere(p *inventory.Principal, action, pattern string) (may bool, when guard.Blocks, because []StatementRef) {
	a := s.actorOf(p)
	t := s.targetOf(pattern)
	if !arn.IsAccountID(t.account) {
		t.account = p.Account.ID
	}
	t.place()
	x := t.effect(&a, s.baseAnyway(&a, t), ask{pattern, []string{action}}, false)
	if x == nil || x.never() {
		return false, nil, nil
	}
	because = x.reasons()
	when, _, _ = x.when().Blocks()
	return true, when, because
}
