package policy

import "strings"

// base is an operator without its set prefix and its IfExists suffix.
type base uint8

const (
	opInvalid base = iota
	opStringEquals
	opStringNotEquals
	opStringEqualsIgnoreCase
	opStringNotEqualsIgnoreCase
	opStringLike
	opStringNotLike
	opNumericEquals
	opNumericNotEquals
	opNumericLessThan
	opNumericLessThanEquals
	opNumericGreaterThan
	opNumericGreaterThanEquals
	opDateEquals
	opDateNotEquals
	opDateLessThan
	opDateLessThanEquals
	opDateGreaterThan
	opDateGreaterThanEquals
	opBool
	opBinaryEquals
	opIPAddress
	opNotIPAddress
	opArnEquals
	opArnLike
	opArnNotEquals
	opArnNotLike
	opNull
)

// family groups operators by the type of value they compare.
type family uint8

const (
	famString family = iota
	famNumeric
	famDate
	famBool
	famBinary
	famIP
	famARN
	famNull
)

// An opInfo tells what an operator is. negated operators hold for an absent
// key (E50) and turn the alternatives of a value list into NOR (E46). inverse
// is the operator that holds exactly when this one does not, for a present
// value that this one can read.
type opInfo struct {
	name    string
	family  family
	negated bool
	inverse base
}

// ops is the table of the IAM guide, "IAM JSON policy elements: Condition
// operators".
var ops = [...]opInfo{
	opStringEquals:              {"StringEquals", famString, false, opStringNotEquals},
	opStringNotEquals:           {"StringNotEquals", famString, true, opStringEquals},
	opStringEqualsIgnoreCase:    {"StringEqualsIgnoreCase", famString, false, opStringNotEqualsIgnoreCase},
	opStringNotEqualsIgnoreCase: {"StringNotEqualsIgnoreCase", famString, true, opStringEqualsIgnoreCase},
	opStringLike:                {"StringLike", famString, false, opStringNotLike},
	opStringNotLike:             {"StringNotLike", famString, true, opStringLike},
	opNumericEquals:             {"NumericEquals", famNumeric, false, opNumericNotEquals},
	opNumericNotEquals:          {"NumericNotEquals", famNumeric, true, opNumericEquals},
	opNumericLessThan:           {"NumericLessThan", famNumeric, false, opNumericGreaterThanEquals},
	opNumericLessThanEquals:     {"NumericLessThanEquals", famNumeric, false, opNumericGreaterThan},
	opNumericGreaterThan:        {"NumericGreaterThan", famNumeric, false, opNumericLessThanEquals},
	opNumericGreaterThanEquals:  {"NumericGreaterThanEquals", famNumeric, false, opNumericLessThan},
	opDateEquals:                {"DateEquals", famDate, false, opDateNotEquals},
	opDateNotEquals:             {"DateNotEquals", famDate, true, opDateEquals},
	opDateLessThan:              {"DateLessThan", famDate, false, opDateGreaterThanEquals},
	opDateLessThanEquals:        {"DateLessThanEquals", famDate, false, opDateGreaterThan},
	opDateGreaterThan:           {"DateGreaterThan", famDate, false, opDateLessThanEquals},
	opDateGreaterThanEquals:     {"DateGreaterThanEquals", famDate, false, opDateLessThan},
	opBool:                      {"Bool", famBool, false, opBool},
	opBinaryEquals:              {"BinaryEquals", famBinary, false, opInvalid},
	opIPAddress:                 {"IpAddress", famIP, false, opNotIPAddress},
	opNotIPAddress:              {"NotIpAddress", famIP, true, opIPAddress},
	opArnEquals:                 {"ArnEquals", famARN, false, opArnNotEquals},
	opArnLike:                   {"ArnLike", famARN, false, opArnNotLike},
	opArnNotEquals:              {"ArnNotEquals", famARN, true, opArnEquals},
	opArnNotLike:                {"ArnNotLike", famARN, true, opArnLike},
	opNull:                      {"Null", famNull, false, opNull},
}

// opByName maps lower-case names to operators (E47: names without case).
var opByName = func() map[string]base {
	m := make(map[string]base, len(ops))
	for i := range ops {
		if ops[i].name != "" {
			m[strings.ToLower(ops[i].name)] = base(i)
		}
	}
	return m
}()

// SetOperator is the prefix for multivalued keys.
type SetOperator uint8

// The set operators.
const (
	NoSet SetOperator = iota
	ForAllValues
	ForAnyValue
)

// An Operator is a condition operator with its prefix and suffix.
type Operator struct {
	Set      SetOperator
	IfExists bool
	base     base
}

// ParseOperator reads [ForAllValues:|ForAnyValue:]Base[IfExists] without case
// (E47). ok is false for anything else, also for NullIfExists (E51).
func ParseOperator(text string) (op Operator, ok bool) {
	s := strings.ToLower(text)
	if rest, found := strings.CutPrefix(s, "forallvalues:"); found {
		op.Set, s = ForAllValues, rest
	} else if rest, found := strings.CutPrefix(s, "foranyvalue:"); found {
		op.Set, s = ForAnyValue, rest
	}
	if rest, found := strings.CutSuffix(s, "ifexists"); found {
		op.IfExists, s = true, rest
	}
	op.base = opByName[s]
	if op.base == opInvalid || op.base == opNull && (op.IfExists || op.Set != NoSet) {
		return Operator{}, false
	}
	return op, true
}

// String writes the operator as AWS spells it.
func (o Operator) String() string {
	var prefix, suffix string
	switch o.Set {
	case ForAllValues:
		prefix = "ForAllValues:"
	case ForAnyValue:
		prefix = "ForAnyValue:"
	case NoSet:
	}
	if o.IfExists {
		suffix = "IfExists"
	}
	return prefix + ops[o.base].name + suffix
}

// Negated reports whether the operator is one of the …Not… operators.
func (o Operator) Negated() bool { return ops[o.base].negated }

// IsNull reports whether the operator is Null.
func (o Operator) IsNull() bool { return o.base == opNull }

// Wildcards reports whether '*' and '?' in values are wildcards.
func (o Operator) Wildcards() bool {
	return o.base == opStringLike || o.base == opStringNotLike || ops[o.base].family == famARN
}

// takesVariables reports whether values may hold policy variables (E67; Bool
// by E56).
func (o Operator) takesVariables() bool {
	switch ops[o.base].family {
	case famString, famARN, famBool:
		return true
	case famNumeric, famDate, famBinary, famIP, famNull:
	}
	return false
}
