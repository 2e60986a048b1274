package main

import (
	"archive/tar"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing/fstest"
)

// maxFile bounds one file of the package; the largest is below 2 MiB.
const maxFile = 64 << 20

// fetch downloads one version of the data package and returns its files.
func fetch(ctx context.Context, version string) (fs.FS, error) {
	dir, err := os.MkdirTemp("", "gencatalog")
	if err != nil {
		return nil, fmt.Errorf("fetch %s: %w", version, err)
	}
	defer func() { _ = os.RemoveAll(dir) }()
	cmd := exec.CommandContext(ctx, "npm", "pack", "--silent", packageName+"@"+version) //nolint:gosec // the version is the developer's own flag
	cmd.Dir = dir
	if msg, err := cmd.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("npm pack %s: %w: %s", version, err, msg)
	}
	found, err := filepath.Glob(filepath.Join(dir, "*.tgz"))
	if err != nil || len(found) != 1 {
		return nil, fmt.Errorf("npm pack %s left %d archives: %w", version, len(found), err)
	}
	f, err := os.Open(found[0])
	if err != nil {
		return nil, fmt.Errorf("fetch %s: %w", version, err)
	}
	defer func() { _ = f.Close() }()
	return unpack(f)
}

// unpack reads the JSON and text files of an npm archive into memory, where no
// path in the archive can do harm.
func unpack(r io.Reader) (fs.FS, error) {
	gz, err := gzip.NewReader(r)
	if err != nil {
		return nil, fmt.Errorf("unpack: %w", err)
	}
	files := fstest.MapFS{}
	archive := tar.NewReader(gz)
	for {
		h, err := archive.Next()
		if errors.Is(err, io.EOF) {
			return files, nil
		}
		if err != nil {
			return nil, fmt.Errorf("unpack: %w", err)
		}
		name, ok := strings.CutPrefix(h.Name, "package/")
		if ext := filepath.Ext(name); !ok || ext != ".json" && ext != ".txt" {
			continue
		}
		data, err := io.ReadAll(io.LimitReader(archive, maxFile))
		if err != nil {
			return nil, fmt.Errorf("unpack %s: %w", name, err)
		}
		files[name] = &fstest.MapFile{Data: data}
	}
}
