package audit

import (
	"fmt"
	"slices"
	"strings"

	"pathfinder/graphmodel/arn"
	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
)

// A store is a service that holds data, with the calls that read what is in one thing, those
// that change it and those that destroy it, and the ARN of any of its things: of a partition, region and account.
type store struct {
	name         string
	reads        []string
	writes       []string
	destroys     []string
	things       string
	wholeAccount bool // reading it opens what an account protects most
}

// stores are services that hold data. Where a thing's region and account are not in its
// ARN, the pattern has none.
var stores = []store{
	// An object without versions is read as the version "null", too.
	{"S3", []string{"s3:GetObject", "s3:GetObjectVersion"}, []string{"s3:PutObject"}, []string{"s3:DeleteObject", "s3:DeleteObjectVersion"}, "arn:%[1]s:s3:::*/*", true},
	{
		"DynamoDB",
		[]string{"dynamodb:Scan", "dynamodb:Query", "dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:PartiQLSelect"},
		[]string{"dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:BatchWriteItem", "dynamodb:PartiQLInsert", "dynamodb:PartiQLUpdate"},
		[]string{"dynamodb:DeleteTable", "dynamodb:DeleteItem", "dynamodb:PartiQLDelete"},
		"arn:%[1]s:dynamodb:%[2]s:%[3]s:table/*", false,
	},
	{
		"Secrets Manager",
		[]string{"secretsmanager:GetSecretValue"},
		[]string{"secretsmanager:PutSecretValue", "secretsmanager:UpdateSecret"},
		[]string{"secretsmanager:DeleteSecret"},
		"arn:%[1]s:secretsmanager:%[2]s:%[3]s:secret:*", true,
	},
	{
		"Systems Manager parameters",
		[]string{"ssm:GetParameter", "ssm:GetParameters", "ssm:GetParametersByPath", "ssm:GetParameterHistory"},
		[]string{"ssm:PutParameter"},
		[]string{"ssm:DeleteParameter", "ssm:DeleteParameters"},
		"arn:%[1]s:ssm:%[2]s:%[3]s:parameter/*", false,
	},
	{"SQS", []string{"sqs:ReceiveMessage"}, []string{"sqs:SendMessage"}, []string{"sqs:PurgeQueue", "sqs:DeleteQueue"}, "arn:%[1]s:sqs:%[2]s:%[3]s:*", false},
}

// A holding is what an account has in a store: in all regions, or in those that a pattern
// matches.
type holding struct {
	*store
	region string // "*" for all
}

// in returns the pattern of all things of a holding of an account.
func (h holding) in(a *inventory.Account) string {
	text := fmt.Sprintf(h.things, a.Partition, h.region, a.ID)
	text, _, _ = strings.Cut(text, "%!") // what the ARN has no place for
	return text
}

// unnamed is what a thing is called that no policy means: who may read it may read all but
// what policies name.
const unnamed = "one-that-no-policy-means"

// ones returns the ARN of a thing of a holding that policies do not mean: in any region of it,
// which has as many letters as names of regions do, as "*" would match more than a region.
func (h holding) ones(a *inventory.Account) (out []string) {
	for _, letters := range []int{9, 12, 14, 10, 13, 11} {
		before, after, more := strings.Cut(h.region, "*")
		after = strings.ReplaceAll(after, "*", "")
		in := holding{h.store, before + strings.Repeat("?", max(0, letters-len(before)-len(after))) + after}
		parts := strings.SplitN(in.in(a), ":", 6)
		parts[5] = strings.ReplaceAll(parts[5], "*", unnamed)
		if out = append(out, strings.Join(parts, ":")); !more || parts[3] == "" {
			break
		}
	}
	return out
}

// String is how findings call it.
func (h holding) String() string {
	if h.region == "*" {
		return h.name
	}
	return h.name + " in " + h.region
}

// holdingsIn lists what a statement may open all of in a store: everything, or else what is
// in the regions that it names. Accounts have their data in one region or two.
func (s *store) holdingsIn(st *policy.Statement, acct *inventory.Account) (out []holding) {
	if all := (holding{s, "*"}); coversAll(st, all.in(acct)) {
		return []holding{all}
	}
	if st.NotResource || !strings.Contains(s.things, "%[2]s") {
		return nil
	}
	for _, r := range st.Resources {
		part := holding{s, arn.Region(r.Text)}
		if part.region != "" && !slices.Contains(out, part) && coversAll(st, part.in(acct)) {
			out = append(out, part)
		}
	}
	return out
}
