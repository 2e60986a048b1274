package main

import (
	"slices"
	"strings"

	"pathfinder/collector"
	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
	"pathfinder/solver"
)

// explainAll finds the rule behind each difference.
func explainAll(snapshot string, r *report) error {
	if !slices.ContainsFunc(r.Asked, func(a asked) bool { return len(a.Differences) > 0 }) {
		return nil
	}
	inv, err := collector.Open(snapshot)
	if err != nil {
		return err
	}
	return explainIn(inv, r)
}

// explainIn is explainAll in an organization that is read already.
func explainIn(inv *inventory.Inventory, r *report) error {
	s, err := solver.New(solver.Config{Inventory: inv})
	if err != nil {
		return err
	}
	for i := range r.Asked {
		a := &r.Asked[i]
		for j := range a.Differences {
			d := &a.Differences[j]
			if d.Rule, d.Why = notAsked(d, func(id string) bool { return inv.Account(id) != nil }); d.Rule != "" {
				continue
			}
			if err := explain(s, d, a.Question.Resource); err != nil {
				d.Why = err.Error()
			}
		}
	}
	return nil
}

// notAsked explains differences about principals that the peer does not ask
// about. have says which accounts are in the data.
func notAsked(d *difference, have func(account string) bool) (rule, why string) {
	fields := strings.SplitN(d.Principal, ":", 6)
	if !d.Ours || len(fields) < 6 {
		return "", ""
	}
	switch kind, _, _ := strings.Cut(fields[5], "/"); {
	case !have(fields[4]):
		return "E236", "the principal's account is not in the data; the peer lists it as not found"
	case kind == "root":
		return "E106", "the root user of an account may do it; the peer asks about users, roles and services"
	case kind == "oidc-provider" || kind == "saml-provider":
		return "E21", "an identity provider vouches for the caller; the peer asks about users, roles and services"
	}
	return "", ""
}

// A reading is a rule as the peer reads it.
type reading struct {
	rule, why string
	// change rereads a case. It reports whether there was anything to reread.
	change func(c *solver.Case, keys []string) bool
}

// readings are the ways in which iam-simulate and iam-lens are known to read
// AWS differently. Each was found by a difference that it explains, or by
// running both on cases of evaluation whose outcome AWS documents.
var readings = []reading{
	{"E32", "further checks of the same call, such as kms:Decrypt, are not made", withoutFurther},
	{"E3", "variables are filled in in documents of 2008 as well", rereadVersions},
	{"E144", "a session of a role may carry MFA", open("aws:multifactorauthpresent", "aws:multifactorauthage")},
	{"E124", "a user or role may send a source ARN", open("aws:sourcearn")},
	{"E216", "the type of a role's session is taken to be absent", absentOf("aws:principaltype", solver.CallerSession)},
	{"E216", "the user id of a role's session is taken to be absent", absentOf("aws:userid", solver.CallerSession)},
	{"E217", "requests are made over TLS", fix("aws:securetransport", policy.Single("true"))},
	{"E217", "requests are made now", now},
}

// readingsOf adds that of every other key in play that the peer takes from no
// facts: it leaves it open.
func readingsOf(keys []string) []reading {
	list := slices.Clone(readings)
	for _, key := range keys {
		if !slices.Contains(fixed, key) && !isTag(key) {
			list = append(list, reading{"E216", key + " is left open", open(key)})
		}
	}
	return list
}

// explain rereads the decision behind a difference, one reading at a time, then
// all of them together.
func explain(s *solver.Solver, d *difference, resource string) error {
	q := solver.Question{Principal: d.Principal, Action: d.Action, Resource: resource}
	c, err := s.Case(q)
	if err != nil {
		return err
	}
	decided := solver.Decide(c)
	if (decided.Outcome == solver.Allowed) != d.Ours {
		d.Why = "pathfinder's engines disagree: who-can says one thing, explain the other"
		return nil
	}
	keys := keysOf(c)
	var together []string
	for _, r := range readingsOf(keys) {
		again, err := s.Case(q)
		if err != nil {
			return err
		}
		if !r.change(again, keys) {
			continue
		}
		if got := solver.Decide(again); (got.Outcome == solver.Allowed) != d.Ours {
			d.Rule, d.Why = r.rule, "the peer's reading: "+r.why
			return nil
		}
		r.change(c, keys)
		together = append(together, r.rule)
	}
	if got := solver.Decide(c); len(together) > 1 && (got.Outcome == solver.Allowed) != d.Ours {
		slices.Sort(together)
		d.Rule, d.Why = strings.Join(slices.Compact(together), " + "), "the peer's readings of these rules together"
		return nil
	}
	d.Rule, d.Why = leaning(&decided)
	return nil
}

// leanings are rules that a decision says it leans on, where the peer is known
// to decide otherwise and no rereading of a case shows it.
var leanings = []struct{ rule, why string }{
	{"E35", "the peer keeps a * inside its field of an ARN"},
	{"E64", "the peer compares a list of values without a set operator"},
	{"E73", "the peer lets a NotResource apply whose variable has no value"},
	{"E98", "the peer spares less of what a NotPrincipal lists"},
	{"E199", "the peer lets a queue policy hand on what only its owner may do"},
}

func leaning(d *solver.Decision) (rule, why string) {
	for _, l := range leanings {
		if slices.Contains(d.Unsure, l.rule) || slices.Contains(d.Rules, l.rule) {
			return l.rule, l.why
		}
	}
	return "", ""
}

// withoutFurther leaves a request its first check.
func withoutFurther(c *solver.Case, _ []string) bool {
	found := len(c.Also) > 0
	c.Also = nil
	return found
}

// documents lists every list of documents of a case.
func documents(c *solver.Case) [][]solver.Source {
	lists := [][]solver.Source{c.Identity, c.Boundary, c.Session, c.Resources}
	for _, levels := range [][]solver.Level{c.SCPs, c.RCPs} {
		for _, l := range levels {
			lists = append(lists, l.Policies)
		}
	}
	return lists
}

// keysOf lists the condition keys in a case, in lower case.
func keysOf(c *solver.Case) (keys []string) {
	for _, list := range documents(c) {
		for _, src := range list {
			for _, s := range src.Doc.Statements {
				for i := range s.Conditions {
					keys = append(keys, s.Conditions[i].LowerKey())
				}
			}
		}
	}
	slices.Sort(keys)
	return slices.Compact(keys)
}

// rereadVersions reads every document as one of 2012. The documents of a case
// are shared, and its lists may be: both are replaced.
func rereadVersions(c *solver.Case, _ []string) bool {
	found := false
	reread := func(list []solver.Source) []solver.Source {
		list = slices.Clone(list)
		for i, src := range list {
			if src.Doc.Variables() || !strings.Contains(string(src.Doc.Text()), "${") {
				continue
			}
			if text, ok := withVersion(src.Doc.Text()); ok {
				list[i].Doc = policy.Parse(text, src.Doc.Kind)
				found = true
			}
		}
		return list
	}
	c.Identity, c.Boundary, c.Session, c.Resources = reread(c.Identity), reread(c.Boundary), reread(c.Session), reread(c.Resources)
	for _, levels := range []*[]solver.Level{&c.SCPs, &c.RCPs} {
		*levels = slices.Clone(*levels)
		for i := range *levels {
			(*levels)[i].Policies = reread((*levels)[i].Policies)
		}
	}
	return found
}
