package solver

import (
	"maps"
	"slices"
	"strings"

	"pathfinder/graphmodel/arn"
	"pathfinder/graphmodel/guard"
	"pathfinder/graphmodel/permission"
	"pathfinder/graphmodel/policy"
)

// A View is a document as some callers meet it: each of its statements as a set
// of requests of one space. Keys are what policy language makes of them, as in
// [Compare]. A key that stands in a variable stays open, so the sets may hold
// requests apart that are the same: a set that is empty is empty, and a set that
// another covers is covered, but neither holds the other way round. Nor does
// anything once the space is overgrown ([permission.Space.Overgrown]).
type View struct {
	Space      *permission.Space
	Statements []StatementView // by index
}

// A StatementView is one statement as a set of requests.
type StatementView struct {
	// Requests are those that the statement speaks about.
	Requests *permission.Label
	// Named are the same requests by how the statement names the caller: at
	// least so strongly. In a document that names no principals, that is
	// directly.
	Named [NamedDirectly + 1]*permission.Label
	// Names says that the statement names the caller. Tests are then the contexts
	// in which its conditions hold, each by itself.
	Names bool
	Tests []*permission.Guard
}

// Apart says what views tell apart besides what the document names.
type Apart struct {
	Tests     []policy.Condition
	Actions   []string
	Resources []arn.Pattern
}

// maxViews bounds the callers that are looked at.
const maxViews = 64

// Views returns the views of a document: one for all callers that its statements
// treat alike. ok is false when there are too many, or when the patterns overlap
// in too many ways to be told apart; nothing can be said then.
func Views(doc *policy.Document, also Apart) (views []View, ok bool) {
	var cases []*Case
	for _, caller := range viewersOf(doc) {
		c := &Case{free: true}
		if caller != nil {
			c.Caller = *caller
			c.Context.Values = doubtful(doc, caller)
		}
		cases = append(cases, c)
	}
	entries := 0
	for _, st := range doc.Statements {
		entries += len(st.Principals)
	}
	if entries*len(cases) > maxEntries {
		return nil, false
	}
	return viewsOf(doc, cases, also)
}

// maxEntries bounds the entries of Principal elements that are compared with callers:
// seven thousand, each with one caller at least, stay below.
const maxEntries = 50_000_000

func viewsOf(doc *policy.Document, cases []*Case, also Apart) (views []View, ok bool) {
	seen := map[string]bool{}
	var aspects []aspect
	for _, c := range cases {
		s := newAspect(doc, c, also)
		if key := s.key(); !seen[key] {
			seen[key] = true
			aspects = append(aspects, s)
		}
		if len(aspects) > maxViews {
			return nil, false
		}
	}
	var patterns []string
	for _, st := range doc.Statements {
		for i := range st.Actions {
			patterns = append(patterns, st.Actions[i].Text)
		}
	}
	for i := range aspects {
		aspects[i].MaxNodes = maxContexts
		sp := permission.NewSpace(aspects[i].vocabulary.Config)
		if sp.Coarse() || sp.Crowded(patterns) {
			return nil, false
		}
		views = append(views, aspects[i].view(sp))
		if sp.Overgrown() {
			return nil, false
		}
	}
	return views, true
}

// viewersOf lists the callers of a comparison, and one of each further kind that
// no entry but "*" names: a service and the bearer of a token.
func viewersOf(doc *policy.Document) []*Caller {
	list := callersIn(doc.Kind, doc.Statements)
	if !doc.Kind.HasPrincipal() {
		return list
	}
	return append(
		list,
		&Caller{Kind: CallerService, ARN: "a-service-that-nobody-names.amazonaws.com"},
		&Caller{Kind: CallerFederated, ARN: "arn:aws:iam::999999999999:oidc-provider/example.com", Partition: "aws", Account: "999999999999"},
	)
}

// doubtful opens the keys that a stand-in for many callers must not fix: it has
// some account, service or provider, but none in particular, its ARN may be of
// any kind and partition, and behind a unique id is any name.
func doubtful(doc *policy.Document, c *Caller) map[string]policy.Value {
	out := map[string]policy.Value{}
	open := func(keys ...string) {
		for _, key := range keys {
			out[key] = openValue
		}
	}
	switch {
	case c.Kind == CallerOutsider:
		out["aws:principalarn"] = somePresent
	case c.UniqueID != "" && c.UniqueID == c.ARN:
		open("aws:username")
		out["aws:principalarn"], out["aws:userid"] = somePresent, somePresent
	case c.Kind == CallerService:
		open("aws:principalservicename", "aws:principalservicenameslist")
	}
	if !slices.ContainsFunc(doc.Statements, func(st *policy.Statement) bool {
		return slices.ContainsFunc(st.Principals, func(p policy.Principal) bool { return p.Account != "" && p.Account == c.Account || p.Text == c.ARN })
	}) && c.Kind != CallerAnonymous {
		open("aws:principalaccount")
	}
	return out
}

// StrangerViews returns the views of those who have nothing to do with a
// document: somebody of an account and an organization that it does not name, and,
// but for trust policies, somebody without credentials. Both call from an address
// of the internet. What a caller can send as it likes stays open.
func StrangerViews(doc *policy.Document) ([]View, bool) {
	fixed := map[string]policy.Value{}
	for key, v := range strangerKeys {
		fixed[key] = present(v)
		if v != "" && policy.Multivalued(key) {
			fixed[key] = policy.List([]string{v})
		}
	}
	callers := callersIn(doc.Kind, doc.Statements)
	other := callers[len(callers)-3]
	strangers := []*Caller{other, callers[len(callers)-1]} // none but "*" names them
	for _, partition := range partitionsIn(doc.Statements) {
		if partition != other.Partition {
			strangers = append(strangers, outsiderOf(partition, other.Account))
		}
	}
	var cases []*Case
	for _, c := range strangers {
		own := &Case{free: true, Caller: *c}
		own.Context.Values = maps.Clone(fixed)
		if c.Kind == CallerAnonymous {
			if doc.Kind == policy.Trust {
				continue
			}
			for _, key := range []string{"aws:principalarn", "aws:userid", "aws:principalorgid", "aws:principalorgpaths", "kms:calleraccount"} {
				own.Context.Values[key] = absent
			}
		} else {
			// Somebody makes users and roles of any name and path (E78), but in no other account.
			own.Context.Values["aws:principalarn"] = policy.Value{State: policy.Open, Within: arn.Literal("arn:"+c.Partition+":iam::"+c.Account+":") + arn.NewGlob("*")}
			own.Context.Values["kms:calleraccount"] = present(c.Account)
			own.Context.Values["events:creatoraccount"] = present(c.Account)
		}
		cases = append(cases, own)
	}
	return viewsOf(doc, cases, Apart{})
}

// strangerKeys are the keys that say where a caller belongs and which way it
// comes, with what a stranger has there; "" for nothing. Keys of the resource
// have the values of its owner.
var strangerKeys = map[string]string{
	"aws:principalorgid": "o-stranger00", "aws:principalorgpaths": "o-stranger00/r-strange/", "aws:userid": "AIDASTRANGER00000000",
	"aws:sourceip": "198.51.100.77", "aws:vpcsourceip": "", "aws:sourcevpc": "", "aws:sourcevpce": "", "aws:sourcevpcarn": "",
	"aws:vpceaccount": "", "aws:vpceorgid": "", "aws:vpceorgpaths": "",
	"aws:sourcearn": "", "aws:sourceaccount": "", "aws:sourceowner": "", "aws:sourceorgid": "", "aws:sourceorgpaths": "",
	"aws:principalservicename": "", "aws:principalservicenameslist": "", "aws:principalisawsservice": "false",
	"aws:ec2instancesourcevpc": "", "aws:ec2instancesourceprivateipv4": "", "ec2:sourceinstancearn": "",
	"aws:resourceaccount": "000000000001", "aws:resourceorgid": "o-owner000000", "aws:resourceorgpaths": "o-owner000000/r-own/",
	"s3:resourceaccount": "000000000001", "s3:dataaccesspointarn": "", "s3:dataaccesspointaccount": "", "s3:accesspointnetworkorigin": "",
	"kms:grantisforawsresource": "", "elasticfilesystem:accessedviamounttarget": "", "aws:federatedprovider": "",
}

// An aspect is a document read for one caller.
type aspect struct {
	vocabulary
	kind    policy.Kind
	clauses []clause
	named   [][NamedDirectly + 1]*guard.Expr // at least so strongly, by clause
	tests   [][]*guard.Expr                  // by clause
}

func newAspect(doc *policy.Document, c *Case, also Apart) aspect {
	e := newEval(c, false)
	s := aspect{kind: doc.Kind}
	s.Tests, s.Actions, s.Resources = slices.Clone(also.Tests), slices.Clone(also.Actions), slices.Clone(also.Resources)
	for _, st := range doc.Statements {
		cl := e.clause(&Source{Doc: doc}, st)
		named := e.namings(st, doc.Kind)
		var tests []*guard.Expr
		if !cl.void && named[NotNamed] != guard.False {
			s.add(&cl)
			s.expr(named[NotNamed])
			s.unheard(st)
			for i := range st.Conditions {
				tests = append(tests, e.condition(&st.Conditions[i]))
				s.expr(tests[i])
			}
		}
		s.clauses, s.named, s.tests = append(s.clauses, cl), append(s.named, named), append(s.tests, tests)
	}
	s.NoResource = doc.Kind != policy.Trust && doc.Kind != policy.Resource
	if doc.Kind == policy.Trust {
		s.Within = arn.Literal("arn:aws:iam::111122223333:role/example") // trusts speak about their role alone
	}
	s.Domains = domainsOf(e, s.Tests)
	return s
}

// namings tells under which conditions a statement names the caller at least so
// strongly. An Allow for everybody covers services for all we know (E13); they
// count as named weakly, so that it does not stand for one that names them.
func (e *eval) namings(st *policy.Statement, in policy.Kind) (out [NamedDirectly + 1]*guard.Expr) {
	for i := range out {
		out[i] = guard.False
	}
	if !in.HasPrincipal() {
		for i := range out {
			out[i] = guard.True
		}
		return out
	}
	for k, g := range e.principals(st, in) {
		strength := namings[k]
		if kind(k) == kindEveryone && e.c.Caller.Kind == CallerService {
			strength = NamedByAccount
		}
		for i := range strength + 1 {
			out[i] = guard.Or(out[i], g)
		}
	}
	return out
}

// unheard adds, for each action pattern of a statement, an action that only
// patterns cover. A list of all actions that are known is not the same as a
// pattern, which also covers those that are not.
func (s *aspect) unheard(st *policy.Statement) {
	for i := range st.Actions {
		text := st.Actions[i].Text
		if text == "*" || st.NotAction {
			s.Actions = append(s.Actions, "x-unheard:Action")
		}
		if text != "*" && strings.ContainsAny(text, "*?") {
			s.Actions = append(s.Actions, strings.NewReplacer("*", "XqUnheardzJ", "?", "Q").Replace(text))
		}
	}
}

// key is equal for aspects that come to the same sets.
func (s *aspect) key() string {
	var b strings.Builder
	write := func(list ...*guard.Expr) {
		for _, e := range list {
			b.WriteString(exprKey(e) + "\x01")
		}
		b.WriteString("\x02")
	}
	for i := range s.clauses {
		write(s.named[i][:]...)
		write(s.tests[i]...)
		for _, o := range s.clauses[i].open {
			b.WriteString(o.question + "\x01")
		}
		write(s.clauses[i].valued)
		for _, p := range s.clauses[i].patterns {
			b.Write(append(p.AppendKey(nil), 1)) //nolint:errcheck // never fails
		}
	}
	for _, key := range slices.Sorted(maps.Keys(s.Domains)) {
		b.WriteString(key + "\x01" + string(s.Domains[key]) + "\x01")
	}
	return b.String()
}

// exprKey writes an expression so that equal texts mean the same.
func exprKey(e *guard.Expr) string {
	join := func(op string) func(a, b string) string {
		return func(a, b string) string { return op + "(" + a + "," + b + ")" }
	}
	return guard.Fold(e, guard.Algebra[string]{
		False: "0", True: "1",
		Atom: func(c *policy.Condition) string {
			return c.Operator.String() + "\x03" + c.LowerKey() + "\x03" + strings.Join(c.Values, "\x03")
		},
		Opaque: func(q string) string { return "?" + q },
		And:    join("&"), Or: join("|"),
		Not: func(a string) string { return "!(" + a + ")" },
	})
}

func (s *aspect) view(sp *permission.Space) View {
	v := View{Space: sp}
	for i := range s.clauses {
		c := &s.clauses[i]
		st := StatementView{Names: s.named[i][NotNamed] != guard.False && !c.void}
		about := sp.Nothing()
		if st.Names {
			about = c.about(sp, actionsOf(sp, c.st))
			for _, e := range s.tests[i] {
				g := sp.When(e)
				st.Tests = append(st.Tests, g)
				about = sp.Under(about, g)
			}
		}
		for n, e := range s.named[i] {
			st.Named[n] = sp.Nothing()
			if e != guard.False {
				st.Named[n] = sp.Under(about, sp.When(e))
			}
		}
		st.Requests = st.Named[NotNamed]
		v.Statements = append(v.Statements, st)
	}
	return v
}

// actionsOf returns the actions that a statement speaks about (E27, E29).
func actionsOf(sp *permission.Space, st *policy.Statement) *permission.ActionSet {
	list := make([]*permission.ActionSet, len(st.Actions))
	for i := range st.Actions {
		list[i] = sp.Actions(strings.ToLower(st.Actions[i].Text))
	}
	out := sp.UnionActions(list...)
	if st.NotAction {
		return sp.SubtractActions(sp.AllActions(), out)
	}
	return out
}
