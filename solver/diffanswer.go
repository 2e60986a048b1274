package solver

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"pathfinder/graphmodel/inventory"
)

// DiffAnswer says in which access two snapshots differ: who gained what, and
// who lost what. Requests that both allow, or both deny, are in neither list,
// however the documents were changed.
type DiffAnswer struct {
	Pathfinder string       `json:"pathfinder"` // "diff/1"
	Old        DiffSnapshot `json:"old"`
	New        DiffSnapshot `json:"new"`
	Resource   string       `json:"resource,omitempty"`  // as asked
	Principal  string       `json:"principal,omitempty"` // as asked
	Actions    []string     `json:"actions"`             // as asked; patterns
	Gained     []DiffAccess `json:"gained"`
	Lost       []DiffAccess `json:"lost"`
	// Unknown is what could differ or not. It is in neither list.
	Unknown  []DiffGap `json:"unknown"`
	Complete bool      `json:"complete"`
	Notes    []Gap     `json:"notes,omitempty"` // as in WhoCanAnswer
}

// DiffSnapshot says what was compared.
type DiffSnapshot struct {
	Source   string    `json:"source,omitempty"`
	Created  time.Time `json:"created,omitzero"`
	Accounts int       `json:"accounts"`
}

func snapshotOf(inv *inventory.Inventory) DiffSnapshot {
	return DiffSnapshot{Source: inv.Source, Created: inv.Created, Accounts: len(inv.Accounts)}
}

// DiffAccess is one way to a resource that one snapshot has and the other has
// not, or not for all requests. Its grants hold the difference alone: the
// conditions of a grant and of the hops are those of requests that only one
// snapshot lets through.
type DiffAccess struct {
	Access
	// Principals are all those of whom the rest of the entry holds; Principal is
	// the first of them, and the path its path.
	Principals []string `json:"principals"`
	// PrincipalIs and ResourceIs are "new" or "gone" when only one snapshot has
	// them.
	PrincipalIs string `json:"principalIs,omitempty"`
	ResourceIs  string `json:"resourceIs,omitempty"`
	// Changed lists what the snapshots say differently of whoever and whatever is
	// on the way.
	Changed []DiffChange `json:"changed"`
}

// DiffChange is something that two snapshots say differently.
type DiffChange struct {
	Of   string `json:"of"`   // an ARN
	Fact string `json:"fact"` // "policies", "trust policy", "tags" …
}

// DiffGap is something unknown that could hide a difference.
type DiffGap struct {
	Gap
	// Principals are those whose access seems to differ but may not; empty when
	// nobody's does, as far as is known.
	Principals []string `json:"principals,omitempty"`
}

// folded puts entries together that differ in their principal alone.
func folded(list []DiffAccess) []DiffAccess {
	out := []DiffAccess{}
	at := map[string]int{}
	for _, a := range list {
		key := a.foldKey()
		if i, ok := at[key]; ok {
			out[i].Principals = append(out[i].Principals, a.Principals...)
			continue
		}
		at[key] = len(out)
		out = append(out, a)
	}
	for i := range out {
		a := &out[i]
		slices.Sort(a.Principals)
		a.Principals = slices.Compact(a.Principals)
		a.Principal = a.Principals[0]
		a.Path = slices.Clone(a.Path)
		a.Path[0].Principal = a.Principal
	}
	slices.SortStableFunc(out, func(a, b DiffAccess) int { return compareAccess(a.Access, b.Access) })
	return out
}

// foldKey writes everything of an entry but its principal. What changed of the
// principal itself stays, with its name left out.
func (a *DiffAccess) foldKey() string {
	rest := *a
	rest.Principal, rest.Principals, rest.Path = "", nil, slices.Clone(a.Path[1:])
	rest.Changed = slices.Clone(a.Changed)
	for i := range rest.Changed {
		if rest.Changed[i].Of == a.Principal {
			rest.Changed[i].Of = ""
		}
	}
	rest.Grants = slices.Clone(a.Grants)
	for i := range rest.Grants {
		g := &rest.Grants[i]
		g.Because, g.Stopped = a.nameless(g.Because), a.nameless(g.Stopped)
	}
	if len(rest.Path) > 0 {
		rest.Path[0].Because = a.nameless(rest.Path[0].Because)
	}
	text, err := json.Marshal(rest)
	if err != nil {
		return "BUG: " + err.Error() // no part of an entry can fail to be written
	}
	return string(text)
}

// nameless leaves the name of the principal out of references: a policy of its own
// bears it.
func (a *DiffAccess) nameless(list []StatementRef) []StatementRef {
	list = slices.Clone(list)
	for i := range list {
		list[i].Policy, _ = strings.CutPrefix(list[i].Policy, a.Principal+"/")
	}
	return list
}

// compareGaps orders gaps by what they are about, then by reason.
func compareGaps(a, b DiffGap) int {
	return cmp.Or(strings.Compare(a.What, b.What), strings.Compare(a.Why, b.Why))
}
