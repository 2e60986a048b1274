package policy

import (
	"fmt"
	"strings"
)

// A Place is where something stands in a document. Lines and columns count
// from 1, columns in bytes.
type Place struct {
	Line, Column int
	Pointer      string // JSON pointer, such as /Statement/0/Action/2
}

// String prints "line 3, column 9 (/Statement/0)".
func (p Place) String() string {
	if p.Pointer == "" {
		return fmt.Sprintf("line %d, column %d", p.Line, p.Column)
	}
	return fmt.Sprintf("line %d, column %d (%s)", p.Line, p.Column, p.Pointer)
}

// Severity says what a fault means for decisions.
type Severity uint8

// The severities. Advice leaves the meaning of the statement alone; Refused
// means that AWS would not save it although its meaning is clear; Broken means
// that the statement is left out and decisions that could depend on it are
// uncertain.
const (
	Advice Severity = iota
	Refused
	Broken
)

// String returns "advice", "refused" or "broken".
func (s Severity) String() string {
	switch s {
	case Advice:
		return "advice"
	case Refused:
		return "refused"
	case Broken:
		return "broken"
	}
	return "invalid"
}

// A Fault is something wrong with a document, told to its author.
type Fault struct {
	Place     Place
	Severity  Severity
	Statement int    // index, or -1 for the document as a whole
	Message   string // lower case, names the value and says what to do
	Instead   string // the text that was probably meant; "" when none is likely
}

// String prints the place and the message.
func (f Fault) String() string { return f.Place.String() + ": " + f.Message }

// quote shortens hostile or long text for a message.
func quote(s string) string {
	if len(s) > 80 {
		s = strings.ToValidUTF8(s[:77], "") + "..."
	}
	return fmt.Sprintf("%q", s)
}
