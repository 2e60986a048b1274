package cloudformation

import (
	"cmp"
	"slices"

	"pathfinder/collector/overlay"
	"pathfinder/collector/snapshot"
	"pathfinder/graphmodel/arn"
	"pathfinder/graphmodel/inventory"
)

// putFunction is AWS::Lambda::Function: it has no policy until somebody adds a
// permission.
func putFunction(it *item) {
	id := it.known()
	if id == nil {
		return
	}
	r, fresh := it.carrier(id.arn)
	if fresh && it.doubt == "" {
		r.URLs = snapshot.None[[]snapshot.FunctionURL]()
	}
	if v := it.props.get("Role"); it.doubt == "" && !v.missing() {
		r.Roles = it.executionRole(v)
	}
	it.describe(&r, it.props, nil, fresh)
	it.s.d.edit.PutResource(it.s.account, r)
}

// executionRole returns the role whose sessions a function hands to its code. It
// is given by its ARN; where a name stands, it is that of a role of the account.
func (it *item) executionRole(v *value) []string {
	role, ok := v.scalar()
	if ok && !arn.Is(role) {
		role = it.s.d.edit.Find(overlay.Entity{Account: it.s.account, Kind: overlay.Role, Name: role})
		ok = role != ""
	}
	if !ok {
		it.gap("as which role it runs is not known: " + firstReason(v))
		return nil
	}
	return []string{role}
}

// hangURL is AWS::Lambda::Url. Who may call it a permission says.
func hangURL(it *item) {
	function, why := it.text("TargetFunctionArn")
	auth, unclear := it.text("AuthType")
	qualifier, open := it.text("Qualifier")
	if function == "" || unclear != "" || open != "" || it.doubt != "" {
		if it.doubt == "" {
			it.gap("a function gets a URL, and which one, or who may call it, is not known: " + cmp.Or(why, unclear, open))
		}
		return
	}
	text := it.functionARN(functionName(function))
	if arn.Is(function) {
		text = it.functionARN(arn.Account(function) + ":function:" + functionName(function))
	}
	url := snapshot.FunctionURL{FunctionARN: text, AuthType: auth}
	if qualifier != "" {
		url.FunctionARN += ":" + qualifier
	}
	it.ifThere(text, "URLs", func(r *snapshot.Resource) {
		if r.URLs.Known == inventory.NotRead {
			return
		}
		others := slices.DeleteFunc(slices.Clone(r.URLs.Value), func(u snapshot.FunctionURL) bool { return u.FunctionARN == url.FunctionARN })
		r.URLs = snapshot.Have(append(others, url))
	})
}

// hangAlias is AWS::KMS::Alias: another name of a key.
func hangAlias(it *item) {
	name, why := it.text("AliasName")
	target, open := it.text("TargetKeyId")
	if name == "" || target == "" || it.doubt != "" {
		if it.doubt == "" {
			it.gap("which key gets which alias is not known: " + cmp.Or(why, open))
		}
		return
	}
	it.ifThere(it.keyARN(target, it.s.region), "aliases", func(r *snapshot.Resource) {
		if r.Aliases.Known != inventory.NotRead && !slices.Contains(r.Aliases.Value, name) {
			r.Aliases = snapshot.Have(append(slices.Clip(r.Aliases.Value), name))
		}
	})
}

// ifThere changes a resource that the snapshot holds. What one that it does not
// hold is called, or called by, is of no matter.
func (it *item) ifThere(text, what string, change func(r *snapshot.Resource)) {
	if _, there := it.s.d.edit.Resource(text); there {
		it.s.d.edit.EditResource(text, what, change)
	}
}
