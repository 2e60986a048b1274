package policy

import (
	"time"

	"pathfinder/graphmodel/arn"
)

// State says what is known of a condition key in one request.
type State uint8

// The states. Absence is a value of its own (E50, E215); the zero State is
// Absent.
const (
	Absent  State = iota // the request does not carry the key
	Present              // the request carries the value
	Open                 // nobody has said
)

// A Value is what one request holds under one condition key.
type Value struct {
	State State
	Multi bool     // the key is multivalued (E60); the values are in Many
	One   string   // the value of a single-valued key
	Many  []string // the values of a multivalued key, in request order

	// Within narrows an Open single-valued key: it is present, and its value
	// is one that the glob covers. "" says nothing.
	Within arn.Glob
	// From narrows an Open single-valued key that holds a time: where it is present, it is
	// not before this one. Zero says nothing.
	From time.Time
	// Except are values that an Open key does not hold, by globs.
	Except []arn.Glob
	// Never, unless it is nil, reports of a glob that an Open key holds nothing which it
	// covers.
	Never func(arn.Glob) bool
}

// Single returns a present value of a single-valued key.
func Single(s string) Value { return Value{State: Present, One: s} }

// List returns a present value of a multivalued key.
func List(s []string) Value { return Value{State: Present, Multi: true, Many: s} }

// A Context tells the condition keys of one request.
type Context interface {
	// Value returns what the request holds under key, which is in lower
	// case (E48).
	Value(key string) Value
}

// Values is a Context of plain values; keys are in lower case. What it does
// not hold is absent.
type Values map[string]Value

// Value returns the value of key, or an absent one.
func (v Values) Value(key string) Value { return v[key] }
