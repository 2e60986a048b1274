package render

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"

	"pathfinder/solver"
	"pathfinder/solver/audit"
)

// How much of who is assigned a text shows.
const (
	maxAssignedRoles = 12
	maxAssignees     = 12
)

// assigned tells who of Identity Center may enter as the roles of an answer.
func (p *page) assigned(a *solver.CenterAnswer) {
	if a == nil {
		return
	}
	p.blank()
	p.line(0, "Assigned in IAM Identity Center", bold)
	for i := range a.Roles[:min(len(a.Roles), maxAssignedRoles)] {
		r := &a.Roles[i]
		p.line(2, p.short(r.Role).line()+": "+Clean(assignees(r, maxAssignees)), nil)
	}
	if more := len(a.Roles) - maxAssignedRoles; more > 0 {
		p.line(2, fmt.Sprintf("and %d more: --format json lists all", more), faint)
	}
}

// assignees names who is assigned to a role: "group Admins (3 people), user ann, and 2
// more". Nobody is said only where that is known. most of 0 names all.
func assignees(r *solver.AssignedRole, most int) string {
	var names []string
	for i := range r.Groups {
		names = append(names, "group "+assignee(&r.Groups[i], true))
	}
	for i := range r.Users {
		names = append(names, "user "+assignee(&r.Users[i], false))
	}
	if more := len(names) - most; most > 0 && more > 0 {
		names = append(names[:most], fmt.Sprintf("and %d more", more))
	}
	said := strings.Join(names, ", ")
	switch {
	case r.Complete && said == "":
		return "nobody"
	case r.Complete:
		return said
	case said == "":
		return "not known: " + r.Why
	}
	return said + "; maybe others: " + r.Why
}

func assignee(a *solver.Assignee, group bool) string {
	name := cmp.Or(a.Name, a.ID)
	if strings.ContainsAny(name, `,;()"`) { // which would read as more than a name
		name = strconv.Quote(name)
	}
	switch {
	case a.Missing:
		return name + " (not in the identity store)"
	case group && a.People == nil:
		return name + " (members unknown)"
	case group && *a.People == 1:
		return name + " (1 person)"
	case group:
		return fmt.Sprintf("%s (%d people)", name, *a.People)
	}
	return name
}

// peopleOf tells who is assigned to the roles of a finding, one text for each.
func peopleOf(f *audit.Finding) (out []string) {
	for i := range f.Assigned[:min(len(f.Assigned), maxAssignedRoles)] {
		r := &f.Assigned[i]
		out = append(out, Clean(r.Role+": "+assignees(r, maxAssignees)))
	}
	if more := len(f.Assigned) - maxAssignedRoles; more > 0 {
		out = append(out, fmt.Sprintf("and %d more: see findings.json", more))
	}
	return out
}

// An assignment book finds what is said of a role by its ARN.
type assignmentBook map[string]*solver.AssignedRole

func newAssignmentBook(a *solver.CenterAnswer) assignmentBook {
	if a == nil {
		return nil
	}
	b := make(assignmentBook, len(a.Roles))
	for i := range a.Roles {
		b[a.Roles[i].Role] = &a.Roles[i]
	}
	return b
}

// on lists what is said of the roles on a path, in its order.
func (b assignmentBook) on(path []solver.Step) (out []*solver.AssignedRole) {
	if b == nil {
		return nil
	}
	for i := range path {
		if r := b[path[i].Principal]; r != nil {
			out = append(out, r)
		}
	}
	return out
}

// cell tells who is assigned to the roles on a path, one after the other and each with all
// that are.
func (b assignmentBook) cell(path []solver.Step) string {
	var all []string
	for _, r := range b.on(path) {
		said := assignees(r, 0)
		if len(path) > 1 {
			said = r.Role + ": " + said
		}
		all = append(all, said)
	}
	return strings.Join(all, "; ")
}
