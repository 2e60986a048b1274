package solver

import (
	"cmp"
	"maps"
	"runtime"
	"slices"
	"strings"

	"pathfinder/graphmodel/arn"
	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
	"pathfinder/solver/internal/parallel"
)

// maxSeen bounds the pairs of a principal and a resource that are looked at to find
// what one grant's removal breaks.
const maxSeen = 400

// A breaking finds what else is lost by a removal.
type breaking struct {
	c             *cutter
	before, after *finder
	// beside is the snapshot where this grant alone is left of those removed: for what
	// no answer names, such as a grant of a key. nil when answers name all it does.
	beside       *finder
	grant        *cutGrant
	bound        []*inventory.Principal // whose boundary the grant's policy is
	rest         []ask                  // of what the grant may speak about: see unlisted
	seen, unseen int
	lost         []loss
}

// A loss is what one principal loses on one resource.
type loss struct {
	who, resource string
	actions       []string
}

// breaks tells what else is lost with each grant.
func (c *cutter) breaks(ans *CutAnswer, removed []*cutGrant) error {
	all, err := c.without(c.removed, false)
	if err != nil {
		return err
	}
	list, err := c.breakings(all.s, removed)
	for i, b := range list {
		ans.Cut[i].Breaks, ans.Cut[i].Unseen = foldedLosses(b.lost), b.unseen
	}
	return err
}

// breakings finds what is lost with each of some grants in another snapshot.
func (c *cutter) breakings(after *Solver, removed []*cutGrant) ([]*breaking, error) {
	list := make([]*breaking, len(removed))
	for i, g := range removed {
		b := &breaking{c: c, before: c.s.finder(), after: after.finder(), grant: g, bound: c.boundBy(g)}
		if unnamed(g.kind) || len(b.bound) > 0 {
			others := slices.DeleteFunc(slices.Clone(c.removed), func(id int) bool { return id == g.id })
			beside, err := c.without(others, false)
			if err != nil {
				return nil, err
			}
			b.beside = beside.s.finder()
		}
		if c.encrypted == nil && onKey(g) {
			c.encrypted = c.s.encrypted()
		}
		list[i] = b
	}
	parallel.Each(runtime.GOMAXPROCS(0), len(removed), func(i int) { list[i].look(c.placesOf(removed[i])) })
	return list, nil
}

// look finds what is lost with one grant.
func (b *breaking) look(places []string) {
	switch g := b.grant; g.kind {
	case policy.Identity.String(), TypeAttachment:
		b.rest = restOf(g.stmts, b.c.s.partition())
		for _, p := range b.c.holders(places, g.account) {
			b.holder(p)
		}
		for _, p := range b.bound {
			b.holder(p)
		}
	case TypeACL:
		b.on(b.c.s.carrier(g.name).ARN)
	default:
		for _, text := range b.c.s.waysTo(g.name) {
			b.on(text)
		}
		for _, text := range b.c.encrypted[g.name] {
			if onKey(g) {
				b.on(text)
			}
		}
	}
}

// onKey reports whether a grant hangs on a key.
func onKey(g *cutGrant) bool {
	return g.kind == TypeKeyGrant || g.kind == policy.Resource.String() && arn.Service(g.name) == "kms"
}

// encrypted lists by keys what they encrypt, and the access points of it: what a key
// does not let through is lost there as well (E128).
func (s *Solver) encrypted() map[string][]string {
	out := map[string][]string{}
	for _, a := range s.inv.Accounts {
		for _, r := range a.Held().Resources {
			if r.EncryptionKey == "" {
				continue
			}
			if key := s.carrier(r.EncryptionKey); key != nil {
				out[key.ARN] = append(out[key.ARN], s.waysTo(r.ARN)...)
			}
		}
	}
	return out
}

// boundBy lists those of whom a grant's policy is the boundary, and to whom it is not
// attached: without the grant that is narrower.
func (c *cutter) boundBy(g *cutGrant) (out []*inventory.Principal) {
	if g.kind != policy.Identity.String() {
		return nil
	}
	holders := c.holders(c.placesOf(g), g.account)
	for _, p := range c.s.inv.Account(g.account).Principals() {
		if b := p.Boundary; b != nil && b.ARN == g.name && !slices.Contains(holders, p) {
			out = append(out, p)
		}
	}
	return out
}

// speaks reports whether the grant may speak about something, by its service.
func (b *breaking) speaks(text string) bool {
	services := []string{arn.Service(text)}
	switch services[0] {
	case "iam":
		services = append(services, "sts")
	case "codeartifact":
		services = append(services, "sts") // E214
	}
	if t := b.before.s.targetOf(text); t.carrier != nil && t.carrier.EncryptionKey != "" || t.bucket != nil && t.bucket.EncryptionKey != "" {
		services = append(services, "kms") // E128
	}
	return slices.ContainsFunc(b.grant.stmts, func(st *policy.Statement) bool {
		return st.NotAction || slices.ContainsFunc(st.Actions, func(a policy.Action) bool {
			return a.All() || slices.Contains(services, a.Service()) || strings.ContainsAny(a.Service(), "*?")
		})
	})
}

// holders lists the users and roles on which what hangs on some places bears.
func (c *cutter) holders(places []string, account string) (out []*inventory.Principal) {
	for _, p := range c.s.inv.Account(account).Principals() {
		if slices.Contains(places, p.ARN) || slices.ContainsFunc(p.Groups, func(g *inventory.Group) bool { return slices.Contains(places, g.ARN) }) {
			out = append(out, p)
		}
	}
	return out
}

// on looks at everybody who reaches a resource or role itself.
func (b *breaking) on(text string) {
	t := b.before.s.targetOf(text)
	asks := asksOf(text)
	for _, r := range b.before.direct(t, asks) {
		b.pair(&r.actor, t, asks)
	}
	anon := actor{caller: Caller{Kind: CallerAnonymous, ARN: "anonymous"}}
	b.pair(&anon, t, asks)
}

// holder looks at all that a principal may reach itself: what is in its account, and
// what lets it in by name.
func (b *breaking) holder(p *inventory.Principal) {
	s := b.before.s
	own, others := map[string]bool{}, map[string]bool{}
	for _, r := range p.Account.Held().Resources {
		own[r.ARN] = true
	}
	for _, r := range p.Account.Held().Roles {
		own[r.ARN] = true
	}
	for _, name := range []string{p.ARN, p.Account.ID, "*"} {
		for _, r := range s.lookup.Granting(name) {
			others[r.ARN] = true
		}
		for _, r := range s.lookup.Trusting(name) {
			others[r.ARN] = true
		}
	}
	maps.DeleteFunc(others, func(text string, _ bool) bool { return own[text] })
	a := s.actorOf(p)
	for _, text := range append(slices.Sorted(maps.Keys(own)), slices.Sorted(maps.Keys(others))...) {
		if !b.speaks(text) {
			continue
		}
		if asks := asksOf(text); len(asks) > 0 {
			b.pair(&a, s.targetOf(text), asks)
		}
	}
	b.unlisted(&a)
}

// unlisted looks at what a principal may do that is about nothing which the snapshot
// lists: calls about no resource, resources that carry no policies, in its own account,
// and what its policies name besides.
func (b *breaking) unlisted(a *actor) {
	s := b.before.s
	if len(b.rest) > 0 {
		t := s.targetOf("*")
		t.account = a.caller.Account // E39
		b.pair(a, t, b.rest)
	}
	for _, text := range s.namedElsewhere(a) {
		if asks := asksOf(text); len(asks) > 0 && policyServices[arn.Service(text)] && b.speaks(text) {
			b.pair(a, s.targetOf(text), asks)
		}
	}
}

// restOf lists what can be asked about nothing that a snapshot lists, of the actions
// that statements name.
func restOf(stmts []*policy.Statement, partition string) (out []ask) {
	var patterns []string
	for _, st := range stmts {
		for i := range st.Actions {
			patterns = append(patterns, st.Actions[i].Text)
		}
		if st.NotAction {
			patterns = []string{"*"}
			break
		}
	}
	set, err := newActionSet(patterns)
	if err != nil { // a statement that names what is no action grants nothing by it
		set, _ = newActionSet([]string{"*"}) //nolint:errcheck // "*" is read
	}
	for _, k := range append(set.withoutResource(), ask{"arn:" + partition + ":*", set.unlisted()}) {
		if len(k.actions) > 0 {
			out = append(out, k)
		}
	}
	return out
}

// asksOf lists all that can be asked about something.
func asksOf(text string) []ask {
	set, err := newActionSet(orAll(nil, []string{text}))
	if err != nil {
		return nil
	}
	return set.asks(text)
}

// pair looks at what one principal loses on one resource.
func (b *breaking) pair(a *actor, t *target, asks []ask) {
	s := b.before.s
	if !s.mayReach(a, t) {
		return
	}
	if b.seen >= maxSeen {
		b.unseen++
		return
	}
	b.seen++
	by := b.byGrant(a, t, asks)
	if len(by) == 0 && b.beside == nil {
		return
	}
	has := b.there(b.after, a, t, asks)
	if b.beside != nil {
		for action, terms := range b.there(b.beside, a, t, asks) {
			by[action] = by[action] || terms != has[action]
		}
	}
	l := loss{who: a.caller.ARN, resource: t.name}
	meant := b.meant(a, t.name)
	for action, terms := range termsByAction(b.before.terms(a, t, asks)) {
		if by[action] && terms != has[action] && !(meant && b.c.set.includes(action)) {
			l.actions = append(l.actions, action)
		}
	}
	if slices.Sort(l.actions); len(l.actions) > 0 {
		b.lost = append(b.lost, l)
	}
}

// there writes the terms in another snapshot.
func (b *breaking) there(f *finder, a *actor, t *target, asks []ask) map[string]string {
	again, same := f.s.again(a), f.s.targetOf(t.name)
	if t.name == "*" {
		same.account = t.account
	}
	return termsByAction(f.terms(&again, same, asks))
}

// byGrant lists the actions behind which answers name the grant, among others.
func (b *breaking) byGrant(a *actor, t *target, asks []ask) map[string]bool {
	out := map[string]bool{}
	if unnamed(b.grant.kind) {
		return out
	}
	for _, g := range b.before.grants(a, t, asks) {
		if slices.Contains(b.c.table.named(g.Because, a.principal), b.grant.id) {
			for _, action := range g.Actions {
				out[action] = true
			}
		}
	}
	return out
}

// meant reports whether the ways of a principal to a resource were to be closed.
func (b *breaking) meant(a *actor, resource string) bool {
	_, unwanted := slices.BinarySearch(b.c.unwanted, a.caller.ARN)
	return unwanted && slices.ContainsFunc(b.c.places, func(p cutPlace) bool {
		return p.text == resource || len(p.carriers) > 0 && p.carriers[0].ARN == resource
	})
}

func (set *actionSet) includes(name string) bool {
	return set.covers(name) || slices.Contains(set.names, name)
}

// termsByAction writes where and when each action is allowed.
func termsByAction(list []Grant) map[string]string {
	out := map[string]string{}
	for i := range list {
		g := &list[i]
		terms := "\x02" + g.key()
		for _, action := range g.Actions {
			out[action] += terms
		}
	}
	return out
}

// mostActions is how many actions of a loss are named.
const mostActions = 8

// foldedLosses puts losses of the same actions together.
func foldedLosses(list []loss) []CutLoss {
	type group struct{ who, resources map[string]bool }
	byResource := map[string]*group{}
	actions := map[string][]string{}
	for _, l := range list {
		text := strings.Join(l.actions, " ")
		actions[text] = l.actions
		key := l.resource + "\x00" + text
		if byResource[key] == nil {
			byResource[key] = &group{map[string]bool{}, nil}
		}
		byResource[key].who[l.who] = true
	}
	merged := map[string]*group{}
	for _, key := range slices.Sorted(maps.Keys(byResource)) {
		resource, text, _ := strings.Cut(key, "\x00")
		who := byResource[key].who
		same := strings.Join(slices.Sorted(maps.Keys(who)), "\x01") + "\x00" + text
		if merged[same] == nil {
			merged[same] = &group{who, map[string]bool{}}
		}
		merged[same].resources[resource] = true
	}
	out := []CutLoss{}
	for same, g := range merged {
		_, text, _ := strings.Cut(same, "\x00")
		l := CutLoss{Principals: slices.Sorted(maps.Keys(g.who)), Resources: slices.Sorted(maps.Keys(g.resources)), Actions: actions[text]}
		if n := len(l.Actions) - mostActions; n > 1 {
			l.Actions, l.More = l.Actions[:mostActions], n
		}
		out = append(out, l)
	}
	slices.SortFunc(out, func(a, b CutLoss) int {
		return cmp.Or(strings.Compare(a.Resources[0], b.Resources[0]), slices.Compare(a.Principals, b.Principals), slices.Compare(a.Actions, b.Actions), cmp.Compare(a.More, b.More))
	})
	return out
}
