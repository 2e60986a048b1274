package render

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/jedib0t/go-pretty/v6/text"

	"pathfinder/graphmodel/policy"
	"pathfinder/solver"
)

// Explain writes the decision in words, then the gates in the order in which
// AWS asks them, with the statements that spoke.
func Explain(w io.Writer, a *solver.ExplainAnswer, o Options) error {
	p := &page{Options: o}
	p.decision(a, 0)
	for i := range a.Also {
		p.blank()
		p.line(0, "The same call also needs", bold)
		p.decision(&a.Also[i], 2)
	}
	if len(a.Via) > 0 {
		p.blank()
		p.line(0, "Through roles it can", bold)
		p.accessTable(a.Via, true)
	}
	_, err := io.WriteString(w, p.b.String())
	return err
}

// decision writes everything about one check.
func (p *page) decision(a *solver.ExplainAnswer, indent int) {
	words, color := verdict(a)
	p.line(indent, words, color)
	p.line(indent+2, "who: "+Clean(a.Principal), nil)
	p.line(indent+2, "what: "+Clean(a.Action), nil)
	p.line(indent+2, "on: "+Clean(a.Resource), nil)
	if len(a.Gates) > 0 {
		p.blank()
		for i := range a.Gates {
			p.gate(&a.Gates[i], indent)
		}
	}
	p.list("What is missing", a.Missing, indent)
	p.notes(a.Notes)
	p.unknowns(a, indent)
	p.blank()
	p.line(indent, p.footing(a), faint)
}

// verdict puts the decision in words.
func verdict(a *solver.ExplainAnswer) (string, text.Colors) {
	by := Clean(strings.Join(a.BlockedBy, ", "))
	switch a.Decision {
	case solver.Allowed.String():
		if len(a.Condition) > 0 {
			return "Allowed if " + Clean(a.Condition.String()), unsure
		}
		return "Allowed", good
	case solver.ExplicitlyDenied.String():
		if by == "" {
			by = "a Deny statement"
		}
		return "Denied by " + by, bad
	case solver.ImplicitlyDenied.String():
		if by != "" {
			return "Denied: nothing allows it at " + by, bad
		}
		return "Denied: nothing allows it", bad
	}
	why := make([]string, len(a.Unknown))
	for i, g := range a.Unknown {
		why[i] = g.What + ": " + g.Why
	}
	return strings.TrimSuffix("Unknown: "+Clean(strings.Join(why, "; ")), ": "), unsure
}

// gate writes one gate and quotes the statements that decided it.
func (p *page) gate(g *solver.GateAnswer, indent int) {
	mark, color := "·", faint
	switch g.Result {
	case solver.Allows.String():
		mark, color = "✓", good
	case solver.Denies.String():
		mark, color = "✗", bad
	}
	s := fmt.Sprintf("%s %s", mark, Clean(g.Gate))
	if g.Target != "" {
		s += " at " + Clean(g.Target)
	}
	s += ": " + Clean(g.Result)
	if len(g.Condition) > 0 {
		s += " if " + Clean(g.Condition.String())
	}
	p.line(indent, s, color)
	if g.Note != "" {
		p.line(indent+4, Clean(g.Note), nil)
	}
	for _, ref := range g.Because {
		p.statement(ref, indent+4)
	}
}

// statement names a statement and quotes it.
func (p *page) statement(ref solver.StatementRef, indent int) {
	s := fmt.Sprintf("%s #%d", Clean(ref.Policy), ref.Statement)
	if ref.Sid != "" {
		s += fmt.Sprintf(" \"%s\"", Clean(ref.Sid))
	}
	p.line(indent, s+" ("+Clean(ref.Type)+")", nil)
	if text := quote(ref.Text()); text != "" {
		p.line(indent+2, Clean(text), faint)
	}
}

// quote returns the statement as compact JSON, or "".
func quote(s *policy.Statement) string {
	if s == nil {
		return ""
	}
	doc := policy.Document{Statements: []*policy.Statement{s}}
	text, err := doc.JSON()
	if err != nil {
		return ""
	}
	var parts struct{ Statement []json.RawMessage }
	if json.Unmarshal(text, &parts) != nil || len(parts.Statement) != 1 {
		return ""
	}
	return string(parts.Statement[0])
}

func (p *page) list(title string, items []string, indent int) {
	if len(items) == 0 {
		return
	}
	p.blank()
	p.line(indent, title, bold)
	for _, s := range items {
		p.line(indent+2, "- "+Clean(s), nil)
	}
}

// unknowns lists the gaps, unless the verdict has named them.
func (p *page) unknowns(a *solver.ExplainAnswer, indent int) {
	if words, _ := verdict(a); strings.HasPrefix(words, "Unknown") {
		return
	}
	items := make([]string, len(a.Unknown))
	for i, g := range a.Unknown {
		items[i] = g.What + ": " + g.Why
	}
	p.list("Not known", items, indent)
}

// footing says what the decision rests on.
func (p *page) footing(a *solver.ExplainAnswer) string {
	s := "Confidence: " + Clean(a.Confidence)
	if len(a.Unsure) > 0 {
		s += " (AWS leaves unclear: " + Clean(strings.Join(a.Unsure, ", ")) + ")"
	}
	if len(a.Rules) > 0 {
		s += ". Rules: " + Clean(strings.Join(a.Rules, ", "))
	}
	return s
}
