package solver

import (
	"slices"
	"sync"

	"pathfinder/graphmodel"
	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
)

// Whoever is no user or role of the snapshot and has access to resources itself: root
// users, services, accounts and principals elsewhere, anybody. A survey does not hold
// them. They are asked one by one, and once for all targets of which everything is equal
// that bears on their answer:
//
//   - for the root user of the account that holds the target, as for other callers of
//     the account, the shape of the target and the fence of the account, with what their
//     tests come to for a root user (E106);
//   - for everybody else the shape, the policy itself, with how its statements cover the
//     target, for the shape leaves out those for services, and the policies of the
//     organization that bear on them.
//
// Root users of other accounts of the organization are under its service control
// policies. They share an answer about one target, where their accounts stand alike
// (standing): an organization has many accounts and few ways of standing in it.

// outside asks whoever is no user or role of the snapshot. Accounts are entered one
// after the other.
type outside struct {
	rows   *Rows
	w      *walker
	fences map[earKey]*fence
	known  sync.Map // string → *otherAnswer
}

// An otherParty is somebody that may have access, with what it may do.
type otherParty struct {
	from   actor
	key    string // equal for those of one answer; "" for one that is asked by itself
	here   bool   // key holds for this target alone
	answer *otherAnswer
}

// An otherAnswer is what somebody may do. Answers that depend on something hold the
// words of one account, and are kept for each.
type otherAnswer struct {
	grants []Grant
	terms  uint32 // + 1, once they were numbered
}

func (o *outside) enter(w *walker) { o.w, o.fences = w, map[earKey]*fence{} }

// parties lists whom to ask about a target.
func (o *outside) parties(t *rowTarget) (list []otherParty) {
	s := o.rows.v.s
	class := o.class(t)
	var q *audience[[]Grant] // of root users elsewhere
	for _, a := range s.candidates(t.target).others {
		if a.plain() {
			continue // the survey knows it
		}
		p := otherParty{from: a}
		switch in := s.inv.Account(a.caller.Account); {
		case a.caller.Kind == CallerRoot && a.caller.Account == t.t.account:
			p.key = o.rootClass(t, &a)
		case class != "" && (in == nil || !s.limited(in)):
			p.key = class + a.caller.ARN
		case a.caller.Kind == CallerRoot && in != nil:
			if q == nil {
				q = newAudience[[]Grant](s, t.target, t.t.ear.cells.asksOf(t.t), nil, nil)
			}
			p.key, p.here = q.standing(&a, in), true
		}
		list = append(list, p)
	}
	if class == "" || slices.ContainsFunc(statementsOf(t.res.Policy), graphmodel.Everybody) {
		p := otherParty{from: actor{caller: Caller{Kind: CallerAnonymous, ARN: "anonymous"}}}
		if class != "" {
			p.key = class + "anonymous"
		}
		list = append(list, p)
	}
	return list
}

func statementsOf(doc *policy.Document) []*policy.Statement {
	if doc == nil {
		return nil
	}
	return doc.Statements
}

// class is equal for targets on which everybody from elsewhere has the same access; ""
// where the target stands for itself.
func (o *outside) class(t *rowTarget) string {
	x := t.t
	if x.alone || x.key != nil || x.behind != nil || t.res.AccessPoint != nil || len(t.res.KMSGrants) > 0 {
		return ""
	}
	b := appendNumber(appendNumber([]byte{'o'}, x.shape), x.ear.cells.id)
	b = appendPointer(b, t.res.Policy)
	for _, st := range statementsOf(t.res.Policy) { // the shape lacks those for services
		b, _ = x.appendCover(b, st)
	}
	b = append(append(b, x.unit...), 0)
	for _, p := range o.w.x.account.RCPs {
		b = appendPointer(b, p.Doc)
	}
	return string(b)
}

// rootClass is equal for targets on which the root users of their accounts have the
// same access.
func (o *outside) rootClass(t *rowTarget, root *actor) string {
	x, w := t.t, o.w
	f := o.fences[x.ear.key()]
	if f == nil {
		read := w.fenceOf(&x.ear)
		f = &read
		o.fences[x.ear.key()] = f
	}
	if x.alone || x.route || f.apart || f.route || f.foreign {
		return ""
	}
	fence, _ := w.fenceAt(f, x)
	b := appendNumber(appendNumber(appendNumber([]byte{'r'}, x.shape), x.ear.cells.id), fence)
	all := bothTell(&tells{tests: f.tests, patterns: f.patterns}, &x.tells)
	if !all.none() {
		whole := subject{}
		b = whole.appendTells(b, &all, newEval(&Case{Caller: root.caller, Context: w.sv.s.ctx}, false))
	}
	return string(b)
}

// kept returns the answer that is known by one of some keys, nil for none.
func (o *outside) kept(keys ...string) *otherAnswer {
	for _, key := range keys {
		if known, ok := o.known.Load(key); ok {
			return known.(*otherAnswer)
		}
	}
	return nil
}

// ask asks whoever may have access to a target. It is safe for concurrent use.
func (o *outside) ask(t *rowTarget) {
	f := o.rows.v.s.finder()
	asks, here := t.t.ear.cells.asksOf(t.t), map[string]*otherAnswer{}
	for i := range t.others {
		p := &t.others[i]
		own := p.key + "\x00" + t.t.account
		if p.here {
			p.answer = here[p.key]
		} else {
			p.answer = o.kept(p.key, own)
		}
		if p.answer != nil {
			continue
		}
		p.answer = &otherAnswer{grants: f.terms(&p.from, t.target, asks)}
		switch {
		case p.key == "":
		case p.here:
			here[p.key] = p.answer
		case slices.ContainsFunc(p.answer.grants, func(g Grant) bool { return g.Conditional() }):
			o.known.Store(own, p.answer)
		default:
			o.known.Store(p.key, p.answer)
		}
	}
}

// standing returns a text that is equal for callers without policies of their own of whom
// everything is equal that bears on the answer, as root users; "" for one that is asked by
// itself.
func (q *audience[R]) standing(a *actor, in *inventory.Account) string {
	g := q.ground(in)
	if q.damaged || g.damaged || q.named[a.caller.ARN] || q.s.cfg.Singly {
		return ""
	}
	b := append(append(flagsOf(&a.caller), g.id...), 0xff)
	if all := bothTell(&q.tells, &g.tells); !all.none() {
		b = q.about.appendTells(b, &all, newEval(&Case{Caller: a.caller, Context: q.s.ctx}, false))
	}
	return string(b)
}
