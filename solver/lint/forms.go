package lint

import (
	"slices"
	"strings"
	"sync"

	"pathfinder/graphmodel/arn"
	"pathfinder/graphmodel/catalog"
	"pathfinder/graphmodel/policy"
)

// A typeName names a resource type as the catalog does: a service and a name.
type typeName struct{ service, name string }

// A typeForm is one ARN form of a resource type, in fields.
type typeForm struct {
	typeName
	field [5]arn.Glob
	tail  string // the sixth field, every variable part as "?*"
}

// forms lists the ARN forms of all resource types by the service field of the
// ARN. The first call builds it.
var forms = sync.OnceValue(func() map[string][]typeForm {
	out := map[string][]typeForm{}
	c := catalog.Default()
	for _, service := range c.Services() {
		for _, t := range c.ResourceTypes(service) {
			for _, text := range t.ARNs {
				fields := strings.SplitN(text, ":", 6)
				if len(fields) != 6 || strings.ContainsAny(fields[2], "$*") {
					continue // forms of any service say nothing
				}
				f := typeForm{typeName: typeName{t.Service, t.Name}}
				for i := range fields[:5] {
					f.field[i] = arn.NewGlob(holes(fields[i]))
				}
				f.tail = holes(fields[5])
				out[fields[2]] = append(out[fields[2]], f)
			}
		}
	}
	return out
})

// holes writes the variable parts of a documented form as "?*".
func holes(form string) string {
	var b strings.Builder
	for {
		i := strings.Index(form, "${")
		if i < 0 {
			break
		}
		j := strings.IndexByte(form[i:], '}')
		if j < 0 {
			break
		}
		b.WriteString(form[:i] + "?*")
		form = form[i+j+1:]
	}
	return b.String() + form
}

// A reach says which resource types an entry of a Resource element can cover.
type reach struct {
	any   bool // everything, or nobody knows
	all   bool // the lone "*", which also covers requests without a resource (E38)
	types []typeName
}

// reachOf finds the types of an entry. It errs on the side of too many: an entry
// of which the catalog knows nothing reaches any.
func (l *linter) reachOf(r *policy.ResourcePattern) reach {
	p, _, _ := r.Expand(policy.Values{})
	if len(r.Variables()) > 0 {
		p = r.Wide(policy.Values{})
	}
	if p.All() {
		return reach{any: true, all: true}
	}
	fields := strings.SplitN(p.String(), ":", 6)
	if len(fields) < 6 || strings.ContainsAny(strings.Join(fields[:3], ":"), "*?$") {
		return reach{any: true}
	}
	var out reach
	for i := range forms()[fields[2]] {
		out.add(l.cat, fields, &forms()[fields[2]][i])
	}
	out.any = len(out.types) == 0
	return out
}

// add notes the types of a few resources that an entry and a form have in common.
func (r *reach) add(cat *catalog.Catalog, fields []string, f *typeForm) {
	head := ""
	for i, text := range fields[:5] {
		if !arn.Overlaps(arn.NewGlob(text), f.field[i]) {
			return
		}
		if f.field[i] == "" || strings.Trim(text, "*") == "" {
			text = f.field[i].String()
		}
		head += text + ":"
	}
	text, crossed, ok := example(fields[5], f.tail)
	if !ok {
		return
	}
	found := cat.TypesOf(strings.NewReplacer("*", "x", "?", "x").Replace(head) + text)
	if crossed == 0 || len(found) == 0 {
		r.note(f.typeName)
	}
	for i := range found { // a finer type hides a coarser one, as an object does a bucket (E43)
		r.note(typeName{found[i].Service, found[i].Name})
	}
}

func (r *reach) note(t typeName) {
	if !slices.Contains(r.types, t) {
		r.types = append(r.types, t)
	}
}

// takes reports whether an action is made on something that the entry covers.
func (r *reach) takes(a *catalog.Action) bool {
	if a.WildcardOnly || r.all {
		return r.all // E39
	}
	return r.any || slices.ContainsFunc(a.ResourceTypes, func(ref catalog.ResourceRef) bool {
		return slices.Contains(r.types, typeName{ref.Type.Service, ref.Type.Name})
	})
}
