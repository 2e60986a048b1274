package cloudformation

import (
	"encoding/base64"
	"strconv"
	"strings"
)

// join works out Fn::Join.
func (c *call) join() *value {
	args, bad := c.args(2, 2)
	if bad != nil {
		return bad
	}
	delimiter, bad := c.text(args[0])
	if bad != nil {
		return bad
	}
	list, bad := c.list(args[1])
	if bad != nil {
		return bad
	}
	var b strings.Builder
	for i, e := range list {
		if e.kind == kindUnknown {
			return e
		}
		s, ok := e.scalar()
		if !ok {
			return c.unknown("it joins texts, not %s", e.what())
		}
		if i > 0 {
			b.WriteString(delimiter)
		}
		if b.WriteString(s); b.Len() > maxText {
			break
		}
	}
	return c.made(b.String())
}

// split works out Fn::Split.
func (c *call) split() *value {
	args, bad := c.args(2, 2)
	if bad != nil {
		return bad
	}
	delimiter, bad := c.text(args[0])
	if bad != nil {
		return bad
	}
	s, bad := c.text(args[1])
	if bad != nil {
		return bad
	}
	if delimiter == "" {
		return c.unknown("the delimiter is empty")
	}
	out := &value{kind: kindList, line: c.line}
	for part := range strings.SplitSeq(s, delimiter) {
		out.vals = append(out.vals, text(part).at(c.line))
	}
	return out
}

// pick works out Fn::Select.
func (c *call) pick() *value {
	args, bad := c.args(2, 2)
	if bad != nil {
		return bad
	}
	index, bad := c.text(args[0])
	if bad != nil {
		return bad
	}
	list, bad := c.list(args[1])
	if bad != nil {
		return bad
	}
	i, err := strconv.Atoi(index)
	if err != nil || i < 0 || i >= len(list) {
		return c.unknown("the list of %d has no element %s", len(list), short(index))
	}
	return list[i]
}

// findInMap works out Fn::FindInMap. With the language extensions it may have a
// default in a fourth argument.
func (c *call) findInMap() *value {
	args, bad := c.args(3, 4)
	if bad != nil {
		return bad
	}
	v, path := c.s.t.mappings, ""
	for _, a := range args[:3] {
		key, bad := c.text(a)
		if bad != nil {
			return bad
		}
		v, path = v.get(key), path+"."+key
	}
	switch {
	case v != nil:
		return c.s.resolve(v, c.in)
	case len(args) == 4 && args[3].get("DefaultValue") != nil:
		return c.s.resolve(args[3].get("DefaultValue"), c.in)
	}
	return c.unknown("the mappings have no %s", short(strings.TrimPrefix(path, ".")))
}

func (c *call) base64() *value {
	s, bad := c.text(c.arg)
	if bad != nil {
		return bad
	}
	return c.made(base64.StdEncoding.EncodeToString([]byte(s)))
}

// toJSON works out Fn::ToJsonString of the language extensions.
func (c *call) toJSON() *value {
	v := c.s.resolve(c.arg, c.in)
	if why, found := v.reason(); found {
		return unknown(why).at(c.line)
	}
	return c.made(string(v.json(true)))
}

// length works out Fn::Length of the language extensions.
func (c *call) length() *value {
	list, bad := c.list(c.arg)
	if bad != nil {
		return bad
	}
	return &value{kind: kindNumber, text: strconv.Itoa(len(list)), line: c.line}
}
