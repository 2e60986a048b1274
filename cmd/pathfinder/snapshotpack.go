package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"pathfinder/collector"
	"pathfinder/collector/snapshot"
)

const snapshotPackHelp = `Writes a snapshot in its small form: .json.zst files, with each policy document
stored once, however many principals and resources carry it. Every command reads
that form too. When the name behind --out ends with .zip, it is one archive.

With --plain it goes the other way: JSON to read, diff and edit, the same bytes
that import writes.`

func (a *app) snapshotPack() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "pack SRC --out DIR|FILE.zip",
		Short: "Store a snapshot in little space, or unpack it",
		Long:  snapshotPackHelp,
		Example: `  pathfinder snapshot pack fixtures/acme --out acme.zip
  pathfinder snapshot pack acme.zip --out acme --plain`,
		Args: between(1, 1),
	}
	var out string
	var force, plain bool
	f := cmd.Flags()
	f.StringVarP(&out, "out", "o", "", "the snapshot folder or .zip file to write, new or empty")
	f.BoolVar(&force, "force", false, "replace the snapshot that is there")
	f.BoolVar(&plain, "plain", false, "write JSON with documents in their places")
	cmd.RunE = func(_ *cobra.Command, args []string) error { return a.pack(out, args[0], force, plain) }
	return cmd
}

func (a *app) pack(out, src string, force, plain bool) error {
	if out == "" {
		return errors.New("where to? give --out DIR or --out FILE.zip")
	}
	opts := snapshot.WriteOptions{Compress: !plain, Pack: !plain}
	write := snapshot.Write
	if strings.HasSuffix(out, ".zip") {
		write = snapshot.WriteArchive
		if err := newFile(out, force); err != nil {
			return err
		}
	} else if err := vacant(out, force); err != nil {
		return err
	}
	s, err := collector.OpenSnapshot(src)
	if err != nil {
		return err
	}
	if err := write(out, s, opts); err != nil {
		return outError(err)
	}
	places, different := s.CountDocuments()
	fmt.Fprintf(a.stderr, "%s written: %s, %s, %d different\n", out, count(len(s.Accounts), "account"), count(places, "document"), different)
	return nil
}

// newFile refuses to replace a file, unless forced, and anything else always.
func newFile(file string, force bool) error {
	info, err := os.Lstat(file)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return outError(err)
	case !info.Mode().IsRegular():
		return fmt.Errorf("--out %s: there is something that is no regular file; name another one", file)
	case !force:
		return fmt.Errorf("--out %s: the file is there already; name a new one, or give --force to replace it", file)
	}
	return nil
}
