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

// sideways lists what those who get to be no administrator take over.
func (c *climb) sideways() {
	lists := make([][]Escalation, len(c.camps))
	c.byID = nil
	inParallel(runtime.GOMAXPROCS(0), len(c.camps), func(i int) {
		lists[i] = c.camps[i].sideways()
		c.camps[i] = nil // what it has found out is of no more use, and much
	})
	for _, list := range lists {
		for _, e := range list {
			if _, ok := c.found[e.Principal]; !ok {
				c.found[e.Principal] = e
			}
		}
	}
}

func (pl *camp) sideways() (out []Escalation) {
	for _, cl := range pl.climbers {
		if pl.c.at[cl.p] != nil {
			continue
		}
		var best *Escalation
		for _, st := range cl.states {
			for _, m := range pl.methodsOf(st) {
				e := pl.beside(cl, st, m)
				if e != nil && (best == nil || e.Certain() && !best.Certain() || e.Certain() == best.Certain() && len(e.Others) > len(best.Others)) {
					best = e
				}
			}
		}
		if best != nil {
			out = append(out, *best)
		}
	}
	return out
}

// A taken is a target with how it is taken over.
type takenOver struct {
	to *inventory.Principal
	v  ruling
}

// beside returns what a state takes over by a method, nil for nothing that it has not.
func (pl *camp) beside(cl *climber, st *state, m *escalation.Method) *Escalation {
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
	var e *Escalation
	for _, t := range list {
		switch {
		case t.to == cl.p:
		case e == nil:
			e = &Escalation{Principal: cl.p}
			e.write(cl.p, append(slices.Clone(st.legs), leg{to: t.to, kind: m.ID, ruling: pl.named(st, t.v)}))
		default:
			e.Others = append(e.Others, t.to.ARN)
		}
	}
	return e
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

// maxProbes bounds the requests that are tried for one policy; they are bits of a byte.
const maxProbes = 6

func (d *judge) gain(st *state, to *inventory.Principal) (found bool) {
	mine := map[*policy.Document]bool{}
	policiesOf(st.p, func(_ string, p *inventory.Policy) { mine[p.Doc] = true })
	policiesOf(to, func(_ string, p *inventory.Policy) {
		if found || mine[p.Doc] {
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

// probesIn lists requests that a statement may allow.
func (d *judge) probesIn(st *policy.Statement) (out []duty) {
	var actions []string
	switch {
	case st.NotAction:
		actions = []string{"ec2:TerminateInstances", "ssm:GetParameter"}
	default:
		for i := range st.Actions {
			for a := range catalog.Default().Match(st.Actions[i].Text) {
				actions = append(actions, a.Name)
				break
			}
		}
	}
	actions = actions[:min(len(actions), 3)]
	if st.NotResource || len(st.Resources) == 0 {
		return nil
	}
	for _, a := range actions {
		text := st.Resources[0].Text
		if text == "*" {
			text = d.anyOfType(a)
		}
		if text != "*" {
			text = probing.Replace(text)
		}
		out = append(out, duty{a, text})
	}
	return out
}

// anyOfType returns the ARN of some resource that an action is made on.
func (d *judge) anyOfType(action string) string {
	a, ok := catalog.Default().Action(action)
	if !ok || len(a.ResourceTypes) == 0 {
		return "*"
	}
	return strings.Replace(d.patternsOf(a.ResourceTypes[0].Type)[0], ":*:", ":us-east-1:", 1)
}
