package solver

import (
	"slices"
	"strings"
	"sync"

	"pathfinder/graphmodel/escalation"
	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
)

// A callIndex numbers the calls of all methods, and finds which of them a document
// may allow.
type callIndex struct {
	number map[string]int
	calls  []lowerAction
	docs   sync.Map // *policy.Document → *offer
}

// An offer is what a document may allow.
type offer struct {
	calls []uint64 // bits, by number
	// broad says that some statement allows all actions, or all but some, on
	// everything.
	broad bool
	// asks are the conditions on who the caller is that tell principals of an
	// account apart; apart says that something else does.
	asks  []*policy.Condition
	apart bool
}

func newCallIndex(methods []*escalation.Method) *callIndex {
	ix := &callIndex{number: map[string]int{}}
	for _, m := range methods {
		for i := range m.Needs {
			for _, a := range m.Needs[i].Actions {
				ix.add(a)
			}
		}
	}
	ix.add("iam:UntagUser") // see retagged
	ix.add("iam:UntagRole")
	return ix
}

func (ix *callIndex) add(action string) {
	if _, ok := ix.number[action]; ok {
		return
	}
	ix.number[action] = len(ix.calls)
	service, name := splitAction(action)
	ix.calls = append(ix.calls, lowerAction{service, name})
}

func (ix *callIndex) words() int { return (len(ix.calls) + 63) / 64 }

// of returns what a document may allow.
func (ix *callIndex) of(doc *policy.Document) *offer {
	if known, ok := ix.docs.Load(doc); ok {
		return known.(*offer)
	}
	sp := &offer{calls: make([]uint64, ix.words())}
	for _, st := range doc.Statements {
		if st.Broken {
			continue
		}
		sp.listen(st)
		if st.Effect != policy.Allow {
			continue
		}
		for i, c := range ix.calls {
			if st.MatchAction(c.service, c.name) {
				sp.calls[i/64] |= 1 << (i % 64)
			}
		}
		all := st.NotAction || slices.ContainsFunc(st.Actions, func(a policy.Action) bool { return a.All() })
		sp.broad = sp.broad || all && !st.NotResource && slices.ContainsFunc(st.Resources, func(r policy.ResourcePattern) bool { return r.Text == "*" })
	}
	known, _ := ix.docs.LoadOrStore(doc, sp)
	return known.(*offer)
}

// listen notes what a statement reads of who the caller is.
func (sp *offer) listen(st *policy.Statement) {
	for i := range st.Conditions {
		c := &st.Conditions[i]
		switch {
		case slices.ContainsFunc(c.Variables(), func(key string) bool { return isPersonal(strings.ToLower(key)) }), c.LowerKey() == "aws:userid":
			sp.apart = true
		case isPersonal(c.LowerKey()):
			sp.asks = append(sp.asks, c)
		}
	}
	for i := range st.Resources {
		sp.apart = sp.apart || slices.ContainsFunc(st.Resources[i].Variables(), isPersonal)
	}
}

// appendHeard appends how conditions on who the caller is come out for a
// principal.
func (sp *offer) appendHeard(b []byte, p *inventory.Principal) []byte {
	for _, c := range sp.asks {
		v := policy.Value{}
		switch name, tag := strings.CutPrefix(c.LowerKey(), "aws:principaltag/"); {
		case tag:
			for k, t := range p.Tags {
				if strings.EqualFold(k, name) {
					v = policy.Single(t)
				}
			}
		case c.LowerKey() == "aws:principalarn":
			v = policy.Single(p.ARN)
		case p.Kind == inventory.User:
			v = policy.Single(p.Name)
		}
		b = append(b, byte(c.Test(policy.Values{c.LowerKey(): v})))
	}
	return b
}

// isPersonal reports whether a key, in lower case, tells principals of one account
// apart.
func isPersonal(key string) bool {
	return strings.HasPrefix(key, "aws:principaltag/") || key == "aws:principalarn" || key == "aws:username" || key == "aws:userid"
}
