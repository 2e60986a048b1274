package benchmarks

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"testing"

	"pathfinder/benchmarks/orggen"
	"pathfinder/graphmodel/inventory"
	"pathfinder/solver"
)

// comparedSizes are those of the organizations whose principals are also asked one
// by one.
var comparedSizes = []struct{ accounts, principals int }{{3, 12}, {8, 40}, {20, 30}}

// Classes of principals give the same answers as each principal by itself, byte
// by byte, on organizations of several sizes; and so does the survey, whatever
// the number of its workers.
func TestClassesAtSizes(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes several seconds")
	}
	for _, size := range comparedSizes {
		t.Run(fmt.Sprintf("%dx%d", size.accounts, size.principals), func(t *testing.T) {
			t.Parallel()
			s, names, err := orggen.Snapshot(orggen.Config{Accounts: size.accounts, Principals: size.principals, Resources: 20, Seed: 7})
			if err != nil {
				t.Fatal(err)
			}
			inv, err := s.Inventory()
			if err != nil {
				t.Fatal(err)
			}
			byClass, singly := solverOf(t, inv, false), solverOf(t, inv, true)
			resources := []string{"arn:aws:s3:::" + names.ArtifactsBucket}
			for i, arn := range slices.Sorted(inv.Index().ResourceARNs()) {
				if i%17 == 0 {
					resources = append(resources, arn)
				}
			}
			one := singly.Survey(1)
			surveys := []*solver.Survey{byClass.Survey(1), byClass.Survey(2), byClass.Survey(8)}
			for _, arn := range resources {
				got, want := whoCan(t, byClass, arn), whoCan(t, singly, arn)
				if a, b := text(t, got), text(t, want); !bytes.Equal(a, b) {
					t.Fatalf("who-can %s: by classes\n%s\nsingly\n%s", arn, a, b)
				}
				for _, v := range surveys {
					surveyed(t, inv, v, one, arn, want)
				}
			}
			if size.accounts < 20 { // one by one they take long
				sameEscalations(t, byClass, singly)
			}
			for _, v := range surveys[1:] {
				if v.Stats() != surveys[0].Stats() {
					t.Errorf("one worker: %+v\nmore: %+v", surveys[0].Stats(), v.Stats())
				}
			}
		})
	}
}

// sameEscalations holds what accounts decide for each other, and without the engine,
// against the engine's own decisions.
func sameEscalations(t *testing.T, byClass, singly *solver.Solver) {
	t.Helper()
	got, _ := byClass.Escalations(true)
	want, _ := singly.Escalations(true)
	if len(got) != len(want) {
		t.Errorf("%d principals escalate by classes, %d singly", len(got), len(want))
	}
	for i := range want {
		if a, b := said(&got[i]), said(&want[i]); a != b {
			t.Errorf("by classes %s\nsingly     %s", a, b)
		}
	}
}

// said writes what somebody gets to.
func said(e *solver.Escalation) string {
	return fmt.Sprint(e.Principal.ARN, " ", e.Admin, " ", e.Path, " ", e.Others, " ", e.Condition, " ", e.If, " ", e.Because)
}

// surveyed holds what a survey says of a resource against who-can, and its labels
// against one that asks about each principal by itself.
func surveyed(t *testing.T, inv *inventory.Inventory, v, one *solver.Survey, arn string, want *solver.WhoCanAnswer) {
	t.Helper()
	direct := map[string][]solver.Grant{}
	for _, a := range want.Access {
		if len(a.Path) == 1 && a.Resource == arn {
			direct[a.Principal] = a.Grants
		}
	}
	for _, a := range inv.Accounts {
		for _, p := range a.Principals() {
			if a, b := text(t, v.Direct(p.ARN, arn)), text(t, direct[p.ARN]); !bytes.Equal(a, b) {
				t.Fatalf("%s on %s: survey\n%s\nwho-can\n%s", p.ARN, arn, a, b)
			}
			if a, b := text(t, v.Allowed(p.ARN, arn)), text(t, one.Allowed(p.ARN, arn)); !bytes.Equal(a, b) {
				t.Fatalf("%s on %s: the label says\n%s\nthe engine\n%s", p.ARN, arn, a, b)
			}
		}
	}
}

func solverOf(t *testing.T, inv *inventory.Inventory, singly bool) *solver.Solver {
	t.Helper()
	s, err := solver.New(solver.Config{Inventory: inv, Singly: singly})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func whoCan(t *testing.T, s *solver.Solver, arn string) *solver.WhoCanAnswer {
	t.Helper()
	ans, err := s.WhoCan(arn, nil)
	if err != nil {
		t.Fatal(err)
	}
	return ans
}

func text(t *testing.T, v any) []byte {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return b
}
