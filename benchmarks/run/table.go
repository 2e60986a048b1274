package main

import (
	"io"
	"time"

	"pathfinder/benchmarks/internal/measure"
)

// A figure is what a stage costs on one organization.
type figure struct {
	Stage          string `json:"stage"`
	Size           size   `json:"size"`
	Runs           int    `json:"runs"`
	measure.Sample        // median
}

// A report is what --format json prints.
type report struct {
	System  string   `json:"system"`
	Go      string   `json:"go"`
	CPUs    int      `json:"cpus"`
	Seed    uint64   `json:"seed"`
	Figures []figure `json:"figures"`
}

// writeTable writes the figures. A size, accounts × principals of each, stands
// at its first. The costs of one principal and of one edge are processor time.
func writeTable(w io.Writer, all []figure) error {
	t := measure.Table{Head: []string{"size", "stage", "runs", "wall", "CPU", "peak", "a principal", "an edge"}, Left: 2}
	for i, f := range all {
		called := measure.Count(f.Size.Accounts) + " × " + measure.Count(f.Size.Principals/max(f.Size.Accounts, 1))
		if i > 0 && all[i-1].Size == f.Size {
			called = ""
		}
		t.Rows = append(t.Rows, []string{
			called, f.Stage, measure.Count(f.Runs), measure.Time(f.Wall), measure.Time(f.CPU), measure.Bytes(f.Peak),
			each(f.CPU, f.Size.Principals), each(f.CPU, f.Size.Edges),
		})
	}
	return t.Write(w)
}

// each shares a cost out.
func each(cost time.Duration, among int) string {
	if among == 0 {
		return "–"
	}
	return measure.Time(cost / time.Duration(among))
}
