package export

import (
	"encoding/json"
	"io"
	"strings"
	"unicode"

	"pathfinder/render"
	"pathfinder/render/view"
)

// sourceKind marks all nodes of ours in a database of BloodHound, so that they can be
// found and removed together.
const sourceKind = "Pathfinder"

type openGraph struct {
	Metadata struct {
		SourceKind string `json:"source_kind"`
	} `json:"metadata"`
	Graph struct {
		Nodes []openNode `json:"nodes"`
		Edges []openEdge `json:"edges"`
	} `json:"graph"`
}

type openNode struct {
	ID         string         `json:"id"`
	Kinds      []string       `json:"kinds"` // at most three; the first gives the icon
	Properties map[string]any `json:"properties"`
}

type openEdge struct {
	Kind       string         `json:"kind"`
	Start      openEnd        `json:"start"`
	End        openEnd        `json:"end"`
	Properties map[string]any `json:"properties"`
}

type openEnd struct {
	Value   string `json:"value"`
	MatchBy string `json:"match_by"`
}

// OpenGraph writes a view as BloodHound's OpenGraph. Its properties hold no objects
// and no lists of different types, so conditions are text; kinds are letters, digits
// and underscores. See https://bloodhound.specterops.io/opengraph/schema.
func OpenGraph(w io.Writer, v *view.View) error {
	var g openGraph
	g.Metadata.SourceKind = sourceKind
	g.Graph.Nodes, g.Graph.Edges = make([]openNode, 0, len(v.Nodes)), make([]openEdge, 0, len(v.Edges))
	ids, frames := v.Names(render.Clean), frameLine(v)
	for i := range v.Nodes {
		n := &v.Nodes[i]
		p := clean(said(nodeProperties(n)))
		delete(p, "label")
		p["name"] = render.Clean(labelOf(n))
		p["displayname"] = p["name"]
		if f := frames[n.Frame]; f != "" {
			p["frames"] = render.Clean(f)
		}
		kinds := []string{"AWS" + pascal(n.Kind)}
		if k := pascal(n.Type); k != "" {
			kinds = []string{k, kinds[0]}
		}
		g.Graph.Nodes = append(g.Graph.Nodes, openNode{ids[n.ID], kinds, p})
	}
	for i := range v.Edges {
		e := &v.Edges[i]
		g.Graph.Edges = append(g.Graph.Edges, openEdge{
			"AWS" + pascal(e.Kind), openEnd{ids[e.From], "id"}, openEnd{ids[e.To], "id"}, clean(said(edgeProperties(e))),
		})
	}
	g.Graph.Nodes = append(g.Graph.Nodes, openNode{snapshotID, []string{"AWSSnapshot"}, clean(map[string]any{
		"name": v.Title, "taken": taken(v), "complete": v.Complete, "unknown": v.Unknown, "notes": v.Notes,
	})})
	out := json.NewEncoder(w)
	out.SetIndent("", " ")
	return out.Encode(g)
}

// snapshotID is the id of the node that says of when and how complete the graph is.
const snapshotID = "pathfinder snapshot"

// clean cleans the texts of properties: BloodHound shows them on a web page.
func clean(p map[string]any) map[string]any {
	for name, v := range p {
		switch x := v.(type) {
		case string:
			p[name] = render.Clean(x)
		case []string:
			list := make([]string, len(x))
			for i, s := range x {
				list[i] = render.Clean(s)
			}
			p[name] = list
		}
	}
	return p
}

// pascal makes a kind: "assume-role-with-saml" is AssumeRoleWithSaml,
// "AWS::S3::Bucket" AWSS3Bucket.
func pascal(s string) string {
	var b strings.Builder
	up := true
	for _, r := range s {
		switch {
		case r > unicode.MaxASCII || !unicode.IsLetter(r) && !unicode.IsDigit(r):
			up = true
		case up:
			b.WriteRune(unicode.ToUpper(r))
			up = false
		default:
			b.WriteRune(r)
		}
		if b.Len() > 60 {
			break
		}
	}
	return b.String()
}
