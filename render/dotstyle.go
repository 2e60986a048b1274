package render

import (
	"fmt"
	"slices"
	"strings"

	"pathfinder/graphmodel/guard"
	"pathfinder/solver"
)

// A nodeStyle is how nodes of a kind look.
type nodeStyle struct{ kind, shape, style, fill, line string }

// nodeStyles lists the kinds in the order of the legend.
var nodeStyles = []nodeStyle{
	{"public", "octagon", "filled", "#FDE2E1", "#C0392B"},
	{"service", "component", "filled", "#FFF3D6", "#B7791F"},
	{"provider", "note", "filled", "#FFF3D6", "#B7791F"},
	{"root", "house", "filled", "#DCEBFB", "#2B6CB0"},
	{"user", "box", "rounded,filled", "#DCEBFB", "#2B6CB0"},
	{"group", "tab", "filled", "#EDF1F5", "#64748B"},
	{"role", "hexagon", "filled", "#EFE5FB", "#7B3FB5"},
	{"account", "folder", "filled", "#EDF1F5", "#64748B"},
	{"unit", "folder", "filled", "#EDF1F5", "#64748B"},
	{"organization", "folder", "filled", "#EDF1F5", "#64748B"},
	{"resource", "cylinder", "filled", "#DDF3E4", "#2F855A"},
	{"unknown", "box", "dashed,filled", "#FFFFFF", "#94A3B8"},
}

func styleOf(kind string) nodeStyle {
	for _, s := range nodeStyles {
		if s.kind == kind {
			return s
		}
	}
	return nodeStyles[len(nodeStyles)-1]
}

// An edgeStyle is how edges of a kind look.
type edgeStyle struct{ color, style, width, words string }

// The styles of edges, in the order of the legend.
var (
	styleAccess      = edgeStyle{"#2F855A", "solid", "1.5", "reaches"}
	styleConditional = edgeStyle{"#B7791F", "dashed", "1.5", "reaches under a condition"}
	styleAssume      = edgeStyle{"#7B3FB5", "dashed", "1.5", "assumes the role"}
	styleMember      = edgeStyle{"#94A3B8", "solid", "0.8", "belongs to"}
	edgeStyles       = []edgeStyle{styleAssume, styleAccess, styleConditional, styleMember}
)

// isAssume reports whether an edge of this kind turns one principal into
// another.
func isAssume(kind string) bool { return strings.HasPrefix(kind, "assume") }

func edgeStyleOf(e *solver.GraphEdge) edgeStyle {
	switch {
	case isAssume(e.Kind):
		return styleAssume
	case e.Kind == "member-of" || e.Kind == "contains":
		return styleMember
	case len(e.Condition) > 0:
		return styleConditional
	}
	return styleAccess
}

// edgeLabels makes the labels of edges; it remembers which actions apply to
// which resource.
type edgeLabels struct{ names applicable }

// Sizes of labels in characters.
const (
	nodeLine   = 28
	nodeLines  = 3
	edgeLine   = 40
	edgeLines  = 5
	labelNames = 3
	titleLine  = 80
	titleLines = 3
)

// lines returns the label of an edge in a picture.
func (l *edgeLabels) lines(e *solver.GraphEdge) []string {
	if e.Kind == "member-of" || e.Kind == "contains" {
		return nil
	}
	what := l.what(e)
	var out []string
	if e.Cut {
		out = []string{"CUT"}
	}
	if what != "" {
		out = append(out, elide(wrap(Clean(what), edgeLine), edgeLines)...)
	}
	if keys := conditionKeys(e.Condition); len(keys) > 0 && !strings.Contains(what, " if ") {
		out = append(out, elide(wrap(Clean("if "+keyList(keys)), edgeLine), edgeLines)...)
	}
	return out
}

// table returns what an edge says in a table, where the condition has its own
// column.
func (l *edgeLabels) table(e *solver.GraphEdge) string {
	switch e.Kind {
	case "member-of":
		return "belongs to"
	case "contains":
		return "contains"
	}
	what, _, _ := strings.Cut(l.what(e), " if ")
	return Clean(what)
}

// what returns the solver's own label, or one made of the actions.
func (l *edgeLabels) what(e *solver.GraphEdge) string {
	switch {
	case isAssume(e.Kind):
		return assumeWords(e.Kind)
	case slices.ContainsFunc(e.Actions, isPattern):
		return joined(e.Actions)
	case len(e.Actions) > 0:
		if l.names == nil {
			l.names = applicable{}
		}
		return joined(Actions(e.Actions, l.names.of([]string{e.To, e.To + "/*"})))
	case e.Label != "":
		return e.Label
	}
	return e.Kind
}

// isPattern reports whether a statement's own words stand for an action.
func isPattern(action string) bool { return strings.ContainsAny(action, "*? ") }

// joined lists the first patterns and counts the others.
func joined(patterns []string) string {
	s := strings.Join(patterns[:min(labelNames, len(patterns))], ", ")
	if more := len(patterns) - labelNames; more > 0 {
		s += fmt.Sprintf(", +%d more", more)
	}
	return s
}

// assumeWords reads "assume-role-with-web-identity" aloud.
func assumeWords(kind string) string {
	how, ok := strings.CutPrefix(kind, "assume-role-with-")
	if !ok {
		return "assumes"
	}
	return "assumes with " + strings.ReplaceAll(how, "-", " ")
}

// conditionKeys lists the keys that a condition tests, shortened and sorted.
func conditionKeys(list guard.Blocks) []string {
	var keys []string
	for _, block := range list {
		for _, test := range block {
			keys = append(keys, shortKey(test.Key))
		}
	}
	slices.Sort(keys)
	return slices.Compact(keys)
}

// shortKey cuts the host of an identity provider: "token…:aud".
func shortKey(key string) string {
	host, name, _ := strings.Cut(key, ":")
	if first, rest, ok := strings.Cut(host, "."); ok && rest != "" {
		return first + "…:" + name
	}
	return key
}

func keyList(keys []string) string {
	s := strings.Join(keys[:min(2, len(keys))], ", ")
	if more := len(keys) - 2; more > 0 {
		s += fmt.Sprintf(", +%d more", more)
	}
	return s
}

// oneLine cleans a text and cuts it to one line.
func oneLine(s string) string { return elide(wrap(Clean(s), edgeLine), 1)[0] }

// elide keeps the first lines, and says when there were more.
func elide(lines []string, keep int) []string {
	if len(lines) <= keep {
		return lines
	}
	lines = slices.Clone(lines[:keep])
	lines[keep-1] += "…"
	return lines
}
