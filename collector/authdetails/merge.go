package authdetails

import (
	"bytes"
	"fmt"
	"iter"

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
	return out, m.err
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
