package snapshot_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"

	"pathfinder/collector/snapshot"
)

// Every field of the wire structs stands in the schema of its file, at its
// place.
func TestSchemasMatchWire(t *testing.T) {
	t.Parallel()
	types := map[string]reflect.Type{
		"manifest":              reflect.TypeFor[snapshot.Manifest](),
		"organization":          reflect.TypeFor[snapshot.Organization](),
		"account":               reflect.TypeFor[snapshot.AccountInfo](),
		"authorization-details": reflect.TypeFor[snapshot.AuthorizationDetails](),
		"identity-providers":    reflect.TypeFor[snapshot.IdentityProviders](),
		"identity-center":       reflect.TypeFor[snapshot.IdentityCenter](),
		"resources":             reflect.TypeFor[snapshot.ResourceFile](),
		"documents":             reflect.TypeFor[snapshot.DocumentFile](),
	}
	if len(types) != len(snapshot.SchemaNames()) {
		t.Errorf("%d schemas, want %d", len(snapshot.SchemaNames()), len(types))
	}
	for _, name := range snapshot.SchemaNames() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text, ok := snapshot.Schema(name)
			if !ok {
				t.Fatal("there is no schema")
			}
			var schema map[string]any
			if err := json.Unmarshal(text, &schema); err != nil {
				t.Fatal(err)
			}
			if got := schema["$schema"]; got != "https://json-schema.org/draft/2020-12/schema" {
				t.Errorf("got $schema %v", got)
			}
			c := &comparison{t: t, defs: schema["$defs"], seen: make(map[reflect.Type]bool)}
			c.walk(types[name], schema, name)
		})
	}
}

func TestSchemaUnknown(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"", "x", "../schema", "manifest.schema.json"} {
		if b, ok := snapshot.Schema(name); ok {
			t.Errorf("Schema(%q): got %d bytes, want none", name, len(b))
		}
	}
}

// A comparison walks a Go type and a schema side by side, both ways.
type comparison struct {
	t    *testing.T
	defs any
	seen map[reflect.Type]bool
}

func (c *comparison) walk(typ reflect.Type, schema map[string]any, at string) {
	schema = c.resolve(schema)
	switch {
	case typ.Kind() == reflect.Pointer:
		c.walk(typ.Elem(), schema, at)
	case strings.HasPrefix(typ.Name(), "Fact["):
		value, _ := typ.FieldByName("Value")
		c.walk(value.Type, schema, at)
	case typ.Kind() == reflect.Slice && typ.Elem().Kind() != reflect.Uint8:
		items, ok := schema["items"].(map[string]any)
		if !ok {
			c.t.Errorf("%s: the schema has no items", at)
			return
		}
		c.walk(typ.Elem(), items, at+"[]")
	case typ.Kind() == reflect.Struct && typ.PkgPath() != "time":
		c.object(typ, schema, at)
	}
}

func (c *comparison) object(typ reflect.Type, schema map[string]any, at string) {
	if c.seen[typ] {
		return
	}
	c.seen[typ] = true
	props, _ := schema["properties"].(map[string]any)
	var fields []string
	for i := range typ.NumField() {
		f := typ.Field(i)
		name, opts, _ := strings.Cut(f.Tag.Get("json"), ",")
		if name == "-" || strings.Contains(opts, "embed") {
			continue
		}
		fields = append(fields, name)
		sub, ok := props[name].(map[string]any)
		if !ok {
			c.t.Errorf("%s.%s: not in the schema", at, name)
			continue
		}
		c.walk(f.Type, sub, at+"."+name)
	}
	for name := range props {
		if !slices.Contains(fields, name) {
			c.t.Errorf("%s.%s: in the schema, but not in %s", at, name, typ)
		}
	}
}

// resolve follows $ref and the value's side of "null or value".
func (c *comparison) resolve(schema map[string]any) map[string]any {
	if name, ok := schema["$ref"].(string); ok {
		defs, _ := c.defs.(map[string]any)
		def, ok := defs[strings.TrimPrefix(name, "#/$defs/")].(map[string]any)
		if !ok {
			c.t.Fatalf("%s leads nowhere", name)
		}
		return c.resolve(def)
	}
	if list, ok := schema["oneOf"].([]any); ok && len(list) == 2 {
		if value, ok := list[1].(map[string]any); ok {
			return c.resolve(value)
		}
	}
	return schema
}
