package solver

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
)

// Who may set tags meets what policies ask of tags: its own ones for what its policies
// and trust policies grant to a tag, and those of others for calls on whoever has one.

// A tagging is tags to be set on a user or role, and names of tags to be taken off.
type tagging struct {
	set map[string]string
	off []string
}

const (
	maxTaggings = 64 // that are tried for one call
	maxTagged   = 16 // that somebody is followed with
)

// applied returns tags as they are then.
func (g *tagging) applied(tags map[string]string) map[string]string {
	out := map[string]string{}
	maps.Copy(out, tags)
	maps.DeleteFunc(out, func(k, _ string) bool { return g.changes(k) })
	maps.Copy(out, g.set)
	return out
}

// changes reports whether a tag is set or taken off, whatever the case of its name (E48).
func (g *tagging) changes(name string) bool {
	same := func(k string) bool { return strings.EqualFold(k, name) }
	return slices.ContainsFunc(g.off, same) || slices.ContainsFunc(slices.Collect(maps.Keys(g.set)), same)
}

// bears reports whether there is something to take off, or to set.
func (g *tagging) bears(on map[string]string) bool {
	return len(g.set) > 0 || slices.ContainsFunc(g.off, func(name string) bool { return tagValue(on, name).State != policy.Absent })
}

// text says what is done, as paths tell it.
func (g *tagging) text(on string) string {
	var out []string
	for _, k := range slices.Sorted(maps.Keys(g.set)) {
		out = append(out, "the tag "+k+"="+g.set[k]+" set on "+on)
	}
	for _, k := range g.off {
		out = append(out, "the tag "+k+" taken off "+on)
	}
	return strings.Join(out, " and ")
}

// kindIn is how calls name the kind of a principal.
func kindIn(p *inventory.Principal) string {
	if p.Kind == inventory.Role {
		return "Role"
	}
	return "User"
}

// calls lists the calls that are made on a user or role.
func (g *tagging) calls(on *inventory.Principal) (out []string) {
	if len(g.set) > 0 {
		out = append(out, "iam:Tag"+kindIn(on))
	}
	if len(g.off) > 0 {
		out = append(out, "iam:Untag"+kindIn(on))
	}
	return out
}

// tags decides whether a state may do that to a user or role.
func (d *judge) tags(st *state, on *inventory.Principal, g *tagging) ruling {
	kind := kindIn(on)
	v := always
	for _, k := range slices.Sorted(maps.Keys(g.set)) {
		v = v.and(d.call(st, "iam:Tag"+kind, on.ARN, is("aws:requesttag/"+strings.ToLower(k), g.set[k]), is("aws:tagkeys", k)))
	}
	for _, k := range g.off {
		v = v.and(d.call(st, "iam:Untag"+kind, on.ARN, is("aws:tagkeys", k)))
	}
	return v
}

// maxTagValues bounds the values of one condition that are tried. Few policies have room for
// more.
const maxTagValues = 512

// asksForMore reports whether a condition of a statement on tags of the caller has values
// that are not tried.
func asksForMore(s *policy.Statement) bool {
	return slices.ContainsFunc(s.Conditions, func(c policy.Condition) bool {
		return strings.HasPrefix(c.LowerKey(), "aws:principaltag/") && len(c.Values) > maxTagValues
	})
}

// merged is a tagging and what another one does of other tags.
func (g *tagging) merged(o *tagging) tagging {
	out := tagging{set: maps.Clone(g.set), off: slices.Clone(g.off)}
	if out.set == nil {
		out.set = map[string]string{}
	}
	for k, v := range o.set {
		if !g.changes(k) {
			out.set[k] = v
		}
	}
	for _, k := range o.off {
		if !g.changes(k) {
			out.off = append(out.off, k)
		}
	}
	return out
}

func (g *tagging) empty() bool { return len(g.set) == 0 && len(g.off) == 0 }

// taggingsFor lists taggings by which the conditions of a statement on tags with some prefix, in
// lower case, come out as the caller likes: those of an Allow all hold, or one of a Deny
// does not. own are the caller's tags, which values may stand for.
func taggingsFor(s *policy.Statement, own map[string]string, prefixes ...string) (list []tagging) {
	var first tagging
	var others []tagging
	for i := range s.Conditions {
		c := &s.Conditions[i]
		for _, prefix := range prefixes {
			name, ok := strings.CutPrefix(c.LowerKey(), prefix)
			if !ok || name == "" || len(c.Values) == 0 {
				continue
			}
			options := optionsOf(c, c.Key[len(c.Key)-len(name):], own, s.Effect == policy.Allow)
			if s.Effect == policy.Deny {
				list = append(list, options...)
			} else if len(options) > 0 {
				first = first.merged(&options[0])
				others = append(others, options[1:]...)
			}
		}
	}
	if !first.empty() {
		list = append(list, first)
	}
	for i := range others {
		list = append(list, others[i].merged(&first))
	}
	return list
}

// optionsOf lists taggings of one tag by which a condition on it holds, or does not.
func optionsOf(c *policy.Condition, tag string, own map[string]string, holds bool) (list []tagging) {
	off, some := tagging{off: []string{tag}}, tagging{set: map[string]string{tag: "pathfinder-probe"}}
	switch {
	case c.Operator.IsNull():
		if strings.EqualFold(c.Values[0], "true") == holds {
			return []tagging{off}
		}
		return []tagging{some}
	case c.Operator.Negated() == holds:
		return []tagging{off, some}
	}
	for _, value := range c.Values[:min(len(c.Values), maxTagValues)] {
		if variable, ok := strings.CutPrefix(strings.ToLower(value), "${aws:principaltag/"); ok {
			for k, v := range own {
				if strings.EqualFold(k+"}", variable) {
					value = v
				}
			}
		}
		if strings.ContainsAny(value, "$") {
			continue
		}
		if c.Operator.Wildcards() {
			value = probing.Replace(value)
		}
		list = append(list, tagging{set: map[string]string{tag: value}})
	}
	return list
}

// wantedOf lists taggings of what a call is made on that statements about it may ask for.
func (d *judge) wantedOf(st *state, action string) (list []tagging) {
	r := d.speaking(st, action)
	if r.wantedKnown {
		return r.wanted
	}
	var all tagging
	r.all(func(s *policy.Statement) {
		options := taggingsFor(s, st.p.Tags, "aws:resourcetag/", "iam:resourcetag/")
		list = append(list, options...)
		if len(options) > 0 {
			all = all.merged(&options[0])
		}
	})
	if len(list) > 1 && len(all.set)+len(all.off) > 1 {
		list = append(list, all)
	}
	r.wanted, r.wantedKnown = list[:min(len(list), maxTaggings)], true
	return r.wanted
}

// retagged decides a call on a user or role that is not allowed as its tags are, where the
// caller may change them first.
func (d *judge) retagged(st *state, action, resource string, facts []keyFact) (best ruling) {
	if len(st.calls) == 0 || !st.may(d.c.calls, []string{"iam:TagUser", "iam:TagRole", "iam:UntagUser", "iam:UntagRole"}) || isTagging(action) {
		return best
	}
	wanted := d.wantedOf(st, action)
	if len(wanted) == 0 {
		return best
	}
	on := d.c.s.inv.Principal(resource)
	if on == nil || on.Account != d.in || d.guarded(on) {
		return best
	}
	for i := range wanted {
		g := &wanted[i]
		if !g.bears(on.Tags) {
			continue
		}
		set := d.tags(st, on, g)
		if set.never() {
			continue
		}
		if v := d.ask(st, action, resource, facts, g).and(set); v.better(&best) {
			v.more = v.more.with(&more{means: []string{g.text(on.ARN)}})
			if d.minds(on, g) || on == st.origin && d.minds(st.p, g) {
				v = v.given("what " + on.ARN + " may do is the same with " + g.text(on.ARN))
			}
			best = v
		}
	}
	return best
}

// minds reports whether what a principal may do depends on the tags that are changed.
func (d *judge) minds(p *inventory.Principal, g *tagging) (yes bool) {
	read := func(key string) bool {
		name, ok := strings.CutPrefix(key, "aws:principaltag/")
		return ok && g.changes(name)
	}
	look := func(doc *policy.Document) {
		yes = yes || slices.ContainsFunc(doc.Statements, func(s *policy.Statement) bool { return reads(s, read) })
	}
	policiesOf(p, func(_ string, pol *inventory.Policy) { look(pol.Doc) })
	if p.Boundary != nil {
		look(p.Boundary.Doc)
	}
	for _, doc := range d.scps {
		look(doc)
	}
	return yes
}

func isTagging(action string) bool {
	return strings.HasPrefix(action, "iam:Tag") || strings.HasPrefix(action, "iam:Untag")
}

// tag yields a principal with the tags that its policies, its boundary and control
// policies ask for, where a state may set them. What the trust policies of roles ask for is
// set on the way there: see entry.
func (d *judge) tag(st *state, on *inventory.Principal, turn turning) {
	var all tagging
	var list []tagging
	look := func(doc *policy.Document) {
		for _, s := range doc.Statements {
			options := taggingsFor(s, nil, "aws:principaltag/")
			d.left = d.left || asksForMore(s)
			if len(options) > 0 {
				all = all.merged(&options[0])
			}
			if s.Effect == policy.Deny {
				list = append(list, options...)
			} else if len(options) > 1 {
				list = append(list, options[1:]...)
			}
		}
	}
	policiesOf(on, func(_ string, pol *inventory.Policy) { look(pol.Doc) })
	if on.Boundary != nil {
		look(on.Boundary.Doc)
	}
	for _, doc := range d.scps {
		look(doc)
	}
	d.c.goal.policies(d.c.s, look)
	list = append([]tagging{all}, list...)
	if on == st.p { // what somebody else does with its tags is its own matter
		list = append(list, d.likeOthers(on)...)
	}
	tried := 0
	for i := range list {
		g := &list[i]
		if !g.bears(on.Tags) || slices.ContainsFunc(list[:i], func(o tagging) bool { return maps.Equal(o.set, g.set) && slices.Equal(o.off, g.off) }) {
			continue
		}
		q := *on
		if q.Tags = g.applied(on.Tags); maps.Equal(q.Tags, on.Tags) {
			continue
		}
		v := d.tags(st, on, g)
		if v.never() {
			continue
		}
		if tried++; tried > maxTagged {
			d.left = true
			return
		}
		names := slices.Sorted(maps.Keys(g.set))
		turn(g.text(on.ARN), strings.Join(append(names, g.off...), ", "), &q, v, g.calls(on)...)
	}
}

// likeOthers lists taggings of a principal by which it carries the tag of somebody else, as
// its policies compare the two.
func (d *judge) likeOthers(p *inventory.Principal) (list []tagging) {
	asked := map[string]string{} // names of tags of others, in lower case, to names of its own
	policiesOf(p, func(_ string, pol *inventory.Policy) {
		for _, s := range pol.Doc.Statements {
			for i := range s.Conditions {
				c := &s.Conditions[i]
				for _, prefix := range []string{"aws:resourcetag/", "iam:resourcetag/"} {
					theirs, ok := strings.CutPrefix(c.LowerKey(), prefix)
					if !ok || len(c.Values) == 0 || s.Effect != policy.Allow {
						continue
					}
					mine, ok := strings.CutSuffix(c.Values[0], "}")
					if n := len("${aws:PrincipalTag/"); ok && len(mine) > n && strings.EqualFold(mine[:n], "${aws:PrincipalTag/") {
						asked[theirs] = mine[n:]
					}
				}
			}
		}
	})
	for _, theirs := range slices.Sorted(maps.Keys(asked)) {
		most := map[string]int{} // that may be got of each
		for _, q := range d.in.Principals() {
			if v := tagValue(q.Tags, theirs); v.State == policy.Present && q != p {
				most[v.One] = max(most[v.One], d.strengthOf(q))
			}
		}
		for _, v := range slices.SortedFunc(maps.Keys(most), func(a, b string) int { return cmp.Or(most[b]-most[a], strings.Compare(a, b)) }) {
			list = append(list, tagging{set: map[string]string{asked[theirs]: v}})
		}
	}
	return list
}
