package terraform

import (
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"
)

// maxSteps bounds how far references are followed; modules nest a few deep.
const maxSteps = 40

// A scope is one instance of a module.
type scope struct {
	address string // "" for the root
	parent  *scope
	call    string // the name of the call in the parent
	index   any    // of the call, under count or for_each
	module  *configModule
}

// longest is how long an address of a module may be; what is longer is not one.
const longest = 10_000

// scope returns the module instance with this address.
func (p *planner) scope(address string) *scope {
	if s := p.scopes[address]; s != nil {
		return s
	}
	s := &scope{address: address}
	p.scopes[address] = s
	if address == "" || len(address) > longest {
		if c := p.file.Configuration; c != nil {
			s.module = &c.Root
		}
		return s
	}
	steps := traversal(address)
	last := steps[len(steps)-1]
	parent := ""
	if i := strings.LastIndex(address, "module."); i > 0 && len(steps) > 2 {
		parent = strings.TrimSuffix(joined(steps[:len(steps)-2]), ".")
	}
	s.parent, s.call, s.index = p.scope(parent), last.name, last.index
	if m := s.parent.module; m != nil {
		if call, ok := m.Calls[last.name]; ok {
			s.module = &call.Module
		}
	}
	return s
}

// A step is a part of an address or a reference: a name, and an index behind it.
type step struct {
	name  string
	index any // a text or a float64; nil for none
}

// traversal splits a reference such as module.m["a"].out or aws_x.y[0].arn.
func traversal(text string) (out []step) {
	for text != "" {
		end := strings.IndexAny(text, ".[")
		if end < 0 {
			end = len(text)
		}
		st := step{name: text[:end]}
		text = text[end:]
		if strings.HasPrefix(text, "[") {
			st.index, text = index(text[1:])
		}
		out = append(out, st)
		text = strings.TrimPrefix(text, ".")
	}
	return out
}

// index reads what stands between brackets, and returns what follows them.
func index(text string) (v any, rest string) {
	if strings.HasPrefix(text, `"`) {
		for i := 1; i < len(text); i++ {
			switch text[i] {
			case '\\':
				i++
			case '"':
				var s string
				_ = json.Unmarshal([]byte(text[:i+1]), &s) // else "", which names nothing
				return s, strings.TrimPrefix(text[i+1:], "]")
			}
		}
		return "", ""
	}
	number, rest, _ := strings.Cut(text, "]")
	n, err := strconv.ParseFloat(number, 64)
	if err != nil {
		return number, rest
	}
	return n, rest
}

// joined writes steps as an address.
func joined(steps []step) string {
	var b strings.Builder
	for i, st := range steps {
		if i > 0 {
			b.WriteByte('.')
		}
		b.WriteString(st.name + bracketed(st.index))
	}
	return b.String()
}

func bracketed(index any) string {
	switch v := index.(type) {
	case float64:
		return "[" + strconv.FormatFloat(v, 'f', -1, 64) + "]"
	case string:
		return "[" + strconv.Quote(v) + "]"
	}
	return ""
}

// text finds a text attribute: as the plan knows it, as AWS makes it out of what
// is known, or as the configuration refers to it.
func (p *planner) text(r *instance, attr string, depth int) (s string, ok bool) {
	if depth > maxSteps {
		return "", false
	}
	if s, ok := r.after[attr].(string); ok {
		return s, true
	}
	if r.after == nil && r.before != nil { // being removed
		return str(r.before[attr]), true
	}
	if r.config != nil && r.maybe(attr) {
		e := member(r.config.Expressions[attr])
		if s, ok := p.expression(r.scope, e, r.Index, attr, depth+1); ok {
			return s, true
		}
	}
	if f := computed[r.Type][attr]; f != nil {
		if s, ok := f(r, depth+1); ok {
			return s, true
		}
	}
	return "", !r.maybe(attr) // null, or unknown
}

// expression evaluates an expression of the configuration that is a constant or
// refers to a single thing.
func (p *planner) expression(s *scope, e map[string]any, key any, want string, depth int) (string, bool) {
	if v, ok := e["constant_value"].(string); ok {
		return v, true
	}
	refs := leaves(words(e["references"]))
	if len(refs) == 2 { // aws_x.y[each.key].arn is told as aws_x.y and each.key
		i := slices.IndexFunc(refs, func(r string) bool { return r == "each.key" || r == "count.index" })
		if i < 0 || key == nil {
			return "", false
		}
		return p.keyed(s, refs[1-i], key, want, depth)
	}
	if len(refs) != 1 {
		return "", false
	}
	return p.reference(s, refs[0], key, want, depth)
}

// leaves leaves out references that others go on from.
func leaves(refs []string) (out []string) {
	for _, r := range refs {
		longer := func(o string) bool {
			return len(o) > len(r) && strings.HasPrefix(o, r) && (o[len(r)] == '.' || o[len(r)] == '[')
		}
		if !slices.ContainsFunc(refs, longer) && !slices.Contains(out, r) {
			out = append(out, r)
		}
	}
	return out
}

// meant is which attribute of what it refers to an attribute holds. Plans tell
// aws_x.y[each.key].arn without its end; for these attributes it follows.
var meant = map[string]string{
	"policy_arn": "arn", "permissions_boundary": "arn", "source_arn": "arn", "grantee_principal": "arn", "arn": "arn",
	"access_point_arn": "arn", "user": "name", "users": "name", "group": "name", "groups": "name", "role": "name", "roles": "name",
	"user_name": "name", "group_name": "name", "role_name": "name", "bucket": "bucket", "queue_url": "url", "key_id": "key_id",
	"function_name": "function_name", "policy_id": "id", "target_id": "id", "parent_id": "id",
}

// keyed follows a reference to the instance of the same key.
func (p *planner) keyed(s *scope, ref string, key any, want string, depth int) (string, bool) {
	steps := traversal(ref)
	if len(steps) != 2 || steps[1].index != nil || steps[0].name == "module" {
		return "", false
	}
	r := p.find(s, joined(steps)+bracketed(key))
	attr, ok := meant[want]
	if r == nil || !ok {
		return "", false
	}
	text, ok := p.text(r, attr, depth+1)
	return text, ok && text != ""
}

// find returns an instance of a module.
func (p *planner) find(s *scope, address string) *instance {
	if s.address != "" {
		address = s.address + "." + address
	}
	return p.byAddress[address]
}

// reference evaluates a reference to a text.
func (p *planner) reference(s *scope, ref string, key any, want string, depth int) (string, bool) {
	steps := traversal(ref)
	if depth > maxSteps || len(steps) < 2 {
		return "", false
	}
	switch steps[0].name {
	case "var":
		return p.variable(s, steps[1].name, len(steps), want, depth)
	case "each":
		k, ok := key.(string)
		return k, ok && steps[1].name == "key"
	case "module":
		if len(steps) != 3 {
			return "", false
		}
		return p.output(s, steps, want, depth)
	case "data":
		if len(steps) != 4 {
			return "", false
		}
		return p.data(s, steps, depth)
	case "local", "count", "path", "terraform", "self":
		return "", false
	}
	r := p.find(s, joined(steps[:2]))
	switch {
	case r == nil:
		return "", false
	case len(steps) == 3:
		return p.text(r, steps[2].name, depth+1)
	}
	return "", false
}

// variable evaluates var.NAME: of the root as it was set, of a module as the
// call sets it.
func (p *planner) variable(s *scope, name string, steps int, want string, depth int) (string, bool) {
	if steps != 2 {
		return "", false
	}
	if s.module != nil && s.module.Variables[name].Sensitive {
		return "", false
	}
	if s.parent == nil {
		v, ok := p.file.Variables[name].Value.(string)
		return v, ok
	}
	if m := s.parent.module; m != nil {
		if e, ok := m.Calls[s.call].Expressions[name].(map[string]any); ok {
			return p.expression(s.parent, e, s.index, want, depth+1)
		}
	}
	if s.module != nil {
		v, ok := s.module.Variables[name].Default.(string)
		return v, ok
	}
	return "", false
}

// output evaluates module.NAME.OUTPUT.
func (p *planner) output(s *scope, steps []step, want string, depth int) (string, bool) {
	address := joined(steps[:2])
	if s.address != "" {
		address = s.address + "." + address
	}
	child := p.scope(address)
	if child.module == nil {
		return "", false
	}
	out, ok := child.module.Outputs[steps[2].name]
	if !ok {
		return "", false
	}
	return p.expression(child, out.Expression, nil, want, depth+1)
}

// data evaluates data.TYPE.NAME.ATTRIBUTE from what was read before, or is to be
// read during the apply.
func (p *planner) data(s *scope, steps []step, depth int) (string, bool) {
	address := joined(steps[:3])
	if s.address != "" {
		address = s.address + "." + address
	}
	if d := p.prior[address]; d != nil {
		if v, ok := d.values[steps[3].name].(string); ok {
			return v, true
		}
	}
	if r := p.byAddress[address]; r != nil {
		return p.text(r, steps[3].name, depth+1)
	}
	return "", false
}

// references evaluates all references of a list attribute, each by itself. It is
// complete when every one of them was found out.
func (p *planner) references(r *instance, attr string) (out []string, complete bool) {
	if r.config == nil {
		return nil, false
	}
	e := member(r.config.Expressions[attr])
	refs := leaves(words(e["references"]))
	for _, ref := range refs {
		s, ok := p.reference(r.scope, ref, r.Index, attr, 0)
		if !ok {
			return out, false
		}
		out = append(out, s)
	}
	return out, len(refs) > 0
}
