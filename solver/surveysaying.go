package solver

import (
	"encoding/binary"
	"iter"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
)

// numbers gives equal texts equal numbers, from 1. 0 is no text at all.
type numbers struct {
	mu sync.RWMutex
	of map[string]uint32
}

func (n *numbers) number(b []byte) uint32 {
	if len(b) == 0 {
		return 0
	}
	n.mu.RLock()
	id, ok := n.of[string(b)]
	n.mu.RUnlock()
	if ok {
		return id
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if id, ok = n.of[string(b)]; !ok {
		if n.of == nil {
			n.of = map[string]uint32{}
		}
		id = uint32(len(n.of) + 1) //nolint:gosec // memory ends long before 2³²
		n.of[string(b)] = id
	}
	return id
}

// A standpoint says whose account stands for itself when texts of policies are
// compared: what one stack writes into every account is then one text. Answers
// are the same under other names of accounts, when all that is read is written so.
type standpoint struct {
	own   string // is written as itself
	other string // is written as the other; "" for none
	// itself says that texts named the account that stands for itself, or the other.
	itself bool
	// foreign says that texts named other accounts as well, mentioned which, if it
	// is not nil.
	foreign   bool
	mentioned map[string]bool
}

const (
	ownAccount     = '\x01'
	callersAccount = '\x02'
)

// text writes a text of a policy relative to the standpoint.
func (p *standpoint) text(b []byte, s string) []byte {
	from := 0
	for i, j := range runsOfDigits(s) {
		if j-i != accountDigits {
			continue
		}
		switch id := s[i:j]; id {
		case p.own:
			b = append(append(b, s[from:i]...), ownAccount)
			from, p.itself = j, true
		case p.other:
			b = append(append(b, s[from:i]...), callersAccount)
			from, p.itself = j, true
		default:
			p.foreign = true
			if p.mentioned != nil {
				p.mentioned[id] = true
			}
		}
	}
	return append(append(b, s[from:]...), 0)
}

// accountDigits is how long the number of an account is.
const accountDigits = 12

// runsOfDigits yields where runs of digits begin and end.
func runsOfDigits[T string | []byte](s T) iter.Seq2[int, int] {
	return func(yield func(int, int) bool) {
		for i := 0; i < len(s); i++ {
			from := i
			for i < len(s) && s[i] >= '0' && s[i] <= '9' {
				i++
			}
			if i > from && !yield(from, i) {
				return
			}
		}
	}
}

// plain writes a text without an end.
func (p *standpoint) plain(s string) string {
	b := p.text(nil, s)
	return string(b[:len(b)-1])
}

// picksDigits reports whether a pattern may cover one account's number and not
// another's though it names neither: digits stand beside a wildcard, or are more than
// a number has. Beside it no account stands for another.
func picksDigits(s string) bool {
	wild := func(i int) bool { return i >= 0 && i < len(s) && (s[i] == '*' || s[i] == '?') }
	for i, j := range runsOfDigits(s) {
		if j-i > accountDigits || wild(i-1) || wild(j) {
			return true
		}
	}
	return false
}

// holdsNumber reports whether a text holds what may be the number of an account.
func holdsNumber(s []byte) bool {
	for i, j := range runsOfDigits(s) {
		if j-i >= accountDigits {
			return true
		}
	}
	return false
}

// statementPicksDigits reports whether a pattern or value of a statement does.
func statementPicksDigits(st *policy.Statement) bool {
	for i := range st.Conditions {
		if slices.ContainsFunc(st.Conditions[i].Values, picksDigits) {
			return true
		}
	}
	return slices.ContainsFunc(st.Resources, func(r policy.ResourcePattern) bool { return picksDigits(r.Text) })
}

// A terms is what the conditions of a statement are about, from no standpoint.
type terms struct {
	all       []*policy.Condition // that tell callers apart
	tests     []*policy.Condition // those of them that are no pairs
	resources bool                // something of the resource besides its name and account
	session   bool                // how a session was made
	text      string              // as written, where it names no account
	// pairs are the conditions that ask whether a tag of the resource is one of the
	// caller, and nothing else; tags says that tags of the resource are read besides.
	pairs []tagPair
	tags  bool
	route bool // which endpoint a request takes
	// points says that something about an access point is read.
	points bool
}

// A tagPair is a condition that a tag of the resource equals a tag of the caller.
// Of the two values it counts whether they are equal.
type tagPair struct {
	cond     *policy.Condition
	resource string // the name of the tag
	caller   string // the key of the caller's, in lower case
}

// tagPairOf returns the pair of a condition.
func tagPairOf(doc *policy.Document, c *policy.Condition) (p tagPair, ok bool) {
	name, tag, _ := strings.Cut(c.LowerKey(), "/")
	if name != "aws:resourcetag" && name != "iam:resourcetag" || tag == "" ||
		c.Operator.String() != "StringEquals" || len(c.Values) != 1 || !doc.Variables() {
		return p, false
	}
	text, ok := strings.CutPrefix(c.Values[0], "${")
	text, more := strings.CutSuffix(text, "}")
	text = strings.ToLower(text)
	if !ok || !more || !strings.HasPrefix(text, "aws:principaltag/") || strings.ContainsAny(text, "${}, ") {
		return p, false
	}
	return tagPair{c, tag, text}, true
}

// appendPair writes what comes of a pair for a caller with some value.
func (t *surveyTarget) appendPair(b []byte, p *tagPair, mine policy.Value) []byte {
	known := t.tags != nil && (t.resource == nil || t.resource.HasTags == inventory.Have)
	yours := tagValue(t.tags, p.resource)
	if known && t.service != "s3" && mine.State == policy.Present && !mine.Multi && yours.State != policy.Open {
		return appendBit(appendBit(append(b, 'p'), yours.State == policy.Present), yours.One == mine.One)
	}
	return appendValue(appendValue(append(b, 'q'), mine), yours)
}

// A termsKey identifies a list of conditions, which many statements share.
type termsKey struct {
	first     *policy.Condition
	n         int
	variables bool
}

// terms reads the conditions of a statement.
func (w *walker) terms(doc *policy.Document, st *policy.Statement) *terms {
	if len(st.Conditions) == 0 {
		return &noTerms
	}
	key := termsKey{&st.Conditions[0], len(st.Conditions), doc.Variables()}
	if t := w.terming[key]; t != nil {
		return t
	}
	bare := policy.Statement{Conditions: st.Conditions}
	t := &terms{resources: readsResource(&bare), session: readsSession(&bare)}
	t.points = reads(&bare, isPointKey)
	t.route = len(w.sv.s.endpoints) > 0 && reads(&bare, func(key string) bool { return key == sourceVpce })
	paired := map[*policy.Condition]bool{}
	for i := range st.Conditions {
		if pair, ok := tagPairOf(doc, &st.Conditions[i]); ok {
			t.pairs = append(t.pairs, pair)
			paired[pair.cond] = true
			continue
		}
		one := policy.Statement{Conditions: st.Conditions[i : i+1]}
		t.tags = t.tags || readsTags(&one)
	}
	t.all = tellsOf(&bare).tests
	t.tests = slices.DeleteFunc(slices.Clone(t.all), func(c *policy.Condition) bool { return paired[c] })
	p := standpoint{}
	if b := p.conditions(nil, doc, st); !p.foreign {
		t.text = string(b)
	}
	w.terming[key] = t
	return t
}

var noTerms terms

// conditions writes the conditions of a statement.
func (p *standpoint) conditions(b []byte, doc *policy.Document, st *policy.Statement) []byte {
	for i := range st.Conditions {
		c := &st.Conditions[i]
		b = append(append(b, 3), c.Operator.String()...)
		b = append(append(append(b, 0), c.Key...), 0)
		for _, v := range c.Values {
			if strings.Contains(v, "${") {
				b = appendBit(b, doc.Variables())
			}
			b = p.text(b, v)
		}
	}
	return b
}

// appendConditions writes the conditions of a statement, with help of what is known
// of them.
func (w *walker) appendConditions(b []byte, p *standpoint, doc *policy.Document, st *policy.Statement) []byte {
	if t := w.terms(doc, st); len(st.Conditions) == 0 || t.text != "" {
		return append(b, t.text...)
	}
	return p.conditions(b, doc, st)
}

// An atom is the least that a statement says to some calls: its effect, its
// conditions, and how far it covers what they are about. What bears on a call are
// the atoms that speak about it, and nothing else that policies say.
type atom struct {
	id      uint32
	allow   bool
	partial bool // reading it is unsure, or depends on all that is asked: its voice is solved as a whole
	apart   bool // something could not be read
	session bool // it reads what depends on how a session was made
	foreign bool // it names other accounts than the caller's
	itself  bool // it names the caller's account
	digits  bool // see picksDigits
}

// atomBook holds all atoms, by what they say.
type atomBook struct {
	mu   sync.RWMutex
	of   map[string]*atom
	next atomic.Uint32
}

// find returns the atom of a text; like holds its properties.
func (a *atomBook) find(text []byte, like atom) *atom {
	a.mu.RLock()
	known := a.of[string(text)]
	a.mu.RUnlock()
	if known != nil {
		return known
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if known = a.of[string(text)]; known == nil {
		known = &like
		known.id = a.next.Add(1)
		a.of[string(text)] = known
	}
	return known
}

func appendNumber(b []byte, n uint32) []byte { return binary.LittleEndian.AppendUint32(b, n) }
