package snapshot

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// A Problem is something wrong in a snapshot, told to whoever wrote it.
type Problem struct {
	File    string // relative to the snapshot; "" for the snapshot as a whole
	Line    int    // counted from 1; 0 when unknown
	Pointer string // JSON pointer; "" for the file as a whole
	Message string // lower case, names the value and says what to do
	Warning bool   // suspicious, but the snapshot can be used as it is
}

// Error prints "accounts/1…/resources.json: line 12: /Resources/3/Arn: …".
func (p *Problem) Error() string {
	var b strings.Builder
	if p.File != "" {
		b.WriteString(p.File + ": ")
	}
	if p.Line > 0 {
		b.WriteString("line " + strconv.Itoa(p.Line) + ": ")
	}
	if p.Pointer != "" {
		b.WriteString(shorten(p.Pointer, maxPointer) + ": ")
	}
	b.WriteString(p.Message)
	return b.String()
}

// maxShown bounds the problems that one error lists. Someone who has twenty to
// repair doesn't need the rest yet.
const maxShown = 20

// maxKept bounds the problems that are remembered for one file, and that
// Validate lists for one snapshot.
const maxKept = 1000

// problems collects what is wrong, up to maxKept.
type problems struct {
	list []*Problem
	more int // not kept
}

func (ps *problems) add(p *Problem) {
	if len(ps.list) >= maxKept {
		ps.more++
		return
	}
	ps.list = append(ps.list, p)
}

func (ps *problems) addf(file, pointer, format string, args ...any) {
	ps.add(&Problem{File: file, Pointer: pointer, Message: fmt.Sprintf(format, args...)})
}

func (ps *problems) merge(other *problems) {
	for _, p := range other.list {
		ps.add(p)
	}
	ps.more += other.more
}

// err joins the problems; nil when there are none.
func (ps *problems) err() error {
	n := min(len(ps.list), maxShown)
	errs := make([]error, 0, n+1)
	for _, p := range ps.list[:n] {
		errs = append(errs, p)
	}
	if rest := len(ps.list) - n + ps.more; rest > 0 {
		errs = append(errs, fmt.Errorf("… and %d more", rest))
	}
	return errors.Join(errs...)
}

// all lists the kept problems; a last one says how many more there are.
func (ps *problems) all() []*Problem {
	list := ps.list
	if ps.more > 0 {
		list = append(list, &Problem{Message: fmt.Sprintf("… and %d more", ps.more)})
	}
	return list
}

// maxPointer is how much is shown of a JSON pointer: real ones are far shorter.
const maxPointer = 400

// quote shortens hostile or long text for a message.
func quote(s string) string { return strconv.Quote(shorten(s, 80)) }

func shorten(s string, most int) string {
	if len(s) > most {
		s = strings.ToValidUTF8(s[:most-3], "") + "..."
	}
	return s
}
