package solver

import (
	"maps"
	"slices"

	"pathfinder/graphmodel/escalation"
	"pathfinder/graphmodel/guard"
	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
)

// A state is a principal as it stands, or as it may turn itself into.
type state struct {
	id     int // equal for states of which nothing tells apart what they may do
	origin *inventory.Principal
	p      *inventory.Principal // origin, or a copy with other policies
	a      actor
	calls  []uint64 // that its policies may allow
	broad  bool
	legs   []leg // how it came about
	fresh  bool  // nobody of the snapshot: a principal that somebody may make
}

// certain reports whether the state comes about for certain.
func (st *state) certain() bool {
	return certainLegs(st.legs)
}

// may reports whether the policies of a state may allow one of some actions.
func (st *state) may(ix *callIndex, actions []string) bool {
	return slices.ContainsFunc(actions, func(a string) bool {
		i, ok := ix.number[a]
		return ok && st.calls[i/64]&(1<<(i%64)) != 0
	})
}

// everything is the policy of who gives itself every right.
var everything = policy.Parse([]byte(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`), policy.Identity)

// raised returns p with every right.
func raised(p *inventory.Principal) *inventory.Principal {
	q := *p
	q.Inline = append(slices.Clip(q.Inline), &inventory.Policy{Name: "(every right)", Doc: everything})
	return &q
}

// start returns a principal as it stands, nil when its policies allow no call of
// any method, nor, of a role, to change who assumes it. Roles that services are given are theirs alone to change.
func (d *judge) start(p *inventory.Principal) *state {
	return d.state(p, p, nil)
}

// state makes a state of a principal as it stands, or as it is after changes.
func (d *judge) state(origin, p *inventory.Principal, legs []leg) *state {
	st := &state{origin: origin, p: p, legs: legs}
	st.look(d.c.calls)
	if isServiceLinked(origin) {
		clear(st.calls) // nobody but AWS makes any
	}
	untags := st.may(d.c.calls, []string{"iam:UntagRole"}) && st.may(d.c.calls, []string{"sts:AssumeRole"}) // see wantedToEnter
	// Of who is to reach something, what was changed may be the last thing that was wanting.
	ends := d.c.goal != nil && (p != origin || d.c.goal.lets[origin]) || slices.ContainsFunc(d.c.opens, func(m *escalation.Method) bool { return d.offers(st, m) })
	if !ends && !st.broad && !untags && !d.changes(st) && !slices.ContainsFunc(d.c.methods, func(m *escalation.Method) bool { return d.offers(st, m) }) {
		return nil
	}
	d.equip(st)
	return st
}

// shape is the state of a principal as it stands, whatever its policies allow.
func (d *judge) shape(p *inventory.Principal) *state {
	st := &state{origin: p, p: p}
	st.look(d.c.calls)
	d.equip(st)
	return st
}

// equip gives a state its number, and what decides its calls.
func (d *judge) equip(st *state) {
	st.id = d.number(st, "")
	st.a = d.c.s.actorOf(st.origin)
	st.a.principal = st.p
	st.a.caller.Tags = st.p.Tags
}

// look reads what the policies of a state may allow.
func (st *state) look(ix *callIndex) {
	st.calls = make([]uint64, ix.words())
	policiesOf(st.p, func(_ string, pol *inventory.Policy) {
		sp := ix.of(pol.Doc)
		st.broad = st.broad || sp.broad
		for i, w := range sp.calls {
			st.calls[i] |= w
		}
	})
	if st.p.Boundary != nil {
		sp := ix.of(st.p.Boundary.Doc)
		for i, w := range sp.calls {
			st.calls[i] &= w
		}
	}
}

// number returns the id of a state. Of one crowd all are alike whose policies don't
// read who asks, as they stand and after the same changes: what tells changes apart is
// what they leave. form tells apart what else differs.
func (d *judge) number(st *state, form string) int {
	apart := false
	var heard []byte
	look := func(doc *policy.Document) {
		sp := d.c.calls.of(doc)
		apart = apart || sp.apart || len(doc.Faults) > 0 && doc.Damaged() // which answers name
		heard = sp.appendHeard(heard, st.p)
	}
	policiesOf(st.p, func(_ string, pol *inventory.Policy) { look(pol.Doc) })
	if st.p.Boundary != nil {
		look(st.p.Boundary.Doc)
	}
	for _, doc := range d.scps {
		look(doc)
	}
	who := st.p.ARN
	if !apart && !st.fresh {
		who = d.c.s.crowdOf(st.origin).members[0].ARN
	}
	if st.p != st.origin || st.fresh {
		form = string(appendLeft([]byte(form), st))
	}
	key := form + "\x00" + string(heard) + "\x00" + who
	id, ok := d.ids[key]
	if !ok {
		id = len(d.ids)
		d.ids[key] = id
		d.first = append(d.first, st)
	}
	return id
}

// appendLeft appends what changes left of a principal.
func appendLeft(b []byte, st *state) []byte {
	policiesOf(st.p, func(_ string, pol *inventory.Policy) { b = append(append(appendPointer(b, pol.Doc), pol.ARN...), 0) })
	if p := st.p.Boundary; p != nil {
		b = append(append(appendPointer(append(b, 'b'), p.Doc), p.ARN...), 0)
	}
	if !maps.Equal(st.p.Tags, st.origin.Tags) {
		for _, k := range slices.Sorted(maps.Keys(st.p.Tags)) {
			b = append(append(append(append(b, k...), '='), st.p.Tags[k]...), 0)
		}
	}
	return b
}

// named returns a ruling about a state with the names of its own policies: rulings are
// kept with those of the first state that is like it.
func (d *judge) named(st *state, v ruling) ruling {
	first := d.first[st.id]
	if first.origin == st.origin || st.fresh {
		return v
	}
	theirs, ours := labelsOn(first.p), labelsOn(st.p)
	out := slices.Clone(v.because)
	for i := range out {
		if at := slices.Index(theirs, out[i].Policy); at >= 0 && out[i].Type == policy.Identity.String() {
			out[i].Policy = ours[at]
		}
	}
	if v.because != nil {
		v.because = sortRefs(out)
	}
	return v
}

// labelsOn lists the names of the identity policies on a principal.
func labelsOn(p *inventory.Principal) (out []string) {
	policiesOf(p, func(owner string, pol *inventory.Policy) { out = append(out, pol.Label(owner)) })
	return out
}

// offers reports whether the policies of a state may allow what a method needs.
func (d *judge) offers(st *state, m *escalation.Method) bool { return d.offersOn(st, m, st.p.Kind) }

// offersOn is offers where what a method does to the caller is done to a user, or a role.
func (d *judge) offersOn(st *state, m *escalation.Method, kind inventory.PrincipalKind) bool {
	for i := range m.Needs {
		n := &m.Needs[i]
		switch {
		case n.Entered:
			continue // the trust policy may be enough
		case n.On == escalation.SelfUser && kind != inventory.User, n.On == escalation.SelfRole && kind != inventory.Role,
			!st.may(d.c.calls, n.Actions):
			return false
		}
	}
	return true
}

// methodsOf lists the methods that take over another principal (E164) and that the
// policies of a state may allow.
func (d *judge) methodsOf(st *state) (out []*escalation.Method) {
	for _, m := range d.c.methods {
		switch m.Move {
		case escalation.Become, escalation.Pass, escalation.Run, escalation.Provider, escalation.SSO:
			if d.offers(st, m) {
				out = append(out, m)
			}
		}
	}
	return out
}

// A duty is a call that an administrator may make.
type duty struct{ action, resource string }

// dutiesIn lists calls that tell an administrator from others.
func dutiesIn(a *inventory.Account) []duty {
	iam := "arn:" + a.Partition + ":iam::" + a.ID + ":"
	probe := "pathfinder-probe"
	return []duty{
		{"iam:PutRolePolicy", iam + "role/" + probe},
		{"iam:AttachUserPolicy", iam + "user/" + probe},
		{"iam:CreatePolicyVersion", iam + "policy/" + probe},
		{"iam:UpdateAssumeRolePolicy", iam + "role/" + probe},
		{"iam:PassRole", iam + "role/" + probe},
		{"iam:CreateUser", iam + "user/" + probe},
		{"ec2:TerminateInstances", "arn:" + a.Partition + ":ec2:us-east-1:" + a.ID + ":instance/i-" + probe},
		{"ssm:GetParameter", "arn:" + a.Partition + ":ssm:us-east-1:" + a.ID + ":parameter/" + probe},
		{"cloudformation:CreateStack", "arn:" + a.Partition + ":cloudformation:us-east-1:" + a.ID + ":stack/" + probe + "/1"},
		{"ec2:RunInstances", "arn:" + a.Partition + ":ec2:eu-west-1:" + a.ID + ":instance/i-" + probe},
	}
}

// facts are those of a duty that is about a principal: it has no boundary. Who may
// change principals alone that have one has not every right.
func (du *duty) facts() []keyFact {
	switch du.action {
	case "iam:PutRolePolicy", "iam:AttachUserPolicy", "iam:CreateUser":
		return []keyFact{{"iam:permissionsboundary", nil}}
	}
	return nil
}

// admin decides whether a state has every right that control policies leave in its
// account: a statement allows all on everything, and nothing else takes away what
// an administrator does.
func (d *judge) admin(st *state) ruling {
	if !st.broad {
		return ruling{}
	}
	q := inventory.Principal{
		Kind: st.origin.Kind, ARN: st.origin.ARN, Name: st.origin.Name, Path: st.origin.Path, Account: st.origin.Account, Trust: st.origin.Trust,
		Tags: st.origin.Tags, Inline: []*inventory.Policy{{Name: "(every right)", Doc: everything}},
	}
	top := *st
	top.p, top.a.principal = &q, &q
	top.id = d.number(&top, "top")
	v, told := always, false
	for _, du := range d.duties {
		facts := du.facts()
		if left := d.call(&top, du.action, du.resource, facts...); left.when != guard.True {
			continue // control policies leave it to nobody like it
		}
		if v = v.and(d.call(st, du.action, du.resource, facts...)); v.never() {
			return ruling{}
		}
		told = true
	}
	if !told {
		return ruling{}
	}
	v.because = sortRefs(v.because)
	return v
}
