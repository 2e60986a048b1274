package orggen_test

import (
	"bytes"
	"os"
	"testing"

	"github.com/go-json-experiment/json"

	"pathfinder/benchmarks/orggen"
	"pathfinder/collector/iamcollect"
	"pathfinder/collector/snapshot"
)

// carried takes out of a snapshot what iam-collect's folder doesn't say.
func carried(s *snapshot.Snapshot) {
	s.Manifest = snapshot.Manifest{Format: snapshot.Format, Version: snapshot.Version}
	s.Organization.Organization.FeatureSet = ""
	for i := range s.Organization.Accounts {
		a := &s.Organization.Accounts[i]
		a.Name, a.Email, a.Status = "", "", ""
	}
	for _, a := range s.Accounts {
		a.Info.Name, a.Info.CanonicalUserID = "", ""
		for _, r := range a.IAM.RoleDetailList {
			r.RoleLastUsed = nil
		}
		for _, p := range a.IAM.Policies {
			p.CreateDate, p.PolicyVersionList = "", p.PolicyVersionList[:1]
		}
		for _, f := range a.Resources {
			for _, r := range f.Resources {
				r.Ownership, r.ACL = "", snapshot.Fact[snapshot.ACL]{}
				r.Grants, r.Aliases = snapshot.Fact[[]snapshot.KMSGrant]{}, snapshot.Fact[[]string]{}
				r.URLs = snapshot.Fact[[]snapshot.FunctionURL]{}
				if r.Type == "AWS::DynamoDB::Table" {
					r.Encryption = nil
				}
			}
		}
	}
}

// Law: the importer reads from iam-collect's folder what the snapshot says, but
// for what that folder can't carry.
func TestLayoutsSayTheSame(t *testing.T) {
	t.Parallel()
	for _, cfg := range []orggen.Config{
		{Accounts: 6, Principals: 50, Resources: 40},
		{Accounts: 3, Principals: 20, OUDepth: 4, Seed: 5, ManagedOnly: true},
		{Accounts: 1, Principals: 3, Resources: -1},
	} {
		got, err := iamcollect.Read(os.DirFS(write(t, cfg, orggen.Collected)), iamcollect.Options{NothingDenied: true})
		if err != nil {
			t.Fatal(err)
		}
		want, _ := generate(t, cfg)
		carried(want)
		carried(got)
		if sum(t, rewritten(t, got)) != sum(t, rewritten(t, want)) {
			t.Errorf("%+v: the layouts differ: %s", cfg, firstDifference(t, rewritten(t, want), rewritten(t, got)))
		}
	}
}

// rewritten writes a snapshot, which sorts it.
func rewritten(t *testing.T, s *snapshot.Snapshot) (dir string) {
	t.Helper()
	dir = t.TempDir()
	if err := snapshot.Write(dir, s, snapshot.WriteOptions{}); err != nil {
		t.Fatal(err)
	}
	return dir
}

// firstDifference names the first file that differs, with the lines around.
func firstDifference(t *testing.T, want, got string) string {
	t.Helper()
	for _, name := range files(t, want) {
		a, _ := os.ReadFile(want + "/" + name)
		b, _ := os.ReadFile(got + "/" + name)
		for i := range a {
			if i >= len(b) || a[i] != b[i] {
				from := max(0, i-300)
				return name + "\nwant …" + string(a[from:min(len(a), i+200)]) + "\ngot …" + string(b[min(from, len(b)):min(len(b), i+200)])
			}
		}
	}
	return "files that only one has"
}

func TestIndexesNameEverything(t *testing.T) {
	t.Parallel()
	cfg := orggen.Config{Accounts: 4, Principals: 12}
	dir := write(t, cfg, orggen.Collected)
	s, names := generate(t, cfg)
	var buckets map[string]struct{ AccountID, Region string }
	var trusts map[string]struct{ Principal map[string][]string }
	for name, to := range map[string]any{"buckets-to-accounts": &buckets, "principals-to-trust-policies": &trusts} {
		b, err := os.ReadFile(dir + "/aws/aws/indexes/" + name + ".json")
		if err != nil {
			t.Fatal(err)
		}
		if err := json.UnmarshalRead(bytes.NewReader(b), to, json.MatchCaseInsensitiveNames(true)); err != nil {
			t.Fatal(err)
		}
	}
	if got := buckets[names.ArtifactsBucket].AccountID; got != names.Shared[0] {
		t.Errorf("the bucket of artifacts is of %q, want %q", got, names.Shared[0])
	}
	for _, a := range s.Accounts {
		roles := 0
		for _, list := range trusts[a.Info.ID].Principal {
			roles += len(list)
		}
		if roles != len(a.IAM.RoleDetailList) {
			t.Errorf("the index names %d roles of %s, want %d", roles, a.Info.ID, len(a.IAM.RoleDetailList))
		}
	}
}
