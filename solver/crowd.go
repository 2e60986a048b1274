package solver

import (
	"encoding/binary"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"unsafe"

	"pathfinder/graphmodel/arn"
	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
)

// A crowd is the users or the roles of one account that carry the same policies
// in the same order, and of whom the same is known apart from names and tags. An
// organization has few crowds and many principals: policies that AWS manages and
// stacks that are stamped into every account make the same one over and over.
//
// Equal documents are one document in memory (package collector/snapshot sees to
// that); where they are not, crowds are smaller and answers the same.
type crowd struct {
	account  *inventory.Account
	policies []carried
	boundary *policy.Document // nil for none
	// standing holds what all members have in common; it names nobody.
	standing Caller
	members  []*inventory.Principal // by ARN
	hears    []*hearing             // of its policies
}

// speaksOf reports whether the policies may speak about actions of some
// services.
func (cr *crowd) speaksOf(services map[string]bool) bool {
	return slices.ContainsFunc(cr.hears, func(h *hearing) bool {
		return h.all || slices.ContainsFunc(h.services, func(service string) bool { return services[service] })
	})
}

// A hearing is which services a document speaks about.
type hearing struct {
	services []string
	all      bool // some statement speaks about all or all but some
}

// hearing returns what a document speaks about. Most crowds carry documents that
// others carry as well.
func (s *Solver) hearing(doc *policy.Document) *hearing {
	if known, ok := s.crowds.heard.Load(doc); ok {
		return known.(*hearing)
	}
	h := &hearing{all: len(doc.Faults) > 0}
	for _, st := range doc.Statements {
		h.all = h.all || st.NotAction
		last := ""
		for i := range st.Actions {
			a := &st.Actions[i]
			if a.All() {
				h.all = true
			} else if service := a.Service(); service != last { // actions of one service mostly stand together
				h.services, last = append(h.services, service), service
			}
		}
	}
	slices.Sort(h.services)
	h.services = slices.Compact(h.services)
	known, _ := s.crowds.heard.LoadOrStore(doc, h)
	return known.(*hearing)
}

// carried is a policy on a caller.
type carried struct {
	doc     *policy.Document
	managed string // the ARN of a managed policy: answers name it alike for all
}

// A carriedStatement is a statement of one of a crowd's policies.
type carriedStatement struct {
	policy int
	st     *policy.Statement
}

// twice returns the first place at which the managed policy at place i is
// carried.
func (cr *crowd) twice(i int) int {
	if cr.policies[i].managed != "" {
		for j := range i {
			if cr.policies[j].managed == cr.policies[i].managed {
				return j
			}
		}
	}
	return i
}

// crowds holds the crowds of every account that was asked about.
type crowds struct {
	byAccount sync.Map // *inventory.Account → *community
	heard     sync.Map // *policy.Document → *hearing
}

// A community is the crowds of one account.
type community struct {
	whole  sync.Once
	ready  atomic.Bool // all members are in their crowds, and of stays as it is
	crowds []*crowd    // in the order of their first members, once ready

	mu     sync.Mutex // guards what follows until ready
	of     map[*inventory.Principal]*crowd
	byKey  map[string]*crowd
	place  Caller // what all have in common
	trusts map[*policy.Document]Caller
	key    []byte // room for one
}

// circle returns the community of an account, of which not everybody need be known.
func (s *Solver) circle(a *inventory.Account) *community {
	if c, ok := s.crowds.byAccount.Load(a); ok {
		return c.(*community)
	}
	c := &community{of: map[*inventory.Principal]*crowd{}, byKey: map[string]*crowd{}, place: Caller{Account: a.ID}, trusts: map[*policy.Document]Caller{}}
	s.place(&c.place)
	made, _ := s.crowds.byAccount.LoadOrStore(a, c)
	return made.(*community)
}

// community returns the crowds of an account, with all their members.
func (s *Solver) community(a *inventory.Account) *community {
	c := s.circle(a)
	c.whole.Do(func() {
		s.gather(c, a)
		c.ready.Store(true)
	})
	return c
}

// crowdOf returns the crowd of a user or role.
func (s *Solver) crowdOf(p *inventory.Principal) *crowd { return s.community(p.Account).of[p] }

// kindOf is crowdOf for whoever asks what its members have in common: not all of
// them need be in it, so that the others of the account are not looked at.
func (s *Solver) kindOf(p *inventory.Principal) *crowd {
	c := s.circle(p.Account)
	if c.ready.Load() {
		return c.of[p]
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return s.join(c, p)
}

// gather sorts the principals of an account into crowds. Time O(policies).
func (s *Solver) gather(c *community, a *inventory.Account) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, p := range a.Principals() {
		cr := s.join(c, p)
		if len(cr.members) == 0 {
			c.crowds = append(c.crowds, cr)
		}
		cr.members = append(cr.members, p)
	}
	c.byKey, c.trusts = nil, nil
}

// join finds the crowd of a principal.
func (s *Solver) join(c *community, p *inventory.Principal) *crowd {
	if cr := c.of[p]; cr != nil {
		return cr
	}
	standing := s.standing(p, c.place, c.trusts)
	key := append(c.key[:0], flagsOf(&standing)...)
	policiesOf(p, func(_ string, pol *inventory.Policy) {
		key = append(appendPointer(key, pol.Doc), pol.ARN...)
	})
	if p.Boundary != nil {
		key = appendPointer(append(key, 'b'), p.Boundary.Doc)
	}
	if p.Ambiguous() {
		key = append(key, p.ARN...) // what its tags say is said of it by name
	}
	c.key = key
	cr := c.byKey[string(key)]
	if cr == nil {
		cr = &crowd{account: p.Account, standing: standing}
		policiesOf(p, func(_ string, pol *inventory.Policy) {
			cr.policies = append(cr.policies, carried{pol.Doc, pol.ARN})
			cr.hears = append(cr.hears, s.hearing(pol.Doc))
		})
		if p.Boundary != nil {
			cr.boundary = p.Boundary.Doc
			cr.hears = append(cr.hears, s.hearing(cr.boundary))
		}
		c.byKey[string(key)] = cr
	}
	c.of[p] = cr
	return cr
}

// policiesOf visits the identity policies of a principal, those of its groups
// after its own, with the ARN of what each hangs on.
func policiesOf(p *inventory.Principal, yield func(owner string, pol *inventory.Policy)) {
	each := func(owner string, lists ...[]*inventory.Policy) {
		for _, list := range lists {
			for _, pol := range list {
				yield(owner, pol)
			}
		}
	}
	each(p.ARN, p.Inline, p.Attached)
	for _, g := range p.Groups {
		each(g.ARN, g.Inline, g.Attached)
	}
}

// standing returns what is known of the caller that a principal is, without
// names and tags. trusts remembers what trust policies say.
func (s *Solver) standing(p *inventory.Principal, place Caller, known map[*policy.Document]Caller) Caller {
	c := place
	c.HasTags = !s.tagsUnread[p.ARN]
	c.Partition = arn.Partition(p.ARN)
	if p.Kind == inventory.User {
		c.Kind = CallerUser
		return c
	}
	c.Kind = CallerSession
	c.ServiceLinked = strings.HasPrefix(p.Path, "/aws-service-role/")
	t, ok := known[p.Trust]
	if !ok {
		t.fromTrust(p.Trust)
		known[p.Trust] = t
	}
	c.SessionTags, c.NoSourceIdentity, c.FromToken, c.Web = t.SessionTags, t.NoSourceIdentity, t.FromToken, t.Web
	return c
}

// fromTrust fills in what a trust policy says about the sessions of its role.
func (c *Caller) fromTrust(doc *policy.Document) {
	c.SessionTags, c.NoSourceIdentity = trusts(doc, "tagsession"), !trusts(doc, "setsourceidentity")
	c.FromToken = trusts(doc, "assumerolewithsaml") || trusts(doc, "assumerolewithwebidentity")
	c.Web = c.FromToken && !trusts(doc, "assumerole")
}

// flagsOf writes the facts of a caller that are not names or tags: equal bytes
// for equal facts.
func flagsOf(c *Caller) []byte {
	bits := uint32(c.Kind)
	for i, yes := range []bool{
		c.ServiceLinked, c.Management, c.RootManager, c.OrgKnown, c.HasTags, c.SessionTags,
		c.NoSourceIdentity, c.External, c.FromToken, c.Web, c.stranger != nil,
	} {
		if yes {
			bits |= 1 << (8 + i)
		}
	}
	b := binary.LittleEndian.AppendUint32(make([]byte, 0, 64), bits)
	return append(append(append(append(b, c.Partition...), 0), c.OrgID...), 0)
}

// appendPointer appends which document it is.
func appendPointer(b []byte, d *policy.Document) []byte {
	return binary.LittleEndian.AppendUint64(b, uint64(uintptr(unsafe.Pointer(d)))) //nolint:gosec // an identity, never followed
}
