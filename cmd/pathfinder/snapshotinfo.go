package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"pathfinder/collector"
	"pathfinder/render"
)

const snapshotInfoHelp = `Prints what is in a snapshot, or in anything that import takes: when and by whom
it was made, accounts, principals, resources by type, policy documents, and what
could not be read. "Different" documents are what a packed snapshot stores.`

func (a *app) snapshotInfo() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "info PATH",
		Short: "What is in a snapshot, and what is missing in it",
		Long:  snapshotInfoHelp,
		Example: `  pathfinder snapshot info fixtures/acme
  pathfinder snapshot info fixtures/unread -f json`,
		Args: between(1, 1),
	}
	var o output
	o.flags(a, cmd, []string{"table", "json"})
	cmd.RunE = func(_ *cobra.Command, args []string) error {
		if err := o.resolve(a); err != nil {
			return err
		}
		d, err := collector.Describe(args[0])
		if err != nil {
			return err
		}
		return o.write(a, func(w io.Writer) error {
			if o.format == "json" {
				return render.JSON(w, d)
			}
			return infoTable(w, d)
		})
	}
	return cmd
}

// infoTable writes a description for people.
func infoTable(w io.Writer, d *collector.Description) error {
	var b strings.Builder
	line := func(what, format string, args ...any) {
		fmt.Fprintf(&b, "%-13s %s\n", what, render.Clean(fmt.Sprintf(format, args...)))
	}
	line("path", "%s (%s)", d.Path, map[string]string{
		"folder": "a snapshot folder", "archive": "an archive of a snapshot", "import": "no snapshot yet; pathfinder import makes one",
	}[d.Form])
	made := "it does not say when"
	if d.Created != nil {
		made = d.Created.Format(time.RFC3339)
	}
	if d.CreatedBy != "" {
		made += " by " + d.CreatedBy
	}
	line("made", "%s", made)
	if o := d.Organization; o != nil {
		line("organization", "%s, management account %s", o.ID, o.ManagementAccount)
	} else {
		line("organization", "none is known")
	}
	line("accounts", "%d, IAM read in %d", d.Accounts.Total, d.Accounts.WithIAM)
	line("principals", "%s, %s, %s", count(d.Principals.Users, "user"), count(d.Principals.Roles, "role"), count(d.Principals.Groups, "group"))
	line("documents", "%d, %d different", d.Documents.Total, d.Documents.Distinct)
	line("size", "%s on disk, %s of JSON", bytesOf(d.Bytes.Disk), bytesOf(d.Bytes.JSON))
	infoResources(&b, d.Resources)
	infoGaps(&b, d)
	_, err := io.WriteString(w, b.String())
	return err
}

func infoResources(b *strings.Builder, byType map[string]int) {
	total := 0
	for _, n := range byType {
		total += n
	}
	fmt.Fprintf(b, "%-13s %d\n", "resources", total)
	for _, t := range slices.Sorted(maps.Keys(byType)) {
		fmt.Fprintf(b, "%8d  %s\n", byType[t], render.Clean(t))
	}
}

func infoGaps(b *strings.Builder, d *collector.Description) {
	if d.Complete {
		fmt.Fprintf(b, "%-13s nothing, as far as is known\n", "missing")
		return
	}
	fmt.Fprintf(b, "%-13s %s", "missing", count(d.Gaps.Total, "fact"))
	if n := d.Accounts.Total - d.Accounts.WithIAM; n > 0 {
		fmt.Fprintf(b, ", and IAM of %s", count(n, "account"))
	}
	b.WriteByte('\n')
	for _, r := range d.Gaps.Reasons {
		why := r.Why
		if r.Service != "" {
			why = r.Service + ": " + why
		}
		fmt.Fprintf(b, "%8d  %s\n", r.Count, render.Clean(why))
	}
	if d.Gaps.Other > 0 {
		fmt.Fprintf(b, "          and %d other %s\n", d.Gaps.Other, plural(d.Gaps.Other, "reason"))
	}
}

func count(n int, word string) string { return fmt.Sprintf("%d %s", n, plural(n, word)) }

// bytesOf writes a size for people.
func bytesOf(n int64) string {
	switch {
	case n < 10_000:
		return fmt.Sprintf("%d bytes", n)
	case n < 10_000_000:
		return fmt.Sprintf("%d kB", n/1000)
	}
	return fmt.Sprintf("%d MB", n/1_000_000)
}
