package compiled

import (
	"encoding/binary"
	"fmt"
	"math"

	"pathfinder/graphmodel"
	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
)

// A ref says where a principal or resource is: the number of its account, then
// a bit that tells roles from users, then its number in the account. Sorted
// refs are in the order that an Index promises.
type ref uint64

const roleBit = 1 << 31

func refOf(account, i int, role bool) ref {
	r := ref(account)<<32 | ref(i) //nolint:gosec // checked by encodeAccount
	if role {
		r |= roleBit
	}
	return r
}

// A key is a word by which an index finds ref. at is where its bytes stand in
// the blob of the account.
type key struct {
	word string
	at   int
	ref  ref
}

// An encoded account is what is written of it, and the keys of each index.
type encoded struct {
	blob []byte
	keys [numSections][]key
	// arns are those of the resources, one after the other.
	arns, endpoints record
	peopleAt        uint32 // where users, groups and providers begin
	err             error
}

// An accountEncoder writes one account.
type accountEncoder struct {
	encoded
	r       record
	w       *numbers
	lookup  *graphmodel.Lookup
	account *inventory.Account
	number  int // of the account
	refs    map[*inventory.Principal]ref
	users   map[*inventory.Principal]int
	groups  map[*inventory.Group]int
}

func encodeAccount(w *numbers, lookup *graphmodel.Lookup, a *inventory.Account, number int) *encoded {
	e := &accountEncoder{w: w, lookup: lookup, account: a, number: number, refs: map[*inventory.Principal]ref{}}
	h := a.Held()
	n := len(h.Roles) + len(h.Resources)
	e.r.b = make([]byte, 4*(n+1))
	e.err = e.fits()
	for i, p := range h.Roles {
		e.start(i)
		e.principal(p, i)
		e.document(p.Trust)
		for name := range lookup.In(p.ARN, graphmodel.AssumeRole) {
			e.names(secTrusting, name.Name, refOf(number, i, true))
		}
	}
	for i, r := range h.Resources {
		e.start(len(h.Roles) + i)
		e.resource(r, i)
		if graphmodel.Obscure(r) {
			e.names(secGranting, graphmodel.Obscured, refOf(number, i, false))
		}
		for name := range lookup.In(r.ARN, graphmodel.ResourceGrant) {
			e.names(secGranting, name.Name, refOf(number, i, false))
			if name.Kind == graphmodel.Public {
				e.admits(r, refOf(number, i, false))
			}
		}
	}
	e.start(n)
	e.people()
	e.members()
	if len(e.r.b) > math.MaxUint32 {
		e.fail("account %s holds more than 4 GiB", a.ID)
	}
	e.blob = e.r.b
	return &e.encoded
}

func (e *accountEncoder) fits() error {
	h := e.account.Held()
	if max(len(h.Users), len(h.Roles), len(h.Resources), e.number) >= roleBit {
		return fmt.Errorf("account %s holds too much", e.account.ID)
	}
	return nil
}

// fail notes the first thing that can't be written.
func (e *accountEncoder) fail(format string, args ...any) {
	if e.err == nil {
		e.err = fmt.Errorf(format, args...)
	}
}

// start notes where the record with this number begins.
func (e *accountEncoder) start(i int) {
	binary.LittleEndian.PutUint32(e.r.b[4*i:], uint32(len(e.r.b))) //nolint:gosec // checked at the end
}

// key writes a string that an index finds.
func (e *accountEncoder) key(s section, word string, to ref) int {
	at := e.r.text(word)
	e.keys[s] = append(e.keys[s], key{word, at, to})
	return at
}

// names notes that to names somebody, once.
func (e *accountEncoder) names(s section, name string, to ref) {
	list := e.keys[s]
	for i := len(list) - 1; i >= 0 && list[i].ref == to; i-- {
		if list[i].word == name {
			return
		}
	}
	e.keys[s] = append(list, key{word: name, ref: to})
}

// principal writes what users and roles have in common.
func (e *accountEncoder) principal(p *inventory.Principal, i int) {
	role := p.Kind == inventory.Role
	to := refOf(e.number, i, role)
	e.refs[p] = to
	if p.Account != e.account {
		e.fail("%s stands in account %s and belongs to another one", p.ARN, e.account.ID)
	}
	e.key(secPrincipals, p.ARN, to)
	e.key(secPrincipalNames, p.Name, to)
	if p.UniqueID != "" && p.UniqueID != p.ARN {
		e.key(secPrincipals, p.UniqueID, to)
	} else {
		e.r.text(p.UniqueID)
	}
	e.r.text(p.Path)
	e.time(p)
	e.r.pairs(p.Tags)
	e.policies(p.Inline, p.Attached)
	e.managed(p.Boundary)
	e.r.texts(p.InstanceProfiles)
}

func (e *accountEncoder) time(p *inventory.Principal) {
	if err := e.r.time(p.Created); err != nil {
		e.fail("%s: %w", p.ARN, err)
	}
	if err := e.r.time(p.LastUsed); err != nil {
		e.fail("%s: %w", p.ARN, err)
	}
	e.r.bool(p.UseKnown)
}

func (e *accountEncoder) policies(inline, attached []*inventory.Policy) {
	e.r.count(len(inline))
	for _, p := range inline {
		e.r.text(p.Name)
		e.r.text(p.ARN)
		e.document(p.Doc)
	}
	e.r.count(len(attached))
	for _, p := range attached {
		e.managed(p)
	}
}

// document writes the number of a document; 0 stands for none.
func (e *accountEncoder) document(d *policy.Document) { e.r.count(e.w.document(d)) }

// managed writes the number of a managed policy; 0 stands for none.
func (e *accountEncoder) managed(p *inventory.Policy) { e.r.count(e.w.policy(p)) }

// people writes what is read as a whole: the users, the groups that they are
// in, the providers, and the policies that hang on nobody.
func (e *accountEncoder) people() {
	h := e.account.Held()
	e.peopleAt = uint32(len(e.r.b)) //nolint:gosec // checked by encodeAccount
	e.users, e.groups = map[*inventory.Principal]int{}, map[*inventory.Group]int{}
	for i, g := range h.Groups {
		e.groups[g] = i
	}
	for i, u := range h.Users {
		e.users[u] = i
	}
	e.r.count(len(h.Users))
	e.r.count(len(h.Groups))
	for i, u := range h.Users {
		e.principal(u, i)
		e.document(u.Trust)
		e.r.count(len(u.Groups))
		for _, g := range u.Groups {
			at, ok := e.groups[g]
			if !ok {
				e.fail("%s is in a group of another account", u.ARN)
			}
			e.r.count(at)
		}
	}
	for _, g := range h.Groups {
		e.group(g)
	}
	e.r.count(len(h.Providers))
	for i := range h.Providers {
		p := &h.Providers[i]
		e.r.raw(byte(p.Kind))
		e.r.text(p.ARN)
		e.r.text(p.URL)
		e.r.texts(p.Clients)
	}
	e.r.bool(h.ProvidersKnown)
	e.r.count(len(h.Policies))
	for _, p := range h.Policies {
		e.managed(p)
	}
}

func (e *accountEncoder) group(g *inventory.Group) {
	e.r.text(g.ARN)
	e.r.text(g.Name)
	e.r.text(g.Path)
	e.r.text(g.UniqueID)
	e.policies(g.Inline, g.Attached)
	e.r.count(len(g.Members))
	for _, u := range g.Members {
		at, ok := e.users[u]
		if !ok {
			e.fail("%s has a member of another account", g.ARN)
		}
		e.r.count(at)
	}
}
