package graphmodel

import (
	"iter"
	"slices"
	"strings"

	"pathfinder/graphmodel/arn"
	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
)

// An entry lets somebody in, without a look at the conditions.
type entry struct {
	who Node
	why Reason
}

// granted yields who is let into a resource by its policy, its ACLs, grants and shares,
// or behind an access point by the policy of the bucket.
func granted(inv *inventory.Inventory, r *inventory.Resource) iter.Seq[entry] {
	return func(yield func(entry) bool) {
		_ = (r.Policy == nil || named(inv, r.Policy, r.ARN, yield)) &&
			listed(inv, r, yield) && keyed(inv, r, yield) && shared(r, yield) && opened(r, yield) &&
			(r.AccessPoint == nil || behindAccessPoint(inv, r, yield))
	}
}

// trusted yields whom the trust policy of a role names.
func trusted(inv *inventory.Inventory, r *inventory.Principal) iter.Seq[entry] {
	return func(yield func(entry) bool) {
		if r.Trust != nil {
			named(inv, r.Trust, r.ARN, yield)
		}
	}
}

// named yields everybody whom an Allow statement of doc names.
func named(inv *inventory.Inventory, doc *policy.Document, name string, yield func(entry) bool) bool {
	for _, s := range doc.Statements {
		if s.Effect != policy.Allow || s.Broken || !s.HasPrincipal {
			continue
		}
		why := Reason{Policy: name, Statement: s}
		if s.NotPrincipal {
			if !yield(entry{public, why}) {
				return false
			}
			continue
		}
		for i := range s.Principals {
			if who, ok := principal(inv, &s.Principals[i]); ok && !yield(entry{who, why}) {
				return false
			}
		}
	}
	return true
}

var public = Node{Kind: Public, Name: "*", External: true}

// principal returns the node that an entry of a Principal element names. A
// unique id that belongs to nobody has none (E76).
func principal(inv *inventory.Inventory, p *policy.Principal) (Node, bool) {
	switch p.Kind {
	case policy.Everyone:
		return public, true
	case policy.Account:
		return account(p.Account), true
	case policy.Canonical:
		if id := inv.CanonicalAccount(p.Text); id != "" {
			return account(id), true
		}
		return account(p.Text), true
	case policy.User, policy.FederatedUser:
		return Node{Kind: User, Name: p.Text, External: true}, true
	case policy.Role:
		return Node{Kind: Role, Name: p.Text, External: true}, true
	case policy.RoleSession:
		return Node{Kind: Role, Name: sessionOf(inv, p), External: true}, true
	case policy.UniqueID:
		if owner := inv.Principal(p.Text); owner != nil {
			kind := Role
			if owner.Kind == inventory.User {
				kind = User
			}
			return Node{Kind: kind, Name: owner.ARN, External: true}, true
		}
	case policy.Service:
		return Node{Kind: Service, Name: strings.ToLower(p.Text), External: true}, true
	case policy.Federated:
		return Node{Kind: Provider, Name: p.Text, External: true}, true
	case policy.Nobody:
	}
	return Node{}, false
}

func account(id string) Node { return Node{Kind: Account, Name: id, External: true} }

// sessionOf returns the ARN of the role behind a session ARN, which leaves the
// role's path out.
func sessionOf(inv *inventory.Inventory, p *policy.Principal) string {
	_, rest, _ := strings.Cut(p.Text, ":assumed-role/")
	name, _, _ := strings.Cut(rest, "/")
	if r := inv.RoleNamed(p.Account, name); r != nil {
		return r.ARN
	}
	head, _, _ := strings.Cut(p.Text, ":sts:")
	return head + ":iam::" + p.Account + ":role/" + name
}

// listed yields whom the ACLs of a bucket and of its objects let in.
func listed(inv *inventory.Inventory, r *inventory.Resource, yield func(entry) bool) bool {
	if r.S3 == nil {
		return true
	}
	note := func(who Node, text string) bool { return yield(entry{who, Reason{Policy: r.ARN, Note: text}}) }
	lists := [][]inventory.ACLGrant{r.S3.ACL}
	for _, o := range r.S3.Objects {
		lists = append(lists, o.ACL)
		if o.Owner != "" && o.Owner != r.Account && !note(account(o.Owner), "owner of "+o.Key) {
			return false
		}
	}
	for _, g := range slices.Concat(lists...) {
		if who, ok := grantee(inv, g.Grantee); ok && !note(who, "ACL "+g.Permission) {
			return false
		}
	}
	return true
}

// grantee returns the node that an entry of an ACL names.
func grantee(inv *inventory.Inventory, name string) (Node, bool) {
	switch name {
	case "AllUsers", "AuthenticatedUsers":
		return public, true
	case "LogDelivery":
		return Node{Kind: Service, Name: "logging.s3.amazonaws.com", External: true}, true
	}
	if id := inv.CanonicalAccount(name); id != "" {
		return account(id), true
	}
	return account(name), len(name) == 64 // a canonical user id of nobody in the snapshot (E19)
}

// keyed yields to whom the grants of a key are given.
func keyed(inv *inventory.Inventory, r *inventory.Resource, yield func(entry) bool) bool {
	for _, g := range r.KMSGrants {
		class := "AWS"
		if !strings.Contains(g.Grantee, ":") {
			class = "Service"
		}
		if p, problem := policy.NewPrincipal(class, g.Grantee); problem == "" {
			if who, ok := principal(inv, &p); ok && !yield(entry{who, Reason{Policy: r.ARN, Note: "grant " + g.ID}}) {
				return false
			}
		}
	}
	return true
}

// shared yields the accounts that a snapshot is shared with.
func shared(r *inventory.Resource, yield func(entry) bool) bool {
	for _, with := range r.SharedWith {
		who := account(with)
		switch {
		case with == "all":
			who = public
		case !arn.IsAccountID(with):
			continue // nobody looks into other shares
		}
		if !yield(entry{who, Reason{Policy: r.ARN, Note: "share"}}) {
			return false
		}
	}
	return true
}

// opened yields everybody for a file system that has no policy: whoever reaches it on
// the network may mount it (E209).
func opened(r *inventory.Resource, yield func(entry) bool) bool {
	if r.Policy != nil || arn.Service(r.ARN) != "elasticfilesystem" || !strings.HasPrefix(arn.Resource(r.ARN), "file-system/") {
		return true
	}
	return yield(entry{public, Reason{Policy: r.ARN, Note: "no policy"}})
}

// behindAccessPoint lets whoever the bucket's policy names reach the access
// point, whose own policy may be silent.
func behindAccessPoint(inv *inventory.Inventory, r *inventory.Resource, yield func(entry) bool) bool {
	bucket := inv.Resource("arn:" + arn.Partition(r.ARN) + ":s3:::" + r.AccessPoint.Bucket)
	return bucket == nil || bucket.Policy == nil || named(inv, bucket.Policy, bucket.ARN, yield)
}
