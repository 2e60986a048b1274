package main

import (
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"strings"

	"pathfinder/render"
)

func main() {
	relaxGC(os.Getenv)
	os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr, os.Getenv))
}

// app is what commands share: where they read and write.
type app struct {
	stdin          io.Reader
	stdout, stderr io.Writer
	env            func(string) string
	facts
}

// run carries out one command line and returns the exit code.
func run(args []string, stdin io.Reader, stdout, stderr io.Writer, env func(string) string) (code int) {
	defer func() {
		if fault := recover(); fault != nil {
			fmt.Fprintf(stderr, "pathfinder: BUG: %s\n\n%s\n", render.Clean(fmt.Sprint(fault)), debug.Stack())
			code = explainBug(stderr)
		}
	}()
	a := &app{stdin: stdin, stdout: stdout, stderr: stderr, env: env}
	root := a.root()
	root.SetArgs(args)
	root.SetIn(stdin)
	root.SetOut(stdout)
	root.SetErr(stderr)
	strict(root)
	err := root.Execute()
	code = exitCode(err)
	if err != nil && err.Error() != "" {
		fmt.Fprintf(stderr, "pathfinder: %s\n", cleanLines(err.Error()))
	}
	if code == exitBug {
		explainBug(stderr)
	}
	return code
}

func explainBug(stderr io.Writer) int {
	fmt.Fprintln(stderr, "This is a fault of pathfinder, not yours. Please report it with the text above, the command line, and what `pathfinder version` prints.")
	return exitBug
}

// cleanLines cleans a message but keeps its line ends: errors about files have
// one line a problem.
func cleanLines(s string) string {
	lines := strings.Split(strings.TrimRight(s, "\n"), "\n")
	for i := range lines {
		lines[i] = render.Clean(strings.ReplaceAll(lines[i], "\t", "  "))
	}
	return strings.Join(lines, "\n")
}
