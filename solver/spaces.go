package solver

import (
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
	byKey    map[string]*permission.Space
	contexts int // bounds each; 0 for maxContexts
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

// of returns the space of a configuration; a nil s remembers nothing.
func (s *spaces) of(cfg *permission.Config) *permission.Space {
	key, ok := cfg.Key()
	if s == nil || !ok {
		return permission.NewSpace(*cfg)
	}
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
		s.byKey = map[string]*permission.Space{}
	}
	s.byKey[key] = sp
	return sp
}
