package permission

import (
	"maps"
	"slices"
	"strings"

	"pathfinder/graphmodel/atoms"
	"pathfinder/graphmodel/catalog"
)

// An ActionList is what one statement says of actions: an Action element, or
// with Not a NotAction element.
type ActionList struct {
	Patterns []string
	Not      bool
}

// An ActionClass is a set of actions, not empty, that each of some lists covers
// either as a whole or not at all.
type ActionClass struct {
	In    atoms.Bits // the lists that cover it, by index
	Names []string   // its first actions, at most as many as were asked for
}

// ActionClasses cuts all actions, those of the catalog and those that only the
// lists name, into the fewest classes, in the order of their first action. Of
// each it names at most so many; those in prefer come first. ok is false, and there
// is no class, when it would take too long: the lists name tens of thousands of
// actions that nobody knows.
//
// Time O(actions + actions that each list names + classes × lists).
func ActionClasses(lists []ActionList, most int, prefer ...string) (out []ActionClass, ok bool) {
	p, ok := newPartition(lists)
	if !ok {
		return nil, false
	}
	for i := range lists {
		if p.split(i, &lists[i]); len(p.named)*len(lists) > maxCovers {
			return nil, false
		}
	}
	return p.classes(lists, most, prefer), true
}

// maxCovers bounds the classes times the lists. Ten thousand statements, each about
// actions of its own, stay below.
const maxCovers = 1 << 27

// A partition is classes in the making. The actions of the catalog have their
// numbers there, and the others those behind.
type partition struct {
	cat     *catalog.Catalog
	names   []string           // of the others, as written
	folded  []string           // and in lower case
	made    map[string]bool    // folded
	covered map[string][]int32 // actions by pattern, in lower case
	class   []int32            // by action
	last    []int32            // by action: the last list that named it, counted from 1
	named   []atoms.Bits       // by class: the lists that name it
	to      []int32            // by class: where a list moves what it names; -1 if it named nothing yet
	from    []int32            // the classes that the list named something of
	all     atoms.Bits         // the lists that name everything
}

func newPartition(lists []ActionList) (p *partition, ok bool) {
	p = &partition{cat: catalog.Default(), covered: map[string][]int32{}, made: map[string]bool{}}
	for i := range lists {
		for _, pattern := range lists[i].Patterns {
			p.look(pattern)
		}
	}
	n := p.cat.NumActions() + len(p.names)
	p.class, p.last = make([]int32, n), make([]int32, n)
	p.named, p.to, p.all = []atoms.Bits{atoms.NewBits(len(lists))}, []int32{-1}, atoms.NewBits(len(lists))
	index := newNameIndex(p.folded)
	if index.tests(slices.Collect(maps.Keys(p.covered))) > maxNameTests {
		return nil, false
	}
	for low, list := range p.covered {
		index.match(low, func(i int) { list = append(list, int32(p.cat.NumActions()+i)) }) //nolint:gosec // few
		p.covered[low] = list
	}
	return p, true
}

// look finds the actions of the catalog that a pattern covers, or makes one up.
func (p *partition) look(pattern string) {
	low := strings.ToLower(pattern)
	if _, done := p.covered[low]; done || low == "*" {
		return
	}
	list := []int32{}
	for a := range p.cat.Match(low) {
		list = append(list, int32(a.ID)) //nolint:gosec // below NumActions
	}
	p.covered[low] = list
	if len(list) > 0 {
		return
	}
	name := shortest(pattern)
	if folded := strings.ToLower(name); !p.made[folded] {
		p.made[folded] = true
		p.names, p.folded = append(p.names, name), append(p.folded, folded)
	}
}

// split makes classes that list i names in full or not at all: what it names of
// a class moves into a new one. A list with "*" names all.
func (p *partition) split(i int, list *ActionList) {
	if slices.Contains(list.Patterns, "*") {
		p.all.Add(i)
		return
	}
	mark := int32(i + 1) //nolint:gosec // few
	p.from = p.from[:0]
	for _, pattern := range list.Patterns {
		for _, a := range p.covered[strings.ToLower(pattern)] {
			if p.last[a] != mark {
				p.last[a] = mark
				p.move(a)
			}
		}
	}
	for _, c := range p.from {
		p.named[p.to[c]].Add(i)
		p.to[c] = -1
	}
}

// move takes an action out of its class.
func (p *partition) move(a int32) {
	from := p.class[a]
	to := p.to[from]
	if to < 0 {
		to = int32(len(p.named)) //nolint:gosec // bounded by what the lists name
		p.to[from], p.from = to, append(p.from, from)
		p.named, p.to = append(p.named, slices.Clone(p.named[from])), append(p.to, -1)
	}
	p.class[a] = to
}

// classes lists those that are not empty.
func (p *partition) classes(lists []ActionList, most int, prefer []string) []ActionClass {
	at := make([]int32, len(p.named)) // in out, counted from 1
	var out []ActionClass
	for _, c := range p.class {
		if at[c] == 0 {
			out = append(out, ActionClass{In: p.covers(lists, p.named[c])})
			at[c] = int32(len(out)) //nolint:gosec // at most as many as actions
		}
	}
	for _, name := range prefer {
		if a, known := p.cat.Action(name); known {
			to := &out[at[p.class[a.ID]]-1]
			to.Names = append(to.Names, a.Name)
		}
	}
	for a, c := range p.class {
		if to := &out[at[c]-1]; len(to.Names) < most {
			if name := p.name(a); !slices.Contains(prefer, name) {
				to.Names = append(to.Names, name)
			}
		}
	}
	return out
}

// covers returns the lists that cover a class.
func (p *partition) covers(lists []ActionList, named atoms.Bits) atoms.Bits {
	out := atoms.NewBits(len(lists))
	for i := range lists {
		if (named.Has(i) || p.all.Has(i)) != lists[i].Not {
			out.Add(i)
		}
	}
	return out
}

func (p *partition) name(a int) string {
	if n := p.cat.NumActions(); a >= n {
		return p.names[a-n]
	}
	known, _ := p.cat.ByID(catalog.ActionID(a)) //nolint:gosec // below NumActions
	return known.Name
}

// Unknown returns an action for a pattern that covers none of the catalog: its
// own text where it is a name, and otherwise the shortest name that it covers,
// so that nothing a policy grants is dropped. It is "" when the catalog knows
// an action that the pattern covers.
func Unknown(pattern string) string {
	if pattern == "*" {
		return ""
	}
	for range catalog.Default().Match(pattern) {
		return ""
	}
	return shortest(pattern)
}

// shortest returns the shortest name that an action pattern covers.
func shortest(pattern string) string { return shortNames.Replace(pattern) }

var shortNames = strings.NewReplacer("*", "", "?", "X")
