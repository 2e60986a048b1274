package snapshot

import (
	"slices"
	"strings"

	"pathfinder/graphmodel/arn"
)

// The checks in this file and its neighbours find what would make an inventory
// impossible or wrong. Read runs them while it knows the files, Inventory once
// more for snapshots that were made by hand.

// The names of the files, without extension.
const (
	manifestFile     = "manifest"
	organizationFile = "organization"
	accountFile      = "account"
	iamFile          = "authorization-details"
	providersFile    = "identity-providers"
	centerFile       = "identity-center"
	resourcesFile    = "resources"
)

// A checker collects the problems of one file.
type checker struct {
	*problems
	file    string
	account string // of the folder
	tagged  *tagReader
}

func (c *checker) bad(pointer, format string, args ...any) {
	c.addf(c.file, pointer, format, args...)
}

// check looks through a whole snapshot.
func (s *Snapshot) check() *problems {
	ps := new(problems)
	checkManifest(ps, &s.Manifest)
	if s.Organization != nil {
		checkOrganization(ps, s.Organization)
	}
	for _, a := range s.Accounts {
		checkAccount(ps, a)
	}
	s.checkAcross(ps)
	return ps
}

func checkManifest(ps *problems, m *Manifest) {
	c := checker{problems: ps, file: manifestFile + ".json"}
	switch {
	case m.Format != Format:
		c.bad("/format", "%s is not the format of a pathfinder snapshot, which is %q", quote(m.Format), Format)
	case m.Version > Version:
		c.bad("/version", "this snapshot has version %d of the format, this program reads up to %d; use a newer pathfinder", m.Version, Version)
	case m.Version < 1:
		c.bad("/version", "the version of the format is missing; write \"version\": %d", Version)
	}
}

// checkAccount looks at the files of one account.
func checkAccount(ps *problems, a *Account) { checkTagged(ps, a, nil) }

// checkTagged is checkAccount that leaves what it has read of tags.
func checkTagged(ps *problems, a *Account, tagged *tagReader) {
	id := a.Info.ID
	folder := "accounts/" + id + "/"
	c := checker{problems: ps, file: folder + accountFile + ".json", account: id, tagged: tagged}
	if !arn.IsAccountID(id) {
		c.bad("/Id", "%s is not an account id of 12 digits", quote(id))
		return
	}
	c.tags(a.Info.Tags, "Tags")
	if a.IAM != nil {
		c.file = folder + iamFile + ".json"
		c.iam(a.IAM, make(map[string]bool, len(a.IAM.RoleDetailList)+len(a.IAM.UserDetailList)+len(a.IAM.Policies)))
	}
	if a.Providers != nil {
		c.file = folder + providersFile + ".json"
		c.providers(a.Providers)
	}
	if a.Center != nil {
		c.file = folder + centerFile + ".json"
		c.center(a.Center)
	}
	for _, f := range a.Resources {
		c.file = folder + f.path() + ".json"
		if !f.goodName() {
			c.bad("", "%s is not a usable name of a file of resources", quote(f.Name))
		}
		c.resources(f)
	}
}

// path is the file's name in the account's folder, without extension.
func (f *ResourceFile) path() string {
	if f.Name == "" {
		return resourcesFile
	}
	return resourcesFile + "/" + f.Name
}

// file is the file's name in the snapshot of an account, not compressed.
func (f *ResourceFile) file(account string) string {
	return "accounts/" + account + "/" + f.path() + ".json"
}

// goodName keeps names from leaving the folder.
func (f *ResourceFile) goodName() bool {
	return !strings.HasPrefix(f.Name, ".") && !strings.ContainsAny(f.Name, "/\\:\x00")
}

// iam checks the users, groups, roles and managed policies. With seen nil an
// ARN may stand twice.
func (c *checker) iam(d *AuthorizationDetails, seen map[string]bool) {
	for i, u := range d.UserDetailList {
		if u == nil {
			c.null("UserDetailList", i)
			continue
		}
		c.entity("UserDetailList", i, "user", u.ARN, u.CreateDate, seen)
		if !c.fineTags(u.Tags) {
			c.tags(u.Tags, "UserDetailList", i, "Tags")
		}
		c.attached("UserDetailList", i, u.AttachedManagedPolicies, u.PermissionsBoundary)
	}
	for i, g := range d.GroupDetailList {
		if g == nil {
			c.null("GroupDetailList", i)
			continue
		}
		c.entity("GroupDetailList", i, "group", g.ARN, g.CreateDate, seen)
		c.attached("GroupDetailList", i, g.AttachedManagedPolicies, nil)
	}
	for i, r := range d.RoleDetailList {
		if r == nil {
			c.null("RoleDetailList", i)
			continue
		}
		c.entity("RoleDetailList", i, "role", r.ARN, r.CreateDate, seen)
		if !c.fineTags(r.Tags) {
			c.tags(r.Tags, "RoleDetailList", i, "Tags")
		}
		c.attached("RoleDetailList", i, r.AttachedManagedPolicies, r.PermissionsBoundary)
		if r.RoleLastUsed != nil && !fineTime(r.RoleLastUsed.LastUsedDate) {
			c.time(r.RoleLastUsed.LastUsedDate, "RoleDetailList", i, "RoleLastUsed", "LastUsedDate")
		}
	}
	for i, p := range d.Policies {
		if p == nil {
			c.null("Policies", i)
			continue
		}
		c.entity("Policies", i, "policy", p.ARN, "", seen)
	}
}

func (c *checker) null(list string, i int) {
	c.bad(at(list, i), "expected an object here, found null")
}

// entity checks the ARN and date of a user, group, role or managed policy.
func (c *checker) entity(list string, i int, kind, text, created string, seen map[string]bool) {
	a, err := arn.Parse(text)
	if err != nil {
		c.arn(text, list, i, "Arn")
		return
	}
	owned := a.AccountID == c.account || kind == "policy" && a.AccountID == "aws"
	switch {
	case a.AccountID == "":
		c.bad(at(list, i, "Arn"), "%s names no account", quote(text))
	case a.Service != "iam" || !strings.HasPrefix(a.Resource, kind+"/"):
		c.bad(at(list, i, "Arn"), "%s is not the ARN of a %s (arn:aws:iam::%s:%s/NAME)", quote(text), kind, c.account, kind)
	case !owned:
		c.bad(at(list, i, "Arn"), "%s is not of account %s, in whose folder it stands", quote(text), c.account)
	case seen[text]:
		c.bad(at(list, i, "Arn"), "%s stands twice", quote(text))
	}
	if seen != nil {
		seen[text] = true
	}
	if !fineTime(created) {
		c.time(created, list, i, "CreateDate")
	}
}

func (c *checker) attached(list string, i int, policies []AttachedPolicy, boundary *PermissionsBoundary) {
	for k := range policies {
		if !fineARN(policies[k].PolicyARN) {
			c.arn(policies[k].PolicyARN, list, i, "AttachedManagedPolicies", k, "PolicyArn")
		}
	}
	if boundary != nil && !fineARN(boundary.PermissionsBoundaryARN) {
		c.arn(boundary.PermissionsBoundaryARN, list, i, "PermissionsBoundary", "PermissionsBoundaryArn")
	}
}

// Almost everything is fine, and a place to report costs more than to find
// that out.
func fineARN(text string) bool {
	_, err := arn.Parse(text)
	return err == nil
}

func fineTime(text string) bool {
	_, ok := readTime(text)
	return ok
}

func (c *checker) fineTags(raw Tags) bool {
	_, err := c.tagged.read(raw)
	return err == nil
}

func (c *checker) arn(text string, place ...any) (arn.ARN, bool) {
	if text == "" {
		c.bad(at(place...), "the ARN is missing")
		return arn.ARN{}, false
	}
	a, err := arn.Parse(text)
	if err != nil {
		c.bad(at(place...), "%s is not an ARN; write arn:partition:service:region:account:resource", quote(text))
	}
	return a, err == nil
}

func (c *checker) time(text string, place ...any) {
	if _, ok := readTime(text); !ok {
		c.bad(at(place...), "%s is not a time; write 2026-11-01T02:00:00Z", quote(text))
	}
}

func (c *checker) tags(raw Tags, place ...any) {
	if _, err := c.tagged.read(raw); err != nil {
		c.bad(at(place...), "%s", err)
	}
}

func (c *checker) id(text string, place ...any) bool {
	ok := arn.IsAccountID(text)
	if !ok {
		c.bad(at(place...), "%s is not an account id of 12 digits", quote(text))
	}
	return ok
}

func (c *checker) providers(p *IdentityProviders) {
	var seen []string
	one := func(list string, i int, text string) {
		a, ok := c.arn(text, list, i, "Arn")
		switch {
		case ok && a.AccountID != c.account:
			c.bad(at(list, i, "Arn"), "%s is not of account %s, in whose folder it stands", quote(text), c.account)
		case ok && slices.Contains(seen, text):
			c.bad(at(list, i, "Arn"), "%s stands twice", quote(text))
		}
		seen = append(seen, text)
	}
	for i := range p.OpenIDConnectProviders {
		one("OpenIDConnectProviders", i, p.OpenIDConnectProviders[i].ARN)
	}
	for i := range p.SAMLProviders {
		one("SAMLProviders", i, p.SAMLProviders[i].ARN)
	}
}

func (c *checker) resources(f *ResourceFile) {
	for i, r := range f.Resources {
		if r == nil {
			c.null("Resources", i)
			continue
		}
		if !fineARN(r.ARN) {
			c.arn(r.ARN, "Resources", i, "Arn")
		}
		if r.Type == "" {
			c.bad(at("Resources", i, "Type"), "the type is missing; write it as CloudFormation does, such as AWS::S3::Bucket")
		}
		if r.Account != "" {
			c.id(r.Account, "Resources", i, "Account")
		}
		if !c.fineTags(r.Tags.Value) {
			c.tags(r.Tags.Value, "Resources", i, "Tags")
		}
		if r.AccessPoint != nil && r.AccessPoint.Bucket == "" {
			c.bad(at("Resources", i, "AccessPoint", "Bucket"), "the access point names no bucket")
		}
	}
}
