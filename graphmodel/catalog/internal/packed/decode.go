package packed

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"strings"

	"github.com/klauspost/compress/zstd"
)

// ErrCorrupt is wrapped by every error of Decode.
var ErrCorrupt = errors.New("corrupt catalog")

// maxRaw bounds the decompressed size, so that a forged frame cannot ask for
// all memory. The true size is about 1 MiB.
const maxRaw = 32 << 20

// arnSep separates the ARN patterns of one type; no pattern contains it.
const arnSep = " "

// Decode returns the tables packed in data.
func Decode(data []byte) (*Tables, error) {
	r, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(maxRaw))
	if err != nil {
		return nil, fmt.Errorf("decode catalog: %w", err)
	}
	defer r.Close()
	raw, err := r.DecodeAll(data, nil)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrCorrupt, err)
	}
	return unmarshal(raw)
}

func unmarshal(raw []byte) (*Tables, error) {
	r := &reader{data: string(raw)} // one copy; all names are substrings of it
	t := r.tables()
	if r.err == nil && r.pos != len(r.data) {
		r.fail("%d bytes too many", len(r.data)-r.pos)
	}
	if r.err == nil {
		r.err = check(t)
	}
	if r.err != nil {
		return nil, fmt.Errorf("%w: %w", ErrCorrupt, r.err)
	}
	return t, nil
}

// A reader consumes columns. After the first fault it yields zeros only.
type reader struct {
	data string
	pos  int
	err  error
}

func (r *reader) fail(format string, args ...any) {
	if r.err == nil {
		r.err = fmt.Errorf(format, args...)
	}
	r.pos = len(r.data)
}

func (r *reader) rest() int { return len(r.data) - r.pos }

func (r *reader) byte() uint8 {
	if r.pos == len(r.data) {
		r.fail("unexpected end")
		return 0
	}
	b := r.data[r.pos]
	r.pos++
	return b
}

func (r *reader) num() uint32 {
	var n uint64
	for shift := 0; shift < 7*binary.MaxVarintLen32; shift += 7 {
		b := r.byte()
		n |= uint64(b&0x7f) << shift
		if b < 0x80 {
			if n > math.MaxUint32 || b == 0 && shift > 0 {
				break // too large, or not the shortest form
			}
			return uint32(n)
		}
	}
	r.fail("bad number")
	return 0
}

// count reads a number of things that take at least one byte each.
func (r *reader) count() int {
	n := r.num()
	if uint64(n) > uint64(r.rest()) { //nolint:gosec // not negative
		r.fail("count %d exceeds the input", n)
		return 0
	}
	return int(n)
}

// below reads an index into a table of n entries.
func (r *reader) below(n int) uint32 {
	i := r.num()
	if uint64(i) >= uint64(n) { //nolint:gosec // n is a length
		r.fail("index %d is not below %d", i, n)
	}
	return i
}

// block reads newline-joined strings, and returns their number and the block.
func (r *reader) block() (n int, text string) {
	n, size := int(r.num()), r.count()
	text = r.data[r.pos : r.pos+size]
	r.pos += size
	if n == 0 && size == 0 {
		return 0, ""
	}
	if n != strings.Count(text, "\n")+1 {
		r.fail("block does not hold %d strings", n)
		return 0, ""
	}
	return n, text
}

func (r *reader) strings() []string {
	n, text := r.block()
	if n == 0 {
		return nil
	}
	return strings.Split(text, "\n")
}

// lists reads lists whose members are below limit.
func (r *reader) lists(limit int) [][]uint32 {
	sizes, total := r.sizes()
	flat := make([]uint32, 0, total)
	out := make([][]uint32, len(sizes))
	for i, size := range sizes {
		start, prev := len(flat), uint32(0)
		for k := range size {
			gap := r.below(limit)
			if k > 0 && gap == 0 || uint64(prev)+uint64(gap) >= uint64(limit) { //nolint:gosec // limit is a length
				r.fail("bad list member")
				return nil
			}
			prev += gap
			flat = append(flat, prev)
		}
		out[i] = flat[start:len(flat):len(flat)]
	}
	return out
}

// sizes reads the lengths of some lists and returns their sum too, which is
// not more than what is left of the input.
func (r *reader) sizes() (sizes []int, total int) {
	sizes = make([]int, r.count())
	for i := range sizes {
		sizes[i] = r.count()
		total += sizes[i]
	}
	if total > r.rest() {
		r.fail("lists exceed the input")
		return nil, 0
	}
	return sizes, total
}

func (r *reader) tables() *Tables {
	t := &Tables{}
	if !strings.HasPrefix(r.data, magic) {
		r.fail("unknown format")
		return t
	}
	r.pos = len(magic)
	if head := r.strings(); len(head) == 2 {
		t.Version, t.Date = head[0], head[1]
	} else {
		r.fail("bad header")
	}
	t.Keys = r.keys()
	t.KeyLists = r.lists(len(t.Keys))
	t.Services = r.services(len(t.KeyLists))
	t.Types = r.types(len(t.KeyLists))
	t.RefLists = r.refLists(len(t.Types), len(t.KeyLists))
	r.actions(t)
	t.DepLists = r.lists(len(t.Actions))
	return t
}

func (r *reader) keys() []Key {
	names := r.strings()
	keys := make([]Key, len(names))
	for i, name := range names {
		b := r.byte()
		keys[i] = Key{Name: name, Kind: Kind(b >> 1), Multivalued: b&1 != 0}
		if keys[i].Kind >= NoKind {
			r.fail("key %q has kind %d", name, b>>1)
		}
	}
	return keys
}

func (r *reader) services(keyLists int) []Service {
	names := r.strings()
	ss := make([]Service, len(names))
	for i, name := range names {
		b := r.byte()
		if b > 1 {
			r.fail("service %q has flags %#x", name, b)
		}
		ss[i] = Service{Prefix: name, RCP: b == 1}
	}
	for i := range ss {
		ss[i].Keys = r.below(keyLists)
	}
	for i := range ss {
		ss[i].NumTypes = r.num()
	}
	for i := range ss {
		ss[i].NumActions = r.num()
	}
	return ss
}

func (r *reader) types(keyLists int) []Type {
	names, arns := r.strings(), r.strings()
	if len(names) != len(arns) {
		r.fail("%d types with %d patterns", len(names), len(arns))
		return nil
	}
	ts := make([]Type, len(names))
	for i := range ts {
		ts[i] = Type{Name: names[i], ARNs: arns[i : i+1 : i+1], Keys: r.below(keyLists)}
		if strings.Contains(arns[i], arnSep) {
			ts[i].ARNs = strings.Split(arns[i], arnSep)
		}
	}
	return ts
}

func (r *reader) refLists(types, keyLists int) [][]Ref {
	lists := r.lists(types)
	total := 0
	for _, l := range lists {
		total += len(l)
	}
	flat := make([]Ref, 0, total)
	out := make([][]Ref, len(lists))
	for i, l := range lists {
		start := len(flat)
		for _, id := range l {
			n := r.num()
			if uint64(n>>1) >= uint64(keyLists) { //nolint:gosec // a length
				r.fail("type %d has key list %d", id, n>>1)
			}
			flat = append(flat, Ref{Type: id, Required: n&1 != 0, Keys: n >> 1})
		}
		out[i] = flat[start:len(flat):len(flat)]
	}
	return out
}

func (r *reader) actions(t *Tables) {
	n, text := r.block()
	if n == 0 {
		return
	}
	names := strings.Split(text, "\n")
	t.Folded = strings.Split(fold(text), "\n")
	t.Actions = make([]Action, n)
	for i, name := range names {
		b := r.byte()
		if b >= flagsLimit {
			r.fail("action %q has flags %#x", name, b)
		}
		t.Actions[i] = Action{Name: name, Access: b & accessAll, PermissionOnly: b&permOnly != 0}
	}
	for i := range t.Actions {
		t.Actions[i].Keys = r.below(len(t.KeyLists))
	}
	for i := range t.Actions {
		t.Actions[i].Deps = r.num() // the lists come later; check looks at it
	}
	for i := range t.Actions {
		t.Actions[i].Refs = r.below(len(t.RefLists))
	}
}

// fold returns s in lower case. For ASCII this is strings.ToLower, which takes
// three times as long.
func fold(s string) string {
	buf := []byte(s)
	for i, b := range buf {
		buf[i] = foldByte(b)
	}
	return string(buf)
}

// foldByte returns b in lower case. Capitals stand where no branch predictor
// expects them; with a branch, folding took a fifth of all decoding.
func foldByte(b byte) byte {
	// b-'A' wraps around below 'A', so the difference is negative, and its bit
	// 8 set, exactly for 'A' to 'Z'.
	capital := (uint16(b-'A') - 26) >> 8 & 1
	return b | byte(capital<<5)
}
