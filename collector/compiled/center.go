package compiled

import "pathfinder/graphmodel/inventory"

// centers encodes the instances of Identity Center; nothing when there are none.
func centers(list []inventory.Center) []byte {
	if len(list) == 0 {
		return nil
	}
	r := &record{}
	r.count(len(list))
	for i := range list {
		c := &list[i]
		for _, s := range []string{c.ARN, c.Holder, c.Region} {
			r.text(s)
		}
		for _, known := range []bool{c.AssignmentsKnown, c.UsersKnown, c.GroupsKnown} {
			r.bool(known)
		}
		r.count(len(c.Sets))
		for _, s := range c.Sets {
			r.text(s.ARN)
			r.text(s.Name)
		}
		r.count(len(c.Assignments))
		for _, a := range c.Assignments {
			r.text(a.Account)
			r.text(a.Set)
			r.bool(a.Group)
			r.text(a.ID)
		}
		r.count(len(c.Users))
		for _, u := range c.Users {
			r.text(u.ID)
			r.text(u.Name)
		}
		r.count(len(c.Groups))
		for _, g := range c.Groups {
			r.text(g.ID)
			r.text(g.Name)
			r.texts(g.Members)
			r.bool(g.MembersKnown)
		}
	}
	return r.b
}

// centers reads them.
func (f *File) centers() []inventory.Center {
	c := &cursor{b: f.whole(secCenters)}
	list := several(c, 10, func() inventory.Center {
		return inventory.Center{
			ARN: c.text(), Holder: c.text(), Region: c.text(),
			AssignmentsKnown: c.bool(), UsersKnown: c.bool(), GroupsKnown: c.bool(),
			Sets: several(c, 2, func() inventory.PermissionSet { return inventory.PermissionSet{ARN: c.text(), Name: c.text()} }),
			Assignments: several(c, 4, func() inventory.Assignment {
				return inventory.Assignment{Account: c.text(), Set: c.text(), Group: c.bool(), ID: c.text()}
			}),
			Users: several(c, 2, func() inventory.CenterUser { return inventory.CenterUser{ID: c.text(), Name: c.text()} }),
			Groups: several(c, 4, func() inventory.CenterGroup {
				return inventory.CenterGroup{ID: c.text(), Name: c.text(), Members: c.texts(), MembersKnown: c.bool()}
			}),
		}
	})
	if c.bad || len(c.b) > 0 {
		f.p.fail(secCenters.String())
		return nil
	}
	return list
}
