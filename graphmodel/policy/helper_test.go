package policy_test

import (
	"flag"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	"pathfinder/graphmodel/policy"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// golden compares got with the file at path, or writes it.
func golden(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v; make it with -update", err)
	}
	if d := cmp.Diff(string(want), got); d != "" {
		t.Errorf("%s differs (-want +got); if the new text is better, run with -update:\n%s", path, d)
	}
}

// statement reads one statement under version 2012-10-17.
func statement(t testing.TB, kind policy.Kind, text string) *policy.Statement {
	t.Helper()
	d := policy.Parse([]byte(`{"Version":"2012-10-17","Statement":[`+text+`]}`), kind)
	if len(d.Statements) != 1 {
		t.Fatalf("%s: %v", text, d.Faults)
	}
	return d.Statements[0]
}

// present makes a context of single values, given as key, value, key, value …
func present(pairs ...string) policy.Values {
	v := policy.Values{}
	for i := 0; i < len(pairs); i += 2 {
		v[pairs[i]] = policy.Single(pairs[i+1])
	}
	return v
}

// list makes a context that holds one multivalued key.
func list(key string, values ...string) policy.Values {
	return policy.Values{key: policy.List(values)}
}
