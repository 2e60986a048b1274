package audit

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"pathfinder/graphmodel/arn"
	"pathfinder/graphmodel/guard"
	"pathfinder/graphmodel/inventory"
	"pathfinder/solver"
)

// What everybody may do who is in another organization is no access of everybody: accounts
// of that organization are let in, and no others. Neither is what the one user or role may
// do that has some unique id (E80). Both are circles here, and known by their ids.

// circlesIn returns the circles that a condition asks for, in each of its alternatives; none
// where one of them asks for none. The own organization and those that the snapshot holds
// are left out.
func (a *auditor) circlesIn(when guard.Blocks) []string {
	ids := map[string]bool{}
	for _, block := range when {
		found := false
		for i := range block {
			for _, id := range circlesOf(&block[i]) {
				found = true
				if id != a.orgID() && !arn.IsAccountID(id) && a.Inventory.Principal(id) == nil {
					ids[id] = true
				}
			}
		}
		if !found {
			return nil
		}
	}
	return slices.Sorted(maps.Keys(ids))
}

// circlesOf returns the circles that a test leaves, nil for everybody.
func circlesOf(t *guard.Test) (ids []string) {
	key := strings.ToLower(t.Key)
	is := t.Operator == "StringEquals" || t.Operator == "StringEqualsIgnoreCase" || t.Operator == "StringLike"
	switch {
	case key == "aws:userid" && is:
		for _, v := range t.Values {
			id := solver.HolderIn(v)
			if id == "" {
				return nil
			}
			ids = append(ids, id)
		}
	case key == "aws:principalorgid" && is:
		if slices.ContainsFunc(t.Values, func(v string) bool { return strings.ContainsAny(v, "*?$") }) {
			return nil
		}
		return t.Values
	case key == "aws:principalorgpaths" && (t.Operator == "ForAnyValue:StringLike" || t.Operator == "ForAnyValue:StringEquals"):
		for _, v := range t.Values {
			id, _, _ := strings.Cut(v, "/")
			if strings.ContainsAny(id, "*?$") {
				return nil
			}
			ids = append(ids, id)
		}
	}
	return ids
}

// withoutCircles leaves of a condition what members of a circle that it asks for have to meet
// besides; nil for nothing.
func withoutCircles(when guard.Blocks) (out guard.Blocks) {
	for _, block := range when {
		left := slices.DeleteFunc(slices.Clone(block), func(t guard.Test) bool { return circlesOf(&t) != nil })
		if len(left) == 0 {
			return nil
		}
		out = append(out, left)
	}
	return out
}

// notOfCircles leaves of what everybody is granted that which is not for members of circles
// alone.
func (a *auditor) notOfCircles(grants []solver.Grant) []solver.Grant {
	return slices.DeleteFunc(slices.Clone(grants), func(g solver.Grant) bool { return len(a.circlesIn(g.Condition)) > 0 })
}

// A circle is what findings call those of one, in their titles and in sentences, and how its
// members are told.
type circle struct{ title, members, by, remedy string }

func (a *auditor) circle(id string) circle {
	if holder := solver.HolderIn(id); holder != "" {
		who := "the user or role of the unique id " + holder
		return circle{
			who, who, "one user or role", "If nobody outside is meant, take the id out of the condition: it is one of a user or role that was deleted, or of another account. If " +
				"somebody is, name the user or role under Principal.",
		}
	}
	return circle{
		"accounts of organization " + id, "accounts of " + a.whichOrganization(id), "one organization",
		"If the organization is not meant, take it out of the condition; if it is, name the accounts that need it.",
	}
}

// whichOrganization is how details and reasons call an organization that is not known to be
// the own one.
func (a *auditor) whichOrganization(id string) string {
	if a.orgKnown() {
		return "another organization"
	}
	return "organization " + id
}

// unlessOwn says of a finding about an organization what it depends on where the snapshot
// does not tell which one its accounts are in; and of one about whoever has a unique id that
// nobody may: those of the deleted stay in conditions.
func (a *auditor) unlessOwn(f *Finding, id string) {
	if solver.HolderIn(id) != "" {
		if f.Severity > Low {
			f.Severity--
			f.Reason += ", if there is one"
		}
		f.Certain = Possible
		f.If = append(f.If, "an account outside the snapshot has somebody of the unique id "+id)
		return
	}
	if a.orgKnown() {
		return
	}
	if f.Certain == Certain && f.Severity > Low {
		f.Severity--
		f.Reason += ", if it is another organization"
	}
	f.Certain = Possible
	f.If = append(f.If, fmt.Sprintf("organization %s is another one than that of account %s, which the snapshot does not tell", id, f.Account))
}

// foreign finds circles whose members are let in to a resource.
func (a *auditor) foreign(r *inventory.Resource, o *solver.Outsider) (out []Finding) {
	by := map[string][]solver.Grant{}
	for _, g := range o.Grants {
		for _, id := range a.circlesIn(g.Condition) {
			by[id] = append(by[id], g)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(by)) {
		one := *o
		one.Grants = slices.Clone(by[id])
		for i := range one.Grants {
			one.Grants[i].Condition = withoutCircles(one.Grants[i].Condition)
		}
		c := a.circle(id)
		f := a.letIn("external-access", r, &one)
		f.ID = identify(f.Kind, r.ARN, id)
		if f.Severity == High || f.Severity == Critical {
			f.Severity, f.Reason = Medium, f.Reason+", by "+c.by
		}
		f.Title = fmt.Sprintf("%s can %s %s", c.title, verb(certainOf(one.Grants)), short(r.ARN))
		f.Detail = fmt.Sprintf("%s lets in %s: %s.", r.ARN, c.members, strings.Join(firstOf(actionsOf(certainOf(one.Grants)), 8), ", "))
		f.Remedy.Text = c.remedy
		a.unlessOwn(&f, id)
		out = append(out, f)
	}
	return out
}

// foreignInto finds circles whose members may assume a role.
func (a *auditor) foreignInto(r *inventory.Principal, o *solver.Outsider) (out []Finding) {
	for _, id := range a.circlesIn(o.Condition) {
		c, one := a.circle(id), *o
		one.Condition = withoutCircles(o.Condition)
		f := a.hop("external-access", r, &one)
		f.ID = identify(f.Kind, r.ARN, id)
		f.Severity, f.Reason = Medium, c.members+" can assume the role"
		if rank := a.rank(r.ARN); rank != "" {
			f.Severity, f.Reason = High, c.members+" can assume the role, "+rank
		}
		f.Title = fmt.Sprintf("%s can assume role %s", c.title, r.Name)
		f.Detail = fmt.Sprintf("The trust policy lets in %s.", c.members)
		f.Remedy.Text = c.remedy
		a.unlessOwn(&f, id)
		out = append(out, f)
	}
	return out
}

// isCanonical reports whether somebody is known by a canonical user id of S3 alone.
func isCanonical(o *solver.Outsider) bool {
	return o.Kind == "account" && o.Account == "" && o.ARN != "*"
}
