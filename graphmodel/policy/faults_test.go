package policy_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pathfinder/graphmodel/policy"
)

var kindByName = map[string]policy.Kind{
	"identity": policy.Identity, "session": policy.Session, "trust": policy.Trust, "resource": policy.Resource, "rcp": policy.RCP,
}

// report lists the faults of a document as a person gets them.
func report(t *testing.T, path string, kind policy.Kind) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	d := policy.Parse(text, kind)
	var b strings.Builder
	fmt.Fprintf(&b, "== %s (%v)\n", filepath.Base(path), kind)
	for _, f := range append(d.Faults, d.Review()...) {
		fmt.Fprintf(&b, "%v: %v\n", f.Severity, f)
		inside(t, text, f)
	}
	b.WriteByte('\n')
	return b.String()
}

// inside checks that a fault's place lies in the text and its pointer is one.
func inside(t *testing.T, text []byte, f policy.Fault) {
	t.Helper()
	lines := strings.Split(string(text), "\n")
	if f.Place.Line < 1 || f.Place.Line > len(lines) || f.Place.Column < 1 || f.Place.Column > len(lines[f.Place.Line-1])+1 {
		t.Errorf("%v lies outside of the text", f)
	}
	if f.Place.Pointer != "" && f.Place.Pointer[0] != '/' || f.Message == "" {
		t.Errorf("%v has a bad pointer or no message", f)
	}
}

// testdata/faults.golden holds what a person reads for each mistake: the place,
// what is wrong, what to do. Read it in review like code.
func TestFaults(t *testing.T) {
	t.Parallel()
	paths, err := filepath.Glob("testdata/faults/*.json")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no inputs: %v", err)
	}
	var b strings.Builder
	for _, path := range paths {
		prefix, _, _ := strings.Cut(filepath.Base(path), "-")
		b.WriteString(report(t, path, kindByName[prefix]))
	}
	golden(t, "testdata/faults.golden", b.String())
}

// The policies that were published with mistakes, as pathfinder explains them.
func TestBrokenPolicies(t *testing.T) {
	t.Parallel()
	paths, err := filepath.Glob("../../fixtures/broken-policies/*.json")
	if err != nil {
		t.Fatal(err)
	}
	if len(paths) == 0 {
		t.Fatal("fixtures/broken-policies is empty")
	}
	var b strings.Builder
	for _, path := range paths {
		b.WriteString(report(t, path, kindOf(path)))
	}
	golden(t, "testdata/broken-policies.golden", b.String())
}

// kindOf reads the kind of a published policy off its name.
func kindOf(path string) policy.Kind {
	switch name := filepath.Base(path); {
	case strings.Contains(name, "trust"):
		return policy.Trust
	case strings.Contains(name, "bucket-policy"), strings.Contains(name, "queue-policy"), strings.Contains(name, "account-principal"):
		return policy.Resource
	}
	return policy.Identity
}

func TestFaultText(t *testing.T) {
	t.Parallel()
	f := policy.Fault{Place: policy.Place{Line: 3, Column: 9, Pointer: "/Statement/0"}, Message: "it is so"}
	if got, want := f.String(), "line 3, column 9 (/Statement/0): it is so"; got != want {
		t.Errorf("String() = %q, want %q", got, want)
	}
	f.Place.Pointer = ""
	if got, want := f.String(), "line 3, column 9: it is so"; got != want {
		t.Errorf("String() = %q, want %q", got, want)
	}
	for s, want := range map[policy.Severity]string{policy.Advice: "advice", policy.Refused: "refused", policy.Broken: "broken"} {
		if s.String() != want {
			t.Errorf("severity %d is called %q, want %q", s, s, want)
		}
	}
	long := policy.Parse([]byte(`{"Statement":[{"Effect":`+quoted(strings.Repeat("ä", 500))+`}]}`), policy.Identity)
	if n := len(long.Faults[0].Message); n > 300 {
		t.Errorf("a long value makes a message of %d bytes", n)
	}
}
