package solver

import (
	"runtime"
	"slices"
	"strings"

	"pathfinder/graphmodel/catalog"
	"pathfinder/graphmodel/escalation"
	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
)

// maxOthers bounds the targets that are listed for one method of one principal.
const maxOthers = 25

// A takeover is how somebody who gets to be no administrator takes over others.
type takeover struct {
	p    *inventory.Principal
	legs []leg // up to the last
	by   string
	to   []takenOver // by the last leg, each alone
}

// A takenOver is a target with how it is taken over.
type takenOver struct {
	to *inventory.Principal
	v  ruling
}

// way is the whole way to the first target.
func (t *takeover) way() []leg {
	return append(slices.Clone(t.legs), leg{to: t.to[0].to, kind: t.by, ruling: t.to[0].v})
}

// better tells which of two takeovers of a principal is listed.
func (t *takeover) better(o *takeover) bool {
	if o == nil {
		return true
	}
	mine, other := certainLegs(t.way()), certainLegs(o.way())
	return mine && !other || mine == other && len(t.to) > len(o.to)
}

func (t *takeover) escalation() Escalation {
	e := Escalation{Principal: t.p}
	e.write(t.p, t.way())
	for _, o := range t.to[1:] {
		e.Others = append(e.Others, o.to.ARN)
	}
	return e
}

// sideways lists what those who get to be no administrator take over.
func (c *climb) sideways() {
	lists := make([][]*takeover, len(c.camps))
	c.byID = nil
	inParallel(runtime.GOMAXPROCS(0), len(c.camps), func(i int) {
		lists[i] = c.camps[i].sideways()
		c.camps[i] = nil // what it has found out is of no more use, and much
	})
	found := map[*inventory.Principal]*takeover{}
	var fresh []*takeover
	for _, list := range lists {
		for _, t := range list {
			if _, ok := c.found[t.p]; !ok {
				found[t.p] = t
				fresh = append(fresh, t)
			}
		}
	}
	c.behind(found, fresh)
	for p, t := range found {
		c.found[p] = t.escalation()
	}
}

// behind adds those who assume a role that takes somebody over, and may not do
// themselves what that one may.
func (c *climb) behind(found map[*inventory.Principal]*takeover, fresh []*takeover) {
	judges := map[*inventory.Account]*judge{}
	gains := func(p, to *inventory.Principal) bool {
		if p.Account != to.Account {
			return true // what it may there is by roles alone
		}
		d := judges[p.Account]
		if d == nil {
			d = newJudge(c, p.Account)
			judges[p.Account] = d
		}
		return d.gains(d.plain(p), to)
	}
	for len(fresh) > 0 {
		next := map[*inventory.Principal]*takeover{}
		var order []*inventory.Principal
		for _, t := range fresh {
			if t.p.Kind != inventory.Role {
				continue
			}
			for _, h := range c.s.edges.callersOf(t.p) {
				from := h.from.principal
				if !h.from.plain() || found[from] != nil || c.at[from] != nil {
					continue
				}
				v := c.today.apply(h.ruling(), from)
				if v.never() {
					continue
				}
				n := &takeover{p: from, legs: append([]leg{{to: t.p, kind: h.kind, ruling: v}}, t.legs...), by: t.by}
				for _, o := range t.to {
					if o.to != from && gains(from, o.to) {
						n.to = append(n.to, o)
					}
				}
				if len(n.to) > 0 && n.better(next[from]) {
					if next[from] == nil {
						order = append(order, from)
					}
					next[from] = n
				}
			}
		}
		fresh = fresh[:0]
		for _, p := range order {
			found[p] = next[p]
			fresh = append(fresh, next[p])
		}
	}
}

func (pl *camp) sideways() (out []*takeover) {
	for _, cl := range pl.climbers {
		if pl.c.at[cl.p] != nil {
			continue
		}
		var best *takeover
		for _, st := range cl.states {
			for _, m := range pl.methodsOf(st) {
				if t := pl.beside(cl, st, m); t != nil && t.better(best) {
					best = t
				}
			}
		}
		if best != nil {
			out = append(out, best)
		}
	}
	return out
}

// beside returns what a state takes over by a method, nil for nothing that it has not.
func (pl *camp) beside(cl *climber, st *state, m *escalation.Method) *takeover {
	key := moveKey{st.id, m, nil}
	list, known := pl.beneath[key]
	if !known && len(pl.targets(m).list) > 0 {
		if things := pl.things(st, m); things.never() || pl.bars(st, m) {
			pl.beneath[key], known = nil, true
		}
	}
	if !known {
		for _, to := range pl.targets(m).list {
			if to.Account != pl.account {
				continue // what it may is not compared over accounts
			}
			if v := pl.takes(st, m, to); !v.never() && pl.gains(cl.states[0], to) {
				if list = append(list, takenOver{to, v}); len(list) > maxOthers {
					break
				}
			}
		}
		pl.beneath[key] = list
	}
	t := &takeover{p: cl.p, legs: st.legs, by: m.ID}
	for _, o := range list {
		if o.to != cl.p {
			t.to = append(t.to, takenOver{o.to, pl.named(st, o.v)})
		}
	}
	if len(t.to) == 0 {
		return nil
	}
	return t
}

// gains reports whether a target may do something that a state may not at all.
func (d *judge) gains(st *state, to *inventory.Principal) bool {
	key := gainKey{st.id, d.c.s.crowdOf(to)}
	yes, known := d.gained[key]
	if !known {
		yes = d.gain(st, to)
		d.gained[key] = yes
	}
	return yes
}

type gainKey struct {
	state int
	crowd *crowd
}

// maxProbes bounds the requests that are tried for one policy.
const maxProbes = 48

func (d *judge) gain(st *state, to *inventory.Principal) (found bool) {
	mine, hindered := map[*policy.Document]bool{}, st.p.Boundary != nil
	policiesOf(st.p, func(_ string, p *inventory.Policy) {
		mine[p.Doc] = true
		hindered = hindered || p.Doc.Denies()
	})
	policiesOf(to, func(_ string, p *inventory.Policy) {
		if found || mine[p.Doc] && !hindered {
			return
		}
		for i, lacks := range d.lacks(st, p.Doc) {
			if found = lacks && d.holds(to, p.Doc, i); found {
				return
			}
		}
	})
	return found
}

// lacks tells which of the requests that a document may allow a state may not make at
// all.
func (d *judge) lacks(st *state, doc *policy.Document) []bool {
	key := lackKey{st.id, doc}
	out, known := d.lacking[key]
	if !known {
		for _, du := range d.probesOf(doc) {
			o, _ := d.opinionOn(st, du.action, onOne(du.resource))
			out = append(out, o == refused)
		}
		d.lacking[key] = out
	}
	return out
}

type lackKey struct {
	state int
	doc   *policy.Document
}

// holds reports whether a principal may make the i-th request that a document of its
// own may allow.
func (d *judge) holds(p *inventory.Principal, doc *policy.Document, i int) bool {
	key := holdKey{d.c.s.crowdOf(p), doc, i}
	yes, known := d.holding[key]
	if !known {
		du, st := d.probesOf(doc)[i], d.plain(p)
		switch o, _ := d.opinionOn(st, du.action, onOne(du.resource)); o {
		case granted:
			yes = true
		case unsettled:
			v := d.call(st, du.action, du.resource)
			yes = !v.never()
		case refused:
		}
		d.holding[key] = yes
	}
	return yes
}

type holdKey struct {
	crowd *crowd
	doc   *policy.Document
	probe int
}

// plain returns a principal as it stands, whatever its policies allow.
func (d *judge) plain(p *inventory.Principal) *state {
	st := d.plains[p]
	if st == nil {
		st = &state{origin: p, p: p, a: d.c.s.actorOf(p)}
		st.id = d.number(st, "")
		d.plains[p] = st
	}
	return st
}

// probesOf lists requests that a document may allow.
func (d *judge) probesOf(doc *policy.Document) []duty {
	out, known := d.probes[doc]
	if known {
		return out
	}
	for _, st := range doc.Statements {
		if st.Effect == policy.Allow && !st.Broken && len(out) < maxProbes {
			out = append(out, d.probesIn(st)...)
		}
	}
	out = out[:min(len(out), maxProbes)]
	d.probes[doc] = out
	return out
}

// probing makes a name of a pattern.
var probing = strings.NewReplacer("*", "pathfinder-probe", "?", "x")

// probesIn lists requests that a statement may allow: of each action that it names one,
// of a pattern one of each level of access, on several of its resources.
func (d *judge) probesIn(st *policy.Statement) (out []duty) {
	if st.NotResource || len(st.Resources) == 0 {
		for _, a := range d.probedActions(st) {
			out = append(out, duty{a, probing.Replace(d.anyOfType(a))})
		}
		return out
	}
	for i, a := range d.probedActions(st) {
		for j := range st.Resources {
			// Each action on one resource, each resource with one action.
			if j > 0 && i > 0 || j == maxProbedResources {
				break
			}
			text := st.Resources[(i+j)%len(st.Resources)].Text
			if text == "*" {
				text = d.anyOfType(a)
			}
			if text != "*" {
				text = probing.Replace(text)
			}
			out = append(out, duty{a, text})
		}
	}
	return out
}

const (
	maxProbedActions   = 16
	maxProbedResources = 4
)

// sensitive are actions that people take over principals for.
var sensitive = []string{
	"ec2:TerminateInstances", "ssm:GetParameter", "s3:GetObject", "secretsmanager:GetSecretValue", "dynamodb:GetItem", "kms:Decrypt",
	"lambda:InvokeFunction", "iam:CreateUser", "sqs:ReceiveMessage", "sts:AssumeRole",
}

func (d *judge) probedActions(st *policy.Statement) (out []string) {
	if st.NotAction {
		for _, a := range sensitive {
			if service, name := splitAction(a); st.MatchAction(service, name) {
				out = append(out, a)
			}
		}
		return out
	}
	for i := range st.Actions {
		text := st.Actions[i].Text
		if text == "*" {
			out = append(out, sensitive...)
			continue
		}
		var levels catalog.AccessLevel
		for a := range catalog.Default().Match(text) {
			if levels|a.Access != levels {
				levels |= a.Access
				out = append(out, a.Name)
			}
		}
	}
	return out[:min(len(out), maxProbedActions)]
}

// anyOfType returns the ARN of some resource that an action is made on.
func (d *judge) anyOfType(action string) string {
	a, ok := catalog.Default().Action(action)
	if !ok || len(a.ResourceTypes) == 0 {
		return "*"
	}
	return strings.Replace(d.patternsOf(a.ResourceTypes[0].Type)[0], ":*:", ":us-east-1:", 1)
}
