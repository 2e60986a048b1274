package solver_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
	"pathfinder/solver"
)

// chainOf is an account with a user u and roles, of each its trust policy's
// statements and the condition under which it may read the bucket "b"; "-" for
// not at all. Names in the statements stand for ARNs.
func chainOf(t *testing.T, roles [][3]string, more ...*inventory.Resource) *inventory.Inventory {
	t.Helper()
	a := &inventory.Account{ID: "111111111111", IAM: true, Partition: "aws"}
	arns := strings.NewReplacer(`"u"`, `"arn:aws:iam::111111111111:user/u"`, `"r1"`, `"arn:aws:iam::111111111111:role/r1"`, `"r2"`, `"arn:aws:iam::111111111111:role/r2"`)
	doc := func(kind policy.Kind, statements string) *policy.Document {
		return policy.Parse([]byte(`{"Version":"2012-10-17","Statement":[`+arns.Replace(statements)+`]}`), kind)
	}
	a.Held().Users = []*inventory.Principal{{ARN: "arn:aws:iam::111111111111:user/u", Account: a, Kind: inventory.User, Name: "u", Path: "/", Tags: map[string]string{}}}
	for _, r := range roles {
		p := &inventory.Principal{ARN: "arn:aws:iam::111111111111:role/" + r[0], Account: a, Kind: inventory.Role, Name: r[0], Path: "/", Tags: map[string]string{}, UniqueID: "AROA" + r[0]}
		p.Trust = doc(policy.Trust, r[1])
		if r[2] != "-" {
			p.Inline = []*inventory.Policy{{Name: "read", Doc: doc(policy.Identity, fmt.Sprintf(`{"Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{%s}}`, r[2]))}}
		}
		a.Held().Roles = append(a.Held().Roles, p)
	}
	a.Held().Resources = append([]*inventory.Resource{{
		ARN: "arn:aws:s3:::b", Type: "AWS::S3::Bucket", Account: a.ID, HasPolicy: inventory.None, HasTags: inventory.None,
		S3: &inventory.S3{Ownership: "BucketOwnerEnforced", HasACL: inventory.Have},
	}}, more...)
	inv := &inventory.Inventory{Accounts: []*inventory.Account{a}}
	return finished(t, inv)
}

func bucketReading(name, condition string) *inventory.Resource {
	return &inventory.Resource{
		ARN: "arn:aws:s3:::" + name, Type: "AWS::S3::Bucket", Account: "111111111111", HasPolicy: inventory.Have, HasTags: inventory.None,
		S3:     &inventory.S3{Ownership: "BucketOwnerEnforced", HasACL: inventory.Have},
		Policy: policy.Parse([]byte(fmt.Sprintf(`{"Version":"2012-10-17","Statement":{"Effect":"Deny","Principal":"*","Action":"s3:PutObject","Resource":"arn:aws:s3:::%s/*","Condition":{%s}}}`, name, condition)), policy.Resource),
	}
}

// What earlier calls passed on decides who reaches the bucket. want is "yes",
// "no", or "unsure": listed, and what was not followed is said.
func TestWhatChainsCarry(t *testing.T) {
	t.Parallel()
	const (
		enter = `{"Effect":"Allow","Principal":{"AWS":"u"},"Action":"sts:AssumeRole"},`
		tag   = `{"Effect":"Allow","Principal":{"AWS":"u"},"Action":"sts:TagSession","Condition":{%s}}`
		named = `{"Effect":"Allow","Principal":{"AWS":"u"},"Action":"sts:AssumeRole","Condition":{"StringEquals":{"sts:RoleSessionName":"${aws:username}"}}}`
		red   = `"StringEquals":{"aws:PrincipalTag/team":"red"}`
	)
	many := []*inventory.Resource{}
	for _, k := range []string{"a", "b", "c", "d", "e"} {
		many = append(many, bucketReading("other-"+k, `"StringEquals":{"aws:PrincipalTag/`+k+`":"x"}`))
	}
	second := func(condition string) string {
		return `{"Effect":"Allow","Principal":{"AWS":"r1"},"Action":"sts:AssumeRole"},{"Effect":"Allow","Principal":{"AWS":"r1"},"Action":"sts:TagSession","Condition":{` + condition + `}}`
	}
	first := [3]string{"r1", enter + fmt.Sprintf(tag, `"StringEquals":{"aws:RequestTag/team":"red"}`), "-"}
	tests := []struct {
		name  string
		roles [][3]string
		more  []*inventory.Resource
		want  string
	}{
		{name: "E145 one value may be passed", roles: [][3]string{{"r1", enter + fmt.Sprintf(tag, `"StringEquals":{"aws:RequestTag/team":"red"}`), red}}, want: "yes"},
		{name: "E145 and no other", roles: [][3]string{{"r1", enter + fmt.Sprintf(tag, `"StringEquals":{"aws:RequestTag/team":"blue"}`), red}}, want: "no"},
		{name: "E48 a name in the list of names, as it is spelled", roles: [][3]string{{"r1", enter + fmt.Sprintf(tag, `"ForAllValues:StringEquals":{"aws:TagKeys":["Team"]}`), red}}, want: "yes"},
		{name: "E145 other names only", roles: [][3]string{{"r1", enter + fmt.Sprintf(tag, `"ForAllValues:StringEquals":{"aws:TagKeys":["env"]}`), red}}, want: "no"},
		{name: "E228 tags that others read make no difference", roles: [][3]string{{"r1", enter + fmt.Sprintf(tag, `"StringEquals":{"aws:RequestTag/team":"blue"}`), red}}, more: many, want: "no"},
		{name: "E142 the session is named after the caller", roles: [][3]string{{"r1", named, `"StringLike":{"aws:userid":"*:u"}`}}, want: "yes"},
		{name: "E142 and after nobody else", roles: [][3]string{{"r1", named, `"StringLike":{"aws:userid":"*:v"}`}}, want: "no"},
		{name: "E228 one's own value may be handed on", roles: [][3]string{first, {"r2", second(`"StringEquals":{"aws:RequestTag/team":"${aws:PrincipalTag/team}"}`), red}}, want: "yes"},
		{name: "E228 or one of two", roles: [][3]string{first, {"r2", second(`"StringEquals":{"aws:RequestTag/team":["${aws:PrincipalTag/team}","green"]}`), `"StringEquals":{"aws:PrincipalTag/team":"blue"}`}}, want: "no"},
		{name: "E228 something that begins with it", roles: [][3]string{first, {"r2", second(`"StringLike":{"aws:RequestTag/team":"${aws:PrincipalTag/team}-*"}`), `"StringEquals":{"aws:PrincipalTag/team":"blue-x"}`}}, want: "unsure"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s, err := solver.New(solver.Config{Inventory: chainOf(t, tt.roles, tt.more...)})
			if err != nil {
				t.Fatal(err)
			}
			ans, err := s.WhoCan("b", []string{"s3:GetObject"})
			if err != nil {
				t.Fatal(err)
			}
			got := "no"
			if slices.ContainsFunc(ans.Access, func(a solver.Access) bool { return strings.HasSuffix(a.Principal, "user/u") }) {
				got = "yes"
				if !ans.Complete {
					got = "unsure"
				}
			}
			if got != tt.want {
				t.Errorf("got %s, want %s: %+v %v", got, tt.want, ans.Access, ans.Unknown)
			}
		})
	}
}
