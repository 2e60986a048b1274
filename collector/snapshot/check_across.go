package snapshot

import "pathfinder/graphmodel/arn"

// checkOrganization looks at organization.json.
func checkOrganization(ps *problems, o *Organization) {
	c := checker{problems: ps, file: organizationFile + ".json"}
	if o.Organization.ID == "" {
		c.bad("/Organization/Id", "the id of the organization is missing")
	}
	if id := o.Organization.MasterAccountID; id != "" {
		c.id(id, "Organization", "MasterAccountId")
	}
	if o.Root != nil {
		c.unit(o.Root, "/Root", make(map[string]bool))
	}
	seen := make(map[string]bool, len(o.Accounts))
	for i := range o.Accounts {
		id := o.Accounts[i].ID
		if c.id(id, "Accounts", i, "Id") && seen[id] {
			c.bad(at("Accounts", i, "Id"), "account %s stands twice", id)
		}
		seen[id] = true
	}
	clear(seen)
	for i := range o.Policies {
		p := &o.Policies[i].PolicySummary
		switch {
		case p.ID == "":
			c.bad(at("Policies", i, "PolicySummary", "Id"), "the id of the policy is missing")
		case seen[p.ID]:
			c.bad(at("Policies", i, "PolicySummary", "Id"), "policy %s stands twice", quote(p.ID))
		case p.Type == "":
			c.bad(at("Policies", i, "PolicySummary", "Type"), "the type is missing; write %s or %s", scpType, rcpType)
		}
		seen[p.ID] = true
	}
	for i := range o.DelegatedAdministrators {
		c.id(o.DelegatedAdministrators[i].ID, "DelegatedAdministrators", i, "Id")
	}
}

// unit checks a unit and what hangs in it; seen holds the ids met so far.
func (c *checker) unit(u *OrganizationalUnit, pointer string, seen map[string]bool) {
	switch {
	case u.ID == "":
		c.bad(pointer+"/Id", "the id of the unit is missing")
	case seen[u.ID]:
		c.bad(pointer+"/Id", "unit %s stands twice", quote(u.ID))
		return // also keeps a unit that holds itself from running in circles
	}
	seen[u.ID] = true
	for i, id := range u.Accounts {
		here := pointer + at("Accounts", i)
		switch {
		case !arn.IsAccountID(id):
			c.bad(here, "%s is not an account id of 12 digits", quote(id))
		case seen[id]:
			c.bad(here, "account %s hangs in two places of the organization", id)
		}
		seen[id] = true
	}
	for i, child := range u.OrganizationalUnits {
		here := pointer + at("OrganizationalUnits", i)
		if child == nil {
			c.bad(here, "expected an object here, found null")
			continue
		}
		c.unit(child, here, seen)
	}
}

// checkAcross finds what stands twice in different places.
func (s *Snapshot) checkAcross(ps *problems) {
	accounts := make(map[string]bool, len(s.Accounts))
	for _, a := range s.Accounts {
		if accounts[a.Info.ID] {
			ps.addf("", "", "account %s stands twice", a.Info.ID)
		}
		accounts[a.Info.ID] = true
	}
	first := make(places)
	for _, a := range s.Accounts {
		for _, f := range a.Resources {
			for i, r := range f.Resources {
				if r != nil {
					first.note(ps, f.file(a.Info.ID), i, r.ARN)
				}
			}
		}
	}
}

// checkAcross is the same for accounts whose wire form is gone. No account can
// stand twice there: each has its own folder.
func checkAcross(ps *problems, parts []*accountBuilder) {
	first := make(places)
	for _, part := range parts {
		rest := part.resources
		for _, run := range part.files {
			for i, r := range rest[:run.n] {
				first.note(ps, run.file, i, r.ARN)
			}
			rest = rest[run.n:]
		}
	}
}

// places are the files in which resources stand first, by ARN.
type places map[string]string

// note remembers where a resource stands; a second place is a problem.
func (p places) note(ps *problems, file string, i int, arn string) {
	if arn == "" {
		return
	}
	if before, twice := p[arn]; twice {
		ps.addf(file, at("Resources", i, "Arn"), "%s stands in %s already", quote(arn), before)
		return
	}
	p[arn] = file
}
