package audit

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"pathfinder/graphmodel/guard"
	"pathfinder/graphmodel/inventory"
	"pathfinder/solver"
)

// What everybody may do who is in another organization is no access of everybody: accounts
// of that organization are let in, and no others.

// organizationsIn returns the other organizations that a condition asks for, in each of
// its alternatives; none where one of them asks for no organization.
func (a *auditor) organizationsIn(when guard.Blocks) []string {
	ids := map[string]bool{}
	for _, block := range when {
		found := false
		for i := range block {
			for _, id := range organizationsOf(&block[i]) {
				found = true
				if id != a.orgID() {
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

// organizationsOf returns the organizations that a test leaves, nil for any.
func organizationsOf(t *guard.Test) (ids []string) {
	key := strings.ToLower(t.Key)
	switch {
	case key == "aws:principalorgid" && (t.Operator == "StringEquals" || t.Operator == "StringEqualsIgnoreCase" || t.Operator == "StringLike"):
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

// withoutOrganizations leaves of a condition what members of an organization that it asks
// for have to meet besides; nil for nothing.
func withoutOrganizations(when guard.Blocks) (out guard.Blocks) {
	for _, block := range when {
		left := slices.DeleteFunc(slices.Clone(block), func(t guard.Test) bool { return organizationsOf(&t) != nil })
		if len(left) == 0 {
			return nil
		}
		out = append(out, left)
	}
	return out
}

// notOfOrganizations leaves of what everybody is granted that which members of other
// organizations alone are not.
func (a *auditor) notOfOrganizations(grants []solver.Grant) []solver.Grant {
	return slices.DeleteFunc(slices.Clone(grants), func(g solver.Grant) bool { return len(a.organizationsIn(g.Condition)) > 0 })
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
// does not tell which one its accounts are in.
func (a *auditor) unlessOwn(f *Finding, id string) {
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

// foreign finds other organizations whose accounts are let in to a resource.
func (a *auditor) foreign(r *inventory.Resource, o *solver.Outsider) (out []Finding) {
	by := map[string][]solver.Grant{}
	for _, g := range o.Grants {
		for _, id := range a.organizationsIn(g.Condition) {
			by[id] = append(by[id], g)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(by)) {
		one := *o
		one.Grants = slices.Clone(by[id])
		for i := range one.Grants {
			one.Grants[i].Condition = withoutOrganizations(one.Grants[i].Condition)
		}
		f := a.letIn("external-access", r, &one)
		f.ID = identify(f.Kind, r.ARN, id)
		if f.Severity == High || f.Severity == Critical {
			f.Severity, f.Reason = Medium, f.Reason+", by one organization"
		}
		f.Title = fmt.Sprintf("accounts of organization %s can %s %s", id, verb(certainOf(one.Grants)), short(r.ARN))
		f.Detail = fmt.Sprintf("%s lets in all accounts of %s: %s.", r.ARN, a.whichOrganization(id), strings.Join(firstOf(actionsOf(certainOf(one.Grants)), 8), ", "))
		f.Remedy.Text = "If the organization is not meant, take it out of the condition; if it is, name the accounts that need it."
		a.unlessOwn(&f, id)
		out = append(out, f)
	}
	return out
}

// foreignInto finds other organizations whose accounts may assume a role.
func (a *auditor) foreignInto(r *inventory.Principal, o *solver.Outsider) (out []Finding) {
	for _, id := range a.organizationsIn(o.Condition) {
		one := *o
		one.Condition = withoutOrganizations(o.Condition)
		f := a.hop("external-access", r, &one)
		f.ID = identify(f.Kind, r.ARN, id)
		f.Severity, f.Reason = Medium, "accounts of "+a.whichOrganization(id)+" can assume the role"
		if rank := a.rank(r.ARN); rank != "" {
			f.Severity, f.Reason = High, "accounts of "+a.whichOrganization(id)+" can assume the role, "+rank
		}
		f.Title = fmt.Sprintf("accounts of organization %s can assume role %s", id, r.Name)
		f.Detail = fmt.Sprintf("The trust policy lets in all accounts of %s.", a.whichOrganization(id))
		f.Remedy.Text = "If the organization is not meant, take it out of the trust policy; if it is, name the accounts that need the role."
		a.unlessOwn(&f, id)
		out = append(out, f)
	}
	return out
}

// isCanonical reports whether somebody is known by a canonical user id of S3 alone.
func isCanonical(o *solver.Outsider) bool {
	return o.Kind == "account" && o.Account == "" && o.ARN != "*"
}
