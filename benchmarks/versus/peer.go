package main

import (
	"bytes"
	"context"
	"fmt"
	"path/filepath"

	"pathfinder/benchmarks/internal/measure"
)

// A peer is another program that answers who can do something.
type peer interface {
	// title names it in tables.
	title() string
	// note says what it is, and why it is not another one.
	note() string
	// command puts a question about the organization in folder.
	command(folder string, q question) (measure.Command, error)
	// read reads what it printed.
	read(printed []byte) (*answer, error)
}

// An answer is what a peer says.
type answer struct {
	Simulations int // 0 when it does not say
	Grants      grants
	Refused     []refusal
	NotFound    []string // principals of the resource policy
}

// A refusal is what a peer would not answer of one principal.
type refusal struct {
	Principal string   `json:"principal"`
	Actions   []string `json:"actions"`
	Message   string   `json:"message"`
}

func askPeer(ctx context.Context, p peer, folder string, q question, runs int) (*answer, measure.Sample, error) {
	folder, err := filepath.Abs(folder)
	if err != nil {
		return nil, measure.Sample{}, err
	}
	c, err := p.command(folder, q)
	if err != nil {
		return nil, measure.Sample{}, err
	}
	var printed bytes.Buffer
	c.Out = &printed
	var samples []measure.Sample
	for range runs {
		printed.Reset()
		s, err := measure.Run(ctx, c)
		if err != nil {
			return nil, s, err
		}
		samples = append(samples, s)
	}
	ans, err := p.read(printed.Bytes())
	if err != nil {
		return nil, measure.Sample{}, fmt.Errorf("answer of %s: %w", p.title(), err)
	}
	return ans, measure.Median(samples), nil
}
