package solver

import (
	"maps"
	"slices"
	"strings"

	"pathfinder/graphmodel/arn"
	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
)

// A surveyTarget is a resource or role as a survey compares it with others.
type surveyTarget struct {
	text      string
	service   string
	account   string
	role      *inventory.Principal // of a role
	tags      map[string]string
	made      *target // for the engine, once it is asked
	questions []ask
	unit      string        // where its account hangs in the organization
	session   bool          // its documents read what the sessions of some roles carry
	asks      []asked       // it, and what lies inside of it
	key       *surveyTarget // the KMS key that it is encrypted with
	// shape is equal for targets about which everything is equal but their names
	// and accounts, as far as callers of their own accounts are concerned.
	shape string
	// services is the same about what is said to services alone.
	services []byte
	alone    bool            // it is compared with no other
	behind   *surveyTarget   // the bucket of an access point
	loose    bool            // ACLs and the like give to accounts
	accounts map[string]bool // that its documents name
	open     bool            // somebody of its account may get in whom it does not name and whose policies are silent
	everyone admission
	tells    tells
	named    map[string]bool // whom its documents name themselves
	homes    map[string]bool // the accounts of these; "" when some can't be told
}

// subjectOf returns a resource, or a role, as it is compared.
func (sv *surveyor) subjectOf(text string, r *inventory.Resource, role *inventory.Principal) *surveyTarget {
	t := &surveyTarget{text: text, role: role}
	switch {
	case role != nil:
		t.unit = unitOf(role.Account)
	default:
		t.unit = unitOf(sv.s.inv.Account(r.Account))
	}
	b := make([]byte, 0, 512)
	if role != nil {
		t.service, t.account = "sts", role.Account.ID
		b = append(b, "role "...)
		t.tags = role.Tags
		b = sv.appendDocument(b, t, role.Trust)
	} else {
		t.service, t.account = arn.Service(text), r.Account
		b = sv.appendResource(b, t, r)
	}
	t.asks = append(t.asks, asked{text: text, literal: true})
	if inside := insideOf(text); inside != "" {
		t.asks = append(t.asks, asked{text: inside, glob: arn.NewGlob(inside)})
	}
	t.open = t.open || t.everyone.of(t.account)
	everyone := t.everyone
	b = sv.appendOwner(b, t)
	for i := range sv.s.endpoints {
		for _, src := range sv.s.endpoints[i].Policies {
			b = sv.appendDocument(b, t, src.Doc)
		}
	}
	t.everyone = everyone // RCPs limit, and let nobody in
	for name := range openWithoutPolicy {
		service, _, _ := strings.Cut(name, ":")
		t.open = t.open || service == t.service
	}
	t.shape = sv.number(b)
	return t
}

// unitOf returns the id of the unit that an account hangs in.
func unitOf(a *inventory.Account) string {
	if a == nil || a.Unit == nil {
		return ""
	}
	return a.Unit.ID
}

// insideOf returns the pattern of what lies inside of a target that questions
// ask about as well; see asks.
func insideOf(text string) string {
	res := arn.Resource(text)
	switch arn.Service(text) {
	case "s3":
		if strings.HasPrefix(res, "accesspoint/") && !strings.Contains(res, "/object/") {
			return text + "/object/*"
		}
		if arn.Account(text) == "" && !strings.Contains(res, "/") {
			return text + "/*"
		}
	case "dynamodb":
		if strings.HasPrefix(res, "table/") && strings.Count(res, "/") == 1 {
			return text + "/index/*"
		}
	}
	return ""
}

// appendResource writes a resource without its name.
func (sv *surveyor) appendResource(b []byte, t *surveyTarget, r *inventory.Resource) []byte {
	for _, s := range []string{r.Type, t.service, arn.Partition(r.ARN), r.Region, arn.Region(r.ARN)} {
		b = append(append(b, s...), 0)
	}
	b = append(b, byte(r.HasTags), byte(r.HasPolicy), byte(r.HasGrants))
	t.tags = r.Tags
	switch t.service {
	case "glue", "codeartifact", "iam", "sts":
		t.alone = true // their calls ask for more than themselves, or names count
	}
	for _, p := range granteesOf(r.KMSGrants) {
		t.alone = true
		b = sv.appendEntry(b, t, &policy.Statement{}, &p)
	}
	if ap := r.AccessPoint; ap != nil {
		if bucket := sv.s.inv.Resource("arn:" + arn.Partition(r.ARN) + ":s3:::" + ap.Bucket); bucket != nil {
			t.behind = sv.subjectOf(bucket.ARN, bucket, nil)
			t.take(t.behind)
		}
	}
	if r.AccessPoint != nil || strings.Contains(r.ARN, ":alias/") || r.Policy != nil && r.Policy.Kind == policy.Endpoint {
		t.alone, t.open, t.loose, t.everyone.all = true, true, true, true
	}
	if r.S3 != nil {
		b = append(b, r.S3.Ownership...)
		p := &r.S3.PublicAccessBlock
		for _, yes := range []bool{r.S3.ABAC, p.IgnorePublicAcls, p.RestrictPublicBuckets} {
			b = appendBit(b, yes)
		}
		b = append(b, byte(r.S3.HasACL))
		if len(r.S3.Objects) > 0 || r.S3.Ownership != "BucketOwnerEnforced" && len(r.S3.ACL) > 0 {
			t.alone, t.open, t.loose, t.everyone.all = true, true, true, true
		}
	}
	if r.Policy != nil {
		b = sv.appendDocument(b, t, r.Policy)
	}
	return sv.appendKey(b, t, r)
}

// appendKey writes the KMS key that a resource is encrypted with.
func (sv *surveyor) appendKey(b []byte, t *surveyTarget, r *inventory.Resource) []byte {
	b = appendBit(b, r.AWSManagedKey)
	if r.EncryptionKey == "" {
		return b
	}
	key := sv.s.inv.Resource(r.EncryptionKey)
	if key == nil || key == r {
		t.alone = true
		return b
	}
	t.alone, t.loose = t.alone || key.Account != r.Account, t.loose || key.Account != r.Account
	t.key = sv.subjectOf(key.ARN, key, nil)
	t.take(t.key)
	return append(append(b, "key "...), t.key.shape...)
}

// appendOwner writes where the account of a target stands.
func (sv *surveyor) appendOwner(b []byte, t *surveyTarget) []byte {
	a, org := sv.s.inv.Account(t.account), sv.s.inv.Organization
	if a == nil {
		t.alone = true
		return b
	}
	p := &a.PublicAccessBlock
	b = appendBit(appendBit(b, p.IgnorePublicAcls), p.RestrictPublicBuckets)
	if org == nil || a.Unit == nil {
		return b
	}
	b = appendBit(b, a.ID == org.ManagementAccount)
	if !org.RCPs {
		return b
	}
	for _, l := range scpLevels(a, func(u *inventory.Unit) []*inventory.Policy { return u.RCPs }, a.RCPs) {
		for i := range l.Policies {
			b = sv.appendDocument(append(b, 1), t, l.Policies[i].Doc)
		}
	}
	return b
}

// take notes what the documents about another thing read and name that a call has
// to pass as well.
func (t *surveyTarget) take(o *surveyTarget) {
	t.alone, t.loose, t.session = t.alone || o.alone, t.loose || o.loose, t.session || o.session
	t.tells.add(o.tells)
	for name := range o.named {
		t.noteName(name)
	}
	for id := range o.accounts {
		t.noteAccount(id)
	}
}

func appendTags(b []byte, tags map[string]string) []byte {
	for _, k := range slices.Sorted(maps.Keys(tags)) {
		b = append(append(append(append(b, k...), 1), tags[k]...), 2)
	}
	return append(b, 0)
}

// appendDocument writes a document about the target, and notes whom it names.
func (sv *surveyor) appendDocument(b []byte, t *surveyTarget, doc *policy.Document) []byte {
	if len(doc.Faults) > 0 && doc.Damaged() {
		t.alone, t.open, t.loose, t.everyone.all = true, true, true, true
	}
	for _, st := range doc.Statements {
		if st.Broken {
			continue
		}
		if sv.s.forServices(st) || onlyServices(st) { // it says nothing to users and roles
			t.services = append(t.services, written(doc, st, "")...)
			for i := range st.Principals {
				t.services = sv.appendEntry(t.services, t, st, &st.Principals[i])
			}
			for i := range st.Resources {
				t.services = append(append(t.services, relative(st.Resources[i].Text, t.text)...), 0)
			}
			continue
		}
		b = append(b, sv.saysAt(doc, st, t.account)...)
		b = t.appendRead(b, st)
		t.session = t.session || readsSession(st)
		for i := range st.Resources {
			b = append(append(b, relative(st.Resources[i].Text, t.text)...), 0)
		}
		b = appendBit(append(b, 3), st.NotPrincipal)
		if st.Effect == policy.Allow && st.NotPrincipal && doc.Kind != policy.RCP {
			t.everyone.admit(sv.s, st)
		}
		for i := range st.Principals {
			b = sv.appendEntry(b, t, st, &st.Principals[i])
		}
		t.tells.add(tellsOf(st))
		for i := range st.Resources {
			t.alone = t.alone || len(st.Resources[i].Variables()) > 0
		}
	}
	return append(b, 4)
}

// relative writes a pattern about the target without the target's name.
func relative(pattern, target string) string {
	if rest, ok := strings.CutPrefix(pattern, target); ok {
		return "@" + rest
	}
	return pattern
}

// appendEntry writes an entry of a Principal element.
func (sv *surveyor) appendEntry(b []byte, t *surveyTarget, st *policy.Statement, p *policy.Principal) []byte {
	text := p.Text
	switch p.Kind {
	case policy.Everyone:
		if st.Effect == policy.Allow {
			t.everyone.admit(sv.s, st)
		}
	case policy.Account:
		if p.Account == t.account {
			text = "@"
		}
		t.noteAccount(p.Account)
	case policy.User, policy.Role, policy.UniqueID, policy.FederatedUser:
		t.noteName(p.Text)
	case policy.RoleSession:
		t.noteName(sessionless(p.Text))
	case policy.Federated:
		if t.own(text) {
			text = strings.Replace(text, t.account, "@", 1)
		}
	case policy.Canonical:
		t.alone, t.loose = true, true
	case policy.Service, policy.Nobody:
	}
	return append(append(append(b, byte(p.Kind)), text...), 0)
}

func (t *surveyTarget) noteAccount(id string) {
	if t.accounts == nil {
		t.accounts = map[string]bool{}
	}
	t.accounts[id] = true
}

// own reports whether an ARN is of the target's account.
func (t *surveyTarget) own(text string) bool { return arn.Account(text) == t.account }

// noteName notes that a document names somebody.
func (t *surveyTarget) noteName(text string) {
	if t.named == nil {
		t.named, t.homes = map[string]bool{}, map[string]bool{}
	}
	t.named[text], t.homes[arn.Account(text)] = true, true
}

// namesSomeOf reports whether the target may name members of a crowd.
func (t *surveyTarget) namesSomeOf(cr *crowd) bool { return t.homes[cr.account.ID] || t.homes[""] }

// name returns how the target names a principal itself, "" when it does not.
func (t *surveyTarget) name(p *inventory.Principal) string {
	if isNamed(t.named, p) {
		return p.ARN
	}
	return ""
}
