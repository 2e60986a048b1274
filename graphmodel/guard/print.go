package guard

import (
	"bytes"
	"encoding/json"
	"strings"

	"pathfinder/graphmodel/policy"
)

// MarshalJSON writes null for no condition, one block as an object in policy
// language, and several as a list.
func (l Blocks) MarshalJSON() ([]byte, error) {
	switch len(l) {
	case 0:
		return []byte("null"), nil
	case 1:
		return l[0].MarshalJSON()
	}
	// Not json.Marshal, which escapes '<' and '&' whatever the caller wants.
	out := []byte("[")
	for i, b := range l {
		if i > 0 {
			out = append(out, ',')
		}
		text, err := b.MarshalJSON()
		if err != nil {
			return nil, err
		}
		out = append(out, text...)
	}
	return append(out, ']'), nil
}

// MarshalJSON writes the block as the Condition element of a statement.
func (b Block) MarshalJSON() ([]byte, error) {
	var out bytes.Buffer
	out.WriteByte('{')
	for i := 0; i < len(b); {
		if i > 0 {
			out.WriteByte(',')
		}
		writeJSON(&out, b[i].Operator)
		out.WriteString(":{")
		for first := i; i < len(b) && b[i].Operator == b[first].Operator; i++ {
			if i > first {
				out.WriteByte(',')
			}
			writeJSON(&out, b[i].Key)
			out.WriteByte(':')
			switch values := b[i].Values; len(values) {
			case 0:
				out.WriteString("[]")
			case 1:
				writeJSON(&out, values[0])
			default:
				writeJSON(&out, values)
			}
		}
		out.WriteByte('}')
	}
	out.WriteByte('}')
	return out.Bytes(), nil
}

// writeJSON writes a string or a list of strings, which can't fail.
func writeJSON(out *bytes.Buffer, v any) {
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		panic("BUG: " + err.Error())
	}
	out.Truncate(out.Len() - 1) // the newline that Encode adds
}

// String writes the alternatives for people:
// "aws:SourceIp in 10.0.0.0/8 and aws:MultiFactorAuthPresent is true".
func (l Blocks) String() string {
	parts := make([]string, len(l))
	for i, b := range l {
		parts[i] = b.String()
		switch {
		case len(l) > 1 && len(b) > 1:
			parts[i] = "(" + parts[i] + ")"
		case len(l) > 1 && len(b) == 0: // its tests were left out
			parts[i] = "in other cases"
		}
	}
	return strings.Join(parts, " or ")
}

// String writes the tests for people, joined by "and".
func (b Block) String() string {
	if len(b) == 0 {
		return "(a condition that can't be written here)"
	}
	parts := make([]string, len(b))
	for i, t := range b {
		parts[i] = t.String()
	}
	return strings.Join(parts, " and ")
}

// verbs reads operators aloud.
var verbs = map[string]string{
	"StringEquals": "=", "StringNotEquals": "≠", "StringLike": "like", "StringNotLike": "not like",
	"StringEqualsIgnoreCase": "= (any case)", "StringNotEqualsIgnoreCase": "≠ (any case)",
	"NumericEquals": "=", "NumericNotEquals": "≠", "NumericLessThan": "<", "NumericLessThanEquals": "≤",
	"NumericGreaterThan": ">", "NumericGreaterThanEquals": "≥",
	"DateEquals": "=", "DateNotEquals": "≠", "DateLessThan": "before", "DateLessThanEquals": "until",
	"DateGreaterThan": "after", "DateGreaterThanEquals": "from", "Bool": "is", "BinaryEquals": "=",
	"IpAddress": "in", "NotIpAddress": "not in",
	"ArnEquals": "like", "ArnLike": "like", "ArnNotEquals": "not like", "ArnNotLike": "not like",
}

// String writes one test for people.
func (t Test) String() string {
	name := t.Operator
	if op, ok := policy.ParseOperator(name); ok {
		name = op.String() // a block may spell it in another case
	}
	name, optional := strings.CutSuffix(name, "IfExists")
	if name == "Null" && len(t.Values) == 1 {
		if strings.EqualFold(t.Values[0], "true") {
			return t.Key + " absent"
		}
		return t.Key + " present"
	}
	prefix := ""
	if rest, ok := strings.CutPrefix(name, "ForAllValues:"); ok {
		prefix, name = "every ", rest
	} else if rest, ok := strings.CutPrefix(name, "ForAnyValue:"); ok {
		prefix, name = "some ", rest
	}
	verb, ok := verbs[name]
	if !ok {
		verb = name
	}
	values := strings.Join(t.Values, ", ")
	if len(t.Values) > 1 {
		values = "{" + values + "}"
	}
	s := prefix + t.Key + " " + verb + " " + values
	if optional {
		s += " (or absent)"
	}
	return s
}
