package tables

import (
	"database/sql"
	_ "embed"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	_ "modernc.org/sqlite" // the driver "sqlite"

	"pathfinder/graphmodel/catalog"
	"pathfinder/graphmodel/inventory"
	"pathfinder/solver"
	"pathfinder/solver/audit"
)

//go:embed schema.sql
var schema string

// A database is a file of SQLite that is being written.
type database struct {
	db        *sql.DB
	tx        *sql.Tx
	statement map[string]*sql.Stmt
	resources int64
	err       error
}

// newDatabase makes a file with the schema. It is for its owner alone, and has no
// journal: it is thrown away unless all goes well.
func newDatabase(name string) (*database, error) {
	f, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return nil, err
	}
	if err := f.Close(); err != nil {
		return nil, err
	}
	db, err := sql.Open("sqlite", "file:"+uriPath(name)+"?_pragma=journal_mode(off)&_pragma=synchronous(off)&_pragma=locking_mode(exclusive)&_pragma=cache_size(-65536)")
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	d := &database{db: db, statement: map[string]*sql.Stmt{}}
	if _, err = db.Exec(schema); err == nil {
		d.tx, err = db.Begin()
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("audit.sqlite: %w", err), db.Close())
	}
	return d, nil
}

// uriPath writes a path so that it means itself in a URI.
func uriPath(name string) string {
	return strings.NewReplacer("%", "%25", "?", "%3f", "#", "%23").Replace(name)
}

// put inserts a row; the first error stays.
func (d *database) put(table string, values ...any) {
	if d.err != nil {
		return
	}
	st := d.statement[table]
	if st == nil {
		st, d.err = d.tx.Prepare("INSERT INTO " + table + " VALUES (?" + strings.Repeat(", ?", len(values)-1) + ")")
		if d.err != nil {
			return
		}
		d.statement[table] = st
	}
	if _, err := st.Exec(values...); err != nil {
		d.err = fmt.Errorf("audit.sqlite: %s: %w", table, err)
	}
}

// access inserts a resource with who reaches it directly.
func (d *database) access(a *solver.ResourceAccess) error {
	d.resources++
	r := a.Resource
	d.put("resources", d.resources, r.ARN, r.Account, r.Type, r.Name, r.Region, a.Followed)
	for _, g := range a.Direct {
		d.put("direct", d.resources, g.Group, g.Terms)
	}
	for _, w := range a.Ways {
		d.put("followed_ways", d.resources, w.Role, w.Party, w.Terms, w.Certain)
	}
	return d.err
}

// rest inserts everything else, once all accesses are there.
func (d *database) rest(in *Input, rows *solver.Rows) error {
	d.about(in)
	d.err = errors.Join(d.err, rows.EachReach(func(party, role uint32, sure bool) error {
		d.put("reaches", role, party, sure)
		return d.err
	}))
	for n, p := range rows.Parties() {
		d.put("principals", n, p.ARN, p.Account, p.Kind, p.Outside)
	}
	for g := range rows.Groups() {
		for _, n := range rows.Members(uint32(g)) { //nolint:gosec // they are numbered so
			d.put("group_members", g, n)
		}
	}
	actions := map[string]int{}
	for n, t := range rows.Terms() {
		d.put("terms", n, t.Levels, t.Conditional, t.Condition, strings.Join(t.Actions, " "))
		for _, name := range t.Actions {
			id, known := actions[name]
			if !known {
				id = len(actions)
				actions[name] = id
				level := ""
				if a, ok := catalog.Default().Action(name); ok {
					level = a.Access.String()
				}
				d.put("actions", id, name, level)
				for one := range strings.SplitSeq(level, ", ") {
					if one != "" {
						d.put("action_levels", id, one)
					}
				}
			}
			d.put("term_actions", n, id)
		}
	}
	for _, e := range in.Survey.Entries() {
		d.put("entries", e.From, e.To, e.Principals, e.Roles, e.Certain)
	}
	for i := range in.Report.Findings {
		d.finding(&in.Report.Findings[i])
	}
	for _, g := range in.Report.Unknown {
		d.put("unknown", g.What, g.Why)
	}
	d.roster(in.Survey.Roster())
	if d.err != nil {
		return d.err
	}
	if err := d.tx.Commit(); err != nil {
		return fmt.Errorf("audit.sqlite: %w", err)
	}
	d.tx = nil
	for _, index := range []string{
		"CREATE INDEX principals_arn ON principals (arn)", "CREATE INDEX resources_arn ON resources (arn)",
		"CREATE INDEX direct_resource ON direct (resource)", "CREATE INDEX ways_resource ON followed_ways (resource, principal)", "CREATE INDEX ways_principal ON followed_ways (principal)", "CREATE INDEX direct_group ON direct (grp)",
		"CREATE INDEX members_principal ON group_members (principal)", "CREATE INDEX reaches_principal ON reaches (principal)",
		"CREATE INDEX assignments_role ON assignments (role)", "CREATE INDEX assignments_id ON assignments (id)", "CREATE INDEX memberships_user ON memberships (user)",
	} {
		if _, err := d.db.Exec(index); err != nil {
			return fmt.Errorf("audit.sqlite: %w", err)
		}
	}
	return nil
}

// about inserts what is known of the snapshot and its accounts.
func (d *database) about(in *Input) {
	created := ""
	if !in.Created.IsZero() {
		created = in.Created.UTC().Format(time.RFC3339)
	}
	for _, m := range [][2]string{
		{"schema", "1"},
		{"pathfinder", in.Version},
		{"snapshot", in.Snapshot},
		{"created", created},
		{"complete", fmt.Sprint(in.Report.Complete)},
	} {
		d.put("meta", m[0], m[1])
	}
	for _, a := range in.Inventory.Accounts {
		d.put("accounts", a.ID, a.Name, unitPath(a))
	}
}

// unitPath names the units above an account, from the root.
func unitPath(a *inventory.Account) string {
	var names []string
	for u := a.Unit; u != nil; u = u.Parent {
		names = append([]string{u.Name}, names...)
	}
	return strings.Join(names, "/")
}

func (d *database) finding(f *audit.Finding) {
	var statement any
	if f.Remedy.Statement != nil {
		statement = *f.Remedy.Statement
	}
	condition := ""
	if len(f.Condition) > 0 {
		condition = f.Condition.String()
	}
	d.put("findings", f.ID, f.Kind, f.Severity.String(), int(f.Severity), f.Certain, f.Title, f.Detail, f.Reason, f.Account, f.Principal,
		f.Resource, condition, f.Remedy.Text, f.Remedy.Policy, statement, f.Remedy.Change, f.Accepted != nil)
	for n, s := range f.Path {
		when := ""
		if len(s.Condition) > 0 {
			when = s.Condition.String()
		}
		d.put("finding_steps", f.ID, n, s.Principal, s.Kind, s.Through, when)
	}
	for _, s := range f.Statements {
		d.put("finding_statements", f.ID, s.Policy, s.Type, s.Statement, s.Sid)
	}
	for _, o := range f.Others {
		d.put("finding_others", f.ID, o)
	}
	for _, what := range f.If {
		d.put("finding_ifs", f.ID, what)
	}
	for _, r := range f.Assigned {
		d.put("finding_assigned", f.ID, r.Role)
	}
	for _, tag := range f.Tags {
		d.put("finding_tags", f.ID, tag)
	}
}

func (d *database) close() error {
	for _, st := range d.statement {
		st.Close() //nolint:errcheck // the transaction tells
	}
	if d.tx != nil {
		d.tx.Rollback() //nolint:errcheck // the file is thrown away
	}
	return d.db.Close()
}
