package solver

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"pathfinder/graphmodel/guard"
	"pathfinder/graphmodel/policy"
)

// Considered is a statement that AWS looked at, and what became of it.
type Considered struct {
	StatementRef
	Gate      string       `json:"gate"`
	Target    string       `json:"target,omitempty"`
	Effect    string       `json:"effect"`
	Matched   bool         `json:"matched"`
	Condition guard.Blocks `json:"condition"` // what is left open of a statement that matched
	Reason    string       `json:"reason"`
	// Marks point at the elements that the reason is about.
	Marks []Mark `json:"-"`

	far int // how far it is from matching
}

// A Mark points at an element of a statement and says what came of it.
type Mark struct {
	Element       string // "Action", "Principal", "Condition" …: as the statement names it
	Operator, Key string // of a condition, as written
	Says          string
	Fails         bool // the statement does not match because of it
}

// How far a failed test puts a statement from matching: a statement for
// somebody else or under another condition is a nearer miss than one about
// something else.
const (
	farCondition = 2
	farPrincipal = 3
	farResource  = 3
	farAction    = 4
	farService   = 20
)

// considered lists every statement that bears on the check, gate by gate.
func (e *eval) considered() (out []Considered) {
	c, who := e.c, &e.c.Caller
	add := func(gate, target, resource string, named bool, sources []Source) {
		asked := e.resource
		e.resource = resource
		for i := range sources {
			for _, s := range sources[i].Doc.Statements {
				out = append(out, e.consider(gate, target, &sources[i], s, named))
			}
		}
		e.resource = asked
	}
	if _, _, _, fixed := e.fixedAnswer(); fixed {
		return nil
	}
	if e.underSCPs() {
		for i := range c.SCPs {
			add(GateSCP, c.SCPs[i].Target, e.resource, false, c.SCPs[i].Policies)
		}
	}
	if e.underRCPs() {
		for i := range c.RCPs {
			add(GateRCP, c.RCPs[i].Target, e.resource, true, c.RCPs[i].Policies)
		}
	}
	if c.HasEndpoint {
		add(GateEndpoint, "", e.resource, true, c.Endpoint)
	}
	if who.hasAccount() && who.Kind != CallerRoot && !who.External {
		add(GateIdentity, "", e.resource, false, c.Identity)
		if c.HasBoundary && !who.ServiceLinked {
			add(GateBoundary, "", e.resource, false, c.Boundary)
		}
		if c.HasSession {
			add(GateSession, "", e.resource, false, c.Session)
		}
	}
	resource := e.resource
	if ap := c.AccessPoint; ap != nil {
		add(GateAccessPoint, "", e.resource, true, ap.Policies)
		resource = ap.BucketResource
	}
	add(GateResource, "", resource, true, c.spoken(e.service, e.name))
	return out
}

// consider tests one statement, every element of it: a reader wants to know
// all that stands in the way. named says that statements of the gate name
// principals.
func (e *eval) consider(gate, target string, src *Source, s *policy.Statement, named bool) Considered {
	c := Considered{StatementRef: ref(src, s), Gate: gate, Target: target, Effect: s.Effect.String()}
	if s.Broken {
		c.Reason, c.far = "it could not be read", farService
		return c
	}
	holds := guard.True
	test := func(m Mark, g *guard.Expr, far int) {
		if holds = guard.And(holds, g); g == guard.False {
			m.Fails = true
			c.far += far
		}
		if m.Says != "" {
			c.Marks = append(c.Marks, m)
		}
	}
	if named {
		g := e.named(s, src.Doc.Kind)
		test(e.principalMark(s, g), g, farPrincipal)
	}
	matched := guard.Of(s.MatchAction(e.service, e.name))
	test(e.actionMark(s, matched), matched, e.actionDistance(s))
	covered := e.resources(s)
	test(e.resourceMark(s, covered), covered, farResource)
	for i := range s.Conditions {
		g := e.condition(&s.Conditions[i])
		test(e.conditionMark(&s.Conditions[i], g), g, farCondition)
	}
	if s.Effect == policy.Deny && gate == GateResource && e.unlocks() {
		test(Mark{Element: "Effect", Says: "does not bind the owner's root user", Fails: true}, guard.False, farService)
	}
	c.Matched = holds != guard.False
	if c.Matched && holds.Open() {
		c.Condition, _, _ = holds.Blocks()
	}
	c.Reason = reasonOf(&c)
	return c
}

// named tells whether a statement names the caller.
func (e *eval) named(s *policy.Statement, in policy.Kind) *guard.Expr {
	k := e.principals(s, in)
	return k.any()
}

// reasonOf joins what the marks say into a sentence.
func reasonOf(c *Considered) string {
	var parts []string
	for _, m := range c.Marks {
		switch {
		case !m.Fails:
		case m.Element == "Condition":
			parts = append(parts, m.Says)
		default:
			parts = append(parts, "its "+m.Element+" "+m.Says)
		}
	}
	switch {
	case len(parts) > 0:
		return strings.Join(parts, "; ")
	case len(c.Condition) > 0:
		return "open: " + c.Condition.String()
	}
	return "matches"
}

func (e *eval) principalMark(s *policy.Statement, g *guard.Expr) Mark {
	m := Mark{Element: "Principal"}
	if s.NotPrincipal {
		m.Element = "NotPrincipal"
	}
	switch {
	case g != guard.False:
	case s.NotPrincipal:
		m.Says = "spares " + e.c.Caller.ARN
	case !s.HasPrincipal:
		m.Says = "is missing, so that it names nobody"
	default:
		m.Says = "does not name " + e.c.Caller.ARN
	}
	return m
}

func (e *eval) actionMark(s *policy.Statement, g *guard.Expr) Mark {
	switch {
	case g != guard.False:
		return Mark{}
	case s.NotAction:
		return Mark{Element: "NotAction", Says: "leaves " + e.c.Action + " out"}
	}
	return Mark{Element: "Action", Says: "does not cover " + e.c.Action}
}

// actionDistance tells statements of the same service from others.
func (e *eval) actionDistance(s *policy.Statement) int {
	if s.NotAction || slices.ContainsFunc(s.Actions, func(a policy.Action) bool { return a.Service() == e.service }) {
		return farAction
	}
	return farService
}

func (e *eval) resourceMark(s *policy.Statement, g *guard.Expr) Mark {
	switch {
	case g != guard.False:
		return Mark{}
	case s.NotResource:
		return Mark{Element: "NotResource", Says: "leaves " + e.resource + " out"}
	}
	m := Mark{Element: "Resource", Says: "does not cover " + e.resource}
	for i := range s.Resources {
		switch text := s.Resources[i].Text; {
		case e.resource == "*":
			m.Says = "would have to be \"*\": " + e.c.Action + " is about no single resource" // E39
		case strings.HasPrefix(e.resource, text+"/") && e.service == "s3":
			m.Says = "names the bucket, not the objects in it: those are " + text + "/*" // E43
		case text == e.resource+"/*" && e.service == "s3":
			m.Says = "names the objects, not the bucket itself: that is " + e.resource // E43
		}
	}
	return m
}

// conditionMark compares what the request holds with what the policy wants.
func (e *eval) conditionMark(c *policy.Condition, g *guard.Expr) Mark {
	m := Mark{Element: "Condition", Operator: c.Operator.String(), Key: c.Key}
	is := e.holds(c)
	switch {
	case g.Open():
		m.Says = "open: depends on the request"
	case g == guard.True:
		m.Says = "holds: " + is
	default:
		m.Says = is + ", the policy wants " + e.wants(c)
	}
	return m
}

// holds says what the request carries under a condition's key.
func (e *eval) holds(c *policy.Condition) string {
	v := e.Value(c.LowerKey())
	switch {
	case v.State == policy.Absent:
		return "the request carries no " + c.Key
	case v.State == policy.Open && v.Within != "" && !v.From.IsZero():
		return c.Key + " is not before " + v.From.UTC().Format(time.RFC3339)
	case v.State == policy.Open && v.Within != "":
		return c.Key + " is like " + strconv.Quote(v.Within.String())
	case v.State == policy.Open:
		return "whatever " + c.Key + " is"
	case v.Multi:
		return c.Key + " is " + quoteAll(v.Many, " and ")
	}
	return c.Key + " is " + strconv.Quote(v.One)
}

// wants says what a condition asks for, as the continuation of a sentence
// about its key.
func (e *eval) wants(c *policy.Condition) string {
	r := c.Resolve(e)
	op := r.Operator
	if op.Set == policy.NoSet && !op.IsNull() {
		switch strings.TrimSuffix(op.String(), "IfExists") {
		case "StringEquals", "StringLike", "ArnEquals", "ArnLike", "Bool", "IpAddress", "NumericEquals":
			return quoteAll(r.Values, " or ")
		case "StringNotEquals", "StringNotLike", "ArnNotEquals", "ArnNotLike", "NotIpAddress", "NumericNotEquals":
			return "anything but " + quoteAll(r.Values, " and ")
		}
	}
	what := "it"
	if op.Set != policy.NoSet {
		what = "value"
	}
	return guard.Test{Operator: op.String(), Key: what, Values: r.Values}.String()
}

// quoteAll joins quoted texts, a few of them.
func quoteAll(list []string, sep string) string {
	const most = 4
	var out []string
	for _, s := range list[:min(len(list), most)] {
		out = append(out, strconv.Quote(s))
	}
	switch {
	case len(list) == 0:
		return "nothing"
	case len(list) > most:
		return strings.Join(out, ", ") + fmt.Sprintf(" or %d others", len(list)-most)
	}
	return strings.Join(out, sep)
}

// nearMisses lists the statements that come closest to allowing a denied
// request in the gates that should allow it, best first. Gates that limit show
// what they allow instead, if nothing in them is near.
func nearMisses(list []Considered, stops func(gate, target string) bool) (out []Considered) {
	const worst = farAction + farCondition
	type place struct{ gate, target string }
	best := map[place]int{}
	for i := range list {
		c := &list[i]
		at := place{c.Gate, c.Target}
		if near, ok := best[at]; c.Effect == "Allow" && (!ok || c.far < near) {
			best[at] = c.far
		}
	}
	for i := range list {
		c := &list[i]
		limits := c.Gate != GateIdentity && c.Gate != GateResource && c.Gate != GateAccessPoint
		near := c.far <= worst || limits && c.far == best[place{c.Gate, c.Target}]
		if c.Effect == "Allow" && !c.Matched && near && stops(c.Gate, c.Target) {
			out = append(out, *c)
		}
	}
	slices.SortStableFunc(out, func(a, b Considered) int { return a.far - b.far })
	return out
}
