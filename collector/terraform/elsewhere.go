package terraform

import (
	"regexp"
	"slices"
	"strings"
)

// What is not known before the apply comes of what the plan makes or changes, or
// of a data source that is read during the apply. The first names something new,
// unless it is anything at all, such as the output of a script; the second names
// what is there already.

// drawn are types whose values are made up, and name nothing that is there.
var drawn = regexp.MustCompile(`^(random|time|tls|null)_`)

// ofItself finds attributes by which a resource is called.
var ofItself = regexp.MustCompile(`^(arn|id|name|url|key_id)$`)

// mayBeThere reports whether an attribute that is not known may come to name
// something that is there already.
func (r *instance) mayBeThere(attr string) bool {
	if r.config == nil {
		return true // nobody knows
	}
	return r.plan.elsewhere(r.scope, member(r.config.Expressions[attr]), attr, 0)
}

// elsewhere is mayBeThere for an expression of the attribute want.
func (p *planner) elsewhere(s *scope, e map[string]any, want string, depth int) bool {
	return slices.ContainsFunc(leaves(words(e["references"])), func(ref string) bool {
		return p.leadsElsewhere(s, traversal(ref), want, depth)
	})
}

func (p *planner) leadsElsewhere(s *scope, steps []step, want string, depth int) bool {
	if depth > maxSteps || len(steps) < 2 {
		return true
	}
	switch steps[0].name {
	case "path", "terraform", "count", "self":
		return false
	case "each":
		return steps[1].name != "key" && p.opaque()
	case "local": // what stands in one a plan does not tell
		return p.opaque()
	case "var":
		if s.parent == nil {
			return false // variables of the root are known
		}
		m := s.parent.module
		return m == nil || p.elsewhere(s.parent, member(m.Calls[s.call].Expressions[steps[1].name]), want, depth+1)
	case "module":
		child := p.scope(inside(s, joined(steps[:2])))
		if child.module == nil || len(steps) < 3 {
			return p.opaque()
		}
		return p.elsewhere(child, child.module.Outputs[steps[2].name].Expression, want, depth+1)
	case "data":
		return len(steps) < 3 || p.readLate(inside(s, joined(steps[:3])))
	}
	return p.madeElsewhere(s, steps, want, depth)
}

// madeElsewhere is leadsElsewhere for resources.
func (p *planner) madeElsewhere(s *scope, steps []step, want string, depth int) bool {
	kind, attr := steps[0].name, ""
	if len(steps) > 2 {
		attr = steps[2].name
	}
	if _, ok := meant(want, kind); drawn.MatchString(kind) || ok && (attr == "" || leads(want, kind, attr)) {
		return false
	}
	if c := p.configOf(s.address, kind+"."+steps[1].name); c != nil {
		if e := member(c.Expressions[attr]); e != nil {
			return p.elsewhere(s, e, want, depth+1)
		}
	}
	if kinds[kind] != nil || strings.HasPrefix(kind, "aws_") && !always.MatchString(kind) && (attr == "" || ofItself.MatchString(attr)) {
		return false
	}
	return true // an output, of a stack or a script, say
}

// readLate reports whether a data source, or an instance of it, is read during the
// apply.
func (p *planner) readLate(address string) bool {
	return slices.ContainsFunc(p.instances, func(r *instance) bool {
		return r.Mode == "data" && (r.Address == address || strings.HasPrefix(r.Address, address+"["))
	})
}

// opaque reports whether the plan has anything of which names come that are there
// already and can't be found out.
func (p *planner) opaque() bool {
	return slices.ContainsFunc(p.instances, func(r *instance) bool {
		if r.Mode == "data" {
			return r.Type != "aws_iam_policy_document"
		}
		return r.changes() && (always.MatchString(r.Type) || !strings.HasPrefix(r.Type, "aws_") && !drawn.MatchString(r.Type))
	})
}

// inside is the address of something in a module.
func inside(s *scope, address string) string {
	if s.address != "" {
		return s.address + "." + address
	}
	return address
}

// lateData finds out what a data source will be called that is read during the
// apply: what it asks for by its name.
func (p *planner) lateData(address, attr, want string, depth int) (f found, ok bool) {
	r := p.byAddress[address]
	if r == nil || r.Mode != "data" || strings.HasPrefix(r.Type, "aws_kms_") || !leads(want, r.Type, attr) {
		return f, false // a key may be asked for by an alias
	}
	f.late = true
	switch {
	case attr != "arn" || !strings.HasPrefix(r.Type, "aws_iam_"):
		f.text, _ = p.text(r, attr, depth+1)
	case r.Type == "aws_iam_policy":
		f.text = str(r.after["arn"])
	default: // a user or a role, whose path it does not ask for
		f.text = p.edit.Find(r.entity(str(r.after["name"])))
	}
	return f, f.text != "" && !madeUp(f.text)
}
