package audit_test

import (
	"strings"
	"testing"
	"time"

	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
	"pathfinder/solver/audit"
)

const none, certain, possible = "", audit.Certain, audit.Possible

// TestKinds shows for each kind of finding what makes one, and what does not.
func TestKinds(t *testing.T) {
	github := func(condition string) func(*world) {
		return func(w *world) {
			w.prod.Held().ProvidersKnown = true
			w.prod.Held().Providers = append(w.prod.Held().Providers, inventory.Provider{Kind: inventory.OIDC, ARN: githubARN, URL: githubHost})
			w.role(w.prod, "ci", trusting(`{"Federated":"`+githubARN+`"}`, condition))
		}
	}
	lookForEach(t, []kindTest{
		{"public-access", "a queue for everybody (E21)", func(w *world) { w.queue(granting(`"*"`, "sqs:SendMessage", "*", "")) }, certain, audit.Critical},
		{"public-access", "from some network", func(w *world) {
			w.queue(granting(`"*"`, "sqs:SendMessage", "*", `{"IpAddress":{"aws:SourceIp":"192.0.2.0/24"}}`))
		}, possible, audit.High},
		{"public-access", "for the organization", func(w *world) {
			w.queue(granting(`"*"`, "sqs:SendMessage", "*", `{"StringEquals":{"aws:PrincipalOrgID":"o-1"}}`))
		}, none, 0},
		{"public-access", "a role for everybody", func(w *world) { w.role(w.prod, "open", trusting(`{"AWS":"*"}`, "")) }, certain, audit.Critical},
		{"external-access", "an account outside", func(w *world) { w.queue(granting(`{"AWS":"`+outsideID+`"}`, "sqs:ReceiveMessage", "*", "")) }, certain, audit.Medium},
		{"external-access", "an account of the organization", func(w *world) { w.queue(granting(`{"AWS":"`+devID+`"}`, "sqs:ReceiveMessage", "*", "")) }, none, 0},
		{"external-access", "a vendor that assumes a role", func(w *world) {
			w.role(w.prod, "vendor", trusting(`{"AWS":"`+vendorID+`"}`, `{"StringEquals":{"sts:ExternalId":"x"}}`))
		}, possible, audit.Medium},
		{"sensitive-reach", "another account reads what is secret", func(w *world) {
			w.bucket(granting(`{"AWS":"`+devID+`"}`, "s3:GetObject", "arn:aws:s3:::data/*", "")).Tags = map[string]string{"data": "secret"}
			w.user(w.dev, "reader", `{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}`)
		}, certain, audit.Medium},
		{"sensitive-reach", "another account reads it, if what could not be read of the bucket's policy does not keep it out (E11)", func(w *world) {
			w.bucket(granting(`{"AWS":"`+devID+`"}`, "s3:GetObject", "arn:aws:s3:::data/*", ""), damaged).Tags = map[string]string{"data": "secret"}
			w.user(w.dev, "reader", `{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}`)
		}, possible, audit.Medium},
		{"sensitive-reach", "one reads it, whatever could not be read of another one's policies (E11)", func(w *world) {
			w.bucket(granting(`{"AWS":"`+devID+`"}`, "s3:GetObject", "arn:aws:s3:::data/*", "")).Tags = map[string]string{"data": "secret"}
			w.user(w.dev, "reader", `{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}`)
			w.user(w.dev, "ann", `{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}`, damaged)
		}, certain, audit.Medium},
		{"sensitive-reach", "by a role of which the trust policy could not be read in full (E11)", func(w *world) {
			w.bucket().Tags = map[string]string{"data": "secret"}
			w.role(w.prod, "reader", trusting(`{"AWS":"`+devID+`"}`, "")+","+damaged, `{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}`)
			w.user(w.dev, "ann", `{"Effect":"Allow","Action":"sts:AssumeRole","Resource":"*"}`)
		}, possible, audit.Medium},
		{"sensitive-reach", "what is not secret", func(w *world) {
			w.bucket(granting(`{"AWS":"`+devID+`"}`, "s3:GetObject", "arn:aws:s3:::data/*", ""))
			w.user(w.dev, "reader", `{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}`)
		}, none, 0},
		{"sensitive-reach", "its own account", func(w *world) {
			w.bucket().Tags = map[string]string{"data": "secret"}
			w.user(w.prod, "reader", `{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}`)
		}, none, 0},
		{"key-beyond-account", "another account uses the key", func(w *world) {
			w.resource(w.prod, "AWS::KMS::Key", "arn:aws:kms:eu-west-1:"+prodID+":key/1", granting(`{"AWS":"`+devID+`"}`, "kms:Decrypt", "*", ""))
			w.user(w.dev, "reader", `{"Effect":"Allow","Action":"kms:Decrypt","Resource":"*"}`)
		}, certain, audit.Low},
		{"key-beyond-account", "by a grant alone, of which AWS leaves unclear whether it is enough (E193)", func(w *world) {
			r := w.resource(w.prod, "AWS::KMS::Key", "arn:aws:kms:eu-west-1:"+prodID+":key/1")
			r.KMSGrants = []inventory.KMSGrant{{ID: "g", Grantee: w.user(w.dev, "reader").ARN, Operations: []string{"Decrypt"}}}
		}, possible, audit.Low},
		{"key-beyond-account", "by a grant, and a policy of its own (E193)", func(w *world) {
			r := w.resource(w.prod, "AWS::KMS::Key", "arn:aws:kms:eu-west-1:"+prodID+":key/1")
			reader := w.user(w.dev, "reader", `{"Effect":"Allow","Action":"kms:Decrypt","Resource":"*"}`)
			r.KMSGrants = []inventory.KMSGrant{{ID: "g", Grantee: reader.ARN, Operations: []string{"Decrypt"}}}
		}, certain, audit.Low},
		{"key-beyond-account", "through a service alone", func(w *world) {
			w.resource(w.prod, "AWS::KMS::Key", "arn:aws:kms:eu-west-1:"+prodID+":key/1", granting(`{"AWS":"`+devID+`"}`, "kms:Decrypt", "*", `{"StringEquals":{"kms:ViaService":"s3.eu-west-1.amazonaws.com"}}`))
			w.user(w.dev, "reader", `{"Effect":"Allow","Action":"kms:*","Resource":"*"}`)
		}, possible, audit.Low},
		{"key-beyond-account", "from a network, and for another one anyway", func(w *world) {
			w.resource(w.prod, "AWS::KMS::Key", "arn:aws:kms:eu-west-1:"+prodID+":key/1", granting(`{"AWS":"`+devID+`"}`, "kms:Decrypt", "*", ""))
			w.user(w.dev, "reader", `{"Effect":"Allow","Action":"kms:*","Resource":"*","Condition":{"IpAddress":{"aws:SourceIp":"192.0.2.0/24"}}}`)
			w.user(w.dev, "writer", `{"Effect":"Allow","Action":"kms:*","Resource":"*"}`)
		}, certain, audit.Low},
		{"key-beyond-account", "what it is called", func(w *world) {
			w.resource(w.prod, "AWS::KMS::Key", "arn:aws:kms:eu-west-1:"+prodID+":key/1", granting(`{"AWS":"`+devID+`"}`, "kms:DescribeKey", "*", ""))
			w.user(w.dev, "reader", `{"Effect":"Allow","Action":"kms:*","Resource":"*"}`)
		}, certain, audit.Info},
		{"key-beyond-account", "nobody there may", func(w *world) {
			w.resource(w.prod, "AWS::KMS::Key", "arn:aws:kms:eu-west-1:"+prodID+":key/1", granting(`{"AWS":"`+devID+`"}`, "kms:Decrypt", "*", ""))
			w.user(w.dev, "reader", `{"Effect":"Allow","Action":"s3:*","Resource":"*"}`)
		}, none, 0},
		{"bucket-block-only", "a public policy behind the block (E174)", func(w *world) {
			w.bucket(granting(`"*"`, "s3:GetObject", "arn:aws:s3:::data/*", "")).S3.PublicAccessBlock = inventory.PublicAccessBlock{
				Known: inventory.Have, RestrictPublicBuckets: true,
			}
		}, certain, audit.Medium},
		{"bucket-block-only", "no block, and so public", func(w *world) { w.bucket(granting(`"*"`, "s3:GetObject", "arn:aws:s3:::data/*", "")) }, none, 0},
		{"bucket-block-only", "a private policy behind the block", func(w *world) {
			w.bucket(granting(`{"AWS":"`+devID+`"}`, "s3:GetObject", "arn:aws:s3:::data/*", "")).S3.PublicAccessBlock.RestrictPublicBuckets = true
		}, none, 0},
		{"confused-deputy", "a service for anybody (E124)", func(w *world) {
			w.queue(granting(`{"Service":"sns.amazonaws.com"}`, "sqs:SendMessage", "*", ""))
		}, possible, audit.Medium},
		{"confused-deputy", "for one account", func(w *world) {
			w.queue(granting(`{"Service":"sns.amazonaws.com"}`, "sqs:SendMessage", "*", `{"StringEquals":{"aws:SourceAccount":"`+prodID+`"}}`))
		}, none, 0},
		{"confused-deputy", "for all accounts but one", func(w *world) {
			w.queue(granting(`{"Service":"sns.amazonaws.com"}`, "sqs:SendMessage", "*", `{"StringNotEquals":{"aws:SourceAccount":"`+devID+`"}}`))
		}, possible, audit.Medium},
		{"cross-account-into-production", "from development", func(w *world) {
			w.user(w.dev, "deployer", `{"Effect":"Allow","Action":"sts:AssumeRole","Resource":"*"}`)
			w.role(w.prod, "deploy", trusting(`{"AWS":"`+devID+`"}`, ""))
		}, certain, audit.Medium},
		{"cross-account-into-production", "into development", func(w *world) {
			w.user(w.prod, "deployer", `{"Effect":"Allow","Action":"sts:AssumeRole","Resource":"*"}`)
			w.role(w.dev, "deploy", trusting(`{"AWS":"`+prodID+`"}`, ""))
		}, none, 0},
		{"admin-role-without-mfa", "an access key is enough", func(w *world) {
			w.user(w.prod, "ops", `{"Effect":"Allow","Action":"sts:AssumeRole","Resource":"*"}`)
			w.role(w.prod, "admin", trusting(`{"AWS":"`+prodID+`"}`, ""), allowAll)
		}, certain, audit.High},
		{"admin-role-without-mfa", "MFA is asked for", func(w *world) {
			w.user(w.prod, "ops", `{"Effect":"Allow","Action":"sts:AssumeRole","Resource":"*"}`)
			w.role(w.prod, "admin", trusting(`{"AWS":"`+prodID+`"}`, `{"Bool":{"aws:MultiFactorAuthPresent":"true"}}`), allowAll)
		}, none, 0},
		{"admin-role-without-mfa", "the role has little", func(w *world) {
			w.user(w.prod, "ops", `{"Effect":"Allow","Action":"sts:AssumeRole","Resource":"*"}`)
			w.role(w.prod, "reader", trusting(`{"AWS":"`+prodID+`"}`, ""), `{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}`)
		}, none, 0},
		{"third-party-without-external-id", "a vendor", func(w *world) { w.role(w.prod, "vendor", trusting(`{"AWS":"`+vendorID+`"}`, "")) }, certain, audit.Medium},
		{"third-party-without-external-id", "with an external id (E152)", func(w *world) {
			w.role(w.prod, "vendor", trusting(`{"AWS":"`+vendorID+`"}`, `{"StringEquals":{"sts:ExternalId":"x"}}`))
		}, none, 0},
		{"third-party-without-external-id", "with any that looks like one", func(w *world) {
			w.role(w.prod, "vendor", trusting(`{"AWS":"`+vendorID+`"}`, `{"StringLike":{"sts:ExternalId":"????????-*"}}`))
		}, certain, audit.Medium},
		{"third-party-without-external-id", "with one that begins as agreed", func(w *world) {
			w.role(w.prod, "vendor", trusting(`{"AWS":"`+vendorID+`"}`, `{"StringLike":{"sts:ExternalId":"acme-*"}}`))
		}, none, 0},
		{"external-access", "a role for any external id, as callers choose", func(w *world) {
			w.role(w.prod, "vendor", trusting(`{"AWS":"`+outsideID+`"}`, `{"StringLike":{"sts:ExternalId":"*"}}`))
		}, certain, audit.Medium},
		{"dangling-trust", "a user that was deleted (E76)", func(w *world) {
			w.role(w.prod, "left", trusting(`{"AWS":"AIDAQWERTYUIOPASDFGHJ"}`, ""))
		}, certain, audit.Low},
		{"dangling-trust", "a user that is there", func(w *world) {
			u := w.user(w.prod, "here")
			w.role(w.prod, "kept", trusting(`{"AWS":"`+u.ARN+`"}`, ""))
		}, none, 0},
		{"dangling-trust", "a session of a role that is not there: one of that name gets in (E75)", func(w *world) {
			w.queue(granting(`{"AWS":"arn:aws:sts::`+devID+`:assumed-role/gone/s"}`, "sqs:*", "*", ""))
		}, certain, audit.Medium},
		{"dangling-trust", "a session of a role that is there", func(w *world) {
			w.role(w.dev, "here", byService).ARN = "arn:aws:iam::" + devID + ":role/team/here"
			w.queue(granting(`{"AWS":"arn:aws:sts::`+devID+`:assumed-role/here/s"}`, "sqs:*", "*", ""))
		}, none, 0},
		{"dangling-trust", "a session of a role outside", func(w *world) {
			w.queue(granting(`{"AWS":"arn:aws:sts::`+outsideID+`:assumed-role/x/s"}`, "sqs:*", "*", ""))
		}, none, 0},
		{"dangling-trust", "a condition on the name of a role that is not there (E78)", func(w *world) {
			w.queue(granting(`{"AWS":"`+devID+`"}`, "sqs:*", "*", `{"ArnLike":{"aws:PrincipalArn":["arn:aws:iam::`+devID+`:role/gone"]}}`))
		}, certain, audit.Medium},
		{"dangling-trust", "a condition on the names of roles that are there, outside, or meant by a pattern", func(w *world) {
			w.role(w.dev, "here", byService)
			w.queue(granting(`"*"`, "sqs:*", "*", `{"ArnLike":{"aws:PrincipalArn":["arn:aws:iam::`+devID+`:role/here","arn:aws:iam::`+outsideID+`:role/x","arn:aws:iam::`+devID+`:role/ci-*","arn:aws:iam::`+devID+`:root"]}}`))
		}, none, 0},
		{"dangling-trust", "a condition on all but a role that is not there", func(w *world) {
			w.queue(granting(`{"AWS":"`+devID+`"}`, "sqs:*", "*", `{"ArnNotEquals":{"aws:PrincipalArn":"arn:aws:iam::`+devID+`:role/gone"}}`))
		}, none, 0},
		{"dangling-trust", "a condition on a role of an account that was not read", func(w *world) {
			w.dev.IAM = false
			w.queue(granting(`{"AWS":"`+devID+`"}`, "sqs:*", "*", `{"ArnEquals":{"aws:PrincipalArn":"arn:aws:iam::`+devID+`:role/x"}}`))
		}, none, 0},
		{"dangling-trust", "an identity provider that is not there (E150)", func(w *world) {
			w.prod.Held().ProvidersKnown = true
			w.role(w.prod, "ci", trusting(`{"Federated":"`+githubARN+`"}`, ""))
		}, certain, audit.Low},
		{"dangling-trust", "a SAML provider that is not there", func(w *world) {
			w.prod.Held().ProvidersKnown = true
			w.role(w.prod, "sso", `{"Effect":"Allow","Principal":{"Federated":"arn:aws:iam::`+prodID+`:saml-provider/gone"},"Action":"sts:AssumeRoleWithSAML"}`)
		}, certain, audit.Low},
		{"dangling-trust", "an identity provider that is there", github(""), none, 0},
		{"dangling-trust", "a provider that needs no ARN", func(w *world) {
			w.prod.Held().ProvidersKnown = true
			w.role(w.prod, "app", trusting(`{"Federated":"cognito-identity.amazonaws.com"}`, ""))
		}, none, 0},
		{"dangling-trust", "nobody looked for providers", func(w *world) { w.role(w.prod, "ci", trusting(`{"Federated":"`+githubARN+`"}`, "")) }, none, 0},
		{"unused-with-power", "an administrator nobody was in a year", func(w *world) {
			w.role(w.prod, "old", byService, allowAll).LastUsed = time.Date(2025, 11, 1, 0, 0, 0, 0, time.UTC)
		}, certain, audit.Medium},
		{"unused-with-power", "used last week", func(w *world) {
			w.role(w.prod, "busy", byService, allowAll).LastUsed = time.Date(2026, 10, 25, 0, 0, 0, 0, time.UTC)
		}, none, 0},
		{"unused-with-power", "never used (not in 400 days)", func(w *world) { neverUsed(w, time.Date(2023, 1, 1, 0, 0, 0, 0, time.UTC)) }, certain, audit.Medium},
		{"unused-with-power", "never used since it was made", func(w *world) { neverUsed(w, time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC)) }, certain, audit.Medium},
		{"unused-with-power", "made last month", func(w *world) { neverUsed(w, time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC)) }, none, 0},
		{"unused-with-power", "nobody looked", func(w *world) { neverUsed(w, time.Date(2023, 1, 1, 0, 0, 0, 0, time.UTC)).UseKnown = false }, none, 0},
		{"wildcard-data-access", "all objects", func(w *world) { w.user(w.prod, "analyst", `{"Effect":"Allow","Action":"s3:Get*","Resource":"*"}`) }, certain, audit.Medium},
		{"wildcard-data-access", "everything but IAM", func(w *world) {
			w.user(w.prod, "dev", `{"Effect":"Allow","NotAction":["iam:*","organizations:*"],"Resource":"*"}`)
		}, certain, audit.Medium},
		{"wildcard-data-access", "everything but data", func(w *world) {
			w.user(w.prod, "dev", `{"Effect":"Allow","NotAction":["iam:*","s3:*","dynamodb:*","sqs:*","ssm:*","secretsmanager:*"],"Resource":"*"}`)
		}, none, 0},
		{"wildcard-data-access", "all objects but those of one bucket", func(w *world) {
			w.user(w.prod, "analyst", `{"Effect":"Allow","Action":"s3:GetObject","NotResource":"arn:aws:s3:::x/*"}`)
		}, certain, audit.Medium},
		{"wildcard-data-access", "all but objects", func(w *world) {
			w.user(w.prod, "analyst", `{"Effect":"Allow","Action":"s3:GetObject","NotResource":"arn:aws:s3:::*"}`)
		}, none, 0},
		{"wildcard-data-access", "all secrets of the account", func(w *world) {
			w.user(w.prod, "app", `{"Effect":"Allow","Action":"secretsmanager:GetSecretValue","Resource":"arn:aws:secretsmanager:*:`+prodID+`:secret:*"}`)
		}, certain, audit.Medium},
		{"wildcard-data-access", "the secrets of one region", func(w *world) {
			w.user(w.prod, "app", `{"Effect":"Allow","Action":"secretsmanager:GetSecretValue","Resource":"arn:aws:secretsmanager:eu-west-1:`+prodID+`:secret:*"}`)
		}, certain, audit.Medium},
		{"wildcard-data-access", "the tables of one region", func(w *world) {
			w.user(w.prod, "app", `{"Effect":"Allow","Action":"dynamodb:Query","Resource":"arn:aws:dynamodb:eu-west-?:`+prodID+`:table/*"}`)
		}, certain, audit.Low},
		{"wildcard-data-access", "the secrets of one region that begin alike", func(w *world) {
			w.user(w.prod, "app", `{"Effect":"Allow","Action":"secretsmanager:GetSecretValue","Resource":"arn:aws:secretsmanager:eu-west-1:`+prodID+`:secret:app/*"}`)
		}, none, 0},
		{"wildcard-data-access", "the secrets of one region of another account", func(w *world) {
			w.user(w.prod, "app", `{"Effect":"Allow","Action":"secretsmanager:GetSecretValue","Resource":"arn:aws:secretsmanager:eu-west-1:`+devID+`:secret:*"}`)
		}, none, 0},
		{"wildcard-data-access", "the secrets of one region, denied there", func(w *world) {
			w.user(w.prod, "app", `{"Effect":"Allow","Action":"secretsmanager:GetSecretValue","Resource":"arn:aws:secretsmanager:eu-west-1:`+prodID+`:secret:*"}`,
				`{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"StringEquals":{"aws:RequestedRegion":"eu-west-1"}}}`)
		}, none, 0},
		{"wildcard-data-access", "all secrets but those of a region", func(w *world) {
			w.user(w.prod, "app", `{"Effect":"Allow","Action":"secretsmanager:GetSecretValue","NotResource":"arn:aws:secretsmanager:eu-west-1:`+prodID+`:secret:*"}`)
		}, certain, audit.Medium},
		{"wildcard-data-access", "all versions of objects, the current one with them", func(w *world) {
			w.user(w.prod, "app", `{"Effect":"Allow","Action":"s3:GetObjectVersion","Resource":"*"}`)
		}, certain, audit.Medium},
		{"wildcard-data-access", "items by statements of PartiQL", func(w *world) {
			w.user(w.prod, "app", `{"Effect":"Allow","Action":"dynamodb:PartiQLSelect","Resource":"*"}`)
		}, certain, audit.Low},
		{"wildcard-data-access", "the values that parameters had and have", func(w *world) {
			w.user(w.prod, "app", `{"Effect":"Allow","Action":"ssm:GetParameterHistory","Resource":"*"}`)
		}, certain, audit.Low},
		{"wildcard-data-access", "the tags of objects", func(w *world) {
			w.user(w.prod, "app", `{"Effect":"Allow","Action":["s3:GetObjectTagging","s3:GetObjectVersionTagging"],"Resource":"*"}`)
		}, none, 0},
		{"wildcard-data-access", "the secrets of another account", func(w *world) {
			w.user(w.prod, "app", `{"Effect":"Allow","Action":"secretsmanager:GetSecretValue","Resource":"arn:aws:secretsmanager:*:`+devID+`:secret:*"}`)
		}, none, 0},
		{"wildcard-data-access", "everything of the partition", func(w *world) {
			w.user(w.prod, "app", `{"Effect":"Allow","Action":"ssm:GetParameters","Resource":"arn:aws:*"}`)
		}, certain, audit.Low},
		{"wildcard-data-access", "items by their keys", func(w *world) {
			w.user(w.prod, "app", `{"Effect":"Allow","Action":["dynamodb:BatchGetItem","dynamodb:Query"],"Resource":"*"}`)
		}, certain, audit.Low},
		{"wildcard-data-access", "what tables there are", func(w *world) {
			w.user(w.prod, "app", `{"Effect":"Allow","Action":["dynamodb:Describe*","dynamodb:List*"],"Resource":"*"}`)
		}, none, 0},
		{"wildcard-data-access", "if it comes through an endpoint", func(w *world) {
			w.user(w.prod, "app", `{"Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"StringEquals":{"aws:SourceVpce":"vpce-1"}}}`)
		}, possible, audit.Medium},
		{"wildcard-data-access", "what has a tag", func(w *world) {
			w.user(w.prod, "app", `{"Effect":"Allow","Action":["dynamodb:Query","s3:GetObject"],"Resource":"*","Condition":{"StringEquals":{"aws:ResourceTag/team":"x"}}}`,
				`{"Effect":"Allow","Action":"secretsmanager:GetSecretValue","Resource":"*","Condition":{"StringLike":{"secretsmanager:ResourceTag/team":"*"}}}`,
				`{"Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"StringEquals":{"s3:ExistingObjectTag/public":"yes"}}}`)
		}, none, 0},
		{"wildcard-data-access", "what has not a tag", func(w *world) {
			w.user(w.prod, "app", `{"Effect":"Allow","Action":"dynamodb:Query","Resource":"*","Condition":{"StringNotEquals":{"aws:ResourceTag/team":"x"}}}`)
		}, possible, audit.Low},
		{"wildcard-data-access", "what has a tag, and with MFA all", func(w *world) {
			w.user(w.prod, "app", `{"Effect":"Allow","Action":"dynamodb:Query","Resource":"*","Condition":{"StringEquals":{"aws:ResourceTag/team":"x"}}}`,
				`{"Effect":"Allow","Action":"dynamodb:Query","Resource":"*","Condition":{"Bool":{"aws:MultiFactorAuthPresent":"true"}}}`)
		}, possible, audit.Low},
		{"wildcard-data-access", "to delete all objects", func(w *world) {
			w.user(w.prod, "cleaner", `{"Effect":"Allow","Action":"s3:DeleteObject","Resource":"*"}`)
		}, certain, audit.Low},
		{"wildcard-data-access", "to delete all tables but those that a boundary keeps", func(w *world) {
			w.user(w.prod, "cleaner", `{"Effect":"Allow","Action":"dynamodb:Delete*","Resource":"*"}`).Boundary = named("b", document(policy.Boundary, `{"Effect":"Allow","Action":"dynamodb:*","Resource":"arn:aws:dynamodb:*:*:table/app"}`))
		}, none, 0},
		{"wildcard-data-access", "to purge all queues, after a day to come", func(w *world) {
			w.user(w.prod, "cleaner", `{"Effect":"Allow","Action":"sqs:PurgeQueue","Resource":"*","Condition":{"DateGreaterThan":{"aws:CurrentTime":"2030-01-01T00:00:00Z"}}}`)
		}, possible, audit.Low},
		{"wildcard-data-access", "to delete the objects of one bucket", func(w *world) {
			w.user(w.prod, "cleaner", `{"Effect":"Allow","Action":"s3:DeleteObject","Resource":"arn:aws:s3:::tmp/*"}`)
		}, none, 0},
		{"wildcard-data-access", "to delete tags", func(w *world) {
			w.user(w.prod, "cleaner", `{"Effect":"Allow","Action":["s3:DeleteObjectTagging","s3:DeleteBucketPolicy"],"Resource":"*"}`)
		}, none, 0},
		{"wildcard-data-access", "one bucket", func(w *world) {
			w.user(w.prod, "analyst", `{"Effect":"Allow","Action":"s3:Get*","Resource":"arn:aws:s3:::data/*"}`)
		}, none, 0},
		{"wildcard-data-access", "denied again", func(w *world) {
			w.user(w.prod, "analyst", `{"Effect":"Allow","Action":"s3:Get*","Resource":"*"}`, `{"Effect":"Deny","Action":"s3:*","Resource":"*"}`)
		}, none, 0},
		{"wildcard-data-access", "what a boundary leaves of it", func(w *world) {
			w.user(w.prod, "analyst", `{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}`).Boundary = named("b", document(policy.Boundary, `{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::app/*"}`))
		}, none, 0},
		{"wildcard-data-access", "a table and its indexes, which a boundary leaves", func(w *world) {
			w.user(w.prod, "analyst", `{"Effect":"Allow","Action":"dynamodb:*","Resource":"*"}`).Boundary = named("b", document(policy.Boundary, `{"Effect":"Allow","Action":"dynamodb:Query","Resource":"arn:aws:dynamodb:eu-west-1:`+prodID+`:table/app/index/*"}`))
		}, none, 0},
		{"wildcard-data-access", "all that a boundary says as well", func(w *world) {
			w.user(w.prod, "analyst", `{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}`).Boundary = named("b", document(policy.Boundary, `{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::*"}`))
		}, certain, audit.Medium},
		{"wildcard-data-access", "denied but for one bucket", func(w *world) {
			w.user(w.prod, "analyst", `{"Effect":"Allow","Action":"s3:Get*","Resource":"*"}`, `{"Effect":"Deny","Action":"s3:*","NotResource":"arn:aws:s3:::app/*"}`)
		}, none, 0},
		{"wildcard-data-access", "denied for one bucket", func(w *world) {
			w.user(w.prod, "analyst", `{"Effect":"Allow","Action":"s3:Get*","Resource":"*"}`, `{"Effect":"Deny","Action":"s3:*","Resource":"arn:aws:s3:::app/*"}`)
		}, certain, audit.Medium},
		{"wildcard-data-access", "but for tables of one region a control policy denies", func(w *world) {
			w.root.SCPs = append(w.root.SCPs, named("eu", document(policy.SCP, `{"Effect":"Deny","Action":"dynamodb:*","NotResource":"arn:aws:dynamodb:eu-west-1:*:*"}`)))
			w.user(w.prod, "app", `{"Effect":"Allow","Action":"dynamodb:Query","Resource":"*"}`)
		}, certain, audit.Low},
		{"wildcard-data-access", "an administrator", func(w *world) { w.user(w.prod, "boss", allowAll) }, none, 0},
		{"federation-too-broad", "any repository of GitHub", github(`{"StringEquals":{"` + githubHost + `:aud":"sts.amazonaws.com"}}`), certain, audit.Critical},
		{"federation-too-broad", "by a wildcard", github(`{"StringLike":{"` + githubHost + `:sub":"repo:*"}}`), certain, audit.Critical},
		{"federation-too-broad", "whoever has a name that begins so", github(`{"StringLike":{"` + githubHost + `:sub":"repo:acme*"}}`), certain, audit.Critical},
		{"federation-too-broad", "all but one repository", github(`{"StringNotEquals":{"` + githubHost + `:sub":"repo:acme/shop:x"}}`), certain, audit.Critical},
		{"federation-too-broad", "all repositories of one owner", github(`{"StringLike":{"` + githubHost + `:sub":"repo:acme/*"}}`), none, 0},
		{"federation-too-broad", "one repository", github(`{"StringLike":{"` + githubHost + `:sub":"repo:acme/shop:*"}}`), none, 0},
		{"admin-equivalent", "everything", func(w *world) { w.user(w.prod, "boss", allowAll) }, certain, audit.Medium},
		{"admin-equivalent", "everything but behind a boundary (E89)", func(w *world) {
			w.user(w.prod, "boss", allowAll).Boundary = named("b", document(policy.Boundary, `{"Effect":"Allow","Action":"s3:*","Resource":"*"}`))
		}, none, 0},
		{"admin-equivalent", "through a role", func(w *world) {
			w.user(w.prod, "ops", `{"Effect":"Allow","Action":"sts:AssumeRole","Resource":"*"}`)
			w.role(w.prod, "admin", trusting(`{"AWS":"`+prodID+`"}`, ""), allowAll)
		}, certain, audit.Medium},
		{"privilege-escalation", "its own policy", func(w *world) { w.user(w.prod, "x", `{"Effect":"Allow","Action":"iam:PutUserPolicy","Resource":"*"}`) }, certain, audit.Critical},
		{"privilege-escalation", "if it signed in with MFA", func(w *world) {
			w.user(w.prod, "x", `{"Effect":"Allow","Action":"iam:PutUserPolicy","Resource":"*","Condition":{"Bool":{"aws:MultiFactorAuthPresent":"true"}}}`)
		}, possible, audit.High},
		{"privilege-escalation", "nothing of the kind", func(w *world) { w.user(w.prod, "x", `{"Effect":"Allow","Action":"s3:*","Resource":"*"}`) }, none, 0},
	})
}

// neverUsed adds an administrator that nobody used since it was made.
func neverUsed(w *world, made time.Time) *inventory.Principal {
	p := w.role(w.prod, "never", byService, allowAll)
	p.Created, p.UseKnown = made, true
	return p
}

// TestKeyVerbs: a finding about a key says the worst that others may do with it.
func TestKeyVerbs(t *testing.T) {
	t.Parallel()
	for action, want := range map[string]string{
		"kms:Decrypt": "1 principal of 1 other account may decrypt with key kms key/1", "kms:Encrypt": "1 principal of 1 other account may use key kms key/1",
		"kms:CreateGrant": "1 principal of 1 other account may change who has access to key kms key/1",
		"kms:DescribeKey": "1 principal of 1 other account may read about key kms key/1",
	} {
		w := newWorld()
		w.resource(w.prod, "AWS::KMS::Key", "arn:aws:kms:eu-west-1:"+prodID+":key/1", granting(`{"AWS":"`+devID+`"}`, action, "*", ""))
		w.user(w.dev, "reader", `{"Effect":"Allow","Action":"kms:*","Resource":"*"}`)
		list := of(w.run(t, nil), "key-beyond-account")
		if len(list) != 1 || list[0].Title != want || len(list[0].Statements) == 0 {
			t.Errorf("%s: %+v, want %q", action, list, want)
		}
	}
}

// TestRemediesWithoutStatement: where no statement lets somebody in, or nobody may write one,
// the remedy speaks of what does.
func TestRemediesWithoutStatement(t *testing.T) {
	t.Parallel()
	acl := func(grantee string) func(*world) {
		return func(w *world) {
			r := w.bucket()
			r.S3.Ownership, r.S3.HasACL, r.S3.ACL = "ObjectWriter", inventory.Have, []inventory.ACLGrant{{Grantee: grantee, Permission: "WRITE"}}
		}
	}
	for _, tt := range []struct {
		kind  string
		setup func(*world)
		want  string
	}{
		{"public-access", acl("AllUsers"), "ACL"},
		{"confused-deputy", acl("LogDelivery"), "ACL"},
		{"unused-with-power", func(w *world) {
			p := w.role(w.prod, "AWSReservedSSO_Admin_0123456789abcdef", byService, allowAll)
			p.Path, p.LastUsed = "/aws-reserved/sso.amazonaws.com/", time.Date(2025, 11, 1, 0, 0, 0, 0, time.UTC)
		}, "permission set"},
	} {
		w := newWorld()
		tt.setup(w)
		list := of(w.run(t, nil), tt.kind)
		if len(list) != 1 || !strings.Contains(list[0].Remedy.Text, tt.want) || list[0].Remedy.Change != "" {
			t.Errorf("%s: %+v", tt.kind, list)
		}
	}
}
