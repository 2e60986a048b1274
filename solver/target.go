package solver

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"pathfinder/graphmodel/arn"
	"pathfinder/graphmodel/catalog"
	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
)

// A target is the thing a request is made on, with what the snapshot holds of
// it: a resource, something inside one (an object of a bucket), a role, or
// something the snapshot does not know.
type target struct {
	carrier    *inventory.Resource // nil when unknown, or when it is a principal
	role       *inventory.Principal
	bucket     *inventory.Resource // of an access point
	account    string
	orgID      string
	orgPath    string
	management bool
	tags       map[string]string
	rcps       []Level
	s          *Solver
	name       string // as asked
	grantees   []policy.Principal
	grouped    map[groupKey][]group // see groups
	unblocked  bool                 // as if no public access block were on
	key        *inventory.Resource  // the key that encrypts it, once that was changed; nil as it stands
	partOf     *target              // when some actions of an ask are asked about alone, the target as it is asked about whole
	whole      ask
}

// targetOf finds what the ARN means.
func (s *Solver) targetOf(text string) *target {
	t := &target{s: s, name: text, account: arn.Account(text)}
	switch r := s.carrier(text); {
	case r != nil:
		t.carrier, t.account = r, r.Account
		if r.HasTags == inventory.Have {
			t.tags = r.Tags
		}
		t.grantees = granteesOf(r.KMSGrants)
		if r.AccessPoint != nil {
			t.bucket = s.bucketOf(r)
		}
	default:
		if p := s.inv.Principal(text); p != nil {
			t.account, t.tags = p.Account.ID, s.tagsAsTarget(p)
			if p.Kind == inventory.Role {
				t.role = p
			}
		}
	}
	t.place()
	return t
}

// tagsAsTarget returns the tags of a user or role as a request on it meets them; nil when
// not all of them are known.
func (s *Solver) tagsAsTarget(p *inventory.Principal) map[string]string {
	if s.tagsUnread[p.ARN] {
		return nil
	}
	return p.Tags
}

// bucketOf returns the bucket behind an access point, nil when the snapshot does not
// hold it.
func (s *Solver) bucketOf(ap *inventory.Resource) *inventory.Resource {
	return s.inv.Resource("arn:" + arn.Partition(ap.ARN) + ":s3:::" + ap.AccessPoint.Bucket)
}

// region returns the region the target lies in, "" when nothing says it.
func (t *target) region() string {
	if t.carrier != nil {
		return cmp.Or(arn.Region(t.name), t.carrier.Region)
	}
	return arn.Region(t.name)
}

// place fills in where the owner's account stands.
func (t *target) place() {
	a, org := t.s.inv.Account(t.account), t.s.inv.Organization
	if a == nil || a.Unit == nil || org == nil {
		return
	}
	at := t.s.position(a)
	t.orgID, t.orgPath, t.management = org.ID, at.path, a.ID == org.ManagementAccount
	if org.RCPs {
		t.rcps = at.rcps
	}
}

// carrier returns the resource that text names or lies inside of: the bucket
// of an object, the table of an index, the function of a version.
func (s *Solver) carrier(text string) *inventory.Resource {
	for t := text; t != ""; {
		if r := s.inv.Resource(t); r != nil {
			return r
		}
		i := strings.LastIndexAny(t, "/:")
		if i < 0 || strings.Count(t[:i], ":") < 5 {
			return s.catalogOf(text)
		}
		t = t[:i]
	}
	return nil
}

// catalogOf returns the Data Catalog that a part of it lies in, which carries
// the policy of all of them (E210).
func (s *Solver) catalogOf(text string) *inventory.Resource {
	if arn.Service(text) != "glue" {
		return nil
	}
	return s.inv.Resource("arn:" + arn.Partition(text) + ":glue:" + arn.Region(text) + ":" + arn.Account(text) + ":catalog")
}

// fill adds what hangs on the resource to a case.
func (t *target) fill(c *Case, action string) {
	key := strings.ToLower(action)
	service, _, _ := strings.Cut(key, ":")
	t.fillCarrier(c, service, key)
	t.fillNeeds(c, service, key)
}

func (t *target) fillCarrier(c *Case, service, action string) {
	if t.role != nil && service == "sts" {
		c.Resources = []Source{{Name: t.role.ARN, Doc: t.role.Trust}}
		return
	}
	r := t.carrier
	if r == nil {
		return
	}
	c.KMSGrants, c.grantees, c.AWSManagedKey, c.ResourceRegion = r.KMSGrants, t.grantees, r.AWSManagedKey && service == "kms", r.Region
	if r.AccessPoint != nil {
		t.fillAccessPoint(c, service, action)
		return
	}
	if r.Policy != nil && r.Policy.Kind != policy.Endpoint { // that of a VPC endpoint is about what goes through (E134)
		c.Resources = []Source{{Name: r.ARN, Doc: r.Policy}}
	}
	c.SharedWith = r.SharedWith
	if service == "lambda" {
		c.URLs, c.HasURLs = t.s.urlsOf(r)
	}
	if r.S3 != nil && service == "s3" {
		c.S3 = t.s3(r, c.Resource)
		for _, o := range r.S3.Objects {
			c.objectKeys = append(c.objectKeys, r.ARN+"/"+o.Key)
		}
	}
	t.fillKeys(c, r, service, action)
}

// fillKeys adds the checks of the KMS key that a resource is encrypted with.
func (t *target) fillKeys(c *Case, r *inventory.Resource, service, action string) {
	for _, needed := range kmsNeeds[action] {
		t.fillKey(c, r, service, needed)
	}
}

// fillNeeds adds the further checks of the same call that are no matter of
// keys (E32).
func (t *target) fillNeeds(c *Case, service, action string) {
	needs := callNeeds[action]
	if service == "glue" {
		needs = glueNeeds(c.Action, c.Resource)
	}
	needs = append(slices.Clip(needs), sessionNeeds(c, action)...)
	for i := range needs {
		n := &needs[i]
		also := *c
		switch also.Action = n.action; n.on {
		case "":
		case "*":
			also = *onward(c, n.action, "*", c.Caller.Account)
		default:
			also.Resource = n.on // its policy is the one of the catalog
		}
		also.Also, also.neededBy, also.Context = nil, n.rule, c.Context.with(n.set...)
		c.Also = append(c.Also, &also)
	}
}

// sessionNeeds lists the further checks of a call for a role's session that is
// known to pass tags or a source identity (E136).
func sessionNeeds(c *Case, action string) (out []need) {
	switch action {
	case "sts:assumerole", "sts:assumerolewithwebidentity", "sts:assumerolewithsaml":
	default:
		return nil
	}
	passed := func(about func(key string) bool) bool {
		for k, v := range c.Context.Values {
			if about(k) && v.State == policy.Present {
				return true
			}
		}
		return false
	}
	if passed(isPassedTag) {
		out = append(out, need{rule: "E145", action: "sts:TagSession"})
	}
	if passed(func(key string) bool { return key == "sts:sourceidentity" }) {
		out = append(out, need{rule: "E148", action: "sts:SetSourceIdentity"})
	}
	return out
}

// isPassedTag reports whether a key, in lower case, is about tags that a call passes.
func isPassedTag(key string) bool {
	return strings.HasPrefix(key, "aws:requesttag/") || key == "aws:tagkeys" || key == "sts:transitivetagkeys"
}

// glueNeeds lists what else an action on a part of a Data Catalog asks: the
// same of all that it lies in (E210). Source: Glue guide, "Specifying AWS Glue
// resource ARNs", 2026 crawl.
func glueNeeds(action, resource string) []need {
	head := "arn:" + arn.Partition(resource) + ":glue:" + arn.Region(resource) + ":" + arn.Account(resource) + ":"
	kind, name, _ := strings.Cut(arn.Resource(resource), "/")
	database, _, _ := strings.Cut(name, "/")
	catalog := need{rule: "E210", action: action, on: head + "catalog"}
	switch kind {
	case "table", "tableVersion", "userDefinedFunction":
		return []need{{rule: "E210", action: action, on: head + "database/" + database}, catalog}
	case "database":
		return []need{catalog}
	}
	return nil
}

// fillAccessPoint adds the access point's policy and the bucket behind it.
func (t *target) fillAccessPoint(c *Case, service, action string) {
	if t.bucket != nil { // the keys about the access point are not in S3's request to KMS
		t.fillKeys(c, t.bucket, service, action)
	}
	r, ap := t.carrier, t.carrier.AccessPoint
	f := &AccessPointFacts{BucketResource: "arn:" + arn.Partition(r.ARN) + ":s3:::" + ap.Bucket, VPC: ap.VPC}
	back := target{s: t.s, account: cmp.Or(ap.BucketAccount, r.Account)}
	if t.bucket != nil {
		back.account = cmp.Or(ap.BucketAccount, t.bucket.Account)
	}
	back.place()
	f.BucketAccount, f.BucketRCPs, f.BucketOrgID, f.BucketOrgPath, f.BucketInManagement = back.account, back.rcps, back.orgID, back.orgPath, back.management
	f.RestrictPublicBuckets = ap.PublicAccessBlock.RestrictPublicBuckets
	ignore := ap.PublicAccessBlock.IgnorePublicAcls
	if a := t.s.inv.Account(r.Account); a != nil {
		f.RestrictPublicBuckets = f.RestrictPublicBuckets || a.PublicAccessBlock.RestrictPublicBuckets
		ignore = ignore || a.PublicAccessBlock.IgnorePublicAcls
	}
	if key, ok := strings.CutPrefix(c.Resource, r.ARN+"/object/"); ok {
		f.BucketResource += "/" + key
	}
	if r.Policy != nil {
		f.Policies = []Source{{Name: r.ARN, Doc: r.Policy}}
	}
	c.AccessPoint = f
	c.Context = c.Context.with("s3:dataaccesspointarn", r.ARN, "s3:dataaccesspointaccount", r.Account,
		"s3:accesspointnetworkorigin", originOf(ap))
	if t.bucket != nil {
		if t.bucket.Policy != nil {
			c.Resources = []Source{{Name: t.bucket.ARN, Doc: t.bucket.Policy}}
		}
		if t.bucket.HasTags == inventory.Have {
			f.BucketTags = t.bucket.Tags
		}
		if t.bucket.S3 != nil {
			c.S3 = t.s3(t.bucket, f.BucketResource)
			c.S3.IgnorePublicACLs = c.S3.IgnorePublicACLs || ignore
			for _, o := range t.bucket.S3.Objects {
				c.objectKeys = append(c.objectKeys, r.ARN+"/object/"+o.Key)
			}
		}
	}
}

func originOf(ap *inventory.AccessPoint) string {
	if ap.VPC != "" {
		return "VPC"
	}
	return "Internet"
}

// s3 gathers the settings of a bucket for a request on resource.
func (t *target) s3(r *inventory.Resource, resource string) *S3Facts {
	f := &S3Facts{Ownership: r.S3.Ownership, BucketACL: r.S3.ACL, ABAC: r.S3.ABAC, ABACUnread: r.S3.ABACUnread}
	if f.Ownership == "" && r.S3.HasACL == inventory.Have {
		f.Ownership = "ObjectWriter" // unknown: ACLs may count, see doubtsFor
	}
	blocks := []inventory.PublicAccessBlock{r.S3.PublicAccessBlock}
	if a := t.s.inv.Account(r.Account); a != nil {
		blocks = append(blocks, a.PublicAccessBlock) // E174
	}
	if t.unblocked {
		blocks = nil
	}
	for _, b := range blocks {
		f.IgnorePublicACLs = f.IgnorePublicACLs || b.IgnorePublicAcls
		f.RestrictPublicBuckets = f.RestrictPublicBuckets || b.RestrictPublicBuckets
	}
	if key, ok := strings.CutPrefix(resource, r.ARN+"/"); ok {
		for i := range r.S3.Objects {
			if o := &r.S3.Objects[i]; o.Key == key {
				f.ObjectACL, f.ObjectOwner = o.ACL, o.Owner
			}
		}
	}
	return f
}

// makes reports whether a request would make the target itself, which is named by the
// ARN that it will have and carries no policy yet (E45).
func (t *target) makes(action string) bool {
	_, name, _ := strings.Cut(strings.ToLower(action), ":")
	kind, creates := strings.CutPrefix(name, "create")
	if !creates || t.carrier != nil || t.role != nil || !arn.Is(t.name) {
		return false
	}
	if kind == "elasticsearchdomain" || kind == "clusterv2" { // other names of the same
		kind = strings.TrimSuffix(strings.TrimPrefix(kind, "elasticsearch"), "v2")
	}
	// kms:CreateGrant makes no key: what it is asked about is there already.
	return slices.ContainsFunc(catalog.Default().TypesOf(t.name), func(r catalog.ResourceType) bool {
		return kind == strings.ToLower(strings.NewReplacer("-", "", " ", "").Replace(r.Name))
	})
}

// bare reports whether an ARN is of something in IAM that never carries a policy of its
// own as a resource: of all that is there, only roles do.
func bare(name string) bool {
	return arn.Service(name) == "iam" && !strings.HasPrefix(arn.Resource(name), "role/")
}

// doubtsFor lists what the snapshot lacks about the target and could change
// the answer for the caller (E236).
func (t *target) doubtsFor(a *actor, action string) (doubts []string) {
	service, name := splitAction(action)
	add := func(format string, args ...any) { doubts = append(doubts, fmt.Sprintf(format, args...)) }
	switch r := t.carrier; {
	case t.role != nil || t.name == "*" || !policyServices[service] || t.makes(action) || bare(t.name) || name != "*" && configures(service, name):
	case r == nil && t.account == "":
		add("%s is not in the snapshot: its owner and its policy are unknown", t.name)
	case r == nil:
		add("%s is not in the snapshot: whether it has a policy is unknown", t.name)
	case r.HasPolicy == inventory.NotRead:
		add("the policy of %s was not read", r.ARN)
	}
	if service == "s3" {
		doubts = append(doubts, t.bucketDoubts(a, action)...)
	}
	if r := t.carrier; r != nil && service == "s3" && a.caller.Account != r.Account && a.caller.Kind != CallerService {
		doubts = append(doubts, t.blockUnread()...)
	}
	if r := t.carrier; r != nil && a.caller.Kind == CallerAnonymous && opensURL(r, action) {
		if _, known := t.s.urlsOf(r); known == inventory.NotRead {
			add("the URLs of %s were not read", r.ARN)
		}
	}
	if r := t.carrier; r != nil && a.caller.hasAccount() && a.caller.Account != r.Account && (SharedCall(action) || strings.HasSuffix(action, ":*")) {
		doubts = append(doubts, t.shareDoubts()...)
	}
	if service == "execute-api" {
		add("the authorizer of %s was not read", t.name) // E207: it may let in whom no policy names
	}
	if r := t.carrier; r != nil && service == "kms" && r.HasGrants == inventory.NotRead && (name == "*" || grantOperations[name]) {
		add("the grants of %s were not read", r.ARN)
	}
	return doubts
}
