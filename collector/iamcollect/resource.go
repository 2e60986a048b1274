package iamcollect

import (
	"fmt"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"pathfinder/collector/snapshot"
	"pathfinder/graphmodel/arn"
	"pathfinder/graphmodel/inventory"
)

// resource reads the folder of a resource.
func (a *account) resource(f *folder, m *metadata, k kind) *snapshot.Resource {
	res := &snapshot.Resource{ARN: m.arn, Type: k.name, Name: a.resourceName(m, k), Region: m.text("region")}
	if k.name != "AWS::S3::Bucket" {
		res.Region = ""
	}
	doc, ok := a.document(f, "policy.json")
	switch k.name {
	case "AWS::EC2::VPCEndpoint":
		if !ok {
			doc, ok = a.document(f, "endpoint-policy.json")
		}
	case "AWS::SES::EmailIdentity":
		var unread bool
		if doc, ok, unread = a.identityPolicy(f, m.arn); unread {
			k.policy = never
		}
	}
	if ok {
		res.Policy = snapshot.Have(doc)
	} else if a.isNone(k.policy) || k.policy == ownCall && k.proof != "" && m.text(k.proof) != "" {
		res.Policy = snapshot.None[jsontext.Value]()
	}
	if tags, ok := a.tags(f); ok {
		res.Tags = snapshot.Have(tags)
	} else if a.isNone(k.tags) {
		res.Tags = snapshot.None[snapshot.Tags]()
	}
	if k.key != "" {
		res.Encryption = a.key(m, k, m.text(k.key))
	}
	if role := m.text(k.role); k.role != "" && role != "" && a.isARN(m.file, "/"+k.role, role) {
		res.Roles = []string{role}
	}
	switch k.name {
	case "AWS::S3::Bucket":
		a.bucket(f, m, res)
	case "AWS::S3::AccessPoint":
		a.accessPoint(f, m, res)
	case "AWS::DynamoDB::Table", "AWS::DynamoDB::Stream":
		res.Encryption = &snapshot.Encryption{NotRead: true} // see nobody
	}
	return res
}

// identityPolicy reads the policies of an identity of SES, which has any number
// of them by name, where a snapshot holds one.
func (a *account) identityPolicy(f *folder, text string) (doc jsontext.Value, ok, unread bool) {
	var byName map[string]jsontext.Value
	a.has(f, "policies.json", &byName)
	if len(byName) > 1 {
		a.gap(snapshot.Gap{Account: a.id, Service: "ses", What: text, Why: fmt.Sprintf("it has %d policies, and a snapshot holds one", len(byName))})
		return nil, false, true
	}
	for _, doc := range byName {
		return doc, true, false
	}
	return nil, false, false
}

// isNone reports whether an absent file says that there is none.
func (a *account) isNone(s source) bool {
	return s == listed || s == ownCall && a.opts.NothingDenied
}

// resourceName returns what people call the resource, where the ARN doesn't end
// with it.
func (a *account) resourceName(m *metadata, k kind) string {
	switch k.name {
	case "AWS::S3::Bucket", "AWS::S3::AccessPoint", "AWS::S3::MultiRegionAccessPoint", "AWS::SecretsManager::Secret", "AWS::ApiGateway::RestApi":
		return m.text("name")
	}
	return ""
}

// key names the key that encrypts a resource, as an ARN where that can be told.
func (a *account) key(m *metadata, k kind, text string) *snapshot.Encryption {
	switch {
	case text == "" && k.managedKey:
		return &snapshot.Encryption{AWSManaged: true}
	case text == "":
		return nil
	}
	return a.encryption(text, m.arn, arn.Region(m.arn))
}

// encryption names the key of an account by its ARN; text is an ARN, an id or an
// alias. AWS's own keys have aliases that begin with aws/.
func (a *account) encryption(text, resource, region string) *snapshot.Encryption {
	key := a.keyARN(text, resource, region)
	return &snapshot.Encryption{KMSKeyID: key, AWSManaged: strings.HasPrefix(arn.Resource(key), "alias/aws/")}
}

// keyARN makes an ARN of the id or alias of a key of the account.
func (a *account) keyARN(text, resource, region string) string {
	if strings.HasPrefix(text, "arn:") {
		return text
	}
	if !strings.HasPrefix(text, "alias/") {
		text = "key/" + text
	}
	return "arn:" + arn.Partition(resource) + ":kms:" + region + ":" + a.id + ":" + text
}

// An encryptionRule is a rule of GetBucketEncryption.
type encryptionRule struct {
	Default struct {
		Algorithm string `json:"SSEAlgorithm"`
		Key       string `json:"KMSMasterKeyID"`
	} `json:"ApplyServerSideEncryptionByDefault"`
}

// bucket reads the settings of a bucket. ACLs and ownership are never collected.
func (a *account) bucket(f *folder, m *metadata, res *snapshot.Resource) {
	res.PublicAccessBlock = a.block(f)
	switch string(m.fields["abacEnabled"]) {
	case "true":
		res.ABAC = true
	case "false":
	default: // it was not asked for, or not answered
		res.ABACNotRead = true
	}
	var rules []encryptionRule
	if !a.has(f, "encryption.json", &rules) && !a.opts.NothingDenied {
		res.Encryption = &snapshot.Encryption{NotRead: true}
	}
	for _, rule := range rules {
		switch d := rule.Default; {
		case !strings.HasPrefix(d.Algorithm, "aws:kms"):
		case d.Key == "":
			res.Encryption = &snapshot.Encryption{AWSManaged: true}
		default:
			res.Encryption = a.encryption(d.Key, m.arn, res.Region)
		}
	}
}

func (a *account) accessPoint(f *folder, m *metadata, res *snapshot.Resource) {
	bucket := m.text("bucket")
	if bucket == "" {
		a.bad(m.file, "", "the access point names no bucket")
		return
	}
	res.AccessPoint = &snapshot.AccessPoint{
		Bucket: bucket, BucketAccountID: m.text("bucketAccount"), NetworkOrigin: m.text("networkOrigin"), PublicAccessBlock: a.block(f),
	}
	if vpc := m.text("vpc"); vpc != "" {
		res.AccessPoint.VPCConfiguration = &snapshot.VPCConfiguration{VPCID: vpc}
	}
}

// block reads the public access block of a bucket or an access point.
func (a *account) block(f *folder) snapshot.Fact[snapshot.PublicAccessBlock] {
	var block *snapshot.PublicAccessBlock
	switch {
	case a.has(f, "bpa.json", &block) && block != nil:
		return snapshot.Have(*block)
	case a.opts.NothingDenied && !f.files["bpa.json"]:
		return snapshot.None[snapshot.PublicAccessBlock]()
	}
	return snapshot.Fact[snapshot.PublicAccessBlock]{}
}

// shares reads what the account shares through RAM. RAM puts a policy of its own
// on it, which counts beside the resource's, and a snapshot holds one policy a
// resource; so a gap tells, and a policy that seemed to be none is not known.
// Shares of kinds without resource policies, such as subnets, decide no request.
func (a *account) shares(dir string, depth int) {
	f := a.folder(dir)
	for _, name := range f.sorted() {
		var share struct {
			ARN string `json:"arn"`
		}
		if a.has(f, name, &share) && share.ARN != "" && a.isARN(f.join(name), "/arn", share.ARN) {
			a.share(share.ARN)
		}
	}
	for _, name := range f.folders {
		if depth < maxDepth {
			a.shares(f.join(name), depth+1)
		}
	}
}

func (a *account) share(text string) {
	k, _, ok := kindOf(text)
	if !ok || arn.Account(text) != a.id {
		return
	}
	a.gap(snapshot.Gap{Account: a.id, Service: "ram", What: text, Why: "it is shared through RAM, whose own policy on it is not imported"})
	for _, res := range a.resources {
		if res.ARN == text {
			if res.Policy.Known == inventory.None {
				res.Policy = snapshot.Fact[jsontext.Value]{}
			}
			return
		}
	}
	a.resources = append(a.resources, &snapshot.Resource{ARN: text, Type: k.name})
}
