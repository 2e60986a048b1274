package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"

	"pathfinder/collector/snapshot"
)

// errTooLarge is what a text is that exceeds its limit.
var errTooLarge = errors.New("the file is too large")

// readText reads a text of limited length; the error says what to do about a file that is
// none.
func readText(r io.Reader, most int64) ([]byte, error) {
	text, err := io.ReadAll(io.LimitReader(r, most+1))
	switch {
	case err != nil:
		return nil, plainError(err)
	case int64(len(text)) > most:
		return nil, errTooLarge
	}
	return text, snapshot.CheckText(text)
}

// textOf reads a text of any length, without the mark that Windows tools put in front.
func textOf(r io.Reader) (io.Reader, error) {
	text := bufio.NewReader(r)
	head, err := text.Peek(len(snapshot.ByteOrderMark))
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, plainError(err)
	}
	if strings.HasPrefix(string(head), snapshot.ByteOrderMark) {
		_, _ = text.Discard(len(snapshot.ByteOrderMark)) // it was looked at
	}
	return text, snapshot.CheckText(head)
}

// plainError cuts the name of a file off an error, which is told before it.
func plainError(err error) error {
	if pe, ok := errors.AsType[*fs.PathError](err); ok {
		return pe.Err
	}
	return err
}

// outError tells an error about what --out names, which begins with its path.
func outError(err error) error {
	if pe, ok := err.(*fs.PathError); ok { //nolint:errorlint // one that is wrapped is told with more
		return fmt.Errorf("--out %s: %w", pe.Path, pe.Err)
	}
	return fmt.Errorf("--out %w", err)
}
