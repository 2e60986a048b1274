package audit

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"pathfinder/graphmodel/guard"
	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
	"pathfinder/solver"
)

// The keys that tell of a second factor.
const (
	mfaPresent = "aws:multifactorauthpresent"
	mfaAge     = "aws:multifactorauthage"
)

// What requests carry of users and roles that showed no second factor (E144, E220):
// those made with an access key do not have the keys at all, those made with temporary
// credentials say so.
var (
	byAccessKey = request{mfaPresent: {}, mfaAge: {}}
	byTemporary = request{mfaPresent: policy.Single("false"), mfaAge: {}}
)

// madeTemporary is what else has to be true where an access key alone is not enough.
const madeTemporary = "it may make temporary credentials without MFA, as sts:GetSessionToken does unless it is denied"

// A bareHop is one on which no second factor is asked for.
type bareHop struct {
	from   *inventory.Principal // one of those of whom it holds
	to     *inventory.Principal
	step   *solver.Step
	left   guard.Blocks // what is asked besides
	needs  []string     // what else has to be true, in words
	onward *bareHop     // how one gets to from, nil for a user
}

// certain reports whether a way that ends so depends on nothing.
func (h *bareHop) certain() bool {
	return len(h.left) == 0 && len(h.needs) == 0 && (h.onward == nil || h.onward.certain())
}

// steps counts the hops of the way.
func (h *bareHop) steps() int {
	if h.onward == nil {
		return 1
	}
	return h.onward.steps() + 1
}

// better reports whether a way is the one to tell of: for certain, then by fewer hops.
func (h *bareHop) better(than *bareHop) bool {
	if than == nil || h.certain() != than.certain() {
		return than == nil || h.certain()
	}
	return h.steps() < than.steps()
}

// bare decides whether one may assume a role without a second factor; nil for no.
func (a *auditor) bare(one, role *inventory.Principal) *bareHop {
	step := a.Solver.Enters(one, role)
	if step == nil {
		return nil
	}
	h := &bareHop{from: one, to: role, step: step}
	may := false
	if one.Kind == inventory.User {
		if h.left, may = given(step.Condition, byAccessKey); may && len(h.left) == 0 {
			return h
		}
	}
	if left, also := given(step.Condition, byTemporary); also && (!may || len(left) == 0) {
		if h.left, may = left, true; one.Kind == inventory.User {
			h.needs = []string{madeTemporary}
		}
	}
	if !may {
		return nil
	}
	return h
}

// bareHops finds the hops without a second factor that lead to administrators, by where
// they lead. Administrators are not passed: who gets to be one has its own finding.
func (a *auditor) bareHops() (into map[*inventory.Principal][]*bareHop, ends []*inventory.Principal) {
	into = map[*inventory.Principal][]*bareHop{}
	a.eachRole(func(r *inventory.Principal) {
		if a.admins()[r.ARN] {
			ends = append(ends, r)
		}
	})
	seen := map[*inventory.Principal]bool{}
	for queue := slices.Clone(ends); len(queue) > 0; queue = queue[1:] {
		role := queue[0]
		if seen[role] {
			continue
		}
		seen[role] = true
		a.Survey.EntrantsOf(role, func(group []*inventory.Principal) {
			var user, one *bareHop // the first of each kind speaks for the others
			asked := map[inventory.PrincipalKind]bool{}
			for _, p := range group {
				if a.admins()[p.ARN] {
					continue
				}
				if !asked[p.Kind] {
					asked[p.Kind] = true
					if h := a.bare(p, role); h != nil && p.Kind == inventory.User {
						user = h
					} else {
						one = h
					}
				}
				if p.Kind == inventory.Role && one != nil {
					h := *one
					h.from = p
					into[role] = append(into[role], &h)
					queue = append(queue, p)
				}
			}
			if user != nil {
				into[role] = append(into[role], user)
			}
		})
	}
	return into, ends
}

// bareWays finds the best way from some user into each role that hops lead to. A way on
// is never better than the way that it goes on from, so it ends.
func bareWays(into map[*inventory.Principal][]*bareHop) map[*inventory.Principal]*bareHop {
	roles := slices.SortedFunc(maps.Keys(into), func(x, y *inventory.Principal) int { return strings.Compare(x.ARN, y.ARN) })
	best := map[*inventory.Principal]*bareHop{}
	for changed := true; changed; {
		changed = false
		for _, role := range roles {
			for _, h := range into[role] {
				if h.from.Kind == inventory.Role {
					if best[h.from] == nil {
						continue
					}
					with := *h
					with.onward = best[h.from]
					h = &with
				}
				if h.better(best[role]) {
					best[role], changed = h, true
				}
			}
		}
	}
	return best
}

// withoutMFA looks for administrators that users get to be without a second factor.
func (a *auditor) withoutMFA() (out []Finding) {
	into, ends := a.bareHops()
	ways := bareWays(into)
	for _, role := range ends {
		way := ways[role]
		if way == nil {
			continue
		}
		f := Finding{
			Kind: "admin-role-without-mfa", Severity: High, Reason: "an access key is enough to become an administrator", Certain: Certain,
			Account: role.Account.ID, Resource: role.ARN, If: way.open(),
			Title: fmt.Sprintf("role %s, an administrator, can be assumed without MFA", role.Name),
			Remedy: Remedy{
				Text:   "Ask for MFA in the trust policy.",
				Policy: role.ARN, Change: conditionChange("Bool", "aws:MultiFactorAuthPresent", "true"),
			},
		}
		if !way.certain() {
			f.Certain = Possible
		}
		for h := way; h != nil; h = h.onward {
			step := h.step
			if own := a.Solver.Enters(h.from, h.to); own != nil {
				step = own // its own statements, where another one spoke for it
			}
			f.Principal = h.from.ARN
			f.Path = slices.Insert(f.Path, 0, *step)
			f.Statements = mergeRefs(f.Statements, []solver.Grant{{Because: step.Because}})
			if len(h.left) > 0 {
				f.Condition = h.left
			}
		}
		f.Path = slices.Insert(f.Path, 0, solver.Step{Principal: f.Principal})
		f.Detail = fmt.Sprintf("%s can assume it, and no condition asks for MFA.", f.Principal)
		if len(f.Path) > 2 {
			first := f.Path[1].Principal // sessions of a role carry no second factor, so it can be asked for there alone
			f.Detail = fmt.Sprintf("%s can assume %s, and from there gets to it in %d more %s; no condition asks for MFA.", f.Principal, first, len(f.Path)-2, many(len(f.Path)-2, "step"))
			f.Remedy.Policy, f.Remedy.Text = first, "Ask for MFA in the trust policy of the role that the user assumes: sessions of roles carry none."
		}
		for _, h := range into[role] {
			if h.from.Kind == inventory.User && h.from.ARN != f.Principal {
				f.Others = append(f.Others, h.from.ARN)
			}
		}
		f.ID = identify(f.Kind, role.ARN)
		out = append(out, f)
	}
	return out
}

// open lists what else has to be true on the way.
func (h *bareHop) open() (out []string) {
	for ; h != nil; h = h.onward {
		out = append(out, h.needs...)
	}
	return out
}
