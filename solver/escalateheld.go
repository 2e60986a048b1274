package solver

import (
	"slices"
	"strings"

	"pathfinder/graphmodel/catalog"
	"pathfinder/graphmodel/escalation"
	"pathfinder/graphmodel/inventory"
)

// Some of what methods need the snapshot holds: instance profiles, and functions with the
// roles they run as. Calls on these are decided on each of them.

// onProfile decides the calls that are made on an instance profile that is there: all on
// the same one.
func (d *judge) onProfile(st *state, needs []escalation.Need) ruling {
	if !slices.ContainsFunc(needs, func(n escalation.Need) bool { return n.On == escalation.Profile }) {
		return always
	}
	best := ruling{}
	for _, r := range d.in.Held().Roles {
		for _, profile := range r.InstanceProfiles {
			v := always
			for i := range needs {
				if needs[i].On == escalation.Profile {
					v = v.and(d.anyOf(st, &needs[i], profile))
				}
			}
			if v.better(&best) {
				best = v
			}
			if best.certain() {
				return best
			}
		}
	}
	return best
}

// heldTypes are types of resources of which snapshots say what roles they run as: by the
// names of the catalog, those of CloudFormation.
var heldTypes = map[string]string{"lambda:function": "AWS::Lambda::Function"}

// onHeld decides the calls on something of the snapshot that runs as a role: all on the
// same one.
func (d *judge) onHeld(st *state, m *escalation.Method, to *inventory.Principal) (best ruling) {
	if d.runs == nil {
		d.runs = map[string][]*inventory.Resource{}
		for _, r := range d.in.Held().Resources {
			for _, role := range r.Roles {
				d.runs[role] = append(d.runs[role], r)
			}
		}
	}
	service, kind, _ := strings.Cut(m.Runs, ":")
	for _, r := range d.runs[to.ARN] {
		if r.Type != heldTypes[m.Runs] {
			continue
		}
		v := always
		for i := range m.Needs {
			n := &m.Needs[i]
			a, ok := catalog.Default().Action(n.Actions[0])
			if ok && slices.ContainsFunc(a.ResourceTypes, func(t catalog.ResourceRef) bool { return t.Type.Service == service && t.Type.Name == kind }) {
				v = v.and(d.anyOf(st, n, r.ARN))
			} else {
				v = v.and(d.onThings(st, m.Needs[i:i+1]))
			}
		}
		if inOneRegion(v.made()) && v.better(&best) {
			best = v
		}
	}
	return best
}
