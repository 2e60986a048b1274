package inventory

import (
	"slices"
	"strings"
	"time"

	"pathfinder/graphmodel/policy"
)

// An Inventory is all that is known about a set of accounts.
type Inventory struct {
	Created      time.Time // when the facts were read; zero when unknown
	Source       string    // what made it, for people
	Organization *Organization
	Accounts     []*Account // by id
	Gaps         []Gap      // what could not be read

	byID      map[string]*Account
	canonical map[string]string // canonical user id → account
	index     Index

	centers      []Center
	centersLater func() []Center // nil when centers are all
}

// A Gap is something that could not be read. Fields that do not apply are "".
type Gap struct {
	Account string `json:"account,omitempty"`
	Region  string `json:"region,omitempty"`
	Service string `json:"service,omitempty"`
	What    string `json:"what"` // an ARN, a file, or a kind of fact
	Why     string `json:"why"`
}

// InstanceProfiles is what a gap is of where a source does not say which instance profiles
// deliver the roles of an account: none is not what it says then.
const InstanceProfiles = "instance profiles"

// ProfilesUnread reports whether it is not known which instance profiles deliver the roles of
// an account.
func (inv *Inventory) ProfilesUnread(account string) bool {
	return slices.ContainsFunc(inv.Gaps, func(g Gap) bool {
		return g.Account == account && g.Service == "iam" && g.What == InstanceProfiles
	})
}

// TagsOf begins what a gap is of where the tags of a user or role are not known, or not all
// of them; the ARN follows. The tags that it has are those that are known.
const TagsOf = "tags of "

// ChangeOf begins what a gap is of where a change that is to come is not in the facts, as by
// a plan of which something was not understood; what says it follows.
const ChangeOf = "change by "

// TagsUnread lists the users and roles of whom not all tags are known, by ARN.
func (inv *Inventory) TagsUnread() map[string]bool {
	out := map[string]bool{}
	for i := range inv.Gaps {
		if name, ok := strings.CutPrefix(inv.Gaps[i].What, TagsOf); ok && inv.Gaps[i].Service == "iam" {
			out[name] = true
		}
	}
	return out
}

// An Organization is an AWS organization as its management account sees it.
type Organization struct {
	ID                string
	ManagementAccount string // 12 digits
	Root              *Unit
	SCPs              bool // service control policies are enabled
	RCPs              bool // resource control policies are enabled
	// Delegated maps a service principal to the accounts that administer it.
	Delegated map[string][]string
}

// EachUnit visits the units of an organization, each before those below it; none of a nil
// one.
func (o *Organization) EachUnit(visit func(*Unit)) {
	var units func(u *Unit)
	units = func(u *Unit) {
		visit(u)
		for _, c := range u.Units {
			units(c)
		}
	}
	if o != nil && o.Root != nil {
		units(o.Root)
	}
}

// A Unit is the root of an organization, or an organizational unit.
type Unit struct {
	ID       string // r-… or ou-…
	ARN      string
	Name     string
	Parent   *Unit // nil for the root
	Units    []*Unit
	Accounts []string // ids of the accounts that hang directly here
	SCPs     []*Policy
	RCPs     []*Policy
}

// An Account is one AWS account.
type Account struct {
	ID          string
	Partition   string // "aws", "aws-cn", "aws-us-gov" …
	Name        string
	Alias       string
	CanonicalID string // 64 hex digits; "" when unknown
	State       string // "ACTIVE", "SUSPENDED" …, as Organizations writes it; "" when unknown
	Unit        *Unit  // nil outside an organization, or when unknown
	SCPs        []*Policy
	RCPs        []*Policy
	Tags        map[string]string

	// IAM says whether the account's users, groups and roles were read. An
	// account that is only named by an organization has none.
	IAM bool

	// PublicAccessBlock is the account-wide setting of S3.
	PublicAccessBlock PublicAccessBlock

	held Held
	lazy *lazy // nil when held is what the account holds
}

// Shut reports whether nobody uses an account now, and nobody what is in it: it is closed,
// suspended, or was never signed up in full. One that is about to be closed is still in
// use. Sources: Organizations User Guide, "Monitor the state of your AWS accounts";
// Organizations API, CloseAccount, 2026 crawl.
func (a *Account) Shut() bool {
	return a.State == "SUSPENDED" || a.State == "CLOSED" || a.State == "PENDING_ACTIVATION"
}

// Held is what an account holds. See [Account.Held].
type Held struct {
	Users     []*Principal
	Roles     []*Principal
	Groups    []*Group
	Providers []Provider
	// ProvidersKnown says that the identity providers were read: there are no others.
	ProvidersKnown bool
	Resources      []*Resource
	// Policies are the customer managed policies that hang on no user, role or group, by
	// ARN: who may attach policies may choose them.
	Policies []*Policy
}

// PrincipalKind tells users from roles.
type PrincipalKind uint8

// The kinds of principals that carry policies.
const (
	PrincipalInvalid PrincipalKind = iota
	User
	Role
)

// A Principal is an IAM user or role.
type Principal struct {
	Kind     PrincipalKind
	ARN      string // with path
	Name     string
	Path     string // begins and ends with "/"
	UniqueID string // AIDA… or AROA…; "" when unknown
	Account  *Account
	Created  time.Time
	Tags     map[string]string
	Inline   []*Policy
	Attached []*Policy
	Boundary *Policy // nil when there is none

	Groups []*Group // of a user

	Trust    *policy.Document // of a role; never nil for one
	LastUsed time.Time        // of a role; zero when never or unknown
	// UseKnown says that it was looked when a role was last used: with a zero LastUsed, it
	// was not within the time that AWS keeps track of, 400 days.
	UseKnown bool
	// InstanceProfiles are the ARNs of the instance profiles that deliver a role.
	InstanceProfiles []string
}

// IsPermissionSet reports whether IAM Identity Center made a role out of a permission set:
// it alone can change the role, and IAM refuses everybody else.
func (p *Principal) IsPermissionSet() bool {
	return p.Kind == Role && strings.HasPrefix(p.Path, "/aws-reserved/sso.amazonaws.com/")
}

// A Group is an IAM group.
type Group struct {
	ARN      string
	Name     string
	Path     string
	UniqueID string
	Account  *Account
	Inline   []*Policy
	Attached []*Policy
	Members  []*Principal
}

// A Policy is a document with its name. Managed policies have an ARN and are
// shared by everything they are attached to.
type Policy struct {
	Name string
	ARN  string // "" for an inline policy
	Doc  *policy.Document
	// Versions are the versions of a managed policy besides Doc, which is the
	// default one: whoever may set the default can switch to them.
	Versions []PolicyVersion
}

// A PolicyVersion is a version of a managed policy that is not the default one.
type PolicyVersion struct {
	ID  string // "v1"
	Doc *policy.Document
}

// ProviderKind tells the kinds of identity providers.
type ProviderKind uint8

// The kinds of identity providers.
const (
	ProviderInvalid ProviderKind = iota
	OIDC
	SAML
)

// A Provider is an identity provider registered in an account.
type Provider struct {
	Kind    ProviderKind
	ARN     string
	URL     string   // of an OIDC provider, without scheme
	Clients []string // of an OIDC provider: its audiences
}

// Label returns the name answers use for the policy: its ARN, or for an inline
// policy the ARN of its owner, a slash, and its name.
func (p *Policy) Label(owner string) string {
	if p.ARN != "" {
		return p.ARN
	}
	return owner + "/" + p.Name
}
