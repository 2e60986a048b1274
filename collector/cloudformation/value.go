package cloudformation

import (
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// A kind tells what a value is.
type kind uint8

const (
	kindNull    kind = iota
	kindBool         // text is "true" or "false"
	kindNumber       // text is the number as written
	kindText         // text
	kindList         // vals
	kindObject       // keys and vals
	kindUnknown      // text says why
	kindAbsent       // AWS::NoValue: as if it did not stand there
)

// A value is a node of a template, or what became of it. Values are not
// changed once they are made; several places may hold the same one.
type value struct {
	kind kind
	line int
	text string
	keys []string
	vals []*value

	index map[string]int // of keys, made when a large object is first asked
}

var absent = &value{kind: kindAbsent}

func text(s string) *value { return &value{kind: kindText, text: s} }

func unknown(why string) *value { return &value{kind: kindUnknown, text: why} }

// at gives a value another line.
func (v *value) at(line int) *value {
	if v.line == line {
		return v
	}
	c := *v
	c.line, c.index = line, nil
	return &c
}

// indexFrom is the number of members from which an object has an index.
const indexFrom = 16

// get returns a member of an object; nil when there is none.
func (v *value) get(key string) *value {
	if v == nil || v.kind != kindObject {
		return nil
	}
	if len(v.keys) < indexFrom {
		if i := slices.Index(v.keys, key); i >= 0 {
			return v.vals[i]
		}
		return nil
	}
	if v.index == nil {
		v.index = make(map[string]int, len(v.keys))
		for i, k := range v.keys {
			v.index[k] = i
		}
	}
	if i, ok := v.index[key]; ok {
		return v.vals[i]
	}
	return nil
}

// set adds a member to an object that is being made.
func (v *value) set(key string, val *value) {
	if v.index != nil {
		v.index[key] = len(v.keys)
	}
	v.keys = append(v.keys, key)
	v.vals = append(v.vals, val)
}

// weight is about what a value takes in memory besides its text.
const weight = 64

// size counts what a value takes, and stops counting beyond a limit.
func (v *value) size(limit int) int {
	n := weight + len(v.text)
	for i, e := range v.vals {
		if n > limit {
			break
		}
		if v.kind == kindObject {
			n += len(v.keys[i])
		}
		n += e.size(limit - n)
	}
	return n
}

// scalar returns the text of a text, number or boolean.
func (v *value) scalar() (string, bool) {
	if v == nil {
		return "", false
	}
	switch v.kind {
	case kindText, kindNumber, kindBool:
		return v.text, true
	case kindNull, kindList, kindObject, kindUnknown, kindAbsent:
	}
	return "", false
}

// missing reports whether nothing was given.
func (v *value) missing() bool {
	return v == nil || v.kind == kindAbsent || v.kind == kindNull
}

// reason returns why something in v is not known, the first in its order.
func (v *value) reason() (why string, found bool) {
	if v == nil {
		return "", false
	}
	if v.kind == kindUnknown {
		return v.text, true
	}
	for _, e := range v.vals {
		if why, found = e.reason(); found {
			return why, true
		}
	}
	return "", false
}

// what names the kind of a value for messages.
func (v *value) what() string {
	if v == nil {
		return "nothing"
	}
	switch v.kind {
	case kindNull, kindAbsent:
		return "nothing"
	case kindBool:
		return "true or false"
	case kindNumber:
		return "a number"
	case kindText:
		return "a text"
	case kindList:
		return "a list"
	case kindObject:
		return "an object"
	case kindUnknown:
	}
	return "an unknown value"
}

// json writes a value that is known to its end. Numbers and booleans become
// texts, as CloudFormation hands them to the services.
func (v *value) json(raw bool) jsontext.Value {
	var b strings.Builder
	enc := jsontext.NewEncoder(&b, jsontext.AllowInvalidUTF8(true), jsontext.AllowDuplicateNames(true))
	v.write(enc, raw)
	return jsontext.Value(strings.TrimSuffix(b.String(), "\n"))
}

func (v *value) write(enc *jsontext.Encoder, raw bool) {
	put := func(t jsontext.Token) { _ = enc.WriteToken(t) } // a builder does not fail
	switch v.kind {
	case kindNull, kindAbsent, kindUnknown:
		put(jsontext.Null)
	case kindText:
		put(jsontext.String(v.text))
	case kindNumber, kindBool:
		if raw && (v.kind == kindBool || jsontext.Value(v.text).IsValid()) {
			_ = enc.WriteValue(jsontext.Value(v.text))
			return
		}
		put(jsontext.String(v.text))
	case kindList:
		put(jsontext.BeginArray)
		for _, e := range v.vals {
			e.write(enc, raw)
		}
		put(jsontext.EndArray)
	case kindObject:
		put(jsontext.BeginObject)
		for i, e := range v.vals {
			put(jsontext.String(v.keys[i]))
			e.write(enc, raw)
		}
		put(jsontext.EndObject)
	}
}
