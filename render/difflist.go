package render

import (
	"encoding/csv"
	"encoding/json"
	"io"
	"slices"
	"strconv"
	"strings"

	"pathfinder/solver"
)

// DiffCSV writes one row a grant and principal, after a header.
func DiffCSV(w io.Writer, a *solver.DiffAnswer) error {
	rows := [][]string{{"change", "principal", "resource", "path", "path_condition", "actions", "resources", "except", "condition", "confidence", "external", "principal_is", "resource_is"}}
	for _, list := range diffLists(a) {
		for i := range list.access {
			e := &list.access[i]
			for _, who := range e.Principals {
				path := slices.Clone(e.Path)
				path[0].Principal = who
				for _, g := range e.Grants {
					rows = append(rows, []string{
						list.name, who, e.Resource, steps(path), stepConditions(path),
						strings.Join(g.Actions, " "), strings.Join(g.Resources, " "), strings.Join(g.Except, " "),
						g.Condition.String(), g.Confidence, strconv.FormatBool(e.External), e.PrincipalIs, e.ResourceIs,
					})
				}
			}
		}
	}
	for _, row := range rows {
		for i := range row {
			row[i] = Cell(row[i])
		}
	}
	return csv.NewWriter(w).WriteAll(rows)
}

type diffList struct {
	name   string
	access []solver.DiffAccess
}

func diffLists(a *solver.DiffAnswer) []diffList {
	return []diffList{{"gained", a.Gained}, {"lost", a.Lost}}
}

// DiffJSONLines writes one entry a line, each with what it is a change of.
func DiffJSONLines(w io.Writer, a *solver.DiffAnswer) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	for _, list := range diffLists(a) {
		for i := range list.access {
			line := struct {
				Change string `json:"change"`
				*solver.DiffAccess
			}{list.name, &list.access[i]}
			if err := enc.Encode(line); err != nil {
				return err
			}
		}
	}
	return nil
}
