package audit

import (
	"pathfinder/graphmodel/guard"
	"pathfinder/graphmodel/policy"
)

// A request fixes what requests carry under some keys, in lower case; an absent value
// says that they do not carry it. All other keys are open.
type request map[string]policy.Value

// Value returns what is fixed, or an open value.
func (r request) Value(key string) policy.Value {
	if v, fixed := r[key]; fixed {
		return v
	}
	return policy.Value{State: policy.Open}
}

// given narrows a condition to requests of which something is known: what it still asks
// of them, nil for nothing, and whether it may hold at all. A block that was written
// without tests stands for what can't be written, and stays open.
func given(when guard.Blocks, r request) (left guard.Blocks, may bool) {
	if len(when) == 0 {
		return nil, true
	}
	for _, block := range when {
		kept, never := guard.Block{}, false
		for _, t := range block {
			c := policy.NewCondition(t.Operator, t.Key, t.Values)
			switch c.Test(r) {
			case policy.True:
			case policy.False:
				never = true
			case policy.Unknown:
				kept = append(kept, t)
			}
		}
		switch {
		case never:
		case len(kept) == 0 && len(block) > 0:
			return nil, true
		default:
			left = append(left, kept)
		}
	}
	return left, len(left) > 0
}
