package solver

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"pathfinder/graphmodel/escalation"
	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
)

// Who may write the policy of a resource, or make a grant on a key, lets itself in: the
// account that owns the resource asks no more of its own users and roles (E90, E194), and
// of others that their policies allow it. What is encrypted may need both: the policy of the
// resource, and that of its key.

// A letting is a call that changes who is let in to a resource, and how the resource is
// after it.
type letting struct {
	m      *escalation.Method
	action string
	facts  [][]keyFact // of each time that it is made
	after  *inventory.Resource
	v      ruling // whether it may be made
}

// lettingMethods lists the methods that let in.
func lettingMethods() (list []*escalation.Method) {
	all := escalation.All()
	for i := range all {
		if all[i].Move == escalation.Open {
			list = append(list, &all[i])
		}
	}
	return list
}

// opensOn lists the calls of methods that let in to what an ARN names.
func opensOn(name string, opens []*escalation.Method) (list []string) {
	for _, m := range opens {
		for _, action := range m.Needs[0].Actions {
			if isMadeOn(action, name) {
				list = append(list, action)
			}
		}
	}
	return list
}

// isMadeOn reports whether a call is made on what an ARN names.
func isMadeOn(action, name string) bool {
	only := actionSet{names: []string{action}}
	return len(only.on(name)) > 0
}

// openings returns the way to the goal by calls that let the caller in to what is to be
// reached; nil for none.
func (pl *camp) openings(st *state, certain bool) *[]leg {
	for i := range pl.c.goal.parts {
		part := &pl.c.goal.parts[i]
		doors := pl.lettingsMade(st, pl.lettingsOn(st, part.door, part.operations()), certain)
		locks := pl.lettingsMade(st, pl.lettingsOn(st, part.lock, part.keyOperations()), certain)
		var ways [][]*letting
		for j := range doors {
			ways = append(ways, []*letting{&doors[j]})
		}
		for k := range locks {
			ways = append(ways, []*letting{&locks[k]})
		}
		for j := range doors {
			for k := range locks {
				ways = append(ways, []*letting{&doors[j], &locks[k]})
			}
		}
		for _, way := range ways {
			if legs := pl.letIn(st, part, way, certain); legs != nil {
				return legs
			}
		}
	}
	return nil
}

// lettingsMade leaves the calls that a state may make.
func (d *judge) lettingsMade(st *state, list []letting, certain bool) (out []letting) {
	for _, o := range list {
		v := always
		for _, facts := range o.facts {
			v = v.and(d.call(st, o.action, o.after.ARN, facts...))
		}
		if o.v = v; v.fits(certain) {
			out = append(out, o)
		}
	}
	return out
}

// letIn returns the legs of some calls that let in, nil if the caller is not in then.
func (pl *camp) letIn(st *state, part *goalPart, way []*letting, certain bool) *[]leg {
	then := pl.madeOn(st, part, func(t *target) {
		for _, o := range way {
			if part.lock != nil && o.after.ARN == part.lock.ARN {
				t.key = o.after
			} else {
				t.carrier, t.grantees = o.after, granteesOf(o.after.KMSGrants)
			}
		}
	})
	if !then.fits(certain) {
		return nil
	}
	then.because = slices.DeleteFunc(then.because, func(ref StatementRef) bool { // not there yet
		return slices.ContainsFunc(way, func(o *letting) bool { return ref.Policy == o.after.ARN })
	})
	legs := slices.Clip(st.legs)
	for i, o := range way {
		v := o.v
		if i == len(way)-1 {
			v = v.and(then)
		}
		if !v.fits(certain) {
			return nil
		}
		legs = append(legs, leg{to: st.origin, kind: o.m.ID, through: o.after.ARN, calls: []string{o.action}, ruling: pl.named(st, v)})
	}
	return &legs
}

// lettingsOn lists the calls that let in to a resource and that the policies of a state, or
// of the resource, may allow. grants are operations of grants on a key: all of one list are needed.
func (d *judge) lettingsOn(st *state, r *inventory.Resource, grants [][]string) (list []letting) {
	if r == nil {
		return nil
	}
	for _, m := range d.c.opens {
		for _, action := range m.Needs[0].Actions {
			heard := st.may(d.c.calls, []string{action}) || r.Policy != nil && mayAllow(r.Policy, action)
			if !heard || !isMadeOn(action, r.ARN) {
				continue
			}
			if action != "kms:CreateGrant" {
				list = append(list, letting{m: m, action: action, facts: [][]keyFact{nil}, after: lettingIn(r, st.p, action)})
				continue
			}
			for _, ops := range grants {
				list = append(list, granting(m, r, st.origin, ops))
			}
		}
	}
	return list
}

// granting returns the calls that make a grant of each of some operations on a key.
func granting(m *escalation.Method, r *inventory.Resource, p *inventory.Principal, ops []string) letting {
	q := *r
	o := letting{m: m, action: "kms:CreateGrant", after: &q}
	q.KMSGrants = slices.Clip(q.KMSGrants)
	for _, op := range ops {
		q.KMSGrants = append(q.KMSGrants, inventory.KMSGrant{ID: "(made by the caller)", Grantee: p.ARN, Operations: []string{op}})
		o.facts = append(o.facts, []keyFact{
			is("kms:granteeprincipal", p.ARN), is("kms:grantoperations", op), is("kms:grantisforawsresource", "false"),
		})
	}
	return o
}

// operations lists those of what is asked that a grant on a key can hold.
func (p *goalPart) operations() (list [][]string) {
	for action := range p.actions {
		if op, ok := strings.CutPrefix(action, "kms:"); ok && grantOperations[strings.ToLower(op)] {
			list = append(list, []string{op})
		}
	}
	return list
}

// keyOperations lists what the actions that are asked need of the key: all of one list.
func (p *goalPart) keyOperations() [][]string {
	lists := map[string][]string{}
	for action := range p.actions {
		var ops []string
		for _, needed := range kmsNeeds[strings.ToLower(action)] {
			ops = append(ops, strings.TrimPrefix(needed, "kms:"))
		}
		if len(ops) > 0 {
			lists[strings.Join(ops, " ")] = ops
		}
	}
	var out [][]string
	for _, key := range slices.Sorted(maps.Keys(lists)) {
		out = append(out, lists[key])
	}
	return out
}

// addsTo are calls that add a statement to a policy; the others write all of it anew.
var addsTo = set("sns:AddPermission", "sqs:AddPermission", "lambda:AddPermission")

// toAccounts are calls that let in accounts alone. Source: SNS and SQS API references,
// AddPermission, 2026 crawl: AWSAccountId, AWSAccountIds.
var toAccounts = set("sns:AddPermission", "sqs:AddPermission")

// lettingIn returns a resource whose policy lets in a user or role, as a call leaves it. Who
// has a permissions boundary and is no user names everybody, and itself in a condition:
// what a policy gives to a role stays within its boundary, and this does not (E87, E89).
func lettingIn(r *inventory.Resource, p *inventory.Principal, action string) *inventory.Resource {
	statement := map[string]any{"Effect": "Allow", "Principal": map[string]string{"AWS": p.ARN}, "Action": "*", "Resource": "*"}
	switch {
	case toAccounts[action]:
		statement["Principal"] = map[string]string{"AWS": p.Account.ID}
	case p.Kind == inventory.Role && p.Boundary != nil && !addsTo[action]:
		statement["Principal"] = "*"
		statement["Condition"] = map[string]any{"ArnEquals": map[string]string{"aws:PrincipalArn": p.ARN}}
	}
	text, err := json.Marshal(map[string]any{"Version": "2012-10-17", "Statement": []any{statement}})
	if err != nil {
		panic("BUG: " + err.Error()) // strings alone
	}
	q := *r
	doc := policy.Parse(text, policy.Resource)
	if q.Policy != nil && addsTo[action] {
		both := *q.Policy
		both.Statements = append(slices.Clip(both.Statements), doc.Statements...)
		doc = &both
	}
	q.Policy, q.HasPolicy = doc, inventory.Have
	return &q
}
