package overlay

import (
	"github.com/go-json-experiment/json/jsontext"

	"pathfinder/collector/snapshot"
)

// NewBucket returns a bucket as S3 makes it since April 2023 when nothing else
// is asked for: ACLs are off, public access is blocked, there is no policy, and
// S3 encrypts with a key of its own (S3 User Guide, "Default settings for new S3
// buckets FAQ"). owner is the canonical id of the account, "" when not known.
func NewBucket(partition, account, owner, region, name string) snapshot.Resource {
	on := snapshot.PublicAccessBlock{BlockPublicAcls: true, IgnorePublicAcls: true, BlockPublicPolicy: true, RestrictPublicBuckets: true}
	return snapshot.Resource{
		ARN: "arn:" + partition + ":s3:::" + name, Type: "AWS::S3::Bucket", Name: name, Account: account, Region: region,
		Tags: snapshot.None[snapshot.Tags](), Policy: snapshot.None[jsontext.Value](),
		Ownership: "BucketOwnerEnforced", ACL: PrivateACL(owner), PublicAccessBlock: snapshot.Have(on),
	}
}

// PrivateACL returns the ACL that gives everything to the owner. With a canonical
// id that is not known ("") it names nobody: ACLs give nothing inside of the
// owner's account anyway (E170).
func PrivateACL(owner string) snapshot.Fact[snapshot.ACL] {
	acl := snapshot.ACL{Grants: []snapshot.ACLGrant{}}
	if owner != "" {
		acl.Owner = &snapshot.ACLOwner{ID: owner}
		acl.Grants = append(acl.Grants, snapshot.ACLGrant{
			Grantee: snapshot.Grantee{Type: "CanonicalUser", ID: owner}, Permission: "FULL_CONTROL",
		})
	}
	return snapshot.Have(acl)
}

// The groups that S3 ACLs name.
const (
	allUsers      = "http://acs.amazonaws.com/groups/global/AllUsers"
	authenticated = "http://acs.amazonaws.com/groups/global/AuthenticatedUsers"
	logDelivery   = "http://acs.amazonaws.com/groups/s3/LogDelivery"
)

// CannedACL returns the ACL of a bucket for the name of a canned one (S3 User
// Guide, "Canned ACL"). A name that buckets do not have is not ok.
func CannedACL(name, owner string) (acl snapshot.Fact[snapshot.ACL], ok bool) {
	grants := map[string][][2]string{
		"private":                   nil,
		"bucket-owner-read":         nil, // S3 ignores it for a bucket
		"bucket-owner-full-control": nil, // and this
		"public-read":               {{allUsers, "READ"}},
		"public-read-write":         {{allUsers, "READ"}, {allUsers, "WRITE"}},
		"authenticated-read":        {{authenticated, "READ"}},
		"log-delivery-write":        {{logDelivery, "WRITE"}, {logDelivery, "READ_ACP"}},
	}
	list, ok := grants[name]
	acl = PrivateACL(owner)
	for _, g := range list {
		acl.Value.Grants = append(acl.Value.Grants, snapshot.ACLGrant{Grantee: snapshot.Grantee{Type: "Group", URI: g[0]}, Permission: g[1]})
	}
	return acl, ok
}

// DefaultKeyPolicy returns the policy that KMS gives a key that is made without
// one (KMS guide, "Default key policy when you create a KMS key
// programmatically").
func DefaultKeyPolicy(partition, account string) jsontext.Value {
	return written(map[string]any{
		"Version": "2012-10-17", "Id": "key-default-1",
		"Statement": []any{map[string]any{
			"Sid": "Enable IAM User Permissions", "Effect": "Allow",
			"Principal": map[string]string{"AWS": "arn:" + partition + ":iam::" + account + ":root"},
			"Action":    "kms:*", "Resource": "*",
		}},
	})
}

// DefaultTopicPolicy returns the policy that SNS gives a topic that is made
// without one (SNS guide, "Special cases for Amazon SNS access control"): for
// everybody who comes from the owner's account.
func DefaultTopicPolicy(topic, account string) jsontext.Value {
	return written(map[string]any{
		"Version": "2008-10-17", "Id": "__default_policy_ID",
		"Statement": []any{map[string]any{
			"Sid": "__default_statement_ID", "Effect": "Allow", "Principal": map[string]string{"AWS": "*"},
			"Action": []string{
				"SNS:GetTopicAttributes", "SNS:SetTopicAttributes", "SNS:AddPermission", "SNS:RemovePermission",
				"SNS:DeleteTopic", "SNS:Subscribe", "SNS:ListSubscriptionsByTopic", "SNS:Publish",
			},
			"Resource":  topic,
			"Condition": map[string]any{"StringEquals": map[string]string{"AWS:SourceOwner": account}},
		}},
	})
}
