package solver

import (
	"slices"
	"strings"

	"pathfinder/graphmodel"
	"pathfinder/graphmodel/guard"
	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
)

// The key that tells how the URL of a function authenticates, and the one that tells
// that a function is called through its URL.
const (
	urlAuthType = "lambda:functionurlauthtype"
	viaURL      = "lambda:invokedviafunctionurl"
)

// unsigned tells under which condition the call is taken without a signature (E130):
// of Lambda calls those through a URL that asks for none (E202).
func (e *eval) unsigned() *guard.Expr {
	if e.service != "lambda" {
		return guard.Of(takesUnsigned[e.service])
	}
	e.rule("E202")
	switch e.name {
	case "invokefunctionurl":
		none := policy.NewCondition("StringEquals", "lambda:FunctionUrlAuthType", []string{"NONE"})
		return e.condition(&none)
	case "invokefunction": // the second check of a call through a URL, or one of which the question says so
		given := e.c.Context.Values
		return guard.Of(given[viaURL].One == "true" || given[urlAuthType].One == "NONE")
	}
	return guard.False
}

// urlAuth returns how the URL of the function that is called authenticates. In
// other calls the key tells what is asked for.
func (e *eval) urlAuth() (v policy.Value, known bool) {
	if e.name != "invokefunctionurl" || e.c.HasURLs == inventory.NotRead || strings.ContainsAny(e.resource, "*?") {
		return absent, false
	}
	for _, u := range e.c.URLs {
		if u.Function == e.resource {
			return policy.Single(u.Auth), true
		}
	}
	return absent, true // it has none
}

// opensURL reports whether a policy lets in everybody to the URLs of a function, if it
// has one. The action may be all of Lambda's.
func opensURL(r *inventory.Resource, action string) bool {
	url := strings.EqualFold(action, "lambda:InvokeFunctionUrl") || action == "lambda:*"
	return url && r.Policy != nil && strings.Contains(r.ARN, ":function:") && slices.ContainsFunc(r.Policy.Statements, graphmodel.Everybody)
}

// urlsOf returns the URLs of a function. Those of its aliases are listed with it.
func (s *Solver) urlsOf(r *inventory.Resource) ([]inventory.FunctionURL, inventory.Known) {
	if r.HasURLs == inventory.NotRead {
		if parts := strings.Split(r.ARN, ":"); len(parts) > 7 { // arn:aws:lambda:REGION:ACCOUNT:function:NAME:ALIAS
			if f := s.inv.Resource(strings.Join(parts[:7], ":")); f != nil {
				return f.URLs, f.HasURLs
			}
		}
	}
	return r.URLs, r.HasURLs
}
