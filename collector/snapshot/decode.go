package snapshot

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// decode reads the JSON file name into v; nil means that all is well.
func decode(fsys fs.FS, name string, limit int64, v any) *Problem {
	f, err := open(fsys, name, limit)
	if err != nil {
		return &Problem{File: name, Message: "cannot be read: " + err.Error()}
	}
	defer f.Close() //nolint:errcheck // only read from
	if err = json.UnmarshalRead(f, v); err == nil {
		return nil
	}
	p, offset := explain(again(fsys, name, limit, v, err))
	p.File = name
	if offset >= 0 {
		p.Line = lineAt(fsys, name, limit, offset)
	}
	return p
}

// againLimit is how large a file may be that is read once more for its error.
const againLimit = 64 << 20

// again returns the error of decoding a file as a whole. While a file is read in
// pieces, the pointer of a syntax error depends on where a piece ends, and so on
// what was decoded before.
func again(fsys fs.FS, name string, limit int64, v any, first error) error {
	if _, ok := errors.AsType[*jsontext.SyntacticError](first); !ok {
		return first
	}
	f, err := open(fsys, name, min(limit, againLimit))
	if err != nil {
		return first
	}
	defer f.Close() //nolint:errcheck // only read from
	text, err := io.ReadAll(f)
	if err != nil {
		return first
	}
	return cmp.Or(json.Unmarshal(text, reflect.New(reflect.TypeOf(v).Elem()).Interface()), first)
}

// explain turns an error of the JSON library into a problem and the byte
// offset of its place, or -1.
func explain(err error) (*Problem, int64) {
	if e, ok := errors.AsType[*sizeError](err); ok {
		return &Problem{Message: e.msg}, -1
	}
	if e, ok := errors.AsType[*json.SemanticError](err); ok {
		return &Problem{Pointer: string(e.JSONPointer), Message: mismatch(e)}, e.ByteOffset
	}
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
		return &Problem{Message: "this is not JSON: it ends too early; is the file cut off, or a bracket missing?"}, -1
	}
	if e, ok := errors.AsType[*jsontext.SyntacticError](err); ok {
		return &Problem{Pointer: string(e.JSONPointer), Message: "this is not JSON: " + hint(e)}, e.ByteOffset
	}
	return &Problem{Message: "cannot be read: " + err.Error()}, -1
}

// hint says what is likely wrong with the syntax.
func hint(e *jsontext.SyntacticError) string {
	msg := e.Err.Error()
	switch {
	case strings.Contains(msg, "duplicate"):
		return "the same key stands twice in one object; keep one of them"
	case strings.Contains(msg, "after object value"), strings.Contains(msg, "after array element"):
		return msg + "; is a comma missing before it?"
	case strings.Contains(msg, "'}'"), strings.Contains(msg, "']'"):
		return msg + "; is there a comma too many before it?"
	case strings.Contains(msg, "after top-level value"):
		return "the file goes on behind its end; one file holds one object"
	}
	return msg
}

// mismatch says what was expected in place of a value.
func mismatch(e *json.SemanticError) string {
	if e.GoType == nil || e.JSONKind == 0 {
		if e.Err != nil {
			return "cannot be understood: " + e.Err.Error()
		}
		return "cannot be understood"
	}
	if e.GoType == reflect.TypeFor[time.Time]() && e.JSONKind == jsontext.KindString {
		return "expected " + wanted(e.GoType) + " here, found another text"
	}
	found := map[jsontext.Kind]string{
		'n': "null", 't': "true", 'f': "false", '"': "a text", '0': "a number", '{': "an object", '[': "a list",
	}[e.JSONKind]
	return "expected " + wanted(e.GoType) + " here, found " + cmp.Or(found, "something else")
}

func wanted(t reflect.Type) string {
	if t == reflect.TypeFor[time.Time]() {
		return "a time such as \"2026-11-01T02:00:00Z\""
	}
	switch t.Kind() {
	case reflect.Pointer:
		return wanted(t.Elem())
	case reflect.String:
		return "a text"
	case reflect.Bool:
		return "true or false"
	case reflect.Int:
		return "a whole number"
	case reflect.Slice:
		return "a list"
	case reflect.Struct, reflect.Map:
		return "an object"
	default:
		return "another kind of value"
	}
}

// locate fills in the lines of problems that have a pointer but no line, for
// the first few of each file: each costs a pass over it.
func locate(fsys fs.FS, limit int64, list []*Problem) {
	done := make(map[string]int)
	for _, p := range list {
		if p.Line > 0 || p.Pointer == "" || p.File == "" || done[p.File] >= maxShown {
			continue
		}
		done[p.File]++
		p.Line = lineOf(fsys, p.File, limit, p.Pointer)
	}
}

// lineOf returns the line of what a pointer names, or of the nearest thing
// around it that exists; 0 when the file can't be read.
func lineOf(fsys fs.FS, name string, limit int64, pointer string) int {
	f, err := open(fsys, name, limit)
	if err != nil {
		return 0
	}
	defer f.Close() //nolint:errcheck // only read from
	at, ok := offsetOf(f, pointer)
	if !ok {
		return 0
	}
	return lineAt(fsys, name, limit, at)
}

// offsetOf returns where what a pointer names ends or begins in a JSON text, or the
// nearest thing around it that exists.
func offsetOf(text io.Reader, pointer string) (at int64, ok bool) {
	dec := jsontext.NewDecoder(text)
	for token := range jsontext.Pointer(pointer).Tokens() {
		tok, err := dec.ReadToken()
		if err != nil {
			return 0, false
		}
		at = dec.InputOffset()
		if !descend(dec, tok.Kind(), token) {
			return at, true
		}
	}
	_, err := dec.ReadToken()
	return dec.InputOffset(), err == nil
}

// descend skips ahead to the member or element called token of the object or
// array that was just opened.
func descend(dec *jsontext.Decoder, kind jsontext.Kind, token string) bool {
	switch kind {
	case jsontext.KindBeginObject:
		for dec.PeekKind() == jsontext.KindString {
			key, err := dec.ReadToken()
			if err != nil {
				return false
			}
			if key.String() == token {
				return true
			}
			if dec.SkipValue() != nil {
				return false
			}
		}
	case jsontext.KindBeginArray:
		n, err := strconv.Atoi(token)
		if err != nil {
			return false
		}
		for range n {
			if dec.PeekKind() == jsontext.KindEndArray || dec.SkipValue() != nil {
				return false
			}
		}
		return dec.PeekKind() != jsontext.KindEndArray
	}
	return false
}

// lineAt counts the lines up to an offset.
func lineAt(fsys fs.FS, name string, limit, offset int64) int {
	f, err := open(fsys, name, limit)
	if err != nil {
		return 0
	}
	defer f.Close() //nolint:errcheck // only read from
	line, buf := 1, make([]byte, 64<<10)
	for offset > 0 {
		n, err := f.Read(buf[:min(int64(len(buf)), offset)])
		line += bytes.Count(buf[:n], []byte{'\n'})
		offset -= int64(n)
		if err != nil {
			break
		}
	}
	return line
}

var pointerEscaper = strings.NewReplacer("~", "~0", "/", "~1")

// at makes a JSON pointer from names and indexes.
func at(parts ...any) string {
	var b strings.Builder
	for _, p := range parts {
		b.WriteByte('/')
		switch p := p.(type) {
		case string:
			b.WriteString(pointerEscaper.Replace(p))
		default:
			fmt.Fprint(&b, p)
		}
	}
	return b.String()
}
