package collector

import (
	"errors"
	"io"
	"io/fs"

	"pathfinder/collector/cloudformation"
	"pathfinder/collector/snapshot"
)

// template tells whoever gives a CloudFormation template, or a folder of the
// CDK, in place of a snapshot where it belongs. name is the file, or the
// manifest of the folder.
func template(fsys fs.FS, name string) error {
	f, err := snapshot.OpenFile(fsys, name)
	if err != nil {
		return nil //nolint:nilerr // whoever reads on explains it
	}
	defer f.Close() //nolint:errcheck // only read from
	head := make([]byte, 64<<10)
	n, _ := io.ReadFull(f, head) // less is enough
	switch {
	case cloudformation.IsAssembly(head[:n]):
		return errors.New("this is a folder of the CDK, which says what will be deployed: give it with --template, and the snapshot that it changes here")
	case cloudformation.Looks(head[:n]):
		return errors.New("this is a CloudFormation template, which says what will be deployed: give it with --template, and the snapshot that it changes here")
	}
	return nil
}
