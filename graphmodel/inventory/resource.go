package inventory

import "pathfinder/graphmodel/policy"

// Known says whether a fact was read.
type Known uint8

// The states of a fact. The zero value is the careful one.
const (
	NotRead Known = iota // nobody looked, or the call failed
	None                 // it was read: there is none
	Have                 // it was read: here it is
)

// A Resource is anything that requests are made on, apart from principals.
type Resource struct {
	ARN     string
	Type    string // as CloudFormation names it, such as AWS::S3::Bucket
	Name    string // what people call it
	Account string // the owner; S3 ARNs do not hold it (E182)
	Region  string
	Tags    map[string]string
	HasTags Known

	// Policy is the resource policy. With HasPolicy None there is none; with
	// NotRead it is unknown whether there is one.
	Policy    *policy.Document
	HasPolicy Known

	// EncryptionKey is the ARN of the KMS key that encrypts it by default; ""
	// when there is none. AWSManagedKey says that it is the key AWS manages for the
	// service (E190), KeyUnread that whether there is one, and which, was not read.
	EncryptionKey string
	AWSManagedKey bool
	KeyUnread     bool

	// Roles are the ARNs of roles whose sessions it hands to the code it runs, as far
	// as is known.
	Roles []string

	S3          *S3          // of a bucket
	AccessPoint *AccessPoint // of an access point
	KMSGrants   []KMSGrant   // of a key
	HasGrants   Known

	URLs    []FunctionURL // of a Lambda function and its aliases (E202)
	HasURLs Known

	// SharedWith are the accounts that a snapshot of a volume or database is shared
	// with, or "all" (E132).
	SharedWith []string
	HasShares  Known

	// VPC is the network in which alone a search domain answers, "" for the internet.
	// FineGrained says that it asks its own users and roles as well.
	VPC         string
	FineGrained bool
}

// A FunctionURL is an address by which a function, or an alias of it, is called.
type FunctionURL struct {
	Function string // ARN, with the alias if it is of one
	Auth     string // AWS_IAM or NONE
}

// S3 holds what else decides access to a bucket.
type S3 struct {
	Ownership         string // BucketOwnerEnforced, BucketOwnerPreferred, ObjectWriter; "" when unknown
	ACL               []ACLGrant
	HasACL            Known
	PublicAccessBlock PublicAccessBlock
	ABAC              bool           // bucket tags count as aws:ResourceTag (E184)
	ABACUnread        bool           // whether they do was not read
	Objects           []ObjectAccess // objects whose own settings are known
}

// ObjectAccess is what is known of one object of a bucket (E165 to E170).
type ObjectAccess struct {
	Key    string
	Owner  string // account id of the owner; "" for the bucket's
	ACL    []ACLGrant
	HasACL Known
}

// An ACLGrant is one grant of an S3 ACL.
type ACLGrant struct {
	// Grantee is a canonical user id, or one of the groups AllUsers,
	// AuthenticatedUsers, LogDelivery.
	Grantee    string
	Permission string // READ, WRITE, READ_ACP, WRITE_ACP, FULL_CONTROL
}

// ForAll reports whether a grant is for everybody, or for all that signed in to AWS: those
// that IgnorePublicAcls switches off (E173).
func (g ACLGrant) ForAll() bool { return g.Grantee == "AllUsers" || g.Grantee == "AuthenticatedUsers" }

// PublicAccessBlock holds the four settings of S3 Block Public Access (E173).
type PublicAccessBlock struct {
	Known                 Known
	BlockPublicAcls       bool
	IgnorePublicAcls      bool
	BlockPublicPolicy     bool
	RestrictPublicBuckets bool
}

// An AccessPoint is an S3 access point; its policy is the Policy of its
// Resource.
type AccessPoint struct {
	Bucket            string // name
	BucketAccount     string
	VPC               string // "" for an access point of network origin Internet
	PublicAccessBlock PublicAccessBlock
}

// A KMSGrant is one grant on a key (E191).
type KMSGrant struct {
	ID         string
	Grantee    string // principal ARN, account root ARN, or service principal
	Operations []string
	// ContextEquals and ContextSubset constrain the encryption context; nil
	// when there is no constraint of that kind.
	ContextEquals map[string]string
	ContextSubset map[string]string
	// SourceARN constrains aws:SourceArn; grants to services have one.
	SourceARN string
}
