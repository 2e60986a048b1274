package cloudformation

import (
	"cmp"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"go.yaml.in/yaml/v3"
)

// A yamlReader turns YAML nodes into values.
type yamlReader struct {
	budget budget
	open   map[*yaml.Node]bool // anchors around the node being read
}

func parseYAML(file []byte) (*value, error) {
	var root yaml.Node
	if err := yaml.Unmarshal(file, &root); err != nil {
		return nil, errors.New("this is not YAML: " + short(strings.TrimPrefix(err.Error(), "yaml: ")))
	}
	if root.Kind != yaml.DocumentNode || len(root.Content) != 1 {
		return nil, errors.New("the file holds no template")
	}
	r := &yamlReader{budget: budget{maxValues}, open: make(map[*yaml.Node]bool)}
	return r.value(root.Content[0], 0)
}

func (r *yamlReader) value(n *yaml.Node, depth int) (*value, error) {
	if err := r.budget.take(depth); err != nil {
		return nil, fmt.Errorf("line %d: %w", n.Line, err)
	}
	if n.Kind == yaml.AliasNode {
		if n.Alias == nil || r.open[n.Alias] {
			return nil, fmt.Errorf("line %d: the alias *%s stands inside of what it names", n.Line, short(n.Value))
		}
		return r.value(n.Alias, depth+1)
	}
	if n.Anchor != "" {
		r.open[n] = true
		defer delete(r.open, n)
	}
	v, err := r.untagged(n, depth)
	if err != nil || !strings.HasPrefix(n.Tag, "!") || strings.HasPrefix(n.Tag, "!!") || n.Tag == "!" {
		return v, err
	}
	return function(n.Tag[1:], v), nil
}

// function writes the short form of a function in its long one.
func function(tag string, v *value) *value {
	switch tag {
	case "Ref", "Condition":
	case "GetAtt":
		tag = "Fn::GetAtt"
		if v.kind == kindText {
			name, attribute, _ := strings.Cut(v.text, ".")
			v = &value{kind: kindList, line: v.line, vals: []*value{text(name).at(v.line), text(attribute).at(v.line)}}
		}
	default:
		tag = "Fn::" + tag
	}
	return &value{kind: kindObject, line: v.line, keys: []string{tag}, vals: []*value{v}}
}

func (r *yamlReader) untagged(n *yaml.Node, depth int) (*value, error) {
	v := &value{line: n.Line}
	switch n.Kind {
	case yaml.ScalarNode:
		return scalar(n), nil
	case yaml.SequenceNode:
		v.kind = kindList
		for _, c := range n.Content {
			e, err := r.value(c, depth+1)
			if err != nil {
				return nil, err
			}
			v.vals = append(v.vals, e)
		}
		return v, nil
	case yaml.MappingNode:
		v.kind = kindObject
		return v, r.members(v, n, depth)
	case yaml.DocumentNode, yaml.AliasNode:
	}
	return nil, fmt.Errorf("line %d: cannot be read", n.Line)
}

func (r *yamlReader) members(v *value, n *yaml.Node, depth int) error {
	seen := make(map[string]bool, len(n.Content)/2)
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.Content[i]
		if key.Kind == yaml.AliasNode && key.Alias != nil {
			key = key.Alias
		}
		switch {
		case key.Kind != yaml.ScalarNode:
			return fmt.Errorf("line %d: a key is a text", n.Content[i].Line)
		case key.Tag == "!!merge":
			return fmt.Errorf("line %d: CloudFormation knows no merging of mappings (<<)", key.Line)
		case seen[key.Value]:
			return fmt.Errorf("line %d: the key %s stands twice; keep one of them", key.Line, quote(key.Value))
		}
		seen[key.Value] = true
		e, err := r.value(n.Content[i+1], depth+1)
		if err != nil {
			return err
		}
		v.set(key.Value, e)
	}
	return nil
}

// odd are numbers that YAML 1.1, which CloudFormation reads, takes for others
// than those that stand there: octal, hexadecimal, sexagesimal, with gaps.
var odd = regexp.MustCompile(`^[-+]?(0[0-7_]+|0[xXbB][0-9a-fA-F_]+|[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?|[0-9]+_[0-9_]*)$`)

// switches are the words that YAML 1.1 takes for booleans, beside true and false.
// CloudFormation does too: a tag whose value is YES comes out as true.
var switches = map[string]string{
	"yes": "true", "Yes": "true", "YES": "true", "on": "true", "On": "true", "ON": "true",
	"no": "false", "No": "false", "NO": "false", "off": "false", "Off": "false", "OFF": "false",
}

func scalar(n *yaml.Node) *value {
	v := &value{kind: kindText, line: n.Line, text: n.Value}
	const quoted = yaml.SingleQuotedStyle | yaml.DoubleQuotedStyle | yaml.LiteralStyle | yaml.FoldedStyle
	if n.Style&quoted != 0 && n.Style&yaml.TaggedStyle == 0 || !strings.HasPrefix(n.ShortTag(), "!!") {
		return v
	}
	switch tag := n.ShortTag(); {
	case tag == "!!str" && n.Style&yaml.TaggedStyle != 0:
	case odd.MatchString(n.Value):
		return unknown("the number " + quote(n.Value) + " means another one in YAML 1.1; put it in quotes").at(n.Line)
	case tag == "!!str" && len(n.Value) == 1 && strings.Contains("yYnN", n.Value):
		// Booleans by the letter of YAML 1.1, and texts to most of its readers.
		return unknown(quote(n.Value) + " is a boolean in YAML 1.1, and not to all who read it; put it in quotes, or write true or false").at(n.Line)
	case tag == "!!null":
		v.kind = kindNull
	case tag == "!!bool", tag == "!!str" && switches[n.Value] != "":
		v.kind, v.text = kindBool, cmp.Or(switches[n.Value], strings.ToLower(n.Value))
	case tag == "!!int", tag == "!!float":
		v.kind = kindNumber
	}
	return v
}
