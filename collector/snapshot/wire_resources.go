package snapshot

import "github.com/go-json-experiment/json/jsontext"

// A ResourceFile is resources.json or a file in the folder resources.
type ResourceFile struct {
	// Name is "" for resources.json, otherwise the name of the file in the
	// folder resources, without extension.
	Name      string         `json:"-"`
	Resources []*Resource    `json:"Resources"`
	Extra     jsontext.Value `json:",embed"`
}

// A Resource is anything that requests are made on, apart from principals.
type Resource struct {
	ARN        string               `json:"Arn"`
	Type       string               `json:"Type"`             // as CloudFormation names it
	Name       string               `json:"Name,omitzero"`    // default: from the ARN
	Account    string               `json:"Account,omitzero"` // default: the folder's
	Region     string               `json:"Region,omitzero"`  // default: the ARN's
	Tags       Fact[Tags]           `json:"Tags,omitzero"`    // absent: not read
	Policy     Fact[jsontext.Value] `json:"Policy,omitzero"`  // a document; null: none; absent: not read
	Encryption *Encryption          `json:"Encryption,omitzero"`

	// S3 buckets.
	Ownership         string                  `json:"Ownership,omitzero"` // "": not read
	ACL               Fact[ACL]               `json:"Acl,omitzero"`
	PublicAccessBlock Fact[PublicAccessBlock] `json:"PublicAccessBlock,omitzero"`
	ABAC              bool                    `json:"Abac,omitzero"`
	ABACNotRead       bool                    `json:"AbacNotRead,omitzero"` // whether it is on is unknown
	Objects           []Object                `json:"Objects,omitzero"`

	AccessPoint *AccessPoint `json:"AccessPoint,omitzero"` // S3 access points

	Grants  Fact[[]KMSGrant] `json:"Grants,omitzero"`  // KMS keys: ListGrants
	Aliases Fact[[]string]   `json:"Aliases,omitzero"` // KMS keys: such as alias/orders

	Roles           []string            `json:"Roles,omitzero"`           // ARNs of roles whose sessions it hands to the code it runs
	InstanceProfile string              `json:"InstanceProfile,omitzero"` // EC2 instances: ARN
	URLs            Fact[[]FunctionURL] `json:"Urls,omitzero"`            // Lambda functions
	SharedWith      Fact[[]string]      `json:"SharedWith,omitzero"`      // account ids, ARNs, or "all": RDS and EBS snapshots, SSM parameters

	VPCID       string `json:"VpcId,omitzero"`                    // search domains: the network in which alone they answer; VPC endpoints: theirs
	FineGrained bool   `json:"FineGrainedAccessControl,omitzero"` // search domains: they ask their own users as well

	Extra jsontext.Value `json:",embed"`
}

// Encryption names the KMS key that encrypts a resource by default. A resource
// without one is encrypted with none; NotRead says that nobody knows.
type Encryption struct {
	KMSKeyID   string         `json:"KmsKeyId,omitzero"`
	AWSManaged bool           `json:"AwsManaged,omitzero"`
	NotRead    bool           `json:"NotRead,omitzero"`
	Extra      jsontext.Value `json:",embed"`
}

// An ACL is the answer of GetBucketAcl or GetObjectAcl.
type ACL struct {
	Owner  *ACLOwner      `json:"Owner,omitzero"`
	Grants []ACLGrant     `json:"Grants"`
	Extra  jsontext.Value `json:",embed"`
}

// An ACLOwner is a canonical user.
type ACLOwner struct {
	ID    string         `json:"ID"`
	Extra jsontext.Value `json:",embed"`
}

// An ACLGrant gives one grantee one permission.
type ACLGrant struct {
	Grantee    Grantee        `json:"Grantee"`
	Permission string         `json:"Permission"`
	Extra      jsontext.Value `json:",embed"`
}

// A Grantee is a canonical user (ID) or a group (URI).
type Grantee struct {
	Type  string         `json:"Type"`
	ID    string         `json:"ID,omitzero"`
	URI   string         `json:"URI,omitzero"`
	Extra jsontext.Value `json:",embed"`
}

// An Object is an object of a bucket whose own settings matter.
type Object struct {
	Key          string         `json:"Key"`
	OwnerAccount string         `json:"OwnerAccount,omitzero"` // default: the bucket's
	ACL          Fact[ACL]      `json:"Acl,omitzero"`
	Extra        jsontext.Value `json:",embed"`
}

// An AccessPoint is the answer of GetAccessPoint.
type AccessPoint struct {
	Bucket            string                  `json:"Bucket"`
	BucketAccountID   string                  `json:"BucketAccountId,omitzero"` // default: the access point's
	NetworkOrigin     string                  `json:"NetworkOrigin,omitzero"`
	VPCConfiguration  *VPCConfiguration       `json:"VpcConfiguration,omitzero"`
	PublicAccessBlock Fact[PublicAccessBlock] `json:"PublicAccessBlock,omitzero"`
	Extra             jsontext.Value          `json:",embed"`
}

// A VPCConfiguration ties an access point to a VPC.
type VPCConfiguration struct {
	VPCID string         `json:"VpcId"`
	Extra jsontext.Value `json:",embed"`
}

// A KMSGrant is an entry of ListGrants.
type KMSGrant struct {
	GrantID          string            `json:"GrantId,omitzero"`
	GranteePrincipal string            `json:"GranteePrincipal,omitzero"`
	Operations       []string          `json:"Operations,omitzero"`
	Constraints      *GrantConstraints `json:"Constraints,omitzero"`
	Extra            jsontext.Value    `json:",embed"`
}

// GrantConstraints limit a grant to encryption contexts, and one to a service to
// what the service acts for.
type GrantConstraints struct {
	EncryptionContextEquals map[string]string `json:"EncryptionContextEquals,omitzero"`
	EncryptionContextSubset map[string]string `json:"EncryptionContextSubset,omitzero"`
	SourceARN               string            `json:"SourceArn,omitzero"`
	Extra                   jsontext.Value    `json:",embed"`
}

// A FunctionURL is an entry of ListFunctionUrlConfigs.
type FunctionURL struct {
	FunctionARN string         `json:"FunctionArn"` // with the alias it belongs to, if any
	AuthType    string         `json:"AuthType"`    // AWS_IAM or NONE
	Extra       jsontext.Value `json:",embed"`
}
