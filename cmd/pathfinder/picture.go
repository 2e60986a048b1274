package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/spf13/cobra"

	"pathfinder/graphmodel/inventory"
	"pathfinder/render"
	"pathfinder/render/draw"
	"pathfinder/render/explorer"
	"pathfinder/render/export"
	"pathfinder/render/view"
	"pathfinder/solver"
)

// drawnFormats are laid out by Graphviz.
var drawnFormats = []string{"dot", "svg", "png"}

// pictureFormats are those that show an answer as a graph: pictures first, then those
// for other tools.
var pictureFormats = append(slices.Clip(drawnFormats), "html", "mermaid", "graphml", "gexf", "jgf", "opengraph", "neo4j")

// exports write all of a graph for other tools.
var exports = map[string]func(io.Writer, *view.View) error{
	"graphml": export.GraphML, "gexf": export.GEXF, "jgf": export.JGF, "opengraph": export.OpenGraph, "neo4j": export.Neo4j,
}

// pictureFlags say how graphs are drawn.
type pictureFlags struct {
	theme    string
	unfolded bool
}

var themeNames = []string{"light", "dark"}

var themes = map[string]render.Theme{"light": render.Light, "dark": render.Dark}

func (p *pictureFlags) flags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&p.theme, "theme", "light", "colours of dot, svg and png: light or dark")
	f.BoolVar(&p.unfolded, "unfolded", false, "draw each node by itself; otherwise those that behave alike are drawn as one (formats for other tools always have all)")
	err := cmd.RegisterFlagCompletionFunc("theme", cobra.FixedCompletions(themeNames, cobra.ShellCompDirectiveNoFileComp))
	if err != nil {
		panic("BUG: " + err.Error())
	}
}

// resolve decides what the flags of output and pictures mean, before any work is
// done.
func (q *question) resolve(a *app) error {
	if q.theme != "" {
		if err := oneOf("theme", q.theme, themeNames); err != nil {
			return err
		}
	}
	if err := q.output.resolve(a); err != nil {
		return err
	}
	drawn := slices.Contains(drawnFormats, q.format)
	if q.theme != "" && q.theme != "light" && !drawn {
		return fmt.Errorf("--theme is for dot, svg and png, not for %s", q.format)
	}
	if q.unfolded && !drawn && q.format != "mermaid" {
		return fmt.Errorf("--unfolded is for dot, svg, png and mermaid; %s has every node", q.format)
	}
	return nil
}

// picture writes a graph in one of pictureFormats.
func (q *question) picture(ctx context.Context, w io.Writer, a *solver.GraphAnswer, o render.Options) error {
	v, err := view.Of(a, q.facts)
	if err != nil {
		return err
	}
	if write := exports[q.format]; write != nil {
		return write(w, v)
	}
	if q.format == "html" {
		return explorer.Page(w, v, explorer.Options{})
	}
	o.Theme = themes[q.theme]
	if !q.unfolded {
		v = v.Fit()
	}
	switch q.format {
	case "dot":
		return render.DOT(w, v, o)
	case "mermaid":
		return export.Mermaid(w, v)
	case "svg":
		err = draw.SVG(ctx, w, v, o)
	case "png":
		err = draw.PNG(ctx, w, v, o)
	}
	if errors.Is(err, draw.ErrTooLarge) {
		return fmt.Errorf("%w; leave --unfolded out, ask a narrower question (--help says how), or take --format json or dot", err)
	}
	return err
}

// factsOf returns what pictures say beside the answer.
func factsOf(inv *inventory.Inventory) view.Facts {
	f := view.Facts{Taken: inv.Created, Accounts: accountNames(inv), Units: map[string][]view.Frame{}}
	for _, a := range inv.Accounts {
		for _, u := range a.Path() {
			frame := view.Frame{ID: u.ID, Kind: "unit", Label: u.Name}
			if u.Parent == nil && inv.Organization != nil {
				frame.Kind, frame.Label = "organization", "Organization "+inv.Organization.ID
			}
			f.Units[a.ID] = append(f.Units[a.ID], frame)
		}
	}
	return f
}
