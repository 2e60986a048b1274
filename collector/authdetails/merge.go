package authdetails

import (
	"bytes"
	"cmp"
	"fmt"
	"iter"
	"maps"
	"slices"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"pathfinder/collector/snapshot"
)

// chunks yields runs of pages of the same account.
func chunks(pages []*page) iter.Seq[[]*page] {
	return func(yield func([]*page) bool) {
		for len(pages) > 0 {
			n := 1
			for n < len(pages) && pages[n].account == pages[0].account {
				n++
			}
			if !yield(pages[:n]) {
				return
			}
			pages = pages[n:]
		}
	}
}

// truncated reports whether pages of one account are missing. Within a file pages stand
// in their order, and one that AWS goes on behind needs another behind it. Files stand in
// any order: one that ends with a last page is enough for all of them.
func truncated(pages []*page) bool {
	open := make(map[string]bool) // files, by how they end
	for _, p := range pages {
		open[p.file] = p.details.Truncated()
	}
	for _, cut := range open {
		if !cut {
			return false
		}
	}
	return true
}

// merge joins the pages of one account.
func merge(pages []*page) (*snapshot.AuthorizationDetails, error) {
	out := &snapshot.AuthorizationDetails{Extra: pages[0].details.Extra}
	m := merger{first: make(map[string]entry)}
	for _, p := range pages {
		d := p.details
		out.UserDetailList = join(&m, p, out.UserDetailList, d.UserDetailList, func(u *snapshot.UserDetail) string { return u.ARN })
		out.GroupDetailList = join(&m, p, out.GroupDetailList, d.GroupDetailList, func(g *snapshot.GroupDetail) string { return g.ARN })
		out.RoleDetailList = join(&m, p, out.RoleDetailList, d.RoleDetailList, func(r *snapshot.RoleDetail) string { return r.ARN })
		out.Policies = join(&m, p, out.Policies, d.Policies, func(p *snapshot.ManagedPolicy) string { return p.ARN })
	}
	if m.err != nil {
		return nil, m.err
	}
	return out, contradicted(pages)
}

// A telling is one answer about an account from its first page to its last one: what it
// lists, by kind.
type telling struct {
	shown string
	lists map[string][]string
}

// tellings puts pages together that follow each other in a file. ok is false when pages
// of some are elsewhere.
func tellings(pages []*page) (list []*telling, ok bool) {
	ok = true
	var now *telling
	for i, p := range pages {
		if now == nil {
			now = &telling{shown: p.shown, lists: make(map[string][]string)}
			list = append(list, now)
		}
		now.add(p.details)
		switch {
		case !p.details.Truncated():
			now = nil
		case i+1 == len(pages) || pages[i+1].file != p.file:
			ok, now = false, nil
		}
	}
	return list, ok
}

func (t *telling) add(d *snapshot.AuthorizationDetails) {
	for _, u := range d.UserDetailList {
		t.lists["user"] = append(t.lists["user"], u.ARN)
	}
	for _, g := range d.GroupDetailList {
		t.lists["group"] = append(t.lists["group"], g.ARN)
	}
	for _, r := range d.RoleDetailList {
		t.lists["role"] = append(t.lists["role"], r.ARN)
	}
}

// contradicted returns an error when an account was asked twice, at different times: two
// answers have users, groups or roles in common, and one lacks some of them that the other
// one lists. Those are gone by now, or new. Answers that share none of a kind were parted
// by somebody, or by a filter. What policies there are makes no difference but by whom they
// are attached to. Of pages that stand in several files nobody knows which belong together.
func contradicted(pages []*page) error {
	list, ok := tellings(pages)
	if !ok || len(list) < 2 {
		return nil
	}
	type pair struct {
		kind string
		a, b *telling
	}
	first := make(map[string]*telling)
	held := make(map[pair]bool)
	for _, t := range list {
		for _, kind := range slices.Sorted(maps.Keys(t.lists)) {
			for _, name := range t.lists[kind] {
				o := first[name]
				if o == nil {
					first[name] = t
				}
				if o == nil || o == t || held[pair{kind, o, t}] {
					continue
				}
				held[pair{kind, o, t}] = true
				if err := cmp.Or(t.lacks(o, kind), o.lacks(t, kind)); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// lacks returns an error when another telling lists what this one lacks of a kind.
func (t *telling) lacks(other *telling, kind string) error {
	for _, name := range other.lists[kind] {
		if !slices.Contains(t.lists[kind], name) {
			return fmt.Errorf("%s: %s stands in %s, and is missing here, though both tell of the same account; keep the newer one of the two", t.shown, name, other.shown)
		}
	}
	return nil
}

// A merger remembers where each ARN stood first.
type merger struct {
	first map[string]entry
	err   error // the first
}

type entry struct {
	value any
	shown string
}

// join appends what is new in list. What stands twice must be equal: two
// texts of one role were read at different times, and either may be the old
// one.
func join[T any](m *merger, p *page, to, list []T, arnOf func(T) string) []T {
	for _, v := range list {
		key := arnOf(v)
		before, twice := m.first[key]
		if !twice {
			m.first[key] = entry{v, p.shown}
			to = append(to, v)
			continue
		}
		if m.err == nil && !same(before.value, v) {
			m.err = fmt.Errorf("%s: %s stands in %s too, with other content; keep the newer one of the two", p.shown, key, before.shown)
		}
	}
	return to
}

func same(a, b any) bool {
	x, errX := canonical(a)
	y, errY := canonical(b)
	return errX == nil && errY == nil && bytes.Equal(x, y)
}

func canonical(v any) (jsontext.Value, error) {
	b, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	out := jsontext.Value(b)
	return out, out.Canonicalize()
}
