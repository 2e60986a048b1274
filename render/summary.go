package render

import (
	"cmp"
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"slices"
	"strings"
	"sync"
	"time"

	"pathfinder/solver"
	"pathfinder/solver/audit"
)

// A Summary is what the page about an audit tells.
type Summary struct {
	Report   *audit.Report
	Snapshot string            // where the facts came from
	Created  time.Time         // when they were read; zero when unknown
	Version  string            // of pathfinder
	Accounts map[string]string // names by id
	Entries  []solver.Entry    // who can enter whom
	Exposed  []solver.Exposure
	Powerful []solver.Exposure
	Stats    *solver.SurveyStats // nil when the organization was not surveyed
}

//go:embed summary.html
var summaryText string

var summaryPage = sync.OnceValue(func() *template.Template {
	return template.Must(template.New("summary").Funcs(template.FuncMap{
		"clean": Clean, "count": func(n int, one string) string { return grouped(int64(n)) + " " + plural(n, one) },
		"number": func(n any) string {
			switch n := n.(type) {
			case int:
				return grouped(int64(n))
			case int64:
				return grouped(n)
			}
			return fmt.Sprint(n)
		},
	}).Parse(summaryText))
})

// grouped writes a number with spaces between thousands.
func grouped(n int64) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "\u202f" + s[i:]
	}
	return s
}

// Limits of the page: what is left out is said.
const (
	maxShown    = 300 // findings in full
	maxAccounts = 40  // rows and columns of the matrix
)

// The parts of the page.
type (
	summaryKind struct {
		Name, Title, About string
		Findings           []summaryFinding
		Open, Accepted     int
		More               int    // that are not shown
		Worst              string // of those that are open; "" for none
	}
	summaryFinding struct {
		*audit.Finding
		Steps     []string
		People    []string
		When      string
		Level     string
		Statement string
	}
	summaryRow struct {
		Name, ID string
		Cells    []string
		Titles   []string
	}
)

// HTML writes the page: one file that needs nothing else and no script.
func (s *Summary) HTML(w io.Writer) error {
	open, accepted := s.Report.Counts()
	type severity struct {
		Name  string
		Count int
	}
	data := struct {
		*Summary
		Severities []severity
		Accepted   int
		Kinds      []summaryKind
		Columns    []summaryRow
		Rows       []summaryRow
		MoreRows   int
		When       string
	}{Summary: s, Accepted: accepted}
	for i := len(open) - 1; i >= 0; i-- {
		data.Severities = append(data.Severities, severity{audit.Severity(i).String(), open[i]}) //nolint:gosec // five of them
	}
	if !s.Created.IsZero() {
		data.When = s.Created.UTC().Format("2006-01-02 15:04 UTC")
	}
	data.Kinds = s.kinds()
	data.Columns, data.Rows, data.MoreRows = s.matrix()
	return summaryPage().Execute(w, data)
}

// kinds sorts the findings by kind, the worst kind first. What is accepted comes last,
// among kinds and in them.
func (s *Summary) kinds() (out []summaryKind) {
	at := map[string]int{}
	for _, k := range audit.Kinds() {
		at[k.Name] = len(out)
		out = append(out, summaryKind{Name: k.Name, Title: k.Title, About: k.About})
	}
	worst := map[string]int{} // 1 for the least severity, 0 where all is accepted
	for _, accepted := range []bool{false, true} {
		for i := range s.Report.Findings {
			f := &s.Report.Findings[i]
			if (f.Accepted != nil) != accepted {
				continue
			}
			if _, known := at[f.Kind]; !known {
				at[f.Kind] = len(out)
				out = append(out, summaryKind{Name: f.Kind, Title: f.Kind})
			}
			k := &out[at[f.Kind]]
			if accepted {
				k.Accepted++
			} else {
				k.Open++
				worst[f.Kind] = max(worst[f.Kind], int(f.Severity)+1)
			}
			if len(k.Findings) < maxShown {
				k.Findings = append(k.Findings, shownFinding(f))
			} else {
				k.More++
			}
		}
	}
	out = slices.DeleteFunc(out, func(k summaryKind) bool { return k.Open+k.Accepted == 0 })
	for i := range out {
		if n := worst[out[i].Name]; n > 0 {
			out[i].Worst = audit.Severity(n - 1).String() //nolint:gosec // five of them
		}
	}
	slices.SortStableFunc(out, func(a, b summaryKind) int { return cmp.Compare(worst[b.Name], worst[a.Name]) })
	return out
}

func shownFinding(f *audit.Finding) summaryFinding {
	out := summaryFinding{Finding: f, Level: f.Severity.String()}
	for i, step := range f.Path {
		text := step.Principal
		if i > 0 {
			text = step.Kind + " → " + text
			if step.Through != "" {
				text += " through " + step.Through
			}
		}
		out.Steps = append(out.Steps, Clean(text))
	}
	out.People = peopleOf(f)
	if len(f.Condition) > 0 {
		out.When = Clean(f.Condition.String())
	}
	if n := f.Remedy.Statement; n != nil {
		out.Statement = fmt.Sprintf("%s, statement %d", Clean(f.Remedy.Policy), *n)
	}
	return out
}

// matrix says how many principals of the account of a row can assume roles of that of
// a column: of the accounts with most of it.
func (s *Summary) matrix() (columns, rows []summaryRow, more int) {
	weight := map[string]int{}
	for _, e := range s.Entries {
		weight[e.From] += e.Principals
		weight[e.To] += e.Principals
	}
	ids := make([]string, 0, len(weight))
	for id := range weight {
		ids = append(ids, id)
	}
	slices.SortFunc(ids, func(a, b string) int { return cmp.Or(cmp.Compare(weight[b], weight[a]), strings.Compare(a, b)) })
	if more = len(ids) - maxAccounts; more > 0 {
		ids = ids[:maxAccounts]
	}
	slices.SortFunc(ids, func(a, b string) int {
		return cmp.Or(strings.Compare(s.Accounts[a], s.Accounts[b]), strings.Compare(a, b))
	})
	at := map[string]int{}
	for i, id := range ids {
		at[id] = i
		columns = append(columns, summaryRow{Name: Clean(cmp.Or(s.Accounts[id], id)), ID: id})
	}
	rows = slices.Clone(columns)
	for i := range rows {
		rows[i].Cells, rows[i].Titles = make([]string, len(ids)), make([]string, len(ids))
		rows[i].Cells[i] = "·"
	}
	for _, e := range s.Entries {
		i, ok := at[e.From]
		j, too := at[e.To]
		if !ok || !too {
			continue
		}
		text := grouped(int64(e.Principals))
		if !e.Certain {
			text += "?"
		}
		rows[i].Cells[j] = text
		rows[i].Titles[j] = fmt.Sprintf("%d %s of %s can assume %d %s of %s", e.Principals, plural(e.Principals, "principal"), rows[i].Name, e.Roles, plural(e.Roles, "role"), columns[j].Name)
	}
	return columns, rows, max(more, 0)
}
