package solver

import (
	"slices"
	"strings"

	"pathfinder/graphmodel/arn"
	"pathfinder/graphmodel/catalog"
	"pathfinder/graphmodel/escalation"
	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
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
	service, kind, _ := strings.Cut(m.Runs, ":")
	for _, r := range d.running(to) {
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
				v = v.and(d.onThings(st, m.Needs[i:i+1], manner{region: arn.Region(r.ARN)}))
			}
		}
		if inOneRegion(v.made()) && v.better(&best) {
			best = v
		}
	}
	return best
}

// running lists the things of the snapshot that run as a role.
func (d *judge) running(role *inventory.Principal) []*inventory.Resource {
	d.lookAtRuns()
	return d.runs[role.ARN]
}

func (d *judge) lookAtRuns() {
	if d.runs != nil {
		return
	}
	d.runs = map[string][]*inventory.Resource{}
	for _, r := range d.in.Held().Resources {
		for _, arn := range r.Roles {
			d.runs[arn] = append(d.runs[arn], r)
			d.runsPersonal = d.runsPersonal || d.namesPeople(r.ARN)
		}
	}
}

// namesPeople reports whether the policy of a resource tells principals of the account
// apart: calls on it are decided for each of them.
func (d *judge) namesPeople(resource string) bool {
	yes, known := d.personal[resource]
	if known || strings.HasPrefix(resource, "arn:"+d.in.Partition+":iam:") || strings.ContainsAny(resource, "*?") {
		return yes
	}
	if r := d.c.s.inv.Resource(resource); r != nil && r.Policy != nil {
		yes = slices.ContainsFunc(r.Policy.Statements, func(st *policy.Statement) bool {
			return st.NotPrincipal || reads(st, isPersonal) || slices.ContainsFunc(st.Principals, func(p policy.Principal) bool {
				switch p.Kind {
				case policy.User, policy.Role, policy.RoleSession, policy.UniqueID, policy.FederatedUser:
					return true
				}
				return false
			})
		})
	}
	d.personal[resource] = yes
	return yes
}

// personally reports whether a method on a target is decided for each principal: by a
// thing that runs as it and names people.
func (d *judge) personally(m *escalation.Method, to *inventory.Principal) bool {
	return m.Runs != "" && slices.ContainsFunc(d.running(to), func(r *inventory.Resource) bool { return d.namesPeople(r.ARN) })
}

// mayBePersonal is personally for some target of the account.
func (d *judge) mayBePersonal(m *escalation.Method) bool {
	if m.Runs == "" {
		return false
	}
	d.lookAtRuns()
	return d.runsPersonal
}
