package export

import (
	"archive/zip"
	"encoding/csv"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"pathfinder/render"
	"pathfinder/render/view"
)

// Neo4j writes a zip of three files: nodes.csv and edges.csv, with headers that
// neo4j-admin reads too, and load.cypher, which loads both with LOAD CSV.
//
// Cells are as in all CSV of ours: cleaned, and with a quote in front of what a
// spreadsheet would take for a formula. Ids are the same in both files, and unique.
func Neo4j(w io.Writer, v *view.View) error {
	z := zip.NewWriter(w)
	for _, file := range []struct {
		name  string
		write func(io.Writer, *view.View) error
	}{{"nodes.csv", neo4jNodes}, {"edges.csv", neo4jEdges}, {"load.cypher", neo4jScript}} {
		// No time of its own: the same view gives the same bytes.
		f, err := z.CreateHeader(&zip.FileHeader{Name: file.name, Method: zip.Deflate, Modified: time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)})
		if err != nil {
			return err
		}
		if err := file.write(f, v); err != nil {
			return fmt.Errorf("%s: %w", file.name, err)
		}
	}
	return z.Close()
}

// listEnd separates the texts of a list in a cell: neo4j-admin's own default.
const listEnd = ";"

// safe is a cell. LOAD CSV takes a backslash before a quote for an escape unless the
// server is told otherwise, so a backslash there, or at the end, is written by its
// number.
func safe(s string) string {
	s = render.Cell(s)
	s = strings.ReplaceAll(s, `\"`, `\x5c"`)
	if start, ok := strings.CutSuffix(s, `\`); ok {
		s = start + `\x5c`
	}
	return s
}

func cell(v value) string {
	if list, ok := v.([]string); ok {
		clean := make([]string, len(list))
		for i, s := range list {
			clean[i] = strings.ReplaceAll(render.Clean(s), listEnd, `\x3b`)
		}
		return safe(strings.Join(clean, listEnd))
	}
	return safe(oneText(v))
}

// neo4jType is the type of a column in neo4j-admin's headers.
func neo4jType(v value) string {
	switch v.(type) {
	case int:
		return ":int"
	case bool:
		return ":boolean"
	case []string:
		return ":string[]"
	}
	return ""
}

func header(list []property) (names []string) {
	for _, p := range list {
		names = append(names, p.name+neo4jType(p.value))
	}
	return names
}

func cells(list []property) (texts []string) {
	for _, p := range list {
		texts = append(texts, cell(p.value))
	}
	return texts
}

func neo4jNodes(w io.Writer, v *view.View) error {
	out := csv.NewWriter(w)
	ids, frames := v.Names(safe), frameLine(v)
	rows := [][]string{append([]string{"id:ID", ":LABEL", "frames"}, header(nodeProperties(&view.Node{}))...)}
	for i := range v.Nodes {
		n := &v.Nodes[i]
		labels := "Aws" + listEnd + nodeLabel(n.Kind)
		rows = append(rows, append([]string{ids[n.ID], labels, safe(frames[n.Frame])}, cells(nodeProperties(n))...))
	}
	return out.WriteAll(rows)
}

func neo4jEdges(w io.Writer, v *view.View) error {
	out := csv.NewWriter(w)
	ids := v.Names(safe)
	rows := [][]string{append([]string{":START_ID", ":END_ID", ":TYPE", "edge:int"}, header(edgeProperties(&view.Edge{}))...)}
	// An edge has a number among those between the same nodes, so that loading another
	// graph changes no others.
	count := map[[3]string]int{}
	for i := range v.Edges {
		e := &v.Edges[i]
		key := [3]string{e.From, e.To, e.Kind}
		rows = append(rows, append([]string{ids[e.From], ids[e.To], relationship(e.Kind), fmt.Sprint(count[key])}, cells(edgeProperties(e))...))
		count[key]++
	}
	return out.WriteAll(rows)
}

func nodeLabel(kind string) string { return "Aws" + pascal(kind) }

// relationship is the type of an edge: "assume-role" is ASSUME_ROLE.
func relationship(kind string) string {
	s := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z':
			return r - 'a' + 'A'
		case r >= 'A' && r <= 'Z', r >= '0' && r <= '9':
			return r
		}
		return '_'
	}, kind)
	return "AWS_" + s[:min(60, len(s))]
}

// neo4jScript writes Cypher of Neo4j 5 that needs no plug-in: labels and types of
// relationships can't be taken from a file, so there is a statement for each kind
// that occurs. Nothing of a name is in it.
func neo4jScript(w io.Writer, v *view.View) error {
	var b strings.Builder
	b.WriteString(`// Loads nodes.csv and edges.csv into Neo4j 5. Put both into the import folder, then:
//   cypher-shell -f load.cypher
// A new database takes them quicker with:
//   neo4j-admin database import full --nodes=nodes.csv --relationships=edges.csv --array-delimiter=';' neo4j
CREATE CONSTRAINT aws_id IF NOT EXISTS FOR (n:Aws) REQUIRE n.id IS UNIQUE;
LOAD CSV WITH HEADERS FROM 'file:///nodes.csv' AS row
MERGE (n:Aws {id: row.` + "`id:ID`})\nSET " + sets("n", append([]property{{"frames", ""}}, nodeProperties(&view.Node{})...)) + ";\n")
	// Nothing of a name is in the script, so gaps and notes are counted, not named.
	fmt.Fprintf(&b, "MERGE (s:AwsSnapshot {id: 'snapshot'})\nSET s.taken = '%s', s.complete = %t, s.gaps = %d, s.notes = %d;\n", taken(v), v.Complete, len(v.Unknown), len(v.Notes))
	kinds := map[string]bool{}
	for i := range v.Nodes {
		kinds[nodeLabel(v.Nodes[i].Kind)] = true
	}
	for _, label := range slices.Sorted(maps.Keys(kinds)) {
		fmt.Fprintf(&b, "LOAD CSV WITH HEADERS FROM 'file:///nodes.csv' AS row\nWITH row WHERE row.`:LABEL` = 'Aws%s%s'\nMATCH (n:Aws {id: row.`id:ID`})\nSET n:%s;\n", listEnd, label, label)
	}
	types := map[string]bool{}
	for i := range v.Edges {
		types[relationship(v.Edges[i].Kind)] = true
	}
	for _, t := range slices.Sorted(maps.Keys(types)) {
		fmt.Fprintf(&b, "LOAD CSV WITH HEADERS FROM 'file:///edges.csv' AS row\nWITH row WHERE row.`:TYPE` = '%s'\nMATCH (a:Aws {id: row.`:START_ID`}), (b:Aws {id: row.`:END_ID`})\nMERGE (a)-[r:%s {edge: toInteger(row.`edge:int`)}]->(b)\nSET %s;\n",
			t, t, sets("r", edgeProperties(&view.Edge{})))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// sets writes assignments of a row's columns to properties.
func sets(to string, list []property) string {
	parts := make([]string, len(list))
	for i, p := range list {
		column := "row.`" + p.name + neo4jType(p.value) + "`"
		switch p.value.(type) {
		case int:
			column = "toInteger(" + column + ")"
		case bool:
			column = "toBoolean(" + column + ")"
		case []string:
			column = "split(" + column + ", '" + listEnd + "')"
		}
		parts[i] = to + ".`" + p.name + "` = " + column
	}
	return strings.Join(parts, ", ")
}
