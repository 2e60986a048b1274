package lint_test

import (
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"pathfinder/collector"
	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
	"pathfinder/solver/lint"
)

// What is found in the fixtures, in all. They are written with care: whatever
// else comes up is a false alarm, or a mistake of a fixture.
func TestFixtures(t *testing.T) {
	t.Parallel()
	want := map[string][]string{
		"acme": {
			"deny-never-bites arn:aws:s3:::acme-org-logs",
			"principal-star-without-limits arn:aws:s3:::acme-website-assets",
			"deny-never-bites arn:aws:iam::600000000006:policy/DevBoundary",
			"deny-never-bites arn:aws:s3:::acme-prod-customer-data",
		},
		"assume-role": {
			"resource-matches-nothing arn:aws:iam::111111111111:role/MyBucketReaderTypo/ReadMyBucket",
			"resource-matches-nothing arn:aws:iam::111111111111:role/MyTableAssumeTypo/AssumeInTarget",
			"resource-matches-nothing arn:aws:iam::999999999999:role/MyTableTypo/ReadMyTable",
		},
		"delegation-objects-only": {"variables-under-2008 arn:aws:iam::111122223333:user/user5/OwnFolder"},
		"queue":                   {"resource-matches-nothing arn:aws:iam::111122223333:user/early-bird/EarlyTypo"},
		"s3-sharing-acl": {
			"principal-star-without-limits arn:aws:s3:::policy-block-new",
			"principal-star-without-limits arn:aws:s3:::policy-open",
			"principal-star-without-limits arn:aws:s3:::policy-restricted",
			"redundant-statement arn:aws:s3:::policy-restricted",
		},
		"s3-sharing-role": {"action-resource-mismatch arn:aws:iam::444455556666:role/account-a-role/Console"},
		"stale-trust": {
			"trust-to-deleted-principal arn:aws:iam::111111111111:role/deploy",
			"trust-to-unknown-principal arn:aws:iam::111111111111:role/deploy-gone",
			"trust-to-deleted-principal arn:aws:s3:::handbook",
			"trust-to-deleted-principal arn:aws:s3:::handbook-by-id",
		},
	}
	dirs, err := filepath.Glob("../../fixtures/*/manifest.json")
	if err != nil || len(dirs) == 0 {
		t.Fatal(dirs, err)
	}
	for _, dir := range dirs {
		dir = filepath.Dir(dir)
		t.Run(filepath.Base(dir), func(t *testing.T) {
			t.Parallel()
			inv, err := collector.Open(dir)
			if err != nil {
				t.Fatal(err)
			}
			found, _ := lint.Snapshot(inv)
			var got []string
			for i := range found {
				got = append(got, found[i].Rule+" "+found[i].Policy)
			}
			if d := cmp.Diff(want[filepath.Base(dir)], got); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
		})
	}
}

// A document that hangs in several places is told once, and AWS's own not at all.
func TestSnapshotDocuments(t *testing.T) {
	t.Parallel()
	doc := policy.Parse([]byte(`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:GetObjct","Resource":"*"}}`), policy.Identity)
	shared := &inventory.Policy{Name: "own", ARN: "arn:aws:iam::111111111111:policy/own", Doc: doc}
	managed := &inventory.Policy{Name: "AWSOwn", ARN: "arn:aws:iam::aws:policy/AWSOwn", Doc: doc}
	user := func(name string) *inventory.Principal {
		return &inventory.Principal{
			Kind: inventory.User, ARN: "arn:aws:iam::111111111111:user/" + name, Name: name,
			Attached: []*inventory.Policy{shared, managed}, Inline: []*inventory.Policy{{Name: "in", Doc: doc}},
		}
	}
	inv := &inventory.Inventory{Accounts: []*inventory.Account{
		(&inventory.Account{ID: "111111111111", IAM: true}).Hold(inventory.Held{Users: []*inventory.Principal{user("ann"), user("bob")}}),
	}}
	if err := inv.Finish(); err != nil {
		t.Fatal(err)
	}
	found, documents := lint.Snapshot(inv)
	var got []string
	for i := range found {
		got = append(got, found[i].Policy)
	}
	want := []string{"arn:aws:iam::111111111111:policy/own", "arn:aws:iam::111111111111:user/ann/in", "arn:aws:iam::111111111111:user/bob/in"}
	if slices.Sort(got); documents != 3 || !slices.Equal(got, want) {
		t.Errorf("%d documents, findings in %q, want %q", documents, got, want)
	}
}
