package main

import (
	"context"
	"encoding/json"
	"io/fs"
	"os"
	"os/exec"
	"testing"

	"github.com/google/go-cmp/cmp"

	"pathfinder/solver"
)

// Where node is and the engine was installed before, the peer is asked about
// the organization in testdata. Nothing is installed for it.
func TestPeerAgrees(t *testing.T) {
	t.Parallel()
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("no node")
	}
	dir := installed(t)
	o := options{actions: "all"}
	if err := o.ask(tinyBucket); err != nil {
		t.Fatal(err)
	}
	q := o.questions[0]
	folder := tiny(t)
	theirs, _, err := askPeer(context.Background(), &engine{node: node, dir: dir}, folder, q, 1)
	if err != nil {
		t.Fatal(err)
	}
	if len(theirs.Refused) > 0 {
		t.Errorf("refused: %v", theirs.Refused)
	}
	inv := tinyInventory(t)
	none := 0
	s, err := solver.New(solver.Config{Inventory: inv, MaxHops: &none})
	if err != nil {
		t.Fatal(err)
	}
	ans, err := s.WhoCan(q.Resource, nil)
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(ans)
	if err != nil {
		t.Fatal(err)
	}
	mine, err := readOurs(text, q)
	if err != nil {
		t.Fatal(err)
	}
	a := asked{Question: q}
	compare(&a, mine, theirs)
	r := &report{Asked: []asked{a}}
	if err := explainIn(inv, r); err != nil {
		t.Fatal(err)
	}
	got := map[string]int{}
	for _, d := range r.Asked[0].Differences {
		got[d.Rule]++
	}
	if d := cmp.Diff(map[string]int{"E3": 1, "E106": 121, "E124": 1, "E144": 1, "E216": 3, "E217": 2}, got); d != "" {
		t.Errorf("differences by rule (-want +got):\n%s", d)
	}
}

// installed returns the folder into which versus installed the driver, and
// skips the test when it did not.
func installed(t *testing.T) string {
	t.Helper()
	files, err := fs.Sub(driver, "peer")
	if err != nil {
		t.Fatal(err)
	}
	cache, err := cacheFolder()
	if err != nil {
		t.Skip(err)
	}
	dir, err := driverFolder(cache, files)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(dir); err != nil {
		t.Skip("versus did not install this driver yet")
	}
	return dir
}
