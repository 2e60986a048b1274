package snapshot_test

import (
	"archive/zip"
	"crypto/sha256"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"

	"pathfinder/collector/snapshot"
	"pathfinder/graphmodel/inventory"
)

const trust = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}`

var trustHash = hashOf(trust)

func hashOf(text string) string { return fmt.Sprintf("sha256:%x", sha256.Sum256([]byte(text))) }

// stored is a file of documents that holds one.
func stored(name, text string) string {
	return fmt.Sprintf("{\"Documents\":\n{%q:\n%s}}", name, text)
}

// roleWith is a file with a role that has a trust policy.
func roleWith(document string) string {
	return `{"RoleDetailList":[{"Arn":"arn:aws:iam::111122223333:role/r",` + "\n" + `"AssumeRolePolicyDocument":` + document + `}]}`
}

func reference(name string) string { return `{"Document":"` + name + `"}` }

func bucket(name string) string { return "documents/" + name[7:9] + ".json" }

// Packing and unpacking gives the bytes that were there, and no answer changes.
func TestPackRoundTrip(t *testing.T) {
	t.Parallel()
	want := contents(t, "testdata/acme")
	for _, opts := range []snapshot.WriteOptions{{Pack: true}, {Pack: true, Compress: true}} {
		s := acme(t)
		packed, unpacked := t.TempDir(), t.TempDir()
		write(t, packed, s, opts)
		if !reflect.DeepEqual(s, acme(t)) {
			t.Error("packing changed the snapshot that it was given")
		}
		if !reflect.DeepEqual(load(t, os.DirFS(packed)), load(t, os.DirFS("testdata/acme"))) {
			t.Errorf("%+v: the inventory differs", opts)
		}
		back, err := snapshot.Read(os.DirFS(packed))
		if err != nil {
			t.Fatal(err)
		}
		write(t, unpacked, back, snapshot.WriteOptions{})
		equal(t, "unpacked", contents(t, unpacked), want)
		write(t, packed, back, snapshot.WriteOptions{}) // in place: no documents are left behind
		equal(t, "unpacked in place", contents(t, packed), want)
	}
}

// What stands often is written once.
func TestPackStoresOnce(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write(t, dir, stamped(5, 4, 0), snapshot.WriteOptions{Pack: true})
	count := 0
	for name, text := range contents(t, dir) {
		if strings.Contains(text, `"Effect"`) != strings.HasPrefix(name, "documents/") && !strings.HasSuffix(name, "/") {
			t.Errorf("%s: holds documents where it should not, or the other way round", name)
		}
		count += strings.Count(text, `"Version":"2012-10-17"`)
	}
	if count != 5*4+1 { // an own one for each role, and one trust policy
		t.Errorf("got %d documents, want 21", count)
	}
	s, err := snapshot.Read(os.DirFS(dir))
	if err != nil {
		t.Fatal(err)
	}
	a, b := s.Accounts[0].IAM.RoleDetailList[0], s.Accounts[4].IAM.RoleDetailList[3]
	if &a.AssumeRolePolicyDocument[0] != &b.AssumeRolePolicyDocument[0] {
		t.Error("equal documents do not share their bytes")
	}
}

// A snapshot may hold documents in both ways, laid out in any way.
func TestMixedDocuments(t *testing.T) {
	t.Parallel()
	fsys := folder(bucket(trustHash), stored(trustHash, strings.ReplaceAll(trust, ",", ",\n\t")),
		prod+"authorization-details.json", `{"RoleDetailList":[
{"Arn":"arn:aws:iam::111122223333:role/a","AssumeRolePolicyDocument":`+reference(trustHash)+`},
{"Arn":"arn:aws:iam::111122223333:role/b","AssumeRolePolicyDocument":{ "Document" :
  "`+trustHash+`"	}},
{"Arn":"arn:aws:iam::111122223333:role/c","AssumeRolePolicyDocument":`+trust+`}]}`)
	roles := load(t, fsys).Account("111122223333").Held().Roles
	if roles[0].Trust != roles[1].Trust || roles[0].Trust != roles[2].Trust || roles[0].Trust.Damaged() {
		t.Errorf("got %v, %v and %v, want one document", roles[0].Trust, roles[1].Trust, roles[2].Trust)
	}
	if problems := snapshot.Validate(fsys); len(problems) > 0 {
		t.Errorf("got %v", problems)
	}
}

// A document that is not there is unreadable, and a gap: never none.
func TestLostDocument(t *testing.T) {
	t.Parallel()
	lost := "the snapshot does not hold the policy document " + trustHash + ", which belongs into " + bucket(trustHash)
	fsys := folder(
		"organization.json", `{"Organization":{"Id":"o-1"},"Root":{"Id":"r-1"},"Policies":[{"PolicySummary":{"Id":"p-1","Type":"SERVICE_CONTROL_POLICY"},"Content":`+reference(trustHash)+`,"Targets":["r-1"]}]}`,
		prod+"authorization-details.json", roleWith(reference(trustHash)),
		prod+"resources.json", `{"Resources":[{"Arn":"arn:aws:sqs:eu-west-1:111122223333:q","Type":"AWS::SQS::Queue","Policy":`+reference(trustHash)+`}]}`)
	inv := load(t, fsys)
	a := inv.Account("111122223333")
	if !a.Held().Roles[0].Trust.Unreadable() || a.Held().Roles[0].Trust.Faults[0].Message != lost {
		t.Errorf("got %v, want an unreadable trust policy", a.Held().Roles[0].Trust.Faults)
	}
	if r := a.Held().Resources[0]; r.HasPolicy != inventory.Have || !r.Policy.Unreadable() {
		t.Errorf("got policy %v %v, want an unreadable one", r.HasPolicy, r.Policy)
	}
	if scps := inv.Organization.Root.SCPs; len(scps) != 1 || !scps[0].Doc.Unreadable() {
		t.Errorf("got SCPs %v, want an unreadable one", scps)
	}
	equal(t, "gaps", inv.Gaps, []inventory.Gap{
		{Service: "organizations", What: "p-1", Why: lost},
		{Account: "111122223333", Service: "iam", What: "arn:aws:iam::111122223333:role/r", Why: lost},
		{Account: "111122223333", Service: "sqs", What: "arn:aws:sqs:eu-west-1:111122223333:q", Why: lost},
	})
	// Writing it again keeps the reference, packed or not.
	s, err := snapshot.Read(fsys)
	if err != nil {
		t.Fatal(err)
	}
	for _, opts := range []snapshot.WriteOptions{{}, {Pack: true}} {
		dir := t.TempDir()
		write(t, dir, s, opts)
		if !reflect.DeepEqual(load(t, os.DirFS(dir)).Gaps, inv.Gaps) {
			t.Errorf("%+v: the gaps differ", opts)
		}
	}
	for i, p := range snapshot.Validate(fsys)[:3] {
		if p.Warning || p.Message != lost {
			t.Errorf("problem %d: got %v (warning: %v), want that the document is lost", i, p, p.Warning)
		}
	}
}

// What is no reference is a document, however bad.
func TestNoReference(t *testing.T) {
	t.Parallel()
	for _, document := range []string{
		`{"Document":"sha256:12"}`, `{"Document":"` + strings.ToUpper(trustHash) + `"}`, `{"Document":` + trust + `}`,
		`{"Document":"` + trustHash + `","Statement":[]}`, `[` + reference(trustHash) + `]`, `"` + trustHash + `"`, `{"Document":"md5:` + trustHash[7:] + `"}`,
	} {
		inv := load(t, folder(bucket(trustHash), stored(trustHash, trust), prod+"authorization-details.json", roleWith(document)))
		if got := inv.Account("111122223333").Held().Roles[0].Trust; !got.Unreadable() || len(inv.Gaps) > 0 {
			t.Errorf("%s: got %v and %v, want an unreadable document and no gap", document, got.Faults, inv.Gaps)
		}
	}
}

// Documents that are not what their name says are refused, not left out.
func TestStoredProblems(t *testing.T) {
	t.Parallel()
	other, null, text := hashOf(`{"x":1}`), hashOf(`null`), hashOf(reference(trustHash))
	tests := []struct{ name, file, content, want string }{
		{
			"changed", bucket(trustHash), stored(trustHash, `{"x":1}`),
			"line 3: /Documents/" + trustHash + ": the document is not the one that its name says, its own hash is " + other + "; restore the file, or collect anew",
		},
		{
			"other file", "documents/zz.json", stored(trustHash, trust), "",
		},
		{
			"wrong file", bucket(other), stored(trustHash, trust),
			"line 3: /Documents/" + trustHash + ": this document belongs into " + bucket(trustHash) + ", named by the first two digits of its hash",
		},
		{
			"bad name", bucket(other), stored("sha256:AB", trust),
			`line 3: /Documents/sha256:AB: "sha256:AB" is not the name of a document, which is sha256: and 64 hex digits in lower case`,
		},
		{
			"null", bucket(null), stored(null, `null`),
			"line 3: /Documents/" + null + ": a document is an object, or a text that holds one, and no reference to another",
		},
		{
			"reference", bucket(text), stored(text, reference(trustHash)),
			"line 3: /Documents/" + text + ": a document is an object, or a text that holds one, and no reference to another",
		},
		{
			"twice", bucket(trustHash), strings.Replace(stored(trustHash, trust), "}}", "},\n\""+trustHash+"\":"+trust+"}", 1),
			"",
		},
		{"no list", bucket(other), `{"Documents":[]}`, "line 1: /Documents: expected an object here, found a list"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			fsys := folder(tt.file, tt.content, prod+"authorization-details.json", roleWith(trust))
			_, err := snapshot.Read(fsys)
			if tt.name == "twice" {
				if err == nil || !strings.Contains(err.Error(), "not JSON") {
					t.Errorf("got %v, want a problem", err)
				}
				return
			}
			got, want := "", ""
			if err != nil {
				got = err.Error()
			}
			if tt.want != "" {
				want = tt.file + ": " + tt.want
			}
			if got != want {
				t.Errorf("\n got %s\nwant %s", got, want)
			}
			if _, streamed := snapshot.ReadInventory(fsys); fmt.Sprint(streamed) != fmt.Sprint(err) {
				t.Errorf("ReadInventory: got %v, want %v", streamed, err)
			}
		})
	}
}

func TestValidateDocuments(t *testing.T) {
	t.Parallel()
	fsys := folder(bucket(trustHash), stored(trustHash, trust), "documents/more.json", `{}`, "documents/aa/bb.json", `{}`)
	var got []string
	for _, p := range snapshot.Validate(fsys) {
		if !p.Warning {
			t.Errorf("%v is not a warning", p)
		}
		got = append(got, p.Error())
	}
	const files = "nothing reads this file; there are manifest.json, organization.json and, for an account, account.json, authorization-details.json, identity-providers.json, identity-center.json, resources.json"
	equal(t, "problems", got, []string{
		bucket(trustHash) + ": line 3: /Documents/" + trustHash + ": nothing refers to this document",
		"documents/aa/bb.json: " + files,
		"documents/more.json: " + files,
	})
}

// Every field of raw JSON in the wire structs that is neither tags nor unknown
// fields is a place for a document, also one that is added tomorrow.
func TestPlacesOfDocuments(t *testing.T) {
	t.Parallel()
	f := &filler{}
	s := &snapshot.Snapshot{Organization: &snapshot.Organization{}, Accounts: []*snapshot.Account{{}}}
	f.fill(reflect.ValueOf(s).Elem(), nil)
	s.Manifest = snapshot.Manifest{Format: snapshot.Format, Version: snapshot.Version}
	places := snapshot.DocumentPlaces(s)
	equal(t, "documents", slices.Sorted(maps.Values(places)), slices.Sorted(slices.Values(f.want)))
	for _, place := range []string{
		"organization.json /Policies/0/Content", "organization.json /ResourcePolicy",
		"authorization-details.json /RoleDetailList/0/AssumeRolePolicyDocument", "authorization-details.json /Policies/0/PolicyVersionList/0/Document",
		"identity-center.json /Instances/0/PermissionSets/0/InlinePolicy", "resources.json /Resources/0/Policy",
	} {
		if !slices.ContainsFunc(slices.Collect(maps.Keys(places)), func(s string) bool { return strings.Contains(s, place) }) {
			t.Errorf("%s is not a place for a document", place)
		}
	}
}

// A filler fills structs with one of everything.
type filler struct {
	want []string
	n    int
}

func (f *filler) fill(v reflect.Value, seen []reflect.Type) {
	switch {
	case v.Type() == reflect.TypeFor[jsontext.Value]():
		f.n++
		text := fmt.Sprintf(`{"Statement":[],"Id":"%d"}`, f.n)
		v.SetBytes([]byte(text))
		f.want = append(f.want, text)
	case v.Kind() == reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		f.fill(v.Elem(), seen)
	case v.Kind() == reflect.Slice:
		if v.Len() == 0 && !slices.Contains(seen, v.Type()) {
			v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		}
		for i := range v.Len() {
			f.fill(v.Index(i), append(seen, v.Type()))
		}
	case v.Kind() == reflect.Struct:
		for i := range v.NumField() {
			field := v.Type().Field(i)
			switch {
			case field.Name == "Tags" || field.Name == "Extra" || !field.IsExported():
			case field.Name == "Known":
				v.Field(i).Set(reflect.ValueOf(inventory.Have))
			default:
				f.fill(v.Field(i), seen)
			}
		}
	}
}

func TestWriteArchive(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	one, two := filepath.Join(dir, "one.zip"), filepath.Join(dir, "two.zip")
	s := acme(t)
	slices.Reverse(s.Accounts)
	for name, s := range map[string]*snapshot.Snapshot{one: acme(t), two: s} {
		if err := snapshot.WriteArchive(name, s, snapshot.WriteOptions{Compress: true, Pack: true}); err != nil {
			t.Fatal(err)
		}
	}
	a, _ := os.ReadFile(one)
	b, _ := os.ReadFile(two)
	if len(a) == 0 || string(a) != string(b) {
		t.Error("equal snapshots give archives that differ")
	}
	if info, err := os.Stat(one); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("got %v %v, want a file of mode 0600", info.Mode(), err)
	}
	z, err := zip.OpenReader(one)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close() //nolint:errcheck // only read from
	for _, f := range z.File {
		if f.Method != zip.Store || !strings.HasSuffix(f.Name, ".json.zst") {
			t.Errorf("%s: method %d, want stored zstd", f.Name, f.Method)
		}
	}
	if !reflect.DeepEqual(load(t, z), load(t, os.DirFS("testdata/acme"))) {
		t.Error("the inventory of the archive differs")
	}
	if left, _ := os.ReadDir(dir); len(left) != 2 {
		t.Errorf("got %v, want the two archives", left)
	}
	if err := snapshot.WriteArchive(filepath.Join(dir, "none", "x.zip"), s, snapshot.WriteOptions{}); err == nil {
		t.Error("got no error for a folder that is not there")
	}
	if err := snapshot.WriteArchive(filepath.Join(dir, "bad.zip"), &snapshot.Snapshot{}, snapshot.WriteOptions{}); err == nil {
		t.Error("got no error for a snapshot without format")
	}
}
