package solver_test

import (
	"slices"
	"strings"
	"testing"

	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
	"pathfinder/solver"
)

// Whom a role names by the number of their account is no part of anybody there, whoever
// anybody is at another role that was asked about before.
func TestDiffTellsOneAnybodyFromAnother(t *testing.T) {
	t.Parallel()
	const (
		all   = `{"Effect":"Allow","Principal":"*","Action":"sts:AssumeRole"}`
		one   = all + `,{"Effect":"Deny","Principal":"*","Action":"sts:AssumeRole","Condition":{"StringNotEquals":{"aws:PrincipalAccount":"888888888888"}}}`
		queue = "arn:aws:sqs:eu-central-1:222222222222:q"
	)
	account := func(id, trust string) *inventory.Account {
		a := &inventory.Account{ID: id, IAM: true, Partition: "aws"}
		role := "arn:aws:iam::" + id + ":role/app"
		a.Held().Roles = []*inventory.Principal{{ARN: role, Account: a, Kind: inventory.Role, Name: "app", Path: "/", Trust: cutDoc(policy.Trust, trust)}}
		a.Held().Resources = []*inventory.Resource{{
			ARN: "arn:aws:sqs:eu-central-1:" + id + ":q", Type: "AWS::SQS::Queue", Account: id, HasPolicy: inventory.Have, HasTags: inventory.Have,
			Policy: cutDoc(policy.Resource, `{"Effect":"Allow","Principal":{"AWS":"`+role+`"},"Action":"sqs:SendMessage","Resource":"*"}`),
		}}
		return a
	}
	world := func(both bool) *solver.Solver {
		a, b := account("111111111111", all), account("222222222222", one)
		if !both {
			a.Held().Resources = nil
		}
		return solverOf(t, a, b)
	}
	for _, thorough := range []bool{false, true} {
		ans, err := solver.Diff(world(true), world(false), solver.DiffQuestion{Actions: []string{"sqs:SendMessage"}, Thorough: thorough})
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range slices.Concat(ans.Lost, ans.Gained) {
			if e.Resource == queue {
				t.Errorf("thorough %v: access of %s to the queue is told to differ, by %v", thorough, e.Principal, e.Path)
			}
		}
		if len(ans.Lost) == 0 {
			t.Errorf("thorough %v: nothing is lost", thorough)
		}
	}
}

// Anybody who becomes a role is held against what anybody may do with a bucket itself, in
// which those have no part whom the bucket names: also where only the role has changed.
func TestDiffKnowsAnybodyByTheBucket(t *testing.T) {
	t.Parallel()
	const (
		open   = `{"Effect":"Allow","Principal":"*","Action":"s3:*","Resource":["arn:aws:s3:::logs","arn:aws:s3:::logs/*"]}`
		fenced = open + `,{"Effect":"Deny","NotPrincipal":{"AWS":"arn:aws:iam::222222222222:root"},"Action":"s3:Get*","NotResource":"arn:aws:s3:::logs","Condition":{"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::888888888888:role/*"},"NotIpAddress":{"aws:SourceIp":"10.1.0.0/16"}}}`
		shut   = `{"Effect":"Deny","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::logs/*"}`
	)
	world := func(effect, bucket string) *solver.Solver {
		a := &inventory.Account{ID: "111111111111", IAM: true, Partition: "aws", PublicAccessBlock: inventory.PublicAccessBlock{Known: inventory.None}}
		a.Held().Roles = []*inventory.Principal{{
			ARN: "arn:aws:iam::111111111111:role/r", Account: a, Kind: inventory.Role, Name: "r", Path: "/",
			Trust:  cutDoc(policy.Trust, `{"Effect":"Allow","Principal":"*","Action":"sts:AssumeRole"}`),
			Inline: []*inventory.Policy{{Name: "p", Doc: cutDoc(policy.Identity, `{"Effect":"`+effect+`","Action":"s3:*","Resource":"*"}`)}},
		}}
		a.Held().Resources = []*inventory.Resource{{
			ARN: "arn:aws:s3:::logs", Type: "AWS::S3::Bucket", Account: a.ID, HasTags: inventory.Have, HasPolicy: inventory.Have,
			Policy: cutDoc(policy.Resource, bucket), S3: &inventory.S3{Ownership: "BucketOwnerEnforced", HasACL: inventory.Have, PublicAccessBlock: inventory.PublicAccessBlock{Known: inventory.None}},
		}}
		return solverOf(t, a)
	}
	for _, tt := range []struct {
		bucket string
		want   int
	}{
		{fenced, 0}, // anybody may read it anyway
		{open + "," + strings.Replace(shut, `"Principal":"*"`, `"NotPrincipal":{"AWS":["arn:aws:iam::111111111111:role/r","arn:aws:iam::111111111111:root","arn:aws:sts::111111111111:assumed-role/r/s"]}`, 1), 1},
	} {
		for _, thorough := range []bool{false, true} {
			ans, err := solver.Diff(world("Deny", tt.bucket), world("Allow", tt.bucket), solver.DiffQuestion{Actions: []string{"s3:GetObject", "s3:PutObject"}, Thorough: thorough})
			if err != nil {
				t.Fatal(err)
			}
			n := 0
			for _, e := range ans.Gained {
				if e.Principal == "*" && e.Resource == "arn:aws:s3:::logs" {
					n++
				}
			}
			if n != tt.want || len(ans.Lost) > 0 {
				t.Errorf("thorough %v, %s: anybody gains %d times, want %d; %d lost, unknown %v", thorough, tt.bucket, n, tt.want, len(ans.Lost), ans.Unknown)
			}
		}
	}
}
