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
// those that change it, and the ARN of any of its things.
type store struct {
	name         string
	reads        []string
	writes       []string
	things       string
	wholeAccount bool // reading it opens what an account protects most
}

// stores are services that hold data. Where a thing's account is not in its ARN, the
// pattern has none.
var stores = []store{
	{"S3", []string{"s3:GetObject"}, []string{"s3:PutObject"}, "arn:%s:s3:::*/*", true},
	{
		"DynamoDB",
		[]string{"dynamodb:Scan", "dynamodb:Query", "dynamodb:GetItem", "dynamodb:BatchGetItem"},
		[]string{"dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:BatchWriteItem"},
		"arn:%s:dynamodb:*:%s:table/*", false,
	},
	{"Secrets Manager", []string{"secretsmanager:GetSecretValue"}, []string{"secretsmanager:PutSecretValue"}, "arn:%s:secretsmanager:*:%s:secret:*", true},
	{
		"Systems Manager parameters",
		[]string{"ssm:GetParameter", "ssm:GetParameters", "ssm:GetParametersByPath"},
		[]string{"ssm:PutParameter"},
		"arn:%s:ssm:*:%s:parameter/*", false,
	},
	{"SQS", []string{"sqs:ReceiveMessage"}, []string{"sqs:SendMessage"}, "arn:%s:sqs:*:%s:*", false},
}

// of returns the pattern of all things of an account.
func (s *store) of(a *inventory.Account) string {
	if strings.Count(s.things, "%s") == 1 {
		return fmt.Sprintf(s.things, a.Partition)
	}
	return fmt.Sprintf(s.things, a.Partition, a.ID)
}

// A spread is the statements of one policy, under one condition, that open all data of
// stores as far as they alone say. What data it is belongs to what a finding is about.
type spread struct {
	statements []*policy.Statement
	when       string   // the condition
	data       []string // "read S3", "write SQS" …
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
		for i := range stores {
			if !coversAll(st, stores[i].of(acct)) {
				continue
			}
			for _, do := range []struct {
				what  string
				calls []string
			}{{"read ", stores[i].reads}, {"write ", stores[i].writes}} {
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
				if what := do.what + stores[i].name; !slices.Contains(s.data, what) {
					s.data = append(s.data, what)
				}
			}
		}
	}
	for i := range out {
		slices.Sort(out[i].data) // in whatever order the statements stand
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
}

// yieldOf asks what a spread comes to for a principal.
func (a *auditor) yieldOf(p *inventory.Principal, label string, s *spread) (y yield) {
	mine := func(r solver.StatementRef) bool {
		return r.Policy == label && slices.ContainsFunc(s.statements, func(st *policy.Statement) bool { return st.Index == r.Statement })
	}
	ask := func(of *store, calls []string) (may, sure bool) {
		pattern := of.of(p.Account)
		for _, call := range calls {
			if !slices.ContainsFunc(s.statements, func(st *policy.Statement) bool { return coversAll(st, pattern) && matches(st, call) }) {
				continue
			}
			does, when, because := a.Solver.Anywhere(p, call, pattern)
			if !does || !slices.ContainsFunc(because, mine) {
				continue
			}
			if len(when) == 0 {
				return true, true
			}
			if may = true; y.open == nil {
				y.open = when
			}
		}
		return may, false
	}
	note := func(name string, may, sure bool, certain, open *[]string) {
		if sure {
			*certain = append(*certain, name)
		} else if may {
			*open = append(*open, name)
		}
	}
	for i := range stores {
		of := &stores[i]
		may, sure := ask(of, of.reads)
		note(of.name, may, sure, &y.reads, &y.maybeReads)
		y.secret = y.secret || may && of.wholeAccount
		may, sure = ask(of, of.writes)
		note(of.name, may, sure, &y.writes, &y.maybeWrites)
	}
	return y
}

// wildcard makes the finding of what a spread comes to for a principal; nil for nothing.
func (a *auditor) wildcard(p *inventory.Principal, label string, s *spread) *Finding {
	y := a.yieldOf(p, label, s)
	f := &Finding{
		Kind: "wildcard-data-access", Severity: Low, Reason: "all data of a service can be read or written", Certain: Certain, Account: p.Account.ID,
		Principal: p.ARN, Resource: "*",
		Remedy: Remedy{Text: "Name the buckets, tables, secrets and the like that are needed in place of \"*\".", Policy: label, Statement: &s.statements[0].Index},
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
	if slices.ContainsFunc(s.statements, func(st *policy.Statement) bool { return st.NotResource }) {
		on, what = "every resource but those that it excepts", what+", but what is excepted"
	}
	f.Title = fmt.Sprintf("%s can %s", nameOf(p), what)
	var numbers []string
	for _, st := range s.statements {
		numbers = append(numbers, fmt.Sprint(st.Index))
	}
	f.Detail = fmt.Sprintf("%s %s of %s allows it on %s; reading: %s; writing: %s.", many(len(numbers), "Statement"),
		strings.Join(numbers, ", "), label, on, listed(y.reads), listed(y.writes)) + more
	return f
}

func listed(names []string) string { return cmp.Or(strings.Join(names, ", "), "nothing") }
