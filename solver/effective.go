package solver

import (
	"slices"
	"strings"

	"pathfinder/graphmodel/arn"
	"pathfinder/graphmodel/guard"
	"pathfinder/graphmodel/permission"
)

// The symbolic engine computes what arrives at one caller: for a set of actions
// on a resource, or on all that a pattern covers, the set of requests that are
// allowed. It works in two passes. The first reads every statement that bears
// on the question (speech.go, sides.go) and gathers what has to be told apart;
// the second turns what was read into labels and combines them as AWS combines
// policies (effectivelabel.go). grants.go writes labels as grants.
//
// It shares with Decide how a single statement, principal or context key is
// read, and AWS's tables. How policies work together is written twice, once for
// requests and once for sets, and a property test holds the two together.

// An effective is what one caller may do with what one ask is about.
type effective struct {
	space *permission.Space
	label *permission.Label
	// because are the Allow statements behind the label, unsure the rules that
	// AWS leaves unclear with the requests whose answer leans on them.
	because []permission.Origin[StatementRef]
	unsure  []permission.Origin[string]
	doubts  []string
	beside  []string // doubts about what is not in the label, which leave the label as it is
	// refused says that everything asked is explicitly denied, so that what is
	// missing makes no difference.
	refused bool
	open    map[string]openPattern // by the question that stands for each
	given   *guard.Expr            // what is known of the caller's session; nil for nothing

	traced bool // gates and routes are kept
	gates  []gateLabel
	routes []routeLabel
	also   []alsoLabel
}

// An alsoLabel is a further check of the same call.
type alsoLabel struct {
	action, resource string
	when             *guard.Expr
	because          []StatementRef
}

// An inquiry is one ask of one caller while it is being read.
type inquiry struct {
	resource string
	// literal says that the ask is about one resource: whether a pattern covers
	// it is decided on reading.
	literal bool
	// apart says that several callers are read: what is known of the session of
	// one is a condition on its requests alone.
	apart bool
	// doubting says that statements are kept that do not apply because of what is
	// taken for granted of a rule that AWS leaves unclear.
	doubting bool
	from     int // the tests of v before are those of other callers
	v        vocabulary
	sides    []*sides
	open     map[string]openPattern
}

func newInquiry(resource string) *inquiry {
	q := &inquiry{resource: resource, literal: !strings.ContainsAny(resource, "*?") || resource == "*", open: map[string]openPattern{}}
	if q.v.Within = arn.NewGlob(resource); q.literal {
		q.v.Within = arn.Literal(resource)
	}
	return q
}

// effect computes what an actor may do with what is asked. base is what bears
// on all its requests on the target. It is nil when no statement could allow
// anything.
func (t *target) effect(a *actor, base *Case, k ask, traced bool) *effective {
	q := newInquiry(k.resource)
	t.read(q, a, base, k)
	if len(q.sides) == 0 {
		return nil
	}
	return q.effective(q.space(), q.sides, traced)
}

// read reads what bears on the actions of an ask, leaving out groups of which no
// statement could allow any.
func (t *target) read(q *inquiry, a *actor, base *Case, k ask) {
	if q.apart {
		q.from = len(q.v.Tests)
	}
	groups := t.groups(base, k)
	for i := range groups {
		g := &groups[i]
		c := t.request(base, a, g.actions[0], k.resource)
		if !c.mayAllow(g) {
			continue
		}
		side := q.read(c, g)
		if q.literal || !t.countsACLs() {
			continue
		}
		for _, key := range c.objectKeys {
			if q.v.Within.Match(key) {
				side.addObject(q, key, t.request(base, a, g.actions[0], key))
			}
		}
	}
}

// effectOn computes what one caller may do with one request.
func effectOn(c *Case) *effective {
	q := newInquiry(c.Resource)
	q.literal = true
	q.v.Within = arn.Literal(c.Resource)
	service, name := splitAction(c.Action)
	q.read(c, &group{actions: []string{c.Action}, lower: []lowerAction{{service, name}}})
	return q.effective(q.space(), q.sides, false)
}

// space ends the reading.
func (q *inquiry) space() *permission.Space {
	known := q.sides[0].c.spaces
	q.v.Only, q.v.MaxNodes = known.names(q.v.Actions), known.bound()
	return known.of(&q.v.Config)
}

// effective computes what some of the sides that were read come to.
func (q *inquiry) effective(sp *permission.Space, sides []*sides, traced bool) *effective {
	x := &effective{space: sp, label: sp.Nothing(), refused: true, open: q.open, given: q.v.Given, traced: traced}
	for _, s := range sides {
		x.add(s)
	}
	return x
}

// lost reports whether what was read combines in too many ways: the label then
// means nothing, and what it would say is unknown. What is made of the label can get there,
// too: who tells it to others asks again when all is made.
func (x *effective) lost() bool { return x.space.Coarse() || x.space.Overgrown() }

// never reports whether nothing is allowed, for certain.
func (x *effective) never() bool { return !x.lost() && x.label.IsEmpty() }

// tooMany says why an answer is lost.
const tooMany = "its policies combine in too many ways to be told apart"

// when returns the condition under which a request is allowed, of a label that
// is about a single one.
func (x *effective) when() *guard.Expr {
	out := guard.False
	for _, p := range x.space.Pieces(x.label) {
		e, _ := x.space.Expr(p.When)
		out = guard.Or(out, e)
	}
	if x.lost() {
		return guard.Opaque("whether it is allowed: " + tooMany)
	}
	return out
}

// reasons lists the statements that stand behind some request of the label.
func (x *effective) reasons() []StatementRef {
	var out []StatementRef
	for _, o := range x.because {
		if !x.space.Intersect(o.Label, x.label).IsEmpty() {
			out = append(out, o.Of)
		}
	}
	return sortRefs(nonNil(out))
}

// leanings lists the unsure rules on which some request of the label leans.
func (x *effective) leanings() []string {
	var out []string
	for _, o := range x.unsure {
		if !x.space.Intersect(o.Label, x.label).IsEmpty() {
			out = append(out, o.Of)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}
