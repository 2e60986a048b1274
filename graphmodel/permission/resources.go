package permission

import (
	"slices"

	"pathfinder/graphmodel/arn"
	"pathfinder/graphmodel/atoms"
)

func (s *Space) cutResources(patterns []arn.Pattern, unions [][]arn.Pattern) {
	s.byUnion = map[string]*resSet{}
	seen := map[string]bool{}
	for _, p := range patterns {
		unions = append(unions[:len(unions):len(unions)], []arn.Pattern{p})
	}
	var keys []string
	for _, list := range unions {
		if key := unionKey(list); len(list) > 0 && !seen[key] {
			seen[key] = true
			keys, s.patterns = append(keys, key), append(s.patterns, list)
		}
	}
	compiled := make([]atoms.Pattern, len(s.patterns))
	for i, list := range s.patterns {
		compiled[i] = compileUnion(s.reaching(list))
	}
	list, ok := atoms.Cut(atoms.Text(s.bound()), compiled, max(2_000, min(maxWork/(len(compiled)+1), 60_000)))
	s.atoms, s.coarse = list, !ok
	words := make([]uint64, len(list)/64+1)
	for i := range list {
		words[(i+1)/64] |= 1 << ((i + 1) % 64)
	}
	if s.none {
		words[0] |= 1
	}
	s.every = s.labels.resources(words)
	for i, union := range s.patterns {
		words := make([]uint64, len(list)/64+1)
		for j := range list {
			if list[j].In.Has(i) {
				words[(j+1)/64] |= 1 << ((j + 1) % 64)
			}
		}
		if s.none && slices.ContainsFunc(union, arn.Pattern.All) {
			words[0] |= 1
		}
		set := s.labels.resources(words)
		s.byUnion[keys[i]] = set
		if len(union) == 1 {
			s.byPat[union[0]] = set
		}
	}
}

// reaching leaves out the patterns of a union that cover nothing of the space, which
// of long lists nearly all are. One is left where none does. It does so only where
// the space is all that lies behind a literal text: there the others are done with
// before the texts of the space begin to differ, so that atoms have the same
// witnesses without them.
func (s *Space) reaching(list []arn.Pattern) []arn.Pattern {
	if len(list) < 2 {
		return list
	}
	for i, p := range list {
		if p.All() || s.within != "" && arn.Covers(p.Glob(), s.within) {
			return list[i : i+1 : i+1] // the others add nothing
		}
	}
	if _, behind := arn.Prefix(s.within); !behind {
		return list
	}
	var left []arn.Pattern
	for _, p := range list {
		if p.All() || arn.Overlaps(p.Glob(), s.within) {
			left = append(left, p)
		}
	}
	if len(left) == 0 {
		return list[:1]
	}
	return left
}

// bound covers the ARNs of the space.
func (s *Space) bound() arn.Glob {
	if s.within == "" {
		return AnyARN
	}
	return s.within
}

func unionKey(list []arn.Pattern) string {
	var b []byte
	for _, p := range list {
		b = append(p.AppendKey(b), 1)
	}
	return string(b)
}

func compileUnion(list []arn.Pattern) atoms.Pattern {
	if len(list) == 1 {
		return atoms.Resource(list[0])
	}
	out := make([]atoms.Pattern, len(list))
	for i, p := range list {
		out[i] = atoms.Resource(p)
	}
	return atoms.Union(out)
}
