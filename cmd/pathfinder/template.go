package main

import (
	"fmt"
	"io"

	"github.com/spf13/pflag"

	"pathfinder/collector/cloudformation"
	"pathfinder/collector/snapshot"
	"pathfinder/render"
)

// templates are the CloudFormation templates among the overlays. They are
// deployed together, where the first of them stands, since stacks import what
// others export.
type templates struct {
	cloudformation.Config
	told io.Writer // of what was assumed
}

func (o *overlays) templateFlags(a *app, f *pflag.FlagSet) {
	o.told = a.stderr
	f.Var(&templateFlag{o}, "template", "answer as after deploying this CloudFormation template: `[NAME=]FILE`, or the folder that cdk synth wrote; repeat it for several stacks")
	f.StringArrayVar(&o.Parameters, "template-parameter", nil, "give a parameter of a template its value: `[STACK.]KEY=VALUE`")
	f.StringArrayVar(&o.Resources, "template-resources", nil, "output of describe-stack-resources or list-stack-resources of a stack that is there: `[NAME=]FILE`")
	f.StringVar(&o.Account, "template-account", "", "where a template does not say it: the account `ID` that it is deployed to (default: the only one of the snapshot)")
	f.StringVar(&o.Region, "template-region", "", "where a template does not say it: the `REGION` that it is deployed to (default: the only one of the account)")
}

// more reports whether anything is said about templates.
func (t *templates) more() bool {
	return len(t.Parameters)+len(t.Resources) > 0 || t.Account != "" || t.Region != ""
}

// templateFlag gathers templates, and puts one overlay for all into the list.
type templateFlag struct{ to *overlays }

func (f *templateFlag) String() string { return "" }
func (f *templateFlag) Type() string   { return "string" }

func (f *templateFlag) Set(file string) error {
	if len(f.to.Templates) == 0 {
		f.to.list = append(f.to.list, overlay{file: file, apply: deployTemplates})
	}
	f.to.Templates = append(f.to.Templates, file)
	return nil
}

// deployTemplates deploys all templates, and tells what was assumed.
func deployTemplates(o *overlays, _ string, s *snapshot.Snapshot) (*snapshot.Snapshot, error) {
	after, report, err := cloudformation.Apply(s, o.Config)
	if err != nil {
		return nil, err
	}
	for _, note := range report.Notes {
		fmt.Fprintf(o.told, "note: %s\n", render.Clean(note))
	}
	return after, nil
}
