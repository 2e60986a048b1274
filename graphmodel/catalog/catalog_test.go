package catalog_test

import (
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"pathfinder/graphmodel/catalog"
)

// typeNames returns "service/name" of each type, in order.
func typeNames(types []catalog.ResourceType) []string {
	var out []string
	for _, t := range types {
		out = append(out, t.Service+"/"+t.Name)
	}
	return out
}

func actionNames(actions []catalog.Action) []string {
	var out []string
	for _, a := range actions {
		out = append(out, a.Name)
	}
	return out
}

func mustAction(t *testing.T, name string) catalog.Action {
	t.Helper()
	a, ok := catalog.Default().Action(name)
	if !ok {
		t.Fatalf("Action(%q) not found", name)
	}
	return a
}

func TestCounts(t *testing.T) {
	t.Parallel()
	c := catalog.Default()
	types, keys, rcp, deps, perm := 0, map[string]bool{}, 0, 0, 0
	for _, s := range c.Services() {
		types += len(c.ResourceTypes(s))
		for _, k := range c.ConditionKeys(s) {
			keys[k.Name] = true
		}
		if c.SupportsRCP(s) {
			rcp++
		}
	}
	for a := range c.Match("*") {
		if len(a.DependsOn) > 0 {
			deps++
		}
		if a.PermissionOnly {
			perm++
		}
	}
	tests := []struct {
		name      string
		got, want int
	}{
		{name: "services", got: len(c.Services()), want: 450},
		{name: "actions", got: c.NumActions(), want: 21_000},
		{name: "resource types", got: types, want: 2_300},
		{name: "condition keys", got: len(keys), want: 1_500},
		{name: "RCP services", got: rcp, want: 60},
		{name: "actions with dependent actions", got: deps, want: 1_500},
		{name: "permission-only actions", got: perm, want: 1_200},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if tt.got < tt.want {
				t.Errorf("got %d, want at least %d", tt.got, tt.want)
			}
		})
	}
}

func TestAction(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string // as asked for
		want   string // in AWS's spelling
		access catalog.AccessLevel
		types  []string
		perm   bool
	}{
		{
			name: "s3:GetObject", want: "s3:GetObject", access: catalog.AccessRead,
			types: []string{"s3/accesspointobject", "s3/object"},
		},
		{
			name: "S3:GETOBJECT", want: "s3:GetObject", access: catalog.AccessRead,
			types: []string{"s3/accesspointobject", "s3/object"},
		},
		{
			name: "s3:listbucket", want: "s3:ListBucket", access: catalog.AccessList,
			types: []string{"s3/accesspoint", "s3/bucket"},
		},
		{name: "s3:ListAllMyBuckets", want: "s3:ListAllMyBuckets", access: catalog.AccessList},
		{name: "ecr:GetAuthorizationToken", want: "ecr:GetAuthorizationToken", access: catalog.AccessRead},
		{name: "sts:AssumeRole", want: "sts:AssumeRole", access: catalog.AccessWrite, types: []string{"sts/role"}},
		{name: "iam:PassRole", want: "iam:PassRole", access: catalog.AccessWrite, types: []string{"iam/role"}, perm: true},
		{
			name: "iam:PutRolePolicy", want: "iam:PutRolePolicy",
			access: catalog.AccessPermissions | catalog.AccessWrite, types: []string{"iam/role"},
		},
		{
			name: "dynamodb:TagResource", want: "dynamodb:TagResource",
			access: catalog.AccessTagging | catalog.AccessWrite, types: []string{"dynamodb/stream", "dynamodb/table"},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := mustAction(t, tt.name)
			if got.Name != tt.want || got.Access != tt.access || got.PermissionOnly != tt.perm {
				t.Errorf("got %s, %q, permission-only %v; want %s, %q, %v",
					got.Name, got.Access, got.PermissionOnly, tt.want, tt.access, tt.perm)
			}
			var types []string
			for _, r := range got.ResourceTypes {
				types = append(types, r.Type.Service+"/"+r.Type.Name)
			}
			if d := cmp.Diff(tt.types, types); d != "" {
				t.Errorf("resource types (-want +got):\n%s", d)
			}
			if got.WildcardOnly != (len(tt.types) == 0) {
				t.Errorf("WildcardOnly = %v with %d types", got.WildcardOnly, len(tt.types))
			}
		})
	}
}

func TestActionUnknown(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"", "s3", "s3:", "s3:GetObjec", "s3:GetObject*", ":GetObject", "zzz:Zzz", "*", "\xff"} {
		if got, ok := catalog.Default().Action(name); ok {
			t.Errorf("Action(%q) = %v, want none", name, got.Name)
		}
	}
}

// Source: Service Authorization Reference, "Actions defined by Amazon EC2".
func TestRunInstances(t *testing.T) {
	t.Parallel()
	a := mustAction(t, "ec2:RunInstances")
	var required []string
	for _, r := range a.ResourceTypes {
		if r.Required {
			required = append(required, r.Type.Name)
		}
		if r.Type.Name == "instance" && !slices.Contains(r.ConditionKeys, "ec2:InstanceType") {
			t.Errorf("keys of the instance are %v, want ec2:InstanceType among them", r.ConditionKeys)
		}
	}
	want := []string{"image", "instance", "network-interface", "security-group", "subnet"}
	if d := cmp.Diff(want, required); d != "" {
		t.Errorf("required types (-want +got):\n%s", d)
	}
	if !slices.Contains(a.DependsOn, "iam:PassRole") {
		t.Errorf("DependsOn = %v, want iam:PassRole among them", a.DependsOn)
	}
}

// Law: ids are dense and ascend with the lower-case names; every way to reach
// an action gives the same one; what an action refers to exists.
func TestActionLaws(t *testing.T) {
	t.Parallel()
	c := catalog.Default()
	prev := ""
	for i := range c.NumActions() {
		a, ok := c.ByID(catalog.ActionID(i))
		if !ok || a.ID != catalog.ActionID(i) {
			t.Fatalf("ByID(%d) = id %d, %v", i, a.ID, ok)
		}
		low := strings.ToLower(a.Name)
		if low <= prev {
			t.Errorf("%s comes after %s", low, prev)
		}
		prev = low
		if b, ok := c.Action(strings.ToUpper(a.Name)); !ok || b.ID != a.ID {
			t.Errorf("Action(%q) = %v, %v", strings.ToUpper(a.Name), b.ID, ok)
		}
		if a.Access == 0 || a.WildcardOnly != (len(a.ResourceTypes) == 0) {
			t.Errorf("%s: access %q, wildcard-only %v", a.Name, a.Access, a.WildcardOnly)
		}
		for _, d := range a.DependsOn {
			if _, ok := c.Action(d); !ok {
				t.Errorf("%s depends on unknown %s", a.Name, d)
			}
		}
		for _, r := range a.ResourceTypes {
			if r.Type.Service != a.Service() || len(r.Type.ARNs) == 0 {
				t.Errorf("%s has type %+v", a.Name, *r.Type)
			}
		}
	}
	if _, ok := c.ByID(catalog.ActionID(c.NumActions())); ok {
		t.Errorf("ByID(%d) exists", c.NumActions())
	}
}

func TestServices(t *testing.T) {
	t.Parallel()
	c := catalog.Default()
	services := c.Services()
	if !slices.IsSorted(services) {
		t.Error("Services is not sorted")
	}
	total := 0
	for _, s := range services {
		actions := c.Actions(s)
		total += len(actions)
		for _, a := range actions {
			if a.Service() != s {
				t.Errorf("Actions(%q) has %s", s, a.Name)
			}
		}
		if len(actions) != len(c.Actions(strings.ToUpper(s))) {
			t.Errorf("Actions(%q) depends on case", s)
		}
	}
	if total != c.NumActions() {
		t.Errorf("services have %d actions, want %d", total, c.NumActions())
	}
	services[0] = "changed"
	if c.Services()[0] == "changed" {
		t.Error("Services hands out its own memory")
	}
	if got := c.Actions("no-such"); len(got) != 0 {
		t.Errorf("Actions of no service: %v", actionNames(got))
	}
	if got := c.ResourceTypes("no-such"); len(got) != 0 {
		t.Errorf("ResourceTypes of no service: %v", typeNames(got))
	}
}

func TestSupportsRCP(t *testing.T) {
	t.Parallel()
	tests := []struct {
		service string
		want    bool
	}{
		{service: "s3", want: true},
		{service: "S3", want: true},
		{service: "kms", want: true},
		{service: "sts", want: true},
		{service: "sqs", want: true},
		{service: "secretsmanager", want: true},
		{service: "iam"},
		{service: "ec2"},
		{service: "no-such"},
	}
	for _, tt := range tests {
		t.Run(tt.service, func(t *testing.T) {
			t.Parallel()
			if got := catalog.Default().SupportsRCP(tt.service); got != tt.want {
				t.Errorf("SupportsRCP(%q) = %v, want %v", tt.service, got, tt.want)
			}
		})
	}
}

func TestAccessLevel(t *testing.T) {
	t.Parallel()
	tests := []struct {
		level catalog.AccessLevel
		want  string
	}{
		{level: 0, want: ""},
		{level: catalog.AccessList, want: "List"},
		{level: catalog.AccessWrite | catalog.AccessPermissions, want: "Permissions management, Write"},
		{level: catalog.AccessWrite | catalog.AccessTagging, want: "Tagging, Write"},
		{
			level: catalog.AccessList | catalog.AccessRead | catalog.AccessPermissions | catalog.AccessTagging | catalog.AccessWrite,
			want:  "List, Permissions management, Read, Tagging, Write",
		},
	}
	for _, tt := range tests {
		t.Run(tt.want, func(t *testing.T) {
			t.Parallel()
			if got := tt.level.String(); got != tt.want {
				t.Errorf("String of %d = %q, want %q", tt.level, got, tt.want)
			}
			if !tt.level.Has(tt.level) || !tt.level.Has(0) || catalog.AccessLevel(0).Has(catalog.AccessRead) {
				t.Errorf("Has of %d is wrong", tt.level)
			}
		})
	}
}

// The first use may come from many goroutines at once, and through any method.
func TestConcurrentUse(t *testing.T) {
	t.Parallel()
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			c := catalog.Default()
			if len(c.TypesOf("arn:aws:s3:::b/k")) == 0 || !c.HasKey("s3:ListBucket", "s3:prefix") ||
				len(c.ActionsFor("arn:aws:s3:::b/k")) == 0 {
				t.Error("wrong answer")
			}
		})
	}
	wg.Wait()
}

// How to refresh the data must stay written down, and be true of this data.
func TestRefreshIsDocumented(t *testing.T) {
	t.Parallel()
	doc, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"# Refreshing the data",
		"go generate ./graphmodel/catalog",
		"Data of " + catalog.DataDate,
		"//go:generate go run ./internal/gencatalog -version " + catalog.DataVersion + " -overlay ",
	} {
		if !strings.Contains(string(doc), want) {
			t.Errorf("doc.go does not say %q", want)
		}
	}
	licence, err := os.ReadFile("LICENSE-iam-data")
	if err != nil || !strings.HasPrefix(string(licence), "MIT License") {
		t.Errorf("licence of the data: %.20q, %v", licence, err)
	}
}
