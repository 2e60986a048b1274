package solver_test

import (
	"slices"
	"strings"
	"testing"

	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
	"pathfinder/solver"
)

// allowing parses a policy that lets everybody named do everything.
func allowing(kind policy.Kind, principal string) *policy.Document {
	return policy.Parse([]byte(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow",`+principal+`"Action":"*","Resource":"*"}]}`), kind)
}

// reserve is an organization with a resource of each kind whose calls need
// more than one check: account A owns them, the users of A and B may do
// everything at home, and each policy names B.
func reserve(t *testing.T) *solver.Solver {
	t.Helper()
	a := &inventory.Account{ID: words["A"], IAM: true, Partition: "aws", CanonicalID: strings.Repeat("a", 64)}
	b := &inventory.Account{ID: words["B"], IAM: true, Partition: "aws"}
	m := &inventory.Account{ID: words["M"], IAM: true, Partition: "aws"}
	for _, x := range []struct {
		in  *inventory.Account
		arn string
	}{{a, words["U"]}, {b, words["UB"]}, {m, "arn:aws:iam::999999999999:user/max"}} {
		x.in.Held().Users = []*inventory.Principal{{
			Kind: inventory.User, ARN: x.arn, Path: "/", Account: x.in,
			Inline: []*inventory.Policy{{Name: "all", Doc: allowing(policy.Identity, "")}},
		}}
	}
	a.Held().Users = append(a.Held().Users, &inventory.Principal{
		Kind: inventory.User, ARN: "arn:aws:iam::111111111111:user/part", Path: "/", Account: a,
		Inline: []*inventory.Policy{{Name: "part", Doc: policy.Parse([]byte(`{"Version":"2012-10-17","Statement":[
			{"Effect":"Allow","Action":["lambda:InvokeFunctionUrl","glue:*"],"Resource":"*"},
			{"Effect":"Allow","Action":"lambda:InvokeFunction","Resource":"arn:aws:lambda:us-east-1:111111111111:function:fn:PROD","Condition":{"Bool":{"lambda:InvokedViaFunctionUrl":"true"}}},
			{"Effect":"Deny","Action":"glue:GetTable","Resource":["arn:aws:glue:us-east-1:111111111111:database/secret","arn:aws:glue:us-east-1:111111111111:database/dev-*"]}]}`), policy.Identity)}},
	})
	toB := allowing(policy.Resource, `"Principal":{"AWS":"222222222222"},`)
	for _, r := range []*inventory.Resource{
		{ARN: words["FN"], Policy: policy.Parse([]byte(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"222222222222"},"Action":"lambda:InvokeFunctionUrl","Resource":"*"}]}`), policy.Resource)},
		{ARN: "arn:aws:dynamodb:us-east-1:111111111111:table/own", AWSManagedKey: true, Policy: toB},
		{ARN: "arn:aws:dynamodb:us-east-1:111111111111:table/free", Policy: toB},
		{ARN: "arn:aws:glue:us-east-1:111111111111:catalog", Policy: policy.Parse([]byte(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"222222222222"},"Action":"glue:*",
			"Resource":["arn:aws:glue:us-east-1:111111111111:catalog","arn:aws:glue:us-east-1:111111111111:database/open","arn:aws:glue:us-east-1:111111111111:table/*"]}]}`), policy.Resource)},
		{ARN: words["K"], AWSManagedKey: true, Policy: allowing(policy.Resource, `"Principal":"*",`)},
		{ARN: "arn:aws:kms:us-east-1:111111111111:key/2222", Policy: allowing(policy.Resource, `"Principal":"*",`)},
		{ARN: "arn:aws:execute-api:us-east-1:111111111111:a1", Policy: toB},
		{ARN: words["Q"], Policy: allowing(policy.Resource, `"Principal":{"Service":"logs.us-east-1.amazonaws.com"},`)},
		{
			ARN: "arn:aws:s3:::data", Type: "AWS::S3::Bucket", Policy: toB,
			S3: &inventory.S3{Ownership: "BucketOwnerEnforced", HasACL: inventory.Have},
		},
		{ARN: words["AP"], AccessPoint: &inventory.AccessPoint{Bucket: "data", VPC: "vpc-1"}, Policy: toB},
		{
			ARN: "arn:aws:s3:us-east-1:111111111111:accesspoint/shut", Policy: allowing(policy.Resource, `"Principal":"*",`),
			AccessPoint: &inventory.AccessPoint{Bucket: "data", PublicAccessBlock: inventory.PublicAccessBlock{RestrictPublicBuckets: true}},
		},
		{ARN: "arn:aws:kms:us-east-1:111111111111:key/3333", Policy: policy.Parse([]byte(`{"Version":"2012-10-17","Statement":[
			{"Effect":"Allow","Principal":"*","Action":"kms:Decrypt","Resource":"*","Condition":{"StringLike":{"kms:EncryptionContext:aws:s3:arn":"arn:aws:s3:::other/*"}}},
			{"Effect":"Allow","Principal":"*","Action":"kms:GenerateDataKey","Resource":"*","Condition":{"StringLike":{"kms:EncryptionContext:aws:s3:arn":"arn:aws:s3:::sealed*"}}}]}`), policy.Resource)},
		{
			ARN: "arn:aws:s3:::sealed", Type: "AWS::S3::Bucket", EncryptionKey: "arn:aws:kms:us-east-1:111111111111:key/3333",
			S3: &inventory.S3{Ownership: "BucketOwnerEnforced", HasACL: inventory.Have},
		},
		{ARN: "arn:aws:s3:us-east-1:111111111111:accesspoint/sealed", AccessPoint: &inventory.AccessPoint{Bucket: "sealed"}},
	} {
		r.Account, r.HasPolicy, r.Region, r.HasTags, r.HasGrants = a.ID, inventory.Have, "us-east-1", inventory.None, inventory.None
		a.Held().Resources = append(a.Held().Resources, r)
	}
	b.Held().Resources = []*inventory.Resource{{
		ARN: "arn:aws:s3:us-east-1:222222222222:accesspoint/mine", Account: b.ID, HasPolicy: inventory.Have, Policy: toB,
		AccessPoint: &inventory.AccessPoint{Bucket: "data"},
	}}
	root := &inventory.Unit{ID: "r-1", Accounts: []string{a.ID, b.ID, m.ID}}
	a.RCPs = []*inventory.Policy{{Name: "rcp", Doc: policy.Parse([]byte(
		`{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":["kms:DescribeKey","s3:GetObject"],"Resource":["arn:aws:kms:*:*:*","arn:aws:s3:::data/secret"]}]}`), policy.RCP)}}
	inv := &inventory.Inventory{Accounts: []*inventory.Account{a, b, m}, Organization: &inventory.Organization{
		ID: "o-a", ManagementAccount: m.ID, Root: root, RCPs: true,
	}}
	for _, x := range inv.Accounts {
		x.Unit = root
	}
	return newSolver(t, finished(t, inv))
}

// What the snapshot holds becomes further checks, doubts and facts of a case.
func TestCaseOfSnapshot(t *testing.T) {
	t.Parallel()
	s := reserve(t)
	const (
		table = "arn:aws:dynamodb:us-east-1:111111111111:table/"
		glue  = "arn:aws:glue:us-east-1:111111111111:"
		api   = "arn:aws:execute-api:us-east-1:111111111111:a1/p/GET/"
		shut  = "arn:aws:s3:us-east-1:111111111111:accesspoint/shut/object/k"
		mine  = "arn:aws:s3:us-east-1:222222222222:accesspoint/mine/object/"
		max   = "arn:aws:iam::999999999999:user/max"
	)
	tests := []struct{ name, who, action, resource, want string }{
		{"E202 a URL asks for InvokeFunction too", "UB", "lambda:InvokeFunctionUrl", "FN", "ImplicitlyDenied"},
		{"E202 which the owner's user has", "U", "lambda:InvokeFunctionUrl", "FN", "Allowed"},
		{"E203 a table under the AWS managed key is closed to others", "UB", "dynamodb:GetItem", table + "own", "ImplicitlyDenied"},
		{"E203 its indexes too", "UB", "dynamodb:Query", table + "own/index/i", "ImplicitlyDenied"},
		{"E203 not to its own account", "U", "dynamodb:GetItem", table + "own", "Allowed"},
		{"E203 other tables cross accounts", "UB", "dynamodb:GetItem", table + "free", "Allowed"},
		{"E210 a table of a database that is open", "UB", "glue:GetTable", glue + "table/open/t", "Allowed"},
		{"E210 a table of another database", "UB", "glue:GetTable", glue + "table/other/t", "ImplicitlyDenied"},
		{"E210 a database asks for the catalog", "UB", "glue:GetDatabase", glue + "database/open", "Allowed"},
		{"E214 a token asks for that of STS", "U", "codeartifact:GetAuthorizationToken", "arn:aws:codeartifact:us-east-1:111111111111:domain/d", "Allowed"},
		{"E118 RCPs leave AWS managed keys alone", "U", "kms:DescribeKey", "K", "Allowed"},
		{"E118 and no others", "U", "kms:DescribeKey", "arn:aws:kms:us-east-1:111111111111:key/2222", "ExplicitlyDenied"},
		{"E207 an authorizer might let anybody in", "anonymous", "execute-api:Invoke", api, "ImplicitlyDenied unknown"},
		{"E175 an access point of a VPC", "UB", "s3:GetObject", words["AP"] + "/object/k", "Allowed if"},
		{"E174 the access point's own setting", "UB", "s3:GetObject", shut, "ImplicitlyDenied"},
		{"E174 spares its owner's account", "U", "s3:GetObject", shut, "Allowed"},
		{"E176 another account's access point", "UB", "s3:GetObject", mine + "k", "Allowed"},
		{"E116 RCPs of the bucket's owner", "UB", "s3:GetObject", mine + "secret", "ExplicitlyDenied"},
		{"E179 the key of a bucket", "U", "s3:GetObject", "arn:aws:s3:::sealed/k", "ImplicitlyDenied"},
		{"E179 the key of a bucket behind an access point", "U", "s3:GetObject", "arn:aws:s3:us-east-1:111111111111:accesspoint/sealed/object/k", "ImplicitlyDenied"},
		{"E179 the encryption context is of the bucket", "U", "s3:PutObject", "arn:aws:s3:::sealed/k", "Allowed"},
		{"E179 listing needs no key", "U", "s3:ListBucket", "arn:aws:s3:us-east-1:111111111111:accesspoint/sealed", "Allowed"},
		{"E104 a session of an unknown user", "F", "s3:GetObject", "arn:aws:s3:::data/k", "ImplicitlyDenied unknown"},
		{"E104 what is denied to all", "F", "kms:DescribeKey", "arn:aws:kms:us-east-1:111111111111:key/2222", "ExplicitlyDenied"},
		{"E104 what is granted to all", "F", "kms:Decrypt", "arn:aws:kms:us-east-1:111111111111:key/2222", "Allowed"},
		{"E104 what no session of its kind can do", "F", "iam:GetUser", "U", "ImplicitlyDenied"},
		{"E162 the management account acts as root of a member", max, "sts:AssumeRoot", "rootB", "Allowed"},
		{"E162 a member does not", "U", "sts:AssumeRoot", "rootB", "ImplicitlyDenied"},
		{"E19 a canonical id of the snapshot", strings.Repeat("a", 64), "s3:GetObject", "arn:aws:s3:::data/k", "Allowed"},
		{"E185 an identity of CloudFront", "arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E1", "s3:GetObject", "arn:aws:s3:::data/k", "ImplicitlyDenied"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c, err := s.Case(solver.Question{Principal: word(tt.who), Action: tt.action, Resource: word(tt.resource)})
			if err != nil {
				t.Fatal(err)
			}
			d := solver.Decide(c)
			got := d.Outcome.String()
			switch d.Verdict() {
			case solver.Conditional:
				got += " if"
			case solver.Unknown:
				got += " unknown"
			case solver.Denied, solver.Granted:
			}
			if got != tt.want {
				t.Errorf("%s %s %s = %s, want %s\nblocked by %v, rules %v, doubts %v",
					tt.who, tt.action, tt.resource, got, tt.want, d.BlockedBy, d.Rules, d.Doubts)
			}
		})
	}
}

// E175: what a policy says about a part of the bucket holds for that part
// behind an access point as well.
func TestPartsBehindAccessPoint(t *testing.T) {
	t.Parallel()
	const mine = "arn:aws:s3:us-east-1:222222222222:accesspoint/mine/object/"
	ans, err := reserve(t).WhoCan(mine+"*", []string{"s3:GetObject"})
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range ans.Access {
		if a.Principal != words["UB"] {
			continue
		}
		if len(a.Grants) != 1 || !slices.Equal(a.Grants[0].Except, []string{mine + "secret"}) {
			t.Errorf("grants of %s = %+v, want one, except %ssecret", a.Principal, a.Grants, mine)
		}
		return
	}
	t.Errorf("%s is not among %+v", words["UB"], ans.Access)
}

// What principals reach in a snapshot. What a call needs besides is asked of
// each of the resources that a pattern covers.
func TestReachOfSnapshot(t *testing.T) {
	t.Parallel()
	const (
		part   = "arn:aws:iam::111111111111:user/part"
		tables = "arn:aws:glue:us-east-1:111111111111:table/"
	)
	tests := []struct{ name, who, action, resource, want string }{
		{"E20 a service under its name in the region", "logs.amazonaws.com", "sqs:SendMessage", words["Q"], words["Q"]},
		{"E20 not in another region", "logs.eu-west-1.amazonaws.com", "sqs:SendMessage", words["Q"], ""},
		{"E202 versions of a function", part, "lambda:InvokeFunctionUrl", words["FN"] + ":*", words["FN"] + ":PROD"},
		{"E202 all of them", "U", "lambda:InvokeFunctionUrl", words["FN"] + ":*", words["FN"] + ":*"},
		{"E32 none of them from another account", "UB", "lambda:InvokeFunctionUrl", words["FN"] + ":*", ""},
		{"E210 tables of databases that are denied", part, "glue:GetTable", tables + "*/*", tables + "*/* except " + tables + "dev-*/* " + tables + "secret/*"},
		{"E210 tables of one database", part, "glue:GetTable", tables + "secret/*", ""},
		{"E104 the session of an unknown user", "F", "s3:GetObject", "arn:aws:s3:::data/*", " unknown"},
		{"E104 what is granted to all", "F", "kms:Decrypt", "arn:aws:kms:us-east-1:111111111111:key/2222", "arn:aws:kms:us-east-1:111111111111:key/2222"},
		{"E210 tables of a database that is open", "UB", "glue:GetTable", tables + "*/*", tables + "open/*"},
	}
	s := reserve(t)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			ans, err := s.Can(word(tt.who), tt.resource, []string{tt.action})
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, a := range ans.Access {
				for _, g := range a.Grants {
					text := strings.Join(g.Resources, " ")
					if len(g.Except) > 0 {
						text += " except " + strings.Join(g.Except, " ")
					}
					got = append(got, text)
				}
			}
			text := strings.Join(got, "; ")
			if !ans.Complete {
				text += " unknown"
			}
			if text != tt.want {
				t.Errorf("%s %s %s = %q, want %q\n%v", tt.who, tt.action, tt.resource, text, tt.want, ans.Unknown)
			}
		})
	}
}

// E99: accounts outside of the snapshot are let in within its partition.
func TestOtherPartition(t *testing.T) {
	t.Parallel()
	a := &inventory.Account{ID: words["A"], IAM: true, Partition: "aws-us-gov"}
	open := policy.Parse([]byte(`{"Version":"2012-10-17","Statement":[
		{"Effect":"Allow","Principal":{"AWS":"222222222222"},"Action":"s3:GetObject","Resource":"arn:aws-us-gov:s3:::data/*"},
		{"Effect":"Allow","Principal":"*","Action":"s3:PutObject","Resource":"arn:aws-us-gov:s3:::data/*"},
		{"Effect":"Allow","Principal":{"CanonicalUser":"`+strings.Repeat("c", 64)+`"},"Action":"s3:DeleteObject","Resource":"arn:aws-us-gov:s3:::data/*"}]}`), policy.Resource)
	a.Held().Resources = []*inventory.Resource{
		{
			ARN: "arn:aws-us-gov:s3:::data", Type: "AWS::S3::Bucket", Account: a.ID, HasPolicy: inventory.Have, HasTags: inventory.None,
			S3: &inventory.S3{Ownership: "BucketOwnerEnforced", HasACL: inventory.Have}, Policy: open,
		},
		{
			ARN: "arn:aws-us-gov:s3:us-gov-west-1:111111111111:accesspoint/ap", Account: a.ID, HasPolicy: inventory.Have,
			AccessPoint: &inventory.AccessPoint{Bucket: "data"}, Policy: allowing(policy.Resource, `"Principal":"*",`),
		},
	}
	inv := &inventory.Inventory{Accounts: []*inventory.Account{a}}
	s := newSolver(t, finished(t, inv))
	for action, who := range map[string]string{"s3:GetObject": "arn:aws-us-gov:iam::222222222222:root", "s3:PutObject": "*"} {
		ans, err := s.WhoCan("arn:aws-us-gov:s3:::data", []string{action})
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range a.Held().Resources {
			if !slices.ContainsFunc(ans.Access, func(x solver.Access) bool { return x.Principal == who && x.Resource == r.ARN && x.External }) {
				t.Errorf("%s does not reach %s: %+v", who, r.ARN, ans.Access)
			}
		}
	}
	d, err := s.Decide(solver.Question{Principal: strings.Repeat("c", 64), Action: "s3:DeleteObject", Resource: "arn:aws-us-gov:s3:::data/k"})
	if err != nil || d.Verdict() != solver.Unknown {
		t.Errorf("an account known by its canonical id: %v (rules %v), %v, want Unknown", d.Verdict(), d.Rules, err)
	}
}
