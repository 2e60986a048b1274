package cloudformation

import "strings"

// ref works out Ref: a parameter, or a resource.
func (c *call) ref() *value {
	name, ok := c.arg.scalar()
	if !ok {
		if name, ok = c.extendedName(c.arg); !ok {
			return c.unknown("the name of a parameter or resource is expected")
		}
	}
	return c.named(name)
}

// extendedName works out a logical id that a function gives, which the language
// extensions allow.
func (c *call) extendedName(v *value) (string, bool) {
	if !c.s.t.extended() {
		return "", false
	}
	return c.s.resolve(v, c.in).scalar()
}

// named returns what Ref name gives.
func (c *call) named(name string) *value {
	if strings.HasPrefix(name, "AWS::") {
		v, why := c.s.pseudo(name)
		if why != "" {
			return c.unknown("%s", why)
		}
		return v
	}
	if v := c.s.params[name]; v != nil {
		if v.kind == kindUnknown {
			return c.unknown("%s", v.text)
		}
		return v
	}
	id := c.s.identity(name)
	if id == nil {
		return c.unknown("the template has no parameter or resource of this name")
	}
	if id.why != "" {
		return c.unknown("%s", id.why)
	}
	return id.ref
}

// getAtt works out Fn::GetAtt.
func (c *call) getAtt() *value {
	name, attribute := "", ""
	switch {
	case c.arg.kind == kindText:
		name, attribute, _ = strings.Cut(c.arg.text, ".")
	case c.arg.kind == kindList && len(c.arg.vals) >= 2:
		var ok bool
		if name, ok = c.arg.vals[0].scalar(); !ok {
			if name, ok = c.extendedName(c.arg.vals[0]); !ok {
				return c.unknown("the name of a resource is expected")
			}
		}
		var parts []string
		for _, e := range c.arg.vals[1:] {
			part, bad := c.text(e)
			if bad != nil {
				return bad
			}
			parts = append(parts, part)
		}
		attribute = strings.Join(parts, ".")
	default:
		return c.unknown("it takes a resource and an attribute")
	}
	return c.attribute(name, attribute)
}

func (c *call) attribute(name, attribute string) *value {
	if output, ok := strings.CutPrefix(attribute, "Outputs."); ok {
		return c.nestedOutput(name, output)
	}
	id := c.s.identity(name)
	switch {
	case id == nil:
		return c.unknown("the template has no resource of this name")
	case id.why != "":
		return c.unknown("%s", id.why)
	case id.attributes[attribute] == nil:
		return c.unknown("the attribute %s of %s is known once it is there", short(attribute), short(id.typ))
	}
	return id.attributes[attribute]
}

// sub works out Fn::Sub.
func (c *call) sub() *value {
	format, vars := c.arg, (*value)(nil)
	if c.arg.kind == kindList {
		if len(c.arg.vals) != 2 || c.arg.vals[1].kind != kindObject {
			return c.unknown("it takes a text, or a text and an object of variables")
		}
		format, vars = c.arg.vals[0], c.arg.vals[1]
	}
	rest, bad := c.text(format)
	if bad != nil {
		return bad
	}
	var b strings.Builder
	done := make(map[string]string) // a variable is worked out once
	for {
		before, after, found := strings.Cut(rest, "${")
		b.WriteString(before)
		name, behind, closed := strings.Cut(after, "}")
		if !found || !closed {
			if found {
				b.WriteString("${" + after)
			}
			return c.made(b.String())
		}
		rest = behind
		if literal, ok := strings.CutPrefix(name, "!"); ok {
			b.WriteString("${" + literal + "}")
			continue
		}
		name = strings.TrimSpace(name)
		s, ok := done[name]
		if !ok {
			if s, bad = c.variable(name, vars); bad != nil {
				return bad
			}
			done[name] = s
		}
		if b.WriteString(s); b.Len() > maxText {
			return c.made(b.String())
		}
	}
}

// variable works out ${name} of Fn::Sub.
func (c *call) variable(name string, vars *value) (string, *value) {
	if v := vars.get(name); v != nil {
		return c.text(v)
	}
	var v *value
	inner := &call{s: c.s, name: "Fn::Sub", arg: text("${" + name + "}"), in: c.in, line: c.line}
	if resource, attribute, ok := strings.Cut(name, "."); ok {
		v = inner.attribute(resource, attribute)
	} else {
		v = inner.named(name)
	}
	if v.kind == kindUnknown {
		return "", v
	}
	s, ok := v.scalar()
	if !ok {
		return "", inner.unknown("a text is expected, not %s", v.what())
	}
	return s, nil
}
