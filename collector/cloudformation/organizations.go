package cloudformation

import (
	"cmp"

	"pathfinder/collector/snapshot"
	"pathfinder/graphmodel/arn"
)

// hangControl is AWS::Organizations::Policy.
func hangControl(it *item) {
	kind, why := it.text("Type")
	switch {
	case why != "":
		it.gap("what kind of policy it is is not known: " + why)
		return
	case kind != "SERVICE_CONTROL_POLICY" && kind != "RESOURCE_CONTROL_POLICY":
		return // decides no access
	}
	edit := it.s.d.edit
	name, why := it.text("Name")
	if why != "" && it.s.physical[it.id].id == "" {
		it.gap("what it is called is not known, nor which policy that is there it changes: " + why)
	}
	id := it.controlID(kind, name)
	edit.PutControl(snapshot.PolicySummary{ID: id, Name: cmp.Or(name, id), Type: kind}, it.document(it.props.get("Content")))
	for _, target := range it.props.get("TargetIds").elements() {
		to, ok := target.scalar()
		if !ok {
			it.gap("what the policy is attached to is not known: " + firstReason(target))
			edit.PutUnknownControl("p-"+unknownName(it.id), kind, "", firstReason(target))
			continue
		}
		it.s.d.says("control", id, to)
		edit.AttachControl(id, to)
	}
}

// controlID returns the id of the policy of the organization that the item makes
// or changes.
func (it *item) controlID(kind, name string) string {
	return cmp.Or(it.s.physical[it.id].id, it.s.d.before.ControlNamed(kind, name), "p-"+it.s.called+"-"+it.id+"-"+generatedName)
}

// leftTargets finds what a policy that is there hangs on and the template does
// not list: CloudFormation detaches it from what an earlier template listed.
func (it *item) leftTargets(was *snapshot.Organization) {
	kind, why := it.text("Type")
	if was == nil || why != "" {
		return
	}
	name, _ := it.text("Name")
	id := it.controlID(kind, name)
	var left []string
	for i := range was.Policies {
		if p := &was.Policies[i]; p.PolicySummary.ID == id {
			for _, target := range p.Targets {
				if it.s.d.saysNot("control", id, target) {
					left = append(left, "its attachment to "+short(target))
				}
			}
		}
	}
	it.left(left)
}

// putUnit is AWS::Organizations::OrganizationalUnit.
func putUnit(it *item) {
	id := it.known()
	parent, why := it.text("ParentId")
	name, _ := it.text("Name")
	if id == nil || it.doubt != "" {
		return
	}
	if parent == "" {
		it.gap("the unit that it is made in is not known: " + why)
		return
	}
	// A unit that this one is made in comes first.
	ref, _ := it.s.resources.get(it.id).get("Properties").get("ParentId").get("Ref").scalar()
	if typ, _ := it.s.resources.get(ref).get("Type").scalar(); typ == it.typ && it.s.d.chain < maxChain {
		it.s.d.chain++
		if outer := it.s.item(ref, it.s.resources.get(ref)); outer != nil {
			putUnit(outer)
		}
		it.s.d.chain--
	}
	it.s.d.edit.PutUnit(id.name, parent, name)
}

// putAccount is AWS::Organizations::Account. The id of a new one is not known,
// so nothing can be said about it.
func putAccount(it *item) {
	account := it.s.physical[it.id].id
	if !arn.IsAccountID(account) || it.doubt != "" {
		it.gap("a new account is made, whose id is known once it is there")
		return
	}
	name, _ := it.text("AccountName")
	parent := ""
	for _, p := range it.props.get("ParentIds").elements() {
		to, ok := p.scalar()
		if !ok {
			it.gap("where the account hangs is not known: " + firstReason(p))
			return
		}
		parent = to
	}
	it.s.d.edit.PutAccount(account, parent, name)
}

// hangOrganization is AWS::Organizations::ResourcePolicy: who may administer the
// organization.
func hangOrganization(it *item) {
	it.s.d.edit.SetOrganizationPolicy(snapshot.Have(it.document(it.props.get("Content"))))
}
