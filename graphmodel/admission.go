package graphmodel

import (
	"slices"

	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
)

// Admits says whom of all users, roles and root users a resource may let in that
// lets in everybody: those of any account, or of some. Many resources let
// everybody in as long as an AWS service calls, and so admit none of these. What
// the request says of its caller is left open: it may be fewer, never more, unless
// a question fixes a key that only services carry, or the account of the caller.
func Admits(r *inventory.Resource) (all bool, accounts []string) {
	if r.Policy == nil || r.AccessPoint != nil || r.S3 != nil && r.S3.Ownership != "BucketOwnerEnforced" || r.Policy.Damaged() {
		return true, nil
	}
	for _, st := range r.Policy.Statements {
		if !Everybody(st) || forServices(st) {
			continue
		}
		list, limited := LimitedTo(st)
		if !limited {
			return true, nil
		}
		accounts = append(accounts, list...)
	}
	slices.Sort(accounts)
	return false, slices.Compact(accounts)
}

// Everybody reports whether an Allow names everybody.
func Everybody(st *policy.Statement) bool {
	return st.Effect == policy.Allow && (st.NotPrincipal || slices.ContainsFunc(st.Principals, func(p policy.Principal) bool { return p.Kind == policy.Everyone }))
}

// LimitedTo returns the accounts to whose callers a statement applies, when one
// of its conditions lists them.
func LimitedTo(st *policy.Statement) (accounts []string, ok bool) {
	for i := range st.Conditions {
		c := &st.Conditions[i]
		if key := c.LowerKey(); key != "kms:calleraccount" && key != "aws:principalaccount" {
			continue
		}
		if c.Operator.String() == "StringEquals" && !slices.ContainsFunc(c.Values, func(v string) bool { return !isPlain(v) }) {
			return c.Values, true
		}
	}
	return nil, false
}

func isPlain(v string) bool { return len(v) == 12 && v >= "0" && v < ":" }

// serviceKeys are the keys that only requests of AWS services carry, or that tell
// them from others (E124, E216), with what those of others hold.
var serviceKeys = map[string]policy.Value{
	"aws:sourcearn": {}, "aws:sourceaccount": {}, "aws:sourceowner": {}, "aws:sourceorgid": {}, "aws:sourceorgpaths": {},
	"aws:principalisawsservice": policy.Single("false"), "aws:principalservicename": {}, "aws:principalservicenameslist": {},
}

// ServiceKey reports whether only requests of AWS services carry a key, in lower
// case, or it tells them from others.
func ServiceKey(key string) bool {
	_, ok := serviceKeys[key]
	return ok
}

// noService is the context of a request that no service makes.
type noService struct{}

// Value returns what the keys about services hold, and leaves others open.
func (noService) Value(key string) policy.Value {
	if v, ok := serviceKeys[key]; ok {
		return v
	}
	return policy.Value{State: policy.Open}
}

// forServices reports whether a condition of a statement fails for everybody but
// AWS services.
func forServices(st *policy.Statement) bool {
	return slices.ContainsFunc(st.Conditions, func(c policy.Condition) bool {
		return ServiceKey(c.LowerKey()) && c.Test(noService{}) == policy.False
	})
}

// mayAssume reports whether a policy of a user or role may let it assume roles, or
// can't be read.
func (l *Lookup) mayAssume(p *inventory.Principal) bool {
	return carries(p, func(doc *policy.Document) bool {
		known, ok := l.assuming.Load(doc)
		if !ok {
			known, _ = l.assuming.LoadOrStore(doc, allowsAssuming(doc))
		}
		return known.(bool)
	})
}

func allowsAssuming(doc *policy.Document) bool {
	return damaged(doc) || slices.ContainsFunc(doc.Statements, func(st *policy.Statement) bool {
		return !st.Broken && st.Effect == policy.Allow && st.MatchAction("sts", "assumerole")
	})
}

// unclear reports whether something that bears on all requests of a user or role
// can't be told: a policy that can't be read, or a tag.
func unclear(p *inventory.Principal) bool {
	return p.Ambiguous() || p.Boundary != nil && damaged(p.Boundary.Doc) || carries(p, damaged)
}

func damaged(doc *policy.Document) bool { return len(doc.Faults) > 0 && doc.Damaged() }

// carries reports whether something is so of one of the identity policies of a
// principal, those of its groups among them.
func carries(p *inventory.Principal, is func(*policy.Document) bool) bool {
	one := func(pol *inventory.Policy) bool { return is(pol.Doc) }
	return slices.ContainsFunc(p.Inline, one) || slices.ContainsFunc(p.Attached, one) ||
		slices.ContainsFunc(p.Groups, func(g *inventory.Group) bool {
			return slices.ContainsFunc(g.Inline, one) || slices.ContainsFunc(g.Attached, one)
		})
}
