package snapshot

import "github.com/go-json-experiment/json/jsontext"

// Organization is organization.json.
type Organization struct {
	Organization            OrganizationInfo         `json:"Organization"`
	Root                    *OrganizationalUnit      `json:"Root,omitzero"`
	Accounts                []OrganizationAccount    `json:"Accounts,omitzero"`
	Policies                []OrganizationPolicy     `json:"Policies,omitzero"`
	DelegatedAdministrators []DelegatedAdministrator `json:"DelegatedAdministrators,omitzero"`
	ResourcePolicy          Fact[jsontext.Value]     `json:"ResourcePolicy,omitzero"` // of the organization itself: who may administer it
	Extra                   jsontext.Value           `json:",embed"`
}

// OrganizationInfo is the answer of DescribeOrganization.
type OrganizationInfo struct {
	ID               string         `json:"Id"`
	ARN              string         `json:"Arn,omitzero"`
	FeatureSet       string         `json:"FeatureSet,omitzero"`
	MasterAccountID  string         `json:"MasterAccountId,omitzero"`
	MasterAccountARN string         `json:"MasterAccountArn,omitzero"`
	Extra            jsontext.Value `json:",embed"`
}

// An OrganizationalUnit is the root or a unit, with what hangs in it.
type OrganizationalUnit struct {
	ID                  string                `json:"Id"`
	ARN                 string                `json:"Arn,omitzero"`
	Name                string                `json:"Name,omitzero"`
	PolicyTypes         []PolicyType          `json:"PolicyTypes,omitzero"` // of the root
	Accounts            []string              `json:"Accounts,omitzero"`
	OrganizationalUnits []*OrganizationalUnit `json:"OrganizationalUnits,omitzero"`
	Extra               jsontext.Value        `json:",embed"`
}

// A PolicyType says whether a type of policies is in force.
type PolicyType struct {
	Type   string         `json:"Type"`
	Status string         `json:"Status"`
	Extra  jsontext.Value `json:",embed"`
}

// An OrganizationAccount is an entry of ListAccounts.
type OrganizationAccount struct {
	ID     string         `json:"Id"`
	ARN    string         `json:"Arn,omitzero"`
	Name   string         `json:"Name,omitzero"`
	Email  string         `json:"Email,omitzero"`
	Status string         `json:"Status,omitzero"`
	State  string         `json:"State,omitzero"` // what AWS calls Status since September 2026
	Extra  jsontext.Value `json:",embed"`
}

// An OrganizationPolicy is the answer of DescribePolicy with the ids of the
// root, units and accounts that it is attached to.
type OrganizationPolicy struct {
	PolicySummary PolicySummary  `json:"PolicySummary"`
	Content       jsontext.Value `json:"Content,omitzero"`
	Targets       []string       `json:"Targets,omitzero"`
	Extra         jsontext.Value `json:",embed"`
}

// A PolicySummary names a policy of the organization.
type PolicySummary struct {
	ID         string         `json:"Id"`
	ARN        string         `json:"Arn,omitzero"`
	Name       string         `json:"Name,omitzero"`
	Type       string         `json:"Type"`
	AWSManaged bool           `json:"AwsManaged,omitzero"`
	Extra      jsontext.Value `json:",embed"`
}

// A DelegatedAdministrator is an account that administers services for the
// organization.
type DelegatedAdministrator struct {
	ID                string         `json:"Id"`
	ServicePrincipals []string       `json:"ServicePrincipals,omitzero"`
	Extra             jsontext.Value `json:",embed"`
}
