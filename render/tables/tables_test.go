package tables

import (
	"database/sql"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"

	"pathfinder/collector"
	"pathfinder/graphmodel/inventory"
	"pathfinder/render"
	"pathfinder/solver"
	"pathfinder/solver/audit"
)

// inputOf surveys an inventory.
func inputOf(t testing.TB, inv *inventory.Inventory) (*Input, *solver.Solver) {
	t.Helper()
	s, err := solver.New(solver.Config{Inventory: inv})
	if err != nil {
		t.Fatal(err)
	}
	survey := s.Survey(2)
	rep, err := audit.Run(audit.Config{Solver: s, Inventory: inv, Survey: survey})
	if err != nil {
		t.Fatal(err)
	}
	return &Input{Inventory: inv, Survey: survey, Report: rep, Snapshot: "here", Created: inv.Created, Version: "test"}, s
}

func acme(t testing.TB) (*Input, *solver.Solver) {
	t.Helper()
	inv, err := collector.Open("../../fixtures/acme")
	if err != nil {
		t.Fatal(err)
	}
	return inputOf(t, inv)
}

// written writes one format and reads both files again, sorted.
func written(t testing.TB, format string, in *Input) (file, database []row) {
	t.Helper()
	dir := t.TempDir()
	names, err := Write(dir, format, in)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(names, []string{"access." + format, "audit.sqlite"}) {
		t.Fatalf("names %q", names)
	}
	for _, name := range names {
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm() != 0o600 {
			t.Errorf("%s has mode %v", name, info.Mode())
		}
	}
	file, err = readers[format](filepath.Join(dir, names[0]))
	if err != nil {
		t.Fatal(err)
	}
	return sorted(file), sorted(viewed(t, opened(t, filepath.Join(dir, "audit.sqlite"))))
}

var readers = map[string]func(name string) ([]row, error){
	"parquet": func(name string) ([]row, error) { return parquet.ReadFile[row](name) },
	"csv":     readCSV,
	"jsonl":   readLines,
}

func readCSV(name string) (list []row, err error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close() //nolint:errcheck // only read
	records, err := csv.NewReader(f).ReadAll()
	if err != nil {
		return nil, err
	}
	if len(records) == 0 || !slices.Equal(records[0], header) {
		return nil, fmt.Errorf("%s has no header", name)
	}
	for _, r := range records[1:] {
		list = append(list, row{r[0], r[1], r[2], r[3] == "true", r[4], r[5], r[6], r[7], r[8], r[9], r[10], r[11] == "true", r[12]})
	}
	return list, nil
}

func readLines(name string) (list []row, err error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close() //nolint:errcheck // only read
	for d := json.NewDecoder(f); ; {
		var r row
		switch err := d.Decode(&r); {
		case errors.Is(err, io.EOF):
			return list, nil
		case err != nil:
			return nil, err
		}
		list = append(list, r)
	}
}

func opened(t testing.TB, name string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+uriPath(name)+"?mode=ro")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() }) //nolint:errcheck // only read
	return db
}

// viewed reads who_can_reach.
func viewed(t testing.TB, db *sql.DB) (list []row) {
	t.Helper()
	rows, err := db.Query("SELECT " + strings.Join(header, ", ") + " FROM who_can_reach")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close() //nolint:errcheck // Err tells
	for rows.Next() {
		var r row
		err := rows.Scan(&r.Principal, &r.PrincipalAccount, &r.PrincipalKind, &r.Outside, &r.Resource, &r.ResourceAccount, &r.ResourceType,
			&r.PathKind, &r.Via, &r.Actions, &r.Levels, &r.Conditional, &r.Condition)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, r)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return list
}

func sorted(list []row) []row {
	slices.SortFunc(list, func(a, b row) int { return strings.Compare(fmt.Sprintf("%#v", a), fmt.Sprintf("%#v", b)) })
	return list
}

// same tells the first row that differs.
func same(t *testing.T, what string, got, want []row) {
	t.Helper()
	for i := range min(len(got), len(want)) {
		if got[i] != want[i] {
			t.Fatalf("%s: row %d\ngot  %#v\nwant %#v", what, i, got[i], want[i])
		}
	}
	if len(got) != len(want) {
		t.Fatalf("%s: %d rows, want %d", what, len(got), len(want))
	}
}

// All forms, and the view, hold the same rows in every column, each principal, resource
// and kind of path once.
func TestFormatsAgree(t *testing.T) {
	t.Parallel()
	in, _ := acme(t)
	want, view := written(t, "parquet", in)
	if len(want) < 300 {
		t.Fatalf("only %d rows", len(want))
	}
	same(t, "who_can_reach", view, want)
	seen := map[[3]string]bool{}
	for i := range want {
		key := [3]string{want[i].Principal, want[i].Resource, want[i].PathKind}
		if seen[key] {
			t.Errorf("%q twice", key)
		}
		seen[key] = true
	}
	lines, view := written(t, "jsonl", in)
	same(t, "JSON lines", lines, want)
	same(t, "who_can_reach beside JSON lines", view, want)
	cells, _ := written(t, "csv", in)
	same(t, "CSV", cells, shownAsCells(want))
}

// shownAsCells returns rows as CSV has them.
func shownAsCells(list []row) []row {
	list = slices.Clone(list)
	for i := range list {
		r := &list[i]
		for _, s := range []*string{
			&r.Principal, &r.PrincipalAccount, &r.PrincipalKind, &r.Resource, &r.ResourceAccount, &r.ResourceType,
			&r.PathKind, &r.Via, &r.Actions, &r.Levels, &r.Condition,
		} {
			*s = render.Cell(*s)
		}
	}
	return sorted(list)
}

// The tables say of a resource what who-can says of it.
func TestTablesAreWhoCan(t *testing.T) {
	t.Parallel()
	in, s := acme(t)
	rows, _ := written(t, "parquet", in)
	for _, resource := range []string{"arn:aws:s3:::acme-prod-customer-data", "arn:aws:s3:::acme-website-assets"} {
		ans, err := s.WhoCan(resource, nil)
		if err != nil {
			t.Fatal(err)
		}
		var want, got []string
		for i := range ans.Access {
			a := &ans.Access[i]
			kind := pathDirect
			if len(a.Path) > 1 {
				kind = pathRoles
			}
			if a.Resource == resource {
				want = append(want, a.Principal+" "+kind)
			}
		}
		if ans.Public != nil {
			want = append(want, "anonymous direct")
		}
		for i := range rows {
			if rows[i].Resource == resource {
				got = append(got, rows[i].Principal+" "+rows[i].PathKind)
			}
		}
		slices.Sort(want)
		want = slices.Compact(want)
		slices.Sort(got)
		if len(want) == 0 || !slices.Equal(got, want) {
			t.Errorf("%s\ngot  %q\nwant %q", resource, got, want)
		}
	}
}

// Two audits of one snapshot write the same bytes of rows, and the same database.
func TestSameAgain(t *testing.T) {
	t.Parallel()
	for _, format := range []string{"parquet", "csv", "jsonl"} {
		var texts [2]string
		for i := range texts {
			in, _ := acme(t)
			dir := t.TempDir()
			names, err := Write(dir, format, in)
			if err != nil {
				t.Fatal(err)
			}
			for _, name := range names {
				b, err := os.ReadFile(filepath.Join(dir, name))
				if err != nil {
					t.Fatal(err)
				}
				texts[i] += string(b)
			}
		}
		if texts[0] != texts[1] {
			t.Errorf("%s: differs between two runs", format)
		}
	}
}
