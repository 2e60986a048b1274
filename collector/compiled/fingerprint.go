package compiled

import (
	"crypto/sha256"
	"fmt"
	"os"
	"runtime/debug"
	"strings"
	"sync"

	"pathfinder/graphmodel/catalog"
)

// fingerprint identifies the program as far as it decides what a compiled file
// holds: a released version by what it was built from, a build of changed
// sources by the executable itself.
var fingerprint = sync.OnceValue(func() [sha256.Size]byte {
	var b strings.Builder
	fmt.Fprintf(&b, "catalog %s %s\n", catalog.DataVersion, catalog.DataDate)
	info, ok := debug.ReadBuildInfo()
	clean := false
	if ok {
		revision, modified := "", "unknown"
		for _, s := range info.Settings {
			switch s.Key {
			case "vcs.revision":
				revision = s.Value
			case "vcs.modified":
				modified = s.Value
			}
		}
		clean = revision != "" && modified == "false" || info.Main.Sum != ""
		fmt.Fprintf(&b, "%s %s %s %s\n", info.GoVersion, info.Main.Version, info.Main.Sum, revision)
	}
	if !clean {
		if exe, err := os.Executable(); err == nil {
			if at, err := os.Stat(exe); err == nil {
				fmt.Fprintf(&b, "%s %d %d\n", exe, at.Size(), at.ModTime().UnixNano())
			}
		}
	}
	return sha256.Sum256([]byte(b.String()))
})
