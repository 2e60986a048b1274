package solver

import (
	"time"

	"pathfinder/graphmodel/guard"
	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
)

// A Case is one request with everything that bears on it. Decide looks at
// nothing else, so that a case can be written down, sent to somebody and
// decided again.
type Case struct {
	Caller          Caller
	Action          string // service:Name, in any case
	Resource        string // an ARN, or "*" for actions without resource
	ResourceAccount string // 12 digits; "" when the resource has no owner in AWS accounts
	Context         Context

	Identity    []Source // of the user or role, its groups included
	Boundary    []Source
	HasBoundary bool
	Session     []Source
	HasSession  bool // a session policy was passed; federated users without one have nothing (E104)
	SCPs        []Level
	RCPs        []Level
	Resources   []Source // the resource policy: none or one, more where a service keeps several (E213)
	Endpoint    []Source
	HasEndpoint bool // the request travels through an endpoint that has a policy
	// Endpoints are endpoints that the request may travel through: they count
	// when a condition asks for one of them (E135).
	Endpoints []EndpointPolicy

	// ResourceOrgID and ResourceOrgPath place the owner of the resource.
	ResourceOrgID        string
	ResourceRegion       string // "" when the ARN says it, or nothing does
	ResourceOrgPath      string
	ResourceInManagement bool // the owner is the organization's management account
	ResourceTags         map[string]string

	S3          *S3Facts
	AccessPoint *AccessPointFacts
	KMSGrants   []inventory.KMSGrant
	// SharedWith are the accounts that the resource is shared with, or "all" (E132).
	SharedWith []string
	// URLs are those of a function and its aliases, if HasURLs says that they are known.
	URLs    []inventory.FunctionURL
	HasURLs inventory.Known
	// AWSManagedKey says that the resource is a KMS key that AWS manages.
	AWSManagedKey bool
	// Canonical maps S3 canonical user ids to accounts (E19).
	Canonical map[string]string

	// Also are further checks of the same call: it succeeds only if all are
	// allowed (E32).
	Also []*Case

	// asker says that the user who called GetFederationToken, and what was
	// passed then, are unknown; "" when they are not.
	asker    string
	neededBy string             // the rule by which another call needs this check
	grantees []policy.Principal // of KMSGrants, when they were read beforehand

	free bool // every key is open that neither the context nor the caller fixes (see Compare)
	asks bool // what AWS leaves unclear is left open, as a question (see unclear)

	keys   []string // see keysInPlay; nil before it was asked
	spaces *spaces  // shared with other cases; nil for none

	strangers *strangers // what is known of accounts outside of the organization; nil for nothing

	history *guard.Expr // what the caller's session is known to carry; nil for nothing

	objectKeys []string // ARNs of objects that have settings of their own

	// Doubts are facts about this request that are missing (E236).
	Doubts []string
	// keyDoubt is the one of them that can only take access away: that the key which the
	// call may need as well was not read (E179); "" when it was.
	keyDoubt string
}

// A Source is a policy document with the name that answers use for it.
type Source struct {
	Name string // an ARN, or what people call it
	Doc  *policy.Document
}

// A Level is the root, an OU or an account with the policies attached to it.
type Level struct {
	Target   string
	Policies []Source
}

// S3Facts is what decides access to a bucket and its objects besides policies.
type S3Facts struct {
	Ownership   string // as in inventory.S3; "" counts as BucketOwnerEnforced, the default since April 2023
	BucketACL   []inventory.ACLGrant
	ObjectACL   []inventory.ACLGrant
	ObjectOwner string // account of the object's owner; "" for the bucket's
	// IgnorePublicACLs and RestrictPublicBuckets are in force at some level:
	// organization, account, bucket (E174).
	IgnorePublicACLs      bool
	RestrictPublicBuckets bool
	ABAC                  bool // bucket tags count as aws:ResourceTag (E184)
	ABACUnread            bool // whether they do is unknown
}

// AccessPointFacts describes a request that goes through an S3 access point:
// Case.Resource is then the access point's ARN, Case.Resources the policy of
// the bucket behind it.
type AccessPointFacts struct {
	Policies       []Source // of the access point
	BucketResource string   // what is asked of the bucket: its ARN or an object's
	BucketAccount  string
	// BucketRCPs and what follows place the bucket's owner; where it is the
	// access point's too and they are empty, those of the Case count.
	BucketRCPs         []Level
	BucketOrgID        string
	BucketOrgPath      string
	BucketInManagement bool
	BucketTags         map[string]string
	// VPC is the only network that requests may come from; "" for the internet.
	VPC string
	// RestrictPublicBuckets is in force for the access point itself or its
	// owner's account (E174).
	RestrictPublicBuckets bool
}

// CallerKind says who sends a request.
type CallerKind uint8

// The kinds of callers (E26).
const (
	CallerInvalid       CallerKind = iota
	CallerUser                     // an IAM user
	CallerRoot                     // the root user of an account
	CallerSession                  // a session of a role
	CallerFederatedUser            // a GetFederationToken session
	CallerService                  // an AWS service for itself
	CallerFederated                // the bearer of an OIDC or SAML token
	CallerAnonymous                // nobody: an unsigned request
	CallerOutsider                 // some principal of an account outside the snapshot
)

// A Caller is the principal of a request.
type Caller struct {
	Kind      CallerKind
	ARN       string // as people write it; a service's host name; "anonymous"
	Partition string
	Account   string // of a session: the role's account (E91)
	UniqueID  string // AIDA… or AROA…; "" when unknown

	RoleARN     string // of a session: the role, with path
	SessionName string // of a session; "" leaves it open
	FederatedBy string // of a federated user: the user who asked for the token
	CanonicalID string // of a caller that is known by its S3 canonical user id only (E19)

	ServiceLinked bool   // a session of a service-linked role (E115)
	Management    bool   // the account is the organization's management account
	RootManager   bool   // it may act as root of members: that account, or a delegated administrator of IAM (E162)
	OrgID         string // "" outside an organization, or when unknown
	OrgKnown      bool   // OrgID is right even when it is ""
	OrgPath       string // such as o-a/r-1/ou-x/ (E222)
	Tags          map[string]string
	HasTags       bool // Tags is all there is, apart from session tags
	SessionTags   bool // the role lets its sessions carry tags of the caller's choice (E145)
	// NoSourceIdentity says that the role lets its sessions carry none (E148).
	NoSourceIdentity bool
	// External says that the caller's account is outside the snapshot: its own
	// policies are unknown, and taken to allow.
	External bool
	// stranger is what is known of an account that is not in the snapshot's organization;
	// nil for others.
	stranger *stranger
	// holder tells whose a unique id is of somebody whose own is unknown; see
	// strangers.holder. Nil for nobody's.
	holder func(id string) string
	// NoProvider says of the bearer of a token that the account has no such identity
	// provider: the token is not taken (E150).
	NoProvider bool
	// FromToken says that bearers of OIDC or SAML tokens can have made the
	// session, Web that nobody else can.
	FromToken, Web bool
}

// mixed reports whether some sessions of a role were made by tokens and others not.
func (c *Caller) mixed() bool { return c.Kind == CallerSession && c.FromToken && !c.Web }

// hasAccount reports whether the caller has an account whose policies bear on it.
func (c *Caller) hasAccount() bool {
	switch c.Kind {
	case CallerUser, CallerRoot, CallerSession, CallerFederatedUser, CallerOutsider:
		return true
	case CallerInvalid, CallerService, CallerFederated, CallerAnonymous:
	}
	return false
}

// Context is what a question says about condition keys.
type Context struct {
	// Values are fixed; keys in lower case. An Absent value fixes absence.
	Values map[string]policy.Value
	// Complete says that every key that is neither in Values nor known from
	// the caller and the resource is absent (E217). Otherwise such keys are
	// open where AWS could set them.
	Complete bool
	// Unset lists keys, in lower case, that are absent unless AWS always sets
	// them or Values holds them.
	Unset map[string]bool
	// From is the earliest time of the request, where nothing fixes it; zero leaves it open.
	From time.Time
}
