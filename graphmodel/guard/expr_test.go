package guard_test

import (
	"slices"
	"testing"

	"pathfinder/graphmodel/guard"
	"pathfinder/graphmodel/policy"
)

// The constants fold away, so that a decision about a complete request never
// holds more than a constant.
func TestConstantsFold(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name      string
		got, want *guard.Expr
	}{
		{name: "and true", got: guard.And(mfa, guard.True), want: mfa},
		{name: "true and", got: guard.And(guard.True, mfa), want: mfa},
		{name: "and false", got: guard.And(mfa, guard.False), want: guard.False},
		{name: "false and", got: guard.And(guard.False, mfa), want: guard.False},
		{name: "or false", got: guard.Or(mfa, guard.False), want: mfa},
		{name: "false or", got: guard.Or(guard.False, mfa), want: mfa},
		{name: "or true", got: guard.Or(mfa, guard.True), want: guard.True},
		{name: "true or", got: guard.Or(guard.True, mfa), want: guard.True},
		{name: "and itself", got: guard.And(mfa, mfa), want: mfa},
		{name: "or itself", got: guard.Or(mfa, mfa), want: mfa},
		{name: "not true", got: guard.Not(guard.True), want: guard.False},
		{name: "not false", got: guard.Not(guard.False), want: guard.True},
		{name: "of true", got: guard.Of(true), want: guard.True},
		{name: "of false", got: guard.Of(false), want: guard.False},
		{name: "E72 nothing equals no value", got: atom("StringEquals", "aws:x"), want: guard.False},
		{name: "E72 anything differs from no value", got: atom("StringNotLike", "aws:x"), want: guard.True},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if tt.got != tt.want {
				t.Errorf("got %+v, want %+v", tt.got, tt.want)
			}
			if tt.got.Open() != (tt.want == mfa) || tt.got.Truth() != tt.want.Truth() {
				t.Errorf("Open() = %v, Truth() = %v", tt.got.Open(), tt.got.Truth())
			}
		})
	}
}

func TestTruth(t *testing.T) {
	t.Parallel()
	for e, want := range map[*guard.Expr]policy.Truth{
		guard.True: policy.True, guard.False: policy.False, mfa: policy.Unknown, guard.Opaque("why"): policy.Unknown,
	} {
		if got := e.Truth(); got != want {
			t.Errorf("Truth() = %v, want %v", got, want)
		}
	}
}

func TestKeysAndReasons(t *testing.T) {
	t.Parallel()
	secret := guard.Opaque("whether the session is named s1")
	tests := []struct {
		name    string
		e       *guard.Expr
		keys    []string
		reasons []string
	}{
		{name: "a constant", e: guard.True},
		{name: "one key", e: mfa, keys: []string{"aws:MultiFactorAuthPresent"}},
		{
			name: "E48 keys once, as first written, sorted without case",
			e:    all(red, office, atom("StringLike", "AWS:PrincipalTag/Team", "r*"), atom("Null", "AWS:current", "true")),
			keys: []string{"AWS:current", "aws:PrincipalTag/team", "aws:SourceIp"},
		},
		{name: "opaque terms say why", e: all(mfa, secret, guard.Not(secret)), keys: []string{"aws:MultiFactorAuthPresent"}, reasons: []string{"whether the session is named s1"}},
		{
			name: "so do negations that can't be written", e: guard.Not(atom("NumericLessThan", "aws:MultiFactorAuthAge", "5", "7")),
			keys: []string{"aws:MultiFactorAuthAge"}, reasons: []string{"the negation of NumericLessThan aws:MultiFactorAuthAge"},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := tt.e.Keys(); !slices.Equal(got, tt.keys) {
				t.Errorf("Keys() = %q, want %q", got, tt.keys)
			}
			if got := tt.e.Reasons(); !slices.Equal(got, tt.reasons) {
				t.Errorf("Reasons() = %q, want %q", got, tt.reasons)
			}
		})
	}
}

func TestEval(t *testing.T) {
	t.Parallel()
	ctx := policy.Values{
		"aws:multifactorauthpresent": policy.Single("true"),
		"aws:sourceip":               {State: policy.Open},
	}
	opaque := guard.Opaque("why")
	tests := []struct {
		name string
		e    *guard.Expr
		want policy.Truth
	}{
		{name: "a known key", e: mfa, want: policy.True},
		{name: "E50 an absent key", e: red, want: policy.False},
		{name: "E219 an open key", e: office, want: policy.Unknown},
		{name: "true and open", e: guard.And(mfa, office), want: policy.Unknown},
		{name: "false and open", e: guard.And(red, office), want: policy.False},
		{name: "true or open", e: guard.Or(mfa, office), want: policy.True},
		{name: "false or open", e: guard.Or(red, office), want: policy.Unknown},
		{name: "an opaque term", e: opaque, want: policy.Unknown},
		{name: "not an opaque term", e: guard.Not(opaque), want: policy.Unknown},
		{name: "not not", e: guard.Not(guard.Not(opaque)), want: policy.Unknown},
		{name: "not false", e: guard.Not(red), want: policy.True},
		{name: "a negation that can't be written", e: guard.Not(atom("BinaryEquals", "aws:x", "YQ==")), want: policy.True},
		{name: "constants", e: guard.True, want: policy.True},
		{name: "E72 if it exists, and no value", e: atom("StringEqualsIfExists", "aws:x"), want: policy.True},
		{name: "E72 the same with the key there", e: atom("StringEqualsIfExists", "aws:MultiFactorAuthPresent"), want: policy.False},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := tt.e.Eval(ctx); got != tt.want {
				t.Errorf("Eval = %v, want %v", got, tt.want)
			}
		})
	}
}
