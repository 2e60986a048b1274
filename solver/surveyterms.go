package solver

import (
	"encoding/binary"
	"slices"
	"strings"

	"pathfinder/graphmodel/catalog"
)

// termsOf numbers what a label says.
func (r *Rows) termsOf(l *label, c *cells) uint32 {
	key := labelIn{l, c.id}
	id, ok := r.byLabel[key]
	if !ok {
		// In patterns a variable would be an open condition.
		list := l.written(c, "(resource)", accountsAs("(owner)", "(caller)"), accountsAs("${aws:ResourceAccount}", "${aws:PrincipalAccount}"))
		id = r.termsFor(list)
		r.byLabel[key] = id
	}
	return id
}

// termsFor numbers what grants say.
func (r *Rows) termsFor(list []Grant) uint32 {
	t := Terms{Conditional: true}
	var when []string
	unclear := false // something depends on no condition, but on what AWS leaves unclear
	for i := range list {
		g := &list[i]
		t.Actions = append(t.Actions, g.Actions...)
		t.Conditional = t.Conditional && (g.Conditional() || len(g.Unsure) > 0)
		unclear = unclear || len(g.Condition) == 0 && len(g.Unsure) > 0
		if len(g.Condition) > 0 {
			when = appendNew(when, g.Condition.String())
		}
	}
	if t.Conditional && !unclear {
		slices.Sort(when)
		t.Condition = strings.Join(when, " or ")
	}
	return r.intern(t)
}

func (r *Rows) intern(t Terms) uint32 {
	slices.Sort(t.Actions)
	t.Actions = slices.Compact(t.Actions)
	var levels catalog.AccessLevel
	for _, name := range t.Actions {
		if a, ok := catalog.Default().Action(name); ok {
			levels |= a.Access
		}
	}
	t.Levels = levels.String()
	key := strings.Join(t.Actions, " ") + "\x00" + t.Condition
	if t.Conditional {
		key += "\x00c"
	}
	id, ok := r.byKey[key]
	if !ok {
		id = uint32(len(r.terms)) //nolint:gosec // as above
		r.terms = append(r.terms, t)
		r.byKey[key] = id
	}
	return id
}

// joined numbers what several terms say together. Sure says that a chain that is
// certain leads to one that depends on nothing: no certain chain to conditional terms
// makes up for an open one to others.
func (r *Rows) joined(list []uint32, sure bool) uint32 {
	if len(list) == 1 && (sure || r.terms[list[0]].Conditional) {
		return list[0]
	}
	slices.Sort(list)
	key := "joined\x00"
	for _, n := range list {
		key += string(binary.LittleEndian.AppendUint32(nil, n))
	}
	if sure {
		key += "s"
	}
	id, ok := r.byKey[key]
	if !ok {
		t := Terms{Conditional: !sure}
		for _, n := range list {
			t.Actions = append(t.Actions, r.terms[n].Actions...)
		}
		id = r.intern(t)
		r.byKey[key] = id
	}
	return id
}
