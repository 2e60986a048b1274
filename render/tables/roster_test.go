package tables

import (
	"database/sql"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"pathfinder/collector"
)

// databaseOf writes the database of a fixture, and opens it.
func databaseOf(t *testing.T, fixture string) *sql.DB {
	t.Helper()
	inv, err := collector.Open("../../fixtures/" + fixture)
	if err != nil {
		t.Fatal(err)
	}
	in, _ := inputOf(t, inv)
	dir := t.TempDir()
	if _, err := Write(dir, "jsonl", in); err != nil {
		t.Fatal(err)
	}
	return opened(t, filepath.Join(dir, "audit.sqlite"))
}

// TestPeople: who of Identity Center reaches what, and what of that is not known (E159).
func TestPeople(t *testing.T) {
	t.Parallel()
	db := databaseOf(t, "identity-center")
	const short = "substr(role, -2)" // the end of the suffix
	tests := []struct {
		name, query string
		want        []string
	}{
		{"reach payroll", "SELECT name, grp, " + short + ", path_kind FROM people_access WHERE resource = 'arn:aws:s3:::payroll' AND name <> '' ORDER BY 3, 1", []string{
			"zoe  a1 assume-role", "ann g-admins b1 direct", "ben g-admins b1 direct", "cleo g-admins b1 direct", "zoe  b1 direct",
		}},
		{"are not known by name", "SELECT user, missing, grp, " + short + " FROM assigned_people WHERE name = '' ORDER BY 1, 3", []string{" 0 g-contractors b3", " 1 g-gone b2", "u-gone 1  b2"}},
		{"wait for a role", "SELECT account, permission_set, kind, name, why FROM assignments WHERE role = '' ORDER BY account, permission_set", []string{
			"210000000002 Twice user ann it is not known which role of the account it is",
			"210000000003 Admin user ben the account has no role of it", "210000000003 Sandbox user ben the account has no role of it",
		}},
		{"may be entered by others", "SELECT " + short + ", permission_set FROM permission_set_roles WHERE NOT complete ORDER BY role", []string{"b6 Admin", "in ", "b5 Ghost", "b7 Twice", "b8 Twice"}},
		{"may be entered by nobody", "SELECT " + short + " FROM permission_set_roles r WHERE complete AND NOT EXISTS (SELECT 1 FROM assignments a WHERE a.role = r.role)", []string{"b4"}},
		{"groups", "SELECT id, members_known, (SELECT count(*) FROM memberships m WHERE m.grp = g.id) FROM center_groups g ORDER BY id", []string{"g-admins 1 3", "g-contractors 0 0", "g-empty 1 0"}},
	}
	for _, tt := range tests {
		rows, err := db.Query(tt.query)
		if err != nil {
			t.Fatalf("%s: %v", tt.name, err)
		}
		columns, _ := rows.Columns()
		var got []string
		for rows.Next() {
			cells := make([]string, len(columns))
			into := make([]any, len(columns))
			for i := range cells {
				into[i] = &cells[i]
			}
			if err := rows.Scan(into...); err != nil {
				t.Fatalf("%s: %v", tt.name, err)
			}
			got = append(got, strings.Join(cells, " "))
		}
		if err := rows.Err(); err != nil {
			t.Fatalf("%s: %v", tt.name, err)
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
}

// Without Identity Center the tables are empty.
func TestNoPeople(t *testing.T) {
	t.Parallel()
	db := databaseOf(t, "delegation")
	for _, table := range []string{"permission_set_roles", "assignments", "center_groups", "memberships", "assigned_people", "people_access"} {
		if n, err := count(db, "SELECT 1 FROM "+table); n != 0 || err != nil {
			t.Errorf("%s holds %d rows, error %v", table, n, err)
		}
	}
	if n, err := count(db, "SELECT 1 FROM who_can_reach"); n == 0 || err != nil {
		t.Errorf("nothing is reached: %v", err)
	}
}
