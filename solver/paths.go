package solver

import (
	"cmp"
	"slices"

	"pathfinder/graphmodel/guard"
	"pathfinder/graphmodel/permission"
)

// PathsAnswer lists the paths from a principal to a resource, edge by edge.
type PathsAnswer struct {
	Pathfinder     string        `json:"pathfinder"` // "paths/1"
	Principal      string        `json:"principal"`
	Resource       string        `json:"resource"` // as asked
	Actions        []string      `json:"actions"`
	Paths          []FullPath    `json:"paths"`
	Unknown        []Gap         `json:"unknown"`
	Complete       bool          `json:"complete"`
	Notes          []Gap         `json:"notes,omitempty"`          // as in WhoCanAnswer
	IdentityCenter *CenterAnswer `json:"identityCenter,omitempty"` // as in WhoCanAnswer
}

// A FullPath is one way to a resource: the roles that are assumed, and the route
// by which the last principal is let in. What comes through is the intersection
// of what its edges let through.
type FullPath struct {
	Access
	Route string     `json:"route"` // see RouteIdentity and the others
	Edges []PathEdge `json:"edges"`
}

// A PathEdge is one edge or gate on a path, from the principal to the resource.
type PathEdge struct {
	From string `json:"from"`
	To   string `json:"to"`
	// Kind is the kind of hop, such as "assume-role"; the name of a gate, such as
	// "identity", "boundary", "service-control"; "owner" for the edge from a
	// resource to the account that owns it; or "further-check".
	Kind string `json:"kind"`
	// Target is what the policies of a gate are attached to, or the action of a
	// further check.
	Target string `json:"target,omitempty"`
	// Allows is what comes through, of what was asked; nil when everything does,
	// under Condition. Denies is what a gate cuts out.
	Allows    []Grant        `json:"allows"`
	Denies    []Grant        `json:"denies,omitempty"`
	Condition guard.Blocks   `json:"condition"`
	Because   []StatementRef `json:"because,omitempty"`
}

// Paths lists every distinct path from a principal to a resource with the label
// of every edge and their intersection. resource and actions are as for WhoCan.
func (s *Solver) Paths(principal, resource string, actions []string) (*PathsAnswer, error) {
	start, err := s.resolvePrincipal(principal)
	if err != nil {
		return nil, err
	}
	resources, err := s.resolve(resource)
	if err != nil {
		return nil, err
	}
	set, err := newActionSet(orAll(actions, resources))
	if err != nil {
		return nil, err
	}
	f := s.finder()
	ans := &PathsAnswer{Pathfinder: "paths/1", Principal: start.caller.ARN, Resource: resource, Actions: set.patterns, Paths: []FullPath{}}
	if len(resources) == 1 {
		ans.Notes = s.unseen(resources[0])
	}
	paths, cut := s.pathsFrom(start, s.readOfResources(resources))
	f.cut = cut
	any := false
	for _, p := range append([]path{{start: start}}, paths...) {
		f.hops(&p)
		for _, r := range resources {
			for _, text := range s.waysTo(r) {
				asks := set.asks(text)
				any = any || len(asks) > 0
				end := s.last(&p)
				if t := s.targetOf(text); s.mayReach(&end, t) || s.unclear(&end, t) {
					ans.Paths = append(ans.Paths, f.fullPaths(&p, &end, t, asks)...)
				}
			}
		}
	}
	if !any {
		return nil, nothingApplies(resources, resource, set.patterns)
	}
	slices.SortStableFunc(ans.Paths, func(a, b FullPath) int { return cmp.Or(len(a.Path)-len(b.Path), compareAccess(a.Access, b.Access)) })
	ans.Unknown = f.gaps()
	ans.Complete = len(ans.Unknown) == 0
	ans.IdentityCenter = s.Center(ans.Access(), ans.Principal, ans.Resource)
	return ans, nil
}

// fullPaths lists the routes by which the end of a path is let in.
func (f *finder) fullPaths(p *path, end *actor, t *target, asks []ask) []FullPath {
	base := f.s.baseFor(end, t)
	routes := map[string]*drawnRoute{}
	for _, k := range asks {
		x := t.effect(end, base, k, true)
		if x == nil {
			continue
		}
		f.note(t, x)
		if x.lost() {
			f.unknown[Gap{What: t.name, Why: tooMany}] = true
			continue
		}
		for _, r := range x.routes {
			through := x.space.Intersect(r.label, x.label)
			if through.IsEmpty() {
				continue
			}
			d := routes[r.name]
			if d == nil {
				d = &drawnRoute{f: f, t: t}
				routes[r.name] = d
			}
			d.add(x, r.name, through, k.resource)
		}
	}
	var out []FullPath
	for _, name := range []string{RouteIdentity, RouteResource, RouteLimited, RouteBoth, RouteKeyGrant, GateRule} {
		d := routes[name]
		if d == nil {
			continue
		}
		full := FullPath{Route: name, Access: Access{
			Principal: p.start.caller.ARN, Resource: t.name, Path: p.steps(), Grants: d.grants.grants(), External: end.caller.External,
		}}
		if len(full.Grants) == 0 {
			continue // it depends on a condition, and was not to
		}
		for i := range p.hops {
			h := &p.hops[i]
			full.Edges = append(full.Edges, PathEdge{From: h.from.caller.ARN, To: h.to.ARN, Kind: h.kind, Condition: h.guard, Because: h.because})
		}
		full.Edges = append(full.Edges, d.edges(end, name)...)
		out = append(out, full)
	}
	return out
}

// A drawnRoute gathers what the asks of one target say about a route.
type drawnRoute struct {
	f      *finder
	t      *target
	grants writer
	gates  []*drawnGate
	also   []alsoLabel
}

// A drawnGate is a gate on a route with what it allows and denies.
type drawnGate struct {
	name, target  string
	allow, denies writer
}

func (d *drawnRoute) writer() writer { return writer{f: d.f, t: d.t, groups: map[string]*Grant{}} }

func (d *drawnRoute) add(x *effective, route string, through *permission.Label, asked string) {
	if d.grants.groups == nil {
		d.grants = d.writer()
	}
	one := *x
	one.label = through
	d.grants.write(&one, asked)
	for i := range x.gates {
		g := &x.gates[i]
		present := len(g.because)+len(g.against) > 0 || g.name == GateSCP
		if !present || !allowing(route, g.name) && g.deny.IsEmpty() {
			continue
		}
		at := slices.IndexFunc(d.gates, func(o *drawnGate) bool { return o.name == g.name && o.target == g.target })
		if at < 0 {
			at = len(d.gates)
			d.gates = append(d.gates, &drawnGate{name: g.name, target: g.target, allow: d.writer(), denies: d.writer()})
		}
		gate := d.gates[at]
		plain := *x
		plain.unsure, plain.doubts = nil, nil
		plain.label, plain.because = g.allow, g.because
		gate.allow.write(&plain, asked)
		plain.label, plain.because = g.deny, g.against
		gate.denies.write(&plain, asked)
	}
	for _, a := range x.also {
		if !slices.ContainsFunc(d.also, func(b alsoLabel) bool { return a.action == b.action && a.resource == b.resource }) {
			d.also = append(d.also, a)
		}
	}
}

// allowing reports whether what a gate allows counts on a route; what it denies
// counts on all.
func allowing(route, gate string) bool {
	switch gate {
	case GateResource:
		return route != RouteIdentity && route != RouteKeyGrant
	case GateIdentity:
		return route == RouteIdentity || route == RouteBoth
	case GateBoundary, GateSession:
		return route != RouteResource
	case GateRCP:
		return false
	}
	return route != GateRule
}

// edges writes the route from the last principal to the resource.
func (d *drawnRoute) edges(end *actor, route string) (out []PathEdge) {
	who, res := end.caller.ARN, d.t.name
	for _, g := range d.gates {
		e := PathEdge{From: who, To: res, Kind: g.name, Target: g.target, Denies: g.denies.grants()}
		if len(e.Denies) == 0 {
			e.Denies = nil
		}
		if allowing(route, g.name) {
			e.Allows = nonNil(g.allow.grants())
		}
		out = append(out, e)
	}
	if route == RouteIdentity {
		out = append(out, PathEdge{From: who, To: res, Kind: "owner", Target: d.t.account})
	}
	for _, a := range d.also {
		blocks, _, _ := a.when.Blocks()
		out = append(out, PathEdge{From: who, To: a.resource, Kind: "further-check", Target: a.action, Condition: blocks, Because: a.because})
	}
	return out
}
