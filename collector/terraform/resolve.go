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
	if r.config != nil && r.maybe(attr) && r.hangs(attr) {
		e := member(r.config.Expressions[attr])
		if f, ok := p.evaluate(r.scope, e, r.Index, attr, depth+1); ok && f.late {
			return f.text, true
		}
	}
	if f := computed[r.Type][attr]; f != nil {
		if s, ok := f(r, depth+1); ok {
			return s, true
		}
	}
	return "", !r.maybe(attr) // null, or unknown
}

// found is what a reference leads to. late is set where that is known only after
// the apply: what refers to something that is known and is not known itself has
// more in it than the reference.
type found struct {
	text string
	late bool
}

// expression evaluates an expression of the configuration that is a constant or
// refers to a single thing.
func (p *planner) expression(s *scope, e map[string]any, key any, want string, depth int) (string, bool) {
	f, ok := p.evaluate(s, e, key, want, depth)
	return f.text, ok
}

func (p *planner) evaluate(s *scope, e map[string]any, key any, want string, depth int) (f found, ok bool) {
	if v, ok := e["constant_value"].(string); ok {
		return found{text: v}, true
	}
	refs := leaves(words(e["references"]))
	switch {
	case len(refs) == 1:
		return p.reference(s, refs[0], key, want, depth)
	case len(refs) == 2 && key != nil: // aws_x.y[each.key].arn is told as aws_x.y and each.key
		if i := slices.Index(refs, "each.key"); i >= 0 {
			return p.keyed(s, refs[1-i], key, want, depth)
		}
	}
	return found{}, false // count.index may be one more or less
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

// keyed follows a reference to the instance of the same key.
func (p *planner) keyed(s *scope, ref string, key any, want string, depth int) (f found, ok bool) {
	steps := traversal(ref)
	if len(steps) != 2 || steps[1].index != nil || steps[0].name == "module" {
		return f, false
	}
	r := p.find(s, joined(steps)+bracketed(key))
	if r == nil {
		return f, false
	}
	attr, ok := meant(want, r.Type)
	if !ok {
		return f, false
	}
	text, ok := p.text(r, attr, depth+1)
	return found{text: text, late: true}, ok && text != ""
}

// find returns an instance of a module.
func (p *planner) find(s *scope, address string) *instance {
	return p.byAddress[inside(s, address)]
}

// reference evaluates a reference to a text.
func (p *planner) reference(s *scope, ref string, key any, want string, depth int) (f found, ok bool) {
	steps := traversal(ref)
	if depth > maxSteps || len(steps) < 2 {
		return f, false
	}
	switch steps[0].name {
	case "var":
		return p.variable(s, steps[1].name, len(steps), want, depth)
	case "each":
		k, ok := key.(string)
		return found{text: k}, ok && steps[1].name == "key"
	case "module":
		if len(steps) != 3 {
			return f, false
		}
		return p.output(s, steps, want, depth)
	case "data":
		if len(steps) != 4 {
			return f, false
		}
		return p.data(s, steps, want, depth)
	case "local", "count", "path", "terraform", "self":
		return f, false
	}
	r := p.find(s, joined(steps[:2]))
	if r == nil || len(steps) != 3 || steps[2].index != nil || !leads(want, r.Type, steps[2].name) {
		return f, false
	}
	f.text, ok = p.text(r, steps[2].name, depth+1)
	f.late = r.maybe(steps[2].name)
	return f, ok
}

// variable evaluates var.NAME: of the root as it was set, of a module as the
// call sets it.
func (p *planner) variable(s *scope, name string, steps int, want string, depth int) (f found, ok bool) {
	if steps != 2 {
		return f, false
	}
	if s.module != nil && s.module.Variables[name].Sensitive {
		return f, false
	}
	if s.parent == nil {
		f.text, ok = p.file.Variables[name].Value.(string)
		return f, ok
	}
	if m := s.parent.module; m != nil {
		if e, ok := m.Calls[s.call].Expressions[name].(map[string]any); ok {
			return p.evaluate(s.parent, e, s.index, want, depth+1)
		}
	}
	if s.module != nil {
		f.text, ok = s.module.Variables[name].Default.(string)
	}
	return f, ok
}

// output evaluates module.NAME.OUTPUT.
func (p *planner) output(s *scope, steps []step, want string, depth int) (f found, ok bool) {
	child := p.scope(inside(s, joined(steps[:2])))
	if child.module == nil {
		return f, false
	}
	out, ok := child.module.Outputs[steps[2].name]
	if !ok {
		return f, false
	}
	return p.evaluate(child, out.Expression, nil, want, depth+1)
}

// data evaluates data.TYPE.NAME.ATTRIBUTE from what was read before, or from what
// one asks for that is read during the apply.
func (p *planner) data(s *scope, steps []step, want string, depth int) (f found, ok bool) {
	address := inside(s, joined(steps[:3]))
	d := p.prior[address]
	if d == nil {
		return p.lateData(address, steps[3].name, want, depth)
	}
	f.text, ok = d.values[steps[3].name].(string)
	return f, ok
}

// references evaluates all references of a list attribute, each by itself. It is
// complete when every one of them was found out, and is either in the list or
// known only after the apply.
func (p *planner) references(r *instance, attr string) (out []string, complete bool) {
	if r.config == nil {
		return nil, false
	}
	e := member(r.config.Expressions[attr])
	refs := leaves(words(e["references"]))
	for _, ref := range refs {
		f, ok := p.reference(r.scope, ref, r.Index, attr, 0)
		if !ok || !f.late && !slices.Contains(words(r.after[attr]), f.text) {
			return out, false
		}
		out = append(out, f.text)
	}
	return out, len(refs) > 0
}
