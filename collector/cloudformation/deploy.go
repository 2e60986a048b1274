package cloudformation

import (
	"strings"

	"pathfinder/collector/snapshot"
	"pathfinder/graphmodel/inventory"
)

// An item is a resource of a stack that is being deployed.
type item struct {
	s     *stack
	id    string // logical
	typ   string
	props *value // worked out
	line  int
	doubt string // why it is not known whether it is made at all; "" when it is
}

// A handler knows what resources of a type change. put makes what carries
// policies; hang, once everything is made, hangs policies on it.
type handler struct {
	put, hang func(*item)
}

// deploy runs the handlers over all stacks, those that are nested included. s is
// the snapshot as it was.
func (d *deployment) deploy(s *snapshot.Snapshot) {
	for i := 0; i < len(d.stacks); i++ { // grows while stacks are found
		outer := d.stacks[i]
		for id, r := range outer.resources.members {
			if typ, _ := r.get("Type").scalar(); typ == nestedType {
				outer.nest(id) // what can't be read is told with the items
			}
		}
	}
	var items []*item
	for _, one := range d.stacks {
		items = append(items, one.items()...)
	}
	for _, it := range items {
		if f := handlers[it.typ].put; f != nil {
			f(it)
		}
	}
	for _, it := range items {
		if f := handlers[it.typ].hang; f != nil {
			f(it)
		}
	}
	d.edit.Settle()
	d.describe(items)
	d.deployedBefore(items, s)
	d.leftovers(items, s)
}

// describe notes the names that placeholders stand for.
func (d *deployment) describe(items []*item) {
	n, example := 0, ""
	for _, it := range items {
		if id := it.s.ids[it.id]; id != nil && id.generated && handlers[it.typ].put != nil {
			if n++; n == 1 {
				example = id.name
			}
		}
	}
	if n > 0 {
		d.note("%d names are made when the stack is deployed; placeholders such as %s stand for them (give --template-resources for a stack that is there)", n, example)
	}
}

// items works out the resources of a stack that are made, or may be.
func (s *stack) items() (items []*item) {
	for _, macro := range s.t.macros() {
		s.d.gap(s, "cloudformation", inventory.ChangeOf+s.t.file, "the transform "+short(macro)+" runs when the stack is deployed; what it changes is not known")
	}
	for id, r := range s.resources.members {
		if it := s.item(id, r); it != nil {
			items = append(items, it)
		}
	}
	return items
}

// item works out one resource; nil when it does not bear on access, or is not
// made.
func (s *stack) item(id string, r *value) *item {
	if r.kind != kindObject || id == "Fn::Transform" {
		why, ok := r.reason()
		if !ok {
			why = s.fail(id, r, "only AWS can say what stands there").text
		}
		s.d.gap(s, "cloudformation", inventory.ChangeOf+s.t.file+": "+short(id), why)
		return nil
	}
	typ, _ := r.get("Type").scalar()
	doubt, made := s.made(id, r)
	if !made {
		return nil
	}
	it := &item{s: s, id: id, typ: typ, line: r.line, doubt: doubt}
	if typ == nestedType {
		if inner, why := s.nest(id); inner == nil {
			it.lost("what the nested stack makes is not known: " + why)
		}
		return nil
	}
	_, known := handlers[typ]
	if !known {
		it.foreign(r.get("Properties"))
		return nil
	}
	it.props = s.resolve(r.get("Properties"), id)
	switch macro := r.get("Fn::Transform"); {
	case macro != nil:
		it.doubt = s.fail("Fn::Transform in "+id, macro, without["Fn::Transform"]).text
	case it.props.kind == kindUnknown:
		it.doubt = it.props.text
	}
	if it.doubt != "" {
		it.gap(it.doubt)
	}
	return it
}

// gap notes what is not known about the item.
func (it *item) gap(why string) { it.note("", why) }

// lost notes a change that is not in the answers, whatever it is about.
func (it *item) lost(why string) { it.note(inventory.ChangeOf, why) }

func (it *item) note(kind, why string) {
	service, _, _ := strings.Cut(strings.TrimPrefix(it.typ, "AWS::"), "::")
	it.s.d.gap(it.s, strings.ToLower(service), kind+short(it.id)+" ("+it.s.t.place(it.line)+")", why)
}

// text returns a property that is a text. Without one, why says what stands in
// its place; "" when nothing does.
func (it *item) text(property string) (s, why string) {
	v := it.props.get(property)
	if v.missing() {
		return "", ""
	}
	if why, found := v.reason(); found {
		return "", why
	}
	s, ok := v.scalar()
	if !ok {
		return "", it.s.fail(property+" of "+it.id, v, "a text is expected, not "+v.what()).text
	}
	return s, ""
}
