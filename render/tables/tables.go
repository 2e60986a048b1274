package tables

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"pathfinder/graphmodel/inventory"
	"pathfinder/solver"
	"pathfinder/solver/audit"
)

// Input is what the tables are made of.
type Input struct {
	Inventory *inventory.Inventory
	Survey    *solver.Survey
	Report    *audit.Report
	Snapshot  string    // where the facts came from
	Created   time.Time // when they were read
	Version   string    // of pathfinder
}

// Write writes access.FORMAT, which is parquet, csv or jsonl, and audit.sqlite into a
// folder that is there, for their owner alone, and returns their names. After an error
// they may be incomplete: whoever calls it puts them in place when all is well.
func Write(dir, format string, in *Input) (names []string, err error) {
	rows := in.Survey.Rows()
	name := "access." + format
	f, err := os.OpenFile(filepath.Join(dir, name), os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	out := bufio.NewWriterSize(f, 1<<20)
	w := &rowWriter{rows: rows}
	switch format {
	case "parquet":
		w.to = newParquet(out, in.Version)
	case "csv":
		if w.to, err = newCSV(out); err != nil {
			return nil, err
		}
	case "jsonl":
		w.to = newJSONLines(out)
	default:
		return nil, fmt.Errorf("BUG: there is no format %q", format)
	}
	db, err := newDatabase(filepath.Join(dir, "audit.sqlite"))
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, db.close()) }()
	err = rows.Each(func(a *solver.ResourceAccess) error {
		if err := w.add(a); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		return db.access(a)
	})
	if err != nil {
		return nil, err
	}
	for _, end := range []func() error{w.flush, w.to.close, out.Flush} {
		if err := end(); err != nil { // what follows would only repeat it
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	if err := db.rest(in, rows); err != nil {
		return nil, err
	}
	return []string{name, "audit.sqlite"}, nil
}
