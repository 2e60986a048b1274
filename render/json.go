package render

import (
	"encoding/json"
	"io"

	"pathfinder/solver"
)

// JSON writes an answer as indented JSON with a newline at the end.
func JSON(w io.Writer, answer any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(answer)
}

// JSONLines writes one entry of access a line.
func JSONLines(w io.Writer, access []solver.Access) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	for i := range access {
		if err := enc.Encode(&access[i]); err != nil {
			return err
		}
	}
	return nil
}
