package solver_test

import (
	"slices"
	"testing"

	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
	"pathfinder/solver"
)

// Where nobody read which key encrypts a resource, access to what is in it may want for
// that of the key; nobody gets in by it (E179, E236).
func TestUnreadKey(t *testing.T) {
	t.Parallel()
	const (
		owner, other   = "111111111111", "222222222222"
		bucket, table  = "arn:aws:s3:::data", "arn:aws:dynamodb:eu-west-1:" + owner + ":table/orders"
		point          = "arn:aws:s3:eu-west-1:" + owner + ":accesspoint/ap"
		ann, bob       = "arn:aws:iam::" + owner + ":user/ann", "arn:aws:iam::" + owner + ":user/bob"
		bea            = "arn:aws:iam::" + other + ":user/bea"
		ofBucket       = "the key that encrypts " + bucket + " was not read"
		ofTable        = "the key that encrypts " + table + " was not read"
		get, list, put = "s3:GetObject", "s3:ListBucket", "s3:PutObject"
	)
	for _, tt := range []struct {
		name, who, action, resource string
		unread                      bool
		want                        solver.Verdict
		doubt                       string
	}{
		{"reading takes the key", ann, get, bucket + "/k", true, solver.Granted, ofBucket},
		{"so does writing", ann, put, bucket + "/k", true, solver.Granted, ofBucket},
		{"there is no key", ann, get, bucket + "/k", false, solver.Granted, ""},
		{"listing takes none", ann, list, bucket, true, solver.Granted, ""},
		{"from another account", bea, get, bucket + "/k", true, solver.Granted, ofBucket},
		{"through an access point", ann, get, point + "/object/k", true, solver.Granted, ofBucket},
		{"of a table", ann, "dynamodb:GetItem", table, true, solver.Granted, ofTable},
		{"the key lets nobody in", bob, get, bucket + "/k", true, solver.Denied, ""},
		{"a Deny is one for certain", ann, get, bucket + "/secret", true, solver.Denied, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := newSolver(t, unreadKeyOrg(t, owner, other, tt.unread))
			d, err := s.Decide(solver.Question{Principal: tt.who, Action: tt.action, Resource: tt.resource})
			if err != nil {
				t.Fatal(err)
			}
			var want []string
			if tt.doubt != "" {
				want = []string{tt.doubt}
			}
			if d.Verdict() != tt.want || !slices.Equal(d.Doubts, want) {
				t.Errorf("%v with doubts %q, want %v with %q", d.Verdict(), d.Doubts, tt.want, want)
			}
			ans, err := s.WhoCan(tt.resource, []string{tt.action})
			if err != nil {
				t.Fatal(err)
			}
			i := slices.IndexFunc(ans.Access, func(a solver.Access) bool { return a.Principal == tt.who })
			if (i >= 0) != (tt.want == solver.Granted) {
				t.Fatalf("who-can has %+v", ans.Access)
			}
			if i >= 0 && (ans.Access[i].Grants[0].Confidence == "low") != (tt.doubt != "") {
				t.Errorf("confidence %q", ans.Access[i].Grants[0].Confidence)
			}
			told := slices.ContainsFunc(ans.Unknown, func(g solver.Gap) bool { return g.Why == ofBucket || g.Why == ofTable })
			if tt.doubt != "" && !told || tt.doubt == "" && i >= 0 && told {
				t.Errorf("unknown: %v", ans.Unknown)
			}
		})
	}
}

func unreadKeyOrg(t *testing.T, owner, other string, unread bool) *inventory.Inventory {
	t.Helper()
	all := &inventory.Policy{Name: "all", Doc: policy.Parse([]byte(`{"Statement":[{"Effect":"Allow","Action":["s3:*","dynamodb:*"],"Resource":"*"},{"Effect":"Deny","Action":"s3:*","Resource":"arn:aws:s3:::data/secret"}]}`), policy.Identity)}
	none := inventory.PublicAccessBlock{Known: inventory.None}
	var accounts []*inventory.Account
	user := func(id, name string, policies ...*inventory.Policy) {
		if len(accounts) == 0 || accounts[len(accounts)-1].ID != id {
			accounts = append(accounts, &inventory.Account{ID: id, Partition: "aws", IAM: true, PublicAccessBlock: none})
		}
		a := accounts[len(accounts)-1]
		a.Held().Users = append(a.Held().Users, &inventory.Principal{ARN: "arn:aws:iam::" + id + ":user/" + name, Kind: inventory.User, Account: a, Path: "/", Name: name, Inline: policies})
	}
	user(owner, "ann", all)
	user(owner, "bob")
	user(other, "bea", all)
	share := policy.Parse([]byte(`{"Statement":{"Effect":"Allow","Principal":{"AWS":"`+other+`"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::data/*"}}`), policy.Resource)
	accounts[0].Held().Resources = []*inventory.Resource{
		{
			ARN: "arn:aws:s3:::data", Type: "AWS::S3::Bucket", Account: owner, HasPolicy: inventory.Have, Policy: share, KeyUnread: unread,
			S3: &inventory.S3{Ownership: "BucketOwnerEnforced", HasACL: inventory.None, PublicAccessBlock: none},
		},
		{ARN: "arn:aws:dynamodb:eu-west-1:" + owner + ":table/orders", Type: "AWS::DynamoDB::Table", Account: owner, HasPolicy: inventory.None, KeyUnread: unread},
		{
			ARN: "arn:aws:s3:eu-west-1:" + owner + ":accesspoint/ap", Type: "AWS::S3::AccessPoint", Account: owner, HasPolicy: inventory.None,
			AccessPoint: &inventory.AccessPoint{Bucket: "data", BucketAccount: owner, PublicAccessBlock: none},
		},
	}
	return finished(t, &inventory.Inventory{Accounts: accounts})
}

// Where nobody read whether the tags of a bucket count, conditions on those that it has
// stay open (E184, E236).
func TestUnreadABAC(t *testing.T) {
	t.Parallel()
	const (
		account = "111111111111"
		bucket  = "arn:aws:s3:::data"
		ann     = "arn:aws:iam::" + account + ":user/ann"
		ifTag   = `{"Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{"StringEquals":{"aws:ResourceTag/env":"dev"}}}}`
		notTag  = `{"Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"},{"Effect":"Deny","Action":"s3:*","Resource":"*","Condition":{"StringEquals":{"aws:ResourceTag/env":"dev"}}}]}`
	)
	for _, tt := range []struct {
		name, doc, resource string
		on, unread          bool
		tags                map[string]string
		want                solver.Verdict
	}{
		{"they count", ifTag, bucket, true, false, map[string]string{"env": "dev"}, solver.Granted},
		{"they don't", ifTag, bucket, false, false, map[string]string{"env": "dev"}, solver.Denied},
		{"nobody looked", ifTag, bucket, false, true, map[string]string{"env": "dev"}, solver.Conditional},
		{"nobody looked, and a Deny", notTag, bucket, false, true, map[string]string{"env": "dev"}, solver.Conditional},
		{"they don't, and a Deny", notTag, bucket, false, false, map[string]string{"env": "dev"}, solver.Granted},
		{"it has no such tag", ifTag, bucket, false, true, map[string]string{"team": "dev"}, solver.Denied},
		{"it has no such tag, and a Deny", notTag, bucket, false, true, map[string]string{"team": "dev"}, solver.Granted},
		{"objects have none of them", ifTag, bucket + "/k", false, true, map[string]string{"env": "dev"}, solver.Denied},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			none := inventory.PublicAccessBlock{Known: inventory.None}
			a := &inventory.Account{ID: account, Partition: "aws", IAM: true, PublicAccessBlock: none}
			a.Held().Users = []*inventory.Principal{{
				ARN: ann, Kind: inventory.User, Account: a, Path: "/", Name: "ann",
				Inline: []*inventory.Policy{{Name: "own", Doc: policy.Parse([]byte(tt.doc), policy.Identity)}},
			}}
			a.Held().Resources = []*inventory.Resource{{
				ARN: bucket, Type: "AWS::S3::Bucket", Account: account, HasPolicy: inventory.None, Tags: tt.tags, HasTags: inventory.Have,
				S3: &inventory.S3{Ownership: "BucketOwnerEnforced", HasACL: inventory.None, PublicAccessBlock: none, ABAC: tt.on, ABACUnread: tt.unread},
			}}
			s := newSolver(t, finished(t, &inventory.Inventory{Accounts: []*inventory.Account{a}}))
			action := "s3:ListBucket"
			if tt.resource != bucket {
				action = "s3:GetObject"
			}
			d, err := s.Decide(solver.Question{Principal: ann, Action: action, Resource: tt.resource})
			if err != nil {
				t.Fatal(err)
			}
			ans, err := s.WhoCan(tt.resource, []string{action})
			if err != nil {
				t.Fatal(err)
			}
			i := slices.IndexFunc(ans.Access, func(a solver.Access) bool { return a.Principal == ann })
			told := solver.Denied
			if i >= 0 {
				told = solver.Granted
				if len(ans.Access[i].Grants[0].Condition) > 0 {
					told = solver.Conditional
				}
			}
			if d.Verdict() != tt.want || told != tt.want {
				t.Errorf("%v, and who-can %v, want %v", d.Verdict(), told, tt.want)
			}
		})
	}
}
