package tables

import (
	"pathfinder/graphmodel/arn"
	"pathfinder/solver"
)

// roster inserts who may enter which account by Identity Center.
func (d *database) roster(all *solver.Roster) {
	for i := range all.Roles {
		r := &all.Roles[i]
		account := arn.Account(r.Role)
		d.put("permission_set_roles", r.Role, account, r.PermissionSet, r.Instance, r.Complete, r.Why)
		d.assigned(account, r, "")
	}
	for i := range all.Waiting {
		w := &all.Waiting[i]
		d.assigned(w.Account, &w.AssignedRole, w.Why)
	}
	seen := map[[2]string]bool{} // facts may name a group twice
	for i := range all.Groups {
		g := &all.Groups[i]
		if seen[[2]string{g.Instance, g.ID}] {
			continue
		}
		seen[[2]string{g.Instance, g.ID}] = true
		d.put("center_groups", g.Instance, g.ID, g.Name, g.Members != nil)
		for _, m := range g.Members {
			d.put("memberships", g.Instance, g.ID, m.ID, m.Name, m.Missing)
		}
	}
}

// assigned inserts the users and groups that are assigned to a permission set in an
// account, and why the role is "" where none is known.
func (d *database) assigned(account string, r *solver.AssignedRole, why string) {
	for _, of := range []struct {
		kind string
		list []solver.Assignee
	}{{"group", r.Groups}, {"user", r.Users}} {
		for _, who := range of.list {
			d.put("assignments", account, r.PermissionSet, r.Instance, r.Role, of.kind, who.ID, who.Name, who.Missing, why)
		}
	}
}
