package render

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"pathfinder/graphmodel/arn"
	"pathfinder/graphmodel/catalog"
	"pathfinder/graphmodel/guard"
	"pathfinder/render/glyph"
	"pathfinder/render/view"
)

// Sizes of labels in characters and lines.
const (
	nodeLine   = 28
	nodeLines  = 3
	edgeLine   = 40
	edgeLines  = 5
	labelNames = 3
	titleLine  = 90
	titleLines = 3
	noteLine   = 130
	maxTip     = 2000 // of a tooltip
)

// shorten cleans a text and cuts it to the length of a tooltip.
func shorten(s string) string {
	s = Clean(s)
	if len(s) <= maxTip {
		return s
	}
	return strings.ToValidUTF8(s[:maxTip], "") + "…"
}

// nodeLabel is a table: the glyph, and beside it the kind, the name, or the names of
// the first that the node stands for, and what else is to be said.
func (d *dot) nodeLabel(n *view.Node, t tint) string {
	rows := []string{fmt.Sprintf(`<FONT POINT-SIZE="9" COLOR="%s">%s</FONT>`, d.paper.muted, markup(oneLine(kindLine(n))))}
	for _, line := range d.nodeText(n) {
		rows = append(rows, "<B>"+markup(line)+"</B>")
	}
	left := maxLines
	for _, lines := range []struct {
		texts []string
		color string
		bold  bool
	}{{n.Lines, d.paper.text, false}, {n.Denies, d.paper.deny, true}} {
		for _, line := range lines.texts[:min(left, len(lines.texts))] {
			text := small(oneLine(line), lines.color)
			if lines.bold { // for who sees no red
				text = "<B>" + text + "</B>"
			}
			rows = append(rows, text)
			left--
		}
	}
	if more := len(n.Lines) + len(n.Denies) - maxLines; more > 0 {
		rows = append(rows, small(fmt.Sprintf("and %d more", more), d.paper.muted))
	}
	var b strings.Builder
	b.WriteString(`<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="1">`)
	for i, row := range rows {
		b.WriteString("<TR>")
		if g := glyph.Of(n.Kind, n.Type); i == 0 && g != glyph.None {
			b.WriteString(glyphCell(t, g, len(rows)) + fmt.Sprintf(`<TD ROWSPAN="%d" WIDTH="4"></TD>`, len(rows)))
		}
		b.WriteString(`<TD ALIGN="LEFT">` + row + "</TD></TR>")
	}
	b.WriteString("</TABLE>")
	return b.String()
}

// maxLines is how many further lines a node shows.
const maxLines = 6

// kindLine says what a node is: "S3 Bucket", "12 roles", "SQS Queue eu-west-1".
func kindLine(n *view.Node) string {
	kind := styleOf(n.Kind).words
	if styleOf(n.Kind).kind != n.Kind {
		kind = n.Kind
	}
	if n.Type != "" {
		kind = strings.ReplaceAll(strings.TrimPrefix(n.Type, "AWS::"), "::", " ")
	}
	if c := n.Count(); c > 1 {
		return fmt.Sprintf("%d %s", c, pluralOf(kind))
	}
	if region := arn.Region(n.ID); region != "" {
		kind += " " + region
	}
	return kind
}

// pluralOf returns the plural of a kind of node.
func pluralOf(kind string) string {
	stem, y := strings.CutSuffix(kind, "y")
	switch {
	case kind == "public" || strings.HasSuffix(kind, "s"):
		return kind
	case y && !strings.HasSuffix(stem, "e") && !strings.HasSuffix(stem, "a"):
		return stem + "ies"
	}
	return kind + "s"
}

// nodeText is the name of a node in a few lines; of one that stands for several, the
// name that all have, or the names of the first.
func (d *dot) nodeText(n *view.Node) []string {
	if len(n.Members) > 0 && n.Label == "" {
		var lines []string
		names := d.memberNames(n)
		show := labelNames
		if len(names) == labelNames+1 {
			show++ // in the place of "and 1 more"
		}
		for _, name := range names[:min(show, len(names))] {
			lines = append(lines, cutTo(name, nodeLine))
		}
		if more := len(names) - show; more > 0 {
			lines = append(lines, fmt.Sprintf("and %d more", more))
		}
		return lines
	}
	return elide(wrap(Clean(cmp.Or(n.Label, d.short(n.ID).name)), nodeLine), nodeLines)
}

// memberNames lists the names of those that a node stands for.
func (d *dot) memberNames(n *view.Node) (names []string) {
	for _, id := range n.Members {
		name := d.short(id).name
		if _, after, ok := strings.Cut(name, "/"); ok && (n.Kind == "role" || n.Kind == "user") {
			name = after
		}
		if _, after, ok := strings.Cut(arn.Resource(id), ":"); ok && n.Kind == "resource" {
			name = after
		}
		if n.Kind == "account" {
			id = cmp.Or(arn.Account(id), id)
			name = cmp.Or(d.Accounts[id], id)
		}
		names = append(names, Clean(name))
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func edgeStyleOf(e *view.Edge) *edgeStyle {
	switch {
	case e.Cut:
		return styleCut
	case e.Deny:
		return styleDeny
	case view.IsAssume(e.Kind):
		return styleAssume
	case e.Kind == "enters":
		return styleEnter
	case e.Kind == "escalation":
		return styleClimb
	case e.Kind == "member-of" || e.Kind == "contains":
		return styleMember
	}
	return styleAccess
}

// edge writes an edge.
func (d *dot) edge(e *view.Edge) {
	s := edgeStyleOf(e)
	color, style, width := s.color(d.paper), "solid", s.width
	if e.Conditional() {
		style = "dashed"
	}
	if e.Weight > 0 {
		width = fmt.Sprintf("%.1f", 1+0.7*float64(len(fmt.Sprint(e.Weight))))
	}
	d.printf("  %s -> %s [", quoted(d.names[e.From]), quoted(d.names[e.To]))
	if lines := d.labels.lines(e, d.at[e.To].IDs()); len(lines) > 0 {
		d.printf("label=%s, fontcolor=%q, ", quoted(" "+strings.Join(lines, " \n ")+" "), color)
	}
	d.printf("color=%q, style=%s, arrowhead=%s, penwidth=%s, tooltip=%s];\n", color, style, s.arrow, width, quoted(d.tip(e)))
}

// edgeLabels makes the labels of edges; it remembers which actions apply to
// which resource.
type edgeLabels struct{ names applicable }

// lines returns the label of an edge in a picture. to are the ids of what it reaches.
func (l *edgeLabels) lines(e *view.Edge, to []string) []string {
	if e.Kind == "member-of" || e.Kind == "contains" {
		return nil
	}
	var out []string
	add := func(s string) { out = append(out, elide(wrap(Clean(s), edgeLine), edgeLines)...) }
	if e.Cut {
		add("CUT")
	}
	what := l.what(e.Kind, e.Label, e.Actions, to[:min(labelNames, len(to))])
	if e.Weight > 0 {
		add(weighed(e))
	}
	if e.Some && e.Count > 1 && e.Weight == 0 {
		what += fmt.Sprintf(" ×%d", e.Count)
	}
	if what != "" {
		add(what)
	}
	if keys := conditionKeys(e.Condition); len(keys) > 0 && !strings.Contains(what, " if ") {
		add("if " + keyList(keys))
	}
	if e.Open && len(e.Condition) == 0 {
		add("under a condition")
	}
	return out
}

// weighed says how many principals an edge between accounts lets through.
func weighed(e *view.Edge) string {
	s := fmt.Sprintf("%d %s", e.Weight, plural(e.Weight, "principal"))
	if e.Count > 1 {
		return "up to " + s
	}
	return s
}

// what returns the solver's own label, or one made of the actions.
func (l *edgeLabels) what(kind, label string, actions, to []string) string {
	switch {
	case view.IsAssume(kind):
		return assumeWords(kind)
	case slices.ContainsFunc(actions, isPattern):
		return joined(actions)
	case len(actions) > 0:
		if l.names == nil {
			l.names = applicable{}
		}
		var on []string
		for _, id := range to {
			on = append(on, id, id+"/*")
		}
		if patterns := Actions(actions, l.names.of(on)); len(patterns) <= labelNames {
			return joined(patterns)
		}
		return levels(actions)
	case label != "":
		return label
	}
	return kind
}

const allLevels = catalog.AccessList | catalog.AccessPermissions | catalog.AccessRead | catalog.AccessTagging | catalog.AccessWrite

// levels says how far many actions go: "List, Read, Write: 22 actions".
func levels(actions []string) string {
	var found catalog.AccessLevel
	for _, name := range actions {
		if a, ok := catalog.Default().Action(name); ok {
			found |= a.Access
		}
	}
	if found == 0 {
		return joined(actions)
	}
	if found == allLevels {
		return fmt.Sprintf("every level: %d actions", len(actions))
	}
	return fmt.Sprintf("%s: %d actions", found, len(actions))
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

// maxActions is how many actions the tooltip of an edge lists.
const maxActions = 40

// tip is what a viewer shows for an edge: everything it lets through.
func (d *dot) tip(e *view.Edge) string {
	s := e.From + " → " + e.To + ": " + e.Kind
	if n := len(e.Actions); n > 0 {
		s += ": " + strings.Join(e.Actions[:min(n, maxActions)], ", ")
		if n > maxActions {
			s += fmt.Sprintf(" and %d more", n-maxActions)
		}
	}
	if len(e.Condition) > 0 {
		s += ", if " + e.Condition.String()
	}
	if e.Some {
		s += " (some, not each)"
	}
	if e.Count > 1 {
		s += fmt.Sprintf(" (stands for %d)", e.Count)
	}
	return shorten(s)
}

// oneLine cleans a text and cuts it to one line.
func oneLine(s string) string { return elide(wrap(Clean(s), edgeLine), 1)[0] }

// cutTo cuts a clean text to some letters.
func cutTo(s string, letters int) string {
	if r := []rune(s); len(r) > letters {
		return string(r[:letters-1]) + "…"
	}
	return s
}

// elide keeps the first lines, and says when there were more.
func elide(lines []string, keep int) []string {
	if len(lines) <= keep {
		return lines
	}
	lines = slices.Clone(lines[:keep])
	lines[keep-1] += "…"
	return lines
}
