package terraform

import (
	"slices"

	"github.com/go-json-experiment/json/jsontext"

	"pathfinder/collector/overlay"
	"pathfinder/collector/snapshot"
	"pathfinder/graphmodel/arn"
)

// A carrier says how a type names the resource that its policy hangs on.
type carrier struct {
	attr    string // the attribute that names it: an ARN, or a name where service is given
	service string // of the ARN that a name makes
	before  string // what stands in front of the name there
	policy  string // the attribute with the document; "policy" when it is ""
}

// carriers are the types that are nothing but the policy of a resource, of services
// where a resource without one has none (the provider deletes it, and AWS gives
// nothing instead). Source: the provider's documentation of each type.
var carriers = map[string]carrier{
	"aws_backup_vault_policy":          {attr: "backup_vault_name", service: "backup", before: "backup-vault:"},
	"aws_cloudwatch_event_bus_policy":  {attr: "event_bus_name", service: "events", before: "event-bus/"},
	"aws_dynamodb_resource_policy":     {attr: "resource_arn"},
	"aws_ecr_repository_policy":        {attr: "repository", service: "ecr", before: "repository/"},
	"aws_efs_file_system_policy":       {attr: "file_system_id", service: "elasticfilesystem", before: "file-system/"},
	"aws_elasticsearch_domain_policy":  {attr: "domain_name", service: "es", before: "domain/", policy: "access_policies"},
	"aws_kinesis_resource_policy":      {attr: "resource_arn"},
	"aws_opensearch_domain_policy":     {attr: "domain_name", service: "es", before: "domain/", policy: "access_policies"},
	"aws_secretsmanager_secret_policy": {attr: "secret_arn"},
	"aws_vpc_endpoint_policy":          {attr: "vpc_endpoint_id", service: "ec2", before: "vpc-endpoint/"}, // without one it lets everything through
}

// of returns the ARN of the resource that a name or an ARN means.
func (c carrier) of(r *instance, name string) string {
	if name == "" || arn.Is(name) || c.service == "" {
		return name
	}
	return "arn:" + r.partition() + ":" + c.service + ":" + r.place.region + ":" + r.place.account + ":" + c.before + name
}

// document is the attribute with the policy.
func (c carrier) document() string {
	if c.policy != "" {
		return c.policy
	}
	return "policy"
}

// putCarried gives a resource its policy. Most of those that the same plan makes are
// not in the snapshot, and their policy is a gap.
func putCarried(r *instance) {
	c := carriers[r.Type]
	name, ok := r.owner(c.attr)
	switch {
	case !ok:
		r.maybeOnCarrier(c)
		return
	case r.unchanged(c.document()) && r.unchanged(c.attr):
		return
	}
	if doc, given := r.document(c.document()); given {
		r.setPolicy(c.of(r, name), doc)
	} else if r.emptied(c.document()) {
		r.dropPolicy(c.of(r, name))
	}
}

// putEndpoint makes a VPC endpoint, which lets everything through until it has a
// policy.
func putEndpoint(r *instance) {
	if id, _ := r.text("id"); r.old() == nil && madeUp(id) {
		r.plan.gap(r, "its id is known only after apply; answers call it "+id)
	}
	r.put("AWS::EC2::VPCEndpoint", snapshot.None[jsontext.Value](), func(e *snapshot.Resource) { e.VPCID = str(r.after["vpc_id"]) })
}

// owned are types whose policy is an attribute, and that are understood as far as
// that goes: where the snapshot holds what changes.
var owned = map[string]string{
	"aws_secretsmanager_secret": "policy", "aws_opensearch_domain": "access_policies", "aws_elasticsearch_domain": "access_policies",
}

// changesOwned follows a change of such a policy, and reports whether it is one.
func (r *instance) changesOwned() bool {
	attr, text := owned[r.Type], r.was("arn")
	if _, held := r.plan.edit.Resource(text); attr == "" || !held || !r.updates() {
		return false
	}
	doc, given := r.document(attr)
	r.plan.edit.Later(func() {
		if given {
			r.setPolicy(text, doc)
		} else {
			r.dropPolicy(text)
		}
	})
	return true
}

// doubted makes the policy of something unreadable that the snapshot holds, and a
// change of which is not understood.
func (r *instance) doubted() {
	if i := slices.IndexFunc(documents, r.rewrites); i >= 0 && !r.removes() {
		r.unreadable(r.was("arn"), overlay.Unknown("a change of it is not understood: "+r.Address+"."+documents[i]))
	}
}

func removeCarried(r *instance) {
	c := carriers[r.Type]
	r.dropPolicy(c.of(r, r.was(c.attr)))
}
