package solver

import (
	"slices"

	"pathfinder/graphmodel/guard"
)

// A ruling says whether a call, or several, may be made.
type ruling struct {
	when    *guard.Expr // nil means never
	because []StatementRef
	ifs     []string
	more    *more // nil for nothing: few rulings have any, and many are kept
}

// more is what else is known of calls.
type more struct {
	means  []string // what the caller does first, such as to set a tag
	made   []made   // of which it is known where they are made; see inOneRegion
	labels bool     // whether tags of what is made bear on them
}

// with adds what else is known.
func (m *more) with(o *more) *more {
	switch {
	case m == nil:
		return o
	case o == nil:
		return m
	}
	return &more{appendNew(slices.Clip(m.means), o.means...), append(slices.Clip(m.made), o.made...), m.labels || o.labels}
}

// means lists what the caller does first.
func (v *ruling) means() []string {
	if v.more == nil {
		return nil
	}
	return v.more.means
}

// made lists the calls of which it is known where they are made.
func (v *ruling) made() []made {
	if v.more == nil {
		return nil
	}
	return v.more.made
}

func (v *ruling) never() bool   { return v.when == nil || v.when == guard.False }
func (v *ruling) certain() bool { return v.when == guard.True && len(v.ifs) == 0 }

// fits reports whether it counts in a search for what is certain, or for all there is.
func (v *ruling) fits(certain bool) bool { return !v.never() && (!certain || v.certain()) }

// always is the ruling that asks for nothing.
var always = ruling{when: guard.True}

// and says whether both may be made.
func (v ruling) and(w ruling) ruling {
	if v.never() || w.never() {
		return ruling{}
	}
	if v.plain() {
		return w
	}
	if w.plain() {
		return v
	}
	return ruling{
		when: guard.And(v.when, w.when), because: append(slices.Clip(v.because), w.because...),
		ifs: appendNew(slices.Clip(v.ifs), w.ifs...), more: v.more.with(w.more),
	}
}

// plain reports whether it asks for nothing and rests on nothing.
func (v *ruling) plain() bool {
	return v.when == guard.True && len(v.because) == 0 && len(v.ifs) == 0 && v.more == nil
}

// given adds what else has to be true.
func (v ruling) given(ifs ...string) ruling {
	if !v.never() {
		v.ifs = appendNew(slices.Clip(v.ifs), ifs...)
	}
	return v
}

// better reports whether v is to be preferred to w.
func (v *ruling) better(w *ruling) bool {
	switch {
	case v.never() || w.never():
		return !v.never()
	case v.certain() != w.certain():
		return v.certain()
	case len(v.ifs) != len(w.ifs):
		return len(v.ifs) < len(w.ifs)
	}
	return v.when == guard.True && w.when != guard.True
}

// rulings keeps what was decided. Most is that a call may not be made, which takes no room
// of its own.
type rulings[K comparable] map[K]*ruling

func (r rulings[K]) get(key K) (v ruling, known bool) {
	p, known := r[key]
	if p != nil {
		v = *p
	}
	return v, known
}

func (r rulings[K]) put(key K, v ruling) {
	if v.never() {
		r[key] = nil
		return
	}
	r[key] = &v
}
