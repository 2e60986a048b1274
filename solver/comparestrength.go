package solver

import (
	"maps"
	"slices"
	"strings"

	"pathfinder/graphmodel/arn"
	"pathfinder/graphmodel/guard"
	"pathfinder/graphmodel/policy"
)

// A strength is what a document is asked for: whether it permits a request when so
// much else allows it.
type strength struct {
	// by are the kinds of entries that an Allow may name the caller by.
	by []kind
	// own asks for what the identity policies of the owner's account may allow as
	// far as the document goes: all that it does not deny (E86).
	own bool
	// without are the policies of a principal of the owner's account that need not
	// allow the request (E87).
	without []string
}

// strengths are those that documents are compared by. The first is what a document
// permits when all other policies allow, and the only one for principals of other
// accounts (E90).
var strengths = [...]strength{
	{by: allKinds},
	{own: true},
	{by: slices.Concat(directKinds, limitedKinds), without: []string{policy.Identity.String()}},
	{by: directKinds, without: []string{policy.Identity.String(), policy.Boundary.String(), policy.Session.String()}},
}

// by is the strength that is asked for now.
func (x *comparing) by() *strength { return &strengths[x.strength] }

// lookAll looks for differences, first for those that are differences whatever
// other policies say. Where it is not known who owns the resource, a difference is
// certain that there is whoever does.
func (x *comparing) lookAll(issues []issue) {
	x.round(issues)
	switch {
	case x.kind != policy.Resource && x.kind != policy.Trust: // they only limit
		return
	case x.owner != "":
		x.rounds(issues)
		return
	}
	var found [2]struct {
		owner string // of the resource of the witness
		all   bool   // there is one whoever the owner is
	}
	for i := range x.sides {
		x.sides[i].closed = x.sides[i].witness != nil
		found[i].all = true
	}
	named, other := ownersIn(x.kind, issues)
	for _, owner := range append(named, other) {
		if x.work < 0 { // what remains is of the other owners as well
			for i := range x.sides {
				found[i].all = false
				if !x.sides[i].closed {
					x.doubt(i, soManyWays)
				}
			}
			break
		}
		y := comparing{kind: x.kind, owner: owner, work: x.work}
		for i := range y.sides {
			y.sides[i].closed = x.sides[i].closed || found[i].owner != "" && !found[i].all
		}
		y.rounds(issues)
		x.work = y.work
		for i := range y.sides {
			w := y.sides[i].witness
			found[i].all = found[i].all && w != nil && len(w.If) == 0
			if w != nil && found[i].owner == "" {
				found[i].owner, x.sides[i].witness, x.sides[i].rank = owner, w, y.sides[i].rank
			}
			for _, g := range y.sides[i].gaps {
				x.doubt(i, g)
			}
		}
	}
	for i, f := range found {
		if f.owner != "" && !f.all {
			w := x.sides[i].witness
			whose := "account " + f.owner
			if f.owner == other {
				whose = "an account that the documents do not name"
			}
			w.If = append(w.If, x.ownedBy(whose))
		}
	}
}

// round looks for differences of one strength.
func (x *comparing) round(issues []issue) {
	for i := range issues {
		if x.sides[0].settled() && x.sides[1].settled() {
			return
		}
		x.look(&issues[i])
	}
}

// rounds looks for differences of all further strengths; those of a lesser one say
// more.
func (x *comparing) rounds(issues []issue) {
	var before [len(x.sides)]bool
	for i := range x.sides {
		before[i] = x.sides[i].closed
	}
	for x.strength = 1; x.strength < len(strengths); x.strength++ {
		list := issues
		if x.by().own {
			if x.kind == policy.Trust {
				continue // roles insist on theirs (E95)
			}
			list = withoutInsisting(issues)
		}
		for i := range x.sides {
			s := &x.sides[i]
			s.closed = before[i] || s.witness != nil && s.rank < rankOpen
		}
		x.round(list)
	}
}

// insisting are the services that let nobody in without a policy of their own: KMS,
// and STS to roles.
var insisting = []string{"kms", "sts"}

// withoutInsisting leaves out the actions of services that let nobody in without
// their own policy (E95), whatever identity policies say.
func withoutInsisting(issues []issue) (out []issue) {
	for _, one := range issues {
		one.actions = slices.DeleteFunc(slices.Clone(one.actions), func(name string) bool {
			service, _, _ := strings.Cut(strings.ToLower(name), ":")
			return slices.Contains(insisting, service)
		})
		if len(one.actions) > 0 {
			out = append(out, one)
		}
	}
	return out
}

// within leaves out the actions that a caller can't be let into: from other accounts
// some never work, whatever the policy of the resource says (E197, E199, E204, E211).
func (x *comparing) within(c *Caller, whole *issue) *issue {
	if x.kind != policy.Resource || x.owner == "" || c == nil || c.Kind != CallerAnonymous && (!c.hasAccount() || c.Account == x.owner) {
		return whole
	}
	some := *whole
	some.actions = slices.DeleteFunc(slices.Clone(whole.actions), func(name string) bool {
		return newEval(&Case{free: true, Action: name, Caller: *c}, false).ownOnly()
	})
	return &some
}

// counts reports whether a lead makes a difference of the strength that others do
// not: what a Deny takes it takes from all who are let in, and where an identity
// policy allows, no Allow adds anything.
func (x *comparing) counts(l lead) bool { return x.strength == 0 || x.by().own == l.deny() }

// naming tells when a statement names a caller, by entries that count (E97: of a
// Deny all do).
func (x *comparing) naming(e *eval, st *policy.Statement) *guard.Expr {
	k := e.principals(st, x.kind)
	if st.Effect != policy.Allow {
		return k.any()
	}
	if e.c.Caller.Kind == CallerService && (x.kind == policy.Resource || x.kind == policy.Trust) {
		k[kindEveryone] = guard.And(k[kindEveryone], unclear("E13"))
	}
	if x.strength > 0 {
		k[kindNarrowed] = guard.And(k[kindNarrowed], unclear("E89"))
	}
	if x.strength == len(strengths)-1 && x.kind == policy.Trust {
		k[kindUser] = guard.And(k[kindUser], guard.Not(unclear("E138")))
	}
	return k.of(x.by().by)
}

// byStrength reports whether a caller is to be looked at for the strength: it is of
// the account that owns the resource, and some Allow names it, but not as firmly. A
// root user needs no other policy (E88), and of whom only an id is left the account
// is not known (E76).
func (x *comparing) byStrength(c *Caller, issue *issue) bool {
	switch {
	case x.strength == 0:
		return true
	case c == nil || !c.hasAccount() || c.Account != x.owner || c.UniqueID != "":
		return false
	case x.by().own:
		return true
	case c.Kind == CallerRoot:
		return false
	}
	e := newEval(&Case{free: true, asks: true, Action: issue.actions[0], Caller: *c}, false)
	return slices.ContainsFunc(issue.statements(), func(st *policy.Statement) bool {
		k := e.principals(st, x.kind)
		return st.Effect == policy.Allow && k.any() != x.naming(e, st)
	})
}

// callers lists those to look at for an issue.
func (x *comparing) callers(statements []*policy.Statement) []*Caller {
	list := callersIn(x.kind, statements)
	if x.by().own && !slices.ContainsFunc(list, func(c *Caller) bool { return c.Kind == CallerOutsider && c.Account == x.owner }) {
		for _, partition := range partitionsIn(statements) {
			list = append(list, outsiderOf(partition, x.owner))
		}
	}
	return list
}

// ownersIn lists the accounts that may own the resource and make a difference: those
// that statements tell from others, and another one.
func ownersIn(kind policy.Kind, issues []issue) (named []string, other string) {
	out := map[string]bool{}
	for i := range issues {
		callers := callersIn(kind, issues[i].statements())
		for _, c := range callers[:len(callers)-3] { // the last ones stand for all whom nobody names
			if c.hasAccount() && c.Account != "" && c.UniqueID == "" {
				out[c.Account] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(out)), otherAccountThan(out)
}

// ownedBy is the question whose the resource is.
func (x *comparing) ownedBy(whose string) string {
	what := "resource"
	if x.kind == policy.Trust {
		what = "role"
	}
	return "the " + what + belongsTo + whose
}

const belongsTo = " belongs to "

// ownerOf returns the account of the resource that documents are about, where
// their Resource elements say it, and only one: a policy speaks of what it hangs on
// alone (E42). It is "" otherwise, as for buckets, whose ARNs have no account.
func ownerOf(docs ...*policy.Document) (owner string) {
	for _, d := range docs {
		for _, st := range d.Statements {
			if st.NotResource {
				continue
			}
			for i := range st.Resources {
				switch id := arn.Account(st.Resources[i].Text); {
				case !arn.IsAccountID(id):
				case owner != "" && owner != id:
					return ""
				default:
					owner = id
				}
			}
		}
	}
	return owner
}
