package snapshot

import "github.com/go-json-experiment/json/jsontext"

// AuthorizationDetails is authorization-details.json: what
// `aws iam get-account-authorization-details` prints. Policy documents are
// JSON objects, texts, or URL-encoded texts. Dates are texts as AWS wrote them.
type AuthorizationDetails struct {
	UserDetailList  []*UserDetail    `json:"UserDetailList"`
	GroupDetailList []*GroupDetail   `json:"GroupDetailList"`
	RoleDetailList  []*RoleDetail    `json:"RoleDetailList"`
	Policies        []*ManagedPolicy `json:"Policies"`
	IsTruncated     bool             `json:"IsTruncated,omitzero"` // of one page
	Marker          string           `json:"Marker,omitzero"`
	NextToken       string           `json:"NextToken,omitzero"` // in place of both: the AWS CLI stopped at its --max-items
	Extra           jsontext.Value   `json:",embed"`
}

// Truncated reports whether AWS has more to tell than stands here.
func (d *AuthorizationDetails) Truncated() bool { return d.IsTruncated || d.NextToken != "" }

// A UserDetail is an IAM user.
type UserDetail struct {
	Path                    string               `json:"Path,omitzero"`
	UserName                string               `json:"UserName"`
	UserID                  string               `json:"UserId,omitzero"`
	ARN                     string               `json:"Arn"`
	CreateDate              string               `json:"CreateDate,omitzero"`
	UserPolicyList          []InlinePolicy       `json:"UserPolicyList,omitzero"`
	GroupList               []string             `json:"GroupList,omitzero"`
	AttachedManagedPolicies []AttachedPolicy     `json:"AttachedManagedPolicies,omitzero"`
	PermissionsBoundary     *PermissionsBoundary `json:"PermissionsBoundary,omitzero"`
	Tags                    Tags                 `json:"Tags,omitzero"`
	LastUsed                *UserLastUsed        `json:"LastUsed,omitzero"` // not of AWS: from the credential report
	Extra                   jsontext.Value       `json:",embed"`
}

// UserLastUsed is what the credential report says of a user. Ids of keys are
// not kept.
type UserLastUsed struct {
	Password   Fact[string]    `json:"Password,omitzero"`   // when it was last used; null: there is none, or it never was
	AccessKeys []AccessKeyUsed `json:"AccessKeys,omitzero"` // the active ones
	MFA        bool            `json:"Mfa"`                 // a device is registered
	Extra      jsontext.Value  `json:",embed"`
}

// AccessKeyUsed is one active access key of a user.
type AccessKeyUsed struct {
	LastUsedDate string         `json:"LastUsedDate,omitzero"` // "": never
	LastRotated  string         `json:"LastRotated,omitzero"`
	Extra        jsontext.Value `json:",embed"`
}

// A GroupDetail is an IAM group.
type GroupDetail struct {
	Path                    string           `json:"Path,omitzero"`
	GroupName               string           `json:"GroupName"`
	GroupID                 string           `json:"GroupId,omitzero"`
	ARN                     string           `json:"Arn"`
	CreateDate              string           `json:"CreateDate,omitzero"`
	GroupPolicyList         []InlinePolicy   `json:"GroupPolicyList,omitzero"`
	AttachedManagedPolicies []AttachedPolicy `json:"AttachedManagedPolicies,omitzero"`
	Extra                   jsontext.Value   `json:",embed"`
}

// A RoleDetail is an IAM role.
type RoleDetail struct {
	Path                     string               `json:"Path,omitzero"`
	RoleName                 string               `json:"RoleName"`
	RoleID                   string               `json:"RoleId,omitzero"`
	ARN                      string               `json:"Arn"`
	CreateDate               string               `json:"CreateDate,omitzero"`
	AssumeRolePolicyDocument jsontext.Value       `json:"AssumeRolePolicyDocument,omitzero"`
	InstanceProfileList      []InstanceProfile    `json:"InstanceProfileList,omitzero"`
	RolePolicyList           []InlinePolicy       `json:"RolePolicyList,omitzero"`
	AttachedManagedPolicies  []AttachedPolicy     `json:"AttachedManagedPolicies,omitzero"`
	PermissionsBoundary      *PermissionsBoundary `json:"PermissionsBoundary,omitzero"`
	Tags                     Tags                 `json:"Tags,omitzero"`
	RoleLastUsed             *RoleLastUsed        `json:"RoleLastUsed,omitzero"`
	Extra                    jsontext.Value       `json:",embed"`
}

// An InlinePolicy is a policy embedded in a user, group or role.
type InlinePolicy struct {
	PolicyName     string         `json:"PolicyName"`
	PolicyDocument jsontext.Value `json:"PolicyDocument,omitzero"`
	Extra          jsontext.Value `json:",embed"`
}

// An AttachedPolicy names a managed policy.
type AttachedPolicy struct {
	PolicyName string         `json:"PolicyName,omitzero"`
	PolicyARN  string         `json:"PolicyArn"`
	Extra      jsontext.Value `json:",embed"`
}

// A PermissionsBoundary names the managed policy that bounds a user or role.
type PermissionsBoundary struct {
	PermissionsBoundaryType string         `json:"PermissionsBoundaryType,omitzero"`
	PermissionsBoundaryARN  string         `json:"PermissionsBoundaryArn"`
	Extra                   jsontext.Value `json:",embed"`
}

// An InstanceProfile delivers a role to an EC2 instance.
type InstanceProfile struct {
	InstanceProfileName string         `json:"InstanceProfileName,omitzero"`
	ARN                 string         `json:"Arn"`
	Extra               jsontext.Value `json:",embed"`
}

// RoleLastUsed says when a role was last used.
type RoleLastUsed struct {
	LastUsedDate string         `json:"LastUsedDate,omitzero"`
	Region       string         `json:"Region,omitzero"`
	Extra        jsontext.Value `json:",embed"`
}

// A ManagedPolicy is a managed policy with its versions.
type ManagedPolicy struct {
	PolicyName        string          `json:"PolicyName,omitzero"`
	PolicyID          string          `json:"PolicyId,omitzero"`
	ARN               string          `json:"Arn"`
	Path              string          `json:"Path,omitzero"`
	DefaultVersionID  string          `json:"DefaultVersionId,omitzero"`
	CreateDate        string          `json:"CreateDate,omitzero"`
	UpdateDate        string          `json:"UpdateDate,omitzero"`
	PolicyVersionList []PolicyVersion `json:"PolicyVersionList,omitzero"`
	Extra             jsontext.Value  `json:",embed"`
}

// A PolicyVersion is one version of a managed policy.
type PolicyVersion struct {
	Document         jsontext.Value `json:"Document,omitzero"`
	VersionID        string         `json:"VersionId,omitzero"`
	IsDefaultVersion bool           `json:"IsDefaultVersion"`
	CreateDate       string         `json:"CreateDate,omitzero"`
	Extra            jsontext.Value `json:",embed"`
}
