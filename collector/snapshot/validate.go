package snapshot

import (
	"io/fs"
	"regexp"
	"slices"

	"github.com/go-json-experiment/json/jsontext"

	"pathfinder/graphmodel/arn"
	"pathfinder/graphmodel/policy"
)

// Validate reads a snapshot and lists everything about it that is wrong or
// suspicious, up to a thousand problems, in a fixed order. It finds more than
// [Read] refuses: names that lead nowhere, documents that are lost or can't be
// read, files that nothing will look at. What Read accepts and answers don't
// suffer from without saying so is marked as a warning.
func Validate(fsys fs.FS) []*Problem {
	s, r := read(fsys, MaxFileSize)
	if len(r.ps.list) > 0 {
		return r.ps.all()
	}
	r.check(s.lostDocuments)
	lost := len(r.ps.list)
	r.check(func(ps *problems) {
		v := &validator{checker: checker{problems: ps}, docs: newDocuments(nil), s: s}
		if s.Organization != nil {
			v.organization(s.Organization)
		}
		for _, a := range s.Accounts {
			v.one(a)
		}
	})
	r.check(r.share.unused)
	r.check(func(ps *problems) { strayFiles(fsys, ps) })
	list := r.ps.all()
	for _, p := range list[lost:] {
		p.Warning = true
	}
	return list
}

// A validator looks for what a reader can live with and a user wants to know.
type validator struct {
	checker
	docs *documents
	s    *Snapshot
	org  map[string]bool // ids of units and accounts of the organization
}

func (v *validator) organization(o *Organization) {
	v.file = organizationFile + ".json"
	v.org = make(map[string]bool)
	listed := make(map[string]bool)
	for i := range o.Accounts {
		v.org[o.Accounts[i].ID], listed[o.Accounts[i].ID] = true, true
	}
	if o.Root == nil {
		v.bad("", "there is no Root: it is unknown where accounts hang, and which policies reach them")
	} else {
		v.tree(o.Root, "/Root", listed)
	}
	if id := o.Organization.MasterAccountID; id == "" {
		v.bad("/Organization", "MasterAccountId is missing; control policies do not bind the management account")
	} else if !v.org[id] {
		v.bad("/Organization/MasterAccountId", "the management account %s is not in the organization", id)
	}
	for i := range o.Policies {
		p := &o.Policies[i]
		kind := policy.SCP
		if p.PolicySummary.Type == rcpType {
			kind = policy.RCP
		}
		if p.PolicySummary.Type == scpType || p.PolicySummary.Type == rcpType {
			v.document(p.Content, kind, "Policies", i, "Content")
		}
		for k, target := range p.Targets {
			if !v.org[target] {
				v.bad(at("Policies", i, "Targets", k), "%s is neither the root nor a unit or account of the organization", quote(target))
			}
		}
	}
	for i, d := range o.DelegatedAdministrators {
		if !v.org[d.ID] {
			v.bad(at("DelegatedAdministrators", i, "Id"), "account %s is not in the organization", d.ID)
		}
	}
	v.bare(o)
}

// tree notes the ids of units and the accounts in them.
func (v *validator) tree(u *OrganizationalUnit, pointer string, listed map[string]bool) {
	v.org[u.ID] = true
	for i, id := range u.Accounts {
		v.org[id] = true
		if len(listed) > 0 && !listed[id] {
			v.bad(pointer+at("Accounts", i), "account %s is not in the list Accounts", id)
		}
	}
	for i, child := range u.OrganizationalUnits {
		v.tree(child, pointer+at("OrganizationalUnits", i), listed)
	}
}

// bare finds roots, units and accounts without any policy of an enabled type:
// nothing at all is allowed below them.
func (v *validator) bare(o *Organization) {
	if o.Root == nil {
		return
	}
	for _, t := range o.Root.PolicyTypes {
		if t.Status != "ENABLED" || t.Type != scpType && t.Type != rcpType {
			continue
		}
		has := make(map[string]bool)
		for i := range o.Policies {
			if o.Policies[i].PolicySummary.Type == t.Type {
				for _, target := range o.Policies[i].Targets {
					has[target] = true
				}
			}
		}
		const msg = "%s has no policy of type %s attached, so nothing is allowed there; AWS attaches FullAWSAccess (p-RCPFullAWSAccess) by default"
		var walk func(u *OrganizationalUnit, pointer string)
		walk = func(u *OrganizationalUnit, pointer string) {
			if !has[u.ID] {
				v.bad(pointer+"/Id", msg, u.ID, t.Type)
			}
			for i, id := range u.Accounts {
				if !has[id] && id != o.Organization.MasterAccountID {
					v.bad(pointer+at("Accounts", i), msg, id, t.Type)
				}
			}
			for i, child := range u.OrganizationalUnits {
				walk(child, pointer+at("OrganizationalUnits", i))
			}
		}
		walk(o.Root, "/Root")
	}
}

var hex64 = regexp.MustCompile(`^[0-9a-f]{64}$`)

func (v *validator) one(a *Account) {
	folder := "accounts/" + a.Info.ID + "/"
	v.file, v.account = folder+accountFile+".json", a.Info.ID
	if v.org != nil && !v.org[a.Info.ID] {
		v.bad("/Id", "account %s is not in the organization", a.Info.ID)
	}
	if id := a.Info.CanonicalUserID; id != "" && !hex64.MatchString(id) {
		v.bad("/CanonicalUserId", "%s is not a canonical user id of 64 hex digits", quote(id))
	}
	if a.IAM != nil {
		v.file = folder + iamFile + ".json"
		v.details(a.IAM)
	}
	for _, f := range a.Resources {
		v.file = folder + f.path() + ".json"
		for i, r := range f.Resources {
			v.resource(i, r)
		}
	}
}

func (v *validator) details(d *AuthorizationDetails) {
	if d.Truncated() {
		v.bad("", "the file ends with a page that is not the last one, so users, groups, roles and policies are missing; collect the account anew, or import all of its pages")
	}
	held := make(map[string]bool)
	for i, p := range d.Policies {
		held[p.ARN] = true
		for k := range p.PolicyVersionList {
			if pv := &p.PolicyVersionList[k]; pv.IsDefaultVersion || pv.VersionID == p.DefaultVersionID {
				v.document(pv.Document, policy.Identity, "Policies", i, "PolicyVersionList", k, "Document")
			}
		}
	}
	groups := make(map[string]bool)
	for i, g := range d.GroupDetailList {
		groups[g.GroupName], groups[nameOf(g.ARN)] = true, true
		v.inline(g.GroupPolicyList, "GroupDetailList", i, "GroupPolicyList")
		v.managed(held, g.AttachedManagedPolicies, nil, "GroupDetailList", i)
	}
	for i, u := range d.UserDetailList {
		for k, name := range u.GroupList {
			if !groups[name] {
				v.bad(at("UserDetailList", i, "GroupList", k), "there is no group %s in GroupDetailList", quote(name))
			}
		}
		v.inline(u.UserPolicyList, "UserDetailList", i, "UserPolicyList")
		v.managed(held, u.AttachedManagedPolicies, u.PermissionsBoundary, "UserDetailList", i)
	}
	for i, r := range d.RoleDetailList {
		v.document(r.AssumeRolePolicyDocument, policy.Trust, "RoleDetailList", i, "AssumeRolePolicyDocument")
		v.inline(r.RolePolicyList, "RoleDetailList", i, "RolePolicyList")
		v.managed(held, r.AttachedManagedPolicies, r.PermissionsBoundary, "RoleDetailList", i)
	}
}

func (v *validator) inline(list []InlinePolicy, place ...any) {
	for i := range list {
		v.document(list[i].PolicyDocument, policy.Identity, append(slices.Clone(place), i, "PolicyDocument")...)
	}
}

func (v *validator) managed(held map[string]bool, list []AttachedPolicy, pb *PermissionsBoundary, place ...any) {
	const msg = "policy %s is not in Policies, so its content is unknown"
	for i := range list {
		if text := list[i].PolicyARN; !held[text] {
			v.bad(at(place...)+at("AttachedManagedPolicies", i, "PolicyArn"), msg, quote(text))
		}
	}
	if pb != nil && !held[pb.PermissionsBoundaryARN] {
		v.bad(at(place...)+"/PermissionsBoundary/PermissionsBoundaryArn", msg, quote(pb.PermissionsBoundaryARN))
	}
}

// document reports a document that can't be read as a whole. Faults of single
// statements are a matter of linting policies, not of the snapshot.
func (v *validator) document(raw jsontext.Value, kind policy.Kind, place ...any) {
	doc, lost := v.docs.parse(raw, kind, new(desk))
	if lost || !doc.Unreadable() {
		return // lostDocuments has told of the lost one
	}
	for _, f := range doc.Faults {
		if f.Statement < 0 && f.Severity == policy.Broken {
			v.bad(at(place...), "%s", f.Message)
			return
		}
	}
}

var cloudFormationType = regexp.MustCompile(`^[A-Za-z0-9]+::[A-Za-z0-9]+::[A-Za-z0-9]+$`)

func (v *validator) resource(i int, r *Resource) {
	owner := r.Account
	if owner == "" {
		owner = v.account
	}
	if in := arn.Account(r.ARN); arn.IsAccountID(in) && in != owner {
		v.bad(at("Resources", i, "Arn"), "%s names another account than its owner %s", quote(r.ARN), owner)
	}
	if !cloudFormationType.MatchString(r.Type) {
		v.bad(at("Resources", i, "Type"), "%s is not a type as CloudFormation writes it, such as AWS::S3::Bucket", quote(r.Type))
	}
	switch r.Ownership {
	case "", "BucketOwnerEnforced", "BucketOwnerPreferred", "ObjectWriter":
	default:
		v.bad(at("Resources", i, "Ownership"), "%s is not an object ownership; there are BucketOwnerEnforced, BucketOwnerPreferred and ObjectWriter", quote(r.Ownership))
	}
	if raw := r.Policy.Value; len(raw) > 0 {
		v.document(raw, policy.Resource, "Resources", i, "Policy")
	}
}
