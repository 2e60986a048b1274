package terraform

import (
	"maps"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"pathfinder/collector/overlay"
	"pathfinder/collector/snapshot"
	"pathfinder/graphmodel/arn"
)

// document returns a policy attribute as a document: what the plan knows, or one
// that says why it is not known. given is false when there is none. That it
// refers to one aws_iam_policy_document does not tell that it is that: merged with
// another text or with a part replaced it looks the same.
func (r *instance) document(attr string) (doc jsontext.Value, given bool) {
	if s, ok := r.after[attr].(string); ok && s != "" {
		return overlay.Text(s), true
	}
	if !r.maybe(attr) {
		return nil, false
	}
	return r.unknownDocument(attr), true
}

func (r *instance) unknownDocument(attr string) jsontext.Value {
	if some(field(r.secret, attr)) {
		return overlay.Unknown("marked as sensitive in the plan: " + r.Address + "." + attr)
	}
	return overlay.Unknown("known only after apply: " + r.Address + "." + attr)
}

// same reports whether an attribute is before what it is after, as far as is
// known.
func (r *instance) unchanged(attr string) bool {
	if r.maybe(attr) || r.old() == nil {
		return false
	}
	return str(r.before[attr]) == str(r.after[attr])
}

// emptied reports whether a change takes away a policy that was there.
func (r *instance) emptied(attr string) bool {
	return r.old() != nil && !r.maybe(attr) && str(r.before[attr]) != "" && str(r.after[attr]) == ""
}

// tags returns the tags of an instance with those that its provider gives to
// all. ok is false when some of them are not known.
func (r *instance) tags() (tags snapshot.Tags, ok bool) {
	if m := texts(r.after["tags_all"]); m != nil && !r.maybe("tags_all") {
		return snapshot.TagsOf(m), true
	}
	all := r.plan.defaultTags(r.providerKey())
	if r.maybe("tags") || all == nil {
		return nil, false
	}
	for k, v := range texts(r.after["tags"]) {
		all[k] = v
	}
	return snapshot.TagsOf(all), true
}

// defaultTags returns the tags that a provider gives to everything; nil when
// they are not known.
func (p *planner) defaultTags(key string) map[string]string {
	c := p.file.Configuration
	if c == nil {
		return nil
	}
	b := block(c.Providers[key].Expressions, "default_tags")
	if b == nil {
		return map[string]string{}
	}
	e := member(b["tags"])
	if e == nil {
		return map[string]string{}
	}
	return texts(e["constant_value"])
}

// resourceTags returns the tags of something that is no principal; what is not
// known was not read.
func (r *instance) resourceTags() (f snapshot.Fact[snapshot.Tags]) {
	if t, ok := r.tags(); ok {
		return snapshot.Have(t)
	}
	return f
}

// principalTags returns the tags of a user or a role, as far as they are known; the
// others are a gap, and open in conditions.
func (r *instance) principalTags() snapshot.Tags {
	if t, ok := r.tags(); ok {
		return t
	}
	known := map[string]string{} // a tag of the provider may be given another value
	for _, attr := range []string{"tags_all", "tags"} {
		maps.Copy(known, texts(r.after[attr]))
	}
	if name, ok := r.text("arn"); ok {
		r.plan.edit.Gap(overlay.TagsUnknown(name, r.Address+": known only after apply"))
	} else {
		r.plan.gap(r, "its tags are known only after apply")
	}
	return snapshot.TagsOf(known)
}

// name returns the name of something that is made, and notes when it is made up.
func (r *instance) name(attr string) string {
	name, _ := r.text(attr)
	if madeUp(name) {
		r.plan.gap(r, "its name is known only after apply; answers call it "+name)
	}
	return name
}

// target returns the text of an attribute that says what something hangs on, and
// notes when that is not known.
func (r *instance) target(attr string) (string, bool) { return r.belongsTo(attr, r.plan.lost) }

// owner is target for what is put on all that it may belong to when that is not known:
// there answers are in doubt, and nowhere else.
func (r *instance) owner(attr string) (string, bool) { return r.belongsTo(attr, r.plan.gap) }

func (r *instance) belongsTo(attr string, note func(r *instance, why string)) (string, bool) {
	s, ok := r.text(attr)
	if !ok || s == "" {
		note(r, "what it belongs to is known only after apply ("+attr+"), so it is missing from the answers")
		return "", false
	}
	return s, true
}

// policy returns the ARN of a managed policy; of one that is not known, or is no
// ARN, one that is in no snapshot.
func (r *instance) policy(attr string) string {
	if s, ok := r.text(attr); ok && arn.Is(s) {
		return s
	}
	return r.unknownPolicy(attr)
}

// policies returns the ARNs in a list of managed policies. What is no ARN makes it
// incomplete.
func (r *instance) policies(attr string) (out []string, complete bool) {
	list, complete := r.list(attr)
	for _, s := range list {
		if arn.Is(s) {
			out = append(out, s)
		} else {
			complete = false
		}
	}
	return out, complete
}

// unknownPolicy is the ARN of a managed policy that is not known: it is in no
// snapshot, so its content can't be read.
func (r *instance) unknownPolicy(attr string) string {
	return "arn:" + r.partition() + ":iam::" + r.place.account + ":policy/" + placeholder(strings.ReplaceAll(attr, "_", "-")+"-", r.Address)
}
