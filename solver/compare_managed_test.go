package solver_test

import (
	"encoding/json"
	"hash/fnv"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"pathfinder/graphmodel/catalog"
	"pathfinder/graphmodel/permission"
	"pathfinder/graphmodel/policy"
	"pathfinder/solver"
)

// Law: of a published policy and a changed one, compare says what Decide says of
// requests made from their own actions, resources and conditions, and it is
// certain.
func TestCompareManaged(t *testing.T) {
	t.Parallel()
	checked, told := 0, 0
	for _, name := range slices.Sorted(maps.Keys(managed(t))) {
		p := managed(t)[name]
		h := fnv.New64a()
		h.Write([]byte(name))
		r := rand.New(rand.NewPCG(h.Sum64(), 1)) //nolint:gosec // a test
		before := &p.Document
		rounds := len(mutations)
		if len(before.Statement) > 40 {
			rounds /= 3 // they take long to parse
		}
		for range rounds {
			after := before.clone()
			m := pick(r, mutations)
			at := r.IntN(len(before.Statement))
			if !m.do(r, after, at) {
				continue
			}
			c := newComparison(t, name+": "+m.name, before, after)
			c.check(m.quiet)
			checked++
			told += c.told
			c.sample(r, before.Statement[at])
		}
	}
	if checked < 200 || told < 100 {
		t.Errorf("%d pairs, %d witnesses that Decide could see", checked, told)
	}
}

// Law: the same for each published policy and the version before it.
func TestCompareManagedVersions(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // a test
	for _, name := range slices.Sorted(maps.Keys(managed(t))) {
		p := managed(t)[name]
		if p.Before == nil {
			continue
		}
		c := newComparison(t, name, &p.Before.Document, &p.Document)
		c.check(false)
		for range min(5, len(p.Document.Statement)) {
			c.sample(r, pick(r, p.Document.Statement))
		}
	}
}

// A comparison is an answer and the documents that it is about.
type comparison struct {
	t    *testing.T
	name string
	docs [2]*policy.Document
	keys []string // that the documents test or fill in, in lower case
	ans  *solver.CompareAnswer
	told int // witnesses that Decide could see
	raw  [2]*document
}

func newComparison(t *testing.T, name string, before, after *document) *comparison {
	c := &comparison{t: t, name: name, raw: [2]*document{before, after}}
	keys := map[string]bool{}
	for i, d := range c.raw {
		c.docs[i] = d.parse(policy.SCP)
		for _, st := range c.docs[i].Statements {
			for k := range st.Conditions {
				keys[st.Conditions[k].LowerKey()] = true
				for _, v := range st.Conditions[k].Variables() {
					keys[v] = true
				}
			}
			for k := range st.Resources {
				for _, v := range st.Resources[k].Variables() {
					keys[v] = true
				}
			}
		}
	}
	c.keys = slices.Sorted(maps.Keys(keys))
	var err error
	if c.ans, err = solver.Compare(c.docs[0], c.docs[1], ""); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return c
}

// check holds the answer against Decide.
func (c *comparison) check(quiet bool) {
	damaged := c.docs[0].Damaged() || c.docs[1].Damaged()
	if c.ans.Exact == damaged {
		c.fail("exact: %v, damaged: %v", c.ans.Exact, damaged)
	}
	if quiet && (c.ans.NewPermitsMore || c.ans.OldPermitsMore) {
		c.fail("nothing changed")
	}
	for i, w := range []*solver.Witness{c.ans.WitnessOld, c.ans.WitnessNew} {
		if w == nil {
			continue
		}
		ctx := map[string]policy.Value{}
		for k, v := range contextOf(w) {
			ctx[strings.ToLower(k)] = v
		}
		if !c.visible(w.Action, w.Resource, ctx) {
			continue
		}
		c.told++
		if !c.permits(c.docs[i], w.Action, w.Resource, ctx) || c.permits(c.docs[1-i], w.Action, w.Resource, ctx) {
			c.fail("Decide does not tell the witness apart")
		}
	}
}

func (c *comparison) fail(format string, args ...any) {
	c.t.Helper()
	b, _ := json.Marshal(c.ans)
	c.t.Errorf("%s: "+format+"\n%s", append(append([]any{c.name}, args...), b)...)
}

var (
	everything = policy.Parse([]byte(`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}`), policy.SCP)
	nothing    = policy.Parse([]byte(`{"Version":"2012-10-17","Statement":[]}`), policy.SCP)
	anybody    = policy.Parse([]byte(`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}}`), policy.Resource)
)

// permits asks Decide what a document permits by itself: as the only service
// control policy of a request that all others allow.
func (c *comparison) permits(doc *policy.Document, action, resource string, ctx map[string]policy.Value) bool {
	values := map[string]policy.Value{}
	for _, k := range c.keys {
		values[k] = policy.Value{}
	}
	maps.Copy(values, ctx)
	d := solver.Decide(&solver.Case{
		Caller: userBeside(resource),
		Action: action, Resource: resource, ResourceAccount: "111111111111",
		Identity: []solver.Source{{Name: "all", Doc: everything}}, Resources: []solver.Source{{Name: "all", Doc: anybody}},
		SCPs:    []solver.Level{{Target: "root", Policies: []solver.Source{{Name: "it", Doc: doc}}}},
		Context: solver.Context{Complete: true, Values: values},
	})
	return d.Outcome == solver.Allowed
}

// visible reports whether a service control policy decides about a request: of
// some actions AWS's own rules do.
func (c *comparison) visible(action, resource string, ctx map[string]policy.Value) bool {
	return c.permits(everything, action, resource, ctx) && !c.permits(nothing, action, resource, ctx)
}

// sample compares both documents on requests that a statement is about.
func (c *comparison) sample(r *rand.Rand, st statement) {
	for range 12 {
		action, resource, ctx := c.request(r, st)
		if resource != "*" && !permission.AnyARN.Match(resource) {
			continue
		}
		was, is := c.permits(c.docs[0], action, resource, ctx), c.permits(c.docs[1], action, resource, ctx)
		if (is && !was && !c.ans.NewPermitsMore || was && !is && !c.ans.OldPermitsMore) && c.visible(action, resource, ctx) {
			c.fail("%s on %s with %v: was %v, is %v", action, resource, ctx, was, is)
		}
	}
}

// request makes a request that a statement covers, mostly.
func (c *comparison) request(r *rand.Rand, st statement) (action, resource string, ctx map[string]policy.Value) {
	ctx = map[string]policy.Value{}
	c.conditions(r, ctx, st, 0.8)
	if other := pick(r, c.raw[:]).Statement; len(other) > 0 {
		c.conditions(r, ctx, pick(r, other), 0.3)
	}
	name, actions := st.oneOf("Action", "NotAction")
	if name == "NotAction" && r.IntN(2) == 0 || r.IntN(8) == 0 {
		actions = []string{"s3:GetObject", "ec2:RunInstances", "sqs:SendMessage", "made:Up"}
	}
	action = actionOf(r, pick(r, actions))
	_, resources := st.oneOf("Resource", "NotResource")
	if r.IntN(6) == 0 {
		resources = []string{"*", "arn:aws:s3:::narrow/x", "arn:aws:s3:::part/x", "arn:aws:ec2:eu-west-1:111111111111:instance/i-1"}
	}
	return action, resourceOf(r, pick(r, resources), ctx), ctx
}

// actionOf returns an action that a pattern covers.
func actionOf(r *rand.Rand, pattern string) string {
	if pattern == "*" {
		return pick(r, []string{"s3:GetObject", "ec2:RunInstances", "sqs:SendMessage", "lambda:InvokeFunction", "made:Up"})
	}
	var list []string
	for a := range catalog.Default().Match(pattern) {
		if list = append(list, a.Name); len(list) == 20 {
			break
		}
	}
	if len(list) == 0 {
		return permission.Unknown(pattern)
	}
	return pick(r, list)
}

// resourceOf returns a resource that a pattern covers.
func resourceOf(r *rand.Rand, pattern string, ctx map[string]policy.Value) string {
	if pattern == "*" {
		return pick(r, []string{"*", "arn:aws:s3:::bucket/key", "arn:aws:sqs:eu-west-1:111111111111:queue"})
	}
	var b strings.Builder
	for {
		before, rest, ok := strings.Cut(pattern, "${")
		b.WriteString(fillRuns(r, before))
		if !ok {
			return b.String()
		}
		key, after, _ := strings.Cut(rest, "}")
		if v := ctx[strings.ToLower(key)]; v.State == policy.Present && !v.Multi {
			b.WriteString(v.One)
		} else {
			b.WriteString("none")
		}
		pattern = after
	}
}

func fillRuns(r *rand.Rand, text string) string {
	for strings.Contains(text, "*") {
		text = strings.Replace(text, "*", pick(r, []string{"", "x", "prod-1", "part/x", "111111111111", "eu-west-1"}), 1)
	}
	return strings.ReplaceAll(text, "?", "q")
}

// conditions gives values to the keys that a statement tests: mostly such that
// the tests hold.
func (c *comparison) conditions(r *rand.Rand, ctx map[string]policy.Value, st statement, often float64) {
	all := st.conditions()
	for _, op := range slices.Sorted(maps.Keys(all)) {
		for _, key := range slices.Sorted(maps.Keys(all[op])) {
			low := strings.ToLower(key)
			if _, done := ctx[low]; done || r.Float64() > often || r.IntN(8) == 0 {
				continue
			}
			v := pick(r, all[op][key])
			switch {
			case op == "Null":
				if v == "true" {
					continue
				}
				v = "anything"
			case r.IntN(6) == 0:
				v = otherValue(v)
			case strings.Contains(op, "IpAddress"):
				v, _, _ = strings.Cut(v, "/")
			}
			v = strings.NewReplacer("*", "x", "?", "q").Replace(v)
			if strings.Contains(v, "${") {
				v = "none"
			}
			ctx[low] = policy.Single(v)
			if policy.Multivalued(low) {
				ctx[low] = policy.List([]string{v})
			}
		}
	}
}
