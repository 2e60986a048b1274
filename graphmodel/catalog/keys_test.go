package catalog_test

import (
	"slices"
	"strings"
	"testing"

	"pathfinder/graphmodel/catalog"
)

func TestConditionKey(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		want catalog.ConditionKey // zero: not found
	}{
		{name: "s3:prefix", want: catalog.ConditionKey{Name: "s3:prefix", Type: "String"}},
		{name: "S3:PREFIX", want: catalog.ConditionKey{Name: "s3:prefix", Type: "String"}},
		{name: "aws:TagKeys", want: catalog.ConditionKey{Name: "aws:TagKeys", Type: "String", Multivalued: true}},
		{name: "aws:ResourceTag/team", want: catalog.ConditionKey{Name: "aws:ResourceTag/${TagKey}", Type: "String"}},
		{name: "aws:ResourceTag/${TagKey}", want: catalog.ConditionKey{Name: "aws:ResourceTag/${TagKey}", Type: "String"}},
		{name: "aws:requesttag/a/b", want: catalog.ConditionKey{Name: "aws:RequestTag/${TagKey}", Type: "String"}},
		{name: "s3:ExistingObjectTag/env", want: catalog.ConditionKey{Name: "s3:ExistingObjectTag/<key>", Type: "String"}},
		{name: "kms:EncryptionContext:app", want: catalog.ConditionKey{Name: "kms:EncryptionContext:${EncryptionContextKey}", Type: "String"}},
		{name: "kms:EncryptionContextKeys", want: catalog.ConditionKey{Name: "kms:EncryptionContextKeys", Type: "String", Multivalued: true}},
		{name: "dynamodb:LeadingKeys", want: catalog.ConditionKey{Name: "dynamodb:LeadingKeys", Type: "String", Multivalued: true}},
		{name: "ec2:Vpc", want: catalog.ConditionKey{Name: "ec2:Vpc", Type: "ARN"}},
		{name: "events:Metadata/k/Matcher", want: catalog.ConditionKey{Name: "events:Metadata/${MetadataKey}/Matcher", Type: "String"}},
		{name: "secretsmanager:ResourceTag/team", want: catalog.ConditionKey{Name: "secretsmanager:ResourceTag/tag-key", Type: "String"}},
		{name: "glacier:ResourceTag/team", want: catalog.ConditionKey{Name: "glacier:ResourceTag/", Type: "String"}},
		// Types differ between services; that of the key's own service counts.
		{name: "identitystore:UserId", want: catalog.ConditionKey{Name: "identitystore:UserId", Type: "String"}},
		{name: "aws:ResourceTag/"},
		{name: "aws:SourceIp"},
		{name: "s3:prefi"},
		{name: ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, ok := catalog.Default().ConditionKey(tt.name)
			if got != tt.want || ok != (tt.want.Name != "") {
				t.Errorf("ConditionKey(%q) = %+v, %v; want %+v", tt.name, got, ok, tt.want)
			}
		})
	}
}

func TestConditionKeysOfService(t *testing.T) {
	t.Parallel()
	c := catalog.Default()
	for _, s := range c.Services() {
		var names []string
		for _, k := range c.ConditionKeys(s) {
			names = append(names, strings.ToLower(k.Name))
			if got, ok := c.ConditionKey(k.Name); !ok || got != k {
				t.Errorf("ConditionKey(%q) = %+v, %v; want %+v", k.Name, got, ok, k)
			}
		}
		if !slices.IsSorted(names) {
			t.Errorf("keys of %s are not sorted: %v", s, names)
		}
	}
	if got := c.ConditionKeys("no-such"); got != nil {
		t.Errorf("keys of no service: %v", got)
	}
	if len(c.ConditionKeys("S3")) < 30 {
		t.Errorf("s3 has %d keys", len(c.ConditionKeys("S3")))
	}
}

func TestHasKey(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name        string
		action, key string
		want        bool
	}{
		{name: "key of the action", action: "s3:ListBucket", key: "s3:prefix", want: true},
		{name: "any case", action: "S3:LISTBUCKET", key: "S3:Prefix", want: true},
		{name: "key of another action", action: "s3:GetObject", key: "s3:prefix"},
		{name: "key of another service", action: "s3:GetObject", key: "kms:ViaService"},
		{name: "template of the action", action: "s3:GetObject", key: "s3:ExistingObjectTag/env", want: true},
		{name: "template of another action", action: "s3:ListBucket", key: "s3:ExistingObjectTag/env"},
		{name: "template with a colon", action: "kms:Decrypt", key: "kms:EncryptionContext:app", want: true},
		{name: "key of the pair", action: "ec2:RunInstances", key: "ec2:InstanceType", want: true},
		{name: "key of the type only", action: "s3:GetObject", key: "s3:DataAccessPointArn", want: true},
		{name: "template of the type only", action: "iam:PassRole", key: "iam:ResourceTag/team", want: true},
		{name: "key of the type, wildcard-only action", action: "s3:ListAllMyBuckets", key: "s3:DataAccessPointArn"},
		{name: "passed to service", action: "iam:PassRole", key: "iam:PassedToService", want: true},
		{name: "external id", action: "sts:AssumeRole", key: "sts:ExternalId", want: true},
		{name: "external id elsewhere", action: "sts:GetCallerIdentity", key: "sts:ExternalId"},
		{name: "request tag where listed", action: "sts:AssumeRole", key: "aws:RequestTag/team", want: true},
		{name: "request tag where not listed", action: "iam:PassRole", key: "aws:RequestTag/team"},
		{name: "resource tag of the type", action: "sts:AssumeRole", key: "aws:ResourceTag/team", want: true},
		{name: "global key", action: "s3:GetObject", key: "aws:SourceIp", want: true},
		{name: "unknown key", action: "s3:GetObject", key: "s3:NewerThanTheCatalog", want: true},
		{name: "unknown action", action: "s3:NewerThanTheCatalog", key: "s3:prefix", want: true},
		{name: "session key", action: "s3:GetObject", key: "lambda:SourceFunctionArn", want: true},
		{name: "session key listed for a few", action: "s3:GetObject", key: "ec2:SourceInstanceARN", want: true},
		{name: "federation key listed", action: "s3:GetObject", key: "accounts.google.com:aud", want: true},
		{name: "federation key not listed", action: "s3:GetObject", key: "oidc.eks.us-east-1.amazonaws.com/id/X:sub", want: true},
		{name: "SAML key", action: "s3:GetObject", key: "saml:sub", want: true},
		{name: "service lists it for no action", action: "dynamodb:GetItem", key: "dynamodb:FirstPartitionKeyValues", want: true},
		{name: "other service lists it for no action", action: "s3:GetObject", key: "dynamodb:FirstPartitionKeyValues"},
		{name: "tag-key is a template", action: "secretsmanager:GetSecretValue", key: "secretsmanager:ResourceTag/team", want: true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := catalog.Default().HasKey(tt.action, tt.key); got != tt.want {
				t.Errorf("HasKey(%q, %q) = %v, want %v", tt.action, tt.key, got, tt.want)
			}
		})
	}
}

func TestAsksFor(t *testing.T) {
	t.Parallel()
	const instance, image = "arn:aws:ec2:us-east-1:111122223333:instance/i-1", "arn:aws:ec2:us-east-1::image/ami-1"
	for _, tt := range []struct {
		name, action, arn, key string
		want                   bool
	}{
		{"key of the action", "lambda:CreateFunction", "arn:aws:lambda:us-east-1:111122223333:function:f", "lambda:VpcIds", true},
		{"key of the action on another thing", "ec2:RunInstances", image, "ec2:Region", true},
		{"key of the pair", "ec2:RunInstances", instance, "ec2:InstanceType", true},
		{"key of another pair", "ec2:RunInstances", image, "ec2:InstanceType", false},
		{"tags of what is made", "ec2:RunInstances", instance, "aws:RequestTag/env", true},
		{"tags of what is there", "ec2:RunInstances", image, "aws:RequestTag/env", false},
		{"key of the type only", "lambda:InvokeFunction", "arn:aws:lambda:us-east-1:111122223333:function:f", "aws:ResourceTag/env", false},
		{"unknown key", "ec2:RunInstances", instance, "ec2:NewerThanTheCatalog", false},
		{"unknown action", "ec2:NewerThanTheCatalog", instance, "ec2:InstanceType", false},
	} {
		if got := catalog.Default().AsksFor(tt.action, tt.arn, tt.key); got != tt.want {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
}

func TestAsksElsewhere(t *testing.T) {
	t.Parallel()
	const instance, image = "arn:aws:ec2:us-east-1:111122223333:instance/i-1", "arn:aws:ec2:us-east-1::image/ami-1"
	for _, tt := range []struct {
		name, action, arn, key string
		want                   bool
	}{
		{"key of another pair", "ec2:RunInstances", image, "ec2:InstanceType", true},
		{"key of the pair", "ec2:RunInstances", instance, "ec2:InstanceType", false},
		{"key of every pair", "ec2:RunInstances", image, "ec2:Region", false},
		{"tags of what is made", "ec2:RunInstances", image, "aws:RequestTag/env", true},
		{"tags of what is there", "ec2:RunInstances", instance, "aws:ResourceTag/env", true},
		{"tags of the image", "ec2:RunInstances", image, "aws:ResourceTag/env", false},
		{"key of the action", "lambda:CreateFunction", "arn:aws:lambda:us-east-1:111122223333:function:f", "lambda:VpcIds", false},
		{"no key of the action at all", "ec2:RunInstances", image, "lambda:VpcIds", false},
		{"key of all actions", "ec2:RunInstances", image, "aws:SourceIp", false},
		{"a thing of no type", "ec2:RunInstances", "*", "ec2:InstanceType", false},
		{"unknown action", "ec2:NewerThanTheCatalog", image, "ec2:InstanceType", false},
	} {
		if got := catalog.Default().AsksElsewhere(tt.action, tt.arn, tt.key); got != tt.want {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
}

// Law: an action has every key listed for it, its types and its pairs.
func TestHasKeyCoversLists(t *testing.T) {
	t.Parallel()
	c := catalog.Default()
	for i := range c.NumActions() {
		a, _ := c.ByID(catalog.ActionID(i)) //nolint:gosec // in range
		if i%7 != 0 {                       // a sample keeps the test short
			continue
		}
		keys := slices.Clone(a.ConditionKeys)
		for _, r := range a.ResourceTypes {
			keys = append(append(keys, r.ConditionKeys...), r.Type.ConditionKeys...)
		}
		slices.Sort(keys)
		for _, k := range slices.Compact(keys) {
			if !c.HasKey(a.Name, k) {
				t.Errorf("HasKey(%q, %q) = false", a.Name, k)
			}
		}
	}
}
