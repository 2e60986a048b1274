package cloudformation_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pathfinder/collector/cloudformation"
)

// What is named indirectly, or by hostile text, is never followed.
func TestBuiltReferences(t *testing.T) {
	t.Parallel()
	for _, expression := range []string{
		`!Sub "{{resolve:ssm:/${Plain}/bucket}}"`,
		`!Join ["", ["{{resolve:", "secretsmanager:x}}"]]`,
		`!If [Holds, "{{resolve:ssm-secure:x:1}}", b]`,
		`!Split [",", "a,{{resolve:ssm:x}}"]`,
		`!Ref Hidden`,
	} {
		template := strings.Replace(around, "EXPRESSION", expression, 1)
		template = strings.Replace(template, "Mappings:", "  Hidden: {Type: String, Default: \"{{resolve:ssm:x}}\"}\nMappings:", 1)
		if got := one(t, template, "Given=x").expression(); !strings.HasPrefix(got, "? the dynamic reference {{resolve:") {
			t.Errorf("%s: got %s", expression, got)
		}
	}
}

// Without a region what needs one is not known, and what does not is.
func TestNoRegion(t *testing.T) {
	t.Parallel()
	dir := folder(t, map[string]string{"app.yaml": strings.Replace(around, "EXPRESSION", `!GetAtt Queue.Arn`, 1)})
	d := deploy(t, cloudformation.Config{Templates: []string{"app=" + filepath.Join(dir, "app.yaml")}, Account: other, Parameters: []string{"Given=x"}})
	if !strings.Contains(d.gaps(), "Queue (") || !strings.Contains(d.gaps(), "give --template-region REGION") {
		t.Errorf("gaps: %s", d.gaps())
	}
	for _, r := range d.account(other).IAM.RoleDetailList {
		if r.RoleName == "named" {
			return
		}
	}
	t.Error("the role is not there")
}

// An account whose IAM was not read stays one.
func TestAccountThatWasNotRead(t *testing.T) {
	t.Parallel()
	dir := folder(t, map[string]string{"app.yaml": role("x", account) + "  B: {Type: AWS::S3::Bucket, Properties: {BucketName: b}}\n"})
	d := deploy(t, cloudformation.Config{Templates: []string{"app=" + filepath.Join(dir, "app.yaml")}, Account: "777788889999", Region: region})
	if d.account("777788889999").IAM != nil {
		t.Error("the role looks as if it were all there is")
	}
	if !strings.Contains(d.gaps(), "the snapshot does not hold the IAM of its account") {
		t.Errorf("gaps: %s", d.gaps())
	}
	d.resource("arn:aws:s3:::b")
}

func TestOddNames(t *testing.T) {
	t.Parallel()
	d := one(t, `
Parameters: {Open: {Type: String}}
Resources:
  BadPath: {Type: AWS::IAM::Role, Properties: {Path: x, AssumeRolePolicyDocument: {Statement: []}}}
  OpenPath: {Type: AWS::IAM::ManagedPolicy, Properties: {Path: !Ref Open, PolicyDocument: {Statement: []}}}
  Provider: {Type: "Custom::AWSCDKOpenIdConnectProvider", Properties: {Url: "https://oidc.example.com/id/", ClientIDList: [a]}}
  Replica: {Type: AWS::KMS::ReplicaKey, Properties: {PrimaryKeyArn: !Ref Open}}
  Alias: {Type: AWS::Lambda::Alias, Properties: {FunctionName: !Ref Open, Name: x}}
  Door: {Type: AWS::S3::AccessPoint, Properties: {Bucket: !Ref Open}}
  Tagged: {Type: AWS::IAM::User, Properties: {UserName: tagged, Tags: [{Key: a, Value: !Ref Open}, {Key: b, Value: c}]}}
  App:
    Type: AWS::IAM::Policy
    Properties: {PolicyName: !Ref Open, Roles: [app], PolicyDocument: {Statement: {Effect: Allow, Action: "*", Resource: "*"}}}
  Federated:
    Type: AWS::IAM::Role
    Properties:
      RoleName: federated
      AssumeRolePolicyDocument: {Statement: {Effect: Allow, Principal: {Federated: !Ref Provider}, Action: "sts:AssumeRoleWithWebIdentity"}}
  OwnBus: {Type: AWS::Events::Rule, Properties: {Name: r, EventBusName: "arn:aws:events:eu-central-1:111122223333:event-bus/orders"}}
  Called:
    Type: AWS::IAM::Role
    Properties:
      RoleName: called
      AssumeRolePolicyDocument: {Statement: [{Sid: !Ref OwnBus, Effect: Allow, Principal: {AWS: !GetAtt OwnBus.Arn}, Action: "sts:AssumeRole"}]}
`)
	for _, want := range []string{
		"BadPath", `its path "x" does not begin and end with a slash`, "OpenPath", "Replica", "Alias", "Door",
		"tags of arn:aws:iam::111122223333:user/tagged: template: Ref Open in Tagged", "the name of an inline policy of app is not known",
	} {
		if !strings.Contains(d.gaps(), want) {
			t.Errorf("no gap says %s:\n%s", want, d.gaps())
		}
	}
	if trust := string(d.role("federated").AssumeRolePolicyDocument); !strings.Contains(trust, `"arn:aws:iam::111122223333:oidc-provider/oidc.example.com/id"`) {
		t.Errorf("the trust is %s", trust)
	}
	if p := d.account(account).Providers.OpenIDConnectProviders; len(p) != 1 || p[0].ClientIDList[0] != "a" {
		t.Errorf("the providers are %+v", p)
	}
	if trust := string(d.role("called").AssumeRolePolicyDocument); !strings.Contains(trust, `"orders|r"`) || !strings.Contains(trust, `"arn:aws:events:eu-central-1:111122223333:rule/orders/r"`) {
		t.Errorf("the rule is %s", trust)
	}
	if tags := string(d.account(account).IAM.UserDetailList[1].Tags); tags != `{"b":"c"}` {
		t.Errorf("the tags are %s", tags)
	}
}

// Physical ids that are not of their type's kind are not taken for ARNs.
func TestOddPhysicalIDs(t *testing.T) {
	t.Parallel()
	dir := folder(t, map[string]string{
		"app.yaml": `
Resources:
  P: {Type: AWS::IAM::ManagedPolicy, Properties: {PolicyDocument: {Statement: []}}}
  Q: {Type: AWS::SQS::Queue}
  T: {Type: AWS::SNS::Topic}
`,
		"r.json": `{"StackResourceSummaries":[
			{"LogicalResourceId":"P","PhysicalResourceId":"arn:aws:iam::111122223333:policy"},
			{"LogicalResourceId":"Q","PhysicalResourceId":"https://"},
			{"LogicalResourceId":"T","PhysicalResourceId":"arn:aws:s3:::x"}]}`,
	})
	d := deploy(t, cloudformation.Config{
		Templates: []string{filepath.Join(dir, "app.yaml")}, Resources: []string{filepath.Join(dir, "r.json")}, Account: account, Region: region,
	})
	d.resource("arn:aws:sns:eu-central-1:111122223333:x")
}

// Where a parent says which template is nested, the child is found by its own
// physical name.
func TestNestedPhysicalNames(t *testing.T) {
	t.Parallel()
	dir := folder(t, map[string]string{
		"app.yaml":   `Resources: {Inner: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: inner.yaml}}}`,
		"inner.yaml": `Resources: {Topic: {Type: AWS::SNS::Topic}}`,
		"r.json": `{"StackResources":[
			{"StackName":"app","LogicalResourceId":"Inner","PhysicalResourceId":"arn:aws:cloudformation:eu-central-1:111122223333:stack/app-Inner-1/x"},
			{"StackName":"app-Inner-1","LogicalResourceId":"Topic","PhysicalResourceId":"arn:aws:sns:eu-central-1:111122223333:app-Inner-1-Topic-2"}]}`,
	})
	d := deploy(t, cloudformation.Config{
		Templates: []string{"app=" + filepath.Join(dir, "app.yaml")}, Resources: []string{filepath.Join(dir, "r.json")}, Account: account, Region: region,
	})
	d.resource("arn:aws:sns:eu-central-1:111122223333:app-Inner-1-Topic-2")
}

// A macro can change all that it stands beside.
func TestMacros(t *testing.T) {
	t.Parallel()
	d := one(t, `
Fn::Transform: {Name: AWS::Include, Parameters: {Location: "s3://b/k"}}
Resources:
  Fn::Transform: {Name: Whole}
  Beside:
    Type: AWS::IAM::Role
    Fn::Transform: {Name: One}
    Properties: {RoleName: beside, AssumeRolePolicyDocument: {Statement: []}}
  Inside:
    Type: AWS::IAM::Role
    Properties: {RoleName: inside, AssumeRolePolicyDocument: {Statement: []}, Fn::Transform: {Name: Two}}
  Within:
    Type: AWS::IAM::Role
    Properties: {RoleName: within, AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Principal: {AWS: "*"}, Action: "*"}, {Effect: Deny, Fn::Transform: {Name: Three}}]}}
`)
	for _, want := range []string{"the transform AWS::Include runs", "app.yaml: Fn::Transform", "Beside (", "Inside ("} {
		if !strings.Contains(d.gaps(), want) {
			t.Errorf("no gap says %s:\n%s", want, d.gaps())
		}
	}
	for _, name := range []string{"beside", "inside"} {
		if trust := string(d.role(name).AssumeRolePolicyDocument); !strings.HasPrefix(trust, `{"UnknownBecause":"Fn::Transform in `) {
			t.Errorf("the trust of %s is %s", name, trust)
		}
	}
	if trust := string(d.role("within").AssumeRolePolicyDocument); !strings.Contains(trust, `"Effect":"Allow"`) || !strings.Contains(trust, `{"UnknownBecause":"Fn::Transform in Within`) {
		t.Errorf("the trust is %s", trust)
	}
}

// A link to a template is followed when somebody names it; one among nested
// templates does not lead out of the folder.
func TestLinks(t *testing.T) {
	t.Parallel()
	dir := folder(t, map[string]string{"real/one.yaml": role("linked", account), "outside.yaml": role("outside", account)})
	link := filepath.Join(dir, "two.yaml")
	for name, to := range map[string]string{link: filepath.Join("real", "one.yaml"), filepath.Join(dir, "real", "inner.yaml"): filepath.Join("..", "outside.yaml")} {
		if err := os.Symlink(to, name); err != nil {
			t.Skip("no links here:", err)
		}
	}
	d := deploy(t, cloudformation.Config{Templates: []string{link}, Account: account})
	d.role("linked")
	outer := filepath.Join(dir, "real", "outer.yaml")
	if err := os.WriteFile(outer, []byte("Resources: {S: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: inner.yaml}}}"), 0o600); err != nil {
		t.Fatal(err)
	}
	d = deploy(t, cloudformation.Config{Templates: []string{outer}, Account: account})
	if !strings.Contains(d.gaps(), "inner.yaml") {
		t.Errorf("gaps: %s", d.gaps())
	}
}

// An alias leads to its key when it is made, and to no key that is known when it
// may not be.
func TestAliasUnderCondition(t *testing.T) {
	t.Parallel()
	const template = `
Parameters: {Open: {Type: String}}
Conditions: {Holds: !Equals [a, a], Fails: !Equals [a, b], Perhaps: !Equals [!Ref Open, a]}
Resources:
  Key: {Type: AWS::KMS::Key}
  Alias: {Type: AWS::KMS::Alias, Condition: WHETHER, Properties: {AliasName: alias/jobs, TargetKeyId: TARGET}}
  Queue: {Type: AWS::SQS::Queue, Properties: {QueueName: jobs, KmsMasterKeyId: alias/jobs}}
`
	const keys = "arn:aws:kms:" + region + ":" + account + ":"
	for _, c := range []struct{ whether, target, want, gap string }{
		{"Holds", "!Ref Key", "key/app-Key-GENERATED", ""},
		{"Fails", "!Ref Key", "alias/jobs", ""},
		{"Perhaps", "!Ref Key", "key/UNKNOWN-of-Alias", "whether Alias is made depends on the condition Perhaps"},
		{"Holds", "!Ref Open", "key/UNKNOWN-of-Alias", "which key gets which alias is not known"},
	} {
		d := one(t, strings.NewReplacer("WHETHER", c.whether, "TARGET", c.target).Replace(template))
		if got := written(t, d.s); !strings.Contains(got, `"KmsKeyId": "`+keys+c.want+`"`) && !strings.Contains(got, `"KMSKeyId": "`+keys+c.want+`"`) {
			t.Errorf("%s, %s: the key is not %s: %s", c.whether, c.target, c.want, got)
		}
		if got := d.gaps(); !strings.Contains(got, c.gap) {
			t.Errorf("%s, %s: the gaps do not say %q: %s", c.whether, c.target, c.gap, got)
		}
	}
}

// A policy of the organization whose name is not known may be one that is there.
func TestControlWithoutName(t *testing.T) {
	t.Parallel()
	d := one(t, `
Parameters: {Open: {Type: String}}
Resources:
  Fence: {Type: AWS::Organizations::Policy, Properties: {Name: !Ref Open, Type: SERVICE_CONTROL_POLICY, Content: {Statement: []}, TargetIds: [r-1]}}
`)
	if got := d.gaps(); !strings.Contains(got, "nor which policy that is there it changes: Ref Open") {
		t.Errorf("the gaps do not say that it may change another policy: %s", got)
	}
}
