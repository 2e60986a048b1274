package audit

import (
	"fmt"
	"slices"
	"strings"

	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
	"pathfinder/solver"
)

func (a *auditor) blockOnly() (out []Finding) {
	a.eachResource(func(r *inventory.Resource) {
		if r.S3 == nil {
			return
		}
		acct := a.Inventory.Account(r.Account)
		blocks := []inventory.PublicAccessBlock{r.S3.PublicAccessBlock}
		if acct != nil {
			blocks = append(blocks, acct.PublicAccessBlock)
		}
		restricts := slices.ContainsFunc(blocks, func(b inventory.PublicAccessBlock) bool { return b.RestrictPublicBuckets })
		ignores := slices.ContainsFunc(blocks, func(b inventory.PublicAccessBlock) bool { return b.IgnorePublicAcls })
		var by []string
		if r.Policy != nil && restricts {
			if public, _ := solver.PublicPolicy(r.Policy); public {
				by = append(by, "policy")
			}
		}
		if ignores && r.S3.Ownership != "BucketOwnerEnforced" && slices.ContainsFunc(r.S3.ACL, inventory.ACLGrant.ForAll) {
			by = append(by, "ACL")
		}
		if len(by) == 0 {
			return
		}
		f := Finding{
			Kind: "bucket-block-only", Severity: Medium, Reason: "one setting away from public", Certain: Certain, Account: r.Account, Resource: r.ARN,
			Title:  fmt.Sprintf("the %s of %s would be public without the public access block", strings.Join(by, " and the "), short(r.ARN)),
			Detail: "S3 Block Public Access of the bucket or its account keeps everybody out; whoever takes it off opens the bucket.",
			Remedy: Remedy{Text: "Take \"*\" out of the policy, and grants to groups out of the ACL, or disable ACLs."},
		}
		if !f.behind(a.Solver.Unblocked(r)) {
			return // something else keeps everybody out as well
		}
		if slices.Contains(by, "policy") {
			f.Remedy.Policy = r.ARN
			for _, st := range r.Policy.Statements {
				if st.Effect == policy.Allow && (st.NotPrincipal || slices.ContainsFunc(st.Principals, func(p policy.Principal) bool { return p.Kind == policy.Everyone })) {
					n := st.Index
					f.Remedy.Statement = &n
					break
				}
			}
		}
		f.ID = identify(f.Kind, r.ARN)
		out = append(out, f)
	})
	return out
}

// behind makes a finding as sure as it is that one of everybody would get in. It reports
// whether anybody would.
func (f *Finding) behind(list []solver.Outsider) bool {
	f.Certain = Possible
	for i := range list {
		o := &list[i]
		if len(o.Doubts) == 0 && slices.ContainsFunc(o.Grants, func(g solver.Grant) bool { return !leftOpen(&g) }) {
			f.Certain, f.Condition, f.If = Certain, nil, nil
			return true
		}
		f.unless(o.Doubts)
		for j := range o.Grants {
			f.Condition = append(f.Condition, o.Grants[j].Condition...)
		}
	}
	return len(list) > 0
}
