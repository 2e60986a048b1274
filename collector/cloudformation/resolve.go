package cloudformation

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// A call is a call of an intrinsic function.
type call struct {
	s    *stack
	name string // such as Fn::Sub
	arg  *value
	in   string // the logical id of what holds it
	line int
}

// resolve works out a value that stands in the part called in of a template.
func (s *stack) resolve(v *value, in string) *value {
	if v == nil {
		return absent
	}
	switch v.kind {
	case kindText:
		return s.still(v, in)
	case kindList:
		return s.resolveEach(v, in)
	case kindObject:
		if v.isFunction() {
			return s.still(s.d.spend(s.callIn(v, in)), in)
		}
		return s.resolveEach(s.unroll(v, 0), in)
	case kindNull, kindBool, kindNumber, kindAbsent:
	case kindUnknown:
		return s.fail("a value in "+in, v, v.text)
	}
	return v
}

// dynamicReference finds references to what lies in another service.
var dynamicReference = regexp.MustCompile(`\{\{resolve:[^{}]*\}\}`)

// still returns a text, unless it holds a reference that is followed only when
// the stack is deployed.
func (s *stack) still(v *value, in string) *value {
	switch v.kind {
	case kindText:
		if ref := dynamicReference.FindString(v.text); ref != "" {
			return s.fail("the dynamic reference "+ref+" in "+in, v, "its value is read when the stack is deployed")
		}
	case kindList:
		for i, e := range v.vals {
			if r := s.still(e, in); r != e {
				v = &value{kind: kindList, line: v.line, vals: slices.Clone(v.vals)}
				v.vals[i] = r
			}
		}
	case kindNull, kindBool, kindNumber, kindObject, kindUnknown, kindAbsent:
	}
	return v
}

// resolveEach works out the members of a list or an object.
func (s *stack) resolveEach(v *value, in string) *value {
	if v.kind != kindObject && v.kind != kindList {
		return v
	}
	out := &value{kind: v.kind, line: v.line}
	for i, e := range v.vals {
		r := s.resolve(e, in)
		if r.kind == kindAbsent {
			continue
		}
		if r.line == 0 {
			r = r.at(e.line)
		}
		out.vals = append(out.vals, r)
		if v.kind == kindObject {
			out.keys = append(out.keys, v.keys[i])
		}
	}
	return out
}

// functions are the intrinsic functions that can be worked out.
var functions map[string]func(*call) *value

func init() { // the functions call resolve
	functions = map[string]func(*call) *value{
		"Ref": (*call).ref, "Fn::GetAtt": (*call).getAtt, "Fn::Sub": (*call).sub, "Fn::Join": (*call).join,
		"Fn::Select": (*call).pick, "Fn::Split": (*call).split, "Fn::FindInMap": (*call).findInMap,
		"Fn::Base64": (*call).base64, "Fn::If": (*call).choose, "Fn::ImportValue": (*call).importValue,
		"Fn::ToJsonString": (*call).toJSON, "Fn::Length": (*call).length,
		"Fn::And": (*call).boolean, "Fn::Or": (*call).boolean, "Fn::Not": (*call).boolean, "Fn::Equals": (*call).boolean,
	}
}

// without says why other functions can't be worked out.
var without = map[string]string{
	"Fn::GetAZs":         "the Availability Zones are the account's",
	"Fn::Cidr":           "address blocks are cut when the stack is deployed",
	"Fn::Transform":      "the macro runs when the stack is deployed",
	"Fn::GetStackOutput": "the other stack is read when this one is deployed",
}

func (s *stack) callIn(v *value, in string) *value {
	if len(v.keys) > 1 {
		name := v.keys[0]
		for _, key := range v.keys {
			if strings.HasPrefix(key, "Fn::") {
				name = key
			}
		}
		why := "other members stand beside the function"
		if name == "Fn::Transform" {
			why = without[name]
		}
		return s.fail(name+" in "+in, v, why)
	}
	c := &call{s: s, name: v.keys[0], arg: v.vals[0], in: in, line: v.line}
	if f := functions[c.name]; f != nil {
		return f(c)
	}
	why := without[c.name]
	if why == "" {
		why = "there is no function of this name that can be worked out here"
	}
	return c.unknown("%s", why)
}

// unknown says that the call can't be worked out.
func (c *call) unknown(format string, args ...any) *value {
	what := c.name
	switch arg, ok := c.arg.scalar(); {
	case ok:
		what += " " + short(arg)
	case c.name == "Fn::GetAtt" && c.arg.kind == kindList:
		var parts []string
		for _, e := range c.arg.vals {
			part, _ := e.scalar()
			parts = append(parts, part)
		}
		what += " " + strings.Join(parts, ".")
	}
	return c.s.fail(what+" in "+c.in, &value{line: c.line}, fmt.Sprintf(format, args...))
}

// text works out an argument that must be a text; bad is what it is instead.
func (c *call) text(v *value) (s string, bad *value) {
	r := c.s.resolve(v, c.in)
	if r.kind == kindUnknown {
		return "", r
	}
	s, ok := r.scalar()
	if !ok {
		return "", c.unknown("a text is expected, not %s", r.what())
	}
	return s, nil
}

// args returns the arguments of a function that takes some in a list.
func (c *call) args(least, most int) ([]*value, *value) {
	if c.arg.kind != kindList || len(c.arg.vals) < least || len(c.arg.vals) > most {
		return nil, c.unknown("it takes a list of %d to %d arguments", least, most)
	}
	return c.arg.vals, nil
}

// list works out an argument that must be a list; its elements may be unknown.
func (c *call) list(v *value) (list []*value, bad *value) {
	r := c.s.resolve(v, c.in)
	switch r.kind {
	case kindUnknown:
		return nil, r
	case kindList:
		return r.vals, nil
	case kindNull, kindBool, kindNumber, kindText, kindObject, kindAbsent:
	}
	return nil, c.unknown("a list is expected, not %s", r.what())
}

func (t *template) place(line int) string {
	if line == 0 {
		return t.file
	}
	return fmt.Sprintf("%s line %d", t.file, line)
}

// maxText bounds what one call may come to.
const maxText = 1 << 20

// made returns what a call comes to as a text.
func (c *call) made(s string) *value {
	if len(s) > maxText {
		return c.unknown("it comes to a text of more than %d KiB", maxText>>10)
	}
	return text(s).at(c.line)
}
