package snapshot

import (
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"pathfinder/graphmodel/inventory"
)

// A Fact is a field that tells "nobody looked" from "there is none". In JSON it
// is absent, null, or a value. The zero Fact is absent.
type Fact[T any] struct {
	Known inventory.Known
	Value T // meaningful when Known is Have
}

// Have returns the fact that v was read.
func Have[T any](v T) Fact[T] { return Fact[T]{Known: inventory.Have, Value: v} }

// None returns the fact that it was read and there is none.
func None[T any]() Fact[T] { return Fact[T]{Known: inventory.None} }

// IsZero reports whether nobody looked; the field is then left out.
func (f Fact[T]) IsZero() bool { return f.Known == inventory.NotRead }

// MarshalJSONTo writes null or the value.
func (f Fact[T]) MarshalJSONTo(enc *jsontext.Encoder) error {
	if f.Known != inventory.Have {
		return enc.WriteToken(jsontext.Null)
	}
	return json.MarshalEncode(enc, f.Value)
}

// UnmarshalJSONFrom reads null or a value.
func (f *Fact[T]) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	*f = Fact[T]{Known: inventory.None}
	if dec.PeekKind() == jsontext.KindNull {
		return dec.SkipValue()
	}
	f.Known = inventory.Have
	return json.UnmarshalDecode(dec, &f.Value)
}
