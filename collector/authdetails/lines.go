package authdetails

import (
	"bufio"
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"pathfinder/collector/snapshot"
)

// MaxLine is the most that is read of one line of a file of JSON lines. The
// largest accounts print some ten MiB.
const MaxLine = 256 << 20

// peek is how much of a file is looked at to tell JSON lines by content.
const peek = 1 << 20

// holdsLines reports whether a file holds one object a line: it is named so, or
// its first line is an object and something follows.
func (f file) holdsLines() (bool, error) {
	if strings.HasSuffix(strings.TrimSuffix(f.name, ".zst"), ".jsonl") {
		return true, nil
	}
	r, err := snapshot.OpenFile(f.fsys, f.name)
	if err != nil {
		return false, err
	}
	defer r.Close() //nolint:errcheck // only read from
	begin, err := io.ReadAll(io.LimitReader(r, peek))
	if err != nil {
		return false, err
	}
	line, rest, _ := bytes.Cut(bytes.TrimLeft(begin, " \t\r\n"), []byte("\n"))
	return len(bytes.TrimSpace(rest)) > 0 && jsontext.Value(line).IsValid(), nil
}

// readLines reads a file of JSON lines. The error tells about every line that
// cannot be used, up to maxErrors.
func (f file) readLines() ([]*page, error) {
	r, err := snapshot.OpenFile(f.fsys, f.name)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", f.shown, err)
	}
	defer r.Close() //nolint:errcheck // only read from
	var pages []*page
	var errs []error
	in := bufio.NewReaderSize(r, 256<<10)
	for n := 1; len(errs) < maxErrors; n++ {
		text, err := readLine(in)
		if err != nil && !errors.Is(err, io.EOF) {
			return nil, errors.Join(append(errs, fmt.Errorf("%s: line %d: %w", f.shown, n, err))...)
		}
		if len(bytes.TrimSpace(text)) > 0 {
			if p, why := f.line(n, text); why != nil {
				errs = append(errs, why)
			} else {
				pages = append(pages, p)
			}
		}
		if err != nil {
			break // the end
		}
	}
	return pages, errors.Join(errs...)
}

// line reads one line of a file.
func (f file) line(n int, text []byte) (*page, error) {
	if err := recognize(bytes.NewReader(text)); err != nil {
		return nil, fmt.Errorf("%s: line %d: %w", f.shown, n, err)
	}
	d, account, err := snapshot.ReadDetailsLine(f.shown, n, text)
	if err != nil {
		return nil, err
	}
	if account = cmp.Or(account, f.accountOfName()); account == "" {
		return nil, fmt.Errorf("%s: line %d: the line holds no ARN, so its account is unknown; leave it out, or keep one account in a file and name it <12 digits>.jsonl", f.shown, n)
	}
	return &page{shown: fmt.Sprintf("%s: line %d", f.shown, n), account: account, details: d}, nil
}

// readLine reads up to the end of a line. The result is new.
func readLine(in *bufio.Reader) (line []byte, err error) {
	for {
		part, err := in.ReadSlice('\n')
		if len(line)+len(part) > MaxLine {
			return nil, fmt.Errorf("the line is longer than %d MiB; write one page a line", MaxLine>>20)
		}
		line = append(line, part...)
		if !errors.Is(err, bufio.ErrBufferFull) {
			return line, err
		}
	}
}
