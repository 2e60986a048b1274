package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"pathfinder/benchmarks/internal/measure"
)

// A report is everything that a run found.
type report struct {
	System   string  `json:"system"`
	Go       string  `json:"go"`
	CPUs     int     `json:"cpus"`
	Peer     string  `json:"peer"`
	PeerNote string  `json:"peerNote"`
	Asked    []asked `json:"asked"`
}

// asked is one question, what it cost each side, and how the answers compare.
type asked struct {
	Question    question     `json:"question"`
	Rows        []row        `json:"rows"`
	Simulations int          `json:"simulations,omitempty"` // of the peer
	Both        int          `json:"both"`                  // pairs of principal and action that both allow
	Principals  int          `json:"principals"`            // of those pairs
	Differences []difference `json:"differences"`
	Refused     []refusal    `json:"refused,omitempty"`  // by the peer
	NotFound    []string     `json:"notFound,omitempty"` // by the peer
}

// A row is what one way of asking costs.
type row struct {
	Who            string `json:"who"`
	Runs           int    `json:"runs"`
	measure.Sample        // median
	peer           bool
}

// code is the exit code.
func (r *report) code() int {
	for _, a := range r.Asked {
		for _, d := range a.Differences {
			if d.Rule == "" {
				return 1
			}
		}
	}
	return 0
}

func (r *report) write(w io.Writer, format string, list int) error {
	if format == "json" {
		enc := json.NewEncoder(w)
		enc.SetIndent("", "  ")
		return enc.Encode(r)
	}
	if _, err := io.WriteString(w, wrap("peer: "+r.PeerNote)); err != nil {
		return err
	}
	for i := range r.Asked {
		if err := r.Asked[i].write(w, list); err != nil {
			return err
		}
	}
	return nil
}

func (a *asked) write(w io.Writer, list int) error {
	t := measure.Table{Head: []string{"", "runs", "wall", "CPU", "peak", "peer's CPU"}, Left: 1}
	var theirs row
	for _, x := range a.Rows {
		if x.peer {
			theirs = x
		}
	}
	for _, x := range a.Rows {
		t.Rows = append(t.Rows, []string{
			x.Who, measure.Count(x.Runs), measure.Time(x.Wall), measure.Time(x.CPU), measure.Bytes(x.Peak), measure.Ratio(theirs.CPU, x.CPU),
		})
	}
	head := fmt.Sprintf("\nwho can: %s on %s", a.Question.Name, a.Question.Resource)
	if _, err := fmt.Fprintln(w, head); err != nil {
		return err
	}
	if err := t.Write(w); err != nil {
		return err
	}
	_, err := io.WriteString(w, a.agreement(list))
	return err
}

// agreement says how the answers compare.
func (a *asked) agreement(list int) string {
	var b strings.Builder
	if a.Simulations > 0 {
		fmt.Fprintf(&b, "%s simulations of the peer\n", measure.Count(a.Simulations))
	}
	fmt.Fprintf(&b, "both allow %s of a principal and an action, of %s; %s\n",
		plural(a.Both, "pair"), plural(a.Principals, "principal"), plural(len(a.Differences), "difference"))
	for _, g := range groups(a.Differences) {
		side := "the peer alone"
		if g.ours {
			side = "pathfinder alone"
		}
		rule, why := g.rule, g.why
		if rule == "" {
			rule = "UNEXPLAINED"
		}
		if why != "" {
			why = ": " + why
		}
		b.WriteString(wrap(fmt.Sprintf("%s, %s allows %s of %s%s", rule, side, plural(len(g.list), "pair"), plural(g.principals, "principal"), why)))
		for i, d := range g.list {
			if i == list {
				fmt.Fprintf(&b, "    and %s more\n", measure.Count(len(g.list)-list))
				break
			}
			fmt.Fprintf(&b, "    %s %s\n", d.Action, d.Principal)
		}
	}
	for message, n := range refusals(a.Refused) {
		b.WriteString(wrap(fmt.Sprintf("the peer would not answer %s: %s", plural(n, "pair"), message)))
	}
	return b.String()
}

// plural writes a number of things.
func plural(n int, thing string) string {
	if n != 1 {
		thing += "s"
	}
	return measure.Count(n) + " " + thing
}
