package solver

import (
	"strings"
	"testing"

	"pathfinder/graphmodel/policy"
)

// Tags and a source identity are asked for in vain where the call may not pass any.
func TestAssumedWithTags(t *testing.T) {
	t.Parallel()
	const (
		tag      = `"StringEquals":{"aws:RequestTag/team":"x"}`
		keys     = `"ForAnyValue:StringEquals":{"aws:TagKeys":"team"}`
		source   = `"StringEquals":{"sts:SourceIdentity":"ann"}`
		assume   = "sts:AssumeRole"
		withTags = assume + `","sts:TagSession`
		withName = assume + `","sts:SetSourceIdentity`
		mayAll   = `{"Effect":"Allow","Action":"sts:*","Resource":"*"}`
		mayOne   = `{"Effect":"Allow","Action":"sts:AssumeRole","Resource":"*"}`
	)
	role, account := `{"AWS":"`+labIAM+`user/climber"}`, `{"AWS":"`+labAccount+`"}`
	for _, tt := range []struct{ name, trusts, lets, asks, may, want string }{
		{"E145 the trust policy takes no tags", account, assume, tag, mayAll, "no"},
		{"E145 nor names of tags", account, assume, keys, mayAll, "no"},
		{"E145 it takes them", account, withTags, tag, mayAll, "perhaps"},
		{"E145 the caller may not pass them", account, withTags, tag, mayOne, "no"},
		{"E145 the trust policy names the caller, and takes them", role, withTags, tag, mayOne, "perhaps"},
		{"E145 a Deny on passing them", role, withTags, tag, `{"Effect":"Deny","Action":"sts:TagSession","Resource":"*"}`, "no"},
		{"E145 no tags are asked for", account, assume, `"Null":{"aws:RequestTag/team":"true"}`, mayOne, "certain"},
		{"E148 the trust policy takes no source identity", account, assume, source, mayAll, "no"},
		{"E148 it takes one", account, withName, source, mayAll, "perhaps"},
		{"E148 the caller may not set one", account, withName, source, mayOne, "no"},
		{"E148 it may set no tags", account, withName, tag, mayAll, "no"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			l := newLab()
			l.who = l.user("climber", policyOf(policy.Identity, tt.may))
			st := `{"Effect":"Allow","Principal":` + tt.trusts + `,"Action":["` + tt.lets + `"]`
			text := strings.Join([]string{st, `"Condition":{` + tt.asks + `}}`}, ",")
			l.role("admin", policyOf(policy.Trust, text).Doc, policyOf(policy.Identity, allowsAll))
			if got := l.verdict(t); got != tt.want {
				t.Errorf("%s, want %s", got, tt.want)
			}
		})
	}
}
