package solver_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
	"pathfinder/solver"
)

// chainConditions are the conditions of random trust policies on a chain.
var chainConditions = []string{
	"", "", `"StringEquals":{"aws:RequestTag/t":"a"}`, `"StringEquals":{"aws:RequestTag/t":["a","b"]}`, `"Null":{"aws:RequestTag/t":"true"}`,
	`"StringEquals":{"aws:PrincipalTag/t":"a"}`, `"StringNotEquals":{"aws:PrincipalTag/t":"a"}`, `"Null":{"aws:PrincipalTag/t":"true"}`,
	`"StringEqualsIfExists":{"aws:RequestTag/t":"b"}`, `"ForAllValues:StringEquals":{"aws:TagKeys":["u"]}`, `"ForAnyValue:StringEquals":{"aws:TagKeys":["t"]}`,
	`"ForAllValues:StringEquals":{"sts:TransitiveTagKeys":["u"]}`, `"ForAnyValue:StringEquals":{"sts:TransitiveTagKeys":["t"]}`,
	`"StringEquals":{"sts:SourceIdentity":"ann"}`, `"StringEquals":{"aws:SourceIdentity":"ann"}`, `"Null":{"aws:SourceIdentity":"true"}`,
	`"StringEquals":{"aws:RequestTag/t":"${aws:PrincipalTag/t}"}`, `"StringEquals":{"aws:PrincipalTag/t":"${aws:RequestTag/t}"}`,
	`"Null":{"sts:SourceIdentity":"false"}`, `"StringEquals":{"aws:ResourceTag/t":"a"}`,
}

// chainEnds are the statements about the bucket at the end of a chain.
var chainEnds = []string{
	`"Resource":"*"`, `"Resource":"*","Condition":{"StringEquals":{"aws:PrincipalTag/t":"a"}}`, `"Resource":"*","Condition":{"StringEquals":{"aws:PrincipalTag/t":"b"}}`,
	`"Resource":"*","Condition":{"Null":{"aws:PrincipalTag/t":"true"}}`, `"Resource":"*","Condition":{"StringLike":{"aws:SourceIdentity":"a*"}}`,
	`"Resource":"*","Condition":{"Null":{"aws:SourceIdentity":"true"}}`, `"Resource":"arn:aws:s3:::data/${aws:PrincipalTag/t}"`,
}

const chainAccount = "111111111111"

func role(name string) string { return "arn:aws:iam::" + chainAccount + ":role/" + name }

// drawChain draws a user u, roles r1 to r3, and a bucket that r3 may read: each
// role trusts u and the roles before it.
func drawChain(t *rapid.T) *inventory.Inventory {
	a := &inventory.Account{ID: chainAccount, IAM: true, Partition: "aws"}
	user := &inventory.Principal{ARN: "arn:aws:iam::" + chainAccount + ":user/u", Account: a, Kind: inventory.User, Name: "u", Path: "/", Tags: drawTags(t)}
	a.Held().Users = append(a.Held().Users, user)
	from := `["` + user.ARN + `"`
	for i := range 3 {
		list := make([]string, 0, 3)
		for _, action := range []string{"sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"} {
			if action != "sts:AssumeRole" && rapid.IntRange(0, 2).Draw(t, action) == 0 {
				continue
			}
			list = append(list, fmt.Sprintf(`{"Effect":"Allow","Principal":{"AWS":%s]},"Action":%q,"Condition":{%s}}`, from, action,
				rapid.SampledFrom(chainConditions).Draw(t, "condition")))
		}
		name := fmt.Sprintf("r%d", i+1)
		from += `,"` + role(name) + `"`
		r := &inventory.Principal{
			ARN: role(name), Account: a, Kind: inventory.Role, Name: name, Path: "/", Tags: drawTags(t),
			Trust: policy.Parse([]byte(`{"Version":"2012-10-17","Statement":[`+strings.Join(list, ",")+`]}`), policy.Trust),
		}
		if i == 2 {
			end := `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject",` + rapid.SampledFrom(chainEnds).Draw(t, "end") + `}]}`
			r.Inline = []*inventory.Policy{{Name: "read", Doc: policy.Parse([]byte(end), policy.Identity)}}
		}
		a.Held().Roles = append(a.Held().Roles, r)
	}
	a.Held().Resources = []*inventory.Resource{{
		ARN: "arn:aws:s3:::data", Type: "AWS::S3::Bucket", Account: chainAccount, HasPolicy: inventory.None, HasTags: inventory.None,
		S3: &inventory.S3{Ownership: "BucketOwnerEnforced", HasACL: inventory.Have},
	}}
	inv := &inventory.Inventory{Accounts: []*inventory.Account{a}}
	return finished(t, inv)
}

func drawTags(t *rapid.T) map[string]string {
	if v := rapid.SampledFrom([]string{"", "a", "b"}).Draw(t, "tag"); v != "" {
		return map[string]string{"t": v}
	}
	return map[string]string{}
}

// A carrier is a principal of a chain with what it carries.
type carrier struct {
	arn        string
	tags       map[string]string
	transitive bool // its tag t rides along
	source     string
}

func (c carrier) same(o carrier) bool {
	return c.arn == o.arn && maps.Equal(c.tags, o.tags) && c.transitive == o.transitive && c.source == o.source
}

// chains tries every choice of the calls along a chain, one request at a time.
type chains struct {
	t *rapid.T
	s *solver.Solver
}

func (c *chains) allows(from *carrier, action, resource string, ctx map[string]policy.Value) bool {
	one, err := c.s.Case(solver.Question{Principal: from.arn, Action: action, Resource: resource})
	if err != nil {
		c.t.Fatal(err)
	}
	one.Caller.Tags, one.Caller.HasTags = from.tags, true
	values := map[string]policy.Value{}
	for k, v := range ctx {
		if solver.ValueIn(one, k).State == policy.Open { // not every action carries the keys of the call
			values[k] = v
		}
	}
	one.Context = solver.Context{Complete: true, Values: values}
	if from.source != "" {
		one.Context.Values["aws:sourceidentity"] = policy.Single(from.source)
	}
	d := solver.Decide(one)
	return d.Outcome == solver.Allowed
}

// become lists the sessions of a role that a carrier can get.
func (c *chains) become(from carrier, to *inventory.Principal) (out []carrier) {
	tags, sources := []string{"", "a", "b", "c"}, []string{"", "ann", "bob"}
	if from.transitive {
		tags = []string{from.tags["t"]} // what rides along is passed, too (E147)
	}
	if from.source != "" {
		sources = []string{from.source} // it can't be changed (E148)
	}
	for _, tag := range tags {
		for _, source := range sources {
			for _, transitive := range []bool{false, true} {
				if transitive && tag == "" { // of a tag that rides along AWS leaves open whether the call lists it
					continue
				}
				ctx := map[string]policy.Value{}
				if tag != "" {
					ctx["aws:requesttag/t"], ctx["aws:tagkeys"] = policy.Single(tag), policy.List([]string{"t"})
				}
				if transitive {
					ctx["sts:transitivetagkeys"] = policy.List([]string{"t"})
				}
				if source != "" {
					ctx["sts:sourceidentity"] = policy.Single(source)
				}
				if !c.allows(&from, "sts:AssumeRole", to.ARN, ctx) || tag != "" && !c.allows(&from, "sts:TagSession", to.ARN, ctx) ||
					source != "" && !c.allows(&from, "sts:SetSourceIdentity", to.ARN, ctx) {
					continue
				}
				next := carrier{arn: to.ARN, tags: maps.Clone(to.Tags), transitive: transitive || from.transitive, source: source}
				if tag != "" {
					next.tags["t"] = tag
				}
				out = append(out, next)
			}
		}
	}
	return out
}

// along reports whether a path goes through just these roles.
func along(path []solver.Step, way []*inventory.Principal) bool {
	return slices.EqualFunc(path[1:], way, func(s solver.Step, r *inventory.Principal) bool { return s.Principal == r.ARN })
}

// shorter reports whether the answer may leave a way out, because from the start
// or from a role on it a shorter way asks for nothing.
func shorter(list []solver.Access, start string, way []*inventory.Principal) bool {
	for i, left := 0, len(way); left > 1; i, left = i+1, left-1 {
		if slices.ContainsFunc(list, func(x solver.Access) bool {
			return x.Principal == start && len(x.Path) <= left && len(x.Path) > 1 && !x.Conditional()
		}) {
			return true
		}
		start = way[i].ARN
	}
	return false
}

// Law: a chain is in the answer exactly when some choice of session tags and
// source identity gets through, and its grants hold for exactly the values that
// arrive (E145 to E148, E226 to E229).
func TestChainsCarryTags(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		inv := drawChain(t)
		s := newSolver(t, inv)
		object := "arn:aws:s3:::data/" + rapid.SampledFrom([]string{"a", "b"}).Draw(t, "object")
		ans, err := s.WhoCan(object, []string{"s3:GetObject"})
		if err != nil {
			t.Fatal(err)
		}
		c := &chains{t, s}
		a := inv.Accounts[0]
		start := carrier{arn: a.Held().Users[0].ARN, tags: a.Held().Users[0].Tags}
		for _, way := range [][]*inventory.Principal{a.Held().Roles[2:], a.Held().Roles[1:], a.Held().Roles} {
			sessions := []carrier{start}
			for _, to := range way {
				var next []carrier
				for _, from := range sessions {
					for _, one := range c.become(from, to) {
						if !slices.ContainsFunc(next, one.same) {
							next = append(next, one)
						}
					}
				}
				sessions = next
			}
			want := slices.ContainsFunc(sessions, func(from carrier) bool { return c.allows(&from, "s3:GetObject", object, map[string]policy.Value{}) })
			got := slices.ContainsFunc(ans.Access, func(x solver.Access) bool { return x.Principal == start.arn && along(x.Path, way) })
			if got != want && !(want && shorter(ans.Access, start.arn, way)) {
				t.Fatalf("%d hops: the answer says %v, trying every choice %v\n%s\ntags %v %v %v %v",
					len(way), got, want, dump(inv), start.tags, a.Held().Roles[0].Tags, a.Held().Roles[1].Tags, a.Held().Roles[2].Tags)
			}
		}
	})
}
