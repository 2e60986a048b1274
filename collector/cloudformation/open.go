package cloudformation

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"pathfinder/graphmodel/arn"
)

// A source is one template to deploy, with what is known of where.
type source struct {
	t     *template
	env   environment
	given map[string]*value // parameters that its folder says
}

// stackName is what CloudFormation takes as the name of a stack.
var stackName = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9-]{0,127}$`)

// cutName splits NAME=FILE. A file whose own name holds "=" is taken first.
func cutName(arg string) (name, file string) {
	before, after, ok := strings.Cut(arg, "=")
	if _, err := os.Stat(arg); !ok || err == nil || !stackName.MatchString(before) {
		return "", arg
	}
	return before, after
}

// opener opens the folders of templates, and keeps them open while the templates
// are worked out.
type opener struct{ roots []*os.Root }

func (o *opener) close() {
	for _, r := range o.roots {
		_ = r.Close() // only read from
	}
}

func (o *opener) root(dir string) (*os.Root, error) {
	r, err := os.OpenRoot(dir)
	if err == nil {
		o.roots = append(o.roots, r)
	}
	return r, err
}

// open reads what --template names: a template, or the folder that the CDK
// writes.
func (o *opener) open(arg string) ([]source, error) {
	name, file := cutName(arg)
	info, err := os.Stat(file)
	if err != nil {
		return nil, err
	}
	if !info.IsDir() && !info.Mode().IsRegular() {
		t, err := loadPipe(file)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		return []source{{t: t, env: environment{name: name}}}, nil
	}
	if real, err := filepath.EvalSymlinks(file); err == nil && !info.IsDir() && filepath.Base(real) != filepath.Base(file) {
		file = real // the folder that nothing leaves is that of the file itself
	}
	dir, base := filepath.Split(file)
	if info.IsDir() {
		dir, base = file, manifestFile
	}
	dir = cmp.Or(dir, ".")
	root, err := o.root(dir)
	if err != nil {
		return nil, err
	}
	if base == manifestFile {
		if name != "" {
			return nil, fmt.Errorf("%s: a folder of the CDK names its stacks itself", arg)
		}
		return assembly(root.FS(), shownDir(dir), ".", 0)
	}
	t, err := loadTemplate(root.FS(), shownDir(dir), base)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	src := source{t: t, env: environment{name: name}}
	if list, err := assembly(root.FS(), shownDir(dir), ".", 0); err == nil { // the CDK wrote it
		for _, s := range list {
			if s.t.file == t.file {
				src = s
				src.env.name = cmp.Or(name, s.env.name)
			}
		}
	}
	return []source{src}, nil
}

// loadPipe reads a template that another program writes. There is no folder
// around it, so that no nested template is found.
func loadPipe(file string) (*template, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close() //nolint:errcheck // only read from
	b, err := readAll(f)
	if err != nil {
		return nil, err
	}
	return parseTemplate(b, file)
}

// shownDir is how a folder is shown in front of the names of files in it.
func shownDir(dir string) string {
	dir = filepath.ToSlash(filepath.Clean(dir))
	if dir == "." {
		return ""
	}
	return dir
}

// A physical resource is what a logical one has become.
type physical struct{ id, typ string }

// A listing is what AWS says of the resources of deployed stacks.
type listing struct {
	physical map[string]map[string]physical // by stack, then by logical id; "": of an unnamed stack
	env      map[string]environment
}

// resourceLists reads output of describe-stack-resources, describe-stack-resource
// and list-stack-resources.
func resourceLists(args []string) (*listing, error) {
	l := &listing{physical: make(map[string]map[string]physical), env: make(map[string]environment)}
	for _, arg := range args {
		name, file := cutName(arg)
		b, err := readFile(os.DirFS(cmp.Or(filepath.Dir(file), ".")), filepath.Base(file))
		if err != nil {
			return nil, fmt.Errorf("--template-resources: %w", err)
		}
		v, err := parseJSON(b)
		if err == nil {
			err = l.add(name, v)
		}
		if err != nil {
			return nil, fmt.Errorf("--template-resources %s: %w", file, err)
		}
	}
	return l, nil
}

func (l *listing) add(name string, v *value) error {
	list := v.get("StackResources")
	if list == nil {
		list = v.get("StackResourceSummaries")
	}
	if list == nil || list.kind != kindList {
		return errors.New("this is no output of describe-stack-resources or list-stack-resources: looked for StackResources and StackResourceSummaries")
	}
	for _, r := range list.vals {
		logical, _ := r.get("LogicalResourceId").scalar()
		id, _ := r.get("PhysicalResourceId").scalar()
		typ, _ := r.get("ResourceType").scalar()
		status, _ := r.get("ResourceStatus").scalar()
		stack, _ := r.get("StackName").scalar()
		stack = cmp.Or(name, stack)
		if logical == "" || id == "" || status == "DELETE_COMPLETE" {
			continue
		}
		if l.physical[stack] == nil {
			l.physical[stack] = make(map[string]physical)
		}
		l.physical[stack][logical] = physical{id, typ}
		if at, _ := r.get("StackId").scalar(); arn.Is(at) {
			l.env[stack] = environment{name: stack, account: arn.Account(at), region: arn.Region(at)}
		}
	}
	return nil
}

// match returns the list for a stack, and its name. A list for one stack that
// has no name is that of the only stack there is.
func (l *listing) match(name string, only bool) (map[string]physical, environment) {
	if name == "" && only && len(l.physical) == 1 {
		for stack := range l.physical {
			name = stack
		}
	}
	if list := l.physical[name]; list != nil || !only {
		return list, l.env[name]
	}
	return l.physical[""], environment{}
}
