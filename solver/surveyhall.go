package solver

import (
	"maps"
	"slices"
	"strings"

	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
)

// A hall is the users and roles of one account as an ear hears their policies.
type hall struct {
	ear     ear
	units   []unit
	unitOf  []int32 // by place in the account
	parties []*party
	fence   fence

	specials []special
	// byPrefix are the specials by the text before the first wildcard of their
	// patterns, lengths those of such texts; always are those without any.
	byPrefix map[string][]int32
	lengths  []int
	prefixes []string // sorted
	always   []int32

	splits map[string]*split
}

// A unit is users or roles of a crowd to whom their policies say the same.
type unit struct {
	members         []uint32
	says            voicing
	plain, standing uint32 // what else is known of them, see flagsOf; plain without sessions
	told            map[*policy.Statement]*told
}

// voicing are the voices of a unit: what its policies and its boundary say about
// calls, and about what calls ask of the target's key. Without a boundary the
// latter are nil.
type voicing struct{ calls, asks, within, asksWithin *voice }

// A party is callers whom no policy on a target, and nothing else that is known,
// tells apart.
type party struct {
	says            voicing
	plain, standing uint32
	facts           uint32 // what tests of targets and organizations come to
	mates
}

// A special is a statement that says something about some targets only, with who
// carries it.
type special struct {
	*heardStatement
	holders []holder
}

type holder struct {
	unit   int32
	within bool // in the boundary
}

// hall returns the callers of the account for some ear.
func (w *walker) hall(e *ear) *hall {
	h := w.halls[e.key()]
	if h == nil {
		h = &hall{ear: *e, splits: map[string]*split{}}
		w.halls[e.key()] = h
		w.fill(h)
	}
	return h
}

// fill gathers the callers. Time O(policies of the account).
func (w *walker) fill(h *hall) {
	h.unitOf = make([]int32, len(w.x.principals))
	at := map[*heardStatement]int32{}
	for _, cr := range w.sv.s.community(w.x.account).crowds {
		w.crowd(h, cr, at)
	}
	h.index()
	h.fence = w.fenceOf(&h.ear)
	h.gather()
}

// crowd splits a crowd into units.
func (w *walker) crowd(h *hall, cr *crowd, at map[*heardStatement]int32) {
	says := voicing{calls: silent, asks: silent}
	var telling, particular []*heardStatement
	var within []bool // of particular
	take := func(doc *policy.Document, managed string, boundary bool) {
		l := w.lecture(&h.ear, doc, managedByAWS(managed))
		if boundary {
			says.within, says.asksWithin = l.calls, l.asks
		} else {
			says.calls, says.asks = w.sv.voices.join(says.calls, l.calls), w.sv.voices.join(says.asks, l.asks)
		}
		telling = append(telling, l.telling...)
		for _, sp := range l.special {
			particular, within = append(particular, sp), append(within, boundary)
		}
	}
	services := map[string]bool{h.ear.service: true}
	if h.ear.needs != nil || h.ear.whole {
		services["kms"] = true
	}
	if h.ear.whole {
		services["sts"] = true
	}
	if cr.speaksOf(services) {
		for _, c := range cr.policies {
			take(c.doc, c.managed, false)
		}
	}
	if cr.boundary != nil {
		take(cr.boundary, "", true)
	}
	first := len(h.units)
	if len(telling) == 0 {
		w.add(h, cr, unit{says: says})
		for _, p := range cr.members {
			w.join(h, first, p)
		}
	} else {
		w.tellApart(h, cr, says, telling)
	}
	for i, sp := range particular {
		n, ok := at[sp]
		if !ok {
			n = int32(len(h.specials)) //nolint:gosec // as above
			h.specials = append(h.specials, special{heardStatement: sp})
			at[sp] = n
		}
		for u := first; u < len(h.units); u++ {
			h.specials[n].holders = append(h.specials[n].holders, holder{int32(u), within[i]}) //nolint:gosec // as above
		}
	}
}

// tellApart splits a crowd by what tests of its policies come to.
func (w *walker) tellApart(h *hall, cr *crowd, says voicing, telling []*heardStatement) {
	boundary := map[*policy.Document]bool{cr.boundary: true}
	for _, c := range cr.policies {
		if c.doc == cr.boundary {
			boundary = nil // it is both
		}
	}
	known := map[string]int{}
	var key []byte
	for _, p := range cr.members {
		e := w.evalOf(w.x.numbers[p] - w.x.first)
		say := make(map[*policy.Statement]*told, len(telling))
		key = key[:0]
		for _, sp := range telling {
			if one := sp.tell(e, h.ear.whole); one != nil {
				say[sp.st] = one
				key = one.key(append(key, 1))
			}
			key = append(key, 0xfe)
		}
		u, ok := known[string(key)]
		if !ok {
			u = len(h.units)
			known[string(key)] = u
			one := says
			for _, sp := range telling {
				mine, applies := say[sp.st]
				if !applies || h.ear.tellsTargets(sp) {
					continue
				}
				calls, asks := w.shares(nil, nil, &h.ear, sp, mine, w.x.account.ID)
				here, keys := w.sv.voices.find(calls), w.sv.voices.find(asks)
				if one.within != nil && (boundary == nil || boundary[sp.doc]) {
					one.within, one.asksWithin = w.sv.voices.join(one.within, here), w.sv.voices.join(one.asksWithin, keys)
				}
				if boundary == nil || !boundary[sp.doc] {
					one.calls, one.asks = w.sv.voices.join(one.calls, here), w.sv.voices.join(one.asks, keys)
				}
			}
			w.add(h, cr, unit{says: one, told: say})
		}
		w.join(h, u, p)
	}
}

// add adds a unit of a crowd.
func (w *walker) add(h *hall, cr *crowd, u unit) {
	standing := cr.standing
	u.standing = w.sv.flags.number(flagsOf(&standing))
	standing.SessionTags, standing.NoSourceIdentity, standing.FromToken, standing.Web = false, false, false, false
	u.plain = w.sv.flags.number(flagsOf(&standing))
	h.units = append(h.units, u)
}

// join adds a member to a unit.
func (w *walker) join(h *hall, u int, p *inventory.Principal) {
	n := w.x.numbers[p]
	h.units[u].members = append(h.units[u].members, n)
	h.unitOf[n-w.x.first] = int32(u) //nolint:gosec // as above
}

// index makes it quick to find the specials about a target.
func (h *hall) index() {
	for i := range h.specials {
		h.enter(int32(i)) //nolint:gosec // memory ends long before 2³¹
	}
	h.prefixes = slices.Sorted(maps.Keys(h.byPrefix))
	for _, p := range h.prefixes {
		h.lengths = append(h.lengths, len(p))
	}
	slices.Sort(h.lengths)
	h.lengths = slices.Compact(h.lengths)
}

// about yields the specials that may be about a text or what lies inside of it,
// some more than once.
func (h *hall) about(text string, yield func(int32)) {
	each := func(list []int32) {
		for _, n := range list {
			yield(n)
		}
	}
	each(h.always)
	for _, n := range h.lengths {
		if n > len(text) {
			break
		}
		each(h.byPrefix[text[:n]])
	}
	at, _ := slices.BinarySearch(h.prefixes, text)
	for ; at < len(h.prefixes) && strings.HasPrefix(h.prefixes[at], text); at++ {
		each(h.byPrefix[h.prefixes[at]])
	}
}

// enter enters a special in the index.
func (h *hall) enter(n int32) {
	st := h.specials[n].st
	note := func(prefix string) {
		if h.byPrefix == nil {
			h.byPrefix = map[string][]int32{}
		}
		if prefix == "" {
			h.always = append(h.always, n)
			return
		}
		list := h.byPrefix[prefix]
		if len(list) == 0 || list[len(list)-1] != n {
			h.byPrefix[prefix] = append(list, n)
		}
	}
	if st.NotResource || len(st.Resources) == 0 {
		note("")
		return
	}
	for i := range st.Resources {
		text := st.Resources[i].Text
		if at := strings.IndexAny(text, "*?$"); at >= 0 {
			text = text[:at]
		}
		note(text)
	}
}
