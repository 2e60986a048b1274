package cloudformation

import (
	"fmt"

	"pathfinder/collector/overlay"
	"pathfinder/collector/snapshot"
)

// A deployment is all stacks of one call. Exports of one are seen by the others.
type deployment struct {
	edit    *overlay.Editor
	before  *overlay.Editor // of the snapshot as it was, to look at only
	stacks  []*stack        // parents before what is nested in them
	lists   *listing
	said    map[string]bool   // what templates say of what is there
	aliased map[string]string // keys by account, region and alias
	notes   []string
	chain   int // how far references have led
	left    int // of what all values may come to, in bytes
}

// maxSpent bounds what functions may come to in all.
const maxSpent = 128 << 20

const tooMuch = "the templates come to more than 128 MiB of values"

// spend counts what a function came to.
func (d *deployment) spend(v *value) *value {
	if d.left > 0 {
		d.left -= v.size(d.left)
	}
	if d.left <= 0 {
		return unknown(tooMuch).at(v.line)
	}
	return v
}

func (d *deployment) note(format string, args ...any) {
	d.notes = append(d.notes, fmt.Sprintf(format, args...))
}

// gap notes what is not known about a resource of a stack.
func (d *deployment) gap(s *stack, service, what, why string) {
	d.edit.Gap(snapshot.Gap{Account: s.account, Region: s.region, Service: service, What: what, Why: why})
}

// importValue works out Fn::ImportValue from the outputs of the other stacks.
func (c *call) importValue() *value {
	name, bad := c.text(c.arg)
	if bad != nil {
		return bad
	}
	for _, s := range c.s.d.stacks {
		if s.account != c.s.account || s.region != c.s.region {
			continue // exports are those of one account and region
		}
		if v := s.exports()[name]; v != nil {
			return v
		}
	}
	return c.unknown("no template that was given exports it")
}

// exports lists what the outputs of a stack export.
func (s *stack) exports() map[string]*value {
	if s.exported != nil || s.exporting {
		return s.exported
	}
	s.exporting = true
	defer func() { s.exporting = false }()
	out := make(map[string]*value)
	for id, o := range s.outputs.members {
		name, ok := s.resolve(o.get("Export").get("Name"), "Outputs."+id).scalar()
		if !ok {
			continue
		}
		if v := s.output(id); v != nil {
			out[name] = v
		}
	}
	s.exported = out
	return out
}

// output works out an output; nil when there is none.
func (s *stack) output(id string) *value {
	o := s.outputs.get(id)
	if o == nil {
		return nil
	}
	if name, ok := o.get("Condition").scalar(); ok {
		switch t := s.condition(name); {
		case t.why != "":
			return unknown(t.why)
		case !t.yes:
			return nil
		}
	}
	return s.resolve(o.get("Value"), "Outputs."+id)
}
