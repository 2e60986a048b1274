package audit

import (
	"strconv"
	"strings"
	"time"

	"pathfinder/graphmodel/guard"
	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
	"pathfinder/solver"
)

// Time goes one way: what was allowed until a day before the snapshot is so no more, and what
// is from such a day on is for good. Escalations know that as well.

// outsidersOf returns who is let in to a role from outside, without those whose time has passed.
func (a *auditor) outsidersOf(r *inventory.Principal) (out []solver.Outsider) {
	for _, o := range a.Solver.OutsidersOf(r) {
		may := false
		if o.Condition, may = a.fromNow(o.Condition); may {
			out = append(out, o)
		}
	}
	return out
}

// present leaves of outsiders of a resource what they can still do.
func (a *auditor) present(list []solver.Outsider) (out []solver.Outsider) {
	for _, o := range list {
		var grants []solver.Grant
		for _, g := range o.Grants {
			may := false
			if g.Condition, may = a.fromNow(g.Condition); may {
				grants = append(grants, g)
			}
		}
		if o.Grants = grants; len(grants) > 0 {
			out = append(out, o)
		}
	}
	return out
}

// fromNow narrows a condition to requests that are made after the snapshot was: what it asks
// of them, nil for nothing, and whether it may hold at all.
func (a *auditor) fromNow(when guard.Blocks) (left guard.Blocks, may bool) {
	if a.Inventory.Created.IsZero() {
		return when, true
	}
	return narrowed(when, func(t *guard.Test) policy.Truth { return onFrom(t, a.Inventory.Created) })
}

// onFrom decides a test on the time for all requests from a day on.
func onFrom(t *guard.Test, day time.Time) policy.Truth {
	key := strings.ToLower(t.Key)
	op, known := policy.ParseOperator(t.Operator)
	if !known || op.Set != policy.NoSet || key != "aws:currenttime" && key != "aws:epochtime" {
		return policy.Unknown
	}
	c := policy.NewCondition(t.Operator, t.Key, t.Values)
	holds := c.Test(request{key: policy.Single(moment(key, day))})
	switch {
	case strings.Contains(t.Operator, "GreaterThan") && holds == policy.True, strings.Contains(t.Operator, "LessThan") && holds == policy.False:
		return holds // and so it stays
	}
	return policy.Unknown
}

// moment writes a time as a key has it.
func moment(key string, t time.Time) string {
	if key == "aws:epochtime" {
		return strconv.FormatInt(t.Unix(), 10)
	}
	return t.UTC().Format(time.RFC3339)
}
