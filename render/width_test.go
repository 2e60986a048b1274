package render_test

import (
	"strings"
	"testing"

	"github.com/jedib0t/go-pretty/v6/text"
	"pgregory.net/rapid"

	"pathfinder/render"
	"pathfinder/solver"
)

// Law: a table fits 100 columns however long the names in it are.
func TestTablesFitThePage(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		name := func(what string) string {
			return rapid.StringMatching(`[A-Za-z]{1,60}(/[A-Za-z]{1,40})?`).Draw(t, what)
		}
		a := &solver.WhoCanAnswer{Resource: "arn:aws:s3:::" + name("bucket"), Actions: []string{"s3:*"}, Complete: true}
		for range rapid.IntRange(1, 4).Draw(t, "entries") {
			role := "arn:aws:iam::111111111111:role/" + name("role")
			a.Access = append(a.Access, solver.Access{
				Principal: "arn:aws:iam::222222222222:user/" + name("user"), Resource: a.Resource,
				Path:   []solver.Step{{Principal: role}, {Principal: role, Kind: "assume-role"}},
				Grants: []solver.Grant{{Actions: []string{"s3:" + name("action")}, Resources: []string{a.Resource}}},
			})
		}
		var b strings.Builder
		if err := render.WhoCan(&b, a, render.Options{}); err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(b.String()) {
			if n := text.StringWidth(strings.TrimRight(line, "\n")); n > 100 {
				t.Fatalf("%d columns: %s", n, line)
			}
		}
	})
}
