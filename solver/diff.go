package solver

import (
	"maps"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"pathfinder/graphmodel/arn"
	"pathfinder/graphmodel/catalog"
)

// A DiffQuestion narrows a comparison of two snapshots. The zero value asks about
// everything.
type DiffQuestion struct {
	Resource  string   // an ARN, a pattern of ARNs, or the name of a resource of either snapshot
	Principal string   // likewise, of a principal
	Actions   []string // names or patterns
	// Thorough asks about everything and everybody, also where nothing can differ.
	// It takes longer and gives the same answer.
	Thorough bool
}

// Diff says in which access two snapshots differ. The access of a principal is
// compared as a whole: a request that it gained by one way is not in the answer
// if the old snapshot had another way that was open whenever the new one is.
//
// Of resources that no snapshot holds it speaks where identity policies decide
// alone: services whose resources carry no policies, in the principal's own
// account. Other ones that policies name are unknown.
func Diff(before, after *Solver, q DiffQuestion) (*DiffAnswer, error) {
	d := &differ{sides: newDiffSides(before, after), q: q}
	return d.answer()
}

// A differ is a comparison under way.
type differ struct {
	sides      [2]*diffSide // old, new
	q          DiffQuestion
	who        func(arn string) bool // of whom is asked
	alone      []actor               // those named by themselves whom answers do not list everywhere; see tellOf
	everything bool                  // something differs that everybody's access may depend on
	changed    map[string]bool       // actors; see affected
	entered    map[string]bool       // roles
	ahead      []string              // of entered, from which it is to be gone on
	people     [2]folk               // both, as each snapshot has them
	revision   revision              // what differs of statements on people; see narrow
	restNames  []string              // see rest

	ofActors, ofTargets sync.Map // ARN → the facts that differ; see differing
}

func (d *differ) answer() (*DiffAnswer, error) {
	q := &d.q
	ans := &DiffAnswer{
		Pathfinder: "diff/1", Old: snapshotOf(d.sides[0].s.inv), New: snapshotOf(d.sides[1].s.inv),
		Resource: q.Resource, Principal: q.Principal, Actions: nonNil(slices.Clone(q.Actions)),
	}
	set, err := newActionSet(q.Actions)
	if err != nil {
		return nil, err
	}
	if err := set.matches(); err != nil {
		return nil, err
	}
	if err := d.principals(); err != nil {
		return nil, err
	}
	texts, err := d.asked()
	if err != nil {
		return nil, err
	}
	if len(q.Actions) > 0 && q.Resource != "" && !slices.ContainsFunc(texts, func(x question) bool { return len(set.asks(x.text)) > 0 }) {
		return nil, questionErr("no such action applies to %s: %s", q.Resource, strings.Join(q.Actions, ", "))
	}
	d.affected()
	d.revision = d.revised()
	if q.Resource == "" {
		texts = append(texts, d.elsewhere()...)
		texts = append(texts, question{text: "*"})
	}
	d.restNames = d.rest()
	var lists [2][]DiffAccess
	gaps := unknowns{}
	for _, x := range d.each(texts) {
		for i := range lists {
			lists[i] = append(lists[i], x.found[i]...)
		}
		gaps.merge(x.gaps)
	}
	d.inventoryGaps(gaps)
	ans.Lost, ans.Gained, ans.Unknown = folded(lists[0]), folded(lists[1]), gaps.list()
	ans.Complete = len(ans.Unknown) == 0
	return ans, nil
}

// principals reads of whom is asked.
func (d *differ) principals() error {
	text := d.q.Principal
	switch {
	case text == "" || text == "*":
		d.who = func(string) bool { return true }
		return nil
	case strings.ContainsAny(text, "*?"):
		g := arn.NewGlob(text)
		d.who = func(a string) bool { return g.Match(a) }
		return nil
	}
	var first error
	for i := range d.sides {
		a, err := d.sides[len(d.sides)-1-i].s.namedPrincipal(text)
		if err == nil {
			d.who = func(other string) bool { return other == a.caller.ARN }
			d.tellOf([]actor{d.sides[len(d.sides)-1-i].s.standIn(a)})
			return nil
		}
		if first == nil {
			first = err
		}
	}
	return first
}

// A question is one ARN that a comparison asks about.
type question struct {
	text   string
	listed bool // a snapshot has it
	// by are those who are asked about, nil for everybody: what no snapshot has is
	// asked of whom own policies let at it.
	by map[string]bool
}

// asked lists what is asked about, by ARN.
func (d *differ) asked() ([]question, error) {
	all := map[string]bool{}
	for _, side := range d.sides {
		for _, a := range side.s.inv.Accounts {
			for _, r := range a.Held().Resources {
				all[r.ARN] = true
			}
			for _, p := range a.Principals() {
				all[p.ARN] = true
			}
			if a.IAM {
				all[a.RootARN()] = true
			}
		}
	}
	list := all
	if text := d.q.Resource; text != "" && text != "*" {
		found := map[string]bool{}
		var first error
		for i := range d.sides {
			side := d.sides[len(d.sides)-1-i]
			arns, err := side.s.resolve(text)
			if err != nil && first == nil {
				first = err
			}
			for _, r := range arns {
				for _, way := range side.s.waysTo(r) {
					found[way] = true
				}
			}
		}
		if g := arn.NewGlob(text); strings.ContainsAny(text, "*?") {
			for r := range all { // users and roles as well
				found[r] = found[r] || g.Match(r)
			}
			maps.DeleteFunc(found, func(_ string, yes bool) bool { return !yes })
		}
		if len(found) == 0 {
			return nil, first
		}
		list = found
	}
	var out []question
	for _, text := range slices.Sorted(maps.Keys(list)) {
		out = append(out, question{text: text, listed: all[text]})
	}
	return out, nil
}

// elsewhere lists what policies name of services whose resources can carry
// policies, and no snapshot has. Only what somebody names whose access may differ
// is asked about, but of all who name it: what they may do themselves they do not
// gain by another way.
func (d *differ) elsewhere() (out []question) {
	all := d.everything
	for _, a := range d.sides[0].s.inv.Accounts {
		all = all || len(d.differingTarget(a.RootARN())) > 0
	}
	by := map[string]map[string]bool{}
	asked := map[string]bool{}
	for _, side := range d.sides {
		for _, a := range side.s.inv.Accounts {
			for _, p := range a.Principals() {
				actor := side.s.actorOf(p)
				for _, text := range side.s.namedElsewhere(&actor) {
					if !policyServices[arn.Service(text)] || d.sides[0].s.carrier(text) != nil || d.sides[1].s.carrier(text) != nil {
						continue
					}
					if by[text] == nil {
						by[text] = map[string]bool{}
					}
					by[text][p.ARN] = true
					asked[text] = asked[text] || all || d.changed[p.ARN] || d.entered[p.ARN]
				}
			}
		}
	}
	for _, text := range slices.Sorted(maps.Keys(by)) {
		if asked[text] {
			out = append(out, question{text: text, by: by[text]})
		}
	}
	return out
}

// rest lists the actions on resources that carry no policies and are not listed
// one by one.
func (d *differ) rest() (names []string) {
	if d.q.Resource != "" {
		return nil
	}
	set, err := newActionSet(orAll(d.q.Actions, []string{"*"}))
	if err != nil {
		return nil // it was read before
	}
	return set.unlisted()
}

// unlisted lists the actions of the set on resources that carry no policies and that
// no snapshot lists one by one.
func (set *actionSet) unlisted() (names []string) {
	listed := map[string]bool{"iam user": true, "iam role": true, "iam root": true}
	cat := catalog.Default()
	for _, service := range cat.Services() {
		if policyServices[service] || service == "sts" {
			continue
		}
		for _, a := range cat.Actions(service) {
			known := !slices.ContainsFunc(a.ResourceTypes, func(r catalog.ResourceRef) bool { return !listed[r.Type.Service+" "+r.Type.Name] })
			if !known && (set.covers(a.Name) || slices.Contains(set.names, a.Name)) {
				names = append(names, a.Name)
			}
		}
	}
	slices.Sort(names)
	return names
}

// each answers the questions, several at a time. Their order stays.
func (d *differ) each(list []question) []*diffText {
	out := make([]*diffText, len(list))
	var next atomic.Int64
	var wg sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(list)) {
		wg.Go(func() {
			for i := next.Add(1) - 1; i < int64(len(list)); i = next.Add(1) - 1 {
				x := d.compare(list[i])
				out[i] = &diffText{found: x.found, gaps: x.gaps} // what it took to get there can go
			}
		})
	}
	wg.Wait()
	return out
}
