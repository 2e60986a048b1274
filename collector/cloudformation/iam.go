package cloudformation

import (
	"cmp"
	"slices"
	"strings"

	"pathfinder/collector/overlay"
	"pathfinder/collector/snapshot"
	"pathfinder/graphmodel/arn"
)

// entity names the IAM entity that the item makes; ok is false when its name is
// not known, which is then a gap.
func (it *item) entity(kind overlay.Kind) (who overlay.Entity, path string, ok bool) {
	id := it.s.identity(it.id)
	if id == nil || id.why != "" {
		if id != nil {
			it.gap("what it is called is not known: " + id.why)
		}
		return who, "", false
	}
	res := arn.Resource(id.arn) // role/path/name
	path = res[strings.IndexByte(res, '/') : strings.LastIndexByte(res, '/')+1]
	return overlay.Entity{Account: it.s.account, Kind: kind, Name: id.name}, path, true
}

// putEntity makes a role, user or group.
func putEntity(kind overlay.Kind) func(*item) {
	return func(it *item) {
		who, path, ok := it.entity(kind)
		if !ok {
			return
		}
		edit := it.s.d.edit
		a := overlay.Attributes{Path: path, Tags: it.tags(cmp.Or(edit.Find(who), edit.EntityARN(who, path))), Boundary: it.boundary(who)}
		if kind == overlay.Role && (it.doubt != "" || !it.props.get("AssumeRolePolicyDocument").missing() || edit.Find(who) == "") {
			a.Trust = it.document(it.props.get("AssumeRolePolicyDocument"))
		}
		edit.Put(who, a)
	}
}

// tags returns the tags of an entity, as far as they are known; nil when the template
// gives none. The others are a gap, and open in conditions.
func (it *item) tags(name string) snapshot.Tags {
	v := it.props.get("Tags")
	if v.missing() || it.doubt != "" {
		return nil
	}
	tags, why := tagsOf(v)
	if why != "" {
		it.s.d.edit.Gap(overlay.TagsUnknown(name, why))
	}
	return tags
}

// tagsOf reads tags as an object or as a list of Key and Value. why says what is
// not known of them.
func tagsOf(v *value) (tags snapshot.Tags, why string) {
	why, _ = v.reason()
	m := make(map[string]string)
	if v.kind == kindObject {
		for key, e := range v.members {
			if val, ok := e.scalar(); ok {
				m[key] = val
			}
		}
		return snapshot.TagsOf(m), why
	}
	for _, e := range v.elements() {
		key, ok := e.get("Key").scalar()
		if val, also := e.get("Value").scalar(); ok && also {
			m[key] = val
		}
	}
	return snapshot.TagsOf(m), why
}

// boundary returns the permissions boundary that an entity will have. One that
// the template does not mention stays: an earlier deployment, or somebody else,
// has set it. One that is not known is a policy that nobody has read.
func (it *item) boundary(who overlay.Entity) string {
	if who.Kind == overlay.Group {
		return ""
	}
	before := it.s.d.edit.Boundary(who)
	b, why := it.text("PermissionsBoundary")
	switch {
	case why != "":
		it.gap("its permissions boundary is not known: " + why)
	case it.doubt != "" || b == "":
		return before
	case arn.Is(b):
		return b
	}
	return "arn:" + it.s.partition + ":iam::" + it.s.account + ":policy/UNKNOWN-boundary-of-" + who.Name
}

// hangProfile is AWS::IAM::InstanceProfile.
func hangProfile(it *item) {
	id := it.s.identity(it.id)
	roles := it.props.get("Roles").elements()
	if id == nil || id.why != "" || len(roles) != 1 || it.doubt != "" {
		return // delivers no role, or one that a gap has told of
	}
	role, ok := roles[0].scalar()
	if !ok {
		why, _ := roles[0].reason()
		it.gap("which role the instance profile delivers is not known: " + why)
		return
	}
	it.s.d.edit.PutProfile(id.arn, role)
}

// cdkProvider is a custom resource of the CDK that makes an OIDC provider.
const cdkProvider = "Custom::AWSCDKOpenIdConnectProvider"

// putOIDC is AWS::IAM::OIDCProvider.
func putOIDC(it *item) {
	url, why := it.text("Url")
	if url == "" {
		it.gap("the URL of the OIDC provider is not known: " + why)
		return
	}
	if it.doubt != "" {
		return
	}
	p := snapshot.OIDCProvider{ARN: it.s.identity(it.id).arn, URL: url}
	list := it.props.get("ClientIdList")
	if it.typ == cdkProvider {
		list = it.props.get("ClientIDList")
	}
	for _, c := range list.elements() {
		client, ok := c.scalar()
		if !ok {
			why, _ := c.reason()
			it.gap("a client of the OIDC provider is not known: " + why)
			continue
		}
		p.ClientIDList = append(p.ClientIDList, client)
	}
	slices.Sort(p.ClientIDList)
	it.s.d.edit.PutOIDCProvider(p)
}

// putSAML is AWS::IAM::SAMLProvider.
func putSAML(it *item) {
	id := it.s.identity(it.id)
	if id.why != "" {
		it.gap("what it is called is not known: " + id.why)
		return
	}
	if it.doubt == "" {
		it.s.d.edit.PutSAMLProvider(id.arn)
	}
}

// putServiceLinked is AWS::IAM::ServiceLinkedRole: the service decides what the
// role is called, and what it may do.
func putServiceLinked(it *item) {
	service, _ := it.text("AWSServiceName")
	it.gap("the service-linked role of " + quote(service) + " gets its name, trust and policy from the service")
}
