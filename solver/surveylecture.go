package solver

import (
	"slices"
	"strings"

	"pathfinder/graphmodel/atoms"
	"pathfinder/graphmodel/policy"
)

// An ear is what calls on some targets make of policies: which calls there are,
// and what these ask of the key that the target is encrypted with.
type ear struct {
	service string
	cells   *cells
	needs   *cells // of the key; nil when the target has none
	// whole says that statements are compared word for word: calls on these
	// targets ask about more than themselves.
	whole bool
}

// An earKey identifies an ear.
type earKey struct {
	cells, needs uint32
	whole        bool
}

func (e *ear) key() earKey {
	k := earKey{cells: e.cells.id, whole: e.whole}
	if e.needs != nil {
		k.needs = e.needs.id
	}
	return k
}

// A heardStatement is a statement that an ear hears.
type heardStatement struct {
	doc         *policy.Document
	st          *policy.Statement
	terms       *terms
	patterns    []*policy.ResourcePattern // that tell callers apart
	calls, asks atoms.Bits                // that it speaks about: of the ear's cells, and of its needs
	digits      bool                      // see picksDigits
}

// tells reports whether what it says depends on who calls.
func (sp *heardStatement) tells() bool {
	return len(sp.terms.tests) > 0 || len(sp.patterns) > 0 || len(sp.terms.pairs) > 0
}

// A lecture is what a document says to an ear.
type lecture struct {
	calls, asks *voice            // of statements that say the same of all targets, and to all callers
	telling     []*heardStatement // statements that don't say the same to all callers
	special     []*heardStatement // statements that don't say the same of all targets
}

// A lectureKey names a document and an ear.
type lectureKey struct {
	doc *policy.Document
	ear earKey
}

// lecture returns what a document of the account says. Documents that AWS manages
// say the same in all accounts.
func (w *walker) lecture(e *ear, doc *policy.Document, shared bool) *lecture {
	key := lectureKey{doc, e.key()}
	if l := w.lectures[key]; l != nil {
		return l
	}
	if shared {
		if l, ok := w.sv.lectures.Load(key); ok {
			return l.(*lecture)
		}
	}
	own := w.x.account.ID
	if shared {
		own = ""
	}
	l := w.read(e, doc, own)
	if shared {
		w.sv.lectures.Store(key, l)
	} else {
		w.lectures[key] = l
	}
	return l
}

// managedByAWS reports whether a policy is one of those that AWS manages.
func managedByAWS(name string) bool { return strings.Contains(name, ":iam::aws:policy/") }

func (w *walker) read(e *ear, doc *policy.Document, own string) *lecture {
	l := &lecture{}
	var calls, asks []share
	if len(doc.Faults) > 0 && doc.Damaged() {
		calls = append(calls, share{w.sv.atoms.find(appendPointer([]byte("damaged"), doc), atom{allow: true, apart: true, partial: true}), e.cells.all})
	}
	for _, st := range doc.Statements {
		sp := w.hear(e, doc, st)
		if sp == nil {
			continue
		}
		special := e.tellsTargets(sp)
		if special {
			l.special = append(l.special, sp)
		}
		if sp.tells() {
			l.telling = append(l.telling, sp)
		}
		if !special && !sp.tells() {
			calls, asks = w.shares(calls, asks, e, sp, nil, own)
		}
	}
	l.calls, l.asks = w.sv.voices.find(calls), w.sv.voices.find(asks)
	return l
}

// tellsTargets reports whether a statement does not say the same of all targets.
func (e *ear) tellsTargets(sp *heardStatement) bool {
	return !e.whole && (sp.st.NotResource || sp.terms.resources ||
		slices.ContainsFunc(sp.st.Resources, func(r policy.ResourcePattern) bool { return r.Text != "*" }))
}

// appendWhole writes a statement word for word.
func (sp *heardStatement) appendWhole(b []byte) []byte {
	b = append(b, written(sp.doc, sp.st)...)
	for i := range sp.st.Resources {
		b = append(append(b, sp.st.Resources[i].Text...), 0)
	}
	return b
}

// hear returns what an ear hears of a statement; nil for nothing.
func (w *walker) hear(e *ear, doc *policy.Document, st *policy.Statement) *heardStatement {
	if st.Broken {
		return nil
	}
	sp := &heardStatement{doc: doc, st: st}
	if e.whole {
		if !speaksTo(st, e.service) && !speaksTo(st, "kms") && !speaksTo(st, "sts") {
			return nil
		}
		sp.calls = e.cells.all
	} else {
		if speaksTo(st, e.service) {
			sp.calls = w.mask(st, e.cells)
		}
		if e.needs != nil && speaksTo(st, "kms") {
			sp.asks = w.mask(st, e.needs)
		}
		if sp.calls.Empty() && sp.asks.Empty() {
			return nil
		}
	}
	sp.terms, sp.patterns, sp.digits = w.terms(doc, st), patternsThatTell(st), statementPicksDigits(st)
	return sp
}

// shares adds what a statement says of all targets; say is what it
// comes to for the callers, nil when that is the same for all.
func (w *walker) shares(calls, asks []share, e *ear, sp *heardStatement, say *told, own string) (_, _ []share) {
	p := standpoint{own: own}
	like := atom{allow: sp.st.Effect == policy.Allow, session: sp.terms.session, partial: e.whole || sp.terms.route, digits: sp.digits}
	b := appendBit(make([]byte, 0, 64), like.allow)
	if e.whole {
		b = sp.appendWhole(b)
	} else {
		b = w.appendConditions(b, &p, sp.doc, sp.st)
	}
	like.foreign, like.itself = p.foreign, p.itself
	at := w.sv.atoms.find(append(say.append(b), 'w'), like)
	if !sp.calls.Empty() {
		calls = append(calls, share{at, sp.calls})
	}
	if !sp.asks.Empty() {
		asks = append(asks, share{at, sp.asks})
	}
	return calls, asks
}

// sharesAt returns what a statement says of one target, and of its key.
func (w *walker) sharesAt(e *ear, t *surveyTarget, sp *heardStatement, say *told) (calls, asks []share) {
	calls = w.sharesOn(t, e.cells, sp, sp.calls, say)
	if t.key != nil && e.needs != nil {
		asks = w.sharesOn(t.key, e.needs, sp, sp.asks, say)
	}
	return calls, asks
}

func (w *walker) sharesOn(t *surveyTarget, c *cells, sp *heardStatement, heard atoms.Bits, say *told) (out []share) {
	if heard.Empty() {
		return nil
	}
	var text []byte
	p := standpoint{own: w.x.account.ID}
	like := atom{allow: sp.st.Effect == policy.Allow, session: sp.terms.session, partial: sp.terms.route, digits: sp.digits}
	for j := range c.asks {
		here := heard.And(c.asks[j].bits)
		if here.Empty() {
			continue
		}
		var code [64]byte
		rest, covers := t.coverRow(code[:0], sp.st, j)
		if covers == coversNothing {
			continue
		}
		if text == nil {
			text = w.appendConditions(appendBit(make([]byte, 0, 64), like.allow), &p, sp.doc, sp.st)
			written := len(text)
			text = t.appendRead(say.append(text), sp.st, sp.terms.tags || len(sp.patterns) > 0)
			for i := range sp.terms.pairs {
				text = t.appendPair(text, &sp.terms.pairs[i], say.tags[i])
			}
			like.digits = like.digits || holdsNumber(text[written:]) // of callers and tags, as they are
		}
		one := like
		at := append(slices.Clip(text), 'w')
		if covers != coversAll {
			one.partial = one.partial || covers == coversUnsure
			at = append(at[:len(text)], byte('0'+j))
			if covers == coversUnsure { // it may name the target, which is no part of a stack
				at = append(at, rest...)
				one.digits = one.digits || holdsNumber(rest)
			} else {
				at = p.text(at, string(rest))
			}
		}
		one.foreign, one.itself = p.foreign, p.itself
		out = append(out, share{w.sv.atoms.find(at, one), here})
	}
	return out
}

// told is what a statement comes to for one caller, as far as that is known of all
// its calls.
type told struct {
	text []byte
	tags []policy.Value // the caller's, of pairs
}

func (t *told) append(b []byte) []byte {
	if t == nil {
		return b
	}
	return append(b, t.text...)
}

// key appends bytes that are equal for equal meaning.
func (t *told) key(b []byte) []byte {
	b = append(b, t.text...)
	for _, v := range t.tags {
		b = appendValue(b, v)
	}
	return b
}

// tell returns what the statement comes to for one caller; nil when it never
// applies.
func (sp *heardStatement) tell(e *eval, whole bool) *told {
	t := &told{}
	for _, c := range sp.terms.tests {
		var void bool
		if t.text, void = appendTest(t.text, c, e); void {
			return nil
		}
	}
	for i := range sp.terms.pairs {
		v := e.Value(sp.terms.pairs[i].caller)
		t.tags = append(t.tags, v)
		if whole {
			t.text = appendValue(t.text, v)
		}
	}
	if len(sp.patterns) > 0 {
		whole := subject{} // patterns with variables count as a whole
		t.text = whole.appendTells(append(t.text, 5), &tells{patterns: sp.patterns}, e)
	}
	return t
}

// appendTest writes what a condition comes to for one caller: equal bytes for
// equal meaning. fails says that no call of the caller meets it.
func appendTest(b []byte, c *policy.Condition, e *eval) (out []byte, fails bool) {
	pure := tellsApart(c.LowerKey())
	names := c.Variables()
	for _, k := range names {
		pure = pure && tellsApart(k)
	}
	truth := c.Test(e)
	if pure && truth != policy.Unknown {
		return append(b, byte(truth)), truth == policy.False
	}
	b = append(b, 7)
	for _, k := range append(names, c.LowerKey()) {
		if tellsApart(k) {
			b = appendValue(b, e.Value(strings.ToLower(k)))
		}
	}
	return b, false
}

// evalOf returns what is known of all calls of a user or role of the account.
func (w *walker) evalOf(place uint32) *eval {
	if w.evals == nil {
		w.evals = make([]*eval, len(w.x.principals))
	}
	if w.evals[place] == nil {
		a := w.sv.s.actorOf(w.x.principals[place])
		w.evals[place] = newEval(&Case{Caller: a.caller, Context: w.sv.s.ctx}, false)
	}
	return w.evals[place]
}
