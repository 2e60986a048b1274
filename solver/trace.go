package solver

import (
	"slices"

	"pathfinder/graphmodel/permission"
	"pathfinder/graphmodel/policy"
)

// The routes by which what is granted reaches a caller (E83): over
// its own account, straight from a policy of the resource, or over both in turn.
const (
	RouteIdentity = "identity"          // the account owns the resource, and identity policies hand it on
	RouteResource = "resource"          // a policy of the resource, or an ACL, names the caller; no boundary limits that (E87)
	RouteLimited  = "resource-limited"  // a policy of the resource names the caller's role, within boundary and session policy (E87)
	RouteBoth     = "resource-identity" // a policy of the resource lets in whom identity policies allow
	RouteKeyGrant = "kms-grant"         // a grant on the key, from another account
)

// A gateLabel is what one gate lets through, and what it denies.
type gateLabel struct {
	name, target string
	allow, deny  *permission.Label
	because      []permission.Origin[StatementRef] // of allow
	against      []permission.Origin[StatementRef] // of deny
}

// A routeLabel is what comes along one route, before gates and Denies.
type routeLabel struct {
	name  string
	label *permission.Label
}

// trace notes what a gate says about what is asked.
func (l *labels) trace(name, target string, allow, deny *permission.Label, list []speech) {
	if !l.x.traced {
		return
	}
	allow, deny = l.sp.Intersect(allow, l.asked), l.sp.Intersect(deny, l.asked)
	i := slices.IndexFunc(l.x.gates, func(g gateLabel) bool { return g.name == name && g.target == target })
	if i < 0 {
		i = len(l.x.gates)
		l.x.gates = append(l.x.gates, gateLabel{name: name, target: target, allow: l.sp.Nothing(), deny: l.sp.Nothing()})
	}
	g := &l.x.gates[i]
	g.allow, g.deny = l.sp.Union(g.allow, allow), l.sp.Union(g.deny, deny)
	g.because = append(g.because, l.behind(list)...)
	g.against = append(g.against, l.stating(list, policy.Deny)...)
}

// route notes what comes along a route, and returns it.
func (l *labels) route(name string, label *permission.Label) *permission.Label {
	if !l.x.traced {
		return label
	}
	mine := l.sp.Intersect(label, l.asked)
	if l.here != nil {
		mine = l.sp.Intersect(mine, l.here)
	}
	for i := range l.x.routes {
		if r := &l.x.routes[i]; r.name == name {
			r.label = l.sp.Union(r.label, mine)
			return label
		}
	}
	l.x.routes = append(l.x.routes, routeLabel{name, mine})
	return label
}
