package solver

import (
	"slices"
	"strings"

	"pathfinder/graphmodel/guard"
	"pathfinder/graphmodel/permission"
	"pathfinder/graphmodel/policy"
)

// What a session carries from the calls that made it (E226): session tags,
// of which transitive ones ride along (E145 to E147, E228), and the source
// identity (E148, E229), its name (E142), and the claims of the token that it was
// made by (E151). Requests of one path share nothing else (E227). A path passes
// through a role once: what a role's session gains by assuming the role again is
// not looked at.

// A carried key is one that a call puts into the session it makes.
type carriedKey struct {
	kind    carriedKind
	request string // of the call that makes the session
	session string // of the session's own requests
	tag     string // the name of a tag, in lower case
	// spelled is how policies spell the tag. Names of tags compare without case
	// (E48), lists of names as texts, and the caller spells as it likes.
	spelled []string
}

// A carriedKind says what puts a key into a session.
type carriedKind uint8

const (
	carriedTag    carriedKind = iota
	carriedSource             // the source identity
	carriedUser               // the session name, which is in aws:userid (E142)
	carriedClaim              // what a token or assertion says (E151)
)

func (k *carriedKey) spell(name string) {
	if !slices.Contains(k.spelled, name) {
		k.spelled = append(k.spelled, name)
	}
}

// A history is what is known of the carried keys of a session: alternatives, of
// which one holds.
type history struct{ chapters []chapter }

// A chapter is one alternative: which keys ride along from now on, and the
// condition on the session's keys.
type chapter struct {
	kept uint32 // a bit for each carried key
	when *guard.Expr
}

// unknownHistory is that of a session of which nobody knows how it was made.
var unknownHistory = &history{[]chapter{{when: guard.True}}}

// open reports whether nothing is known.
func (h *history) open() bool {
	return slices.ContainsFunc(h.chapters, func(c chapter) bool { return c.when == guard.True })
}

// when returns the condition that the session's requests meet.
func (h *history) when() *guard.Expr {
	out := guard.False
	for _, c := range h.chapters {
		out = guard.Or(out, c.when)
	}
	return out
}

// maxCarried bounds the carried keys of one path that are told apart.
const maxCarried = 4

// A step is one AssumeRole call with the further actions that go into it
// (E136): each is asked under the same condition keys.
type step struct {
	assume, tag, source *guard.Expr
	keys                []carriedKey
	tagKeys, transitive bool              // the policies test aws:TagKeys, sts:TransitiveTagKeys
	compares            bool              // the policies compare what is passed with the caller's own
	fixed               Context           // what the question says about the call
	web                 bool              // the caller brings a token or an assertion
	unique              string            // the unique id of the role; "" when unknown
	roleTags            map[string]string // of the role that is assumed
	roleHasMore         bool              // there may be tags of it that are not known
}

// A choice says what the call does with one carried key.
type choice uint8

const (
	leaveOut choice = iota // it is not passed
	passOnce               // it is passed for this session
	passOn                 // it is passed, and rides along
	echoOnce               // the caller passes the value of its own session
	echoOn                 // likewise, and it rides along
	inherit                // it rides along from before
)

// tied reports whether the request carries the value of the caller's session.
func (c choice) tied() bool { return c >= echoOnce }

// rides reports whether the key rides along from now on.
func (c choice) rides() bool { return c == passOn || c == echoOn || c == inherit }

// take makes the step from one history to the next. call is the condition of
// the call; it is False when the step can't be made.
func (s *step) take(h *history) (next *history, call *guard.Expr) {
	next = &history{}
	call = guard.False
	byKept := map[uint32]*guard.Expr{}
	choices := make([]choice, len(s.keys))
	for _, c := range h.chapters {
		s.each(c, choices, 0, func() {
			asked := s.asked(choices)
			when, kept := s.call(asked, c, choices)
			if when == guard.False {
				return
			}
			after := s.settle(when, choices)
			if after == guard.False {
				return
			}
			call = guard.Or(call, s.shown(asked, c, choices))
			if byKept[kept] == nil {
				byKept[kept] = guard.False
			}
			byKept[kept] = guard.Or(byKept[kept], after)
		})
	}
	for kept, when := range byKept {
		next.chapters = append(next.chapters, chapter{kept, when})
	}
	slices.SortFunc(next.chapters, func(a, b chapter) int { return int(a.kept) - int(b.kept) })
	return next, call
}

// each goes through all choices for the keys from i on.
func (s *step) each(c chapter, choices []choice, i int, f func()) {
	if i == len(s.keys) {
		f()
		return
	}
	rides := c.kept&(1<<i) != 0
	for what := leaveOut; what <= inherit; what++ {
		source := s.keys[i].kind == carriedSource
		switch {
		case s.keys[i].kind == carriedUser && what != passOnce, s.keys[i].kind == carriedClaim && what != map[bool]choice{true: passOnce, false: leaveOut}[s.web]:
			continue
		case s.keys[i].kind > carriedSource:
		case rides != (what == inherit), source && !what.rides() && what != leaveOut: // a source identity always rides along
			continue
		case (what == echoOnce || what == echoOn) && !s.compares:
			continue
		case !s.possible(i, what):
			continue
		case what != leaveOut && source && s.source == guard.False, what != leaveOut && !source && s.tag == guard.False:
			continue
		}
		choices[i] = what
		s.each(c, choices, i+1, f)
	}
}

// possible reports whether a choice is what the question says about the call.
func (s *step) possible(i int, what choice) bool {
	k := &s.keys[i]
	v, fixed := s.fixed.Values[k.request]
	if k.kind < carriedUser && (fixed || s.fixed.Unset[k.request]) {
		return (v.State == policy.Present) == (what != leaveOut)
	}
	names, fixed := s.fixed.Values["aws:tagkeys"]
	if k.kind != carriedTag || !fixed && !s.fixed.Unset["aws:tagkeys"] {
		return true
	}
	listed := slices.ContainsFunc(append(names.Many, names.One), func(n string) bool { return strings.EqualFold(n, k.tag) })
	return listed == (what != leaveOut)
}

// asked returns what policies ask of the call for some choices.
func (s *step) asked(choices []choice) *guard.Expr {
	when := s.assume
	var tagged, sourced bool
	for i, what := range choices {
		tagged = tagged || what != leaveOut && s.keys[i].kind == carriedTag
		sourced = sourced || what != leaveOut && s.keys[i].kind == carriedSource
	}
	switch {
	case tagged:
		when = guard.And(when, s.tag)
	case s.tagKeys || s.transitive: // a tag that nobody reads can be passed for the sake of its name
		none := guard.And(test("Null", "aws:TagKeys", "true"), test("Null", "sts:TransitiveTagKeys", "true"))
		when = guard.And(when, guard.Or(none, guard.And(s.tag, test("Null", "aws:TagKeys", "false"))))
	}
	if sourced {
		when = guard.And(when, s.source)
	}
	return when
}

// shown returns the condition of the call as it is printed: what rides along
// counts as passed (E147).
func (s *step) shown(when *guard.Expr, c chapter, choices []choice) *guard.Expr {
	when = guard.And(when, c.when)
	for i, what := range choices {
		k := &s.keys[i]
		if k.kind > carriedSource {
			continue
		}
		if what.tied() {
			when = guard.And(when, renamed(c.when, k.session, k.request))
		}
		when = guard.And(when, test("Null", k.request, map[bool]string{true: "true", false: "false"}[what == leaveOut]))
	}
	return when
}

// call returns the condition of the call for some choices, in which a key that
// carries the session's value stands for it, and which keys ride along after it.
func (s *step) call(asked *guard.Expr, c chapter, choices []choice) (when *guard.Expr, kept uint32) {
	when = asked
	for i, what := range choices {
		k := &s.keys[i]
		if what.tied() {
			when = renamed(when, k.request, k.session)
		} else if s.compares { // also when it is not passed
			when = otherThan(when, k.request, k.session)
		}
	}
	when = guard.And(when, c.when)
	for i, what := range choices {
		k := &s.keys[i]
		key := k.request
		if what.tied() {
			key = k.session
		}
		if k.kind != carriedClaim { // of which the caller's own session may have one, too
			when = guard.And(when, test("Null", key, map[bool]string{true: "true", false: "false"}[what == leaveOut]))
		}
		if v, fixed := s.fixed.Values[k.request]; fixed && v.State == policy.Present {
			when = guard.And(when, test("StringEquals", key, v.One))
		}
		if k.kind == carriedTag && s.tagKeys {
			when = guard.And(when, among("aws:TagKeys", k.spelled, what != leaveOut))
		}
		if k.kind == carriedTag && s.transitive && what != inherit { // AWS leaves open whether the list holds what rides along
			when = guard.And(when, among("sts:TransitiveTagKeys", k.spelled, what.rides()))
		}
		if what.rides() {
			kept |= 1 << i
		}
	}
	return when, kept
}

// settle returns what the session's requests then carry: False when the call
// can't be made.
func (s *step) settle(when *guard.Expr, choices []choice) (after *guard.Expr) {
	tests, opaque := when.Tests()
	sp := permission.NewSpace(permission.Config{Tests: tests, Opaque: opaque, Domains: inEvery(nil, tests), MaxNodes: maxContexts})
	g := sp.When(when)
	if sp.Overgrown() {
		return guard.True // it may carry anything
	}
	if g == sp.Never() {
		return guard.False
	}
	keep := map[string]bool{}
	for i, what := range choices {
		switch what {
		case passOnce, passOn:
			keep[s.keys[i].request] = s.keys[i].kind != carriedUser || s.unique != ""
		case echoOnce, echoOn, inherit:
			keep[s.keys[i].session] = true
		case leaveOut:
		}
	}
	if after, _ = sp.Expr(sp.Forget(g, keep)); sp.Overgrown() {
		return guard.True
	}
	for i, what := range choices {
		k := &s.keys[i]
		switch what {
		case passOnce, passOn:
			if k.kind == carriedUser {
				after = prefixed(after, k.request, s.unique+":")
			}
			after = renamed(after, k.request, k.session)
		case leaveOut:
			after = guard.And(after, s.untouched(k))
		case echoOnce, echoOn, inherit:
		}
	}
	return after
}

// untouched says what the session carries under a key that was not passed: the
// role's own tag.
func (s *step) untouched(k *carriedKey) *guard.Expr {
	if k.kind == carriedTag {
		if v := tagValue(s.roleTags, k.tag); v.State == policy.Present {
			return test("StringEquals", k.session, v.One)
		}
		if s.roleHasMore {
			return guard.True
		}
	}
	return test("Null", k.session, "true")
}

func test(operator, key string, values ...string) *guard.Expr {
	for i, v := range values {
		values[i] = strings.ReplaceAll(v, "${", "${$}{")
	}
	return guard.Atom(policy.NewCondition(operator, spelled(key), values))
}

// among tells whether a list of names holds one of some spellings.
func among(key string, spelled []string, yes bool) *guard.Expr {
	e := test("ForAnyValue:StringEquals", key, slices.Clone(spelled)...)
	if yes {
		return e
	}
	return guard.Not(e)
}

// renamed returns an expression in which one key stands for another. Where both
// are compared, they are equal.
func renamed(e *guard.Expr, from, to string) *guard.Expr {
	return mapped(e, func(c *policy.Condition) *guard.Expr {
		switch same, not := compared(c, from, to); {
		case same && !not:
			return test("Null", to, "false")
		case same:
			return test("Null", to, "true")
		case c.LowerKey() == from:
			return guard.Atom(policy.NewCondition(c.Operator.String(), spelled(to), slices.Clone(c.Values)))
		}
		return guard.Atom(*c)
	})
}

// spelled writes a lower-case key as AWS does.
func spelled(key string) string {
	for _, p := range []string{"aws:PrincipalTag/", "aws:RequestTag/", "aws:SourceIdentity", "sts:SourceIdentity", "sts:RoleSessionName", "aws:MultiFactorAuthPresent"} {
		if strings.HasPrefix(key, strings.ToLower(p)) {
			return p + key[len(p):]
		}
	}
	return key
}
