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
	inParallel(runtime.GOMAXPROCS(0), len(c.camps), func(i int) { lists[i] = c.camps[i].sideways() })
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
		if things := pl.things(st, m); things.never() {
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
			e.write(cl.p, append(slices.Clone(st.legs), leg{to: t.to, kind: m.ID, ruling: t.v}))
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

// maxProbes bounds the requests that are tried for one policy.
const maxProbes = 6

func (d *judge) gain(st *state, to *inventory.Principal) (found bool) {
	mine := map[*policy.Document]bool{}
	policiesOf(st.p, func(_ string, p *inventory.Policy) { mine[p.Doc] = true })
	other := d.plain(to)
	policiesOf(to, func(_ string, p *inventory.Policy) {
		if found || mine[p.Doc] {
			return
		}
		for _, du := range d.probesOf(p.Doc) {
			on := onOne(du.resource)
			if o, _ := d.opinionOn(st, du.action, on); o != refused {
				continue
			}
			if o, _ := d.opinionOn(other, du.action, on); o == granted {
				found = true
				return
			} else if o == unsettled {
				if v := d.call(other, du.action, du.resource); !v.never() {
					found = true
					return
				}
			}
		}
	})
	return found
}

// plain returns a principal as it stands, whatever its policies allow.
func (d *judge) plain(p *inventory.Principal) *state {
	st := &state{origin: p, p: p, a: d.c.s.actorOf(p)}
	st.id = d.number(st, "")
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
			text = strings.NewReplacer("*", "pathfinder-probe", "?", "x").Replace(text)
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
