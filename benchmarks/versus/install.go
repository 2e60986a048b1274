package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// install finds node, installs the peer into the user's cache folder, and says
// which one it is.
func (o *options) install(ctx context.Context, temp string) (peer, error) {
	node, err := exec.LookPath("node")
	if err != nil {
		return nil, fmt.Errorf("the peer needs node: %w", err)
	}
	cache, err := cacheFolder()
	if err != nil {
		return nil, err
	}
	why := ""
	if o.peer != engineName {
		l := &lens{node: node, dir: filepath.Join(cache, lensName+"-"+lensVersion), temp: temp, index: o.index}
		err := l.install(ctx)
		if err == nil {
			return l, o.indexLens(ctx, l, temp)
		}
		if o.peer == lensName {
			return nil, err
		}
		why = err.Error()
	}
	e := &engine{node: node, threads: o.threads, index: o.index, why: why}
	e.dir, err = installDriver(ctx, cache)
	return e, err
}

// cacheFolder is where peers are installed.
func cacheFolder() (string, error) {
	cache, err := os.UserCacheDir()
	return filepath.Join(cache, "pathfinder-versus"), err
}

// install installs iam-lens and starts it once: a published build may not run
// under the node that is here.
func (l *lens) install(ctx context.Context) error {
	err := folder(l.dir, func(dir string) error {
		if err := os.WriteFile(filepath.Join(dir, "package.json"), []byte(`{"private":true}`), 0o600); err != nil {
			return err
		}
		return npm(ctx, dir, "install", "--ignore-scripts", "--save-exact", lensPackage+"@"+lensVersion)
	})
	if err != nil {
		return err
	}
	if out, err := exec.CommandContext(ctx, l.node, l.script(), "--version").CombinedOutput(); err != nil { //nolint:gosec // the program under test
		return fmt.Errorf("it is installed and does not start: %s", lastLine(out))
	}
	return nil
}

// indexLens makes the index of principals that iam-lens looks for.
func (o *options) indexLens(ctx context.Context, l *lens, temp string) error {
	if !o.index {
		return nil
	}
	if o.folder == "" {
		return errors.New("--index with iam-lens needs --org: it writes the index into that folder")
	}
	abs, err := filepath.Abs(o.folder)
	if err != nil {
		return err
	}
	config, err := l.config(abs)
	if err != nil {
		return err
	}
	cmd := exec.CommandContext(ctx, l.node, l.script(), "index-principals", "--collect-configs", config) //nolint:gosec // the program under test
	cmd.Dir = temp
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("index-principals: %w: %s", err, lastLine(out))
	}
	return nil
}

// installDriver writes the driver and installs what it runs, at the versions of
// its package-lock.json.
func installDriver(ctx context.Context, cache string) (string, error) {
	files, err := fs.Sub(driver, "peer")
	if err != nil {
		return "", err
	}
	dir, err := driverFolder(cache, files)
	if err != nil {
		return "", err
	}
	return dir, folder(dir, func(dir string) error {
		if err := os.CopyFS(dir, files); err != nil {
			return err
		}
		return npm(ctx, dir, "ci", "--ignore-scripts")
	})
}

// driverFolder names the folder of a driver after what is in it.
func driverFolder(cache string, files fs.FS) (string, error) {
	sum := sha256.New()
	err := fs.WalkDir(files, ".", func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		text, err := fs.ReadFile(files, name)
		_, _ = fmt.Fprintf(sum, "%s %d\n%s", name, len(text), text) // a hash takes everything
		return err
	})
	return filepath.Join(cache, engineName+"-"+hex.EncodeToString(sum.Sum(nil))[:16]), err
}

// folder makes dir with fill unless it is there; it appears whole or not at all.
func folder(dir string, fill func(dir string) error) error {
	if _, err := os.Stat(dir); err == nil {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(dir), 0o700); err != nil {
		return err
	}
	temp, err := os.MkdirTemp(filepath.Dir(dir), "new-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(temp) }()
	if err := fill(temp); err != nil {
		return err
	}
	return os.Rename(temp, dir)
}

func npm(ctx context.Context, dir string, args ...string) error {
	cmd := exec.CommandContext(ctx, "npm", args...) //nolint:gosec // arguments of this program
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("npm %s: %s", strings.Join(args, " "), reason(out, err))
	}
	return nil
}

// reason picks the error code out of what npm prints.
func reason(out []byte, err error) string {
	for line := range bytes.Lines(out) {
		if code, ok := strings.CutPrefix(string(line), "npm error code "); ok {
			return strings.TrimSpace(code)
		}
	}
	return err.Error() + ": " + lastLine(out)
}

func lastLine(out []byte) string {
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	return lines[len(lines)-1]
}
