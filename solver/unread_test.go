package solver_test

import (
	"slices"
	"testing"

	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
	"pathfinder/solver"
)

// who-can says what it lacks about the owner of a resource, about whom a policy lets
// in, and about what would keep the public out (E174, E236).
func TestWhoCanUnread(t *testing.T) {
	t.Parallel()
	const owner, other = "111111111111", "222222222222"
	none := inventory.PublicAccessBlock{Known: inventory.None}
	for _, tt := range []struct {
		name, who     string
		own, named    bool // whether their users and roles were read
		account, data inventory.PublicAccessBlock
		want          []solver.Gap
	}{
		{"everything is there", `{"AWS":"` + other + `"}`, true, true, none, none, nil},
		{"the owner's users", `{"AWS":"` + other + `"}`, false, true, none, none, []solver.Gap{
			{What: "account " + owner, Why: "its users and roles were not read"},
		}},
		{"users of whom the policy names", `{"AWS":"` + other + `"}`, true, false, none, none, []solver.Gap{
			{What: "account " + other, Why: "its users and roles were not read"},
		}},
		{"users of whom it does not name", `{"AWS":"333333333333"}`, true, false, none, none, nil},
		{"a block of the account (E174)", `"*"`, true, true, inventory.PublicAccessBlock{}, none, []solver.Gap{
			{What: "arn:aws:s3:::data", Why: "the public access block of account " + owner + " was not read"},
		}},
		{"a block of the bucket (E174)", `"*"`, true, true, none, inventory.PublicAccessBlock{}, []solver.Gap{
			{What: "arn:aws:s3:::data", Why: "the public access block of arn:aws:s3:::data was not read"},
		}},
		{"another block keeps it shut (E173)", `"*"`, true, true, inventory.PublicAccessBlock{Known: inventory.Have, RestrictPublicBuckets: true}, inventory.PublicAccessBlock{}, nil},
		{"the policy is not public (E172)", `{"AWS":"` + other + `"}`, true, true, inventory.PublicAccessBlock{}, inventory.PublicAccessBlock{}, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			a := &inventory.Account{ID: owner, Partition: "aws", IAM: tt.own, PublicAccessBlock: tt.account}
			a.Held().Resources = []*inventory.Resource{{
				ARN: "arn:aws:s3:::data", Type: "AWS::S3::Bucket", Account: owner, HasPolicy: inventory.Have,
				Policy: policy.Parse([]byte(`{"Statement":{"Effect":"Allow","Principal":`+tt.who+`,"Action":"s3:GetObject","Resource":"arn:aws:s3:::data/*"}}`), policy.Resource),
				S3:     &inventory.S3{Ownership: "BucketOwnerEnforced", HasACL: inventory.None, PublicAccessBlock: tt.data},
			}}
			inv := &inventory.Inventory{Accounts: []*inventory.Account{a, {ID: other, Partition: "aws", IAM: tt.named}}}
			if err := inv.Finish(); err != nil {
				t.Fatal(err)
			}
			s, err := solver.New(solver.Config{Inventory: inv})
			if err != nil {
				t.Fatal(err)
			}
			ans, err := s.WhoCan("data", []string{"s3:GetObject"})
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(ans.Unknown, tt.want) || ans.Complete != (len(tt.want) == 0) {
				t.Errorf("unknown %v, complete %v; want %v", ans.Unknown, ans.Complete, tt.want)
			}
		})
	}
}

// A key that the snapshot does not hold leaves open who may use what it encrypts, for an
// audit as for who-can, where calls need it (E179, E236).
func TestMissingKey(t *testing.T) {
	t.Parallel()
	const account = "111111111111"
	for _, tt := range []struct {
		name, resource, kind, key string
		managed, unread           bool
		missing                   int
	}{
		{name: "no key", resource: "arn:aws:s3:::data", kind: "AWS::S3::Bucket"},
		{name: "a key of AWS", resource: "arn:aws:s3:::data", kind: "AWS::S3::Bucket", key: "arn:aws:kms:eu-west-1:111111111111:alias/aws/s3", managed: true},
		{name: "a key of the account", resource: "arn:aws:s3:::data", kind: "AWS::S3::Bucket", key: "arn:aws:kms:eu-west-1:111111111111:key/gone", missing: 1},
		{name: "a key elsewhere", resource: "arn:aws:sqs:eu-west-1:111111111111:jobs", kind: "AWS::SQS::Queue", key: "arn:aws:kms:eu-west-1:555555555555:key/theirs", missing: 1},
		{name: "an alias", resource: "arn:aws:s3:::data", kind: "AWS::S3::Bucket", key: "arn:aws:kms:eu-west-1:111111111111:alias/gone", missing: 2},
		{name: "a key that nobody looked for", resource: "arn:aws:s3:::data", kind: "AWS::S3::Bucket", unread: true, missing: 1},
		{name: "a key that nobody looked for and no call needs", resource: "arn:aws:lambda:eu-west-1:111111111111:function:f", kind: "AWS::Lambda::Function", unread: true},
		{name: "a key that no call needs", resource: "arn:aws:lambda:eu-west-1:111111111111:function:f", kind: "AWS::Lambda::Function", key: "arn:aws:kms:eu-west-1:111111111111:key/gone"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			none := inventory.PublicAccessBlock{Known: inventory.None}
			a := &inventory.Account{ID: account, Partition: "aws", IAM: true, PublicAccessBlock: none}
			r := &inventory.Resource{ARN: tt.resource, Type: tt.kind, Account: account, HasPolicy: inventory.None, HasTags: inventory.None, HasURLs: inventory.None, EncryptionKey: tt.key, AWSManagedKey: tt.managed, KeyUnread: tt.unread}
			if tt.kind == "AWS::S3::Bucket" {
				r.S3 = &inventory.S3{Ownership: "BucketOwnerEnforced", HasACL: inventory.None, PublicAccessBlock: none}
			}
			a.Held().Resources = []*inventory.Resource{r}
			s := newSolver(t, finished(t, &inventory.Inventory{Accounts: []*inventory.Account{a}}))
			missing := s.Missing()
			who, err := s.WhoCan(tt.resource, nil)
			if err != nil {
				t.Fatal(err)
			}
			if len(missing) != tt.missing || !slices.Equal(missing, who.Unknown) {
				t.Errorf("missing %v, who-can %v, want %d", missing, who.Unknown, tt.missing)
			}
		})
	}
}
