package solver

import (
	"encoding/binary"
	"slices"
	"strings"
	"sync"

	"pathfinder/graphmodel/arn"
	"pathfinder/graphmodel/catalog"
	"pathfinder/graphmodel/policy"
)

// Accounts of an organization hold the same policies, under the same control
// policies. What the engine says of a call of one principal it says of a call of
// another, in its own account, if the statements that speak about the call are the
// same but for the number of the account, if none of them reads who asks or what is
// asked about, and if nothing else bears on it. Such rulings are kept for all accounts.

// A common keeps rulings for principals of all accounts.
type common struct {
	mu    sync.Mutex
	kept  map[string]keptRuling
	forms map[string]uint32 // of statements
}

// A keptRuling is a ruling without the names of those whom it is about.
type keptRuling struct {
	ruling
	because []int // places among the statements of identity policies that speak
}

// form numbers a statement as written for any account.
func (c *common) form(text string) uint32 {
	c.mu.Lock()
	defer c.mu.Unlock()
	n, known := c.forms[text]
	if !known {
		n = uint32(len(c.forms)) //nolint:gosec // memory ends long before
		c.forms[text] = n
	}
	return n
}

// ours stands for the account's number in what is written for any account.
const ours = "${ours}"

// sharedly decides by what was decided for somebody else of whom the same statements
// speak about some actions on what; else it asks decide, and keeps what that says.
// asked tells questions about the same actions apart.
func (d *judge) sharedly(st *state, actions []string, asked, what string, facts []keyFact, decide func() ruling) ruling {
	key, speaking, ok := d.commonKey(st, actions, asked, what, facts)
	if !ok || d.c.care != shared {
		return decide()
	}
	c := d.c.common
	c.mu.Lock()
	known, ok := c.kept[key]
	c.mu.Unlock()
	if ok {
		v := known.ruling
		for _, i := range known.because {
			v.because = append(v.because, ref(&speaking[i].src, speaking[i].st))
		}
		if !v.never() {
			v.because = sortRefs(nonNil(v.because))
		}
		return v
	}
	v := decide()
	if keep, ok := kept(v, speaking); ok {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.kept[key] = keep
	}
	return v
}

// kept takes the names off a ruling; ok is false when some can't be.
func kept(v ruling, speaking []remark) (out keptRuling, ok bool) {
	if len(v.ifs)+len(v.means()) > 0 || !v.never() && len(v.when.Reasons()) > 0 {
		return out, false // they may name somebody
	}
	for _, r := range v.because {
		i := slices.IndexFunc(speaking, func(m remark) bool { return m.st == r.stmt && m.src.Name == r.Policy })
		if i < 0 {
			return out, false
		}
		out.because = append(out.because, i)
	}
	out.when, out.more = v.when, v.more
	return out, true
}

// commonKey is equal for calls of equal outcome, whichever account they are made in.
// speaking are the statements of identity policies. ok is false where what is decided
// may be about this principal, or this account, alone.
func (d *judge) commonKey(st *state, actions []string, asked, what string, facts []keyFact) (key string, speaking []remark, ok bool) {
	if len(st.a.session) > 0 || st.a.history != nil {
		return "", nil, false
	}
	t := d.c.s.targetOf(what)
	if t.carrier != nil || t.bucket != nil || t.account != "" && t.account != d.in.ID && !strings.ContainsAny(t.account, "*?") {
		return "", nil, false
	}
	b := append(append(flagsOf(&st.a.caller), asked...), 0)
	b = appendBit(appendBit(b, st.p.Boundary != nil), d.c.s.limited(d.in))
	for _, action := range actions {
		service, name := splitAction(action)
		if service == "sts" || callNeeds[service+":"+name] != nil {
			return "", nil, false
		}
		r := d.speaking(st, action)
		if d.sign(st, r, action); !r.common {
			return "", nil, false
		}
		b = append(append(append(b, 0xff), action...), r.signature...)
		speaking = append(speaking, r.identity...)
	}
	for _, f := range facts {
		b = append(append(b, 0xfd), f.key...)
		if f.value != nil {
			b = append(append(b, '='), *f.value...)
		}
	}
	b = append(b, 0xfc)
	if len(actions) == 1 && arn.Service(what) == "iam" && !strings.ContainsAny(what, "*?") {
		return string(d.appendSeen(b, st, actions[0], what)), speaking, true // what the statements see of the name
	}
	return string(append(b, strings.ReplaceAll(what, d.in.ID, ours)...)), speaking, true
}

// sign writes the statements that speak about an action as they are for any account.
func (d *judge) sign(st *state, r *remarks, action string) {
	if r.signed {
		return
	}
	e := newEval(&Case{Caller: st.a.caller, Context: d.c.s.ctx}, false)
	r.signed, r.common = true, !r.damaged
	list := func(marks []remark) (b []byte, open bool) {
		open = len(marks) > 0
		for i := range marks {
			m := &marks[i]
			text, ok := d.textForAny(e, m)
			r.common = r.common && ok
			b = binary.LittleEndian.AppendUint32(b, d.c.common.form(text))
			open = open && m.st.Effect == policy.Allow && len(m.st.Conditions) == 0 && !m.st.NotResource && slices.ContainsFunc(m.st.Resources, func(p policy.ResourcePattern) bool { return p.Text == "*" })
		}
		return b, open
	}
	identity, _ := list(r.identity)
	boundary, _ := list(r.boundary)
	r.signature = append(append(append(identity, 0xfe), boundary...), 0xfe)
	for _, levels := range [][][]remark{r.levels, d.onResources(r, action)} {
		for _, level := range levels {
			if b, open := list(level); !open { // a policy of AWS that allows all says nothing
				r.signature = append(append(r.signature, b...), 0xfb)
			}
		}
		r.signature = append(r.signature, 0xfa)
	}
}

// onResources lists the statements of resource control policies of the account that
// speak about an action.
func (d *judge) onResources(r *remarks, action string) (levels [][]remark) {
	service, name := splitAction(action)
	if org := d.c.s.inv.Organization; org == nil || !org.RCPs || !catalog.Default().SupportsRCP(service) {
		return nil
	}
	for _, level := range d.c.s.position(d.in).rcps {
		var list []remark
		for _, src := range level.Policies {
			r.common = r.common && (len(src.Doc.Faults) == 0 || !src.Doc.Damaged())
			list = appendRemarks(list, src, service, name)
		}
		levels = append(levels, list)
	}
	return levels
}

// textForAny writes a statement as it is for any account, of conditions on who asks
// what they come to; ok is false where it is about this account, or about something else
// of who asks or what is asked about.
func (d *judge) textForAny(e *eval, m *remark) (text string, ok bool) {
	if !static(m.st) {
		return "", false
	}
	st, b := *m.st, []byte(nil)
	st.Conditions = nil
	for i := range m.st.Conditions {
		c := &m.st.Conditions[i]
		personal := false
		for _, key := range append([]string{c.Key}, c.Variables()...) {
			key = strings.ToLower(key)
			if !d.readsNames(key) {
				continue
			}
			if _, known := carriers[strings.Split(key, "/")[0]]; !known || strings.HasPrefix(key, "aws:resource") || networkKeys[key] {
				return "", false
			}
			personal = true
		}
		if !personal {
			st.Conditions = append(st.Conditions, *c)
			continue
		}
		truth := c.Test(e)
		if truth == policy.Unknown {
			return "", false
		}
		b = append(b, 3, byte(truth))
	}
	b = append(b, written(m.src.Doc, &st)...)
	for i := range st.Resources {
		text := st.Resources[i].Text
		if account := arn.Account(text); text != "*" && account != "*" && strings.ContainsAny(account, "*?") {
			return "", false // it may hold one account and not the other
		}
		b = append(append(b, strings.ReplaceAll(text, d.in.ID, ours)...), 0)
	}
	return string(b), true
}

// readsNames reports whether what requests carry under a key, in lower case, may differ
// between principals of one standing, or between the things they are made on.
func (d *judge) readsNames(key string) bool {
	service, name, _ := strings.Cut(key, ":")
	switch {
	case knownOfAll[key], strings.HasPrefix(key, "aws:requesttag/"):
		return false
	case len(d.c.s.endpoints) > 0 && networkKeys[key]:
		return true
	}
	return service == "aws" || strings.Contains(name, "resource") || strings.Contains(name, "principal") || strings.Contains(name, "caller") ||
		strings.Contains(name, "account") || strings.Contains(service, ".") || service == "saml"
}

// knownOfAll are the keys of AWS that tell nobody of an organization apart who is of
// one kind, and nothing that is asked about. Which services forward a call of somebody
// depends on what else it may call: see via.
var knownOfAll = set("aws:sourceip", "aws:sourcevpc", "aws:sourcevpce", "aws:vpcsourceip", "aws:securetransport", "aws:currenttime",
	"aws:epochtime", "aws:requestedregion", "aws:multifactorauthpresent", "aws:multifactorauthage", "aws:tokenissuetime",
	"aws:viaawsservice", "aws:useragent", "aws:referer", "aws:tagkeys",
	"aws:principalorgid", "aws:principaltype", "aws:principalisawsservice")
