package authdetails

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/go-json-experiment/json/jsontext"

	"pathfinder/collector/snapshot"
)

// holdsPages reports whether a file holds several objects: a list of them, as jq -s
// makes it, or one behind the other, as they are appended to a file.
func (f file) holdsPages() bool {
	r, err := snapshot.OpenFile(f.fsys, f.name)
	if err != nil {
		return false
	}
	defer r.Close() //nolint:errcheck // only read from
	dec := jsontext.NewDecoder(r)
	if dec.PeekKind() == jsontext.KindBeginArray {
		return true
	}
	if dec.SkipValue() != nil {
		return false
	}
	next := dec.PeekKind()
	return next == jsontext.KindBeginObject || next == jsontext.KindBeginArray
}

// readPages reads a file of several objects. The error tells about every one that
// cannot be used, up to maxErrors.
func (f file) readPages() ([]*page, error) {
	r, err := snapshot.OpenFile(f.fsys, f.name)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", f.shown, err)
	}
	defer r.Close() //nolint:errcheck // only read from
	text, err := io.ReadAll(r)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", f.shown, err)
	}
	var pages []*page
	var errs []error
	dec := jsontext.NewDecoder(bytes.NewBuffer(text))
	line, counted := 1, 0 // up to there
	for n := 1; len(errs) < maxErrors; n++ {
		one, err := nextObject(dec)
		if errors.Is(err, io.EOF) {
			break
		}
		shown := fmt.Sprintf("%s: page %d", f.shown, n)
		switch {
		case errors.Is(err, io.ErrUnexpectedEOF):
			return nil, errors.Join(append(errs, fmt.Errorf("%s: this is not JSON: it ends too early; is the file cut off?", shown))...)
		case err != nil:
			return nil, errors.Join(append(errs, fmt.Errorf("%s: this is not JSON: %w", shown, err))...)
		}
		begin := int(dec.InputOffset()) - len(one)
		line, counted = line+bytes.Count(text[counted:begin], []byte{'\n'}), begin
		if p, why := f.page(shown, line, one); why != nil {
			errs = append(errs, why)
		} else {
			pages = append(pages, p)
		}
	}
	return pages, errors.Join(append(errs, owned(pages))...)
}

// nextObject returns the next value of a text, out of its lists; the error is
// [io.EOF] behind the last one.
func nextObject(dec *jsontext.Decoder) (jsontext.Value, error) {
	for {
		kind := dec.PeekKind()
		if kind == jsontext.KindBeginArray && dec.StackDepth() == 0 || kind == jsontext.KindEndArray {
			if _, err := dec.ReadToken(); err != nil {
				return nil, err
			}
			continue
		}
		return dec.ReadValue()
	}
}
