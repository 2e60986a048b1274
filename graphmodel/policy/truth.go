package policy

// Truth is a truth value of Kleene's three-valued logic. AND is min, OR is
// max, NOT is the sign.
type Truth int8

// The truth values. Unknown means that the context leaves it open.
const (
	False   Truth = -1
	Unknown Truth = 0
	True    Truth = 1
)

// Of returns True or False.
func Of(b bool) Truth {
	if b {
		return True
	}
	return False
}

// String returns "true", "false" or "unknown".
func (t Truth) String() string {
	switch t {
	case True:
		return "true"
	case False:
		return "false"
	case Unknown:
		return "unknown"
	}
	return "invalid"
}
