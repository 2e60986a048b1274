package serve

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"pathfinder/graphmodel/inventory"
)

func TestSearch(t *testing.T) {
	t.Parallel()
	h := handler(t, config(load(t, "acme")))
	for _, tt := range []struct {
		text  string
		limit string
		want  []string
		more  int
	}{
		{"data-reader", "5", []string{"role data-reader"}, 0},
		{"DATA-reader", "5", []string{"role data-reader"}, 0},
		{" developer-1 ", "5", []string{"user developer-1"}, 0},
		// By name, though it stands in no ARN.
		{"prod-data", "5", []string{"resource prod-data"}, 0},
		// Of accounts by number and name.
		{"600000000006", "2", []string{"account acme-prod", "resource acme-prod-customers"}, 21},
		{"acme-pro", "3", []string{"resource acme-prod-customers", "account acme-prod", "resource acme-prod-app-uploads"}, 4},
		{"arn:aws:s3:::acme-prod-customer-data", "5", []string{"resource acme-prod-customer-data"}, 0},
		{"nobody there", "5", nil, 0},
		{" ", "5", nil, 0},
		{"\x00", "5", nil, 0},
	} {
		w := get(h, "/api/search", "q", tt.text, "limit", tt.limit)
		var got matches
		if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil || got.Matches == nil {
			t.Fatalf("%q: %s: %v", tt.text, w.Body, err)
		}
		var list []string
		for _, m := range got.Matches {
			list = append(list, m.Kind+" "+m.Label)
		}
		if !slices.Equal(list, tt.want) || got.More != tt.more {
			t.Errorf("%q: got %q and %d more, want %q and %d", tt.text, list, got.More, tt.want, tt.more)
		}
	}
}

// Law: a search finds what somebody finds who looks at every principal, resource
// and account, in the same order; and the same in a compiled snapshot.
func TestSearchFindsAll(t *testing.T) {
	t.Parallel()
	inv := load(t, "acme")
	inMemory, mapped := newNames(inv), newNames(mapped(t, "acme"))
	everything := inMemory.all
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOfN(rapid.RuneFrom([]rune("aceornt-:/09R")), 1, 4, -1).Draw(t, "text")
		if rapid.Bool().Draw(t, "part") {
			from := rapid.IntRange(0, len(everything)-20).Draw(t, "from")
			text, _, _ = strings.Cut(everything[from:from+rapid.IntRange(1, 20).Draw(t, "length")], separator)
		}
		limit := rapid.IntRange(1, 8).Draw(t, "limit")
		want := literally(inv, text, limit)
		for _, n := range []*names{inMemory, mapped} {
			if got := n.search(text, limit); fmt.Sprint(*got) != fmt.Sprint(*want) {
				t.Fatalf("%q: got %v, want %v", text, *got, *want)
			}
		}
	})
}

// literally searches one by one.
func literally(inv *inventory.Inventory, text string, limit int) *matches {
	type found struct {
		match
		how int
	}
	var list []found
	text = strings.ToLower(strings.TrimSpace(text))
	see := func(m match, names ...string) {
		how := fits
		for _, s := range append(names, m.ID) {
			s = strings.ToLower(s)
			switch {
			case text == "":
			case s == text:
				how = min(how, fitsAll)
			case strings.HasPrefix(s, text):
				how = min(how, fitsStart)
			case strings.Contains(s, text):
				within := fitsWithin
				if s == strings.ToLower(m.ID) && m.Kind != "account" {
					within = fitsElsewhere
				}
				how = min(how, within)
			}
		}
		if how < fits {
			list = append(list, found{m, how})
		}
	}
	for _, a := range inv.Accounts {
		see(match{ID: a.RootARN(), Kind: "account", Label: cmp.Or(a.Name, a.ID), Account: a.ID}, a.ID, a.Name)
		for _, u := range a.Held().Users {
			see(match{ID: u.ARN, Kind: "user", Label: u.Name, Account: a.ID}, u.Name)
		}
		for _, r := range a.Held().Roles {
			see(match{ID: r.ARN, Kind: "role", Label: r.Name, Account: a.ID}, r.Name)
		}
		for _, r := range a.Held().Resources {
			see(match{ID: r.ARN, Kind: "resource", Type: r.Type, Label: cmp.Or(r.Name, inventory.LastPart(r.ARN)), Account: r.Account}, r.Name, inventory.LastPart(r.ARN))
		}
	}
	slices.SortFunc(list, func(a, b found) int { return cmp.Or(a.how-b.how, strings.Compare(a.ID, b.ID)) })
	out := &matches{Matches: []match{}}
	for _, f := range list[:min(limit, len(list))] {
		out.Matches = append(out.Matches, f.match)
	}
	out.More = len(list) - len(out.Matches)
	return out
}
