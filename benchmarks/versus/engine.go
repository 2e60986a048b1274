package main

import (
	"embed"
	"encoding/json"
	"strconv"

	"pathfinder/benchmarks/internal/measure"
)

// engineName is the peer that needs no iam-lens.
const engineName = "iam-simulate"

// driver is the driver of iam-simulate, and the versions of what it runs.
//
//go:embed peer
var driver embed.FS

// An engine is iam-simulate under the driver in folder peer.
type engine struct {
	node, dir string
	threads   int
	index     bool
	why       string // iam-lens is not used
}

func (e *engine) title() string { return "iam-simulate, driven per principal and action" }

func (e *engine) note() string {
	text := "iam-simulate 0.1.173, the engine of iam-lens, driven per principal and action by a driver of this project; it is not iam-lens"
	if e.why != "" {
		text += ", which could not be installed: " + e.why
	}
	return text
}

func (e *engine) command(folder string, q question) (measure.Command, error) {
	args := []string{"peer.mjs", "--storage", folder, "--resource", q.Resource, "--threads", strconv.Itoa(e.threads)}
	for _, a := range q.Actions {
		args = append(args, "--action", a)
	}
	if e.index {
		args = append(args, "--index")
	}
	return measure.Command{Path: e.node, Args: args, Dir: e.dir}, nil
}

func (e *engine) read(printed []byte) (*answer, error) {
	var in struct {
		Simulations int
		Allowed     []struct {
			Principal string
			Actions   []string
		}
		Refused  []refusal
		NotFound []string
	}
	if err := json.Unmarshal(printed, &in); err != nil {
		return nil, err
	}
	ans := &answer{Simulations: in.Simulations, Grants: grants{}, Refused: in.Refused, NotFound: in.NotFound}
	for _, a := range in.Allowed {
		for _, action := range a.Actions {
			ans.Grants.add(a.Principal, action)
		}
	}
	return ans, nil
}
