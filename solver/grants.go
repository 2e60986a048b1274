package solver

import (
	"cmp"
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"pathfinder/graphmodel/arn"
	"pathfinder/graphmodel/guard"
	"pathfinder/graphmodel/policy"
)

// An ask is one ARN or pattern with the actions that are asked about it.
type ask struct {
	resource string
	actions  []string
}

// asks lists what a question about an ARN is about: the thing itself, and for
// a bucket, a table or an access point what is inside of it.
func (set *actionSet) asks(text string) (out []ask) {
	add := func(resource string) {
		if list := set.on(resource); len(list) > 0 {
			out = append(out, ask{resource, list})
		}
	}
	add(text)
	res := arn.Resource(text)
	switch service := arn.Service(text); {
	case service == "s3" && arn.Account(text) == "" && !strings.Contains(res, "/"):
		add(text + "/*")
	case service == "s3" && strings.HasPrefix(res, "accesspoint/") && !strings.Contains(res, "/object/"):
		add(text + "/object/*")
	case service == "dynamodb" && strings.HasPrefix(res, "table/") && strings.Count(res, "/") == 1:
		add(text + "/index/*")
	}
	return out
}

// finder gathers the grants of many actors and what was found missing.
type finder struct {
	s       *Solver
	unknown map[Gap]bool
	cut     bool
}

func (s *Solver) finder() *finder { return &finder{s: s, unknown: map[Gap]bool{}} }

// gaps lists what was found missing, sorted, with what the snapshot itself
// says it lacks.
func (f *finder) gaps() []Gap {
	for _, g := range f.s.inv.Gaps {
		what := g.What
		if g.Account != "" {
			what = "account " + g.Account + ": " + what
		}
		f.unknown[Gap{What: what, Why: g.Why}] = true
	}
	if f.cut {
		f.unknown[Gap{What: "paths", Why: "there are more paths than are listed; narrow the question with --max-hops"}] = true
	}
	out := make([]Gap, 0, len(f.unknown))
	for g := range f.unknown {
		out = append(out, g)
	}
	slices.SortFunc(out, func(a, b Gap) int { return cmp.Or(strings.Compare(a.What, b.What), strings.Compare(a.Why, b.Why)) })
	return out
}

// grants lists what an actor may do itself with what is asked.
func (f *finder) grants(a *actor, t *target, asks []ask) []Grant {
	groups := map[string]*Grant{}
	base := f.s.baseFor(a, t)
	for _, k := range asks {
		for _, action := range k.actions {
			c := t.request(base, a, action, k.resource)
			if !c.mayAllow() {
				continue
			}
			for _, g := range f.atoms(a, t, base, c) {
				key := g.key()
				if have := groups[key]; have != nil {
					have.Actions = append(have.Actions, action)
					continue
				}
				g.Actions = []string{action}
				groups[key] = &g
			}
		}
	}
	out := make([]Grant, 0, len(groups))
	for _, g := range groups {
		slices.Sort(g.Actions)
		g.Actions = slices.Compact(g.Actions)
		out = append(out, *g)
	}
	slices.SortFunc(out, func(a, b Grant) int {
		return cmp.Or(slices.Compare(a.Resources, b.Resources), slices.Compare(a.Actions, b.Actions), strings.Compare(a.key(), b.key()))
	})
	return out
}

// key identifies everything of a grant but its actions.
func (g *Grant) key() string {
	cond, _ := json.Marshal(g.Condition)
	var b strings.Builder
	b.Write(cond)
	for _, list := range [][]string{g.Resources, g.Except, g.Unsure} {
		b.WriteString("\x00" + strings.Join(list, "\x01"))
	}
	for _, r := range g.Because {
		b.WriteString("\x00" + r.Policy + "\x01" + r.Type + "\x01" + strconv.Itoa(r.Statement))
	}
	return b.String()
}

// mayAllow reports whether some statement could allow the action at all, so
// that most questions end here.
func (c *Case) mayAllow() bool {
	if c.Caller.Kind == CallerRoot || c.Caller.External || c.S3 != nil && c.S3.Ownership != "" && c.S3.Ownership != "BucketOwnerEnforced" ||
		len(c.KMSGrants) > 0 || len(c.Doubts) > 0 {
		return true
	}
	service, name, _ := strings.Cut(strings.ToLower(c.Action), ":")
	if openWithoutPolicy[service+":"+name] || service == "sts" && name == "getcalleridentity" {
		return true // E209, E100: no statement is needed
	}
	lists := [][]Source{c.Identity, c.Resources}
	if c.AccessPoint != nil {
		lists = append(lists, c.AccessPoint.Policies)
	}
	for _, list := range lists {
		for i := range list {
			doc := list[i].Doc
			if len(doc.Faults) > 0 && doc.Damaged() {
				return true
			}
			for _, st := range doc.Statements {
				if st.Effect == policy.Allow && !st.Broken && st.MatchAction(service, name) {
					return true
				}
			}
		}
	}
	return false
}

// found is the decision on one atom.
type found struct {
	atom
	grant Grant
	key   string // "" when denied
}

// atoms decides every part of what c asks about and puts the parts that come
// out alike together again. base is what c was made from.
func (f *finder) atoms(a *actor, t *target, base, c *Case) []Grant {
	parts := atomsOf(arn.NewGlob(c.Resource), c, newEval(c, false))
	list := make([]found, len(parts))
	for i, part := range parts {
		list[i] = found{atom: part}
		cc := t.request(base, a, c.Action, part.witness)
		d := Decide(cc)
		f.note(t, &d)
		if d.Outcome != Allowed {
			continue
		}
		d = Explain(cc)
		g := Grant{Because: nonNil(d.Because()), Unsure: d.Unsure}
		if g.Condition = f.blocks(t, d.Guard); len(g.Condition) > 0 && f.s.cfg.Unconditional {
			continue
		}
		if d.LowConfidence() {
			g.Confidence = "low"
		}
		list[i].grant, list[i].key = g, "+"+g.key()
	}
	return assemble(list)
}

// blocks writes a guard, and notes what policy language can't express.
func (f *finder) blocks(t *target, g *guard.Expr) guard.Blocks {
	blocks, _, exact := g.Blocks()
	if !exact {
		for _, why := range g.Reasons() {
			f.unknown[Gap{What: t.name, Why: why + " is left open"}] = true
		}
	}
	return blocks
}

// note records what a decision lacked.
func (f *finder) note(t *target, d *Decision) {
	if d.Outcome == ExplicitlyDenied {
		return
	}
	for _, why := range d.Doubts {
		f.unknown[Gap{What: t.name, Why: strings.TrimPrefix(why, t.name+" ")}] = true
	}
}

// assemble joins atoms of equal outcome. An atom stands for itself without the
// smaller atoms inside, so a grant names an atom unless the next larger one is
// in the grant as well, and excepts the atoms inside that come out otherwise.
func assemble(list []found) (out []Grant) {
	parent := make([]int, len(list))
	for i := range list {
		parent[i] = -1
		for j := range list {
			if i == j || !arn.Covers(list[j].glob, list[i].glob) {
				continue
			}
			if parent[i] < 0 || arn.Covers(list[parent[i]].glob, list[j].glob) {
				parent[i] = j
			}
		}
	}
	done := map[string]bool{}
	for i := range list {
		key := list[i].key
		if key == "" || done[key] {
			continue
		}
		done[key] = true
		g := list[i].grant
		for j := range list {
			inParent := parent[j] >= 0 && list[parent[j]].key == key
			switch {
			case list[j].key == key && !inParent:
				g.Resources = append(g.Resources, list[j].pattern)
			case list[j].key != key && inParent:
				g.Except = append(g.Except, list[j].pattern)
			}
		}
		out = append(out, g)
	}
	return out
}
