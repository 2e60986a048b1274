package iamcollect_test

import (
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"pathfinder/collector/iamcollect"
	"pathfinder/collector/snapshot"
)

var update = flag.Bool("update", false, "write the golden files anew")

// written is a snapshot as its files, in one text.
func written(t *testing.T, s *snapshot.Snapshot) string {
	t.Helper()
	dir := t.TempDir()
	if err := snapshot.Write(dir, s, snapshot.WriteOptions{}); err != nil {
		t.Fatal(err)
	}
	var a txtar.Archive
	err := fs.WalkDir(os.DirFS(dir), ".", func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		b, err := os.ReadFile(filepath.Join(dir, name))
		a.Files = append(a.Files, txtar.File{Name: name, Data: b})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return string(txtar.Format(&a))
}

// The snapshot that is made of the folder in testdata, with and without the word
// that nothing was denied. The folder holds a hostile mixture: names that are
// URL-encoded, a group and a policy that are lost, an account of another
// organization, and things of unknown kinds.
func TestGolden(t *testing.T) {
	t.Parallel()
	for name, opts := range map[string]iamcollect.Options{"acme.golden": {}, "acme-nothing-denied.golden": {NothingDenied: true}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, err := iamcollect.Read(os.DirFS("testdata/acme"), opts)
			if err != nil {
				t.Fatal(err)
			}
			got, file := written(t, s), filepath.Join("testdata", name)
			if *update {
				if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Errorf("%s differs; -update writes it anew (-want +got):\n%s", file, diff)
			}
		})
	}
}

// tree makes a folder of names and contents in turn.
func tree(list ...string) fstest.MapFS {
	out := fstest.MapFS{}
	for i := 0; i < len(list); i += 2 {
		out[list[i]] = &fstest.MapFile{Data: []byte(list[i+1])}
	}
	return out
}

const role = `{"arn":"arn:aws:iam::111122223333:role/a","name":"a"}`

func TestRecognize(t *testing.T) {
	t.Parallel()
	const file = "accounts/111122223333/iam/role/a/metadata.json"
	tests := []struct {
		name       string
		files      fstest.MapFS
		root, fail string
	}{
		{name: "from the top", files: tree("aws/aws/"+file, role), root: "aws/aws"},
		{name: "from aws", files: tree("aws-cn/"+file, role), root: "aws-cn"},
		{name: "from the partition", files: tree(file, role), root: "."},
		{name: "an organization alone", files: tree("organizations/o-a/structure.json", "{}"), root: "."},
		{name: "only settings of an account", files: tree("accounts/111122223333/s3-bpa.json", "{}"), root: "."},
		{name: "a snapshot without its manifest", files: tree("accounts/111122223333/account.json", "{}", "accounts/111122223333/resources/s3.json", "{}")},
		{name: "no account", files: tree("accounts/prod/iam/x.json", "{}")},
		{name: "too deep", files: tree("a/b/aws/"+file, role)},
		{
			name: "two partitions", files: tree("aws/aws-us-gov/"+file, role, "aws/aws/"+file, role),
			fail: "iam-collect wrote 2 partitions here, and a snapshot holds one; give the folder of one of them: aws/aws, aws/aws-us-gov",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			root, err := iamcollect.Recognize(tt.files)
			if fail := text(err); root != tt.root || fail != tt.fail {
				t.Errorf("got %q and the error %q, want %q and %q", root, fail, tt.root, tt.fail)
			}
		})
	}
}

func text(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func TestProblems(t *testing.T) {
	t.Parallel()
	const dir = "aws/aws/accounts/111122223333/"
	const org = "aws/aws/organizations/o-a/"
	whole := []string{
		org + "metadata.json", `{"id":"o-a","rootAccountId":"111122223333"}`,
		org + "structure.json", `{"r-a":{"accounts":["arn:aws:organizations::111122223333:account/o-a/111122223333"]}}`,
		org + "accounts.json", `{"111122223333":{"ou":"r-a","scps":[],"rcps":[]}}`,
		org + "ous.json", `{"r-a":{"scps":[],"rcps":[]}}`,
	}
	tests := []struct {
		name  string
		files fstest.MapFS
		want  string // a part of the error for each line
	}{
		{"nothing", tree("x", ""), "there is no folder of iam-collect here"},
		{"two organizations", tree("organizations/o-a/structure.json", "{}", "organizations/o-b/structure.json", "{}"), "iam-collect wrote 2 organizations here, and a snapshot holds one: o-a, o-b"},
		{"broken JSON", tree(dir+"iam/role/a/metadata.json", "{\n\"arn\": }"), dir + "iam/role/a/metadata.json: line 2: /arn: this is not JSON"},
		{"no ARN", tree(dir+"sqs/x/q/metadata.json", `{"name":"q"}`), dir + "sqs/x/q/metadata.json: no arn stands here"},
		{"a bad ARN", tree(dir+"sqs/x/q/metadata.json", `{"arn":"q"}`), dir + `sqs/x/q/metadata.json: line 1: /arn: "q" is not an ARN`},
		{"another account", tree(dir+"iam/role/a/metadata.json", `{"arn":"arn:aws:iam::444455556666:role/a"}`), "is not of account 111122223333, in whose folder it lies"},
		{"no account", tree(dir+"iam/role/a/metadata.json", `{"arn":"arn:aws:iam:::role/a"}`), "is not of account 111122223333, in whose folder it lies"},
		{"no name", tree(dir+"iam/role/a/metadata.json", `{"arn":"arn:aws:iam::111122223333:role"}`), "names nothing of IAM"},
		{"twice", tree(dir+"iam/role/a/metadata.json", role, dir+"iam/role/b/metadata.json", role), dir + `iam/role/b/metadata.json: line 1: /arn: "arn:aws:iam::111122223333:role/a" stands in ` + dir + "iam/role/a too"},
		{
			"in two accounts",
			tree(dir+"s3/b/metadata.json", `{"arn":"arn:aws:s3:::b"}`, "aws/aws/accounts/444455556666/s3/b/metadata.json", `{"arn":"arn:aws:s3:::b"}`),
			`"arn:aws:s3:::b" stands in account 111122223333 and in account 444455556666`,
		},
		{"an access point of nothing", tree(dir+"s3/x/accesspoint/a/metadata.json", `{"arn":"arn:aws:s3:x:111122223333:accesspoint/a"}`), "the access point names no bucket"},
		{"no time", tree(dir+"iam/role/a/metadata.json", `{"arn":"arn:aws:iam::111122223333:role/a","created":"yesterday"}`), `/created: "yesterday" is not a time`},
		{"a boundary that is none", tree(dir+"iam/role/a/metadata.json", `{"arn":"arn:aws:iam::111122223333:role/a","permissionBoundary":"x"}`), `/permissionBoundary: "x" is not an ARN`},
		{"a text that is a number", tree(dir+"iam/role/a/metadata.json", `{"arn":"arn:aws:iam::111122223333:role/a","name":7}`), "/name: expected a text here"},
		{"policies that are none", tree(dir+"iam/role/a/metadata.json", role, dir+"iam/role/a/managed-policies.json", `["x"]`), `managed-policies.json: line 1: /0: "x" is not an ARN`},
		{"tags that are a list", tree(dir+"iam/role/a/metadata.json", role, dir+"iam/role/a/tags.json", `[1]`), "tags.json: line 1: expected an object here, found a list"},
		{"too deep", tree(dir+"a/b/c/d/e/f/g/h/i/metadata.json", "{}"), "folders lie deeper than iam-collect makes them"},
		{"an organization cut off", tree(whole[2:]...), org + "metadata.json: the file is missing; collect the organization again"},
		{"an account without attachments", tree(append(whole, org+"accounts.json", "{}")...), "account 111122223333 of structure.json is missing here"},
		{"a unit without attachments", tree(append(whole, org+"ous.json", "{}")...), `"r-a" of structure.json is missing here`},
		{"an account that hangs nowhere", tree(append(whole, org+"accounts.json", `{"111122223333":{},"444455556666":{}}`)...), `"444455556666" hangs nowhere in structure.json`},
		{"a policy without a name", tree(append(whole, org+"scps/p-1/policy.json", "{}")...), org + "scps/p-1/metadata.json: the file is missing"},
		{"an account in two places", tree(append(whole, org+"structure.json", `{"r-a":{"accounts":["a/111122223333","b/111122223333"]}}`)...), "account 111122223333 hangs in two places"},
		{"administrators that are none", tree(append(whole, org+"delegated-admins.json", `{"a":["x"],"b":7}`)...), `"x" is not an account id of 12 digits`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := iamcollect.Read(tt.files, iamcollect.Options{})
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("\n got %v\nwant %s", err, tt.want)
			}
		})
	}
}

// However much is wrong, an error tells twenty things and how many more there
// are, and looks at the file no more often than that.
func TestManyProblems(t *testing.T) {
	t.Parallel()
	_, err := iamcollect.Read(tree("accounts/111122223333/iam/role/a/metadata.json", role,
		"accounts/111122223333/iam/role/a/managed-policies.json", "["+strings.Repeat("\"x\",\n", 100_000)+"\"x\"]"), iamcollect.Options{})
	lines := strings.Split(text(err), "\n")
	if len(lines) != 21 || lines[20] != "… and 99981 more" || !strings.Contains(lines[19], "line 20: /19:") {
		t.Errorf("got %d lines, the last ones %q", len(lines), lines[max(0, len(lines)-2):])
	}
}

// Older releases wrote one account for a service, as a text.
func TestDelegatedAdministratorAsText(t *testing.T) {
	t.Parallel()
	const org = "organizations/o-a/"
	s, err := iamcollect.Read(tree(
		org+"metadata.json", `{"id":"o-a","rootAccountId":"111122223333"}`,
		org+"structure.json", `{"r-a":{"accounts":["arn:aws:organizations::111122223333:account/o-a/111122223333"]}}`,
		org+"accounts.json", `{"111122223333":{}}`, org+"ous.json", `{"r-a":{}}`,
		org+"delegated-admins.json", `{"config.amazonaws.com":"444455556666"}`,
	), iamcollect.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if got := s.Organization.DelegatedAdministrators; len(got) != 1 || got[0].ID != "444455556666" {
		t.Errorf("got %+v", got)
	}
}

// What RAM shares has a policy that is not read: an absent one is not none.
func TestShares(t *testing.T) {
	t.Parallel()
	const dir = "accounts/111122223333/"
	const bucket = "arn:aws:s3-outposts:eu-west-1:111122223333:outpost/op-1/bucket/b"
	s, err := iamcollect.Read(tree(
		dir+"s3-outposts/eu-west-1/outpost/b/metadata.json", `{"arn":"`+bucket+`"}`,
		dir+"ram/eu-west-1/b.json", `{"arn":"`+bucket+`","policy":{"Statement":[]}}`,
		dir+"ram/eu-west-1/t.json", `{"arn":"arn:aws:glue:eu-west-1:111122223333:catalog"}`,
		dir+"ram/global/s.json", `{"arn":"arn:aws:ec2:eu-west-1:111122223333:subnet/s"}`,
	), iamcollect.Options{NothingDenied: true})
	if err != nil {
		t.Fatal(err)
	}
	var told []string
	for _, g := range s.Manifest.Gaps {
		if g.Service == "ram" {
			told = append(told, g.What)
		}
	}
	list := s.Accounts[0].Resources[0].Resources
	if len(list) != 2 || list[0].Policy.Known != 0 || list[1].Policy.Known != 0 || len(told) != 2 {
		t.Errorf("got %+v and %+v and gaps of %v", list[0], list[1], told)
	}
}

// Whether a key encrypts a bucket of which there is no file of its encryption is not
// known, as every bucket has one; nor does iam-collect ask for keys of tables.
func TestKeysThatNobodyRead(t *testing.T) {
	t.Parallel()
	const dir = "accounts/111122223333/"
	for _, c := range []struct {
		name          string
		opts          iamcollect.Options
		files         []string
		bucket, table bool
	}{
		{"no file", iamcollect.Options{}, nil, true, true},
		{"a file", iamcollect.Options{}, []string{dir + "s3/b/encryption.json", `[{"ApplyServerSideEncryptionByDefault":{"SSEAlgorithm":"AES256"}}]`}, false, true},
		{"no file and nothing denied", iamcollect.Options{NothingDenied: true}, nil, false, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s, err := iamcollect.Read(tree(append(c.files,
				dir+"s3/b/metadata.json", `{"arn":"arn:aws:s3:::b","name":"b","region":"eu-west-1"}`,
				dir+"dynamodb/eu-west-1/table/t/metadata.json", `{"arn":"arn:aws:dynamodb:eu-west-1:111122223333:table/t"}`,
			)...), c.opts)
			if err != nil {
				t.Fatal(err)
			}
			inv, err := s.Inventory()
			if err != nil {
				t.Fatal(err)
			}
			bucket, table := inv.Resource("arn:aws:s3:::b"), inv.Resource("arn:aws:dynamodb:eu-west-1:111122223333:table/t")
			if bucket.KeyUnread != c.bucket || table.KeyUnread != c.table {
				t.Errorf("unread %v and %v, want %v and %v", bucket.KeyUnread, table.KeyUnread, c.bucket, c.table)
			}
		})
	}
}

// Whether tags of a bucket count is not known where the folder does not say it (E184).
func TestTagsThatCount(t *testing.T) {
	t.Parallel()
	for field, want := range map[string][2]bool{
		``:                       {false, true},
		`,"abacEnabled":null`:    {false, true},
		`,"abacEnabled":"Maybe"`: {false, true},
		`,"abacEnabled":false`:   {false, false},
		`,"abacEnabled":true`:    {true, false},
	} {
		for _, opts := range []iamcollect.Options{{}, {NothingDenied: true}} {
			s, err := iamcollect.Read(tree("accounts/111122223333/s3/b/metadata.json", `{"arn":"arn:aws:s3:::b","name":"b","region":"eu-west-1"`+field+`}`), opts)
			if err != nil {
				t.Fatal(err)
			}
			inv, err := s.Inventory()
			if err != nil {
				t.Fatal(err)
			}
			b := inv.Resource("arn:aws:s3:::b")
			if got := [2]bool{b.S3.ABAC, b.S3.ABACUnread}; got != want {
				t.Errorf("E184 %q, nothing denied %t: on and unread are %v, want %v", field, opts.NothingDenied, got, want)
			}
		}
	}
}

// Which types of policies are in force: what features says, or else that one is
// attached. Where neither tells, that is a gap.
func TestTypesInForce(t *testing.T) {
	t.Parallel()
	const org = "organizations/o-a/"
	const scp = "arn:aws:organizations::aws:policy/service_control_policy/p-FullAWSAccess"
	const attached = `["` + scp + `"]`
	for _, c := range []struct {
		name, features, scps string
		on                   bool
		gaps                 int // of the three types
	}{
		{"said", `,"features":{"SERVICE_CONTROL_POLICY":true}`, attached, true, 0},
		{"denied", `,"features":{"SERVICE_CONTROL_POLICY":false}`, attached, false, 0},
		{"attached, of a type not listed", `,"features":{"TAG_POLICY":true}`, attached, true, 0},
		{"attached, of no features", ``, attached, true, 2},
		{"attached, of null", `,"features":{"SERVICE_CONTROL_POLICY":null}`, attached, true, 0},
		{"not listed among others", `,"features":{"TAG_POLICY":true}`, `[]`, false, 0},
		{"no features", ``, `[]`, false, 3},
		{"null", `,"features":{"SERVICE_CONTROL_POLICY":null}`, `[]`, false, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s, err := iamcollect.Read(tree(
				org+"metadata.json", `{"id":"o-a","rootAccountId":"111122223333"`+c.features+`}`,
				org+"structure.json", `{"r-a":{"accounts":["arn:aws:organizations::111122223333:account/o-a/111122223333"]}}`,
				org+"accounts.json", `{"111122223333":{"scps":`+c.scps+`}}`, org+"ous.json", `{"r-a":{"scps":`+c.scps+`}}`,
				org+"scps/p/metadata.json", `{"arn":"`+scp+`","name":"FullAWSAccess"}`,
				org+"scps/p/policy.json", `{"Statement":[]}`,
			), iamcollect.Options{})
			if err != nil {
				t.Fatal(err)
			}
			gaps := 0
			for _, g := range s.Manifest.Gaps {
				if strings.Contains(g.Why, "whether policies of this type are enabled") {
					gaps++
				}
			}
			if on := len(s.Organization.Root.PolicyTypes) > 0; on != c.on || gaps != c.gaps {
				t.Errorf("enabled %v and %d gaps, want %v and %d", on, gaps, c.on, c.gaps)
			}
		})
	}
}
