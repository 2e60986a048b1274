package solver

import (
	"slices"
	"strings"

	"pathfinder/graphmodel/arn"
	"pathfinder/graphmodel/guard"
	"pathfinder/graphmodel/policy"
)

// A speech is a statement as it speaks to one caller about some actions.
type speech struct {
	clause
	actions []string    // of those asked
	when    *guard.Expr // its conditions
	named   kinds       // of a policy with principals: by which entries it names the caller
	unsure  []string    // rules that AWS leaves unclear and that its reading rests on
}

// A reader reads statements for one caller and one group of actions.
type reader struct {
	q     *inquiry
	e     *eval
	asked *group
	// mapped says how patterns about what lies behind an access point read as
	// patterns about the access point; nil when nothing lies between.
	mapped *mapping
}

func newReader(q *inquiry, c *Case, asked *group) *reader {
	return &reader{q: q, e: newEval(c, false), asked: asked}
}

// each reads every statement of some policies.
func (r *reader) each(sources []Source, read func(*Source, *policy.Statement) (speech, bool)) (out []speech) {
	for i := range sources {
		src := &sources[i]
		r.e.damage(src)
		for _, st := range src.Doc.Statements {
			if sp, ok := read(src, st); ok {
				out = append(out, sp)
			}
		}
	}
	return out
}

// pool reads policies that name no principals.
func (r *reader) pool(sources []Source) []speech { return r.each(sources, r.statement) }

// principalPool reads policies that name principals, and leaves out what names
// others than the caller.
func (r *reader) principalPool(sources []Source) []speech { return r.each(sources, r.naming) }

// grants reads policies that hang on the resource.
func (r *reader) grants(sources []Source) []speech { return r.each(sources, r.granting) }

// granting reads a statement of such a policy. Some count for nobody (E153,
// E181), and of services it is unsure whether "*" means them.
func (r *reader) granting(src *Source, st *policy.Statement) (sp speech, ok bool) {
	sp, ok = r.naming(src, st)
	if !ok || st.Effect != policy.Allow {
		return sp, ok && !(st.Effect == policy.Deny && r.e.unlocks())
	}
	takes := true
	sp.unsure = append(sp.unsure, r.leaning(func() {
		takes = r.e.takesToken(st, src.Doc.Kind, &sp.named)
		if r.e.c.Caller.Kind == CallerService && sp.named[kindEveryone] != guard.False {
			r.e.lean("E13")
		}
	})...)
	return sp, takes
}

func (r *reader) naming(src *Source, st *policy.Statement) (sp speech, ok bool) {
	if sp, ok = r.statement(src, st); !ok {
		return sp, false
	}
	sp.unsure = append(sp.unsure, r.leaning(func() { sp.named = r.e.principals(st, src.Doc.Kind) })...)
	// Each kind by itself: one that names the caller for certain hides the
	// conditions of the others in their union.
	for _, k := range sp.named {
		r.q.v.expr(k)
	}
	return sp, sp.named.any() != guard.False
}

// leaning returns the unsure rules that f leans on.
func (r *reader) leaning(f func()) []string {
	before := r.e.unsure
	r.e.unsure = &r.e.empty
	f()
	words := r.e.unsure.words
	r.e.unsure = before
	return slices.Clip(words)
}

// statement reads one statement, its principals left aside. ok is false when it
// says nothing about what is asked.
func (r *reader) statement(src *Source, st *policy.Statement) (sp speech, ok bool) {
	if st.Broken {
		return sp, false
	}
	sp.actions = r.asked.about(st)
	if len(sp.actions) == 0 {
		return sp, false
	}
	sp.unsure = r.leaning(func() {
		terms := []*guard.Expr{r.resources(&sp.clause, src, st)}
		for i := range st.Conditions {
			if terms[i] == guard.False {
				break
			}
			terms = append(terms, r.e.condition(&st.Conditions[i]))
		}
		sp.when = guard.All(terms)
	})
	if sp.void || sp.when == guard.False {
		if !r.q.doubting || len(sp.unsure) == 0 {
			return sp, false
		}
		sp.whole, sp.void, sp.when = sp.whole || sp.void, false, guard.False // what it might say counts
	}
	r.q.v.expr(sp.when)
	return sp, true
}

// resources reads the Resource element. Of a single resource it says at once
// under which condition it is covered.
func (r *reader) resources(c *clause, src *Source, st *policy.Statement) *guard.Expr {
	if r.q.literal || len(st.Resources) == 0 {
		c.src, c.st, c.whole = src, st, true
		return r.e.resources(st)
	}
	*c = r.e.clause(src, st)
	if r.mapped != nil {
		c.mapThrough(r.mapped)
	}
	if !st.NotResource && len(c.open) == 0 && !slices.ContainsFunc(c.patterns, func(p arn.Pattern) bool { return p.All() || arn.Overlaps(p.Glob(), r.q.v.Within) }) {
		return guard.False // it is about other things, and what it asks of them is no matter here
	}
	if slices.ContainsFunc(st.Resources, func(p policy.ResourcePattern) bool { return wildHead(p.Text) }) &&
		slices.ContainsFunc(c.patterns, func(p arn.Pattern) bool { return runsOn(p, r.q.resource) }) {
		r.e.lean("E35")
	}
	for _, o := range c.open {
		r.q.open[o.question] = o
	}
	r.q.v.resources(c)
	return guard.True
}

// wildHead reports whether a '*' stands before the sixth field of a pattern, or
// in a short one.
func wildHead(text string) bool {
	for i, colons := 0, 0; i < len(text) && colons < 5; i++ {
		switch text[i] {
		case ':':
			colons++
		case '*':
			return text != "*"
		}
	}
	return false
}

// runsOn reports whether a pattern covers what is asked only because a '*' runs
// on past a colon (E35).
func runsOn(p arn.Pattern, asked string) bool {
	text := p.String()
	if !arn.Overlaps(p.Glob(), arn.NewGlob(asked)) {
		return false
	}
	if strings.Count(text, ":") < 5 {
		return p.Match(strings.NewReplacer("*", filler, "?", filler).Replace(asked)) == arn.RunOn
	}
	head := func(s string) string {
		f := strings.SplitN(s, ":", 6)
		return strings.Join(f[:min(5, len(f))], ":") + ":x"
	}
	if strings.ContainsAny(head(asked), "*?") {
		return false
	}
	return arn.NewPattern(arn.NewGlob(head(text)), false).Match(head(asked)) != arn.Exact
}

// filler stands where a pattern leaves the text open. No policy spells it.
const filler = "\u00a4"
