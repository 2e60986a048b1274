package policy_test

import (
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"github.com/go-json-experiment/json/jsontext"
	"pgregory.net/rapid"

	"pathfinder/graphmodel/policy"
)

// A sound document reads the same by itself and among others, and whatever has
// a fault is left to Parse.
func TestParseSound(t *testing.T) {
	t.Parallel()
	share := policy.NewShared()
	rapid.Check(t, func(t *rapid.T) {
		d := documents().Draw(t, "document")
		sameAsParse(t, d.text, d.kind, share)
		sameAsParse(t, d.text, d.kind, share) // with elements that are known
	})
}

func TestParseSoundOfFaults(t *testing.T) {
	t.Parallel()
	paths, err := filepath.Glob("testdata/faults/*.json")
	if err != nil {
		t.Fatal(err)
	}
	share := policy.NewShared()
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for kind := policy.Identity; kind <= policy.Endpoint; kind++ {
			sameAsParse(t, string(text), kind, share)
		}
	}
}

func sameAsParse(t rapid.TB, text string, kind policy.Kind, share *policy.Shared) {
	t.Helper()
	folded := jsontext.Value(text)
	if folded.Compact() != nil {
		return // no JSON
	}
	laid := policy.Indent(folded)
	want, got := policy.Parse(laid, kind), policy.ParseSound(string(folded), kind, share)
	if got == nil {
		if len(want.Faults) == 0 {
			t.Errorf("%s is not read, and has no faults", folded)
		}
		return
	}
	if len(want.Faults) > 0 {
		t.Fatalf("%s is read, and has the faults %v", folded, want.Faults)
	}
	if string(got.Text()) != string(laid) || got.Kind != kind || got.Version != want.Version || got.ID != want.ID {
		t.Errorf("got %s %s %s %s, want %s", got.Kind, got.Version, got.ID, got.Text(), laid)
	}
	if !reflect.DeepEqual(got.Statements, want.Statements) {
		t.Errorf("%s has other statements when it is read among others", folded)
	}
	if !reflect.DeepEqual(got.Review(), want.Review()) {
		t.Errorf("%s: the review says %v, want %v", folded, got.Review(), want.Review())
	}
}

// Elements without the id of an account are held once, whatever stands around
// them; what a kind or a version reads otherwise is not shared.
func TestShared(t *testing.T) {
	t.Parallel()
	share := policy.NewShared()
	read := func(kind policy.Kind, version, sid, resource string) *policy.Statement {
		d := policy.ParseSound(`{"Version":"`+version+`","Statement":[{"Sid":"`+sid+`","Effect":"Allow","Action":["s3:GetObject","s3:PutObject"],"Resource":"`+resource+
			`","Condition":{"StringEquals":{"aws:PrincipalTag/team":"${aws:username}"}}}]}`, kind, share)
		if d == nil {
			t.Fatal("the document has faults")
		}
		return d.Statements[0]
	}
	const bucket, queue = "arn:aws:s3:::data/*", "arn:aws:sqs:eu-central-1:111122223333:q"
	a, b := read(policy.Identity, policy.Version2012, "A", bucket), read(policy.Identity, policy.Version2012, "B", bucket)
	if a == b || a.Sid == b.Sid {
		t.Fatal("two statements are one")
	}
	if &a.Actions[0] != &b.Actions[0] || &a.Resources[0] != &b.Resources[0] || &a.Conditions[0] != &b.Conditions[0] {
		t.Error("equal elements are held twice")
	}
	old := read(policy.Identity, policy.Version2008, "A", bucket)
	if &a.Conditions[0] == &old.Conditions[0] || a.Conditions[0].Variables() == nil || old.Conditions[0].Variables() != nil {
		t.Error("a condition is read by the version of another document")
	}
	if scp := read(policy.SCP, policy.Version2012, "A", bucket); &a.Resources[0] == &scp.Resources[0] {
		t.Error("a resource is read by the kind of another document")
	}
	a, b = read(policy.Identity, policy.Version2012, "A", queue), read(policy.Identity, policy.Version2012, "B", queue)
	if &a.Resources[0] == &b.Resources[0] {
		t.Error("what names an account is remembered for all others")
	}
}
