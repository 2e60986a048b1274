package solver

import (
	"fmt"
	"slices"

	"pathfinder/graphmodel/inventory"
)

// learnKept finds out what those to be kept lose by the last removal, and which
// grants of it they need. It is false when they lose nothing.
func (c *cutter) learnKept() (added bool, err error) {
	who, err := c.losing(c.removed)
	if err != nil || len(who) == 0 {
		return false, err
	}
	for _, id := range c.removed {
		alone, err := c.losing([]int{id})
		if err != nil {
			return false, err
		}
		if len(alone) > 0 {
			added = true
			c.keeps[id] = alone
			c.noGoods = append(c.noGoods, noGood{[]int{id}, alone})
		}
	}
	if added {
		return true, nil
	}
	needed := slices.Clone(c.removed)
	for _, id := range c.removed {
		fewer := slices.DeleteFunc(slices.Clone(needed), func(o int) bool { return o == id })
		still, err := c.losing(fewer)
		if err != nil {
			return false, err
		}
		if len(still) > 0 {
			needed, who = fewer, still
		}
	}
	c.noGoods = append(c.noGoods, noGood{needed, who})
	return true, nil
}

// losing lists those to be kept who lose access by a removal, or may lose it as far
// as is known: requests that no other way of theirs lets through.
func (c *cutter) losing(gone []int) (who []string, err error) {
	if len(c.kept) == 0 || len(gone) == 0 {
		return nil, nil
	}
	key := fmt.Sprint(gone)
	if who, ok := c.losses[key]; ok {
		return who, nil
	}
	after, err := c.without(gone, false)
	if err != nil {
		return nil, err
	}
	who = c.losingIn(after.s)
	c.losses[key] = who
	return who, nil
}

// losingIn lists those to be kept who have lost access in another snapshot.
func (c *cutter) losingIn(after *Solver) (who []string) {
	if len(c.kept) == 0 {
		return nil
	}
	d := c.differ(after)
	d.who, d.everything = func(a string) bool { return c.kept[a] }, true
	for i := range c.places {
		text := c.places[i].text
		x := d.compare(question{text: text, listed: c.listed(text)})
		for _, a := range x.found[0] {
			who = append(who, a.Principals...)
		}
		for _, those := range x.gaps { // what may be lost must not be taken either
			for name := range those {
				if c.kept[name] {
					who = append(who, name)
				}
			}
		}
	}
	slices.Sort(who)
	return slices.Compact(who)
}

// differ compares with the snapshot after a removal.
func (c *cutter) differ(after *Solver) *differ {
	d := &differ{sides: newDiffSides(c.s, after), q: DiffQuestion{Actions: c.set.patterns}, changed: map[string]bool{}, entered: map[string]bool{}}
	if c.side == nil {
		c.side = d.sides[0]
	}
	d.sides[0] = c.side // with what it remembers
	d.tellOf(c.keep.alone)
	return d
}

// listed reports whether the snapshot holds what an ARN names.
func (c *cutter) listed(text string) bool {
	inv := c.s.inv
	if inv.Resource(text) != nil || inv.Principal(text) != nil {
		return true
	}
	return slices.ContainsFunc(inv.Accounts, func(a *inventory.Account) bool { return a.IAM && a.RootARN() == text })
}
