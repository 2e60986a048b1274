package solver_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
	"pathfinder/solver"
)

// randomOrg draws two or three accounts with a few users, roles that trust each
// other in all ways, and a bucket each.
func randomOrg(t *rapid.T) *inventory.Inventory {
	inv := &inventory.Inventory{}
	ids := []string{"111111111111", "222222222222", "333333333333"}[:rapid.IntRange(1, 3).Draw(t, "accounts")]
	var names, roles, buckets []string
	for _, id := range ids {
		names = append(names, "arn:aws:iam::"+id+":user/u", "arn:aws:iam::"+id+":role/r1", "arn:aws:iam::"+id+":role/path/r2")
		roles = append(roles, "arn:aws:iam::"+id+":role/r1", "arn:aws:iam::"+id+":role/path/r2")
		buckets = append(buckets, "arn:aws:s3:::bucket-"+id[:1])
	}
	who := rapid.SampledFrom(slices.Concat(names, ids, []string{"*", "ec2.amazonaws.com"}))
	for _, id := range ids {
		a := &inventory.Account{ID: id, IAM: true, Partition: "aws"}
		for _, n := range names {
			if !strings.Contains(n, ":"+id+":") {
				continue
			}
			p := &inventory.Principal{ARN: n, Account: a, Path: "/", Kind: inventory.User, Name: n[strings.LastIndex(n, "/")+1:]}
			p.Inline = []*inventory.Policy{{Name: "p", Doc: policy.Parse([]byte(randomIdentity(t, roles, buckets)), policy.Identity)}}
			if rapid.IntRange(0, 5).Draw(t, "bounded") == 0 {
				p.Boundary = &inventory.Policy{Name: "b", ARN: "arn:aws:iam::" + id + ":policy/b", Doc: policy.Parse([]byte(randomIdentity(t, roles, buckets)), policy.Boundary)}
			}
			if strings.Contains(n, ":role/") {
				p.Kind = inventory.Role
				p.Trust = policy.Parse([]byte(randomTrust(t, who)), policy.Trust)
				a.Held().Roles = append(a.Held().Roles, p)
				continue
			}
			a.Held().Users = append(a.Held().Users, p)
		}
		b := &inventory.Resource{
			ARN: "arn:aws:s3:::bucket-" + id[:1], Type: "AWS::S3::Bucket", Account: id, HasPolicy: inventory.None,
			S3: &inventory.S3{Ownership: "BucketOwnerEnforced", HasACL: inventory.Have}, HasTags: inventory.None,
		}
		if rapid.Bool().Draw(t, "bucket policy") {
			b.Policy, b.HasPolicy = policy.Parse([]byte(randomBucketPolicy(t, who, b.ARN)), policy.Resource), inventory.Have
		}
		a.Held().Resources = append(a.Held().Resources, b)
		inv.Accounts = append(inv.Accounts, a)
	}
	return finished(t, inv)
}

var randomConditions = rapid.SampledFrom([]string{
	"", "", "", `,"Condition":{"Bool":{"aws:MultiFactorAuthPresent":"true"}}`,
	`,"Condition":{"IpAddress":{"aws:SourceIp":"10.0.0.0/8"}}`, `,"Condition":{"StringEquals":{"sts:ExternalId":"x"}}`,
})

func effect(t *rapid.T) string {
	return rapid.SampledFrom([]string{"Allow", "Allow", "Allow", "Deny"}).Draw(t, "effect")
}

func statements(t *rapid.T, one func() string) string {
	list := make([]string, rapid.IntRange(0, 3).Draw(t, "statements"))
	for i := range list {
		list[i] = one()
	}
	return `{"Version":"2012-10-17","Statement":[` + strings.Join(list, ",") + `]}`
}

func randomIdentity(t *rapid.T, roles, buckets []string) string {
	res := append([]string{"*"}, roles...)
	for _, b := range buckets {
		res = append(res, b, b+"/*", b+"/dir/*")
	}
	action := rapid.SampledFrom([]string{"*", "s3:*", "s3:GetObject", "sts:AssumeRole", "s3:List*"})
	return statements(t, func() string {
		return fmt.Sprintf(`{"Effect":%q,"Action":%q,"Resource":%q%s}`, effect(t), action.Draw(t, "action"),
			rapid.SampledFrom(res).Draw(t, "resource"), randomConditions.Draw(t, "condition"))
	})
}

func randomTrust(t *rapid.T, who *rapid.Generator[string]) string {
	return statements(t, func() string {
		return fmt.Sprintf(`{"Effect":%q,"Principal":%s,"Action":"sts:AssumeRole"%s}`, effect(t), principal(who.Draw(t, "who")), randomConditions.Draw(t, "condition"))
	})
}

func randomBucketPolicy(t *rapid.T, who *rapid.Generator[string], bucket string) string {
	res := rapid.SampledFrom([]string{bucket, bucket + "/*", bucket + "/dir/*", bucket + "/dir/sub/*"})
	action := rapid.SampledFrom([]string{"s3:*", "s3:GetObject", "s3:ListBucket"})
	return statements(t, func() string {
		return fmt.Sprintf(`{"Effect":%q,"Principal":%s,"Action":%q,"Resource":%q%s}`, effect(t), principal(who.Draw(t, "who")),
			action.Draw(t, "action"), res.Draw(t, "resource"), randomConditions.Draw(t, "condition"))
	})
}

func principal(text string) string {
	switch {
	case text == "*":
		return `"*"`
	case strings.Contains(text, ".amazonaws"):
		return fmt.Sprintf(`{"Service":%q}`, text)
	}
	return fmt.Sprintf(`{"AWS":%q}`, text)
}

// Law: who-can with an action, can, and Decide agree for every pair of a
// principal and an object.
func TestAnswersAgreeWithDecide(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		inv := randomOrg(t)
		s := newSolver(t, inv)
		a := inv.Accounts[rapid.IntRange(0, len(inv.Accounts)-1).Draw(t, "account")]
		object := a.Held().Resources[0].ARN + rapid.SampledFrom([]string{"/a", "/dir/a", "/dir/sub/a"}).Draw(t, "object")
		who, err := s.WhoCan(object, []string{"s3:GetObject"})
		if err != nil {
			t.Fatal(err)
		}
		for _, acct := range inv.Accounts {
			for _, p := range acct.Principals() {
				want := verdict(t, s, p.ARN, "s3:GetObject", object)
				if got := direct(who.Access, p.ARN); got != want {
					t.Fatalf("who-can says %q of %s on %s, Decide %q\n%s", got, p.ARN, object, want, dump(inv))
				}
				can, err := s.Can(p.ARN, object, []string{"s3:GetObject"})
				if err != nil {
					t.Fatal(err)
				}
				if got := direct(can.Access, p.ARN); got != want {
					t.Fatalf("can says %q of %s on %s, Decide %q\n%s", got, p.ARN, object, want, dump(inv))
				}
				reach(t, s, inv, p, object, who.Access, can.Access)
			}
		}
	})
}

func verdict(t *rapid.T, s *solver.Solver, who, action, resource string) string {
	d, err := s.Decide(solver.Question{Principal: who, Action: action, Resource: resource})
	if err != nil {
		t.Fatal(err)
	}
	return map[solver.Verdict]string{solver.Granted: "allowed", solver.Conditional: "allowed if"}[d.Verdict()]
}

// direct sums up the entries of one principal without hops.
func direct(list []solver.Access, who string) string {
	out := ""
	for _, a := range list {
		if a.Principal != who || len(a.Path) != 1 {
			continue
		}
		if out = "allowed if"; !a.Conditional() {
			return "allowed"
		}
	}
	return out
}

// reach compares the roles at the ends of the paths of both answers with the
// fixpoint of Decide on sts:AssumeRole.
func reach(t *rapid.T, s *solver.Solver, inv *inventory.Inventory, p *inventory.Principal, object string, who, can []solver.Access) {
	reached := map[string]bool{}
	for queue := []string{p.ARN}; len(queue) > 0; queue = queue[1:] {
		for _, a := range inv.Accounts {
			for _, r := range a.Held().Roles {
				if !reached[r.ARN] && r.ARN != p.ARN && verdict(t, s, queue[0], "sts:AssumeRole", r.ARN) != "" {
					reached[r.ARN] = true
					queue = append(queue, r.ARN)
				}
			}
		}
	}
	want := []string{}
	for r := range reached {
		if verdict(t, s, r, "s3:GetObject", object) != "" {
			want = append(want, r)
		}
	}
	slices.Sort(want)
	for name, list := range map[string][]solver.Access{"who-can": who, "can": can} {
		got := []string{}
		for _, a := range list {
			if a.Principal == p.ARN && len(a.Path) > 1 {
				got = append(got, a.Path[len(a.Path)-1].Principal)
			}
		}
		slices.Sort(got)
		if got = slices.Compact(got); !slices.Equal(got, want) {
			t.Fatalf("%s: %s reaches %s through %v, Decide says %v\n%s", name, p.ARN, object, got, want, dump(inv))
		}
	}
}

// dump writes an organization so that a failure can be read.
func dump(inv *inventory.Inventory) string {
	var b strings.Builder
	inv.Documents(func(owner string, p *inventory.Policy) {
		fmt.Fprintf(&b, "%s %s %s\n", owner, p.Name, p.Doc.Text())
	})
	return b.String()
}
