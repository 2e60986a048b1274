package terraform

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"pathfinder/collector/snapshot"
)

// MaxSize is the most that is read of a plan, after decompression.
const MaxSize = 256 << 20

// A Plan is a plan of Terraform, as far as it bears on access.
type Plan struct {
	name string // of the file, for messages
	file planFile
}

// planFile is the representation of a plan (Terraform, "JSON Output Format").
// Unknown fields are ignored, as that page asks.
type planFile struct {
	FormatVersion   string                  `json:"format_version"`
	Variables       map[string]planVariable `json:"variables"`
	ResourceChanges []*resourceChange       `json:"resource_changes"`
	PriorState      *stateFile              `json:"prior_state"`
	Configuration   *configuration          `json:"configuration"`
	PlannedValues   jsontext.Value          `json:"planned_values"`
	Values          jsontext.Value          `json:"values"` // of a state file
	Errored         bool                    `json:"errored"`
	Deferred        []jsontext.Value        `json:"deferred_changes"`
}

type planVariable struct {
	Value any `json:"value"`
}

type stateFile struct {
	Values struct {
		Root stateModule `json:"root_module"`
	} `json:"values"`
}

type stateModule struct {
	Address   string          `json:"address"`
	Resources []stateResource `json:"resources"`
	Children  []stateModule   `json:"child_modules"`
}

type stateResource struct {
	Address string         `json:"address"`
	Mode    string         `json:"mode"`
	Type    string         `json:"type"`
	Name    string         `json:"name"`
	Values  jsontext.Value `json:"values"`
	Secrets jsontext.Value `json:"sensitive_values"`
}

type resourceChange struct {
	Address       string `json:"address"`
	ModuleAddress string `json:"module_address"`
	Mode          string `json:"mode"`
	Type          string `json:"type"`
	Name          string `json:"name"`
	Index         any    `json:"index"`
	ProviderName  string `json:"provider_name"`
	Deposed       string `json:"deposed"`
	Change        struct {
		Actions      []string       `json:"actions"`
		Before       jsontext.Value `json:"before"`
		After        jsontext.Value `json:"after"`
		AfterUnknown jsontext.Value `json:"after_unknown"`
		AfterSecret  jsontext.Value `json:"after_sensitive"`
	} `json:"change"`
}

type configuration struct {
	Providers map[string]providerConfig `json:"provider_config"`
	Root      configModule              `json:"root_module"`
}

type providerConfig struct {
	Name        string         `json:"name"`
	FullName    string         `json:"full_name"`
	Module      string         `json:"module_address"` // "" for the root
	Expressions map[string]any `json:"expressions"`
}

type configModule struct {
	Outputs map[string]struct {
		Expression map[string]any `json:"expression"`
	} `json:"outputs"`
	Resources []*configResource `json:"resources"`
	Calls     map[string]struct {
		Expressions map[string]any `json:"expressions"`
		Module      configModule   `json:"module"`
	} `json:"module_calls"`
	Variables map[string]struct {
		Default   any  `json:"default"`
		Sensitive bool `json:"sensitive"`
	} `json:"variables"`
}

type configResource struct {
	Address     string         `json:"address"`
	Mode        string         `json:"mode"`
	Type        string         `json:"type"`
	Name        string         `json:"name"`
	Provider    string         `json:"provider_config_key"`
	Expressions map[string]any `json:"expressions"`
}

// Read reads a plan: the output of `terraform show -json PLAN`, which may be
// compressed with zstd.
func Read(file string) (*Plan, error) {
	dir, base := filepath.Split(file)
	if dir == "" {
		dir = "."
	}
	f, err := snapshot.OpenFile(os.DirFS(dir), base)
	if err != nil {
		return nil, fmt.Errorf("plan %s: cannot be read: %w", file, err)
	}
	defer f.Close() //nolint:errcheck // only read from
	text, err := io.ReadAll(io.LimitReader(f, MaxSize+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("plan %s: cannot be read: %w", file, err)
	case len(text) > MaxSize:
		return nil, fmt.Errorf("plan %s: larger than %d MiB", file, MaxSize>>20)
	}
	p, err := Parse(text)
	if err != nil {
		return nil, fmt.Errorf("plan %s: %w", file, err)
	}
	p.name = base
	return p, nil
}

// Parse reads the text of a plan.
func Parse(text []byte) (*Plan, error) {
	switch text = bytes.TrimSpace(text); {
	case len(text) == 0:
		return nil, errors.New("the file is empty; did terraform show -json fail?")
	case bytes.HasPrefix(text, []byte("PK\x03\x04")):
		return nil, errors.New("this is the plan as terraform plan -out saves it; print it with terraform show -json and give that file")
	case text[0] != '{':
		return nil, errors.New("this is not a plan: give what terraform show -json prints of a saved plan")
	}
	p := &Plan{name: "plan"}
	if err := json.Unmarshal(text, &p.file); err != nil {
		return nil, unreadable(err)
	}
	return p, p.check()
}

// unreadable tells where the JSON is broken, and nothing of what stands there:
// plans hold secrets.
func unreadable(err error) error {
	if e, ok := errors.AsType[*json.SemanticError](err); ok {
		return fmt.Errorf("this is not a plan as terraform show -json prints it: %q is not what it should be", string(e.JSONPointer))
	}
	if e, ok := errors.AsType[*jsontext.SyntacticError](err); ok {
		return fmt.Errorf("this is not JSON: broken at byte %d; give what terraform show -json prints", e.ByteOffset)
	}
	return errors.New("this is not JSON; give what terraform show -json prints")
}

func (p *Plan) check() error {
	f := &p.file
	major, _, _ := strings.Cut(f.FormatVersion, ".")
	switch {
	case f.FormatVersion == "":
		return errors.New("this is not a plan: there is no format_version; give what terraform show -json prints of a saved plan")
	case major != "1" && major != "0":
		return fmt.Errorf("the plan has format version %.10q, this program reads 1.x", f.FormatVersion)
	case f.PlannedValues == nil && f.ResourceChanges == nil && f.Configuration == nil && f.Values != nil:
		return errors.New("this is a state, not a plan: it says what is, and a snapshot does too; save a plan with terraform plan -out and print that")
	case f.PlannedValues == nil && f.ResourceChanges == nil && f.Configuration == nil:
		return errors.New("this is not a plan: there are neither planned_values nor resource_changes")
	case f.Errored:
		return errors.New("the plan failed: Terraform marked it as errored, so it is not all that would happen")
	}
	for i, c := range f.ResourceChanges {
		if c == nil {
			return fmt.Errorf("this is not a plan as terraform show -json prints it: \"/resource_changes/%d\" is null", i)
		}
	}
	return nil
}

// Looks reports whether a text begins like a plan or a state of Terraform, or
// the archive that terraform plan saves. It tells wrong files apart.
func Looks(text []byte) bool {
	head := text[:min(len(text), 256)]
	return bytes.Contains(head, []byte(`"format_version"`)) && bytes.Contains(head, []byte(`"terraform_version"`))
}
