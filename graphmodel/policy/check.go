package policy

import (
	"strings"
	"unicode/utf8"
)

// complete checks which elements have to be there and which must not (E6).
func (p *parser) complete(s *Statement, n *node, at string, e present) {
	if e.effect == nil {
		p.fault(n, at, Broken, "the statement has no Effect; write \"Allow\" or \"Deny\"")
	}
	switch {
	case e.action == nil && e.notAction == nil:
		p.fault(n, at, Broken, "the statement has no Action; say which actions it is about")
	case e.action != nil && e.notAction != nil:
		p.fault(e.notAction, at+"/NotAction", Broken, "the statement has both Action and NotAction; keep one")
	}
	p.completeResource(n, at, e)
	p.completePrincipal(s, n, at, e)
	if p.doc.Kind == RCP {
		p.completeRCP(s, at, e)
	}
}

func (p *parser) completeResource(n *node, at string, e present) {
	kind, key, here := p.doc.Kind, e.resource, at+"/Resource"
	if key == nil {
		key, here = e.notResource, at+"/NotResource"
	}
	switch {
	case e.resource != nil && e.notResource != nil:
		p.fault(e.notResource, at+"/NotResource", Broken, "the statement has both Resource and NotResource; keep one")
	case kind == Trust && key != nil:
		p.fault(key, here, Broken, "a trust policy has no Resource, it is about its role; delete the element")
	case key == nil && kind != Trust && kind != Resource:
		p.fault(n, at, Broken, "the statement has no Resource; write ARNs or \"*\"")
	}
}

func (p *parser) completePrincipal(s *Statement, n *node, at string, e present) {
	kind, key, here := p.doc.Kind, e.principal, at+"/Principal"
	if key == nil {
		key, here = e.notPrincipal, at+"/NotPrincipal"
	}
	switch {
	case e.principal != nil && e.notPrincipal != nil:
		p.fault(e.notPrincipal, at+"/NotPrincipal", Broken, "the statement has both Principal and NotPrincipal; keep one")
	case key != nil && !kind.HasPrincipal():
		p.fault(key, here, Broken, "%s has no Principal, it speaks about whoever it is attached to; delete the element", article(kind))
	case key == nil && kind.HasPrincipal():
		p.fault(n, at, Refused, "the statement matches nobody, because %s names a Principal; say whom it is about", article(kind))
	case e.notPrincipal != nil && kind == Trust:
		p.fault(key, here, Broken, "a trust policy has no NotPrincipal; name the principals that may assume the role")
	case e.notPrincipal != nil && s.Effect == Allow:
		p.fault(key, here, Refused, "Allow with NotPrincipal grants to everybody else, anonymous callers included (E25); name the principals instead")
	}
}

// completeRCP checks what customers may write in resource control policies
// (E121). The default policy of AWS allows everything (E6, E28, E116).
func (p *parser) completeRCP(s *Statement, at string, e present) {
	everyone := len(s.Principals) == 1 && s.Principals[0].Kind == Everyone && !s.NotPrincipal
	all := len(s.Actions) == 1 && s.Actions[0].All() && !s.NotAction
	switch {
	case s.Effect == Allow && !(everyone && all):
		p.fault(e.effect, at+"/Effect", Refused, "a resource control policy only denies; an Allow is AWS's own default policy")
	case e.notPrincipal != nil:
		p.fault(e.notPrincipal, at+"/NotPrincipal", Refused, "a resource control policy has no NotPrincipal; write \"Principal\": \"*\" and a Condition")
	case e.principal != nil && !everyone:
		p.fault(e.principal, at+"/Principal", Refused, "the principal of a resource control policy is \"*\"; narrow it by a Condition")
	case e.notAction != nil:
		p.fault(e.notAction, at+"/NotAction", Refused, "a resource control policy has no NotAction; list the actions")
	case s.Effect == Deny && all:
		p.fault(e.action, at+"/Action", Refused, "a resource control policy names services, such as s3:*, not the bare \"*\"")
	}
}

// isIAM reports whether IAM itself checks documents of this kind at saving.
func (k Kind) isIAM() bool { return k == Identity || k == Boundary || k == Session || k == Trust }

// characters reports the first character that IAM does not take (E9).
func (p *parser) characters() {
	if !p.doc.Kind.isIAM() {
		return
	}
	if i := firstBeyond(p.doc.text); i >= 0 {
		r, _ := utf8.DecodeRuneInString(p.doc.text[i:])
		p.fault(&node{at: i}, "", Refused, "IAM takes no character %q; it takes those up to U+00FF", r)
	}
}

// firstBeyond finds the first character beyond U+00FF, or returns -1.
func firstBeyond(text string) int {
	for i := range len(text) {
		if text[i] >= 0xC4 { // U+0100 starts with C4
			return i
		}
	}
	return -1
}

// checkResource reports resource patterns that AWS would not save; ok tells
// whether the variables of text could be read.
func (p *parser) checkResource(m *item, text string, ok bool) {
	fields := strings.Count(text, ":") + 1
	switch {
	case !ok:
		p.fault(m.node, m.pointer(), Advice, "%s holds a policy variable that is not closed or not named; it is taken as plain text", quote(text))
	case !strings.HasPrefix(text, "arn:") && !strings.HasPrefix(text, "*") && !strings.HasPrefix(text, "arn*"):
		p.fault(m.node, m.pointer(), Broken, "resource %s is neither an ARN nor \"*\"%s", quote(text), repairResource(text))
	case p.doc.Kind.isIAM() && strings.ContainsAny(thirdField(text), "*?"):
		p.fault(m.node, m.pointer(), Refused, "%s has a wildcard in the service field, which IAM refuses (E36); name the service", quote(text))
	case fields < 6 && text != "*" && p.doc.Kind == Session:
		p.fault(m.node, m.pointer(), Refused, "%s has %d of the six fields of an ARN; a session policy needs them all (E37)", quote(text), fields)
	}
}

// thirdField returns what stands between the second and the third colon.
func thirdField(text string) string {
	_, rest, _ := strings.Cut(text, ":")
	_, rest, _ = strings.Cut(rest, ":")
	service, _, _ := strings.Cut(rest, ":")
	return service
}

// repairResource suggests the ARN that was probably meant.
func repairResource(text string) string {
	switch {
	case strings.HasPrefix(text, "aws:") && strings.Count(text, ":") >= 4:
		return "; did you mean " + quote("arn:"+text) + "?"
	case strings.HasPrefix(strings.ToLower(strings.TrimSpace(text)), "arn:"):
		return "; did you mean " + quote("arn:"+strings.TrimSpace(text)[4:]) + "?"
	case strings.HasPrefix(text, "s3://"):
		return "; did you mean " + quote("arn:aws:s3:::"+text[5:]) + "?"
	}
	return ""
}

// unreadable tells what is wrong with a condition value that an operator can't
// read, so that it never compares (E54 to E59); "" for a good value.
func unreadable(op Operator, text string, variable bool) string {
	if variable {
		return ""
	}
	lower := strings.ToLower(text)
	switch ops[op.base].family {
	case famNumeric:
		if _, ok := parseDecimal(text); !ok {
			return "is not a number"
		}
	case famDate:
		if _, ok := ParseDate(text); !ok {
			return "is not a date such as 2026-01-31 or 2026-01-31T00:00:00Z"
		}
	case famBool, famNull:
		if lower != "true" && lower != "false" {
			return "is neither true nor false"
		}
	case famIP:
		if !isRange(text) {
			return "is not an address or a range such as 203.0.113.0/24"
		}
	case famARN:
		if text != "*" && strings.Count(text, ":") < 5 {
			return "has fewer than the six fields of an ARN"
		}
	case famString, famBinary:
	}
	return ""
}
