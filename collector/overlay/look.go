package overlay

import (
	"iter"
	"slices"

	"github.com/go-json-experiment/json/jsontext"

	"pathfinder/collector/snapshot"
)

// Boundary returns the ARN of the permissions boundary of a user or role as
// edited so far; "" when there is none.
func (e *Editor) Boundary(who Entity) string {
	a := e.find(who.Account)
	if a == nil || a.IAM == nil {
		return ""
	}
	h := holderIn(a.IAM, who)
	if h == nil || h.boundary == nil || *h.boundary == nil {
		return ""
	}
	return (*h.boundary).PermissionsBoundaryARN
}

// Entities lists the users, groups or roles of an account as edited so far.
func (e *Editor) Entities(account string, kind Kind) (out []Entity) {
	a := e.find(account)
	if a == nil || a.IAM == nil {
		return nil
	}
	add := func(own, text string) {
		if own == "" {
			own = lastName(text)
		}
		out = append(out, Entity{Account: account, Kind: kind, Name: own})
	}
	switch kind {
	case User:
		for _, u := range a.IAM.UserDetailList {
			add(u.UserName, u.ARN)
		}
	case Group:
		for _, g := range a.IAM.GroupDetailList {
			add(g.GroupName, g.ARN)
		}
	case Role:
		for _, r := range a.IAM.RoleDetailList {
			add(r.RoleName, r.ARN)
		}
	case KindInvalid:
	}
	return out
}

// Resources yields copies of the resources in the folder of an account that have
// this type, as edited so far; all for "".
func (e *Editor) Resources(account, typ string) iter.Seq[snapshot.Resource] {
	return func(yield func(snapshot.Resource) bool) {
		a := e.find(account)
		if a == nil {
			return
		}
		for _, f := range a.Resources {
			for _, r := range f.Resources {
				if (typ == "" || r.Type == typ) && !yield(*r) {
					return
				}
			}
		}
	}
}

// ControlNamed returns the id of the policy of the organization that has this
// type and name, which no two policies share; "" when there is none.
func (e *Editor) ControlNamed(kind, name string) string {
	if e.s.Organization == nil || name == "" {
		return ""
	}
	for i := range e.s.Organization.Policies {
		if p := &e.s.Organization.Policies[i].PolicySummary; p.Type == kind && p.Name == name {
			return p.ID
		}
	}
	return ""
}

// ControlKind returns the type of a policy of the organization; "" when the
// snapshot does not hold it.
func (e *Editor) ControlKind(id string) string {
	if e.s.Organization != nil {
		for i := range e.s.Organization.Policies {
			if p := &e.s.Organization.Policies[i].PolicySummary; p.ID == id {
				return p.Type
			}
		}
	}
	return ""
}

// PutStatement puts a statement into the policy of a resource, in place of one
// of its Sid. A resource that the snapshot does not hold becomes a gap.
func (e *Editor) PutStatement(resource, sid string, statement jsontext.Value) {
	e.EditResource(resource, "policy", func(r *snapshot.Resource) {
		editStatements(r, func(list []jsontext.Value) []jsontext.Value {
			return append(slices.Clip(without(list, sid)), statement)
		})
	})
}

// Hanging lists what hangs on a user, group or role as edited so far: the names
// of its inline policies, the ARNs of its managed policies, and the groups that
// a user is in.
func (e *Editor) Hanging(who Entity) (inline, attached, groups []string) {
	a := e.find(who.Account)
	if a == nil || a.IAM == nil {
		return nil, nil, nil
	}
	h := holderIn(a.IAM, who)
	if h == nil {
		return nil, nil, nil
	}
	for _, p := range *h.inline {
		inline = append(inline, p.PolicyName)
	}
	for _, p := range *h.attached {
		attached = append(attached, p.PolicyARN)
	}
	for _, u := range a.IAM.UserDetailList {
		if who.Kind == User && u.ARN == *h.arn {
			groups = u.GroupList
		}
	}
	return inline, attached, groups
}
