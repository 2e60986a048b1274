package cloudformation

// A truth is what a condition comes to. With why it is not known.
type truth struct {
	yes  bool
	why  string
	busy bool
}

// not, and the loops of andOr, follow Kleene's logic of three values.
func (t truth) not() truth {
	t.yes = !t.yes && t.why == ""
	return t
}

// condition works out a named condition.
func (s *stack) condition(name string) truth {
	if t := s.truths[name]; t != nil {
		if t.busy {
			return truth{why: s.fail("the condition "+name, nil, "it depends on itself").text}
		}
		return *t
	}
	v := s.conditions.get(name)
	if v == nil {
		return truth{why: s.fail("the condition "+name, nil, "the template has none of this name").text}
	}
	if s.d.chain >= maxChain {
		return truth{why: s.fail("the condition "+name, v, "it refers on too far").text}
	}
	s.d.chain++
	defer func() { s.d.chain-- }()
	t := &truth{busy: true}
	s.truths[name] = t
	*t = s.test(v, "the condition "+name)
	return *t
}

// test works out a condition function.
func (s *stack) test(v *value, in string) truth {
	if v.kind != kindObject || len(v.keys) != 1 {
		if b, ok := v.scalar(); ok && v.kind != kindNumber && (b == "true" || b == "false") {
			return truth{yes: b == "true"}
		}
		return truth{why: s.fail(in, v, "a condition function is expected, not "+v.what()).text}
	}
	arg := v.vals[0]
	switch v.keys[0] {
	case "Condition":
		if name, ok := arg.scalar(); ok {
			return s.condition(name)
		}
	case "Fn::Not":
		if len(arg.elements()) == 1 {
			return s.test(arg.elements()[0], in).not()
		}
	case "Fn::And", "Fn::Or":
		if len(arg.elements()) > 0 {
			return s.andOr(arg.elements(), v.keys[0] == "Fn::And", in)
		}
	case "Fn::Equals":
		if len(arg.elements()) == 2 {
			return s.equals(arg.vals, in)
		}
	}
	return truth{why: s.fail(v.keys[0]+" in "+in, v, "this is no condition function with its arguments").text}
}

func (s *stack) andOr(list []*value, and bool, in string) truth {
	out := truth{yes: and}
	for _, v := range list {
		t := s.test(v, in)
		switch {
		case t.why == "" && t.yes != and:
			return t // decides, whatever the others are
		case t.why != "" && out.why == "":
			out = truth{why: t.why}
		}
	}
	return out
}

// equals compares two values. A parameter with NoEcho counts here: the outcome
// does not show it.
func (s *stack) equals(args []*value, in string) truth {
	var sides [2]*value
	for i, v := range args {
		sides[i] = s.resolve(v, in)
		if v.kind == kindObject && len(v.keys) == 1 && v.keys[0] == "Ref" {
			if name, ok := v.vals[0].scalar(); ok && s.secret[name] != nil {
				sides[i] = s.secret[name]
			}
		}
		if why, found := sides[i].reason(); found {
			return truth{why: why}
		}
	}
	return truth{yes: same(sides[0], sides[1])}
}

// same compares values as CloudFormation does: scalars are texts.
func same(a, b *value) bool {
	x, ok := a.scalar()
	y, also := b.scalar()
	if ok || also {
		return ok && also && x == y
	}
	if a.kind != b.kind || len(a.vals) != len(b.vals) {
		return false
	}
	for i := range a.vals {
		other := b.vals[i]
		if a.kind == kindObject {
			if other = b.get(a.keys[i]); other == nil {
				return false
			}
		}
		if !same(a.vals[i], other) {
			return false
		}
	}
	return true
}

// choose works out Fn::If.
func (c *call) choose() *value {
	args, bad := c.args(3, 3)
	if bad != nil {
		return bad
	}
	var t truth
	if name, ok := args[0].scalar(); ok {
		t = c.s.condition(name)
	} else {
		t = c.s.test(args[0], c.in)
	}
	switch {
	case t.why != "":
		yes, no := c.s.resolve(args[1], c.in), c.s.resolve(args[2], c.in)
		_, open := yes.reason()
		if _, also := no.reason(); !open && !also && yes.kind == no.kind && same(yes, no) {
			return yes // either way
		}
		return unknown(t.why).at(c.line)
	case t.yes:
		return c.s.resolve(args[1], c.in)
	}
	return c.s.resolve(args[2], c.in)
}

// boolean works out a condition function that stands where a value is expected.
func (c *call) boolean() *value {
	t := c.s.test(&value{kind: kindObject, keys: []string{c.name}, vals: []*value{c.arg}, line: c.line}, c.in)
	switch {
	case t.why != "":
		return unknown(t.why).at(c.line)
	case t.yes:
		return &value{kind: kindBool, text: "true", line: c.line}
	}
	return &value{kind: kindBool, text: "false", line: c.line}
}
