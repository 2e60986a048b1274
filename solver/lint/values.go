package lint

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"pathfinder/graphmodel/arn"
	"pathfinder/graphmodel/policy"
)

// A form is how the values of a key look that hold nothing else.
type form struct {
	globs []string
	looks string // in words
}

var (
	accountForm      = form{[]string{"????????????", "anonymous"}, "the 12 digits of an account"}
	organizationForm = form{[]string{"o-*"}, "the id of an organization, such as o-a1b2c3d4e5"}
	pathForm         = form{[]string{"o-*/*/"}, "o-ID/r-ID/ou-ID/, and ends with a slash (E222)"}
)

// valueForms are the forms of values, by key in lower case. Sources: IAM User Guide, "AWS
// global condition context keys" and the check reference of IAM Access Analyzer; KMS
// developer guide, kms:ViaService; 2026 crawl.
var valueForms = map[string]form{
	"aws:principalaccount": accountForm, "aws:sourceaccount": accountForm, "aws:resourceaccount": accountForm, "aws:vpceaccount": accountForm,
	"kms:calleraccount": accountForm, "s3:resourceaccount": accountForm,
	"aws:principalorgid": organizationForm, "aws:sourceorgid": organizationForm, "aws:resourceorgid": organizationForm, "aws:vpceorgid": organizationForm,
	"aws:principalorgpaths": pathForm, "aws:sourceorgpaths": pathForm, "aws:resourceorgpaths": pathForm, "aws:vpceorgpaths": pathForm,
	"aws:sourcevpc":       {[]string{"vpc-*"}, "the id of a VPC, such as vpc-1a2b3c4d"},
	"aws:sourcevpce":      {[]string{"vpce-*"}, "the id of a VPC endpoint, such as vpce-1a2b3c4d"},
	"aws:principaltype":   {[]string{"Account", "User", "AssumedRole", "FederatedUser", "Anonymous"}, "Account, User, AssumedRole, FederatedUser or Anonymous"},
	"aws:principalarn":    {[]string{"arn:*:iam::*", "arn:*:sts::*"}, "the ARN of a user or account, and of a session that of its role, such as arn:aws:iam::111122223333:role/NAME (E78)"},
	"iam:passedtoservice": {[]string{"*.*"}, "the full name of a service, such as ec2.amazonaws.com"},
	"kms:viaservice":      {[]string{"*.*.*.*"}, "the name of a service with its region, such as s3.eu-west-1.amazonaws.com (E195)"},
}

// values finds values in conditions that their key never holds.
func (l *linter) values() {
	for _, st := range l.sound() {
		for i := range st.Conditions {
			c := &st.Conditions[i]
			at := l.places.Condition(st, c).Pointer
			if c.Operator.IsNull() || l.reported(at, ruleKeyUnknown, ruleValueUnreadable, ruleKeyType) {
				continue
			}
			for k, v := range c.Values {
				looks := l.neverHeld(c, v)
				if looks == "" || l.reported(l.places.Item(at, k).Pointer, ruleWildcardLiteral) {
					continue
				}
				l.report(ruleValueNeverHeld, st, l.places.Item(at, k), says{message: fmt.Sprintf("%s never holds %s: it is %s", c.Key, quote(v), looks)})
			}
		}
	}
}

// neverHeld says how the values of a key look that has none which a test compares with v;
// "" when it may have some.
func (l *linter) neverHeld(c *policy.Condition, v string) string {
	op := c.Operator.String()
	if strings.Contains(op, "IgnoreCase") || strings.Contains(v, "${") {
		return ""
	}
	if c.LowerKey() == "aws:sourceip" {
		return privateOnly(v)
	}
	f, known := valueForms[c.LowerKey()]
	if !known || !strings.Contains(op, "String") && !strings.Contains(op, "Arn") {
		return ""
	}
	g := arn.Literal(v)
	if c.Operator.Wildcards() {
		g = arn.NewGlob(v)
	}
	ofSession := c.LowerKey() == "aws:principalarn" && arn.Service(v) == "sts" && strings.HasPrefix(arn.Resource(v), "assumed-role/")
	if !ofSession && slices.ContainsFunc(f.globs, func(form string) bool { return arn.Overlaps(arn.NewGlob(form), g) }) {
		return ""
	}
	return f.looks
}

// privateOnly says how addresses look that requests come from, if v covers private ones
// alone: calls from private networks carry aws:VpcSourceIp in its place.
func privateOnly(v string) string {
	p, err := netip.ParsePrefix(v)
	if a, one := netip.ParseAddr(v); one == nil {
		p, err = a.Prefix(a.BitLen())
	}
	if err != nil || !slices.ContainsFunc(privateNetworks, func(n netip.Prefix) bool { return n.Bits() <= p.Bits() && n.Contains(p.Addr()) }) {
		return ""
	}
	return "a public address; calls through a VPC endpoint carry their private one in aws:VpcSourceIp"
}

var privateNetworks = []netip.Prefix{
	netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("172.16.0.0/12"), netip.MustParsePrefix("192.168.0.0/16"), netip.MustParsePrefix("fc00::/7"),
}
