package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// A policyFile is a document that was read.
type policyFile struct {
	name string
	text []byte
}

// maxPolicyFile bounds what is read; AWS takes 20 KiB at most.
const maxPolicyFile = 16 << 20

// policyFiles reads documents: files as they are named, the .json files of
// folders that are policies or no JSON at all, and stdin for "-".
func policyFiles(names []string, stdin io.Reader) (out []policyFile, err error) {
	for _, name := range names {
		if name == "-" {
			text, err := readPolicy(stdin, "stdin")
			if err != nil {
				return nil, err
			}
			out = append(out, policyFile{"stdin", text})
			continue
		}
		info, err := os.Stat(name)
		if err != nil {
			return nil, err
		}
		if !info.IsDir() {
			text, err := readPolicyFile(name)
			if err != nil {
				return nil, err
			}
			out = append(out, policyFile{name, text})
			continue
		}
		below, err := policyFolder(name)
		if err != nil {
			return nil, err
		}
		out = append(out, below...)
	}
	return out, nil
}

func policyFolder(dir string) (out []policyFile, err error) {
	for _, name := range []string{"manifest.json", "manifest.json.zst"} {
		if _, err := os.Stat(filepath.Join(dir, name)); err == nil {
			return nil, fmt.Errorf("%s is a snapshot; give it as --snapshot %s", dir, dir)
		}
	}
	err = filepath.WalkDir(dir, func(name string, e fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case name != dir && strings.HasPrefix(e.Name(), "."):
			if e.IsDir() {
				return fs.SkipDir
			}
			return nil
		case e.IsDir() || !strings.EqualFold(filepath.Ext(name), ".json"):
			return nil
		}
		text, err := readPolicyFile(name)
		if err == nil && mayBePolicy(text) {
			out = append(out, policyFile{name, text})
		}
		return err
	})
	if err == nil && len(out) == 0 {
		return nil, fmt.Errorf("%s: no .json file in it holds a policy", dir)
	}
	return out, err
}

// mayBePolicy reports whether a file of a folder is a policy, or so broken that
// nobody can tell.
func mayBePolicy(text []byte) bool {
	var members map[string]json.RawMessage
	if json.Unmarshal(text, &members) != nil {
		return !json.Valid(text)
	}
	for name := range members {
		if strings.EqualFold(name, "Statement") {
			return true
		}
	}
	return false
}

func readPolicyFile(name string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close() //nolint:errcheck // only read from
	return readPolicy(f, name)
}

func readPolicy(r io.Reader, name string) ([]byte, error) {
	text, err := readText(r, maxPolicyFile)
	if errors.Is(err, errTooLarge) {
		err = fmt.Errorf("larger than %d MiB, which no policy is", maxPolicyFile>>20)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return text, nil
}
