package casefile

import (
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"pathfinder/graphmodel/arn"
	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
	"pathfinder/solver"
)

// settings are the facts of a case that no policy holds (E238).
type settings struct {
	PrincipalAccountIsManagement bool              `json:"principalAccountIsManagement"`
	ResourceAccountIsManagement  bool              `json:"resourceAccountIsManagement"`
	ServiceLinkedRole            bool              `json:"serviceLinkedRole"`
	RoleARN                      string            `json:"roleArn"`
	FederatedBy                  string            `json:"federatedBy"`
	PrincipalUniqueID            string            `json:"principalUniqueId"`
	CanonicalIDs                 map[string]string `json:"canonicalIds"`
	KMSGrants                    []kmsGrant        `json:"kmsGrants"`
	S3                           *s3               `json:"s3"`
	AccessPoint                  *accessPoint      `json:"accessPoint"`
	AlsoRequired                 []also            `json:"alsoRequired"`
	WildcardOnlyAction           bool              `json:"wildcardOnlyAction"`  // the action has no resource
	S3BucketABACEnabled          bool              `json:"s3BucketAbacEnabled"` // tags of the bucket count
	S3BlockPublicAccess          bool              `json:"s3BlockPublicAccess"` // all four settings on
}

type kmsGrant struct {
	Grantee                 string            `json:"grantee"`
	Operations              []string          `json:"operations"`
	EncryptionContextEquals map[string]string `json:"encryptionContextEquals"`
	EncryptionContextSubset map[string]string `json:"encryptionContextSubset"`
}

type s3 struct {
	Ownership          string                     `json:"ownership"`
	BlockPublicAccess  map[string]map[string]bool `json:"blockPublicAccess"`
	BucketACL          []acl                      `json:"bucketAcl"`
	ObjectACL          []acl                      `json:"objectAcl"`
	ObjectOwnerAccount string                     `json:"objectOwnerAccount"`
}

type acl struct {
	Grantee    string `json:"grantee"`
	Permission string `json:"permission"`
}

type accessPoint struct {
	ARN            string         `json:"arn"`
	Policy         jsontext.Value `json:"policy"`
	BucketResource string         `json:"bucketResource"`
	BucketAccount  string         `json:"bucketAccount"`
}

type also struct {
	Action          string         `json:"action"`
	Resource        string         `json:"resource"`
	ResourceAccount string         `json:"resourceAccount"`
	ResourcePolicy  jsontext.Value `json:"resourcePolicy"`
	Context         values         `json:"context"`
}

// describe adds what the settings say about the caller.
func (s *settings) describe(c *solver.Caller) {
	if s.RoleARN != "" {
		c.RoleARN = s.RoleARN
	}
	c.UniqueID, c.FederatedBy = s.PrincipalUniqueID, s.FederatedBy
	c.ServiceLinked = s.ServiceLinkedRole || strings.Contains(c.RoleARN, ":role/aws-service-role/")
	c.Management = s.PrincipalAccountIsManagement
}

// withoutABAC takes tags of the resource out of the context of a request to a
// general purpose bucket: S3 sets the key only where s3BucketAbacEnabled (E184).
func (s *settings) withoutABAC(r *request, ctx map[string]policy.Value) {
	if s.S3BucketABACEnabled || arn.Service(r.Resource) != "s3" || arn.Account(r.Resource) != "" {
		return
	}
	for key := range ctx {
		if strings.HasPrefix(key, "aws:resourcetag/") {
			delete(ctx, key)
		}
	}
}

// s3Facts reads what the settings say about a bucket and its objects. The
// switch s3BlockPublicAccess turns all four settings on.
func (s *settings) s3Facts() *solver.S3Facts {
	if s.S3 == nil && !s.S3BlockPublicAccess && !s.S3BucketABACEnabled {
		return nil
	}
	f := &solver.S3Facts{
		IgnorePublicACLs: s.S3BlockPublicAccess, RestrictPublicBuckets: s.S3BlockPublicAccess, ABAC: s.S3BucketABACEnabled,
	}
	if s.S3 == nil {
		return f
	}
	f.Ownership, f.ObjectOwner = s.S3.Ownership, s.S3.ObjectOwnerAccount
	f.BucketACL, f.ObjectACL = aclGrants(s.S3.BucketACL), aclGrants(s.S3.ObjectACL)
	for _, set := range s.S3.BlockPublicAccess {
		f.IgnorePublicACLs = f.IgnorePublicACLs || set["IgnorePublicAcls"]
		f.RestrictPublicBuckets = f.RestrictPublicBuckets || set["RestrictPublicBuckets"]
	}
	return f
}

// The names of Block Public Access and of the resource policy in
// Result.BlockedBy.
const (
	gatePublicAccess = "s3-bpa"
	gateResource     = "resource"
)

// words returns the word for a decision and what blocks it. AWS has no word
// for a cut by Block Public Access: the decision says ImplicitlyDenied, as no
// Deny matches (E84), blocked by the gate and by the bucket policy that grants
// nothing any more; so it stays where settings.s3 lists the four settings one
// by one. The switch s3BlockPublicAccess comes from cases that count the cut
// as a denial of its own: under it the word is ExplicitlyDenied, and the
// bucket policy is not counted twice.
func (s *settings) words(d *solver.Decision) (decision string, blockedBy []string) {
	if !s.S3BlockPublicAccess || d.Outcome != solver.ImplicitlyDenied || !slices.Contains(d.BlockedBy, gatePublicAccess) {
		return d.Outcome.String(), d.BlockedBy
	}
	rest := slices.DeleteFunc(slices.Clone(d.BlockedBy), func(gate string) bool { return gate == gateResource })
	return solver.ExplicitlyDenied.String(), rest
}

func grants(list []kmsGrant) []inventory.KMSGrant {
	out := make([]inventory.KMSGrant, len(list))
	for i, g := range list {
		out[i] = inventory.KMSGrant{
			Grantee: g.Grantee, Operations: g.Operations,
			ContextEquals: g.EncryptionContextEquals, ContextSubset: g.EncryptionContextSubset,
		}
	}
	return out
}

func aclGrants(list []acl) []inventory.ACLGrant {
	out := make([]inventory.ACLGrant, len(list))
	for i, g := range list {
		out[i] = inventory.ACLGrant{Grantee: g.Grantee, Permission: g.Permission}
	}
	return out
}
