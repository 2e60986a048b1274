package collector_test

import (
	"archive/zip"
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pathfinder/collector"
)

const (
	manifestJSON = `{"format":"pathfinder-snapshot","version":1,"created":"2026-11-01T02:00:00Z","createdBy":"hand","gaps":[]}`
	accountJSON  = `{"Id":"111122223333"}`
	accountFile  = "accounts/111122223333/account.json"
)

// An entry is a file in an archive that a test makes.
type entry struct {
	name  string
	text  string
	flags uint16
}

func archive(t *testing.T, entries []entry) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, e := range entries {
		w, err := z.CreateHeader(&zip.FileHeader{Name: e.name, Method: zip.Deflate, Flags: e.flags})
		if err == nil {
			_, err = io.Copy(w, strings.NewReader(e.text))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// An archive that a stranger made costs no more than its size lets expect, and
// says the same to every tool.
func TestHostileArchives(t *testing.T) {
	t.Parallel()
	folder := []entry{{name: "manifest.json", text: manifestJSON}, {name: accountFile, text: accountJSON}}
	resources := func(filling string) entry {
		return entry{name: "accounts/111122223333/resources.json", text: `{"Resources":[],"x":[` + filling + `0]}`}
	}
	var many []entry // small ones that are large together
	for _, name := range strings.Split("abcdefghijklmnopqrstuvwxyz", "") {
		many = append(many, entry{name: "accounts/111122223333/resources/" + name + ".json", text: `{"Resources":[` + strings.Repeat(" ", 1<<20) + `]}`})
	}
	tests := []struct {
		name string
		more []entry
		want string // "" when it can be read
	}{
		{name: "sound", more: []entry{resources("")}},
		{name: "shrunk well", more: []entry{resources(strings.Repeat("1,", 4<<20))}},
		{name: "one large entry", more: []entry{resources(strings.Repeat("1,", 16<<20))}, want: "when unpacked, which no real snapshot does; if you trust it, unpack it and give the folder"},
		{name: "many entries", more: many, want: "when unpacked, which no real snapshot does"},
		{name: "fewer entries", more: many[:8]},
		{name: "the same name", more: []entry{{name: accountFile, text: accountJSON}}, want: `"accounts/111122223333/account.json" stands twice in the archive`},
		{name: "the same file", more: []entry{{name: "./" + accountFile, text: accountJSON}}, want: `"accounts/111122223333/account.json" and "./accounts/111122223333/account.json" in the archive are one file`},
		{name: "the same file as Windows names it", more: []entry{{name: `accounts\111122223333\account.json`, text: accountJSON}}, want: "in the archive are one file"},
		{name: "from above", more: []entry{{name: "../accounts/x/../111122223333/account.json", text: accountJSON}}, want: "in the archive are one file"},
		{name: "a folder twice", more: []entry{{name: "accounts/"}, {name: "accounts/"}}},
		{name: "a file and a folder", more: []entry{{name: accountFile + "/"}}, want: "in the archive are one file"},
		{name: "encrypted", more: []entry{{name: "x.json", text: "{}", flags: 1}}, want: `"x.json" in the archive is encrypted: unpack it, and give the folder`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			name := filepath.Join(t.TempDir(), "a.zip")
			if err := os.WriteFile(name, archive(t, append(folder[:2:2], tt.more...)), 0o600); err != nil {
				t.Fatal(err)
			}
			_, err := collector.Open(name)
			if tt.want == "" && err != nil || tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
		})
	}
}

// The bytes of one entry can be listed many times over, which makes an archive of
// 42 kB grow to some GB: D. Fifield, "A better zip bomb", 2019.
func TestArchiveWhoseEntriesOverlap(t *testing.T) {
	t.Parallel()
	text := `{"Resources":[` + strings.Repeat(" ", 1<<20) + `]}`
	const name = "accounts/111122223333/resources/a.json"
	b := archive(t, []entry{{name: "manifest.json", text: manifestJSON}, {name: accountFile, text: accountJSON}, {name: name, text: text}})
	end := bytes.LastIndex(b, []byte("PK\x05\x06"))
	last := bytes.LastIndex(b[:end], []byte("PK\x01\x02"))
	var more []byte // the last entry of the directory, under other names
	const copies = 10
	for i := range copies {
		at := len(more) + bytes.Index(b[last:end], []byte(name)) + strings.Index(name, "a.json")
		more = append(more, b[last:end]...)
		more[at] = byte('b' + i)
	}
	hostile := append(append(bytes.Clone(b[:end]), more...), b[end:]...)
	tail := hostile[len(hostile)-len(b[end:]):]
	tail[8] += copies // entries on this disk, and in all: APPNOTE.TXT, 4.3.16
	tail[10] += copies
	size := int(tail[12]) | int(tail[13])<<8
	size += len(more)
	tail[12], tail[13] = byte(size), byte(size>>8)
	file := filepath.Join(t.TempDir(), "a.zip")
	if err := os.WriteFile(file, hostile, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := collector.Open(file); err == nil || !strings.Contains(err.Error(), "its entries lie over one another") {
		t.Errorf("got %v, want a refusal", err)
	}
}
