package orggen

import (
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"pathfinder/collector/snapshot"
)

// Generate makes an organization and gives it to sink, account by account:
// no more accounts than there are workers are in memory at a time. It returns
// the names to ask about.
func Generate(cfg Config, sink Sink) (Names, error) {
	p, err := newPlan(cfg)
	if err != nil {
		return Names{}, err
	}
	if err := sink.Organization(p.org, p.names); err != nil {
		return Names{}, err
	}
	var g errgroup.Group
	g.SetLimit(p.cfg.Workers)
	failed := make(chan struct{})
	var once sync.Once
	for i := range p.names.Accounts {
		select {
		case <-failed:
		default:
			g.Go(func() error {
				err := sink.Account(p.account(i))
				if err != nil {
					once.Do(func() { close(failed) })
				}
				return err
			})
		}
	}
	if err := g.Wait(); err != nil {
		return Names{}, err
	}
	return p.names, sink.Close(newManifest())
}

// newManifest is the manifest of every generated organization. Nothing in it
// depends on when it was made.
func newManifest() *snapshot.Manifest {
	return &snapshot.Manifest{
		Format: snapshot.Format, Version: snapshot.Version, CreatedBy: "orggen",
		Created: time.Date(2025, 11, 25, 6, 0, 0, 0, time.UTC),
	}
}

// Snapshot makes an organization in memory, for tests.
func Snapshot(cfg Config) (*snapshot.Snapshot, Names, error) {
	m := new(memory)
	names, err := Generate(cfg, m)
	if err != nil {
		return nil, Names{}, err
	}
	return &m.s, names, nil
}

// A memory keeps what it is given.
type memory struct {
	mu sync.Mutex // of s.Accounts
	s  snapshot.Snapshot
}

func (m *memory) Organization(o *snapshot.Organization, _ Names) error {
	m.s.Organization = o
	return nil
}

func (m *memory) Account(a *snapshot.Account) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.s.Accounts = append(m.s.Accounts, a)
	return nil
}

func (m *memory) Close(manifest *snapshot.Manifest) error {
	m.s.Manifest = *manifest
	slices.SortFunc(m.s.Accounts, func(a, b *snapshot.Account) int { return strings.Compare(a.Info.ID, b.Info.ID) })
	return nil
}

// Folder returns a sink that writes pathfinder's snapshot into dir, compressed
// or as plain JSON. The manifest comes last.
func Folder(dir string, compress bool) (Sink, error) {
	f, err := snapshot.NewFolder(dir, snapshot.WriteOptions{Compress: compress})
	if err != nil {
		return nil, err
	}
	if err := f.Clear(); err != nil {
		return nil, err
	}
	return &folder{f}, nil
}

type folder struct{ *snapshot.Folder }

func (f *folder) Organization(o *snapshot.Organization, _ Names) error {
	m := newManifest()
	m.Gaps = []snapshot.Gap{{What: "accounts that are still to be generated", Why: "the generator did not finish"}}
	if err := f.Manifest(m); err != nil {
		return err
	}
	return f.Folder.Organization(o)
}

func (f *folder) Close(m *snapshot.Manifest) error { return f.Manifest(m) }
