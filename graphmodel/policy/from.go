package policy

import (
	"strconv"
	"time"
)

// testFrom decides the tests that come out alike for all times from that of v on. Time goes
// one way: what has to be before a day that has passed never is, what has to be after it
// always.
func (c *Condition) testFrom(v Value) Truth {
	fam := ops[c.Operator.base].family
	if c.Operator.Set != NoSet || fam != famDate && fam != famNumeric {
		return Unknown
	}
	hit := False
	for i := range c.values {
		hit = max(hit, c.hitFrom(i, v.From))
	}
	if c.Operator.Negated() {
		hit = -hit
	}
	if v.Within != "" || hit == Of(c.Operator.Negated() || c.Operator.IfExists) { // E50, E51: so does an absent key
		return hit
	}
	return Unknown
}

// hitFrom compares all times from one on with one policy value, as the positive form of the
// operator does.
func (c *Condition) hitFrom(i int, from time.Time) Truth {
	op, g, s := c.Operator.base, c.values[i].glob, from.UTC().Format(time.RFC3339Nano)
	if ops[op].family == famNumeric {
		s = strconv.FormatInt(from.Unix(), 10)
	}
	switch op {
	case opDateGreaterThan, opDateGreaterThanEquals, opNumericGreaterThan, opNumericGreaterThanEquals:
		if compare(op, g, s) {
			return True
		}
		return Unknown
	case opDateEquals, opDateNotEquals:
		op = opDateLessThanEquals
	case opNumericEquals, opNumericNotEquals:
		op = opNumericLessThanEquals
	}
	if compare(op, g, s) {
		return Unknown
	}
	return False
}
