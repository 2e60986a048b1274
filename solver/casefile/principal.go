package casefile

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"pathfinder/graphmodel/arn"
	"pathfinder/graphmodel/policy"
	"pathfinder/solver"
)

// The answers about principals. What they leave to the caller's own policies
// is in solver.Naming.
const (
	answerMatch   Answer = "Match"
	answerAccount Answer = "AccountLevelMatch"
	answerRole    Answer = "SessionRoleMatch"
	answerNoMatch Answer = "NoMatch"
)

// principal matches a caller with a Principal or NotPrincipal element.
//
// NotPrincipal without an effect is the plain element: whoever no entry names
// (E25). With the effect Deny it is what Decide makes of it, which spares only
// those who are listed along with their account (E98).
func (l *line) principal() (Result, error) {
	effect, err := l.effect()
	if err != nil {
		return Result{}, err
	}
	request, err := l.requestText()
	if err != nil {
		return Result{}, err
	}
	list, err := principalList(l.PolicyValues)
	if err != nil {
		return Result{}, fmt.Errorf("policyValues: %w", err)
	}
	if list == nil {
		return l.bare(answerNoMatch) // no element: it names nobody
	}
	s := &policy.Statement{Effect: effect, HasPrincipal: true, Principals: list}
	s.NotPrincipal = l.Element == "NotPrincipal" && l.Effect == "Deny"
	named, err := l.naming(request, s)
	if err != nil {
		return Result{}, fmt.Errorf("requestValue: %w", err)
	}
	if l.Element == "NotPrincipal" && !s.NotPrincipal {
		if named == solver.NotNamed {
			return l.bare(answerMatch)
		}
		return l.bare(answerNoMatch)
	}
	return l.bare(namingAnswer(named))
}

func namingAnswer(n solver.Naming) Answer {
	switch n {
	case solver.NamedDirectly:
		return answerMatch
	case solver.NamedByRole:
		return answerRole
	case solver.NamedByAccount:
		return answerAccount
	case solver.NotNamed:
	}
	return answerNoMatch
}

// naming tells how s names the caller: the strongest of all that it can be.
//
// A host name may be a service's or a provider's. The ARN of a session leaves
// out the path of its role; as role names are unique in an account, whatever
// their path, the session belongs to a role of this name that the element
// lists, unless the settings say which role it is.
func (l *line) naming(request string, s *policy.Statement) (solver.Naming, error) {
	if isCanonicalID(request) {
		return canonicalNaming(request, s), nil
	}
	caller, err := solver.ParseCaller(request)
	if err != nil {
		return solver.NotNamed, err
	}
	l.Settings.describe(&caller)
	named := l.names(caller, s)
	switch {
	case caller.Kind == solver.CallerService:
		caller.Kind = solver.CallerFederated
		named = max(named, l.names(caller, s))
	case caller.Kind == solver.CallerSession && caller.SessionName != "" && l.Settings.RoleARN == "":
		for i := range s.Principals {
			if p := &s.Principals[i]; p.Kind == policy.Role && sameRole(p.Text, caller.RoleARN) {
				caller.RoleARN = p.Text
				named = max(named, l.names(caller, s))
			}
		}
	}
	return named, nil
}

// names tells how s names exactly this caller.
func (l *line) names(caller solver.Caller, s *policy.Statement) solver.Naming {
	return solver.Names(&solver.Case{
		Caller: caller, Canonical: l.Settings.CanonicalIDs, Context: solver.Context{Complete: true},
		Action: "s3:GetObject", Resource: "arn:aws:s3:::b/k", ResourceAccount: caller.Account,
	}, s)
}

// isCanonicalID reports whether text looks like an S3 canonical user id (E19).
func isCanonicalID(text string) bool {
	return len(text) >= 32 && strings.Trim(text, "0123456789abcdefABCDEF") == ""
}

// canonicalNaming names a caller that is known by its canonical id only, such
// as an identity of CloudFront: nothing but that id, or everybody, names it.
func canonicalNaming(id string, s *policy.Statement) solver.Naming {
	for i := range s.Principals {
		p := &s.Principals[i]
		if p.Kind == policy.Everyone || p.Kind == policy.Canonical && p.Text == id {
			if s.NotPrincipal {
				return solver.NotNamed
			}
			return solver.NamedDirectly
		}
	}
	if s.NotPrincipal {
		return solver.NamedDirectly
	}
	return solver.NotNamed
}

// sameRole reports whether two role ARNs differ in their paths only.
func sameRole(a, b string) bool {
	name := func(s string) string { return s[strings.LastIndexByte(s, '/')+1:] }
	return name(a) == name(b) && arn.Account(a) == arn.Account(b) && arn.Partition(a) == arn.Partition(b)
}

// principalTypes are the types of entries, in the order they are read.
var principalTypes = []string{"AWS", "Service", "Federated", "CanonicalUser"}

// principalList reads the value of a Principal element; null is no element.
// What AWS refuses as a principal names nobody.
func principalList(raw jsontext.Value) ([]policy.Principal, error) {
	if !there(raw) {
		return nil, nil
	}
	if string(raw) == `"*"` {
		return []policy.Principal{{Kind: policy.Everyone, Text: "*"}}, nil
	}
	if raw.Kind() != '{' {
		return nil, errors.New("a principal is \"*\" or an object such as {\"AWS\": \"111122223333\"}")
	}
	var types map[string]jsontext.Value
	if err := json.Unmarshal(raw, &types, lenient); err != nil {
		return nil, err
	}
	for _, name := range slices.Sorted(maps.Keys(types)) {
		if !slices.Contains(principalTypes, name) {
			return nil, fmt.Errorf("there is no kind of principal %q: %s", name, strings.Join(principalTypes, ", "))
		}
	}
	out := []policy.Principal{}
	for _, name := range principalTypes {
		list, err := textList(types[name])
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		for _, s := range list {
			p, _ := policy.NewPrincipal(name, s)
			out = append(out, p)
		}
	}
	return out, nil
}
