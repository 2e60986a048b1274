package solver

import (
	"encoding/json"
	"slices"
	"strings"

	"pathfinder/graphmodel/guard"
	"pathfinder/graphmodel/inventory"
)

// An allowance is the terms on which calls are allowed: a grant without its
// actions and reasons. Names of the target and of accounts are left open.
type allowance struct {
	Resources, Except []string
	Condition         guard.Blocks
	Confidence        string
	Unsure            []string
}

// theTarget stands for the ARN of the target.
const theTarget = "\x03"

// allowance returns the terms of a grant to a caller.
func (w *walker) allowance(q *visit, a *actor, g *Grant) *allowance {
	other := ""
	if a.caller.Account != q.t.account {
		other = a.caller.Account
	}
	out := allowance{Confidence: g.Confidence, Unsure: g.Unsure}
	p := standpoint{own: q.t.account, other: other}
	out.Resources, out.Except = moved(g.Resources, q.t.text, theTarget, p.plain), moved(g.Except, q.t.text, theTarget, p.plain)
	out.Condition = rewritten(g.Condition, p.plain)
	key, err := json.Marshal(out)
	if err != nil {
		panic("BUG: terms are made of texts: " + err.Error())
	}
	book := &w.sv.labels
	return found(&book.mu, book.allowances, string(key), func() *allowance { return &out })
}

// rewritten writes conditions under other names.
func rewritten(blocks guard.Blocks, name func(string) string) guard.Blocks {
	if blocks == nil {
		return nil
	}
	out := make(guard.Blocks, len(blocks))
	for i, block := range blocks {
		out[i] = make(guard.Block, len(block))
		for j, test := range block {
			values := make([]string, len(test.Values))
			for k, v := range test.Values {
				values[k] = name(v)
			}
			out[i][j] = guard.Test{Operator: test.Operator, Key: test.Key, Values: values}
		}
	}
	return out
}

// moved writes patterns about one resource as the same about another, and what follows
// its name under other names.
func moved(list []string, from, to string, name func(string) string) []string {
	if len(list) == 0 {
		return list
	}
	out := make([]string, len(list))
	for i, s := range list {
		if rest, ok := strings.CutPrefix(s, from); ok {
			out[i] = to + name(rest)
		} else {
			out[i] = name(s)
		}
	}
	return out
}

// grants writes a label as what one caller of account from may do with one target.
func (l *label) grants(c *cells, text, owner, from string) []Grant {
	return l.written(c, text, accountsAs(owner, from), accountsAs(owner, from))
}

// accountsAs writes the names of two accounts.
func accountsAs(owner, from string) func(string) string {
	return strings.NewReplacer(string(rune(ownAccount)), owner, string(rune(callersAccount)), from).Replace
}

// written writes a label with names in patterns and in conditions.
func (l *label) written(c *cells, text string, inPatterns, inConditions func(string) string) []Grant {
	w := writer{groups: map[string]*Grant{}}
	for i := range l.calls {
		a := &l.calls[i]
		g := Grant{Because: []StatementRef{}, Condition: rewritten(a.on.Condition, inConditions), Confidence: a.on.Confidence, Unsure: a.on.Unsure}
		g.Resources, g.Except = moved(a.on.Resources, theTarget, text, inPatterns), moved(a.on.Except, theTarget, text, inPatterns)
		slices.Sort(g.Resources)
		slices.Sort(g.Except)
		for j := range c.asks {
			for n, action := range c.asks[j].actions {
				if a.bits.Has(c.asks[j].first + n) {
					g.Actions = append(g.Actions, action)
				}
			}
		}
		w.add(&g)
	}
	return w.grants()
}

// labelFor finds the label of a principal on a resource; nil for none.
func (v *Survey) labelFor(p *inventory.Principal, r *inventory.Resource) *label {
	x, from := v.of[v.s.inv.Account(r.Account)], v.of[p.Account]
	if x == nil || from == nil {
		return nil
	}
	at := slices.Index(x.account.Held().Resources, r)
	if at < 0 {
		return nil
	}
	n, out := from.numbers[p], &x.access[at]
	for i := range out.own {
		if _, ok := slices.BinarySearch(out.own[i].members, n); ok {
			return out.own[i].label
		}
	}
	if _, ok := slices.BinarySearch(out.except, n); ok {
		return nil
	}
	for _, b := range out.bases {
		if l := b.labelOf(n); l != nil {
			return l
		}
	}
	return nil
}

// Allowed returns what a principal may do itself with a resource and what lies in
// it, as the survey found it: the grants of [Solver.WhoCan] without the statements
// behind them, put together by their conditions. Callers and resources of a class
// share what one of them was answered, so a condition or an exception may be written
// otherwise than for one by itself; it means the same.
func (v *Survey) Allowed(principal, resource string) []Grant {
	p, r := v.s.inv.Principal(principal), v.s.inv.Resource(resource)
	if p == nil || r == nil {
		return nil
	}
	if v.s.cfg.Singly {
		return v.ask(p, r, (*finder).terms)
	}
	l := v.labelFor(p, r)
	if l == nil {
		return nil
	}
	return l.grants(v.subject(r).ear.cells, r.ARN, r.Account, p.Account.ID)
}

// Direct returns what a principal may do itself with a resource and what lies in
// it: the grants of [Solver.WhoCan]. What is allowed the survey knows; the reasons
// are looked up.
func (v *Survey) Direct(principal, resource string) []Grant {
	p, r := v.s.inv.Principal(principal), v.s.inv.Resource(resource)
	if p == nil || r == nil || v.labelFor(p, r) == nil {
		return nil
	}
	return v.ask(p, r, (*finder).grants)
}

// subject returns a resource as it was compared.
func (v *Survey) subject(r *inventory.Resource) *surveyTarget {
	return v.sv.walker(v.of[v.s.inv.Account(r.Account)]).subjectOf(r.ARN, r, nil, "")
}

// ask asks the engine about one principal; nil is nothing.
func (v *Survey) ask(p *inventory.Principal, r *inventory.Resource, write func(*finder, *actor, *target, []ask) []Grant) []Grant {
	a, t := v.s.actorOf(p), v.subject(r)
	if list := write(v.s.finder(), &a, v.s.targetOf(r.ARN), t.ear.cells.asksOf(t)); len(list) > 0 {
		return list
	}
	return nil
}

// asksOf writes cells as the engine is asked about them on a target.
func (c *cells) asksOf(t *surveyTarget) (out []ask) {
	for j := range c.asks {
		if len(c.asks[j].actions) > 0 {
			out = append(out, ask{t.asks[j].text, c.asks[j].actions})
		}
	}
	return out
}
