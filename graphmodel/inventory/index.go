package inventory

import (
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"
	"sync"

	"pathfinder/graphmodel/policy"
)

// An Index finds things in an inventory without looking at all that it holds.
// Lists are in the order of accounts, then by ARN; users come before roles.
type Index interface {
	// Principal returns the user or role with this ARN or unique id, or nil.
	Principal(arnOrID string) *Principal
	// Resource returns the resource with exactly this ARN, or nil.
	Resource(arn string) *Resource
	// Holder returns the account that a resource was read from, nil when there is no
	// such resource. Nearly always that is the one that owns it.
	Holder(arn string) *Account
	// PrincipalsNamed lists the users and roles of this name.
	PrincipalsNamed(name string) []*Principal
	// ResourcesNamed lists the resources whose name, or the last part of whose
	// ARN, is this; see LastPart.
	ResourcesNamed(name string) []*Resource
	// AccessPoints lists the access points of a bucket, by its name.
	AccessPoints(bucket string) []*Resource
	// Endpoints lists the VPC endpoints that have a policy.
	Endpoints() []Endpoint
	// ResourceARNs yields the ARN of every resource, PrincipalARNs that of every
	// user and role, in no order.
	ResourceARNs() iter.Seq[string]
	PrincipalARNs() iter.Seq[string]
	// ResourcesUnder yields the ARNs of the resources that begin with a prefix, in
	// order.
	ResourcesUnder(prefix string) iter.Seq[string]
	// ResourceNames yields everything that ResourcesNamed knows, in no order.
	ResourceNames() iter.Seq[string]
	// Trusting lists the roles whose trust policy names name as the access
	// graph does, and Granting the resources that do; ok is false when the index
	// does not know.
	Trusting(name string) (roles []*Principal, ok bool)
	Granting(name string) (resources []*Resource, ok bool)
	// Admitting, Assuming and Unclear list what the look-up of the access graph
	// does under the same names; ok is likewise.
	Admitting(account string) (resources []*Resource, ok bool)
	Assuming(a *Account) (principals []*Principal, ok bool)
	Unclear(a *Account) (principals []*Principal, ok bool)
}

// An Endpoint is a VPC endpoint that has a policy.
type Endpoint struct {
	ARN    string
	Policy *policy.Document
}

// Index returns the look-up tables of a finished inventory.
func (inv *Inventory) Index() Index { return inv.index }

// Principal returns the user or role with this ARN or unique id, or nil.
func (inv *Inventory) Principal(arnOrID string) *Principal {
	if inv.index == nil {
		return nil
	}
	return inv.index.Principal(arnOrID)
}

// Resource returns the resource with exactly this ARN, or nil.
func (inv *Inventory) Resource(arn string) *Resource {
	if inv.index == nil {
		return nil
	}
	return inv.index.Resource(arn)
}

// RoleNamed returns the first role of this name in an account, by ARN, or nil.
func (inv *Inventory) RoleNamed(account, name string) *Principal {
	if inv.index == nil {
		return nil
	}
	for _, p := range inv.index.PrincipalsNamed(name) {
		if p.Kind == Role && p.Account.ID == account {
			return p
		}
	}
	return nil
}

// LastPart returns what follows the last colon or slash of an ARN.
func LastPart(arn string) string { return arn[strings.LastIndexAny(arn, ":/")+1:] }

// memory is the Index of an inventory that is in memory as a whole.
type memory struct {
	inv        *Inventory
	principals map[string]*Principal // by ARN and by unique id
	resources  map[string]*Resource  // by ARN

	sortedOnce sync.Once
	sorted     []string // the ARNs of all resources

	once         sync.Once // guards what follows
	byName       map[string][]*Principal
	resByName    map[string][]*Resource
	accessPoints map[string][]*Resource
	endpoints    []Endpoint
}

func (m *memory) add(a *Account) error {
	for _, p := range a.Principals() {
		if m.principals[p.ARN] != nil {
			return fmt.Errorf("principal %s stands twice", p.ARN)
		}
		m.principals[p.ARN] = p
		if p.UniqueID != "" {
			m.principals[p.UniqueID] = p
		}
	}
	for _, r := range a.Held().Resources {
		if m.resources[r.ARN] != nil {
			return fmt.Errorf("resource %s stands twice", r.ARN)
		}
		m.resources[r.ARN] = r
	}
	return nil
}

// names builds the tables that only some questions need.
func (m *memory) names() *memory {
	m.once.Do(func() {
		m.byName, m.resByName, m.accessPoints = map[string][]*Principal{}, map[string][]*Resource{}, map[string][]*Resource{}
		for _, a := range m.inv.Accounts {
			for _, p := range a.Principals() {
				m.byName[p.Name] = append(m.byName[p.Name], p)
			}
			for _, r := range a.Held().Resources {
				m.resByName[r.Name] = append(m.resByName[r.Name], r)
				if last := LastPart(r.ARN); last != r.Name {
					m.resByName[last] = append(m.resByName[last], r)
				}
				if r.AccessPoint != nil {
					m.accessPoints[r.AccessPoint.Bucket] = append(m.accessPoints[r.AccessPoint.Bucket], r)
				}
				if r.Gates() {
					m.endpoints = append(m.endpoints, Endpoint{r.ARN, r.Policy})
				}
			}
		}
	})
	return m
}

func (m *memory) Principal(arnOrID string) *Principal { return m.principals[arnOrID] }
func (m *memory) Resource(arn string) *Resource       { return m.resources[arn] }
func (m *memory) Holder(arn string) *Account {
	r := m.resources[arn]
	if r == nil {
		return nil
	}
	holds := func(a *Account) bool {
		_, found := slices.BinarySearchFunc(a.Held().Resources, arn, func(r *Resource, arn string) int { return strings.Compare(r.ARN, arn) })
		return found
	}
	if a := m.inv.Account(r.Account); a != nil && holds(a) {
		return a
	}
	for _, a := range m.inv.Accounts {
		if holds(a) {
			return a
		}
	}
	return nil
}

func (m *memory) PrincipalsNamed(name string) []*Principal { return m.names().byName[name] }
func (m *memory) ResourcesNamed(name string) []*Resource   { return m.names().resByName[name] }
func (m *memory) AccessPoints(bucket string) []*Resource   { return m.names().accessPoints[bucket] }
func (m *memory) Endpoints() []Endpoint                    { return m.names().endpoints }

func (m *memory) Trusting(string) ([]*Principal, bool) { return nil, false }
func (m *memory) Granting(string) ([]*Resource, bool)  { return nil, false }

func (m *memory) Admitting(string) ([]*Resource, bool)   { return nil, false }
func (m *memory) Assuming(*Account) ([]*Principal, bool) { return nil, false }
func (m *memory) Unclear(*Account) ([]*Principal, bool)  { return nil, false }

func (m *memory) ResourceARNs() iter.Seq[string] {
	return func(yield func(string) bool) {
		for _, a := range m.inv.Accounts {
			for _, r := range a.Held().Resources {
				if !yield(r.ARN) {
					return
				}
			}
		}
	}
}

func (m *memory) ResourcesUnder(prefix string) iter.Seq[string] {
	m.sortedOnce.Do(func() { m.sorted = slices.Sorted(maps.Keys(m.resources)) })
	return func(yield func(string) bool) {
		i, _ := slices.BinarySearch(m.sorted, prefix)
		for ; i < len(m.sorted) && strings.HasPrefix(m.sorted[i], prefix) && yield(m.sorted[i]); i++ {
		}
	}
}

func (m *memory) PrincipalARNs() iter.Seq[string] {
	return func(yield func(string) bool) {
		for _, a := range m.inv.Accounts {
			for _, p := range a.Principals() {
				if !yield(p.ARN) {
					return
				}
			}
		}
	}
}

func (m *memory) ResourceNames() iter.Seq[string] { return maps.Keys(m.names().resByName) }

// Gates reports whether the resource is a VPC endpoint that has a policy.
func (r *Resource) Gates() bool { return r.Type == "AWS::EC2::VPCEndpoint" && r.Policy != nil }
