package solver

import (
	"slices"

	"pathfinder/graphmodel/escalation"
	"pathfinder/graphmodel/inventory"
)

// Some calls tell conditions which role they name, or the instance profile that delivers it.

// roleKeys are the keys of the role that a call passes; a call that passes none has none.
// Source: service authorization reference, CloudFormation and CodeBuild, 2026 crawl.
var roleKeys = []string{"cloudformation:rolearn", "codebuild:servicerole"}

// naming decides what asks for the role that is taken over, or its instance profile.
func naming(v ruling, m *escalation.Method, to *inventory.Principal) ruling {
	passes := m.Move == escalation.Pass
	for _, key := range roleKeys {
		if passes {
			v = closed(v, oneKey(key, to.ARN))
		} else {
			v = closed(v, absentKey(key))
		}
	}
	if slices.ContainsFunc(m.Needs, func(n escalation.Need) bool { return n.Profiled }) {
		return ofOne(ofOne(v, "ec2:instanceprofile", to.InstanceProfiles), "ec2:newinstanceprofile", to.InstanceProfiles)
	}
	if !passes && slices.Contains(m.Services, "ec2.amazonaws.com") {
		return ofOne(v, "ec2:instanceprofile", to.InstanceProfiles) // of the instance that runs as it
	}
	return v
}

// closed closes what a ruling asks of a key.
func closed(v ruling, ctx keyValue) ruling {
	if v.never() || !v.when.Reads(ctx.key) {
		return v
	}
	v.when = v.when.Given(ctx)
	return v
}

// ofOne closes what a ruling asks of a key that has one of some values; open where none is
// known.
func ofOne(v ruling, key string, values []string) ruling {
	if v.never() || !v.when.Reads(key) || len(values) == 0 {
		return v
	}
	best := ruling{}
	for _, value := range values {
		if w := closed(v, oneKey(key, value)); w.better(&best) {
			best = w
		}
	}
	return best
}
