package snapshot

import (
	"io/fs"
	"sync/atomic"

	"pathfinder/graphmodel/inventory"
)

// ReadInventory reads a snapshot folder into facts to reason about. The result
// and the error are those of [Read] and [Snapshot.Inventory], but the wire form
// of an account is dropped as soon as it is understood, so that it needs little
// more memory than the inventory, and time O(n) for n bytes of JSON, on all
// processors. Only documents that no other is equal to are parsed.
func ReadInventory(fsys fs.FS) (*inventory.Inventory, error) {
	return readInventory(fsys, MaxFileSize)
}

func readInventory(fsys fs.FS, limit int64) (*inventory.Inventory, error) {
	r := &reader{fsys: fsys, limit: limit}
	m := r.manifest()
	if len(r.ps.list) > 0 {
		return nil, r.ps.err()
	}
	b := newBuilder(m, r.documents())
	o := r.organization()
	ids := r.accountIDs()
	// With a problem nothing is built any more, but all problems are found.
	var broken atomic.Bool
	broken.Store(len(r.ps.list) > 0)
	if !broken.Load() {
		b.begin(ids, o)
	}
	parts := make([]*accountBuilder, len(ids))
	r.isJSON = b.docs.isJSON
	r.accounts(ids, func(i int, a *Account, one *reader) bool {
		if len(one.ps.list) > 0 {
			broken.Store(true)
		}
		if !broken.Load() {
			parts[i] = b.build(a, one.tags, one.quick != nil)
			return !parts[i].desk.broken
		}
		return true
	})
	if err := r.ps.err(); err != nil {
		return nil, err
	}
	if err := b.finish(parts); err != nil {
		r.check(func(ps *problems) { checkAcross(ps, parts) })
		if better := r.ps.err(); better != nil {
			return nil, better
		}
		return nil, err
	}
	return b.inv, nil
}
