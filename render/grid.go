package render

import (
	"math"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"
)

// A grid is a table whose cells are wrapped so that it fits the page. Cells
// are lists of clean lines; rows that belong together share a group.
type grid struct {
	header []string
	rows   []gridRow
}

type gridRow struct {
	group int
	cells [][]string
	color []text.Colors // of each cell; may be short
}

// What a line of a cell can start with; its further lines hang below the text.
const (
	marker  = "→ "
	hanging = "  "
)

// add appends a row to the group.
func (g *grid) add(group int, cells ...[]string) {
	g.rows = append(g.rows, gridRow{group: group, cells: cells})
}

// write writes the grid; a rule separates groups.
func (g *grid) write(p *page) {
	widths := g.widths(p.width())
	t := table.NewWriter()
	style := table.StyleLight
	style.Format.Header = text.FormatDefault
	t.SetStyle(style)
	header := make(table.Row, len(g.header))
	for i, h := range g.header {
		header[i] = p.paint(h, bold)
	}
	t.AppendHeader(header)
	for i, r := range g.rows {
		if i > 0 && r.group != g.rows[i-1].group {
			t.AppendSeparator()
		}
		row := make(table.Row, len(r.cells))
		for k, lines := range r.cells {
			var c text.Colors
			if k < len(r.color) {
				c = r.color[k]
			}
			row[k] = p.cell(lines, widths[k], c)
		}
		t.AppendRow(row)
	}
	p.b.WriteString(t.Render() + "\n")
}

// cell wraps and colours each line on its own, so that the colour ends with it.
func (p *page) cell(lines []string, width int, c text.Colors) string {
	var out []string
	for _, l := range lines {
		first, rest := "", ""
		for _, lead := range []string{marker, hanging} {
			if text, ok := strings.CutPrefix(l, lead); ok {
				first, rest, l = lead, hanging, text
			}
		}
		for _, part := range wrap(l, width-text.StringWidth(first)) {
			out = append(out, p.paint(first+part, c))
			first = rest
		}
	}
	return strings.Join(out, "\n")
}

// leastColumn is the smallest width that a wrapped column gets.
const leastColumn = 14

// widths shares the page's width out. Columns that need less than their share
// get what they need; the others share the rest by the square root of how much
// text they hold, so that the table gets short.
func (g *grid) widths(page int) []int {
	n := len(g.header)
	need, weight := make([]int, n), make([]float64, n)
	for i, h := range g.header {
		need[i] = text.StringWidth(h)
	}
	for _, r := range g.rows {
		for i, lines := range r.cells {
			for _, l := range lines {
				size := text.StringWidth(l)
				need[i] = max(need[i], size)
				weight[i] += float64(size)
			}
		}
	}
	for i := range weight {
		weight[i] = math.Sqrt(max(1, weight[i]))
	}
	left := page - 3*n - 1
	out := make([]int, n)
	for i := range out {
		if need[i] <= leastColumn {
			out[i] = need[i]
			left -= need[i]
		}
	}
	for settled := true; settled; {
		settled = false
		total, open := 0.0, 0
		for i := range out {
			if out[i] == 0 {
				total += weight[i]
				open++
			}
		}
		for i := range out {
			// The columns that stay open get their least width at any rate.
			if out[i] == 0 && float64(need[i]) <= float64(left)*weight[i]/total && need[i] <= left-(open-1)*leastColumn {
				out[i], settled = need[i], true
				left -= need[i]
				break
			}
		}
	}
	return share(out, weight, left)
}

// share gives each open column its part of what is left.
func share(out []int, weight []float64, left int) []int {
	total, open := 0.0, 0
	for i := range out {
		if out[i] == 0 {
			total += weight[i]
			open++
		}
	}
	for i := range out {
		if out[i] == 0 {
			open--
			part := int(float64(left) * weight[i] / total)
			out[i] = max(leastColumn, min(part, left-open*leastColumn))
			left -= out[i]
			total -= weight[i]
		}
	}
	return out
}
