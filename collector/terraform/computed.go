package terraform

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"pathfinder/collector/overlay"
	"pathfinder/graphmodel/arn"
)

// A computation makes an attribute out of others, as AWS does. ok is false when
// one of those is not known.
type computation func(r *instance, depth int) (s string, ok bool)

// computed are the attributes that follow from others, by type. AWS makes ARNs
// of names; what it draws, such as the id of a key, is a placeholder that says so.
var computed map[string]map[string]computation

func init() { // the functions find other attributes through computed
	entity := map[string]computation{"arn": entityARN, "id": same("name"), "name": placeName}
	unit := map[string]computation{"id": placeholderOf("ou-")}
	control := map[string]computation{"id": placeholderOf("p-")}
	key := map[string]computation{"arn": keyARN, "id": keyID, "key_id": keyID}
	computed = map[string]map[string]computation{
		"aws_iam_user": entity, "aws_iam_group": entity, "aws_iam_role": entity,
		"aws_iam_service_linked_role":     {"arn": entityARN, "id": entityARN, "name": placeName},
		"aws_iam_policy":                  {"arn": iamARN("policy"), "id": iamARN("policy"), "name": placeName},
		"aws_iam_instance_profile":        {"arn": iamARN("instance-profile"), "id": same("name"), "name": placeName},
		"aws_iam_saml_provider":           {"arn": iamARN("saml-provider"), "id": iamARN("saml-provider")},
		"aws_iam_openid_connect_provider": {"arn": oidcARN, "id": oidcARN},
		"aws_s3_bucket":                   {"arn": bucketARN, "id": same("bucket"), "bucket": placeBucket},
		"aws_s3_bucket_policy":            {"id": same("bucket")},
		"aws_s3_access_point":             {"arn": regionalARN("s3", "accesspoint/", "name")},
		"aws_kms_key":                     key, "aws_kms_external_key": key, "aws_kms_replica_key": key, "aws_kms_replica_external_key": key,
		"aws_kms_alias":                         {"arn": regionalARN("kms", "", "name"), "id": same("name"), "target_key_arn": aliasTarget},
		"aws_sqs_queue":                         {"arn": regionalARN("sqs", "", "name"), "id": queueURL, "url": queueURL, "name": placeName},
		"aws_sns_topic":                         {"arn": regionalARN("sns", "", "name"), "id": regionalARN("sns", "", "name"), "name": placeName},
		"aws_lambda_function":                   {"arn": regionalARN("lambda", "function:", "function_name"), "id": same("function_name")},
		"aws_lambda_alias":                      {"arn": aliasARN},
		"aws_vpc_endpoint":                      {"arn": regionalARN("ec2", "vpc-endpoint/", "id"), "id": placeholderOf("vpce-")},
		"aws_organizations_organizational_unit": unit,
		"aws_organizations_policy":              control,
	}
}

// placeholder stands for what is known only after the apply. It is the same for
// the same address, so that what refers to it finds it.
func placeholder(prefix, address string) string {
	sum := sha256.Sum256([]byte(address))
	return prefix + "known-after-apply-" + hex.EncodeToString(sum[:4])
}

// same is an attribute that equals another one.
func same(attr string) computation {
	return func(r *instance, depth int) (string, bool) { return r.plan.text(r, attr, depth) }
}

func placeholderOf(prefix string) computation {
	return func(r *instance, _ int) (string, bool) { return placeholder(prefix, r.Address), true }
}

// placeName stands for a name that the provider makes up, with its prefix if one
// is asked for. A name that the configuration gives and that is not known stays
// unknown where it is asked for by reference.
func placeName(r *instance, _ int) (string, bool) {
	if !r.maybe("name") {
		return "", false
	}
	return placeholder(str(r.after["name_prefix"]), r.Address), true
}

func placeBucket(r *instance, _ int) (string, bool) {
	if !r.maybe("bucket") {
		return "", false
	}
	return placeholder(str(r.after["bucket_prefix"]), r.Address), true
}

// madeUp reports whether the name of an instance is a placeholder.
func madeUp(name string) bool { return strings.Contains(name, "known-after-apply-") }

func (r *instance) partition() string { return r.plan.edit.Partition(r.place.account) }

// entity names the user, group or role that an instance is.
func (r *instance) entity(name string) overlay.Entity {
	e := overlay.Entity{Account: r.place.account, Name: name}
	switch {
	case strings.HasPrefix(r.Type, "aws_iam_user"):
		e.Kind = overlay.User
	case strings.HasPrefix(r.Type, "aws_iam_group"):
		e.Kind = overlay.Group
	default:
		e.Kind = overlay.Role
	}
	return e
}

func entityARN(r *instance, depth int) (string, bool) {
	name, ok := r.plan.text(r, "name", depth)
	if !ok || r.place.account == "" {
		return "", false
	}
	return r.plan.edit.EntityARN(r.entity(name), r.path()), true
}

// path returns the path of an IAM entity.
func (r *instance) path() string {
	if r.Type == "aws_iam_service_linked_role" {
		service, _ := r.text("aws_service_name")
		return "/aws-service-role/" + service + "/"
	}
	if p := str(r.after["path"]); p != "" {
		return p
	}
	return "/"
}

// iamARN makes ARNs of IAM things that are no principals.
func iamARN(what string) computation {
	return func(r *instance, depth int) (string, bool) {
		name, ok := r.plan.text(r, "name", depth)
		if !ok || name == "" || r.place.account == "" {
			return "", false
		}
		path := r.path()
		if what == "saml-provider" {
			path = "/"
		}
		return "arn:" + r.partition() + ":iam::" + r.place.account + ":" + what + path + name, true
	}
}

func oidcARN(r *instance, depth int) (string, bool) {
	url, ok := r.plan.text(r, "url", depth)
	if !ok || url == "" || r.place.account == "" {
		return "", false
	}
	return r.plan.edit.OIDCProviderARN(r.place.account, url), true
}

func bucketARN(r *instance, depth int) (string, bool) {
	name, ok := r.plan.text(r, "bucket", depth)
	return "arn:" + r.partition() + ":s3:::" + name, ok && name != ""
}

// regionalARN makes ARNs of things in a region out of one attribute.
func regionalARN(service, before, attr string) computation {
	return func(r *instance, depth int) (string, bool) {
		name, ok := r.plan.text(r, attr, depth)
		account := r.place.account
		if own := str(r.after["account_id"]); service == "s3" && arn.IsAccountID(own) {
			account = own
		}
		if !ok || name == "" || account == "" || r.place.region == "" {
			return "", false
		}
		return "arn:" + r.partition() + ":" + service + ":" + r.place.region + ":" + account + ":" + before + name, true
	}
}

func keyID(r *instance, _ int) (string, bool) {
	id := placeholder("", r.Address)
	if isTrue(r.after["multi_region"]) {
		id = "mrk-" + id
	}
	return id, true
}

func keyARN(r *instance, depth int) (string, bool) {
	id, ok := r.plan.text(r, "key_id", depth)
	if !ok || r.place.account == "" || r.place.region == "" {
		return "", false
	}
	return "arn:" + r.partition() + ":kms:" + r.place.region + ":" + r.place.account + ":key/" + id, true
}

func aliasTarget(r *instance, depth int) (string, bool) {
	id, ok := r.plan.text(r, "target_key_id", depth)
	return r.keyARN(id), ok && id != ""
}

// keyARN makes an ARN out of what names a key: its id, or its ARN.
func (r *instance) keyARN(id string) string {
	if arn.Is(id) {
		return id
	}
	what := "key/"
	if strings.HasPrefix(id, "alias/") {
		what = ""
	}
	return "arn:" + r.partition() + ":kms:" + r.place.region + ":" + r.place.account + ":" + what + id
}

func queueURL(r *instance, depth int) (string, bool) {
	name, ok := r.plan.text(r, "name", depth)
	if !ok || name == "" || r.place.account == "" || r.place.region == "" {
		return "", false
	}
	return "https://sqs." + r.place.region + ".amazonaws.com/" + r.place.account + "/" + name, true
}

func aliasARN(r *instance, depth int) (string, bool) {
	function, ok := r.plan.text(r, "function_name", depth)
	name, also := r.plan.text(r, "name", depth)
	if !ok || !also || r.place.account == "" || r.place.region == "" {
		return "", false
	}
	return r.functionARN(function) + ":" + name, true
}

// functionARN makes an ARN out of what names a function: its name, a part of its
// ARN, or all of it.
func (r *instance) functionARN(name string) string {
	if arn.Is(name) {
		return name
	}
	account := r.place.account
	if id, rest, ok := strings.Cut(name, ":"); ok && arn.IsAccountID(id) {
		account, name = id, rest
	}
	name = strings.TrimPrefix(name, "function:")
	return "arn:" + r.partition() + ":lambda:" + r.place.region + ":" + account + ":function:" + name
}
