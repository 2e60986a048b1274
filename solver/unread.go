package solver

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"pathfinder/graphmodel/arn"
	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
)

// Missing lists what the snapshot does not hold, or holds damaged, that bears on
// access anywhere: what it says itself that it lacks, accounts whose users and roles
// were not read, and documents and settings that were not, or not in full (E11, E236).
//
// Time O(principals + their policies + resources): nobody is asked about.
func (s *Solver) Missing() []Gap {
	f := s.finder()
	for _, a := range s.inv.Accounts {
		f.unreadOf(a)
		s.eachRCP(a, func(doc *policy.Document) { f.unread("account "+a.ID, "a resource control policy", doc) })
		for _, r := range a.Held().Resources {
			f.unreadResource(r)
		}
	}
	return f.gaps()
}

// unreadResource notes what of the facts about a resource could not be read.
func (f *finder) unreadResource(r *inventory.Resource) {
	t := &target{s: f.s, name: r.ARN, carrier: r, account: r.Account}
	if r.AccessPoint != nil {
		t.bucket = f.s.bucketOf(r)
	}
	anybody, anonymous := f.s.outsider("", ""), actor{caller: Caller{Kind: CallerAnonymous}}
	all := arn.Service(r.ARN) + ":*"
	why := append(t.doubtsFor(&anybody, all), t.doubtsFor(&anonymous, all)...)
	if r.Policy != nil && len(r.Policy.Faults) > 0 && r.Policy.Damaged() {
		why = append(why, notRead(&Source{Name: r.ARN, Doc: r.Policy}))
	}
	f.noteAll(t, append(why, f.unreadKey(r)...))
}

// unreadKey lists what is not known of the key that a resource is encrypted with, where
// calls need it as well (E179).
func (f *finder) unreadKey(r *inventory.Resource) []string {
	service := arn.Service(r.ARN) + ":"
	needed := func(action string) bool { return strings.HasPrefix(action, service) }
	if !r.KeyUnread && (r.EncryptionKey == "" || r.AWSManagedKey) || !slices.ContainsFunc(slices.Collect(maps.Keys(kmsNeeds)), needed) {
		return nil
	}
	if r.KeyUnread {
		return []string{keyUnread(r)}
	}
	anybody := f.s.outsider("", "")
	return f.s.targetOf(r.EncryptionKey).doubtsAsKey(&anybody, "kms:Decrypt")
}

// unreadOf notes the documents that bear on who enters an account, or leaves it for
// another, and of which something had to be left out (E11).
func (f *finder) unreadOf(a *inventory.Account) {
	f.s.eachSCP(a, func(doc *policy.Document) { f.unread("account "+a.ID, "a service control policy", doc) })
	for _, p := range a.Principals() {
		f.unreadBy(p)
	}
	f.unreadIAM(a)
}

// unreadBy notes what of the documents on a principal could not be read. A managed
// policy is told once, wherever it is attached.
func (f *finder) unreadBy(p *inventory.Principal) {
	f.unread(p.ARN, "its trust policy", p.Trust)
	policiesOf(p, func(owner string, pol *inventory.Policy) {
		f.unread(cmp.Or(pol.ARN, owner), "policy "+pol.Name, pol.Doc)
	})
	if p.Boundary != nil {
		f.unread(p.ARN, "its permissions boundary", p.Boundary.Doc)
	}
}

// lacks yields what the snapshot says that it lacks, but for what is in accounts that are
// shut: whatever it is, nobody uses it (see [inventory.Account.Shut]).
func (s *Solver) lacks(yield func(Gap) bool) {
	for _, g := range s.inv.Gaps {
		what := g.What
		if g.Account != "" {
			if a := s.inv.Account(g.Account); a != nil && a.Shut() {
				continue
			}
			what = "account " + g.Account + ": " + what
		}
		if !yield(Gap{What: what, Why: g.Why}) {
			return
		}
	}
}

// shut says of an account that nobody uses it, where it stands in an answer; nil for others.
func (s *Solver) shut(account string) []Gap {
	a := s.inv.Account(account)
	if a == nil || !a.Shut() {
		return nil
	}
	return []Gap{{What: "account " + a.ID, Why: "is " + a.State + ": nobody makes requests from it, or uses what is in it, until it is opened again"}}
}

// unreadIAM notes an account of which users and roles were not read.
func (f *finder) unreadIAM(a *inventory.Account) {
	if a != nil && !a.IAM && !a.Shut() {
		f.unknown[Gap{What: "account " + a.ID, Why: "its users and roles were not read"}] = true
	}
}

// unreadAround notes accounts of what is drawn of which users and roles were not
// read: any of them may belong there.
func (f *finder) unreadAround(nodes []GraphNode) {
	for i := range nodes {
		if id := nodes[i].Account; id != "" {
			f.unreadIAM(f.s.inv.Account(id))
		}
	}
}

// unread notes a document of which something had to be left out.
func (f *finder) unread(owner, what string, doc *policy.Document) {
	if doc != nil && len(doc.Faults) > 0 && doc.Damaged() {
		f.unknown[Gap{What: owner, Why: what + " could not be read in full: " + broken(doc).Message}] = true
	}
}
