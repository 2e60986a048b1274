package guard_test

import (
	"flag"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	"pathfinder/graphmodel/guard"
	"pathfinder/graphmodel/policy"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// golden compares got with the file at path, or writes it.
func golden(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v; make it with -update", err)
	}
	if d := cmp.Diff(string(want), got); d != "" {
		t.Errorf("%s differs (-want +got); if the new text is better, run with -update:\n%s", path, d)
	}
}

// atom is the test of one key.
func atom(operator, key string, values ...string) *guard.Expr {
	return guard.Atom(policy.NewCondition(operator, key, values))
}

// all and any fold lists with And and Or.
func all(list ...*guard.Expr) *guard.Expr {
	e := guard.True
	for _, x := range list {
		e = guard.And(e, x)
	}
	return e
}

func anyOf(list ...*guard.Expr) *guard.Expr {
	e := guard.False
	for _, x := range list {
		e = guard.Or(e, x)
	}
	return e
}

// blockHolds tests a block the way a policy would.
func blockHolds(b guard.Block, ctx policy.Context) policy.Truth {
	t := policy.True
	for _, one := range b {
		c := policy.NewCondition(one.Operator, one.Key, one.Values)
		t = min(t, c.Test(ctx))
	}
	return t
}

func listHolds(l guard.Blocks, ctx policy.Context) policy.Truth {
	t := policy.False
	for _, b := range l {
		t = max(t, blockHolds(b, ctx))
	}
	return t
}

var (
	mfa    = atom("Bool", "aws:MultiFactorAuthPresent", "true")
	office = atom("IpAddress", "aws:SourceIp", "203.0.113.0/24")
	red    = atom("StringEquals", "aws:PrincipalTag/team", "red")
	blue   = atom("StringEquals", "aws:PrincipalTag/team", "blue")
)
