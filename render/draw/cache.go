package draw

import (
	"os"
	"path/filepath"

	"github.com/tetratelabs/wazero"
)

// compilationCache keeps the module's native code, which takes a second to
// make, in a folder that nobody else can write to: what lies in it is executed.
// Where there is no such folder there is no cache, and drawing takes longer.
func compilationCache() wazero.CompilationCache {
	base, err := os.UserCacheDir()
	if err != nil {
		return nil
	}
	dir := filepath.Join(base, "pathfinder")
	for _, d := range []string{dir, filepath.Join(dir, "graphviz")} {
		if err := os.MkdirAll(d, 0o700); err != nil {
			return nil
		}
		info, err := os.Lstat(d)
		if err != nil || !info.IsDir() || !private(info) {
			return nil
		}
	}
	cache, err := wazero.NewCompilationCacheWithDir(filepath.Join(dir, "graphviz"))
	if err != nil {
		return nil
	}
	return cache
}
