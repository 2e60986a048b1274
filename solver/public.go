package solver

import (
	"net/netip"
	"strings"

	"pathfinder/graphmodel/arn"
	"pathfinder/graphmodel/policy"
)

// PublicPolicy reports whether S3 calls a bucket policy public: some Allow
// statement is not limited to fixed values of at least one of a list of
// things (E172). unsure says that the policy is not public only by keys that
// are newer than the text of the rule.
//
// Source: S3 user guide, "The meaning of 'public'".
func PublicPolicy(doc *policy.Document) (public, unsure bool) {
	for _, s := range doc.Statements {
		if s.Broken || s.Effect != policy.Allow {
			continue
		}
		limited, byNewKey := limitedStatement(s)
		if !limited {
			return true, false
		}
		unsure = unsure || byNewKey
	}
	return false, unsure
}

func limitedStatement(s *policy.Statement) (limited, byNewKey bool) {
	if !s.HasPrincipal {
		return true, false // it matches nobody
	}
	everyone := s.NotPrincipal
	for i := range s.Principals {
		everyone = everyone || s.Principals[i].Kind == policy.Everyone
	}
	if !everyone {
		return true, false
	}
	for i := range s.Conditions {
		switch limits(&s.Conditions[i]) {
		case limitOld:
			return true, false
		case limitNew:
			byNewKey = true
		case limitNone:
		}
	}
	return byNewKey, byNewKey
}

type limit uint8

const (
	limitNone limit = iota
	limitOld
	limitNew
)

// limits tells whether one condition pins the caller to fixed values.
func limits(c *policy.Condition) limit {
	op := c.Operator
	if op.Negated() || op.IfExists || op.Set == policy.ForAllValues || op.IsNull() || len(c.Values) == 0 {
		return limitNone
	}
	old, known := publicKeys[c.LowerKey()]
	if !known {
		return limitNone
	}
	for _, v := range c.Values {
		if !fixedValue(c.LowerKey(), v, op.Wildcards()) {
			return limitNone
		}
	}
	if old {
		return limitOld
	}
	return limitNew
}

// publicKeys are the keys that limit: true for those of the guide's text,
// false for newer ones (E172).
var publicKeys = map[string]bool{
	"aws:principalorgid": true, "aws:principalaccount": true, "aws:principalarn": true,
	"aws:sourceip": true, "aws:sourcearn": true, "aws:sourcevpc": true, "aws:sourcevpce": true,
	"aws:sourceowner": true, "aws:sourceaccount": true, "aws:userid": true,
	"s3:dataaccesspointarn": true, "s3:dataaccesspointaccount": true,
	"aws:vpceaccount": false, "aws:vpceorgid": false, "aws:sourcevpcarn": false,
	"aws:principalorgpaths": false, "aws:principalservicename": false, "aws:sourceorgid": false,
}

// fixedValue reports whether a policy value leaves no room. wild says that
// '*' and '?' are wildcards in it.
func fixedValue(key, v string, wild bool) bool {
	if strings.Contains(v, "${") {
		return false
	}
	free := wild && strings.ContainsAny(v, "*?")
	switch key {
	case "aws:sourceip":
		return narrowRange(v)
	case "aws:principalarn", "s3:dataaccesspointarn":
		return !free || arn.IsAccountID(arn.Account(v))
	}
	return !free
}

// narrowRange reports whether a range is not wider than /8 for IPv4 or /32 for
// IPv6.
func narrowRange(v string) bool {
	p, err := netip.ParsePrefix(v)
	if err != nil {
		_, err := netip.ParseAddr(v)
		return err == nil
	}
	if p.Addr().Is4() {
		return p.Bits() >= 8
	}
	return p.Bits() >= 32
}
