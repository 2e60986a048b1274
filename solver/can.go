package solver

import (
	"maps"
	"runtime"
	"slices"
	"strings"

	"pathfinder/graphmodel"
	"pathfinder/graphmodel/arn"
	"pathfinder/graphmodel/catalog"
	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
	"pathfinder/solver/internal/parallel"
)

// Can says what a principal reaches, itself and through roles. resource is as
// for WhoCan; "" means every resource of the snapshot, and the actions that
// need none.
func (s *Solver) Can(principal, resource string, actions []string) (*CanAnswer, error) {
	start, err := s.resolvePrincipal(principal)
	if err != nil {
		return nil, err
	}
	resources, everything := []string{"*"}, resource == "" || resource == "*"
	if !everything {
		if resources, err = s.resolve(resource); err != nil {
			return nil, err
		}
	}
	set, err := newActionSet(orAll(actions, resources))
	if err != nil {
		return nil, err
	}
	if len(actions) > 0 {
		if err := set.matches(); err != nil {
			return nil, err
		}
	}
	if !everything && !s.anyApplies(&set, resources) {
		return nil, nothingApplies(resources, resource, set.patterns)
	}
	f := s.finder()
	ans := &CanAnswer{Pathfinder: "can/1", Principal: start.caller.ARN, Resource: resource, Actions: set.patterns, Access: []Access{}}
	if len(resources) == 1 {
		ans.Notes = s.unseen(resources[0])
	}
	var read []carriedName
	if everything {
		paths, _ := s.pathsFrom(start, nil)
		read = s.readOfReached(&start, paths)
	} else {
		read = s.readOfResources(resources)
	}
	paths, cut := s.pathsFrom(start, read)
	f.cut = cut
	for _, p := range append([]path{{start: start}}, paths...) {
		f.hops(&p)
		f.reached(ans, &p, resources, everything, &set)
	}
	slices.SortStableFunc(ans.Access, compareAccess)
	if everything {
		f.tooObscure()
	}
	ans.Unknown = f.gaps()
	ans.Complete = len(ans.Unknown) == 0
	ans.IdentityCenter = s.Center(ans.Access, ans.Principal, ans.Resource)
	return ans, nil
}

// anyApplies reports whether an action of a set is about one of some resources.
func (s *Solver) anyApplies(set *actionSet, resources []string) bool {
	return slices.ContainsFunc(resources, func(r string) bool {
		return slices.ContainsFunc(s.waysTo(r), func(text string) bool { return len(set.asks(text)) > 0 })
	})
}

// reached adds what the principal at the end of a path may do itself.
func (f *finder) reached(ans *CanAnswer, p *path, resources []string, everything bool, set *actionSet) {
	end := f.s.last(p)
	own, known := f.owns[end.caller.ARN]
	if plain := end.history == nil && len(end.session) == 0 && !end.caller.FromToken; !known || !plain {
		own = f.own(&end, ans.Resource, resources, everything, set)
		if plain {
			f.owns[end.caller.ARN] = own
		}
	}
	for _, a := range own {
		a.Principal, a.Path = p.start.caller.ARN, p.steps()
		ans.Access = append(ans.Access, a)
	}
}

// own lists what an actor may do itself, without principal and path.
func (f *finder) own(end *actor, asked string, resources []string, everything bool, set *actionSet) (out []Access) {
	s := f.s
	texts := s.within(end, resources, everything)
	if asked == "" {
		texts = append(texts, s.namedElsewhere(end)...)
	}
	about := make([]asking, 0, len(texts))
	for _, text := range texts {
		t, asks := f.target(text, set)
		if text == "*" {
			t, asks = s.targetOf(text), set.withoutResource()
			t.account = end.caller.Account
		} else if !s.mayReach(end, t) && (asked == "" && t.carrier == nil || !s.unclear(end, t)) {
			continue
		}
		about = append(about, asking{t, asks})
	}
	for i, grants := range f.grantsOn(end, about) {
		if len(grants) > 0 {
			out = append(out, Access{Resource: about[i].target.name, Grants: grants, External: end.caller.External})
		}
	}
	return out
}

// grantsOn lists what an actor may do itself with each of some targets, of which
// none is there twice, on all processors.
func (f *finder) grantsOn(a *actor, about []asking) [][]Grant {
	out := make([][]Grant, len(about))
	finders := make([]*finder, min(runtime.GOMAXPROCS(0), len(about)))
	parallel.Each(len(finders), len(finders), func(w int) {
		finders[w] = f.s.finder()
		for i := w; i < len(about); i += len(finders) {
			out[i] = finders[w].grants(a, about[i].target, about[i].asks)
		}
	})
	for _, other := range finders {
		maps.Copy(f.unknown, other.unknown)
	}
	return out
}

// target returns a target with what is asked about it, each put together once.
func (f *finder) target(text string, set *actionSet) (*target, []ask) {
	if k, ok := f.targets[text]; ok {
		return k.target, k.asks
	}
	k := asking{f.s.targetOf(text), set.asks(text)}
	f.targets[text] = k
	return k.target, k.asks
}

// asking is a target with what is asked about it.
type asking struct {
	target *target
	asks   []ask
}

// namedElsewhere lists the ARNs and patterns that an actor's own policies allow
// something on and that no resource of the snapshot falls under: what is there
// is unknown, what the actor may do with it is not. Users and roles are left to
// paths.
func (s *Solver) namedElsewhere(a *actor) (out []string) {
	if a.principal == nil {
		return nil
	}
	c := &Case{Caller: a.caller, Context: s.ctx, Resource: "*"}
	s.addIdentity(c, a)
	e := newEval(c, false)
	for _, src := range c.Identity {
		for _, st := range src.Doc.Statements {
			if st.Broken || st.Effect != policy.Allow || st.NotResource {
				continue
			}
			for i := range st.Resources {
				p, state, _ := st.Resources[i].Expand(e)
				text := p.String()
				if state != policy.Present || p.All() || arn.Service(text) == "iam" || s.carrier(text) != nil || s.isCovered(text, p.Glob()) {
					continue
				}
				out = append(out, text)
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// mayReach reports whether the actor is one of the candidates for a target;
// of a target whose owner is unknown everybody is.
func (s *Solver) mayReach(a *actor, t *target) bool {
	if a.caller.Kind == CallerAnonymous || a.caller.Account == t.account || t.account == "" ||
		a.caller.RootManager && t.isRootUser() {
		return true
	}
	name, kind := t.node()
	for n := range s.lookup.In(name, kind) {
		if n.Kind == graphmodel.Public || n.Name == a.caller.ARN || n.Name == a.caller.RoleARN || n.Name == a.caller.Account ||
			n.Kind == graphmodel.Service && a.caller.Kind == CallerService && sameHost(n.Name, a.caller.ARN, t.region()) { // E20
			return true
		}
	}
	return false
}

// unclear reports whether the snapshot lacks, or holds damaged, whom a target lets in:
// it may be anybody (E11, E236).
func (s *Solver) unclear(a *actor, t *target) bool {
	for _, doc := range t.documents() {
		if len(doc.Faults) > 0 && doc.Damaged() {
			return true
		}
	}
	return len(t.doubtsFor(a, arn.Service(t.name)+":*")) > 0
}

// documents lists the policies that say whom a target lets in.
func (t *target) documents() (docs []*policy.Document) {
	if t.role != nil && t.role.Trust != nil {
		docs = append(docs, t.role.Trust)
	}
	for _, r := range []*inventory.Resource{t.carrier, t.bucket} {
		if r != nil && r.Policy != nil {
			docs = append(docs, r.Policy)
		}
	}
	return docs
}

// withoutResource lists the actions of the set that are not made on any
// resource (E39).
func (set *actionSet) withoutResource() []ask {
	cat := catalog.Default()
	var names []string
	for _, g := range set.globs {
		for a := range cat.Match(g) {
			if a.WildcardOnly && !a.PermissionOnly {
				names = append(names, a.Name)
			}
		}
	}
	for _, n := range set.names {
		if a, ok := cat.Action(n); ok && a.WildcardOnly {
			names = append(names, n)
		}
	}
	slices.Sort(names)
	return []ask{{resource: "*", actions: slices.Compact(names)}}
}

// A Question is one request to decide.
type Question struct {
	Principal, Action, Resource string
}

// Decide answers one request against everything the snapshot holds about it.
func (s *Solver) Decide(q Question) (Decision, error) {
	c, err := s.Case(q)
	if err != nil {
		return Decision{}, err
	}
	d := Decide(c)
	s.doubtOutsider(c, &d)
	s.doubtAround(c, &d)
	return d, nil
}

// Case puts together everything the snapshot holds about a request. A
// principal that no account has decides nothing: it is a question error.
func (s *Solver) Case(q Question) (*Case, error) {
	a, err := s.resolvePrincipal(q.Principal)
	if err != nil {
		return nil, err
	}
	if _, name, ok := strings.Cut(q.Action, ":"); !ok || name == "" || strings.ContainsAny(q.Action, "*?") {
		return nil, questionErr("%q is not one action: write service:Name, such as s3:GetObject", q.Action)
	}
	known, ok := catalog.Default().Action(q.Action)
	if ok && known.WildcardOnly || q.Resource == "*" {
		t := s.targetOf("*")
		t.account = a.caller.Account // E39
		return s.changing(s.questionFor(&a, q.Action, t, "*")), nil
	}
	list, err := s.resolve(q.Resource)
	if err != nil {
		return nil, err
	}
	if len(list) != 1 {
		return nil, questionErr("%q covers several resources; name one", q.Resource)
	}
	return s.changing(s.questionFor(&a, q.Action, s.targetOf(list[0]), list[0])), nil
}

// doubtOutsider says that the own side of a principal outside the snapshot was
// taken to allow, which leaves the request unknown.
func (s *Solver) doubtOutsider(c *Case, d *Decision) {
	if c.Caller.External && d.Outcome == Allowed && c.Caller.Kind != CallerRoot {
		d.Outcome, d.Guard = ImplicitlyDenied, Decide(c).Guard
		d.Doubts = appendNew(d.Doubts, "account "+c.Caller.Account+" is not in the snapshot: the resource's side allows, its own policies decide")
	}
}
