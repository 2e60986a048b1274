package cloudformation_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"pathfinder/collector/cloudformation"
	"pathfinder/collector/snapshot"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// Each template of testdata/resources, deployed into world, changes what its
// golden file says.
func TestResources(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/resources/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatal("no templates", err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			d := deploy(t, cloudformation.Config{Templates: []string{"app=" + file}, Account: account, Region: region})
			got := d.text()
			if strings.Contains(got, "hunter2") {
				t.Error("a secret shows")
			}
			golden := strings.TrimSuffix(file, ".yaml") + ".golden"
			if *update {
				if err := os.WriteFile(golden, []byte(got), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// text writes what has changed: what was done, what each thing that was touched
// is now, and what is not known.
func (d *deployed) text() string {
	var b strings.Builder
	var touched []string
	for _, c := range d.r.Changes {
		fmt.Fprintf(&b, "%s: %s\n", c.What, c.Did)
		if !slices.Contains(touched, c.What) {
			touched = append(touched, c.What)
		}
	}
	for _, what := range touched {
		fmt.Fprintf(&b, "\n%s\n", written(d.t, d.find(what)))
	}
	for _, g := range d.r.Gaps {
		fmt.Fprintf(&b, "\nnot known: %s: %s\n  %s\n", g.Service, g.What, g.Why)
	}
	for _, n := range d.r.Notes {
		fmt.Fprintf(&b, "\nnote: %s\n", n)
	}
	return b.String()
}

func (d *deployed) find(what string) any {
	for _, a := range d.s.Accounts {
		if a.IAM != nil {
			for _, r := range a.IAM.RoleDetailList {
				if r.ARN == what {
					return r
				}
			}
			for _, u := range a.IAM.UserDetailList {
				if u.ARN == what {
					return u
				}
			}
			for _, g := range a.IAM.GroupDetailList {
				if g.ARN == what {
					return g
				}
			}
			for _, p := range a.IAM.Policies {
				if p.ARN == what {
					return p
				}
			}
		}
		for _, f := range a.Resources {
			for _, r := range f.Resources {
				if r.ARN == what {
					return r
				}
			}
		}
	}
	for _, p := range d.s.Organization.Policies {
		if p.PolicySummary.ID == what {
			return p
		}
	}
	if u := unit(d.s.Organization.Root, what); u != nil {
		return u
	}
	return what
}

func unit(u *snapshot.OrganizationalUnit, id string) *snapshot.OrganizationalUnit {
	if u.ID == id {
		return u
	}
	for _, c := range u.OrganizationalUnits {
		if found := unit(c, id); found != nil {
			return found
		}
	}
	return nil
}
