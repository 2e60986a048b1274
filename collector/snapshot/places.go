package snapshot

import (
	"reflect"
	"strings"
	"sync"

	"github.com/go-json-experiment/json/jsontext"

	"pathfinder/graphmodel/inventory"
)

// What knows where policy documents stand: every field of the wire structs that
// holds raw JSON, alone or as a Fact, apart from tags and from what is unknown.
// It goes by the types, so that a field that is added is found without being
// named here.

// notDocuments are the names of the fields with other raw JSON.
var notDocuments = map[string]bool{"Tags": true, "Extra": true}

var rawType = reflect.TypeFor[jsontext.Value]()

// A place is where a document stands in a file. Its pointer is made only when
// somebody asks, which is when something is wrong.
type place struct {
	parent *place
	name   string // of a member; "" for an element
	index  int
}

// pointer writes the place as a JSON pointer.
func (p *place) pointer() string {
	switch {
	case p == nil:
		return ""
	case p.name == "":
		return p.parent.pointer() + at(p.index)
	}
	return p.parent.pointer() + at(p.name)
}

// eachDocument calls visit for each document of a file, which is a pointer to
// a wire struct. It may change the document.
func eachDocument(file any, visit func(p *place, doc *jsontext.Value)) {
	walkDocuments(reflect.ValueOf(file), nil, visit)
}

// eachDocument calls visit for each document of a snapshot, with the name of
// its file, not compressed.
func (s *Snapshot) eachDocument(visit func(file string, p *place, doc *jsontext.Value)) {
	in := func(file string, content any) {
		eachDocument(content, func(p *place, doc *jsontext.Value) { visit(file+".json", p, doc) })
	}
	if s.Organization != nil {
		in(organizationFile, s.Organization)
	}
	for _, a := range s.Accounts {
		for _, f := range a.files() {
			in(f.base, f.content)
		}
	}
}

func walkDocuments(v reflect.Value, p *place, visit func(*place, *jsontext.Value)) {
	if v.Type() == rawType {
		if doc, ok := v.Addr().Interface().(*jsontext.Value); ok && len(*doc) > 0 {
			visit(p, doc)
		}
		return
	}
	switch v.Kind() { //nolint:exhaustive // only what documentFields lets through
	case reflect.Pointer:
		if !v.IsNil() {
			walkDocuments(v.Elem(), p, visit)
		}
	case reflect.Slice:
		for i := range v.Len() {
			walkDocuments(v.Index(i), &place{parent: p, index: i}, visit)
		}
	case reflect.Struct:
		for _, f := range documentFields(v.Type()) {
			inner := p
			if f.name != "" {
				inner = &place{parent: p, name: f.name}
			} else if v.Field(0).Interface() != inventory.Have {
				continue // a fact without a value
			}
			walkDocuments(v.Field(f.index), inner, visit)
		}
	}
}

// withDocuments returns a copy of a file with its documents replaced by what
// change returns for them. It shares everything else.
func withDocuments(file any, change func(doc jsontext.Value) jsontext.Value) any {
	out := copyDocuments(reflect.ValueOf(file)).Interface()
	eachDocument(out, func(_ *place, doc *jsontext.Value) { *doc = change(*doc) })
	return out
}

// copyDocuments copies everything on the way to a document.
func copyDocuments(v reflect.Value) reflect.Value {
	switch {
	case v.Type() == rawType:
		return v
	case v.Kind() == reflect.Pointer && !v.IsNil():
		out := reflect.New(v.Type().Elem())
		out.Elem().Set(copyDocuments(v.Elem()))
		return out
	case v.Kind() == reflect.Slice && !v.IsNil():
		out := reflect.MakeSlice(v.Type(), v.Len(), v.Len())
		for i := range v.Len() {
			out.Index(i).Set(copyDocuments(v.Index(i)))
		}
		return out
	case v.Kind() == reflect.Struct:
		out := reflect.New(v.Type()).Elem()
		out.Set(v)
		for _, f := range documentFields(v.Type()) {
			out.Field(f.index).Set(copyDocuments(v.Field(f.index)))
		}
		return out
	}
	return v
}

// A documentField is a field of a struct that leads to documents.
type documentField struct {
	index int
	name  string // in JSON; "" for the value of a Fact, which has no name of its own
}

var documentFieldsOf sync.Map // reflect.Type → []documentField

// documentFields lists the fields of a struct that lead to documents.
func documentFields(t reflect.Type) []documentField {
	if known, ok := documentFieldsOf.Load(t); ok {
		list, _ := known.([]documentField)
		return list
	}
	var list []documentField
	for i := range t.NumField() {
		f := t.Field(i)
		if notDocuments[f.Name] || !f.IsExported() || !leadsToDocuments(f.Type, nil) {
			continue
		}
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if name == "-" {
			continue
		}
		list = append(list, documentField{i, name})
	}
	documentFieldsOf.Store(t, list)
	return list
}

// leadsToDocuments reports whether a value of type t may hold documents. Units
// of an organization hold units, hence the types seen on the way.
func leadsToDocuments(t reflect.Type, seen []reflect.Type) bool {
	for _, s := range seen {
		if s == t {
			return false
		}
	}
	switch {
	case t == rawType:
		return true
	case t.Kind() == reflect.Pointer, t.Kind() == reflect.Slice:
		return leadsToDocuments(t.Elem(), seen)
	case t.Kind() != reflect.Struct:
		return false
	}
	for i := range t.NumField() {
		f := t.Field(i)
		if !notDocuments[f.Name] && f.IsExported() && leadsToDocuments(f.Type, append(seen, t)) {
			return true
		}
	}
	return false
}
