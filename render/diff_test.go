package render_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"pathfinder/render"
	"pathfinder/render/internal/rendertest"
	"pathfinder/solver"
)

// diffAnswer has everything that the table shows.
func diffAnswer() *solver.DiffAnswer {
	access := rendertest.Access()
	entry := func(i int, is string) solver.DiffAccess {
		a := access[i]
		for k := range a.Grants {
			a.Grants[k].Stopped = []solver.StatementRef{{Policy: "arn:aws:iam::111111111111:user/ana/Fence", Type: "identity-policy", Statement: 1, Sid: "KeepOut"}}
		}
		return solver.DiffAccess{
			Access: a, Principals: []string{a.Principal, "arn:aws:iam::111111111111:user/ben"}, PrincipalIs: is,
			Changed: []solver.DiffChange{{Of: a.Principal, Fact: "policies"}, {Of: a.Principal, Fact: "tags"}, {Of: a.Resource, Fact: "settings"}},
		}
	}
	many := entry(0, "gone")
	many.ResourceIs = "gone"
	many.Principals = append(many.Principals, "arn:aws:iam::222222222222:role/a", "arn:aws:iam::222222222222:role/b", "arn:aws:iam::222222222222:role/c")
	return &solver.DiffAnswer{
		Old: solver.DiffSnapshot{Accounts: 1}, New: solver.DiffSnapshot{Accounts: 2, Created: time.Date(2026, 11, 7, 2, 0, 0, 0, time.UTC)},
		Actions: []string{}, Gained: []solver.DiffAccess{entry(0, "new"), entry(1, "")}, Lost: []solver.DiffAccess{many},
		Unknown: []solver.DiffGap{
			{Gap: solver.Gap{What: "arn:aws:s3:::riddle", Why: "the policy of arn:aws:s3:::riddle was not read"}, Principals: []string{"arn:aws:iam::111111111111:user/ana"}},
			{Gap: solver.Gap{What: "account 222222222222: users", Why: "AccessDenied (old snapshot)"}},
		},
	}
}

func hostileDiff(s string) *solver.DiffAnswer {
	entry := solver.DiffAccess{
		Access: rendertest.HostileAccess(s)[0], Principals: []string{s, s + "2"}, PrincipalIs: s, ResourceIs: s, Changed: []solver.DiffChange{{Of: s, Fact: s}},
	}
	entry.Grants[0].Stopped = entry.Grants[0].Because
	return &solver.DiffAnswer{
		Resource: s, Principal: s, Actions: []string{s}, Gained: []solver.DiffAccess{entry}, Lost: []solver.DiffAccess{entry},
		Unknown: []solver.DiffGap{{Gap: solver.Gap{What: s, Why: s}, Principals: []string{s}}},
	}
}

// Each line is an entry that says which way it changed.
func TestDiffJSONLines(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	if err := render.DiffJSONLines(&b, diffAnswer()); err != nil {
		t.Fatal(err)
	}
	var changes []string
	for line := range strings.Lines(b.String()) {
		var entry struct {
			Change     string
			Principal  string
			Principals []string
			Grants     []any
		}
		if err := json.Unmarshal([]byte(line), &entry); err != nil {
			t.Fatal(err)
		}
		if entry.Principal == "" || len(entry.Principals) < 2 || len(entry.Grants) == 0 {
			t.Errorf("an entry lacks something: %s", line)
		}
		changes = append(changes, entry.Change)
	}
	if got := strings.Join(changes, " "); got != "gained gained lost" {
		t.Errorf("lines are %s", got)
	}
}

// Where nothing differs the table says so.
func TestDiffOfNothing(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	if err := render.Diff(&b, &solver.DiffAnswer{Complete: true}, render.Options{}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"No access gained, none lost", "Complete"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("it does not say %q:\n%s", want, b.String())
		}
	}
}
