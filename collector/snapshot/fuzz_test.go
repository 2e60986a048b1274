package snapshot_test

import (
	"fmt"
	"os"
	"reflect"
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
	streamed, streamedErr := snapshot.ReadInventory(fsys)
	if fmt.Sprint(err) != fmt.Sprint(streamedErr) {
		t.Fatalf("Read says %v, ReadInventory says %v", err, streamedErr)
	}
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
	if !reflect.DeepEqual(streamed, inv) {
		t.Fatal("ReadInventory gives another inventory than Read and Inventory")
	}
	for _, a := range inv.Accounts {
		for _, r := range a.Held().Roles {
			if r.Trust == nil {
				t.Errorf("%s has no trust policy", r.ARN)
			}
		}
	}
	plain, packed, unpacked := t.TempDir(), t.TempDir(), t.TempDir()
	if err := snapshot.Write(plain, s, snapshot.WriteOptions{}); err != nil {
		t.Fatalf("Read accepts what Write refuses: %v", err)
	}
	if _, err := snapshot.Read(os.DirFS(plain)); err != nil {
		t.Fatalf("Write writes what Read refuses: %v", err)
	}
	write(t, packed, s, snapshot.WriteOptions{Pack: true})
	back, err := snapshot.Read(os.DirFS(packed))
	if err != nil {
		t.Fatalf("what is packed can't be read: %v", err)
	}
	write(t, unpacked, back, snapshot.WriteOptions{})
	equal(t, "unpacked", contents(t, unpacked), contents(t, plain))
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

func FuzzDocuments(f *testing.F) {
	const refer = `{"RoleDetailList":[{"Arn":"arn:aws:iam::111122223333:role/r","AssumeRolePolicyDocument":`
	f.Add([]byte(stored(trustHash, trust)), []byte(`{"Document":"`+trustHash+`"}`))
	f.Add([]byte(stored(trustHash, `{"x":1}`)), []byte("{ \"Document\":\n\""+trustHash+"\" }"))
	f.Add([]byte(`{"Documents":{"sha256:":null}}`), []byte(`{"Document":"sha256:"}`))
	f.Fuzz(func(t *testing.T, documents, document []byte) {
		tryAll(t, folder("documents/"+trustHash[7:9]+".json", string(documents), prod+"authorization-details.json", refer+string(document)+"}]}"))
	})
}
