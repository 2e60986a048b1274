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
	limitNew        // by what is newer than the guide's text, or unclear in it
	limitOld
)

// limits tells whether one condition pins the caller to fixed values.
func limits(c *policy.Condition) limit {
	op := c.Operator
	if op.Negated() || op.IfExists || op.Set == policy.ForAllValues || op.IsNull() || len(c.Values) == 0 {
		return limitNone
	}
	best, known := publicKeys[c.LowerKey()]
	if !known {
		return limitNone
	}
	for _, v := range c.Values {
		best = min(best, fixedValue(c.LowerKey(), v, op.Wildcards()))
	}
	return best
}

// publicKeys are the keys that limit: those of the guide's text, and newer ones
// (E172). Only AWS services have the last two, at any value that can match.
var publicKeys = map[string]limit{
	"aws:principalorgid": limitOld, "aws:principalaccount": limitOld, "aws:principalarn": limitOld,
	"aws:sourceip": limitOld, "aws:sourcearn": limitOld, "aws:sourcevpc": limitOld, "aws:sourcevpce": limitOld,
	"aws:sourceowner": limitOld, "aws:sourceaccount": limitOld, "aws:userid": limitOld,
	"s3:dataaccesspointarn": limitOld, "s3:dataaccesspointaccount": limitOld,
	"aws:vpceaccount": limitNew, "aws:vpceorgid": limitNew, "aws:vpceorgpaths": limitNew, "aws:sourcevpcarn": limitNew,
	"aws:principalorgpaths": limitNew, "aws:sourceorgid": limitNew, "aws:sourceorgpaths": limitNew,
	"aws:principalservicename": limitNew, "aws:principalisawsservice": limitNew,
}

// fixedValue tells how far a policy value pins its key down. wild says that
// '*' and '?' are wildcards in it.
func fixedValue(key, v string, wild bool) limit {
	free := wild && strings.ContainsAny(v, "*?")
	fixed := !free
	switch {
	case strings.Contains(v, "${"):
		return limitNone
	case key == "aws:sourceip":
		fixed = narrowRange(v)
	case key == "aws:principalarn", key == "s3:dataaccesspointarn":
		fixed = !free || arn.IsAccountID(arn.Account(v))
	case key == "aws:principalservicename":
		return limitNew
	case key == "aws:principalisawsservice":
		fixed = strings.EqualFold(v, "true")
	case key == "aws:userid" && free:
		// The guide says fixed values "outside the pattern AROLEID:*". As a
		// wildcard is not fixed anyway, the pattern reads as the exception: it
		// names one role, in whatever session. The opposite reading is possible.
		if id, _, ok := strings.Cut(v, ":"); ok && id != "" && !strings.ContainsAny(id, "*?") {
			return limitNew
		}
	}
	if fixed {
		return limitOld
	}
	return limitNone
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
