package terraform

import "pathfinder/graphmodel/arn"

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

// putCarried gives a resource its policy. One that the same plan makes is not in the
// snapshot, and its policy is a gap.
func putCarried(r *instance) {
	c := carriers[r.Type]
	name, ok := r.target(c.attr)
	switch {
	case !ok:
		r.maybeOnCarrier(c)
		return
	case r.unchanged(c.document()) && r.unchanged(c.attr):
		return
	}
	if doc, given := r.document(c.document()); given {
		r.setPolicy(c.of(r, name), doc)
	}
}

func removeCarried(r *instance) {
	c := carriers[r.Type]
	r.dropPolicy(c.of(r, r.was(c.attr)))
}
