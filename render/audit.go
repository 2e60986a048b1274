package render

import (
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/jedib0t/go-pretty/v6/text"

	"pathfinder/solver/audit"
)

// severityPaint colours the severities of findings.
var severityPaint = map[audit.Severity]text.Colors{
	audit.Critical: bad, audit.High: bad, audit.Medium: unsure, audit.Low: faint, audit.Info: faint,
}

// maxTold bounds the findings that are told on the terminal.
const maxTold = 20

// Audit writes what an audit came to: the findings by kind, the worst of them, and
// the files that hold all.
func Audit(w io.Writer, rep *audit.Report, dir string, files []string, opts Options) error {
	p := page{Options: opts}
	open, accepted := rep.Counts()
	p.kindsOf(rep)
	told := 0
	for i := range rep.Findings {
		f := &rep.Findings[i]
		if f.Accepted != nil || f.Severity < audit.High {
			continue
		}
		if told++; told > maxTold {
			continue
		}
		if told == 1 {
			p.blank()
		}
		line := f.Severity.String()
		if f.Certain == audit.Possible {
			line += ", possible"
		}
		p.b.WriteString(p.paint(line, severityPaint[f.Severity]) + " " + Clean(f.Kind) + " " + p.paint(f.ID, faint) + "\n")
		p.line(2, Clean(f.Title), nil)
	}
	if told > maxTold {
		p.line(0, fmt.Sprintf("… and %d more that are high or critical", told-maxTold), faint)
	}
	p.blank()
	var sums []string
	total := 0
	for i := len(open) - 1; i >= 0; i-- {
		if open[i] > 0 {
			sums = append(sums, fmt.Sprintf("%d %s", open[i], audit.Severity(i))) //nolint:gosec // five of them
			total += open[i]
		}
	}
	sum := fmt.Sprintf("%d %s", total, plural(total, "finding"))
	if len(sums) > 0 {
		sum += ": " + strings.Join(sums, ", ")
	}
	if accepted > 0 {
		sum += fmt.Sprintf("; %d accepted", accepted)
	}
	p.line(0, sum, bold)
	if n := len(rep.Gone); n > 0 {
		p.line(0, fmt.Sprintf("%d of the baseline are gone: take them out of it", n), nil)
	}
	if n := len(rep.Unsought); n > 0 {
		p.line(0, fmt.Sprintf("%d of the baseline were not found: they are gone, or of a kind that this audit did not look for", n), nil)
	}
	if n := len(rep.Expired); n > 0 {
		p.line(0, fmt.Sprintf("%d of the baseline have run out: they count again", n), nil)
	}
	if n := len(rep.Worse); n > 0 {
		p.line(0, fmt.Sprintf("%d of the baseline have become worse than what was accepted: they count again", n), nil)
	}
	if n := len(rep.Unknown); n > 0 {
		p.line(0, fmt.Sprintf("%d %s could not be read: findings.json lists them", n, plural(n, "fact")), unsure)
	}
	for i := range files {
		files[i] = filepath.Join(dir, files[i])
	}
	p.line(0, "wrote "+Clean(strings.Join(files, ", ")), nil)
	_, err := w.Write([]byte(p.b.String()))
	return err
}

// kindsOf writes a table of the kinds with the number of findings of each severity.
func (p *page) kindsOf(rep *audit.Report) {
	g := grid{header: []string{"Kind", "Critical", "High", "Medium", "Low", "Info", "Accepted"}}
	for _, k := range audit.Kinds() {
		var n [audit.Critical + 1]int
		all, accepted := 0, 0
		for i := range rep.Findings {
			f := &rep.Findings[i]
			switch {
			case f.Kind != k.Name:
				continue
			case f.Accepted != nil:
				accepted++
			default:
				n[f.Severity]++
			}
			all++
		}
		if all == 0 {
			continue
		}
		row := [][]string{{k.Name}}
		for i := len(n) - 1; i >= 0; i-- {
			row = append(row, []string{blankZero(n[i])})
		}
		g.add(0, append(row, []string{blankZero(accepted)})...)
	}
	if len(g.rows) > 0 {
		g.write(p)
	}
}

func blankZero(n int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprint(n)
}
