package solver_test

import (
	"testing"

	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
	"pathfinder/solver"
)

// What was not read leaves open who is let in, for explain, can, paths and who-can alike, and
// changes nothing about who is denied for certain (E11, E236).
func TestSettled(t *testing.T) {
	t.Parallel()
	const (
		owner, other = "111111111111", "222222222222"
		admin, idle  = "arn:aws:iam::" + owner + ":user/admin", "arn:aws:iam::" + owner + ":user/idle"
		guest, lazy  = "arn:aws:iam::" + other + ":user/admin", "arn:aws:iam::" + other + ":user/idle"
		anybody      = "anonymous"
		queue        = "arn:aws:sqs:eu-west-1:" + owner + ":q"      // its policy was not read
		broken       = "arn:aws:sqs:eu-west-1:" + owner + ":broken" // nor could this one be
		closed       = "arn:aws:sqs:eu-west-1:" + owner + ":closed" // has none
		key          = "arn:aws:kms:eu-west-1:" + owner + ":key/k"  // its grants were not read
		secret       = "arn:aws:secretsmanager:eu-west-1:" + owner + ":secret:s-AbCdEf"
		vault        = "arn:aws:backup:eu-west-1:" + owner + ":backup-vault:v"
		sealed       = "arn:aws:s3:::sealed" // under the key
		send, decry  = "sqs:SendMessage", "kms:Decrypt"
		get          = "secretsmanager:GetSecretValue"
	)
	doc := func(kind policy.Kind, statement string) *policy.Document {
		return policy.Parse([]byte(`{"Version":"2012-10-17","Statement":[`+statement+`]}`), kind)
	}
	for _, tt := range []struct {
		name, who, action, resource string
		control                     bool // with control policies that could not be read
		want                        solver.Verdict
	}{
		{"a policy may name the user", idle, send, queue, false, solver.Unknown},
		{"or one of another account", guest, send, queue, false, solver.Unknown},
		{"who needs a permission of its own (E90)", lazy, send, queue, false, solver.Denied},
		{"a broken policy may, too", guest, send, broken, false, solver.Unknown},
		{"but not whom nothing allows (E90)", lazy, send, broken, false, solver.Denied},
		{"root users are allowed all (E93)", "arn:aws:iam::" + other + ":root", send, queue, false, solver.Unknown},
		{"unsigned calls of queues (E130)", anybody, send, queue, false, solver.Unknown},
		{"of what the owner's account alone does (E199)", anybody, "sqs:DeleteQueue", queue, false, solver.Denied},
		{"likewise from another account (E199)", guest, "sqs:DeleteQueue", queue, false, solver.Denied},
		{"but within the account", idle, "sqs:DeleteQueue", queue, false, solver.Unknown},
		{"what is allowed may be denied (E11)", admin, send, queue, false, solver.Granted},
		{"secrets take no unsigned calls (E130)", anybody, get, secret, false, solver.Denied},
		{"keys of AWS are for their own account (E204)", guest, get, secret, false, solver.Denied},
		{"describing takes no key (E204)", guest, "secretsmanager:DescribeSecret", secret, false, solver.Unknown},
		{"vaults share one call (E211)", guest, "backup:DeleteBackupVault", vault, false, solver.Denied},
		{"which is this (E211)", guest, "backup:CopyIntoBackupVault", vault, false, solver.Unknown},
		{"a grant may be enough (E193)", lazy, decry, key, false, solver.Unknown},
		{"no grant holds this (E191)", idle, "kms:PutKeyPolicy", key, false, solver.Denied},
		{"nor this from another account (E197)", guest, "kms:PutKeyPolicy", key, false, solver.Denied},
		{"a bucket under the key (E179)", guest, "s3:GetObject", sealed + "/o", false, solver.Unknown},
		{"whose policy lets in others (E32)", guest, "s3:PutObject", sealed + "/o", false, solver.Denied},
		{"and whom nothing allows (E32)", lazy, "s3:GetObject", sealed + "/o", false, solver.Denied},
		{"control policies let nobody in (E108)", idle, send, closed, true, solver.Denied},
		{"those of resources neither (E116)", guest, send, closed, true, solver.Denied},
		{"they may keep out (E11)", admin, send, closed, true, solver.Granted},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			all := []*inventory.Policy{{Name: "all", Doc: doc(policy.Identity, `{"Effect":"Allow","Action":"*","Resource":"*"}`)}}
			inv := &inventory.Inventory{}
			for _, id := range []string{owner, other} {
				a := &inventory.Account{ID: id, Partition: "aws", IAM: true, PublicAccessBlock: inventory.PublicAccessBlock{Known: inventory.None}}
				for name, policies := range map[string][]*inventory.Policy{"admin": all, "idle": nil} {
					a.Held().Users = append(a.Held().Users, &inventory.Principal{
						Kind: inventory.User, Account: a, Name: name, Path: "/", ARN: "arn:aws:iam::" + id + ":user/" + name, Inline: policies,
					})
				}
				inv.Accounts = append(inv.Accounts, a)
			}
			hold := func(arn, kind string, have inventory.Known, statement string) *inventory.Resource {
				r := &inventory.Resource{ARN: arn, Type: kind, Account: owner, Region: "eu-west-1", HasPolicy: have, HasTags: inventory.Have}
				if statement != "" {
					r.Policy = doc(policy.Resource, statement)
				}
				inv.Accounts[0].Held().Resources = append(inv.Accounts[0].Held().Resources, r)
				return r
			}
			hold(queue, "AWS::SQS::Queue", inventory.NotRead, "")
			hold(broken, "AWS::SQS::Queue", inventory.Have, `{"Effect":"allow","Principal":"*","Action":"sqs:*","Resource":"*"}`)
			hold(closed, "AWS::SQS::Queue", inventory.None, "")
			hold(vault, "AWS::Backup::BackupVault", inventory.NotRead, "")
			hold(secret, "AWS::SecretsManager::Secret", inventory.NotRead, "").AWSManagedKey = true
			hold(key, "AWS::KMS::Key", inventory.Have, `{"Effect":"Allow","Principal":{"AWS":"`+admin+`"},"Action":"kms:*","Resource":"*"}`)
			r := hold(sealed, "AWS::S3::Bucket", inventory.Have, `{"Effect":"Allow","Principal":{"AWS":"`+other+`"},"Action":"s3:GetObject","Resource":"`+sealed+`/*"}`)
			r.EncryptionKey, r.S3 = key, &inventory.S3{Ownership: "BucketOwnerEnforced", HasACL: inventory.None, PublicAccessBlock: inventory.PublicAccessBlock{Known: inventory.None}}
			if tt.control {
				full := &inventory.Policy{Name: "full", Doc: doc(policy.SCP, `{"Effect":"Allow","Action":"*","Resource":"*"}`)}
				root := &inventory.Unit{
					ID:   "r-root",
					SCPs: []*inventory.Policy{full, {Name: "scp", Doc: doc(policy.SCP, `{"Effect":"deny","Action":"*","Resource":"*"}`)}},
					RCPs: []*inventory.Policy{{Name: "rcp", Doc: doc(policy.RCP, `{"Effect":"deny","Principal":"*","Action":"sqs:*","Resource":"*"}`)}},
				}
				inv.Organization = &inventory.Organization{ID: "o-1", ManagementAccount: "999999999999", SCPs: true, RCPs: true, Root: root}
				for _, a := range inv.Accounts {
					a.Unit, a.SCPs = root, []*inventory.Policy{full}
				}
			}
			if err := inv.Finish(); err != nil {
				t.Fatal(err)
			}
			s, err := solver.New(solver.Config{Inventory: inv})
			if err != nil {
				t.Fatal(err)
			}
			d, err := s.Decide(solver.Question{Principal: tt.who, Action: tt.action, Resource: tt.resource})
			if err != nil {
				t.Fatal(err)
			}
			if got := d.Verdict(); got != tt.want {
				t.Errorf("got %v, want %v: doubts %q", got, tt.want, d.Doubts)
			}
			can, err := s.Can(tt.who, tt.resource, []string{tt.action})
			if err != nil {
				t.Fatal(err)
			}
			if want := tt.want == solver.Denied; can.Complete != want || (len(can.Access) > 0) != (tt.want == solver.Granted) {
				t.Errorf("can: complete %v, want %v; access %v, unknown %v", can.Complete, want, can.Access, can.Unknown)
			}
			paths, err := s.Paths(tt.who, tt.resource, []string{tt.action})
			if err != nil {
				t.Fatal(err)
			}
			if paths.Complete != can.Complete || (len(paths.Paths) > 0) != (len(can.Access) > 0) {
				t.Errorf("paths: complete %v, %v", paths.Complete, paths.Paths)
			}
			ans, err := s.WhoCan(tt.resource, []string{tt.action})
			if err != nil {
				t.Fatal(err)
			}
			if ans.Complete && tt.want == solver.Unknown {
				t.Error("who-can is complete")
			}
		})
	}
}
