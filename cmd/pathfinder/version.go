package main

import (
	"fmt"
	"io"
	"runtime/debug"

	"github.com/spf13/cobra"

	"pathfinder/graphmodel/catalog"
	"pathfinder/render"
)

// versionAnswer is what version prints as JSON.
type versionAnswer struct {
	Pathfinder string      `json:"pathfinder"` // "version/1"
	Version    string      `json:"version"`
	Revision   string      `json:"revision,omitempty"`
	Go         string      `json:"go"`
	Catalog    catalogData `json:"catalog"`
}

type catalogData struct {
	Version string `json:"version"`
	Date    string `json:"date"`
}

func (a *app) version() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "version",
		Short:   "Versions of the program and of its action catalog",
		Long:    "Prints the versions of the program, of Go, and of the data about AWS actions.",
		Example: "  pathfinder version --format json",
		Args:    between(0, 0),
	}
	var o output
	o.flags(a, cmd, []string{"table", "json"})
	cmd.RunE = func(*cobra.Command, []string) error {
		if err := o.resolve(a); err != nil {
			return err
		}
		v := thisVersion()
		return o.write(a, func(w io.Writer) error {
			if o.format == "json" {
				return render.JSON(w, v)
			}
			_, err := fmt.Fprintf(w, "pathfinder %s (%s)\naction catalog %s of %s\n", v.Version, v.Go, v.Catalog.Version, v.Catalog.Date)
			return err
		})
	}
	return cmd
}

// thisVersion asks the binary about itself.
func thisVersion() versionAnswer {
	v := versionAnswer{
		Pathfinder: "version/1", Version: "unknown", Go: "unknown",
		Catalog: catalogData{Version: catalog.DataVersion, Date: catalog.DataDate},
	}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return v
	}
	v.Go = info.GoVersion
	if info.Main.Version != "" {
		v.Version = info.Main.Version
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			v.Revision = s.Value
		}
	}
	return v
}
