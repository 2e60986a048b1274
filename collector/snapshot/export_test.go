package snapshot

import "io/fs"

// ReadLimited is Read with a limit on the size of files.
func ReadLimited(fsys fs.FS, limit int64) (*Snapshot, error) {
	s, r := read(fsys, limit)
	return s, r.ps.err()
}
