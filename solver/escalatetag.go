package solver

import (
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

// maxTaggings bounds the taggings that are tried for one call.
const maxTaggings = 6

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

// tags decides whether a state may do that to a user or role.
func (d *judge) tags(st *state, on *inventory.Principal, g *tagging) ruling {
	kind := "User"
	if on.Kind == inventory.Role {
		kind = "Role"
	}
	v := always
	for _, k := range slices.Sorted(maps.Keys(g.set)) {
		v = v.and(d.call(st, "iam:Tag"+kind, on.ARN, is("aws:requesttag/"+strings.ToLower(k), g.set[k]), is("aws:tagkeys", k)))
	}
	for _, k := range g.off {
		v = v.and(d.call(st, "iam:Untag"+kind, on.ARN, is("aws:tagkeys", k)))
	}
	return v
}

// tagsIn gathers what conditions ask of tags with a prefix, in lower case. own are the
// caller's tags, which values may stand for.
func tagsIn(conditions []policy.Condition, prefix string, own map[string]string) map[string]string {
	out := map[string]string{}
	for i := range conditions {
		c := &conditions[i]
		name, ok := strings.CutPrefix(c.LowerKey(), prefix)
		if !ok || name == "" || len(c.Values) == 0 {
			continue
		}
		value := c.Values[0]
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
		out[c.Key[len(c.Key)-len(name):]] = value
	}
	return out
}

// wantedOf lists taggings of what a call is made on that statements about it may ask for.
func (d *judge) wantedOf(st *state, action string) (list []tagging) {
	r := d.speaking(st, action)
	if r.wantedKnown {
		return r.wanted
	}
	all := tagging{set: map[string]string{}}
	r.all(func(s *policy.Statement) {
		var one tagging
		for _, prefix := range []string{"aws:resourcetag/", "iam:resourcetag/"} {
			set := tagsIn(s.Conditions, prefix, st.p.Tags)
			if s.Effect == policy.Deny {
				for _, k := range slices.Sorted(maps.Keys(set)) {
					list = append(list, tagging{off: []string{k}}, tagging{set: map[string]string{k: "pathfinder-probe"}})
				}
			}
			if one.set == nil {
				one.set = map[string]string{}
			}
			maps.Copy(one.set, set)
		}
		if len(one.set) > 0 {
			list = append(list, one)
			maps.Copy(all.set, one.set)
		}
	})
	if len(list) > 1 && len(all.set) > 1 {
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
		v := d.ask(st, action, resource, facts, g)
		if v.never() {
			continue
		}
		if v = v.and(d.tags(st, on, g)); v.better(&best) {
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

// tag yields a principal with the tags that its policies ask for, and itself with those
// that the trust policies of roles ask for, where a state may set them.
func (d *judge) tag(st *state, on *inventory.Principal, turn func(string, string, *inventory.Principal, ruling)) {
	own := tagging{set: map[string]string{}}
	policiesOf(on, func(_ string, pol *inventory.Policy) {
		for _, s := range pol.Doc.Statements {
			if s.Effect == policy.Allow {
				maps.Copy(own.set, tagsIn(s.Conditions, "aws:principaltag/", nil))
			}
		}
	})
	list := []tagging{own}
	if on == st.p { // what somebody else does with its tags is its own matter
		list = append(list, d.likeOthers(on)...)
		for _, g := range d.trustedTags() {
			if !slices.ContainsFunc(list, func(o tagging) bool { return maps.Equal(o.set, g.set) }) {
				list = append(list, g)
			}
		}
	}
	for i := range list[:min(len(list), maxTaggings)] {
		g := &list[i]
		if len(g.set) == 0 {
			continue
		}
		q := *on
		if q.Tags = g.applied(on.Tags); maps.Equal(q.Tags, on.Tags) {
			continue
		}
		names := slices.Sorted(maps.Keys(g.set))
		turn(g.text(on.ARN), strings.Join(names, ", "), &q, d.tags(st, on, g))
	}
}

// trustedTags lists taggings that trust policies of the account ask for.
func (d *judge) trustedTags() (list []tagging) {
	for _, r := range d.in.Held().Roles {
		for _, s := range r.Trust.Statements {
			if s.Effect != policy.Allow || s.Broken {
				continue
			}
			list = append(list, tagging{set: tagsIn(s.Conditions, "aws:principaltag/", nil)})
		}
	}
	return list
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
		var values []string
		for _, q := range d.in.Principals() {
			if v := tagValue(q.Tags, theirs); v.State == policy.Present && q != p {
				values = appendNew(values, v.One)
			}
		}
		slices.Sort(values)
		for _, v := range values {
			list = append(list, tagging{set: map[string]string{asked[theirs]: v}})
		}
	}
	return list
}
