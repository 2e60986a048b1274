package audit

import (
	"fmt"
	"slices"

	"pathfinder/graphmodel/policy"
	"pathfinder/solver"
)

// An opening says whether something that a guard denies is open where it is not in force.
type opening struct {
	may   bool
	such  string   // something that is open, in a sentence
	needs []string // what else has to be true, in words; none when it is certain
}

// opens decides what is open of what a guard denies where a chain of policies is in
// force: nothing, if these deny it as well, or do not allow it.
func (g *guarding) opens(c *chain, guard *policy.Document) opening {
	key := fmt.Sprintf("%p", guard)
	own := tellsAccounts(guard)
	for _, level := range c.levels {
		key += "/"
		for _, pol := range level {
			key += fmt.Sprintf("%p", pol.Doc)
			own = own || tellsAccounts(pol.Doc)
		}
	}
	if own {
		key += c.account
	}
	o, known := g.open[key]
	if !known {
		o = g.compare(c, guard)
		g.open[key] = o
	}
	return o
}

// compare asks whether the guard would take anything away. What is denied on one level is
// denied; what is allowed has to be on each. Policies say what one level allows alone, so
// where more than one allows less than everything, each is asked about by itself: what one
// of them leaves nothing of is shut, and what all of them leave something of may be open.
func (g *guarding) compare(c *chain, guard *policy.Document) opening {
	damaged := guard.Damaged()
	known := g.knownOf(c.account)
	of := func(doc *policy.Document, effect policy.Effect) []*policy.Statement {
		return narrowed(statements(doc, effect), known)
	}
	var denies []*policy.Statement
	var allows [][]*policy.Statement // of the levels that do not allow everything
	everything := []*policy.Statement{}
	for _, level := range c.levels {
		var allow []*policy.Statement
		for _, pol := range level {
			damaged = damaged || pol.Doc.Damaged()
			denies, allow = append(denies, of(pol.Doc, policy.Deny)...), append(allow, of(pol.Doc, policy.Allow)...)
		}
		if i := slices.IndexFunc(allow, allowsAll); i >= 0 {
			everything = allow[i : i+1]
		} else {
			allows = append(allows, allow)
		}
	}
	if len(allows) == 0 || g.kind == policy.RCP { // these only deny (E116)
		allows = [][]*policy.Statement{everything}
	}
	out := opening{may: true}
	for _, allow := range allows {
		before := &policy.Document{Kind: g.kind, Version: policy.Version2012, Statements: slices.Concat(allow, denies)}
		after := &policy.Document{Kind: g.kind, Version: policy.Version2012, Statements: slices.Concat(before.Statements, of(guard, policy.Deny))}
		ans, err := solver.Compare(before, after, "")
		switch {
		case err != nil || !ans.OldPermitsMore && !ans.Exact:
			out.needs = append(out.needs, "nothing that is in force denies the same")
		case !ans.OldPermitsMore:
			if !guard.Damaged() {
				return opening{}
			}
		default:
			out.such = fmt.Sprintf("%s on %s is open, for one.", ans.WitnessOld.Action, ans.WitnessOld.Resource)
			out.needs = append(out.needs, ans.WitnessOld.If...)
		}
	}
	if len(allows) > 1 {
		out.needs = append(out.needs, "the control policies of all levels allow the same of it")
	}
	if damaged {
		out.needs = append(out.needs, "what could not be read of the policies denies nothing more")
	}
	slices.Sort(out.needs)
	out.needs = slices.Compact(out.needs)
	return out
}

// statements lists those of a document that allow, or deny.
func statements(doc *policy.Document, effect policy.Effect) (out []*policy.Statement) {
	for _, st := range doc.Statements {
		if st.Effect == effect && !st.Broken {
			out = append(out, st)
		}
	}
	return out
}

// allowsAll reports whether a statement allows everything.
func allowsAll(st *policy.Statement) bool {
	return !st.NotAction && !st.NotResource && len(st.Conditions) == 0 &&
		slices.ContainsFunc(st.Actions, func(p policy.Action) bool { return p.All() }) &&
		slices.ContainsFunc(st.Resources, func(r policy.ResourcePattern) bool { return r.Text == "*" })
}
