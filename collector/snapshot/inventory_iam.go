package snapshot

import (
	"cmp"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"pathfinder/graphmodel/arn"
	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
)

// iam fills the users, groups, roles and their policies.
func (b *accountBuilder) iam(d *AuthorizationDetails) {
	m := &managedPolicies{b: b, byARN: make(map[string]*ManagedPolicy, len(d.Policies)), hangs: make(map[string]bool, len(d.Policies)), read: make(map[managedKey]*inventory.Policy)}
	for _, p := range d.Policies {
		m.byARN[p.ARN] = p
	}
	held := b.to.Held()
	held.Users = make([]*inventory.Principal, 0, len(d.UserDetailList))
	held.Roles = make([]*inventory.Principal, 0, len(d.RoleDetailList))
	users, roles := make([]inventory.Principal, len(d.UserDetailList)), make([]inventory.Principal, len(d.RoleDetailList))
	groups := make(map[string]*inventory.Group, len(d.GroupDetailList))
	for _, g := range d.GroupDetailList {
		group := &inventory.Group{
			ARN: g.ARN, Name: cmp.Or(g.GroupName, nameOf(g.ARN)), Path: pathOf(g.Path, g.ARN), UniqueID: g.GroupID,
			Account: b.to, Inline: b.inline(g.GroupPolicyList, g.ARN), Attached: m.attached(g.AttachedManagedPolicies),
		}
		groups[group.Name] = group
		held.Groups = append(held.Groups, group)
	}
	for i, u := range d.UserDetailList {
		p := &users[i]
		*p = inventory.Principal{
			Kind: inventory.User, ARN: u.ARN, Name: cmp.Or(u.UserName, nameOf(u.ARN)), Path: pathOf(u.Path, u.ARN),
			UniqueID: u.UserID, Account: b.to, Created: timeOf(u.CreateDate),
			Inline: b.inline(u.UserPolicyList, u.ARN), Attached: m.attached(u.AttachedManagedPolicies),
			Boundary: m.boundary(u.PermissionsBoundary),
		}
		p.Tags, _ = b.tags.read(u.Tags) // checked
		b.join(p, u.GroupList, groups)
		held.Users = append(held.Users, p)
	}
	for i, r := range d.RoleDetailList {
		p := &roles[i]
		*p = inventory.Principal{
			Kind: inventory.Role, ARN: r.ARN, Name: cmp.Or(r.RoleName, nameOf(r.ARN)), Path: pathOf(r.Path, r.ARN),
			UniqueID: r.RoleID, Account: b.to, Created: timeOf(r.CreateDate),
			Inline: b.inline(r.RolePolicyList, r.ARN), Attached: m.attached(r.AttachedManagedPolicies),
			Boundary: m.boundary(r.PermissionsBoundary),
			Trust:    b.document(r.AssumeRolePolicyDocument, policy.Trust, r.ARN),
		}
		p.Tags, _ = b.tags.read(r.Tags) // checked
		if r.RoleLastUsed != nil {
			p.LastUsed, p.UseKnown = timeOf(r.RoleLastUsed.LastUsedDate), true
		}
		for _, ip := range r.InstanceProfileList {
			p.InstanceProfiles = append(p.InstanceProfiles, ip.ARN)
		}
		held.Roles = append(held.Roles, p)
	}
	held.Policies = m.idle(d.Policies)
}

func (b *accountBuilder) inline(list []InlinePolicy, owner string) []*inventory.Policy {
	if len(list) == 0 {
		return nil
	}
	out := make([]*inventory.Policy, 0, len(list))
	for _, p := range list {
		out = append(out, &inventory.Policy{Name: p.PolicyName, Doc: b.document(p.PolicyDocument, policy.Identity, owner)})
	}
	return out
}

// join makes a user a member of its groups. A group that the snapshot lacks
// gets an unreadable policy: it may hold a Deny.
func (b *accountBuilder) join(p *inventory.Principal, names []string, groups map[string]*inventory.Group) {
	for _, name := range names {
		g := groups[name]
		if g == nil {
			const why = "a user is a member of this group, but the snapshot does not hold it"
			g = &inventory.Group{
				ARN:  "arn:" + b.to.Partition + ":iam::" + b.to.ID + ":group/" + name,
				Name: name, Path: "/", Account: b.to,
				Attached: []*inventory.Policy{{Name: "unknown", Doc: policy.Unreadable(policy.Identity, why)}},
			}
			b.gap("iam", g.ARN, why)
			groups[name] = g
			b.to.Held().Groups = append(b.to.Held().Groups, g)
		}
		p.Groups = append(p.Groups, g)
		g.Members = append(g.Members, p)
	}
}

// managedPolicies finds the documents of the managed policies of an account.
type managedPolicies struct {
	b     *accountBuilder
	byARN map[string]*ManagedPolicy
	hangs map[string]bool // by ARN: on a user, role or group
	read  map[managedKey]*inventory.Policy
}

// A managedKey is what a managed policy depends on within an account.
type managedKey struct {
	arn, name string
	kind      policy.Kind
}

func (m *managedPolicies) attached(list []AttachedPolicy) []*inventory.Policy {
	if len(list) == 0 {
		return nil
	}
	out := make([]*inventory.Policy, 0, len(list))
	for _, a := range list {
		m.hangs[a.PolicyARN] = true
		out = append(out, m.policy(a.PolicyARN, a.PolicyName, policy.Identity))
	}
	return out
}

func (m *managedPolicies) boundary(pb *PermissionsBoundary) *inventory.Policy {
	if pb == nil {
		return nil
	}
	return m.policy(pb.PermissionsBoundaryARN, "", policy.Boundary)
}

// policy returns a managed policy as the given kind.
func (m *managedPolicies) policy(policyARN, name string, kind policy.Kind) *inventory.Policy {
	key := managedKey{policyARN, name, kind}
	p := m.read[key]
	if p == nil {
		p = m.make(policyARN, name, kind)
		m.read[key] = p
	}
	return p
}

// make reads a managed policy as the given kind. Without a document it is an
// unreadable one and a gap.
func (m *managedPolicies) make(policyARN, name string, kind policy.Kind) *inventory.Policy {
	p, why := m.byARN[policyARN], "attached, but the snapshot does not hold the policy"
	if p != nil {
		name = cmp.Or(p.PolicyName, name)
		if i := slices.IndexFunc(p.PolicyVersionList, p.isDefault); i >= 0 {
			m.b.desk.common = isCommon(policyARN)
			doc := m.b.document(p.PolicyVersionList[i].Document, kind, policyARN)
			m.b.desk.common = false
			return m.b.docs.managed(policyARN, cmp.Or(name, nameOf(policyARN)), doc, m.others(p, i, kind))
		}
		why = "the snapshot does not hold the default version of the policy"
	}
	name = cmp.Or(name, nameOf(policyARN))
	if text := wellKnownText(policyARN); text != "" {
		return m.b.docs.managed(policyARN, name, m.b.document(jsontext.Value(text), kind, policyARN), nil)
	}
	m.b.gap("iam", policyARN, why)
	return m.b.docs.managed(policyARN, name, m.b.docs.missing(kind, why), nil)
}

// others reads the versions of a policy besides the one at place i. Nobody but AWS
// chooses among those that AWS manages. What can't be read stays out: it
// is no document that counts, and not having it is no gap.
func (m *managedPolicies) others(p *ManagedPolicy, i int, kind policy.Kind) (list []inventory.PolicyVersion) {
	if len(p.PolicyVersionList) < 2 || isCommon(p.ARN) {
		return nil
	}
	for j := range p.PolicyVersionList {
		v := &p.PolicyVersionList[j]
		if j == i || len(v.Document) == 0 {
			continue
		}
		if doc, lost := m.b.docs.parse(v.Document, kind, &m.b.desk); !lost && !doc.Unreadable() {
			list = append(list, inventory.PolicyVersion{ID: v.VersionID, Doc: doc})
		}
	}
	return list
}

// idle reads the customer managed policies that hang on nobody. What can't be read stays
// out, as for others: nothing is missing as long as nobody attaches it.
func (m *managedPolicies) idle(all []*ManagedPolicy) (list []*inventory.Policy) {
	for _, p := range all {
		if m.hangs[p.ARN] || !strings.Contains(p.ARN, ":iam::"+m.b.to.ID+":policy/") {
			continue
		}
		m.hangs[p.ARN] = true // a file may hold it twice
		i := slices.IndexFunc(p.PolicyVersionList, p.isDefault)
		if i < 0 || len(p.PolicyVersionList[i].Document) == 0 {
			continue
		}
		if doc, lost := m.b.docs.parse(p.PolicyVersionList[i].Document, policy.Identity, &m.b.desk); !lost && !doc.Unreadable() {
			list = append(list, m.b.docs.managed(p.ARN, cmp.Or(p.PolicyName, nameOf(p.ARN)), doc, m.others(p, i, policy.Identity)))
		}
	}
	return list
}

// isDefault reports whether a version of the policy is the one that counts.
func (p *ManagedPolicy) isDefault(v PolicyVersion) bool {
	return v.IsDefaultVersion || p.DefaultVersionID != "" && v.VersionID == p.DefaultVersionID
}

// nameOf returns what people call the thing with this ARN: of IAM entities the
// last part of the path, of others all behind the type.
func nameOf(text string) string {
	r := arn.Resource(text)
	if arn.Service(text) == "iam" {
		return r[strings.LastIndexByte(r, '/')+1:]
	}
	if i := strings.IndexAny(r, "/:"); i >= 0 {
		return r[i+1:]
	}
	return r
}

// pathOf returns the path of an IAM entity, from its ARN when it isn't given.
func pathOf(path, text string) string {
	if path != "" {
		return path
	}
	r := arn.Resource(text)
	return r[strings.IndexByte(r, '/') : strings.LastIndexByte(r, '/')+1]
}

func withoutScheme(url string) string {
	url = strings.TrimPrefix(url, "https://")
	return strings.TrimPrefix(url, "http://")
}
