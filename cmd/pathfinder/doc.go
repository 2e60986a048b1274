// Pathfinder answers who can reach which AWS resource, by which path, and
// under which conditions.
//
// The command is wiring only: one file a command reads flags and arguments,
// asks the solver, and has render write the answer. Data goes to stdout or to
// the file of --out, everything else to stderr. The exit codes are in exit.go.
// Nothing that a command does not need is loaded: version and help take a few
// milliseconds.
package main
