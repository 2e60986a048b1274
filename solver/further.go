package solver

import (
	"strings"

	"pathfinder/graphmodel/arn"
	"pathfinder/graphmodel/guard"
	"pathfinder/graphmodel/permission"
)

// A further is a further check of the same call (E32).
type further struct {
	c     *Case
	alone *effective // of one resource
	each  *sides     // of a resource for each that is asked about
	// unknown says why nothing is known of it, which lets nothing through.
	unknown string
}

// readFurther reads a further check of what asked is about.
func (s *sides) readFurther(also *Case) {
	f := further{c: also}
	r := newReader(s.q, also, nil)
	switch wild := also.Resource != "*" && strings.ContainsAny(also.Resource, "*?"); {
	case s.q.literal || !wild:
		f.alone = effectOn(also)
		s.also = guard.And(s.also, f.alone.when())
		if f.alone.never() {
			s.also = guard.False
		}
		s.further = append(s.further, f)
		return
	case also.Resource == s.c.Resource:
		r.mapped = s.r.mapped
	default:
		if r.mapped = mapDatabase(s.c.Resource, also.Resource); r.mapped == nil {
			f.unknown = "whether " + also.Action + " on " + also.Resource + " is allowed, which the call needs as well, is unknown"
			s.further = append(s.further, f)
			return
		}
	}
	service, name := splitAction(also.Action)
	r.asked = &group{actions: []string{also.Action}, lower: []lowerAction{{service, name}}}
	f.each = s.q.side(also, r)
	s.further = append(s.further, f)
}

// mapDatabase returns how patterns about databases of Glue read as patterns
// about the tables in them (E210); nil when parent is not the databases of what
// is asked, or when their names can't be told from those of what lies inside.
func mapDatabase(asked, parent string) *mapping {
	head, _, ok := strings.Cut(parent, ":database/")
	kind, _, _ := strings.Cut(arn.Resource(asked), "/")
	if !ok || strings.ContainsAny(head, "*?") || kind != "table" && kind != "userDefinedFunction" {
		return nil
	}
	return &mapping{behind: head + ":database/", front: head + ":" + kind + "/", inside: "/"}
}

// further cuts what is allowed down to what a further check lets through as well. It
// notes when that is nothing, for certain.
func (l *labels) further(f *further, allowed *permission.Label, refused, certain *bool) *permission.Label {
	if f.unknown != "" {
		l.doubts = appendNew(l.doubts, f.unknown)
		l.alsoTraced(f.c, guard.Opaque(f.unknown), nil)
		return l.sp.Nothing()
	}
	o, about := f.alone, func(*permission.Label) *permission.Label { return l.asked }
	if f.each != nil {
		o, about = &effective{space: l.sp, label: l.sp.Nothing(), refused: true, open: l.x.open}, l.ofCall
		o.add(f.each)
		allowed = l.sp.Intersect(allowed, about(o.label))
	}
	l.alsoTraced(f.c, o.when(), o)
	*certain = *certain || o.never() && len(o.doubts) == 0
	l.doubts, l.x.beside = appendNew(l.doubts, o.doubts...), appendNew(l.x.beside, o.beside...)
	*refused = *refused || o.refused
	for _, b := range o.because {
		if at := o.space.Intersect(b.Label, o.label); !at.IsEmpty() {
			l.x.because = append(l.x.because, permission.Origin[StatementRef]{Of: b.Of, Label: about(at)})
		}
	}
	for _, u := range o.unsure {
		if at := o.space.Intersect(u.Label, o.label); !at.IsEmpty() {
			l.lean(u.Of, about(at))
		}
	}
	return allowed
}

// ofCall turns what a label says about the action of a further check into the
// same about the actions that need it.
func (l *labels) ofCall(a *permission.Label) *permission.Label {
	actions, out := l.sp.Named(l.s.r.asked.actions), l.sp.Nothing()
	for _, p := range l.sp.Pieces(a) {
		out = l.sp.Union(out, l.sp.Requests(actions, p.Resources, p.When))
	}
	return out
}

func (l *labels) alsoTraced(c *Case, when *guard.Expr, o *effective) {
	if !l.x.traced {
		return
	}
	a := alsoLabel{action: c.Action, resource: c.Resource, when: when}
	if o != nil {
		a.because = o.reasons()
	}
	l.x.also = append(l.x.also, a)
}
