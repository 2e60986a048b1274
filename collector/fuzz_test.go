package collector_test

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"pathfinder/collector"
)

// Law: whatever lies in a folder, opening it ends with facts or with an error
// that names the folder.
func FuzzOpenFolder(f *testing.F) {
	const mark = "\n=== "
	for _, text := range []string{
		mark + "a.jsonl\n{\"UserDetailList\":[]}\n{\"RoleDetailList\":[{\"Arn\":\"arn:aws:iam::111122223333:role/a\"}]}",
		mark + "metadata.json\n{\"pmapper_version\":\"1.1.5\"}" + mark + "graph/nodes.json\n[]",
		mark + "manifest.json\n{\"format\":\"pathfinder-snapshot\",\"version\":1}" + mark + "accounts/111122223333/account.json\n{\"Id\":\"111122223333\"}",
		mark + "aws/aws/accounts/111122223333/s3/b/metadata.json\n{\"arn\":\"arn:aws:s3:::b\",\"region\":\"x\"}",
		mark + "aws/accounts/111122223333/iam/x\n" + mark + "aws-cn/accounts/111122223333/iam/x\n",
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		files := fstest.MapFS{}
		for part := range bytes.SplitSeq(text, []byte(mark)) {
			name, content, _ := bytes.Cut(part, []byte("\n"))
			if fs.ValidPath(string(name)) && filepath.IsLocal(string(name)) {
				files[string(name)] = &fstest.MapFile{Data: content, Mode: 0o600}
			}
		}
		dir := t.TempDir()
		if os.CopyFS(dir, files) != nil {
			t.Skip() // a file where another has a folder, or a name that is too long
		}
		if _, err := collector.Open(dir); err != nil && !strings.Contains(err.Error(), dir) {
			t.Errorf("the error does not name the folder: %v", err)
		}
	})
}
