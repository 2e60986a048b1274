package solver

import (
	"slices"
	"strings"

	"pathfinder/graphmodel/catalog"
)

// furtherTypes notes the other types of resources that the call of a case
// touches by necessity. A case is about one of them; each has to be allowed
// (E44).
func furtherTypes(c *Case) []Gap {
	cat := catalog.Default()
	action, ok := cat.Action(c.Action)
	if !ok {
		return nil
	}
	here := cat.TypesOf(c.Resource)
	var others []string
	for i := range action.ResourceTypes {
		t := action.ResourceTypes[i].Type
		if !action.ResourceTypes[i].Required || slices.ContainsFunc(here, func(h catalog.ResourceType) bool { return h.Service == t.Service && h.Name == t.Name }) {
			continue
		}
		others = append(others, t.Service+" "+t.Name)
	}
	// A type that is required beside the asked one; where the asked one is not
	// required itself, the types are alternatives.
	required := slices.ContainsFunc(action.ResourceTypes, func(r catalog.ResourceRef) bool {
		return r.Required && slices.ContainsFunc(here, func(h catalog.ResourceType) bool { return h.Service == r.Type.Service && h.Name == r.Type.Name })
	})
	if len(others) == 0 || !required {
		return nil
	}
	slices.Sort(others)
	return []Gap{{What: action.Name, Why: "the call also touches " + strings.Join(slices.Compact(others), ", ") + ": each has to be allowed as well (E44)"}}
}
