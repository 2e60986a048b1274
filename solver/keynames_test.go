package solver_test

import (
	"strings"
	"testing"

	"pathfinder/graphmodel/catalog"
	"pathfinder/graphmodel/policy"
)

// The list of global keys and the reading of conditions agree on which of them
// hold lists (E60).
func TestGlobalKeysHoldLists(t *testing.T) {
	t.Parallel()
	for _, k := range catalog.GlobalKeys() {
		name := strings.ToLower(k.Name)
		if strings.HasSuffix(name, "/") {
			name += "x"
		}
		if got := policy.Multivalued(name); got != k.Multivalued {
			t.Errorf("%s: the catalog says %v, conditions are read as %v", k.Name, k.Multivalued, got)
		}
		if found, ok := catalog.GlobalKey(strings.ToUpper(name)); !ok || found != k {
			t.Errorf("%s is found as %+v, %v", k.Name, found, ok)
		}
	}
	for _, name := range []string{"aws:PrincipalTag", "aws:PrincipalTag/", "aws:Made", "s3:prefix"} {
		if k, ok := catalog.GlobalKey(name); ok {
			t.Errorf("%s is found as %+v", name, k)
		}
	}
}
