package solver

import (
	"maps"
	"math"
	"math/bits"
	"slices"
	"strings"

	"pathfinder/graphmodel/arn"
	"pathfinder/graphmodel/escalation"
	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
)

// Who may attach some policies alone has not every right by it, but what they say; and what
// it may make of them: one that it may rewrite has every right in a moment.

// managed lists the managed policies that the snapshot holds of the account, by ARN:
// what hangs on somebody, and what hangs on nobody.
func (d *judge) managed() map[string]*inventory.Policy {
	if d.policies != nil {
		return d.policies
	}
	d.policies = map[string]*inventory.Policy{}
	add := func(list []*inventory.Policy) {
		for _, pol := range list {
			if pol.ARN != "" && d.policies[pol.ARN] == nil {
				d.policies[pol.ARN] = pol
			}
		}
	}
	held := d.in.Held()
	for _, p := range d.in.Principals() {
		add(p.Attached)
	}
	for _, g := range held.Groups {
		add(g.Attached)
	}
	add(held.Policies)
	return d.policies
}

// iamRights is what AWS gives all of IAM with: more of it does not allow more of IAM. Source:
// AWS managed policy reference, IAMFullAccess, 2026 crawl.
var iamRights = policy.Parse([]byte(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"iam:*","Resource":"*"}]}`), policy.Identity)

// iamFull is the policy of AWS that allows all of IAM.
func (d *judge) iamFull() *inventory.Policy {
	return &inventory.Policy{Name: "IAMFullAccess", ARN: "arn:" + d.in.Partition + ":iam::aws:policy/IAMFullAccess", Doc: iamRights}
}

// maxMighty bounds the policies that are tried of those that allow everything. Of others, those
// are tried that conditions name: see attachable.
const maxMighty = 4

// mighty lists policies that allow everything: that of AWS, and those of the account.
func (d *judge) mighty() []string {
	if d.mightiest == nil {
		d.mightiest = []string{d.administrator()}
		for _, name := range slices.Sorted(maps.Keys(d.managed())) {
			if pol := d.managed()[name]; len(d.mightiest) < maxMighty && isCustomers(pol, d.in) && allowsEverything(pol.Doc) {
				d.mightiest = append(d.mightiest, name)
			}
		}
	}
	return d.mightiest
}

// maxAttachable bounds the policies that are tried of those that a state may attach; those
// that allow most come first.
const maxAttachable = 32

// attachable yields the policies that a state may attach to somebody by a call, where
// statements about the call ask which one it is, and that help who climbs.
func (d *judge) attachable(st *state, action, resource string, facts []keyFact, yield func(*inventory.Policy, ruling)) {
	if !d.asksWhich(st, action) {
		return // it may attach what allows everything, or nothing
	}
	const key = "iam:policyarn"
	globs := d.patternsFor(st, action, key)
	rewrites := st.may(d.c.calls, []string{"iam:CreatePolicyVersion", "iam:SetDefaultPolicyVersion"})
	tried := 0
	full := d.iamFull()
	names := slices.Sorted(maps.Keys(d.managed()))
	strength := func(name string) int {
		doc := d.managed()[name].Doc
		if d.c.goal.helpedBy(doc) {
			return math.MaxInt32
		}
		return d.c.calls.of(doc).strength()
	}
	slices.SortStableFunc(names, func(a, b string) int { return strength(b) - strength(a) })
	for i, name := range append([]string{full.ARN}, names...) {
		pol := d.managed()[name]
		if pol == nil {
			pol = full
		} else if i > 0 && name == full.ARN {
			continue // it came first
		}
		named := len(globs) == 0 || slices.ContainsFunc(globs, func(g arn.Glob) bool { return g.Match(name) || strings.Contains(g.Policy(), "$") })
		if !named || !d.helps(pol) && !(rewrites && isCustomers(pol, d.in)) {
			continue
		}
		if v := d.call(st, action, resource, append(slices.Clip(facts), is(key, name))...); !v.never() {
			if tried++; tried > maxAttachable {
				d.left = true
				return
			}
			yield(pol, v)
		}
	}
	if d.c.goal == nil {
		return // what gives every right of those of AWS is known
	}
	for _, u := range d.unheld(globs) {
		if v := d.call(st, action, resource, append(slices.Clip(facts), is(key, u.one))...); !v.never() {
			if tried++; tried > maxAttachable {
				d.left = true
				return
			}
			yield(&inventory.Policy{ARN: u.name, Doc: everything}, v.given(u.told))
		}
	}
}

// An unheldPolicy is some managed policy that the snapshot does not hold.
type unheldPolicy struct{ name, one, told string }

// unheld lists policies that the snapshot does not hold and that conditions on which one it is
// may mean: those that they name, and of those of AWS one for each pattern, as a
// snapshot holds no others of them than hang on somebody.
func (d *judge) unheld(globs []arn.Glob) (list []unheldPolicy) {
	ofAWS := "arn:" + d.in.Partition + ":iam::aws:policy/"
	patterns := make([]string, len(globs))
	for i, g := range globs {
		patterns[i] = g.Policy()
	}
	if len(globs) == 0 {
		patterns = []string{"*"} // they name those that it is not
	}
	for _, text := range patterns {
		switch {
		case strings.Contains(text, "$"):
		case !strings.ContainsAny(text, "*?"):
			if d.managed()[text] == nil && text != d.iamFull().ARN && arn.Is(text) {
				list = append(list, unheldPolicy{text, text, "the policy " + text + ", which the snapshot does not hold, allows what follows"})
			}
		case strings.HasPrefix(text, ofAWS) || arn.NewGlob(text).Match(ofAWS+someOf("*")):
			if !strings.HasPrefix(text, ofAWS) {
				text = ofAWS + "*"
			}
			list = append(list, unheldPolicy{text, someOf(text), "some policy of AWS that may be attached, " + text + ", allows what follows"})
		}
	}
	return list
}

// asksWhich reports whether statements about a call ask which policy is attached.
func (d *judge) asksWhich(st *state, action string) (yes bool) {
	d.speaking(st, action).all(func(s *policy.Statement) {
		for i := range s.Conditions {
			yes = yes || s.Conditions[i].LowerKey() == "iam:policyarn"
		}
	})
	return yes
}

// helps reports whether a policy may allow a call of some method, or what is to be reached.
func (d *judge) helps(pol *inventory.Policy) bool {
	return d.c.calls.of(pol.Doc).helps() || d.c.goal.helpedBy(pol.Doc)
}

// helps reports whether a document may allow a call of some method.
func (o *offer) helps() bool {
	return o.broad || slices.ContainsFunc(o.calls, func(w uint64) bool { return w != 0 })
}

// strength is greater for a document that may allow more calls of methods.
func (o *offer) strength() (n int) {
	if o.broad {
		return math.MaxInt32
	}
	for _, w := range o.calls {
		n += bits.OnesCount64(w)
	}
	return n
}

// strengthOf is that of the strongest policy on a principal.
func (d *judge) strengthOf(p *inventory.Principal) (n int) {
	policiesOf(p, func(_ string, pol *inventory.Policy) { n = max(n, d.c.calls.of(pol.Doc).strength()) })
	return n
}

// has reports whether a managed policy hangs on a principal or its groups.
func has(p *inventory.Principal, name string) (yes bool) {
	policiesOf(p, func(_ string, pol *inventory.Policy) { yes = yes || pol.ARN == name })
	return yes
}

// attached yields somebody with a policy more on itself or on a group of its own.
func (d *judge) attached(st *state, action string, on *inventory.Principal, group *inventory.Group, turn turning) {
	resource, facts := on.ARN, []keyFact{d.boundaryOn(on)}
	if group != nil {
		resource, facts = group.ARN, nil
	}
	d.attachable(st, action, resource, facts, func(pol *inventory.Policy, v ruling) {
		if has(on, pol.ARN) {
			return
		}
		q := *on
		if group == nil {
			q.Attached = append(slices.Clip(q.Attached), pol)
		} else {
			at := slices.Index(q.Groups, group)
			g := *group
			g.Attached = append(slices.Clip(g.Attached), pol)
			q.Groups = slices.Clone(q.Groups)
			q.Groups[at] = &g
		}
		turn("with "+pol.ARN+" on "+resource, pol.ARN, &q, v)
	})
}

// givesNew decides whether a state may make a policy that allows everything and attach it
// to somebody else by a call that asks which one it is.
func (d *judge) givesNew(st *state, attach, resource string, facts []keyFact) ruling {
	const create = "iam:CreatePolicy"
	if resource == st.origin.ARN || !st.may(d.c.calls, []string{create}) || !d.asksWhich(st, attach) {
		return ruling{} // methods of their own say so of the caller itself
	}
	best, made := d.makesAndAttaches(st, create, attach, resource, facts)
	if !best.never() {
		best.more = best.more.with(&more{means: []string{"the policy " + made + " made first"}})
	}
	return best
}

// makesAndAttaches decides the calls that make a policy and attach it to something, both
// on one of the names that are tried, and returns the ARN of that.
func (d *judge) makesAndAttaches(st *state, create, attach, resource string, facts []keyFact) (best ruling, made string) {
	for _, name := range d.newPolicies(st, create, attach) {
		v := d.call(st, create, name)
		if !v.never() {
			v = v.and(d.call(st, attach, resource, append(slices.Clip(facts), is("iam:policyarn", name))...))
		}
		if v.better(&best) {
			best, made = v, name
		}
	}
	return best, made
}

// newPolicies lists ARNs of policies that are not there and that statements about calls
// which make and attach one may cover.
func (d *judge) newPolicies(st *state, create, attach string) []string {
	names := d.names(st, create, "policy")
	for _, g := range d.patternsFor(st, attach, "iam:policyarn") {
		if _, name, ok := strings.Cut(g.Policy(), ":policy/"); ok && len(names) < 2*maxNames && !d.isTaken("policy", someOf(name)) {
			names = appendNew(names, someOf(name))
		}
	}
	for i, name := range names {
		names[i] = "arn:" + d.in.Partition + ":iam::" + d.in.ID + ":policy/" + name
	}
	return names
}

// ownNew decides whether a state may make a policy and attach it to somebody: both
// calls on one name.
func (d *judge) ownNew(st *state, create, attach string, on *inventory.Principal) ruling {
	best, _ := d.makesAndAttaches(st, create, attach, on.ARN, []keyFact{d.boundaryOn(on)})
	makes, attaches := d.patternsFor(st, create, ""), d.patternsFor(st, attach, "iam:policyarn")
	makes = slices.DeleteFunc(makes, func(g arn.Glob) bool {
		_, name, ok := strings.Cut(g.Policy(), ":policy/")
		return ok && !strings.ContainsAny(name, "*?") && d.isTaken("policy", name)
	})
	meet := slices.ContainsFunc(attaches, func(g arn.Glob) bool {
		return slices.ContainsFunc(makes, func(h arn.Glob) bool { return arn.Overlaps(g, h) })
	})
	if !best.never() || !meet {
		return best
	}
	// Both speak of some name, and of none of those that were tried.
	v := d.anywhere(st, d.patternsOf(typeOf("iam", "policy"))[0], []escalation.Need{{Actions: []string{create}}}, manner{})
	return v.and(d.call(st, attach, on.ARN, d.boundaryOn(on)))
}

// patternsFor lists the resources of Allow statements about an action, or the values of
// their conditions on a key in lower case.
func (d *judge) patternsFor(st *state, action, key string) (list []arn.Glob) {
	for _, r := range d.speaking(st, action).identity {
		if r.st.Effect != policy.Allow {
			continue
		}
		for i := range r.st.Resources {
			if key == "" {
				list = append(list, arn.NewGlob(r.st.Resources[i].Text))
			}
		}
		for i := range r.st.Conditions {
			if c := &r.st.Conditions[i]; key != "" && c.LowerKey() == key && !c.Operator.Negated() {
				for _, value := range c.Values {
					list = append(list, arn.NewGlob(value))
				}
			}
		}
	}
	return list
}
