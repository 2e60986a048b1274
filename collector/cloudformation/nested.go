package cloudformation

import (
	"cmp"
	"fmt"
	"io/fs"
	"path"
)

// nestedType is the type of a stack in a stack.
const nestedType = "AWS::CloudFormation::Stack"

// nestedOutput works out Fn::GetAtt name.Outputs.output.
func (c *call) nestedOutput(name, output string) *value {
	inner, why := c.s.nest(name)
	if why != "" {
		return c.unknown("%s", why)
	}
	v := inner.output(output)
	if v == nil {
		return c.unknown("the nested stack has no output %s", short(output))
	}
	return v
}

// The limits of nesting.
const (
	maxNesting = 8
	maxStacks  = 500
)

// A nesting is a nested stack, or why it can't be read.
type nesting struct {
	inner *stack
	why   string
}

// nest reads the template of a nested stack and makes the stack, once.
func (s *stack) nest(id string) (inner *stack, why string) {
	n := s.nested[id]
	if n == nil {
		n = &nesting{why: "it depends on itself"}
		s.nested[id] = n
		n.inner, n.why = s.newNested(id)
	}
	return n.inner, n.why
}

func (s *stack) newNested(id string) (inner *stack, why string) {
	r := s.resources.get(id)
	if typ, _ := r.get("Type").scalar(); typ != nestedType {
		return nil, "it is no nested stack"
	}
	doubt, made := s.made(id, r)
	if !made {
		return nil, "the nested stack is not made"
	}
	if s.depth >= maxNesting || len(s.d.stacks) >= maxStacks {
		return nil, "stacks are nested too deep, or too many"
	}
	props := r.get("Properties")
	file, why := s.templateFile(id, r, props)
	if why != "" {
		return nil, why
	}
	t, err := s.t.open(file)
	if err != nil {
		return nil, "its template " + quote(file) + " cannot be read: " + err.Error()
	}
	given := make(map[string]*value)
	for name, v := range props.get("Parameters").members {
		if r := s.resolve(v, id); !r.missing() {
			given[name] = r
		}
	}
	env := s.environment
	env.name = s.called + "-" + id + "-" + generatedName
	if physical := s.physical[id].id; physical != "" { // arn:…:stack/NAME/ID
		env.name = path.Base(path.Dir(physical))
	}
	inner = s.d.newStack(t, env, given, s.d.lists.physical[env.name])
	inner.depth, inner.doubt = s.depth+1, doubt
	s.d.stacks = append(s.d.stacks, inner)
	return inner, ""
}

// made reports whether a resource is made; doubt says why that is not known.
func (s *stack) made(id string, r *value) (doubt string, ok bool) {
	condition := r.get("Condition")
	if condition.missing() {
		return s.doubt, true
	}
	name, ok := condition.scalar()
	if !ok {
		why, _ := condition.reason()
		return "whether " + id + " is made depends on a condition that can't be read: " + cmp.Or(why, "it is "+condition.what()), true
	}
	switch t := s.condition(name); {
	case t.why != "":
		return "whether " + id + " is made depends on the condition " + short(name) + ": " + t.why, true
	case !t.yes:
		return "", false
	}
	return s.doubt, true
}

// templateFile finds the file of a nested template: what TemplateURL names when
// it is no URL, or what the CDK says it was uploaded from.
func (s *stack) templateFile(id string, r, props *value) (file, why string) {
	meta := r.get("Metadata")
	if p, ok := meta.get("aws:asset:path").scalar(); ok {
		if property, _ := meta.get("aws:asset:property").scalar(); property == "TemplateURL" {
			return path.Join(s.t.dir, p), ""
		}
	}
	v := s.resolve(props.get("TemplateURL"), id)
	if v.kind == kindUnknown {
		return "", v.text
	}
	url, ok := v.scalar()
	switch {
	case !ok:
		return "", "it has no TemplateURL"
	case isURL(url):
		return "", "its template is at " + short(url) + ", and not in a file at hand"
	}
	return path.Join(s.t.dir, url), ""
}

func isURL(s string) bool {
	for _, scheme := range []string{"https://", "http://", "s3://"} {
		if len(s) >= len(scheme) && s[:len(scheme)] == scheme {
			return true
		}
	}
	return false
}

// open reads another template of the same folder.
func (t *template) open(file string) (*template, error) {
	if t.fsys == nil || !fs.ValidPath(file) {
		return nil, fmt.Errorf("it is not in the folder of %s", t.file)
	}
	return loadTemplate(t.fsys, t.shown, file)
}

// loadTemplate reads a template of a folder; shown is how the folder is named in
// messages.
func loadTemplate(fsys fs.FS, shown, file string) (*template, error) {
	b, err := readFile(fsys, file)
	if err != nil {
		return nil, err
	}
	t, err := parseTemplate(b, path.Join(shown, file))
	if err != nil {
		return nil, err
	}
	t.fsys, t.shown, t.dir = fsys, shown, path.Dir(file)
	return t, nil
}

// parseTemplate reads the text of a template.
func parseTemplate(b []byte, shown string) (*template, error) {
	v, err := parse(b)
	if err != nil {
		return nil, err
	}
	t, err := newTemplate(v)
	if err != nil {
		return nil, err
	}
	t.file = shown
	return t, nil
}
