package terraform

import (
	"github.com/go-json-experiment/json/jsontext"

	"pathfinder/collector/overlay"
	"pathfinder/collector/snapshot"
	"pathfinder/graphmodel/arn"
)

// putOrganization follows which types of policies are enabled; a new
// organization is known only after the apply.
func putOrganization(r *instance) {
	if r.old() == nil {
		r.plan.gap(r, "an organization is made, which is known only after apply")
		return
	}
	want, complete := r.list("enabled_policy_types")
	before := words(r.old()["enabled_policy_types"])
	for _, t := range without(want, before) {
		r.plan.edit.SetPolicyType(t, true)
	}
	if !complete {
		r.plan.lost(r, "which types of policies are enabled is known only after apply")
		return
	}
	for _, t := range without(before, want) {
		r.plan.edit.SetPolicyType(t, false)
	}
}

func removeOrganization(r *instance) {
	r.plan.lost(r, "the organization is deleted; answers go on with it")
}

func putUnit(r *instance) {
	id, _ := r.text("id")
	if r.old() == nil {
		r.plan.gap(r, "its id is known only after apply; answers call it "+id)
	}
	if parent, ok := r.target("parent_id"); ok {
		r.plan.edit.PutUnit(id, parent, str(r.after["name"]))
	}
}

func removeUnit(r *instance) { r.plan.edit.RemoveUnit(r.was("id")) }

func putControl(r *instance) {
	kind := str(r.after["type"])
	if kind == "" {
		kind = "SERVICE_CONTROL_POLICY"
	}
	id, _ := r.text("id")
	doc, given := r.document("content")
	if !given {
		doc = r.unknownDocument("content")
	}
	r.plan.edit.PutControl(snapshot.PolicySummary{ID: id, ARN: str(r.after["arn"]), Name: str(r.after["name"]), Type: kind}, doc)
}

func removeControl(r *instance) { r.plan.edit.RemoveControl(r.was("id")) }

func putControlAttachment(r *instance) {
	id, ok := r.owner("policy_id")
	target, also := r.owner("target_id")
	switch {
	case ok && also:
		r.plan.edit.AttachControl(id, target)
	case also:
		r.maybeControlled("", target)
	case r.mayBeThere("target_id"):
		r.maybeControlled(id, "")
	default:
		for _, unit := range r.made("aws_organizations_organizational_unit") {
			to, _ := unit.text("id")
			r.maybeControlled(id, to)
		}
	}
}

// maybeControlled attaches a policy that can't be read to a target, and "" to the
// root: this one, of which the plan leaves open whether it is there, or with "" one
// that is not known.
func (r *instance) maybeControlled(id, target string) {
	why := "it is known only after apply which policy is attached, and to what: " + r.Address
	for _, kind := range []string{"SERVICE_CONTROL_POLICY", "RESOURCE_CONTROL_POLICY"} {
		if own := r.plan.edit.ControlKind(id); own == "" || own == kind {
			r.plan.edit.PutUnknownControl(placeholder("p-", r.Address+kind), kind, target, why)
		}
	}
}

func removeControlAttachment(r *instance) {
	r.plan.edit.DetachControl(r.was("policy_id"), r.was("target_id"))
}

// putMemberAccount moves or renames an account. The id of a new one is AWS's to
// give, and nothing can be in it before.
func putMemberAccount(r *instance) {
	id := str(r.after["id"])
	if !arn.IsAccountID(id) {
		r.plan.gap(r, "an account is made, whose id is known only after apply; it is missing from the answers")
		return
	}
	parent, ok := r.text("parent_id")
	if !ok {
		r.plan.lost(r, "where the account hangs is known only after apply; answers leave it where it was")
		parent = ""
	}
	r.plan.edit.PutAccount(id, parent, str(r.after["name"]))
}

func removeMemberAccount(r *instance) { r.plan.edit.RemoveAccount(r.was("id")) }

func putOrganizationPolicy(r *instance) {
	if doc, given := r.document("content"); given && !r.unchanged("content") {
		r.plan.edit.SetOrganizationPolicy(snapshot.Have(doc))
	}
}

func removeOrganizationPolicy(r *instance) {
	r.plan.edit.SetOrganizationPolicy(snapshot.None[jsontext.Value]())
}

func putDelegate(r *instance) {
	account, ok := r.target("account_id")
	if !ok {
		return
	}
	if service, ok := r.target("service_principal"); ok && arn.IsAccountID(account) {
		r.plan.edit.Delegate(account, service)
	}
}

func removeDelegate(r *instance) {
	r.plan.edit.Undelegate(r.was("account_id"), r.was("service_principal"))
}

// bare is the URL of an OIDC provider as IAM holds it.
func bare(url string) string { return overlay.BareURL(url) }
