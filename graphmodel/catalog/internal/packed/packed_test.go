package packed

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/klauspost/compress/zstd"
)

// sample returns small tables that use every field.
func sample() *Tables {
	return &Tables{
		Version: "1.2.3", Date: "2026-01-02",
		Keys: []Key{
			{Name: "aws:TagKeys", Kind: KindString, Multivalued: true},
			{Name: "s3:Port", Kind: KindNumeric},
			{Name: "s3:vpc", Kind: KindARN},
		},
		KeyLists: [][]uint32{{}, {0}, {1, 2}, {0, 2}},
		Services: []Service{
			{Prefix: "s3-outposts", Keys: 1, NumTypes: 1, NumActions: 1},
			{Prefix: "s3", RCP: true, Keys: 2, NumTypes: 2, NumActions: 3},
		},
		Types: []Type{
			{Name: "bucket", ARNs: []string{"arn:o"}},
			{Name: "bucket", ARNs: []string{"arn:a", "arn:b"}, Keys: 3},
			{Name: "Object", ARNs: []string{"arn:c"}},
		},
		RefLists: [][]Ref{{}, {{Type: 0}}, {{Type: 1, Required: true, Keys: 1}, {Type: 2, Keys: 3}}},
		Actions: []Action{
			{Name: "s3-outposts:Get", Access: AccessRead, Refs: 1},
			{Name: "s3:Get", Access: AccessRead, Refs: 2},
			{Name: "s3:List", Access: AccessList, PermissionOnly: true, Keys: 2},
			{Name: "s3:put", Access: AccessWrite | AccessPermissions, Deps: 1},
		},
		DepLists: [][]uint32{{}, {0, 1}},
	}
}

func TestRoundTrip(t *testing.T) {
	t.Parallel()
	data, err := Encode(sample())
	if err != nil {
		t.Fatal(err)
	}
	got, err := Decode(data)
	if err != nil {
		t.Fatal(err)
	}
	want := sample()
	want.Folded = []string{"s3-outposts:get", "s3:get", "s3:list", "s3:put"}
	if d := cmp.Diff(want, got, cmpopts.EquateEmpty()); d != "" {
		t.Errorf("after a round trip (-want +got):\n%s", d)
	}
	again, err := Encode(got)
	if err != nil || !bytes.Equal(data, again) {
		t.Errorf("second encoding differs: %d bytes, then %d, %v", len(data), len(again), err)
	}
}

func TestRoundTripEmpty(t *testing.T) {
	t.Parallel()
	empty := &Tables{KeyLists: [][]uint32{{}}, RefLists: [][]Ref{{}}, DepLists: [][]uint32{{}}}
	data, err := Encode(empty)
	if err != nil {
		t.Fatal(err)
	}
	got, err := Decode(data)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(empty, got, cmpopts.EquateEmpty()); d != "" {
		t.Errorf("after a round trip (-want +got):\n%s", d)
	}
}

// Law: what Encode accepts keeps the rules of Tables.
func TestEncodeRefuses(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		spoil func(*Tables)
		want  string
	}{
		{name: "newline", spoil: func(t *Tables) { t.Actions[1].Name = "s3:G\net" }, want: "byte 0xa"},
		{name: "not ASCII", spoil: func(t *Tables) { t.Version = "é" }, want: "byte 0xc3"},
		{name: "space in a pattern", spoil: func(t *Tables) { t.Types[0].ARNs = []string{"arn: x"} }, want: "ARN patterns"},
		{name: "no pattern", spoil: func(t *Tables) { t.Types[0].ARNs = nil }, want: "ARN patterns"},
		{name: "actions out of order", spoil: func(t *Tables) { t.Actions[1].Name = "s3:zzz" }, want: "out of order"},
		{name: "actions that differ in case", spoil: func(t *Tables) { t.Actions[2].Name = "S3:GET" }, want: "out of order"},
		{name: "action of another service", spoil: func(t *Tables) { t.Actions[0].Name = "s3-a:Get" }, want: "not of s3-outposts"},
		{name: "keys out of order", spoil: func(t *Tables) { t.Keys[0].Name = "z" }, want: "out of order"},
		{name: "empty key", spoil: func(t *Tables) { t.Keys[0].Name = "" }, want: "out of order"},
		{name: "types out of order", spoil: func(t *Tables) { t.Types[2].Name = "a" }, want: "out of order"},
		{name: "services out of order", spoil: func(t *Tables) { t.Services[0].Prefix = "t" }, want: "out of order"},
		{name: "unknown kind", spoil: func(t *Tables) { t.Keys[0].Kind = NoKind }, want: "kind"},
		{name: "unknown access", spoil: func(t *Tables) { t.Actions[0].Access = 1 << 7 }, want: "flags"},
		{name: "key list", spoil: func(t *Tables) { t.Actions[0].Keys = 9 }, want: "not below"},
		{name: "key list of a type", spoil: func(t *Tables) { t.Types[0].Keys = 9 }, want: "not below"},
		{name: "key list of a pair", spoil: func(t *Tables) { t.RefLists[1][0].Keys = 9 }, want: "key list 9"},
		{name: "dependency list", spoil: func(t *Tables) { t.Actions[0].Deps = 9 }, want: "dependency list 9"},
		{name: "type list", spoil: func(t *Tables) { t.Actions[0].Refs = 9 }, want: "not below"},
		{name: "type of another service", spoil: func(t *Tables) { t.Actions[0].Refs = 2 }, want: "another service"},
		{name: "list member too large", spoil: func(t *Tables) { t.KeyLists[1][0] = 9 }, want: "not below"},
		{name: "list with a repeated member", spoil: func(t *Tables) { t.KeyLists[2][0] = 2 }, want: "bad list member"},
		{name: "list 0 has a member", spoil: func(t *Tables) { t.KeyLists[0] = []uint32{0} }, want: "list 0"},
		{name: "no lists", spoil: func(t *Tables) { t.DepLists = nil }, want: "list 0"},
		{name: "too many types claimed", spoil: func(t *Tables) { t.Services[0].NumTypes = 9 }, want: "claims more"},
		{name: "too few types claimed", spoil: func(t *Tables) { t.Services[1].NumTypes = 1; t.Actions[1].Refs = 0 }, want: "without a service"},
		{name: "too few actions claimed", spoil: func(t *Tables) { t.Services[1].NumActions = 1 }, want: "without a service"},
		{name: "huge claim", spoil: func(t *Tables) { t.Services[0].NumActions = 1<<32 - 1 }, want: "claims more"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			tab := sample()
			tt.spoil(tab)
			_, err := Encode(tab)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("Encode = %v, want an error with %q", err, tt.want)
			}
		})
	}
}

func TestDecodeCorrupt(t *testing.T) {
	t.Parallel()
	good, err := Encode(sample())
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name string
		data []byte
	}{
		{name: "nothing"},
		{name: "no frame", data: []byte("plain text")},
		{name: "cut", data: good[:len(good)-3]},
		{name: "flipped", data: flip(good, len(good)/2)},
		{name: "other content", data: compress(t, []byte("hello"))},
		{name: "next format", data: compress(t, []byte("pfcat\x02"))},
		{name: "bomb", data: compress(t, make([]byte, maxRaw+1))},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if _, err := Decode(tt.data); !errors.Is(err, ErrCorrupt) {
				t.Errorf("Decode = %v, want ErrCorrupt", err)
			}
		})
	}
}

// Law: no cut and no flipped byte of a payload makes unmarshal panic, and a
// cut is always noticed.
func TestUnmarshalDamaged(t *testing.T) {
	t.Parallel()
	raw := marshal(sample())
	for i := range raw {
		if _, err := unmarshal(raw[:i]); !errors.Is(err, ErrCorrupt) {
			t.Errorf("unmarshal of the first %d bytes: %v", i, err)
		}
		for _, b := range []byte{0, 1, '\n', 0x7f, 0x80, 0xff} {
			damaged := bytes.Clone(raw)
			damaged[i] = b
			_, _ = unmarshal(damaged)
		}
	}
	if _, err := unmarshal(append(bytes.Clone(raw), 0)); !errors.Is(err, ErrCorrupt) {
		t.Errorf("unmarshal with a byte too many: %v", err)
	}
}

// Law: the embedded catalog survives a round trip, and random damage to it is
// survived too.
func TestEmbedded(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile(filepath.Join("..", "..", "catalog.zst"))
	if err != nil {
		t.Fatal(err)
	}
	tab, err := Decode(data)
	if err != nil {
		t.Fatal(err)
	}
	raw := marshal(tab)
	again, err := unmarshal(raw)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(tab, again); d != "" {
		t.Errorf("after a round trip (-want +got):\n%s", d)
	}
	rng := rand.New(rand.NewPCG(3, 4)) //nolint:gosec // a fixed seed is wanted
	for range 30 {
		i := rng.IntN(len(raw))
		_, _ = unmarshal(flip(raw, i))
		if _, err := Decode(flip(data, rng.IntN(len(data)))); err == nil {
			t.Error("a flipped byte went unnoticed")
		}
	}
}

func TestFoldLess(t *testing.T) {
	t.Parallel()
	words := []string{"", "a", "A", "ab", "aB", "b", "@", "[", "`", "{", "s3:", "s3-x:", "Z", "z", "\xff", "\x80"}
	for _, a := range words {
		if lower := asciiLower(a); fold(a) != lower {
			t.Errorf("fold(%q) = %q, want %q", a, fold(a), lower)
		}
		for _, b := range words {
			if got, want := foldLess(a, b), asciiLower(a) < asciiLower(b); got != want {
				t.Errorf("foldLess(%q, %q) = %v, want %v", a, b, got, want)
			}
		}
	}
}

// asciiLower is the definition of fold.
func asciiLower(s string) string {
	b := []byte(s)
	for i, c := range b {
		if c >= 'A' && c <= 'Z' {
			b[i] = c + 32
		}
	}
	return string(b)
}

// FuzzDecode: no payload and no frame makes decoding panic, and whatever is
// accepted survives a round trip.
func FuzzDecode(f *testing.F) {
	f.Add([]byte{})
	f.Add([]byte(magic))
	f.Add(marshal(sample()))
	f.Add(marshal(&Tables{KeyLists: [][]uint32{{}}, RefLists: [][]Ref{{}}, DepLists: [][]uint32{{}}}))
	f.Add([]byte(magic + "\x02\xff\xff\xff\xff\x0f"))
	f.Fuzz(func(t *testing.T, data []byte) {
		_, _ = Decode(data)
		tab, err := unmarshal(data)
		if err != nil {
			if !errors.Is(err, ErrCorrupt) {
				t.Errorf("unmarshal = %v, want ErrCorrupt", err)
			}
			return
		}
		if !bytes.Equal(marshal(tab), data) {
			t.Errorf("payload %q changed in a round trip", data)
		}
	})
}

func flip(data []byte, i int) []byte {
	out := bytes.Clone(data)
	out[i] ^= 0x55
	return out
}

func compress(t *testing.T, raw []byte) []byte {
	t.Helper()
	w, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = w.Close() }()
	return w.EncodeAll(raw, nil)
}
