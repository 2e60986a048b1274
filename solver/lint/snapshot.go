package lint

import (
	"strings"

	"pathfinder/graphmodel/arn"
	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
)

// Snapshot finds the mistakes of all documents of a snapshot, in the order in
// which it holds them. A document that hangs in several places is looked at once.
// Policies that AWS manages are left out: nobody but AWS can change them.
func Snapshot(inv *inventory.Inventory) (findings []Finding, documents int) {
	type key struct {
		name string
		doc  *policy.Document
	}
	seen := map[key]bool{}
	inv.Documents(func(owner string, p *inventory.Policy) {
		name := p.Label(owner)
		if p.ARN == "" && (p.Doc.Kind == policy.Trust || p.Doc.Kind == policy.Resource) {
			name = owner // as answers name it
		}
		if seen[key{name, p.Doc}] || isManaged(p.ARN) {
			return
		}
		seen[key{name, p.Doc}] = true
		documents++
		findings = append(findings, Document(p.Doc, Options{Policy: name, Account: accountOf(inv, owner, p), Facts: inv})...)
	})
	return findings, documents
}

// isManaged reports whether an ARN is that of a policy of AWS.
func isManaged(policyARN string) bool {
	return arn.Account(policyARN) == "aws" || strings.HasPrefix(policyARN, "arn:aws:organizations::aws:")
}

// accountOf returns the account that a document belongs to. The ARN of a bucket
// does not say it.
func accountOf(inv *inventory.Inventory, owner string, p *inventory.Policy) string {
	if r := inv.Resource(owner); r != nil && p.Doc.Kind == policy.Resource {
		return r.Account
	}
	return arn.Account(owner)
}
