package solver_test

import (
	"strings"
	"testing"

	"pathfinder/solver"
)

// sample are realistic cases: what a scan of an organization asks most often.
var sample = []struct{ name, text string }{
	{"user allowed by one of ten policies", "U s3:GetObject O | scp +*@* | scp +*@* ; -organizations:*,account:*@*" + tenPolicies + " | idp +s3:GetObject,s3:ListBucket@data,data/*"},
	{"user denied by silence", "U dynamodb:PutItem arn:aws:dynamodb:us-east-1:A:table/t | scp +*@*" + tenPolicies},
	{"user denied by an SCP", "U ec2:RunInstances arn:aws:ec2:us-east-1:A:instance/* | ctx aws:RequestedRegion=eu-west-1 | scp +*@* ; -!iam:*,sts:*@* ?StringNotEquals aws:RequestedRegion=us-east-1 | idp +*@*"},
	{"role session with boundary", "S sqs:SendMessage Q | pb +sqs:*,sns:*@* | scp +*@*" + tenPolicies + " | idp +sqs:SendMessage@Q"},
	{"across accounts", "UB s3:GetObject O | scp +*@* | idp +s3:*@data,data/* | rcp -s3:*@* P=* ?StringNotEqualsIfExists aws:PrincipalOrgID=o-a | set org=o-a | s3 BucketOwnerEnforced restrict | rbp +s3:GetObject@data/* P=B ; -s3:*@data,data/* P=* ?Bool aws:SecureTransport=false"},
	{"role trust", "U sts:AssumeRole T | scp +*@* | idp +sts:AssumeRole@arn:aws:iam::*:role/target | rbp +sts:AssumeRole P=A"},
	{"key policy", "S kms:Decrypt K | scp +*@* | idp +kms:Decrypt@K | grant RB Decrypt | rbp +kms:*@* P=A ; +kms:Decrypt,kms:DescribeKey@* P=R ?StringEquals kms:CallerAccount=A"},
	{"open condition", "U s3:GetObject O | open | scp +*@* | idp +s3:GetObject@data/* ?IpAddress aws:SourceIp=203.0.113.0/24 | rbp -s3:*@data,data/* P=* ?Bool aws:SecureTransport=false"},
}

// tenPolicies speak about other things than the sample asks for.
var tenPolicies = strings.Repeat(" | idp +logs:CreateLogGroup,logs:PutLogEvents@arn:aws:logs:*:*:log-group:/app/* ; +ec2:Describe*@* ; +ssm:GetParameter*@arn:aws:ssm:*:A:parameter/app/*", 10)

func BenchmarkDecide(b *testing.B) {
	for _, s := range sample {
		b.Run(strings.ReplaceAll(s.name, " ", "-"), func(b *testing.B) {
			c := caseOf(b, s.text)
			n := 0
			b.ReportAllocs()
			for b.Loop() {
				d := solver.Decide(c)
				n += int(d.Outcome)
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "decisions/s")
		})
	}
}

func BenchmarkExplain(b *testing.B) {
	c := caseOf(b, sample[0].text)
	b.ReportAllocs()
	for b.Loop() {
		solver.Explain(c)
	}
}
