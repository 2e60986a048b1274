package casefile

import (
	"errors"
	"fmt"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"pathfinder/graphmodel/arn"
	"pathfinder/graphmodel/policy"
	"pathfinder/solver"
)

// elementLine is what a line about one element holds.
type elementLine struct {
	Element            string         `json:"element"`
	Policy             jsontext.Value `json:"policy"` // of s3BucketPolicyIsPublic
	Effect             string         `json:"effect"` // "" is Allow
	PolicyType         string         `json:"policyType"`
	RequestIsPattern   bool           `json:"requestIsPattern"`
	WildcardOnlyAction bool           `json:"wildcardOnlyAction"`
}

// element answers a line that asks about one element.
func (r *run) element(l *line) (Result, error) {
	switch l.Element {
	case "Action", "NotAction":
		return l.action()
	case "Resource", "NotResource":
		return l.resource()
	case "Principal", "NotPrincipal":
		return l.principal()
	case "s3BucketPolicyIsPublic":
		return r.public(l)
	}
	return Result{}, fmt.Errorf("there is no element %q to ask about: Action, NotAction, Resource, NotResource, Principal, NotPrincipal, s3BucketPolicyIsPublic", l.Element)
}

// effect reads the effect of the statement that the element stands in.
func (l *line) effect() (policy.Effect, error) {
	switch l.Effect {
	case "", "Allow":
		return policy.Allow, nil
	case "Deny":
		return policy.Deny, nil
	}
	return policy.EffectInvalid, fmt.Errorf("effect is \"Allow\" or \"Deny\", not %q", l.Effect)
}

// action matches an action. What AWS would refuse as an action matches none,
// so that NotAction with it alone matches all (E29).
func (l *line) action() (Result, error) {
	values, request, err := l.elementTexts()
	if err != nil {
		return Result{}, err
	}
	s := policy.Statement{NotAction: l.Element == "NotAction"}
	for _, v := range values {
		a, _ := policy.NewAction(v)
		s.Actions = append(s.Actions, a)
	}
	service, name, ok := strings.Cut(strings.ToLower(request), ":")
	if !ok {
		return Result{}, fmt.Errorf("requestValue: %q is no action such as s3:GetObject", request)
	}
	return l.bare(truth(s.MatchAction(service, name)))
}

// elementTexts reads the values of the element and the one of the request.
func (l *line) elementTexts() (values []string, request string, err error) {
	values, err = textList(l.PolicyValues)
	if err != nil {
		return nil, "", fmt.Errorf("policyValues: %w", err)
	}
	if len(values) == 0 {
		return nil, "", errors.New("policyValues: the list is empty")
	}
	request, err = l.requestText()
	return values, request, err
}

func (l *line) requestText() (string, error) {
	if l.RequestValue.Kind() != '"' {
		return "", errors.New("requestValue is a text")
	}
	return text(l.RequestValue)
}

// policyKinds are the values of policyType: the names that decisions use for
// where policies stand.
var policyKinds = map[string]policy.Kind{
	"": policy.Identity, "identity": policy.Identity, "permissionsBoundary": policy.Boundary, "session": policy.Session,
	"resource": policy.Resource, "vpcEndpoint": policy.Endpoint,
	"serviceControl": policy.SCP, "resourceControl": policy.RCP,
}

// resource matches a resource, or a pattern of resources. A statement with a
// pattern that AWS refuses to save in this type of policy does not exist, so
// it matches nothing, be it by Resource or by NotResource (E37).
func (l *line) resource() (Result, error) {
	values, request, err := l.elementTexts()
	if err != nil {
		return Result{}, err
	}
	effect, err := l.effect()
	if err != nil {
		return Result{}, err
	}
	kind, ok := policyKinds[l.PolicyType]
	if !ok {
		return Result{}, fmt.Errorf("there is no policyType %q: identity, permissionsBoundary, session, resource, vpcEndpoint, serviceControl, resourceControl", l.PolicyType)
	}
	ctx, err := contextValues(l.Context)
	if err != nil {
		return Result{}, err
	}
	if l.WildcardOnlyAction {
		request = "*" // E39
	}
	not, unsure := l.Element == "NotResource", false
	matches := not
	for _, v := range values {
		if policy.RefusedResource(v, kind) {
			return l.bare(truth(false))
		}
		r := policy.NewResourcePattern(v, kind, policy.Version2012)
		p, state, _ := r.Expand(policy.Values(ctx))
		switch {
		case state != policy.Present && not: // E73
			return l.unsure(true).bare(truth(false))
		case state != policy.Present:
			continue
		}
		if fit := l.fit(p, request, (effect == policy.Allow) != not); fit != arn.NoFit {
			matches, unsure = !not, unsure || fit == arn.RunOn
		}
	}
	return l.unsure(unsure).bare(truth(matches))
}

// fit matches one pattern of a policy with the request.
func (l *line) fit(p arn.Pattern, request string, some bool) arn.Fit {
	if l.RequestIsPattern && !l.WildcardOnlyAction {
		return patternMatch(p, request, some)
	}
	return p.Match(request)
}

// patternMatch tells how the pattern p of a policy meets a request that is
// itself a pattern and stands for every resource it covers.
//
// AWS decides about one resource at a time and has no word for this. An Allow
// matches when it speaks about some of the resources, because then there is
// access; a Deny matches only when it speaks about each of them, because
// otherwise some access is left. So Resource asks for an overlap under Allow
// and for a cover under Deny, by one pattern. NotResource speaks about the
// rest: under Allow it matches unless an exception covers the whole request,
// under Deny unless an exception overlaps it. some says that an overlap is
// asked for.
func patternMatch(p arn.Pattern, request string, some bool) arn.Fit {
	q := arn.NewPattern(arn.NewGlob(request), true)
	if some && p.Overlaps(q) || !some && p.Covers(q) {
		return arn.Exact
	}
	return arn.NoFit
}

// public tells whether S3 calls a bucket policy public (E172).
func (r *run) public(l *line) (Result, error) {
	if l.Policy.Kind() != '{' {
		return Result{}, errors.New("policy is a bucket policy: an object with a Statement")
	}
	doc := r.docs.parse(l.Policy, policy.Resource)
	if doc.Unreadable() {
		return Result{}, fmt.Errorf("policy: %s", doc.Faults[0])
	}
	public, unsure := solver.PublicPolicy(doc)
	return l.unsure(unsure || doc.Damaged()).bare(truth(public))
}

// bare is the result of a line that expects a bare value.
func (l *line) bare(a Answer) (Result, error) {
	res := Result{ID: l.ID, Answer: a, Confidence: l.confidence}
	if !there(l.Expect) {
		return res, nil
	}
	want, err := text(l.Expect)
	if err != nil {
		return Result{}, fmt.Errorf("expect: %w", err)
	}
	res.Expects = true
	if want != string(a) {
		res.Differs = "expected " + want + ", got " + string(a)
	}
	return res, nil
}

// unsure notes that the answer leans on something that AWS leaves unclear.
func (l *line) unsure(is bool) *line {
	if is {
		l.confidence = "low"
	}
	return l
}
