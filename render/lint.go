package render

import (
	"fmt"
	"io"
	"strings"

	"github.com/jedib0t/go-pretty/v6/text"

	"pathfinder/solver/lint"
)

// Lint writes the findings of each document below its name: line and column,
// severity and rule, then the reason, then what to do.
func Lint(w io.Writer, answer *lint.Answer, opts Options) error {
	p := page{Options: opts}
	last := ""
	for i := range answer.Findings {
		f := &answer.Findings[i]
		here := f.Source() + "\x00" + f.Type
		if i > 0 && here != last {
			p.blank()
		}
		if here != last {
			p.line(0, Clean(f.Source())+" ("+f.Type+")", bold)
		}
		last = here
		p.finding(f)
	}
	if len(answer.Findings) > 0 {
		p.blank()
	}
	p.line(0, lintSum(&answer.Summary), nil)
	_, err := w.Write([]byte(p.b.String()))
	return err
}

var severityColors = map[lint.Severity]text.Colors{lint.Error: bad, lint.Warning: unsure, lint.Note: faint}

func (p *page) finding(f *lint.Finding) {
	at := fmt.Sprintf("%d:%d", f.Line, f.Column)
	p.b.WriteString("  " + p.paint(at, bold) + " " + p.paint(f.Severity.String(), severityColors[f.Severity]) + " " + f.Rule + "\n")
	p.line(4, Clean(f.Message), nil)
	p.line(4, marker+Clean(f.Remedy), faint)
}

func lintSum(s *lint.Summary) string {
	count := func(n int, word string) string {
		if n == 1 {
			return "1 " + word
		}
		return fmt.Sprintf("%d %ss", n, word)
	}
	in := " in " + count(s.Documents, "document")
	if s.Errors+s.Warnings+s.Notes == 0 {
		return "no findings" + in
	}
	return strings.Join([]string{count(s.Errors, "error"), count(s.Warnings, "warning"), count(s.Notes, "note")}, ", ") + in
}
