package solver

import (
	"runtime"

	"pathfinder/graphmodel/guard"
	"pathfinder/graphmodel/inventory"
	"pathfinder/solver/internal/parallel"
)

// The survey closes over assumptions one by one. Chains have to be followed by
// themselves where policies read what their sessions carry (walk.go): to few roles,
// and once for all resources whose policies read the same.

// carriedKinds is a set of kinds of what sessions carry.
type carriedKinds uint8

func (k carriedKind) set() carriedKinds { return 1 << k }

func kindsOf(names []carriedName) (set carriedKinds) {
	for _, n := range names {
		set |= n.key().kind.set()
	}
	return set
}

// passedTo returns the kinds that calls may put into the sessions of a role.
func passedTo(role *inventory.Principal) carriedKinds {
	set := carriedUser.set()
	for action, kind := range map[string]carriedKind{
		"tagsession": carriedTag, "setsourceidentity": carriedSource, "assumerolewithsaml": carriedClaim, "assumerolewithwebidentity": carriedClaim,
	} {
		if trusts(role.Trust, action) {
			set |= kind.set()
		}
	}
	return set
}

// tell finds out to which roles it matters by which chain their sessions were
// made, whatever is asked about: policies on the way read what sessions may carry, or
// sessions of tokens stand beside others.
func (r *Rows) tell() {
	s, n := r.v.s, len(r.parties)
	own := make([]struct {
		reads, carries carriedKinds
		always         bool
	}, n)
	r.tells, r.carries = make([]bool, n), make([]carriedKinds, n)
	workers := runtime.GOMAXPROCS(0)
	parallel.Each(workers, n, func(i int) {
		p := r.v.principal(uint32(i)) //nolint:gosec // they are numbered so
		o := &own[i]
		o.reads = kindsOf(s.readBy(p))
		if p.Kind == inventory.Role {
			o.carries = passedTo(p)
			// What a trust policy reads limits the call itself. Claims do so where the
			// chain begins, and the hop says it; further on they come from there.
			limits := kindsOf(s.readIn(p.Trust))
			if len(r.into[i]) == 0 {
				limits &^= carriedClaim.set()
			}
			o.always = limits != 0 || s.crowdOf(p).standing.mixed()
		}
	})
	parallel.Each(workers, n, func(i int) {
		if r.v.principal(uint32(i)).Kind != inventory.Role { //nolint:gosec // as above
			return
		}
		all := own[i]
		for _, k := range r.into[i] {
			o := &own[k]
			all.reads, all.carries, all.always = all.reads|o.reads, all.carries|o.carries, all.always || o.always
		}
		r.tells[i], r.carries[i] = all.always || all.reads&all.carries != 0, all.carries
	})
}

// told reports whether it may matter by which chain somebody gets to a principal, for
// a target whose policies read some kinds of what sessions carry.
func (r *Rows) told(n uint32, asked carriedKinds) bool {
	return r.tells[n] || asked&r.carries[n] != 0
}

// chains are all chains to a role that can be walked, for targets whose policies read
// the same of sessions.
type chains struct {
	list []followed
	// ends are the last sessions of those in list, where something is known of one
	// that is not known of every session of the role.
	ends            []actor
	compared, plain bool // for Rows.plain alone
}

// A followed is a chain to a role that was followed by itself.
type followed struct {
	start actor
	sure  bool
	// own says that its end may do what the role may; grants are what it may otherwise.
	own    bool
	grants []Grant
}

type chainsKey struct {
	role  uint32
	asked string // names that policies about the target read
}

// chainsTo lists the chains to a role.
func (r *Rows) chainsTo(role uint32, t *rowTarget) *chains {
	key, asked := chainsKey{role: role}, []carriedName(nil)
	if t.kinds&r.carries[role] != 0 {
		key.asked, asked = t.reads, t.asked
	}
	if known, ok := r.chains.Load(key); ok {
		return known.(*chains)
	}
	s, p := r.v.s, r.v.principal(role)
	paths, _ := s.pathsTo(p, asked)
	c, anyhow := &chains{list: make([]followed, len(paths))}, s.actorOf(p)
	ends, differ := make([]actor, len(paths)), false
	for i := range paths {
		way := &paths[i]
		c.list[i], ends[i] = followed{start: way.start, sure: !way.conditional(), own: true}, s.last(way)
		differ = differ || way.end != nil || !madeAlike(&ends[i], &anyhow)
	}
	if differ {
		c.ends = ends
	}
	known, _ := r.chains.LoadOrStore(key, c)
	return known.(*chains)
}

// following is a target to which chains are followed.
type following struct {
	finder *finder
	target *target
	asks   []ask
	// plain answers for sessions of which nothing is known but whether a token
	// made them, by classes as direct access does.
	plain [2]*audience[[]Grant]
}

func (r *Rows) following(t *target, asks []ask) *following {
	return &following{finder: r.v.s.finder(), target: t, asks: asks}
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
func (r *Rows) follow(role uint32, t *rowTarget, in *following) *chains {
	p, all := r.v.principal(role), r.chainsTo(role, t)
	if all.ends == nil || !in.sessions(false).readsSessions(p) {
		return all
	}
	anyhow := r.v.s.actorOf(p)
	// Ways whose last sessions are alike come to the same.
	type session struct {
		history *guard.Expr
		token   bool
	}
	come := map[session][]Grant{}
	out := &chains{}
	for i := range all.list {
		x, last := all.list[i], &all.ends[i]
		if last.history != nil || !madeAlike(last, &anyhow) {
			key := session{last.history, last.caller.FromToken}
			grants, known := come[key]
			if !known {
				if last.history == nil {
					grants = in.of(last)
				} else {
					grants = in.finder.grants(last, in.target, in.asks)
				}
				come[key] = grants
			}
			if len(grants) == 0 {
				continue
			}
			x.own, x.grants = false, grants
		}
		out.list = append(out.list, x)
	}
	return out
}

// along yields the chains to a role with what each comes to, where terms are what the
// role may do itself.
func (r *Rows) along(c *chains, terms uint32, yield func(party, terms uint32, sure bool)) {
	for i := range c.list {
		way := &c.list[i]
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

// plain reports whether chains come to no more and no less than the closure does:
// what the role may do, for everybody who gets to it, as surely.
func (r *Rows) plain(role, terms uint32, c *chains) bool {
	if !c.compared {
		c.compared, c.plain = true, r.compare(role, terms, c)
		if c.plain && c.ends == nil {
			c.list = nil // nobody asks again
		}
	}
	return c.plain
}

func (r *Rows) compare(role, terms uint32, c *chains) bool {
	sure, same := map[uint32]bool{}, true
	r.along(c, terms, func(party, mine uint32, certain bool) {
		sure[party] = sure[party] || certain
		same = same && mine == terms
	})
	left := len(sure)
	meets := func(party uint32, certain bool) {
		was, ok := sure[party]
		same = same && ok && was == certain
		left--
	}
	for i, p := range r.into[role] {
		meets(p, r.sure[role][i])
	}
	for _, d := range r.doorways(role) {
		meets(d.party, d.sure)
	}
	return same && left == 0
}
