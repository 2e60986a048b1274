package iamcollect

import (
	"cmp"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"pathfinder/collector/snapshot"
	"pathfinder/graphmodel/arn"
)

// An account reads the folder of one account.
type account struct {
	reader
	id   string
	dir  string
	org  *organization
	opts Options

	iam       *snapshot.AuthorizationDetails
	providers *snapshot.IdentityProviders
	profiles  map[string][]string // instance profiles by role
	resources []*snapshot.Resource
	center    center
	seen      map[string]string // folder by ARN
	partition string            // of the first ARN
	skipped   map[string]int    // things of kinds that are not known
}

func (a *account) read() *snapshot.Account {
	a.seen, a.skipped, a.profiles = make(map[string]string), make(map[string]int), make(map[string][]string)
	top := a.folder(a.dir)
	for _, name := range top.folders {
		if !noPolicies[name] && name != "ram" {
			a.walk(top.join(name), 1)
		}
	}
	if a.iam != nil {
		a.linkProfiles()
	} else {
		a.gap(snapshot.Gap{Account: a.id, Service: "iam", What: "users, groups, roles and policies", Why: "the folder of the account holds none"})
	}
	out := &snapshot.Account{
		Info:      snapshot.AccountInfo{ID: a.id, Partition: a.partitionName()},
		IAM:       a.iam,
		Providers: a.providers,
		Center:    a.center.file(),
	}
	if a.center.sets {
		a.gap(snapshot.Gap{Account: a.id, Service: "sso", What: "assignments of permission sets of Identity Center", Why: nobody})
	}
	a.settings(top, &out.Info)
	a.registries(top)
	if slices.Contains(top.folders, "ram") {
		a.shares(top.join("ram"), 1)
	}
	if len(a.resources) > 0 {
		out.Resources = []*snapshot.ResourceFile{{Resources: a.resources}}
	}
	a.tellSkipped()
	return out
}

func (a *account) partitionName() string {
	if a.partition == "" && a.org != nil {
		return a.org.partition
	}
	return a.partition
}

// settings reads what is written of the account itself.
func (a *account) settings(top *folder, info *snapshot.AccountInfo) {
	var block *snapshot.PublicAccessBlock
	switch {
	case a.has(top, blockFile, &block) && block != nil:
		info.S3PublicAccessBlock = snapshot.Have(*block)
	case a.opts.NothingDenied && !top.files[blockFile] && slices.Contains(top.folders, "s3"): // S3 was collected
		info.S3PublicAccessBlock = snapshot.None[snapshot.PublicAccessBlock]()
	}
	var member struct {
		ID string `json:"organizationId"`
	}
	if a.has(top, organizationFile, &member) && member.ID != "" && (a.org == nil || a.org.id != member.ID) {
		a.gap(snapshot.Gap{
			Account: a.id, Service: "organizations", What: "organization " + member.ID + " and its control policies",
			Why: "the account belongs to it, but its folder is not there",
		})
	}
	if a.org != nil {
		info.Tags = a.org.accountTags[a.id]
	}
}

// walk reads everything below a folder.
func (a *account) walk(dir string, depth int) {
	if depth > maxDepth {
		a.bad(dir, "", "folders lie deeper than iam-collect makes them")
		return
	}
	f := a.folder(dir)
	if f.files[metadataFile] {
		a.thing(f)
	} else if names := f.sorted(); len(names) > 0 {
		a.gap(snapshot.Gap{Account: a.id, What: f.path, Why: "the folder holds " + names[0] + " but no " + metadataFile + ", so nothing says what it belongs to"})
	}
	for _, name := range f.folders {
		a.walk(f.join(name), depth+1)
	}
}

// thing reads a folder with a metadata.json.
func (a *account) thing(f *folder) {
	m, ok := a.metadata(f)
	if !ok {
		return
	}
	if before, twice := a.seen[m.arn]; twice {
		a.bad(m.file, "/arn", "%s stands in %s too", quote(m.arn), before)
		return
	}
	a.seen[m.arn] = f.path
	owner := arn.Account(m.arn)
	if arn.IsAccountID(owner) && owner != a.id {
		a.bad(m.file, "/arn", "%s is not of account %s, in whose folder it lies", quote(m.arn), a.id)
		return
	}
	if a.partition == "" {
		a.partition = arn.Partition(m.arn)
	}
	switch arn.Service(m.arn) {
	case "iam":
		a.entity(f, m)
		return
	case "sso":
		a.sso(f, m)
		return
	case "identitystore":
		a.directory(f, m)
		return
	}
	k, called, ok := kindOf(m.arn)
	if !ok {
		a.skipped[called]++
		return
	}
	a.resources = append(a.resources, a.resource(f, m, k))
}

// tellSkipped makes one gap a kind of what is not imported.
func (a *account) tellSkipped() {
	for _, name := range slices.Sorted(maps.Keys(a.skipped)) {
		a.gap(snapshot.Gap{Account: a.id, What: fmt.Sprintf("%d of %s", a.skipped[name], quote(name)), Why: "this kind of resource is not known to the import"})
	}
}

// registries reads the policies of ECR's registries, one a region, which only
// the name of the file tells. AWS names no ARN of a registry; this one says what
// it is.
func (a *account) registries(top *folder) {
	for _, name := range top.sorted() {
		region, ok := strings.CutPrefix(name, "ecr-registry-policy.")
		region = strings.TrimSuffix(region, ".json")
		if !ok || region == "" {
			continue
		}
		text := fmt.Sprintf("arn:%s:ecr:%s:%s:registry", cmp.Or(a.partitionName(), "aws"), region, a.id)
		doc, there := a.document(top, name)
		if !there || !a.isARN(path.Join(a.dir, name), "", text) {
			continue
		}
		a.resources = append(a.resources, &snapshot.Resource{ARN: text, Type: "AWS::ECR::RegistryPolicy", Name: a.id, Region: region, Policy: snapshot.Have(doc)})
	}
}

// decode reads a part of a file that was read already.
func decode(raw jsontext.Value, v any) bool { return json.Unmarshal(raw, v) == nil }
