package solver

import (
	"encoding/binary"
	"slices"
	"strings"

	"pathfinder/graphmodel/arn"
	"pathfinder/graphmodel/catalog"
	"pathfinder/graphmodel/escalation"
	"pathfinder/graphmodel/guard"
	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
)

// Most calls that an escalation needs are decided by statements without
// conditions, in services whose resources carry no policy. These are read here,
// without labels: nobody allows the call, or an unconditional Deny speaks, or all gates
// are open by unconditional Allows and no Deny speaks (E83, E86, E90, E109). All else is
// left to the engine, and a test holds the two together.

// A remark is a statement that speaks about an action, with its policy.
type remark struct {
	st  *policy.Statement
	src Source
}

// remarks are all statements that speak about an action when a state asks.
type remarks struct {
	identity []remark
	boundary []remark
	levels   [][]remark // of service control policies
	gates    [][]remark // those that have to be passed, identity first
	damaged  bool       // of some document not everything could be read
	unread   []string   // which, as what else has to be true
	// patterns are the resources that each of them speaks about, in the order of
	// all; apart says that something else of a resource bears on them.
	patterns [][]arn.Pattern
	apart    bool
	// signature is what they say for any account, once signed; see sign.
	signature      []byte
	signed, common bool
	// wanted are taggings of what the call is made on; see wantedOf.
	wanted      []tagging
	wantedKnown bool
}

// speaking lists the statements that speak about an action when a state asks.
func (d *judge) speaking(st *state, action string) *remarks {
	key := string(binary.AppendUvarint(nil, uint64(st.id+1))) + action //nolint:gosec // a place in a list
	if known, ok := d.about[key]; ok {
		return known
	}
	r := &remarks{}
	st = d.first[st.id]
	service, name := splitAction(action)
	look := func(to []remark, src Source) []remark {
		if len(src.Doc.Faults) > 0 && src.Doc.Damaged() {
			r.damaged, r.unread = true, appendNew(r.unread, although(notRead(&src)))
		}
		return appendRemarks(to, src, service, name)
	}
	policiesOf(st.p, func(owner string, p *inventory.Policy) {
		r.identity = look(r.identity, Source{Name: p.Label(owner), Doc: p.Doc})
	})
	if st.p.Boundary != nil {
		r.boundary = look(nil, Source{Name: st.p.ARN, Doc: st.p.Boundary.Doc})
	}
	for i := range d.levels {
		var list []remark
		for _, src := range d.levels[i].Policies {
			list = look(list, src)
		}
		r.levels = append(r.levels, list)
	}
	r.gates = [][]remark{r.identity}
	if st.p.Boundary != nil {
		r.gates = append(r.gates, r.boundary)
	}
	if !st.a.caller.Management {
		r.gates = append(r.gates, r.levels...)
	}
	r.all(func(st *policy.Statement) {
		r.apart = r.apart || len(st.Resources) > 8 || readsResource(st) || readsTags(st) // bits of a byte
		list := make([]arn.Pattern, 0, len(st.Resources))
		for i := range st.Resources {
			pattern, state, _ := st.Resources[i].Expand(policy.Values{})
			r.apart = r.apart || state != policy.Present || len(st.Resources[i].Variables()) > 0
			list = append(list, pattern)
		}
		r.patterns = append(r.patterns, list)
	})
	d.about[key] = r
	return r
}

// appendRemarks appends the statements of a policy that speak about an action.
func appendRemarks(to []remark, src Source, service, name string) []remark {
	for _, s := range src.Doc.Statements {
		if !s.Broken && s.MatchAction(service, name) {
			to = append(to, remark{s, src})
		}
	}
	return to
}

// all yields every statement.
func (r *remarks) all(yield func(*policy.Statement)) {
	for _, list := range append([][]remark{r.identity, r.boundary}, r.levels...) {
		for i := range list {
			yield(list[i].st)
		}
	}
}

// A bearingOn says how a statement relates to what is asked about.
type bearingOn uint8

const (
	speaksNot bearingOn = iota
	speaksPartly
	speaks
)

// onOne relates statements to one resource.
func onOne(resource string) func(*policy.Statement) bearingOn {
	return func(s *policy.Statement) bearingOn {
		yes := false
		for i := range s.Resources {
			pattern, state, _ := s.Resources[i].Expand(policy.Values{})
			if state != policy.Present || len(s.Resources[i].Variables()) > 0 {
				return speaksPartly
			}
			switch pattern.Match(resource) {
			case arn.Exact:
				yes = true
			case arn.RunOn:
				return speaksPartly
			case arn.NoFit:
			}
		}
		if yes != s.NotResource {
			return speaks
		}
		return speaksNot
	}
}

// onKind relates statements to all resources that a pattern covers.
func onKind(text string) func(*policy.Statement) bearingOn {
	kind := arn.NewPattern(arn.NewGlob(text), false)
	return func(s *policy.Statement) bearingOn {
		out := speaksNot
		for i := range s.Resources {
			pattern, state, _ := s.Resources[i].Expand(policy.Values{})
			switch {
			case s.NotResource, state != policy.Present, len(s.Resources[i].Variables()) > 0:
				return speaksPartly
			case pattern.All():
				return speaks
			case pattern.Overlaps(kind) && !reservedName(text, s.Resources[i].Text):
				out = speaksPartly
			}
		}
		return out
	}
}

// A stand is what statements of one gate say about what is asked.
type stand struct {
	allows, denies   bool // all of it, without a condition
	perhaps, objects bool // some of it, or with one
	because          []StatementRef
}

// standOf reads the statements of one gate, with those that allow all if named is set.
func standOf(list []remark, on func(*policy.Statement) bearingOn, named bool) (s stand) {
	for i := range list {
		st := list[i].st
		how := on(st)
		if how == speaksNot {
			continue
		}
		open := how == speaksPartly || len(st.Conditions) > 0
		switch {
		case st.Effect == policy.Deny && open:
			s.objects = true
		case st.Effect == policy.Deny:
			s.denies = true
		case open:
			s.perhaps = true
		default:
			s.allows = true
			if !named {
				continue
			}
			s.because = append(s.because, ref(&list[i].src, st))
		}
	}
	return s
}

// opinion is what all gates together say, without the engine.
type opinion uint8

const (
	unsettled opinion = iota
	refused
	granted
)

// opinionOn reads the gates of a state. on says how a statement relates to what is
// asked about.
func (d *judge) opinionOn(st *state, action string, on func(*policy.Statement) bearingOn) (o opinion, because []StatementRef) {
	r := d.speaking(st, action)
	if r.damaged {
		return unsettled, nil
	}
	o = granted
	for i, list := range r.gates {
		s := standOf(list, on, i == 0)
		if s.denies || !s.allows && !s.perhaps {
			return refused, nil
		}
		if !s.allows || s.objects || i == 0 && s.perhaps {
			o = unsettled
		}
		if i == 0 {
			because = s.because
		}
	}
	return o, because
}

// needsNoMore reports whether opinions decide calls of an action: nothing but policies on
// the caller and its account bears on them.
func needsNoMore(st *state, action string) bool {
	service, name := splitAction(action)
	return (service == "iam" || !policyServices[service] && !catalog.Default().SupportsRCP(service)) && service != "sts" &&
		callNeeds[service+":"+name] == nil && !openWithoutPolicy[service+":"+name] &&
		!st.a.caller.ServiceLinked && len(st.a.session) == 0 && st.a.history == nil
}

// plainly decides a call where that needs no engine; ok is false where it does.
func (d *judge) plainly(st *state, action, resource string) (v ruling, ok bool) {
	if d.c.care == thorough || !needsNoMore(st, action) {
		return v, false
	}
	switch o, because := d.opinionOn(st, action, onOne(resource)); o {
	case refused:
		return ruling{}, true
	case granted:
		return ruling{when: guard.True, because: sortRefs(because)}, true
	case unsettled:
	}
	return v, false
}

// plainlyAnywhere is plainly for calls on one thing of a kind.
func (d *judge) plainlyAnywhere(st *state, pattern string, needs []escalation.Need) (v ruling, ok bool) {
	if d.c.care == thorough {
		return v, false
	}
	on := onOne(pattern)
	if pattern != "*" {
		on = onKind(pattern)
	}
	if why := d.together(st, on, needs); why != nil {
		return ruling{when: guard.True, because: why}, true
	}
	v, ok = always, true
	for i := range needs {
		one, none := opinion(unsettled), true
		var because []StatementRef
		for _, action := range needs[i].Actions {
			o, why := d.opinionOn(st, action, on)
			if !needsNoMore(st, action) {
				// A policy of an existing thing may let in whom its own do not; what is
				// new has none.
				if none = false; !strings.HasPrefix(action, "lambda:") || callNeeds[strings.ToLower(action)] != nil {
					continue
				}
			}
			if none = none && o == refused; o == granted {
				one, because = o, why
				break
			}
		}
		if none {
			return ruling{}, true
		}
		ok = ok && one == granted
		v.because = append(slices.Clip(v.because), because...)
	}
	v.because = sortRefs(nonNil(v.because))
	return v, ok
}

// together returns a statement that allows all calls on something of a kind, where
// nothing else takes that away: nil for none. What one statement allows, it allows on
// the same things.
func (d *judge) together(st *state, on func(*policy.Statement) bearingOn, needs []escalation.Need) []StatementRef {
	var all []*remarks
	for i := range needs {
		var fit *remarks
		for _, action := range needs[i].Actions {
			if service, _ := splitAction(action); !needsNoMore(st, action) && service != "lambda" || callNeeds[strings.ToLower(action)] != nil {
				continue
			}
			if r := d.speaking(st, action); d.unhindered(st, r, on) {
				fit = r
				break
			}
		}
		if fit == nil {
			return nil
		}
		all = append(all, fit)
	}
	for i := range all[0].identity {
		one := &all[0].identity[i]
		if one.st.Effect != policy.Allow || len(one.st.Conditions) > 0 || one.st.NotResource || !static(one.st) || on(one.st) == speaksNot {
			continue
		}
		if !slices.ContainsFunc(all[1:], func(r *remarks) bool {
			return !slices.ContainsFunc(r.identity, func(m remark) bool { return m.st == one.st })
		}) {
			return []StatementRef{ref(&one.src, one.st)}
		}
	}
	return nil
}

// unhindered reports whether nothing denies a call on something of a kind, and
// boundary and control policies allow it on all of them.
func (d *judge) unhindered(st *state, r *remarks, on func(*policy.Statement) bearingOn) bool {
	if r.damaged {
		return false
	}
	if s := standOf(r.identity, on, false); s.denies || s.objects {
		return false
	}
	gates := r.levels
	if st.a.caller.Management {
		gates = nil
	}
	if st.p.Boundary != nil {
		gates = append([][]remark{r.boundary}, gates...)
	}
	for _, list := range gates {
		if s := standOf(list, on, false); s.denies || s.objects || !s.allows {
			return false
		}
	}
	return true
}

// static reports whether no variable stands in the resources of a statement.
func static(s *policy.Statement) bool {
	return !slices.ContainsFunc(s.Resources, func(r policy.ResourcePattern) bool { return len(r.Variables()) > 0 })
}
