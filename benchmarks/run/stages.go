package main

import (
	"fmt"

	"pathfinder/benchmarks/orggen"
	"pathfinder/collector"
	"pathfinder/graphmodel/catalog"
	"pathfinder/graphmodel/inventory"
	"pathfinder/solver"
)

// A stage is a row of the table. It either runs in a process of this program
// (inside), or is a command of pathfinder.
type stage struct {
	name string
	// inside does the stage's work between the calls of the timer that it is
	// given: what comes before is the work of other stages.
	inside func(s *site, timed func(func() error) error) error
	// command returns the arguments of pathfinder.
	command func(o *organization) []string
}

// stages are all stages, in the order in which they run.
var stages = []stage{
	{name: "generate", inside: generate},
	{name: "read", inside: read},
	{name: "build", inside: build},
	{name: "solve all", inside: solve},
	{name: "who-can cold", command: func(o *organization) []string {
		return []string{"who-can", "arn:aws:s3:::" + o.Names.ArtifactsBucket, "--snapshot", o.dir, "--no-cache", "--format", "json"}
	}},
	{name: "who-can one action cold", command: func(o *organization) []string {
		return []string{"who-can", "arn:aws:s3:::" + o.Names.ArtifactsBucket, "s3:GetObject", "--snapshot", o.dir, "--no-cache", "--format", "json"}
	}},
	{name: "can cold", command: func(o *organization) []string {
		return []string{"can", o.Names.Deployer, "--snapshot", o.dir, "--no-cache", "--format", "json"}
	}},
	{name: "compile", command: func(o *organization) []string { return []string{"compile", o.dir} }},
	{name: "who-can compiled", command: func(o *organization) []string {
		return []string{"who-can", "arn:aws:s3:::" + o.Names.ArtifactsBucket, "--snapshot", o.dir, "--format", "json"}
	}},
	{name: "can compiled", command: func(o *organization) []string {
		return []string{"can", o.Names.Deployer, "--snapshot", o.dir, "--format", "json"}
	}},
}

func names() (list []string) {
	for _, s := range stages {
		list = append(list, s.name)
	}
	return list
}

// A site is where a stage works.
type site struct {
	dir string
	cfg orggen.Config

	Size  size         `json:"size"`
	Names orggen.Names `json:"names"`
}

// A size says how much there is in an organization.
type size struct {
	Accounts   int `json:"accounts"`
	Principals int `json:"principals"`
	Resources  int `json:"resources"`
	Edges      int `json:"edges"`
}

// generate makes the organization as a snapshot folder.
func generate(s *site, timed func(func() error) error) error {
	return timed(func() error {
		sink, err := orggen.Folder(s.dir, false)
		if err != nil {
			return err
		}
		s.Names, err = orggen.Generate(s.cfg, sink)
		return err
	})
}

// read loads the snapshot into an inventory.
func read(s *site, timed func(func() error) error) error {
	return timed(func() error {
		_, err := collector.Open(s.dir)
		return err
	})
}

// build makes a solver of the inventory.
func build(s *site, timed func(func() error) error) error {
	inv, err := s.open()
	if err != nil {
		return err
	}
	return timed(func() error {
		_, err := solver.New(solver.Config{Inventory: inv})
		return err
	})
}

// solve surveys all principals, resources, actions and chains.
func solve(s *site, timed func(func() error) error) error {
	inv, err := s.open()
	if err != nil {
		return err
	}
	one, err := solver.New(solver.Config{Inventory: inv})
	if err != nil {
		return err
	}
	return timed(func() error {
		one.Survey(0)
		return nil
	})
}

// open loads the snapshot as an earlier stage did.
func (s *site) open() (*inventory.Inventory, error) {
	inv, err := collector.Open(s.dir)
	if err != nil {
		return nil, err
	}
	catalog.Default().TypesOf("arn:aws:s3:::x") // decoded once a process
	if len(inv.Accounts) == 0 {
		return nil, fmt.Errorf("%s: no accounts in it", s.dir)
	}
	return inv, nil
}
