package permission

import (
	"maps"
	"slices"
	"strings"
	"sync"

	"pathfinder/graphmodel/arn"
	"pathfinder/graphmodel/atoms"
	"pathfinder/graphmodel/guard"
	"pathfinder/graphmodel/policy"
)

// A Config says what a space has to tell apart. What is not in it makes no
// difference in the space.
type Config struct {
	// Within covers the resources that are spoken about; "" means every ARN.
	Within arn.Glob
	// NoResource says that requests without a resource count as well; their
	// resource is "*" (E39).
	NoResource bool
	Resources  []arn.Pattern
	// Unions are lists of patterns that are only asked about together, which
	// costs less than to tell them apart.
	Unions [][]arn.Pattern
	// Tests are condition tests. A value may hold a variable; the test is then
	// opaque.
	Tests []policy.Condition
	// Domains limits keys, in lower case, that are certainly present, to what a
	// glob covers.
	Domains map[string]arn.Glob
	// Opaque are further questions that nothing can be said about.
	Opaque []string
	// Given is known of every context, over some of Tests and Opaque; nil for
	// nothing. A space has no other contexts, so that what it implies is never
	// written as a condition.
	Given *guard.Expr
	// Actions are action names; those that the catalog knows need not be there.
	Actions []string
	// Only are all actions there are; nil for those of the catalog, and Actions.
	Only *Names
	// MaxNodes bounds the diagrams of contexts, which can grow with the product
	// of the tests; 0 for no bound. See [Space.Overgrown].
	MaxNodes int
	// Work bounds what it takes to tell the values of keys apart, in places of
	// patterns that are looked at, and is lessened by what was used; one key gets
	// at most a quarter. nil for the bounds of [atoms.Cut] alone.
	Work *int
}

// A Space is what labels of one question are made of. It is safe for
// concurrent use.
type Space struct {
	mu     sync.Mutex // guards all that follows: even reading remembers
	pool   *actionPool
	guards *guards
	labels *labels

	within   arn.Glob
	patterns [][]arn.Pattern // lists of one, and unions
	atoms    []atoms.Atom    // atom i+1 of the sets; atom 0 is the request without resource
	none     bool
	work     *int // see Config.Work
	byPat    map[arn.Pattern]*resSet
	byUnion  map[string]*resSet
	every    *resSet
	coarse   bool // there were too many atoms: patterns overlap in ways that are not told apart

	vars    []*variable
	tests   []policy.Condition
	byTest  map[string]*Guard // by name of the test
	opaque  map[string]int    // level by what is asked
	byKey   map[string]*keyInfo
	written map[*Guard]*guard.Expr
	sets    map[string]*ActionSet // by pattern
	named   map[nameList]*ActionSet
	terms   map[*resSet]writtenSet // see Terms
	writer  *atoms.Writer          // of these; nil until something is written
}

// A keyInfo is one condition key in play.
type keyInfo struct {
	name   string
	multi  bool
	level  int // of the first variable
	count  int // of variables
	tests  []*policy.Condition
	byVec  map[string]int // class by truth vector of the tests
	domain arn.Glob
}

// Key identifies what a space tells apart: configurations with equal keys make
// equal spaces, if they have the same Only. Those with Given have no key.
func (c *Config) Key() (key string, ok bool) {
	if c.Given != nil {
		return "", false
	}
	b := make([]byte, 0, 512)
	put := func(s string) {
		b = append(b, s...)
		b = append(b, 0)
	}
	put(string(c.Within))
	if c.NoResource {
		b = append(b, 1)
	}
	for _, p := range c.Resources {
		b = append(p.AppendKey(b), 0)
	}
	b = append(b, 2)
	for _, list := range c.Unions {
		for _, p := range list {
			b = append(p.AppendKey(b), 0)
		}
		b = append(b, 5)
	}
	for i := range c.Tests {
		put(testName(&c.Tests[i]))
		put(c.Tests[i].Key)
	}
	b = append(b, 3)
	lists := [][]string{c.Opaque, c.Actions}
	if c.Only != nil {
		lists = lists[:1] // the others do not count
	}
	for _, list := range lists {
		for _, s := range list {
			put(s)
		}
		b = append(b, 4)
	}
	for _, key := range slices.Sorted(maps.Keys(c.Domains)) {
		put(key)
		put(string(c.Domains[key]))
	}
	return string(b), true
}

// NewSpace makes a space. Its cost grows with the text of the patterns and the
// values of the tests, not with what is done with it afterwards.
func NewSpace(cfg Config) *Space {
	s := &Space{
		pool: newActionPool(cfg.Actions, cfg.Only), labels: newLabels(), within: cfg.Within, none: cfg.NoResource, work: cfg.Work,
		byPat: map[arn.Pattern]*resSet{}, byTest: map[string]*Guard{}, opaque: map[string]int{},
		byKey: map[string]*keyInfo{}, written: map[*Guard]*guard.Expr{}, sets: map[string]*ActionSet{}, named: map[nameList]*ActionSet{},
	}
	s.cutResources(cfg.Resources, cfg.Unions)
	s.cutKeys(&cfg)
	return s
}

// AnyARN covers what can be the ARN of a resource.
var AnyARN = arn.NewGlob("arn:?*:?*:*:*:?*")

// testName identifies what a test asks.
func testName(c *policy.Condition) string {
	return c.Operator.String() + "\x00" + c.LowerKey() + "\x00" + strings.Join(c.Values, "\x00")
}

// hasVariable reports whether a value is not a plain text or pattern.
func hasVariable(c *policy.Condition) bool {
	if familyOf(c) != famText {
		return false // E67: there it is text that can't be read
	}
	return slices.ContainsFunc(c.Values, func(v string) bool {
		for {
			i := strings.Index(v, "${")
			if i < 0 {
				return false
			}
			if i+3 >= len(v) || v[i+3] != '}' || !strings.ContainsRune("*?$", rune(v[i+2])) {
				return true
			}
			v = v[i+4:]
		}
	})
}

func (s *Space) cutKeys(cfg *Config) {
	questions := map[string]*policy.Condition{}
	seen := map[string]bool{}
	for i := range cfg.Tests {
		c := &cfg.Tests[i]
		if seen[testName(c)] {
			continue
		}
		seen[testName(c)] = true
		s.tests = append(s.tests, *c)
	}
	for i := range s.tests {
		c := &s.tests[i]
		if hasVariable(c) {
			questions[question(c)] = asTold(c)
			continue
		}
		k := s.byKey[c.LowerKey()]
		if k == nil {
			k = &keyInfo{name: c.Key, multi: policy.Multivalued(c.LowerKey()), domain: cfg.Domains[c.LowerKey()]}
			s.byKey[c.LowerKey()] = k
		}
		k.tests = append(k.tests, c)
	}
	keys := make([]string, 0, len(s.byKey))
	for key := range s.byKey {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	for _, key := range keys {
		if !s.addKey(key, s.byKey[key]) {
			for _, c := range s.byKey[key].tests {
				questions[question(c)] = asTold(c)
			}
			delete(s.byKey, key)
		}
	}
	for _, q := range cfg.Opaque {
		questions[q] = nil
	}
	asked := make([]string, 0, len(questions))
	for q := range questions {
		asked = append(asked, q)
	}
	slices.Sort(asked)
	for _, q := range asked {
		s.opaque[q] = len(s.vars)
		s.vars = append(s.vars, &variable{opaque: q, test: questions[q], classes: yesNo})
	}
	s.guards = newGuards(s.vars)
	s.guards.limit = cfg.MaxNodes
	s.exclude()
	s.setTests()
	if cfg.Given != nil {
		s.guards.possible = s.When(cfg.Given)
		s.setTests()
	}
}

func (s *Space) setTests() {
	clear(s.byTest)
	for i := range s.tests {
		c := &s.tests[i]
		s.byTest[testName(c)] = s.guards.combine(opAnd, s.testGuard(c), s.guards.possible)
	}
}

// question names an opaque test so that a test and its opposite are one
// question.
func question(c *policy.Condition) string {
	name := testName(c)
	if not, ok := c.Complement(); ok && len(not) == 1 {
		return min(name, testName(&not[0]))
	}
	return name
}

// asTold returns the test that the question about c asks: c or its opposite.
func asTold(c *policy.Condition) *policy.Condition {
	if question(c) == testName(c) {
		return c
	}
	not, _ := c.Complement()
	return &not[0]
}

// addKey makes the variables of a key; false when its values can't be told
// apart.
func (s *Space) addKey(key string, k *keyInfo) bool {
	values, ok := candidates(k.tests, k.domain, k.multi, s.work)
	if !ok || len(values)*k.size() > maxComparisons {
		return false
	}
	k.level, k.byVec = len(s.vars), map[string]int{}
	v := &variable{key: key, name: k.name}
	if k.multi {
		for _, text := range values {
			one := policy.List([]string{text})
			vec := k.vector(key, one)
			if _, have := k.byVec[vec]; have {
				continue
			}
			k.byVec[vec] = k.count
			k.count++
			s.vars = append(s.vars, &variable{key: key, name: k.name, element: true, classes: []class{{}, {value: one}}})
		}
		return k.count <= maxElements
	}
	add := func(c class) {
		vec := k.vector(key, c.value)
		if c.absent {
			vec = "absent"
		}
		if _, have := k.byVec[vec]; !have {
			k.byVec[vec] = len(v.classes)
			v.classes = append(v.classes, c)
		}
	}
	if k.domain == "" {
		add(class{absent: true})
	}
	for _, text := range values {
		add(class{value: policy.Single(text)})
	}
	k.count = 1
	s.vars = append(s.vars, v)
	return true
}

// maxComparisons bounds the values that are compared with those of the tests of one
// key: some seconds. Two thousand addresses stay well below.
const maxComparisons = 50_000_000

// size returns how many values the tests of a key have.
func (k *keyInfo) size() int {
	n := 0
	for _, t := range k.tests {
		n += 1 + len(t.Values)
	}
	return n
}

// maxElements bounds the questions about the elements of one key.
const maxElements = 64

// vector writes how the tests of a key come out for a value.
func (k *keyInfo) vector(key string, v policy.Value) string {
	ctx := policy.Values{key: v}
	b := make([]byte, len(k.tests))
	for i, t := range k.tests {
		b[i] = '0'
		if t.Test(ctx) == policy.True {
			b[i] = '1'
		}
	}
	return string(b)
}

// Alike reports whether no test of the space tells two values of a key, in lower
// case, from each other.
func (s *Space) Alike(key, a, b string) bool {
	defer s.lock()()
	k := s.byKey[key]
	return k != nil && k.vector(key, policy.Single(a)) == k.vector(key, policy.Single(b))
}

// testGuard returns the contexts in which a test holds.
func (s *Space) testGuard(c *policy.Condition) *Guard {
	g := s.guards
	key := c.LowerKey()
	k := s.byKey[key]
	if k == nil || hasVariable(c) {
		q := question(c)
		asked := g.literal(s.opaque[q], func(i int) bool { return i == 1 })
		if q == testName(c) {
			return asked
		}
		return g.combine(opSub, g.yes, asked)
	}
	holds := func(v policy.Value) bool { return c.Test(policy.Values{key: v}) == policy.True }
	if !k.multi {
		return g.literal(k.level, func(i int) bool { return holds(s.vars[k.level].classes[i].value) })
	}
	none, some, every := g.yes, g.no, g.yes
	for i := k.level; i < k.level+k.count; i++ {
		has := g.literal(i, func(c int) bool { return c == 1 })
		none = g.combine(opSub, none, has)
		if holds(s.vars[i].classes[1].value) {
			some = g.combine(opOr, some, has)
		} else {
			every = g.combine(opSub, every, has)
		}
	}
	out := g.no
	switch {
	case c.Operator.Set == policy.ForAnyValue:
		out = some
	case c.Operator.Set == policy.ForAllValues || c.Operator.IsNull() || c.MissesSet():
		// Null and a missing set operator come out alike for every element.
		out = g.combine(opSub, every, none)
	}
	if holds(policy.Value{}) {
		out = g.combine(opOr, out, none)
	}
	return out
}

// exclude takes the contexts out that no request has.
func (s *Space) exclude() {
	g := s.guards
	for _, x := range guard.Exclusions() {
		a, b := s.present(x.Key, x.Value), s.present(x.Other, "")
		if a != nil && b != nil {
			g.possible = g.combine(opSub, g.possible, g.combine(opAnd, a, b))
		}
	}
}

// present returns the contexts that carry a key, or carry value under it; nil
// when the space can't tell.
func (s *Space) present(key, value string) *Guard {
	k := s.byKey[key]
	if k == nil || value != "" && !onlyBool(k.tests) {
		return nil
	}
	g := s.guards
	if !k.multi {
		return g.literal(k.level, func(i int) bool {
			c := &s.vars[k.level].classes[i]
			return !c.absent && (value == "" || c.value.One == value)
		})
	}
	out := g.no
	for i := k.level; i < k.level+k.count; i++ {
		out = g.combine(opOr, out, g.literal(i, func(c int) bool { return c == 1 }))
	}
	return out
}
