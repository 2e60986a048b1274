package solver

import (
	"encoding/binary"
	"runtime"
	"slices"

	"pathfinder/graphmodel/guard"
	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
)

// follower yields all resources, some at a time, with the chains to them, until yield
// says no.
func (r *Rows) follower(yield func([]*rowTarget) bool) {
	for _, x := range r.v.accounts {
		w := r.v.sv.walker(x)
		held := x.account.Held().Resources
		for from := 0; from < len(held); from += together {
			some := held[from:min(from+together, len(held))]
			subjects := make([]*rowTarget, len(some))
			for i, res := range some {
				subjects[i] = r.target(w, x, from+i, res)
			}
			inParallel(runtime.GOMAXPROCS(0), len(some), func(i int) { r.followAll(subjects[i]) })
			if !yield(subjects) {
				return
			}
		}
	}
}

// together is how many resources are made ready at a time.
const together = 64

// A rowTarget is a resource of which the accesses are made.
type rowTarget struct {
	res    *inventory.Resource
	t      *surveyTarget
	target *target
	parts  []directPart
	asked  bool // its policies read what sessions carry
	chains map[uint32][]followed
}

func (r *Rows) target(w *walker, x *surveyed, i int, res *inventory.Resource) *rowTarget {
	t := &rowTarget{res: res, t: w.subjectOf(res.ARN, res, nil, ""), target: r.v.s.targetOf(res.ARN), parts: directParts(&x.access[i])}
	t.asked = len(r.v.s.readOf(t.target)) > 0
	return t
}

// told reports whether it matters by which chain somebody gets to a principal.
func (r *Rows) told(t *rowTarget, n uint32) bool {
	return r.v.principal(n).Kind == inventory.Role && (t.asked || r.tells[n])
}

// followAll follows the chains to the roles of which it matters.
func (r *Rows) followAll(t *rowTarget) {
	t.chains = map[uint32][]followed{}
	in := r.following(t.target, t.t.ear.cells.asksOf(t.t))
	for _, g := range t.parts {
		for _, n := range g.mates.members {
			if _, without := slices.BinarySearch(g.except, n); without || !r.told(t, n) {
				continue
			}
			if _, known := t.chains[n]; !known {
				t.chains[n] = r.follow(n, in)
			}
		}
	}
}

// tell finds out to which roles it matters by which chain their sessions were
// made: policies on the way read what sessions carry, or sessions of tokens stand
// beside others.
func (r *Rows) tell() {
	n := len(r.parties)
	reads := make([]bool, n) // policies on it, or its trust policy, read what sessions carry, or some are of tokens
	r.tells = make([]bool, n)
	workers := runtime.GOMAXPROCS(0)
	inParallel(workers, n, func(i int) {
		p := r.v.principal(uint32(i)) //nolint:gosec // they are numbered so
		reads[i] = len(r.v.s.readBy(p)) > 0 || p.Trust != nil && len(r.v.s.readIn(p.Trust)) > 0 ||
			p.Kind == inventory.Role && r.v.s.crowdOf(p).standing.mixed()
	})
	inParallel(workers, n, func(i int) {
		p := r.v.principal(uint32(i)) //nolint:gosec // as above
		if p.Kind == inventory.Role {
			r.tells[i] = reads[i] || slices.ContainsFunc(r.into[i], func(k uint32) bool { return reads[k] })
		}
	})
}

// A followed is a chain to a role that was followed by itself.
type followed struct {
	start actor
	sure  bool
	// own says that its end may do what the role may; grants are what it may otherwise.
	own    bool
	grants []Grant
}

// following is a target to which chains are followed.
type following struct {
	finder *finder
	target *target
	asks   []ask
	asked  []carriedName
	// plain answers for sessions of which nothing is known but whether a token
	// made them, by classes as direct access does.
	plain [2]*audience[[]Grant]
}

func (r *Rows) following(t *target, asks []ask) *following {
	return &following{finder: r.v.s.finder(), target: t, asks: asks, asked: r.v.s.readOf(t)}
}

// of returns what a session without a history may do.
func (in *following) of(a *actor) []Grant { return in.sessions(a.caller.FromToken).of(a.principal) }

// sessions returns the audience of sessions that a token made, or of others.
func (in *following) sessions(token bool) *audience[[]Grant] {
	i := 0
	if token {
		i = 1
	}
	if in.plain[i] == nil {
		in.plain[i] = newAudience(in.finder.s, in.target, in.asks, func(a *actor) []Grant {
			session := *a
			session.caller.Web, session.caller.FromToken = token, token // as of the end of any path
			return in.finder.grants(&session, in.target, in.asks)
		}, func(grants []Grant, rn *renaming) []Grant { return rn.grants(grants) })
	}
	return in.plain[i]
}

// follow follows each chain to a role by itself, as who-can does.
func (r *Rows) follow(role uint32, in *following) (out []followed) {
	p := r.v.principal(role)
	if p.Kind != inventory.Role {
		return nil
	}
	s := r.v.s
	end := s.actorOf(p)
	paths := r.pathsTo(role, p, in.asked)
	reads := in.sessions(false).readsSessions(p)
	// Ways whose last sessions are alike come to the same.
	type session struct {
		end   *guard.Expr
		token bool
	}
	come := map[session][]Grant{}
	for i := range paths {
		way := &paths[i]
		x := followed{start: way.start, sure: !way.conditional(), own: true}
		if last := s.last(way); reads && (way.end != nil || !madeAlike(&last, &end)) {
			key := session{way.end, last.caller.FromToken}
			grants, known := come[key]
			if !known {
				if grants = nil; way.end == nil {
					grants = in.of(&last)
				} else {
					grants = in.finder.grants(&last, in.target, in.asks)
				}
				come[key] = grants
			}
			if len(grants) == 0 {
				continue
			}
			x.own, x.grants = false, grants
		}
		out = append(out, x)
	}
	return out
}

// pathsTo lists the chains to a role. They are the same for all targets whose policies
// read nothing of sessions.
func (r *Rows) pathsTo(role uint32, p *inventory.Principal, asked []carriedName) []path {
	if len(asked) == 0 {
		if known, ok := r.paths.Load(role); ok {
			return known.([]path)
		}
	}
	paths, _ := r.v.s.pathsTo(p, asked)
	if len(asked) == 0 {
		r.paths.Store(role, paths)
	}
	return paths
}

// along yields the chains to a role with what each comes to.
func (r *Rows) along(chains []followed, terms uint32, yield func(party, terms uint32, sure bool)) {
	for i := range chains {
		way := &chains[i]
		mine := terms
		if !way.own {
			mine = r.termsFor(way.grants)
		}
		from := uint32(0)
		if way.start.plain() {
			from = r.v.number(way.start.principal)
		} else {
			from = r.party(&way.start)
		}
		yield(from, mine, way.sure)
	}
}

// outside yields whoever is no user or role of the snapshot and has access itself:
// root users, services, accounts and principals elsewhere, anybody.
func (r *Rows) outside(t *surveyTarget, target *target, res *inventory.Resource, yield func(party, terms uint32)) {
	s := r.v.s
	list := append(s.candidates(target).others, actor{caller: Caller{Kind: CallerAnonymous, ARN: "anonymous"}}) //nolint:gocritic // they are ours
	class := ""
	if !t.alone && t.key == nil && t.behind == nil && res.AccessPoint == nil && len(res.KMSGrants) == 0 && res.S3 == nil {
		class = string(appendPointer(binary.LittleEndian.AppendUint32(binary.LittleEndian.AppendUint32(nil, t.shape), t.ear.cells.id), res.Policy))
	}
	f := s.finder()
	for i := range list {
		a := &list[i]
		if a.plain() {
			continue // the survey knows it
		}
		key := ""
		if class != "" {
			name := a.caller.ARN
			if a.caller.Kind == CallerRoot && a.caller.Account == t.account {
				name = "root"
			}
			key = class + name
			if n, ok := r.asked[key]; ok {
				if n > 0 {
					yield(r.party(a), n-1)
				}
				continue
			}
		}
		n := uint32(0)
		if grants := f.grants(a, target, t.ear.cells.asksOf(t)); len(grants) > 0 {
			n = r.termsFor(grants) + 1
			yield(r.party(a), n-1)
		}
		if key != "" {
			r.asked[key] = n
		}
	}
}

// doorways lists who of outside gets to a role, by any chain.
func (r *Rows) doorways(role uint32) []doorway {
	list, known := r.ends[role]
	if known {
		return list
	}
	at := map[uint32]int{}
	add := func(from uint32, sure bool) {
		for _, d := range r.enter(from) {
			d.sure = d.sure && sure
			if i, ok := at[d.party]; ok {
				list[i].sure = list[i].sure || d.sure
				continue
			}
			at[d.party] = len(list)
			list = append(list, d)
		}
	}
	add(role, true)
	for i, p := range r.into[role] {
		add(p, r.sure[role][i])
	}
	r.ends[role] = list
	return list
}

// enter lists who of outside may assume a role itself.
func (r *Rows) enter(n uint32) []doorway {
	p := r.v.principal(n)
	if p.Kind != inventory.Role {
		return nil
	}
	key := doorKey{p.Trust, p.Account}
	plain := !slices.ContainsFunc(p.Trust.Statements, func(st *policy.Statement) bool { return readsTags(st) || readsResource(st) })
	if list, ok := r.entries[key]; ok && plain {
		return list
	}
	list := []doorway{}
	for _, h := range r.v.s.hopsOfOthers(p, func(*Caller) bool { return true }) {
		list = append(list, doorway{r.party(&h.from), len(h.guard) == 0})
	}
	r.entries[key] = list
	return list
}
