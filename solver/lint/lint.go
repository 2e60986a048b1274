package lint

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"pathfinder/graphmodel/catalog"
	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
)

// Options say what is known about a document.
type Options struct {
	File    string // the name that findings carry
	Policy  string // the name that findings carry, in a snapshot
	Account string // the account that the document belongs to; "" when unknown
	// Facts is where principals are looked up; nil when there is no snapshot.
	Facts *inventory.Inventory
}

// Document finds the mistakes of one document, by place.
func Document(doc *policy.Document, opts Options) []Finding {
	l := &linter{doc: doc, opts: opts, cat: catalog.Default(), places: doc.Places(), columns: newColumns(doc.Text()), told: map[ruleAt]int{}, entries: map[*policy.Statement][]int{}}
	for _, check := range checks {
		check(l)
	}
	sortFindings(l.out)
	return l.out
}

// checks are the steps. Later ones keep silent where an earlier one has said why
// already.
var checks = []func(*linter){
	(*linter).faults,
	(*linter).resources,
	(*linter).actions,
	(*linter).mismatches,
	(*linter).variables,
	(*linter).keys,
	(*linter).types,
	(*linter).values,
	(*linter).principals,
	(*linter).entrances,
	(*linter).carried,
	(*linter).sets,
	(*linter).strangers,
	(*linter).passRole,
	(*linter).externalID,
	(*linter).tokens,
}

// A linter looks at one document.
type linter struct {
	doc    *policy.Document
	opts   Options
	cat    *catalog.Catalog
	places *policy.Places
	columns
	out  []Finding
	told map[ruleAt]int // the first finding in out
	// entries number the entries of Principal elements among those of their type.
	entries map[*policy.Statement][]int
}

// A ruleAt is a rule and a pointer at or above which it has a finding.
type ruleAt struct{ rule, pointer string }

// A says is what a finding says besides its rule and place.
type says struct {
	message    string
	remedy     string // "" for that of the rule
	suggestion string
	severity   Severity
	milder     bool // severity counts instead of that of the rule
}

// report adds a finding about a statement, or about the document when st is nil.
func (l *linter) report(id string, st *policy.Statement, at policy.Place, s says) {
	rule := RuleOf(id)
	f := Finding{
		Rule: id, Severity: rule.Severity, Message: s.message, Remedy: rule.Remedy, Suggestion: s.suggestion,
		Place: Place{
			File: l.opts.File, Policy: l.opts.Policy, Type: l.doc.Kind.String(),
			Line: at.Line, Column: l.column(at), Pointer: at.Pointer,
		},
	}
	if s.milder {
		f.Severity = s.severity
	}
	switch {
	case s.remedy != "":
		f.Remedy = s.remedy
	case s.suggestion != "":
		f.Remedy = "write " + strconv.Quote(s.suggestion)
	}
	if st != nil {
		index := st.Index
		f.Statement, f.Sid = &index, st.Sid
	}
	l.out = append(l.out, f)
	for pointer := f.Pointer; ; pointer = pointer[:strings.LastIndexByte(pointer, '/')] {
		if at := (ruleAt{id, pointer}); !l.has(at) {
			l.told[at] = len(l.out) - 1
		}
		if !strings.Contains(pointer, "/") {
			break
		}
	}
}

// reported reports whether a rule has a finding at or below a pointer.
func (l *linter) reported(pointer string, ids ...string) bool {
	return slices.ContainsFunc(ids, func(id string) bool { return l.has(ruleAt{id, pointer}) })
}

func (l *linter) has(at ruleAt) bool {
	_, ok := l.told[at]
	return ok
}

// takeBack leaves out all findings but the first ones.
func (l *linter) takeBack(all int) {
	l.out = l.out[:all]
	maps.DeleteFunc(l.told, func(_ ruleAt, first int) bool { return first >= all })
}

// sound lists the statements that can be judged.
func (l *linter) sound() (out []*policy.Statement) {
	for _, st := range l.doc.Statements {
		if !st.Broken && st.Effect != policy.EffectInvalid {
			out = append(out, st)
		}
	}
	return out
}

// element returns the pointer of an element that may stand as NotElement.
func (l *linter) element(st *policy.Statement, name string, negated bool) string {
	if negated {
		name = "Not" + name
	}
	return l.places.Statement(st).Pointer + "/" + name
}

// quote shortens a text for a message.
func quote(s string) string {
	if len(s) > 120 {
		s = strings.ToValidUTF8(s[:117], "") + "..."
	}
	return strconv.Quote(s)
}

// nameOf names a statement in a message.
func nameOf(st *policy.Statement) string {
	if st.Sid != "" {
		return fmt.Sprintf("statement #%d %s", st.Index, quote(st.Sid))
	}
	return fmt.Sprintf("statement #%d", st.Index)
}

// namesOf names several statements.
func namesOf(list []*policy.Statement) string {
	names := make([]string, len(list))
	for i, st := range list {
		names[i] = strings.TrimPrefix(nameOf(st), "statement ")
	}
	switch len(names) {
	case 0:
		return "no statement"
	case 1:
		return "statement " + names[0]
	}
	return "statements " + strings.Join(names[:len(names)-1], ", ") + " and " + names[len(names)-1]
}
