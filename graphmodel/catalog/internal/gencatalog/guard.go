package main

import (
	"errors"
	"fmt"

	"pathfinder/graphmodel/catalog/internal/packed"
)

// A metric counts one thing that a good catalog has plenty of.
type metric struct {
	name string
	n    int
}

// measure counts everything a new version of the source could silently lose.
func measure(t *packed.Tables) []metric {
	var rcp, arns, typed, required, keyed, paired, perm, deps, tagging, multi int
	for _, s := range t.Services {
		rcp += one(s.RCP)
	}
	for _, x := range t.Types {
		arns += len(x.ARNs)
	}
	for _, k := range t.Keys {
		multi += one(k.Multivalued)
	}
	for _, a := range t.Actions {
		typed += one(a.Refs != 0)
		keyed += one(a.Keys != 0)
		perm += one(a.PermissionOnly)
		deps += one(a.Deps != 0)
		tagging += one(a.Access&(packed.AccessTagging|packed.AccessPermissions) != 0)
		for _, r := range t.RefLists[a.Refs] {
			required += one(r.Required)
			paired += one(r.Keys != 0)
		}
	}
	return []metric{
		{"services", len(t.Services)},
		{"services with RCP support", rcp},
		{"actions", len(t.Actions)},
		{"actions with resource types", typed},
		{"required resource types of actions", required},
		{"actions with condition keys", keyed},
		{"resource types of actions with condition keys", paired},
		{"permission-only actions", perm},
		{"actions with dependent actions", deps},
		{"tagging and permissions management actions", tagging},
		{"resource types", len(t.Types)},
		{"ARN patterns", arns},
		{"condition keys", len(t.Keys)},
		{"multivalued condition keys", multi},
	}
}

func one(b bool) int {
	if b {
		return 1
	}
	return 0
}

// regression names every metric that fell by more than one percent.
func regression(before, after []metric) error {
	var errs []error
	for i, b := range before {
		if a := after[i]; a.n*100 < b.n*99 {
			errs = append(errs, fmt.Errorf("catalog shrank: %d %s, before %d", a.n, b.name, b.n))
		}
	}
	return errors.Join(errs...)
}
