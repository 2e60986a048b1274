package solver

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"pathfinder/graphmodel/guard"
	"pathfinder/graphmodel/policy"
)

// CompareAnswer says whether one policy permits anything that another doesn't.
type CompareAnswer struct {
	Pathfinder     string   `json:"pathfinder"` // "compare/1"
	Type           string   `json:"type"`       // as Kind prints it; "effective" for principals
	NewPermitsMore bool     `json:"new_permits_more"`
	OldPermitsMore bool     `json:"old_permits_more"`
	WitnessNew     *Witness `json:"witness_new"` // a request that only the new one permits
	WitnessOld     *Witness `json:"witness_old"`
	// Exact says that the answer is certain in both directions. When it is not,
	// Unknown says why: a document is damaged, a condition compares two open
	// keys, or the documents have more in them than was looked through.
	Exact   bool  `json:"exact"`
	Unknown []Gap `json:"unknown"`
}

// A Witness is one request that shows a difference.
type Witness struct {
	Principal string         `json:"principal"` // "*" for any
	Action    string         `json:"action"`
	Resource  string         `json:"resource"`
	Context   map[string]any `json:"context"` // a text, or a list of texts for multivalued keys
	// Via lists the roles through which the principal gets to make the request.
	Via []string `json:"via,omitempty"`
	// Own says that the principal is of the account that owns the resource, and its
	// identity policy allows the request, which is enough without an Allow here (E86).
	Own bool `json:"own,omitempty"`
	// Without lists the kinds of policies that need not allow the request, where
	// the difference is that of the same account's principal the other document
	// needs them to (E87).
	Without []string `json:"without,omitempty"`
	// If lists what else has to hold, where the difference is not exact.
	If []string `json:"if,omitempty"`
}

// Compare compares what two policy documents of the same kind permit by
// themselves: what an Allow of a document covers and none of its Denies; of
// resource control policies what no Deny covers. Keys are what policy language
// makes of them: any action can carry any key. owner is the account that owns the
// resource, or role, that the documents are about: its own principals may need
// policies of their own or not, by how they are named (E87). It may be "" when
// nobody says it; Resource elements then may.
//
// The actions are cut into classes about which the documents say the same or
// not. For a class about which they don't, each statement that only one has is
// a place to look for requests that it makes a difference for. The time is that
// of reading the documents when they are alike, and is bounded when they are
// not: see maxWork.
func Compare(before, after *policy.Document, owner string) (*CompareAnswer, error) {
	if before.Kind != after.Kind {
		return nil, questionErr("a %s can't be compared with a %s", before.Kind, after.Kind)
	}
	ans := &CompareAnswer{Pathfinder: "compare/1", Type: before.Kind.String(), Unknown: []Gap{}}
	x := comparing{kind: before.Kind, work: maxWork, owner: cmp.Or(owner, ownerOf(before, after))}
	if issues, ok := issuesOf(before, after); ok {
		x.lookAll(issues)
	} else {
		for more := range x.sides {
			x.doubt(more, Gap{What: "the actions", Why: "the documents name so many that nobody knows, in so many ways, that they were not told apart"})
		}
	}
	x.spell(before, after)
	ans.WitnessOld, ans.WitnessNew = x.sides[0].witness, x.sides[1].witness
	ans.OldPermitsMore, ans.NewPermitsMore = ans.WitnessOld != nil, ans.WitnessNew != nil
	for i, d := range []*policy.Document{before, after} {
		if d.Damaged() {
			ans.gap(Gap{What: "the " + [2]string{"old", "new"}[i] + " policy", Why: "it could not be read in full: " + firstFault(d)})
		}
	}
	for i := range x.sides {
		for _, g := range x.sides[1-i].doubts() {
			ans.gap(g)
		}
	}
	ans.Exact = len(ans.Unknown) == 0
	hedge(ans.WitnessOld, "old", before, "new", after)
	hedge(ans.WitnessNew, "new", after, "old", before)
	return ans, nil
}

// hedge says what a witness of one document hangs on where a statement was left
// out: one that denies the request may have been among those of its document, or
// one that allows it among those of the other (E11).
func hedge(w *Witness, one string, d *policy.Document, other string, o *policy.Document) {
	if w == nil {
		return
	}
	const left = "what could not be read of the "
	if mayHold(d, policy.Deny) {
		w.If = append(w.If, left+one+" policy does not deny it")
	}
	if mayHold(o, policy.Allow) {
		w.If = append(w.If, left+other+" policy does not allow it")
	}
}

// mayHold reports whether a statement of an effect may be among what was left out of
// a document.
func mayHold(d *policy.Document, effect policy.Effect) bool {
	broken, held := false, false
	for _, st := range d.Statements {
		if st.Broken {
			broken, held = true, held || st.Effect == effect || st.Effect == policy.EffectInvalid
		}
	}
	return held || !broken && d.Damaged()
}

func (ans *CompareAnswer) gap(g Gap) {
	if !slices.Contains(ans.Unknown, g) {
		ans.Unknown = append(ans.Unknown, g)
	}
}

func firstFault(d *policy.Document) string { return broken(d).String() }

// broken returns the first fault of a damaged document that leaves something of
// it out.
func broken(d *policy.Document) policy.Fault {
	return d.Faults[slices.IndexFunc(d.Faults, func(f policy.Fault) bool { return f.Severity == policy.Broken })]
}

// maxWork bounds the search for differences, in places of patterns looked at:
// some tens of milliseconds. Published policies need a hundredth of it.
const maxWork = 3_000_000

// What else is worth as many places.
const (
	workPerContest   = 2000
	workPerStatement = 200
	workPerTerm      = 5
)

// placesPerWork is how many patterns, statements or entries that are only passed by
// are worth one place.
const placesPerWork = 8

// A comparing is the state of one Compare.
type comparing struct {
	kind     policy.Kind
	owner    string       // the account that owns the resource; "" when unknown
	work     int          // what is left of maxWork
	sides    [2]direction // what only the old document permits, and only the new one
	strength int          // of strengths, by which it is compared now
}

// A direction is what was found in one direction.
type direction struct {
	witness *Witness
	rank    rank
	closed  bool  // what was found before says more
	tries   int   // leads that were looked at since a certain witness was found
	gaps    []Gap // what was not looked through
}

// maxTries bounds the leads that are looked at for a better witness.
const maxTries = 8

// settled reports whether a witness was found that can't be bettered, or that
// was looked for long enough.
func (s *direction) settled() bool {
	return s.closed || s.witness != nil && (s.rank == rankBest || s.rank < rankOpen && s.tries > maxTries)
}

// doubts tells why a direction is not certain; with a certain witness it is.
func (s *direction) doubts() []Gap {
	if s.witness != nil && len(s.witness.If) == 0 {
		return nil
	}
	out := s.gaps
	if s.witness == nil {
		return out
	}
	list := s.witness.If
	for _, q := range list[:min(len(list), maxQuestions)] {
		out = append(out, Gap{What: strings.TrimPrefix(q, "not "), Why: whyOpen(q)})
	}
	if more := len(list) - maxQuestions; more > 0 {
		out = append(out, Gap{What: "the conditions", Why: fmt.Sprintf("%d more like these", more)})
	}
	return out
}

// whyOpen tells why nothing answers a question of a witness.
func whyOpen(q string) string {
	switch {
	case isUnclear(q):
		return "AWS leaves it unclear, and the difference depends on it"
	case strings.Contains(q, belongsTo):
		return "the documents do not say whose it is, and of its own account's principals other policies decide as well (E86)"
	case strings.Contains(q, "${"):
		return "it compares things that only a request fixes, so it is not known when it holds"
	}
	return "its values overlap in more ways than were told apart, so it is not known when it holds"
}

// maxQuestions bounds the open questions of a witness that are listed as gaps.
const maxQuestions = 3

// doubt notes that something was not looked through; once is enough.
func (x *comparing) doubt(more int, g Gap) {
	d := &x.sides[more]
	if !slices.ContainsFunc(d.gaps, func(old Gap) bool { return old.What == g.What }) {
		d.gaps = append(d.gaps, g)
	}
}

// look looks for differences about the actions of one issue.
func (x *comparing) look(issue *issue) {
	if x.work < 0 {
		x.exhausted(issue)
		return
	}
	n := searching{x: x, statements: issue.statements()}
	n.keys = slices.Sorted(maps.Keys(keysIn(n.statements)))
	for _, st := range n.statements {
		n.entries, n.patterns = n.entries+len(st.Principals), n.patterns+len(st.Resources)
	}
	for _, caller := range x.callers(n.statements) {
		if x.work -= n.entries / placesPerWork; x.work < 0 {
			x.exhausted(issue)
			return
		}
		if here := x.within(caller, issue); len(here.actions) > 0 && x.byStrength(caller, here) {
			n.as(caller, here)
		}
	}
}

// A searching is the search about one issue, for one caller after another.
type searching struct {
	x                 *comparing
	statements        []*policy.Statement
	keys              []string // that these read
	entries, patterns int      // of principals and resources in them

	caller   *Caller
	issue    *issue                     // within which the caller is
	contests map[string]*contest        // by what is fixed
	named    map[*policy.Statement]bool // those that can mean the caller
}

// as searches in both directions for one caller.
func (n *searching) as(caller *Caller, within *issue) {
	n.caller, n.issue = caller, within
	n.contests, n.named = map[string]*contest{}, map[*policy.Statement]bool{}
	for _, more := range []int{1, 0} {
		for _, l := range within.leads(n.x.kind, more) {
			if n.x.sides[more].settled() {
				break
			}
			if !n.names(l.st) || !n.x.counts(l) {
				continue
			}
			if n.x.work < 0 {
				n.x.doubt(more, soManyWays)
				break
			}
			n.follow(l, more)
		}
	}
}

// names reports whether a statement can mean the caller.
func (n *searching) names(st *policy.Statement) bool {
	yes, asked := n.named[st]
	if !asked {
		yes = n.x.names(st, n.caller, n.issue)
		n.named[st] = yes
	}
	return yes
}

// follow searches from one lead, with each of the values that make a difference.
func (n *searching) follow(l lead, more int) {
	if len(n.keys) > 0 {
		n.x.work -= n.patterns / placesPerWork
	}
	values, whole := n.issue.values(l, n.keys)
	if !whole {
		n.x.doubt(more, Gap{What: "the policy variables", Why: "so many values make a difference that not all were tried"})
	}
	for _, fixed := range values {
		if n.x.work < 0 {
			n.x.doubt(more, soManyWays)
			return
		}
		n.contest(fixed).search(l)
	}
}

// contest returns what the documents say where some keys have fixed values.
func (n *searching) contest(fixed policy.Values) *contest {
	id := fixing(n.keys, fixed)
	t := n.contests[id]
	if t == nil {
		t = newContest(n.x, n.caller, fixed, n.issue)
		n.contests[id] = t
		n.x.work -= workPerContest + workPerStatement*len(n.statements) + n.entries/placesPerWork
	}
	return t
}

// soManyWays says that the search gave up.
var soManyWays = Gap{What: "the documents", Why: "they differ in so many ways that not all were looked at"}

// exhausted gives up an issue that no work is left for, in the directions in which it
// has leads.
func (x *comparing) exhausted(issue *issue) {
	for more := range x.sides {
		if !x.sides[more].settled() && len(issue.leads(x.kind, more)) > 0 {
			x.doubt(more, soManyWays)
		}
	}
}

// names reports whether a statement can mean a caller.
func (x *comparing) names(st *policy.Statement, caller *Caller, issue *issue) bool {
	if caller == nil {
		return true
	}
	e := newEval(&Case{free: true, asks: true, Action: issue.actions[0], Caller: *caller}, false)
	return x.naming(e, st) != guard.False
}
