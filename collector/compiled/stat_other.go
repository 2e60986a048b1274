//go:build !linux

package compiled

import "io/fs"

// statOf does without the inode and the time of its change, which each system
// has in another place.
func statOf(info fs.FileInfo) stat {
	return stat{size: info.Size(), modified: info.ModTime().UnixNano()}
}
