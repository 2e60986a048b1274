package explorer

import (
	"encoding/json"
	"strings"

	"pathfinder/graphmodel/guard"
	"pathfinder/render/view"
	"pathfinder/solver"
)

// Data is a view as the page reads it: nodes with their places, and edges whose lists
// stand in tables, once each.
type Data struct {
	Title    string       `json:"title"`
	Complete bool         `json:"complete"`
	Notes    []string     `json:"notes"`
	Frames   []view.Frame `json:"frames"`
	Nodes    []node       `json:"nodes"`
	Edges    []edge       `json:"edges"`
	Tables   tables       `json:"tables"`
}

type node struct {
	view.Node
	X float64 `json:"x"`
	Y float64 `json:"y"`
}

// An edge is a view.Edge with places in tables.
type edge struct {
	From      string `json:"from"`
	To        string `json:"to"`
	Kind      string `json:"kind"`
	Label     string `json:"label,omitempty"`
	Actions   int    `json:"actions"`
	Condition int    `json:"condition"`
	Because   int    `json:"because"`
	Count     int    `json:"count"`
	Weight    int    `json:"weight,omitempty"`
	Some      bool   `json:"some,omitempty"`
	Open      bool   `json:"open,omitempty"`
	Cut       bool   `json:"cut,omitempty"`
	Deny      bool   `json:"deny,omitempty"`
}

// Tables hold lists that many edges share. The first of each is that of nothing.
type tables struct {
	Actions    [][]string              `json:"actions"`
	Conditions []guard.Blocks          `json:"conditions"`
	Because    [][]solver.StatementRef `json:"because"`
}

// Encode returns a view for the page.
func Encode(v *view.View) *Data {
	places := Positions(v)
	d := &Data{
		Title: v.Title, Complete: v.Complete, Notes: v.Notes, Frames: v.Frames,
		Nodes: make([]node, 0, len(v.Nodes)), Edges: make([]edge, 0, len(v.Edges)),
		Tables: tables{Actions: [][]string{{}}, Conditions: []guard.Blocks{nil}, Because: [][]solver.StatementRef{{}}},
	}
	for i := range v.Nodes {
		at := places[v.Nodes[i].ID]
		d.Nodes = append(d.Nodes, node{v.Nodes[i], at[0], at[1]})
	}
	seen := map[string]int{}
	// place returns the place of a list, by what it says.
	place := func(key string, add func() int) int {
		i, ok := seen[key]
		if !ok {
			i = add()
			seen[key] = i
		}
		return i
	}
	for i := range v.Edges {
		e := &v.Edges[i]
		x := edge{From: e.From, To: e.To, Kind: e.Kind, Label: e.Label, Count: e.Count, Weight: e.Weight, Some: e.Some, Open: e.Open, Cut: e.Cut, Deny: e.Deny}
		if len(e.Actions) > 0 {
			x.Actions = place("a"+strings.Join(e.Actions, "\x00"), func() int {
				d.Tables.Actions = append(d.Tables.Actions, e.Actions)
				return len(d.Tables.Actions) - 1
			})
		}
		if len(e.Condition) > 0 {
			x.Condition = place("c"+jsonText(e.Condition), func() int {
				d.Tables.Conditions = append(d.Tables.Conditions, e.Condition)
				return len(d.Tables.Conditions) - 1
			})
		}
		if len(e.Because) > 0 {
			x.Because = place("b"+jsonText(e.Because), func() int {
				d.Tables.Because = append(d.Tables.Because, e.Because)
				return len(d.Tables.Because) - 1
			})
		}
		d.Edges = append(d.Edges, x)
	}
	return d
}

// jsonText is for keys alone: what can't be written is like nothing else.
func jsonText(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		return err.Error()
	}
	return string(b)
}
