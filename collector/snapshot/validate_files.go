package snapshot

import (
	"bytes"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// lostDocuments finds references that lead nowhere.
func (s *Snapshot) lostDocuments(ps *problems) {
	s.eachDocument(func(file string, p *place, doc *jsontext.Value) {
		if to, ok := reference(*doc); ok {
			ps.addf(file, p.pointer(), "%s", lostDocument(to))
		}
	})
}

// unused finds documents that nothing refers to.
func (s *sharer) unused(ps *problems) {
	for _, d := range slices.SortedFunc(maps.Keys(s.held), func(a, b sum) int { return bytes.Compare(a[:], b[:]) }) {
		if !s.used[d] {
			ps.addf(d.bucket()+".json", at("Documents", d.name()), "nothing refers to this document")
		}
	}
}

// strayFiles finds files that look like parts of a snapshot and are not, such
// as a misspelt authorisation-details.json.
func strayFiles(fsys fs.FS, ps *problems) {
	known := map[int][]string{
		1: {manifestFile, organizationFile},
		3: {accountFile, iamFile, providersFile, centerFile, resourcesFile},
	}
	_ = fs.WalkDir(fsys, ".", func(name string, e fs.DirEntry, err error) error {
		if err != nil {
			return nil //nolint:nilerr // Read has reported what it could not read
		}
		if name != "." && strings.HasPrefix(path.Base(name), ".") {
			if e.IsDir() {
				return fs.SkipDir
			}
			return nil
		}
		base, ok := stem(path.Base(name))
		parts := strings.Split(name, "/")
		deep := len(parts) == 4 && parts[2] == resourcesFile ||
			len(parts) == 2 && parts[0] == documentsFolder && bucketName.MatchString(base)
		if e.IsDir() || !ok || deep || slices.Contains(known[len(parts)], base) {
			return nil
		}
		ps.addf(name, "", "nothing reads this file; there are %s.json and, for an account, %s.json",
			strings.Join(known[1], ".json, "), strings.Join(known[3], ".json, "))
		return nil
	})
}
