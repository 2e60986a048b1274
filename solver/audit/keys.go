package audit

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"pathfinder/graphmodel/arn"
	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
	"pathfinder/solver"
)

// A keyUse is what can be done with a key, in words.
type keyUse struct {
	verb  string
	calls []string // beginnings of names, in lower case; "" is all of them
}

// keyUses are from worst to least. Of a call the first that has it tells; the last but one
// are all that use a key.
var keyUses = []keyUse{
	{"change who has", []string{"kms:putkeypolicy", "kms:creategrant", "kms:replicatekey"}},
	{"switch off", []string{"kms:schedulekeydeletion", "kms:disablekey", "kms:deleteimportedkeymaterial"}},
	{"decrypt with", []string{"kms:decrypt", "kms:reencryptfrom"}},
	{"read about", []string{"kms:describe", "kms:get", "kms:list"}},
	{"use", []string{""}},
}

// about is the place of what harms least, which the order of calls has before "use".
const about = 3

// usesOf lists by use whether some action is one.
func usesOf(actions []string) (out [5]bool) {
	for _, action := range actions {
		action = strings.ToLower(action)
		out[slices.IndexFunc(keyUses, func(u keyUse) bool {
			return slices.ContainsFunc(u.calls, func(c string) bool { return strings.HasPrefix(action, c) })
		})] = true
	}
	return out
}

// order is in which order uses are told of.
var order = []int{0, 1, 2, 4, about}

// keys looks for keys that users and roles of other accounts may use.
func (a *auditor) keys() (out []Finding) {
	a.eachResource(func(r *inventory.Resource) {
		if r.Type == "AWS::KMS::Key" {
			if f := a.key(r); f != nil {
				out = append(out, *f)
			}
		}
	})
	return out
}

// A keyUser is a group of users and roles with what they may do with a key, for certain and
// at all.
type keyUser struct {
	group        []*inventory.Principal
	certain, all [5]bool
}

// key makes the finding of a key, of the worst that others may do for certain; of the worst
// that they may do under a condition where that is nothing but reading about it.
func (a *auditor) key(r *inventory.Resource) *Finding {
	var users []keyUser
	a.Survey.ReachersOf(r, func(group []*inventory.Principal) {
		if group[0].Account.ID == r.Account {
			return
		}
		u := keyUser{group: group}
		for _, g := range a.Survey.Allowed(group[0].ARN, r.ARN) {
			uses := usesOf(g.Actions)
			for i := range uses {
				u.all[i] = u.all[i] || uses[i]
				u.certain[i] = u.certain[i] || uses[i] && !leftOpenTo(&g, asAllChoose) && g.Confidence != "low" && !group[0].Account.Shut()
			}
		}
		users = append(users, u)
	})
	for _, sure := range []bool{true, false} {
		for _, use := range order[:len(order)-1] {
			if f := a.keyFinding(r, users, use, sure); f != nil {
				return f
			}
		}
	}
	for _, sure := range []bool{true, false} {
		if f := a.keyFinding(r, users, about, sure); f != nil {
			return f
		}
	}
	return nil
}

// keyFinding makes the finding of those who may do one thing with a key; nil for nobody.
func (a *auditor) keyFinding(r *inventory.Resource, users []keyUser, use int, sure bool) *Finding {
	var first *inventory.Principal
	accounts := map[string]bool{}
	n := 0
	for i := range users {
		u := &users[i]
		if sure && u.certain[use] || !sure && u.all[use] {
			if first == nil {
				first = u.group[0]
			}
			n += len(u.group)
			accounts[a.accountName(u.group[0].Account.ID)] = true
		}
	}
	if first == nil {
		return nil
	}
	names := slices.Sorted(maps.Keys(accounts))
	grants := a.Survey.Direct(first.ARN, r.ARN)
	f := &Finding{
		ID: identify("key-beyond-account", r.ARN), Kind: "key-beyond-account", Severity: Low, Reason: "others than its account use the key", Certain: Certain,
		Account: r.Account, Resource: r.ARN, Others: names, Grants: grants, Statements: mergeRefs(nil, grants),
		Title: fmt.Sprintf("%d %s of %d other %s may %s key %s", n, many(n, "principal"), len(names), many(len(names), "account"), keyUses[use].verb, short(r.ARN)),
		Detail: fmt.Sprintf("The policy or the grants of the key let in principals of %s; %s for one: %s.", strings.Join(firstOf(names, 6), ", "), first.ARN,
			strings.Join(firstOf(actionsOf(certainTo(grants, asAllChoose)), 8), ", ")),
		Remedy: a.keyRemedy(r, users, use),
		Tags:   []string{"access-analyzer:internal"},
	}
	if use == 0 {
		f.Title = strings.Replace(f.Title, "may change who has key", "may change who has access to key", 1)
	}
	mine := slices.DeleteFunc(slices.Clone(grants), func(g solver.Grant) bool { return !usesOf(g.Actions)[use] })
	if sure {
		mine = certainTo(mine, asAllChoose)
	}
	if !slices.ContainsFunc(mine, func(g solver.Grant) bool { return len(g.Condition) == 0 }) && len(mine) > 0 {
		f.Condition = mine[0].Condition
	}
	if !sure {
		f.Certain = Possible
		switch {
		case first.Account.Shut():
			f.If = []string{reopened(first.Account)}
		case slices.ContainsFunc(mine, func(g solver.Grant) bool { return !g.Conditional() }):
			f.If = []string{"it is so although AWS leaves unclear what allows it"}
		case len(f.Condition) == 0:
			f.If = []string{"the variables of the policies stand for what is asked for"}
		}
	}
	switch {
	case use == about:
		f.Severity, f.Reason = Info, "others than its account may read about the key, and not use it"
	case a.isSensitive(r):
		f.Severity, f.Reason = Medium, "others than its account use the key, and it is sensitive"
	}
	return f
}

// keyRemedy says what to change so that others may not do one thing with a key, under no
// condition either: its policy, of which it names the first statement that lets them in, or
// the grants that do.
func (a *auditor) keyRemedy(r *inventory.Resource, users []keyUser, use int) Remedy {
	var out Remedy
	var granted []string
	for i := range users {
		if !users[i].all[use] {
			continue
		}
		for _, g := range a.Survey.Direct(users[i].group[0].ARN, r.ARN) {
			if !usesOf(g.Actions)[use] {
				continue
			}
			for _, ref := range g.Because {
				if n := ref.Statement; ref.Type == policy.Resource.String() && (out.Statement == nil || n < *out.Statement) {
					out.Policy, out.Statement = ref.Policy, &n
				}
			}
		}
		for _, p := range users[i].group {
			granted = append(granted, grantsTo(r, p, use)...)
		}
	}
	var texts []string
	if out.Statement != nil {
		texts = append(texts, "Name the accounts that need the key in its policy, and limit them with kms:ViaService to the services that do.")
	}
	slices.Sort(granted)
	if granted = slices.Compact(granted); len(granted) > 0 {
		texts = append(texts, fmt.Sprintf("Revoke the %s %s of the key, if whoever may use it by that is not meant.", many(len(granted), "grant"), strings.Join(firstOf(granted, 6), ", ")))
	}
	out.Text = strings.Join(texts, " ")
	if out.Text == "" {
		out.Text = "Name the accounts that need the key in its policy, revoke grants to others, and limit them with kms:ViaService to the services that do."
	}
	return out
}

// grantsTo lists the ids of the grants of a key that let a principal, or its account, do
// one thing.
func grantsTo(r *inventory.Resource, p *inventory.Principal, use int) (out []string) {
	for i := range r.KMSGrants {
		g := &r.KMSGrants[i]
		does := slices.ContainsFunc(g.Operations, func(op string) bool { return usesOf([]string{"kms:" + op})[use] })
		if does && (g.Grantee == p.ARN || arn.Resource(g.Grantee) == "root" && arn.Account(g.Grantee) == p.Account.ID) {
			out = append(out, g.ID)
		}
	}
	return out
}
