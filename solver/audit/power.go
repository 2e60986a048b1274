package audit

import (
	"cmp"
	"fmt"
	"runtime"
	"slices"
	"strings"

	"pathfinder/graphmodel/arn"
	"pathfinder/graphmodel/guard"
	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
	"pathfinder/solver"
	"pathfinder/solver/internal/parallel"
)

// A spread is the statements of one policy, under one condition, that open all data of
// stores as far as they alone say. What data it is belongs to what a finding is about.
type spread struct {
	statements []*policy.Statement
	when       string    // the condition
	data       []string  // "read S3", "write SQS" …; "destroy S3" where it does not write that
	holdings   []holding // that it is in, as stores come
}

// wildcards looks for statements that open all data of a service: one finding for each
// policy and condition in each account.
func (a *auditor) wildcards() []Finding {
	admins, found := a.admins(), make([][]Finding, len(a.Inventory.Accounts))
	parallel.Each(runtime.GOMAXPROCS(0), len(found), func(i int) { found[i] = a.wildcardsIn(a.Inventory.Accounts[i], admins) })
	return slices.Concat(found...)
}

func (a *auditor) wildcardsIn(acct *inventory.Account, admins map[string]bool) (out []Finding) {
	spreads, regions := map[*policy.Document][]spread{}, newRegions(acct)
	by, others := map[string]*Finding{}, map[string]int{}
	var ids []string
	for _, p := range acct.Principals() {
		if admins[p.ARN] || strings.HasPrefix(p.Path, "/aws-service-role/") {
			continue
		}
		for owner, pol := range policiesOf(p) {
			list, known := spreads[pol.Doc]
			if !known {
				list = spreadsOf(pol.Doc, acct)
				spreads[pol.Doc] = list
			}
			for i := range list {
				label := pol.Label(owner)
				id := identify("wildcard-data-access", slices.Concat([]string{acct.ID, label, list[i].when}, list[i].data)...) // policies of AWS are in many accounts
				if f := by[id]; f != nil {
					if others[id]++; len(f.Others) < maxOthers {
						f.Others = append(f.Others, p.ARN)
					}
					continue
				}
				if f := a.wildcard(p, label, &list[i], regions); f != nil {
					f.ID, by[id] = id, f
					ids = append(ids, id)
				}
			}
		}
	}
	for _, id := range ids {
		f := by[id]
		if n := others[id]; n > 0 {
			f.Title += fmt.Sprintf(", and so can %d more", n)
			if byAWS(f.Remedy.Policy) {
				f.Remedy.Text += " Do the same for the others."
			}
		}
		out = append(out, *f)
	}
	return out
}

// policiesOf yields the policies on a principal and its groups, by what they hang on.
func policiesOf(p *inventory.Principal) func(yield func(string, *inventory.Policy) bool) {
	return func(yield func(string, *inventory.Policy) bool) {
		each := func(owner string, lists ...[]*inventory.Policy) bool {
			for _, pol := range slices.Concat(lists...) {
				if !yield(owner, pol) {
					return false
				}
			}
			return true
		}
		if !each(p.ARN, p.Inline, p.Attached) {
			return
		}
		for _, g := range p.Groups {
			if !each(g.ARN, g.Inline, g.Attached) {
				return
			}
		}
	}
}

// spreadsOf lists what a policy opens of the stores of an account.
func spreadsOf(doc *policy.Document, acct *inventory.Account) (out []spread) {
	at := map[string]int{} // by condition
	for _, st := range doc.Statements {
		if st.Effect != policy.Allow || st.Broken {
			continue
		}
		for _, of := range holdingsOf(st, acct) {
			for _, do := range []struct {
				what  string
				calls []string
			}{{"read ", of.reads}, {"write ", of.writes}, {"destroy ", of.destroys}} {
				if !slices.ContainsFunc(do.calls, func(call string) bool { return matches(st, call) }) {
					continue
				}
				when := conditionText(st)
				n, known := at[when]
				if !known {
					n = len(out)
					at[when], out = n, append(out, spread{when: when})
				}
				s := &out[n]
				if !slices.Contains(s.statements, st) {
					s.statements = append(s.statements, st)
				}
				if what := do.what + of.String(); !slices.Contains(s.data, what) {
					s.data = append(s.data, what)
				}
				if !slices.Contains(s.holdings, of) {
					s.holdings = append(s.holdings, of)
				}
			}
		}
	}
	for i := range out {
		s := &out[i]
		s.data = slices.DeleteFunc(s.data, func(what string) bool { // who writes over data destroys it
			of, ok := strings.CutPrefix(what, "destroy ")
			return ok && slices.Contains(s.data, "write "+of)
		})
		slices.Sort(s.data) // in whatever order the statements stand
		slices.SortFunc(s.holdings, func(x, y holding) int {
			place := func(h holding) int { return slices.IndexFunc(stores, func(s store) bool { return s.name == h.name }) }
			return cmp.Or(cmp.Compare(place(x), place(y)), strings.Compare(x.region, y.region))
		})
	}
	return out
}

func holdingsOf(st *policy.Statement, acct *inventory.Account) (out []holding) {
	for i := range stores {
		out = append(out, stores[i].holdingsIn(st, acct)...)
	}
	return out
}

// conditionText writes the condition of a statement, in whatever order it was written.
func conditionText(st *policy.Statement) string {
	lines := make([]string, len(st.Conditions))
	for i := range st.Conditions {
		c := &st.Conditions[i]
		lines[i] = c.Operator.String() + " " + c.LowerKey() + " " + strings.Join(slices.Sorted(slices.Values(c.Values)), " ")
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

// coversAll reports whether a statement is about all of some things, or lists exceptions
// that leave some of them in.
func coversAll(st *policy.Statement, things string) bool {
	return st.NotResource != slices.ContainsFunc(st.Resources, func(r policy.ResourcePattern) bool {
		return arn.Covers(arn.NewGlob(r.Text), arn.NewGlob(things))
	})
}

func matches(st *policy.Statement, action string) bool {
	service, name, _ := strings.Cut(strings.ToLower(action), ":")
	return st.MatchAction(service, name)
}

// A yield is what a spread comes to for one principal, for certain and if a condition holds.
type yield struct {
	sure, maybe doings
	open, met   guard.Blocks // the first condition, and the last that callers choose to meet
	secret      bool         // what may be read is what matters most
	because     []solver.StatementRef
}

// doings are stores that somebody may read, write, and destroy.
type doings struct{ reads, writes, destroys []string }

func (d *doings) none() bool { return len(d.reads)+len(d.writes)+len(d.destroys) == 0 }

// String lists them for a detail.
func (d *doings) String() string {
	out := fmt.Sprintf("reading: %s; writing: %s", listed(d.reads), listed(d.writes))
	if len(d.destroys) > 0 {
		out += "; destroying: " + listed(d.destroys)
	}
	return out
}

// worst says what a title tells of.
func (d *doings) worst() string {
	switch {
	case len(d.reads) > 0:
		return "read all of " + strings.Join(d.reads, ", ")
	case len(d.writes) > 0:
		return "write all of " + strings.Join(d.writes, ", ")
	}
	return "destroy all of " + strings.Join(d.destroys, ", ")
}

// yieldOf asks what a spread comes to for a principal.
func (a *auditor) yieldOf(p *inventory.Principal, label string, s *spread, regions *regions) (y yield) {
	mine := func(r solver.StatementRef) bool {
		return r.Policy == label && slices.ContainsFunc(s.statements, func(st *policy.Statement) bool { return st.Index == r.Statement })
	}
	ask := func(of holding, calls []string) (some, sure bool) {
		pattern, ones := of.in(p.Account), of.ones(p.Account) // not what a boundary or a Deny leaves of all
		if !regions.toldFor(p) {
			ones = ones[:1]
		}
		for _, call := range calls {
			if !slices.ContainsFunc(s.statements, func(st *policy.Statement) bool { return coversAll(st, pattern) && matches(st, call) }) {
				continue
			}
			for _, one := range ones {
				does, when, because := a.Solver.Anywhere(p, call, one)
				because = slices.DeleteFunc(slices.Clone(because), func(r solver.StatementRef) bool { return !mine(r) })
				if when, all := ofAll(when); does && all && len(because) > 0 {
					y.because = mergeRefs(y.because, []solver.Grant{{Because: because}})
					if len(when) == 0 {
						return true, true
					}
					if metBy(when, inSomeRegion) {
						y.met = when
						return true, true
					}
					some = true
					if y.open == nil {
						y.open = when
					}
				}
			}
		}
		return some, false
	}
	note := func(name string, may, sure bool, certain, open *[]string) {
		if sure {
			*certain = append(*certain, name)
		} else if may {
			*open = append(*open, name)
		}
	}
	for _, of := range s.holdings {
		may, sure := ask(of, of.reads)
		note(of.String(), may, sure, &y.sure.reads, &y.maybe.reads)
		y.secret = y.secret || may && of.wholeAccount
		may, sure = ask(of, of.writes)
		note(of.String(), may, sure, &y.sure.writes, &y.maybe.writes)
		may, sure = ask(of, of.destroys)
		note(of.String(), may, sure, &y.sure.destroys, &y.maybe.destroys)
	}
	return y
}

// inSomeRegion reports whether a test asks for a region: whoever asks there has all that is
// there.
func inSomeRegion(t *guard.Test) bool { return strings.EqualFold(t.Key, "aws:RequestedRegion") }

// ofAll leaves of a condition the alternatives that are not about some of the data alone, such
// as what is tagged so; and whether there are any.
func ofAll(when guard.Blocks) (left guard.Blocks, all bool) {
	left = slices.DeleteFunc(slices.Clone(when), func(b guard.Block) bool { return slices.ContainsFunc(b, ofSome) })
	return left, len(left) > 0 || len(when) == 0
}

// ofSome reports whether a test leaves nothing but data of some tag, or of some keys.
func ofSome(t guard.Test) bool {
	_, name, _ := strings.Cut(strings.ToLower(t.Key), ":")
	op, known := policy.ParseOperator(t.Operator)
	switch {
	case !known || op.Negated() || !strings.HasPrefix(name, "resourcetag/") && !strings.HasPrefix(name, "existingobjecttag/") && name != "leadingkeys":
		return false
	case op.IsNull():
		return slices.Contains(t.Values, "false")
	}
	return !op.IfExists
}

// wildcard makes the finding of what a spread comes to for a principal; nil for nothing.
func (a *auditor) wildcard(p *inventory.Principal, label string, s *spread, regions *regions) *Finding {
	y := a.yieldOf(p, label, s, regions)
	f := &Finding{
		Kind: "wildcard-data-access", Severity: Low, Reason: "all data of a service can be read or written", Certain: Certain, Account: p.Account.ID,
		Principal: p.ARN, Resource: "*",
		Remedy: narrow(p, label, s.statements[0].Index, "Name the buckets, tables, secrets and the like that are needed in place of \"*\".",
			"the buckets, tables, secrets and the like that are needed"),
	}
	more := ""
	switch {
	case !y.sure.none():
		f.Condition = y.met
		if !y.maybe.none() {
			more = fmt.Sprintf(" If %s, also: %s.", y.open, &y.maybe)
		}
	case !y.maybe.none():
		f.Certain, f.Condition, y.sure = Possible, y.open, y.maybe
	default:
		return nil
	}
	switch {
	case y.secret:
		f.Severity, f.Reason = Medium, "all objects or secrets of the account can be read"
	case len(y.sure.reads)+len(y.sure.writes) == 0:
		f.Reason = "all data of a service can be destroyed"
	}
	what := y.sure.worst()
	on := "every resource"
	if !slices.ContainsFunc(s.holdings, func(h holding) bool { return h.region == "*" }) {
		on = "everything of the regions that it names"
	}
	if f.Certain == Certain && slices.ContainsFunc(y.met, func(b guard.Block) bool {
		return slices.ContainsFunc(b, func(t guard.Test) bool { return inSomeRegion(&t) })
	}) {
		on = "everything in the regions that conditions leave"
	}
	if slices.ContainsFunc(s.statements, func(st *policy.Statement) bool { return st.NotResource }) {
		on, what = "every resource but those that it excepts", what+", but what is excepted"
	}
	f.Title, f.Statements = fmt.Sprintf("%s can %s", nameOf(p), what), y.because
	var numbers []string
	for _, st := range s.statements {
		numbers = append(numbers, fmt.Sprint(st.Index))
	}
	allows := "allows"
	if len(numbers) > 1 {
		allows = "allow"
	}
	f.Detail = fmt.Sprintf("%s %s of %s %s it on %s; %s.", many(len(numbers), "Statement"),
		strings.Join(numbers, ", "), label, allows, on, &y.sure) + more
	return f
}

func listed(names []string) string { return cmp.Or(strings.Join(names, ", "), "nothing") }
