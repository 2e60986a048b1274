package cloudformation_test

import (
	"path/filepath"
	"strings"
	"testing"

	"pathfinder/collector/cloudformation"
	"pathfinder/collector/snapshot"
)

const roleTemplate = `
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      RoleName: NAME
      AssumeRolePolicyDocument: {Statement: {Effect: Allow, Principal: {AWS: PRINCIPAL}, Action: "sts:AssumeRole"}}
`

func role(name, principal string) string {
	return strings.NewReplacer("NAME", name, "PRINCIPAL", principal).Replace(roleTemplate)
}

// The folder that cdk synth writes says where its stacks go, and what is in
// stages; a template of it by itself is found in its manifest.
func TestAssembly(t *testing.T) {
	t.Parallel()
	dir := folder(t, map[string]string{
		"manifest.json": `{"version":"36.0.0","artifacts":{
			"Shop.assets":{"type":"cdk:asset-manifest"},
			"Shop":{"type":"aws:cloudformation:stack","environment":"aws://111122223333/eu-central-1",
				"properties":{"templateFile":"Shop.template.json","stackName":"shop-prod","parameters":{"Who":"444455556666"}}},
			"assembly-Test":{"type":"cdk:cloud-assembly","properties":{"directoryName":"assembly-Test"}}}}`,
		"Shop.template.json": `{"Parameters":{"Who":{"Type":"String"}},"Resources":{"Role":{"Type":"AWS::IAM::Role","Properties":{
			"RoleName":{"Fn::Join":["-",[{"Ref":"AWS::StackName"},"role"]]},
			"AssumeRolePolicyDocument":{"Statement":{"Effect":"Allow","Principal":{"AWS":{"Ref":"Who"}},"Action":"sts:AssumeRole"}}}}}}`,
		"assembly-Test/manifest.json": `{"artifacts":{"TestShop":{"type":"aws:cloudformation:stack","environment":"aws://unknown-account/unknown-region",
			"properties":{"templateFile":"TestShop.template.json"}}}}`,
		"assembly-Test/TestShop.template.json": `{"Resources":{"Topic":{"Type":"AWS::SNS::Topic"}}}`,
	})
	d := deploy(t, cloudformation.Config{Templates: []string{dir}, Account: other, Region: "us-east-1"})
	if trust := string(d.role("shop-prod-role").AssumeRolePolicyDocument); !strings.Contains(trust, `"444455556666"`) {
		t.Errorf("the trust is %s", trust)
	}
	d.resource("arn:aws:sns:us-east-1:444455556666:TestShop-Topic-GENERATED")

	d = deploy(t, cloudformation.Config{Templates: []string{filepath.Join(dir, "Shop.template.json")}})
	d.role("shop-prod-role")
	d = deploy(t, cloudformation.Config{Templates: []string{dir}, Account: other, Region: "us-east-1", Parameters: []string{"shop-prod.Who=111122223333"}})
	if trust := string(d.role("shop-prod-role").AssumeRolePolicyDocument); !strings.Contains(trust, `"111122223333"`) {
		t.Errorf("the trust is %s", trust)
	}
}

// A stack imports what another one exports, in the same account and region.
func TestImport(t *testing.T) {
	t.Parallel()
	dir := folder(t, map[string]string{
		"exports.yaml": `
Conditions: {Never: !Equals [a, b]}
Resources: {Key: {Type: AWS::KMS::Key}}
Outputs:
  Key: {Value: !GetAtt Key.Arn, Export: {Name: !Sub "${AWS::StackName}-key"}}
  Gone: {Condition: Never, Value: x, Export: {Name: gone}}
`,
		"imports.yaml": `
Resources:
  P:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      ManagedPolicyName: p
      PolicyDocument:
        Statement:
          - {Sid: Before, Effect: Deny, Action: "*", Resource: "*"}
          - {Sid: Here, Effect: Allow, Action: "kms:*", Resource: !ImportValue base-key}
`,
	})
	in, out := "in="+filepath.Join(dir, "imports.yaml"), "base="+filepath.Join(dir, "exports.yaml")
	d := deploy(t, cloudformation.Config{Templates: []string{in, out}, Account: account, Region: region})
	if got := d.expression(); got != `"arn:aws:kms:eu-central-1:111122223333:key/base-Key-GENERATED"` {
		t.Errorf("imported %s", got)
	}
	d = deploy(t, cloudformation.Config{Templates: []string{in}, Account: account, Region: region})
	if got := d.expression(); !strings.Contains(got, "Fn::ImportValue base-key") || !strings.Contains(got, "no template that was given exports it") {
		t.Errorf("imported %s", got)
	}
}

// A nested stack is read from its file, with the parameters that it is given.
func TestNested(t *testing.T) {
	t.Parallel()
	dir := folder(t, map[string]string{
		"app.yaml": `
Parameters: {Open: {Type: String}}
Conditions: {Never: !Equals [a, b], Perhaps: !Equals [!Ref Open, x]}
Resources:
  Inner: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: nested/inner.yaml, Parameters: {Name: reader, Who: !Ref AWS::AccountId}}}
  Asset:
    Type: AWS::CloudFormation::Stack
    Metadata: {"aws:asset:path": nested/asset.json, "aws:asset:property": TemplateURL}
    Properties: {TemplateURL: !Sub "https://s3.${AWS::URLSuffix}/assets/1.json"}
  Not: {Type: AWS::CloudFormation::Stack, Condition: Never, Properties: {TemplateURL: nested/never.yaml}}
  Maybe: {Type: AWS::CloudFormation::Stack, Condition: Perhaps, Properties: {TemplateURL: nested/maybe.yaml}}
  Missing: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: nested/missing.yaml}}
  Outside: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: ../../etc/passwd}}
  P:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      ManagedPolicyName: p
      PolicyDocument:
        Statement:
          - {Sid: Before, Effect: Deny, Action: "*", Resource: "*"}
          - {Sid: Here, Effect: Allow, Action: "sts:AssumeRole", Resource: !GetAtt Inner.Outputs.Arn}
`,
		"nested/inner.yaml": `
Parameters: {Name: {Type: String}, Who: {Type: String}}
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      RoleName: !Ref Name
      AssumeRolePolicyDocument: {Statement: {Effect: Allow, Principal: {AWS: !Ref Who}, Action: "sts:AssumeRole"}}
  Queue: {Type: AWS::SQS::Queue}
Outputs: {Arn: {Value: !GetAtt Role.Arn}}
`,
		"nested/asset.json": `{"Resources":{"Topic":{"Type":"AWS::SNS::Topic"}}}`,
		"nested/never.yaml": role("never", account),
		"nested/maybe.yaml": role("maybe", account),
	})
	d := deploy(t, cloudformation.Config{Templates: []string{"app=" + filepath.Join(dir, "app.yaml")}, Account: account, Region: region})
	if got := d.expression(); got != `"arn:aws:iam::111122223333:role/reader"` {
		t.Errorf("the output is %s", got)
	}
	if trust := string(d.role("reader").AssumeRolePolicyDocument); !strings.Contains(trust, `"AWS":"111122223333"`) {
		t.Errorf("the trust is %s", trust)
	}
	d.resource("arn:aws:sqs:eu-central-1:111122223333:app-Inner-GENERATED-Queue-GENERATED")
	d.resource("arn:aws:sns:eu-central-1:111122223333:app-Asset-GENERATED-Topic-GENERATED")
	if trust := string(d.role("maybe").AssumeRolePolicyDocument); !strings.Contains(trust, "whether Maybe is made") {
		t.Errorf("the trust of what may be made is %s", trust)
	}
	for _, r := range d.account(account).IAM.RoleDetailList {
		if r.RoleName == "never" {
			t.Error("the stack that is not made is there")
		}
	}
	for _, want := range []string{"Missing", "missing.yaml", "Outside", "it is not in the folder of"} {
		if !strings.Contains(d.gaps(), want) {
			t.Errorf("no gap names %s:\n%s", want, d.gaps())
		}
	}
}

// What describe-stack-resources says takes the place of made-up names, and tells
// where the stack is.
func TestPhysicalNames(t *testing.T) {
	t.Parallel()
	const id = `"StackName":"shop","StackId":"arn:aws:cloudformation:eu-central-1:111122223333:stack/shop/1"`
	dir := folder(t, map[string]string{
		"shop.yaml": `
Resources:
  Role: {Type: AWS::IAM::Role, Properties: {AssumeRolePolicyDocument: {Statement: []}}}
  Key: {Type: AWS::KMS::Key}
  Queue: {Type: AWS::SQS::Queue}
  Secret: {Type: AWS::SecretsManager::Secret}
  Topic: {Type: AWS::SNS::Topic}
  Odd: {Type: "Custom::Odd"}
  P:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      ManagedPolicyName: p
      PolicyDocument:
        Statement:
          - {Sid: Before, Effect: Deny, Action: "*", Resource: "*"}
          - {Sid: Here, Effect: Allow, Action: "*", Resource: [!Ref Role, !GetAtt Key.Arn, !GetAtt Queue.Arn, !Ref Secret, !Ref Topic, !Ref Odd, !Ref "AWS::StackName"]}
`,
		"shop.json": `{"StackResources":[
			{` + id + `,"LogicalResourceId":"Role","PhysicalResourceId":"shop-Role-1X2Y","ResourceStatus":"CREATE_COMPLETE"},
			{` + id + `,"LogicalResourceId":"Key","PhysicalResourceId":"11111111-2222-3333-4444-555555555555"},
			{` + id + `,"LogicalResourceId":"Queue","PhysicalResourceId":"https://sqs.eu-central-1.amazonaws.com/111122223333/shop-Queue-1"},
			{` + id + `,"LogicalResourceId":"Secret","PhysicalResourceId":"arn:aws:secretsmanager:eu-central-1:111122223333:secret:Secret-1-AbCdEf"},
			{` + id + `,"LogicalResourceId":"Topic","PhysicalResourceId":"arn:aws:sns:eu-central-1:111122223333:shop-Topic-1"},
			{` + id + `,"LogicalResourceId":"Odd","PhysicalResourceId":"odd-1"},
			{` + id + `,"LogicalResourceId":"P","PhysicalResourceId":"gone","ResourceStatus":"DELETE_COMPLETE"}]}`,
	})
	d := deploy(t, cloudformation.Config{Templates: []string{filepath.Join(dir, "shop.yaml")}, Resources: []string{filepath.Join(dir, "shop.json")}})
	const want = `["shop-Role-1X2Y","arn:aws:kms:eu-central-1:111122223333:key/11111111-2222-3333-4444-555555555555",` +
		`"arn:aws:sqs:eu-central-1:111122223333:shop-Queue-1","arn:aws:secretsmanager:eu-central-1:111122223333:secret:Secret-1-AbCdEf",` +
		`"arn:aws:sns:eu-central-1:111122223333:shop-Topic-1","odd-1","shop"]`
	if got := d.expression(); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if len(d.r.Notes) > 0 {
		t.Errorf("notes: %q", d.r.Notes)
	}
}

// A template by itself has no name, and placeholders begin with that of its file.
func TestNameless(t *testing.T) {
	t.Parallel()
	dir := folder(t, map[string]string{"my shop.template.yaml": `
Resources:
  Role: {Type: AWS::IAM::Role, Properties: {AssumeRolePolicyDocument: {Statement: {Effect: Allow, Principal: {AWS: !Sub "arn:aws:iam::111122223333:role/${AWS::StackName}"}, Action: "sts:AssumeRole"}}}}
`})
	d := deploy(t, cloudformation.Config{Templates: []string{filepath.Join(dir, "my shop.template.yaml")}, Account: account})
	if trust := string(d.role("myshop-Role-GENERATED").AssumeRolePolicyDocument); !strings.Contains(trust, "give --template NAME=FILE") {
		t.Errorf("the trust is %s", trust)
	}
	if notes := strings.Join(d.r.Notes, "\n"); strings.Contains(notes, "eu-central-1") || !strings.Contains(notes, "myshop-Role-GENERATED") {
		t.Errorf("notes: %s", notes)
	}
}

// A region that nobody gave is told where it counts.
func TestGuessedRegion(t *testing.T) {
	t.Parallel()
	dir := folder(t, map[string]string{"app.yaml": "Resources: {Q: {Type: AWS::SQS::Queue, Properties: {QueueName: q}}}"})
	d := deploy(t, cloudformation.Config{Templates: []string{filepath.Join(dir, "app.yaml")}, Account: account})
	d.resource("arn:aws:sqs:eu-central-1:111122223333:q")
	if notes := strings.Join(d.r.Notes, "\n"); notes != "--template-region: taken to be eu-central-1, the only one with resources of account 111122223333" {
		t.Errorf("notes: %s", notes)
	}
}

// In which account a resource of a snapshot with several belongs nobody guesses.
func TestRefused(t *testing.T) {
	t.Parallel()
	dir := folder(t, map[string]string{
		"ok.yaml": role("x", account), "list.yaml": "- a", "none.yaml": "Outputs: {}", "empty.yaml": "", "broken.json": `{"Resources": {`,
		"twice.yaml": "Resources: {}\nResources: {}", "merge.yaml": "a: &a {b: c}\nResources:\n  <<: *a", "section.yaml": "Resources: []",
		"bad/manifest.json":  `{"artifacts":{"S":{"type":"aws:cloudformation:stack","properties":{"templateFile":"../ok.yaml"}}}}`,
		"none/manifest.json": `{"artifacts":{}}`, "other/manifest.json": `{"format":"pathfinder-snapshot"}`, "res.json": `{}`,
	})
	at := func(name string) string { return filepath.Join(dir, filepath.FromSlash(name)) }
	for _, c := range []struct {
		cfg  cloudformation.Config
		want string
	}{
		{cloudformation.Config{Templates: []string{at("ok.yaml")}}, "to which account is it deployed? give --template-account ID"},
		{cloudformation.Config{Templates: []string{at("ok.yaml")}, Account: "12"}, "12 digits"},
		{cloudformation.Config{Templates: []string{at("missing.yaml")}}, "missing.yaml"},
		{cloudformation.Config{Templates: []string{at("list.yaml")}}, "a template is an object"},
		{cloudformation.Config{Templates: []string{at("none.yaml")}}, "it has no Resources"},
		{cloudformation.Config{Templates: []string{at("empty.yaml")}}, "the file is empty"},
		{cloudformation.Config{Templates: []string{at("broken.json")}}, "line 1: this is not JSON"},
		{cloudformation.Config{Templates: []string{at("twice.yaml")}}, `line 2: the key "Resources" stands twice`},
		{cloudformation.Config{Templates: []string{at("merge.yaml")}}, "no merging of mappings"},
		{cloudformation.Config{Templates: []string{at("section.yaml")}}, "Resources is an object, not a list"},
		{cloudformation.Config{Templates: []string{at("bad")}}, "is not in the folder"},
		{cloudformation.Config{Templates: []string{at("none")}}, "there is no stack in it"},
		{cloudformation.Config{Templates: []string{at("other")}}, "this is no manifest of the CDK"},
		{cloudformation.Config{Templates: []string{at("ok.yaml")}, Account: account, Parameters: []string{"Secret=hunter2"}}, "no template that was given declares this parameter"},
		{cloudformation.Config{Templates: []string{at("ok.yaml")}, Account: account, Parameters: []string{"Secret"}}, "give KEY=VALUE"},
		{cloudformation.Config{Templates: []string{at("ok.yaml")}, Account: account, Resources: []string{at("res.json")}}, "no output of describe-stack-resources"},
	} {
		_, _, err := cloudformation.Apply(world(), c.cfg)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%+v: got %v, want %s", c.cfg, err, c.want)
		}
		if err != nil && strings.Contains(err.Error(), "hunter2") {
			t.Errorf("a value shows: %v", err)
		}
	}
}

// A stack that is there already, with made-up names, is not taken for a new one.
func TestDeployedBefore(t *testing.T) {
	t.Parallel()
	s := world()
	d := s.Accounts[0].IAM
	for _, name := range []string{"app-Role-1A2B3C4D5E6F", "app-Other-note", "APP-ROLE2-1A2B3C4D5E6F", "app-Role3-1A2B3C4D5E6F-more"} {
		r := *d.RoleDetailList[0]
		r.RoleName, r.ARN = name, "arn:aws:iam::111122223333:role/x/"+name
		d.RoleDetailList = append(d.RoleDetailList, &r)
	}
	s.Accounts[0].Resources[0].Resources = append(s.Accounts[0].Resources[0].Resources, &snapshot.Resource{
		ARN: "arn:aws:sqs:eu-central-1:111122223333:app-Queue-1A2B3C4D5E6F.fifo", Type: "AWS::SQS::Queue",
	})
	dir := folder(t, map[string]string{"app.yaml": `
Resources:
  Role: {Type: AWS::IAM::Role, Properties: {AssumeRolePolicyDocument: {Statement: []}}}
  Other: {Type: AWS::IAM::Role, Properties: {AssumeRolePolicyDocument: {Statement: []}}}
  Role2: {Type: AWS::IAM::Role, Properties: {AssumeRolePolicyDocument: {Statement: []}}}
  Role3: {Type: AWS::IAM::Role, Properties: {AssumeRolePolicyDocument: {Statement: []}}}
  Queue: {Type: AWS::SQS::Queue, Properties: {FifoQueue: true}}
`})
	_, report, err := cloudformation.Apply(s, cloudformation.Config{Templates: []string{"app=" + filepath.Join(dir, "app.yaml")}, Account: account, Region: region})
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for _, g := range report.Gaps {
		name, _, _ := strings.Cut(g.What, " ")
		found = append(found, name)
		if !strings.Contains(g.Why, "give --template-resources") {
			t.Errorf("the gap is %+v", g)
		}
	}
	if got := strings.Join(found, " "); got != "Role Role2 Queue" {
		t.Errorf("found %s", got)
	}
}
