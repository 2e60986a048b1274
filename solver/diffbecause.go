package solver

import (
	"slices"
	"strings"

	"pathfinder/graphmodel/permission"
	"pathfinder/graphmodel/policy"
)

// stops begins the type of a reference to a statement that denies on the other
// side, until a grant is written: what allows and what stops are traced together.
const stops = "stops "

// stopping marks statements as such that stop something.
func stopping(list []permission.Origin[StatementRef]) []permission.Origin[StatementRef] {
	out := slices.Clone(list)
	for i := range out {
		out[i].Of.Type = stops + out[i].Of.Type
	}
	return out
}

// parted tells the statements that allow from those that stop.
func (g *Grant) parted() {
	because := []StatementRef{}
	for _, r := range g.Because {
		kind, ok := strings.CutPrefix(r.Type, stops)
		if r.Type = kind; ok {
			g.Stopped = append(g.Stopped, r)
			continue
		}
		because = append(because, r)
	}
	g.Because = because
}

// An ofPolicy is a statement of a policy, wherever in it.
type ofPolicy struct{ policy, text string }

// addStatements notes the statements of a policy by their texts.
func (r *recorder) addStatements(to map[ofPolicy]bool, src *Source) {
	for _, st := range src.Doc.Statements {
		to[ofPolicy{src.Name, r.statement(st)}] = true
	}
}

// only lists the statements that a policy of the other side has not got.
func (r *recorder) only(theirs map[ofPolicy]bool, list []permission.Origin[StatementRef]) (out []permission.Origin[StatementRef]) {
	for _, o := range list {
		if st := o.Of.stmt; st != nil && !theirs[ofPolicy{o.Of.Policy, r.statement(st)}] {
			out = append(out, o)
		}
	}
	return out
}

// statement returns the text of a statement.
func (r *recorder) statement(st *policy.Statement) string {
	if text, ok := r.texts.Load(st); ok {
		return text.(string)
	}
	doc := policy.Document{Statements: []*policy.Statement{st}}
	text, err := doc.JSON()
	if err != nil {
		text = nil // what could not be read allows nothing
	}
	r.texts.Store(st, string(text))
	return string(text)
}
