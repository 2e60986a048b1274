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

// holdsLines reports whether a file holds one object a line: its first line is an
// object and something follows, or it is named so and does not begin otherwise.
func (f file) holdsLines() (bool, error) {
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
	if strings.HasSuffix(strings.TrimSuffix(f.name, ".zst"), ".jsonl") {
		return !bytes.HasPrefix(line, []byte("[")) && string(bytes.TrimSpace(line)) != "{", nil
	}
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
	return pages, errors.Join(append(errs, owned(pages))...)
}

// line reads one line of a file.
func (f file) line(n int, text []byte) (*page, error) {
	return f.page(fmt.Sprintf("%s: line %d", f.shown, n), n, text)
}

// page reads one page of a file of several, which begins in a line of the file. Its
// account is empty where the page names none.
func (f file) page(shown string, line int, text []byte) (*page, error) {
	if err := recognizeObject(jsontext.NewDecoder(bytes.NewReader(text))); err != nil {
		return nil, fmt.Errorf("%s: %w", shown, err)
	}
	d, account, err := snapshot.ReadDetailsPage(f.shown, line, text)
	if err != nil {
		return nil, err
	}
	return &page{shown: shown, file: f.shown, account: cmp.Or(account, f.accountOfName()), details: d}, nil
}

// owned gives the pages of a file that name no account, such as an empty last one, the
// account of the others. It is an error when they have none, or several.
func owned(pages []*page) error {
	var account string
	for _, p := range pages {
		switch {
		case p.account == "" || p.account == account:
		case account != "":
			account = severalAccounts
		default:
			account = p.account
		}
	}
	var errs []error
	for _, p := range pages {
		switch {
		case p.account != "":
		case account == "" || account == severalAccounts:
			errs = append(errs, fmt.Errorf("%s: there is no ARN here, so its account is unknown; leave it out, or keep one account in a file and name it <12 digits>.json", p.shown))
		default:
			p.account = account
		}
	}
	return errors.Join(errs[:min(len(errs), maxErrors)]...)
}

// severalAccounts stands for the account of a file that holds more than one.
const severalAccounts = "several"

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
