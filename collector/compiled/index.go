package compiled

import (
	"encoding/binary"
	"iter"
	"slices"
	"strings"

	"pathfinder/graphmodel/inventory"
)

// index answers from the file.
type index struct{ f *File }

var _ inventory.Index = index{}

// Principal implements [inventory.Index].
func (x index) Principal(arnOrID string) *inventory.Principal {
	if r, found := x.f.find(secPrincipals, arnOrID); found != nil {
		return x.f.principal(r)
	}
	return nil
}

// Resource implements [inventory.Index].
func (x index) Resource(arn string) *inventory.Resource {
	if r, found := x.f.find(secResources, arn); found != nil {
		return x.f.resource(r)
	}
	return nil
}

// Holder implements [inventory.Index].
func (x index) Holder(arn string) *inventory.Account {
	if r, found := x.f.find(secResources, arn); found != nil {
		if a, _ := x.f.place(r); a != nil {
			return a.shell
		}
	}
	return nil
}

// PrincipalsNamed implements [inventory.Index].
func (x index) PrincipalsNamed(name string) []*inventory.Principal {
	return all(x.f, secPrincipalNames, name, x.f.principal)
}

// ResourcesNamed implements [inventory.Index].
func (x index) ResourcesNamed(name string) []*inventory.Resource {
	return all(x.f, secResourceNames, name, x.f.resource)
}

// AccessPoints implements [inventory.Index].
func (x index) AccessPoints(bucket string) []*inventory.Resource {
	return all(x.f, secAccessPoints, bucket, x.f.resource)
}

// Trusting implements [inventory.Index].
func (x index) Trusting(name string) ([]*inventory.Principal, bool) {
	return all(x.f, secTrusting, name, x.f.principal), true
}

// Granting implements [inventory.Index].
func (x index) Granting(name string) ([]*inventory.Resource, bool) {
	return all(x.f, secGranting, name, x.f.resource), true
}

// Admitting implements [inventory.Index].
func (x index) Admitting(account string) ([]*inventory.Resource, bool) {
	_, some := x.f.find(secAdmitting, account)
	_, every := x.f.find(secAdmitting, anyAccount)
	return read(merged(refs(some), refs(every)), x.f.resource), true
}

// Assuming implements [inventory.Index].
func (x index) Assuming(a *inventory.Account) ([]*inventory.Principal, bool) {
	return all(x.f, secAssuming, a.ID, x.f.principal), true
}

// Unclear implements [inventory.Index].
func (x index) Unclear(a *inventory.Account) ([]*inventory.Principal, bool) {
	return all(x.f, secUnclear, a.ID, x.f.principal), true
}

// Endpoints implements [inventory.Index].
func (x index) Endpoints() (list []inventory.Endpoint) {
	c := &cursor{b: x.f.whole(secEndpoints)}
	for len(c.b) > 0 {
		e := inventory.Endpoint{ARN: c.text(), Policy: x.f.document(c.num())}
		if c.bad || e.Policy == nil {
			x.f.p.fail(secEndpoints.String())
			return nil
		}
		list = append(list, e)
	}
	return list
}

// ResourceARNs implements [inventory.Index].
func (x index) ResourceARNs() iter.Seq[string] {
	return func(yield func(string) bool) {
		c := &cursor{b: x.f.whole(secARNs)}
		for len(c.b) > 0 {
			arn := c.text()
			if c.bad {
				x.f.p.fail(secARNs.String())
				return
			}
			if !yield(arn) {
				return
			}
		}
	}
}

// PrincipalARNs implements [inventory.Index].
func (x index) PrincipalARNs() iter.Seq[string] {
	return func(yield func(string) bool) {
		for word := range x.f.words(secPrincipals) {
			if strings.HasPrefix(word, "arn:") && !yield(word) { // the others are unique ids
				return
			}
		}
	}
}

// ResourceNames implements [inventory.Index].
func (x index) ResourceNames() iter.Seq[string] { return x.f.words(secResourceNames) }

// all reads everything that an index has under a key.
func all[T any](f *File, s section, word string, get func(ref) *T) []*T {
	_, list := f.find(s, word)
	return read(refs(list), get)
}

// refs reads a list of refs.
func refs(b []byte) []ref {
	list := make([]ref, len(b)/8)
	for i := range list {
		list[i] = ref(binary.LittleEndian.Uint64(b[8*i:]))
	}
	return list
}

// merged makes one list of two, in the order of refs.
func merged(a, b []ref) []ref {
	list := append(a, b...) //nolint:gocritic // both are ours
	slices.Sort(list)
	return slices.Compact(list)
}

// read reads what refs lead to.
func read[T any](refs []ref, get func(ref) *T) (list []*T) {
	for _, r := range refs {
		if v := get(r); v != nil {
			list = append(list, v)
		}
	}
	return list
}

// principal returns what a ref leads to, nil when the file is damaged.
func (f *File) principal(r ref) *inventory.Principal {
	a, i := f.place(r)
	if a == nil {
		return nil
	}
	if r&roleBit == 0 {
		if users := a.everybody().Users; i < len(users) {
			return users[i]
		}
	} else if i < a.roles.n {
		return a.role(i)
	}
	f.p.fail("a reference leads nowhere")
	return nil
}

// resource returns what a ref leads to, nil when the file is damaged.
func (f *File) resource(r ref) *inventory.Resource {
	a, i := f.place(r)
	if a == nil || r&roleBit != 0 || i >= a.resources.n {
		f.p.fail("a reference leads nowhere")
		return nil
	}
	return a.resource(i)
}

func (f *File) place(r ref) (*account, int) {
	if r>>32 >= ref(len(f.accounts)) {
		f.p.fail("a reference leads nowhere")
		return nil, 0
	}
	return f.accounts[r>>32], int(r & (roleBit - 1)) //nolint:gosec // 31 bits
}
