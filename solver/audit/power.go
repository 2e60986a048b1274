package audit

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"pathfinder/graphmodel/arn"
	"pathfinder/graphmodel/guard"
	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
	"pathfinder/solver"
)

// A store is a service that holds data, with the calls that read what is in one thing and
// those that change it, and the ARN of any of its things: of a partition, region and account.
type store struct {
	name         string
	reads        []string
	writes       []string
	things       string
	wholeAccount bool // reading it opens what an account protects most
}

// stores are services that hold data. Where a thing's region and account are not in its
// ARN, the pattern has none.
var stores = []store{
	// An object without versions is read as the version "null", too.
	{"S3", []string{"s3:GetObject", "s3:GetObjectVersion"}, []string{"s3:PutObject"}, "arn:%[1]s:s3:::*/*", true},
	{
		"DynamoDB",
		[]string{"dynamodb:Scan", "dynamodb:Query", "dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:PartiQLSelect"},
		[]string{"dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:BatchWriteItem", "dynamodb:PartiQLInsert", "dynamodb:PartiQLUpdate"},
		"arn:%[1]s:dynamodb:%[2]s:%[3]s:table/*", false,
	},
	{
		"Secrets Manager",
		[]string{"secretsmanager:GetSecretValue"},
		[]string{"secretsmanager:PutSecretValue", "secretsmanager:UpdateSecret"},
		"arn:%[1]s:secretsmanager:%[2]s:%[3]s:secret:*", true,
	},
	{
		"Systems Manager parameters",
		[]string{"ssm:GetParameter", "ssm:GetParameters", "ssm:GetParametersByPath", "ssm:GetParameterHistory"},
		[]string{"ssm:PutParameter"},
		"arn:%[1]s:ssm:%[2]s:%[3]s:parameter/*", false,
	},
	{"SQS", []string{"sqs:ReceiveMessage"}, []string{"sqs:SendMessage"}, "arn:%[1]s:sqs:%[2]s:%[3]s:*", false},
}

// A holding is what an account has in a store: in all regions, or in those that a pattern
// matches.
type holding struct {
	*store
	region string // "*" for all
}

// in returns the pattern of all things of a holding of an account.
func (h holding) in(a *inventory.Account) string {
	text := fmt.Sprintf(h.things, a.Partition, h.region, a.ID)
	text, _, _ = strings.Cut(text, "%!") // what the ARN has no place for
	return text
}

// unnamed is what a thing is called that no policy means: who may read it may read all but
// what policies name.
const unnamed = "one-that-no-policy-means"

// ones returns the ARN of a thing of a holding that policies do not mean: in any region of it,
// which has as many letters as names of regions do, as "*" would match more than a region.
func (h holding) ones(a *inventory.Account) (out []string) {
	for _, letters := range []int{9, 12, 14, 10, 13, 11} {
		before, after, more := strings.Cut(h.region, "*")
		after = strings.ReplaceAll(after, "*", "")
		in := holding{h.store, before + strings.Repeat("?", max(0, letters-len(before)-len(after))) + after}
		parts := strings.SplitN(in.in(a), ":", 6)
		parts[5] = strings.ReplaceAll(parts[5], "*", unnamed)
		if out = append(out, strings.Join(parts, ":")); !more || parts[3] == "" {
			break
		}
	}
	return out
}

// String is how findings call it.
func (h holding) String() string {
	if h.region == "*" {
		return h.name
	}
	return h.name + " in " + h.region
}

// holdingsIn lists what a statement may open all of in a store: everything, or else what is
// in the regions that it names. Accounts have their data in one region or two.
func (s *store) holdingsIn(st *policy.Statement, acct *inventory.Account) (out []holding) {
	if all := (holding{s, "*"}); coversAll(st, all.in(acct)) {
		return []holding{all}
	}
	if st.NotResource || !strings.Contains(s.things, "%[2]s") {
		return nil
	}
	for _, r := range st.Resources {
		part := holding{s, arn.Region(r.Text)}
		if part.region != "" && !slices.Contains(out, part) && coversAll(st, part.in(acct)) {
			out = append(out, part)
		}
	}
	return out
}

// A spread is the statements of one policy, under one condition, that open all data of
// stores as far as they alone say. What data it is belongs to what a finding is about.
type spread struct {
	statements []*policy.Statement
	when       string    // the condition
	data       []string  // "read S3", "write SQS" …
	holdings   []holding // that it is in, as stores come
}

// wildcards looks for statements that open all data of a service: one finding for each
// policy and condition in each account.
func (a *auditor) wildcards() (out []Finding) {
	for _, acct := range a.Inventory.Accounts {
		spreads := map[*policy.Document][]spread{}
		by := map[string]*Finding{}
		var ids []string
		for _, p := range acct.Principals() {
			if a.admins()[p.ARN] || strings.HasPrefix(p.Path, "/aws-service-role/") {
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
						if len(f.Others) < maxOthers {
							f.Others = append(f.Others, p.ARN)
						}
						continue
					}
					if f := a.wildcard(p, label, &list[i]); f != nil {
						f.ID, by[id] = id, f
						ids = append(ids, id)
					}
				}
			}
		}
		for _, id := range ids {
			f := by[id]
			if n := len(f.Others); n > 0 {
				f.Title += fmt.Sprintf(", and so can %d more", n)
				if byAWS(f.Remedy.Policy) {
					f.Remedy.Text += " Do the same for the others."
				}
			}
			out = append(out, *f)
		}
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
			}{{"read ", of.reads}, {"write ", of.writes}} {
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

// A yield is what a spread comes to for one principal: stores that it may read and write,
// for certain and if a condition holds.
type yield struct {
	reads, writes           []string
	maybeReads, maybeWrites []string
	open                    guard.Blocks // the first condition
	secret                  bool         // what may be read is what matters most
	because                 []solver.StatementRef
}

// yieldOf asks what a spread comes to for a principal.
func (a *auditor) yieldOf(p *inventory.Principal, label string, s *spread) (y yield) {
	mine := func(r solver.StatementRef) bool {
		return r.Policy == label && slices.ContainsFunc(s.statements, func(st *policy.Statement) bool { return st.Index == r.Statement })
	}
	ask := func(of holding, calls []string) (some, sure bool) {
		pattern, ones := of.in(p.Account), of.ones(p.Account) // not what a boundary or a Deny leaves of all
		if !a.tellsRegions(p) {
			ones = ones[:1]
		}
		for _, call := range calls {
			if !slices.ContainsFunc(s.statements, func(st *policy.Statement) bool { return coversAll(st, pattern) && matches(st, call) }) {
				continue
			}
			for _, one := range ones {
				does, when, because := a.Solver.Anywhere(p, call, one)
				because = slices.DeleteFunc(slices.Clone(because), func(r solver.StatementRef) bool { return !mine(r) })
				if when, may := a.fromNow(when); does && may && len(because) > 0 {
					y.because = mergeRefs(y.because, []solver.Grant{{Because: because}})
					if len(when) == 0 {
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
		note(of.String(), may, sure, &y.reads, &y.maybeReads)
		y.secret = y.secret || may && of.wholeAccount
		may, sure = ask(of, of.writes)
		note(of.String(), may, sure, &y.writes, &y.maybeWrites)
	}
	return y
}

// wildcard makes the finding of what a spread comes to for a principal; nil for nothing.
func (a *auditor) wildcard(p *inventory.Principal, label string, s *spread) *Finding {
	y := a.yieldOf(p, label, s)
	f := &Finding{
		Kind: "wildcard-data-access", Severity: Low, Reason: "all data of a service can be read or written", Certain: Certain, Account: p.Account.ID,
		Principal: p.ARN, Resource: "*",
		Remedy: narrow(p, label, s.statements[0].Index, "Name the buckets, tables, secrets and the like that are needed in place of \"*\".",
			"the buckets, tables, secrets and the like that are needed"),
	}
	more := ""
	switch {
	case len(y.reads)+len(y.writes) > 0:
		if len(y.maybeReads)+len(y.maybeWrites) > 0 {
			more = fmt.Sprintf(" If %s, also: reading: %s; writing: %s.", y.open, listed(y.maybeReads), listed(y.maybeWrites))
		}
	case len(y.maybeReads)+len(y.maybeWrites) > 0:
		f.Certain, f.Condition, y.reads, y.writes = Possible, y.open, y.maybeReads, y.maybeWrites
	default:
		return nil
	}
	if y.secret {
		f.Severity, f.Reason = Medium, "all objects or secrets of the account can be read"
	}
	what := "read all of " + strings.Join(y.reads, ", ")
	if len(y.reads) == 0 {
		what = "write all of " + strings.Join(y.writes, ", ")
	}
	on := "every resource"
	if !slices.ContainsFunc(s.holdings, func(h holding) bool { return h.region == "*" }) {
		on = "everything of the regions that it names"
	}
	if slices.ContainsFunc(s.statements, func(st *policy.Statement) bool { return st.NotResource }) {
		on, what = "every resource but those that it excepts", what+", but what is excepted"
	}
	f.Title, f.Statements = fmt.Sprintf("%s can %s", nameOf(p), what), y.because
	var numbers []string
	for _, st := range s.statements {
		numbers = append(numbers, fmt.Sprint(st.Index))
	}
	f.Detail = fmt.Sprintf("%s %s of %s allows it on %s; reading: %s; writing: %s.", many(len(numbers), "Statement"),
		strings.Join(numbers, ", "), label, on, listed(y.reads), listed(y.writes)) + more
	return f
}

func listed(names []string) string { return cmp.Or(strings.Join(names, ", "), "nothing") }
