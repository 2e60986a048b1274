package solver

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"slices"
	"sync"

	"pathfinder/graphmodel/arn"
	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
)

// A decision is a function of what is known of the caller, of what is known of
// the target, and of what is known of all. This file writes each of the three
// down as texts, so that what is equal in both snapshots is found without being
// asked about: a pair of which both are equal can't differ.

// A fact is one thing that decisions depend on, with its name.
type fact struct {
	name string
	text digest
}

// A digest stands for a text: equal digests are equal texts.
type digest [sha256.Size]byte

// A recorder writes facts of one snapshot down.
type recorder struct {
	s     *Solver
	docs  sync.Map // *policy.Document → digest
	texts sync.Map // *policy.Statement → its text
}

func digestOf(parts ...any) digest {
	var b []byte
	for _, p := range parts {
		switch p := p.(type) {
		case digest:
			b = append(b, p[:]...)
		case string:
			b = fmt.Appendf(b, "%q,", p)
		default:
			b = fmt.Appendf(b, "%#v,", p)
		}
	}
	return sha256.Sum256(b)
}

// document stands for the text of a document.
func (r *recorder) document(doc *policy.Document) digest {
	if doc == nil {
		return digest{}
	}
	if d, ok := r.docs.Load(doc); ok {
		return d.(digest)
	}
	text := doc.Text()
	if len(text) == 0 {
		text, _ = doc.JSON() //nolint:errcheck // a document without a text was never unreadable
	}
	d := digestOf(doc.Kind, string(text))
	r.docs.Store(doc, d)
	return d
}

// sources stands for a list of policies with their names.
func (r *recorder) sources(list []Source) digest {
	parts := make([]string, 0, len(list))
	for i := range list {
		d := r.document(list[i].Doc)
		parts = append(parts, list[i].Name+"\x00"+string(d[:]))
	}
	slices.Sort(parts)
	return digestOf(parts)
}

func (r *recorder) levels(list []Level) digest {
	var parts []any
	for i := range list {
		parts = append(parts, list[i].Target, r.sources(list[i].Policies))
	}
	return digestOf(parts...)
}

// actor lists what decisions depend on of a caller: see Solver.actorOf and
// Solver.baseFor.
func (r *recorder) actor(a *actor) []fact {
	c := r.s.baseFor(a, &target{s: r.s})
	who := a.caller
	list := []fact{
		{"tags", digestOf(who.Tags, who.HasTags)},
		{"unique id", digestOf(who.UniqueID)},
		{"identity provider", digestOf(who.NoProvider)},
		{"place in the organization", digestOf(who.OrgKnown, who.stranger != nil, who.Management, who.RootManager, who.OrgID, who.OrgPath)},
		{"service control policies", r.levels(c.SCPs)},
	}
	if p := a.principal; p != nil {
		own := named(nil, p.ARN, p.Inline, p.Attached)
		list = append(list, fact{"policies", r.sources(own)}, fact{"groups", r.sources(c.Identity[len(own):])}, fact{"permissions boundary", r.sources(c.Boundary)})
		if p.Kind == inventory.Role {
			list = append(list, fact{"trust policy", r.document(p.Trust)}) // it says what its sessions can carry
		}
	}
	return append(list, fact{"account", digestOf(who)})
}

// deep is how far decisions look from a target: from an access point to its
// bucket, and on to the key of that.
const deep = 2

// target lists what decisions depend on of a target: see Solver.targetOf and
// target.fill. What lies behind it is followed so far.
func (r *recorder) target(text string, far int) []fact {
	t := r.s.targetOf(text)
	list := []fact{
		{"place in the organization", digestOf(t.management, t.orgID, t.orgPath)},
		{"resource control policies", r.levels(t.rcps)},
	}
	if t.role != nil {
		list = append(list, fact{"trust policy", r.document(t.role.Trust)}, fact{"identity providers", digestOf(r.s.lackedBy(t.role.Trust))})
	}
	if res := t.carrier; res != nil {
		list = append(list, r.resource(res, far)...)
	}
	return append(list, fact{"tags", digestOf(t.tags)}, fact{"account", digestOf(t.account)})
}

func (r *recorder) resource(res *inventory.Resource, far int) []fact {
	rest := *res
	rest.Policy, rest.HasPolicy, rest.Tags = nil, inventory.NotRead, nil
	text, err := json.Marshal(rest)
	if err != nil {
		text = fmt.Appendf(nil, "BUG: %v", err) // facts are texts and numbers
	}
	list := []fact{{"resource policy", digestOf(res.HasPolicy, r.document(res.Policy))}, {"settings", digestOf(string(text))}}
	if a := r.s.inv.Account(res.Account); a != nil && (res.S3 != nil || res.AccessPoint != nil) {
		list = append(list, fact{"public access block of the account", digestOf(a.PublicAccessBlock)})
	}
	if res.EncryptionKey != "" && far > 0 {
		list = append(list, fact{"encryption key", digestOf(r.target(res.EncryptionKey, far-1))})
	}
	if ap := res.AccessPoint; ap != nil && far > 0 {
		list = append(list, fact{"bucket", digestOf(r.target("arn:"+arn.Partition(res.ARN)+":s3:::"+ap.Bucket, far-1))})
	}
	return list
}

// common stands for what every decision may depend on.
func (r *recorder) common() digest {
	parts := []any{r.s.canonical, r.s.partition()}
	if org := r.s.inv.Organization; org != nil {
		parts = append(parts, org.ID, org.SCPs, org.RCPs)
	}
	for _, e := range r.s.endpoints {
		parts = append(parts, e.ID, r.sources(e.Policies))
	}
	return digestOf(parts...)
}

// account stands for where an account is.
func (r *recorder) account(id string) digest {
	c := Caller{Account: id}
	r.s.place(&c)
	return digestOf(c, r.s.inv.Account(id) != nil)
}

// differing names the facts that two lists do not have in common. The last one
// gathers what the others may tell as well.
func differing(a, b []fact) (names []string) {
	text := func(list []fact, name string) (d digest) {
		for _, f := range list {
			if f.name == name {
				return f.text
			}
		}
		return d
	}
	for _, f := range slices.Concat(a, b) {
		if text(a, f.name) != text(b, f.name) && !slices.Contains(names, f.name) {
			names = append(names, f.name)
		}
	}
	if len(names) > 1 {
		names = slices.DeleteFunc(names, func(n string) bool { return n == "account" })
	}
	slices.Sort(names)
	return names
}

// differing names the facts that the snapshots do not have in common of somebody,
// of whom each has something.
func (d *differ) differing(old, now *actor) []string {
	if !old.plain() || !now.plain() {
		return differing(d.sides[0].factsOf(old), d.sides[1].factsOf(now))
	}
	return d.remembered(&d.ofActors, old.caller.ARN, func() []string {
		return differing(d.sides[0].factsOf(old), d.sides[1].factsOf(now))
	})
}

// differingTarget names the facts that the snapshots do not have in common of a
// target.
func (d *differ) differingTarget(text string) []string {
	return d.remembered(&d.ofTargets, text, func() []string {
		return differing(d.sides[0].target(text, deep), d.sides[1].target(text, deep))
	})
}

func (d *differ) remembered(in *sync.Map, key string, compute func() []string) []string {
	if names, ok := in.Load(key); ok {
		return names.([]string)
	}
	names := compute()
	in.Store(key, names)
	return names
}
