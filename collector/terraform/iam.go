package terraform

import (
	"pathfinder/collector/overlay"
	"pathfinder/collector/snapshot"
)

// putEntity makes or changes a user, a group or a role.
func putEntity(r *instance) {
	name := r.name("name")
	who := r.entity(name)
	edit := r.plan.edit
	if before := r.old(); before != nil && who.Kind != overlay.Role && (str(before["name"]) != name || str(before["path"]) != str(r.after["path"])) {
		edit.Rename(r.entity(str(before["name"])), r.path(), name)
	}
	stranger := r.old() != nil && edit.Find(who) == ""
	a := overlay.Attributes{Path: r.path(), ID: str(r.after["unique_id"])}
	if who.Kind != overlay.Group {
		a.Tags, a.Boundary = r.principalTags(), r.boundary()
	}
	if who.Kind == overlay.Role {
		if !r.unchanged("assume_role_policy") {
			a.Trust, _ = r.document("assume_role_policy")
		} else if edit.Find(who) == "" {
			a.Trust = overlay.Text(str(r.after["assume_role_policy"]))
		}
	}
	edit.Put(who, a)
	if stranger {
		r.plan.gap(r, "it is changed, but the snapshot does not hold it; what hangs on it is not known")
		edit.Attach(who, r.unknownPolicy("unread"))
	}
	if who.Kind == overlay.Role {
		r.putInlineBlocks(who)
		r.putManagedARNs(who)
	}
}

// boundary returns the ARN of the permissions boundary; "" for none.
func (r *instance) boundary() string {
	if s, ok := r.text("permissions_boundary"); ok && s == "" {
		return ""
	}
	return r.policy("permissions_boundary")
}

// putInlineBlocks follows the blocks inline_policy of a role. They are all its
// inline policies where there are any; where there are none, they only show what
// is there. The provider puts and deletes what differs.
func (r *instance) putInlineBlocks(who overlay.Entity) {
	if !r.asks("inline_policy") {
		return
	}
	before := map[string]string{}
	for _, b := range blocks(r.old(), "inline_policy") {
		before[str(b["name"])] = str(b["policy"])
	}
	if field(r.unknown, "inline_policy") == true {
		r.plan.edit.PutInline(who, placeholder("", r.Address), r.unknownDocument("inline_policy"))
		return
	}
	unknown, _ := field(r.unknown, "inline_policy").([]any)
	for i, b := range blocks(r.after, "inline_policy") {
		name, text := str(b["name"]), str(b["policy"])
		old, was := before[name]
		delete(before, name)
		hidden := i < len(unknown) && some(unknown[i])
		switch {
		case name == "" && text == "" && !hidden: // an empty block asks for none
		case hidden && text == "":
			if name == "" {
				name = placeholder("", r.Address)
			}
			r.plan.edit.PutInline(who, name, r.unknownDocument("inline_policy"))
		case !was || old != text:
			r.plan.edit.PutInline(who, name, overlay.Text(text))
		}
	}
	for name := range before {
		r.plan.edit.RemoveInline(who, name)
	}
}

// putManagedARNs follows managed_policy_arns in the same way.
func (r *instance) putManagedARNs(who overlay.Entity) {
	if r.maybe("managed_policy_arns") && !r.configured("managed_policy_arns") {
		return
	}
	want, complete := r.policies("managed_policy_arns")
	before := words(r.old()["managed_policy_arns"])
	for _, p := range without(want, before) {
		r.plan.edit.Attach(who, p)
	}
	if !complete {
		r.plan.edit.Attach(who, r.unknownPolicy("managed_policy_arns"))
		return
	}
	for _, p := range without(before, want) {
		r.plan.edit.Detach(who, p)
	}
}

func removeEntity(r *instance) { r.plan.edit.Remove(r.entity(r.was("name"))) }

// putServiceLinked makes a role that a service defines: whom it trusts is known,
// what it may is AWS's to say.
func putServiceLinked(r *instance) {
	if r.old() != nil {
		return // its tags and description can change
	}
	service, ok := r.target("aws_service_name")
	if !ok {
		return
	}
	who := r.entity(r.name("name"))
	trust := overlay.Text(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"` + service + `"},"Action":"sts:AssumeRole"}]}`)
	r.plan.edit.Put(who, overlay.Attributes{Path: r.path(), Tags: r.principalTags(), Trust: trust})
	r.plan.edit.Attach(who, r.unknownPolicy("service_linked"))
}

func putManaged(r *instance) {
	text, ok := r.text("arn")
	if !ok {
		r.plan.gap(r, "its ARN is known only after apply")
		return
	}
	r.name("name")
	if r.unchanged("policy") {
		return
	}
	if doc, given := r.document("policy"); given {
		r.plan.edit.PutPolicy(text, doc)
	}
}

func removeManaged(r *instance) { r.plan.edit.RemovePolicy(r.was("arn")) }

// holderAttr is the attribute that names the holder of a policy.
func (r *instance) holderAttr() string { return r.entity("").Kind.String() }

func putInline(r *instance) {
	holder, ok := r.owner(r.holderAttr())
	if !ok {
		r.maybeOnEntity(r.entity("").Kind, r.holderAttr(), "policy")
		return
	}
	name, ok := r.text("name")
	if !ok || name == "" {
		name = placeholder(str(r.after["name_prefix"]), r.Address)
	}
	if doc, given := r.document("policy"); given && !r.unchanged("policy") {
		r.plan.edit.PutInline(r.entity(holder), name, doc)
	}
}

func removeInline(r *instance) {
	r.plan.edit.RemoveInline(r.entity(r.was(r.holderAttr())), r.was("name"))
}

func putAttachment(r *instance) {
	holder, ok := r.owner(r.holderAttr())
	if !ok {
		r.maybeOnEntity(r.entity("").Kind, r.holderAttr(), "policy_arn")
		return
	}
	r.plan.edit.Attach(r.entity(holder), r.policy("policy_arn"))
}

func removeAttachment(r *instance) {
	r.plan.edit.Detach(r.entity(r.was(r.holderAttr())), r.was("policy_arn"))
}

func putProfile(r *instance) {
	text, ok := r.text("arn")
	if !ok {
		r.plan.gap(r, "its ARN is known only after apply")
		return
	}
	role, ok := r.text("role")
	if !ok {
		r.plan.gap(r, "which role it delivers is known only after apply")
		return
	}
	r.plan.edit.PutProfile(text, role)
}

func removeProfile(r *instance) { r.plan.edit.RemoveProfile(r.was("arn")) }

func putOIDC(r *instance) {
	text, ok := r.text("arn")
	url, also := r.text("url")
	clients, complete := r.list("client_id_list")
	if !ok || !also {
		r.plan.gap(r, "its URL is known only after apply")
		return
	}
	if !complete {
		r.plan.gap(r, "some of its audiences are known only after apply")
	}
	r.plan.edit.PutOIDCProvider(snapshot.OIDCProvider{ARN: text, URL: bare(url), ClientIDList: clients})
}

func putSAML(r *instance) {
	if text, ok := r.text("arn"); ok {
		r.plan.edit.PutSAMLProvider(text)
	}
}

func removeProvider(r *instance) { r.plan.edit.RemoveProvider(r.was("arn")) }

func putAlias(r *instance) {
	if name, ok := r.target("account_alias"); ok {
		r.plan.edit.SetAlias(r.place.account, name)
	}
}

func removeAlias(r *instance) { r.plan.edit.SetAlias(r.place.account, "") }
