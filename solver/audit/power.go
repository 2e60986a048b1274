package audit

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"pathfinder/graphmodel/guard"
	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
	"pathfinder/solver"
)

// A store is a service that holds data, with a call that reads all of one thing and
// one that changes it, and the ARN of any of its things.
type store struct {
	name, read, write, things string
}

// stores are services that hold data. Where a thing's account is not in its ARN, the
// pattern has none.
var stores = []store{
	{"S3", "s3:GetObject", "s3:PutObject", "arn:%s:s3:::*/*"},
	{"DynamoDB", "dynamodb:Scan", "dynamodb:PutItem", "arn:%s:dynamodb:*:%s:table/*"},
	{"Secrets Manager", "secretsmanager:GetSecretValue", "secretsmanager:PutSecretValue", "arn:%s:secretsmanager:*:%s:secret:*"},
	{"Systems Manager parameters", "ssm:GetParameter", "ssm:PutParameter", "arn:%s:ssm:*:%s:parameter/*"},
	{"SQS", "sqs:ReceiveMessage", "sqs:SendMessage", "arn:%s:sqs:*:%s:*"},
}

func (a *auditor) wildcards() (out []Finding) {
	for _, acct := range a.Inventory.Accounts {
		type key struct {
			policy string
			at     int
		}
		by := map[key]*Finding{}
		var keys []key
		for _, p := range acct.Principals() {
			if a.admins()[p.ARN] || strings.HasPrefix(p.Path, "/aws-service-role/") {
				continue
			}
			for owner, pol := range policiesOf(p) {
				for _, st := range a.wide(pol) {
					k := key{pol.Label(owner), st.Index}
					if f := by[k]; f != nil {
						if len(f.Others) < maxOthers {
							f.Others = append(f.Others, p.ARN)
						}
						continue
					}
					f := a.wildcard(p, pol.Label(owner), st)
					if f == nil {
						continue
					}
					by[k] = f
					keys = append(keys, k)
				}
			}
		}
		for _, k := range keys {
			f := by[k]
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

// wide lists the statements of a policy that allow reading or writing all of a
// store, as far as the statement alone says.
func (a *auditor) wide(pol *inventory.Policy) []*policy.Statement {
	if list, known := a.wideOf[pol.Doc]; known {
		return list
	}
	list := []*policy.Statement{}
	for _, st := range pol.Doc.Statements {
		if st.Effect != policy.Allow || st.Broken || st.NotAction || !slices.ContainsFunc(st.Resources, func(r policy.ResourcePattern) bool {
			return r.Text == "*" || r.Text == "arn:aws:s3:::*" || r.Text == "arn:aws:s3:::*/*"
		}) {
			continue
		}
		if slices.ContainsFunc(stores, func(s store) bool { return matches(st, s.read) || matches(st, s.write) }) {
			list = append(list, st)
		}
	}
	if a.wideOf == nil {
		a.wideOf = map[*policy.Document][]*policy.Statement{}
	}
	a.wideOf[pol.Doc] = list
	return list
}

func matches(st *policy.Statement, action string) bool {
	service, name, _ := strings.Cut(strings.ToLower(action), ":")
	return st.MatchAction(service, name)
}

// wildcard asks what a statement comes to for a principal; nil for nothing.
func (a *auditor) wildcard(p *inventory.Principal, label string, st *policy.Statement) *Finding {
	var reads, writes []string
	certain := false
	var open guard.Blocks
	for _, s := range stores {
		pattern := fmt.Sprintf(s.things, p.Account.Partition, p.Account.ID)
		if strings.Count(s.things, "%s") == 1 {
			pattern = fmt.Sprintf(s.things, p.Account.Partition)
		}
		ask := func(action string) bool {
			if !matches(st, action) {
				return false
			}
			may, when, because := a.Solver.Anywhere(p, action, pattern)
			if certain = certain || may && len(when) == 0; may && open == nil {
				open = when
			}
			return may && slices.ContainsFunc(because, func(r solver.StatementRef) bool { return r.Policy == label && r.Statement == st.Index })
		}
		if ask(s.read) {
			reads = append(reads, s.name)
		}
		if ask(s.write) {
			writes = append(writes, s.name)
		}
	}
	if len(reads)+len(writes) == 0 {
		return nil
	}
	n := st.Index
	f := &Finding{
		Kind: "wildcard-data-access", Severity: Low, Reason: "all data of a service can be read or written", Certain: Possible, Account: p.Account.ID,
		Principal: p.ARN, Resource: "*",
		Remedy: Remedy{Text: "Name the buckets, tables, secrets and the like that are needed in place of \"*\".", Policy: label, Statement: &n},
	}
	if certain {
		f.Certain = Certain
	} else {
		f.Condition = open
	}
	if slices.Contains(reads, "Secrets Manager") || slices.Contains(reads, "S3") {
		f.Severity, f.Reason = Medium, "all objects or secrets of the account can be read"
	}
	what := "read all of " + strings.Join(reads, ", ")
	if len(reads) == 0 {
		what = "write all of " + strings.Join(writes, ", ")
	}
	f.Title = fmt.Sprintf("%s can %s", nameOf(p), what)
	f.Detail = fmt.Sprintf("Statement %d of %s allows it on every resource; reading: %s; writing: %s.", st.Index, label,
		cmp.Or(strings.Join(reads, ", "), "nothing"), cmp.Or(strings.Join(writes, ", "), "nothing"))
	f.ID = identify(f.Kind, p.Account.ID, label, fmt.Sprint(st.Index)) // policies of AWS are in many accounts
	return f
}
