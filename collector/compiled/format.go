package compiled

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
)

// The layout of a file. All numbers are little endian.
//
//	header    headerSize bytes: magic, version, fingerprint, sizes, sections, checksum
//	body      the sections, one after the other
//	checksums 4 bytes for each page of the body
const (
	magic      = "pathfinder compiled\r\n\x1a\n\x00"
	version    = 8
	headerSize = 4096
	// A page is checked as a whole when something in it is first touched. 16 KiB
	// take 1.3 µs, about as much as understanding one role does.
	pageSize = 16 << 10
)

// A section is a part of the body.
type section int

const (
	secDocuments section = iota // the documents, each a kind, a form and a text
	secDocumentAt
	secPolicies // the managed policies
	secPolicyAt
	secAccounts // what accounts hold
	secNames    // names that stand nowhere else
	secLists    // what an index has several of under one key
	secPrincipals
	secResources
	secPrincipalNames
	secResourceNames
	secAccessPoints
	secTrusting
	secGranting
	secAdmitting
	secAssuming
	secUnclear
	secARNs // of all resources
	secARNOrder
	secEndpoints
	secCenters // instances of Identity Center
	secShells  // organization, accounts, gaps
	secSources
	numSections
)

var sectionNames = [numSections]string{
	"documents", "document table", "policies", "policy table", "accounts", "names", "lists", "principals by ARN",
	"resources by ARN", "principals by name", "resources by name", "access points", "trusting roles", "granting resources",
	"admitting resources", "assuming principals", "unclear principals",
	"ARNs", "order of ARNs", "endpoints", "Identity Center", "organization", "sources",
}

// String names the section in messages.
func (s section) String() string { return sectionNames[s] }

// An extent is where something lies in the file.
type extent struct{ off, len uint64 }

// A header is what a file begins with.
type header struct {
	fingerprint [sha256.Size]byte // of the program that wrote it
	sums        extent            // the checksums of pages
	sumsCRC     uint32
	sections    [numSections]extent
}

// Why a file is not used. A damaged one may be rebuilt, like all of them.
var (
	errForeign = errors.New("it was compiled by another version of pathfinder")
	errNotOurs = errors.New("it is no compiled snapshot")
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

func checksum(b []byte) uint32 { return crc32.Checksum(b, castagnoli) }

// encode returns the header's bytes.
func (h *header) encode() []byte {
	b := append(make([]byte, 0, headerSize), magic...)
	b = binary.LittleEndian.AppendUint32(b, version)
	b = append(b, h.fingerprint[:]...)
	for _, x := range append([]extent{h.sums}, h.sections[:]...) {
		b = binary.LittleEndian.AppendUint64(b, x.off)
		b = binary.LittleEndian.AppendUint64(b, x.len)
	}
	b = binary.LittleEndian.AppendUint32(b, h.sumsCRC)
	b = b[:headerSize-4]
	return binary.LittleEndian.AppendUint32(b, checksum(b))
}

// decodeHeader reads the header of a file of some size, and checks that all it
// speaks of lies in the file.
func decodeHeader(b []byte, size uint64, fingerprint [sha256.Size]byte) (*header, error) {
	if len(b) < headerSize || string(b[:len(magic)]) != magic {
		return nil, errNotOurs
	}
	at := len(magic)
	if binary.LittleEndian.Uint32(b[at:]) != version {
		return nil, errForeign
	}
	if checksum(b[:headerSize-4]) != binary.LittleEndian.Uint32(b[headerSize-4:headerSize]) {
		return nil, damage("header")
	}
	h := &header{}
	at += 4
	copy(h.fingerprint[:], b[at:])
	if h.fingerprint != fingerprint {
		return nil, errForeign
	}
	at += sha256.Size
	next := func() extent {
		x := extent{binary.LittleEndian.Uint64(b[at:]), binary.LittleEndian.Uint64(b[at+8:])}
		at += 16
		return x
	}
	h.sums = next()
	for i := range h.sections {
		h.sections[i] = next()
	}
	h.sumsCRC = binary.LittleEndian.Uint32(b[at:])
	if h.sums.off < headerSize || h.sums.off > size || h.sums.len != size-h.sums.off {
		return nil, damage("header")
	}
	if body := h.sums.off - headerSize; h.sums.len != (body+pageSize-1)/pageSize*4 {
		return nil, damage("header")
	}
	for i, x := range h.sections {
		if x.off < headerSize || x.off > h.sums.off || x.len > h.sums.off-x.off {
			return nil, &damagedError{section(i).String()}
		}
	}
	return h, nil
}

// A damagedError says which part of a file is not what was written.
type damagedError struct{ part string }

func (e *damagedError) Error() string { return "it is damaged: " + e.part }

func damage(format string, args ...any) error { return &damagedError{fmt.Sprintf(format, args...)} }

// Damaged reports whether err says that a file is damaged.
func Damaged(err error) bool {
	_, ok := errors.AsType[*damagedError](err)
	return ok
}
