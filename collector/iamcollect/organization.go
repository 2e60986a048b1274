package iamcollect

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"pathfinder/collector/snapshot"
	"pathfinder/graphmodel/arn"
)

// An organization is the organization of a folder, and what else is known of its
// accounts.
type organization struct {
	id          string
	partition   string
	out         *snapshot.Organization
	accountTags map[string]snapshot.Tags
	places      map[string]int // how often a unit or account stands in the structure
}

// members lists the accounts of the organization by id.
func (o *organization) members() []string {
	var ids []string
	for i := range o.out.Accounts {
		ids = append(ids, o.out.Accounts[i].ID)
	}
	return ids
}

// A node is an entry of structure.json: a root or unit with what hangs in it.
type node struct {
	Children map[string]*node `json:"children"`
	Accounts []string         `json:"accounts"` // ARNs
}

// A target is an entry of accounts.json or ous.json: the ARNs of the policies
// that are attached to it.
type target struct {
	SCPs       []string          `json:"scps"`
	RCPs       []string          `json:"rcps"`
	S3Policies []string          `json:"s3Policies"`
	Tags       map[string]string `json:"tags"`
}

// policyTypes are the folders of policies and their types as AWS writes them.
var policyTypes = []struct {
	folder, name string
	of           func(*target) []string
}{
	{"scps", "SERVICE_CONTROL_POLICY", func(t *target) []string { return t.SCPs }},
	{"rcps", "RESOURCE_CONTROL_POLICY", func(t *target) []string { return t.RCPs }},
	{"s3-policies", "S3_POLICY", func(t *target) []string { return t.S3Policies }},
}

// An orgReader reads the folder of one organization.
type orgReader struct {
	*reader
	*organization
	dir  *folder
	info struct {
		ID        string           `json:"id"`
		ARN       string           `json:"arn"`
		MasterARN string           `json:"rootAccountArn"`
		Master    string           `json:"rootAccountId"`
		Features  map[string]*bool `json:"features"` // types of policies that the root has, and whether they are in force
	}
	structure map[string]*node
	accounts  map[string]*target
	units     map[string]*target
	policyIDs map[string]bool // met so far
}

// organization reads the one organization below root; nil when there is none.
func (r *reader) organization(root string) (*organization, error) {
	ids := organizationsIn(r.fsys, root)
	switch {
	case len(ids) == 0:
		return nil, nil
	case len(ids) > 1:
		return nil, fmt.Errorf("iam-collect wrote %d organizations here, and a snapshot holds one: %s; copy the folder for each and leave one folder in %s of each copy",
			len(ids), strings.Join(ids, ", "), path.Join(root, "organizations"))
	}
	o := &orgReader{
		reader: r, dir: r.folder(path.Join(root, "organizations", ids[0])),
		organization: &organization{
			accountTags: make(map[string]snapshot.Tags), places: make(map[string]int), out: &snapshot.Organization{},
		},
		policyIDs: make(map[string]bool),
	}
	before := len(r.problems)
	for _, file := range []struct {
		name string
		to   any
	}{{metadataFile, &o.info}, {structureFile, &o.structure}, {"accounts.json", &o.accounts}, {"ous.json", &o.units}} {
		if !o.dir.files[file.name] {
			o.bad(o.dir.join(file.name), "", "the file is missing; collect the organization again")
			continue
		}
		o.has(o.dir, file.name, file.to)
	}
	if len(r.problems) == before {
		o.read()
		o.own()
	}
	return o.organization, nil
}

func (o *orgReader) read() {
	o.id, o.partition = o.info.ID, arn.Partition(o.info.ARN)
	if o.id == "" {
		o.bad(o.dir.join(metadataFile), "", "the id of the organization is missing")
	}
	if m := o.info.Master; m != "" && !arn.IsAccountID(m) {
		o.bad(o.dir.join(metadataFile), "/rootAccountId", "%s is not an account id of 12 digits", quote(m))
	}
	o.out.Organization = snapshot.OrganizationInfo{ID: o.id, ARN: o.info.ARN, MasterAccountID: o.info.Master, MasterAccountARN: o.info.MasterARN}
	if len(o.structure) != 1 {
		o.bad(o.dir.join(structureFile), "", "an organization has one root, found %d", len(o.structure))
		return
	}
	names := o.names()
	for id, n := range o.structure {
		o.out.Root = o.unit(id, n, names)
	}
	for _, t := range policyTypes {
		if o.inForce(t.name, t.of) {
			o.out.Root.PolicyTypes = append(o.out.Root.PolicyTypes, snapshot.PolicyType{Type: t.name, Status: "ENABLED"})
		}
	}
	slices.SortFunc(o.out.Accounts, func(a, b snapshot.OrganizationAccount) int { return strings.Compare(a.ID, b.ID) })
	for i := range o.out.Accounts[:max(0, len(o.out.Accounts)-1)] {
		if id := o.out.Accounts[i].ID; id == o.out.Accounts[i+1].ID {
			o.bad(o.dir.join(structureFile), "", "account %s hangs in two places of the organization", id)
		}
	}
	o.known()
	for _, t := range policyTypes {
		o.policies(t.folder, t.name, t.of)
	}
	o.delegated()
}

// inForce reports whether policies of a type count. iam-collect writes down the
// types that the root has; one that it left out is not in force when it wrote
// others, but a policy can't be attached unless its type is enabled
// (Organizations API, "AttachPolicy").
func (o *orgReader) inForce(typ string, of func(*target) []string) bool {
	switch on, listed := o.info.Features[typ]; {
	case on != nil:
		return *on
	case len(o.attachments(of)) > 0:
		return true
	case listed || o.info.Features == nil:
		o.gap(snapshot.Gap{
			Service: "organizations", What: typ,
			Why: "whether policies of this type are enabled is not in " + o.dir.join(metadataFile) + ", and none is attached; it is taken as not enabled",
		})
	}
	return false
}

// names reads what units are called, by id.
func (o *orgReader) names() map[string]*metadata {
	names := make(map[string]*metadata)
	for _, name := range o.folder(o.dir.join("ous")).folders {
		f := o.folder(path.Join(o.dir.path, "ous", name))
		if !f.files[metadataFile] {
			continue
		}
		if m, ok := o.metadata(f); ok {
			names[lastPart(m.arn)] = m
		}
	}
	return names
}

// unit makes a unit of an entry of structure.json, with the accounts in it.
func (o *orgReader) unit(id string, n *node, names map[string]*metadata) *snapshot.OrganizationalUnit {
	u := &snapshot.OrganizationalUnit{ID: id}
	if m := names[id]; m != nil {
		u.ARN, u.Name = m.arn, m.text("name")
	}
	if o.places[id]++; o.places[id] > 1 {
		o.bad(o.dir.join(structureFile), "", "unit %s stands twice", quote(id))
		return u
	}
	if n == nil {
		return u
	}
	for _, text := range n.Accounts {
		account := lastPart(text)
		if !arn.IsAccountID(account) {
			o.bad(o.dir.join(structureFile), "", "%s is not the ARN of an account", quote(text))
			continue
		}
		u.Accounts = append(u.Accounts, account)
		o.out.Accounts = append(o.out.Accounts, snapshot.OrganizationAccount{ID: account, ARN: text})
	}
	for _, child := range slices.Sorted(maps.Keys(n.Children)) {
		u.OrganizationalUnits = append(u.OrganizationalUnits, o.unit(child, n.Children[child], names))
	}
	return u
}

// known holds the two files about attachments against the structure: a target
// that hangs nowhere, or one whose policies nobody wrote down, would be decided
// wrongly.
func (o *orgReader) known() {
	for _, id := range o.members() {
		o.places[id]++
		if o.accounts[id] == nil {
			o.bad(o.dir.join("accounts.json"), "", "account %s of %s is missing here; collect the organization again", id, structureFile)
		} else if len(o.accounts[id].Tags) > 0 {
			o.accountTags[id] = snapshot.TagsOf(o.accounts[id].Tags)
		}
	}
	for _, file := range []struct {
		name string
		of   map[string]*target
	}{{"accounts.json", o.accounts}, {"ous.json", o.units}} {
		for _, id := range slices.Sorted(maps.Keys(file.of)) {
			if o.places[id] == 0 || file.of[id] == nil {
				o.bad(o.dir.join(file.name), "", "%s hangs nowhere in %s; collect the organization again", quote(id), structureFile)
			}
		}
	}
	for _, id := range slices.Sorted(maps.Keys(o.places)) {
		if o.units[id] == nil && o.accounts[id] == nil {
			o.bad(o.dir.join("ous.json"), "", "%s of %s is missing here; collect the organization again", quote(id), structureFile)
		}
	}
}
