package export

import (
	"encoding/json"
	"io"

	"pathfinder/render/view"
)

// A jgfGraph is a graph of the JSON Graph Format, version 2.
type jgfGraph struct {
	Directed bool               `json:"directed"`
	Type     string             `json:"type"`
	Label    string             `json:"label"`
	Metadata jgfMetadata        `json:"metadata"`
	Nodes    map[string]jgfNode `json:"nodes"` // written by id
	Edges    []jgfEdge          `json:"edges"`
}

type jgfMetadata struct {
	Taken    string       `json:"taken,omitempty"`
	Complete bool         `json:"complete"`
	Notes    []string     `json:"notes"`
	Unknown  []string     `json:"unknown"`
	Frames   []view.Frame `json:"frames"`
}

type jgfNode struct {
	Label    string         `json:"label"`
	Metadata map[string]any `json:"metadata"`
}

type jgfEdge struct {
	ID       string         `json:"id"`
	Source   string         `json:"source"`
	Target   string         `json:"target"`
	Relation string         `json:"relation"`
	Directed bool           `json:"directed"`
	Metadata map[string]any `json:"metadata"`
}

// JGF writes a view in the JSON Graph Format, version 2. The condition of an edge is
// in policy language, and its statements are objects, as in other answers.
func JGF(w io.Writer, v *view.View) error {
	ids := v.Names(valid)
	g := jgfGraph{
		Directed: true, Type: "access", Label: v.Title, Nodes: make(map[string]jgfNode, len(v.Nodes)), Edges: make([]jgfEdge, 0, len(v.Edges)),
		Metadata: jgfMetadata{Taken: taken(v), Complete: v.Complete, Notes: v.Notes, Unknown: v.Unknown, Frames: v.Frames},
	}
	for i := range v.Nodes {
		n := &v.Nodes[i]
		g.Nodes[ids[n.ID]] = jgfNode{labelOf(n), said(nodeProperties(n))}
	}
	for i := range v.Edges {
		e := &v.Edges[i]
		metadata := said(edgeProperties(e))
		if len(e.Condition) > 0 {
			metadata["condition"] = e.Condition
		}
		if len(e.Because) > 0 {
			metadata["because"] = e.Because
		}
		g.Edges = append(g.Edges, jgfEdge{"e" + idOf(i)[1:], ids[e.From], ids[e.To], e.Kind, true, metadata})
	}
	out := json.NewEncoder(w)
	out.SetEscapeHTML(true)
	out.SetIndent("", " ")
	return out.Encode(map[string]any{"graph": g})
}

// said leaves out properties that say nothing: empty texts and lists, and what is not
// so.
func said(list []property) map[string]any {
	out := map[string]any{}
	for _, p := range list {
		switch x := p.value.(type) {
		case string:
			if x == "" {
				continue
			}
		case []string:
			if len(x) == 0 {
				continue
			}
		case bool:
			if !x {
				continue
			}
		case int:
			if x == 0 {
				continue
			}
		}
		out[p.name] = p.value
	}
	return out
}
