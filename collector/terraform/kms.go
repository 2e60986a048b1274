package terraform

import (
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"pathfinder/collector/overlay"
	"pathfinder/collector/snapshot"
	"pathfinder/graphmodel/arn"
	"pathfinder/graphmodel/inventory"
)

// put makes a resource with its policy, or changes its policy and tags. without
// is the policy that AWS gives one that is made without any.
func (r *instance) put(kind string, without snapshot.Fact[jsontext.Value], more func(*snapshot.Resource)) {
	text, ok := r.text("arn")
	if !ok {
		r.plan.gap(r, "its ARN is known only after apply, so it is missing from the answers")
		return
	}
	doc, given := r.document("policy")
	given = given && r.configured("policy") || str(r.after["policy"]) != ""
	if r.old() == nil {
		res := snapshot.Resource{ARN: text, Type: kind, Region: arn.Region(text), Tags: r.resourceTags(), Policy: without}
		if given {
			res.Policy = snapshot.Have(doc)
		}
		if more != nil {
			more(&res)
		}
		r.plan.edit.PutResource(r.place.account, res)
		return
	}
	if given && !r.unchanged("policy") {
		r.setPolicy(text, doc)
	} else if r.emptied("policy") {
		r.ifThere(text, "policy", func(res *snapshot.Resource) { res.Policy = without })
	}
	if !r.sameTags() {
		r.plan.edit.EditResource(text, "tags", func(res *snapshot.Resource) { res.Tags = r.resourceTags() })
	}
}

// removeARN takes away a resource that the plan names by its ARN.
func removeARN(r *instance) { r.plan.edit.RemoveResource(r.was("arn")) }

// putKey makes a KMS key. Its id is known only after the apply.
func putKey(r *instance) {
	if id, _ := r.text("key_id"); r.old() == nil && madeUp(id) {
		r.plan.gap(r, "its id is known only after apply; answers call it "+id)
	}
	r.put("AWS::KMS::Key", snapshot.Have(overlay.DefaultKeyPolicy(r.partition(), r.place.account)), func(k *snapshot.Resource) {
		k.Grants, k.Aliases = snapshot.None[[]snapshot.KMSGrant](), snapshot.None[[]string]()
	})
}

// putKeyAlias names a key, or names another one instead. What it is an alias of is
// of no matter where the snapshot does not hold the key.
func putKeyAlias(r *instance) {
	if r.old() != nil {
		removeKeyAlias(r)
	}
	name := r.name("name")
	if text, ok := r.target("target_key_id"); ok {
		r.ifThere(r.keyARN(text), "aliases", func(k *snapshot.Resource) {
			if k.Aliases.Known != inventory.NotRead && !slices.Contains(k.Aliases.Value, name) {
				k.Aliases = snapshot.Have(append(slices.Clip(k.Aliases.Value), name))
			}
		})
	}
}

func removeKeyAlias(r *instance) {
	text := r.was("target_key_arn")
	if text == "" {
		text = r.keyARN(r.was("target_key_id"))
	}
	r.ifThere(text, "aliases", func(k *snapshot.Resource) {
		if k.Aliases.Known != inventory.Have {
			return
		}
		k.Aliases.Value = slices.DeleteFunc(slices.Clone(k.Aliases.Value), func(a string) bool { return a == r.was("name") })
		if len(k.Aliases.Value) == 0 {
			k.Aliases = snapshot.None[[]string]()
		}
	})
}

// key returns the ARN of the key that something belongs to.
func (r *instance) key() (string, bool) {
	id, ok := r.target("key_id")
	return r.keyARN(id), ok
}

func putKeyPolicy(r *instance) {
	text, ok := r.key()
	if !ok {
		r.maybeOnResource("key_id", "aws_kms_key", "aws_kms_external_key", "aws_kms_replica_key", "aws_kms_replica_external_key")
	} else if !r.unchanged("policy") {
		if doc, given := r.document("policy"); given {
			r.setPolicy(text, doc)
		}
	}
}

// removeKeyPolicy brings back the default policy, as the provider does unless it
// was told to by-pass the check against locking oneself out.
func removeKeyPolicy(r *instance) {
	if isTrue(r.before["bypass_policy_lockout_safety_check"]) {
		return
	}
	text := r.keyARN(r.was("key_id"))
	r.ifThere(text, "policy", func(k *snapshot.Resource) {
		k.Policy = snapshot.Have(overlay.DefaultKeyPolicy(arn.Partition(text), arn.Account(text)))
	})
}

// putGrant adds a grant. It can't be changed, only made anew.
func putGrant(r *instance) {
	text, ok := r.key()
	if !ok || r.old() != nil {
		return
	}
	grantee, ok := r.target("grantee_principal")
	if !ok {
		return
	}
	g := snapshot.KMSGrant{GrantID: placeholder("", r.Address), GranteePrincipal: grantee, Operations: words(r.after["operations"])}
	if r.maybe("operations") || some(field(r.unknown, "constraints")) {
		r.plan.lost(r, "what the grant allows is known only after apply; answers leave it out")
		return
	}
	if c := block(r.after, "constraints"); c != nil {
		g.Constraints = &snapshot.GrantConstraints{
			EncryptionContextEquals: filled(c["encryption_context_equals"]), EncryptionContextSubset: filled(c["encryption_context_subset"]),
		}
	}
	r.plan.edit.EditResource(text, "grants", func(k *snapshot.Resource) {
		if k.Grants.Known != inventory.NotRead {
			k.Grants = snapshot.Have(append(slices.Clip(k.Grants.Value), g))
		}
	})
}

func filled(v any) map[string]string {
	if m := texts(v); len(m) > 0 {
		return m
	}
	return nil
}

func removeGrant(r *instance) {
	id := r.was("grant_id")
	if id == "" { // the id of the resource is KEY:GRANT
		id = r.was("id")[strings.LastIndexByte(r.was("id"), ':')+1:]
	}
	r.ifThere(r.keyARN(r.was("key_id")), "grants", func(k *snapshot.Resource) {
		if k.Grants.Known != inventory.Have {
			return
		}
		k.Grants.Value = slices.DeleteFunc(slices.Clone(k.Grants.Value), func(g snapshot.KMSGrant) bool { return g.GrantID == id })
		if len(k.Grants.Value) == 0 {
			k.Grants = snapshot.None[[]snapshot.KMSGrant]()
		}
	})
}
