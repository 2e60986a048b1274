package authdetails_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/zstd"

	"pathfinder/collector/authdetails"
	"pathfinder/collector/snapshot"
)

const (
	trust = `"AssumeRolePolicyDocument":{"Version":"2012-10-17","Statement":[]}`
	roleA = `{"RoleName":"a","Arn":"arn:aws:iam::111122223333:role/a",` + trust + `}`
	roleB = `{"RoleName":"b","Arn":"arn:aws:iam::111122223333:role/b",` + trust + `}`
	roleC = `{"RoleName":"c","Arn":"arn:aws:iam::444455556666:role/c",` + trust + `}`

	hostTrust = `"AssumeRolePolicyDocument":{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}`
	hostless  = `{"RoleName":"host","Arn":"arn:aws:iam::111122223333:role/host",` + hostTrust + `}`
	host      = `{"RoleName":"served","Arn":"arn:aws:iam::111122223333:role/served","InstanceProfileList":[{"InstanceProfileName":"p","Arn":"arn:aws:iam::111122223333:instance-profile/p"}],` + hostTrust + `}`

	admin = `{"PolicyName":"AdministratorAccess","Arn":"arn:aws:iam::aws:policy/AdministratorAccess","PolicyVersionList":[]}`
)

func page(roles, rest string) string {
	return `{"UserDetailList":[],"GroupDetailList":[],"RoleDetailList":[` + roles + `],"Policies":[` + admin + `]` + rest + `}`
}

// pretty prints JSON as the AWS CLI does.
func pretty(text string) string {
	v := jsontext.Value(text)
	if err := v.Indent(jsontext.WithIndent("    ")); err != nil {
		panic(err)
	}
	return string(v)
}

// files writes files into a new folder: name, content, name, content …
func files(t *testing.T, list ...string) string {
	t.Helper()
	dir := t.TempDir()
	for i := 0; i < len(list); i += 2 {
		name := filepath.Join(dir, list[i])
		if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(list[i+1]), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func pack(t *testing.T, text string) string {
	t.Helper()
	var b bytes.Buffer
	w, err := zstd.NewWriter(&b)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// roles lists account: role role … for each account.
func roles(s *snapshot.Snapshot) []string {
	var out []string
	for _, a := range s.Accounts {
		line := a.Info.ID + ":"
		for _, r := range a.IAM.RoleDetailList {
			line += " " + r.RoleName
		}
		out = append(out, line)
	}
	return out
}

func TestRead(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		dir  []string
		want []string
		gaps int // beyond the three that are always there
	}{
		{name: "one file", dir: []string{"a.json", page(roleA+","+roleB, "")}, want: []string{"111122223333: a b"}},
		{
			name: "two accounts", dir: []string{"z.json", page(roleA, ""), "a.json", page(roleC, "")},
			want: []string{"111122223333: a", "444455556666: c"},
		},
		{
			name: "two pages with an overlap",
			dir:  []string{"1.json", page(roleA, `,"IsTruncated":true,"Marker":"x"`), "2.json", page(roleA+","+roleB, `,"IsTruncated":false`)},
			want: []string{"111122223333: a b"},
		},
		{name: "an entity twice in one file", dir: []string{"1.json", page(roleA+","+roleA, "")}, want: []string{"111122223333: a"}},
		{name: "the last page is missing", dir: []string{"1.json", page(roleA, `,"IsTruncated":true`)}, want: []string{"111122223333: a"}, gaps: 1},
		{name: "compressed, in a folder below", dir: []string{"x/1.json.zst", pack(t, page(roleA, ""))}, want: []string{"111122223333: a"}},
		{
			name: "a list of pages, as jq -s makes it",
			dir:  []string{"1.json", "[" + page(roleA, `,"IsTruncated":true,"Marker":"x"`) + ",\n" + page(roleB, `,"IsTruncated":false`) + "]\n"},
			want: []string{"111122223333: a b"},
		},
		{name: "a list of one page", dir: []string{"1.json", "[" + page(roleA, "") + "]"}, want: []string{"111122223333: a"}},
		{name: "a list on one line, named as lines", dir: []string{"1.jsonl", "[" + page(roleA, "") + "," + page(roleC, "") + "]\n"}, want: []string{"111122223333: a", "444455556666: c"}},
		{
			name: "pages one behind the other, as the AWS CLI prints them",
			dir:  []string{"1.json", pretty(page(roleA, `,"IsTruncated":true`)) + "\n" + pretty(page(roleB, "")) + "\n"},
			want: []string{"111122223333: a b"},
		},
		{name: "the same, named as lines", dir: []string{"1.jsonl", pretty(page(roleA, "")) + "\n" + pretty(page(roleC, ""))}, want: []string{"111122223333: a", "444455556666: c"}},
		{name: "an empty last page", dir: []string{"1.json", "[" + page(roleA, `,"IsTruncated":true`) + "," + page("", "") + "]"}, want: []string{"111122223333: a"}},
		{name: "an empty last line", dir: []string{"1.jsonl", page(roleA, `,"IsTruncated":true`) + "\n" + page("", "")}, want: []string{"111122223333: a"}},
		{
			name: "a list whose last page is missing",
			dir:  []string{"1.json", "[" + page(roleA, `,"IsTruncated":true`) + "," + page(roleB, `,"IsTruncated":true`) + "]"},
			want: []string{"111122223333: a b"}, gaps: 1,
		},
		{
			name: "the last page is missing of the second reading",
			dir:  []string{"1.json", "[" + page(roleA, "") + "," + page(roleB, `,"IsTruncated":true`) + "]"},
			want: []string{"111122223333: a b"}, gaps: 1,
		},
		{
			name: "the last page is in a file before",
			dir:  []string{"1.json", page(roleA, ""), "2.json", page(roleB, `,"IsTruncated":true`)},
			want: []string{"111122223333: a b"},
		},
		{
			name: "the last page of one account is missing",
			dir:  []string{"1.json", "[" + page(roleA, `,"IsTruncated":true`) + "," + page(roleC, "") + "]"},
			want: []string{"111122223333: a", "444455556666: c"}, gaps: 1,
		},
		{name: "the AWS CLI stopped at --max-items", dir: []string{"1.json", page(roleA, `,"NextToken":"eyJNYXJrZXIi"`)}, want: []string{"111122223333: a"}, gaps: 1},
		{name: "JSON lines", dir: []string{"all.jsonl", page(roleA, "") + "\n\n" + page(roleC, "") + "\n"}, want: []string{"111122223333: a", "444455556666: c"}},
		{name: "JSON lines without the last end", dir: []string{"all.jsonl", page(roleA, `,"IsTruncated":true`) + "\r\n" + page(roleB, "")}, want: []string{"111122223333: a b"}},
		{name: "JSON lines under another name", dir: []string{"all.json", page(roleA, "") + "\n" + page(roleC, "")}, want: []string{"111122223333: a", "444455556666: c"}},
		{name: "JSON lines, compressed, in a folder below", dir: []string{"x/all.jsonl.zst", pack(t, page(roleA, "")+"\n"+page(roleC, ""))}, want: []string{"111122223333: a", "444455556666: c"}},
		{name: "one line", dir: []string{"one.jsonl", page(roleA, "")}, want: []string{"111122223333: a"}},
		{name: "pages as boto3 prints them", dir: []string{"one.jsonl", page(roleA, `,"ResponseMetadata":{"HTTPStatusCode":200}`)}, want: []string{"111122223333: a"}},
		{name: "account of an empty file by its name", dir: []string{"444455556666.json", page("", "")}, want: []string{"444455556666:"}},
		{name: "account of an empty file by its folder", dir: []string{"444455556666/iam.json", page("", "")}, want: []string{"444455556666:"}},
		{name: "which instance profiles deliver roles is not said", dir: []string{"a.json", page(hostless+","+roleA, "")}, want: []string{"111122223333: host a"}, gaps: 1},
		{name: "an instance profile delivers a role", dir: []string{"a.json", page(hostless+","+host, "")}, want: []string{"111122223333: host served"}},
		{name: "no instance profile delivers any", dir: []string{"a.json", page(strings.Replace(hostless, "{", `{"InstanceProfileList":[],`, 1), "")}, want: []string{"111122223333: host"}},
		{name: "the same twice", dir: []string{"a.json", page(roleA+","+roleB, ""), "b.json", page(roleB+","+roleA, "")}, want: []string{"111122223333: a b"}},
		{name: "parted by hand", dir: []string{"a.json", page(roleA, ""), "b.json", page(roleB, "")}, want: []string{"111122223333: a b"}},
		{name: "a page twice", dir: []string{"a.json", page(roleA, `,"IsTruncated":true`), "b.json", page(roleB, ""), "c.json", page(roleA+","+roleB, "")}, want: []string{"111122223333: a b"}},
		{name: "one with roles, one with users", dir: []string{"a.json", page(roleA, ""), "b.json", strings.Replace(page("", ""), `"UserDetailList":[`, `"UserDetailList":[{"UserName":"u","Arn":"arn:aws:iam::111122223333:user/u"}`, 1)}, want: []string{"111122223333: a"}},
		{name: "other files are left alone", dir: []string{"a.json", page(roleA, ""), "README.md", "x", ".x.json", "x", ".git/x.json", "x"}, want: []string{"111122223333: a"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s, err := authdetails.Read(files(t, tt.dir...))
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(tt.want, roles(s)); d != "" {
				t.Errorf("roles (-want +got):\n%s", d)
			}
			if got := len(s.Manifest.Gaps); got != 3+tt.gaps {
				t.Errorf("got %d gaps, want %d: %v", got, 3+tt.gaps, s.Manifest.Gaps)
			}
			inv, err := s.Inventory()
			if err != nil {
				t.Fatal(err)
			}
			if !inv.Accounts[0].IAM {
				t.Error("the IAM of the account counts as not read")
			}
			if err := snapshot.Write(filepath.Join(t.TempDir(), "out"), s, snapshot.WriteOptions{}); err != nil {
				t.Errorf("the snapshot can't be written: %v", err)
			}
		})
	}
}

func TestReadProblems(t *testing.T) {
	t.Parallel()
	const looked = "this is not the output of get-account-authorization-details: looked for UserDetailList, GroupDetailList, RoleDetailList, found "
	tests := []struct {
		name string
		dir  []string
		want string // DIR stands for the folder
	}{
		{"empty folder", nil, "DIR: there is no .json or .jsonl file in this folder, nor one with .zst behind it"},
		{"something else", []string{"a.json", `{"Version":1,"Policies":[]}`}, "DIR/a.json: " + looked + `"Version", "Policies"`},
		{"empty object", []string{"a.json", `{}`}, "DIR/a.json: " + looked + "no fields"},
		{"a text", []string{"a.json", `"x"`}, "DIR/a.json: this is neither a JSON object, as get-account-authorization-details prints it, nor a list of them"},
		{"an empty list", []string{"a.json", ` [ ]`}, "DIR/a.json: this is an empty list, where pages of get-account-authorization-details should stand"},
		{"a list of something else", []string{"a.json", `[{"Version":1}]`}, "DIR/a.json: " + looked + `"Version"`},
		{
			"a list with something else",
			[]string{"a.json", "[" + page(roleA, "") + ",\n7,\n" + page(strings.Replace(roleB, "arn:aws:iam::111122223333:", "", 1), "") + `,[]]`},
			"DIR/a.json: page 2: this is neither a JSON object, as get-account-authorization-details prints it, nor a list of them\n" +
				"DIR/a.json: line 3: /RoleDetailList/0/Arn: \"role/b\" is not an ARN; write arn:partition:service:region:account:resource\n" +
				"DIR/a.json: page 4: this is neither a JSON object, as get-account-authorization-details prints it, nor a list of them",
		},
		{
			"a page that is wrong within",
			[]string{"a.json", pretty(page(roleA, "")) + "\n" + pretty(page(`{"Arn":"role/x"}`, ""))},
			"DIR/a.json: line 27: /RoleDetailList/0/Arn: \"role/x\" is not an ARN; write arn:partition:service:region:account:resource",
		},
		{
			"a second page that is cut off",
			[]string{"a.json", pretty(page(roleA, "")) + "\n" + pretty(page(roleB, ""))[:60]},
			"DIR/a.json: page 2: this is not JSON: it ends too early; is the file cut off?",
		},
		{
			"pages of two accounts and an empty one",
			[]string{"a.json", "[" + page(roleA, "") + "," + page(roleC, "") + "," + page("", "") + "]"},
			"DIR/a.json: page 3: there is no ARN here, so its account is unknown; leave it out, or keep one account in a file and name it <12 digits>.json",
		},
		{
			"mixed accounts",
			[]string{"a.json", page(roleA+",\n"+roleC, "")},
			`DIR/a.json: line 2: /RoleDetailList/1/Arn: the file mixes accounts: "arn:aws:iam::444455556666:role/c" is not of account 111122223333 like those before it; write one file for each account`,
		},
		{"no account", []string{"a.json", page("", "")}, "DIR/a.json: the file holds no ARN, so its account is unknown; name it <12 digits>.json, or leave it out"},
		{
			"bad ARN and bad JSON",
			[]string{"a.json", page(roleA+`,{"Arn":"role/x"}`, ""), "b.json", `{"UserDetailList":[],"RoleDetailList":7}`},
			"DIR/a.json: line 1: /RoleDetailList/1/Arn: \"role/x\" is not an ARN; write arn:partition:service:region:account:resource\n" +
				"DIR/b.json: line 1: /RoleDetailList: expected a list here, found a number",
		},
		{
			"JSON lines",
			[]string{"a.jsonl", page(roleA, "") + "\n" + page(`{"Arn":"role/x"}`, "") + "\n" + page(roleC, "") + "\n{}\n{\"UserDetailList\":[}\n" + page("", "") + "\n"},
			"DIR/a.jsonl: line 2: /RoleDetailList/0/Arn: \"role/x\" is not an ARN; write arn:partition:service:region:account:resource\n" +
				"DIR/a.jsonl: line 4: " + looked + "no fields\n" +
				"DIR/a.jsonl: line 5: /UserDetailList/0: this is not JSON: invalid character '}' at start of value; is there a comma too many before it?\n" +
				"DIR/a.jsonl: line 6: there is no ARN here, so its account is unknown; leave it out, or keep one account in a file and name it <12 digits>.json",
		},
		{
			"two lines contradict",
			[]string{"a.jsonl", page(roleA, "") + "\n" + page(strings.Replace(roleA, "[]", "[{}]", 1), "")},
			"DIR/a.jsonl: line 2: arn:aws:iam::111122223333:role/a stands in DIR/a.jsonl: line 1 too, with other content; keep the newer one of the two",
		},
		{
			"a role that went, or came",
			[]string{"a.json", page(roleA+","+roleB, ""), "b.json", page(roleA, "")},
			"DIR/b.json: arn:aws:iam::111122223333:role/b stands in DIR/a.json, and is missing here, though both tell of the same account; keep the newer one of the two",
		},
		{
			"a role that came, in lines",
			[]string{"a.jsonl", page(roleA, `,"IsTruncated":true`) + "\n" + page(hostless, "") + "\n" + page(roleA, "") + "\n"},
			"DIR/a.jsonl: line 3: arn:aws:iam::111122223333:role/host stands in DIR/a.jsonl: line 1, and is missing here, though both tell of the same account; keep the newer one of the two",
		},
		{
			"contradiction",
			[]string{"a.json", page(roleA, ""), "b.json", page(strings.Replace(roleA, "[]", "[{}]", 1), "")},
			"DIR/b.json: arn:aws:iam::111122223333:role/a stands in DIR/a.json too, with other content; keep the newer one of the two",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			dir := files(t, tt.dir...)
			_, err := authdetails.Read(dir)
			if want := strings.ReplaceAll(tt.want, "DIR", dir); err == nil || err.Error() != want {
				t.Errorf("\n got %v\nwant %s", err, want)
			}
		})
	}
}

func TestReadPaths(t *testing.T) {
	t.Parallel()
	if _, err := authdetails.Read(); err == nil {
		t.Error("no path: got no error")
	}
	dir := files(t, "dump.txt", pack(t, page(roleA, "")), "more.dat", page(roleB, ""))
	if _, err := authdetails.Read(filepath.Join(dir, "nowhere")); err == nil {
		t.Error("a path that doesn't exist: got no error")
	}
	s, err := authdetails.Read(filepath.Join(dir, "dump.txt"), filepath.Join(dir, "more.dat"))
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([]string{"111122223333: a b"}, roles(s)); d != "" {
		t.Errorf("files are known by content (-want +got):\n%s", d)
	}
}

func FuzzAuthDetails(f *testing.F) {
	f.Add([]byte(page(roleA+","+roleA, `,"IsTruncated":true`)))
	f.Add([]byte(page(roleC, "")))
	f.Add([]byte(`{"UserDetailList":[null]}`))
	f.Add([]byte(page(`{"Arn":"arn:aws:iam:::role/a"}`, "")))
	f.Add([]byte(page(roleA, "") + "\n" + page(roleC, "") + "\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		name := filepath.Join(t.TempDir(), "111122223333.json")
		if len(b)%2 == 1 {
			name += "l"
		}
		if err := os.WriteFile(name, b, 0o600); err != nil {
			t.Fatal(err)
		}
		s, err := authdetails.Read(name)
		if err != nil {
			return
		}
		if _, err := s.Inventory(); err != nil {
			t.Errorf("Read accepts what Inventory refuses: %v", err)
		}
	})
}
