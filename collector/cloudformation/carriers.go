package cloudformation

import (
	"cmp"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"pathfinder/collector/overlay"
	"pathfinder/collector/snapshot"
	"pathfinder/graphmodel/arn"
)

// known returns the identity of the item; nil, and a gap, when it is not known.
func (it *item) known() *identity {
	id := it.s.identity(it.id)
	if id != nil && id.why != "" {
		it.gap("what it is called is not known: " + id.why)
		return nil
	}
	return id
}

// wireTypes are the types whose resources are of another type once they are
// there.
var wireTypes = map[string]string{
	"AWS::DynamoDB::GlobalTable": "AWS::DynamoDB::Table",
	"AWS::KMS::ReplicaKey":       "AWS::KMS::Key",
}

// carrier returns the resource that the item makes or changes: the one that is
// there, or a new one without a policy.
func (it *item) carrier(text string) (r snapshot.Resource, fresh bool) {
	if r, ok := it.s.d.edit.Resource(text); ok {
		return r, false
	}
	r = snapshot.Resource{
		ARN: text, Type: cmp.Or(wireTypes[it.typ], it.typ), Account: it.s.account, Region: cmp.Or(arn.Region(text), it.s.region),
		Tags: snapshot.None[snapshot.Tags](), Policy: snapshot.None[jsontext.Value](),
	}
	if it.doubt != "" {
		r.Tags, r.Policy = snapshot.Fact[snapshot.Tags]{}, snapshot.Fact[jsontext.Value]{}
	}
	return r, true
}

// describe gives a resource the tags, policy and key that props say.
func (it *item) describe(r *snapshot.Resource, props, policy *value, fresh bool) {
	property := "Tags"
	if it.typ == "AWS::EFS::FileSystem" {
		property = "FileSystemTags"
	}
	if v := props.get(property); !v.missing() {
		r.Tags = snapshot.Fact[snapshot.Tags]{}
		if tags, why := tagsOf(v); why == "" && it.doubt == "" {
			r.Tags = snapshot.Have(tags)
		}
	}
	if !policy.missing() {
		it.s.d.says("policy", r.ARN)
		r.Policy = snapshot.Have(it.document(policy))
	}
	it.encrypt(r, props, fresh)
}

// putCarrier makes a resource whose policy is in a property; "" for types that
// get theirs from another resource.
func putCarrier(property string) func(*item) {
	return func(it *item) {
		id := it.known()
		if id == nil {
			return
		}
		r, fresh := it.carrier(id.arn)
		it.describe(&r, it.props, it.props.get(property), fresh)
		it.s.d.edit.PutResource(it.s.account, r)
	}
}

// putTopic is AWS::SNS::Topic: a new one gets a policy from SNS.
func putTopic(it *item) {
	id := it.known()
	if id == nil {
		return
	}
	r, fresh := it.carrier(id.arn)
	if fresh && it.doubt == "" {
		r.Policy = snapshot.Have(overlay.DefaultTopicPolicy(id.arn, it.s.account))
	}
	it.describe(&r, it.props, nil, fresh)
	it.s.d.edit.PutResource(it.s.account, r)
}

// putKey is AWS::KMS::Key and AWS::KMS::ReplicaKey.
func putKey(it *item) {
	id := it.known()
	if id == nil {
		return
	}
	r, fresh := it.carrier(id.arn)
	if fresh && it.doubt == "" {
		r.Policy = snapshot.Have(overlay.DefaultKeyPolicy(it.s.partition, it.s.account))
		r.Grants, r.Aliases = snapshot.None[[]snapshot.KMSGrant](), snapshot.None[[]string]()
	}
	it.describe(&r, it.props, it.props.get("KeyPolicy"), fresh)
	it.s.d.edit.PutResource(it.s.account, r)
}

// putTable is AWS::DynamoDB::Table.
func putTable(it *item) {
	if id := it.known(); id != nil {
		it.table(id.arn, it.props, it.props.get("StreamSpecification"))
	}
}

// putGlobalTable is AWS::DynamoDB::GlobalTable: a table in the region of each
// replica.
func putGlobalTable(it *item) {
	id := it.known()
	if id == nil {
		return
	}
	for _, replica := range it.props.get("Replicas").elements() {
		region, ok := replica.get("Region").scalar()
		if !ok {
			why, _ := replica.reason()
			it.gap("the region of a replica is not known: " + why)
			continue
		}
		text := strings.Replace(id.arn, ":"+it.s.region+":", ":"+region+":", 1)
		it.table(text, replica, replica.get("ReplicaStreamSpecification"))
	}
}

// table puts one table, and the stream of one that has a policy of its own.
func (it *item) table(text string, props, stream *value) {
	r, fresh := it.carrier(text)
	it.describe(&r, props, within(props.get("ResourcePolicy"), "PolicyDocument"), fresh)
	it.s.d.edit.PutResource(it.s.account, r)
	if p := within(stream, "ResourcePolicy", "PolicyDocument"); !p.missing() {
		s, _ := it.carrier(text + "/stream/" + generatedName)
		s.Type, s.Policy = "AWS::DynamoDB::Stream", snapshot.Have(it.document(p))
		it.s.d.edit.PutResource(it.s.account, s)
	}
}

// within follows names into a value. What is unknown on the way is the answer.
func within(v *value, names ...string) *value {
	for _, name := range names {
		if v != nil && v.kind == kindUnknown {
			return v
		}
		v = v.get(name)
	}
	return v
}

// keyProperties lead to the KMS key of a resource.
var keyProperties = map[string][]string{
	"AWS::SQS::Queue":             {"KmsMasterKeyId"},
	"AWS::SNS::Topic":             {"KmsMasterKeyId"},
	"AWS::SecretsManager::Secret": {"KmsKeyId"},
	"AWS::EFS::FileSystem":        {"KmsKeyId"},
	"AWS::DynamoDB::Table":        {"SSESpecification", "KMSMasterKeyId"},
	"AWS::DynamoDB::GlobalTable":  {"SSESpecification", "KMSMasterKeyId"},
	"AWS::ECR::Repository":        {"EncryptionConfiguration", "KmsKey"},
}

// encrypt sets the key that encrypts a resource, if it is given one.
func (it *item) encrypt(r *snapshot.Resource, props *value, fresh bool) {
	path := keyProperties[it.typ]
	if path == nil {
		return
	}
	region := arn.Region(r.ARN)
	if v := within(props, path...); !v.missing() {
		r.Encryption = it.encryption(v, region)
		return
	}
	managed := "" // by AWS, when nothing is said
	switch on, _ := within(it.props, "SSESpecification", "SSEEnabled").scalar(); {
	case it.typ == "AWS::SecretsManager::Secret" && fresh:
		managed = "secretsmanager" // Secrets Manager guide, "Secret encryption and decryption"
	case strings.HasPrefix(it.typ, "AWS::DynamoDB::") && on == "true":
		managed = "dynamodb" // DynamoDB guide, "Encryption at rest: How it works"
	}
	if managed != "" {
		r.Encryption = &snapshot.Encryption{KMSKeyID: it.keyARN("alias/aws/"+managed, region), AWSManaged: true}
	}
}

// encryption names a key that is given as an id, an alias or an ARN. One that is
// not known is a key that nobody has read.
func (it *item) encryption(v *value, region string) *snapshot.Encryption {
	key, ok := v.scalar()
	if !ok || it.doubt != "" {
		why, _ := v.reason()
		it.gap("the key that encrypts it is not known: " + cmp.Or(it.doubt, why))
		return &snapshot.Encryption{KMSKeyID: it.keyARN("UNKNOWN-of-"+it.id, region)}
	}
	return &snapshot.Encryption{KMSKeyID: it.keyARN(key, region), AWSManaged: strings.Contains(key, "alias/aws/")}
}

// keyARN completes the ARN of a key. The alias of a stack leads to its key.
func (it *item) keyARN(key, region string) string {
	alias := key
	if arn.Is(key) {
		alias = arn.Resource(key)
	}
	if target := it.s.d.aliases()[it.s.account+":"+region+":"+alias]; target != "" {
		key = target
	}
	switch {
	case arn.Is(key):
		return key
	case !strings.HasPrefix(key, "alias/"):
		key = "key/" + key
	}
	return "arn:" + it.s.partition + ":kms:" + region + ":" + it.s.account + ":" + key
}

// aliases maps the aliases of all stacks to the keys they name. One that may not
// be made, or may name any key, leads to a key that nobody has read; that it is
// open is a gap of the alias.
func (d *deployment) aliases() map[string]string {
	if d.aliased != nil {
		return d.aliased
	}
	d.aliased = make(map[string]string)
	for _, s := range d.stacks {
		for id, r := range s.resources.members {
			if typ, _ := r.get("Type").scalar(); typ != "AWS::KMS::Alias" {
				continue
			}
			doubt, made := s.made(id, r)
			name, ok := s.resolve(r.get("Properties").get("AliasName"), id).scalar()
			if !made || !ok {
				continue
			}
			target, ok := s.resolve(r.get("Properties").get("TargetKeyId"), id).scalar()
			if !ok || doubt != "" || r.get("Fn::Transform") != nil {
				target = "UNKNOWN-of-" + id
			}
			d.aliased[s.account+":"+s.region+":"+name] = target
		}
	}
	return d.aliased
}
