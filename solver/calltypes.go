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

// misplaced notes that no call of a case's action is about a resource of this kind, and
// which is: whoever asks about objects by the name of their bucket is told what AWS would
// decide on the bucket itself, which it is never asked.
func misplaced(c *Case) []Gap {
	cat := catalog.Default()
	action, ok := cat.Action(c.Action)
	if !ok || c.Resource == "*" || len(action.ResourceTypes) == 0 || len(cat.TypesOf(c.Resource)) == 0 || applies(cat, &action, c.Resource) {
		return nil
	}
	if inside := insideOf(c.Resource); inside != "" && applies(cat, &action, inside) {
		return []Gap{{What: action.Name, Why: "no call of it is about " + c.Resource + " itself, but about what is inside: ask about one of " + inside}}
	}
	var types []string
	for i := range action.ResourceTypes {
		types = append(types, action.ResourceTypes[i].Type.Service+" "+action.ResourceTypes[i].Type.Name)
	}
	slices.Sort(types)
	return []Gap{{What: action.Name, Why: "no call of it is about " + c.Resource + ", but about " + strings.Join(slices.Compact(types), ", ")}}
}
