package solver

import (
	"slices"
	"strings"

	"pathfinder/graphmodel/arn"
	"pathfinder/graphmodel/escalation"
	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
)

// makesAnchor reports whether a method comes in by a trust anchor of Roles Anywhere that the
// caller makes.
func makesAnchor(m *escalation.Method) bool {
	return slices.ContainsFunc(m.Needs, func(n escalation.Need) bool { return slices.Contains(n.Actions, "rolesanywhere:CreateTrustAnchor") })
}

// takesNewAnchor reports whether a role may be entered by a trust anchor that is not there
// yet. Its id is of AWS's choice: a trust policy that names one by its ARN, as AWS advises,
// takes no other (IAM Roles Anywhere user guide, "Role trusting", 2026 crawl).
func (d *judge) takesNewAnchor(role *inventory.Principal) bool {
	const key = "aws:sourcearn"
	x := d.asService(role, "rolesanywhere.amazonaws.com")
	if x == nil || x.never() {
		return false
	}
	when := x.when()
	if !when.Reads(key) || when.Eval(absentKey(key)) != policy.False {
		return true
	}
	for _, value := range append(when.Values(key), "*") {
		region := arn.Region(value)
		if region == "" || strings.ContainsAny(region, "*?") {
			region = "us-east-1"
		}
		if when.Eval(oneKey(key, "arn:"+d.in.Partition+":rolesanywhere:"+region+":"+d.in.ID+":trust-anchor/pathfinder-probe")) != policy.False {
			return true
		}
	}
	return false
}
