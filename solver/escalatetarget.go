package solver

import (
	"slices"
	"strings"

	"pathfinder/graphmodel/escalation"
	"pathfinder/graphmodel/inventory"
)

// A targetSet is principals of one account, in order.
type targetSet struct {
	of   map[*inventory.Principal]*opening
	list []*inventory.Principal
}

// An opening is what a method finds of a target, whoever uses it.
type opening struct {
	lets ruling // the service that is let in, always where none has to be
	host string // its name
}

// targets are the principals that a method can lead to, whoever uses it.
func (d *judge) targets(m *escalation.Method) *targetSet {
	if set, known := d.within[m]; known {
		return set
	}
	key := kindOfTargets(m)
	if set, known := d.alike[key]; known {
		d.within[m] = set
		return set
	}
	set := &targetSet{of: map[*inventory.Principal]*opening{}}
	list := d.in.Principals()
	if m.Move == escalation.SSO {
		list = d.assignable()
	}
	for _, p := range list {
		if in := d.opening(m, p); in != nil {
			set.of[p] = in
			set.list = append(set.list, p)
		}
	}
	d.within[m], d.alike[key] = set, set
	return set
}

// kindOfTargets is equal for methods that lead to the same principals.
func kindOfTargets(m *escalation.Method) string {
	key := string(m.Move)
	switch m.Move {
	case escalation.Pass, escalation.Run:
		return key + " " + strings.Join(m.Services, ",")
	case escalation.SSO, escalation.Provider:
		return key
	}
	key = ""
	for _, on := range []string{escalation.Role, escalation.RolePolicy, escalation.User} {
		if slices.ContainsFunc(m.Needs, func(n escalation.Need) bool { return n.On == on }) {
			key += on + " "
		}
	}
	return key
}

// opening returns what a method finds of a principal, nil where it leads nowhere.
func (d *judge) opening(m *escalation.Method, p *inventory.Principal) *opening {
	in := &opening{lets: always}
	switch m.Move {
	case escalation.Pass, escalation.Run:
		if p.Kind != inventory.Role || d.guarded(p) {
			return nil
		}
		in.lets = ruling{}
		for _, s := range d.hosts(m, p) {
			if m.Move == escalation.Run && strings.HasPrefix(s, "ec2.amazonaws.com") && len(p.InstanceProfiles) == 0 && !d.profilesUnread {
				continue // no instance runs as it
			}
			if v := d.trusts(p, s); v.better(&in.lets) {
				in.lets, in.host = v, withoutRegion(s)
			}
		}
		if in.lets.never() {
			return nil
		}
	case escalation.SSO:
	case escalation.Provider:
		if p.Kind != inventory.Role {
			return nil
		}
	default:
		for i := range m.Needs {
			switch m.Needs[i].On {
			case escalation.Role, escalation.RolePolicy:
				if p.Kind != inventory.Role || d.guarded(p) {
					return nil
				}
			case escalation.User:
				if p.Kind != inventory.User {
					return nil
				}
			}
		}
	}
	return in
}
