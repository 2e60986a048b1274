package main

import (
	"encoding/json"
	"os"
	"path/filepath"

	"pathfinder/benchmarks/internal/measure"
)

// The peer itself, at the version that was read to write this.
const (
	lensName    = "iam-lens"
	lensPackage = "@cloud-copilot/iam-lens"
	lensVersion = "0.1.118"
)

// A lens is iam-lens as npm installed it.
type lens struct {
	node, dir string
	temp      string // for its configuration
	index     bool
}

func (l *lens) title() string { return lensName + " " + lensVersion }

func (l *lens) note() string {
	if l.index {
		return l.title() + " from npm, after its command index-principals, whose cost is not counted"
	}
	return l.title() + " from npm, without an index of principals"
}

// script is what its command starts.
func (l *lens) script() string {
	return filepath.Join(l.dir, "node_modules", "@cloud-copilot", "iam-lens", "dist", "esm", "cli.js")
}

// command is `iam-lens who-can`, with a configuration of iam-collect that says
// where its data is.
func (l *lens) command(folder string, q question) (measure.Command, error) {
	config, err := l.config(folder)
	if err != nil {
		return measure.Command{}, err
	}
	args := []string{l.script(), "who-can", "--collect-configs", config, "--resource", q.Resource, "--actions"}
	return measure.Command{Path: l.node, Args: append(args, q.Actions...), Dir: l.temp}, nil
}

// config writes the configuration.
func (l *lens) config(folder string) (string, error) {
	text, err := json.Marshal(map[string]any{"name": "versus", "storage": map[string]string{"type": "file", "path": folder}})
	if err != nil {
		return "", err
	}
	file := filepath.Join(l.temp, "iam-collect.jsonc")
	return file, os.WriteFile(file, text, 0o600)
}

// read reads its answer: an entry for each principal and action.
func (l *lens) read(printed []byte) (*answer, error) {
	var in struct {
		SimulationCount    int
		Allowed            []struct{ Principal, Service, Action string }
		PrincipalsNotFound []string
	}
	if err := json.Unmarshal(printed, &in); err != nil {
		return nil, err
	}
	ans := &answer{Simulations: in.SimulationCount, Grants: grants{}, NotFound: in.PrincipalsNotFound}
	for _, a := range in.Allowed {
		ans.Grants.add(a.Principal, a.Service+":"+a.Action)
	}
	return ans, nil
}
