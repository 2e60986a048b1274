package export

import (
	"fmt"
	"strings"

	"pathfinder/render/view"
)

// A value is what a property holds: text, a number, a truth, or texts.
type value any

// A property is a named value of a node or an edge.
type property struct {
	name  string
	value value // string, int, bool or []string
}

// nodeProperties lists what is to be said of a node beside its id. Every node has
// the same ones, in the same order.
func nodeProperties(n *view.Node) []property {
	return []property{
		{"kind", n.Kind},
		{"type", n.Type},
		{"label", n.Label},
		{"account", n.Account},
		{"frame", n.Frame},
		{"members", n.Members},
		{"lines", n.Lines},
		{"denies", n.Denies},
		{"count", n.Count()},
		{"external", n.External},
		{"focus", n.Focus},
		{"cycle", n.Cycle},
	}
}

// edgeProperties lists what is to be said of an edge beside its ends.
func edgeProperties(e *view.Edge) []property {
	condition := ""
	if len(e.Condition) > 0 {
		b, err := e.Condition.MarshalJSON()
		if err == nil {
			condition = string(b)
		}
	}
	var because []string
	for _, r := range e.Because {
		s := fmt.Sprintf("%s %s statement %d", r.Policy, r.Type, r.Statement)
		if r.Sid != "" {
			s += " " + r.Sid
		}
		because = append(because, s)
	}
	return []property{
		{"kind", e.Kind},
		{"actions", e.Actions},
		{"label", e.Label},
		{"condition", condition},
		{"because", because},
		{"count", e.Count},
		{"weight", e.Weight},
		{"some", e.Some},
		{"open", e.Open},
		{"cut", e.Cut},
		{"deny", e.Deny},
	}
}

// oneText writes a value as one text, the texts of a list apart by blanks.
func oneText(v value) string {
	switch x := v.(type) {
	case string:
		return x
	case []string:
		return strings.Join(x, " ")
	}
	return fmt.Sprint(v)
}

// valid is for JSON, which holds every text that is UTF-8.
func valid(s string) string { return strings.ToValidUTF8(s, "\uFFFD") }

// frameLine names the frames around a node from the outermost.
func frameLine(v *view.View) map[string]string {
	out := map[string]string{}
	for i := range v.Frames { // parents stand before what lies in them
		f := &v.Frames[i]
		out[f.ID] = f.Label
		if up := out[f.Parent]; up != "" {
			out[f.ID] = up + " / " + f.Label
		}
	}
	return out
}
