package solver

import "pathfinder/graphmodel/policy"

// ValueIn returns what Decide takes a request to hold under key, in lower case.
func ValueIn(c *Case, key string) policy.Value { return newEval(c, false).Value(key) }
