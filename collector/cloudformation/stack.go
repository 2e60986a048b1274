package cloudformation

import (
	"cmp"
	"strings"
)

// An environment is where a stack is deployed.
type environment struct {
	name      string // of the stack; "" when it is not known
	account   string
	region    string // "" when it is not known
	guessed   string // tells where a region comes from that nobody gave; "" when somebody did
	partition string
}

// regional notes that the region counts.
func (s *stack) regional() {
	if s.guessed != "" {
		s.d.noteOnce(s.guessed)
	}
}

// A stack is a template with all that it is deployed with. What it comes to is
// worked out when it is asked for, and kept.
type stack struct {
	environment
	d        *deployment
	t        *template
	called   string // the name, or what placeholders begin with instead
	params   map[string]*value
	secret   map[string]*value   // of parameters with NoEcho, for conditions only
	physical map[string]physical // what AWS lists, by logical id
	depth    int                 // of nesting
	doubt    string              // why it is not known whether it is made; "" when it is

	// The sections, with loops written out.
	conditions, resources, outputs *value

	truths    map[string]*truth
	ids       map[string]*identity
	nested    map[string]*nesting // by logical id
	exported  map[string]*value
	exporting bool
}

// maxChain bounds how far references lead from one thing to the next.
const maxChain = 200

func (d *deployment) newStack(t *template, env environment, given map[string]*value, list map[string]physical) *stack {
	s := &stack{
		environment: env, d: d, t: t, physical: list,
		params: make(map[string]*value), secret: make(map[string]*value),
		truths: make(map[string]*truth), ids: make(map[string]*identity), nested: make(map[string]*nesting),
	}
	s.called = cmp.Or(env.name, stem(t.file))
	for name, p := range t.parameters.members {
		s.parameter(name, p, given[name])
	}
	s.conditions = s.unroll(t.conditions, 0)
	s.resources = s.unroll(t.resources, 0)
	s.outputs = s.unroll(t.outputs, 0)
	return s
}

// stem is what a file is called without folders and extensions.
func stem(file string) string {
	file = file[strings.LastIndexAny(file, "/\\")+1:]
	name, _, _ := strings.Cut(file, ".")
	var b strings.Builder
	for _, c := range name {
		if c < 0x80 && (c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-') {
			b.WriteRune(c)
		}
	}
	return cmp.Or(strings.Trim(b.String(), "-"), "stack")
}

// parameter gives a parameter its value: the given one, or the default.
func (s *stack) parameter(name string, p, given *value) {
	kind, _ := p.get("Type").scalar()
	v := given
	switch hint := "; give --template-parameter " + name + "=VALUE"; {
	case v != nil:
	case strings.HasPrefix(kind, "AWS::SSM::Parameter::"):
		v = unknown("the value of the parameter " + name + " is in the SSM parameter store" + hint)
	case p.get("Default").missing():
		v = unknown("the parameter " + name + " has no default" + hint)
	default:
		v = p.get("Default")
	}
	if v.kind == kindNumber || v.kind == kindBool {
		v = text(v.text).at(v.line)
	}
	if v.kind == kindText && (strings.HasPrefix(kind, "List<") || kind == "CommaDelimitedList" || strings.Contains(kind, "Value<List<")) {
		list := &value{kind: kindList, line: v.line}
		if v.text != "" {
			for part := range strings.SplitSeq(v.text, ",") {
				list.vals = append(list.vals, text(strings.TrimSpace(part)).at(v.line))
			}
		}
		v = list
	}
	if noEcho, _ := p.get("NoEcho").scalar(); strings.EqualFold(noEcho, "true") {
		if v.kind != kindUnknown {
			s.secret[name] = v
		}
		v = unknown("the parameter " + name + " has NoEcho, and its value is not shown")
	}
	s.params[name] = v
}

// fail returns an unknown value for what, which stands in the file where v does.
func (s *stack) fail(what string, v *value, why string) *value {
	line := 0
	if v != nil {
		line = v.line
	}
	return unknown(short(what) + " (" + s.t.place(line) + ") is not resolved: " + why).at(line)
}

// pseudo returns a pseudo parameter.
func (s *stack) pseudo(name string) (v *value, why string) {
	switch name {
	case "AWS::NoValue":
		return absent, ""
	case "AWS::AccountId":
		return text(s.account), ""
	case "AWS::Partition":
		return text(s.partition), ""
	case "AWS::Region":
		if s.region == "" {
			return nil, "the region is not known; give --template-region REGION"
		}
		s.regional()
		return text(s.region), ""
	case "AWS::StackName":
		if s.name == "" {
			return nil, "the name of the stack is not known; give --template NAME=FILE"
		}
		return text(s.name), ""
	case "AWS::URLSuffix":
		return text(urlSuffix(s.partition)), ""
	case "AWS::StackId":
		return nil, "the id of a stack is made when it is deployed"
	case "AWS::NotificationARNs":
		return nil, "they are given when the stack is deployed"
	}
	return nil, "there is no pseudo parameter of this name"
}

// urlSuffix is the domain of a partition's services.
func urlSuffix(partition string) string {
	switch partition {
	case "aws-cn":
		return "amazonaws.com.cn"
	case "aws-iso":
		return "c2s.ic.gov"
	case "aws-iso-b":
		return "sc2s.sgov.gov"
	}
	return "amazonaws.com"
}

// partitionOf is the partition that a region lies in.
func partitionOf(region string) string {
	for _, p := range []struct{ prefix, partition string }{
		{"cn-", "aws-cn"}, {"us-gov-", "aws-us-gov"}, {"us-iso-", "aws-iso"}, {"us-isob-", "aws-iso-b"}, {"eusc-", "aws-eusc"},
	} {
		if strings.HasPrefix(region, p.prefix) {
			return p.partition
		}
	}
	return "aws"
}
