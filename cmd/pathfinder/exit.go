package main

import (
	"errors"
	"strings"
)

// The exit codes.
const (
	exitAnswered   = 0  // the question was answered
	exitFailed     = 1  // a check that the user asked for failed
	exitUsage      = 2  // bad usage or input
	exitIncomplete = 3  // answered or collected, but something is not known; the answer or the manifest says what
	exitBug        = 70 // our own fault
)

// Outcomes that are no mistakes of anybody. The answer has been written.
var (
	errCheckFailed = errors.New("") // the last line of the answer says it
	errIncomplete  = errors.New("the answer is incomplete: it says what is not known (exit code 3)")
	errNotAllRead  = errors.New("not everything could be read: the manifest says what (exit code 3)")
)

// interrupted is a collection that was stopped and can go on.
type interrupted struct{ error }

// exitCode returns the exit code of a command that ended with err. Whatever
// is not known to be something else is a mistake in the command line or the
// input, which is what commands report.
func exitCode(err error) int {
	switch {
	case err == nil:
		return exitAnswered
	case errors.Is(err, errCheckFailed):
		return exitFailed
	case errors.Is(err, errIncomplete), errors.Is(err, errNotAllRead), errors.As(err, new(interrupted)):
		return exitIncomplete
	case strings.Contains(err.Error(), "BUG:"):
		return exitBug
	}
	return exitUsage
}
