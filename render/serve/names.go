package serve

import (
	"cmp"
	"runtime"
	"slices"
	"strings"
	"sync"

	"pathfinder/graphmodel/inventory"
)

// A match is what a search found.
type match struct {
	ID      string `json:"id"`
	Kind    string `json:"kind"` // account, user, role, resource
	Type    string `json:"type,omitempty"`
	Label   string `json:"label"`
	Account string `json:"account,omitempty"`
}

// matches are the best that a search found, and how many more there are.
type matches struct {
	Matches []match `json:"matches"`
	More    int     `json:"more"`
}

// names finds accounts, principals and resources by parts of their ids and names,
// whatever the case. It holds texts alone, one after the other, and loads nothing
// of an account but what it shows.
type names struct {
	inv  *inventory.Inventory
	ids  []string // as they are in views
	all  string   // for each the id, and after a line end each further name, in lower case; see add
	ends []int    // where in all each of them ends
	// owned is how many of them are no accounts, which come last.
	owned int
}

// newNames reads the names of a snapshot.
func newNames(inv *inventory.Inventory) *names {
	n := &names{inv: inv}
	named := furtherNames(inv)
	n.ids = slices.Collect(inv.Index().PrincipalARNs())
	n.ids = slices.AppendSeq(n.ids, inv.Index().ResourceARNs())
	n.owned = len(n.ids)
	size := 0
	for _, id := range n.ids {
		size += len(id) + len(separator)
	}
	var b strings.Builder
	b.Grow(size + size/16) // and what comes with further names
	n.ends = make([]int, 0, n.owned+len(inv.Accounts))
	for _, id := range n.ids {
		n.add(&b, id, named[id]...)
	}
	for _, a := range inv.Accounts {
		n.ids = append(n.ids, a.RootARN())
		n.add(&b, a.RootARN(), a.ID, a.Name)
	}
	n.all = b.String()
	return n
}

// furtherNames lists the names of resources that are not the last part of their
// ARNs.
func furtherNames(inv *inventory.Inventory) map[string][]string {
	last := map[string]bool{}
	for arn := range inv.Index().ResourceARNs() {
		last[inventory.LastPart(arn)] = true
	}
	named := map[string][]string{}
	for name := range inv.Index().ResourceNames() {
		if last[name] || name == "" {
			continue
		}
		for _, r := range inv.Index().ResourcesNamed(name) {
			named[r.ARN] = append(named[r.ARN], name)
		}
	}
	return named
}

// add adds the texts of an id. They stand apart by a character that no search has.
func (n *names) add(b *strings.Builder, id string, further ...string) {
	b.WriteString(lower(id))
	for _, name := range further {
		b.WriteString(separator + lower(name))
	}
	b.WriteString(separator)
	n.ends = append(n.ends, b.Len())
}

const separator = "\x00"

// text returns the texts of one.
func (n *names) text(i int) string {
	from := 0
	if i > 0 {
		from = n.ends[i-1]
	}
	return n.all[from:n.ends[i]]
}

// How well a text fits, the best first.
const (
	fitsAll = iota
	fitsStart
	fitsWithin // a name
	fitsElsewhere
	fits
)

// fit tells how well a text fits one of which it is a part.
func (n *names) fit(i int, text string) int {
	best := fitsElsewhere
	rest := n.text(i)
	for first := true; rest != ""; first = false {
		var one string
		one, rest, _ = strings.Cut(rest, separator)
		name := one
		if first && i < n.owned {
			name = inventory.LastPart(one)
		}
		switch {
		case one == text || name == text:
			return fitsAll
		case strings.HasPrefix(name, text) || strings.HasPrefix(one, text):
			best = min(best, fitsStart)
		case strings.Contains(name, text):
			best = min(best, fitsWithin)
		}
	}
	return best
}

// A tally gathers the best of what was found, each list by id.
type tally struct {
	best  [fits][]int
	count int
}

func (n *names) note(t *tally, i, how, limit int) {
	t.count++
	list := t.best[how]
	if len(list) == limit && n.ids[i] >= n.ids[list[limit-1]] {
		return
	}
	at, _ := slices.BinarySearchFunc(list, i, func(a, b int) int { return cmp.Compare(n.ids[a], n.ids[b]) })
	list = slices.Insert(list, at, i)
	t.best[how] = list[:min(len(list), limit)]
}

// search finds up to limit matches, on all processors: those whose name or id is
// the text, then those that begin with it, then those with it in their name, then
// the others; each by id.
func (n *names) search(text string, limit int) *matches {
	text = lower(strings.TrimSpace(text))
	out := &matches{Matches: []match{}}
	if text == "" || strings.Contains(text, separator) {
		return out
	}
	workers := max(1, min(runtime.GOMAXPROCS(0), len(n.ids)/1024))
	tallies := make([]tally, workers)
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() { n.scan(&tallies[w], w*len(n.ids)/workers, (w+1)*len(n.ids)/workers, text, limit) })
	}
	wg.Wait()
	all := &tallies[0]
	for k := range tallies[1:] {
		t := &tallies[k+1]
		count := all.count + t.count
		for how, list := range t.best {
			for _, i := range list {
				n.note(all, i, how, limit)
			}
		}
		all.count = count
	}
	for _, i := range slices.Concat(all.best[:]...) {
		if len(out.Matches) == limit {
			break
		}
		out.Matches = append(out.Matches, n.match(i))
	}
	out.More = all.count - len(out.Matches)
	return out
}

// scan looks at some of them.
func (n *names) scan(t *tally, from, to int, text string, limit int) {
	at := 0
	if from > 0 {
		at = n.ends[from-1]
	}
	for i := from; i < to; i++ {
		found := strings.Index(n.all[at:n.ends[to-1]], text)
		if found < 0 {
			return
		}
		at += found
		// Names are short: most often it is one of the next.
		more, _ := slices.BinarySearch(n.ends[i:to], at+1)
		i += more
		n.note(t, i, n.fit(i, text), limit)
		at = n.ends[i]
	}
}

// match shows one.
func (n *names) match(i int) match {
	id := n.ids[i]
	if i >= n.owned {
		a := n.inv.Accounts[i-n.owned]
		return match{ID: id, Kind: "account", Label: cmp.Or(a.Name, a.ID), Account: a.ID}
	}
	if p := n.inv.Principal(id); p != nil {
		kind := "role"
		if p.Kind == inventory.User {
			kind = "user"
		}
		return match{ID: id, Kind: kind, Label: p.Name, Account: p.Account.ID}
	}
	m := match{ID: id, Kind: "resource", Label: inventory.LastPart(id)}
	if r := n.inv.Resource(id); r != nil {
		m.Type, m.Label, m.Account = r.Type, cmp.Or(r.Name, m.Label), r.Account
	}
	return m
}
