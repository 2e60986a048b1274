package solver

import (
	"slices"
	"strings"

	"pathfinder/graphmodel/arn"
	"pathfinder/graphmodel/guard"
	"pathfinder/graphmodel/policy"
)

// Calls on a way are requests of their own, with one thing in common: what is made in one
// region is used there. Calls of one method to one service that no region lets through
// together lead nowhere, however each of them may be made.

// A made is a call whose condition reads the region.
type made struct {
	service string
	when    *guard.Expr
}

const regionKey = "aws:requestedregion"

// everywhere are the services whose calls have a region of their own, or none. Source: IAM
// user guide, "AWS global condition context keys", aws:RequestedRegion, 2026 crawl.
var everywhere = set("iam", "sts", "organizations", "cloudfront", "route53", "support", "budgets", "globalaccelerator", "s3")

// regionsTried are some that patterns may cover together, and one that nobody names.
var regionsTried = strings.Fields("us-east-1 us-east-2 us-west-1 us-west-2 ca-central-1 sa-east-1 eu-west-1 eu-west-2 eu-west-3 eu-central-1 " +
	"eu-central-2 eu-north-1 eu-south-1 eu-south-2 ap-south-1 ap-south-2 ap-southeast-1 ap-southeast-2 ap-southeast-3 ap-northeast-1 " +
	"ap-northeast-2 ap-northeast-3 ap-east-1 ap-east-2 ap-southeast-4 ap-southeast-5 ap-southeast-7 ca-west-1 mx-central-1 me-south-1 me-central-1 il-central-1 af-south-1 cn-north-1 cn-northwest-1 us-gov-east-1 " +
	"us-gov-west-1 another-region-1")

// regionOf makes a region of a pattern.
var regionOf = strings.NewReplacer("*", "", "?", "1")

// madeOf notes a call, if its condition reads the region.
func madeOf(action string, when *guard.Expr) []made {
	service, _ := splitAction(action)
	if everywhere[service] || !when.Reads(regionKey) {
		return nil
	}
	return []made{{service, when}}
}

// inOneRegion reports whether calls to each service may be made in one region.
func inOneRegion(calls []made) bool {
	if len(calls) < 2 {
		return true
	}
	for i := range calls {
		service := calls[i].service
		if slices.ContainsFunc(calls[:i], func(m made) bool { return m.service == service }) {
			continue
		}
		regions := slices.Clone(regionsTried)
		var whens []*guard.Expr
		for _, m := range calls[i:] {
			if m.service != service {
				continue
			}
			whens = append(whens, m.when)
			regions = append(regions, m.when.Values(regionKey)...)
		}
		if len(whens) > 1 && !slices.ContainsFunc(regions, func(r string) bool {
			at := oneKey(regionKey, regionOf.Replace(r))
			return !slices.ContainsFunc(whens, func(e *guard.Expr) bool { return e.Eval(at) == policy.False })
		}) {
			return false
		}
	}
	return true
}

// maxRegions bounds the regions that are tried of those that resources name.
const maxRegions = 40

// regionsNamed lists regions that statements name in the resources of some calls, and one
// that none names; nil where they name none.
func (d *judge) regionsNamed(st *state, things []thing) (list []string) {
	for _, g := range things {
		for i := range g.needs {
			for _, action := range g.needs[i].Actions {
				d.speaking(st, action).all(func(s *policy.Statement) {
					for i := range s.Resources {
						if r := arn.Region(s.Resources[i].Text); r != "" && r != "*" && !strings.Contains(r, "$") && len(list) < maxRegions {
							list = appendNew(list, regionOf.Replace(r))
						}
					}
				})
			}
		}
	}
	if len(list) > 0 {
		list = append(list, "another-region-1")
	}
	return list
}

// inRegion returns an ARN, of any region, as one of a region.
func inRegion(text, region string) string {
	if parts := strings.SplitN(text, ":", 5); len(parts) == 5 && parts[3] == "*" {
		parts[3] = region
		return strings.Join(parts, ":")
	}
	return text
}
