package render

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"pathfinder/graphmodel/guard"
	"pathfinder/solver"
	"pathfinder/solver/audit"
)

// hostileReport is a report in which every place holds a name that wants out of it.
func hostileReport(name string) *audit.Report {
	n := 3
	return &audit.Report{
		Pathfinder: "findings/1",
		Findings: []audit.Finding{
			{
				ID: "pf-1", Kind: "public-access", Severity: audit.Critical, Reason: name, Certain: audit.Possible, Title: name, Detail: name,
				Account: "111111111111", Principal: name, Resource: name, Others: []string{name}, If: []string{name}, Tags: []string{name},
				Path:       []solver.Step{{Principal: name}, {Principal: name, Kind: name, Through: name}},
				Condition:  guard.Blocks{{{Operator: "StringEquals", Key: name, Values: []string{name}}}},
				Statements: []solver.StatementRef{{Policy: name, Type: "trust-policy", Sid: name}},
				Remedy:     audit.Remedy{Text: name, Policy: name, Statement: &n, Change: name},
				Assigned: []solver.AssignedRole{{
					Role: name, PermissionSet: name, Why: name, Users: []solver.Assignee{{ID: name}}, Groups: []solver.Assignee{{ID: "g", Name: name, People: &n}},
				}},
			},
			{ID: "pf-2", Kind: "guard-gap", Title: name, Accepted: &audit.Acceptance{Reason: name, Until: "2027-01-01"}},
		},
		Unknown: []solver.Gap{{What: name, Why: name}},
	}
}

var hostileNames = []string{
	`<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, "two\nlines\x1b[31m", "\u202eright to left", `=HYPERLINK("http://x")`,
	`javascript:alert(1)`, `{{.Title}}`, `</style><script>`, strings.Repeat("x", 1<<16), "\xff\xfe",
}

// TestHostileSummary: no name becomes markup, and none opens anything.
func TestHostileSummary(t *testing.T) {
	for _, name := range hostileNames {
		s := &Summary{
			Report: hostileReport(name), Snapshot: name, Version: name, Created: time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC),
			Accounts: map[string]string{"111111111111": name, "222222222222": name},
			Entries:  []solver.Entry{{From: "111111111111", To: "222222222222", Principals: 3, Roles: 1}},
			Exposed:  []solver.Exposure{{ARN: name, Account: "111111111111", Count: 2}}, Powerful: []solver.Exposure{{ARN: name, Account: "3", Count: 1}},
			Stats: &solver.SurveyStats{Accounts: 2},
		}
		var b bytes.Buffer
		if err := s.HTML(&b); err != nil {
			t.Fatal(err)
		}
		page := b.String()
		for _, bad := range []string{"<script", "<img", "onerror=alert(1)>", "\x1b", "\u202e", `href="javascript`} {
			if strings.Contains(page, bad) {
				t.Errorf("%.40q: the page holds %q", name, bad)
			}
		}
		if strings.Count(page, "</style>") != 1 || !strings.Contains(page, "default-src 'none'") || !strings.HasSuffix(page, "</html>\n") {
			t.Errorf("%.40q: the page is not whole", name)
		}
	}
}

// TestSummaryTells: what is left out is said, and what is not known too.
func TestSummaryTells(t *testing.T) {
	rep := hostileReport("x")
	for i := range maxShown + 5 {
		rep.Findings = append(rep.Findings, audit.Finding{ID: fmt.Sprint("pf-x", i), Kind: "public-access", Title: "more"})
	}
	s := &Summary{Report: rep, Accounts: map[string]string{}}
	for i := range maxAccounts + 3 {
		s.Entries = append(s.Entries, solver.Entry{From: fmt.Sprintf("%012d", i), To: "999999999999", Principals: i + 1, Roles: 1, Certain: i%2 == 0})
	}
	var b bytes.Buffer
	if err := s.HTML(&b); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"and 6 more findings: see findings.json", "And 4 more accounts with less", "<strong>Incomplete.</strong> 1 fact could not be read", ">42?</td>", ">accepted<"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("the page does not say %q", want)
		}
	}
}

// TestSummaryOfAccepted: what is accepted counts neither for the worst of a kind nor for how
// many there are, stands last, and what the baseline no longer fits is told.
func TestSummaryOfAccepted(t *testing.T) {
	finding := func(id, kind string, worst audit.Severity, accepted bool) audit.Finding {
		f := audit.Finding{ID: id, Kind: kind, Severity: worst, Title: id}
		if accepted {
			f.Accepted = &audit.Acceptance{}
		}
		return f
	}
	rep := &audit.Report{Complete: true, Findings: []audit.Finding{
		finding("pf-1", "public-access", audit.Critical, true), finding("pf-2", "guard-gap", audit.High, false),
		finding("pf-3", "guard-gap", audit.High, true), finding("pf-4", "guard-gap", audit.Medium, false),
	}}
	page := func() string {
		var b bytes.Buffer
		if err := (&Summary{Report: rep}).HTML(&b); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	text := page()
	at := 0
	for _, want := range []string{
		`<th class="n">Accepted</th>`, `href="#guard-gap"`, `<td><span class="tag high">high</span></td><td class="n">2</td><td class="n">1</td>`,
		`href="#public-access"`, `<td></td><td class="n">0</td><td class="n">1</td>`, `id="pf-2"`, `id="pf-4"`, `id="pf-3"`, `id="pf-1"`,
	} {
		i := strings.Index(text[at:], want)
		if i < 0 {
			t.Fatalf("after %d bytes there is no %s", at, want)
		}
		at += i
	}
	if strings.Contains(text, "what the baseline accepts") {
		t.Error("the page speaks of a baseline that fits")
	}
	rep.Worse, rep.Expired, rep.Gone, rep.Unsought = []string{"pf-2"}, []string{"pf-4", "pf-5"}, []string{"pf-6"}, []string{"pf-7"}
	text = page()
	for _, want := range []string{
		"Worse than what the baseline accepts, so that it counts again: 1 finding.", "Run out, of what the baseline accepts, so that it counts again: 2 findings.",
		"There no more, of what the baseline accepts: 1 finding.", "Not found, of what the baseline accepts: 1 finding, gone",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	rep.Findings = rep.Findings[1:2]
	if strings.Contains(page(), ">Accepted<") {
		t.Error("there is a column of what is accepted where nothing is")
	}
}

// TestAuditSARIF holds the log to what code scanning asks: rules by index, an artifact
// and a fingerprint each, levels of the standard; accepted findings are suppressed.
func TestAuditSARIF(t *testing.T) {
	for _, name := range append(hostileNames, "arn:aws:iam::111111111111:role/a b?c#d") {
		var b bytes.Buffer
		if err := AuditSARIF(&b, hostileReport(name), "1.0"); err != nil {
			t.Fatal(err)
		}
		var log sarifLog[sarifAuditRule, sarifAuditResult]
		if err := json.Unmarshal(b.Bytes(), &log); err != nil {
			t.Fatal(err)
		}
		run := log.Runs[0]
		if len(run.Tool.Driver.Rules) != len(audit.Kinds()) || len(run.Results) != 2 {
			t.Fatalf("%d rules, %d results", len(run.Tool.Driver.Rules), len(run.Results))
		}
		for _, r := range run.Results {
			if run.Tool.Driver.Rules[r.RuleIndex].ID != r.RuleID || r.Message.Text == "" || len(r.Locations) != 1 || r.Fingerprints["finding/v1"] == "" {
				t.Errorf("%.40q: %+v", name, r)
			}
			uri, err := url.Parse(r.Locations[0].Physical.Artifact.URI)
			if err != nil || uri.Scheme != "" || uri.RawQuery != "" || uri.Fragment != "" {
				t.Errorf("%.40q: %v, %v", name, uri, err)
			}
		}
		if run.Results[0].Level != "error" || run.Results[1].Level != "note" || len(run.Results[0].Suppressions) != 0 || len(run.Results[1].Suppressions) != 1 {
			t.Errorf("%.40q: %+v", name, run.Results)
		}
	}
}

// TestAuditSARIFLimit: code scanning refuses a run with more than 25,000 results, so the
// log holds the worst of them and says what it leaves out; no fewer findings say nothing.
func TestAuditSARIFLimit(t *testing.T) {
	for _, tt := range []struct {
		findings, results int
		note              string
	}{
		{25_000, 25_000, ""},
		{25_001, 25_000, "1 more finding, none worse, was left out: findings.json has them all."},
		{25_007, 25_000, "7 more findings, none worse, were left out: findings.json has them all."},
	} {
		rep := &audit.Report{Findings: []audit.Finding{{ID: "pf-worst", Kind: "public-access", Severity: audit.Critical, Title: "x"}}}
		for i := 1; i < tt.findings; i++ {
			rep.Findings = append(rep.Findings, audit.Finding{ID: fmt.Sprint("pf-", i), Kind: "guard-gap", Title: "x"})
		}
		var b bytes.Buffer
		if err := AuditSARIF(&b, rep, "1.0"); err != nil {
			t.Fatal(err)
		}
		var log sarifLog[sarifAuditRule, sarifAuditResult]
		if err := json.Unmarshal(b.Bytes(), &log); err != nil {
			t.Fatal(err)
		}
		run, note := log.Runs[0], ""
		for _, i := range run.Invocations {
			note += i.Notifications[0].Message.Text
		}
		if len(run.Results) != tt.results || note != tt.note || run.Results[0].Fingerprints["finding/v1"] != "pf-worst" {
			t.Errorf("%d findings: %d results, %q", tt.findings, len(run.Results), note)
		}
	}
}

// TestHostileAudit: the summary for the terminal holds no control characters, and fits.
func TestHostileAudit(t *testing.T) {
	for _, name := range hostileNames {
		if len(name) > 1000 {
			continue // wrapping it is tested with other answers
		}
		var b bytes.Buffer
		if err := Audit(&b, hostileReport(name), "dir", []string{"findings.json"}, Options{}); err != nil {
			t.Fatal(err)
		}
		if strings.ContainsAny(b.String(), "\x1b\u202e\r") {
			t.Errorf("%q: %q", name, &b)
		}
		if !strings.Contains(b.String(), "1 finding: 1 critical; 1 accepted") {
			t.Errorf("%q: %s", name, &b)
		}
	}
}

// Names that a message begins with keep their letters.
func TestSentence(t *testing.T) {
	for text, want := range map[string]string{
		"": "", "anybody can read it": "Anybody can read it.", "did you mean s3?": "Did you mean s3?", "él": "Él.",
		"arn:aws:s3:::data lets in everybody": "arn:aws:s3:::data lets in everybody.", "s3:GetObject is not there": "s3:GetObject is not there.",
		"token.actions.githubusercontent.com is trusted": "token.actions.githubusercontent.com is trusted.", "note: it is": "Note: it is.",
	} {
		if got := sentence(text); got != want {
			t.Errorf("sentence(%q) = %q, want %q", text, got, want)
		}
	}
}
