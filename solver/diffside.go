package solver

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"pathfinder/graphmodel/arn"
	"pathfinder/graphmodel/guard"
	"pathfinder/graphmodel/inventory"
)

// A diffSide is one of the two snapshots.
type diffSide struct {
	recorder
	word string // "old" or "new", as answers say it
	// gaps are what could not be read of this snapshot alone: what the other one
	// says more need not be new.
	gaps []inventory.Gap

	ownerOnce sync.Once
	owner     bool                // see readsOwner
	alone     map[string]bool     // names of those whom tellOf is about
	exprs     sync.Map            // *guard.Expr → its key
	mu        sync.Mutex          // guards what follows
	ways      map[string]waysOf   // by start and what is read of its sessions
	acts      map[string][]fact   // facts of actors, by ARN
	lasts     map[string]uint32   // numbers of keys of standings
	ids       map[string]uint32   // numbers of ways; see way
	before    map[string][]*actor // by the ARN of a role; see startsTo
}

// waysOf are the ways of one principal through roles.
type waysOf struct {
	ways []*way
	cut  bool
}

func newDiffSides(before, after *Solver) [2]*diffSide {
	var sides [2]*diffSide
	for i, s := range []*Solver{before, after} {
		sides[i] = &diffSide{
			recorder: recorder{s: s}, word: [2]string{"old", "new"}[i],
			ways: map[string]waysOf{}, acts: map[string][]fact{}, lasts: map[string]uint32{}, ids: map[string]uint32{}, before: map[string][]*actor{},
		}
	}
	for i, side := range sides {
		theirs := map[inventory.Gap]bool{}
		for _, g := range sides[1-i].s.inv.Gaps {
			g.Why = ""
			theirs[g] = true
		}
		for _, g := range side.s.inv.Gaps {
			if same := g; !theirs[inventory.Gap{Account: same.Account, Region: same.Region, Service: same.Service, What: same.What}] {
				side.gaps = append(side.gaps, g)
			}
		}
	}
	return sides
}

// through lists the ways of a start through roles, as far as they bear on what
// is read of sessions. side says which side this is, named that all ways are told
// under the name of the start; see tells.
func (d *diffSide) through(side int, start *actor, named bool, read []carriedName) waysOf {
	key := fmt.Sprint(start.caller.Kind, named, start.name())
	for _, n := range read {
		key += "\x00" + n.name + "\x01" + n.spelled
	}
	d.mu.Lock()
	out, ok := d.ways[key]
	d.mu.Unlock()
	if ok {
		return out
	}
	// By who-can a service that a trust policy lets in as one of everybody is no
	// row of its own, and longer ways that name it are.
	told := func(first *hop) bool { return named || d.tells(first) }
	paths, cut := d.s.pathsBeside(*start, read, told)
	out = waysOf{ways: make([]*way, len(paths)), cut: cut}
	for i := range paths {
		out.ways[i] = d.wayBy(side, &paths[i], told(&paths[i].hops[0]))
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if known, ok := d.ways[key]; ok {
		return known
	}
	d.ways[key] = out
	return out
}

// wayBy makes a way of a path.
func (d *diffSide) wayBy(side int, p *path, told bool) *way {
	w := &way{p: *p, end: d.s.last(p), told: told}
	w.standing = standingOf(side, &w.end)
	w.doubts = appendNew(w.doubts, p.unsure...)
	for i := range p.hops {
		if h := &p.hops[i]; !h.from.caller.External {
			for _, why := range h.doubts {
				w.doubts = appendNew(w.doubts, h.to.ARN+": "+why)
			}
		}
	}
	var b strings.Builder
	for i := range p.hops {
		h := &p.hops[i]
		for _, text := range []string{h.to.ARN, h.kind, d.exprKey(h.when), strings.Join(h.doubts, "\x02")} {
			b.WriteString(text + "\x00")
		}
		b.WriteByte(appendBit(nil, h.from.caller.External)[0])
	}
	b.WriteString("\x01" + w.key + "\x01" + strings.Join(p.unsure, "\x02") + "\x01")
	b.WriteByte(appendBit(nil, w.told)[0])
	d.mu.Lock()
	defer d.mu.Unlock()
	w.last, w.id = int(numberIn(d.lasts, w.key)), numberIn(d.ids, b.String())
	return w
}

// tells reports whether who-can lists ways that begin with a hop under the name
// of who makes it.
func (d *diffSide) tells(h *hop) bool {
	if d.alone[h.from.caller.ARN] {
		return true
	}
	_, told := slices.BinarySearchFunc(d.s.edges.callersOf(h.to), h.from.caller.ARN, func(h hop, name string) int { return strings.Compare(h.from.caller.ARN, name) })
	return told
}

// numberIn returns the number of a text, the same each time.
func numberIn(of map[string]uint32, text string) uint32 {
	n, ok := of[text]
	if !ok {
		n = uint32(len(of)) //nolint:gosec // memory ends long before
		of[text] = n
	}
	return n
}

// exprKey remembers keys: hops of one class have one condition.
func (d *diffSide) exprKey(e *guard.Expr) string {
	if key, ok := d.exprs.Load(e); ok {
		return key.(string)
	}
	key := exprKey(e)
	d.exprs.Store(e, key)
	return key
}

// readsOwner reports whether some policy reads the account of a resource: what
// requests in somebody's own account come to then depends on which one that is.
func (d *diffSide) readsOwner() bool {
	d.ownerOnce.Do(func() {
		owner := func(key string) bool {
			key = strings.ToLower(key)
			return key == "aws:resourceaccount" || key == "s3:resourceaccount" || key == "aws:resourceorgpaths"
		}
		d.s.inv.Documents(func(_ string, p *inventory.Policy) {
			for _, st := range p.Doc.Statements {
				for i := range st.Conditions {
					c := &st.Conditions[i]
					d.owner = d.owner || owner(c.Key) || slices.ContainsFunc(c.Variables(), owner)
				}
				for i := range st.Resources {
					d.owner = d.owner || slices.ContainsFunc(st.Resources[i].Variables(), owner)
				}
			}
		})
	})
	return d.owner
}

// factsOf remembers the facts of actors.
func (d *diffSide) factsOf(a *actor) []fact {
	if a == nil {
		return nil
	}
	d.mu.Lock()
	list, ok := d.acts[a.caller.ARN]
	d.mu.Unlock()
	if ok {
		return list
	}
	list = d.actor(a)
	d.mu.Lock()
	defer d.mu.Unlock()
	d.acts[a.caller.ARN] = list
	return list
}

// same returns who an actor of the other snapshot is in this one; nil when this
// one has nobody of that name. Of an account that this one does not hold it is
// somebody outside.
func (d *diffSide) same(a *actor, t *target) *actor {
	s, c := d.s, &a.caller
	held := s.inv.Account(c.Account)
	known := held != nil && held.IAM
	var out actor
	switch {
	case a.principal != nil && a.principal.ARN == c.ARN:
		p := s.inv.Principal(c.ARN)
		if p == nil && known {
			return nil
		}
		if p != nil {
			out = s.actorOf(p)
			break
		}
		caller, err := ParseCaller(c.ARN)
		if err != nil {
			return nil
		}
		s.place(&caller)
		out.caller = caller
	case c.Kind == CallerAnonymous:
		out = *a
	case known && (c.Kind == CallerRoot || c.Kind == CallerOutsider):
		out = s.rootActor(held)
	case c.Kind == CallerRoot && t != nil && t.account == c.Account:
		out = s.rootOf(c.Account, c.Partition)
	case c.isAnybody() && t != nil:
		name, kind := t.node()
		out = s.anybody(c.Partition, s.mentionedOn(name, kind))
	case c.Kind == CallerRoot, c.Kind == CallerOutsider && c.CanonicalID == "":
		out = s.outsider(c.Account, c.Partition)
	default:
		b, ok, err := s.actorFor(c.ARN)
		if err != nil || !ok {
			return nil
		}
		out = b
	}
	return &out
}

// A presence says whether a snapshot has something.
type presence struct {
	there bool
	// unknown says why nobody knows; "" when it is known.
	unknown string
}

// has tells whether the snapshot has a resource, user, role or root user that
// the other one may have. account is its owner.
func (d *diffSide) has(text, account string) presence {
	a := d.s.inv.Account(account)
	switch {
	case d.s.inv.Resource(text) != nil || d.s.inv.Principal(text) != nil:
		return presence{there: true}
	case a == nil || !a.IAM:
		return presence{unknown: fmt.Sprintf("account %s is not in the %s snapshot", account, d.word)}
	case text == a.RootARN():
		return presence{there: true}
	}
	return presence{unknown: d.gapAbout(text, account)}
}

// gapAbout says what this snapshot alone did not read that may be about
// something; "" when there is nothing.
func (d *diffSide) gapAbout(text, account string) string {
	for i := range d.gaps {
		if g := &d.gaps[i]; gapBears(g, text, account) {
			return fmt.Sprintf("%s was not read for the %s snapshot: %s", g.What, d.word, g.Why)
		}
	}
	return ""
}

// unsureOfProvider says that nobody knows whether an identity provider is there which the
// other snapshot is known to lack (E150).
func (d *diffSide) unsureOfProvider(c *Caller) []string {
	id := arn.Account(c.ARN)
	if a := d.s.inv.Account(id); a != nil && a.Held().ProvidersKnown {
		return nil
	}
	return []string{fmt.Sprintf("the identity providers of account %s are not in the %s snapshot", id, d.word)}
}

// gapBears reports whether what was not read may be about something.
func gapBears(g *inventory.Gap, text, account string) bool {
	service := arn.Service(text)
	if g.Account != "" && account != "" && g.Account != account {
		return false
	}
	// SCPs and RCPs bear on everything.
	if g.Service != "" && service != "" && !strings.EqualFold(g.Service, service) && !strings.EqualFold(g.Service, "organizations") {
		return false
	}
	if region := arn.Region(text); g.Region != "" && region != "" && g.Region != region {
		return false
	}
	if !arn.Is(g.What) || service == "iam" && g.What != text && !strings.Contains(g.What, ":role/") && !strings.Contains(g.What, ":user/") {
		return true
	}
	return strings.HasPrefix(text, g.What) || strings.HasPrefix(g.What, text)
}
