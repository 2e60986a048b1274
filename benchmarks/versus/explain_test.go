package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"pathfinder/collector"
	"pathfinder/graphmodel/inventory"
)

// tinyBucket is open to the organization in testdata.
const tinyBucket = "arn:aws:s3:::tiny-artifacts"

// tiny unpacks the organization in testdata.
func tiny(t *testing.T) (dir string) {
	t.Helper()
	a, err := txtar.ParseFile("testdata/tiny.txtar")
	if err != nil {
		t.Fatal(err)
	}
	dir = t.TempDir()
	for _, f := range a.Files {
		file := filepath.Join(dir, filepath.FromSlash(f.Name))
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, f.Data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func tinyInventory(t *testing.T) *inventory.Inventory {
	t.Helper()
	s, err := collector.OpenSnapshotWith(tiny(t), collector.Options{NothingDenied: true})
	if err != nil {
		t.Fatal(err)
	}
	inv, err := s.Inventory()
	if err != nil {
		t.Fatal(err)
	}
	return inv
}

// A difference is explained by the one rule whose other reading turns the
// decision over, and by nothing when none does: that a rule has something to do
// with a request is no explanation.
func TestExplain(t *testing.T) {
	t.Parallel()
	const b = "arn:aws:iam::100000000003:"
	tests := []struct {
		name string
		d    difference
		want string
	}{
		{"a variable in a document of 2008", difference{Principal: b + "user/artifacts", Action: "s3:ListBucket"}, "E3"},
		{"such a variable that is another name", difference{Principal: b + "user/tiny2008", Action: "s3:ListBucket"}, ""},
		{"MFA of a role", difference{Principal: b + "role/Mfa", Action: "s3:PutBucketTagging"}, "E144"},
		{"MFA of a role, for what it is not about", difference{Principal: b + "role/Mfa", Action: "s3:ListBucket"}, ""},
		{"a source ARN of a user", difference{Principal: b + "user/sourced", Action: "s3:GetBucketAcl"}, "E124"},
		{"a region that is not the bucket's", difference{Principal: b + "user/regional", Action: "s3:GetBucketAcl"}, "E216"},
		{"the type of a session", difference{Principal: b + "role/Typed", Action: "s3:GetBucketAcl", Ours: true}, "E216"},
		{"the user id of a session", difference{Principal: b + "role/Named", Action: "s3:GetBucketAcl", Ours: true}, "E216"},
		{"a request without TLS", difference{Principal: b + "user/plain", Action: "s3:GetBucketAcl", Ours: true}, "E217"},
		{"a request of another time", difference{Principal: b + "user/bygone", Action: "s3:GetBucketAcl", Ours: true}, "E217"},
		{"the root user", difference{Principal: b + "root", Action: "s3:ListBucket", Ours: true}, "E106"},
		{"somebody outside", difference{Principal: "arn:aws:iam::999999999999:role/x", Action: "s3:ListBucket", Ours: true}, "E236"},
		{"a provider", difference{Principal: b + "saml-provider/idp", Action: "sts:AssumeRoleWithSAML", Ours: true}, "E21"},
		{"a service that the policy does not name", difference{Principal: "sns.amazonaws.com", Action: "s3:ListBucket", Ours: true}, ""},
		{"somebody who is not there", difference{Principal: b + "role/gone", Action: "s3:ListBucket", Ours: true}, ""},
		{"a peer that misses a plain grant", difference{Principal: b + "role/Admin", Action: "s3:ListBucket", Ours: true}, ""},
		{"a peer that misses an SCP", difference{Principal: b + "role/Admin", Action: "s3:DeleteBucket"}, ""},
		{"a peer that misses a boundary", difference{Principal: b + "role/Bounded", Action: "s3:ListBucket"}, ""},
		{"a peer that misses a deny", difference{Principal: "arn:aws:iam::100000000002:user/denied", Action: "s3:ListBucket"}, ""},
		{"a who-can that is not what explain says", difference{Principal: b + "user/ann", Action: "s3:ListBucket"}, ""},
	}
	r := &report{Asked: []asked{{Question: question{Resource: tinyBucket}}}}
	for _, tc := range tests {
		r.Asked[0].Differences = append(r.Asked[0].Differences, tc.d)
	}
	if err := explainIn(tinyInventory(t), r); err != nil {
		t.Fatal(err)
	}
	for i, d := range r.Asked[0].Differences {
		if d.Rule != tests[i].want {
			t.Errorf("%s: %q (%s), want %q", tests[i].name, d.Rule, d.Why, tests[i].want)
		}
	}
	if r.code() != 1 {
		t.Error("differences that nothing explains, and the exit code is not 1")
	}
}

// An exit code of 0 needs every difference to be explained.
func TestCode(t *testing.T) {
	t.Parallel()
	for want, list := range map[int][]difference{0: {{Rule: "E3"}, {Rule: "E106"}}, 1: {{Rule: "E3"}, {}}} {
		r := &report{Asked: []asked{{}, {Differences: list}}}
		if got := r.code(); got != want {
			t.Errorf("%v: %d, want %d", list, got, want)
		}
	}
}

func TestWithVersion(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		`{"Statement":[]}`:                        `{"Statement":[],"Version":"2012-10-17"}`,
		`{"Version":"2008-10-17","Statement":[]}`: `{"Statement":[],"Version":"2012-10-17"}`,
		`[]`: ``,
		`{`:  ``,
	} {
		got, ok := withVersion([]byte(in))
		if ok != (want != "") || ok && cmp.Diff(want, string(got)) != "" {
			t.Errorf("%s: %s, %v", in, got, ok)
		}
	}
}
