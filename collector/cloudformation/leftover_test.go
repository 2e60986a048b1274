package cloudformation_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"

	"pathfinder/collector/cloudformation"
	"pathfinder/collector/snapshot"
)

// What is there already and the template does not mention may go or stay, and
// that is a gap; what it mentions, and what AWS puts there by itself, is none.
func TestLeftovers(t *testing.T) {
	t.Parallel()
	const (
		doc      = `{"Version":"2012-10-17","Statement":[]}`
		function = "arn:aws:lambda:eu-central-1:111122223333:function:work"
		topic    = "arn:aws:sns:eu-central-1:111122223333:news"
		key      = "arn:aws:kms:eu-central-1:111122223333:key/1"
	)
	s := world()
	a := s.Accounts[0]
	r := a.IAM.RoleDetailList[0]
	r.RolePolicyList = []snapshot.InlinePolicy{{PolicyName: "kept", PolicyDocument: jsontext.Value(doc)}, {PolicyName: "left", PolicyDocument: jsontext.Value(doc)}}
	r.AttachedManagedPolicies = []snapshot.AttachedPolicy{{PolicyARN: "arn:aws:iam::111122223333:policy/edge"}, {PolicyARN: "arn:aws:iam::aws:policy/Left"}}
	a.IAM.UserDetailList[0].GroupList = []string{"staff"}
	have := func(text string) snapshot.Fact[jsontext.Value] { return snapshot.Have(jsontext.Value(text)) }
	list := &a.Resources[0].Resources
	(*list)[0].Policy = have(doc) // of the bucket old
	*list = append(*list,
		&snapshot.Resource{ARN: function, Type: "AWS::Lambda::Function", Policy: have(`{"Statement":[{"Sid":"app-Invoke-1"},{"Sid":"app-Gone-1"},{"Sid":"else-1"}]}`)},
		&snapshot.Resource{ARN: topic, Type: "AWS::SNS::Topic", Policy: have(strings.ReplaceAll(
			`{"Version":"2008-10-17","Id":"__default_policy_ID","Statement":[{"Sid":"__default_statement_ID","Effect":"Allow","Principal":{"AWS":"*"},"Action":["SNS:GetTopicAttributes","SNS:SetTopicAttributes","SNS:AddPermission","SNS:RemovePermission","SNS:DeleteTopic","SNS:Subscribe","SNS:ListSubscriptionsByTopic","SNS:Publish"],"Resource":"TOPIC","Condition":{"StringEquals":{"AWS:SourceOwner":"111122223333"}}}]}`,
			"TOPIC", topic))},
		&snapshot.Resource{ARN: key, Type: "AWS::KMS::Key", Policy: have(doc)},
	)
	dir := folder(t, map[string]string{
		"app.yaml": `
Conditions: {Never: !Equals [a, b]}
Resources:
  App:
    Type: AWS::IAM::Role
    Properties:
      RoleName: app
      AssumeRolePolicyDocument: {Statement: []}
      ManagedPolicyArns: ["arn:aws:iam::111122223333:policy/edge"]
      PermissionsBoundary: arn:aws:iam::111122223333:policy/edge
  Kept: {Type: AWS::IAM::RolePolicy, Properties: {RoleName: !Ref App, PolicyName: kept, PolicyDocument: {Statement: []}}}
  Ana: {Type: AWS::IAM::User, Properties: {UserName: ana}}
  Old: {Type: AWS::S3::Bucket, Properties: {BucketName: old}}
  Work: {Type: AWS::Lambda::Function, Properties: {FunctionName: work}}
  Invoke: {Type: AWS::Lambda::Permission, Properties: {FunctionName: work, Action: "lambda:InvokeFunction", Principal: s3.amazonaws.com}}
  News: {Type: AWS::SNS::Topic, Properties: {TopicName: news}}
  Key: {Type: AWS::KMS::Key}
  Off: {Type: AWS::IAM::User, Condition: Never, Properties: {UserName: off}}
`,
		"app.json": `{"StackResourceSummaries":[
			{"LogicalResourceId":"Key","PhysicalResourceId":"1","ResourceType":"AWS::KMS::Key"},
			{"LogicalResourceId":"Invoke","PhysicalResourceId":"app-Invoke-1","ResourceType":"AWS::Lambda::Permission"},
			{"LogicalResourceId":"Off","PhysicalResourceId":"off","ResourceType":"AWS::IAM::User"},
			{"LogicalResourceId":"Dropped","PhysicalResourceId":"old","ResourceType":"AWS::S3::BucketPolicy"},
			{"LogicalResourceId":"Alarm","PhysicalResourceId":"x","ResourceType":"AWS::CloudWatch::Alarm"}]}`,
	})
	_, report, err := cloudformation.Apply(s, cloudformation.Config{
		Templates: []string{"app=" + filepath.Join(dir, "app.yaml")}, Resources: []string{"app=" + filepath.Join(dir, "app.json")}, Account: account, Region: region,
	})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, g := range report.Gaps {
		name, _, _ := strings.Cut(g.What, " ")
		why, _, _ := strings.Cut(strings.TrimPrefix(g.Why, "template: it is there already, with "), ", which the template")
		if strings.Contains(why, "does not make it any more") {
			why = "removed"
		}
		got = append(got, name+": "+why)
	}
	const want = `App: the inline policy left, the policy arn:aws:iam::aws:policy/Left
Ana: its place in the group staff
Old: its policy
Work: the statement app-Gone-1 of its policy
Key: its policy
Dropped: removed
Off: removed`
	if text := strings.Join(got, "\n"); text != want {
		t.Errorf("got\n%s\nwant\n%s", text, want)
	}
}
