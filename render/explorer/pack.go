package explorer

import (
	"encoding/json"
	"strings"

	"pathfinder/graphmodel/guard"
	"pathfinder/render/view"
	"pathfinder/solver"
)

// A packed view says the lists of its edges once each: most edges share theirs with
// many others, and a page of ten thousand principals is a third as large. The
// script unpacks it (web/src/unpack.js).
type packed struct {
	*view.View
	Edges  []packedEdge `json:"edges"` // in the place of the view's
	Tables tables       `json:"tables"`
}

// A packedEdge has the places of its lists in tables, from 1; 0 for none.
type packedEdge struct {
	view.Edge
	Actions   int `json:"actions,omitempty"`
	Condition int `json:"condition,omitempty"`
	Because   int `json:"because,omitempty"`
}

type tables struct {
	Actions    [][]string              `json:"actions"`
	Conditions []guard.Blocks          `json:"conditions"`
	Because    [][]solver.StatementRef `json:"because"`
}

func pack(v *view.View) packed {
	p := packed{View: v, Edges: make([]packedEdge, 0, len(v.Edges)), Tables: tables{[][]string{}, []guard.Blocks{}, [][]solver.StatementRef{}}}
	seen := map[string]int{}
	// place returns the place of a list by what it says, after it was added.
	place := func(key string, add func() int) int {
		if _, ok := seen[key]; !ok {
			seen[key] = add()
		}
		return seen[key]
	}
	t := &p.Tables
	for i := range v.Edges {
		e := packedEdge{Edge: v.Edges[i]}
		if list := v.Edges[i].Actions; len(list) > 0 {
			e.Actions = place("a"+strings.Join(list, "\x00"), func() int { t.Actions = append(t.Actions, list); return len(t.Actions) })
		}
		if list := v.Edges[i].Condition; len(list) > 0 {
			e.Condition = place("c"+text(list), func() int { t.Conditions = append(t.Conditions, list); return len(t.Conditions) })
		}
		if list := v.Edges[i].Because; len(list) > 0 {
			e.Because = place("b"+text(list), func() int { t.Because = append(t.Because, list); return len(t.Because) })
		}
		p.Edges = append(p.Edges, e)
	}
	return p
}

// text is what a list says, to compare it by; what can't be written is like nothing
// else.
func text(list any) string {
	b, err := json.Marshal(list)
	if err != nil {
		return err.Error()
	}
	return string(b)
}
