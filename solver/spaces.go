package solver

import (
	"hash/maphash"
	"slices"
	"sync"

	"pathfinder/graphmodel/permission"
)

// maxSpaces bounds the spaces that are remembered. Beyond it all are forgotten.
const maxSpaces = 2048

// spaces remembers spaces by what they tell apart: principals whose policies
// speak about the same things share one, and with it all that was computed in
// it.
type spaces struct {
	mu       sync.Mutex
	byKey    map[spaceKey]*permission.Space
	lists    map[uint64][]readNames // by hash; as many at most
	contexts int                    // bounds each; 0 for maxContexts
}

// A spaceKey is equal for what makes equal spaces.
type spaceKey struct {
	only *permission.Names
	rest string
}

// A readNames is a list of action names, read.
type readNames struct {
	list []string
	read *permission.Names
}

// maxContexts bounds the diagrams of contexts of one space. Policies that people
// write need some dozens of nodes.
const maxContexts = 50_000

// bound returns what bounds the diagrams of contexts of one space.
func (s *spaces) bound() int {
	if s == nil || s.contexts == 0 {
		return maxContexts
	}
	return s.contexts
}

// names reads a list of action names. Equal lists of those that are remembered are read
// once: of what is asked about everything there are few lists, of thousands each, and
// hundreds of spaces.
func (s *spaces) names(list []string) *permission.Names {
	if s == nil {
		return permission.NewNames(list)
	}
	var h maphash.Hash
	h.SetSeed(listSeed)
	for _, name := range list {
		_, _ = h.WriteString(name) // it never fails
		_ = h.WriteByte(0)
	}
	sum := h.Sum64()
	known := func() *permission.Names {
		for _, n := range s.lists[sum] {
			if slices.Equal(n.list, list) {
				return n.read
			}
		}
		return nil
	}
	s.mu.Lock()
	n := known()
	s.mu.Unlock()
	if n != nil {
		return n
	}
	n = permission.NewNames(list)
	s.mu.Lock()
	defer s.mu.Unlock()
	if other := known(); other != nil {
		return other
	}
	if s.lists == nil || len(s.lists) >= maxSpaces {
		s.lists = map[uint64][]readNames{}
	}
	s.lists[sum] = append(s.lists[sum], readNames{slices.Clone(list), n})
	return n
}

// listSeed makes hashes of lists.
var listSeed = maphash.MakeSeed()

// of returns the space of a configuration; a nil s remembers nothing.
func (s *spaces) of(cfg *permission.Config) *permission.Space {
	rest, ok := cfg.Key()
	if s == nil || !ok {
		return permission.NewSpace(*cfg)
	}
	key := spaceKey{cfg.Only, rest}
	s.mu.Lock()
	sp := s.byKey[key]
	s.mu.Unlock()
	if sp != nil && !sp.Overgrown() {
		return sp
	}
	sp = permission.NewSpace(*cfg)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.byKey == nil || len(s.byKey) >= maxSpaces {
		s.byKey = map[spaceKey]*permission.Space{}
	}
	s.byKey[key] = sp
	return sp
}
