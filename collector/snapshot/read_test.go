package snapshot_test

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/klauspost/compress/zstd"

	"pathfinder/collector/snapshot"
)

const (
	manifest = `{"format":"pathfinder-snapshot","version":1}`
	prod     = "accounts/111122223333/"
	account  = `{"Id":"111122223333"}`
)

// folder makes a snapshot of one account with some files added or replaced.
func folder(files ...string) fstest.MapFS {
	m := fstest.MapFS{
		"manifest.json":       {Data: []byte(manifest)},
		prod + "account.json": {Data: []byte(account)},
	}
	for i := 0; i < len(files); i += 2 {
		m[files[i]] = &fstest.MapFile{Data: []byte(files[i+1])}
	}
	return m
}

func TestReadProblems(t *testing.T) {
	t.Parallel()
	const (
		res  = prod + "resources.json"
		auth = prod + "authorization-details.json"
		org  = "organization.json"
	)
	tests := []struct {
		name string
		fsys fs.FS
		want []string // "" for no error
	}{
		{name: "sound", fsys: folder()},
		{name: "nothing", fsys: fstest.MapFS{}, want: []string{"manifest.json: the file is missing"}},
		{
			name: "manifest of something else", fsys: folder("manifest.json", `{"name":"x"}`),
			want: []string{`manifest.json: line 1: /format: "" is not the format of a pathfinder snapshot, which is "pathfinder-snapshot"`},
		},
		{
			name: "newer version", fsys: folder("manifest.json", "{\"format\":\"pathfinder-snapshot\",\n\"version\":2}"),
			want: []string{"manifest.json: line 2: /version: this snapshot has version 2 of the format, this program reads up to 1; use a newer pathfinder"},
		},
		{
			name: "no version", fsys: folder("manifest.json", `{"format":"pathfinder-snapshot"}`),
			want: []string{`manifest.json: line 1: /version: the version of the format is missing; write "version": 1`},
		},
		{
			name: "bad time", fsys: folder("manifest.json", `{"format":"pathfinder-snapshot","version":1,"created":"today"}`),
			want: []string{`manifest.json: line 1: /created: expected a time such as "2026-11-01T02:00:00Z" here, found another text`},
		},
		{
			name: "not an ARN", fsys: folder(res, "{\"Resources\":[\n{\"Arn\":\"arn:aws:sqs:::q\",\"Type\":\"AWS::SQS::Queue\"},\n{\"Type\":\"AWS::S3::Bucket\",\n\"Arn\":\"x\"}]}"),
			want: []string{res + `: line 4: /Resources/1/Arn: "x" is not an ARN; write arn:partition:service:region:account:resource`},
		},
		{
			name: "wrong kind of value", fsys: folder(res, "{\"Resources\":\n[{\"Arn\":7}]}"),
			want: []string{res + ": line 2: /Resources/0/Arn: expected a text here, found a number"},
		},
		{
			name: "object for a list", fsys: folder(res, `{"Resources":{}}`),
			want: []string{res + ": line 1: /Resources: expected a list here, found an object"},
		},
		{
			name: "missing comma", fsys: folder(prod+"account.json", "{\"Id\":\"111122223333\"\n\"Name\":\"x\"}"),
			want: []string{prod + "account.json: line 2: this is not JSON: invalid character '\"' after object value (expecting ',' or '}'); is a comma missing before it?"},
		},
		{
			name: "cut off", fsys: folder(res, `{"Resources":[{"Arn":"a`),
			want: []string{res + ": this is not JSON: it ends too early; is the file cut off, or a bracket missing?"},
		},
		{
			name: "empty file", fsys: folder(res, ``),
			want: []string{res + ": this is not JSON: it ends too early; is the file cut off, or a bracket missing?"},
		},
		{
			name: "key twice", fsys: folder(prod+"account.json", "{\"Id\":\"111122223333\",\n\"Id\":\"111122223333\"}"),
			want: []string{prod + "account.json: line 2: /Id: this is not JSON: the same key stands twice in one object; keep one of them"},
		},
		{
			name: "null entries", fsys: folder(res, `{"Resources":[null]}`, auth, `{"RoleDetailList":[null],"UserDetailList":[null],"GroupDetailList":[null],"Policies":[null]}`),
			want: []string{
				auth + ": line 1: /UserDetailList/0: expected an object here, found null",
				auth + ": line 1: /GroupDetailList/0: expected an object here, found null",
				auth + ": line 1: /RoleDetailList/0: expected an object here, found null",
				auth + ": line 1: /Policies/0: expected an object here, found null",
				res + ": line 1: /Resources/0: expected an object here, found null",
			},
		},
		{
			name: "folder and id differ", fsys: folder(prod+"account.json", `{"Id":"444455556666"}`),
			want: []string{prod + `account.json: line 1: /Id: the account is "444455556666", but its folder is named 111122223333`},
		},
		{
			name: "no account.json", fsys: folder("accounts/444455556666/resources.json", `{}`),
			want: []string{"accounts/444455556666/account.json: the file is missing"},
		},
		{
			name: "folder is no id", fsys: folder("accounts/prod/account.json", `{}`),
			want: []string{"accounts/prod: the folder of an account is named by its id of 12 digits"},
		},
		{
			name: "both forms", fsys: folder(prod+"account.json.zst", "x"),
			want: []string{prod + "account.json.zst: account.json is there too; remove one of them"},
		},
		{
			name: "foreign role", fsys: folder(auth, `{"RoleDetailList":[{"Arn":"arn:aws:iam::444455556666:role/x"},{"Arn":"arn:aws:iam::111122223333:user/x"}]}`),
			want: []string{
				auth + `: line 1: /RoleDetailList/0/Arn: "arn:aws:iam::444455556666:role/x" is not of account 111122223333, in whose folder it stands`,
				auth + `: line 1: /RoleDetailList/1/Arn: "arn:aws:iam::111122223333:user/x" is not the ARN of a role (arn:aws:iam::111122223333:role/NAME)`,
			},
		},
		{
			name: "role twice, bad date, bad tags", fsys: folder(auth, `{"RoleDetailList":[{"Arn":"arn:aws:iam::111122223333:role/x","CreateDate":"now"},
{"Arn":"arn:aws:iam::111122223333:role/x","Tags":[{"Value":"v"}]}]}`),
			want: []string{
				auth + `: line 1: /RoleDetailList/0/CreateDate: "now" is not a time; write 2026-11-01T02:00:00Z`,
				auth + `: line 2: /RoleDetailList/1/Arn: "arn:aws:iam::111122223333:role/x" stands twice`,
				auth + `: line 2: /RoleDetailList/1/Tags: a tag has no Key`,
			},
		},
		{
			name: "resource twice", fsys: folder(res, `{"Resources":[{"Arn":"arn:aws:s3:::a","Type":"AWS::S3::Bucket"}]}`,
				prod+"resources/more.json", `{"Resources":[{"Arn":"arn:aws:s3:::a","Type":"AWS::S3::Bucket"}]}`),
			want: []string{prod + `resources/more.json: line 1: /Resources/0/Arn: "arn:aws:s3:::a" stands in ` + res + " already"},
		},
		{
			name: "organization", fsys: folder(org, `{"Organization":{"MasterAccountId":"x"},"Root":{"Id":"r-1","Accounts":["111122223333"],
"OrganizationalUnits":[{"Id":"r-1"},{"Id":"ou-1","Accounts":["111122223333","1"]},null,{}]},
"Accounts":[{"Id":"111122223333"},{"Id":"111122223333"}],"Policies":[{"PolicySummary":{"Id":"p-1"}},{}],"DelegatedAdministrators":[{"Id":""}]}`),
			want: []string{
				org + ": line 1: /Organization/Id: the id of the organization is missing",
				org + `: line 1: /Organization/MasterAccountId: "x" is not an account id of 12 digits`,
				org + `: line 2: /Root/OrganizationalUnits/0/Id: unit "r-1" stands twice`,
				org + ": line 2: /Root/OrganizationalUnits/1/Accounts/0: account 111122223333 hangs in two places of the organization",
				org + `: line 2: /Root/OrganizationalUnits/1/Accounts/1: "1" is not an account id of 12 digits`,
				org + ": line 2: /Root/OrganizationalUnits/2: expected an object here, found null",
				org + ": line 2: /Root/OrganizationalUnits/3/Id: the id of the unit is missing",
				org + ": line 3: /Accounts/1/Id: account 111122223333 stands twice",
				org + ": line 3: /Policies/0/PolicySummary/Type: the type is missing; write SERVICE_CONTROL_POLICY or RESOURCE_CONTROL_POLICY",
				org + ": line 3: /Policies/1/PolicySummary/Id: the id of the policy is missing",
				org + `: line 3: /DelegatedAdministrators/0/Id: "" is not an account id of 12 digits`,
			},
		},
		{
			name: "providers", fsys: folder(prod+"identity-providers.json", `{"SAMLProviders":[{"Arn":"arn:aws:iam::444455556666:saml-provider/x"},{}]}`),
			want: []string{
				prod + `identity-providers.json: line 1: /SAMLProviders/0/Arn: "arn:aws:iam::444455556666:saml-provider/x" is not of account 111122223333, in whose folder it stands`,
				prod + "identity-providers.json: line 1: /SAMLProviders/1/Arn: the ARN is missing",
			},
		},
		{
			name: "not zstd", fsys: folder(prod+"resources.json.zst", "garbage"),
			want: []string{prod + "resources.json.zst: line 1: this is not JSON: invalid character 'g' at start of value"},
		},
		{
			name: "cut zstd", fsys: folder(prod+"resources.json.zst", string(pack(t, `{"Resources":[]}`)[:12])),
			want: []string{prod + "resources.json.zst: cannot decompress: unexpected EOF"},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := snapshot.Read(tt.fsys)
			got := ""
			if err != nil {
				got = err.Error()
			}
			if want := strings.Join(tt.want, "\n"); got != want {
				t.Errorf("Read:\n got %s\nwant %s", got, want)
			}
			if _, streamed := snapshot.ReadInventory(tt.fsys); fmt.Sprint(streamed) != fmt.Sprint(err) {
				t.Errorf("ReadInventory:\n got %v\nwant %v", streamed, err)
			}
		})
	}
}

func pack(tb testing.TB, text string) []byte {
	tb.Helper()
	var b bytes.Buffer
	w, err := zstd.NewWriter(&b)
	if err != nil {
		tb.Fatal(err)
	}
	if _, err := w.Write([]byte(text)); err != nil {
		tb.Fatal(err)
	}
	if err := w.Close(); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

func TestReadBoundsProblems(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	for i := range 3000 {
		fmt.Fprintf(&b, ",{\"Arn\":\"x%d\",\"Type\":\"T\"}\n", i)
	}
	_, err := snapshot.Read(folder(prod+"resources.json", `{"Resources":[`+b.String()[1:]+`]}`))
	lines := strings.Split(err.Error(), "\n")
	if len(lines) != 21 || lines[20] != "… and 2980 more" {
		t.Errorf("got %d lines, the last is %q; want 21, the last is \"… and 2980 more\"", len(lines), lines[len(lines)-1])
	}
	if !strings.Contains(lines[19], ": line 20: /Resources/19/Arn: ") {
		t.Errorf("problem 20 has the wrong place: %s", lines[19])
	}
}

func TestReadBoundsSize(t *testing.T) {
	t.Parallel()
	spaces := strings.Repeat(" ", 1<<20)
	tests := []struct {
		name string
		fsys fs.FS
		want string
	}{
		{"plain", folder(prod+"resources.json", spaces+"{}"), prod + "resources.json: larger than 1 MiB; split it"},
		{"zstd", folder(prod+"resources.json.zst", string(pack(t, spaces+"{}"))), prod + "resources.json.zst: larger than 1 MiB; split it"},
		{"exactly the limit", folder(prod+"resources.json", spaces[2:]+"{}"), ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := snapshot.ReadLimited(tt.fsys, 1<<20)
			got := ""
			if err != nil {
				got = err.Error()
			}
			if got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestReadRefusesBomb(t *testing.T) {
	t.Parallel()
	bomb := pack(t, `{"x":[`+strings.Repeat("1,", 32<<20)+"1]}")
	_, err := snapshot.Read(folder(prod+"resources.json.zst", string(bomb)))
	if err == nil || !strings.Contains(err.Error(), "grows more than 500 times") {
		t.Errorf("%d bytes that grow to 64 MiB: got %v, want a refusal", len(bomb), err)
	}
}

// What costs much more memory than it is long is refused while it is read, in
// whatever form it comes; what is only large is not.
func TestReadRefusesHollowFiles(t *testing.T) {
	t.Parallel()
	incompressible := make([]byte, 400<<10)
	_, _ = rand.NewChaCha8([32]byte{}).Read(incompressible)
	noise := hex.EncodeToString(incompressible)
	tag := `{"Key":"a","Value":"b"}`
	tests := []struct {
		name, text, want string
	}{
		{"blanks", `{"Resources":[` + strings.Repeat("   \n", 2<<20) + `]}`, "more than 4 MiB of blanks in a row"},
		{"fewer blanks", strings.Repeat(`{"Resources":[`+strings.Repeat(" ", 3<<20)+`],"x":[`+strings.Repeat(" ", 3<<20)+"]}", 1), ""},
		{"empty objects", `{"Resources":[{}` + strings.Repeat(",{}", 1<<18) + `]}`, "nearly all objects in the file are empty"},
		{"small objects", `{"Resources":[],"x":[` + tag + strings.Repeat(","+tag, 1<<18) + `]}`, ""},
		{"deep nesting", `{"x":` + strings.Repeat(`{"x":`, 20000), "exceeded max depth"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			for name, text := range map[string]string{
				"resources.json": tt.text, "resources.json.zst": string(pack(t, `{"noise":"`+noise+`",`+tt.text[1:])),
			} {
				_, err := snapshot.Read(folder(prod+name, text))
				if got := fmt.Sprint(err); tt.want == "" && err != nil || tt.want != "" && !strings.Contains(got, tt.want) || len(got) > 1000 {
					t.Errorf("%s: got %.1000s, want %q", name, got, tt.want)
				}
			}
		})
	}
}

func TestReadIgnores(t *testing.T) {
	t.Parallel()
	s, err := snapshot.Read(folder("README.md", "x", "accounts/.git/x", "", "accounts/list.csv", "", prod+"notes.txt", "",
		prod+"resources/.hidden.json", "{", prod+"resources/README.md", ""))
	if err != nil || len(s.Accounts) != 1 || len(s.Accounts[0].Resources) != 0 {
		t.Errorf("got %+v, %v; want one account and nothing else", s, err)
	}
}

func TestValidate(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		fsys fs.FS
		want []string
	}{
		{name: "sound", fsys: folder()},
		{
			name: "what Read refuses", fsys: folder("manifest.json", "[]"),
			want: []string{"manifest.json: line 1: expected an object here, found a list"},
		},
		{
			name: "acme", fsys: os.DirFS("testdata/acme"),
			want: []string{
				`accounts/111122223333/authorization-details.json: line 129: /Policies/0/PolicyVersionList/0/Document: this is not JSON: the document goes on behind its end; is a closing brace too many, or are the outer braces missing?`,
				`accounts/111122223333/authorization-details.json: line 89: /RoleDetailList/0/RolePolicyList/0/PolicyDocument: the policy document is neither JSON nor URL-encoded JSON: broken escape "%zz"`,
				`accounts/111122223333/authorization-details.json: line 110: /RoleDetailList/0/AttachedManagedPolicies/1/PolicyArn: policy "arn:aws:iam::aws:policy/ReadOnlyAccess" is not in Policies, so its content is unknown`,
			},
		},
		{
			name: "organization",
			fsys: folder("organization.json", `{"Organization":{"Id":"o-1","MasterAccountId":"999999999999"},
"Root":{"Id":"r-1","PolicyTypes":[{"Type":"SERVICE_CONTROL_POLICY","Status":"ENABLED"}],"OrganizationalUnits":[{"Id":"ou-1","Accounts":["444455556666"]}]},
"Accounts":[{"Id":"777788889999"}],
"Policies":[{"PolicySummary":{"Id":"p-1","Type":"SERVICE_CONTROL_POLICY"},"Content":"%7","Targets":["r-1","ou-2"]}],
"DelegatedAdministrators":[{"Id":"222222222222"}]}`),
			want: []string{
				"organization.json: line 2: /Root/OrganizationalUnits/0/Accounts/0: account 444455556666 is not in the list Accounts",
				"organization.json: line 1: /Organization/MasterAccountId: the management account 999999999999 is not in the organization",
				`organization.json: line 4: /Policies/0/Content: the policy document is neither JSON nor URL-encoded JSON: broken escape "%7"`,
				`organization.json: line 4: /Policies/0/Targets/1: "ou-2" is neither the root nor a unit or account of the organization`,
				"organization.json: line 5: /DelegatedAdministrators/0/Id: account 222222222222 is not in the organization",
				"organization.json: line 2: /Root/OrganizationalUnits/0/Id: ou-1 has no policy of type SERVICE_CONTROL_POLICY attached, so nothing is allowed there; AWS attaches FullAWSAccess (p-RCPFullAWSAccess) by default",
				"organization.json: line 2: /Root/OrganizationalUnits/0/Accounts/0: 444455556666 has no policy of type SERVICE_CONTROL_POLICY attached, so nothing is allowed there; AWS attaches FullAWSAccess (p-RCPFullAWSAccess) by default",
				prod + "account.json: line 1: /Id: account 111122223333 is not in the organization",
			},
		},
		{
			name: "resources and stray files",
			fsys: folder(prod+"resources.json", `{"Resources":[{"Arn":"arn:aws:sqs:eu-central-1:444455556666:q","Type":"queue","Ownership":"Mine","Policy":"%7"}]}`,
				prod+"authorisation-details.json", `{}`, "organisation.json", `{}`, prod+"resources/deep/er.json", `{}`),
			want: []string{
				prod + `resources.json: line 1: /Resources/0/Arn: "arn:aws:sqs:eu-central-1:444455556666:q" names another account than its owner 111122223333`,
				prod + `resources.json: line 1: /Resources/0/Type: "queue" is not a type as CloudFormation writes it, such as AWS::S3::Bucket`,
				prod + `resources.json: line 1: /Resources/0/Ownership: "Mine" is not an object ownership; there are BucketOwnerEnforced, BucketOwnerPreferred and ObjectWriter`,
				prod + `resources.json: line 1: /Resources/0/Policy: the policy document is neither JSON nor URL-encoded JSON: broken escape "%7"`,
				prod + "authorisation-details.json: nothing reads this file; there are manifest.json, organization.json and, for an account, account.json, authorization-details.json, identity-providers.json, identity-center.json, resources.json",
				prod + "resources/deep/er.json: nothing reads this file; there are manifest.json, organization.json and, for an account, account.json, authorization-details.json, identity-providers.json, identity-center.json, resources.json",
				"organisation.json: nothing reads this file; there are manifest.json, organization.json and, for an account, account.json, authorization-details.json, identity-providers.json, identity-center.json, resources.json",
			},
		},
		{
			name: "group that is missing",
			fsys: folder(prod+"authorization-details.json", `{"UserDetailList":[{"Arn":"arn:aws:iam::111122223333:user/u","GroupList":["g"]}]}`),
			want: []string{prod + `authorization-details.json: line 1: /UserDetailList/0/GroupList/0: there is no group "g" in GroupDetailList`},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var got []string
			for _, p := range snapshot.Validate(tt.fsys) {
				got = append(got, p.Error())
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("Validate:\n got %s\nwant %s", strings.Join(got, "\n     "), strings.Join(tt.want, "\n     "))
			}
		})
	}
}
