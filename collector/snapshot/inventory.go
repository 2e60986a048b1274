package snapshot

import (
	"cmp"
	"runtime"

	"github.com/go-json-experiment/json/jsontext"
	"golang.org/x/sync/errgroup"

	"pathfinder/graphmodel/arn"
	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
)

// Inventory turns the snapshot into facts to reason about. It fails only for a
// snapshot that [Read] would refuse; policy documents that can't be understood
// and facts that are missing become faults and gaps of the inventory.
//
// Equal documents of one kind are one *policy.Document, and a managed policy is
// one *inventory.Policy wherever it is attached. Equal tags of an account are
// one map.
func (s *Snapshot) Inventory() (*inventory.Inventory, error) {
	if err := s.check().err(); err != nil {
		return nil, err
	}
	b := newBuilder(&s.Manifest, nil)
	ids := make([]string, len(s.Accounts))
	for i, a := range s.Accounts {
		ids[i] = a.Info.ID
	}
	b.begin(ids, s.Organization)
	parts := make([]*accountBuilder, len(ids))
	var g errgroup.Group
	g.SetLimit(runtime.GOMAXPROCS(0))
	for i, a := range s.Accounts {
		g.Go(func() error {
			parts[i] = b.build(a, newTagReader(nil), false)
			return nil
		})
	}
	_ = g.Wait() // the workers cannot fail
	if err := b.finish(parts); err != nil {
		return nil, err
	}
	return b.inv, nil
}

// A builder fills an inventory: begin, then build for each account that has a
// folder, then finish.
type builder struct {
	inv  *inventory.Inventory
	docs *documents
	byID map[string]*inventory.Account
}

func newBuilder(m *Manifest, held store) *builder {
	b := &builder{
		inv:  &inventory.Inventory{Created: m.Created, Source: m.CreatedBy},
		docs: newDocuments(held),
		byID: make(map[string]*inventory.Account),
	}
	for _, g := range m.Gaps {
		b.inv.Gaps = append(b.inv.Gaps, inventory.Gap{
			Account: g.Account, Region: g.Region, Service: g.Service, What: g.What, Why: g.Why,
		})
	}
	return b
}

// account returns the account of this id, made when it is new.
func (b *builder) account(id string) *inventory.Account {
	a := b.byID[id]
	if a == nil {
		a = &inventory.Account{ID: id}
		b.byID[id] = a
		b.inv.Accounts = append(b.inv.Accounts, a)
	}
	return a
}

// begin makes the accounts and hangs them in the organization. It comes before
// build.
func (b *builder) begin(accounts []string, o *Organization) {
	for _, id := range accounts {
		b.account(id)
	}
	if o != nil {
		b.organization(o)
	}
}

// build fills an account that has a folder. It may run for several at a time:
// it writes to that account only, and what concerns others is in the result. It
// is unsure whether documents that were scanned are JSON.
func (b *builder) build(a *Account, tags *tagReader, unsure bool) *accountBuilder {
	part := &accountBuilder{docs: b.docs, tags: tags, from: a, to: b.byID[a.Info.ID], desk: desk{unsure: unsure}}
	part.build()
	part.from, part.tags, part.told, part.desk.scratch = nil, nil, nil, nil // the wire form may go
	return part
}

// finish merges what was found for several accounts, in order.
func (b *builder) finish(parts []*accountBuilder) error {
	var centers []inventory.Center
	for _, part := range parts {
		b.inv.Gaps = append(b.inv.Gaps, part.gaps...)
		centers = append(centers, part.centers...)
		for _, r := range part.resources {
			owner := b.account(r.Account)
			owner.Held().Resources = append(owner.Held().Resources, r)
		}
	}
	for _, a := range b.inv.Accounts {
		a.Partition = cmp.Or(a.Partition, "aws")
	}
	for i := range centers {
		centers[i].AssignmentsKnown = centers[i].AssignmentsKnown && !assignmentsMissing(b.inv.Gaps, &centers[i])
	}
	b.inv.HoldCenters(centers)
	return b.inv.Finish()
}

// An accountBuilder fills one account.
type accountBuilder struct {
	docs      *documents
	desk      desk // for documents
	tags      *tagReader
	from      *Account // while it builds
	to        *inventory.Account
	gaps      []inventory.Gap
	told      map[inventory.Gap]bool // gaps, each of which is told once
	resources []*inventory.Resource  // of any owner, in the order of the files
	files     []resourceRun          // where they stood
	centers   []inventory.Center
}

// A resourceRun is how many resources a file holds.
type resourceRun struct {
	file string
	n    int
}

func (b *accountBuilder) build() {
	info := &b.from.Info
	a := b.to.Hold(inventory.Held{}) // it may have been built from a file that was no JSON
	a.Name = cmp.Or(info.Name, a.Name)
	a.Partition = cmp.Or(info.Partition, a.Partition, b.partition(), "aws")
	if len(info.Aliases) > 0 {
		a.Alias = info.Aliases[0]
	}
	a.CanonicalID = info.CanonicalUserID
	a.Tags, _ = b.tags.read(info.Tags) // checked
	a.PublicAccessBlock = publicAccessBlock(info.S3PublicAccessBlock)
	if b.from.IAM != nil {
		a.IAM = true
		if b.iam(b.from.IAM); b.from.IAM.Truncated() {
			b.gap("iam", "users, groups, roles and policies", "the file ends with a page that is not the last one")
		}
	}
	if b.from.Providers != nil {
		b.providers(b.from.Providers)
	}
	if b.from.Center != nil {
		b.centers = centersOf(sortCenter(b.from.Center), info.ID)
	}
	for _, f := range b.from.Resources {
		b.files = append(b.files, resourceRun{f.file(info.ID), len(f.Resources)})
		for _, r := range f.Resources {
			b.resources = append(b.resources, b.resource(r))
		}
	}
}

// partition guesses the partition from an ARN of the account.
func (b *accountBuilder) partition() string {
	if d := b.from.IAM; d != nil && len(d.RoleDetailList) > 0 {
		return arn.Partition(d.RoleDetailList[0].ARN)
	} else if d != nil && len(d.UserDetailList) > 0 {
		return arn.Partition(d.UserDetailList[0].ARN)
	}
	for _, f := range b.from.Resources {
		if len(f.Resources) > 0 {
			return arn.Partition(f.Resources[0].ARN)
		}
	}
	return ""
}

func (b *accountBuilder) gap(service, what, why string) {
	g := inventory.Gap{Account: b.to.ID, Service: service, What: what, Why: why}
	if b.told[g] {
		return
	}
	if b.told == nil {
		b.told = make(map[inventory.Gap]bool)
	}
	b.told[g] = true
	b.gaps = append(b.gaps, g)
}

// document parses the document of a role, policy or resource. One that is lost
// is a gap.
func (b *accountBuilder) document(raw jsontext.Value, kind policy.Kind, owner string) *policy.Document {
	doc, lost := b.docs.parse(raw, kind, &b.desk)
	if lost {
		b.gap(arn.Service(owner), owner, doc.Faults[0].Message)
	}
	return doc
}

func (b *accountBuilder) providers(p *IdentityProviders) {
	b.to.Held().ProvidersKnown = true
	for _, o := range p.OpenIDConnectProviders {
		b.to.Held().Providers = append(b.to.Held().Providers, inventory.Provider{
			Kind: inventory.OIDC, ARN: o.ARN, URL: withoutScheme(o.URL), Clients: o.ClientIDList,
		})
	}
	for _, s := range p.SAMLProviders {
		b.to.Held().Providers = append(b.to.Held().Providers, inventory.Provider{Kind: inventory.SAML, ARN: s.ARN})
	}
}
