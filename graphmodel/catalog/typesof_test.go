package catalog_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"pathfinder/graphmodel/catalog"
)

func TestTypesOf(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		arn  string
		want []string
	}{
		{name: "bucket", arn: "arn:aws:s3:::b", want: []string{"s3/bucket", "ssm/bucket"}},
		{name: "object", arn: "arn:aws:s3:::b/k", want: []string{"s3/object"}},
		{name: "object in a folder", arn: "arn:aws-cn:s3:::b/k/l:m", want: []string{"s3/object"}},
		{name: "object with empty key", arn: "arn:aws:s3:::b/", want: []string{"s3/object"}},
		{name: "access point", arn: "arn:aws:s3:eu-west-1:111122223333:accesspoint/ap", want: []string{"s3/accesspoint"}},
		{
			name: "object behind an access point",
			arn:  "arn:aws:s3:eu-west-1:111122223333:accesspoint/ap/object/k/l",
			want: []string{"s3/accesspointobject"},
		},
		{
			name: "multi-region access point has no region",
			arn:  "arn:aws:s3::111122223333:accesspoint/m.mrap",
			want: []string{"s3/multiregionaccesspoint"},
		},
		{
			name: "role with path", arn: "arn:aws:iam::111122223333:role/team/ci",
			want: []string{"iam/role", "ec2/role", "ssm/iam-role", "sts/role"},
		},
		{name: "managed policy of AWS", arn: "arn:aws:iam::aws:policy/ReadOnlyAccess", want: []string{"iam/policy"}},
		{name: "table", arn: "arn:aws:dynamodb:r:111122223333:table/T", want: []string{"dynamodb/table"}},
		{name: "index is no table", arn: "arn:aws:dynamodb:r:111122223333:table/T/index/I", want: []string{"dynamodb/index"}},
		{
			name: "stream is no table", arn: "arn:aws:dynamodb:r:111122223333:table/T/stream/2026-01-01T00:00:00.000",
			want: []string{"dynamodb/stream"},
		},
		{name: "function", arn: "arn:aws:lambda:r:111122223333:function:f", want: []string{"lambda/function"}},
		{
			name: "qualified function is still a function", arn: "arn:aws:lambda:r:111122223333:function:f:live",
			want: []string{"lambda/function alias", "lambda/function version", "lambda/function"},
		},
		{name: "queue", arn: "arn:aws:sqs:r:111122223333:q.fifo", want: []string{"sqs/queue"}},
		{name: "key", arn: "arn:aws:kms:r:111122223333:key/k", want: []string{"kms/key", "events/key", "kinesis/kmsKey"}},
		{name: "alias", arn: "arn:aws:kms:r:111122223333:alias/team/k", want: []string{"kms/alias", "events/alias"}},
		{name: "secret", arn: "arn:aws:secretsmanager:r:111122223333:secret:team/s-AbCdEf", want: []string{"secretsmanager/Secret"}},
		{name: "log group with slashes", arn: "arn:aws:logs:r:111122223333:log-group:/aws/lambda/f", want: []string{"logs/log-group"}},
		{name: "log group with star", arn: "arn:aws:logs:r:111122223333:log-group:/aws/lambda/f:*", want: []string{"logs/log-group"}},
		{
			name: "log stream is no log group",
			arn:  "arn:aws:logs:r:111122223333:log-group:/aws/lambda/f:log-stream:2026/01/[$LATEST]x",
			want: []string{"logs/log-stream"},
		},
		{
			name: "new load balancer is no classic one",
			arn:  "arn:aws:elasticloadbalancing:r:111122223333:loadbalancer/app/n/i",
			want: []string{
				"elasticloadbalancing/loadbalancer/app/", "arc-zonal-shift/ALB",
				"waf-regional/loadbalancer/app/", "wafv2/loadbalancer/app/",
			},
		},
		{
			name: "classic load balancer", arn: "arn:aws:elasticloadbalancing:r:111122223333:loadbalancer/n",
			want: []string{"elasticloadbalancing/loadbalancer"},
		},
		{
			name: "a single role that a service lists stays a role",
			arn:  "arn:aws:iam::111122223333:role/aws-service-role/es.amazonaws.com/AWSServiceRoleForAmazonOpenSearchService",
			want: []string{"es/es_role", "iam/role", "ec2/role", "ssm/iam-role", "sts/role"},
		},
		{
			name: "parameter in a hierarchy", arn: "arn:aws:ssm:r:111122223333:parameter/a/b",
			want: []string{"ssm/parameter"},
		},
		{name: "type with a capital", arn: "arn:aws:states:r:111122223333:stateMachine:m", want: []string{"states/statemachine"}},
		{name: "patterns compare case", arn: "arn:aws:dynamodb:r:111122223333:Table/T"},
		{name: "root of an API", arn: "arn:aws:execute-api:r:111122223333:a/s/GET/", want: []string{"execute-api/execute-api-general"}},
		{name: "image has no account", arn: "arn:aws:ec2:r::image/ami-1", want: []string{"ec2/image"}},
		{
			name: "second pattern of a type", arn: "arn:aws:apigateway:r::/restapis/a/stages/s",
			want: []string{"apigateway/Stage", "wafv2/apigateway"},
		},
		{
			name: "pattern for any service, last resort", arn: "arn:aws:backup:r:111122223333:recovery-point:u",
			want: []string{"backup/recoveryPoint"},
		},
		{name: "bucket with account", arn: "arn:aws:s3::111122223333:b"},
		{name: "no name", arn: "arn:aws:s3:::"},
		{name: "unknown service", arn: "arn:aws:no-such:r:111122223333:x"},
		{name: "too short", arn: "arn:aws:s3::"},
		{name: "star", arn: "*"},
		{name: "empty", arn: ""},
		{name: "NUL", arn: "arn:aws:s3:::\x00"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if d := cmp.Diff(tt.want, typeNames(catalog.Default().TypesOf(tt.arn))); d != "" {
				t.Errorf("TypesOf(%q) (-want +got):\n%s", tt.arn, d)
			}
		})
	}
}

func TestActionsFor(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name      string
		arn       string
		with, not []string
	}{
		{
			name: "bucket", arn: "arn:aws:s3:::b",
			with: []string{"s3:ListBucket", "s3:PutBucketPolicy", "s3:DeleteBucket"},
			not:  []string{"s3:GetObject", "s3:ListAllMyBuckets"},
		},
		{
			name: "object", arn: "arn:aws:s3:::b/k",
			with: []string{"s3:GetObject", "s3:PutObject"},
			not:  []string{"s3:ListBucket", "s3:DeleteBucket"},
		},
		{
			name: "role", arn: "arn:aws:iam::111122223333:role/r",
			with: []string{"iam:PassRole", "iam:UpdateAssumeRolePolicy", "sts:AssumeRole", "sts:TagSession"},
			not:  []string{"iam:CreateUser", "sts:GetCallerIdentity"},
		},
		{
			name: "qualified function", arn: "arn:aws:lambda:r:111122223333:function:f:live",
			with: []string{"lambda:InvokeFunction", "lambda:PutProvisionedConcurrencyConfig"},
			not:  []string{"lambda:ListFunctions"},
		},
		{
			name: "index", arn: "arn:aws:dynamodb:r:111122223333:table/T/index/I",
			with: []string{"dynamodb:Query", "dynamodb:Scan"},
			not:  []string{"dynamodb:DeleteTable", "dynamodb:PutItem"},
		},
		{name: "nothing", arn: "*"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			actions := catalog.Default().ActionsFor(tt.arn)
			if !slices.IsSortedFunc(actions, func(a, b catalog.Action) int { return int(a.ID) - int(b.ID) }) {
				t.Error("not in the order of ids")
			}
			got := actionNames(actions)
			for _, name := range tt.with {
				if !slices.Contains(got, name) {
					t.Errorf("ActionsFor(%q) lacks %s: %v", tt.arn, name, got)
				}
			}
			for _, name := range tt.not {
				if slices.Contains(got, name) {
					t.Errorf("ActionsFor(%q) has %s", tt.arn, name)
				}
			}
			if tt.with == nil && len(got) > 0 {
				t.Errorf("ActionsFor(%q) = %v, want none", tt.arn, got)
			}
		})
	}
}
