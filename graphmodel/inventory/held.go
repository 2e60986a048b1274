package inventory

import "sync"

// Held returns what the account holds, which is sorted after
// [Inventory.Finish]. Of an account that was made by [Account.HoldLater] it is
// loaded by the first call; any number of goroutines may ask.
func (a *Account) Held() *Held {
	if a.lazy != nil {
		return a.lazy.get()
	}
	return &a.held
}

// Hold sets what the account holds, and returns the account.
func (a *Account) Hold(h Held) *Account {
	a.held, a.lazy = h, nil
	return a
}

// HoldLater sets how to find what the account holds. load is called at most
// once, and by nobody who does not look. Whoever sets it has to notice when it
// fails, and to take no answer that was found meanwhile: what can't be loaded
// must not be taken for nothing.
func (a *Account) HoldLater(load func() Held) {
	get := sync.OnceValue(func() *Held {
		h := load()
		return &h
	})
	a.lazy = &lazy{get: get, principals: func() (users, roles []*Principal) { return get().Users, get().Roles }}
}

// HoldInParts is [Account.HoldLater] for an account whose users and roles can be
// loaded without the rest. What load returns has to have the same ones.
func (a *Account) HoldInParts(principals func() (users, roles []*Principal), load func() Held) {
	a.HoldLater(load)
	a.lazy.principals = sync.OnceValues(principals)
}

// lazy is shared by copies of an account.
type lazy struct {
	get        func() *Held
	principals func() (users, roles []*Principal)
}
