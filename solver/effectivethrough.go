package solver

import (
	"slices"
	"strings"

	"pathfinder/graphmodel/permission"
)

// throughAccessPoint returns what both sides of an access point let through
// (E175 to E177).
func (l *labels) throughAccessPoint() *permission.Label {
	s, sp, b := l.s, l.sp, l.s.behind
	e := s.r.e
	c := &s.c.Caller
	l.open = sp.Under(l.open, sp.When(b.network))
	front := l.grants(s.grants)
	l.trace(GateAccessPoint, "", l.of(&front, allKinds), l.denied, s.grants)
	identity, boundary, session := l.account(&b.account, false)
	own := sp.Intersect(identity, sp.Intersect(boundary, session))
	if !c.hasAccount() {
		own = sp.Nothing()
	}
	l.says(b.denies)
	back := l.grants(b.grants)
	l.trace(GateResource, "", l.of(&back, allKinds), l.denied, b.grants)
	restricted := e.restrictedAccessPoint(b.ap)
	if restricted {
		front = l.none()
	}
	return l.perObject(func(cc *Case) *permission.Label {
		ap, mine := cc.AccessPoint, back
		owner := l.adjust(cc, &mine, ap.BucketResource, ap.BucketAccount, false)
		if restricted {
			mine = l.none()
		}
		bucketSide := l.of(&mine, allKinds)
		if c.hasAccount() && c.Account == owner {
			bucketSide = sp.Union(bucketSide, own)
			l.lean("E175", sp.Subtract(l.here, l.anyhow(bucketSide)))
		}
		if owner != ap.BucketAccount && strings.HasSuffix(accessPointName(e.resource), ".mrap") {
			bucketSide = sp.Nothing() // E177
		}
		granted := sp.Intersect(l.formula(&front, s.c.ResourceAccount), bucketSide)
		if c.hasAccount() && c.Account != owner {
			granted = sp.Intersect(granted, sp.Intersect(l.identity, sp.Intersect(l.boundary, l.session)))
		}
		return granted
	})
}

// anyhow returns the requests that a label holds in some context, in all of them.
func (l *labels) anyhow(a *permission.Label) *permission.Label {
	out := l.sp.Nothing()
	for _, p := range l.sp.Pieces(a) {
		out = l.sp.Union(out, l.sp.Requests(p.Actions, p.Resources, l.sp.Always()))
	}
	return out
}

func (l *labels) none() (k kindLabels) {
	for i := range k {
		k[i] = l.sp.Nothing()
	}
	return k
}

// throughRoute narrows requests that depend on the VPC endpoint: through one of
// the snapshot they have to pass its policy as well (E135).
func (l *labels) throughRoute(allowed *permission.Label, rt *route) *permission.Label {
	sp := l.sp
	denied := l.deny
	l.deny = sp.Nothing()
	pass := sp.Subtract(l.says(rt.policy), l.deny)
	l.deny = denied
	pass = sp.Union(pass, sp.Under(sp.Everything(), sp.When(rt.other)))
	out := sp.Nothing()
	for _, p := range sp.Pieces(allowed) {
		part := sp.Label(p)
		if dependsOn(sp, p.When, sourceVpce) {
			part = sp.Intersect(part, pass)
		}
		out = sp.Union(out, part)
	}
	return out
}

// dependsOn reports whether a set of contexts says anything of a key, in lower
// case. That no request carries the key together with another one, as every set
// says where both are in play, asks for nothing.
func dependsOn(sp *permission.Space, g *permission.Guard, key string) bool {
	keys, _ := sp.Keys(g)
	if !slices.Contains(keys, key) {
		return false
	}
	keep := map[string]bool{"": true} // opaque questions as well
	for _, k := range keys {
		keep[k] = k != key
	}
	return sp.Forget(g, keep) != g
}
