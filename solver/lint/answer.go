package lint

// An Answer is what is found in a number of documents.
type Answer struct {
	Pathfinder string    `json:"pathfinder"` // "lint/1"
	Findings   []Finding `json:"findings"`   // by document, then by place
	Summary    Summary   `json:"summary"`
}

// A Summary counts.
type Summary struct {
	Documents int `json:"documents"`
	Errors    int `json:"errors"`
	Warnings  int `json:"warnings"`
	Notes     int `json:"notes"`
}

// NewAnswer sums up the findings of so many documents.
func NewAnswer(findings []Finding, documents int) *Answer {
	a := &Answer{Pathfinder: "lint/1", Findings: findings, Summary: Summary{Documents: documents}}
	if findings == nil {
		a.Findings = []Finding{}
	}
	for i := range findings {
		switch findings[i].Severity {
		case Error:
			a.Summary.Errors++
		case Warning:
			a.Summary.Warnings++
		case Note:
			a.Summary.Notes++
		}
	}
	return a
}

// Reaches reports whether a finding is at least so severe.
func (a *Answer) Reaches(least Severity) bool {
	for i := range a.Findings {
		if a.Findings[i].Severity >= least {
			return true
		}
	}
	return false
}
