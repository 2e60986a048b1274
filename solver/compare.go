package solver

import (
	"errors"
	"slices"
	"strings"

	"pathfinder/graphmodel/arn"
	"pathfinder/graphmodel/guard"
	"pathfinder/graphmodel/permission"
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
	// Exact says that the answer is certain in both directions. It is not when
	// a document is damaged, or when a condition compares two open keys.
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
	// If lists what else has to hold, where the difference is not exact.
	If []string `json:"if,omitempty"`
}

// errCoarse is behind the error of documents whose patterns overlap in too many
// ways to be told apart.
var errCoarse = errors.New("the patterns overlap in too many ways to be told apart")

// Compare compares what two policy documents of the same kind permit by
// themselves: what an Allow of a document covers and none of its Denies; of
// resource control policies what no Deny covers. Keys are what policy language
// makes of them: any action can carry any key.
func Compare(before, after *policy.Document) (*CompareAnswer, error) {
	if before.Kind != after.Kind {
		return nil, questionErr("a %s can't be compared with a %s", before.Kind, after.Kind)
	}
	ans := &CompareAnswer{Pathfinder: "compare/1", Type: before.Kind.String(), Exact: true, Unknown: []Gap{}}
	for _, d := range []struct {
		name string
		doc  *policy.Document
	}{{"the old policy", before}, {"the new policy", after}} {
		if d.doc.Damaged() {
			ans.Exact = false
			ans.Unknown = append(ans.Unknown, Gap{What: d.name, Why: "it could not be read in full: " + firstFault(d.doc)})
		}
	}
	values, whole := variableValues(before, after)
	defer func() { ans.Exact = ans.Exact && settled(ans.WitnessNew, whole) && settled(ans.WitnessOld, whole) }()
	for _, caller := range callersIn(before, after) {
		for _, fixed := range values {
			if err := ans.compare(before, after, caller, fixed); err != nil {
				return nil, err
			}
			if settled(ans.WitnessNew, false) && settled(ans.WitnessOld, false) {
				return ans, nil
			}
		}
	}
	return ans, nil
}

func firstFault(d *policy.Document) string {
	i := slices.IndexFunc(d.Faults, func(f policy.Fault) bool { return f.Severity == policy.Broken })
	return d.Faults[i].String()
}

// settled reports whether one direction is certain: by a witness that needs
// nothing else, or by none when everything was tried.
func settled(w *Witness, whole bool) bool {
	if w == nil {
		return whole
	}
	return len(w.If) == 0
}

// compare looks for differences of one caller, with the keys of variables fixed.
func (ans *CompareAnswer) compare(before, after *policy.Document, caller *Caller, fixed map[string]policy.Value) error {
	c := &Case{free: true}
	if caller != nil {
		c.Caller = *caller
	}
	c.Context.Values = map[string]policy.Value{}
	for key, v := range fixed { // what the caller fixes can't be chosen
		if own := newEval(c, false).Value(key); own.State == policy.Open && (own.Within == "" || own.Within.Match(v.One)) {
			c.Context.Values[key] = v
		}
	}
	var v vocabulary
	older, newer := readDocument(c, before, &v), readDocument(c, after, &v)
	v.NoResource = before.Kind != policy.Trust && before.Kind != policy.Resource
	if before.Kind == policy.Trust {
		v.Within = arn.Literal("arn:aws:iam::111122223333:role/example") // trusts speak about their role alone
	}
	v.Domains = domainsOf(newEval(c, false), v.Tests)
	sp := permission.NewSpace(v.Config)
	if sp.Coarse() {
		return errCoarse
	}
	a, b := older.permits(sp), newer.permits(sp)
	ans.show(&ans.WitnessNew, &ans.NewPermitsMore, sp, sp.Subtract(b, a), c)
	ans.show(&ans.WitnessOld, &ans.OldPermitsMore, sp, sp.Subtract(a, b), c)
	return nil
}

// show notes a difference. One that is certain takes the place of one that is
// not.
func (ans *CompareAnswer) show(w **Witness, more *bool, sp *permission.Space, diff *permission.Label, c *Case) {
	if diff.IsEmpty() || *w != nil && len((*w).If) == 0 {
		return
	}
	r, _ := sp.Sample(diff)
	if *w != nil && len(r.Open) > 0 {
		return
	}
	*more, *w = true, witnessOf(&r, c)
}

// witnessOf writes a sample as answers do.
func witnessOf(r *permission.Request, c *Case) *Witness {
	w := &Witness{Principal: c.Caller.ARN, Action: r.Action, Resource: r.Resource, Context: map[string]any{}}
	if w.Principal == "" {
		w.Principal = "*"
	}
	put := func(key string, v policy.Value) {
		switch {
		case v.State != policy.Present:
		case v.Multi:
			w.Context[key] = v.Many
		default:
			w.Context[key] = v.One
		}
	}
	for key, v := range c.Context.Values {
		put(key, v)
	}
	for key, v := range r.Context {
		put(r.Keys[key], v)
	}
	for _, q := range r.Open {
		w.If = append(w.If, strings.ReplaceAll(q, "\x00", " "))
	}
	return w
}

// A reading is a document read for one caller.
type reading struct {
	kind    policy.Kind
	clauses []clause
	when    []*guard.Expr // conditions and principals, by clause
}

func readDocument(c *Case, doc *policy.Document, v *vocabulary) reading {
	r := reading{kind: doc.Kind}
	e := newEval(c, false)
	src := &Source{Doc: doc}
	for _, st := range doc.Statements {
		cl := e.clause(src, st)
		when := guard.True
		if doc.Kind.HasPrincipal() {
			named := e.principals(st, doc.Kind)
			when = named.any()
		}
		for i := range st.Conditions {
			when = guard.And(when, e.condition(&st.Conditions[i]))
		}
		if cl.void || when == guard.False {
			continue
		}
		v.add(&cl)
		v.expr(when)
		r.clauses, r.when = append(r.clauses, cl), append(r.when, when)
	}
	return r
}

// permits returns what the document permits by itself.
func (r *reading) permits(sp *permission.Space) *permission.Label {
	allow, deny := sp.Nothing(), sp.Nothing()
	if r.kind == policy.RCP {
		allow = sp.Everything() // RCPFullAWSAccess can't be detached
	}
	for i := range r.clauses {
		c := &r.clauses[i]
		l := sp.Under(c.about(sp, actionsOf(sp, c.st)), sp.When(r.when[i]))
		switch c.st.Effect {
		case policy.Allow:
			allow = sp.Union(allow, l)
		case policy.Deny:
			deny = sp.Union(deny, l)
		case policy.EffectInvalid:
		}
	}
	return sp.Subtract(allow, deny)
}

// domainsOf lists what is known of open keys that are certainly present.
func domainsOf(e *eval, tests []policy.Condition) map[string]arn.Glob {
	out := map[string]arn.Glob{}
	for i := range tests {
		key := tests[i].LowerKey()
		if v := e.Value(key); v.State == policy.Open && v.Within != "" {
			out[key] = v.Within
		}
	}
	return out
}
