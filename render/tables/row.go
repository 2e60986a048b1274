package tables

import (
	"strings"

	"pathfinder/solver"
)

// A row is one access: who, to what, by which kind of path. The names of columns
// are a promise.
type row struct {
	Principal        string `parquet:"principal,dict,zstd" json:"principal"`
	PrincipalAccount string `parquet:"principal_account,dict,zstd" json:"principal_account"`
	PrincipalKind    string `parquet:"principal_kind,dict,zstd" json:"principal_kind"`
	Outside          bool   `parquet:"outside" json:"outside"`
	Resource         string `parquet:"resource,dict,zstd" json:"resource"`
	ResourceAccount  string `parquet:"resource_account,dict,zstd" json:"resource_account"`
	ResourceType     string `parquet:"resource_type,dict,zstd" json:"resource_type"`
	PathKind         string `parquet:"path_kind,dict,zstd" json:"path_kind"`
	Via              string `parquet:"via,dict,zstd" json:"via"`
	Actions          string `parquet:"actions,dict,zstd" json:"actions"`
	Levels           string `parquet:"levels,dict,zstd" json:"levels"`
	Conditional      bool   `parquet:"conditional" json:"conditional"`
	Condition        string `parquet:"condition,dict,zstd" json:"condition"`
}

// The kinds of paths.
const (
	pathDirect = "direct"
	pathRoles  = "assume-role"
)

// A sink takes rows.
type sink interface {
	write(list []row) error
	close() error
}

// A rowWriter makes rows of accesses, and hands them on in runs.
type rowWriter struct {
	rows *solver.Rows
	to   sink
	list []row
	text []string // of the actions of terms, by number
}

const runLength = 4096

func (w *rowWriter) add(a *solver.ResourceAccess) error {
	base := row{Resource: a.Resource.ARN, ResourceAccount: a.Resource.Account, ResourceType: a.Resource.Type}
	for _, d := range a.Direct {
		for _, n := range w.rows.Members(d.Group) {
			if err := w.put(base, n, pathDirect, "", d.Terms); err != nil {
				return err
			}
		}
	}
	for _, c := range a.Chained {
		if err := w.put(base, c.Party, pathRoles, w.rows.Parties()[c.Via].ARN, c.Terms); err != nil {
			return err
		}
	}
	return nil
}

func (w *rowWriter) put(r row, party uint32, kind, via string, terms uint32) error {
	p, t := &w.rows.Parties()[party], &w.rows.Terms()[terms]
	r.Principal, r.PrincipalAccount, r.PrincipalKind, r.Outside = p.ARN, p.Account, p.Kind, p.Outside
	r.PathKind, r.Via, r.Levels, r.Conditional, r.Condition = kind, via, t.Levels, t.Conditional, t.Condition
	r.Actions = w.actions(terms)
	w.list = append(w.list, r)
	if len(w.list) >= runLength {
		return w.flush()
	}
	return nil
}

// actions returns the actions of terms as one text.
func (w *rowWriter) actions(terms uint32) string {
	for n := len(w.text); n <= int(terms); n++ {
		w.text = append(w.text, strings.Join(w.rows.Terms()[n].Actions, " "))
	}
	return w.text[terms]
}

func (w *rowWriter) flush() error {
	err := w.to.write(w.list)
	w.list = w.list[:0]
	return err
}
