package cloudformation

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
)

// A template is one file, read and not yet resolved.
type template struct {
	file       string // as messages show it
	fsys       fs.FS  // the folder that was named, which nothing leaves
	shown      string // how messages show that folder
	dir        string // of the file, in the folder
	parameters *value
	mappings   *value
	conditions *value
	resources  *value
	outputs    *value
	transforms []*value
}

// newTemplate finds the sections of a template.
func newTemplate(v *value) (*template, error) {
	if v.kind != kindObject {
		return nil, fmt.Errorf("a template is an object with Resources, not %s", v.what())
	}
	t := new(template)
	for name, to := range map[string]**value{
		"Parameters": &t.parameters, "Mappings": &t.mappings, "Conditions": &t.conditions,
		"Resources": &t.resources, "Outputs": &t.outputs,
	} {
		section := v.get(name)
		if !section.missing() && section.kind != kindObject {
			return nil, fmt.Errorf("line %d: %s is an object, not %s", section.line, name, section.what())
		}
		*to = section
	}
	if t.resources.missing() {
		return nil, errors.New("this is no CloudFormation template: it has no Resources")
	}
	switch transform := v.get("Transform"); {
	case transform.missing():
	case transform.kind == kindList:
		t.transforms = transform.vals
	default:
		t.transforms = []*value{transform}
	}
	if include := v.get("Fn::Transform"); include != nil { // adds to the template
		t.transforms = append(slices.Clip(t.transforms), include)
	}
	return t, nil
}

// The transforms that this package knows.
const (
	languageExtensions = "AWS::LanguageExtensions"
	serverless         = "AWS::Serverless-2016-10-31"
)

// extended reports whether a template asks for the language extensions.
func (t *template) extended() bool {
	return slices.ContainsFunc(t.transforms, func(v *value) bool { return v.kind == kindText && v.text == languageExtensions })
}

// macros names the transforms that only AWS can run.
func (t *template) macros() (names []string) {
	for _, v := range t.transforms {
		name, ok := v.scalar()
		if inner, is := v.get("Name").scalar(); is {
			name, ok = inner, true
		}
		switch {
		case !ok:
			names = append(names, "a transform without a name")
		case name != languageExtensions && name != serverless:
			names = append(names, name)
		}
	}
	return names
}

// members yields the members of an object, or nothing.
func (v *value) members(yield func(string, *value) bool) {
	if v == nil || v.kind != kindObject {
		return
	}
	for i, key := range v.keys {
		if !yield(key, v.vals[i]) {
			return
		}
	}
}

// elements lists a list, or the one thing that stands in place of one.
func (v *value) elements() []*value {
	switch {
	case v.missing():
		return nil
	case v.kind == kindList:
		return v.vals
	}
	return []*value{v}
}

// isFunction reports whether an object is a call of an intrinsic function.
func (v *value) isFunction() bool {
	if v.kind != kindObject {
		return false
	}
	if len(v.keys) == 1 && v.keys[0] == "Ref" {
		return true
	}
	return slices.ContainsFunc(v.keys, func(key string) bool {
		return strings.HasPrefix(key, "Fn::") && !strings.HasPrefix(key, loopPrefix)
	})
}
