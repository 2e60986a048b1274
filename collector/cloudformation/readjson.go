package cloudformation

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/go-json-experiment/json/jsontext"
)

// A jsonReader reads JSON with its lines.
type jsonReader struct {
	dec    *jsontext.Decoder
	file   []byte
	budget budget
	offset int // of the last line that was counted
	line   int
}

func parseJSON(file []byte) (*value, error) {
	r := &jsonReader{
		dec: jsontext.NewDecoder(bytes.NewReader(file)), file: file, budget: budget{maxValues}, line: 1,
	}
	v, err := r.value(0)
	if err == nil {
		if _, more := r.dec.ReadToken(); !errors.Is(more, io.EOF) {
			err = errors.New("the file goes on behind its end")
		}
	}
	if err != nil {
		return nil, r.explain(err)
	}
	return v, nil
}

func (r *jsonReader) explain(err error) error {
	if e, ok := errors.AsType[*jsontext.SyntacticError](err); ok {
		return fmt.Errorf("line %d: this is not JSON: %w", 1+bytes.Count(r.file[:min(int(e.ByteOffset), len(r.file))], []byte{'\n'}), e.Err)
	}
	return fmt.Errorf("line %d: %w", r.here(), err)
}

// here returns the line of the token that was read last.
func (r *jsonReader) here() int {
	at := int(r.dec.InputOffset())
	r.line += bytes.Count(r.file[r.offset:at], []byte{'\n'})
	r.offset = at
	return r.line
}

func (r *jsonReader) value(depth int) (*value, error) {
	if err := r.budget.take(depth); err != nil {
		return nil, err
	}
	tok, err := r.dec.ReadToken()
	if err != nil {
		return nil, err
	}
	v := &value{line: r.here()}
	switch tok.Kind() {
	case jsontext.KindNull:
	case jsontext.KindTrue, jsontext.KindFalse:
		v.kind, v.text = kindBool, tok.String()
	case jsontext.KindNumber:
		v.kind, v.text = kindNumber, tok.String()
	case jsontext.KindString:
		v.kind, v.text = kindText, tok.String()
	case jsontext.KindBeginArray:
		v.kind = kindList
		for r.dec.PeekKind() != jsontext.KindEndArray {
			if err := r.element(v, depth); err != nil {
				return nil, err
			}
		}
		_, err = r.dec.ReadToken()
	case jsontext.KindBeginObject:
		v.kind = kindObject
		for r.dec.PeekKind() != jsontext.KindEndObject {
			key, err := r.dec.ReadToken()
			if err != nil {
				return nil, err
			}
			v.keys = append(v.keys, key.String())
			if err := r.element(v, depth); err != nil {
				return nil, err
			}
		}
		_, err = r.dec.ReadToken()
	}
	return v, err
}

func (r *jsonReader) element(v *value, depth int) error {
	e, err := r.value(depth + 1)
	v.vals = append(v.vals, e)
	return err
}
