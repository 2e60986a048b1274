package terraform

import (
	"reflect"
	"regexp"
	"slices"
	"strings"
)

// always finds types that bear on access whatever their attributes are called:
// those of the other provider of AWS, stacks, which may hold anything, and
// policies of services that otherwise decide nothing about access.
var always = regexp.MustCompile(`^awscc_|^aws_cloudformation_stack(_|$)|^aws_(networkfirewall|xray)_resource_policy$`)

// documents are attributes by which a resource of any type bears on access.
var documents = []string{
	"policy", "access_policy", "access_policies", "resource_policy", "resource_policy_document", "policy_document", "policy_text",
	"repository_policy", "registry_policy", "key_policy", "file_system_policy", "assume_role_policy", "trust_policy", "inline_policy",
	"iam_policy", "permissions_policy", "permissions_boundary", "managed_policy_arns",
}

// ours reports whether the provider of a resource is one of AWS. A plan that
// does not name it leaves that to the type.
func ours(provider string) bool {
	name := provider[strings.LastIndex(provider, "/")+1:]
	return name == "" || name == "aws" || name == "awscc"
}

// foreign reports whether a change of a resource that is not understood may
// bear on access.
func (r *instance) foreign() bool {
	switch {
	case always.MatchString(r.Type):
		return true
	case harmless.MatchString(r.Type):
		return false
	}
	return bearing.MatchString(r.Type) || slices.ContainsFunc(documents, r.rewrites)
}

// rewrites reports whether a policy in an attribute comes, goes or changes, or
// may.
func (r *instance) rewrites(attr string) bool {
	if r.maybe(attr) {
		// What the configuration leaves out is computed, and a new resource then
		// has no policy of its own; blocks may be left out of a plan's
		// configuration though something in them is known.
		return field(r.unknown, attr) != true || r.configured(attr) || given(r.before[attr])
	}
	before, after := r.before[attr], r.after[attr]
	if r.removes() || r.makes() {
		return given(before) || given(after)
	}
	return (given(before) || given(after)) && !reflect.DeepEqual(before, after)
}

// given reports whether a value says anything.
func given(v any) bool {
	switch v := v.(type) {
	case nil:
		return false
	case string:
		return v != ""
	case []any:
		return len(v) > 0
	case map[string]any:
		return len(v) > 0
	}
	return true
}
