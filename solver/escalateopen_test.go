package solver

import (
	"slices"
	"testing"

	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
)

const labKey = "arn:aws:kms:us-east-1:" + labAccount + ":key/11111111-2222-3333-4444-555555555555"

// resource puts something into the account, with a policy of some statements; none for none.
func (l *lab) resource(arn, kind string, statements ...string) *inventory.Resource {
	r := &inventory.Resource{
		ARN: arn, Type: kind, Account: labAccount, HasPolicy: inventory.None, HasTags: inventory.None, HasGrants: inventory.Have, HasURLs: inventory.Have,
	}
	if len(statements) > 0 {
		r.Policy, r.HasPolicy = policyOf(policy.Resource, statements...).Doc, inventory.Have
	}
	l.account.Held().Resources = append(l.account.Held().Resources, r)
	return r
}

// key puts the key of a bucket into the account, which leaves who uses it to the account unless
// there are statements.
func (l *lab) key(of *inventory.Resource, statements ...string) *inventory.Resource {
	if len(statements) == 0 {
		statements = []string{`{"Effect":"Allow","Principal":{"AWS":"` + labIAM + `root"},"Action":"kms:*","Resource":"*"}`}
	}
	of.EncryptionKey, of.Region = labKey, "us-east-1"
	return l.resource(labKey, "AWS::KMS::Key", statements...)
}

// TestOpensLocks: what is encrypted is opened by its policy, by that of its key or a grant, or
// by both (E179, E194).
func TestOpensLocks(t *testing.T) {
	user := func(l *lab, actions ...string) { l.who = l.user("u", policyOf(policy.Identity, allowsOn(actions...))) }
	for _, tt := range []struct {
		name, action, want string
		lab                func(l *lab)
	}{
		{"E194 a grant on the key alone is wanting", "s3:GetObject", "kms-create-grant", func(l *lab) {
			user(l, "s3:GetObject", "kms:CreateGrant")
			l.key(l.bucket())
		}},
		{"E194 so is its policy", "s3:GetObject", "kms-put-key-policy", func(l *lab) {
			user(l, "s3:GetObject", "kms:PutKeyPolicy")
			l.key(l.bucket())
		}},
		{"E179 both are wanting", "s3:GetObject", "s3-put-bucket-policy,kms-create-grant", func(l *lab) {
			user(l, "s3:PutBucketPolicy", "kms:CreateGrant")
			l.key(l.bucket())
		}},
		{"E179 the policy of the bucket does not open the key", "s3:GetObject", "", func(l *lab) {
			user(l, "s3:PutBucketPolicy")
			l.key(l.bucket())
		}},
		{"E179 a grant on another key opens nothing", "s3:GetObject", "", func(l *lab) {
			l.who = l.user("u", policyOf(policy.Identity, allowsOn("s3:GetObject"),
				`{"Effect":"Allow","Action":"kms:CreateGrant","Resource":"arn:aws:kms:us-east-1:`+labAccount+`:key/other"}`))
			l.key(l.bucket())
		}},
		{"E194 a grant of another operation opens nothing", "s3:GetObject", "", func(l *lab) {
			l.who = l.user("u", policyOf(policy.Identity, allowsOn("s3:GetObject"),
				`{"Effect":"Allow","Action":"kms:CreateGrant","Resource":"*","Condition":{"ForAllValues:StringEquals":{"kms:GrantOperations":"Encrypt"}}}`))
			l.key(l.bucket())
		}},
		{"E179 listing needs no key", "s3:ListBucket", "s3-put-bucket-policy", func(l *lab) {
			user(l, "s3:PutBucketPolicy", "kms:CreateGrant")
			l.key(l.bucket())
		}},
		{"E187 a key that leaves nothing to the account is no way", "s3:GetObject", "", func(l *lab) {
			user(l, "s3:GetObject", "kms:CreateGrant", "kms:PutKeyPolicy")
			l.key(l.bucket(), `{"Effect":"Allow","Principal":{"AWS":"`+labIAM+`user/other"},"Action":"kms:*","Resource":"*"}`)
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			l := newLab()
			tt.lab(l)
			if got := l.reaching(t, tt.action); got != tt.want {
				t.Errorf("it reaches the bucket by %q, want %q", got, tt.want)
			}
		})
	}
	t.Run("a queue needs two grants", func(t *testing.T) {
		t.Parallel()
		const queue = "arn:aws:sqs:us-east-1:" + labAccount + ":orders"
		for _, operations := range []string{`["Decrypt","GenerateDataKey"]`, `"Decrypt"`} {
			l := newLab()
			l.who = l.user("u", policyOf(policy.Identity, allowsOn("sqs:SendMessage"),
				`{"Effect":"Allow","Action":"kms:CreateGrant","Resource":"*","Condition":{"ForAllValues:StringEquals":{"kms:GrantOperations":`+operations+`}}}`))
			l.key(l.resource(queue, "AWS::SQS::Queue"))
			want := ""
			if operations[0] == '[' {
				want = "kms-create-grant"
			}
			if got := l.reachingTo(t, queue, "sqs:SendMessage"); got != want {
				t.Errorf("who may grant %s sends by %q, want %q", operations, got, want)
			}
		}
	})
}

// TestOpensFromInside: whom the policy of a resource lets change that needs no policy of its own
// (E86, E187), unless something keeps it from it.
func TestOpensFromInside(t *testing.T) {
	keeps := func(action, who string) string {
		return `{"Effect":"Allow","Principal":{"AWS":"` + labIAM + who + `"},"Action":"` + action + `","Resource":"*"}`
	}
	for _, tt := range []struct {
		name, resource, action, want string
		lab                          func(l *lab)
	}{
		{"E187 who keeps a key", labKey, "kms:Decrypt", "kms-put-key-policy", func(l *lab) {
			l.who = l.user("u")
			l.resource(labKey, "AWS::KMS::Key", keeps("kms:PutKeyPolicy", "user/u"))
		}},
		{"E187 who does not", labKey, "kms:Decrypt", "", func(l *lab) {
			l.user("other")
			l.who = l.user("u")
			l.resource(labKey, "AWS::KMS::Key", keeps("kms:PutKeyPolicy", "user/other"))
		}},
		{"E187 who may be told of the key alone", labKey, "kms:Decrypt", "", func(l *lab) {
			l.who = l.user("u")
			l.resource(labKey, "AWS::KMS::Key", keeps("kms:DescribeKey", "user/u"))
		}},
		{"E86 whom the policy of a bucket lets write it", labBucket, "s3:GetObject", "s3-put-bucket-policy", func(l *lab) {
			l.who = l.user("u")
			l.bucket(keeps("s3:PutBucketPolicy", "user/u"))
		}},
		{"E83 but its own policies deny it", labBucket, "s3:GetObject", "", func(l *lab) {
			l.who = l.user("u", policyOf(policy.Identity, `{"Effect":"Deny","Action":"s3:PutBucketPolicy","Resource":"*"}`))
			l.bucket(keeps("s3:PutBucketPolicy", "user/u"))
		}},
		{"E164 who takes over the one whom it lets write it", labBucket, "s3:GetObject", "iam-create-access-key,s3-put-bucket-policy", func(l *lab) {
			l.user("keeper")
			l.who = l.user("u", policyOf(policy.Identity, allowsOn("iam:CreateAccessKey")))
			l.bucket(keeps("s3:PutBucketPolicy", "user/keeper"))
		}},
		{"E194 a grant hands on no more than itself", labKey, "kms:Decrypt", "", func(l *lab) {
			l.who = l.user("u", policyOf(policy.Identity, allowsOn("kms:CreateGrant")))
			l.resource(labKey, "AWS::KMS::Key", keeps("kms:*", "user/other")).KMSGrants = []inventory.KMSGrant{{ID: "g", Grantee: labIAM + "user/u", Operations: []string{"CreateGrant"}}}
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			l := newLab()
			tt.lab(l)
			if got := l.reachingTo(t, tt.resource, tt.action); got != tt.want {
				t.Errorf("it reaches it by %q, want %q", got, tt.want)
			}
		})
	}
}

// TestOpensPastBoundary: what a policy gives to a role stays within its boundary, and what it
// gives to everybody who is that role does not; nor what it gives to a user (E87, E89).
func TestOpensPastBoundary(t *testing.T) {
	for _, tt := range []struct {
		name, bound, want string
		role              bool
	}{
		{"E89 a role names everybody, and itself in a condition", allowsOn("s3:PutBucketPolicy"), "s3-put-bucket-policy", true},
		{"E87 a user names itself", allowsOn("s3:PutBucketPolicy"), "s3-put-bucket-policy", false},
		{"E102 a boundary keeps a role from writing the policy", allowsOn("s3:ListBucket"), "", true},
		{"E102 one that denies it keeps a role out", allowsOn("s3:PutBucketPolicy") + `,{"Effect":"Deny","Action":"s3:GetObject","Resource":"*"}`, "", true},
		{"E102 and a user", allowsOn("s3:PutBucketPolicy") + `,{"Effect":"Deny","Action":"s3:GetObject","Resource":"*"}`, "", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			l, writes := newLab(), policyOf(policy.Identity, allowsOn("s3:PutBucketPolicy"))
			if l.who = l.user("u", writes); tt.role {
				l.who = l.role("r", trustOf(`{"Service":"lambda.amazonaws.com"}`), writes)
			}
			l.who.Boundary = policyOf(policy.Boundary, tt.bound)
			l.bucket()
			if got := l.reaching(t, "s3:GetObject"); got != tt.want {
				t.Errorf("it reaches the bucket by %q, want %q", got, tt.want)
			}
		})
	}
}

// TestOpensAbroad: which policies may be written from another account (E94, E197).
func TestOpensAbroad(t *testing.T) {
	for _, tt := range []struct {
		name, resource, kind, call, action string
		want                               []string
	}{
		{"E94 no bucket policy", labBucket, "AWS::S3::Bucket", "s3:PutBucketPolicy", "s3:GetObject", nil},
		{"E197 no key policy", labKey, "AWS::KMS::Key", "kms:PutKeyPolicy", "kms:Decrypt", nil},
		{"E197 a grant on a key", labKey, "AWS::KMS::Key", "kms:CreateGrant", "kms:Decrypt", []string{"arn:aws:iam::444455556666:user/o"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			l := newLab()
			l.resource(tt.resource, tt.kind, `{"Effect":"Allow","Principal":{"AWS":"444455556666"},"Action":"`+tt.call+`","Resource":"*"}`)
			other := &inventory.Account{ID: "444455556666", Partition: "aws", IAM: true}
			other.Held().Users = []*inventory.Principal{{
				Kind: inventory.User, ARN: "arn:aws:iam::444455556666:user/o", Name: "o", Path: "/", Account: other,
				Inline: []*inventory.Policy{policyOf(policy.Identity, allowsOn(tt.call, tt.action))},
			}}
			ans, err := l.solver(t, other).WhoCanEscalating(tt.resource, []string{tt.action})
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for i := range ans.Escalations {
				got = append(got, ans.Escalations[i].Principal)
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("%v let themselves in, want %v", got, tt.want)
			}
		})
	}
}

// TestOpensServices: a row for each call that lets in and that has none elsewhere, with the same
// call on another resource, which does not.
func TestOpensServices(t *testing.T) {
	const region = ":us-east-1:" + labAccount + ":"
	for _, tt := range []struct{ resource, kind, call, action, want string }{
		{"arn:aws:s3" + region + "accesspoint/door", "AWS::S3::AccessPoint", "s3:PutAccessPointPolicy", "s3:GetObject", "s3-put-access-point-policy"},
		{"arn:aws:s3express" + region + "bucket/b--use1-az4--x-s3", "AWS::S3Express::DirectoryBucket", "s3express:PutBucketPolicy", "s3express:CreateSession", "s3express-put-policy"},
		{"arn:aws:s3tables" + region + "bucket/b", "AWS::S3Tables::TableBucket", "s3tables:PutTableBucketPolicy", "s3tables:ListTables", "s3tables-put-policy"},
		{"arn:aws:lambda" + region + "function:f", "AWS::Lambda::Function", "lambda:PutResourcePolicy", "lambda:InvokeFunction", "lambda-put-policy"},
		{"arn:aws:sns" + region + "t", "AWS::SNS::Topic", "sns:SetTopicAttributes", "sns:Publish", "sns-policy"},
		{"arn:aws:secretsmanager" + region + "secret:db-AbCdEf", "AWS::SecretsManager::Secret", "secretsmanager:PutResourcePolicy", "secretsmanager:GetSecretValue", "secretsmanager-put-policy"},
		{"arn:aws:dynamodb" + region + "table/t", "AWS::DynamoDB::Table", "dynamodb:PutResourcePolicy", "dynamodb:GetItem", "dynamodb-put-policy"},
		{"arn:aws:ecr" + region + "repository/r", "AWS::ECR::Repository", "ecr:SetRepositoryPolicy", "ecr:BatchGetImage", "ecr-set-policy"},
		{"arn:aws:kinesis" + region + "stream/s", "AWS::Kinesis::Stream", "kinesis:PutResourcePolicy", "kinesis:GetRecords", "kinesis-put-policy"},
		{"arn:aws:glue" + region + "catalog", "AWS::Glue::Catalog", "glue:PutResourcePolicy", "glue:GetDatabases", "glue-put-policy"},
		{"arn:aws:glacier" + region + "vaults/v", "AWS::Glacier::Vault", "glacier:SetVaultAccessPolicy", "glacier:InitiateJob", "glacier-set-policy"},
		{"arn:aws:codeartifact" + region + "repository/d/r", "AWS::CodeArtifact::Repository", "codeartifact:PutRepositoryPermissionsPolicy", "codeartifact:ReadFromRepository", "codeartifact-put-policy"},
		{"arn:aws:codeartifact" + region + "domain/d", "AWS::CodeArtifact::Domain", "codeartifact:PutDomainPermissionsPolicy", "codeartifact:DescribeDomain", "codeartifact-put-policy"},
		{"arn:aws:elasticfilesystem" + region + "file-system/fs-12345678", "AWS::EFS::FileSystem", "elasticfilesystem:PutFileSystemPolicy", "elasticfilesystem:ClientMount", "efs-policy"},
	} {
		t.Run(tt.call, func(t *testing.T) {
			t.Parallel()
			for _, on := range []string{"*", tt.resource + "-other"} {
				l := newLab()
				l.who = l.user("u", policyOf(policy.Identity, `{"Effect":"Allow","Action":"`+tt.call+`","Resource":"`+on+`"}`))
				// A policy is there, as a file system without one lets in everybody (E209).
				r := l.resource(tt.resource, tt.kind, `{"Effect":"Allow","Principal":{"AWS":"`+labIAM+`user/other"},"Action":"*","Resource":"*"}`)
				if tt.kind == "AWS::S3::AccessPoint" {
					l.bucket(`{"Effect":"Allow","Principal":"*","Action":"s3:*","Resource":"*","Condition":{"StringEquals":{"s3:DataAccessPointAccount":"` + labAccount + `"}}}`)
					r.AccessPoint = &inventory.AccessPoint{Bucket: "vault"}
				}
				want := tt.want
				if on != "*" {
					want = ""
				}
				if got := l.reachingTo(t, tt.resource, tt.action); got != want {
					t.Errorf("on %s: it reaches it by %q, want %q", on, got, want)
				}
			}
		})
	}
}
