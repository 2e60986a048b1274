//go:build !unix

package compiled

import "io/fs"

// ours can't tell: where there are no owners, folders keep others out.
func ours(fs.FileInfo) bool { return true }
