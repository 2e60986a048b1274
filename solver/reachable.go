package solver

import (
	"fmt"
	"slices"
	"strings"

	"pathfinder/graphmodel"
	"pathfinder/graphmodel/arn"
	"pathfinder/graphmodel/inventory"
)

// within lists what a question about some resources is about when an actor asks:
// the resources, the access points that lead to them, and "*" for what needs
// none. A question about everything is about whatever may let the actor in, so
// that its cost grows with that and not with the organization.
func (s *Solver) within(a *actor, resources []string, everything bool) (out []string) {
	if everything {
		resources = append([]string{"*"}, s.letting(a)...)
	}
	seen := map[string]bool{}
	for _, r := range resources {
		for _, text := range s.waysTo(r) {
			if !seen[text] {
				seen[text] = true
				out = append(out, text)
			}
		}
	}
	return out
}

// letting lists the resources of the snapshot that may let an actor in: those of
// its account, and those of which a policy or grant names it, its account or
// everybody (E90); all of them when that can't be told by names.
func (s *Solver) letting(a *actor) (arns []string) {
	c := &a.caller
	if c.Kind == CallerAnonymous || c.Kind == CallerService { // a service has a name in each region (E20)
		return slices.Collect(s.inv.Index().ResourceARNs())
	}
	add := func(list []*inventory.Resource) {
		for _, r := range list {
			arns = append(arns, r.ARN)
		}
	}
	if own := s.inv.Account(c.Account); own != nil {
		add(own.Held().Resources)
	}
	for _, name := range []string{c.ARN, c.RoleARN, c.Account} {
		if name != "" {
			add(s.lookup.Granting(name))
		}
	}
	for _, r := range s.lettingAll(c) {
		if s.mayAdmit(r, c) {
			arns = append(arns, r.ARN)
		}
	}
	if list := s.obscure(); len(list) <= maxObscure {
		add(list)
	}
	return arns
}

// maxObscure bounds how many resources are looked at one by one because it is not known
// whom they let in. Of more it is said that they are not known, whoever asks.
const maxObscure = 1000

// findObscure finds the resources of which it is not known whom they let in: they may let
// in somebody of another account whom nothing names (E11, E236).
func (s *Solver) findObscure() (list []*inventory.Resource) {
	for _, r := range s.lookup.Granting(graphmodel.Obscured) {
		anybody := actor{caller: *outsiderOf(arn.Partition(r.ARN), "")}
		if s.unclear(&anybody, s.targetOf(r.ARN)) {
			list = append(list, r)
		}
	}
	return list
}

// tooObscure says what is not known where there is too much of it to be looked at.
func (f *finder) tooObscure() {
	list := f.s.obscure()
	if len(list) <= maxObscure {
		return
	}
	count := map[string]int{}
	for _, r := range list {
		count[r.Account]++
	}
	for account, n := range count {
		f.unknown[Gap{What: "account " + account, Why: fmt.Sprintf("of %d of its resources it is not known whom they let in from other accounts; ask about one to see what is missing", n)}] = true
	}
}

// lettingAll lists the resources that let everybody in, without many that do so
// for others than the caller.
func (s *Solver) lettingAll(c *Caller) []*inventory.Resource {
	if !belongs(c) || s.cfg.Singly || s.fixesCaller() {
		return s.lookup.Granting("*")
	}
	return s.lookup.Admitting(c.Account)
}

// belongs reports whether a caller is one of those that package graphmodel means by
// users, roles and root users.
func belongs(c *Caller) bool {
	return c.Kind == CallerUser || c.Kind == CallerSession || c.Kind == CallerRoot
}

// fixesCaller reports whether the question says of requests what tells services from
// others, or one account from another.
func (s *Solver) fixesCaller() bool {
	for key := range s.ctx.Values {
		if graphmodel.ServiceKey(key) || key == "kms:calleraccount" || key == "aws:principalaccount" {
			return true
		}
	}
	return false
}

// mayAdmit reports whether a resource that lets everybody in may let in a caller
// as one of them. Many do so for AWS services alone, or for an account.
func (s *Solver) mayAdmit(r *inventory.Resource, c *Caller) bool {
	switch {
	case !belongs(c),
		r.Policy == nil, r.AccessPoint != nil, r.S3 != nil && r.S3.Ownership != "BucketOwnerEnforced", r.Policy.Damaged():
		return true
	}
	var ad admission
	for _, st := range r.Policy.Statements {
		if graphmodel.Everybody(st) {
			ad.admit(s, st)
		}
	}
	return ad.of(c.Account)
}

// readOfReached lists what the policies about all that the ends of some paths may
// reach read of sessions.
func (s *Solver) readOfReached(start *actor, paths []path) []carriedName {
	seen := map[string]bool{}
	var targets []*target
	note := func(a *actor) {
		for _, text := range s.within(a, nil, true) {
			if !seen[text] {
				seen[text] = true
				targets = append(targets, s.targetOf(text))
			}
		}
	}
	note(start)
	ends := map[string]bool{}
	for i := range paths {
		end := s.last(&paths[i])
		if !ends[end.caller.ARN] {
			ends[end.caller.ARN] = true
			note(&end)
		}
	}
	return s.readOf(targets...)
}

// isCovered reports whether a pattern covers some resource of the snapshot.
func (s *Solver) isCovered(text string, g arn.Glob) bool {
	if id := arn.Account(text); arn.IsAccountID(id) {
		a := s.inv.Account(id)
		return a != nil && slices.ContainsFunc(a.Held().Resources, func(r *inventory.Resource) bool { return g.Match(r.ARN) })
	}
	prefix, _, _ := strings.Cut(text, "*")
	prefix, _, _ = strings.Cut(prefix, "?")
	for r := range s.inv.Index().ResourcesUnder(prefix) {
		if g.Match(r) {
			return true
		}
	}
	return false
}
