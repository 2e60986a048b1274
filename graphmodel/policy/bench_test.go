package policy_test

import (
	"testing"

	"pathfinder/graphmodel/arn"
	"pathfinder/graphmodel/policy"
)

// typical is a policy as people write them.
const typical = `{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Sid": "ReadReports",
      "Effect": "Allow",
      "Action": ["s3:GetObject", "s3:GetObjectVersion", "s3:ListBucket"],
      "Resource": ["arn:aws:s3:::reports", "arn:aws:s3:::reports/*"],
      "Condition": {
        "StringEquals": {"aws:PrincipalTag/team": ["red", "blue"]},
        "IpAddress": {"aws:SourceIp": ["10.0.0.0/8", "203.0.113.0/24"]}
      }
    },
    {
      "Sid": "HomeFolder",
      "Effect": "Allow",
      "Action": "s3:*",
      "Resource": "arn:aws:s3:::home/${aws:username}/*"
    },
    {
      "Sid": "NoDeleting",
      "Effect": "Deny",
      "Action": ["s3:Delete*", "s3:PutBucketPolicy"],
      "Resource": "*",
      "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}
    }
  ]
}`

var request = policy.Values{
	"aws:principaltag/team":      policy.Single("blue"),
	"aws:sourceip":               policy.Single("203.0.113.9"),
	"aws:username":               policy.Single("ann"),
	"aws:multifactorauthpresent": policy.Single("true"),
	"aws:multifactorauthage":     policy.Single("600"),
	"aws:currenttime":            policy.Single("2026-01-31T10:00:00Z"),
	"aws:principalarn":           policy.Single("arn:aws:iam::111111111111:role/team/app"),
	"aws:tagkeys":                policy.List([]string{"team", "cost"}),
}

// matches asks a statement about reading one report.
func matches(s *policy.Statement) bool {
	if !s.MatchAction("s3", "getobject") {
		return false
	}
	covered := false
	for i := range s.Resources {
		p, _, _ := s.Resources[i].Expand(request)
		covered = covered || p.Match("arn:aws:s3:::reports/2026/03.csv") == arn.Exact
	}
	for i := range s.Conditions {
		covered = covered && s.Conditions[i].Test(request) == policy.True
	}
	return covered
}

// Deciding asks these questions millions of times.
func TestMatchingDoesNotAllocate(t *testing.T) {
	conditions := []policy.Condition{
		policy.NewCondition("StringEquals", "aws:PrincipalTag/team", v("red", "blue")),
		policy.NewCondition("StringEqualsIgnoreCase", "aws:PrincipalTag/team", v("RED", "BLUE")),
		policy.NewCondition("StringLike", "aws:PrincipalTag/team", v("b*")),
		policy.NewCondition("IpAddress", "aws:SourceIp", v("10.0.0.0/8", "203.0.113.0/24")),
		policy.NewCondition("NumericLessThan", "aws:MultiFactorAuthAge", v("900")),
		policy.NewCondition("DateLessThan", "aws:CurrentTime", v("2027-01-01T00:00:00Z")),
		policy.NewCondition("Bool", "aws:MultiFactorAuthPresent", v("true")),
		policy.NewCondition("ArnLike", "aws:PrincipalArn", v("arn:aws:iam::*:role/*")),
		policy.NewCondition("Null", "aws:TokenIssueTime", v("true")),
		policy.NewCondition("ForAllValues:StringEquals", "aws:TagKeys", v("team", "cost")),
	}
	for i := range conditions {
		c := &conditions[i]
		t.Run(c.Operator.String(), func(t *testing.T) {
			if c.Test(request) != policy.True {
				t.Fatalf("%v %v does not hold", c.Key, c.Values)
			}
			if n := testing.AllocsPerRun(100, func() { c.Test(request) }); n != 0 {
				t.Errorf("%v allocations, want none", n)
			}
		})
	}
	d := policy.Parse([]byte(typical), policy.Identity)
	for _, i := range []int{0, 2} { // statement 1 has a variable to fill in
		if n := testing.AllocsPerRun(100, func() { matches(d.Statements[i]) }); n != 0 {
			t.Errorf("statement %d: %v allocations, want none", i, n)
		}
	}
	if !matches(d.Statements[0]) || matches(d.Statements[1]) || matches(d.Statements[2]) {
		t.Error("the wrong statements match")
	}
}

func BenchmarkParse(b *testing.B) {
	text := []byte(typical)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		if len(policy.Parse(text, policy.Identity).Faults) != 0 {
			b.Fatal("faults")
		}
	}
}

func BenchmarkReview(b *testing.B) {
	d := policy.Parse([]byte(typical), policy.Identity)
	for b.Loop() {
		if len(d.Review()) != 0 {
			b.Fatal("faults")
		}
	}
}

func BenchmarkStatementMatch(b *testing.B) {
	s := policy.Parse([]byte(typical), policy.Identity).Statements[0]
	b.ReportAllocs()
	for b.Loop() {
		if !matches(s) {
			b.Fatal("no match")
		}
	}
}

func BenchmarkConditionTest(b *testing.B) {
	c := policy.NewCondition("ArnLike", "aws:PrincipalArn", v("arn:aws:iam::*:role/*"))
	b.ReportAllocs()
	for b.Loop() {
		if c.Test(request) != policy.True {
			b.Fatal("does not hold")
		}
	}
}
