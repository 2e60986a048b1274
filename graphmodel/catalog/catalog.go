package catalog

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"sync"

	"pathfinder/graphmodel/catalog/internal/packed"
)

//go:embed catalog.zst
var embedded []byte

var load = sync.OnceValue(func() *Catalog {
	c, err := decode(embedded)
	if err != nil {
		panic(fmt.Sprintf("BUG: embedded action catalog: %v", err))
	}
	return c
})

// Default returns the embedded catalog. The first call decodes it.
func Default() *Catalog { return load() }

// A Catalog is a set of services with their actions, resource types and
// condition keys.
type Catalog struct {
	tab *packed.Tables

	services []string          // prefixes, sorted
	extents  map[string]extent // by prefix
	types    []ResourceType    // parallel to tab.Types
	keys     []ConditionKey    // parallel to tab.Keys
	keyNames [][]string        // parallel to tab.KeyLists
	refs     [][]ResourceRef   // parallel to tab.RefLists
	deps     [][]string        // parallel to tab.DepLists

	// Built on first use.
	keyIndex func() *keyIndex
	patterns func() *arnIndex
	users    func() [][]ActionID // the actions of each type
}

// An extent says where a service's rows are.
type extent struct {
	rcp                 bool
	keys                uint32
	types, typesEnd     int
	actions, actionsEnd int
}

// decode builds a catalog from packed data.
func decode(data []byte) (*Catalog, error) {
	tab, err := packed.Decode(data)
	if err != nil {
		return nil, fmt.Errorf("decode: %w", err)
	}
	return newCatalog(tab), nil
}

// newCatalog makes what all questions need. Actions are made when asked for:
// 22,000 of them up front would double the time.
func newCatalog(tab *packed.Tables) *Catalog {
	c := &Catalog{tab: tab}
	c.setServices()
	c.setKeys()
	c.keyNames = resolve(tab.KeyLists, func(id uint32) string { return tab.Keys[id].Name })
	c.setTypes()
	c.refs = resolve(tab.RefLists, func(r packed.Ref) ResourceRef {
		return ResourceRef{Type: &c.types[r.Type], Required: r.Required, ConditionKeys: c.keyNames[r.Keys]}
	})
	c.deps = resolve(tab.DepLists, func(id uint32) string { return tab.Actions[id].Name })
	c.keyIndex = sync.OnceValue(func() *keyIndex { return newKeyIndex(tab) })
	c.patterns = sync.OnceValue(func() *arnIndex { return newARNIndex(tab) })
	c.users = sync.OnceValue(func() [][]ActionID { return usersOfTypes(tab) })
	return c
}

// resolve maps every member of lists. All results share one array, and empty
// lists become nil.
func resolve[T, U any](lists [][]T, f func(T) U) [][]U {
	total := 0
	for _, l := range lists {
		total += len(l)
	}
	flat := make([]U, 0, total)
	out := make([][]U, len(lists))
	for i, l := range lists {
		if len(l) == 0 {
			continue
		}
		start := len(flat)
		for _, x := range l {
			flat = append(flat, f(x))
		}
		out[i] = flat[start:len(flat):len(flat)]
	}
	return out
}

func (c *Catalog) setServices() {
	c.extents = make(map[string]extent, len(c.tab.Services))
	var types, actions int
	for _, s := range c.tab.Services {
		e := extent{
			rcp: s.RCP, keys: s.Keys,
			types: types, typesEnd: types + int(s.NumTypes),
			actions: actions, actionsEnd: actions + int(s.NumActions),
		}
		types, actions = e.typesEnd, e.actionsEnd
		c.extents[s.Prefix] = e
		c.services = append(c.services, s.Prefix)
	}
	slices.Sort(c.services)
}

func (c *Catalog) setTypes() {
	c.types = make([]ResourceType, len(c.tab.Types))
	for _, s := range c.tab.Services {
		e := c.extents[s.Prefix]
		for i := e.types; i < e.typesEnd; i++ {
			t := &c.tab.Types[i]
			c.types[i] = ResourceType{Service: s.Prefix, Name: t.Name, ARNs: t.ARNs, ConditionKeys: c.keyNames[t.Keys]}
		}
	}
}

// action returns the action with id i. It does not allocate.
func (c *Catalog) action(i int) Action {
	a := &c.tab.Actions[i]
	return Action{
		ID:             ActionID(i), //nolint:gosec // the packed form has 32-bit indexes
		Name:           a.Name,
		Access:         AccessLevel(a.Access),
		ResourceTypes:  c.refs[a.Refs],
		WildcardOnly:   len(c.refs[a.Refs]) == 0,
		PermissionOnly: a.PermissionOnly,
		ConditionKeys:  c.keyNames[a.Keys],
		DependsOn:      c.deps[a.Deps],
	}
}

// Services returns all service prefixes, sorted.
func (c *Catalog) Services() []string { return slices.Clone(c.services) }

// SupportsRCP reports whether the source lists service among those whose
// resources obey resource control policies.
func (c *Catalog) SupportsRCP(service string) bool {
	return c.extents[strings.ToLower(service)].rcp
}

// NumActions returns the number of actions. Action ids are below it.
func (c *Catalog) NumActions() int { return len(c.tab.Actions) }

// Action returns the action with the given full name, such as "s3:GetObject".
// Time O(log n); no allocation if name is in lower case.
func (c *Catalog) Action(name string) (Action, bool) {
	i, ok := slices.BinarySearch(c.tab.Folded, strings.ToLower(name))
	if !ok {
		return Action{}, false
	}
	return c.action(i), true
}

// ByID returns the action with the given id.
func (c *Catalog) ByID(id ActionID) (Action, bool) {
	if uint64(id) >= uint64(len(c.tab.Actions)) {
		return Action{}, false
	}
	return c.action(int(id)), true
}

// Actions returns the actions of a service, in the order of their ids.
func (c *Catalog) Actions(service string) []Action {
	e := c.extents[strings.ToLower(service)]
	out := make([]Action, 0, e.actionsEnd-e.actions)
	for i := e.actions; i < e.actionsEnd; i++ {
		out = append(out, c.action(i))
	}
	return out
}

// ResourceTypes returns the resource types of a service, sorted by lower-case
// name.
func (c *Catalog) ResourceTypes(service string) []ResourceType {
	e := c.extents[strings.ToLower(service)]
	return slices.Clone(c.types[e.types:e.typesEnd])
}
