package overlay

import (
	"cmp"
	"slices"

	"pathfinder/collector/snapshot"
	"pathfinder/graphmodel/arn"
	"pathfinder/graphmodel/inventory"
)

// A Change is one thing that an edit did.
type Change struct {
	What string // the ARN of what was changed, or the id of an organization's part
	Did  string // such as "created" or "inline policy Read changed"
}

// An Editor edits one snapshot. It is not safe for concurrent use.
type Editor struct {
	s       *snapshot.Snapshot
	source  string
	changes []Change
	gaps    []snapshot.Gap
	own     map[string]*snapshot.Account // accounts that were copied, by id
	ownOrg  bool
	where   map[string]place // of resources, by ARN; made when first needed
	told    map[string]bool  // see Once
	later   []func()
}

// Edit returns an editor of a copy of s. source names where the edits come from,
// such as plan.json; gaps say it.
func Edit(s *snapshot.Snapshot, source string) *Editor {
	c := *s
	c.Accounts = slices.Clone(s.Accounts)
	return &Editor{s: &c, source: source, own: make(map[string]*snapshot.Account), told: make(map[string]bool)}
}

// Once reports whether it is asked for the first time of something in an account: one
// policy that can't be read, on all of a kind, is as good as several.
func (e *Editor) Once(account, what string) bool {
	key := account + " " + what
	first := !e.told[key]
	e.told[key] = true
	return first
}

// Later has something done when Settle is called: what comes last of several edits of one
// thing, and is not known, is put after all others.
func (e *Editor) Later(do func()) { e.later = append(e.later, do) }

// Settle does what was to be done later, in turn.
func (e *Editor) Settle() {
	for _, do := range e.later {
		do()
	}
	e.later = nil
}

// Snapshot returns the snapshot as edited, with the gaps that the edits left.
// The editor must not be used afterwards.
func (e *Editor) Snapshot() *snapshot.Snapshot {
	if len(e.gaps) > 0 {
		e.s.Manifest.Gaps = append(slices.Clip(e.s.Manifest.Gaps), e.gaps...)
	}
	return e.s
}

// Changes lists what the edits did, in their order.
func (e *Editor) Changes() []Change { return e.changes }

// Gaps lists what could not be placed or is not known, in the order in which it
// was found.
func (e *Editor) Gaps() []snapshot.Gap { return e.gaps }

// TagsUnknown is the gap of a user or role of whom not all tags are known.
func TagsUnknown(name, why string) snapshot.Gap {
	return snapshot.Gap{Account: arn.Account(name), Service: "iam", What: inventory.TagsOf + name, Why: why}
}

// Gap notes that something about what is not known. Fields of g that do not
// apply are ""; Why is given the source in front.
func (e *Editor) Gap(g snapshot.Gap) {
	g.Why = e.source + ": " + g.Why
	same := func(o snapshot.Gap) bool {
		return o.Account == g.Account && o.Region == g.Region && o.Service == g.Service && o.What == g.What && o.Why == g.Why
	}
	if !slices.ContainsFunc(e.gaps, same) {
		e.gaps = append(e.gaps, g)
	}
}

func (e *Editor) did(what, did string) {
	e.changes = append(e.changes, Change{What: what, Did: did})
}

// Accounts lists the ids of the accounts that the snapshot holds anything of,
// beside their place in the organization.
func (e *Editor) Accounts() []string {
	var ids []string
	for _, a := range e.s.Accounts {
		ids = append(ids, a.Info.ID)
	}
	return ids
}

// Partition returns the partition of an account, "aws" when nothing says it.
func (e *Editor) Partition(account string) string {
	a := e.find(account)
	if a == nil {
		if o := e.s.Organization; o != nil {
			return cmp.Or(arn.Partition(o.Organization.ARN), "aws")
		}
		return "aws"
	}
	p := a.Info.Partition
	if d := a.IAM; p == "" && d != nil {
		for _, r := range d.RoleDetailList {
			return cmp.Or(arn.Partition(r.ARN), "aws")
		}
		for _, u := range d.UserDetailList {
			return cmp.Or(arn.Partition(u.ARN), "aws")
		}
	}
	return cmp.Or(p, "aws")
}

// CanonicalID returns the id of an account in S3 ACLs; "" when it is not known.
func (e *Editor) CanonicalID(account string) string {
	if a := e.find(account); a != nil {
		return a.Info.CanonicalUserID
	}
	return ""
}

// find returns an account for reading; nil when there is none.
func (e *Editor) find(id string) *snapshot.Account {
	for _, a := range e.s.Accounts {
		if a.Info.ID == id {
			return a
		}
	}
	return nil
}

// account returns an account for writing, made when there is none.
func (e *Editor) account(id string) *snapshot.Account {
	if a := e.own[id]; a != nil {
		return a
	}
	var a *snapshot.Account
	for i, from := range e.s.Accounts {
		if from.Info.ID == id {
			a = cloneAccount(from)
			e.s.Accounts[i] = a
		}
	}
	if a == nil {
		a = &snapshot.Account{Info: snapshot.AccountInfo{ID: id}}
		e.s.Accounts = append(e.s.Accounts, a)
		slices.SortStableFunc(e.s.Accounts, func(a, b *snapshot.Account) int { return cmp.Compare(a.Info.ID, b.Info.ID) })
	}
	e.own[id] = a
	return a
}

// iam returns the IAM of an account for writing; nil when it was not read.
// Nothing can then be put into it: it would look as if that were all.
func (e *Editor) iam(id string) *snapshot.AuthorizationDetails {
	if a := e.find(id); a == nil || a.IAM == nil {
		return nil
	}
	return e.account(id).IAM
}

// notRead notes that an account's IAM was not read, so that an edit of what
// finds no place in it.
func (e *Editor) notRead(account, what string) {
	e.Gap(snapshot.Gap{
		Account: account, Service: "iam", What: what,
		Why: "it is changed, but the snapshot does not hold the IAM of its account; collect that account too",
	})
}

// cloneAccount copies all that edits write to.
func cloneAccount(from *snapshot.Account) *snapshot.Account {
	a := *from
	a.Resources = cloneEach(from.Resources)
	for _, f := range a.Resources {
		f.Resources = slices.Clone(f.Resources) // a resource is copied when it is edited
	}
	if from.Providers != nil {
		p := *from.Providers
		p.OpenIDConnectProviders = slices.Clone(p.OpenIDConnectProviders)
		p.SAMLProviders = slices.Clone(p.SAMLProviders)
		a.Providers = &p
	}
	if from.IAM != nil {
		d := *from.IAM
		d.UserDetailList = cloneEach(d.UserDetailList)
		for _, u := range d.UserDetailList {
			u.UserPolicyList, u.GroupList = slices.Clone(u.UserPolicyList), slices.Clone(u.GroupList)
			u.AttachedManagedPolicies = slices.Clone(u.AttachedManagedPolicies)
		}
		d.GroupDetailList = cloneEach(d.GroupDetailList)
		for _, g := range d.GroupDetailList {
			g.GroupPolicyList, g.AttachedManagedPolicies = slices.Clone(g.GroupPolicyList), slices.Clone(g.AttachedManagedPolicies)
		}
		d.RoleDetailList = cloneEach(d.RoleDetailList)
		for _, r := range d.RoleDetailList {
			r.RolePolicyList, r.AttachedManagedPolicies = slices.Clone(r.RolePolicyList), slices.Clone(r.AttachedManagedPolicies)
			r.InstanceProfileList = slices.Clone(r.InstanceProfileList)
		}
		d.Policies = cloneEach(d.Policies)
		for _, p := range d.Policies {
			p.PolicyVersionList = slices.Clone(p.PolicyVersionList)
		}
		a.IAM = &d
	}
	return &a
}

// cloneEach copies a list and what it points to.
func cloneEach[T any](list []*T) []*T {
	out := slices.Clone(list)
	for i, p := range out {
		if p != nil { // a fault that reading reports
			c := *p
			out[i] = &c
		}
	}
	return out
}
