package authdetails

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"pathfinder/collector/snapshot"
)

// lists are the fields that tell authorization details from other JSON; the
// fourth, Policies, stands in too many other answers of AWS.
var lists = []string{"UserDetailList", "GroupDetailList", "RoleDetailList"}

// Recognize returns nil when a file holds authorization details; otherwise the
// error says what was looked for and what was found. It reads no more of the
// file than it needs to.
func Recognize(fsys fs.FS, name string) error {
	f, err := snapshot.OpenFile(fsys, name)
	if err != nil {
		return err
	}
	defer f.Close() //nolint:errcheck // only read from
	dec := jsontext.NewDecoder(f)
	if dec.PeekKind() == jsontext.KindBeginArray { // of pages
		if _, err := dec.ReadToken(); err != nil {
			return err
		}
		if dec.PeekKind() == jsontext.KindEndArray {
			return errors.New("this is an empty list, where pages of get-account-authorization-details should stand")
		}
	}
	return recognizeObject(dec)
}

// recognizeObject is about the object that comes next.
func recognizeObject(dec *jsontext.Decoder) error {
	switch dec.PeekKind() {
	case jsontext.KindBeginObject:
	case jsontext.KindInvalid:
		if _, err := dec.ReadToken(); errors.Is(err, io.EOF) {
			return errors.New("the file is empty")
		}
		fallthrough
	default:
		return errors.New("this is neither a JSON object, as get-account-authorization-details prints it, nor a list of them")
	}
	if _, err := dec.ReadToken(); err != nil {
		return err
	}
	var found []string
	for dec.PeekKind() == jsontext.KindString {
		key, err := dec.ReadToken()
		if err != nil {
			return err
		}
		field := key.String()
		if slices.Contains(lists, field) {
			return nil
		}
		if len(found) < maxFields {
			found = append(found, field)
		}
		if err := dec.SkipValue(); err != nil {
			break // what was found says enough
		}
	}
	return fmt.Errorf("this is not the output of get-account-authorization-details: looked for %s, found %s",
		strings.Join(lists, ", "), fields(found))
}

// maxFields bounds the fields that a message lists.
const maxFields = 8

func fields(found []string) string {
	if len(found) == 0 {
		return "no fields"
	}
	for i, f := range found {
		found[i] = fmt.Sprintf("%.40q", f)
	}
	return strings.Join(found, ", ")
}
