package render

import (
	"bytes"
	"encoding/csv"
	"strings"
	"testing"
	"unicode"

	"pathfinder/solver"
)

// Names come from whoever wrote the policies: nothing of them controls a terminal or
// runs in a spreadsheet, and a cell stays a cell.
func TestCutOfHostileNames(t *testing.T) {
	t.Parallel()
	for _, evil := range []string{"\x1b[31mred", "=HYPERLINK(\"x\")", "a\nb,\"c\"", "\u202eabc", "<script>", strings.Repeat("x", 2000)} {
		ref := solver.StatementRef{Policy: evil, Type: solver.TypeKeyGrant, Sid: evil}
		a := &solver.CutAnswer{
			Resource: evil, Actions: []string{evil}, From: []string{evil}, Keep: []string{evil}, Unwanted: []string{evil}, Ways: 1,
			Cut: []solver.CutGrant{{
				StatementRef: ref, Places: []string{evil}, Change: evil, Statements: []string{evil}, Ways: 1,
				Breaks:  []solver.CutLoss{{Principals: []string{evil}, Resources: []string{evil}, Actions: []string{evil}}},
				Instead: &solver.CutEdit{Change: evil, Element: "Action", Remove: []string{evil, "x"}, Statement: evil, Breaks: []solver.CutLoss{}},
			}, {StatementRef: solver.StatementRef{Policy: evil, Type: evil, Sid: evil}, Places: []string{evil}, Breaks: []solver.CutLoss{}}},
			NotProven: evil, Crossed: []solver.CutCrossing{{Principal: evil, Starts: 1, All: true}},
			Open: []solver.CutOpen{{
				Principal: evil, Why: evil, Keeps: []string{evil}, Needed: []solver.StatementRef{ref},
				Narrow: &solver.CutDeny{Policy: evil, Statements: []string{evil}},
			}},
		}
		var table, list bytes.Buffer
		if err := Cut(&table, a, Options{}); err != nil {
			t.Fatal(err)
		}
		if i := strings.IndexFunc(table.String(), func(r rune) bool { return r != '\n' && (unicode.IsControl(r) || unicode.Is(unicode.Cf, r)) }); i >= 0 {
			t.Errorf("%.20q: the table holds %q", evil, table.String()[i:i+4])
		}
		if err := CutCSV(&list, a); err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(&list).ReadAll()
		if err != nil || len(rows) != 4 {
			t.Fatalf("%.20q: %d rows, error %v", evil, len(rows), err)
		}
		for _, row := range rows {
			for _, c := range row {
				if c != "" && strings.ContainsRune("=+-@\t\r\x1b", rune(c[0])) {
					t.Errorf("%.20q: a cell begins with %q", evil, c[0])
				}
			}
		}
	}
}

// An answer says whether it is proven, whether it closes everything, and whether
// anybody looked at what else is lost.
func TestCutWords(t *testing.T) {
	t.Parallel()
	grant := solver.CutGrant{StatementRef: solver.StatementRef{Policy: "arn:aws:sqs:r:111111111111:jobs", Type: "resource-policy"}, Ways: 2}
	looked := grant
	looked.Breaks = []solver.CutLoss{}
	one := []string{"anonymous"}
	open := []solver.CutOpen{{Principal: "arn:aws:iam::111111111111:root", Why: "no grant opens this way"}}
	for _, tt := range []struct {
		name       string
		a          solver.CutAnswer
		says, nots []string
	}{
		{"nobody", solver.CutAnswer{Closed: true, Smallest: true}, []string{"Nobody unwanted reaches it"}, []string{"No smaller set"}},
		{"proven", solver.CutAnswer{Unwanted: one, Cut: []solver.CutGrant{looked}, Closed: true, Smallest: true}, []string{"Without this grant nobody unwanted", "No smaller set does.", "nothing else"}, []string{"not proven"}},
		{"brief", solver.CutAnswer{Unwanted: one, Cut: []solver.CutGrant{grant}, Closed: true, Smallest: true}, []string{"Ways"}, []string{"lost", "nothing else"}},
		{"not proven", solver.CutAnswer{Unwanted: one, Cut: []solver.CutGrant{looked, looked}, Closed: true, NotProven: "because", AtLeast: 1}, []string{"Without these grants nobody", "not proven (it has at least 1): because"}, []string{"No smaller set does"}},
		{"open", solver.CutAnswer{Unwanted: one, Open: open, Smallest: true}, []string{"Nothing can be removed for it", "Stays open for 1 principal", "no grant opens this way"}, []string{"No smaller set", "Without"}},
		{"some open", solver.CutAnswer{Unwanted: one, Cut: []solver.CutGrant{looked}, Open: open, Smallest: true}, []string{"Without this grant only those below reach it"}, []string{"nobody unwanted reaches"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var b bytes.Buffer
			if err := Cut(&b, &tt.a, Options{Width: 200}); err != nil {
				t.Fatal(err)
			}
			for _, s := range tt.says {
				if !strings.Contains(b.String(), s) {
					t.Errorf("it does not say %q:\n%s", s, b.String())
				}
			}
			for _, s := range tt.nots {
				if strings.Contains(strings.TrimPrefix(b.String(), "What to remove so that nobody unwanted"), s) {
					t.Errorf("it says %q:\n%s", s, b.String())
				}
			}
		})
	}
}
