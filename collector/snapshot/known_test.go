package snapshot_test

import (
	"testing"

	"github.com/go-json-experiment/json/jsontext"

	"pathfinder/collector/snapshot"
)

// What fold makes of JSON is what the encoder makes of it.
func FuzzFold(f *testing.F) {
	for _, text := range []string{
		`{}`, `{ "a" : [ 1 , "b c" , { } ] }`, "{\n\t\"a\\\" \\\\\": \"\\\\\",\r\n \"b\": null }", `{"a": 1 2}`, `{"a": "b" "c"}`, `{"a": tr ue}`, `{"a`, `{"a\"`, `[]`, ` {"x": 1.50}`,
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		got, ok := snapshot.Fold(text)
		want := jsontext.Value(text).Clone()
		isJSON := want.Compact(jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true), jsontext.PreserveRawStrings(true)) == nil
		object := isJSON && jsontext.Value(text).Kind() == jsontext.KindBeginObject
		switch {
		case object && !ok:
			t.Errorf("%q is not folded", text)
		case object && got != string(want):
			t.Errorf("%q becomes %q, want %q", text, got, want)
		case ok && !isJSON && jsontext.Value(got).IsValid(jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true)):
			t.Errorf("%q is no JSON, and %q is", text, got)
		}
	})
}
