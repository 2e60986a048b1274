package render

import (
	"encoding/csv"
	"io"
	"strconv"
	"strings"

	"pathfinder/solver"
)

// CSV writes one row a grant, after a header. Lists are joined by spaces,
// which no action and no ARN holds. center says who of Identity Center is assigned to the
// roles; nil when nothing is said of that.
func CSV(w io.Writer, access []solver.Access, center *solver.CenterAnswer) error {
	out := csv.NewWriter(w)
	book := newAssignmentBook(center)
	rows := [][]string{{"principal", "resource", "path", "path_condition", "actions", "resources", "except", "condition", "confidence", "external", "assigned"}}
	for i := range access {
		a := &access[i]
		assigned := book.cell(a.Path)
		for _, g := range a.Grants {
			rows = append(rows, []string{
				a.Principal, a.Resource, steps(a.Path), stepConditions(a.Path),
				strings.Join(g.Actions, " "), strings.Join(g.Resources, " "), strings.Join(g.Except, " "),
				g.Condition.String(), g.Confidence, strconv.FormatBool(a.External), assigned,
			})
		}
	}
	for _, row := range rows {
		for i := range row {
			row[i] = Cell(row[i])
		}
	}
	return out.WriteAll(rows)
}

func steps(path []solver.Step) string {
	names := make([]string, len(path))
	for i := range path {
		names[i] = path[i].Principal
	}
	return strings.Join(names, " ")
}

// stepConditions joins the conditions of all hops: each must hold.
func stepConditions(path []solver.Step) string {
	var all []string
	for i := range path {
		if len(path[i].Condition) > 0 {
			all = append(all, path[i].Principal+": "+path[i].Condition.String())
		}
	}
	return strings.Join(all, "; ")
}

// Cell cleans a value of CSV and keeps spreadsheets from taking it for a formula.
func Cell(s string) string {
	s = Clean(s)
	if s != "" && strings.ContainsRune("=+-@|%", rune(s[0])) {
		return "'" + s
	}
	return s
}
