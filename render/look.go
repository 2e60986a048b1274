package render

import (
	"strings"

	"pathfinder/render/glyph"
)

// A Theme is a set of colours for pictures: Light or Dark.
type Theme int

// The themes.
const (
	Light Theme = iota
	Dark
)

// A paper is the colours of a theme.
type paper struct {
	back, text, muted, warn       string
	frame, frameLine              string // of accounts
	unit, unitLine                string // of organizational units
	outside                       string // the fill of frames outside the snapshot
	access, assume, enter, member string // of edges
	deny, escalate                string
	tints                         map[hue]tint
}

// A hue is a colour that both themes have a tint of.
type hue int

const (
	slate hue = iota
	red
	amber
	blue
	purple
	green
	bare // of what is not known
)

// A tint is how a hue fills and outlines.
type tint struct{ fill, line string }

var papers = [...]paper{
	Light: {
		back: "#FFFFFF", text: "#1A202C", muted: "#5B6B80", warn: "#B42318",
		frame: "#F8FAFC", frameLine: "#94A3B8", unit: "#FFFFFF", unitLine: "#C3CDDA", outside: "#FFFDF7",
		access: "#2F855A", assume: "#7B3FB5", enter: "#2B6CB0", member: "#94A3B8", deny: "#C53030", escalate: "#C2410C",
		tints: map[hue]tint{
			slate: {"#EDF1F5", "#64748B"}, red: {"#FDE2E1", "#C0392B"}, amber: {"#FFF3D6", "#B7791F"}, blue: {"#DCEBFB", "#2B6CB0"},
			purple: {"#EFE5FB", "#7B3FB5"}, green: {"#DDF3E4", "#2F855A"}, bare: {"#FFFFFF", "#94A3B8"},
		},
	},
	Dark: {
		back: "#0F172A", text: "#E8EDF5", muted: "#A3B1C6", warn: "#FDA29B",
		frame: "#162033", frameLine: "#52627A", unit: "#0F172A", unitLine: "#36455C", outside: "#211D14",
		access: "#4ADE80", assume: "#C99BFF", enter: "#7AB8FF", member: "#64748B", deny: "#F87171", escalate: "#FDBA74",
		tints: map[hue]tint{
			slate: {"#243245", "#A3B1C6"}, red: {"#4A1F1F", "#F87171"}, amber: {"#40320F", "#F5BD4F"}, blue: {"#17324F", "#7AB8FF"},
			purple: {"#33234D", "#C99BFF"}, green: {"#15382A", "#4ADE80"}, bare: {"#0F172A", "#94A3B8"},
		},
	},
}

// A nodeStyle is how nodes of a kind look: by colour, by shape, and by the sign that
// package glyph has for it.
type nodeStyle struct {
	kind, words, shape, style string
	hue                       hue
}

// nodeStyles lists the kinds in the order of the legend.
var nodeStyles = []nodeStyle{
	{"public", "public", "octagon", "filled", red},
	{"service", "service", "component", "filled", amber},
	{"provider", "identity provider", "note", "filled", amber},
	{"root", "account root", "house", "filled", blue},
	{"user", "user", "box", "rounded,filled", blue},
	{"group", "group", "tab", "filled", slate},
	{"role", "role", "box", "filled,diagonals", purple},
	{"account", "account", "folder", "filled", slate},
	{"unit", "organizational unit", "folder", "filled", slate},
	{"organization", "organization", "box3d", "filled", slate},
	{"resource", "resource", "cylinder", "filled", green},
	{"unknown", "not in the snapshot", "box", "dashed,filled", bare},
}

func styleOf(kind string) *nodeStyle {
	for i := range nodeStyles {
		if nodeStyles[i].kind == kind {
			return &nodeStyles[i]
		}
	}
	return &nodeStyles[len(nodeStyles)-1]
}

// An edgeStyle is how edges of a kind look. Dashes say that a condition is open.
type edgeStyle struct {
	words, arrow, width string
	color               func(*paper) string
}

// The styles of edges, in the order of the legend.
var (
	styleAssume = &edgeStyle{"becomes the role", "vee", "1.5", func(p *paper) string { return p.assume }}
	styleEnter  = &edgeStyle{"enters the account", "vee", "1.5", func(p *paper) string { return p.enter }}
	styleAccess = &edgeStyle{"reaches", "normal", "1.5", func(p *paper) string { return p.access }}
	styleMember = &edgeStyle{"belongs to", "none", "1", func(p *paper) string { return p.member }}
	styleClimb  = &edgeStyle{"escalates", "vee", "2", func(p *paper) string { return p.escalate }}
	styleDeny   = &edgeStyle{"denies", "tee", "2", func(p *paper) string { return p.deny }}
	styleCut    = &edgeStyle{"to be removed", "normal", "2.5", func(p *paper) string { return p.deny }}
	edgeStyles  = []*edgeStyle{styleAssume, styleEnter, styleAccess, styleMember, styleClimb, styleDeny, styleCut}
)

// glyphFill returns a fill that is hardly told from that of the node, and says which
// glyph belongs in a cell: DOT has no way to draw one, so who lays the picture out puts
// it there. The last digits of the green and the blue say it; no fill of a theme
// may end like that.
func glyphFill(fill string, g glyph.Glyph) string {
	const digits = "0123456789ABCDEF"
	b := []byte(fill)
	b[4], b[6] = digits[int(g)/16], digits[int(g)%16]
	return string(b)
}

// GlyphIn returns the glyph that belongs in a polygon of an SVG made of [DOT], by its
// fill; the polygon is that of a cell, and no outline is drawn around it.
func GlyphIn(fill string) (g glyph.Glyph, line string, ok bool) {
	for i := range papers {
		for _, t := range papers[i].tints {
			for g := glyph.None + 1; g <= glyph.Last; g++ {
				if strings.EqualFold(fill, glyphFill(t.fill, g)) {
					return g, t.line, true
				}
			}
		}
	}
	return glyph.None, "", false
}

// KindColor returns the colour of outlines of a kind of node on white paper.
func KindColor(kind string) string { return papers[Light].tints[styleOf(kind).hue].line }
