package snapshot

import (
	"time"

	"github.com/go-json-experiment/json/jsontext"
)

// Format is the format name in manifest.json; Version is the version of the
// format that this package reads and writes.
const (
	Format  = "pathfinder-snapshot"
	Version = 1
)

// A Snapshot is the content of a snapshot folder. Equal policy documents may
// share their bytes: replace them, but never change them in place.
type Snapshot struct {
	Manifest     Manifest
	Organization *Organization // nil: no organization is known
	Accounts     []*Account    // by id
}

// A Manifest is manifest.json.
type Manifest struct {
	Format    string         `json:"format"`
	Version   int            `json:"version"`
	Created   time.Time      `json:"created,omitzero"`
	CreatedBy string         `json:"createdBy,omitzero"`
	Gaps      []Gap          `json:"gaps,omitzero"`
	Extra     jsontext.Value `json:",embed"`
}

// A Gap is something that could not be read.
type Gap struct {
	Account string         `json:"account,omitzero"`
	Region  string         `json:"region,omitzero"`
	Service string         `json:"service,omitzero"`
	What    string         `json:"what,omitzero"`
	Why     string         `json:"why,omitzero"`
	Extra   jsontext.Value `json:",embed"`
}

// An Account is a folder accounts/<12 digits>/.
type Account struct {
	Info      AccountInfo           // account.json
	IAM       *AuthorizationDetails // authorization-details.json; nil: not read
	Providers *IdentityProviders    // identity-providers.json; nil: not read
	Center    *IdentityCenter       // identity-center.json; nil: not read, or not in this account
	Resources []*ResourceFile       // by name
}

// A wireFile is the content of one file of an account, a pointer to a struct,
// and its name in the snapshot without extension.
type wireFile struct {
	base    string
	content any
}

// files lists the files of an account, in the order people read them.
func (a *Account) files() []wireFile {
	folder := "accounts/" + a.Info.ID + "/"
	files := []wireFile{{folder + accountFile, &a.Info}}
	if a.IAM != nil {
		files = append(files, wireFile{folder + iamFile, a.IAM})
	}
	if a.Providers != nil {
		files = append(files, wireFile{folder + providersFile, a.Providers})
	}
	if a.Center != nil {
		files = append(files, wireFile{folder + centerFile, a.Center})
	}
	for _, f := range a.Resources {
		files = append(files, wireFile{folder + f.path(), f})
	}
	return files
}

// AccountInfo is account.json. Only ID is required.
type AccountInfo struct {
	ID                  string                  `json:"Id"`
	Name                string                  `json:"Name,omitzero"`
	Partition           string                  `json:"Partition,omitzero"`
	Aliases             []string                `json:"Aliases,omitzero"`
	CanonicalUserID     string                  `json:"CanonicalUserId,omitzero"`
	S3PublicAccessBlock Fact[PublicAccessBlock] `json:"S3PublicAccessBlock,omitzero"`
	Tags                Tags                    `json:"Tags,omitzero"`
	Extra               jsontext.Value          `json:",embed"`
}

// Tags are written {"k":"v"} or, as AWS does, [{"Key":"k","Value":"v"}].
// [TagsOf] makes them from a map. nil means that nobody looked.
type Tags = jsontext.Value

// PublicAccessBlock is the answer of GetPublicAccessBlock.
type PublicAccessBlock struct {
	BlockPublicAcls       bool           `json:"BlockPublicAcls"`
	IgnorePublicAcls      bool           `json:"IgnorePublicAcls"`
	BlockPublicPolicy     bool           `json:"BlockPublicPolicy"`
	RestrictPublicBuckets bool           `json:"RestrictPublicBuckets"`
	Extra                 jsontext.Value `json:",embed"`
}

// IdentityProviders is identity-providers.json.
type IdentityProviders struct {
	OpenIDConnectProviders []OIDCProvider `json:"OpenIDConnectProviders,omitzero"`
	SAMLProviders          []SAMLProvider `json:"SAMLProviders,omitzero"`
	Extra                  jsontext.Value `json:",embed"`
}

// An OIDCProvider is the answer of GetOpenIDConnectProvider with its ARN.
type OIDCProvider struct {
	ARN          string         `json:"Arn"`
	URL          string         `json:"Url,omitzero"`
	ClientIDList []string       `json:"ClientIDList,omitzero"`
	Extra        jsontext.Value `json:",embed"`
}

// A SAMLProvider is an entry of ListSAMLProviders.
type SAMLProvider struct {
	ARN   string         `json:"Arn"`
	Extra jsontext.Value `json:",embed"`
}
