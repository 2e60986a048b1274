package solver

import (
	"slices"
	"testing"

	"pathfinder/graphmodel/permission"
)

// Equal lists of actions are read once, and their spaces are one; spaces of others are not.
func TestSpacesShareNames(t *testing.T) {
	t.Parallel()
	var s spaces
	list := []string{"s3:GetObject", "s3:PutObject"}
	made := func(list []string) *permission.Space {
		return s.of(&permission.Config{Actions: list, Only: s.names(list), NoResource: true})
	}
	sp := made(list)
	if s.names(slices.Clone(list)) != s.names(list) {
		t.Error("an equal list was read again")
	}
	if made(slices.Clone(list)) != sp {
		t.Error("an equal list made another space")
	}
	for _, other := range [][]string{{"s3:GetObject"}, {"s3:PutObject", "s3:GetObject"}, {"s3:GetObject,s3:PutObject"}, {"s3:GetObjects3:", "PutObject"}, nil} {
		if s.names(other) == s.names(list) {
			t.Errorf("%q was taken for %q", other, list)
		}
		if made(other) == sp {
			t.Errorf("%q has the space of %q", other, list)
		}
	}
}
