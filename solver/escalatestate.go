package solver

import (
	"slices"
	"strconv"
	"strings"

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
}

// certain reports whether the state comes about for certain.
func (st *state) certain() bool {
	return !slices.ContainsFunc(st.legs, func(l leg) bool { return !l.certain() })
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
// any method. Roles that services are given are theirs alone to change.
func (d *judge) start(p *inventory.Principal) *state {
	return d.state(p, p, "", nil)
}

// state makes a state. form says what was changed, equal for equal changes.
func (d *judge) state(origin, p *inventory.Principal, form string, legs []leg) *state {
	ix := d.c.calls
	st := &state{origin: origin, p: p, calls: make([]uint64, ix.words()), legs: legs}
	policiesOf(p, func(_ string, pol *inventory.Policy) {
		sp := ix.of(pol.Doc)
		st.broad = st.broad || sp.broad
		for i, w := range sp.calls {
			st.calls[i] |= w
		}
	})
	if p.Boundary != nil {
		sp := ix.of(p.Boundary.Doc)
		for i, w := range sp.calls {
			st.calls[i] &= w
		}
	}
	if isServiceLinked(origin) {
		clear(st.calls) // nobody but AWS makes any
	}
	if !st.broad && !slices.ContainsFunc(d.c.methods, func(m *escalation.Method) bool { return d.offers(st, m) }) {
		return nil
	}
	st.id = d.number(st, form)
	st.a = d.c.s.actorOf(origin)
	st.a.principal = p
	st.a.caller.Tags = p.Tags
	return st
}

// number returns the id of a state. Of one crowd all are alike whose policies don't
// read who asks.
func (d *judge) number(st *state, form string) int {
	apart := false
	var heard []byte
	look := func(doc *policy.Document) {
		sp := d.c.calls.of(doc)
		apart = apart || sp.apart
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
	if !apart {
		who = d.c.s.crowdOf(st.origin).members[0].ARN
	}
	key := form + "\x00" + string(heard) + "\x00" + who
	id, ok := d.ids[key]
	if !ok {
		id = len(d.ids)
		d.ids[key] = id
	}
	return id
}

// offers reports whether the policies of a state may allow what a method needs.
func (d *judge) offers(st *state, m *escalation.Method) bool {
	for i := range m.Needs {
		n := &m.Needs[i]
		switch {
		case n.Entered:
			continue // the trust policy may be enough
		case n.On == escalation.SelfUser && st.p.Kind != inventory.User, n.On == escalation.SelfRole && st.p.Kind != inventory.Role,
			!st.may(d.c.calls, n.Actions):
			return false
		}
	}
	return true
}

// methodsOf lists the methods that take over another principal and that the
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
		if left := d.call(&top, du.action, du.resource); left.when != guard.True {
			continue // control policies leave it to nobody like it
		}
		if v = v.and(d.call(st, du.action, du.resource)); v.never() {
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

// maxTurns bounds the states of one principal that are followed.
const maxTurns = 24

// turns lists what a principal may turn itself into, itself first.
func (d *judge) turns(from *state) []*state {
	list := []*state{from}
	seen := map[int]bool{from.id: true}
	for i := 0; i < len(list) && len(list) < maxTurns; i++ {
		st := list[i]
		if v := d.admin(st); v.certain() {
			continue
		}
		d.turnsOf(st, func(next *state) {
			if next != nil && !seen[next.id] && len(list) < maxTurns {
				seen[next.id] = true
				list = append(list, next)
			}
		})
	}
	// What is certain goes first.
	slices.SortStableFunc(list, func(a, b *state) int {
		switch {
		case a.certain() == b.certain():
			return len(a.legs) - len(b.legs)
		case a.certain():
			return -1
		}
		return 1
	})
	return list
}

// turnsOf yields what a state may turn itself into by one method.
func (d *judge) turnsOf(st *state, yield func(*state)) {
	form := formOf(st)
	turn := func(m *escalation.Method, what, through string, p *inventory.Principal, v ruling) {
		if v.never() {
			return
		}
		v = v.given(ifOf(m)...)
		legs := append(slices.Clip(st.legs), leg{st.origin, m.ID, through, v})
		yield(d.state(st.origin, p, form+m.ID+" "+what, legs))
	}
	isRaised := slices.ContainsFunc(st.p.Inline, func(p *inventory.Policy) bool { return p.Doc == everything })
	guarded := d.guarded(st.origin)
	for _, m := range d.c.methods {
		if on := m.Needs[0].On; guarded && on != escalation.OwnPolicy && on != escalation.OwnBound { // customers keep their policies on it
			continue
		}
		if !d.offers(st, m) {
			continue
		}
		switch m.Move {
		case escalation.Raise:
			if !isRaised {
				turn(m, "", "", raised(st.p), d.raise(st, m))
			}
		case escalation.Version:
			for _, pol := range ownPolicies(st.p) {
				v := d.call(st, m.Needs[0].Actions[0], pol.ARN)
				if v.never() {
					continue
				}
				for _, w := range pol.Versions {
					turn(m, pol.ARN+" "+w.ID, pol.ARN+" "+w.ID, replaced(st.p, pol, &inventory.Policy{Name: pol.Name, ARN: pol.ARN, Doc: w.Doc}), v)
				}
			}
		case escalation.Join:
			if st.p.Kind != inventory.User {
				continue
			}
			for _, g := range d.in.Held().Groups {
				if len(g.Inline)+len(g.Attached) > 0 && !slices.Contains(st.p.Groups, g) {
					q := *st.p
					q.Groups = append(slices.Clip(q.Groups), g)
					turn(m, g.ARN, g.ARN, &q, d.call(st, m.Needs[0].Actions[0], g.ARN))
				}
			}
		case escalation.Unbound:
			if st.p.Boundary != nil {
				q := *st.p
				q.Boundary = nil
				turn(m, "", st.p.Boundary.ARN, &q, d.unbind(st, m))
			}
		case escalation.Undeny:
			d.undeny(st, m, turn)
		case escalation.Tag:
			d.tag(st, m, turn)
		}
	}
}

// formOf writes what was changed before a state came about.
func formOf(st *state) (form string) {
	for _, l := range st.legs {
		form += l.kind + " " + l.through + ","
	}
	return form
}

// isServiceLinked reports whether only a service has sessions of a role.
func isServiceLinked(p *inventory.Principal) bool {
	return strings.HasPrefix(p.Path, "/aws-service-role/")
}

// guarded reports whether nobody but AWS changes a role: that of a service, or one
// that Identity Center keeps (IAM user guide, "Service-linked roles"; Identity Center
// user guide, "Permission sets", 2026 crawl).
func (d *judge) guarded(p *inventory.Principal) bool {
	return isServiceLinked(p) || strings.HasPrefix(p.Path, "/aws-reserved/")
}

func ifOf(m *escalation.Method) []string {
	if m.If == "" {
		return nil
	}
	return []string{m.If}
}

// ownPolicies lists the customer managed policies on a principal and its groups.
func ownPolicies(p *inventory.Principal) (list []*inventory.Policy) {
	policiesOf(p, func(_ string, pol *inventory.Policy) {
		if isCustomers(pol, p.Account) && !slices.Contains(list, pol) {
			list = append(list, pol)
		}
	})
	return list
}

func isCustomers(pol *inventory.Policy, a *inventory.Account) bool {
	return strings.Contains(pol.ARN, ":iam::"+a.ID+":policy/")
}

// replaced returns p with another policy in place of one; nil takes it away.
func replaced(p *inventory.Principal, old, with *inventory.Policy) *inventory.Principal {
	swap := func(list []*inventory.Policy) (out []*inventory.Policy) {
		for _, pol := range list {
			switch {
			case pol != old:
				out = append(out, pol)
			case with != nil:
				out = append(out, with)
			}
		}
		return out
	}
	q := *p
	q.Inline, q.Attached = swap(p.Inline), swap(p.Attached)
	q.Groups = slices.Clone(p.Groups)
	for i, g := range q.Groups {
		h := *g
		h.Inline, h.Attached = swap(g.Inline), swap(g.Attached)
		q.Groups[i] = &h
	}
	return &q
}

// administrator is the policy of AWS that allows everything.
func (d *judge) administrator() string {
	return "arn:" + d.in.Partition + ":iam::aws:policy/AdministratorAccess"
}

// maxVersions is how many versions a managed policy may have. Source: IAM user guide,
// "IAM and AWS STS quotas", 2026 crawl.
const maxVersions = 5

// raise decides whether a state may give itself every right by a method.
func (d *judge) raise(st *state, m *escalation.Method) ruling {
	best := ruling{}
	try := func(v ruling) {
		if v.better(&best) {
			best = v
		}
	}
	n := &m.Needs[len(m.Needs)-1]
	for _, action := range n.Actions {
		switch n.On {
		case escalation.SelfUser, escalation.SelfRole:
			if n.WithNewPolicy {
				try(d.ownNew(st, m.Needs[0].Actions[0], action))
				continue
			}
			try(d.empower(st, action, st.p))
		case escalation.OwnGroup:
			for _, g := range st.p.Groups {
				try(d.call(st, action, g.ARN, is("iam:policyarn", d.administrator())))
			}
		case escalation.OwnPolicy:
			for _, pol := range ownPolicies(st.p) {
				try(d.rewrite(st, action, pol))
			}
		}
	}
	return best
}

// boundaryOn is the key that tells the boundary of who is changed.
func (d *judge) boundaryOn(p *inventory.Principal) keyFact {
	if p.Boundary == nil {
		return keyFact{"iam:permissionsboundary", nil}
	}
	return is("iam:permissionsboundary", p.Boundary.ARN)
}

// rewrite decides whether a state may make a new version of a policy.
func (d *judge) rewrite(st *state, action string, pol *inventory.Policy) ruling {
	v := d.call(st, action, pol.ARN)
	if len(pol.Versions)+1 >= maxVersions {
		v = v.and(d.call(st, "iam:DeletePolicyVersion", pol.ARN))
	}
	return v
}

// unbind decides whether a state may take off, or loosen, its permissions boundary.
func (d *judge) unbind(st *state, m *escalation.Method) ruling {
	action := m.Needs[0].Actions[0]
	if m.Needs[0].On == escalation.OwnBound {
		if !isCustomers(st.p.Boundary, st.p.Account) {
			return ruling{}
		}
		return d.rewrite(st, action, st.p.Boundary)
	}
	if strings.HasPrefix(action, "iam:Put") {
		return d.call(st, action, st.p.ARN, is("iam:permissionsboundary", d.administrator()))
	}
	return d.call(st, action, st.p.ARN, d.boundaryOn(st.p))
}

// undeny yields states without a policy that denies something.
func (d *judge) undeny(st *state, m *escalation.Method, turn func(*escalation.Method, string, string, *inventory.Principal, ruling)) {
	denies := func(pol *inventory.Policy) bool {
		return slices.ContainsFunc(pol.Doc.Statements, func(s *policy.Statement) bool { return s.Effect == policy.Deny })
	}
	kind := "User"
	if st.p.Kind == inventory.Role {
		kind = "Role"
	}
	drop := func(list []*inventory.Policy, action, resource string) {
		for _, pol := range list {
			if denies(pol) {
				turn(m, pol.Name+pol.ARN, pol.Label(resource), replaced(st.p, pol, nil), d.call(st, action, resource, is("iam:policyarn", pol.ARN)))
			}
		}
	}
	drop(st.p.Attached, "iam:Detach"+kind+"Policy", st.p.ARN)
	drop(st.p.Inline, "iam:Delete"+kind+"Policy", st.p.ARN)
	for _, g := range st.p.Groups {
		drop(g.Attached, "iam:DetachGroupPolicy", g.ARN)
		drop(g.Inline, "iam:DeleteGroupPolicy", g.ARN)
		if slices.ContainsFunc(g.Attached, denies) || slices.ContainsFunc(g.Inline, denies) {
			q := *st.p
			q.Groups = slices.DeleteFunc(slices.Clone(q.Groups), func(h *inventory.Group) bool { return h == g })
			turn(m, g.ARN, g.ARN, &q, d.call(st, "iam:RemoveUserFromGroup", g.ARN))
		}
	}
}

// tag yields the state with the tags that its policies ask for, where it may set
// them.
func (d *judge) tag(st *state, m *escalation.Method, turn func(*escalation.Method, string, string, *inventory.Principal, ruling)) {
	tags := map[string]string{}
	policiesOf(st.p, func(_ string, pol *inventory.Policy) {
		for _, s := range pol.Doc.Statements {
			for i := range s.Conditions {
				c := &s.Conditions[i]
				name, ok := strings.CutPrefix(c.LowerKey(), "aws:principaltag/")
				if ok && len(c.Values) > 0 && !strings.ContainsAny(c.Values[0], "*?$") && s.Effect == policy.Allow {
					tags[c.Key[len(c.Key)-len(name):]] = c.Values[0]
				}
			}
		}
	})
	if len(tags) == 0 {
		return
	}
	action := "iam:TagUser"
	if st.p.Kind == inventory.Role {
		action = "iam:TagRole"
	}
	v, all := always, map[string]string{}
	for k, t := range st.p.Tags {
		all[k] = t
	}
	names := make([]string, 0, len(tags))
	for k := range tags {
		names = append(names, k)
	}
	slices.Sort(names)
	for _, k := range names {
		all[k] = tags[k]
		v = v.and(d.call(st, action, st.p.ARN, is("aws:requesttag/"+strings.ToLower(k), tags[k]), is("aws:tagkeys", k)))
	}
	q := *st.p
	q.Tags = all
	turn(m, strconv.Itoa(len(names))+st.p.ARN, strings.Join(names, ", "), &q, v)
}
