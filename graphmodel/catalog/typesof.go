package catalog

import (
	"cmp"
	"slices"
	"strings"
)

// TypesOf returns the resource types that a resource with this ARN can be, of
// all services, most specific first. The ARN is taken literally: a "*" in it
// is a character like others. Patterns compare case-sensitively.
//
// A type is left out if a finer type matches too and has actions: an object is
// no bucket, an index of a table is no table. Types stay together where AWS
// uses one name for both: a qualified function is a function, a function alias
// and a function version. Patterns that fit any service, those of the recovery
// points of backup, count only if no other pattern matches.
func (c *Catalog) TypesOf(arn string) []ResourceType {
	ids := c.typesOf(arn)
	out := make([]ResourceType, len(ids))
	for i, id := range ids {
		out[i] = c.types[id]
	}
	return out
}

// ActionsFor returns every action that works on a resource with this ARN: one
// of its resource types is among TypesOf(arn). They are in the order of ids.
// For 84 types the data has no action, so no result does not mean that nothing
// can be done to the resource.
func (c *Catalog) ActionsFor(arn string) []Action {
	var ids []ActionID
	for _, t := range c.typesOf(arn) {
		ids = append(ids, c.users()[t]...)
	}
	slices.Sort(ids)
	ids = slices.Compact(ids)
	out := make([]Action, len(ids))
	for i, id := range ids {
		out[i] = c.action(int(id))
	}
	return out
}

// typesOf returns indexes of types. Time O(patterns of the ARN's service).
func (c *Catalog) typesOf(arn string) []int {
	field := strings.SplitN(arn, ":", 6)
	if len(field) != 6 || strings.Contains(arn, hole) {
		return nil
	}
	ix := c.patterns()
	found := c.unrefined(matching(ix.byService[field[2]], arn))
	if len(found) == 0 {
		// Patterns open in the service part fit the resources of every service
		// (backup's recovery points), so they are only the last resort.
		found = c.unrefined(matching(ix.byService[""], arn))
	}
	slices.SortFunc(found, func(a, b *arnPattern) int {
		return cmp.Or(
			cmp.Compare(b.specific, a.specific),
			// Among equals, the service that the ARN names comes first.
			-compareBool(c.types[a.typ].Service == field[2], c.types[b.typ].Service == field[2]),
			cmp.Compare(a.typ, b.typ))
	})
	var ids []int
	for _, p := range found {
		if !slices.Contains(ids, p.typ) {
			ids = append(ids, p.typ)
		}
	}
	return ids
}

func matching(patterns []arnPattern, arn string) []*arnPattern {
	var out []*arnPattern
	for i := range patterns {
		if patterns[i].match(arn) {
			out = append(out, &patterns[i])
		}
	}
	return out
}

// unrefined returns the patterns that no other of them refines. Types without
// actions refine nothing: they would hide the type that actions are listed for.
func (c *Catalog) unrefined(found []*arnPattern) []*arnPattern {
	used := c.patterns().used
	var out []*arnPattern
	for _, q := range found {
		if !slices.ContainsFunc(found, func(p *arnPattern) bool {
			return used[p.typ] && p.refines(q, c.types[p.typ].Service == c.types[q.typ].Service)
		}) {
			out = append(out, q)
		}
	}
	return out
}

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	default:
		return -1
	}
}
