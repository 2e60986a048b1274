package terraform

import (
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"pathfinder/collector/overlay"
	"pathfinder/collector/snapshot"
	"pathfinder/graphmodel/arn"
)

// putBucket makes a bucket with what S3 gives to new ones, or changes its tags;
// then it follows the attributes that version 3 of the provider had for what has
// resources of its own since.
func putBucket(r *instance) {
	name := r.name("bucket")
	text, _ := r.text("arn")
	if r.old() == nil {
		account := r.place.account
		b := overlay.NewBucket(r.partition(), account, r.plan.edit.CanonicalID(account), r.place.region, name)
		b.Tags = r.resourceTags()
		r.plan.edit.PutResource(account, b)
	} else if !r.sameTags() {
		r.plan.edit.EditResource(text, "tags", func(b *snapshot.Resource) { b.Tags = r.resourceTags() })
	}
	r.ownPolicy(text)
	if r.configured("acl") && !r.unchanged("acl") && (r.maybe("acl") || str(r.after["acl"]) != "") {
		r.plan.edit.EditResource(text, "ACL", func(b *snapshot.Resource) { b.ACL = r.cannedACL() })
	}
	if list := blocks(r.after, "grant"); r.asks("grant") && (len(list) > 0 || r.maybe("grant") || str(r.after["acl"]) == "") {
		var acl snapshot.Fact[snapshot.ACL] // not read
		if len(list) > 0 && !r.maybe("grant") {
			acl = grantsACL(list)
		}
		r.plan.edit.EditResource(text, "ACL", func(b *snapshot.Resource) { b.ACL = acl })
	}
	if sse := "server_side_encryption_configuration"; r.asks(sse) {
		var rules []map[string]any
		for _, b := range blocks(r.after, sse) {
			rules = append(rules, blocks(b, "rule")...)
		}
		r.encrypt(text, rules, field(r.unknown, sse))
	}
}

// ownPolicy follows the attribute policy of what also has a resource for it.
func (r *instance) ownPolicy(text string) {
	switch doc, given := r.document("policy"); {
	case r.emptied("policy"):
		r.dropPolicy(text)
	case given && r.configured("policy") && !r.unchanged("policy"):
		r.setPolicy(text, doc)
	}
}

// sameTags reports whether the tags of an instance are known to stay.
func (r *instance) sameTags() bool {
	before, ok := r.old()["tags_all"]
	if !ok {
		before = r.old()["tags"]
	}
	after, ok := r.tags()
	if !ok {
		return false
	}
	return string(snapshot.TagsOf(texts(before))) == string(after)
}

// setPolicy puts a policy on a resource.
func (r *instance) setPolicy(text string, doc jsontext.Value) {
	r.plan.edit.EditResource(text, "policy", func(res *snapshot.Resource) { res.Policy = snapshot.Have(doc) })
}

// dropPolicy takes the policy off a resource, if that is still there.
func (r *instance) dropPolicy(text string) {
	r.ifThere(text, "policy", func(res *snapshot.Resource) { res.Policy = snapshot.None[jsontext.Value]() })
}

// ifThere edits a resource that may have been removed before.
func (r *instance) ifThere(text, what string, change func(*snapshot.Resource)) {
	if _, ok := r.plan.edit.Resource(text); ok {
		r.plan.edit.EditResource(text, what, change)
	}
}

func removeBucket(r *instance) { r.plan.edit.RemoveResource(r.bucketNamed(r.was("bucket"))) }

func (r *instance) bucketNamed(name string) string {
	if arn.Is(name) {
		return name
	}
	return "arn:" + r.partition() + ":s3:::" + name
}

// bucket returns the ARN of the bucket that a setting belongs to.
func (r *instance) bucket() (string, bool) {
	name, ok := r.target("bucket")
	return r.bucketNamed(name), ok
}

// gone returns the ARN of the bucket that a removed setting belonged to.
func (r *instance) gone() string { return r.bucketNamed(r.was("bucket")) }

func putBucketPolicy(r *instance) {
	text, ok := r.bucket()
	if !ok {
		r.maybeOnResource("bucket", "aws_s3_bucket")
	} else if !r.unchanged("policy") {
		if doc, given := r.document("policy"); given {
			r.setPolicy(text, doc)
		}
	}
}

func removeBucketPolicy(r *instance) { r.dropPolicy(r.gone()) }

func putBucketACL(r *instance) {
	text, ok := r.bucket()
	if !ok {
		return
	}
	var acl snapshot.Fact[snapshot.ACL] // not read
	switch policy := block(r.after, "access_control_policy"); {
	case r.maybe("access_control_policy") && r.asks("access_control_policy"):
	case policy != nil && len(blocks(policy, "grant")) > 0 && !(r.configured("acl") && str(r.after["acl"]) != ""):
		acl = grantsACL(blocks(policy, "grant"))
		if owner := block(policy, "owner"); owner != nil {
			acl.Value.Owner = &snapshot.ACLOwner{ID: str(owner["id"])}
		}
	default:
		acl = r.cannedACL()
	}
	r.plan.edit.EditResource(text, "ACL", func(b *snapshot.Resource) { b.ACL = acl })
}

// cannedACL returns the ACL of the attribute acl; not read when it is not known.
func (r *instance) cannedACL() (acl snapshot.Fact[snapshot.ACL]) {
	name, ok := r.text("acl")
	if !ok || name == "" {
		return acl
	}
	acl, ok = overlay.CannedACL(name, r.plan.edit.CanonicalID(r.place.account))
	if !ok {
		return snapshot.Fact[snapshot.ACL]{}
	}
	return acl
}

// grantsACL reads blocks grant, of aws_s3_bucket_acl or of the bucket itself.
func grantsACL(list []map[string]any) snapshot.Fact[snapshot.ACL] {
	acl := snapshot.ACL{Grants: []snapshot.ACLGrant{}}
	for _, g := range list {
		to, permissions := block(g, "grantee"), words(g["permissions"])
		if to == nil {
			to = g
		}
		if one := str(g["permission"]); one != "" {
			permissions = append(permissions, one)
		}
		for _, p := range permissions {
			acl.Grants = append(acl.Grants, snapshot.ACLGrant{
				Grantee: snapshot.Grantee{Type: str(to["type"]), ID: str(to["id"]), URI: str(to["uri"])}, Permission: p,
			})
		}
	}
	return snapshot.Have(acl)
}

func putOwnership(r *instance) {
	text, ok := r.bucket()
	if !ok {
		return
	}
	ownership := ""
	if rule := block(r.after, "rule"); rule != nil {
		ownership = str(rule["object_ownership"]) // "" when not known: not read
	}
	r.plan.edit.EditResource(text, "ownership", func(b *snapshot.Resource) { b.Ownership = ownership })
}

// removeOwnership leaves a bucket without ownership controls, whose ACLs count
// (S3 User Guide, "Controlling ownership of objects and disabling ACLs").
func removeOwnership(r *instance) {
	r.ifThere(r.gone(), "ownership", func(b *snapshot.Resource) { b.Ownership = "ObjectWriter" })
}

// publicAccess reads the four settings of Block Public Access. What is not known
// of them makes them unread.
func (r *instance) publicAccess(values map[string]any, unknown any) (f snapshot.Fact[snapshot.PublicAccessBlock]) {
	for _, attr := range []string{"block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets"} {
		if some(field(unknown, attr)) {
			return f
		}
	}
	return snapshot.Have(snapshot.PublicAccessBlock{
		BlockPublicAcls: isTrue(values["block_public_acls"]), IgnorePublicAcls: isTrue(values["ignore_public_acls"]),
		BlockPublicPolicy: isTrue(values["block_public_policy"]), RestrictPublicBuckets: isTrue(values["restrict_public_buckets"]),
	})
}

func putBucketBlock(r *instance) {
	if text, ok := r.bucket(); ok {
		r.plan.edit.EditResource(text, "Block Public Access", func(b *snapshot.Resource) {
			b.PublicAccessBlock = r.publicAccess(r.after, r.unknown)
		})
	}
}

func removeBucketBlock(r *instance) {
	r.ifThere(r.gone(), "Block Public Access", func(b *snapshot.Resource) {
		b.PublicAccessBlock = snapshot.None[snapshot.PublicAccessBlock]()
	})
}

// blockedAccount returns the account whose Block Public Access is set.
func (r *instance) blockedAccount(values map[string]any) string {
	if id := str(values["account_id"]); arn.IsAccountID(id) {
		return id
	}
	return r.place.account
}

func putAccountBlock(r *instance) {
	r.plan.edit.SetAccountBlock(r.blockedAccount(r.after), r.publicAccess(r.after, r.unknown))
}

func removeAccountBlock(r *instance) {
	r.plan.edit.SetAccountBlock(r.blockedAccount(r.before), snapshot.None[snapshot.PublicAccessBlock]())
}

func putEncryption(r *instance) {
	if text, ok := r.bucket(); ok {
		r.encrypt(text, blocks(r.after, "rule"), field(r.unknown, "rule"))
	}
}

func removeEncryption(r *instance) {
	r.ifThere(r.gone(), "encryption", func(b *snapshot.Resource) { b.Encryption = nil })
}

// encrypt sets the key that encrypts a bucket by default. One that is not known
// is a placeholder, which is no key of the snapshot.
func (r *instance) encrypt(text string, rules []map[string]any, unknown any) {
	var e *snapshot.Encryption
	if len(rules) == 0 && some(unknown) {
		rules = []map[string]any{{}}
	}
	for _, rule := range rules {
		by := block(rule, "apply_server_side_encryption_by_default")
		algorithm := str(by["sse_algorithm"])
		if !strings.HasPrefix(algorithm, "aws:kms") && (algorithm != "" || !some(unknown)) {
			continue
		}
		switch key := str(by["kms_master_key_id"]); {
		case key != "":
			e = &snapshot.Encryption{KMSKeyID: r.bucketKey(text, key)}
		case some(unknown):
			e = &snapshot.Encryption{KMSKeyID: r.referredKey(text)}
		default:
			e = &snapshot.Encryption{AWSManaged: true}
		}
	}
	r.plan.edit.EditResource(text, "encryption", func(b *snapshot.Resource) { b.Encryption = e })
}

// bucketKey returns the ARN of a key that a bucket names; an id alone is of the
// bucket's region.
func (r *instance) bucketKey(text, key string) string {
	if b, ok := r.plan.edit.Resource(text); ok && b.Region != "" {
		r.place.region = b.Region
	}
	return r.keyARN(key)
}

// referredKey finds the key that a nested block of the configuration refers to.
func (r *instance) referredKey(text string) string {
	if r.config != nil {
		for _, rule := range blocks(r.config.Expressions, "rule") {
			by := block(rule, "apply_server_side_encryption_by_default")
			if id, ok := r.plan.expression(r.scope, member(by["kms_master_key_id"]), r.Index, "kms_master_key_id", 0); ok && id != "" {
				return r.bucketKey(text, id)
			}
		}
	}
	r.plan.gap(r, "which key encrypts it is known only after apply")
	return r.keyARN(placeholder("", r.Address))
}

// putObject notes an object that is opened by its ACL; objects are in no
// snapshot otherwise.
func putObject(r *instance) {
	if acl := str(r.after["acl"]); r.maybe("acl") && r.configured("acl") || acl != "" && acl != "private" {
		r.plan.lost(r, "the object has an ACL of its own, which is not in the answers")
	}
}
