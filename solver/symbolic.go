package solver

import (
	"pathfinder/graphmodel/arn"
	"pathfinder/graphmodel/guard"
	"pathfinder/graphmodel/permission"
	"pathfinder/graphmodel/policy"
)

// A clause is a statement read for sets of requests: the patterns it lists with
// the variables filled in that the caller fixes.
type clause struct {
	src      *Source
	st       *policy.Statement
	void     bool          // it matches nothing for this caller
	whole    bool          // it is about everything asked, as far as resources go
	patterns []arn.Pattern // of Resource or NotResource
	// open are the patterns with a variable that only the request knows, with
	// the text that covers more than they do.
	open []openPattern
	// valued tells when the statement speaks at all: when the variables of a
	// NotResource have values (E73).
	valued *guard.Expr
}

type openPattern struct {
	question string
	text     string // with the variables that are known filled in
	wide     arn.Pattern
	hidden   bool // text is about what lies behind an access point, and can't be said of the point
}

// clause reads a statement apart from its conditions and principals.
func (e *eval) clause(src *Source, st *policy.Statement) clause {
	c := clause{src: src, st: st, void: st.Broken, valued: guard.True}
	for i := range st.Resources {
		r := &st.Resources[i]
		p, state, _ := r.Expand(e)
		switch state {
		case policy.Present:
			c.patterns = append(c.patterns, p)
		case policy.Absent:
			if st.NotResource {
				e.lean("E73")
				if e.c.asks {
					c.valued = guard.And(c.valued, unclear("E73"))
				} else {
					c.void = true
				}
			}
		case policy.Open:
			o := openPattern{text: r.Partly(e), wide: r.Wide(e)}
			o.question = "whether " + o.text + " covers the resource"
			if st.NotResource {
				valued := e.valued(r)
				if e.c.asks {
					valued = guard.Or(valued, unclear("E73"))
				}
				c.valued = guard.And(c.valued, valued)
			}
			c.open = append(c.open, o)
		}
	}
	return c
}

// A vocabulary gathers what a space has to tell apart.
type vocabulary struct{ permission.Config }

// add notes the actions and resources of a clause.
func (v *vocabulary) add(c *clause) {
	for i := range c.st.Actions {
		if name := permission.Unknown(c.st.Actions[i].Text); name != "" {
			v.Actions = append(v.Actions, name)
		}
	}
	v.resources(c)
}

// resources notes the resources of a clause.
func (v *vocabulary) resources(c *clause) {
	v.Unions = append(v.Unions, c.patterns)
	for _, o := range c.open {
		v.Resources = append(v.Resources, o.wide)
		v.Opaque = append(v.Opaque, o.question)
	}
	v.expr(c.valued)
}

// expr notes the tests of an expression.
func (v *vocabulary) expr(e *guard.Expr) {
	tests, opaque := e.Tests()
	v.Tests = append(v.Tests, tests...)
	v.Opaque = append(v.Opaque, opaque...)
	v.Domains = inEvery(v.Domains, tests)
}

// inEvery adds the keys of some tests that every request carries in which they are
// open (E216).
func inEvery(domains map[string]arn.Glob, tests []policy.Condition) map[string]arn.Glob {
	for i := range tests {
		if key := tests[i].LowerKey(); alwaysSet[key] && domains[key] == "" {
			if domains == nil {
				domains = map[string]arn.Glob{}
			}
			domains[key] = somePresent.Within
		}
	}
	return domains
}

// about returns the requests that a clause speaks about, its conditions and
// principals left aside.
func (c *clause) about(sp *permission.Space, actions *permission.ActionSet) *permission.Label {
	switch {
	case c.void:
		return sp.Nothing()
	case c.whole:
		return sp.Requests(actions, sp.AllResources(), sp.Always())
	case len(c.st.Resources) == 0:
		if c.st.NotResource {
			return sp.Nothing()
		}
		return sp.Requests(actions, sp.AllResources(), sp.Always())
	}
	covered := sp.Requests(actions, sp.Covered(c.patterns...), sp.Always())
	for _, o := range c.open {
		covered = sp.Union(covered, sp.Requests(actions, sp.Covered(o.wide), sp.When(guard.Opaque(o.question))))
	}
	if !c.st.NotResource {
		return covered
	}
	return sp.Subtract(sp.Requests(actions, sp.AllResources(), sp.When(c.valued)), covered)
}
