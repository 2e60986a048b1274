package casefile

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"pathfinder/graphmodel/policy"
	"pathfinder/solver"
)

// line is one case as it stands in the file (E237, E238).
type line struct {
	ID       string         `json:"id"`
	Request  *request       `json:"request"`
	Policies policies       `json:"policies"`
	Settings settings       `json:"settings"`
	Expect   jsontext.Value `json:"expect"`

	// A condition test, or an element.
	PolicyValues jsontext.Value `json:"policyValues"`
	RequestValue jsontext.Value `json:"requestValue"`
	Context      values         `json:"context"`

	Operator     string `json:"operator"`
	ConditionKey string `json:"conditionKey"`
	KeyExists    *bool  `json:"keyExists"`

	elementLine

	confidence string // of the answer
}

type request struct {
	Principal       string `json:"principal"`
	Action          string `json:"action"`
	Resource        string `json:"resource"`
	ResourceAccount string `json:"resourceAccount"`
	Context         values `json:"context"`
}

type policies struct {
	Identity            []named        `json:"identity"`
	PermissionsBoundary []named        `json:"permissionsBoundary"`
	Session             jsontext.Value `json:"session"`
	ServiceControl      []level        `json:"serviceControl"`
	ResourceControl     []level        `json:"resourceControl"`
	Resource            jsontext.Value `json:"resource"`
	VPCEndpoint         []named        `json:"vpcEndpoint"`
}

type named struct {
	Name     string         `json:"name"`
	Document jsontext.Value `json:"document"`
}

type level struct {
	Target   string  `json:"target"`
	Policies []named `json:"policies"`
}

// decisionCase builds the case of a line.
func (r *run) decisionCase(l *line) (*solver.Case, error) {
	req, set := l.Request, &l.Settings
	caller, err := solver.ParseCaller(req.Principal)
	if err != nil {
		return nil, err
	}
	set.describe(&caller)
	ctx, err := contextValues(req.Context)
	if err != nil {
		return nil, err
	}
	set.withoutABAC(req, ctx)
	c := &solver.Case{
		Caller: caller, Action: req.Action, Resource: req.Resource, ResourceAccount: req.ResourceAccount,
		Context:              solver.Context{Values: ctx, Complete: true},
		Identity:             r.sources(l.Policies.Identity, policy.Identity),
		Boundary:             r.sources(l.Policies.PermissionsBoundary, policy.Boundary),
		HasBoundary:          l.Policies.PermissionsBoundary != nil,
		SCPs:                 r.levels(l.Policies.ServiceControl, policy.SCP),
		RCPs:                 r.levels(l.Policies.ResourceControl, policy.RCP),
		Resources:            r.document("resource policy", l.Policies.Resource, resourceKind(req.Action)),
		Endpoint:             r.sources(l.Policies.VPCEndpoint, policy.Endpoint),
		HasEndpoint:          l.Policies.VPCEndpoint != nil,
		ResourceInManagement: set.ResourceAccountIsManagement,
		Canonical:            set.CanonicalIDs,
		KMSGrants:            grants(set.KMSGrants),
	}
	if set.WildcardOnlyAction {
		c.Resource = "*" // E39
	}
	c.Session = r.document("session policy", l.Policies.Session, policy.Session)
	c.HasSession = len(c.Session) > 0
	c.S3 = set.s3Facts()
	if ap := set.AccessPoint; ap != nil {
		c.AccessPoint = &solver.AccessPointFacts{
			Policies: r.document(ap.ARN, ap.Policy, policy.Resource), BucketResource: ap.BucketResource,
			BucketAccount: cmp.Or(ap.BucketAccount, req.ResourceAccount),
		}
	}
	for i := range set.AlsoRequired {
		o, err := r.also(c, &set.AlsoRequired[i])
		if err != nil {
			return nil, fmt.Errorf("alsoRequired %d: %w", i+1, err)
		}
		c.Also = append(c.Also, o)
	}
	return c, nil
}

// also builds a further check of the same call (E32): same caller and
// policies, another action, and often another resource.
func (r *run) also(c *solver.Case, a *also) (*solver.Case, error) {
	o := *c
	o.Action, o.Also = a.Action, nil
	if a.Context != nil {
		ctx, err := contextValues(a.Context)
		if err != nil {
			return nil, err
		}
		o.Context.Values = ctx
	}
	if a.Resource != "" && a.Resource != c.Resource {
		o.Resource, o.Resources, o.S3, o.AccessPoint, o.KMSGrants = a.Resource, nil, nil, nil, nil
	}
	if a.ResourceAccount != "" {
		o.ResourceAccount = a.ResourceAccount
	}
	if len(a.ResourcePolicy) > 0 {
		o.Resources = r.document("resource policy", a.ResourcePolicy, resourceKind(a.Action))
	}
	return &o, nil
}

// resourceKind tells a role's trust policy from other resource policies.
func resourceKind(action string) policy.Kind {
	if strings.HasPrefix(strings.ToLower(action), "sts:") {
		return policy.Trust
	}
	return policy.Resource
}

func (r *run) sources(list []named, kind policy.Kind) []solver.Source {
	out := make([]solver.Source, len(list))
	for i, n := range list {
		out[i] = solver.Source{Name: n.Name, Doc: r.docs.parse(n.Document, kind)}
	}
	return out
}

func (r *run) levels(list []level, kind policy.Kind) []solver.Level {
	out := make([]solver.Level, len(list))
	for i, l := range list {
		out[i] = solver.Level{Target: l.Target, Policies: r.sources(l.Policies, kind)}
	}
	return out
}

func (r *run) document(name string, raw jsontext.Value, kind policy.Kind) []solver.Source {
	if !there(raw) {
		return nil
	}
	return []solver.Source{{Name: name, Doc: r.docs.parse(raw, kind)}}
}
