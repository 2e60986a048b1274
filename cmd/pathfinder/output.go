package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"pathfinder/render"
)

// output holds where an answer goes, and in which format.
type output struct {
	format  string
	out     string
	formats []string
}

func (o *output) flags(a *app, cmd *cobra.Command, formats []string) {
	o.formats = formats
	f := cmd.Flags()
	f.StringVarP(&o.format, "format", "f", "", "how the answer is written: "+strings.Join(formats, ", ")+" (default table, or what the ending of --out says)")
	f.StringVarP(&o.out, "out", "o", "", "write to `FILE` instead of stdout; it appears complete or not at all")
	err := cmd.RegisterFlagCompletionFunc("format", cobra.FixedCompletions(formats, cobra.ShellCompDirectiveNoFileComp))
	if err != nil {
		panic("BUG: " + err.Error())
	}
}

// endings of file names that are not a format's name.
var endings = map[string]string{"mmd": "mermaid", "htm": "html", "zip": "neo4j"}

// otherEndings are of files that other programs open, and that a table is not: formats of
// other commands, and what a picture or a list is often wanted as.
var otherEndings = append(slices.Clone(pictureFormats),
	"csv", "jsonl", "json", "sarif", "parquet", "sqlite", "mmd", "htm", "zip",
	"pdf", "eps", "jpg", "jpeg", "gif", "webp", "xml", "yaml", "yml", "xls", "xlsx", "doc", "docx", "vsdx", "drawio")

// binaryFormats are not for terminals; with the ending of their files.
var binaryFormats = map[string]string{"png": ".png", "neo4j": ".zip"}

// resolve decides the format before any work is done.
func (o *output) resolve(a *app) error {
	if o.format == "" {
		o.format = "table"
		ending := strings.TrimPrefix(filepath.Ext(o.out), ".")
		if format, ok := endings[ending]; ok {
			ending = format
		}
		switch {
		case slices.Contains(o.formats, ending):
			o.format = ending
		case slices.Contains(otherEndings, ending):
			return fmt.Errorf("--out %s: there is no format for this ending; use that of one of %s, or give --format", o.out, strings.Join(o.formats, ", "))
		}
	}
	if err := oneOf("format", o.format, o.formats); err != nil {
		return err
	}
	if ending, binary := binaryFormats[o.format]; binary && o.toStdout() && width(a.stdout) > 0 {
		return fmt.Errorf("%s is not for the terminal: give --out FILE%s", o.format, ending)
	}
	return nil
}

func (o *output) toStdout() bool { return o.out == "" || o.out == "-" }

// options says how tables look where the answer goes.
func (o *output) options(a *app, accounts map[string]string) render.Options {
	opts := render.Options{Accounts: accounts}
	if !o.toStdout() {
		return opts
	}
	if opts.Width = width(a.stdout); opts.Width > 0 {
		opts.Color = a.env("NO_COLOR") == "" && a.env("TERM") != "dumb"
	}
	return opts
}

// width returns the columns of the terminal behind w; 0 if there is none.
func width(w io.Writer) int {
	f, ok := w.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		return 0
	}
	columns, _, err := term.GetSize(int(f.Fd()))
	if err != nil || columns < 1 {
		return 80
	}
	return columns
}

// write writes the answer to stdout or the file. On stdout it is complete
// before its first byte is written.
func (o *output) write(a *app, render func(io.Writer) error) error {
	render, err := a.sure(render)
	if err != nil {
		return err
	}
	if !o.toStdout() {
		return writeFile(o.out, render)
	}
	var b bytes.Buffer
	if err := render(&b); err != nil {
		return err
	}
	_, err = a.stdout.Write(b.Bytes())
	return err
}

// unfinished is how names of files in the making begin.
const unfinished = ".pathfinder-"

// writeFile puts a file in place by rename, once write has written all of it.
// It is for its owner alone, pictures too: what is in it tells an attacker where
// to go. Links are followed, and what is no regular file, such as a pipe, is
// written to as it is.
func writeFile(name string, write func(io.Writer) error) error {
	if target, err := filepath.EvalSymlinks(name); err == nil {
		name = target
	}
	if info, err := os.Stat(name); err == nil && !info.Mode().IsRegular() {
		if info.IsDir() {
			return fmt.Errorf("--out %s is a folder; name a file", name)
		}
		f, err := os.OpenFile(name, os.O_WRONLY, 0)
		if err != nil {
			return err
		}
		return errors.Join(write(f), f.Close())
	}
	f, err := os.CreateTemp(filepath.Dir(name), unfinished+"*") // with mode 0600
	if err != nil {
		return fmt.Errorf("--out %s: the folder %s: %w", name, filepath.Dir(name), unnamed(err))
	}
	defer removeIfEnded(f.Name())()
	// After the rename there is nothing to remove.
	defer os.Remove(f.Name()) //nolint:errcheck // also when write panics
	out := bufio.NewWriter(f)
	if err = write(out); err == nil {
		err = out.Flush()
	}
	err = errors.Join(err, f.Close())
	if what := unnamed(err); what != err { //nolint:errorlint // whether it is the same, not what kind
		return fmt.Errorf("--out %s: %w", name, what)
	}
	if err != nil {
		return err
	}
	return os.Rename(f.Name(), name)
}

// unnamed returns what went wrong with a file in the making without the name that it has
// meanwhile; an error that is not about a file as it is.
func unnamed(err error) error {
	if e, ok := errors.AsType[*fs.PathError](err); ok && strings.HasPrefix(filepath.Base(e.Path), unfinished) {
		return e.Err
	}
	return err
}
