package solver_test

import (
	"testing"

	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
	"pathfinder/solver"
)

// endpointOrg is one account with a user whose policy is given, a bucket, and
// the endpoint vpce-1 whose policy allows reading the bucket "data", also through
// its access point, and denies its folder "secret".
func endpointOrg(t *testing.T, statement string) *inventory.Inventory {
	t.Helper()
	doc := func(kind policy.Kind, s string) *policy.Document {
		d := policy.Parse([]byte(`{"Version":"2012-10-17","Statement":[`+s+`]}`), kind)
		if d.Damaged() {
			t.Fatalf("%s: %v", s, d.Faults)
		}
		return d
	}
	a := &inventory.Account{ID: "111111111111", IAM: true, Partition: "aws"}
	a.Held().Users = []*inventory.Principal{{
		Kind: inventory.User, ARN: "arn:aws:iam::111111111111:user/ann", Name: "ann", Path: "/", Account: a,
		Inline: []*inventory.Policy{{Name: "p", Doc: doc(policy.Identity, statement)}},
	}}
	s3 := &inventory.S3{Ownership: "BucketOwnerEnforced", HasACL: inventory.Have}
	a.Held().Resources = []*inventory.Resource{
		{ARN: "arn:aws:s3:::data", Account: a.ID, HasPolicy: inventory.None, HasTags: inventory.None, S3: s3},
		{
			ARN: "arn:aws:s3:eu-west-1:111111111111:accesspoint/ap", Account: a.ID, HasPolicy: inventory.None, HasTags: inventory.None,
			AccessPoint: &inventory.AccessPoint{Bucket: "data", BucketAccount: a.ID},
		},
		{ARN: "arn:aws:s3:::other", Account: a.ID, HasPolicy: inventory.None, HasTags: inventory.None, S3: s3},
		{
			ARN: "arn:aws:ec2:eu-west-1:111111111111:vpc-endpoint/vpce-1", Type: "AWS::EC2::VPCEndpoint", Account: a.ID, HasPolicy: inventory.Have,
			Policy: doc(policy.Endpoint, `{"Effect":"Allow","Principal":"*","Action":"s3:Get*","Resource":["arn:aws:s3:::data/*","arn:aws:s3:eu-west-1:111111111111:accesspoint/ap/*"]},
				{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"arn:aws:s3:::data/secret/*"}`),
		},
	}
	inv := &inventory.Inventory{Accounts: []*inventory.Account{a}}
	return finished(t, inv)
}

func TestEndpointOfTheSnapshot(t *testing.T) {
	t.Parallel()
	const (
		plain  = `{"Effect":"Allow","Action":"s3:*","Resource":"*"}`
		vpce1  = `{"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{"StringEquals":{"aws:SourceVpce":"vpce-1"}}}`
		vpce2  = `{"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{"StringEquals":{"aws:SourceVpce":"vpce-2"}}}`
		either = `{"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{"StringEquals":{"aws:SourceVpce":["vpce-1","vpce-2"]}}}`
	)
	tests := []struct {
		name      string
		statement string
		action    string
		object    string
		vpce      string // fixed by the question; "" leaves it open
		want      solver.Verdict
	}{
		{"E135 no condition asks for an endpoint", plain, "s3:PutObject", "arn:aws:s3:::other/a", "", solver.Granted},
		{"E135 the endpoint asked for lets it pass", vpce1, "s3:GetObject", "arn:aws:s3:::data/a", "", solver.Conditional},
		{"E135 the endpoint asked for is silent on the action", vpce1, "s3:PutObject", "arn:aws:s3:::data/a", "", solver.Denied},
		{"E135 the endpoint asked for is silent on the bucket", vpce1, "s3:GetObject", "arn:aws:s3:::other/a", "", solver.Denied},
		{"E135 the endpoint asked for denies", vpce1, "s3:GetObject", "arn:aws:s3:::data/secret/a", "", solver.Denied},
		{"E135 the endpoint asked for lets it pass to an access point", vpce1, "s3:GetObject", "arn:aws:s3:eu-west-1:111111111111:accesspoint/ap/object/a", "", solver.Conditional},
		{"E135 the endpoint asked for denies what lies behind", vpce1, "s3:GetObject", "arn:aws:s3:eu-west-1:111111111111:accesspoint/ap/object/secret/a", "", solver.Denied},
		{"E135 an endpoint that nobody has read", vpce2, "s3:PutObject", "arn:aws:s3:::other/a", "", solver.Conditional},
		{"E135 the other endpoint is left", either, "s3:PutObject", "arn:aws:s3:::other/a", "", solver.Conditional},
		{"E134 the question says which endpoint", plain, "s3:GetObject", "arn:aws:s3:::data/a", "vpce-1", solver.Granted},
		{"E134 and its policy is silent", plain, "s3:PutObject", "arn:aws:s3:::data/a", "vpce-1", solver.Denied},
		{"E134 another endpoint", plain, "s3:PutObject", "arn:aws:s3:::data/a", "vpce-2", solver.Granted},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			cfg := solver.Config{Inventory: endpointOrg(t, tt.statement)}
			if tt.vpce != "" {
				cfg.Assume.Values = map[string]policy.Value{"aws:SourceVpce": policy.Single(tt.vpce)}
			}
			s, err := solver.New(cfg)
			if err != nil {
				t.Fatal(err)
			}
			d, err := s.Decide(solver.Question{Principal: "ann", Action: tt.action, Resource: tt.object})
			if err != nil {
				t.Fatal(err)
			}
			if got := d.Verdict(); got != tt.want {
				blocks, _, _ := d.Guard.Blocks()
				t.Errorf("got %v (%s), want %v", got, blocks, tt.want)
			}
		})
	}
}

// Where two endpoints would do and one of them does not let the request pass,
// the condition names the other.
func TestEndpointNarrowsTheCondition(t *testing.T) {
	t.Parallel()
	inv := endpointOrg(t, `{"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{"StringEquals":{"aws:SourceVpce":["vpce-1","vpce-2"]}}}`)
	s := newSolver(t, inv)
	d, err := s.Decide(solver.Question{Principal: "ann", Action: "s3:PutObject", Resource: "arn:aws:s3:::other/a"})
	if err != nil {
		t.Fatal(err)
	}
	for vpce, want := range map[string]policy.Truth{"vpce-1": policy.False, "vpce-2": policy.True} {
		if got := d.Guard.Eval(policy.Values{"aws:sourcevpce": policy.Single(vpce)}); got != want {
			t.Errorf("through %s: %v, want %v", vpce, got, want)
		}
	}
}

// What an endpoint policy denies inside a bucket is cut out of the answer.
func TestEndpointCutsTheGrant(t *testing.T) {
	t.Parallel()
	s := newSolver(t, endpointOrg(t, `{"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{"StringEquals":{"aws:SourceVpce":"vpce-1"}}}`))
	ans, err := s.WhoCan("data", []string{"s3:GetObject"})
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range ans.Access {
		if a.Principal != "arn:aws:iam::111111111111:user/ann" {
			continue
		}
		if len(a.Grants) != 1 || len(a.Grants[0].Except) != 1 || a.Grants[0].Except[0] != "arn:aws:s3:::data/secret/*" {
			t.Errorf("grants %+v, want data/* except data/secret/*", a.Grants)
		}
		return
	}
	t.Error("ann reaches nothing")
}

// E135: what is allowed by any way asks for no endpoint, though statements name one
// and requests through one carry no source address (E216).
func TestEndpointThatNobodyHasToTake(t *testing.T) {
	t.Parallel()
	s := newSolver(t, endpointOrg(t, `{"Effect":"Allow","Action":"s3:PutObject","Resource":"*"},
		{"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{"StringEquals":{"aws:SourceVpce":"vpce-1"}}},
		{"Effect":"Allow","Action":"s3:DeleteObject","Resource":"*","Condition":{"IpAddress":{"aws:SourceIp":"10.0.0.0/8"}}}`))
	want := map[string]string{"s3:PutObject": "", "s3:DeleteObject": "aws:SourceIp in 10.0.0.0/8"}
	for _, together := range [][]string{{"s3:PutObject"}, {"s3:PutObject", "s3:DeleteObject"}} {
		ans, err := s.Can("ann", "arn:aws:s3:::other", together)
		if err != nil {
			t.Fatal(err)
		}
		got := map[string]string{}
		for _, a := range ans.Access {
			for _, g := range a.Grants {
				for _, action := range g.Actions {
					got[action] += g.Condition.String()
				}
			}
		}
		for _, action := range together {
			if when, ok := got[action]; !ok || when != want[action] {
				t.Errorf("asked about %v: %s only if %q (%v), want %q", together, action, when, ok, want[action])
			}
		}
	}
}

// E230: the endpoint that the question fixes is the one of the request itself.
// On the way there a role is assumed from elsewhere.
func TestEndpointOfTheQuestionAlone(t *testing.T) {
	t.Parallel()
	inv := endpointOrg(t, `{"Effect":"Allow","Action":"sts:AssumeRole","Resource":"*"}`)
	a := inv.Accounts[0]
	a.Held().Roles = []*inventory.Principal{{
		Kind: inventory.Role, ARN: "arn:aws:iam::111111111111:role/reader", Name: "reader", Path: "/", Account: a,
		Trust: policy.Parse([]byte(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"111111111111"},"Action":"sts:AssumeRole"}]}`), policy.Trust),
		Inline: []*inventory.Policy{{Name: "p", Doc: policy.Parse([]byte(
			`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{"StringEquals":{"aws:SourceVpce":"vpce-1"}}}]}`), policy.Identity)}},
	}}
	s, err := solver.New(solver.Config{Inventory: finished(t, inv), Assume: solver.Assumptions{Values: map[string]policy.Value{"aws:SourceVpce": policy.Single("vpce-1")}}})
	if err != nil {
		t.Fatal(err)
	}
	// The object is read at the bucket and through its access point.
	for action, want := range map[string]int{"s3:GetObject": 2, "s3:PutObject": 0} {
		ans, err := s.Can("ann", "arn:aws:s3:::data/a", []string{action})
		if err != nil {
			t.Fatal(err)
		}
		if len(ans.Access) != want {
			t.Errorf("%s through vpce-1: %+v, want %d ways", action, ans.Access, want)
		}
		for _, a := range ans.Access {
			if len(a.Path) != 2 || a.Conditional() {
				t.Errorf("%s through vpce-1: %+v, want a way by the role without condition", action, a)
			}
		}
	}
}

// The policy of a VPC endpoint is about what goes through it, and lets nobody at
// the endpoint itself (E134).
func TestEndpointPolicyGrantsNothing(t *testing.T) {
	t.Parallel()
	a := &inventory.Account{ID: "111111111111", IAM: true, Partition: "aws"}
	a.Held().Resources = []*inventory.Resource{{
		ARN: "arn:aws:ec2:eu-west-1:111111111111:vpc-endpoint/vpce-1", Type: "AWS::EC2::VPCEndpoint", Account: a.ID, HasPolicy: inventory.Have,
		Policy: policy.Parse([]byte(`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}}`), policy.Endpoint),
	}}
	ans, err := newSolver(t, finished(t, &inventory.Inventory{Accounts: []*inventory.Account{a}})).WhoCan("vpce-1", []string{"ec2:DeleteVpcEndpoints"})
	if err != nil {
		t.Fatal(err)
	}
	if len(ans.Access) != 1 || ans.Access[0].Principal != a.RootARN() || ans.Public != nil {
		t.Errorf("who deletes it: %+v, %+v", ans.Access, ans.Public)
	}
}
