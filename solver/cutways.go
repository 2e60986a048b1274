package solver

import (
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
)

// A cutWay is one way of somebody to one of the ARNs that are asked about.
type cutWay struct {
	path   path
	at     int // of the cutter's places
	grants []Grant
	named  []int // the grants that the answer names, sorted
}

// A cutPlace is one ARN with what is asked about it.
type cutPlace struct {
	text string
	asks []ask
	// carriers are the resources whose policies and grants may bear on it.
	carriers []*inventory.Resource
}

// A reduced is a solver without some grants, which answers for the cutter's places.
type reduced struct {
	s *Solver
	c *cutter
}

func (a *reduced) target(at int) *target { return a.s.targetOf(a.c.places[at].text) }

// without returns a solver without some grants. singly says that it is for
// questions about few callers.
func (c *cutter) without(grants []int, singly bool) (*reduced, error) {
	return c.leaving(grants, nil, singly)
}

// leaving is without where parts of some of the statements stay.
func (c *cutter) leaving(grants []int, left map[grantKey]*policy.Statement, singly bool) (*reduced, error) {
	cfg := c.s.cfg
	if cfg.Singly = cfg.Singly || singly; len(grants) > 0 {
		list := make([]*cutGrant, len(grants))
		for i, id := range grants {
			list[i] = c.table.list[id]
		}
		var err error
		if cfg.Inventory, err = without(c.s.inv, list, left); err != nil {
			return nil, err
		}
	}
	return c.reduced(cfg)
}

// reduced returns a solver that answers for the cutter's places.
func (c *cutter) reduced(cfg Config) (*reduced, error) {
	s, err := New(cfg)
	if err != nil {
		return nil, err
	}
	return &reduced{s, c}, nil
}

// ways lists all ways there are, with the answers' gaps.
func (c *cutter) ways(a *reduced) (list []cutWay, gaps []Gap) {
	found := make([][]cutWay, len(c.places))
	finders := make([]*finder, len(c.places))
	var next atomic.Int64
	var wg sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(c.places)) {
		wg.Go(func() {
			for i := int(next.Add(1) - 1); i < len(c.places); i = int(next.Add(1) - 1) {
				finders[i] = a.s.finder()
				finders[i].reaching(a.target(i), c.places[i].asks, func(p *path, grants []Grant) {
					found[i] = append(found[i], cutWay{path: *p, at: i, grants: grants})
				})
			}
		})
	}
	wg.Wait()
	for i := range found {
		gaps = append(gaps, finders[i].gaps()...)
		list = append(list, found[i]...)
	}
	for i := range list {
		list[i].named = c.namedOn(&list[i])
	}
	return list, gaps
}

// namedOn lists the grants that an answer names on a way.
func (c *cutter) namedOn(w *cutWay) (ids []int) {
	c.bearing(w) // so that they are in the table
	at := w.path.start.principal
	for i := range w.path.hops {
		ids = append(ids, c.table.named(w.path.hops[i].because, at)...)
		at = w.path.hops[i].to
	}
	for i := range w.grants {
		ids = append(ids, c.table.named(w.grants[i].Because, at)...)
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// bearing lists all grants that a way could rest on: of everybody on it, and of
// what is asked about.
func (c *cutter) bearing(w *cutWay) (ids []int) {
	if p := w.path.start.principal; p != nil {
		ids = append(ids, c.ofPrincipal(p)...)
	}
	for i := range w.path.hops {
		role := w.path.hops[i].to
		ids = append(append(ids, c.ofPrincipal(role)...), c.table.trust(c.s.inv.Principal(role.ARN))...)
	}
	place := &c.places[w.at]
	for _, r := range place.carriers {
		ids = append(ids, c.table.resource(r)...)
	}
	if p := c.s.inv.Principal(place.text); p != nil && p.Kind == inventory.Role {
		ids = append(ids, c.table.trust(p)...)
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// bearingOf leaves those grants that a way could rest on: the others make no
// difference to it.
func (c *cutter) bearingOf(grants []int, w *cutWay) []int {
	bearing := c.bearing(w)
	return slices.DeleteFunc(slices.Clone(grants), func(id int) bool {
		_, bears := slices.BinarySearch(bearing, id)
		return !bears
	})
}

// ofPrincipal lists what the policies of a principal grant before any removal, and
// what of its boundary grants something to somebody else: a removal from a managed
// policy narrows the boundaries that it serves as.
func (c *cutter) ofPrincipal(p *inventory.Principal) []int {
	ids, known := c.own[p.ARN]
	if known {
		return ids
	}
	p = c.s.inv.Principal(p.ARN)
	ids = c.table.identity(p)
	if b := p.Boundary; b != nil && b.ARN != "" && !managedByAWS(b.ARN) && c.grantsSomebody(p.Account, b.ARN) {
		ids = append(ids, c.table.grantsIn(policy.Identity, b.ARN, p.Account.ID, b.Doc)...)
	}
	c.own[p.ARN] = ids
	return ids
}

// grantsSomebody reports whether a managed policy is attached to anybody.
func (c *cutter) grantsSomebody(a *inventory.Account, policyARN string) bool {
	attached := c.attached[a.ID]
	if attached == nil {
		attached = map[string]bool{}
		c.attached[a.ID] = attached
		for _, p := range a.Principals() {
			policiesOf(p, func(_ string, pol *inventory.Policy) { attached[pol.ARN] = true })
		}
	}
	return attached[policyARN]
}

// carriersOf lists the resources whose policies, ACLs and grants may bear on what is
// asked about a place: also those of further checks, such as the key of a bucket.
func (c *cutter) carriersOf(t *target, asks []ask) (out []*inventory.Resource) {
	seen := map[string]bool{}
	add := func(r *inventory.Resource) {
		if r != nil && !seen[r.ARN] {
			seen[r.ARN] = true
			out = append(out, r)
		}
	}
	add(t.carrier)
	add(t.bucket)
	root := c.s.rootOf(t.account, "")
	var cases func(cs *Case)
	cases = func(cs *Case) {
		add(c.s.carrier(cs.Resource))
		for _, src := range cs.Resources {
			add(c.s.inv.Resource(src.Name))
		}
		for _, also := range cs.Also {
			cases(also)
		}
	}
	for _, k := range asks {
		for _, action := range k.actions {
			cases(c.s.questionFor(&root, action, t, k.resource))
		}
	}
	return out
}

// open reports whether a way is open without some grants.
func (c *cutter) open(gone []int, w *cutWay) (bool, error) {
	a, err := c.without(gone, true)
	if err != nil {
		return false, err
	}
	s, t := a.s, a.target(w.at)
	p := path{start: s.again(&w.path.start)}
	at := p.start
	for i := range w.path.hops {
		h := s.edges.hop(&at, s.inv.Principal(w.path.hops[i].to.ARN))
		if h == nil || s.cfg.Unconditional && len(h.guard) > 0 {
			return false, nil
		}
		p.hops = append(p.hops, *h)
		at = s.actorOf(h.to)
	}
	f := s.finder()
	asks := c.places[w.at].asks
	if len(p.hops) > 0 && (!s.walk(&p, s.readOf(t), false) || !f.some(&at, t, asks)) {
		return false, nil
	}
	end := s.last(&p)
	return f.some(&end, t, asks), nil
}

// again returns who an actor of another solver is in this one, which has the same
// people.
func (s *Solver) again(a *actor) actor {
	if a.principal == nil {
		return *a
	}
	b := s.actorOf(s.inv.Principal(a.principal.ARN))
	b.caller.ARN, b.caller.SessionName, b.session = a.caller.ARN, a.caller.SessionName, a.session
	return b
}

// support finds grants that are enough for a way that is open without those in
// gone, and each of which it needs once the others are gone. There are none for a
// way that no grant opens. ok is false when the way is not open.
func (c *cutter) support(gone []int, w *cutWay) (grants []int, ok bool, err error) {
	bearing := c.bearing(w)
	gone = c.bearingOf(gone, w)
	if ok, err = c.open(gone, w); !ok || err != nil {
		return nil, ok, err
	}
	var spare func(list []int) error
	spare = func(list []int) error {
		if len(list) == 0 || err != nil {
			return err
		}
		more := slices.Concat(gone, list)
		still, err := c.open(more, w)
		switch {
		case err != nil:
			return err
		case still:
			gone = more
			return nil
		case len(list) == 1:
			grants = append(grants, list[0])
			return nil
		}
		if err := spare(list[:len(list)/2]); err != nil {
			return err
		}
		return spare(list[len(list)/2:])
	}
	var rest, named []int
	for _, id := range bearing {
		switch {
		case slices.Contains(gone, id):
		case slices.Contains(w.named, id):
			named = append(named, id)
		default:
			rest = append(rest, id)
		}
	}
	if err := spare(rest); err != nil { // mostly all at once
		return nil, true, err
	}
	// What hangs on many things is spared last, so that it is found where it is
	// needed.
	slices.SortFunc(named, func(a, b int) int { return compareGrantsToCut(c.table.list[b], c.table.list[a]) })
	needed := func(n int) (bool, error) { // some of the first ones
		still, err := c.open(slices.Concat(gone, named[:n]), w)
		return !still, err
	}
	for len(named) > 0 {
		closed, err := needed(len(named))
		if err != nil {
			return nil, true, err
		}
		if !closed {
			break
		}
		last, few := len(named), 0 // it is closed without the first last ones, and open without few
		for last-few > 1 {
			half := (few + last) / 2
			if closed, err = needed(half); err != nil {
				return nil, true, err
			}
			if closed {
				last = half
			} else {
				few = half
			}
		}
		grants = append(grants, named[last-1])
		gone, named = slices.Concat(gone, named[:last-1]), named[last:]
	}
	slices.Sort(grants)
	return grants, true, nil
}
