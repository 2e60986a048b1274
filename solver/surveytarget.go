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
	text    string
	service string
	account string
	role    *inventory.Principal // of a role
	tags    map[string]string
	unit    string        // where its account hangs in the organization
	session bool          // its documents read what the sessions of some roles carry
	route   bool          // or which endpoint a request takes
	digits  bool          // or hold patterns that pick digits
	points  bool          // or through which access point
	asks    []asked       // it, and what lies inside of it
	key     *surveyTarget // the KMS key that it is encrypted with
	behind  *surveyTarget // the bucket of an access point
	// encrypts is, of the key of a bucket, the ARN of the bucket: S3 puts it into the
	// encryption context. "" for other targets.
	encrypts string
	ear      ear
	// shape is equal for targets about which everything is equal but their names
	// and accounts, and whom they name.
	shape     uint32
	from      standpoint
	alone     bool            // it is compared with no other
	loose     bool            // ACLs and the like give to accounts
	mentioned map[string]bool // accounts that its documents name
	accounts  map[string]bool // whose users and roles they name, or let in by the account
	open      bool            // somebody of its account may get in whom it does not name and whose policies are silent
	everyone  admission
	tells     tells
	// named says by which entries of its documents they name somebody.
	named   map[string][]byte
	entries int

	owner    *surveyed // the account that holds it
	resource *inventory.Resource
}

// subjectOf returns a resource, or a role, as it is compared. other is an account
// that stands for itself, "" for none.
func (w *walker) subjectOf(text string, r *inventory.Resource, role *inventory.Principal, other string) *surveyTarget {
	return w.compared(&surveyTarget{text: text, role: role, resource: r}, other)
}

// compared fills in a target.
func (w *walker) compared(t *surveyTarget, other string) *surveyTarget {
	sv, text, r, role := w.sv, t.text, t.resource, t.role
	if role != nil {
		t.service, t.account, t.tags = "sts", role.Account.ID, sv.s.tagsAsTarget(role)
	} else {
		t.service, t.account, t.tags = arn.Service(text), r.Account, r.Tags
	}
	t.asks = append(t.asks, asked{text: text, literal: true})
	if inside := insideOf(text); inside != "" && role == nil {
		t.asks = append(t.asks, asked{text: inside, glob: arn.NewGlob(inside)})
	}
	t.unit = unitOf(sv.s.inv.Account(t.account))
	t.from = standpoint{own: t.account, other: other, mentioned: map[string]bool{}}
	b := make([]byte, 0, 512)
	if role != nil {
		b = append(append(append(b, "role "...), arn.Partition(text)...), 0)
		b = appendBit(b, sv.s.tagsUnread[text])
		b = appendBit(b, strings.Contains(text, ":role/aws-service-role/")) // which services alone assume
		b = w.appendDocument(b, t, role.Trust)
	} else {
		b = w.appendResource(b, t, r)
	}
	t.open = t.open || t.everyone.of(t.account)
	everyone := t.everyone
	b = w.appendOwner(b, t)
	t.everyone = everyone // RCPs limit, and let nobody in
	for name := range openWithoutPolicy {
		if service, _, _ := strings.Cut(name, ":"); service == t.service {
			t.open = true
			if r.Policy == nil {
				t.anybody() // of other accounts too (E209)
			}
		}
	}
	for id := range t.from.mentioned {
		t.noteMention(id)
	}
	t.ear = ear{service: t.service, cells: sv.cells.of(t), whole: wholeServices[t.service]}
	if t.key != nil {
		t.ear.needs = sv.cells.needsOf(t.ear.cells)
	}
	t.alone = t.alone || t.ear.whole || t.behind != nil && t.points
	if t.alone {
		b = append(append(b, 0), text...)
	}
	t.shape = sv.shapes.number(b)
	return t
}

// wholeServices are services whose calls ask for more than their target, or of
// whose targets names count.
var wholeServices = set("glue", "codeartifact", "iam")

// unitOf returns the id of the unit that an account hangs in.
func unitOf(a *inventory.Account) string {
	if a == nil || a.Unit == nil {
		return ""
	}
	return a.Unit.ID
}

// appendResource writes a resource without its name.
func (w *walker) appendResource(b []byte, t *surveyTarget, r *inventory.Resource) []byte {
	for _, s := range []string{r.Type, t.service, arn.Partition(r.ARN), r.Region, arn.Region(r.ARN)} {
		b = append(append(b, s...), 0)
	}
	b = append(b, byte(r.HasTags), byte(r.HasPolicy), byte(r.HasGrants))
	urls, known := w.sv.s.urlsOf(r)
	b = append(b, byte(known))
	t.alone = t.alone || len(urls) > 0
	b = append(b, byte(r.HasShares))
	for i := range r.KMSGrants {
		b = t.appendGrant(b, &r.KMSGrants[i])
	}
	if ap := r.AccessPoint; ap != nil {
		if bucket := w.sv.s.inv.Resource("arn:" + arn.Partition(r.ARN) + ":s3:::" + ap.Bucket); bucket != nil {
			t.behind = w.subjectOf(bucket.ARN, bucket, nil, t.from.other)
			t.take(t.behind)
			t.everyone.unite(&t.behind.everyone)
			t.alone = t.alone || t.points || t.behind.account != t.account
			b = appendNumber(b, t.behind.shape)
		}
		b = append(append(b, ap.VPC...), 0)
		b = appendBit(appendBit(b, ap.PublicAccessBlock.RestrictPublicBuckets), ap.PublicAccessBlock.IgnorePublicAcls)
		b = t.from.text(b, ap.BucketAccount)
	}
	if r.AccessPoint != nil && t.behind == nil || strings.Contains(r.ARN, ":alias/") || r.Policy != nil && r.Policy.Kind == policy.Endpoint ||
		len(r.SharedWith) > 0 {
		t.anybody()
	}
	if r.S3 != nil {
		b = append(b, r.S3.Ownership...)
		p := &r.S3.PublicAccessBlock
		for _, yes := range []bool{r.S3.ABAC, r.S3.ABACUnread, p.IgnorePublicAcls, p.RestrictPublicBuckets} {
			b = appendBit(b, yes)
		}
		b = append(b, byte(r.S3.HasACL))
		if len(r.S3.Objects) > 0 || r.S3.Ownership != "BucketOwnerEnforced" && len(r.S3.ACL) > 0 {
			t.anybody()
		}
	}
	if r.Policy != nil {
		b = w.appendDocument(b, t, r.Policy)
	}
	return w.appendKey(b, t, r)
}

// anybody notes that nobody can tell from the documents who gets in.
func (t *surveyTarget) anybody() {
	t.alone, t.open, t.loose, t.everyone.all = true, true, true, true
}

// appendGrant writes a grant on a key.
func (t *surveyTarget) appendGrant(b []byte, g *inventory.KMSGrant) []byte {
	b = append(b, 'g')
	for _, op := range g.Operations {
		b = append(append(b, op...), 0)
	}
	b = t.from.text(append(b, 1), g.SourceARN)
	for _, m := range []map[string]string{g.ContextEquals, g.ContextSubset} {
		b = appendBit(b, m == nil)
		from := len(b)
		b = appendTags(b, m)
		t.digits = t.digits || holdsNumber(b[from:])
		if len(m) > 0 {
			b = append(append(b, t.encrypts...), 0)
		}
	}
	p := granteeOf(g)
	t.alone = t.alone || p.Kind == policy.Nobody
	return t.appendEntry(b, &policy.Statement{}, &p)
}

// appendKey writes the KMS key that a resource is encrypted with.
func (w *walker) appendKey(b []byte, t *surveyTarget, r *inventory.Resource) []byte {
	b = appendBit(appendBit(b, r.AWSManagedKey), r.KeyUnread)
	if t.behind != nil {
		t.key = t.behind.key
	}
	if r.EncryptionKey == "" {
		return b
	}
	key := w.sv.s.inv.Resource(r.EncryptionKey)
	if key == nil || key == r {
		t.alone = true
		return b
	}
	t.alone, t.loose = t.alone || key.Account != r.Account, t.loose || key.Account != r.Account
	t.key = &surveyTarget{text: key.ARN, resource: key}
	if t.service == "s3" {
		t.key.encrypts = r.ARN
	}
	w.compared(t.key, t.from.other)
	t.take(t.key)
	return appendNumber(append(b, "key "...), t.key.shape)
}

// appendOwner writes where the account of a target stands.
func (w *walker) appendOwner(b []byte, t *surveyTarget) []byte {
	a, org := w.sv.s.inv.Account(t.account), w.sv.s.inv.Organization
	if a == nil {
		t.alone = true
		return b
	}
	p := &a.PublicAccessBlock
	b = appendBit(appendBit(append(b, 'o'), p.IgnorePublicAcls), p.RestrictPublicBuckets)
	for i := range w.sv.s.endpoints {
		for _, src := range w.sv.s.endpoints[i].Policies {
			b = w.appendDocument(append(b, 2), t, src.Doc)
		}
	}
	if org == nil || a.Unit == nil {
		return b
	}
	b = appendBit(b, a.ID == org.ManagementAccount)
	if !org.RCPs {
		return b
	}
	for _, l := range w.sv.s.position(a).rcps {
		for i := range l.Policies {
			b = w.appendDocument(append(b, 1), t, l.Policies[i].Doc)
		}
	}
	return b
}

// take notes what the documents about another thing read and name that a call has
// to pass as well.
func (t *surveyTarget) take(o *surveyTarget) {
	t.alone, t.loose, t.session, t.route = t.alone || o.alone, t.loose || o.loose, t.session || o.session, t.route || o.route
	t.points, t.digits, t.from.itself = t.points || o.points, t.digits || o.digits, t.from.itself || o.from.itself
	t.tells.add(o.tells)
	for name, by := range o.named {
		t.noteName(name, append([]byte{'k'}, by...))
	}
	for id := range o.accounts {
		t.noteAccount(id)
	}
	for id := range o.mentioned {
		t.noteMention(id)
	}
}

func appendTags(b []byte, tags map[string]string) []byte {
	for _, k := range slices.Sorted(maps.Keys(tags)) {
		b = append(append(append(append(b, k...), 1), tags[k]...), 2)
	}
	return append(b, 0)
}

// appendDocument writes what a document about the target says to users and roles,
// and notes whom it names.
func (w *walker) appendDocument(b []byte, t *surveyTarget, doc *policy.Document) []byte {
	if len(doc.Faults) > 0 && doc.Damaged() {
		t.anybody()
		b = appendPointer(append(b, 'd'), doc)
	}
	for _, st := range doc.Statements {
		switch {
		case st.Broken, doc.Kind == policy.RCP && !speaksTo(st, t.service):
		case w.sv.s.forServices(st) || onlyServices(st): // it says nothing to users and roles
		default:
			terms := w.terms(doc, st)
			if !t.onlyElsewhere(st) {
				b = t.appendStatement(b, doc, st)
			}
			t.points = t.points || terms.points
			t.session, t.route = t.session || terms.session, t.route || terms.route
			t.tells.tests = append(t.tells.tests, terms.all...)
			if st.Effect == policy.Allow && st.NotPrincipal && doc.Kind != policy.RCP {
				t.everyone.admit(w.sv.s, st)
			}
			for i := range st.Principals {
				switch p := &st.Principals[i]; {
				case st.Effect == policy.Allow && p.Kind == policy.Everyone:
					t.everyone.admit(w.sv.s, st)
				case p.Kind == policy.Canonical:
					t.noteAccount(w.sv.s.canonical[p.Text])
				}
			}
			for i := range st.Resources {
				t.alone = t.alone || len(st.Resources[i].Variables()) > 0
			}
			t.tells.patterns = append(t.tells.patterns, patternsThatTell(st)...)
		}
	}
	return append(b, 4)
}

// onlyElsewhere reports whether a statement speaks to callers of accounts other
// than those from which the target is looked at. It notes these accounts.
func (t *surveyTarget) onlyElsewhere(st *policy.Statement) bool {
	if len(st.Principals) == 0 || st.NotPrincipal {
		return false
	}
	for i := range st.Principals {
		switch p := &st.Principals[i]; p.Kind {
		case policy.Service, policy.Federated, policy.Nobody:
		case policy.Account:
			if p.Account == t.account || p.Account == t.from.other {
				return false
			}
		case policy.Everyone, policy.User, policy.Role, policy.RoleSession, policy.FederatedUser, policy.UniqueID, policy.Canonical:
			return false
		}
	}
	for i := range st.Principals {
		if p := &st.Principals[i]; p.Kind == policy.Account {
			t.noteAccount(p.Account)
			t.noteMention(p.Account)
		}
	}
	return true
}

// appendStatement writes a statement about the target.
func (t *surveyTarget) appendStatement(b []byte, doc *policy.Document, st *policy.Statement) []byte {
	t.digits = t.digits || statementPicksDigits(st)
	for _, yes := range []bool{st.Effect == policy.Deny, st.NotAction, st.HasPrincipal, st.NotPrincipal} {
		b = appendBit(b, yes)
	}
	for i := range st.Actions {
		b = append(append(b, st.Actions[i].Text...), 0)
	}
	b = t.from.conditions(append(b, 2), doc, st)
	b, numbers := t.appendCover(append(b, 8), st)
	t.digits = t.digits || numbers
	for i := range st.Principals {
		b = t.appendEntry(b, st, &st.Principals[i])
	}
	return append(b, 3)
}

// appendEntry writes an entry of a Principal element. Whom it names is left out:
// see named.
func (t *surveyTarget) appendEntry(b []byte, st *policy.Statement, p *policy.Principal) []byte {
	t.entries++
	b = append(b, byte(p.Kind))
	switch p.Kind {
	case policy.User, policy.Role, policy.UniqueID, policy.FederatedUser:
		t.noteName(p.Text, appendNumber(nil, uint32(t.entries))) //nolint:gosec // memory ends long before
		return b
	case policy.RoleSession:
		t.noteName(sessionless(p.Text), appendNumber(nil, uint32(t.entries))) //nolint:gosec // likewise
		return b
	case policy.Account:
		t.noteAccount(p.Account)
		if p.Account != t.account && p.Account != t.from.other { // nobody of it is looked at
			t.noteMention(p.Account)
			return b
		}
		return t.from.text(b, p.Account)
	case policy.Canonical:
		t.alone, t.loose = true, true
	case policy.Everyone, policy.Federated, policy.Service, policy.Nobody:
	}
	return t.from.text(b, p.Text)
}

func (t *surveyTarget) noteAccount(id string) {
	if t.accounts == nil {
		t.accounts = map[string]bool{}
	}
	t.accounts[id] = true
}

func (t *surveyTarget) noteMention(id string) {
	if t.mentioned == nil {
		t.mentioned = map[string]bool{}
	}
	t.mentioned[id] = true
}

// noteName notes that a document names somebody.
func (t *surveyTarget) noteName(text string, by []byte) {
	if t.named == nil {
		t.named = map[string][]byte{}
	}
	t.named[text] = append(t.named[text], by...)
}

// namedBy returns by which entries the target names a principal itself; empty when
// it does not.
func (t *surveyTarget) namedBy(p *inventory.Principal) (by []byte) {
	if len(t.named) == 0 {
		return nil
	}
	for _, name := range namesOf(p) {
		by = append(by, t.named[name]...)
	}
	return by
}
