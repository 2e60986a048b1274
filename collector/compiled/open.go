package compiled

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"

	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
)

// A File is an open compiled file. It stays open for as long as the program
// runs. Safe for concurrent use.
type File struct {
	p         *pages
	h         *header
	inv       *inventory.Inventory
	accounts  []*account
	documents *table[policy.Document]
	policies  *table[inventory.Policy]
	// parsed and read bound what is made of documents and of accounts.
	parsed, read budget
	// shared holds what documents have in common.
	shared *policy.Shared
}

// Open opens a file that [Write] wrote. It reads no more than what is held of
// every account itself: time O(accounts + units + gaps). The error says why the
// file is not to be used; whether its sources have changed says
// [File.Sources].
func Open(path string) (*File, error) {
	f, err := openOwn(path)
	if err != nil {
		return nil, err
	}
	defer f.Close() //nolint:errcheck // only read from; a mapping stays
	info, err := f.Stat()
	switch {
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular():
		return nil, errNotOurs
	case !ours(info):
		return nil, errors.New("it belongs to somebody else, or somebody else may write to it")
	case info.Size() < headerSize || info.Size() > math.MaxInt:
		return nil, errNotOurs
	}
	data, err := mapped(f, info.Size())
	if err != nil {
		return nil, fmt.Errorf("mapping it into memory: %w", err)
	}
	return open(data)
}

// open reads what every question needs from the bytes of a file.
func open(data []byte) (*File, error) {
	h, err := decodeHeader(data, uint64(len(data)), fingerprint())
	if err != nil {
		return nil, err
	}
	p, err := newPages(data, h)
	if err != nil {
		return nil, err
	}
	f := &File{p: p, h: h, inv: &inventory.Inventory{}, shared: policy.NewShared()}
	f.parsed.of, f.read.of = h.sections[secDocuments].len, h.sections[secAccounts].len
	f.documents = newTable[policy.Document](f.entries(secDocumentAt))
	f.policies = newTable[inventory.Policy](f.entries(secPolicyAt))
	f.shells()
	if h.sections[secCenters].len > 0 {
		f.inv.HoldCentersLater(f.centers)
	}
	if err := p.err(); err != nil {
		return nil, err
	}
	if err := f.inv.FinishWith(index{f}); err != nil {
		return nil, damage("%v", err)
	}
	return f, nil
}

// Inventory returns the facts, which are read from the file when somebody looks
// at them. What it says counts only as long as Err returns nil.
func (f *File) Inventory() *inventory.Inventory { return f.inv }

// Err returns the damage that was found in the file until now. An answer that
// was found meanwhile may be wrong: what can't be read looks empty.
func (f *File) Err() error { return f.p.err() }

// Verify checks the whole file. Time O(n) in its bytes.
func (f *File) Verify() error {
	if f.p.at(headerSize, f.p.end-headerSize) == nil {
		return f.p.err()
	}
	return f.Err()
}

// whole returns a section.
func (f *File) whole(s section) []byte {
	x := f.h.sections[s]
	return f.p.at(x.off, x.len)
}

// entries returns how many records a table of places leads to.
func (f *File) entries(s section) int {
	return int(max(f.h.sections[s].len/8, 1) - 1) //nolint:gosec // less than the file's size
}

// entry returns a record, by its number from 1; nil when there is none.
func (f *File) entry(table, in section, no uint64) []byte {
	x, all := f.h.sections[table], f.h.sections[in]
	if no == 0 || no >= x.len/8 {
		f.p.fail(in.String())
		return nil
	}
	b := f.p.at(x.off+(no-1)*8, 16)
	if b == nil {
		return nil
	}
	from, to := binary.LittleEndian.Uint64(b), binary.LittleEndian.Uint64(b[8:])
	if from < all.off || to < from || to > all.off+all.len {
		f.p.fail(in.String())
		return nil
	}
	return f.p.at(from, to-from)
}

// document returns a document by its number, nil for 0. It is parsed when
// somebody first asks.
func (f *File) document(no uint64) *policy.Document {
	if no == 0 {
		return nil
	}
	if no > uint64(f.documents.n) { //nolint:gosec // not negative
		f.p.fail(secDocuments.String())
		return lost
	}
	return f.documents.get(int(no-1), func(int) *policy.Document { //nolint:gosec // see above
		b := f.entry(secDocumentAt, secDocuments, no)
		switch {
		case !f.parsed.spend(f.p, len(b)):
			return lost
		case len(b) < 2 || policy.Kind(b[0]) > policy.Endpoint:
		case b[1] == formSound:
			if doc := policy.ParseSound(string(b[2:]), policy.Kind(b[0]), f.shared); doc != nil {
				return doc
			}
		case b[1] == formText:
			return policy.Parse(b[2:], policy.Kind(b[0]))
		case b[1] == formUnreadable:
			return policy.Unreadable(policy.Kind(b[0]), text(b[2:]))
		}
		f.p.fail(secDocuments.String())
		return lost
	})
}

// lost stands for what a damaged file does not tell. Answers that meet it don't
// count.
var lost = policy.Unreadable(policy.Identity, "the compiled file is damaged")

// managed returns a managed policy by its number, nil for 0.
func (f *File) managed(no uint64) *inventory.Policy {
	if no == 0 {
		return nil
	}
	if no > uint64(f.policies.n) { //nolint:gosec // not negative
		f.p.fail(secPolicies.String())
		return &inventory.Policy{Doc: lost}
	}
	return f.policies.get(int(no-1), func(int) *inventory.Policy { //nolint:gosec // see above
		c := &cursor{b: f.entry(secPolicyAt, secPolicies, no)}
		p := &inventory.Policy{Name: c.text(), ARN: c.text(), Doc: f.document(c.num())}
		p.Versions = several(c, 2, func() inventory.PolicyVersion {
			v := inventory.PolicyVersion{ID: c.text(), Doc: f.document(c.num())}
			c.bad = c.bad || v.Doc == nil
			return v
		})
		if c.bad || len(c.b) > 0 || p.Doc == nil {
			f.p.fail(secPolicies.String())
			p.Doc = lost
		}
		return p
	})
}

// policyList reads a list of managed policies.
func (f *File) policyList(c *cursor) []*inventory.Policy {
	return several(c, 1, func() *inventory.Policy {
		p := f.managed(c.num())
		if p == nil {
			c.bad, p = true, &inventory.Policy{Doc: lost}
		}
		return p
	})
}
