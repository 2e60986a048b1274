package terraform

import (
	"pathfinder/collector/overlay"
	"pathfinder/collector/snapshot"
)

// What something hangs on is named by what is known before the apply, unless that
// is made by the same plan. So if it is not known, it is one of those that are
// made, and each of them may have it: the functions here say so.

// made lists the instances of a type that the plan makes in the same account.
func (r *instance) made(kind string) (out []*instance) {
	for _, o := range r.plan.instances {
		if o.Type == kind && o.makes() && o.Deposed == "" && o.place.account == r.place.account {
			out = append(out, o)
		}
	}
	return out
}

// maybeOnEntity puts a policy that can't be read on each new user, group or role
// that the policy of an instance may be about.
func (r *instance) maybeOnEntity(kind overlay.Kind, attr string) {
	for _, o := range r.made("aws_iam_" + kind.String()) {
		name, _ := o.text("name")
		r.plan.edit.Attach(o.entity(name), r.unknownPolicy(attr))
	}
}

// maybeJoined makes each new user a member of a group that is not known.
func (r *instance) maybeJoined() {
	for _, o := range r.made("aws_iam_user") {
		name, _ := o.text("name")
		r.plan.edit.Join(r.place.account, name, placeholder("", r.Address))
	}
}

// maybeOnResource makes the policies of new resources unreadable: one of them may
// get this one.
func (r *instance) maybeOnResource(attr string, kinds ...string) {
	for _, kind := range kinds {
		for _, o := range r.made(kind) {
			if text, ok := o.text("arn"); ok {
				r.plan.edit.EditResource(text, "policy", func(res *snapshot.Resource) { res.Policy = snapshot.Have(r.unknownDocument(attr)) })
			}
		}
	}
}
