package snapshot

import (
	"io/fs"

	"github.com/go-json-experiment/json/jsontext"
)

// ReadJSON reads one JSON file of another tool into v, compressed or not, within
// the limits of [OpenFile]. The error is a [*Problem] with file and line.
func ReadJSON(fsys fs.FS, name string, v any) error {
	if p := decode(fsys, name, MaxFileSize, v); p != nil {
		return p
	}
	return nil
}

// ProblemAt is a problem at a place in a JSON file of another tool, with its
// line filled in where the pointer can be followed.
func ProblemAt(fsys fs.FS, name string, pointer jsontext.Pointer, message string) *Problem {
	list := []*Problem{{File: name, Pointer: string(pointer), Message: message}}
	locate(fsys, MaxFileSize, list)
	return list[0]
}
