package solver

import (
	"cmp"
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"pathfinder/graphmodel/guard"
	"pathfinder/graphmodel/policy"
)

// An ask is one ARN or pattern with the actions that are asked about it.
type ask struct {
	resource string
	actions  []string
}

// asks lists what a question about an ARN is about: the thing itself, and for
// a bucket, a table, an access point, a search domain or an API what is inside of it.
func (set *actionSet) asks(text string) (out []ask) {
	add := func(resource string) {
		if list := set.on(resource); len(list) > 0 {
			out = append(out, ask{resource, list})
		}
	}
	add(text)
	if inside := insideOf(text); inside != "" {
		add(inside)
	}
	return out
}

// finder gathers the grants of many actors and what was found missing.
type finder struct {
	s       *Solver
	unknown map[Gap]bool
	// lost says why some of what is allowed is in no grant.
	lost map[string]bool
	cut  bool
	// owns and targets remember what ends of several paths may do themselves, and
	// what is asked about targets, by ARN.
	owns    map[string][]Access
	targets map[string]asking
}

func (s *Solver) finder() *finder {
	return &finder{s: s, unknown: map[Gap]bool{}, lost: map[string]bool{}, owns: map[string][]Access{}, targets: map[string]asking{}}
}

// gaps lists what was found missing, sorted, with what the snapshot itself
// says it lacks.
func (f *finder) gaps() []Gap {
	for g := range f.s.lacks {
		f.unknown[g] = true
	}
	if f.cut {
		f.unknown[Gap{What: "paths", Why: "there are more paths than are listed; narrow the question with --max-hops"}] = true
	}
	out := make([]Gap, 0, len(f.unknown))
	for g := range f.unknown {
		out = append(out, g)
	}
	slices.SortFunc(out, func(a, b Gap) int { return cmp.Or(strings.Compare(a.What, b.What), strings.Compare(a.Why, b.Why)) })
	return out
}

// grants lists what an actor may do itself with what is asked.
func (f *finder) grants(a *actor, t *target, asks []ask) []Grant {
	return f.write(a, t, asks, false)
}

// terms lists the same without the statements behind it.
func (f *finder) terms(a *actor, t *target, asks []ask) []Grant {
	return f.write(a, t, asks, true)
}

func (f *finder) write(a *actor, t *target, asks []ask, plain bool) []Grant {
	w := writer{f: f, t: t, groups: map[string]*Grant{}, plain: plain}
	base := f.s.baseFor(a, t)
	for _, k := range asks {
		if x := t.effect(a, base, k, false); x != nil {
			w.write(x, k.resource)
		}
	}
	return w.grants()
}

// some reports whether grants would list anything.
func (f *finder) some(a *actor, t *target, asks []ask) bool {
	w := writer{f: f, t: t, plain: true}
	base := f.s.baseFor(a, t)
	for _, k := range asks {
		if x := t.effect(a, base, k, false); x != nil && w.some(x, k.resource) {
			return true
		}
	}
	return false
}

// key identifies everything of a grant but its actions.
func (g *Grant) key() string {
	cond, _ := json.Marshal(g.Condition)
	var b strings.Builder
	b.Write(cond)
	for _, list := range [][]string{g.Resources, g.Except, g.Unsure} {
		b.WriteString("\x00" + strings.Join(list, "\x01"))
	}
	for _, r := range g.Because {
		b.WriteString("\x00" + r.Policy + "\x01" + r.Type + "\x01" + strconv.Itoa(r.Statement))
	}
	return b.String()
}

// mayAllow reports whether some statement could allow one of the actions at all,
// so that most questions end here.
func (c *Case) mayAllow(g *group) bool {
	if c.Caller.Kind == CallerRoot || c.Caller.External || c.asker != "" || c.S3 != nil && c.S3.Ownership != "" && c.S3.Ownership != "BucketOwnerEnforced" ||
		len(c.KMSGrants) > 0 || len(c.SharedWith) > 0 || len(c.Doubts) > 0 {
		return true
	}
	first := g.lower[0]
	if openWithoutPolicy[first.service+":"+first.name] || first.service == "sts" && first.name == "getcalleridentity" {
		return true // E209, E100: no statement is needed
	}
	if c.AccessPoint != nil && g.mayAllow(c.AccessPoint.Policies) {
		return true
	}
	return g.mayAllow(c.Identity) || g.mayAllow(c.Resources)
}

func (g *group) mayAllow(list []Source) bool {
	for i := range list {
		doc := list[i].Doc
		if len(doc.Faults) > 0 && doc.Damaged() {
			return true
		}
		for _, st := range doc.Statements {
			if st.Effect == policy.Allow && !st.Broken && len(g.about(st)) > 0 {
				return true
			}
		}
	}
	return false
}

// blocks writes a guard, and notes what policy language can't express. ok is
// false when no request meets it.
func (f *finder) blocks(t *target, g *guard.Expr) (blocks guard.Blocks, ok bool) {
	blocks, truth, exact := g.Blocks()
	if !exact {
		for _, why := range g.Reasons() {
			f.unknown[Gap{What: t.name, Why: why + " is left open"}] = true
		}
	}
	return blocks, truth != policy.False
}

// note records what an answer lacked, unless everything is denied anyway.
func (f *finder) note(t *target, x *effective) {
	if x.refused {
		return
	}
	f.noteAll(t, slices.Concat(x.doubts, x.beside))
}

// noteAll records what is not known about a target.
func (f *finder) noteAll(t *target, list []string) {
	for _, why := range list {
		f.unknown[Gap{What: t.name, Why: strings.TrimPrefix(why, t.name+" ")}] = true
	}
}
