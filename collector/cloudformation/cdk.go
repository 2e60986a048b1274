package cloudformation

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"
)

// manifestFile lists what the CDK wrote into a folder, its cloud assembly.
const manifestFile = "manifest.json"

// maxAssemblies bounds how deep the assemblies of stages lie in one another.
const maxAssemblies = 4

// assembly reads the stacks of a cloud assembly in the folder dir of fsys, those
// of its stages included.
func assembly(fsys fs.FS, shown, dir string, depth int) ([]source, error) {
	file := path.Join(dir, manifestFile)
	here := path.Join(shown, file)
	b, err := readFile(fsys, file)
	if pe, ok := errors.AsType[*fs.PathError](err); ok {
		err = pe.Err // the path is told before it
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w; give a template, or the folder that cdk synth writes", here, err)
	}
	v, err := parseJSON(b)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", here, err)
	}
	artifacts := v.get("artifacts")
	if artifacts == nil || artifacts.kind != kindObject {
		return nil, fmt.Errorf("%s: this is no manifest of the CDK: it has no artifacts", here)
	}
	var out []source
	for id, a := range artifacts.members {
		typ, _ := a.get("type").scalar()
		props := a.get("properties")
		switch typ {
		case "aws:cloudformation:stack":
			src, err := synthesized(fsys, shown, dir, id, a)
			if err != nil {
				return nil, fmt.Errorf("%s: stack %s: %w", here, quote(id), err)
			}
			out = append(out, src)
		case "cdk:cloud-assembly":
			sub, _ := props.get("directoryName").scalar()
			if sub = path.Join(dir, sub); !fs.ValidPath(sub) || depth >= maxAssemblies {
				return nil, fmt.Errorf("%s: the stage %s cannot be followed", here, quote(id))
			}
			stage, err := assembly(fsys, shown, sub, depth+1)
			if err != nil {
				return nil, err
			}
			out = append(out, stage...)
		}
		if len(out) > maxStacks {
			return nil, fmt.Errorf("%s: more than %d stacks", here, maxStacks)
		}
	}
	if len(out) == 0 && depth == 0 {
		return nil, fmt.Errorf("%s: there is no stack in it", here)
	}
	return out, nil
}

// synthesized reads one stack of an assembly.
func synthesized(fsys fs.FS, shown, dir, id string, a *value) (source, error) {
	props := a.get("properties")
	file, _ := props.get("templateFile").scalar()
	if file = path.Join(dir, file); !fs.ValidPath(file) {
		return source{}, fmt.Errorf("its template %s is not in the folder", quote(file))
	}
	t, err := loadTemplate(fsys, shown, file)
	if err != nil {
		return source{}, fmt.Errorf("%s: %w", file, err)
	}
	named, _ := props.get("stackName").scalar()
	src := source{t: t, env: environment{name: cmp.Or(named, id)}, given: make(map[string]*value)}
	where, _ := a.get("environment").scalar()
	if rest, ok := strings.CutPrefix(where, "aws://"); ok { // aws://unknown-account/unknown-region
		account, region, _ := strings.Cut(rest, "/")
		if !strings.HasPrefix(account, "unknown-") {
			src.env.account = account
		}
		if !strings.HasPrefix(region, "unknown-") {
			src.env.region = region
		}
	}
	for name, p := range props.get("parameters").members {
		if s, ok := p.scalar(); ok {
			src.given[name] = text(s).at(p.line)
		}
	}
	return src, nil
}
