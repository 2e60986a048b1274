package terraform

import (
	"slices"

	"pathfinder/collector/overlay"
)

// lists are the attributes of aws_iam_policy_attachment that name holders.
var lists = map[string]overlay.Kind{"users": overlay.User, "groups": overlay.Group, "roles": overlay.Role}

// putAttachments follows aws_iam_policy_attachment. The provider attaches and
// detaches what differs from the state, which a refresh fills with all that the
// policy is attached to.
func putAttachments(r *instance) {
	policy := r.policy("policy_arn")
	for _, attr := range []string{"groups", "roles", "users"} {
		want, complete := r.list(attr)
		before := words(r.old()[attr])
		for _, name := range without(want, before) {
			r.plan.edit.Attach(overlay.Entity{Account: r.place.account, Kind: lists[attr], Name: name}, policy)
		}
		if !complete {
			r.plan.lost(r, "some of its "+attr+" are known only after apply")
			r.maybeOnEntity(lists[attr], attr, "policy_arn")
			continue
		}
		for _, name := range without(before, want) {
			r.plan.edit.Detach(overlay.Entity{Account: r.place.account, Kind: lists[attr], Name: name}, policy)
		}
	}
}

func removeAttachments(r *instance) {
	for _, attr := range []string{"groups", "roles", "users"} {
		for _, name := range words(r.before[attr]) {
			r.plan.edit.Detach(overlay.Entity{Account: r.place.account, Kind: lists[attr], Name: name}, r.was("policy_arn"))
		}
	}
}

// putMembers follows both resources of memberships: one of a group with its
// users, one of a user with groups.
func putMembers(r *instance) {
	one, many := membership(r)
	first, ok := r.owner(one)
	switch {
	case ok:
	case one == "user":
		r.maybeJoined(one)
		return
	default:
		first = placeholder("", r.Address) // a group that can't be read
	}
	want, complete := r.list(many)
	before := words(r.old()[many])
	for _, name := range without(want, before) {
		r.plan.edit.Join(r.place.account, pick(one == "user", first, name), pick(one == "user", name, first))
	}
	if !complete {
		r.plan.lost(r, "some of its "+many+" are known only after apply")
		if one == "user" {
			r.plan.edit.Join(r.place.account, first, placeholder("", r.Address))
		} else {
			r.maybeJoined(many)
		}
		return
	}
	for _, name := range without(before, want) {
		r.plan.edit.Leave(r.place.account, pick(one == "user", first, name), pick(one == "user", name, first))
	}
}

func removeMembers(r *instance) {
	one, many := membership(r)
	for _, name := range words(r.before[many]) {
		r.plan.edit.Leave(r.place.account, pick(one == "user", r.was(one), name), pick(one == "user", name, r.was(one)))
	}
}

func membership(r *instance) (one, many string) {
	if r.Type == "aws_iam_group_membership" {
		return "group", "users"
	}
	return "user", "groups"
}

func pick(first bool, a, b string) string {
	if first {
		return a
	}
	return b
}

// putExclusive follows the resources that take away all policies but those that
// they list. Attachments that are missing they make; inline policies they can't.
func putExclusive(r *instance) {
	holder, ok := r.target(r.holderAttr() + "_name")
	if !ok {
		return
	}
	who := r.entity(holder)
	_, inline := r.after["policy_names"]
	attr := "policy_arns"
	if inline || r.maybe("policy_names") {
		attr = "policy_names"
	}
	read := r.list
	if attr == "policy_arns" {
		read = r.policies
	}
	want, complete := read(attr)
	if attr == "policy_arns" {
		for _, p := range want {
			r.plan.edit.Attach(who, p)
		}
	}
	switch {
	case !complete:
		r.plan.lost(r, "which policies it leaves is known only after apply; answers take away none")
		if attr == "policy_arns" {
			r.plan.edit.Attach(who, r.unknownPolicy(attr))
		}
	case attr == "policy_arns":
		r.plan.edit.KeepAttached(who, append(want, r.standIns(who)...))
	default:
		r.plan.edit.KeepInline(who, append(want, r.standIns(who)...))
	}
}

// standIns lists what hangs on somebody in place of policies that are not known.
// It may stand for those of the other sort, or for some of those that are listed,
// so it is not for a list to take away.
func (r *instance) standIns(who overlay.Entity) []string {
	inline, attached, _ := r.plan.edit.Hanging(who)
	return slices.DeleteFunc(slices.Concat(inline, attached), func(name string) bool { return !madeUp(name) })
}
