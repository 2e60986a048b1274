package snapshot

import "github.com/go-json-experiment/json/jsontext"

// IdentityCenter is identity-center.json: the instances of IAM Identity Center
// that live in an account, with who may enter which account as what.
type IdentityCenter struct {
	Instances []CenterInstance `json:"Instances"`
	Extra     jsontext.Value   `json:",embed"`
}

// A CenterInstance is an entry of ListInstances with all that hangs on it.
type CenterInstance struct {
	InstanceARN     string             `json:"InstanceArn"`
	IdentityStoreID string             `json:"IdentityStoreId,omitzero"`
	Region          string             `json:"Region,omitzero"`
	PermissionSets  []PermissionSet    `json:"PermissionSets,omitzero"`
	Assignments     []CenterAssignment `json:"Assignments,omitzero"`
	Users           []CenterUser       `json:"Users,omitzero"`
	Groups          []CenterGroup      `json:"Groups,omitzero"`
	Extra           jsontext.Value     `json:",embed"`
}

// A PermissionSet is what Identity Center makes a role of in each account.
type PermissionSet struct {
	PermissionSetARN        string               `json:"PermissionSetArn"`
	Name                    string               `json:"Name,omitzero"`
	SessionDuration         string               `json:"SessionDuration,omitzero"`
	ManagedPolicies         []string             `json:"ManagedPolicies,omitzero"`         // ARNs of AWS managed policies
	CustomerManagedPolicies []CenterPolicyName   `json:"CustomerManagedPolicies,omitzero"` // found by name in each account
	InlinePolicy            Fact[jsontext.Value] `json:"InlinePolicy,omitzero"`
	PermissionsBoundary     *CenterBoundary      `json:"PermissionsBoundary,omitzero"`
	Tags                    Tags                 `json:"Tags,omitzero"`
	Extra                   jsontext.Value       `json:",embed"`
}

// A CenterPolicyName names a customer managed policy in whatever account.
type CenterPolicyName struct {
	Name  string         `json:"Name"`
	Path  string         `json:"Path,omitzero"`
	Extra jsontext.Value `json:",embed"`
}

// A CenterBoundary is the permissions boundary of a permission set: one of the two.
type CenterBoundary struct {
	ManagedPolicyARN      string            `json:"ManagedPolicyArn,omitzero"`
	CustomerManagedPolicy *CenterPolicyName `json:"CustomerManagedPolicy,omitzero"`
	Extra                 jsontext.Value    `json:",embed"`
}

// A CenterAssignment lets a user or group enter an account with a permission set.
type CenterAssignment struct {
	AccountID        string         `json:"AccountId"`
	PermissionSetARN string         `json:"PermissionSetArn"`
	PrincipalType    string         `json:"PrincipalType"` // USER or GROUP
	PrincipalID      string         `json:"PrincipalId"`
	Extra            jsontext.Value `json:",embed"`
}

// A CenterUser is a user of the identity store. Addresses and telephone numbers
// are not kept.
type CenterUser struct {
	UserID   string         `json:"UserId"`
	UserName string         `json:"UserName,omitzero"`
	Extra    jsontext.Value `json:",embed"`
}

// A CenterGroup is a group of the identity store with its members.
type CenterGroup struct {
	GroupID     string         `json:"GroupId"`
	DisplayName string         `json:"DisplayName,omitzero"`
	Members     []string       `json:"Members,omitzero"` // ids of users
	Extra       jsontext.Value `json:",embed"`
}
