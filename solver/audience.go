package solver

import (
	"encoding/binary"
	"slices"
	"strings"
	"sync"

	"pathfinder/graphmodel/arn"
	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
)

// An audience asks one question, some actions of one target, for many users and
// roles. It solves classes: callers of whom everything is equal that bears on the
// answer, and whose answers therefore differ in nothing but names. What bears on
// it are
//
//   - the statements of their policies that may speak about what is asked
//     (see subject), in the order of their policies;
//   - what their accounts stand in: organization, units, service control
//     policies;
//   - the values of the keys that these statements and those about the target
//     read of a caller;
//   - whether a policy or a grant about the target names them, or their
//     account.
//
// One caller of a class is asked about, with all its facts; the answers of the
// others are that one with the names of their own policies.
//
// An audience is safe for concurrent use.
type audience[R any] struct {
	s       *Solver
	t       *target
	compute func(*actor) R
	rename  func(R, *renaming) R

	mu       sync.Mutex // guards what follows
	about    *subject
	tells    tells // of the documents about the target
	named    map[string]bool
	accounts map[string]bool // whose callers are named, or own something
	anyone   bool            // the account matters, whichever it is
	// closed says that nobody gets in whom no document about the target names
	// itself and whose own policies are silent. The answer is then none.
	closed  bool
	damaged bool // something that bears on everybody could not be read
	grounds map[*inventory.Account]ground
	views   map[*crowd]*view[R]
	classes map[string]*class[R]
}

// A class is what one caller of it was answered.
type class[R any] struct {
	rep    *inventory.Principal
	result R
}

// A ground is what an account gives its callers.
type ground struct {
	id      string // equal for accounts of equal standing
	tells   tells  // of its service control policies
	damaged bool
}

// A view is a crowd as an audience sees it.
type view[R any] struct {
	prefix string
	spoken []carriedStatement // the statements of its policies that bear on the question
	tells  tells              // what tells its members apart
	apart  bool               // each member is asked by itself
	allows bool               // some Allow of its own policies speaks about the question
	single *class[R]
}

func newAudience[R any](s *Solver, t *target, asks []ask, compute func(*actor) R, rename func(R, *renaming) R) *audience[R] {
	q := &audience[R]{
		s: s, t: t, compute: compute, rename: rename, about: newSubject(t, asks),
		named: map[string]bool{}, accounts: map[string]bool{}, anyone: t.account == "" || t.name == "*",
		grounds: map[*inventory.Account]ground{}, views: map[*crowd]*view[R]{}, classes: map[string]*class[R]{},
	}
	for _, k := range asks {
		for _, a := range k.actions {
			q.anyone = q.anyone || callNeeds[strings.ToLower(a)] != nil // of which some belong to the caller's account
		}
	}
	q.read()
	return q
}

// read notes whom and what the documents about the target name.
func (q *audience[R]) read() {
	t := q.t
	q.accounts[t.account] = true
	for _, r := range []*inventory.Resource{t.carrier, t.bucket} {
		if r == nil {
			continue
		}
		q.resource(r)
		if r.EncryptionKey != "" {
			key := t.s.targetOf(r.EncryptionKey)
			q.accounts[key.account] = true
			if key.carrier != nil {
				q.resource(key.carrier)
			}
			q.levels(key.rcps)
		}
	}
	if t.bucket != nil || t.carrier != nil && t.carrier.AccessPoint != nil {
		q.anyone = true
		back := target{s: t.s}
		if t.bucket != nil {
			back.account = t.bucket.Account
			q.accounts[back.account] = true
			back.place()
			q.levels(back.rcps)
		}
	}
	if t.role != nil {
		q.document(t.role.Trust)
	}
	q.levels(t.rcps)
	for i := range q.s.endpoints {
		q.sources(q.s.endpoints[i].Policies)
	}
}

func (q *audience[R]) resource(r *inventory.Resource) {
	q.accounts[r.Account] = true
	if r.Policy != nil {
		q.document(r.Policy)
	}
	for _, id := range r.SharedWith {
		q.accounts[id] = true
	}
	for _, p := range granteesOf(r.KMSGrants) {
		q.entry(&p)
	}
	if r.S3 != nil {
		lists := [][]inventory.ACLGrant{r.S3.ACL}
		for i := range r.S3.Objects {
			q.accounts[r.S3.Objects[i].Owner] = true
			lists = append(lists, r.S3.Objects[i].ACL)
		}
		for _, g := range slices.Concat(lists...) {
			q.accounts[q.s.canonical[g.Grantee]] = true
		}
	}
}

func (q *audience[R]) levels(levels []Level) {
	for i := range levels {
		q.sources(levels[i].Policies)
	}
}

func (q *audience[R]) sources(list []Source) {
	for i := range list {
		q.document(list[i].Doc)
	}
}

func (q *audience[R]) document(doc *policy.Document) {
	b := q.about.bearing(doc)
	q.damaged = q.damaged || b.damaged
	q.tells.add(b.tells)
	for _, st := range doc.Statements {
		for i := range st.Principals {
			q.entry(&st.Principals[i])
		}
	}
}

// entry notes whom an entry of a Principal element names.
func (q *audience[R]) entry(p *policy.Principal) {
	switch p.Kind {
	case policy.Account:
		q.accounts[p.Account] = true
	case policy.Canonical:
		q.accounts[q.s.canonical[p.Text]] = true
	case policy.RoleSession:
		q.named[sessionless(p.Text)] = true
	case policy.User, policy.Role, policy.UniqueID, policy.FederatedUser:
		q.named[p.Text] = true
	case policy.Everyone, policy.Nobody, policy.Service, policy.Federated:
	}
}

// sessionless cuts the name of the session off its ARN.
func sessionless(session string) string {
	head, rest, _ := strings.Cut(session, ":assumed-role/")
	role, _, _ := strings.Cut(rest, "/")
	return head + ":assumed-role/" + role + "/"
}

// readsSessions reports whether it matters for the answer about a role how its session
// was made.
func (q *audience[R]) readsSessions(p *inventory.Principal) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	v := q.viewOf(p)
	return v.apart || v.tells.session
}

// isNamed reports whether the names in documents hold a principal itself.
func isNamed(names map[string]bool, p *inventory.Principal) bool {
	return len(names) > 0 && slices.ContainsFunc(namesOf(p), func(name string) bool { return names[name] })
}

// namesOf lists how documents can name a principal itself: by its ARN, its unique
// id, or the sessions of a role.
func namesOf(p *inventory.Principal) []string {
	names := append(make([]string, 0, 3), p.ARN)
	if p.UniqueID != "" {
		names = append(names, p.UniqueID)
	}
	if p.Kind == inventory.Role {
		c := Caller{Partition: arn.Partition(p.ARN), Account: p.Account.ID, RoleARN: p.ARN}
		names = append(names, c.sessionARN())
	}
	return names
}

// ground returns what an account gives its callers.
func (q *audience[R]) ground(a *inventory.Account) ground {
	if st, ok := q.grounds[a]; ok {
		return st
	}
	var st ground
	var id []byte
	if q.s.limited(a) {
		id = append(append(id, a.Unit.ID...), 0)
		for _, p := range a.SCPs {
			id = append(appendPointer(id, p.Doc), p.ARN...)
		}
		q.s.eachSCP(a, func(doc *policy.Document) {
			b := q.about.bearing(doc)
			st.tells.add(b.tells)
			st.damaged = st.damaged || b.damaged
		})
	}
	if q.anyone || q.accounts[a.ID] {
		id = append(append(id, 0), a.ID...)
	}
	st.id = string(id)
	q.grounds[a] = st
	return st
}

// view returns a crowd as the audience sees it.
func (q *audience[R]) view(cr *crowd) *view[R] {
	if v := q.views[cr]; v != nil {
		return v
	}
	st := q.ground(cr.account)
	v := &view[R]{apart: q.s.cfg.Singly}
	key := append(flagsOf(&cr.standing), st.id...)
	key = append(key, 0xff)
	v.tells = bothTell(&q.tells, &st.tells)
	take := func(doc *policy.Document) []utterance {
		b := q.about.bearing(doc)
		v.apart = v.apart || b.damaged
		v.tells.add(b.tells)
		for _, s := range b.speaking {
			key = binary.LittleEndian.AppendUint32(key, s.shape)
		}
		return b.speaking
	}
	speaks := cr.speaksOf(q.about.services) || cr.speaksOf(q.about.further)
	for i, c := range cr.policies {
		if !speaks {
			break
		}
		for _, s := range take(c.doc) {
			v.spoken = append(v.spoken, carriedStatement{i, s.st})
		}
		v.allows = v.allows || q.about.bearing(c.doc).allows
		if j := cr.twice(i); j < i { // one statement by two ways
			key = binary.LittleEndian.AppendUint32(append(key, 'd'), uint32(j)) //nolint:gosec // few
		}
	}
	if cr.boundary != nil {
		key = append(key, 0xff, 'b')
		if speaks {
			take(cr.boundary)
		}
	}
	if q.damaged || st.damaged { // whoever may do something like it is told what is missing
		v.apart = true
	}
	if v.allows {
		key = append(key, 'a')
	}
	v.prefix = string(key)
	q.views[cr] = v
	return v
}

// of returns the answer for one user or role.
func (q *audience[R]) of(p *inventory.Principal) R {
	q.mu.Lock()
	defer q.mu.Unlock()
	cr := q.s.kindOf(p)
	return q.answer(cr, q.view(cr), p)
}

// each yields the answers for the members of a crowd, by ARN; it may leave out
// members whose answer is the one that none tells to be nothing.
func (q *audience[R]) each(cr *crowd, none func(R) bool, yield func(*inventory.Principal, R)) {
	q.mu.Lock()
	defer q.mu.Unlock()
	v := q.view(cr)
	plain := !v.apart && v.tells.none()
	if q.shuts(v) && len(q.named) == 0 {
		return
	}
	for _, p := range cr.members {
		if plain && v.single != nil && none(v.single.result) && len(q.named) == 0 {
			return
		}
		if r := q.answer(cr, v, p); !none(r) {
			yield(p, r)
		}
	}
}

func (q *audience[R]) answer(cr *crowd, v *view[R], p *inventory.Principal) R {
	if v.apart {
		a := q.s.actorOf(p)
		return q.compute(&a)
	}
	byName := isNamed(q.named, p)
	if !byName && q.shuts(v) {
		var none R
		return none
	}
	c := v.single
	if byName || !v.tells.none() || c == nil {
		c = q.class(v, p, byName)
		if !byName && v.tells.none() {
			v.single = c
		}
	}
	if c.rep == p {
		return c.result
	}
	rn := renaming{from: c.rep, to: p}
	rn.pair(q.viewOf(c.rep).spoken, v.spoken)
	return q.rename(c.result, &rn)
}

// shuts reports whether none of a crowd gets in who is not named itself.
func (q *audience[R]) shuts(v *view[R]) bool { return q.closed && !v.allows && !v.apart }

// viewOf returns the view of the crowd that a principal is in.
func (q *audience[R]) viewOf(p *inventory.Principal) *view[R] { return q.view(q.s.kindOf(p)) }

// class returns the class of a principal, asking about it when it is the first.
func (q *audience[R]) class(v *view[R], p *inventory.Principal, byName bool) *class[R] {
	key := v.prefix
	if byName || !v.tells.none() {
		key += q.facts(v, p, byName)
	}
	if c := q.classes[key]; c != nil {
		return c
	}
	a := q.s.actorOf(p)
	c := &class[R]{rep: p, result: q.compute(&a)}
	q.classes[key] = c
	return c
}

// facts writes what tells a member of a crowd apart.
func (q *audience[R]) facts(v *view[R], p *inventory.Principal, byName bool) string {
	b := []byte{0xfe}
	if byName {
		b = append(append(b, p.ARN...), 0)
	}
	if !v.tells.none() {
		a := q.s.actorOf(p)
		b = q.about.appendTells(b, &v.tells, newEval(&Case{Caller: a.caller, Context: q.s.ctx}, false))
	}
	return string(b)
}
