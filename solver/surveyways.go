package solver

import (
	"encoding/binary"
	"slices"

	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
)

// telling reports whether it matters to what a role may do by which chain its
// session was made: policies on the way read what sessions carry, or sessions of
// tokens stand beside others.
func (r *Rows) telling(role uint32) bool {
	yes, known := r.tells[role]
	if known {
		return yes
	}
	p := r.v.principal(role)
	if p.Kind == inventory.Role {
		c := r.v.s.crowdOf(p).standing
		yes = c.FromToken && !c.Web || r.readsSessions(role) || slices.ContainsFunc(r.into[role], r.readsSessions)
	}
	r.tells[role] = yes
	return yes
}

// readsSessions reports whether policies on a principal, or its trust policy, read
// what sessions carry.
func (r *Rows) readsSessions(n uint32) bool {
	yes, known := r.reading[n]
	if !known {
		p := r.v.principal(n)
		yes = len(r.v.s.readBy(p)) > 0 || p.Trust != nil && len(r.v.s.readIn(p.Trust)) > 0
		r.reading[n] = yes
	}
	return yes
}

// along follows each chain to a role by itself, as who-can does.
func (r *Rows) along(role, terms uint32, t *target, asks []ask, yield func(party, terms uint32, sure bool)) {
	p := r.v.principal(role)
	if p.Kind != inventory.Role {
		return
	}
	s := r.v.s
	end := s.actorOf(p)
	f := s.finder()
	asked := s.readOf(t)
	paths, known := r.paths[role]
	if !known || len(asked) > 0 {
		if paths, _ = s.pathsTo(p, asked); len(asked) == 0 {
			r.paths[role] = paths
		}
	}
	for i := range paths {
		way := &paths[i]
		mine := terms
		if last := s.last(way); way.end != nil || last.caller.FromToken != end.caller.FromToken {
			grants := f.grants(&last, t, asks)
			if len(grants) == 0 {
				continue
			}
			mine = r.termsFor(grants)
		}
		from := uint32(0)
		if way.start.plain() {
			from = r.v.number(way.start.principal)
		} else {
			from = r.party(&way.start)
		}
		yield(from, mine, !way.conditional())
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
