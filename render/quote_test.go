package render

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jedib0t/go-pretty/v6/text"

	"pathfinder/graphmodel/policy"
	"pathfinder/solver"
)

func quoteOf(t *testing.T, statement string, marks ...solver.Mark) string {
	t.Helper()
	doc := policy.Parse([]byte(`{"Version":"2012-10-17","Statement":`+statement+`}`), policy.Resource)
	p := &page{}
	p.quote(doc.Statements[0], marks, 0)
	return p.b.String()
}

// Carets stand below what a mark is about, wherever the line was broken.
func TestQuote(t *testing.T) {
	t.Parallel()
	got := quoteOf(
		t, `{"Sid":"S","Effect":"Deny","Principal":"*","Action":["s3:Get*","s3:Put*"],"Resource":"arn:aws:s3:::`+strings.Repeat("long-", 20)+`",
			"Condition":{"StringEquals":{"aws:PrincipalTag/a":"1","aws:PrincipalTag/b":["2","3"]},"StringNotEquals":{"aws:PrincipalTag/a":"4"}}}`,
		solver.Mark{Element: "Action", Says: "short"},
		solver.Mark{Element: "Resource", Says: "far too long"},
		solver.Mark{Element: "Condition", Operator: "StringEquals", Key: "aws:PrincipalTag/b", Says: "is 5", Fails: true},
		solver.Mark{Element: "Condition", Operator: "StringNotEquals", Key: "aws:PrincipalTag/a", Says: "is 4", Fails: true},
	)
	want := `│ "Effect": "Deny",
│ "Principal": "*",
│ "Action": ["s3:Get*", "s3:Put*"],
│           ^^^^^^^^^^^^^^^^^^^^^^ short
│ "Resource":
│   "arn:aws:s3:::long-long-long-long-long-long-long-long-long-long-long-long-long-long-long-long-
│   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
│     far too long
│   long-long-long-long-",
│ "Condition": {
│   "StringEquals": {"aws:PrincipalTag/a": "1", "aws:PrincipalTag/b": ["2", "3"]},
│                                               ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ is 5
│   "StringNotEquals": {"aws:PrincipalTag/a": "4"}
│                       ^^^^^^^^^^^^^^^^^^^^^^^^^ is 4
│ }
`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// What a policy holds cannot leave its line, nor the page.
func TestQuoteHostile(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"\\u001b[31m", "\\u202e", "a\\nb", strings.Repeat("読", 90), strings.Repeat("x ", 200)} {
		got := quoteOf(
			t, `{"Effect":"Allow","Principal":"*","Action":"s3:*","Resource":"*","Condition":{"StringEquals":{"aws:`+s+`":["`+s+`","`+s+`"]}}}`,
			solver.Mark{Element: "Condition", Operator: "StringEquals", Key: s, Says: s},
		)
		for line := range strings.Lines(got) {
			line = strings.TrimSuffix(line, "\n")
			if line != Clean(line) || text.StringWidth(line) > defaultWidth {
				t.Errorf("%q: line %q, %d columns", s, line, text.StringWidth(line))
			}
		}
	}
}
