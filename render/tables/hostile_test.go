package tables

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/parquet-go/parquet-go"

	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
)

// hostile are names that somebody chose against whoever reads the tables.
var hostile = []string{
	"a\nb", "a\r\nb", `=HYPERLINK("http://example.com","x")`, "+1+1", "-2", "@SUM(1)", `"quoted", and more`,
	"'; DROP TABLE principals; --", "\u202egnp.exe", "\x1b[31mred", "a\tb", "%s%n",
}

// hostileRows have a name in every column of text.
func hostileRows() (list []row) {
	for i, h := range hostile {
		list = append(list, row{h, h, h, i%2 == 0, h, h, h, h, h, h, h, i%3 == 0, h})
	}
	return list
}

// Parquet and JSON lines hold names as they are. CSV is opened in spreadsheets: no
// cell is a formula, moves the cursor or turns the text around.
func TestHostileRows(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	s := newParquet(&b, "test")
	put(t, s)
	got, err := parquet.Read[row](bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		t.Fatal(err)
	}
	same(t, "Parquet", got, hostileRows())

	b.Reset()
	put(t, newJSONLines(&b))
	name := filepath.Join(t.TempDir(), "rows")
	if err := os.WriteFile(name, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	if got, err = readLines(name); err != nil {
		t.Fatal(err)
	}
	same(t, "JSON lines", got, hostileRows())
	if n := bytes.Count(b.Bytes(), []byte("\n")); n != len(hostile) {
		t.Errorf("%d lines of JSON, want %d", n, len(hostile))
	}

	b.Reset()
	s, err = newCSV(&b)
	if err != nil {
		t.Fatal(err)
	}
	put(t, s)
	if n := bytes.Count(b.Bytes(), []byte("\n")); n != len(hostile)+1 {
		t.Errorf("%d lines of CSV, want %d", n, len(hostile)+1)
	}
	records, err := csv.NewReader(&b).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range records {
		for _, cell := range r {
			if strings.ContainsAny(cell[:1], "=+-@|%") || strings.ContainsFunc(cell, func(c rune) bool { return !unicode.IsPrint(c) }) {
				t.Errorf("cell %q", cell)
			}
		}
	}
}

func put(t *testing.T, s sink) {
	t.Helper()
	if err := errors.Join(s.write(hostileRows()), s.close()); err != nil {
		t.Fatal(err)
	}
}

// Hostile names of users and accounts are in the database as they are, and do nothing
// there; so is a hostile folder.
func TestHostileDatabase(t *testing.T) {
	t.Parallel()
	const id = "111111111111"
	a := &inventory.Account{ID: id, Partition: "aws", Name: hostile[2], IAM: true}
	var want []string
	read := policy.Parse([]byte(`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}}`), policy.Identity)
	for _, h := range hostile {
		arn := "arn:aws:iam::" + id + ":user/" + h
		want = append(want, arn)
		a.Held().Users = append(a.Held().Users, &inventory.Principal{
			Kind: inventory.User, ARN: arn, Name: h, Path: "/", Account: a, Inline: []*inventory.Policy{{Name: h, Doc: read}},
		})
	}
	a.Held().Resources = []*inventory.Resource{{ARN: "arn:aws:s3:::pay", Name: "pay", Type: "AWS::S3::Bucket", Account: id}}
	inv := &inventory.Inventory{Accounts: []*inventory.Account{a}}
	if err := inv.Finish(); err != nil {
		t.Fatal(err)
	}
	in, _ := inputOf(t, inv)
	in.Snapshot = hostile[7]
	dir := filepath.Join(t.TempDir(), "a?mode=memory#%41 '; x")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err := Write(dir, "parquet", in); err != nil {
		t.Fatal(err)
	}
	db := opened(t, filepath.Join(dir, "audit.sqlite"))
	var got []string
	for _, r := range viewed(t, db) {
		if r.PrincipalKind == "user" {
			got = append(got, r.Principal)
		}
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	var name, snapshot string
	if err := db.QueryRow("SELECT a.name, m.value FROM accounts a, meta m WHERE m.key = 'snapshot'").Scan(&name, &snapshot); err != nil {
		t.Fatal(err)
	}
	if name != a.Name || snapshot != in.Snapshot {
		t.Errorf("account %q, snapshot %q", name, snapshot)
	}
}

// full is a disk with some room left.
type full struct{ room int }

var errFull = errors.New("no space left")

func (f *full) Write(b []byte) (int, error) {
	if len(b) > f.room {
		n := f.room
		f.room = 0
		return n, errFull
	}
	f.room -= len(b)
	return len(b), nil
}

// No form loses the error of its writer, wherever it happens.
func TestFullDisk(t *testing.T) {
	t.Parallel()
	for name, begin := range map[string]func(io.Writer) (sink, error){
		"parquet": func(w io.Writer) (sink, error) { return newParquet(w, "test"), nil },
		"csv":     newCSV,
		"jsonl":   func(w io.Writer) (sink, error) { return newJSONLines(w), nil },
	} {
		write := func(w io.Writer) error {
			s, err := begin(w)
			if err != nil {
				return err
			}
			return errors.Join(s.write(hostileRows()), s.close())
		}
		var all bytes.Buffer
		if err := write(&all); err != nil {
			t.Fatal(err)
		}
		for room := 0; room < all.Len(); room += 1 + all.Len()/50 {
			if err := write(&full{room}); !errors.Is(err, errFull) {
				t.Errorf("%s with room for %d of %d bytes: %v", name, room, all.Len(), err)
			}
		}
		if err := write(&full{all.Len()}); err != nil {
			t.Errorf("%s with room enough: %v", name, err)
		}
	}
}

// What stands in the way is told by name.
func TestInTheWay(t *testing.T) {
	t.Parallel()
	in, _ := acme(t)
	for _, name := range []string{"access.parquet", "access.csv", "access.jsonl", "audit.sqlite"} {
		dir := t.TempDir()
		if err := os.Mkdir(filepath.Join(dir, name), 0o700); err != nil {
			t.Fatal(err)
		}
		format, ok := strings.CutPrefix(name, "access.")
		if !ok {
			format = "parquet"
		}
		if _, err := Write(dir, format, in); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s in the way: %v", name, err)
		}
		if _, err := os.Stat("/dev/full"); err != nil || !ok {
			continue // only Linux has it
		}
		dir = t.TempDir()
		if err := os.Symlink("/dev/full", filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
		if _, err := Write(dir, format, in); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s on a full disk: %v", name, err)
		}
	}
}
