package collector_test

import (
	"archive/zip"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"pathfinder/collector"
	"pathfinder/collector/snapshot"
)

const (
	acme    = "snapshot/testdata/acme"
	details = "snapshot/testdata/acme/accounts/111122223333/authorization-details.json"
)

// put writes a file into a folder and returns its path.
func put(t *testing.T, dir, name, content string) string {
	t.Helper()
	full := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(full), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(full, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return full
}

// zipped packs a folder under a prefix.
func zipped(t *testing.T, dir, prefix string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "snap.zip")
	f, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	w := zip.NewWriter(f)
	err = fs.WalkDir(os.DirFS(dir), ".", func(rel string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		b, err := os.ReadFile(filepath.Join(dir, rel))
		if err != nil {
			return err
		}
		to, err := w.Create(path.Join(prefix, rel))
		if err != nil {
			return err
		}
		_, err = to.Write(b)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	return name
}

func TestOpenForms(t *testing.T) {
	t.Parallel()
	want, err := collector.Open(acme)
	if err != nil {
		t.Fatal(err)
	}
	s, err := collector.OpenSnapshot(acme)
	if err != nil {
		t.Fatal(err)
	}
	packed := t.TempDir()
	if err := snapshot.Write(packed, s, snapshot.WriteOptions{Compress: true}); err != nil {
		t.Fatal(err)
	}
	once, archive := t.TempDir(), filepath.Join(t.TempDir(), "acme.zip")
	if err := snapshot.Write(once, s, snapshot.WriteOptions{Compress: true, Pack: true}); err != nil {
		t.Fatal(err)
	}
	if err := snapshot.WriteArchive(archive, s, snapshot.WriteOptions{Compress: true, Pack: true}); err != nil {
		t.Fatal(err)
	}
	for name, form := range map[string]string{
		"documents once": once, "archive": archive, "zip of documents once": zipped(t, once, "y"),
		"compressed": packed, "zip": zipped(t, acme, ""), "zip with a folder": zipped(t, acme, "acme-2026"), "zip of compressed": zipped(t, packed, "x"),
	} {
		got, err := collector.Open(form)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		} else if !reflect.DeepEqual(got, want) {
			t.Errorf("%s: the inventory differs from that of the folder", name)
		}
		if whole, err := collector.OpenSnapshot(form); err != nil {
			t.Errorf("%s: %v", name, err)
		} else if got, err := whole.Inventory(); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: the inventory of the whole snapshot differs (%v)", name, err)
		}
	}
}

func TestOpenDetails(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(details)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	put(t, dir, "iam/prod.json", string(text))
	for _, form := range []string{details, dir} {
		inv, err := collector.Open(form)
		if err != nil {
			t.Fatalf("%s: %v", form, err)
		}
		if inv.Principal("arn:aws:iam::111122223333:user/ana") == nil || inv.Organization != nil {
			t.Errorf("%s: got %+v, want ana and no organization", form, inv)
		}
	}
}

func TestOpenProblems(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	put(t, dir, "other/app.yaml", "x")
	put(t, dir, "other/src/main.go", "x")
	put(t, dir, "newer/manifest.json", `{"format":"pathfinder-snapshot","version":9}`)
	put(t, dir, "web/manifest.json", `{"name":"app"}`)
	put(t, dir, "broken/manifest.json", `{"format":"pathfinder-snapshot","version":1}`)
	put(t, dir, "broken/accounts/111122223333/account.json", `{"Id":"111122223333"}`)
	put(t, dir, "broken/accounts/111122223333/resources.json", "{\"Resources\":[\n{\"Arn\":\"x\",\"Type\":\"T\"}]}")
	put(t, dir, "file.json", `{"Users":[]}`)
	put(t, dir, "plan.json", `{"format_version":"1.2","terraform_version":"1.11.4","planned_values":{}}`)
	put(t, dir, "saved/tfplan", "…")
	if err := os.Rename(zipped(t, filepath.Join(dir, "saved"), ""), filepath.Join(dir, "plan.bin")); err != nil {
		t.Fatal(err)
	}
	put(t, dir, "file.txt", "hello")
	put(t, dir, "bad.zip", "PK\x03\x04rest")
	put(t, dir, "principalmapper/o-abc/org_data.json", "{}")
	put(t, dir, "principalmapper/o-abc/metadata.json", `{"pmapper_version":"1.1.5"}`)
	put(t, dir, "graph/111122223333/graph/nodes.json", "[]") // of something else
	if err := os.Mkdir(filepath.Join(dir, "empty"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(zipped(t, filepath.Join(dir, "other"), ""), filepath.Join(dir, "other.zip")); err != nil {
		t.Fatal(err)
	}
	const looked = "nothing here is recognized: looked for manifest.json of a snapshot; aws/<partition>/accounts/<12 digits> of iam-collect, also from below aws or <partition>; " +
		".json and .jsonl files printed by get-account-authorization-details; found "
	tests := []struct{ path, want string }{
		{"nowhere", "DIR/nowhere: there is no such file or folder; give a snapshot folder, a folder of iam-collect, or output of get-account-authorization-details"},
		{"empty", "DIR/empty: " + looked + "nothing"},
		{"other", "DIR/other: " + looked + `"app.yaml", the folder "src"`},
		{"principalmapper", "DIR/principalmapper: this is a graph of PMapper, which lacks facts that decide access: permissions boundaries of roles are not in it, every queue counts as one without a policy, " +
			"and resource policies that could not be read are left out without a word; give what PMapper read itself, in each account: aws iam get-account-authorization-details > details.json"},
		{"graph", "DIR/graph: " + looked + `the folder "111122223333"`},
		{"newer", "snapshot DIR/newer cannot be read:\nmanifest.json: line 1: /version: this snapshot has version 9 of the format, this program reads up to 1; use a newer pathfinder"},
		{"web", "snapshot DIR/web cannot be read:\nmanifest.json: line 1: /format: \"\" is not the format of a pathfinder snapshot, which is \"pathfinder-snapshot\""},
		{"broken", "snapshot DIR/broken cannot be read:\naccounts/111122223333/resources.json: line 2: /Resources/0/Arn: \"x\" is not an ARN; write arn:partition:service:region:account:resource"},
		{"newer/manifest.json", "DIR/newer/manifest.json: this is the manifest of a snapshot; give its folder, DIR/newer"},
		{"file.json", "DIR/file.json: the file is not recognized: it is no zip archive, and as JSON: this is not the output of get-account-authorization-details: looked for UserDetailList, GroupDetailList, RoleDetailList, found \"Users\""},
		{"file.txt", "DIR/file.txt: the file is not recognized: it is no zip archive, and as JSON: this is neither a JSON object, as get-account-authorization-details prints it, nor a list of them"},
		{"plan.json", "DIR/plan.json: this is a plan of Terraform, which says what changes: give it with --plan, and the snapshot that it changes here"},
		{"plan.bin", "DIR/plan.bin: this is a plan as terraform plan -out saves it: print it with terraform show -json, give that with --plan, and the snapshot that it changes here"},
		{"bad.zip", "DIR/bad.zip: the archive is damaged: zip: not a valid zip file"},
		{"other.zip", "DIR/other.zip: the archive holds no snapshot: looked for manifest.json"},
	}
	for _, tt := range tests {
		t.Run(tt.path, func(t *testing.T) {
			t.Parallel()
			_, err := collector.Open(filepath.Join(dir, tt.path))
			if want := strings.ReplaceAll(tt.want, "DIR", dir); err == nil || err.Error() != want {
				t.Errorf("\n got %v\nwant %s", err, want)
			}
		})
	}
}
