package policy

import (
	"slices"
	"strconv"
	"strings"
)

func (p *parser) sid(s *Statement, val *node, at string) {
	s.Sid = val.text
	switch {
	case val.kind != '"':
		p.fault(val, at, Refused, "Sid is a text, not %s", val.name())
	case p.doc.Kind.isIAM() && !isAlphanumeric(s.Sid):
		p.fault(val, at, Refused, "the Sid %s holds more than letters and digits, which IAM refuses (E4)", quote(s.Sid))
	}
}

func isAlphanumeric(s string) bool {
	for i := range len(s) {
		if c := s[i] | 0x20; (c < 'a' || c > 'z') && (s[i] < '0' || s[i] > '9') {
			return false
		}
	}
	return true
}

func (p *parser) effect(s *Statement, val *node, at string) {
	switch {
	case val.kind == '"' && val.text == "Allow":
		s.Effect = Allow
	case val.kind == '"' && val.text == "Deny":
		s.Effect = Deny
	default:
		p.fault(val, at, Broken, "Effect is \"Allow\" or \"Deny\" in exactly this spelling, not %s", val.quote())
	}
}

func (p *parser) principals(s *Statement, val *node, at string) {
	s.HasPrincipal = true
	shared(p, 'P', val, &s.Principals, func() { p.readPrincipals(s, val, at) })
}

func (p *parser) readPrincipals(s *Statement, val *node, at string) {
	if val.kind == '"' && val.text == "*" {
		s.Principals = append(s.Principals, Principal{Kind: Everyone, Text: "*"})
		return
	}
	if val.kind != '{' {
		why := ""
		if problem := ""; val.kind == '"' {
			if _, problem = NewPrincipal("AWS", val.text); problem == "" {
				why = "; did you mean {\"AWS\": " + quote(val.text) + "}?"
			}
		}
		p.fault(val, at, Broken, "a principal is \"*\" or an object such as {\"AWS\": \"111122223333\"}, not %s%s", val.quote(), why)
		return
	}
	before := len(p.doc.Faults)
	for i := range val.vals {
		key, here := &val.keys[i], p.pointer(at, val.keys[i].text)
		switch key.text {
		case "AWS", "Service", "Federated", "CanonicalUser":
		default:
			p.fault(key, here, Broken, "there is no kind of principal %s; there are AWS, Service, Federated and CanonicalUser%s",
				quote(key.text), didYouMean(key.text, principalTypes))
			continue
		}
		for text, m := range p.texts(&val.vals[i], here) {
			p.principal(s, key.text, text, m)
		}
	}
	if len(s.Principals) == 0 && len(p.doc.Faults) == before {
		sev := Refused // it matches nobody
		if s.NotPrincipal {
			sev = Broken
		}
		p.fault(val, at, sev, "the list of principals is empty; name at least one")
	}
}

func (p *parser) principal(s *Statement, kind, text string, m *item) {
	entry, problem := NewPrincipal(kind, text)
	if problem != "" {
		sev := Broken
		if strings.ContainsAny(text, "*?") && text != "*" || isGroup(text) {
			sev = Refused // E23: it matches nobody
		}
		p.fault(m.node, m.pointer(), sev, "principal %s: %s", quote(text), problem)
	}
	s.Principals = append(s.Principals, entry)
}

func (p *parser) actions(s *Statement, val *node, at string) {
	shared(p, 'A', val, &s.Actions, func() { p.readActions(s, val, at) })
}

func (p *parser) readActions(s *Statement, val *node, at string) {
	s.Actions = slices.Grow(s.Actions, max(len(val.vals), 1))
	before := len(p.doc.Faults)
	for text, m := range p.texts(val, at) {
		a, ok := NewAction(text)
		switch {
		case !ok:
			p.fault(m.node, m.pointer(), Broken,
				"action %s needs a service prefix without wildcards, such as s3:GetObject, or is the lone \"*\"", quote(text))
		case p.doc.Kind == Trust && !a.All() && a.Service() != "sts":
			p.fault(m.node, m.pointer(), Refused, "action %s does not belong in a trust policy, which is about sts: actions", quote(text))
		}
		s.Actions = append(s.Actions, a)
	}
	if len(s.Actions) == 0 && len(p.doc.Faults) == before {
		sev := Refused // it matches nothing
		if s.NotAction {
			sev = Broken
		}
		p.fault(val, at, sev, "the list of actions is empty; name at least one, such as s3:GetObject, or \"*\"")
	}
}

func (p *parser) resources(s *Statement, val *node, at string) {
	shared(p, 'R', val, &s.Resources, func() { p.readResources(s, val, at) })
}

func (p *parser) readResources(s *Statement, val *node, at string) {
	s.Resources = slices.Grow(s.Resources, max(len(val.vals), 1))
	before := len(p.doc.Faults)
	for text, m := range p.texts(val, at) {
		r, ok := newResourcePattern(text, p.doc.Kind, p.vars)
		r.refused = p.doc.Kind == Session
		p.checkResource(m, r.Text, ok)
		s.Resources = append(s.Resources, r)
	}
	if len(s.Resources) == 0 && len(p.doc.Faults) == before {
		p.fault(val, at, Broken, "the list of resources is empty; name at least one ARN, or \"*\"")
	}
}

func (p *parser) conditions(s *Statement, val *node, at string) {
	shared(p, 'C', val, &s.Conditions, func() { p.readConditions(s, val, at) })
}

func (p *parser) readConditions(s *Statement, val *node, at string) {
	if val.kind != '{' {
		p.fault(val, at, Broken, "Condition is an object of operators, such as {\"StringEquals\": {\"aws:PrincipalOrgID\": \"o-1\"}}, not %s", val.quote())
		return
	}
	blocks := make(map[Operator]bool, len(val.vals))
	for i := range val.vals {
		name, block, here := val.keys[i].text, &val.vals[i], p.pointer(at, val.keys[i].text)
		op, ok := ParseOperator(name)
		switch {
		case !ok:
			p.fault(&val.keys[i], here, Broken, "there is no condition operator %s%s", quote(name), suggestOperator(name))
			continue
		case blocks[op]:
			p.fault(&val.keys[i], here, Broken, "the operator %s stands twice, apart from case; join the two", op)
			continue
		case block.kind != '{':
			p.fault(block, here, Broken, "%s takes an object of condition keys, such as {\"aws:PrincipalOrgID\": \"o-1\"}, not %s", name, block.quote())
			continue
		}
		blocks[op] = true
		seen := make(map[string]bool, len(block.vals))
		for k := range block.vals {
			p.condition(s, op, &block.keys[k], &block.vals[k], here, seen)
		}
	}
}

func (p *parser) condition(s *Statement, op Operator, key, val *node, at string, seen map[string]bool) {
	here := p.pointer(at, key.text)
	values := make([]string, 0, max(len(val.vals), 1))
	for text, m := range p.texts(val, here) {
		values = append(values, text)
		variable := p.vars && op.takesVariables() && strings.Contains(text, "${")
		if why := unreadable(op, text, variable); why != "" {
			sev := Advice
			if text == "" {
				sev = Refused // E12
			}
			p.fault(m.node, m.pointer(), sev, "%s %s, so it never compares under %s", quote(text), why, op)
		}
	}
	lower := strings.ToLower(key.text)
	switch {
	case seen[lower]:
		p.fault(key, here, Broken, "the key %s stands twice in one operator, apart from case (E8); join the values", quote(key.text))
	case key.text == "":
		p.fault(key, here, Broken, "a condition key has no name; write one such as aws:SourceIp")
	case val.kind == '[' && len(val.vals) == 0 && op.base != opStringEquals && op.base != opStringLike:
		p.fault(val, here, Broken, "%s needs a value for %s", op, quote(key.text))
	case op.Set == NoSet && Multivalued(lower) && !op.IsNull():
		p.fault(key, here, Advice, "%s holds a list; without ForAnyValue: or ForAllValues: the test never holds (E64)", quote(key.text))
	}
	seen[lower] = true
	s.Conditions = append(s.Conditions, newCondition(op, key.text, values, p.vars))
}

// An item is a text of a list, or a bare one, with its place.
type item struct {
	*node
	list  string // pointer of the list, or of the bare text
	index int    // in the list, or -1
}

func (m *item) pointer() string { return itemPointer(m.list, m.index) }

func itemPointer(list string, index int) string {
	if index < 0 {
		return list
	}
	return list + "/" + strconv.Itoa(index)
}

// texts yields the texts of a bare value or a list of them (E7).
func (p *parser) texts(n *node, at string) func(yield func(string, *item) bool) {
	return func(yield func(string, *item) bool) {
		m := item{node: n, list: at, index: -1}
		if n.kind != '[' {
			p.text(&m, yield)
			return
		}
		for i := range n.vals {
			m.node, m.index = &n.vals[i], i
			if !p.text(&m, yield) {
				return
			}
		}
	}
}

func (p *parser) text(m *item, yield func(string, *item) bool) bool {
	if m.isText() {
		return yield(m.node.text, m)
	}
	p.fault(m.node, m.pointer(), Broken, "a text is expected here, or a list of texts, not %s", m.name())
	return true
}

func article(k Kind) string {
	switch k {
	case Identity:
		return "an identity policy"
	case Endpoint:
		return "an endpoint policy"
	case SCP:
		return "a service control policy"
	case RCP:
		return "a resource control policy"
	case Boundary, Session, Trust, Resource, KindInvalid:
	}
	return "a " + strings.ReplaceAll(k.String(), "-", " ")
}
