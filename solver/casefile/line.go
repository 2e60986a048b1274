package casefile

import (
	"encoding/json"
	"fmt"
	"strings"

	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
	"pathfinder/solver"
)

// line is one case as it stands in the file (E237, E238).
type line struct {
	ID       string          `json:"id"`
	Request  *request        `json:"request"`
	Policies policies        `json:"policies"`
	Settings settings        `json:"settings"`
	Expect   json.RawMessage `json:"expect"`

	// A condition test.
	Operator     string          `json:"operator"`
	ConditionKey string          `json:"conditionKey"`
	PolicyValues texts           `json:"policyValues"`
	RequestValue json.RawMessage `json:"requestValue"`
	KeyExists    *bool           `json:"keyExists"`
	Context      map[string]any  `json:"context"`
}

type request struct {
	Principal       string         `json:"principal"`
	Action          string         `json:"action"`
	Resource        string         `json:"resource"`
	ResourceAccount string         `json:"resourceAccount"`
	Context         map[string]any `json:"context"`
}

type policies struct {
	Identity            []named         `json:"identity"`
	PermissionsBoundary []named         `json:"permissionsBoundary"`
	Session             json.RawMessage `json:"session"`
	ServiceControl      []level         `json:"serviceControl"`
	ResourceControl     []level         `json:"resourceControl"`
	Resource            json.RawMessage `json:"resource"`
	VPCEndpoint         []named         `json:"vpcEndpoint"`
}

type named struct {
	Name     string          `json:"name"`
	Document json.RawMessage `json:"document"`
}

type level struct {
	Target   string  `json:"target"`
	Policies []named `json:"policies"`
}

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
	ARN            string          `json:"arn"`
	Policy         json.RawMessage `json:"policy"`
	BucketResource string          `json:"bucketResource"`
	BucketAccount  string          `json:"bucketAccount"`
}

type also struct {
	Action          string          `json:"action"`
	Resource        string          `json:"resource"`
	ResourceAccount string          `json:"resourceAccount"`
	ResourcePolicy  json.RawMessage `json:"resourcePolicy"`
	Context         map[string]any  `json:"context"`
}

// texts is a string or a list of strings.
type texts []string

// UnmarshalJSON reads both forms.
func (t *texts) UnmarshalJSON(b []byte) error {
	var v any
	if err := json.Unmarshal(b, &v); err != nil {
		return err
	}
	list, ok := v.([]any)
	if !ok {
		list = []any{v}
	}
	for _, x := range list {
		*t = append(*t, fmt.Sprint(x))
	}
	return nil
}

// decisionCase builds the case of a line.
func (l *line) decisionCase() (*solver.Case, error) {
	r, set := l.Request, &l.Settings
	if r.Principal == "" || r.Action == "" {
		return nil, fmt.Errorf("the request needs a principal and an action")
	}
	caller, err := solver.ParseCaller(r.Principal)
	if err != nil {
		return nil, err
	}
	if set.RoleARN != "" {
		caller.RoleARN = set.RoleARN
	}
	caller.UniqueID, caller.FederatedBy = set.PrincipalUniqueID, set.FederatedBy
	caller.ServiceLinked = set.ServiceLinkedRole || strings.Contains(caller.RoleARN, ":role/aws-service-role/")
	caller.Management = set.PrincipalAccountIsManagement
	c := &solver.Case{
		Caller: caller, Action: r.Action, Resource: r.Resource, ResourceAccount: r.ResourceAccount,
		Context:              solver.Context{Values: contextValues(r.Context), Complete: true},
		Identity:             sources(l.Policies.Identity, policy.Identity),
		Boundary:             sources(l.Policies.PermissionsBoundary, policy.Boundary),
		HasBoundary:          l.Policies.PermissionsBoundary != nil,
		SCPs:                 levels(l.Policies.ServiceControl, policy.SCP),
		RCPs:                 levels(l.Policies.ResourceControl, policy.RCP),
		Resources:            document("resource policy", l.Policies.Resource, resourceKind(r.Action)),
		Endpoint:             sources(l.Policies.VPCEndpoint, policy.Endpoint),
		HasEndpoint:          l.Policies.VPCEndpoint != nil,
		ResourceInManagement: set.ResourceAccountIsManagement,
		Canonical:            set.CanonicalIDs,
		KMSGrants:            grants(set.KMSGrants),
	}
	c.Session = document("session policy", l.Policies.Session, policy.Session)
	c.HasSession = len(c.Session) > 0
	c.S3 = set.S3.facts()
	if ap := set.AccessPoint; ap != nil {
		if ap.BucketAccount == "" {
			ap.BucketAccount = r.ResourceAccount
		}
		c.AccessPoint = &solver.AccessPointFacts{
			Policies: document(ap.ARN, ap.Policy, policy.Resource), BucketResource: ap.BucketResource, BucketAccount: ap.BucketAccount,
		}
	}
	for _, a := range set.AlsoRequired {
		c.Also = append(c.Also, l.also(c, &a))
	}
	return c, nil
}

// also builds a further check of the same call (E32): same caller and
// policies, another action, and often another resource.
func (l *line) also(c *solver.Case, a *also) *solver.Case {
	o := *c
	o.Action, o.Also = a.Action, nil
	if a.Context != nil {
		o.Context.Values = contextValues(a.Context)
	}
	if a.Resource != "" && a.Resource != c.Resource {
		o.Resource, o.Resources, o.S3, o.AccessPoint, o.KMSGrants = a.Resource, nil, nil, nil, nil
	}
	if a.ResourceAccount != "" {
		o.ResourceAccount = a.ResourceAccount
	}
	if len(a.ResourcePolicy) > 0 {
		o.Resources = document("resource policy", a.ResourcePolicy, resourceKind(a.Action))
	}
	return &o
}

// resourceKind tells a role's trust policy from other resource policies.
func resourceKind(action string) policy.Kind {
	if strings.HasPrefix(strings.ToLower(action), "sts:") {
		return policy.Trust
	}
	return policy.Resource
}

func sources(list []named, kind policy.Kind) []solver.Source {
	out := make([]solver.Source, len(list))
	for i, n := range list {
		out[i] = solver.Source{Name: n.Name, Doc: policy.Parse(n.Document, kind)}
	}
	return out
}

func levels(list []level, kind policy.Kind) []solver.Level {
	out := make([]solver.Level, len(list))
	for i, l := range list {
		out[i] = solver.Level{Target: l.Target, Policies: sources(l.Policies, kind)}
	}
	return out
}

func document(name string, raw json.RawMessage, kind policy.Kind) []solver.Source {
	if len(raw) == 0 || string(raw) == "null" {
		return nil
	}
	return []solver.Source{{Name: name, Doc: policy.Parse(raw, kind)}}
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

func (s *s3) facts() *solver.S3Facts {
	if s == nil {
		return nil
	}
	f := &solver.S3Facts{
		Ownership: s.Ownership, BucketACL: aclGrants(s.BucketACL), ObjectACL: aclGrants(s.ObjectACL),
		ObjectOwner: s.ObjectOwnerAccount,
	}
	for _, set := range s.BlockPublicAccess {
		f.IgnorePublicACLs = f.IgnorePublicACLs || set["IgnorePublicAcls"]
		f.RestrictPublicBuckets = f.RestrictPublicBuckets || set["RestrictPublicBuckets"]
	}
	return f
}

func aclGrants(list []acl) []inventory.ACLGrant {
	out := make([]inventory.ACLGrant, len(list))
	for i, g := range list {
		out[i] = inventory.ACLGrant{Grantee: g.Grantee, Permission: g.Permission}
	}
	return out
}

// contextValues reads the context: a string, number or boolean is a single
// value, a list a multivalued one, null certain absence.
func contextValues(in map[string]any) map[string]policy.Value {
	out := make(map[string]policy.Value, len(in))
	for k, v := range in {
		k = strings.ToLower(k)
		switch v := v.(type) {
		case nil:
			out[k] = policy.Value{}
		case []any:
			list := make([]string, len(v))
			for i, x := range v {
				list[i] = text(x)
			}
			out[k] = policy.List(list)
		default:
			if policy.Multivalued(k) {
				out[k] = policy.List([]string{text(v)})
				continue
			}
			out[k] = policy.Single(text(v))
		}
	}
	return out
}

func text(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	}
	return fmt.Sprint(v)
}
