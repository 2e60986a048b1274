package render

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/jedib0t/go-pretty/v6/text"

	"pathfinder/solver"
)

// An explanation is a page that quotes each statement once.
type explanation struct {
	page
	seen map[string]bool
}

// Explain writes the decision in a sentence, then the statements that decided
// it, what else had a say, and what would have to change. With o.Verbose it
// goes on with every gate and every statement.
func Explain(w io.Writer, a *solver.ExplainAnswer, o Options) error {
	p := &explanation{page: page{Options: o}, seen: map[string]bool{}}
	words, color := verdict(a)
	p.line(0, words, color)
	p.blank()
	p.field("who", a.Principal)
	p.field("what", a.Action)
	p.field("on", a.Resource)
	all := checks(a)
	for i := range all {
		p.blank()
		indent := 0
		if len(all) > 1 {
			p.checkTitle(&all[i], i == 0)
			indent = 2
		}
		if all[i].Decision == solver.Allowed.String() && a.Decision != all[i].Decision {
			p.allowers(&all[i], "allowed by", indent) // it is not what this is about
			continue
		}
		p.check(&all[i], indent, i == 0)
	}
	p.list("To allow it", a.Missing)
	p.notes(a.Notes)
	p.unknowns(a)
	p.footing(a)
	if len(a.Via) > 0 {
		p.blank()
		p.line(0, "Through roles it can", bold)
		p.accessTable(a.Via, true)
	}
	p.assigned(a.IdentityCenter)
	if o.Verbose {
		for i := range all {
			p.everything(&all[i], len(all) > 1)
		}
	}
	_, err := io.WriteString(w, p.b.String())
	return err
}

// field writes one part of the request.
func (p *explanation) field(name, value string) {
	for i, l := range wrap(Clean(value), p.width()-10) {
		if i > 0 {
			name = ""
		}
		fmt.Fprintf(&p.b, "  %-5s %s\n", name, l)
	}
}

// checks lists the checks of the call, each with its own decision.
func checks(a *solver.ExplainAnswer) []solver.ExplainAnswer {
	first := *a
	if own := a.Own; own != nil {
		first.Decision, first.Condition, first.BlockedBy, first.Because = own.Decision, own.Condition, own.BlockedBy, own.Because
	}
	return append([]solver.ExplainAnswer{first}, a.Also...)
}

// verdict puts the decision in words.
func verdict(a *solver.ExplainAnswer) (string, text.Colors) {
	switch a.Decision {
	case solver.Allowed.String():
		known := ""
		if len(a.Unknown) > 0 {
			known = ", as far as is known"
		}
		switch {
		case len(a.Condition) > 0:
			return "Allowed if " + Clean(a.Condition.String()) + known, unsure
		case known != "":
			return "Allowed" + known, unsure
		}
		return "Allowed", good
	case solver.ExplicitlyDenied.String(), solver.ImplicitlyDenied.String():
		if a.Summary != "" {
			return "Denied: " + Clean(a.Summary), bad
		}
		if a.Decision == solver.ExplicitlyDenied.String() {
			return "Denied: a statement forbids it", bad
		}
		return "Denied: nothing allows it", bad
	}
	why := make([]string, len(a.Unknown))
	for i, g := range a.Unknown {
		why[i] = g.Why
	}
	return strings.TrimSuffix("Unknown: "+Clean(strings.Join(why, "; ")), ": "), unsure
}

// checkTitle introduces one of several checks.
func (p *explanation) checkTitle(a *solver.ExplainAnswer, first bool) {
	mark, words, color, why := "✓", "allowed", good, ""
	switch {
	case a.Decision != solver.Allowed.String():
		mark, words, color = "✗", "denied", bad
		if a.Decision != solver.ExplicitlyDenied.String() && a.Decision != solver.ImplicitlyDenied.String() {
			words = "unknown"
		}
		if a.Summary != "" && !first {
			why = ": " + Clean(a.Summary)
		}
	case len(a.Condition) > 0:
		words, color, why = "allowed", unsure, ", if "+Clean(a.Condition.String())
	}
	on := ""
	if !first {
		on = " on " + Clean(a.Resource)
	}
	p.line(0, mark+" "+words+": "+Clean(a.Action)+on+why, color)
}

// check writes what decided one check.
func (p *explanation) check(a *solver.ExplainAnswer, indent int, first bool) {
	switch a.Decision {
	case solver.Allowed.String():
		p.granted(a, indent)
	case solver.ExplicitlyDenied.String():
		p.denied(a, indent, "denied by")
	default:
		p.gateNotes(a, indent, solver.Denies.String())
		most := 2
		if !first {
			most = 1
		}
		p.lacking(a, indent, most)
	}
	if passed := passedGates(a); len(passed) > 0 {
		p.line(indent, "passed: "+strings.Join(passed, ", "), faint)
	}
}

// granted quotes the statements that allow, and those that could forbid it.
func (p *explanation) granted(a *solver.ExplainAnswer, indent int) {
	noted := p.gateNotes(a, indent, solver.Allows.String())
	const most = 3
	for i, r := range a.Because {
		p.statement(a, "granted by", r, indent, i < most)
	}
	if len(a.Because) == 0 && !noted {
		p.line(indent, "granted: the caller needs no policy for it, and none forbids it", nil)
	}
	p.denied(a, indent, "unless forbidden by")
}

// denied quotes every Deny that matches.
func (p *explanation) denied(a *solver.ExplainAnswer, indent int, title string) {
	p.gateNotes(a, indent, solver.Denies.String())
	for i := range a.Gates {
		g := &a.Gates[i]
		if g.Result != solver.Denies.String() {
			continue
		}
		for _, r := range g.Because {
			p.statement(a, title, r, indent, true)
		}
	}
}

// gateNotes writes what gates without statements did.
func (p *explanation) gateNotes(a *solver.ExplainAnswer, indent int, result string) (any bool) {
	for i := range a.Gates {
		if g := &a.Gates[i]; g.Result == result && g.Note != "" && len(g.Because) == 0 {
			p.line(indent, Clean(g.Note)+ifOpen(g), nil)
			any = true
		}
	}
	return any
}

func ifOpen(g *solver.GateAnswer) string {
	if len(g.Condition) == 0 {
		return ""
	}
	return ", if " + Clean(g.Condition.String())
}

// lacking shows the statements that come closest to allowing a request that
// nothing allows, and those that do allow it on the other side.
func (p *explanation) lacking(a *solver.ExplainAnswer, indent, most int) {
	switch {
	case len(a.Near) > 0:
	case len(a.Unknown) > 0:
		p.line(indent, "in what was read, no statement that could allow it comes near", nil)
	default:
		p.line(indent, "no statement that could allow it comes near", nil)
	}
	var shown []string // one for each gate
	for i := range a.Near {
		n := &a.Near[i]
		if len(shown) == most || slices.Contains(shown, n.Gate) {
			continue
		}
		shown = append(shown, n.Gate)
		p.title("closest", n.StatementRef, n.Gate, n.Target, indent)
		p.quote(n.Text(), failing(n.Marks), indent+2)
	}
	switch more := len(a.Near) - len(shown); {
	case more == 1:
		p.line(indent, "and 1 more near miss: see --verbose", faint)
	case more > 1:
		p.line(indent, fmt.Sprintf("and %d more near misses: see --verbose", more), faint)
	}
	p.allowers(a, "already allows", indent)
}

// allowers names the statements that do allow the request.
func (p *explanation) allowers(a *solver.ExplainAnswer, title string, indent int) {
	for i := range a.Gates {
		g := &a.Gates[i]
		if g.Result != solver.Allows.String() || !sides[g.Gate] {
			continue
		}
		for _, r := range g.Because {
			words := title
			if g.Note != "" {
				words = "does not suffice"
			}
			p.line(indent, words+": "+kindOf(r)+" "+Clean(r.Policy)+" "+number(r)+ifOpen(g), nil)
		}
		if g.Note != "" {
			p.line(indent+2, Clean(g.Note), nil)
		}
	}
}

// sides are the gates that give access; the others only limit it.
var sides = map[string]bool{
	solver.GateIdentity: true, solver.GateResource: true, solver.GateAccessPoint: true, solver.GateGrant: true, solver.GateACL: true,
	solver.GateShare: true,
}

func failing(marks []solver.Mark) []solver.Mark {
	return slices.DeleteFunc(slices.Clone(marks), func(m solver.Mark) bool { return !m.Fails })
}

// statement names a statement that decided something and quotes it, with what
// its conditions were compared with.
func (p *explanation) statement(a *solver.ExplainAnswer, words string, r solver.StatementRef, indent int, quote bool) {
	var marks []solver.Mark
	var target, gate string
	for i := range a.Considered {
		if c := &a.Considered[i]; c.Policy == r.Policy && c.Type == r.Type && c.Statement == r.Statement {
			marks, gate, target = c.Marks, c.Gate, c.Target
		}
	}
	p.title(words, r, gate, target, indent)
	key := fmt.Sprintf("%s %d", r.Policy, r.Statement)
	if quote && !p.seen[key] {
		p.quote(r.Text(), marks, indent+2)
		p.seen[key] = true
	}
}

// title names a statement and its place.
func (p *explanation) title(words string, r solver.StatementRef, gate, target string, indent int) {
	s := words + ": " + kindOf(r) + ", statement " + number(r)
	if target != "" && (gate == solver.GateSCP || gate == solver.GateRCP) {
		s += " at " + p.account(target)
	}
	p.line(indent, s, bold)
	p.line(indent+2, marker+Clean(r.Policy), nil)
}

// kindOf names the kind of policy that a statement stands in.
func kindOf(r solver.StatementRef) string { return Clean(strings.ReplaceAll(r.Type, "-", " ")) }

// number tells a statement from the others of its policy.
func number(r solver.StatementRef) string {
	if r.Sid == "" {
		return fmt.Sprintf("#%d", r.Statement)
	}
	return fmt.Sprintf(`#%d "%s"`, r.Statement, Clean(r.Sid))
}

// passedGates counts the gates that only let the request pass.
func passedGates(a *solver.ExplainAnswer) (out []string) {
	order := []string{solver.GateSCP, solver.GateRCP, solver.GateEndpoint, solver.GateBoundary, solver.GateSession}
	words := map[string]string{
		solver.GateSCP: "service control level", solver.GateRCP: "resource control level", solver.GateEndpoint: "endpoint policy",
		solver.GateBoundary: "permissions boundary", solver.GateSession: "session policy",
	}
	for _, name := range order {
		n := 0
		for i := range a.Gates {
			if g := &a.Gates[i]; g.Gate == name && g.Result == solver.Allows.String() {
				n++
			}
		}
		switch {
		case n == 0:
		case name == solver.GateSCP || name == solver.GateRCP:
			out = append(out, fmt.Sprintf("%d %s", n, plural(n, words[name])))
		default:
			out = append(out, words[name])
		}
	}
	return out
}

func (p *explanation) list(title string, items []string) {
	if len(items) == 0 {
		return
	}
	p.blank()
	p.line(0, title, bold)
	for _, s := range items {
		p.line(2, "- "+Clean(s), nil)
	}
}

// unknowns lists the gaps, unless the verdict has named them.
func (p *explanation) unknowns(a *solver.ExplainAnswer) {
	if words, _ := verdict(a); strings.HasPrefix(words, "Unknown") {
		return
	}
	items := make([]string, len(a.Unknown))
	for i, g := range a.Unknown {
		items[i] = g.What + ": " + g.Why
	}
	p.list("Not known", items)
}

// footing says what the decision rests on.
func (p *explanation) footing(a *solver.ExplainAnswer) {
	p.blank()
	for _, rule := range a.Unsure {
		s := "leans on " + Clean(rule) + ", which AWS leaves unclear"
		if q := solver.Unsure(rule); q != "" {
			s += ": " + q
		}
		p.line(0, s, unsure)
	}
	s := "Confidence: " + Clean(a.Confidence)
	if len(a.Rules) > 0 {
		s += ". Rules: " + Clean(strings.Join(a.Rules, ", "))
	}
	p.line(0, s, faint)
}

// everything lists each gate of a check and each statement in it.
func (p *explanation) everything(a *solver.ExplainAnswer, several bool) {
	p.blank()
	title := "Every gate and every statement"
	if several {
		title += " for " + Clean(a.Action)
	}
	p.line(0, title, bold)
	for i := range a.Gates {
		g := &a.Gates[i]
		p.gate(g)
		for k := range a.Considered {
			if c := &a.Considered[k]; c.Gate == g.Gate && c.Target == g.Target {
				p.considered(c)
			}
		}
	}
}

// gate writes the result of one gate.
func (p *explanation) gate(g *solver.GateAnswer) {
	mark, color := "·", faint
	switch g.Result {
	case solver.Allows.String():
		mark, color = "✓", good
	case solver.Denies.String():
		mark, color = "✗", bad
	}
	s := mark + " " + Clean(g.Gate)
	if g.Target != "" {
		s += " at " + p.account(g.Target)
	}
	s += ": " + Clean(g.Result)
	if len(g.Condition) > 0 {
		s += " if " + Clean(g.Condition.String())
	}
	p.line(2, s, color)
	if g.Note != "" {
		p.line(6, Clean(g.Note), nil)
	}
}

// considered writes one statement and what became of it.
func (p *explanation) considered(c *solver.Considered) {
	s := Clean(c.Policy) + " " + number(c.StatementRef)
	color := faint
	if c.Matched {
		color = nil
	}
	p.line(6, s+" ("+Clean(c.Effect)+"): "+Clean(c.Reason), color)
}
