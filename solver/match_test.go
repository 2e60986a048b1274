package solver_test

import (
	"testing"

	"pathfinder/graphmodel/policy"
	"pathfinder/solver"
)

// Names says what Decide makes of an Allow in the same account: alone it opens
// the door, past a silent boundary or not at all (E87).
func TestNamesAgreesWithDecide(t *testing.T) {
	t.Parallel()
	const account = "111111111111"
	entries := []policy.Principal{}
	for _, text := range []string{
		"*", account, "222222222222", "arn:aws:iam::111111111111:user/ann", "arn:aws:iam::111111111111:role/app",
		"arn:aws:sts::111111111111:assumed-role/app/s1", "arn:aws:sts::111111111111:federated-user/fay", "arn:aws:iam::111111111111:role/*",
	} {
		p, _ := policy.NewPrincipal("AWS", text)
		entries = append(entries, p)
	}
	callers := []string{
		"arn:aws:iam::111111111111:user/ann", "arn:aws:iam::111111111111:user/bob", "arn:aws:sts::111111111111:assumed-role/app/s1",
		"arn:aws:sts::111111111111:assumed-role/app/s2", "arn:aws:sts::111111111111:federated-user/fay",
	}
	for _, who := range callers {
		caller, err := solver.ParseCaller(who)
		if err != nil {
			t.Fatal(err)
		}
		caller.FederatedBy = "arn:aws:iam::111111111111:user/ann"
		for _, p := range entries {
			s := &policy.Statement{Effect: policy.Allow, HasPrincipal: true, Principals: []policy.Principal{p}, Actions: everyAction(t)}
			doc := &policy.Document{Kind: policy.Resource, Statements: []*policy.Statement{s}}
			c := &solver.Case{
				Caller: caller, Action: "sqs:SendMessage", Resource: "arn:aws:sqs:eu-west-1:111111111111:q", ResourceAccount: account,
				Context: solver.Context{Complete: true}, Resources: []solver.Source{{Name: "rbp", Doc: doc}},
			}
			alone := func(boundary, session bool) bool {
				d := *c
				d.HasBoundary = boundary
				if session {
					all := policy.Parse([]byte(`{"Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}`), policy.Session)
					d.HasSession, d.Session = true, []solver.Source{{Name: "s", Doc: all}}
				}
				out := solver.Decide(&d)
				return out.Outcome == solver.Allowed
			}
			want := solver.NotNamed
			switch {
			case alone(true, false):
				want = solver.NamedDirectly
			case alone(false, true):
				want = solver.NamedByRole
			case p.Account == caller.Account && p.Kind == policy.Account:
				want = solver.NamedByAccount
			}
			if got := solver.Names(c, s); got != want {
				t.Errorf("%s names %s: %d, want %d", p.Text, who, got, want)
			}
		}
	}
}

func everyAction(t *testing.T) []policy.Action {
	t.Helper()
	a, ok := policy.NewAction("*")
	if !ok {
		t.Fatal("* is no action")
	}
	return []policy.Action{a}
}
