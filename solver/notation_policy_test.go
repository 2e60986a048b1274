package solver_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"pathfinder/graphmodel/policy"
	"pathfinder/solver"
)

// source reads the statements of one document. A statement that pathfinder
// would leave out is a mistake of the test.
func (n *notation) source(name, text string, kind policy.Kind) solver.Source {
	n.t.Helper()
	list := []any{}
	if text != "" {
		for s := range strings.SplitSeq(text, " ; ") {
			list = append(list, n.statement(strings.Fields(s), kind))
		}
	}
	raw, err := json.Marshal(map[string]any{"Version": "2012-10-17", "Statement": list})
	if err != nil {
		n.t.Fatalf("case %q: %v", n.text, err)
	}
	doc := policy.Parse(raw, kind)
	if doc.Damaged() {
		n.t.Fatalf("case %q: %s: %v", n.text, raw, doc.Faults)
	}
	return solver.Source{Name: name, Doc: doc}
}

func (n *notation) statement(f []string, kind policy.Kind) map[string]any {
	n.t.Helper()
	s := map[string]any{"Effect": "Allow"}
	if f[0][0] == '-' {
		s["Effect"] = "Deny"
	}
	actions, resources, has := strings.Cut(f[0][1:], "@")
	element(s, "Action", actions, func(a string) string { return a })
	if !has && kind != policy.Trust {
		resources, has = "*", true
	}
	if has && kind != policy.Trust {
		element(s, "Resource", resources, resourceWord)
	}
	op := ""
	for _, w := range f[1:] {
		k, v, _ := strings.Cut(w, "=")
		switch {
		case k == "P":
			s["Principal"] = principalsOf(v)
		case k == "NP":
			s["NotPrincipal"] = principalsOf(v)
		case w[0] == '?':
			op = w[1:]
		default:
			conditions, _ := s["Condition"].(map[string]map[string][]string)
			if conditions == nil {
				conditions = map[string]map[string][]string{}
				s["Condition"] = conditions
			}
			if conditions[op] == nil {
				conditions[op] = map[string][]string{}
			}
			conditions[op][k] = listOf(v)
		}
	}
	return s
}

// element writes Action or Resource, or with "!" in front the Not element.
func element(s map[string]any, name, text string, expand func(string) string) {
	if rest, ok := strings.CutPrefix(text, "!"); ok {
		name, text = "Not"+name, rest
	}
	list := split(text)
	for i := range list {
		list[i] = expand(list[i])
	}
	s[name] = list
}

func principalsOf(text string) any {
	out := map[string][]string{}
	for w := range strings.SplitSeq(text, ",") {
		kind, full := "AWS", word(w)
		switch {
		case w == "*" && text == "*":
			return "*"
		case w == "oidc" || w == "saml" || strings.Contains(w, ":oidc-provider/") || slices.Contains([]string{"cognito-identity.amazonaws.com", "accounts.google.com"}, w):
			kind = "Federated"
		case w == "aaaa" || w == "bbbb" || w == "cccc" || len(w) == 64:
			kind = "CanonicalUser"
		case strings.HasSuffix(w, ".amazonaws.com"):
			kind = "Service"
		}
		out[kind] = append(out[kind], full)
	}
	return out
}

// A row is one case with its decision: "ALLOW", "XDENY" or "IDENY", for an
// open condition "IF" and its blocks, and " low" behind it when the decision
// leans on something unsure. Its name begins with the number of the rule.
type row struct{ name, text, want string }

func runRows(t *testing.T, rows []row) {
	t.Helper()
	seen := map[string]bool{}
	for _, r := range rows {
		if seen[r.name] {
			t.Fatalf("two rows are named %q", r.name)
		}
		seen[r.name] = true
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			d := solver.Decide(caseOf(t, r.text))
			if got := verdictOf(t, &d); got != r.want {
				t.Errorf("%s\n got %s\nwant %s\nblocked by %v, rules %v, unsure %v, doubts %v",
					r.text, got, r.want, d.BlockedBy, d.Rules, d.Unsure, d.Doubts)
			}
		})
	}
}

// verdictOf writes a decision as rows do.
func verdictOf(t fataler, d *solver.Decision) string {
	t.Helper()
	out := map[solver.Outcome]string{
		solver.Allowed: "ALLOW", solver.ExplicitlyDenied: "XDENY", solver.ImplicitlyDenied: "IDENY",
	}[d.Outcome]
	if d.Verdict() == solver.Conditional {
		blocks, _, exact := d.Guard.Blocks()
		raw, err := json.Marshal(blocks)
		if err != nil {
			t.Fatalf("blocks: %v", err)
		}
		if out = "IF " + string(raw); !exact {
			out += " and " + strings.Join(d.Guard.Reasons(), ", ")
		}
	}
	if d.LowConfidence() {
		out += " low"
	}
	return out
}
