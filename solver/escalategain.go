package solver

import (
	"slices"
	"strings"

	"pathfinder/graphmodel/catalog"
	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
)

// Who takes over somebody gains what that one may do and it may not. What policies may
// allow is too much to compare: of each, some requests are tried.

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

// maxProbes bounds the requests that are tried for one policy: no policy has room for as many
// actions and resources, and few have as many pairs of them.
const maxProbes = 2048

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
		for i := range d.probesOf(p.Doc) {
			if found = d.lacks(st, p.Doc, i) && d.holds(to, p.Doc, i); found {
				return
			}
		}
	})
	return found
}

// lacks reports whether a state may not make at all the i-th request that a document may
// allow. Most documents are told by the first few.
func (d *judge) lacks(st *state, doc *policy.Document, i int) bool {
	key := lackKey{st.id, doc}
	known := d.lacking[key]
	if i >= len(known) {
		for _, du := range d.probesOf(doc)[len(known) : i+1] {
			o, _ := d.opinionOn(st, du.action, onOne(du.resource))
			known = append(known, o == refused)
		}
		d.lacking[key] = known
	}
	return known[i]
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
	var rest []duty
	for _, st := range doc.Statements {
		if st.Effect == policy.Allow && !st.Broken {
			first, more := d.probesIn(st, maxProbes)
			out, rest = append(out, first...), append(rest, more...)
		}
	}
	out = append(out, rest...)
	out = slices.Clip(out[:min(len(out), maxProbes)])
	d.probes[doc] = out
	return out
}

// probing makes a name of a pattern.
var probing = strings.NewReplacer("*", "pathfinder-probe", "?", "x")

// probesIn lists requests that a statement may allow: of each action that it names one, of a
// pattern one of each level of access; first each action and each resource once, then the two
// in all other pairs, as far as there is room.
func (d *judge) probesIn(st *policy.Statement, room int) (first, rest []duty) {
	actions := d.probedActions(st)
	if st.NotResource || len(st.Resources) == 0 {
		for _, a := range actions {
			first = append(first, duty{a, probing.Replace(d.anyOfType(a))})
		}
		return first, nil
	}
	texts := make([]string, len(st.Resources))
	for i := range st.Resources {
		texts[i] = probing.Replace(st.Resources[i].Text)
		if st.Resources[i].Text == "*" {
			texts[i] = "*"
		}
	}
	probe := func(action, text string) duty {
		if text == "*" {
			if text = d.anyOfType(action); text != "*" {
				text = probing.Replace(text)
			}
		}
		return duty{action, text}
	}
	for i, a := range actions {
		for j := range texts {
			switch text := texts[(i+j)%len(texts)]; {
			case i == 0 || j == 0:
				first = append(first, probe(a, text))
			case len(rest) < room:
				rest = append(rest, probe(a, text))
			}
		}
	}
	return first, rest
}

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
