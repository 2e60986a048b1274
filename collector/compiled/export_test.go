package compiled

import (
	"encoding/binary"
	"slices"
)

// NumSections is how many sections a file has.
const NumSections = int(numSections)

// OpenBytes opens a file in memory.
func OpenBytes(b []byte) (*File, error) { return open(b) }

// Extents returns where the sections of a file lie: from, to.
func Extents(b []byte) (out [NumSections][2]int) {
	h, err := decodeHeader(b, uint64(len(b)), fingerprint())
	if err != nil {
		panic(err)
	}
	for i, x := range h.sections {
		out[i] = [2]int{int(x.off), int(x.off + x.len)}
	}
	return out
}

// SectionName returns the name of a section.
func SectionName(i int) string { return section(i).String() }

// Reseal returns a copy of a file with the checksums of what is in it.
func Reseal(b []byte) []byte {
	b = slices.Clone(b)
	h, err := decodeHeader(b, uint64(len(b)), fingerprint())
	if err != nil {
		return b
	}
	for from, at := uint64(headerSize), h.sums.off; from < h.sums.off; from, at = from+pageSize, at+4 {
		binary.LittleEndian.PutUint32(b[at:], checksum(b[from:min(from+pageSize, h.sums.off)]))
	}
	h.sumsCRC = checksum(b[h.sums.off:])
	copy(b, h.encode())
	return b
}

// Reprogram changes which program wrote a file.
func Reprogram(b []byte) []byte {
	b = slices.Clone(b)
	b[len(magic)+4] ^= 1
	binary.LittleEndian.PutUint32(b[headerSize-4:], checksum(b[:headerSize-4]))
	return b
}
