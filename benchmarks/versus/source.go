package main

import (
	"errors"
	"flag"
	"path/filepath"

	"pathfinder/benchmarks/orggen"
)

// A source says where the organization comes from.
type source struct {
	folder string // of iam-collect; "" for one to generate
	cfg    orggen.Config
}

func (s *source) flags(f *flag.FlagSet) {
	f.StringVar(&s.folder, "org", "", "`DIR` in the layout of iam-collect to ask about, instead of a generated organization")
	f.IntVar(&s.cfg.Accounts, "accounts", 10, "accounts of the generated organization")
	f.IntVar(&s.cfg.Principals, "principals", 50, "users and roles of each account")
	f.IntVar(&s.cfg.Resources, "resources", 20, "resources of each account")
	f.Uint64Var(&s.cfg.Seed, "seed", 1, "equal seeds give equal organizations")
}

// organization returns the folder, made in temp where none was given, and the
// ARN of the bucket in it that is open to all of it.
func (s *source) organization(temp string) (folder, bucket string, err error) {
	if s.folder != "" {
		return s.folder, "", nil
	}
	folder = filepath.Join(temp, "iam-collect")
	sink, err := orggen.Collected(folder)
	if err != nil {
		return "", "", err
	}
	names, err := orggen.Generate(s.cfg, sink)
	if err == nil && names.ArtifactsBucket == "" {
		err = errors.New("the generated organization has no bucket that is open to all of it")
	}
	return folder, "arn:aws:s3:::" + names.ArtifactsBucket, err
}
