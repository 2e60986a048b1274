package collector

import (
	"cmp"
	"io"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"pathfinder/collector/authdetails"
	"pathfinder/collector/snapshot"
	"pathfinder/graphmodel/inventory"
)

// A Description says what is in a source of facts, and what is known to be
// missing.
type Description struct {
	Pathfinder   string     `json:"pathfinder"` // snapshot-info/1
	Path         string     `json:"path"`
	Form         string     `json:"form"`    // folder, archive, or import: what must be turned into a snapshot first
	Created      *time.Time `json:"created"` // null: it doesn't say
	CreatedBy    string     `json:"createdBy"`
	Organization *struct {
		ID                string `json:"id"`
		ManagementAccount string `json:"managementAccount"`
	} `json:"organization"` // null: none is known
	Accounts struct {
		Total   int `json:"total"`
		WithIAM int `json:"withIam"`
	} `json:"accounts"`
	Principals struct {
		Users  int `json:"users"`
		Roles  int `json:"roles"`
		Groups int `json:"groups"`
	} `json:"principals"`
	Resources map[string]int `json:"resources"` // by type
	Documents struct {
		Total    int `json:"total"`    // places where a policy document stands
		Distinct int `json:"distinct"` // different ones
	} `json:"documents"`
	Bytes struct {
		Disk int64 `json:"disk"`
		JSON int64 `json:"json"` // after decompression
	} `json:"bytes"`
	Gaps struct {
		Total   int         `json:"total"`
		Reasons []GapReason `json:"reasons"` // the most frequent ones first
		Other   int         `json:"other"`   // reasons that are not listed
	} `json:"gaps"`
	Complete bool `json:"complete"` // no gap is known, and IAM was read in every account
}

// A GapReason is why facts of one service could not be read, and how many.
type GapReason struct {
	Service string `json:"service"`
	Why     string `json:"why"`
	Count   int    `json:"count"`
}

// maxReasons bounds the reasons that a Description lists.
const maxReasons = 20

// Describe says what is at path, in any form that is recognized.
func Describe(path string) (*Description, error) {
	s, err := OpenSnapshot(path)
	if err != nil {
		return nil, err
	}
	inv, err := s.Inventory()
	if err != nil {
		return nil, err
	}
	d := &Description{Pathfinder: "snapshot-info/1", Path: path, CreatedBy: s.Manifest.CreatedBy}
	if err := d.measure(path); err != nil {
		return nil, err
	}
	if !s.Manifest.Created.IsZero() {
		d.Created = &s.Manifest.Created
	}
	d.Documents.Total, d.Documents.Distinct = s.CountDocuments()
	d.count(inv)
	d.countGaps(inv.Gaps)
	d.Complete = d.Gaps.Total == 0 && d.Accounts.WithIAM == d.Accounts.Total
	return d, nil
}

func (d *Description) count(inv *inventory.Inventory) {
	if o := inv.Organization; o != nil {
		d.Organization = &struct {
			ID                string `json:"id"`
			ManagementAccount string `json:"managementAccount"`
		}{o.ID, o.ManagementAccount}
	}
	d.Accounts.Total = len(inv.Accounts)
	d.Resources = make(map[string]int)
	for _, a := range inv.Accounts {
		if a.IAM {
			d.Accounts.WithIAM++
		}
		d.Principals.Users += len(a.Held().Users)
		d.Principals.Roles += len(a.Held().Roles)
		d.Principals.Groups += len(a.Held().Groups)
		for _, r := range a.Held().Resources {
			d.Resources[r.Type]++
		}
	}
}

func (d *Description) countGaps(gaps []inventory.Gap) {
	count := make(map[GapReason]int)
	for _, g := range gaps {
		count[GapReason{Service: g.Service, Why: g.Why}]++
	}
	reasons := make([]GapReason, 0, len(count)) // [] in JSON, not null
	for r := range maps.Keys(count) {
		r.Count = count[r]
		reasons = append(reasons, r)
	}
	slices.SortFunc(reasons, func(a, b GapReason) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Service, b.Service), cmp.Compare(a.Why, b.Why))
	})
	shown := min(len(reasons), maxReasons)
	d.Gaps.Total, d.Gaps.Reasons, d.Gaps.Other = len(gaps), reasons[:shown], len(reasons)-shown
}

// measure says in which form the facts lie at a path, and how large they are.
func (d *Description) measure(path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	at, err := locate(path)
	switch {
	case err != nil:
		return err
	case at == nil && info.IsDir():
		d.Form = "import"
		return d.addFolder(os.DirFS(path))
	case at == nil:
		d.Form, d.Bytes.Disk = "import", info.Size()
		dir, base := filepath.Split(path)
		d.Bytes.JSON, err = jsonBytes(os.DirFS(cmp.Or(dir, ".")), base)
		return err
	}
	defer at.close()
	d.Form = "folder"
	err = d.addFolder(at.fsys)
	if !info.IsDir() {
		d.Form, d.Bytes.Disk = "archive", info.Size()
	}
	return err
}

// addFolder adds up the files of JSON below a folder.
func (d *Description) addFolder(fsys fs.FS) error {
	return fs.WalkDir(fsys, ".", func(name string, e fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case name != "." && strings.HasPrefix(path.Base(name), "."):
			if e.IsDir() {
				return fs.SkipDir
			}
			return nil
		case e.IsDir() || !authdetails.IsName(name):
			return nil
		}
		info, err := e.Info()
		if err != nil {
			return err
		}
		n, err := jsonBytes(fsys, name)
		d.Bytes.Disk += info.Size()
		d.Bytes.JSON += n
		return err
	})
}

func jsonBytes(fsys fs.FS, name string) (int64, error) {
	f, err := snapshot.OpenFile(fsys, name)
	if err != nil {
		return 0, err
	}
	defer f.Close() //nolint:errcheck // only read from
	return io.Copy(io.Discard, f)
}
