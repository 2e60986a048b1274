package audit_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pathfinder/solver/audit"
)

func TestBaseline(t *testing.T) {
	w := newWorld()
	w.user(w.prod, "x", `{"Effect":"Allow","Action":"iam:PutUserPolicy","Resource":"*"}`)
	rep := w.run(t, nil)
	id := of(rep, "privilege-escalation")[0].ID
	day := time.Date(2026, 11, 2, 12, 0, 0, 0, time.UTC)
	list, err := audit.ReadBaseline([]byte(`{"pathfinder":"baseline/1","accepted":[{"id":"` + id + `","reason":"known","until":"2026-11-02"},{"id":"pf-gone"},{"id":"pf-old","until":"2026-11-01"}]}`))
	if err != nil {
		t.Fatal(err)
	}
	if !rep.Worst(audit.Critical) {
		t.Error("nothing is critical before")
	}
	rep.Accept(list, day)
	if rep.Worst(audit.Critical) || !slices.Equal(rep.Gone, []string{"pf-gone"}) || !slices.Equal(rep.Expired, []string{"pf-old"}) {
		t.Errorf("gone %v, expired %v, %+v", rep.Gone, rep.Expired, rep.Findings)
	}
	// What has become worse is not what was accepted.
	for was, want := range map[string]bool{"critical": false, "high": true} {
		rep := w.run(t, nil)
		if list, err = audit.ReadBaseline([]byte(`{"pathfinder":"findings/1","findings":[{"id":"` + id + `","severity":"` + was + `"}]}`)); err != nil {
			t.Fatal(err)
		}
		if rep.Accept(list, day); rep.Worst(audit.Critical) != want || slices.Equal(rep.Worse, []string{id}) != want || len(rep.Gone) > 0 {
			t.Errorf("accepted as %s: worse %v, gone %v", was, rep.Worse, rep.Gone)
		}
	}
	for text, want := range map[string]string{
		`{"pathfinder":"findings/1","findings":[{"id":"pf-1"}]}`:                       "",
		`{"pathfinder":"who-can/1"}`:                                                   "neither",
		`{"pathfinder":"baseline/1","accepted":[{"reason":"x"}]}`:                      "no id",
		`{"pathfinder":"baseline/1","accepted":[{"id":"pf-1","until":"next summer"}]}`: "no day",
		`[`:               "no JSON",
		`["pf-1","pf-2"]`: "",
		`[{"id":"pf-1"}]`: "must not hold a JSON object",
		`["production"]`:  "no id of a finding",
		`"pf-1"`:          "must not hold a JSON string",
		`{"pathfinder":"baseline/1","accepted":["pf-1"]}`: "accepted must not hold a JSON string",
	} {
		_, err := audit.ReadBaseline([]byte(text))
		if got := fmt.Sprint(err); want == "" && err != nil || want != "" && !strings.Contains(got, want) {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
}

// Only what was looked for can be gone.
func TestGone(t *testing.T) {
	t.Parallel()
	list, err := audit.ReadBaseline([]byte(`{"pathfinder":"findings/1","findings":[{"id":"pf-trust","kind":"dangling-trust"},{"id":"pf-up","kind":"privilege-escalation"},
		{"id":"pf-idle","kind":"unused-with-power"},{"id":"pf-secret","kind":"sensitive-reach"}]}`))
	if err != nil {
		t.Fatal(err)
	}
	list = append(list, audit.Accepted{ID: "pf-some"})
	for _, tt := range []struct {
		name           string
		change         func(*audit.Config)
		gone, unsought []string
	}{
		{"everything", nil, []string{"pf-idle", "pf-secret", "pf-some", "pf-trust", "pf-up"}, nil},
		{"one kind", func(c *audit.Config) { c.Select = []string{"dangling-trust"} }, []string{"pf-trust"}, []string{"pf-some"}},
		{"another kind", func(c *audit.Config) { c.Select = []string{"public-access"} }, nil, []string{"pf-some"}},
		{"no escalations", func(c *audit.Config) { c.NoEscalations = true }, []string{"pf-secret", "pf-trust"}, []string{"pf-some"}},
		{"nothing sensitive", func(c *audit.Config) { c.Sensitive = nil }, []string{"pf-idle", "pf-trust", "pf-up"}, []string{"pf-some"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			rep := newWorld().run(t, tt.change)
			if rep.Accept(list, time.Date(2026, 11, 2, 0, 0, 0, 0, time.UTC)); !slices.Equal(rep.Gone, tt.gone) || !slices.Equal(rep.Unsought, tt.unsought) {
				t.Errorf("gone %v, unsought %v; want %v, %v", rep.Gone, rep.Unsought, tt.gone, tt.unsought)
			}
		})
	}
}

// What was accepted for a time is not accepted for ever by way of the findings of a night.
func TestAcceptedUntil(t *testing.T) {
	t.Parallel()
	list, err := audit.ReadBaseline([]byte(`{"pathfinder":"findings/1","findings":[
		{"id":"pf-1","kind":"dangling-trust","severity":"low","reason":"nobody is let in now","accepted":{"reason":"known","until":"2026-11-01"}},
		{"id":"pf-2","kind":"dangling-trust","severity":"low","reason":"nobody is let in now","accepted":{"reason":"known"}},
		{"id":"pf-3","kind":"dangling-trust","severity":"low","reason":"nobody is let in now"}]}`))
	if err != nil {
		t.Fatal(err)
	}
	if list[0].Until != "2026-11-01" || list[0].Reason != "known" || list[1].Until != "" || list[1].Reason != "known" || list[2].Reason != "" {
		t.Errorf("%+v", list)
	}
	rep := newWorld().run(t, nil)
	if rep.Accept(list, time.Date(2026, 11, 2, 0, 0, 0, 0, time.UTC)); !slices.Equal(rep.Expired, []string{"pf-1"}) {
		t.Errorf("expired %v", rep.Expired)
	}
}
