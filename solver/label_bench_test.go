package solver_test

import (
	"fmt"
	"testing"

	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
	"pathfinder/solver"
)

// benchAccount is an account of the usual kind: users with a handful of policies
// each, and a bucket with a policy.
func benchAccount(b *testing.B, users int) *solver.Solver {
	a := &inventory.Account{ID: "111111111111", IAM: true, Partition: "aws"}
	doc := func(kind policy.Kind, statements string) *policy.Document {
		return policy.Parse([]byte(`{"Version":"2012-10-17","Statement":[`+statements+`]}`), kind)
	}
	shared := []*inventory.Policy{
		{Name: "logs", ARN: "arn:aws:iam::111111111111:policy/logs", Doc: doc(policy.Identity, `{"Effect":"Allow","Action":["logs:CreateLogGroup","logs:PutLogEvents"],"Resource":"arn:aws:logs:*:*:log-group:/app/*"}`)},
		{Name: "see", ARN: "arn:aws:iam::111111111111:policy/see", Doc: doc(policy.Identity, `{"Effect":"Allow","Action":["ec2:Describe*","s3:ListAllMyBuckets","cloudwatch:Get*"],"Resource":"*"}`)},
	}
	for i := range users {
		name := fmt.Sprintf("u%d", i)
		u := &inventory.Principal{ARN: "arn:aws:iam::111111111111:user/" + name, Account: a, Kind: inventory.User, Name: name, Path: "/", Attached: shared}
		u.Inline = []*inventory.Policy{{Name: "own", Doc: doc(policy.Identity, fmt.Sprintf(`
			{"Effect":"Allow","Action":["s3:GetObject","s3:PutObject"],"Resource":["arn:aws:s3:::data/team-%d/*","arn:aws:s3:::data/shared/*"]},
			{"Effect":"Allow","Action":"s3:ListBucket","Resource":"arn:aws:s3:::data","Condition":{"StringLike":{"s3:prefix":["team-%d/*","shared/*"]}}},
			{"Effect":"Deny","Action":"s3:*","Resource":"arn:aws:s3:::data/shared/secret/*"}`, i%50, i%50))}}
		a.Held().Users = append(a.Held().Users, u)
	}
	a.Held().Resources = []*inventory.Resource{{
		ARN: "arn:aws:s3:::data", Type: "AWS::S3::Bucket", Account: a.ID, HasTags: inventory.None, HasPolicy: inventory.Have,
		S3: &inventory.S3{Ownership: "BucketOwnerEnforced", HasACL: inventory.Have},
		Policy: doc(policy.Resource, `
			{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":["arn:aws:s3:::data","arn:aws:s3:::data/*"],"Condition":{"Bool":{"aws:SecureTransport":"false"}}},
			{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::222222222222:root"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::data/shared/*"}`),
	}}
	inv := &inventory.Inventory{Accounts: []*inventory.Account{a}}
	return newSolver(b, finished(b, inv))
}

// The label of one principal on one bucket and its objects, for all 106 actions
// that apply.
func BenchmarkLabel(b *testing.B) {
	for _, users := range []int{1, 1000} {
		b.Run(fmt.Sprintf("principals-%d", users), func(b *testing.B) {
			s := benchAccount(b, users)
			var list []func() int
			for i := range users {
				f, err := s.LabelOf(fmt.Sprintf("arn:aws:iam::111111111111:user/u%d", i), "arn:aws:s3:::data")
				if err != nil {
					b.Fatal(err)
				}
				list = append(list, f)
			}
			if list[0]() == 0 {
				b.Fatal("nothing is allowed")
			}
			b.ReportAllocs()
			i := 0
			for b.Loop() {
				list[i%users]()
				i++
			}
		})
	}
}
