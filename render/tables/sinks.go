package tables

import (
	"encoding/csv"
	"encoding/json"
	"io"
	"strconv"

	"github.com/parquet-go/parquet-go"

	"pathfinder/render"
)

// parquetSink writes Parquet.
type parquetSink struct{ w *parquet.GenericWriter[row] }

// groupRows is how many rows stand in a row group: what is kept in memory at once.
const groupRows = 1 << 20

func newParquet(w io.Writer, version string) sink {
	return &parquetSink{parquet.NewGenericWriter[row](w, parquet.MaxRowsPerRowGroup(groupRows), parquet.CreatedBy("pathfinder", version, ""))}
}

func (s *parquetSink) write(list []row) error {
	_, err := s.w.Write(list)
	return err
}

func (s *parquetSink) close() error { return s.w.Close() }

// csvSink writes CSV. Cells that a spreadsheet would take for formulas are quoted as
// those of other answers are.
type csvSink struct{ w *csv.Writer }

var header = []string{
	"principal", "principal_account", "principal_kind", "outside", "resource", "resource_account", "resource_type",
	"path_kind", "via", "actions", "levels", "conditional", "condition",
}

func newCSV(w io.Writer) (sink, error) {
	s := &csvSink{csv.NewWriter(w)}
	return s, s.w.Write(header)
}

func (s *csvSink) write(list []row) error {
	cells := make([]string, len(header))
	for i := range list {
		r := &list[i]
		for j, text := range []string{
			r.Principal, r.PrincipalAccount, r.PrincipalKind, strconv.FormatBool(r.Outside), r.Resource, r.ResourceAccount, r.ResourceType,
			r.PathKind, r.Via, r.Actions, r.Levels, strconv.FormatBool(r.Conditional), r.Condition,
		} {
			cells[j] = render.Cell(text)
		}
		if err := s.w.Write(cells); err != nil {
			return err
		}
	}
	return nil
}

func (s *csvSink) close() error {
	s.w.Flush()
	return s.w.Error()
}

// jsonlSink writes an object a line.
type jsonlSink struct{ e *json.Encoder }

func newJSONLines(w io.Writer) sink {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	return &jsonlSink{e}
}

func (s *jsonlSink) write(list []row) error {
	for i := range list {
		if err := s.e.Encode(&list[i]); err != nil {
			return err
		}
	}
	return nil
}

func (s *jsonlSink) close() error { return nil }
