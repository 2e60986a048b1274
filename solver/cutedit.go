package solver

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"pathfinder/graphmodel/policy"
)

// maxEdits bounds the snapshots that are asked to find smaller changes, maxAgain the
// ways that are found again in all of them, and maxEditable the lists that are looked at.
const (
	maxEdits    = 96
	maxAgain    = 20_000
	maxEditable = 64
)

// editable are the elements out of which entries can be taken, those to be preferred
// first.
var editable = [...]string{"Principal", "Resource", "Action"}

// An editing finds smaller changes for the statements that a cut removes.
type editing struct {
	c    *cutter
	left map[grantKey]*policy.Statement // what stays of those that are decided
	// tries is how many snapshots more may be asked.
	tries int
}

// edits finds, for statements with whose removal something else is lost, entries of one
// of their lists that are enough to take out. Whoever gets a Deny (narrow) would need
// another one with it, so that nobody looks then.
func (c *cutter) edits(ans *CutAnswer, removed []*cutGrant) error {
	if slices.ContainsFunc(ans.Open, func(o CutOpen) bool { return o.Narrow != nil }) {
		return nil
	}
	e := &editing{c: c, left: map[grantKey]*policy.Statement{}, tries: min(maxEdits, maxAgain/max(1, len(c.base)))}
	found := map[int]*CutEdit{}
	var edited []*cutGrant
	for i, g := range removed {
		lost := lossSize(ans.Cut[i].Breaks)
		if len(g.stmts) != 1 || g.kind == TypeAttachment || lost == 0 {
			continue
		}
		edit, err := e.best(g, lost)
		if err != nil {
			return err
		}
		if edit != nil {
			found[i] = edit
			edited = append(edited, g)
		}
	}
	if len(edited) == 0 {
		return nil
	}
	// With other statements changed and not gone, less is lost by each.
	after, err := e.with(nil, nil)
	if err != nil {
		return err
	}
	_, gaps := c.ways(after)
	c.note(gaps)
	list, err := c.breakings(after.s, edited)
	for i, k := range slices.Sorted(maps.Keys(found)) {
		found[k].Breaks, found[k].Unseen = foldedLosses(list[i].lost), list[i].unseen
		ans.Cut[k].Instead = found[k]
	}
	return err
}

// best finds the change of one statement by which the least is lost, and less than a
// number of requests; nil if there is none.
func (e *editing) best(g *cutGrant, lost int) (best *CutEdit, err error) {
	for _, element := range editable {
		all := entriesOf(g.stmts[0], element)
		if len(all) < 2 || len(all) > maxEditable {
			continue
		}
		kept, err := e.keepable(g, element, all)
		if err != nil {
			return nil, err
		}
		if len(kept) == 0 {
			continue
		}
		st := onlyEntries(g.stmts[0], element, kept)
		after, err := e.with(g, st)
		if err != nil {
			return nil, err
		}
		list, err := e.c.breakings(after.s, []*cutGrant{g})
		if err != nil {
			return nil, err
		}
		if size := lossSize(foldedLosses(list[0].lost)); size < lost {
			lost = size
			gone := slices.DeleteFunc(all, func(text string) bool { return slices.Contains(kept, text) })
			best = &CutEdit{Element: element, Remove: gone, Statement: statementTexts([]*policy.Statement{st})[0]}
			best.Change = fmt.Sprintf("remove %s from the %s of %s in %s", quotedList(gone), element, g.ref().place(), g.document())
			e.left[g.grantKey] = st
		}
	}
	return best, nil
}

// keepable finds the entries that can stay while everything stays closed.
func (e *editing) keepable(g *cutGrant, element string, all []string) (kept []string, err error) {
	before := e.left[g.grantKey]
	delete(e.left, g.grantKey)
	defer func() {
		if before != nil {
			e.left[g.grantKey] = before
		}
	}()
	var try func(list []string) error
	try = func(list []string) error {
		if e.tries <= 0 {
			return nil
		}
		closed, err := e.closed(g, onlyEntries(g.stmts[0], element, slices.Concat(kept, list)))
		switch {
		case err != nil:
			return err
		case closed:
			kept = append(kept, list...)
			return nil
		case len(list) == 1:
			return nil
		}
		if err := try(list[:len(list)/2]); err != nil {
			return err
		}
		return try(list[len(list)/2:])
	}
	for _, half := range [][]string{all[:len(all)/2], all[len(all)/2:]} { // all of them do not: it has to go
		if err := try(half); err != nil {
			return nil, err
		}
	}
	return kept, nil
}

// with is the snapshot without what is removed, but for what stays of statements: of
// those that are decided, and of one more unless it is nil.
func (e *editing) with(g *cutGrant, st *policy.Statement) (*reduced, error) {
	left := maps.Clone(e.left)
	if g != nil {
		left[g.grantKey] = st
	}
	return e.c.leaving(e.c.removed, left, false)
}

// closed reports whether a part of a statement can stay: nobody has a way whose ways the
// removal closes, and nobody who is to be kept loses anything.
func (e *editing) closed(g *cutGrant, st *policy.Statement) (bool, error) {
	e.tries--
	c := e.c
	now, err := e.with(g, st)
	if err != nil {
		return false, err
	}
	list, _ := c.ways(now)
	return len(c.wanting(list)) == 0 && len(c.unlisted(now, c.wanting(c.base))) == 0 && len(c.losingIn(now.s)) == 0, nil
}

// lossSize counts the requests of losses, by principal, resource and action.
func lossSize(list []CutLoss) (n int) {
	for i := range list {
		l := &list[i]
		n += len(l.Principals) * len(l.Resources) * (len(l.Actions) + l.More)
	}
	return n
}

// entriesOf lists the different entries of an element; none where it is a list of
// exceptions, out of which nothing can be taken to allow less.
func entriesOf(st *policy.Statement, element string) (out []string) {
	switch {
	case element == "Principal" && !st.NotPrincipal:
		for i := range st.Principals {
			out = appendNew(out, st.Principals[i].Text)
		}
	case element == "Action" && !st.NotAction:
		for i := range st.Actions {
			out = appendNew(out, st.Actions[i].Text)
		}
	case element == "Resource" && !st.NotResource:
		for i := range st.Resources {
			out = appendNew(out, st.Resources[i].Text)
		}
	}
	return out
}

// onlyEntries is a statement with some entries of an element.
func onlyEntries(st *policy.Statement, element string, texts []string) *policy.Statement {
	out := *st
	switch element {
	case "Principal":
		out.Principals = slices.DeleteFunc(slices.Clone(st.Principals), func(p policy.Principal) bool { return !slices.Contains(texts, p.Text) })
	case "Action":
		out.Actions = slices.DeleteFunc(slices.Clone(st.Actions), func(a policy.Action) bool { return !slices.Contains(texts, a.Text) })
	case "Resource":
		out.Resources = slices.DeleteFunc(slices.Clone(st.Resources), func(r policy.ResourcePattern) bool { return !slices.Contains(texts, r.Text) })
	}
	return &out
}

func quotedList(list []string) string {
	quoted := make([]string, len(list))
	for i, text := range list {
		quoted[i] = fmt.Sprintf("%q", text)
	}
	return strings.Join(quoted, ", ")
}
