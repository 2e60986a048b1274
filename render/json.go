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

// JSONLines writes one entry of access a line, with who of Identity Center is assigned to
// the roles on its path; center is nil when nothing is said of that.
func JSONLines(w io.Writer, access []solver.Access, center *solver.CenterAnswer) error {
	type line struct {
		*solver.Access
		Assigned []*solver.AssignedRole `json:"assigned,omitempty"`
	}
	book := newAssignmentBook(center)
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	for i := range access {
		if err := enc.Encode(line{&access[i], book.on(access[i].Path)}); err != nil {
			return err
		}
	}
	return nil
}
