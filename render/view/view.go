package view

import (
	"fmt"
	"time"

	"pathfinder/graphmodel/guard"
	"pathfinder/solver"
)

// A View is what a picture shows. The order of everything is that of the
// answer, so the same answer gives the same view.
type View struct {
	Title    string    `json:"title"`
	Taken    time.Time `json:"taken,omitzero"` // when the facts were read; zero when unknown
	Notes    []string  `json:"notes"`          // what was put together or left out, for people
	Complete bool      `json:"complete"`       // whether everything that bears on it was read
	Unknown  []string  `json:"unknown"`        // what is not known, when it is not complete
	Frames   []Frame   `json:"frames"`         // parents before what lies in them
	Nodes    []Node    `json:"nodes"`
	Edges    []Edge    `json:"edges"`
}

// A Frame is drawn around nodes: an organizational unit, or an account.
type Frame struct {
	ID       string `json:"id"`               // a unit's id, or an account's
	Parent   string `json:"parent,omitempty"` // the frame around it; "" for none
	Kind     string `json:"kind"`             // organization, unit, account
	Label    string `json:"label"`            // its name; its id when it has none
	External bool   `json:"external,omitempty"`
}

// A Node is a principal, a resource, or something else that has access or is
// reached, or several that are shown as one.
type Node struct {
	ID    string `json:"id"`             // unique in its view
	Kind  string `json:"kind"`           // as in solver.GraphNode, and policy
	Type  string `json:"type,omitempty"` // of a resource, as CloudFormation names it
	Label string `json:"label"`
	// Account is the one it belongs to, "" for none; Frame is the one it is
	// drawn in.
	Account string `json:"account,omitempty"`
	Frame   string `json:"frame,omitempty"`
	// Members are the ids of the nodes that it stands for, when there are
	// several.
	Members  []string `json:"members,omitempty"`
	External bool     `json:"external,omitempty"` // outside the snapshot's accounts
	Focus    bool     `json:"focus,omitempty"`    // the question was about it
	// Lines are further lines of text, such as the policies attached to a unit.
	Lines []string `json:"lines,omitempty"`
	// Denies are more lines, about what takes away.
	Denies []string `json:"denies,omitempty"`
	// Cycle says that it can become another principal, and that one it.
	Cycle bool `json:"cycle,omitempty"`
}

// Count returns how many nodes n stands for.
func (n *Node) Count() int { return max(1, len(n.Members)) }

// IDs returns the ids of the nodes that n stands for: its members', or its own.
func (n *Node) IDs() []string {
	if len(n.Members) > 0 {
		return n.Members
	}
	return []string{n.ID}
}

// Names returns a name for each node by its id, as clean makes it of the id, and
// unique: where two would be the same, the second ends in " (2)".
func (v *View) Names(clean func(id string) string) map[string]string {
	names := make(map[string]string, len(v.Nodes))
	taken := make(map[string]bool, len(v.Nodes))
	for i := range v.Nodes {
		short := clean(v.Nodes[i].ID)
		name := short
		for k := 2; taken[name]; k++ {
			name = fmt.Sprintf("%s (%d)", short, k)
		}
		taken[name], names[v.Nodes[i].ID] = true, name
	}
	return names
}

// Contents are the places, in a view, of the frames and nodes that stand in each
// frame, by its id; in "" what stands in none.
type Contents struct{ Frames, Nodes map[string][]int }

// Contents tells what stands in what.
func (v *View) Contents() Contents {
	in := Contents{map[string][]int{}, map[string][]int{}}
	for i := range v.Frames {
		in.Frames[v.Frames[i].Parent] = append(in.Frames[v.Frames[i].Parent], i)
	}
	for i := range v.Nodes {
		in.Nodes[v.Nodes[i].Frame] = append(in.Nodes[v.Nodes[i].Frame], i)
	}
	return in
}

// An Edge leads from who acts to what is reached, by the ids of nodes.
type Edge struct {
	From string `json:"from"`
	To   string `json:"to"`
	// Kind is as in solver.GraphEdge, and attached for a policy on what it
	// governs, enters for accounts.
	Kind      string                `json:"kind"`
	Actions   []string              `json:"actions,omitempty"`
	Label     string                `json:"label,omitempty"` // when the actions don't say it
	Condition guard.Blocks          `json:"condition,omitempty"`
	Because   []solver.StatementRef `json:"because,omitempty"`
	// Count is how many edges of the answer it stands for, at least 1.
	Count int `json:"count"`
	// Some says that it holds for some of the members of its ends, not for
	// each with each.
	Some bool `json:"some,omitempty"`
	// Open says that each way it stands for has an open condition, where
	// Condition doesn't tell them.
	Open bool `json:"open,omitempty"`
	// Weight is how many principals it lets through, when that was counted; the
	// most of one edge when it stands for several.
	Weight int  `json:"weight,omitempty"`
	Cut    bool `json:"cut,omitempty"`  // some of it is to be removed
	Deny   bool `json:"deny,omitempty"` // it takes away, and grants nothing
}
