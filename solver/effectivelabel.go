package solver

import (
	"slices"

	"pathfinder/graphmodel/guard"
	"pathfinder/graphmodel/permission"
	"pathfinder/graphmodel/policy"
)

// A labels turns what was read about one group of actions into labels.
type labels struct {
	x     *effective
	sp    *permission.Space
	s     *sides
	here  *permission.Label // the part of the resources that is being looked at
	asked *permission.Label // all requests that the group is about

	deny, open                  *permission.Label
	denied                      *permission.Label // by the policies of the resource read last
	identity, boundary, session *permission.Label // what each allows
	granted                     *permission.Label // by all of them and the resource

	doubts []string // of the call, with all its checks
}

// kindLabels are the requests that policies of the resource allow, by the kind
// of entry that names the caller.
type kindLabels [numKinds]*permission.Label

// add adds what a group of actions is allowed.
func (x *effective) add(s *sides) {
	sp := x.space
	asked := sp.Requests(sp.Named(s.r.asked.actions), sp.AllResources(), sp.Always())
	l := &labels{x: x, sp: sp, s: s, asked: asked}
	var allowed *permission.Label
	refused := false
	switch {
	case !s.fixed:
		allowed = sp.Intersect(asked, l.allowed())
		refused = sp.SubsetOf(asked, l.deny)
		l.doubtAsker(allowed)
		if l.doubts = appendNew(slices.Clone(s.c.Doubts), s.r.e.doubts...); len(l.doubts) > 0 && l.settled() {
			l.doubts = nil
		}
		if allowed.IsEmpty() {
			l.doubts = s.c.openDoubts(l.doubts)
		}
	case s.allowed:
		allowed = l.route(GateRule, asked)
	default:
		allowed, refused = sp.Nothing(), true
	}
	if s.behind != nil {
		l.doubts = appendNew(l.doubts, s.behind.r.e.doubts...)
	}
	certain := allowed.IsEmpty() && len(l.doubts) == 0 // whatever further checks are in doubt about
	for i := range s.further {
		allowed = l.further(&s.further[i], allowed, &refused, &certain)
	}
	if !certain {
		x.doubts = appendNew(x.doubts, l.doubts...)
	}
	for _, rule := range s.r.e.unsure.words {
		l.lean(rule, asked)
	}
	x.refused = x.refused && refused
	x.label = sp.Union(x.label, sp.Under(allowed, sp.When(s.also)))
}

// doubtAsker notes when the user behind a federated session could make the
// difference: not to what is denied or granted to the session itself (E104).
func (l *labels) doubtAsker(allowed *permission.Label) {
	c, left := l.s.c, l.sp.Intersect(l.asked, l.open)
	if c.HasSession {
		left = l.sp.Intersect(left, l.session)
	}
	if c.asker != "" && !l.sp.SubsetOf(left, l.sp.Union(allowed, l.deny)) {
		l.x.beside = appendNew(l.x.beside, c.asker)
	}
}

// lean notes that the answer to some requests rests on an unsure rule.
func (l *labels) lean(rule string, about *permission.Label) {
	about = l.sp.Intersect(about, l.asked)
	for i := range l.x.unsure {
		if o := &l.x.unsure[i]; o.Of == rule {
			o.Label = l.sp.Union(o.Label, about)
			return
		}
	}
	if !about.IsEmpty() {
		l.x.unsure = append(l.x.unsure, permission.Origin[string]{Of: rule, Label: about})
	}
}

// allowed combines the policies as AWS does (E83, E86, E90).
func (l *labels) allowed() *permission.Label {
	s, sp := l.s, l.sp
	l.deny, l.open = sp.Nothing(), sp.Everything()
	for i, level := range s.scps {
		l.open = sp.Intersect(l.open, l.gate(GateSCP, s.c.SCPs[i].Target, level)) // every level has to allow
	}
	l.gate(GateRCP, "", s.rcps) // RCPFullAWSAccess can't be detached: only Denies count
	if s.c.HasEndpoint {
		l.open = sp.Intersect(l.open, l.gate(GateEndpoint, "", s.endpoint))
	}
	l.identity, l.boundary, l.session = l.account(&s.account, true)
	var granted *permission.Label
	if s.behind != nil {
		granted = l.throughAccessPoint()
	} else {
		granted = l.direct()
	}
	l.granted = granted
	allowed := sp.Subtract(sp.Intersect(l.open, granted), l.deny)
	for i := range s.routes {
		allowed = l.throughRoute(allowed, &s.routes[i])
	}
	return allowed
}

// requests returns the requests that a statement speaks about.
func (l *labels) requests(sp *speech) *permission.Label {
	about := sp.about(l.sp, l.sp.Named(sp.actions))
	for _, rule := range sp.unsure {
		l.lean(rule, about)
	}
	return l.sp.Under(about, l.sp.When(sp.when))
}

// says returns what statements allow, and adds what they deny to the denials.
// Those of a policy with principals have to name the caller.
func (l *labels) says(list []speech) (allow *permission.Label) {
	allow = l.sp.Nothing()
	for i := range list {
		sp := &list[i]
		about := l.requests(sp)
		if sp.src.Doc.Kind.HasPrincipal() {
			about = l.sp.Under(about, l.sp.When(sp.named.any()))
		}
		switch sp.st.Effect {
		case policy.Allow:
			allow = l.sp.Union(allow, about)
		case policy.Deny:
			l.deny = l.sp.Union(l.deny, about)
		case policy.EffectInvalid:
		}
	}
	return allow
}

// gate is says, and tells the trace.
func (l *labels) gate(name, target string, list []speech) (allow *permission.Label) {
	denied := l.deny
	l.deny = l.sp.Nothing()
	allow = l.says(list)
	l.trace(name, target, allow, l.deny, list)
	l.deny = l.sp.Union(denied, l.deny)
	return allow
}

// behind lists the Allow statements with the requests that they are behind.
func (l *labels) behind(list []speech) []permission.Origin[StatementRef] {
	return l.stating(list, policy.Allow)
}

// stating lists the statements of one effect with the requests that they are
// about.
func (l *labels) stating(list []speech, effect policy.Effect) (out []permission.Origin[StatementRef]) {
	for i := range list {
		sp := &list[i]
		if sp.st.Effect != effect {
			continue
		}
		about := l.sp.Under(sp.about(l.sp, l.sp.Named(sp.actions)), l.sp.When(sp.when))
		if sp.src.Doc.Kind.HasPrincipal() {
			about = l.sp.Under(about, l.sp.When(sp.named.any()))
		}
		out = append(out, permission.Origin[StatementRef]{Of: ref(sp.src, sp.st), Label: about})
	}
	return out
}

// account returns what the policies on the caller allow.
func (l *labels) account(a *accountSide, tell bool) (identity, boundary, session *permission.Label) {
	if a.free {
		all := l.sp.Everything()
		return all, all, all
	}
	if tell {
		identity, boundary, session = l.gate(GateIdentity, "", a.identity), l.gate(GateBoundary, "", a.boundary), l.gate(GateSession, "", a.session)
		l.x.because = append(l.x.because, l.behind(a.identity)...)
	} else {
		identity, boundary, session = l.says(a.identity), l.says(a.boundary), l.says(a.session)
	}
	if a.noBoundary {
		boundary = l.sp.Everything()
	}
	if a.noSession {
		session = l.sp.Everything()
	}
	return identity, boundary, session
}

// grants returns what policies of the resource allow the caller.
func (l *labels) grants(list []speech) (k kindLabels) {
	sp := l.sp
	k, l.denied = l.none(), sp.Nothing()
	for i := range list {
		g := &list[i]
		about := l.requests(g)
		if g.st.Effect == policy.Deny {
			l.denied = sp.Union(l.denied, sp.Under(about, sp.When(g.named.any())))
			continue
		}
		for j := range k {
			if g.named[j] != guard.False {
				k[j] = sp.Union(k[j], sp.Under(about, sp.When(g.named[j])))
			}
		}
	}
	l.deny = sp.Union(l.deny, l.denied)
	behind := l.behind(list)
	l.x.because = append(l.x.because, behind...)
	return k
}

func (l *labels) of(k *kindLabels, list []kind) *permission.Label {
	out := l.sp.Nothing()
	for _, i := range list {
		out = l.sp.Union(out, k[i])
	}
	return out
}

// direct returns what is granted without an access point in between.
func (l *labels) direct() *permission.Label {
	s, sp := l.s, l.sp
	k := l.grants(s.grants)
	l.trace(GateResource, "", l.of(&k, allKinds), l.denied, s.grants)
	alone := l.addKeyGrants(&k)
	granted := l.perObject(func(c *Case) *permission.Label {
		mine := k
		owner := l.adjust(c, &mine, c.Resource, c.ResourceAccount, true)
		return l.formula(&mine, owner)
	})
	l.lean("E193", sp.Subtract(alone, granted))
	return sp.Union(granted, l.route(RouteKeyGrant, alone))
}

// perObject unites what holds for the objects with settings of their own and
// for the rest.
func (l *labels) perObject(granted func(c *Case) *permission.Label) *permission.Label {
	s, sp := l.s, l.sp
	rest := sp.AllResources()
	out := sp.Nothing()
	on := func(c *Case, res permission.Resources) {
		at := sp.Requests(sp.AllActions(), res, sp.Always())
		l.here = at
		for _, rule := range s.r.leaning(func() { out = sp.Union(out, sp.Intersect(granted(c), at)) }) {
			l.lean(rule, at)
		}
	}
	for i := range s.objects {
		one := sp.Covered(s.objects[i].pattern)
		rest = sp.Both(rest, sp.Others(one))
		on(s.objects[i].c, one)
	}
	on(s.c, rest)
	return out
}

// addKeyGrants adds what grants on a KMS key give; alone is what they give
// across accounts without any policy.
func (l *labels) addKeyGrants(k *kindLabels) (alone *permission.Label) {
	s, sp := l.s, l.sp
	if s.keys.alone == nil {
		return sp.Nothing()
	}
	limits := sp.Intersect(l.boundary, l.session)
	for i, holds := range s.keys.kinds {
		if holds == guard.False {
			continue
		}
		given := sp.Under(sp.Everything(), sp.When(holds))
		k[i] = sp.Union(k[i], given)
		l.lean("E192", sp.Subtract(given, limits))
	}
	return sp.Intersect(sp.Under(sp.Everything(), sp.When(s.keys.alone)), limits)
}

// adjust applies what services add to their resource policies (E96), and
// returns the account that owns the resource for these requests. resource is
// what c asks of the carrier of the policies, whose account is owner.
func (l *labels) adjust(c *Case, k *kindLabels, resource, owner string, front bool) string {
	e := l.s.r.e
	kept := guard.Opaque("kept")
	g := grantSide{kinds: noKinds()}
	for i := range g.kinds {
		g.kinds[i] = kept
	}
	g.kinds[kindACL] = guard.False
	before := e.c
	e.c = c
	switch {
	case front:
		owner = e.adjust(&side{blocked: &e.empty}, &g, resource)
	case c.S3 != nil:
		owner = e.s3(&side{blocked: &e.empty}, &g, resource, owner)
	}
	e.c = before
	for i := range k {
		switch {
		case g.kinds[i] == guard.True:
			k[i] = l.sp.Everything()
		case g.kinds[i] != kept && i != int(kindACL):
			k[i] = l.sp.Nothing()
		}
	}
	return owner
}

// formula unites what the two sides together let in.
func (l *labels) formula(k *kindLabels, owner string) *permission.Label {
	sp, e := l.sp, l.s.r.e
	c := &e.c.Caller
	limits := sp.Intersect(l.boundary, l.session)
	own := sp.Intersect(l.identity, limits)
	anyone := l.of(k, allKinds)
	switch {
	case !c.hasAccount():
		if c.Kind == CallerAnonymous { // E130
			anyone = sp.Under(anyone, sp.When(l.s.unsigned))
		}
		return l.route(RouteResource, anyone)
	case e.assumesRoot(): // E162
		return l.route(RouteIdentity, own)
	case c.Account != owner:
		return l.route(RouteBoth, sp.Intersect(own, anyone)) // E90, E92
	}
	granted := sp.Union(l.route(RouteResource, l.of(k, directKinds)), l.route(RouteLimited, sp.Intersect(l.of(k, limitedKinds), limits)))
	if e.service == "sts" && c.Kind == CallerUser && e.c.HasBoundary {
		l.lean("E138", sp.Subtract(k[kindUser], l.boundary))
	}
	how := RouteIdentity
	if e.insists() {
		how, own = RouteBoth, sp.Intersect(own, anyone) // E95, E188
	}
	if !k[kindNarrowed].IsEmpty() {
		clear := sp.Union(l.of(k, clearKinds), sp.Union(sp.Intersect(l.of(k, limitedKinds), limits), own))
		l.lean("E89", sp.Intersect(l.here, sp.Subtract(k[kindNarrowed], clear)))
	}
	return sp.Union(granted, l.route(how, own))
}
