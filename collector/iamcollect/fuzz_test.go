package iamcollect_test

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"testing"
	"testing/fstest"

	"pathfinder/collector/iamcollect"
	"pathfinder/collector/snapshot"
)

// mark begins a file in the text of a folder; its name follows on the line.
const mark = "\n=== "

// folderIn reads a folder from a text.
func folderIn(text []byte) fstest.MapFS {
	files := fstest.MapFS{}
	for part := range bytes.SplitSeq(text, []byte(mark)) {
		name, content, _ := bytes.Cut(part, []byte("\n"))
		if fs.ValidPath(string(name)) {
			files[string(name)] = &fstest.MapFile{Data: content}
		}
	}
	return files
}

// Law: whatever lies in a folder, Read ends, and what it accepts is a snapshot
// that can be used, written and read again.
func FuzzRead(f *testing.F) {
	var whole []byte
	err := fs.WalkDir(os.DirFS("testdata/acme"), ".", func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		b, err := fs.ReadFile(os.DirFS("testdata/acme"), name)
		one := fmt.Appendf(nil, "%s%s\n%s", mark, name, b)
		f.Add(one, len(whole)%2 == 0)
		whole = append(whole, one...)
		return err
	})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(whole, false)
	f.Add([]byte(mark+"accounts/111122223333/sns/a/metadata.json\n{\"arn\":\"arn:aws:sns:::/\"}"+
		mark+"accounts/111122223333/ecr-registry-policy.a:b.json\n{\"Statement\":[]}"), true)
	f.Fuzz(func(t *testing.T, text []byte, nothingDenied bool) {
		s, err := iamcollect.Read(folderIn(text), iamcollect.Options{NothingDenied: nothingDenied})
		if err != nil {
			return
		}
		if _, err := s.Inventory(); err != nil {
			t.Fatalf("Read accepts what Inventory refuses: %v", err)
		}
		dir := t.TempDir()
		if err := snapshot.Write(dir, s, snapshot.WriteOptions{}); err != nil {
			t.Fatal(err)
		}
		if _, err := snapshot.Read(os.DirFS(dir)); err != nil {
			t.Fatalf("what was written is not read again: %v", err)
		}
	})
}
