package solver

import (
	"encoding/json"
	"slices"
	"strings"

	"pathfinder/graphmodel/escalation"
	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
)

// Who may write the policy of a resource, or make a grant on a key, lets itself in: the
// account that owns the resource asks no more of its own users and roles (E90, E193), and
// of others that their policies allow it.

// An letting is a call that changes who is let in to a resource, and how the resource is after it.
type letting struct {
	m      *escalation.Method
	action string
	facts  []keyFact
	after  *inventory.Resource
}

// openings returns the way to the goal by a call that lets the caller in to what is to be
// reached; nil for none.
func (pl *camp) openings(st *state, certain bool) *[]leg {
	for i := range pl.c.goal.parts {
		part := &pl.c.goal.parts[i]
		r := pl.c.s.carrier(part.text)
		if r == nil {
			continue
		}
		for _, o := range pl.lettingsOn(st, r, part) {
			v := pl.call(st, o.action, r.ARN, o.facts...)
			if !v.fits(certain) {
				continue
			}
			then := pl.madeOn(st, part, func(t *target) { t.carrier, t.grantees = o.after, granteesOf(o.after.KMSGrants) })
			then.because = slices.DeleteFunc(then.because, func(ref StatementRef) bool { return ref.Policy == r.ARN }) // not there yet
			if v = v.and(then); v.fits(certain) {
				legs := append(slices.Clip(st.legs), leg{to: st.origin, kind: o.m.ID, through: r.ARN, calls: []string{o.action}, ruling: pl.named(st, v)})
				return &legs
			}
		}
	}
	return nil
}

// lettingsOn lists the calls of this kind that the policies of a state may allow.
func (d *judge) lettingsOn(st *state, r *inventory.Resource, part *goalPart) (list []letting) {
	for _, m := range d.c.opens {
		for _, action := range m.Needs[0].Actions {
			only := actionSet{patterns: []string{action}, names: []string{action}}
			if !st.may(d.c.calls, []string{action}) || len(only.on(r.ARN)) == 0 {
				continue
			}
			if action != "kms:CreateGrant" {
				list = append(list, letting{m, action, nil, lettingIn(r, st.origin, action)})
				continue
			}
			for _, op := range part.operations() {
				q := *r
				q.KMSGrants = append(slices.Clip(q.KMSGrants), inventory.KMSGrant{ID: "(made by the caller)", Grantee: st.origin.ARN, Operations: []string{op}})
				list = append(list, letting{m, action, []keyFact{
					is("kms:granteeprincipal", st.origin.ARN), is("kms:grantoperations", op), is("kms:grantisforawsresource", "false"),
				}, &q})
			}
		}
	}
	return list
}

// operations lists those of what is asked that a grant on a key can hold.
func (p *goalPart) operations() (list []string) {
	for _, k := range p.asks {
		for _, action := range k.actions {
			if service, name := splitAction(action); service == "kms" && grantOperations[name] {
				_, op, _ := strings.Cut(action, ":")
				list = append(list, op)
			}
		}
	}
	return list
}

// addsTo are calls that add a statement to a policy; the others write all of it anew.
var addsTo = set("sns:AddPermission", "sqs:AddPermission", "lambda:AddPermission")

// toAccounts are calls that let in accounts alone. Source: SNS and SQS API references,
// AddPermission, 2026 crawl: AWSAccountId, AWSAccountIds.
var toAccounts = set("sns:AddPermission", "sqs:AddPermission")

// lettingIn returns a resource whose policy lets in a user or role, as a call leaves it.
func lettingIn(r *inventory.Resource, p *inventory.Principal, action string) *inventory.Resource {
	who := p.ARN
	if toAccounts[action] {
		who = p.Account.ID
	}
	text, err := json.Marshal(map[string]any{"Version": "2012-10-17", "Statement": []any{
		map[string]any{"Effect": "Allow", "Principal": map[string]string{"AWS": who}, "Action": "*", "Resource": "*"},
	}})
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
