package snapshot

import (
	"cmp"
	"runtime"
	"slices"

	"golang.org/x/sync/errgroup"

	"pathfinder/graphmodel/arn"
	"pathfinder/graphmodel/inventory"
)

// Inventory turns the snapshot into facts to reason about. It fails only for a
// snapshot that [Read] would refuse; policy documents that can't be understood
// and facts that are missing become faults and gaps of the inventory.
//
// Equal documents of one kind are one *policy.Document, and a managed policy is
// one *inventory.Policy wherever it is attached.
func (s *Snapshot) Inventory() (*inventory.Inventory, error) {
	if err := s.check().err(); err != nil {
		return nil, err
	}
	b := &builder{
		inv: &inventory.Inventory{
			Created: s.Manifest.Created, Source: s.Manifest.CreatedBy,
		},
		docs: newDocuments(),
		byID: make(map[string]*inventory.Account),
	}
	for _, g := range s.Manifest.Gaps {
		b.inv.Gaps = append(b.inv.Gaps, inventory.Gap{
			Account: g.Account, Region: g.Region, Service: g.Service, What: g.What, Why: g.Why,
		})
	}
	for _, a := range s.Accounts {
		b.account(a.Info.ID)
	}
	if s.Organization != nil {
		b.organization(s.Organization)
	}
	b.accounts(s.Accounts)
	if err := b.inv.Finish(); err != nil {
		return nil, err
	}
	return b.inv, nil
}

// A builder fills an inventory.
type builder struct {
	inv  *inventory.Inventory
	docs *documents
	byID map[string]*inventory.Account
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

// accounts fills the accounts that have a folder, several at a time. Each
// worker writes to its own account only; what concerns several is merged
// afterwards in order.
func (b *builder) accounts(list []*Account) {
	work := make([]*accountBuilder, len(list))
	var g errgroup.Group
	g.SetLimit(runtime.GOMAXPROCS(0))
	for i, a := range list {
		work[i] = &accountBuilder{docs: b.docs, from: a, to: b.account(a.Info.ID)}
		g.Go(func() error {
			work[i].build()
			return nil
		})
	}
	_ = g.Wait() // the workers cannot fail
	for _, w := range work {
		b.inv.Gaps = append(b.inv.Gaps, w.gaps...)
		for _, r := range w.resources {
			owner := b.account(r.Account)
			owner.Resources = append(owner.Resources, r)
		}
	}
	for _, a := range b.inv.Accounts {
		a.Partition = cmp.Or(a.Partition, "aws")
	}
}

// An accountBuilder fills one account.
type accountBuilder struct {
	docs      *documents
	from      *Account
	to        *inventory.Account
	gaps      []inventory.Gap
	resources []*inventory.Resource // of any owner
}

func (b *accountBuilder) build() {
	info := &b.from.Info
	a := b.to
	a.Name = cmp.Or(info.Name, a.Name)
	a.Partition = cmp.Or(info.Partition, a.Partition, b.partition(), "aws")
	if len(info.Aliases) > 0 {
		a.Alias = info.Aliases[0]
	}
	a.CanonicalID = info.CanonicalUserID
	a.Tags, _ = readTags(info.Tags) // checked
	a.PublicAccessBlock = publicAccessBlock(info.S3PublicAccessBlock)
	if b.from.IAM != nil {
		a.IAM = true
		b.iam(b.from.IAM)
	}
	if b.from.Providers != nil {
		b.providers(b.from.Providers)
	}
	for _, f := range b.from.Resources {
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
	if !slices.Contains(b.gaps, g) {
		b.gaps = append(b.gaps, g)
	}
}

func (b *accountBuilder) providers(p *IdentityProviders) {
	for _, o := range p.OpenIDConnectProviders {
		b.to.Providers = append(b.to.Providers, inventory.Provider{
			Kind: inventory.OIDC, ARN: o.ARN, URL: withoutScheme(o.URL), Clients: o.ClientIDList,
		})
	}
	for _, s := range p.SAMLProviders {
		b.to.Providers = append(b.to.Providers, inventory.Provider{Kind: inventory.SAML, ARN: s.ARN})
	}
}
