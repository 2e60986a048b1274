package permission_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"pathfinder/graphmodel/arn"
	"pathfinder/graphmodel/permission"
)

var listed = []string{"*", "s3:*", "S3:Get*", "s3:GetObject", "*:Get*", "sqs:SendMessage", "made:Up", "made:*", "other:U?", "ec2:*Image*"}

// Law: every action that a list covers stands in one class, which the list covers
// as well, and no two classes are covered by the same lists.
func TestActionClassesLaws(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		lists := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) permission.ActionList {
			return permission.ActionList{Patterns: rapid.SliceOfN(rapid.SampledFrom(listed), 1, 4).Draw(t, "patterns"), Not: rapid.Bool().Draw(t, "not")}
		}), 0, 4).Draw(t, "lists")
		classes, _ := permission.ActionClasses(lists, 1<<20)
		seen, kinds := map[string]bool{}, map[string]bool{}
		for _, c := range classes {
			if len(c.Names) == 0 || kinds[c.In.Key()] {
				t.Fatalf("class %v of %d actions: empty or twice", c.In, len(c.Names))
			}
			kinds[c.In.Key()] = true
			for _, name := range c.Names {
				if seen[name] {
					t.Fatalf("%s stands in two classes", name)
				}
				seen[name] = true
			}
			for i, l := range lists {
				for _, name := range []string{c.Names[0], c.Names[len(c.Names)-1]} {
					hit := slices.ContainsFunc(l.Patterns, func(p string) bool { return arn.NewGlob(strings.ToLower(p)).Match(strings.ToLower(name)) })
					if hit == l.Not == c.In.Has(i) {
						t.Fatalf("list %d covers %s: %v", i, name, !c.In.Has(i))
					}
				}
			}
		}
		for _, name := range []string{"s3:GetObject", "sqs:SendMessage", "iam:PassRole"} {
			if !seen[name] {
				t.Fatalf("%s stands in no class", name)
			}
		}
	})
}

// Those preferred are named first, and no more than asked for are.
func TestActionClassesNames(t *testing.T) {
	t.Parallel()
	got, _ := permission.ActionClasses([]permission.ActionList{{Patterns: []string{"s3:Get*"}}}, 2, "s3:GetObject", "ec2:RunInstances")
	if len(got) != 2 || got[0].Names[0] != "ec2:RunInstances" || got[1].Names[0] != "s3:GetObject" || len(got[1].Names) != 2 {
		t.Errorf("classes: %v", got)
	}
}

// Law: Beyond finds contexts that are in g and in none of the list, if there are
// any.
func TestBeyondLaws(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s, _ := newSpace()
		g, _ := drawGuard(t, s, 2)
		rest := g
		var list []*permission.Guard
		for range rapid.IntRange(0, 4).Draw(t, "list") {
			h, _ := drawGuard(t, s, 2)
			list, rest = append(list, h), s.SubGuards(rest, h)
		}
		got := s.Beyond(g, list)
		if (got == s.Never()) != (rest == s.Never()) || s.SubGuards(got, rest) != s.Never() {
			t.Fatalf("beyond is not what is left")
		}
		if got == s.Never() {
			return
		}
		r := s.Context(got)
		r.Action, r.Resource = "s3:GetObject", "*"
		if !s.Contains(s.Requests(s.AllActions(), s.AllResources(), got), &r) {
			t.Fatalf("%v is not in its contexts", r)
		}
	})
}

// A space with a bound for its diagrams says when it has reached it.
func TestOvergrown(t *testing.T) {
	t.Parallel()
	s := permission.NewSpace(permission.Config{Tests: tests, MaxNodes: 3})
	if !s.Overgrown() {
		t.Error("three nodes are enough for all tests")
	}
	if s, _ := newSpace(); s.Overgrown() {
		t.Error("a space without a bound has reached it")
	}
}

// Work for telling values apart is bounded: a key that takes more is opaque.
func TestWork(t *testing.T) {
	t.Parallel()
	work := 40
	s := permission.NewSpace(permission.Config{Tests: tests, Work: &work})
	team := tests[6]
	if g := s.Test(&team); work < 0 || s.Exact(s.Requests(s.AllActions(), s.AllResources(), g)) {
		t.Errorf("the test %s %s is not opaque, %d left", team.Operator, team.Key, work)
	}
}

// Very many actions that nobody knows are told apart where their patterns begin
// differently, and otherwise nothing is said; nor of as many statements.
func TestActionClassesMany(t *testing.T) {
	t.Parallel()
	many := func(form string, lists int) []permission.ActionList {
		out := make([]permission.ActionList, lists)
		for i := range 20_000 {
			at := &out[i%lists]
			at.Patterns = append(at.Patterns, fmt.Sprintf(form, i))
		}
		return out
	}
	tests := []struct {
		name    string
		lists   []permission.ActionList
		classes int // 0 when there are too many
	}{
		{"beginning differently", many("s3:a%d-*", 1), 2},
		{"a list each", many("s3:a%d", 2_000), 2_001},
		{"ending differently", many("s3:*-a%d-", 1), 0},
		{"too many lists", many("s3:a%d", 20_000), 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got, ok := permission.ActionClasses(tt.lists, 1); len(got) != tt.classes || ok != (tt.classes > 0) {
				t.Errorf("%d classes, %v; want %d", len(got), ok, tt.classes)
			}
		})
	}
}
