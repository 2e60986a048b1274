package snapshot_test

import (
	"os"
	"testing"
	"testing/fstest"

	"pathfinder/collector/snapshot"
)

// tryAll runs everything that reads a snapshot. Whatever the bytes are, it
// must not panic, and what Read accepts must give an inventory and be
// writable and readable again.
func tryAll(t *testing.T, fsys fstest.MapFS) {
	t.Helper()
	snapshot.Validate(fsys)
	s, err := snapshot.Read(fsys)
	if err != nil {
		if err.Error() == "" {
			t.Error("an error without text")
		}
		return
	}
	inv, err := s.Inventory()
	if err != nil {
		t.Fatalf("Read accepts what Inventory refuses: %v", err)
	}
	for _, a := range inv.Accounts {
		for _, r := range a.Roles {
			if r.Trust == nil {
				t.Errorf("%s has no trust policy", r.ARN)
			}
		}
	}
	dir := t.TempDir()
	if err := snapshot.Write(dir, s, snapshot.WriteOptions{}); err != nil {
		t.Fatalf("Read accepts what Write refuses: %v", err)
	}
	if _, err := snapshot.Read(os.DirFS(dir)); err != nil {
		t.Fatalf("Write writes what Read refuses: %v", err)
	}
}

// seed adds a file of the golden snapshot.
func seed(f *testing.F, name string) {
	f.Helper()
	b, err := os.ReadFile("testdata/acme/" + name)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(b)
}

func FuzzManifest(f *testing.F) {
	seed(f, "manifest.json")
	f.Add([]byte(`{"format":"pathfinder-snapshot","version":1,"created":"","gaps":[null,{}]}`))
	f.Add([]byte(`null`))
	f.Fuzz(func(t *testing.T, b []byte) {
		tryAll(t, fstest.MapFS{"manifest.json": {Data: b}})
	})
}

func FuzzOrganization(f *testing.F) {
	seed(f, "organization.json")
	f.Add([]byte(`{"Organization":{"Id":"o"},"Root":{"Id":"r","OrganizationalUnits":[null]},"Policies":[{"PolicySummary":{"Id":"p","Type":"SERVICE_CONTROL_POLICY"},"Targets":["r","r"]}]}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		tryAll(t, folder("organization.json", string(b)))
	})
}

func FuzzAuthDetails(f *testing.F) {
	seed(f, prod+"authorization-details.json")
	f.Add([]byte(`{"RoleDetailList":[{"Arn":"arn:aws:iam::111122223333:role/","Tags":{"a":1}}],"Policies":[{"Arn":"arn:aws:iam::aws:policy/x"}]}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		tryAll(t, folder(prod+"authorization-details.json", string(b)))
	})
}

func FuzzResources(f *testing.F) {
	seed(f, prod+"resources.json")
	seed(f, prod+"resources/s3.json")
	f.Add([]byte(`{"Resources":[{"Arn":"arn:a:b:c:d:e","Type":"x","Policy":"%","Acl":{"Grants":null},"Grants":[{}],"Objects":[{}]}]}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		tryAll(t, folder(prod+"resources.json", string(b)))
	})
}
