package solver_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"pathfinder/graphmodel/guard"
	"pathfinder/graphmodel/policy"
	"pathfinder/solver"
)

// access tells whether a decision allows the request whose open keys have the
// given values.
func access(d *solver.Decision, values policy.Values) policy.Truth {
	if d.Outcome != solver.Allowed {
		return policy.False
	}
	return d.Guard.Eval(values)
}

// gateNames are the gates that a statement can be added to.
var gateNames = rapid.SampledFrom([]string{"idp", "pb", "sess", "scp", "rcp", "vpce", "rbp"})

// add adds a statement to one of the documents that a gate has already; a new
// boundary or a new level would be another gate, not another statement.
func add(t fataler, c *solver.Case, gate, statement string) *solver.Case {
	t.Helper()
	more := *c
	extra := *c
	extra.Identity, extra.Boundary, extra.Session, extra.SCPs, extra.RCPs, extra.Resources, extra.Endpoint = nil, nil, nil, nil, nil, nil, nil
	n := &notation{t: t, c: &extra, text: statement}
	n.clause(gate, statement)
	switch gate {
	case "idp":
		more.Identity = slices.Concat(c.Identity, extra.Identity)
	case "pb":
		more.Boundary = slices.Concat(c.Boundary, extra.Boundary)
	case "sess":
		more.Session = slices.Concat(c.Session, extra.Session)
	case "rbp":
		more.Resources = slices.Concat(c.Resources, extra.Resources)
	case "vpce":
		more.Endpoint = slices.Concat(c.Endpoint, extra.Endpoint)
	case "scp":
		more.SCPs = slices.Clone(c.SCPs)
		more.SCPs[0].Policies = slices.Concat(c.SCPs[0].Policies, extra.SCPs[0].Policies)
	case "rcp":
		more.RCPs = slices.Clone(c.RCPs)
		more.RCPs[0].Policies = slices.Concat(c.RCPs[0].Policies, extra.RCPs[0].Policies)
	}
	return &more
}

// Law: a further Deny never adds access, a further Allow never removes it.
func TestDecideMonotone(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		gate := gateNames.Draw(t, "gate")
		text := rapid.Custom(func(t *rapid.T) string { return drawCase(t, gate) }).Draw(t, "case")
		effect := rapid.SampledFrom([]string{"+", "-"}).Draw(t, "added effect")
		added := rapid.Custom(func(t *rapid.T) string {
			f := strings.Fields(text)
			return drawStatement(t, gate, f[1]+" "+f[2], effect)
		}).Draw(t, "added to "+gate)
		c := caseOf(t, text)
		values, _ := drawOpen(t, c)
		before, after := solver.Decide(c), solver.Decide(add(t, c, gate, added))
		low, high := access(&before, values), access(&after, values)
		if effect == "-" {
			low, high = high, low
		}
		if low > high {
			t.Fatalf("access went from %v (%v) to %v (%v)\ncase: %s\nadded to %s: %s\nvalues: %v",
				access(&before, values), before.Outcome, access(&after, values), after.Outcome, text, gate, added, values)
		}
	})
}

// Law: the order of statements and of documents never matters.
func TestDecideOrder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.Custom(func(t *rapid.T) string { return drawCase(t) }).Draw(t, "case")
		c := caseOf(t, text)
		values, _ := drawOpen(t, c)
		a, b := solver.Decide(c), solver.Decide(backwards(c))
		if a.Outcome != b.Outcome || access(&a, values) != access(&b, values) {
			t.Fatalf("%v (%v) became %v (%v)\ncase: %s\nvalues: %v", a.Outcome, access(&a, values), b.Outcome, access(&b, values), text, values)
		}
		slices.Sort(a.Rules)
		slices.Sort(b.Rules)
		if diff := cmp.Diff(a.Rules, b.Rules); diff != "" {
			t.Fatalf("rules differ in reverse order (-want +got):\n%s\ncase: %s", diff, text)
		}
	})
}

// backwards returns the case with all lists that AWS does not order reversed.
func backwards(c *solver.Case) *solver.Case {
	flip := func(list []solver.Source) []solver.Source {
		list = slices.Clone(list)
		slices.Reverse(list)
		for i := range list {
			doc := *list[i].Doc
			doc.Statements = slices.Clone(doc.Statements)
			slices.Reverse(doc.Statements)
			list[i].Doc = &doc
		}
		return list
	}
	levels := func(list []solver.Level) []solver.Level {
		list = slices.Clone(list)
		slices.Reverse(list)
		for i := range list {
			list[i].Policies = flip(list[i].Policies)
		}
		return list
	}
	out := *c
	out.Identity, out.Boundary, out.Session = flip(c.Identity), flip(c.Boundary), flip(c.Session)
	out.Resources, out.Endpoint = flip(c.Resources), flip(c.Endpoint)
	out.SCPs, out.RCPs = levels(c.SCPs), levels(c.RCPs)
	return &out
}

// Law: the guard of an open case holds for exactly those requests that are
// allowed. This ties three-valued evaluation to two-valued evaluation.
func TestDecideOpenIsExact(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.Custom(func(t *rapid.T) string { return drawCase(t) + " | open" }).Draw(t, "case")
		c := caseOf(t, text)
		values, fixed := drawOpen(t, c)
		if !sendable(values) {
			return // the open guard knows that no request is like that
		}
		open, closed := solver.Decide(c), solver.Decide(fixed)
		got := access(&open, values)
		if got == policy.Unknown && len(open.Guard.Reasons()) > 0 {
			return // an opaque term decides
		}
		if closed.Guard.Open() && len(closed.Guard.Reasons()) == 0 {
			t.Fatalf("all keys are fixed, yet it depends on %v\ncase: %s\nvalues: %v", closed.Guard.Keys(), text, values)
		}
		if want := access(&closed, values); got != want {
			blocks, _, _ := open.Guard.Blocks()
			t.Fatalf("guard says %v, the fixed case %v (%v)\ncase: %s\nvalues: %v\nguard: %v", got, want, closed.Outcome, text, values, blocks)
		}
	})
}

// Law: blocks say what the guard says.
func TestDecideBlocksAreExact(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.Custom(func(t *rapid.T) string { return drawCase(t) + " | open" }).Draw(t, "case")
		c := caseOf(t, text)
		values, _ := drawOpen(t, c)
		d := solver.Decide(c)
		blocks, _, exact := d.Guard.Blocks()
		if d.Verdict() != solver.Conditional || !exact || !sendable(values) {
			return
		}
		got := guard.False
		for _, b := range blocks {
			all := guard.True
			for _, test := range b {
				all = guard.And(all, guard.Atom(policy.NewCondition(test.Operator, test.Key, test.Values)))
			}
			got = guard.Or(got, all)
		}
		if got, want := got.Eval(values), d.Guard.Eval(values); got != want {
			t.Fatalf("blocks say %v, the guard %v\ncase: %s\nvalues: %v\nblocks: %v", got, want, text, values, blocks)
		}
	})
}

// Law: a trace changes nothing but the trace.
func TestExplainIsDecide(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.Custom(func(t *rapid.T) string { return drawCase(t) }).Draw(t, "case")
		c := caseOf(t, text)
		d, e := solver.Decide(c), solver.Explain(c)
		if d.Outcome != e.Outcome || d.Guard.Truth() != e.Guard.Truth() || d.Verdict() != e.Verdict() {
			t.Fatalf("Decide says %v (%v), Explain %v (%v)\ncase: %s", d.Outcome, d.Guard.Truth(), e.Outcome, e.Guard.Truth(), text)
		}
		if diff := cmp.Diff([][]string{d.Rules, d.Unsure, d.Doubts, d.BlockedBy}, [][]string{e.Rules, e.Unsure, e.Doubts, e.BlockedBy}); diff != "" {
			t.Fatalf("Explain differs (-decide +explain):\n%s\ncase: %s", diff, text)
		}
		if d.Gates != nil || len(e.Gates) == 0 && e.Outcome != solver.ImplicitlyDenied {
			t.Fatalf("Decide traced %d gates, Explain %d\ncase: %s", len(d.Gates), len(e.Gates), text)
		}
		if e.Outcome != solver.Allowed && len(e.Because()) > 0 {
			t.Fatalf("a denial because of %v\ncase: %s", e.Because(), text)
		}
	})
}

// Law: a Deny that matches whatever the request carries ends in an explicit
// denial, unless AWS fixes the answer.
func TestDenyIsFinal(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		gate := gateNames.Draw(t, "gate")
		text := rapid.Custom(func(t *rapid.T) string { return drawCase(t, gate) }).Draw(t, "case")
		c := caseOf(t, text)
		if !binds(c, gate) {
			t.Skip("the gate does not bind the caller")
		}
		deny := map[string]string{"rbp": "-*@* P=*", "vpce": "-*@* P=*", "rcp": "-" + c.Action + "@* P=*"}[gate]
		if deny == "" {
			deny = "-*@*"
		}
		d := solver.Decide(add(t, c, gate, deny))
		if slices.Equal(d.BlockedBy, []string{"rule"}) {
			return
		}
		if d.Outcome != solver.ExplicitlyDenied || d.Guard != guard.False {
			t.Fatalf("%v in spite of %s in %s\ncase: %s", d.Outcome, deny, gate, text)
		}
	})
}

// binds reports whether a Deny in the gate bears on the caller at all.
func binds(c *solver.Case, gate string) bool {
	who := &c.Caller
	member := who.Account != "" && who.Kind != solver.CallerFederated
	switch gate {
	case "idp", "sess":
		return member && who.Kind != solver.CallerRoot && !who.External
	case "pb":
		return member && who.Kind != solver.CallerRoot && !who.External && !who.ServiceLinked
	case "scp":
		return member && !who.Management && !who.ServiceLinked
	case "rcp":
		return !c.ResourceInManagement && !who.ServiceLinked
	case "rbp":
		return who.Kind != solver.CallerFederated
	}
	return true
}
