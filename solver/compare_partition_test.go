package solver_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"pathfinder/graphmodel/policy"
)

// Who stands for an account is of the partition that the documents are about: what they
// ask of ARNs tells principals apart there as it does in the usual one (E99).
func TestComparePartitions(t *testing.T) {
	t.Parallel()
	like := func(who string) string {
		return `"Condition":{"ArnLike":{"aws:PrincipalArn":["arn:PARTITION:iam::111111111111:` + strings.ReplaceAll(who, " ", `","arn:PARTITION:iam::111111111111:`) + `"]}}`
	}
	const everyone = `"Resource":"*","Principal":"*",`
	const account = `"Resource":"*","Principal":{"AWS":"arn:PARTITION:iam::111111111111:root"}`
	tests := []struct {
		name     string
		kind     policy.Kind
		old, new string
		want     string
		witness  string // of what only the new one permits
	}{
		{"E99 one more role of an account", policy.Resource, allows(account + "," + like("role/a")), allows(account + "," + like("role/a role/b")), "new", "arn:PARTITION:iam::111111111111:role/b"},
		{"E99 one more role of everybody", policy.Resource, allows(everyone + like("role/a")), allows(everyone + like("role/a role/b")), "new", "arn:PARTITION:iam::111111111111:role/b"},
		{"E99 a bucket that says where it is", policy.Resource, allows(`"Resource":"arn:PARTITION:s3:::b/*","Principal":"*",` + like("role/a")), allows(`"Resource":"arn:PARTITION:s3:::b/*","Principal":"*",` + like("role/a role/b")), "new", "arn:PARTITION:iam::111111111111:role/b"},
		{"E99 all of an account is all of it", policy.Resource, allows(account + "," + like("*")), allows(account), "same", ""},
		{"E99 a user by its name", policy.Resource, "", allows(account + `,"Condition":{"StringEquals":{"aws:username":"ann"}}`), "new", "arn:PARTITION:iam::111111111111:user/ann"},
		{"E99 a Deny that spares one role fewer", policy.Endpoint, allows(everyone[:len(everyone)-1]) + "," + denies(everyone+strings.Replace(like("role/a"), "ArnLike", "ArnNotLike", 1)), allows(everyone[:len(everyone)-1]) + "," + denies(everyone+strings.Replace(like("role/a role/b"), "ArnLike", "ArnNotLike", 1)), "new", "arn:PARTITION:iam::111111111111:role/b"},
	}
	for _, tt := range tests {
		for _, partition := range []string{"aws", "aws-cn", "aws-us-gov", "aws-iso"} {
			t.Run(tt.name+" "+partition, func(t *testing.T) {
				t.Parallel()
				in := func(text string) string { return strings.ReplaceAll(text, "PARTITION", partition) }
				ans := compareOwned(t, tt.kind, in(tt.old), in(tt.new), "333333333333")
				who := ""
				if ans.WitnessNew != nil {
					who = ans.WitnessNew.Principal
				}
				if b, _ := json.Marshal(ans); moreOf(ans) != tt.want || !ans.Exact || who != in(tt.witness) {
					t.Errorf("got %s by %q, want %s by %q: %s", moreOf(ans), who, tt.want, in(tt.witness), b)
				}
			})
		}
	}
}

// Where documents speak of several partitions, or of all but the usual one, somebody of
// each is looked at; where the resource says in which it is, nobody of another (E99).
func TestCompareSeveralPartitions(t *testing.T) {
	t.Parallel()
	like := func(resource string, arns ...string) string {
		return allows(fmt.Sprintf(`"Resource":%q,"Principal":"*","Condition":{"ArnLike":{"aws:PrincipalArn":["%s"]}}`, resource, strings.Join(arns, `","`)))
	}
	const usual, gov, notUsual = "arn:aws:iam::111111111111:role/a", "arn:aws-us-gov:iam::111111111111:role/a", "arn:aws-us-*:iam::111111111111:role/a"
	tests := []struct{ name, old, new, want string }{
		{"E99 a role of another partition", like("*", usual), like("*", usual, gov), "new"},
		{"E99 the usual one", like("*", gov), like("*", usual, gov), "new"},
		{"E99 all but the usual one", "", like("*", notUsual), "new"},
		{"E99 any partition", "", like("*", "arn:aws*:iam::111111111111:role/a"), "new"},
		{"E99 nobody of another partition", "", like("arn:aws:s3:::b/*", gov), "same"},
		{"E99 nobody of the usual partition", "", like("arn:aws-us-gov:s3:::b/*", usual), "same"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			ans := compareOwned(t, policy.Resource, tt.old, tt.new, "333333333333")
			if b, _ := json.Marshal(ans); moreOf(ans) != tt.want || !ans.Exact {
				t.Errorf("got %s, want %s: %s", moreOf(ans), tt.want, b)
			}
		})
	}
}
