package tables

import (
	"database/sql"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

const schemaDoc = "../../docs/audit-schema.md"

// Each query of the document runs, and has something to show of acme.
func TestDocumentedQueries(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(schemaDoc)
	if err != nil {
		t.Fatal(err)
	}
	db := acmeDatabase(t)
	n := 0
	for _, block := range regexp.MustCompile("(?s)```sql\n(.*?)```").FindAllSubmatch(text, -1) {
		for query := range strings.SplitSeq(strings.TrimSpace(string(block[1])), ";") {
			if query = strings.TrimSpace(query); query == "" {
				continue
			}
			n++
			if rows, err := count(db, query); err != nil || rows == 0 {
				t.Errorf("%d rows: %v\n%s", rows, err, query)
			}
		}
	}
	if n < 14 {
		t.Errorf("only %d queries", n)
	}
}

// The document names every table and view, with every column, in its own line.
func TestDocumentedColumns(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(schemaDoc)
	if err != nil {
		t.Fatal(err)
	}
	lines := map[string]string{}
	for line := range strings.Lines(string(text)) {
		if name, rest, ok := strings.Cut(strings.TrimPrefix(line, "| `"), "` |"); ok && strings.HasPrefix(line, "| `") {
			lines[name] = rest
		}
	}
	for _, name := range header {
		if _, ok := lines[name]; !ok {
			t.Errorf("no line about the column %s of the rows", name)
		}
	}
	rows, err := acmeDatabase(t).Query("SELECT m.name, c.name FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type IN ('table', 'view')")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close() //nolint:errcheck // Err tells
	n := 0
	for rows.Next() {
		var table, column string
		if err := rows.Scan(&table, &column); err != nil {
			t.Fatal(err)
		}
		n++
		line, ok := lines[table]
		if !ok {
			t.Errorf("no line about %s", table)
		}
		likeRows := strings.Contains(line, "`access.parquet`") || strings.HasPrefix(line, " those ")
		if !likeRows && !strings.Contains(line, "`"+column+"`") {
			t.Errorf("the line about %s does not name %s", table, column)
		}
	}
	if err := rows.Err(); err != nil || n < 100 {
		t.Fatalf("%d columns: %v", n, err)
	}
}

// Questions about one resource or principal do not read every access: all of the view
// is found by indices.
func TestViewUsesIndices(t *testing.T) {
	t.Parallel()
	db := acmeDatabase(t)
	for _, column := range []string{"resource", "principal"} {
		rows, err := db.Query("EXPLAIN QUERY PLAN SELECT * FROM who_can_reach WHERE " + column + " = 'x'")
		if err != nil {
			t.Fatal(err)
		}
		defer rows.Close() //nolint:errcheck // Err tells
		searches := 0
		for rows.Next() {
			var id, parent, unused int
			var detail string
			if err := rows.Scan(&id, &parent, &unused, &detail); err != nil {
				t.Fatal(err)
			}
			if regexp.MustCompile(`^SCAN [a-z]\b( |$)`).MatchString(detail) {
				t.Errorf("by %s: %s", column, detail)
			}
			if strings.HasPrefix(detail, "SEARCH") {
				searches++
			}
		}
		if err := rows.Err(); err != nil || searches < 10 {
			t.Fatalf("%d searches: %v", searches, err)
		}
	}
}

func acmeDatabase(t *testing.T) *sql.DB {
	t.Helper()
	in, _ := acme(t)
	dir := t.TempDir()
	if _, err := Write(dir, "jsonl", in); err != nil {
		t.Fatal(err)
	}
	return opened(t, filepath.Join(dir, "audit.sqlite"))
}

// count runs a query to its end.
func count(db *sql.DB, query string) (n int, err error) {
	rows, err := db.Query(query)
	if err != nil {
		return 0, err
	}
	defer rows.Close() //nolint:errcheck // Err tells
	for rows.Next() {
		n++
	}
	return n, rows.Err()
}
