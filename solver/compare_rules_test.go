package solver_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pathfinder/graphmodel/policy"
	"pathfinder/solver"
)

// Rules that decide whether a document permits more than another, each with the
// answer: "same", "old", "new" or "both", which has to be exact. The resources are of
// an account whose principals no statement names: see TestCompareStrengths.
func TestCompareRules(t *testing.T) {
	t.Parallel()
	star := `"Resource":"*"`
	is, isNot := `"Condition":{"ArnEquals":{"aws:PrincipalArn":"arn:aws:iam::111111111111:%s"}}`, `"Condition":{"ArnNotEquals":{"aws:PrincipalArn":"arn:aws:iam::111111111111:%s"}}`
	named := func(who string) string { return star + `,"Principal":{"AWS":"arn:aws:iam::111111111111:` + who + `"}` }
	session := func(name string) string {
		return star + `,"Principal":{"AWS":"arn:aws:sts::111111111111:assumed-role/ops/` + name + `"}`
	}
	notNamed := func(who string) string {
		return star + `,"NotPrincipal":{"AWS":["arn:aws:iam::111111111111:` + who + `"]}`
	}
	anyone := func(condition, who string) string { return star + `,"Principal":"*",` + fmt.Sprintf(condition, who) }
	tests := []struct {
		name     string
		kind     policy.Kind
		old, new string // statements, without what all of them have
		want     string
	}{
		{"E70 an escaped star is no wildcard", policy.Identity, allows(`"Resource":"arn:aws:s3:::b/${*}"`), allows(`"Resource":"arn:aws:s3:::b/*"`), "new"},
		{"E70 an escaped question mark is no wildcard", policy.Identity, allows(`"Resource":"arn:aws:s3:::b/?"`), allows(`"Resource":"arn:aws:s3:::b/${?}"`), "old"},
		{"E70 an escaped star in a Deny", policy.Identity, allows(star) + "," + denies(`"Resource":"arn:aws:s3:::b/${*}"`), allows(star) + "," + denies(`"Resource":"arn:aws:s3:::b/*"`), "old"},
		{"E70 an escaped dollar", policy.Identity, allows(`"Resource":"arn:aws:s3:::b/${$}"`), allows(`"Resource":"arn:aws:s3:::b/$"`), "same"},
		{"E216 a user by its ARN is the user that is named", policy.Resource, allows(named("user/ann")), allows(anyone(is, "user/ann")), "same"},
		{"E216 a role", policy.Resource, allows(named("role/ops")), allows(anyone(is, "role/ops")), "same"},
		{"E216 a role in a Deny", policy.Resource, allows(star+`,"Principal":"*"`) + "," + denies(named("role/ops")), allows(star+`,"Principal":"*"`) + "," + denies(anyone(is, "role/ops")), "same"},
		{"E216 another role", policy.Resource, allows(named("role/ops")), allows(anyone(is, "role/dev")), "both"},
		{"E216 one role of many", policy.Resource, allows(named("role/ops")), allows(anyone(is, "role/*")), "new"},
		{"E216 roles like the one", policy.Resource, allows(named("role/ops")), allows(anyone(strings.Replace(is, "ArnEquals", "ArnLike", 1), "role/o*")), "new"},
		{"E98 E216 who is not the role", policy.Resource, allows(star+`,"Principal":"*"`) + "," + denies(notNamed(`role/ops","arn:aws:iam::111111111111:root`)), allows(star+`,"Principal":"*"`) + "," + denies(anyone(isNot, "role/ops")), "old"},
		{"E67 no variables under NumericLessThan", policy.Identity, allows(star) + "," + denies(star+`,"Condition":{"NumericLessThan":{"s3:max-keys":"${aws:username}"}}`), allows(star), "same"},
		{"E67 no variables under DateLessThan", policy.Identity, allows(star) + "," + denies(star+`,"Condition":{"DateLessThan":{"aws:CurrentTime":"${aws:username}"}}`), allows(star), "same"},
		{"E67 no variables under IpAddress", policy.Identity, allows(star) + "," + denies(star+`,"Condition":{"IpAddress":{"aws:SourceIp":"${aws:username}"}}`), allows(star), "same"},
		{"E67 none under NumericNotEquals, which then holds", policy.Identity, allows(star) + "," + denies(star+`,"Condition":{"NumericNotEquals":{"s3:max-keys":"${aws:username}"}}`), allows(star), "new"},
		{"E74 a user by its name", policy.Resource, allows(named("user/ann")), allows(star + `,"Principal":{"AWS":"111111111111"},"Condition":{"StringEquals":{"aws:username":"ann"}}`), "same"},
		{"E74 E80 a session by its id", policy.Resource, allows(session("me")), allows(named("role/ops") + `,"Condition":{"StringLike":{"aws:userid":"*:me"}}`), "same"},
		{"E80 another session by its id", policy.Resource, allows(session("me")), allows(named("role/ops") + `,"Condition":{"StringLike":{"aws:userid":"*:you"}}`), "both"},
		{"E80 sessions by their ids", policy.Resource, allows(session("me")), allows(named("role/ops") + `,"Condition":{"StringLike":{"aws:userid":"*:m?"}}`), "new"},
		{"E74 who has a name is a user", policy.Resource, allows(anyone(strings.Replace(is, "ArnEquals", "ArnLike", 1), "user/*")), allows(star + `,"Principal":"*","Condition":{"StringLike":{"aws:username":"a*"},"StringEquals":{"aws:PrincipalAccount":"111111111111"}}`), "old"},
		{"E74 who is no user has no name", policy.Endpoint, allows(anyone(strings.NewReplacer("ArnNotEquals", "ArnNotLike", "111111111111", "*").Replace(isNot), "user/*")) + "," + denies(star+`,"Principal":"*","Condition":{"Null":{"aws:username":"true"}}`), "", "same"},
		{"E119 an RCP does not reach EC2", policy.RCP, "", guards("ec2:*", "logs:*"), "old"},
		{"E119 not at all", policy.RCP, "", guards("ec2:*", "iam:*"), "same"},
		{"E119 an RCP reaches S3", policy.RCP, "", guards("s3:*"), "old"},
		{"E216 nobody of an account is anonymous", policy.Endpoint, allows(star+`,"Principal":{"AWS":"111111111111"}`) + "," + denies(star+`,"Principal":"*","Condition":{"StringEquals":{"aws:PrincipalType":"Anonymous"}}`), allows(star + `,"Principal":{"AWS":"111111111111"}`), "same"},
		{"E216 a user is of a type", policy.Resource, allows(star + `,"Principal":{"AWS":"111111111111"},"Condition":{"StringEquals":{"aws:PrincipalType":"User"}}`), allows(star + `,"Principal":{"AWS":"111111111111"},"Condition":{"Null":{"aws:username":"false"}}`), "same"},
		{"E216 a session is none", policy.Resource, allows(star + `,"Principal":{"AWS":"111111111111"},"Condition":{"StringEquals":{"aws:PrincipalType":"AssumedRole"}}`), allows(star + `,"Principal":{"AWS":"111111111111"},"Condition":{"Null":{"aws:username":"false"}}`), "both"},
		{"E23 a group is nobody", policy.Resource, allows(named("group/ops")), "", "same"},
		{"E23 services are not named by wildcards", policy.Resource, allows(star + `,"Principal":{"Service":"*.amazonaws.com"}`), allows(named("group/ops")), "same"},
		{"E23 a group among others", policy.Resource, allows(named(`group/ops`)), allows(named("role/ops")), "new"},
		{"E6 no actions are nothing", policy.Identity, `{"Effect":"Allow","Action":[],"Resource":"*"}`, "", "same"},
		{"E68 a list in a variable", policy.Identity, allows(`"Resource":"arn:aws:s3:::b/${aws:TagKeys}"`), "", "same"},
		{"E68 a list in a variable of a Deny", policy.Identity, allows(star) + "," + denies(`"Resource":"arn:aws:s3:::b/${aws:TagKeys}"`), allows(star), "same"},
		{"E68 a default in place of a list", policy.Identity, allows(`"Resource":"arn:aws:s3:::b/${aws:TagKeys, 'x'}"`), allows(`"Resource":"arn:aws:s3:::b/x"`), "same"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			ans := compareOwned(t, tt.kind, tt.old, tt.new, "333333333333")
			if b, _ := json.Marshal(ans); moreOf(ans) != tt.want || !ans.Exact {
				t.Errorf("got %s, want %s: %s", moreOf(ans), tt.want, b)
			}
		})
	}
}

// Witnesses are principals that there can be, with what such carry (E74, E80).
func TestCompareWitnessIsSomebody(t *testing.T) {
	t.Parallel()
	everyone, account := `"Resource":"*","Principal":"*"`, `"Resource":"*","Principal":{"AWS":"111111111111"}`
	with := func(operator, key, value string) string {
		return `,"Condition":{"` + operator + `":{"` + key + `":"` + value + `"}}`
	}
	tests := []struct{ name, old, new, want string }{
		{"E74 somebody without a name is no user", allows(everyone), allows(everyone) + "," + denies(account+with("Null", "aws:username", "true")), "arn:aws:iam::111111111111:role/example map[]"},
		{"E74 nor is who has the ARN of a role", allows(account + with("ArnLike", "aws:PrincipalArn", "arn:aws:iam::*:role/*")), "", "arn:aws:iam::111111111111:role/example map[]"},
		{"E216 a session", allows(account + with("StringEquals", "aws:PrincipalType", "AssumedRole")), "", "arn:aws:iam::111111111111:role/example map[aws:PrincipalType:AssumedRole]"},
		{"E74 a root user", allows(account + with("ArnNotLike", "aws:PrincipalArn", "arn:aws:iam::*:*/*")), "", "arn:aws:iam::111111111111:root map[]"},
		{"E74 a user", allows(account + with("ArnNotLike", "aws:PrincipalArn", "arn:aws:iam::*:role/*")), "", "arn:aws:iam::111111111111:user/somebody map[]"},
		{"E80 an id is not empty", allows(account + with("StringNotEquals", "aws:userid", "x")), "", "arn:aws:iam::111111111111:user/somebody map[aws:userid:?]"},
		{"E80 a session has a name", allows(`"Resource":"*","Principal":{"AWS":"arn:aws:iam::111111111111:role/ops"}` + with("StringLike", "aws:userid", "*:m*")), "", "arn:aws:iam::111111111111:role/ops map[aws:userid:AROA?:m]"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := compareOwned(t, policy.Resource, tt.old, tt.new, "333333333333").WitnessOld
			if w == nil {
				t.Fatal("no witness")
			}
			got := fmt.Sprint(w.Principal, " ", w.Context)
			head, tail, some := strings.Cut(tt.want, "?")
			if got != tt.want && !(some && strings.HasPrefix(got, head) && strings.HasSuffix(got, tail) && len(got) > len(head+tail)) {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}

// A witness whose name a condition asks for has that name (E74).
func TestCompareNamesWitness(t *testing.T) {
	t.Parallel()
	ann := allows(`"Resource":"*","Principal":{"AWS":"111111111111"},"Condition":{"StringEquals":{"aws:username":"ann"}}`)
	w := compareTexts(t, policy.Resource, "", ann).WitnessNew
	if w == nil || w.Principal != "arn:aws:iam::111111111111:user/ann" || len(w.Context) > 0 {
		t.Errorf("got %+v", w)
	}
}

// guards denies everybody some actions.
func guards(actions ...string) string {
	return `{"Effect":"Deny","Principal":"*","Action":["` + strings.Join(actions, `","`) + `"],"Resource":"*"}`
}

func allows(rest string) string {
	return `{"Effect":"Allow","Action":"s3:GetObject",` + rest + `}`
}

func denies(rest string) string {
	return `{"Effect":"Deny","Action":"s3:GetObject",` + rest + `}`
}

func compareTexts(t *testing.T, kind policy.Kind, before, after string) *solver.CompareAnswer {
	t.Helper()
	return compareOwned(t, kind, before, after, "")
}

// compareOwned compares documents about a resource of an account.
func compareOwned(t *testing.T, kind policy.Kind, before, after, owner string) *solver.CompareAnswer {
	t.Helper()
	var docs [2]*policy.Document
	for i, text := range []string{before, after} {
		docs[i] = policy.Parse(fmt.Appendf(nil, `{"Version":"2012-10-17","Statement":[%s]}`, text), kind)
	}
	ans, err := solver.Compare(docs[0], docs[1], owner)
	if err != nil {
		t.Fatal(err)
	}
	return ans
}

func moreOf(ans *solver.CompareAnswer) string {
	switch {
	case ans.OldPermitsMore && ans.NewPermitsMore:
		return "both"
	case ans.OldPermitsMore:
		return "old"
	case ans.NewPermitsMore:
		return "new"
	}
	return "same"
}

// What a witness shows may hang on a statement that was left out (E11): on a Deny of
// its own document, or on an Allow of the other.
func TestCompareDamaged(t *testing.T) {
	t.Parallel()
	const star, broken = `"Resource":"*"`, `"Resource":"*","Condition":{"StringEqals":{"aws:username":"ann"}}`
	const noDeny, noAllow = "what could not be read of the %s policy does not deny it", "what could not be read of the %s policy does not allow it"
	tests := []struct {
		name, old, new string
		want           []string // of the witness of the old document
	}{
		{"E11 nothing is left out", allows(star), "", nil},
		{"E11 an Allow of the other", allows(star), allows(broken), []string{fmt.Sprintf(noAllow, "new")}},
		{"E11 a Deny of the other", allows(star), denies(broken), nil},
		{"E11 an Allow of its own", allows(star) + "," + allows(broken), "", nil},
		{"E11 a Deny of its own", allows(star) + "," + denies(broken), "", []string{fmt.Sprintf(noDeny, "old")}},
		{"E11 who knows what", allows(star), `{"Effect":"allow","Action":"*",` + star + `}`, []string{fmt.Sprintf(noAllow, "new")}},
		{"E11 on both sides", allows(star) + "," + denies(broken), allows(broken), []string{fmt.Sprintf(noDeny, "old"), fmt.Sprintf(noAllow, "new")}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			ans := compareTexts(t, policy.Identity, tt.old, tt.new)
			if ans.WitnessOld == nil || !slices.Equal(ans.WitnessOld.If, tt.want) || ans.WitnessNew != nil {
				b, _ := json.Marshal(ans)
				t.Errorf("got %s, want one of the old document, if %q", b, tt.want)
			}
		})
	}
}
