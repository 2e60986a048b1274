package permission

import (
	"slices"
	"strings"

	"pathfinder/graphmodel/arn"
	"pathfinder/graphmodel/atoms"
	"pathfinder/graphmodel/policy"
)

// A Request is one request, to show or to try.
type Request struct {
	Action   string
	Resource string        // an ARN, or "*" for none
	Context  policy.Values // keys in lower case; what it lacks is absent
	// Keys spells the keys of Context as policies do.
	Keys map[string]string
	// Open are opaque questions that the request has to be answered yes to, and
	// those, with a "not " in front, to be answered no.
	Open []string
}

// maxTried bounds the search for a sample that AWS could see, in each direction,
// and maxCuts in all.
const (
	maxTried = 16
	maxCuts  = 24
)

// Sample returns a request of the label: one that an action of the catalog makes
// on a resource of its own, if the first pieces hold any. ok is false when the
// label is empty. Equal labels of equal spaces give equal samples.
func (s *Space) Sample(a *Label) (r Request, ok bool) {
	if a.IsEmpty() {
		return r, false
	}
	defer s.lock()()
	pieces := s.ordered(a)
	cuts := 0
	for _, p := range pieces[:min(len(pieces), maxTried)] {
		tried := 0
		for i := range p.actions.all() {
			if tried++; tried > maxTried {
				break
			}
			for _, at := range firstOf(p.res, maxTried) {
				if text, fits := s.realistic(i, at, &cuts); fits {
					return s.request(i, text, p.guard), true
				}
			}
		}
	}
	p := pieces[0]
	at := firstOf(p.res, 1)[0]
	for i := range p.actions.all() {
		return s.request(i, s.witness(at), p.guard), true
	}
	return r, false
}

// A simple piece of a label.
type piece struct {
	actions *ActionSet
	res     *resSet
	guard   *Guard
}

// ordered lists the pieces of a label in an order that does not depend on how
// it was made: those that ask for nothing first.
func (s *Space) ordered(a *Label) []piece {
	var out []piece
	for _, r := range a.rows {
		for _, c := range r.col.cells {
			out = append(out, piece{r.actions, c.res, c.guard})
		}
	}
	key := func(p *piece) []int {
		asks := 0
		if p.guard != s.guards.possible {
			asks = 1
		}
		first := 0
		for i := range p.actions.all() {
			first = i
			break
		}
		return append([]int{asks, first, firstOf(p.res, 1)[0]}, s.guards.pick(p.guard)...)
	}
	slices.SortStableFunc(out, func(x, y piece) int { return slices.Compare(key(&x), key(&y)) })
	return out
}

func firstOf(r *resSet, n int) (out []int) {
	for i := 0; i < len(r.words)*64 && len(out) < n; i++ {
		if r.has(i) {
			out = append(out, i)
		}
	}
	return out
}

func (s *Space) witness(at int) string {
	if at == 0 {
		return "*"
	}
	return s.atoms[at-1].Witness
}

// realistic returns a resource of an atom that the action is made on.
func (s *Space) realistic(action, at int, cuts *int) (text string, fits bool) {
	a, known := s.pool.cat.Action(s.pool.name(action))
	switch {
	case !known || a.WildcardOnly && at != 0 || !a.WildcardOnly && at == 0:
		return "", false
	case at == 0:
		return "*", true
	}
	for _, t := range a.ResourceTypes {
		for _, form := range t.Type.ARNs {
			if *cuts++; *cuts > maxCuts {
				return "", false
			}
			if text, ok := s.inForm(Form(form, "aws"), at); ok {
				return text, true
			}
		}
	}
	return "", false
}

// inForm finds a resource of an atom that has the documented form.
func (s *Space) inForm(form arn.Glob, at int) (string, bool) {
	list := make([]atoms.Pattern, len(s.patterns)+1)
	for i, union := range s.patterns {
		list[i] = compileUnion(union)
	}
	list[len(s.patterns)] = atoms.Text(s.bound())
	cut, ok := atoms.Cut(atoms.Fields(form), list, maxStates)
	if !ok {
		return "", false
	}
	for i := range cut {
		same := cut[i].In.Has(len(s.patterns))
		for j := range s.patterns {
			same = same && cut[i].In.Has(j) == s.atoms[at-1].In.Has(j)
		}
		if same {
			return cut[i].Witness, true
		}
	}
	return "", false
}

// Form reads a documented form such as
// arn:${Partition}:s3:::${BucketName}/${ObjectName} as a glob over the ARNs of
// a partition.
func Form(form, partition string) arn.Glob {
	var b strings.Builder
	for {
		i := strings.Index(form, "${")
		j := strings.IndexByte(form, '}')
		if i < 0 || j < i {
			break
		}
		b.WriteString(form[:i])
		switch name := form[i+2 : j]; name {
		case "Partition":
			b.WriteString(partition)
		case "Account":
			b.WriteString("????????????")
		default:
			b.WriteString("?*")
		}
		form = form[j+1:]
	}
	return arn.NewGlob(b.String() + form)
}

// request puts a sample together.
func (s *Space) request(action int, resource string, g *Guard) Request {
	r := s.context(g)
	r.Action, r.Resource = s.pool.name(action), resource
	return r
}

// Context returns a request of a set of contexts that is not empty; it has no
// action and no resource.
func (s *Space) Context(g *Guard) Request {
	defer s.lock()()
	return s.context(g)
}

func (s *Space) context(g *Guard) Request {
	r := Request{Context: policy.Values{}, Keys: map[string]string{}}
	lists := map[string][]string{}
	for i, c := range s.guards.pick(g) {
		v := s.vars[i]
		switch {
		case v.key == "" && c == 1:
			r.Open = append(r.Open, v.opaque)
		case v.key == "" && c == 0:
			r.Open = append(r.Open, "not "+v.opaque)
		case v.key == "":
		case v.element:
			if c == 1 {
				lists[v.key] = append(lists[v.key], v.classes[1].value.Many...)
				r.Keys[v.key] = v.name
			}
		default:
			if cl := v.classes[max(c, 0)]; !cl.absent {
				r.Context[v.key], r.Keys[v.key] = cl.value, v.name
			}
		}
	}
	for key, list := range lists {
		r.Context[key] = policy.List(list)
	}
	return r
}

// Contains reports whether a request is in the label. Opaque questions are
// answered as its Open lists them; those about tests that it does not list, by
// its context. The action has to be one of the space, and the resource within
// it.
func (s *Space) Contains(a *Label, r *Request) bool {
	defer s.lock()()
	set := s.pool.of([]string{r.Action})
	at := s.atomOf(r.Resource)
	if set.IsEmpty() || at < 0 {
		return false
	}
	number := 0
	for i := range set.all() {
		number = i
	}
	for _, row := range a.rows {
		if !row.actions.has(number) {
			continue
		}
		for _, c := range row.col.cells {
			if c.res.has(at) {
				return s.meets(c.guard, r)
			}
		}
	}
	return false
}

// atomOf returns the atom of a resource, -1 when it is not in the space.
func (s *Space) atomOf(resource string) int {
	if resource == "*" {
		if s.none {
			return 0
		}
		return -1
	}
	for i := range s.atoms {
		same := true
		for j, union := range s.patterns {
			covered := slices.ContainsFunc(union, func(p arn.Pattern) bool { return p.Match(resource) != arn.NoFit })
			if same = s.atoms[i].In.Has(j) == covered; !same {
				break
			}
		}
		if same {
			return i + 1
		}
	}
	return -1
}

// meets walks a diagram with the values of a request.
func (s *Space) meets(g *Guard, r *Request) bool {
	for g.kids != nil {
		g = g.kids[s.classOf(g.level, r)]
	}
	return g == s.guards.yes
}

func (s *Space) classOf(level int, r *Request) int {
	v := s.vars[level]
	if v.key == "" {
		yes := slices.Contains(r.Open, v.opaque)
		if v.test != nil && !yes && !slices.Contains(r.Open, "not "+v.opaque) {
			yes = v.test.Test(r.Context) == policy.True
		}
		if yes {
			return 1
		}
		return 0
	}
	k := s.byKey[v.key]
	value := r.Context.Value(v.key)
	if !v.element {
		vec := k.vector(v.key, value)
		if value.State == policy.Absent {
			vec = "absent"
		}
		return k.byVec[vec]
	}
	list := value.Many
	if value.State == policy.Present && !value.Multi {
		list = []string{value.One}
	}
	for _, text := range list {
		if at, ok := k.byVec[k.vector(v.key, policy.List([]string{text}))]; ok && k.level+at == level {
			return 1
		}
	}
	return 0
}
