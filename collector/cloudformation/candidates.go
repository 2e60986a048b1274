package cloudformation

import (
	"slices"

	"pathfinder/collector/overlay"
	"pathfinder/collector/snapshot"
)

// What hangs on something that is not known may hang on anything of its kind in
// the account of the stack. Each of them may have it: the functions here say so,
// once of a kind, since one policy that can't be read is as good as several.

// maybeOnEntity puts a policy that can't be read on all users, groups or roles.
func (it *item) maybeOnEntity(kind overlay.Kind, why string) {
	it.gap("it hangs on a " + kind.String() + " that is not known: " + why)
	if !it.s.d.edit.Once(it.s.account, kind.String()) {
		return
	}
	for _, who := range it.s.d.edit.Entities(it.s.account, kind) {
		it.s.d.edit.PutInline(who, unknownName(it.id+"-"+kind.String()), overlay.Unknown(why))
	}
}

// maybeJoined makes a user a member of a group that can't be read.
func (it *item) maybeJoined(user string) {
	it.s.d.edit.Join(it.s.account, user, unknownName(it.id+"-group"))
}

// maybeAnyJoined does so with all users.
func (it *item) maybeAnyJoined() {
	if !it.s.d.edit.Once(it.s.account, "member") {
		return
	}
	for _, who := range it.s.d.edit.Entities(it.s.account, overlay.User) {
		it.maybeJoined(who.Name)
	}
}

// maybeOnResource makes the policies of all resources of a type unreadable, once
// all is put: which comes last is not known.
func (it *item) maybeOnResource(typ, why string) {
	if !it.s.d.edit.Once(it.s.account, typ) {
		return
	}
	it.s.d.edit.Later(func() {
		for _, r := range slices.Collect(it.s.d.edit.Resources(it.s.account, typ)) {
			it.s.d.edit.EditResource(r.ARN, "policy", func(r *snapshot.Resource) { r.Policy = snapshot.Have(overlay.Unknown(why)) })
		}
	})
}
