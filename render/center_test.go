package render

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"pathfinder/solver"
	"pathfinder/solver/audit"
)

// TestAssignees: nobody is said only where that is known, and long lists are cut in texts
// alone.
func TestAssignees(t *testing.T) {
	t.Parallel()
	users := func(n int) (list []solver.Assignee) {
		for i := range n {
			list = append(list, solver.Assignee{ID: fmt.Sprint("u", i)})
		}
		return list
	}
	none := 0
	tests := []struct {
		name string
		role solver.AssignedRole
		most int
		want string
	}{
		{"nobody", solver.AssignedRole{Complete: true}, 2, "nobody"},
		{"nobody that is known", solver.AssignedRole{Why: "not read"}, 2, "not known: not read"},
		{"some that are known", solver.AssignedRole{Users: users(1), Why: "not read"}, 2, "user u0; maybe others: not read"},
		{"as many as fit", solver.AssignedRole{Users: users(2), Complete: true}, 2, "user u0, user u1"},
		{"more than fit", solver.AssignedRole{Users: users(5), Complete: true}, 2, "user u0, user u1, and 3 more"},
		{"all", solver.AssignedRole{Users: users(5), Complete: true}, 0, "user u0, user u1, user u2, user u3, user u4"},
		{"a group of nobody", solver.AssignedRole{Groups: []solver.Assignee{{ID: "g", Name: "Ops", People: &none}}, Complete: true}, 2, "group Ops (0 people)"},
		{"a name that reads as more", solver.AssignedRole{Users: []solver.Assignee{{ID: "u", Name: "ann, group Ops (3 people)"}}, Complete: true}, 2, `user "ann, group Ops (3 people)"`},
	}
	for _, tt := range tests {
		if got := assignees(&tt.role, tt.most); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
}

// TestManyAssignedRoles: a text names the first roles, and says how many it leaves out.
func TestManyAssignedRoles(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]string{maxAssignedRoles: "", maxAssignedRoles + 1: "and 1 more", 3 * maxAssignedRoles: "and 24 more"} {
		a := &solver.CenterAnswer{}
		for i := range n {
			a.Roles = append(a.Roles, solver.AssignedRole{Role: fmt.Sprintf("arn:aws:iam::111111111111:role/r%02d", i), Complete: true})
		}
		p := &page{}
		p.assigned(a)
		if got := p.b.String(); strings.Count(got, ": nobody\n") != maxAssignedRoles || strings.Contains(got, " more") != (want != "") || !strings.Contains(got, want) {
			t.Errorf("%d roles: got %q, want %d of them and %q", n, got, maxAssignedRoles, want)
		}
		f := &audit.Finding{Assigned: a.Roles}
		if got := peopleOf(f); len(got) > maxAssignedRoles+1 || strings.Contains(got[len(got)-1], " more") != (want != "") {
			t.Errorf("%d roles of a finding: got %q", n, got)
		}
	}
}

// TestSummaryPeople: the page and the log say who is assigned, of findings that have it.
func TestSummaryPeople(t *testing.T) {
	t.Parallel()
	with := audit.Finding{ID: "pf-1", Kind: "public-access", Title: "x", Assigned: []solver.AssignedRole{{Role: "arn:aws:iam::1:role/r", Users: []solver.Assignee{{ID: "u", Name: "zoe"}}, Complete: true}}}
	for _, f := range []audit.Finding{with, {ID: "pf-1", Kind: "public-access", Title: "x"}} {
		want := len(f.Assigned) > 0
		rep := &audit.Report{Complete: true, Findings: []audit.Finding{f}}
		var page, log bytes.Buffer
		if err := (&Summary{Report: rep}).HTML(&page); err != nil {
			t.Fatal(err)
		}
		if err := AuditSARIF(&log, rep, "v1"); err != nil {
			t.Fatal(err)
		}
		for name, text := range map[string]string{"summary.html": page.String(), "findings.sarif": log.String()} {
			if got := strings.Contains(text, "arn:aws:iam::1:role/r: user zoe"); got != want {
				t.Errorf("%s names zoe: %v, want %v", name, got, want)
			}
		}
		if strings.Contains(page.String(), "Assigned in IAM Identity Center") != want {
			t.Errorf("the heading stands in the page: %v", !want)
		}
	}
}
