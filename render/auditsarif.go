package render

import (
	"cmp"
	"fmt"
	"io"
	"strings"

	"pathfinder/solver/audit"
)

// The parts of SARIF that findings of an audit need besides those of lint.
type (
	sarifAuditRule struct {
		ID         string              `json:"id"`
		Short      sarifText           `json:"shortDescription"`
		Full       sarifText           `json:"fullDescription"`
		Properties sarifRuleProperties `json:"properties"`
	}
	sarifRuleProperties struct {
		Tags     []string `json:"tags"`
		Security string   `json:"security-severity"`
	}
	sarifAuditResult struct {
		RuleID       string             `json:"ruleId"`
		RuleIndex    int                `json:"ruleIndex"`
		Level        string             `json:"level"`
		Message      sarifText          `json:"message"`
		Locations    []sarifLocation    `json:"locations"`
		Fingerprints map[string]string  `json:"partialFingerprints"`
		Suppressions []sarifSuppression `json:"suppressions,omitempty"`
		Properties   sarifProperties    `json:"properties"`
	}
	sarifSuppression struct {
		Kind          string `json:"kind"`
		Justification string `json:"justification,omitempty"`
	}
	sarifProperties struct {
		Severity  audit.Severity `json:"severity"`
		Certainty string         `json:"certainty"`
		Account   string         `json:"account,omitempty"`
		Principal string         `json:"principal,omitempty"`
		Resource  string         `json:"resource,omitempty"`
		Path      []string       `json:"path,omitempty"`
		Assigned  []string       `json:"assigned,omitempty"` // who may enter as which role by Identity Center
		Tags      []string       `json:"tags,omitempty"`
	}
)

func wasWere(n int) string {
	if n == 1 {
		return "was"
	}
	return "were"
}

// levels are SARIF's by severity, scores those by which code scanning sorts: from
// 0.1 to 10, as of CVSS.
var (
	sarifLevels = [...]string{"note", "note", "warning", "error", "error"}
	sarifScores = [...]string{"1.0", "3.0", "5.5", "8.0", "9.5"}
)

// maxResults is how many results code scanning takes in a run: it refuses a log with more
// as a whole. Source: GitHub docs, "SARIF results exceed one or more limits", 2026 crawl.
const maxResults = 25_000

// AuditSARIF writes the findings of an audit as a log of SARIF 2.1.0. The artifact of
// a finding is the policy to change, by name, or else what the finding is about.
// Accepted findings are suppressed. Of more findings than code scanning takes it holds the
// worst, and says how many it leaves out.
func AuditSARIF(w io.Writer, rep *audit.Report, version string) error {
	rules, results := []sarifAuditRule{}, []sarifAuditResult{}
	index, worst := map[string]int{}, map[string]audit.Severity{}
	for i := range rep.Findings {
		f := &rep.Findings[i]
		worst[f.Kind] = max(worst[f.Kind], f.Severity)
	}
	for i, k := range audit.Kinds() {
		index[k.Name] = i
		rules = append(rules, sarifAuditRule{
			ID: k.Name, Short: sarifText{k.Title}, Full: sarifText{k.About},
			Properties: sarifRuleProperties{Tags: append([]string{"security"}, k.Tags...), Security: sarifScores[worst[k.Name]]},
		})
	}
	for i := range min(len(rep.Findings), maxResults) {
		results = append(results, sarifOf(&rep.Findings[i], index))
	}
	var notes []string
	if n := len(rep.Findings) - maxResults; n > 0 {
		notes = append(notes, fmt.Sprintf("%d more %s, none worse, %s left out: findings.json has them all.", n, plural(n, "finding"), wasWere(n)))
	}
	return writeSARIF(w, version, rules, results, notes...)
}

func sarifOf(f *audit.Finding, index map[string]int) sarifAuditResult {
	message := sentence(Clean(f.Title))
	for _, more := range []string{f.Detail, f.Remedy.Text} {
		if more != "" {
			message += " " + sentence(strings.TrimSuffix(Clean(more), "."))
		}
	}
	if len(f.If) > 0 {
		message += " Only if " + Clean(strings.Join(f.If, ", and ")) + "."
	}
	about := cmp.Or(f.Remedy.Policy, f.Resource, f.Principal, f.Account, "organization")
	r := sarifAuditResult{
		RuleID: f.Kind, RuleIndex: index[f.Kind], Level: sarifLevels[f.Severity], Message: sarifText{message},
		Locations: []sarifLocation{{
			Physical: sarifPhysical{Artifact: sarifArtifact{escapeSegment(about)}, Region: sarifRegion{1, 1}},
		}},
		Fingerprints: map[string]string{"finding/v1": f.ID},
		Properties: sarifProperties{
			Severity: f.Severity, Certainty: f.Certain, Account: f.Account, Principal: Clean(f.Principal), Resource: Clean(f.Resource), Tags: f.Tags,
		},
	}
	if n := f.Remedy.Statement; n != nil {
		name := fmt.Sprintf("%s/Statement/%d", f.Remedy.Policy, *n)
		r.Locations[0].Logical = []sarifLogical{{Name: fmt.Sprintf("Statement %d", *n), Qualified: Clean(name), Kind: "value"}}
	}
	for _, s := range f.Path {
		r.Properties.Path = append(r.Properties.Path, Clean(s.Principal))
	}
	r.Properties.Assigned = peopleOf(f)
	if f.Accepted != nil {
		r.Suppressions = []sarifSuppression{{Kind: "external", Justification: Clean(f.Accepted.Reason)}}
	}
	return r
}
