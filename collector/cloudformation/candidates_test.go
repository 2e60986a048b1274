package cloudformation_test

import (
	"strings"
	"testing"
)

// What hangs on something that is not known may hang on all that is there, whatever
// else the template puts on it. Once the name is known, nothing else is in doubt.
func TestMayBeThere(t *testing.T) {
	t.Parallel()
	const doc = `PolicyDocument: {Version: "2012-10-17", Statement: [{Effect: Deny, Action: "*", Resource: "*"}]}`
	tests := []struct {
		name, resources, value, want string
	}{
		{"a policy on a role", `P: {Type: "AWS::IAM::Policy", Properties: {PolicyName: p, Roles: [!Ref Open], ` + doc + `}}`, "app", `"UNKNOWN-P-role"`},
		{"a policy on a list of roles", `P: {Type: "AWS::IAM::Policy", Properties: {PolicyName: p, Roles: !Split [",", !Ref Open], ` + doc + `}}`, "app", `"UNKNOWN-P-role"`},
		{"a managed policy on a user", `P: {Type: "AWS::IAM::ManagedPolicy", Properties: {Users: [!Ref Open], ` + doc + `}}`, "ana", `"UNKNOWN-P-user"`},
		{"a policy of a group", `P: {Type: "AWS::IAM::GroupPolicy", Properties: {PolicyName: p, GroupName: !Ref Open, ` + doc + `}}`, "staff", `"UNKNOWN-P-group"`},
		{"a policy of a role that the stack makes, too", `R: {Type: "AWS::IAM::Role", Properties: {RoleName: made, AssumeRolePolicyDocument: {Statement: []}}}
  P: {Type: "AWS::IAM::RolePolicy", Properties: {PolicyName: p, RoleName: !Ref Open, ` + doc + `}}`, "app", `"UNKNOWN-P-role"`},
		{"a member of a group", `M: {Type: "AWS::IAM::UserToGroupAddition", Properties: {GroupName: !Ref Open, Users: [ana]}}`, "staff", `"UNKNOWN-M-group"`},
		{"members", `M: {Type: "AWS::IAM::UserToGroupAddition", Properties: {GroupName: staff, Users: [!Ref Open]}}`, "ana", `"UNKNOWN-M-group"`},
		{"a member, or not", `M: {Type: "AWS::IAM::UserToGroupAddition", Condition: IsOn, Properties: {GroupName: staff, Users: [ana]}}`, "on", `"UNKNOWN-M-group"`},
		{"a bucket", `B: {Type: "AWS::S3::BucketPolicy", Properties: {Bucket: !Ref Open, ` + doc + `}}`, "old", `"UnknownBecause": "Ref Open in B `},
		{"a bucket, before another that is known", `B: {Type: "AWS::S3::BucketPolicy", Properties: {Bucket: !Ref Open, ` + doc + `}}
  C: {Type: "AWS::S3::BucketPolicy", Properties: {Bucket: old, ` + doc + `}}`, "old", `"UnknownBecause": "Ref Open in B `},
		{"a secret", `S: {Type: "AWS::SecretsManager::ResourcePolicy", Properties: {SecretId: !Ref Open, ResourcePolicy: {Statement: []}}}`, "db", `"UnknownBecause": "Ref Open in S `},
		{"an event bus", `E: {Type: "AWS::Events::EventBusPolicy", Properties: {EventBusName: !Ref Open, StatementId: s, Action: "events:PutEvents", Principal: "*"}}`, "default", `"UnknownBecause": "Ref Open in E `},
		{"a queue that the stack makes", `Q: {Type: "AWS::SQS::Queue", Properties: {QueueName: q}}
  P: {Type: "AWS::SQS::QueuePolicy", Properties: {Queues: [!Ref Open], ` + doc + `}}`, "arn:aws:sqs:eu-central-1:111122223333:q", `"UnknownBecause": "Ref Open in P `},
		{"a topic that the stack makes", `T: {Type: "AWS::SNS::Topic", Properties: {TopicName: t}}
  P: {Type: "AWS::SNS::TopicInlinePolicy", Properties: {TopicArn: !Ref Open, ` + doc + `}}`, "arn:aws:sns:eu-central-1:111122223333:t", `"UnknownBecause": "Ref Open in P `},
		{"a function that the stack makes", `F: {Type: "AWS::Lambda::Function", Properties: {FunctionName: f}}
  P: {Type: "AWS::Lambda::Permission", Properties: {FunctionName: !Ref Open, Action: "lambda:InvokeFunction", Principal: s3.amazonaws.com}}`, "f", `"UnknownBecause": "Ref Open in P `},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			template := "Parameters: {Open: {Type: String}}\nConditions: {IsOn: !Equals [!Ref Open, \"on\"]}\nResources:\n  " + tt.resources + "\n"
			open := one(t, template)
			got := written(t, open.s.Accounts)
			if !strings.Contains(got, tt.want) || open.gaps() == "" {
				t.Errorf("gaps %q, and no %s in\n%s", open.gaps(), tt.want, got)
			}
			known := one(t, template, "Open="+tt.value)
			if got := written(t, known.s.Accounts); strings.Contains(got, "UNKNOWN-") || strings.Contains(got, "UnknownBecause") {
				t.Errorf("with a value: %s\n%s", known.gaps(), got)
			}
		})
	}
}

// Of everything that may hang anywhere it is said once that it may, on each.
func TestMayBeThereOnce(t *testing.T) {
	t.Parallel()
	const policy = `: {Type: "AWS::IAM::RolePolicy", Properties: {PolicyName: p, RoleName: !Ref Open, PolicyDocument: {Statement: []}}}`
	d := one(t, "Parameters: {Open: {Type: String}}\nResources:\n  A"+policy+"\n  B"+policy+"\n")
	if list := d.role("app").RolePolicyList; len(list) != 1 || list[0].PolicyName != "UNKNOWN-A-role" {
		t.Errorf("the policies are %v", list)
	}
	if got := d.gaps(); strings.Count(got, "it hangs on a role that is not known") != 2 {
		t.Errorf("the gaps are\n%s", got)
	}
}
