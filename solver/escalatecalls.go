package solver

import (
	"encoding/binary"
	"slices"
	"strings"

	"pathfinder/graphmodel/arn"
	"pathfinder/graphmodel/catalog"
	"pathfinder/graphmodel/escalation"
	"pathfinder/graphmodel/guard"
	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/permission"
	"pathfinder/graphmodel/policy"
)

// A judge decides calls of the principals of one account, each kind of call once.
type judge struct {
	c      *climb
	in     *inventory.Account
	scps   []*policy.Document
	ids    map[string]int
	first  []*state // by id
	levels []Level  // the control policies above the account
	// profilesUnread says that it is not known which instance profiles deliver its roles.
	profilesUnread bool
	// left says that something was not tried for want of room: see climber.cut.
	left bool
	// duties are calls that tell an administrator of the account from others.
	duties []duty
	// forms fills in the partition and number of the account in what ARNs look like.
	forms *strings.Replacer
	notes
}

func newJudge(c *climb, a *inventory.Account) *judge {
	d := &judge{
		c: c, in: a, duties: dutiesIn(a), ids: map[string]int{}, notes: newNotes(),
		forms:          strings.NewReplacer("${Partition}", a.Partition, "${Account}", a.ID, "${Region}", "*"),
		profilesUnread: c.s.inv.ProfilesUnread(a.ID),
	}
	if c.s.limited(a) {
		d.levels = c.s.position(a).scps
		c.s.eachSCP(a, func(doc *policy.Document) {
			d.scps = append(d.scps, doc)
		})
	}
	return d
}

// A keyFact fixes a condition key of a call; a nil value says that it is absent.
type keyFact struct {
	key   string
	value *string
}

func is(key, value string) keyFact { return keyFact{key, &value} }

// call decides one call of a state on one thing.
func (d *judge) call(st *state, action, resource string, facts ...keyFact) ruling {
	key := d.key(st, action, resource, facts)
	if v, ok := d.memo.get(key); ok {
		return v
	}
	if v, ok := d.plainly(st, action, resource); ok {
		d.memo.put(key, v)
		return v
	}
	v := d.sharedly(st, []string{action}, "", resource, facts, func() ruling {
		v := d.ask(st, action, resource, facts, nil)
		if !v.certain() {
			if w := d.retagged(st, action, resource, facts); w.better(&v) {
				v = w
			}
		}
		return v
	})
	d.memo.put(key, v)
	return v
}

// ask decides a call by all that bears on it, on a thing with other tags unless first is
// nil.
func (d *judge) ask(st *state, action, resource string, facts []keyFact, first *tagging) ruling {
	if !d.namesPeople(resource) {
		st = d.first[st.id]
	}
	return d.askAs(st, action, resource, facts, first)
}

// askAs is ask for what policies may name principals on: states of equal policies may
// differ in it.
func (d *judge) askAs(st *state, action, resource string, facts []keyFact, first *tagging) (v ruling) {
	s := d.c.s
	t := s.targetOf(resource)
	if t.account == "" {
		t.account = d.in.ID
		t.place()
	}
	if action == "kms:CreateGrant" && t.carrier != nil { // by a grant, what it allows is handed on, and no more (E194)
		q := *t.carrier
		q.KMSGrants = nil
		t.carrier, t.grantees = &q, nil
	}
	c := s.caseFor(&st.a, action, t, resource)
	if first != nil {
		c.ResourceTags = first.applied(c.ResourceTags)
	}
	for _, f := range facts {
		v := policy.Value{}
		if f.value != nil {
			v = policy.Single(*f.value)
		}
		if _, fixed := c.Context.Values[f.key]; !fixed {
			c.Context.Values[f.key] = v
		}
	}
	if x := effectOn(c); !x.never() {
		v = ruling{when: x.when(), because: x.reasons(), ifs: doubtsOf(x)}
		v = d.via(st, d.c.today.apply(v, st.origin))
		v.when = chosen(v.when, action, resource)
	}
	return v
}

// doubtsOf writes what is not known about an answer as something to be true.
func doubtsOf(x *effective) (out []string) {
	for _, why := range x.doubts {
		out = append(out, although(why))
	}
	return out
}

func although(why string) string { return "it is so although " + why }

// key is equal for calls of equal outcome.
func (d *judge) key(st *state, action, resource string, facts []keyFact) string {
	b := binary.AppendUvarint(make([]byte, 0, 96), uint64(st.id)) //nolint:gosec // a place in a list
	b = append(append(b, action...), 0)
	for _, f := range facts {
		b = append(append(b, f.key...), 1)
		if f.value != nil {
			b = append(append(b, '='), *f.value...)
		}
		b = append(b, 1)
	}
	if d.namesPeople(resource) {
		b = append(append(b, st.origin.ARN...), 0)
	}
	return string(d.appendSeen(b, st, action, resource))
}

// appendSeen appends what the policies on a state see of a resource.
func (d *judge) appendSeen(b []byte, st *state, action, resource string) []byte {
	r := d.speaking(st, action)
	if r.apart || arn.Service(resource) != "iam" {
		return append(b, resource...)
	}
	for _, patterns := range r.patterns {
		var bits byte
		for i := range patterns {
			if patterns[i].Match(resource) != arn.NoFit {
				bits |= 1 << i
			}
		}
		b = append(b, bits)
	}
	return b
}

// anywhere decides whether a state may make calls on one thing of a type, which
// it may choose; each of needs is made on it.
func (d *judge) anywhere(st *state, pattern string, needs []escalation.Need, how manner) ruling {
	key := binary.AppendUvarint(nil, uint64(st.id)) //nolint:gosec // a place in a list
	asked := []byte("anywhere " + how.region)
	var all []string
	for i := range needs {
		asked = append(append(asked, 0), strings.Join(needs[i].Actions, "|")...)
		all = appendNew(all, needs[i].Actions...)
	}
	key = append(append(append(key, asked...), 0xff), pattern...)
	v, ok := d.memo.get(string(key))
	if !ok {
		if v, ok = d.plainlyAnywhere(st, pattern, needs); !ok {
			v = d.sharedly(st, all, string(asked), pattern, nil, func() ruling { return d.choose(st, pattern, needs, all, how) })
		}
		d.memo.put(string(key), v)
	}
	if v.never() || v.certain() || how.fixed || v.more == nil || !v.more.labels {
		return v
	}
	key = append(key, " with tags"...)
	w, ok := d.memo.get(string(key))
	if !ok {
		none := false
		if w, none = d.labelled(st, pattern, needs, how); !none && !w.better(&v) {
			w = v
		}
		d.memo.put(string(key), w)
	}
	return w
}

func (d *judge) choose(st *state, pattern string, needs []escalation.Need, all []string, how manner) ruling {
	st = d.first[st.id]
	s := d.c.s
	t := s.targetOf(pattern)
	if !arn.IsAccountID(t.account) {
		t.account = d.in.ID
	}
	t.place()
	x := t.effect(&st.a, s.baseAnyway(&st.a, t), ask{pattern, all}, false)
	if x == nil || x.never() {
		return ruling{}
	}
	unclear := ruling{when: guard.Opaque("whether it may do that: " + tooMany)}
	some, plain := pattern == "*" || d.meets(st, pattern, needs, &how, false), pattern == "*" || d.meets(st, pattern, needs, &how, true)
	by := makerIn(needs, pattern)
	tracts, whole := tractsOf(x, pattern, needs, &how, by)
	best, because, ifs := ruling{}, x.reasons(), d.unread(st, all)
	if x.lost() {
		return unclear
	}
	labels := how.tags == nil && by != "" && slices.ContainsFunc(tracts, func(p tract) bool { return readsLabels(p.when) })
	for _, p := range tracts {
		if p.when == guard.True && !plain {
			p.when = p.asks // by statements that don't meet on one thing as the caller chooses
		}
		if !some || p.when == guard.True && !plain || !inOneRegion(p.made) {
			continue
		}
		v := d.via(st, d.c.today.apply(ruling{when: p.when, because: because, ifs: ifs}, st.origin))
		if len(p.made) > 0 || labels {
			v.more = &more{made: p.made, labels: labels}
		}
		if v.better(&best) {
			best = v
		}
	}
	if !whole && some && best.never() {
		return unclear
	}
	return best
}

// A tract is some of the things that a pattern covers, on all of which all calls may be made
// under one condition.
type tract struct {
	where      permission.Resources
	asks, when *guard.Expr // as written, and what the caller does not choose
	made       []made
}

// maxTracts bounds the tracts of a type of things that are followed.
const maxTracts = 64

// tractsOf takes what may be done with things apart by the things: all of needs are made on
// each. by is the call that makes one, "" for none. whole is false when there are more.
func tractsOf(x *effective, pattern string, needs []escalation.Need, how *manner, by string) (tracts []tract, whole bool) {
	sp := x.space
	of := make([][]tract, len(needs))
	for i := range needs {
		for _, piece := range sp.Pieces(x.label) {
			if asks, when := choosing(sp, &piece, &needs[i], pattern, how, by); when != guard.False {
				of[i] = append(of[i], tract{piece.Resources, asks, when, madeOf(needs[i].Actions[0], when)})
			}
		}
	}
	slices.SortStableFunc(of, func(a, b []tract) int { return len(a) - len(b) }) // few are left by a call on few things
	tracts, whole = []tract{{sp.AllResources(), guard.True, guard.True, nil}}, true
	for _, list := range of {
		var next []tract
		for _, one := range list {
			for _, p := range tracts {
				if both := sp.Both(p.where, one.where); !both.IsEmpty() {
					next = append(next, tract{both, guard.And(p.asks, one.asks), guard.And(p.when, one.when), append(slices.Clip(p.made), one.made...)})
				}
			}
		}
		if tracts = next; len(tracts) > maxTracts {
			tracts, whole = tracts[:maxTracts], false
		}
	}
	return tracts, whole
}

// choosing returns under which condition a piece of a label lets the caller make one of the
// calls of a need: as written, and what of it the caller does not choose. It is
// guard.False where it lets none.
func choosing(sp *permission.Space, piece *permission.Piece, n *escalation.Need, pattern string, how *manner, by string) (asks, when *guard.Expr) {
	when = guard.False
	for _, action := range n.Actions {
		if when == guard.True || sp.IntersectActions(piece.Actions, sp.Named([]string{action})).IsEmpty() {
			continue
		}
		if asks == nil {
			asks, _ = sp.Expr(piece.When)
		}
		if w := how.apply(asks, action, pattern, by); w == guard.True || !when.Open() {
			when = w
		}
	}
	return asks, when
}

// unread says of which policies that bear on some actions not everything could be
// read. What else the engine leaves open is about things that the snapshot does not hold,
// and what is new has no policy.
func (d *judge) unread(st *state, actions []string) (ifs []string) {
	for _, action := range actions {
		ifs = appendNew(ifs, d.speaking(st, action).unread...)
	}
	return ifs
}

// placesOf lists patterns for each type of resource that a need names.
func (d *judge) placesOf(n *escalation.Need) [][]string {
	cat := catalog.Default()
	if n.On == escalation.Any {
		return [][]string{{"*"}}
	}
	if len(n.Types) == 0 {
		a, ok := cat.Action(n.Actions[0])
		if !ok {
			return [][]string{{"*"}}
		}
		var out [][]string
		for _, r := range a.ResourceTypes {
			if r.Required {
				out = append(out, d.patternsOf(r.Type))
			}
		}
		if len(out) == 0 {
			out = append(out, []string{"*"})
		}
		return out
	}
	var out [][]string
	for _, name := range n.Types {
		service, kind, _ := strings.Cut(name, ":")
		for _, r := range cat.ResourceTypes(service) {
			if r.Name == kind {
				out = append(out, runnersOf(n.Actions[0], d.patternsOf(&r)))
			}
		}
	}
	return out
}

// runners are the documents of AWS by which whoever sends them runs what it likes on an
// instance. Source: Systems Manager user guide, "Documents by command type" and the
// documents themselves, 2026 crawl.
var runners = []string{
	"AWS-RunShellScript", "AWS-RunPowerShellScript", "AWS-RunRemoteScript", "AWS-RunDocument", "AWS-RunAnsiblePlaybook",
	"AWS-ApplyAnsiblePlaybooks", "AWS-ApplyChefRecipes", "AWS-RunSaltState", "AWS-InstallApplication", "AWS-InstallPowerShellModule",
	"AWS-ApplyDSCMofs", "AWS-RunDockerAction", "AWS-ConfigureAWSPackage",
}

// runnersOf leaves, of the documents of AWS that are sent to instances, those that run
// what the sender likes. What documents of the account do is not known.
func runnersOf(action string, patterns []string) []string {
	if action != "ssm:SendCommand" && action != "ssm:CreateAssociation" || len(patterns) < 2 {
		return patterns
	}
	out := patterns[:1:1]
	for _, name := range runners {
		out = append(out, strings.TrimSuffix(patterns[1], "*")+name)
	}
	return out
}

// patternsOf lists what ARNs of a type look like in the account. Documents of
// Systems Manager and images are mostly those that others own.
func (d *judge) patternsOf(r *catalog.ResourceType) (out []string) {
	for _, form := range r.ARNs {
		text := d.forms.Replace(form)
		for {
			i := strings.Index(text, "${")
			j := strings.Index(text, "}")
			if i < 0 || j < i {
				break
			}
			text = text[:i] + "*" + text[j+1:]
		}
		out = append(out, text)
		if r.Service == "ssm" && r.Name == "document" {
			out = append(out, strings.Replace(text, ":"+d.in.ID+":", "::", 1))
		}
	}
	return out
}
