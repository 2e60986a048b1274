package snapshot_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pathfinder/collector/snapshot"
)

// A folder that is filled file by file holds the bytes that Write writes.
func TestFolderEqualsWrite(t *testing.T) {
	t.Parallel()
	s := acme(t)
	s.Accounts[2].Center = &snapshot.IdentityCenter{Instances: []snapshot.CenterInstance{{
		InstanceARN: "arn:aws:sso:::instance/ssoins-1",
		Assignments: []snapshot.CenterAssignment{
			{AccountID: "444455556666", PermissionSetARN: "b", PrincipalType: "USER", PrincipalID: "u"},
			{AccountID: "111122223333", PermissionSetARN: "a", PrincipalType: "GROUP", PrincipalID: "g"},
		},
		Groups: []snapshot.CenterGroup{{GroupID: "g", Members: []string{"v", "u"}}},
	}}}
	for _, opts := range []snapshot.WriteOptions{{}, {Compress: true}} {
		whole, piecewise := t.TempDir(), t.TempDir()
		if err := snapshot.Write(whole, s, opts); err != nil {
			t.Fatal(err)
		}
		f, err := snapshot.NewFolder(piecewise, opts)
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range s.Accounts {
			if err := f.Account(a); err != nil {
				t.Fatal(err)
			}
		}
		if err := f.Organization(s.Organization); err != nil {
			t.Fatal(err)
		}
		if err := f.Manifest(&s.Manifest); err != nil {
			t.Fatal(err)
		}
		equal(t, "files", contents(t, piecewise), contents(t, whole))
		if again, err := snapshot.Read(os.DirFS(piecewise)); err != nil {
			t.Error(err)
		} else {
			equal(t, "center", again.Accounts[2].Center.Instances[0].Groups[0].Members, []string{"u", "v"})
		}
	}
}

func TestFolderRemovesWhatIsNoLongerThere(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	f, err := snapshot.NewFolder(dir, snapshot.WriteOptions{})
	if err != nil {
		t.Fatal(err)
	}
	a := &snapshot.Account{Info: snapshot.AccountInfo{ID: "111122223333"}, Resources: []*snapshot.ResourceFile{{Name: "sqs"}}}
	if err := f.KeepOnly(nil); err != nil {
		t.Fatal(err)
	}
	if err := f.Account(a); err != nil {
		t.Fatal(err)
	}
	stale := filepath.Join(dir, "accounts/111122223333/.tmp-123")
	if err := os.WriteFile(stale, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	a.Resources = nil
	if err := f.Account(a); err != nil {
		t.Fatal(err)
	}
	if got := contents(t, dir); len(got) != 4 {
		t.Errorf("got %v, want the account's own file only", got)
	}
	if _, err := os.Stat(stale); err == nil {
		t.Error("the file of a writer that was killed is still there")
	}
	if err := f.KeepOnly([]string{"999999999999"}); err != nil {
		t.Fatal(err)
	}
	if got := contents(t, dir); len(got) != 2 {
		t.Errorf("got %v, want no account", got)
	}
}

// Nothing that Read would refuse is written.
func TestFolderRefuses(t *testing.T) {
	t.Parallel()
	f, err := snapshot.NewFolder(t.TempDir(), snapshot.WriteOptions{})
	if err != nil {
		t.Fatal(err)
	}
	center := &snapshot.IdentityCenter{Instances: []snapshot.CenterInstance{{
		PermissionSets: []snapshot.PermissionSet{{}},
		Assignments:    []snapshot.CenterAssignment{{AccountID: "1", PrincipalType: "ROBOT"}},
	}}}
	for name, err := range map[string]error{
		"the format":           f.Manifest(&snapshot.Manifest{}),
		"not an account id":    f.Account(&snapshot.Account{Info: snapshot.AccountInfo{ID: "../x"}}),
		"ARN of the instance":  f.Account(&snapshot.Account{Info: snapshot.AccountInfo{ID: "111122223333"}, Center: center}),
		"neither USER nor":     f.Account(&snapshot.Account{Info: snapshot.AccountInfo{ID: "111122223333"}, Center: center}),
		"of the permission se": f.Account(&snapshot.Account{Info: snapshot.AccountInfo{ID: "111122223333"}, Center: center}),
		"Organization/Id":      f.Organization(&snapshot.Organization{}),
	} {
		if err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("got %v, want an error about %q", err, name)
		}
	}
}

// A folder that is written in the other form, or without organization, holds nothing
// of the one before.
func TestFolderReplaces(t *testing.T) {
	t.Parallel()
	dir, s := t.TempDir(), acme(t)
	for _, opts := range []snapshot.WriteOptions{{}, {Compress: true}} {
		f, err := snapshot.NewFolder(dir, opts)
		if err != nil {
			t.Fatal(err)
		}
		organization := s.Organization
		if opts.Compress {
			organization = nil
		}
		if err := f.Manifest(&s.Manifest); err != nil {
			t.Fatal(err)
		}
		if err := f.Organization(organization); err != nil {
			t.Fatal(err)
		}
	}
	got := contents(t, dir)
	if _, ok := got["manifest.json.zst"]; !ok || len(got) != 2 {
		t.Errorf("got %d files and folders, want the compressed manifest alone", len(got))
	}
}
