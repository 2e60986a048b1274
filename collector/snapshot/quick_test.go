package snapshot_test

import (
	"fmt"
	"io/fs"
	"os"
	"reflect"
	"strings"
	"testing"

	"pathfinder/collector/snapshot"
	"pathfinder/graphmodel/inventory"
)

// What collectors write is scanned, and means what the decoder reads.
func TestScanned(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	writeLandingZone(t, dir, 1, snapshot.WriteOptions{})
	zone, acme := os.DirFS(dir), os.DirFS("testdata/acme")
	const account = "accounts/100000000000/"
	for _, tt := range []struct {
		name string
		ok   bool
	}{
		{account + "authorization-details.json", snapshot.Scanned(zone, account+"authorization-details.json", new(snapshot.AuthorizationDetails))},
		{account + "resources.json", snapshot.Scanned(zone, account+"resources.json", new(snapshot.ResourceFile))},
		{prod + "authorization-details.json", snapshot.Scanned(acme, prod+"authorization-details.json", new(snapshot.AuthorizationDetails))},
		{prod + "resources.json", snapshot.Scanned(acme, prod+"resources.json", new(snapshot.ResourceFile))},
	} {
		if !tt.ok {
			t.Errorf("%s is decoded", tt.name)
		}
	}
	same(t, zone)
	same(t, acme)
}

// Whatever a file holds, reading it by the scanner gives what decoding it does.
func TestScannedOrNot(t *testing.T) {
	t.Parallel()
	const arn = `"Arn":"arn:aws:iam::111122223333:role/r"`
	for name, role := range map[string]string{
		"all":                       arn + `,"Path":"/","RoleName":"r","RoleId":"AROA1","CreateDate":"2024-05-06T07:08:09Z","Tags":[{"Key":"a","Value":"b"}],"RoleLastUsed":{"Region":"x"},"InstanceProfileList":[]`,
		"null for a text":           arn + `,"Path":null`,
		"null for a list":           arn + `,"RolePolicyList":null`,
		"a number for a text":       arn + `,"Path":1`,
		"an escape":                 arn + `,"RoleName":"\u0072"`,
		"an escape in a name":       `"\u0041rn":"arn:aws:iam::111122223333:role/r"`,
		"a name twice":              arn + `,` + arn,
		"an unknown name twice":     arn + `,"X":1,"X":2`,
		"an unknown name":           arn + `,"X":{"a":[1,null,"\\"]}`,
		"something unknown broken":  arn + `,"X":{"a":[1 2]}`,
		"a name in lower case":      arn + `,"path":"/x/"`,
		"half a surrogate":          arn + `,"RoleName":"\ud800"`,
		"a control character":       arn + ",\"RoleName\":\"\x01\"",
		"no UTF-8":                  arn + ",\"RoleName\":\"\xff\"",
		"a document with a comma":   arn + `,"AssumeRolePolicyDocument":{"Statement":[],}`,
		"a document with a name":    arn + `,"AssumeRolePolicyDocument":{"Statement":[],"Statement":[]}`,
		"a document cut off":        arn + `,"AssumeRolePolicyDocument":{"Statement":[}`,
		"a document of words":       arn + `,"AssumeRolePolicyDocument":nullx`,
		"a document null":           arn + `,"AssumeRolePolicyDocument":null`,
		"a document escaped":        arn + `,"AssumeRolePolicyDocument":"%7B%22Statement%22%3A%5B%5D%7D"`,
		"a document in a text":      arn + `,"AssumeRolePolicyDocument":"{\"Statement\":[]}"`,
		"a document badly in one":   arn + `,"AssumeRolePolicyDocument":"\x"`,
		"a document with a tab":     arn + ",\"AssumeRolePolicyDocument\":\"\t\"",
		"a document with blanks":    arn + `,"AssumeRolePolicyDocument": { "Version" : "2012-10-17" , "Statement" : [ ] } `,
		"a document nested":         arn + `,"AssumeRolePolicyDocument":{"a":` + strings.Repeat("[", 300) + strings.Repeat("]", 300) + `}`,
		"tags of words":             arn + `,"Tags":nullx`,
		"tags with a number":        arn + `,"Tags":{"a":1}`,
		"tags twice":                arn + `,"Tags":[{"Key":"a","Value":"b"},{"Key":"a","Value":"c"}]`,
		"a tag without a value":     arn + `,"Tags":[{"Key":"a"}]`,
		"a tag in lower case":       arn + `,"Tags":[{"key":"a","value":"b"}]`,
		"tags with an escape":       arn + `,"Tags":{"a":"\n"}`,
		"tags with a comma":         arn + `,"Tags":{"a":"b",}`,
		"a value missing":           arn + `,"Tags":,"Path":"/"`,
		"a comma too many":          arn + `,`,
		"no colon":                  arn + `,"Path" "/"`,
		"nothing":                   ``,
		"policies without document": arn + `,"RolePolicyList":[{"PolicyName":"p"}]`,
		"many names":                arn + many(60),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			same(t, folder(prod+"authorization-details.json", `{"RoleDetailList":[{`+role+`}]}`))
			same(t, folder(prod+"authorization-details.json", `{"RoleDetailList":[{`+role+`}]} x`))
		})
	}
	for name, policy := range map[string]string{
		"a version nobody uses": `{"Arn":"arn:aws:iam::aws:policy/P","PolicyVersionList":[{"Document":{"a":1 2},"VersionId":"v1","IsDefaultVersion":false}]}`,
		"a flag that is a text": `{"Arn":"arn:aws:iam::aws:policy/P","PolicyVersionList":[{"Document":{},"VersionId":"v1","IsDefaultVersion":"false"}]}`,
		"fine":                  `{"Arn":"arn:aws:iam::111122223333:policy/P","AttachmentCount":1,"PolicyVersionList":[{"Document":{},"VersionId":"v1","IsDefaultVersion":true}]}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			same(t, folder(prod+"authorization-details.json", `{"Policies":[`+policy+`],"IsTruncated":false}`))
			same(t, folder(prod+"authorization-details.json", `{"Policies":[`+policy+`]}`))
		})
	}
}

func many(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `,"x%d":%d`, i, i)
	}
	return b.String()
}

func FuzzScan(f *testing.F) {
	seed(f, prod+"authorization-details.json")
	f.Add([]byte(`{"UserDetailList":[{"Arn":"arn:aws:iam::111122223333:user/u","UserPolicyList":[{"PolicyName":"p","PolicyDocument":{"Statement":[ ]}}],"Tags":{"a":"b"},"X":[{}]}]}`))
	f.Add([]byte(`{"Resources":[{"Arn":"arn:a:b:c:d:e","Type":"x","Policy":null,"Tags":[{"Key":"a","Value":"b"}],"Grants":[{}]}]}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		same(t, folder(prod+"authorization-details.json", string(b), prod+"resources.json", string(b)))
	})
}

// same reads a folder both ways.
func same(t *testing.T, fsys fs.FS) {
	t.Helper()
	got, err := snapshot.ReadInventory(fsys)
	var want *inventory.Inventory
	s, wantErr := snapshot.Read(fsys)
	if wantErr == nil {
		want, wantErr = s.Inventory()
	}
	if fmt.Sprint(err) != fmt.Sprint(wantErr) {
		t.Fatalf("got error %v, want %v", err, wantErr)
	}
	if !reflect.DeepEqual(got, want) {
		t.Fatal("got another inventory")
	}
}
