package compiled

import (
	"encoding/binary"
	"runtime"
	"sync"

	"pathfinder/graphmodel/inventory"
)

// An account is where the file holds what an account does. Roles and resources
// are read one by one, users and their groups, which know each other, as a
// whole. Safe for concurrent use.
type account struct {
	f         *File
	shell     *inventory.Account
	off, len  uint64 // of the blob
	peopleAt  uint64 // in the blob
	roles     *table[inventory.Principal]
	resources *table[inventory.Resource]

	once   sync.Once // guards what follows
	people inventory.Held
}

// record returns the part of the blob with this number: roles, then resources.
func (a *account) record(i int) *cursor {
	n := uint64(a.roles.n+a.resources.n) + 1 //nolint:gosec // not negative
	at := uint64(i) * 4                      //nolint:gosec // not negative
	if n*4 > a.len {
		return a.bad()
	}
	b := a.f.p.at(a.off+at, 8)
	if uint64(i)+1 == n || b == nil { //nolint:gosec // not negative
		return a.bad()
	}
	from, to := uint64(binary.LittleEndian.Uint32(b)), uint64(binary.LittleEndian.Uint32(b[4:]))
	if from > to || to > a.len || !a.f.read.spend(a.f.p, int(to-from)) { //nolint:gosec // less than the file
		return a.bad()
	}
	return &cursor{b: a.f.p.at(a.off+from, to-from)}
}

func (a *account) bad() *cursor {
	a.f.p.fail(secAccounts.String())
	return &cursor{bad: true}
}

// done notes that a record was not what it should be.
func (a *account) done(c *cursor) bool {
	if c.bad || len(c.b) > 0 {
		a.f.p.fail(secAccounts.String())
		return false
	}
	return true
}

// held returns everything. It is empty when something is damaged.
func (a *account) held() inventory.Held {
	h := *a.everybody()
	h.Roles, h.Resources = each(a.roles.n, a.role), each(a.resources.n, a.resource)
	if a.f.p.err() != nil {
		return inventory.Held{}
	}
	return h
}

// principals returns users and roles. They are none when something is damaged.
func (a *account) principals() (users, roles []*inventory.Principal) {
	users, roles = a.everybody().Users, each(a.roles.n, a.role)
	if a.f.p.err() != nil {
		return nil, nil
	}
	return users, roles
}

// share is how many records a goroutine reads at least: it has to be worth
// starting one.
const share = 128

// each makes a list, on all processors.
func each[T any](n int, get func(int) *T) []*T {
	if n == 0 {
		return nil
	}
	list := make([]*T, n)
	workers := min(runtime.GOMAXPROCS(0), (n+share-1)/share)
	var wg sync.WaitGroup
	part := func(from, to int) {
		for i := from; i < to; i++ {
			list[i] = get(i)
		}
	}
	for w := 1; w < workers; w++ {
		wg.Go(func() { part(w*n/workers, (w+1)*n/workers) })
	}
	part(0, n/workers)
	wg.Wait()
	return list
}

// role returns a role. One that can't be read has nothing but a trust policy
// that is lost.
func (a *account) role(i int) *inventory.Principal {
	return a.roles.get(i, func(i int) *inventory.Principal {
		c := a.record(i)
		p := &inventory.Principal{Kind: inventory.Role, Account: a.shell}
		a.principal(c, p)
		p.Trust = a.f.document(c.num())
		if a.done(c) && a.f.p.err() == nil {
			return p
		}
		return &inventory.Principal{Kind: inventory.Role, Account: a.shell, Trust: lost}
	})
}

// principal reads what users and roles have in common.
func (a *account) principal(c *cursor, p *inventory.Principal) {
	p.ARN, p.Name, p.UniqueID, p.Path = c.text(), c.text(), c.text(), c.text()
	p.Created, p.LastUsed, p.UseKnown = c.time(), c.time(), c.bool()
	p.Tags = c.pairs()
	p.Inline, p.Attached = a.policies(c)
	p.Boundary = a.f.managed(c.num())
	p.InstanceProfiles = c.texts()
}

func (a *account) policies(c *cursor) (inline, attached []*inventory.Policy) {
	if n := c.count(3); n > 0 {
		all := make([]inventory.Policy, n)
		inline = make([]*inventory.Policy, n)
		for i := range all {
			all[i] = inventory.Policy{Name: c.text(), ARN: c.text(), Doc: a.f.document(c.num())}
			if inline[i] = &all[i]; all[i].Doc == nil {
				c.bad, all[i].Doc = true, lost
			}
		}
	}
	return inline, a.f.policyList(c)
}

// everybody reads users, groups, providers, and policies that hang on nobody.
func (a *account) everybody() *inventory.Held {
	a.once.Do(func() {
		if a.peopleAt > a.len {
			a.bad()
			return
		}
		c := &cursor{b: a.f.p.at(a.off+a.peopleAt, a.len-a.peopleAt)}
		h := inventory.Held{}
		users, groups := c.count(10), c.count(7)
		if users > 0 {
			h.Users = make([]*inventory.Principal, users)
		}
		if groups > 0 {
			h.Groups = make([]*inventory.Group, groups)
		}
		for i := range h.Groups {
			h.Groups[i] = &inventory.Group{Account: a.shell}
		}
		for i := range h.Users {
			h.Users[i] = &inventory.Principal{Kind: inventory.User, Account: a.shell}
		}
		for _, u := range h.Users {
			a.principal(c, u)
			u.Trust = a.f.document(c.num())
			u.Groups = some(c, h.Groups)
		}
		for _, g := range h.Groups {
			g.ARN, g.Name, g.Path, g.UniqueID = c.text(), c.text(), c.text(), c.text()
			g.Inline, g.Attached = a.policies(c)
			g.Members = some(c, h.Users)
		}
		h.Providers, h.ProvidersKnown = providers(c), c.bool()
		h.Policies = a.f.policyList(c)
		if a.done(c) {
			a.people = h
		}
	})
	return &a.people
}

// some reads a list of numbers of a list.
func some[T any](c *cursor, of []*T) []*T {
	n := c.count(1)
	if n == 0 {
		return nil
	}
	list := make([]*T, 0, n)
	for range n {
		at := c.num()
		if at >= uint64(len(of)) {
			c.bad = true
			return nil
		}
		list = append(list, of[at])
	}
	return list
}

func providers(c *cursor) []inventory.Provider {
	return several(c, 4, func() inventory.Provider {
		return inventory.Provider{Kind: inventory.ProviderKind(c.byte()), ARN: c.text(), URL: c.text(), Clients: c.texts()}
	})
}
