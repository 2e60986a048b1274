package cloudformation_test

import (
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// around is a template with one expression in it, and things to refer to.
const around = `
Transform: AWS::LanguageExtensions
Parameters:
  Plain: {Type: String, Default: plain}
  Count: {Type: Number, Default: 7}
  Open: {Type: String}
  Given: {Type: String, Default: no}
  List: {Type: CommaDelimitedList, Default: "a, b,c"}
  Ports: {Type: "List<Number>", Default: 80}
  Stored: {Type: "AWS::SSM::Parameter::Value<String>", Default: /path}
  Secret: {Type: String, NoEcho: true, Default: hunter2}
Mappings:
  Map:
    eu-central-1: {name: europe, list: [x, "y"]}
    us-east-1: {name: america}
Conditions:
  Holds: !Equals [!Ref Plain, plain]
  Fails: !Not [{Condition: Holds}]
  Never: !And [!Condition Perhaps, !Condition Fails]
  Always: !Or [!Condition Perhaps, !Condition Holds]
  Perhaps: !Equals [!Ref Open, x]
  Loop: !Not [!Condition Loop]
  Guarded: !Equals [!Ref Secret, hunter2]
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties: {Path: /team/, AssumeRolePolicyDocument: {Statement: []}}
  Named:
    Type: AWS::IAM::Role
    Properties: {RoleName: named, AssumeRolePolicyDocument: {Statement: []}}
  Queue: {Type: AWS::SQS::Queue, Properties: {FifoQueue: true}}
  Bucket: {Type: AWS::S3::Bucket}
  Key: {Type: AWS::KMS::Key}
  Topic: {Type: AWS::SNS::Topic, Properties: {TopicName: news}}
  Secret1: {Type: AWS::SecretsManager::Secret, Properties: {Name: db}}
  Secret2: {Type: AWS::SecretsManager::Secret, Properties: {Name: new}}
  Self: {Type: AWS::SQS::Queue, Properties: {QueueName: !Ref Self}}
  Odd: {Type: Custom::Thing}
  P:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      ManagedPolicyName: p
      PolicyDocument:
        Version: 2012-10-17
        Statement:
          - {Sid: Before, Effect: Deny, Action: "s3:*", Resource: "*"}
          - Sid: Here
            Effect: Allow
            Action: s3:GetObject
            Resource: EXPRESSION
`

func TestFunctions(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, expression, want string }{
		{"Ref parameter", `!Ref Plain`, `"plain"`},
		{"Ref number", `!Ref Count`, `"7"`},
		{"Ref given", `!Ref Given`, `"yes"`},
		{"Ref list", `!Ref List`, `["a","b","c"]`},
		{"Ref list of one number", `!Ref Ports`, `["80"]`},
		{"Ref without value", `!Ref Open`, `? Ref Open`},
		{"Ref stored", `!Ref Stored`, `? Ref Stored in P`},
		{"Ref secret", `!Ref Secret`, `? Ref Secret in P`},
		{"Ref of nothing", `!Ref Nothing`, `? Ref Nothing`},
		{"long Ref", `{Ref: Plain}`, `"plain"`},
		{"AccountId", `!Ref AWS::AccountId`, `"111122223333"`},
		{"Region", `!Ref AWS::Region`, `"eu-central-1"`},
		{"Partition", `!Ref AWS::Partition`, `"aws"`},
		{"StackName", `!Ref AWS::StackName`, `"app"`},
		{"URLSuffix", `!Ref AWS::URLSuffix`, `"amazonaws.com"`},
		{"StackId", `!Ref AWS::StackId`, `? Ref AWS::StackId`},
		{"NotificationARNs", `!Ref AWS::NotificationARNs`, `? Ref AWS::NotificationARNs`},
		{"NoValue", `[a, !Ref AWS::NoValue, b]`, `["a","b"]`},
		{"Ref role", `!Ref Role`, `"app-Role-GENERATED"`},
		{"GetAtt role", `!GetAtt Role.Arn`, `"arn:aws:iam::111122223333:role/team/app-Role-GENERATED"`},
		{"GetAtt long", `{"Fn::GetAtt": [Named, Arn]}`, `"arn:aws:iam::111122223333:role/named"`},
		{"GetAtt text", `{"Fn::GetAtt": Named.Arn}`, `"arn:aws:iam::111122223333:role/named"`},
		{"GetAtt id", `!GetAtt Role.RoleId`, `? Fn::GetAtt Role.RoleId`},
		{"GetAtt of a custom resource", `!GetAtt Odd.Arn`, `? Fn::GetAtt Odd.Arn`},
		{"GetAtt of itself", `!GetAtt Self.Arn`, `? Fn::GetAtt Self.Arn in P`},
		{"Ref queue", `!Ref Queue`, `"https://sqs.eu-central-1.amazonaws.com/111122223333/app-Queue-GENERATED.fifo"`},
		{"GetAtt queue", `!GetAtt Queue.Arn`, `"arn:aws:sqs:eu-central-1:111122223333:app-Queue-GENERATED.fifo"`},
		{"Ref bucket", `!Ref Bucket`, `"app-bucket-generated"`},
		{"GetAtt bucket", `!Sub "${Bucket.Arn}/*"`, `"arn:aws:s3:::app-bucket-generated/*"`},
		{"GetAtt key", `!GetAtt Key.Arn`, `"arn:aws:kms:eu-central-1:111122223333:key/app-Key-GENERATED"`},
		{"Ref topic", `!Ref Topic`, `"arn:aws:sns:eu-central-1:111122223333:news"`},
		{"Ref secret that is there", `!Ref Secret1`, `"arn:aws:secretsmanager:eu-central-1:111122223333:secret:db-AbCdEf"`},
		{"Ref new secret", `!Ref Secret2`, `"arn:aws:secretsmanager:eu-central-1:111122223333:secret:new-RANDOM"`},
		{"Sub", `!Sub "arn:${AWS::Partition}:s3:::${Plain}-${AWS::Region}"`, `"arn:aws:s3:::plain-eu-central-1"`},
		{"Sub literal", `!Sub "home/${!aws:username}/${Plain}"`, `"home/${aws:username}/plain"`},
		{"Sub variables", `!Sub ["${a}-${Plain}", {a: !Ref Count}]`, `"7-plain"`},
		{"Sub unknown", `!Sub "x-${Open}"`, `? Fn::Sub ${Open}`},
		{"Sub of a policy variable", `!Sub "x-${aws:username}"`, `? Fn::Sub ${aws:username}`},
		{"Sub unclosed", `!Sub "x-${Plain"`, `"x-${Plain"`},
		{"Join", `!Join ["", ["arn:", !Ref AWS::Partition, ":s3:::", !Ref Bucket]]`, `"arn:aws:s3:::app-bucket-generated"`},
		{"Join a list", `!Join ["/", !Ref List]`, `"a/b/c"`},
		{"Join unknown", `!Join ["", [a, !Ref Open]]`, `? Ref Open`},
		{"Join what is no list", `!Join ["", a]`, `? Fn::Join`},
		{"Select", `!Select [1, !Ref List]`, `"b"`},
		{"Select beside unknown", `!Select ["0", [a, !Ref Open]]`, `"a"`},
		{"Select too far", `!Select [3, !Ref List]`, `? Fn::Select`},
		{"Split", `!Select [5, !Split [":", !GetAtt Role.Arn]]`, `"role/team/app-Role-GENERATED"`},
		{"FindInMap", `!FindInMap [Map, !Ref AWS::Region, name]`, `"europe"`},
		{"FindInMap list", `!FindInMap [Map, eu-central-1, list]`, `["x","y"]`},
		{"FindInMap missing", `!FindInMap [Map, eu-west-1, name]`, `? Fn::FindInMap`},
		{"FindInMap default", `!FindInMap [Map, eu-west-1, name, {DefaultValue: none}]`, `"none"`},
		{"Base64", `!Base64 a`, `"YQ=="`},
		{"Cidr", `!Select [0, !Cidr [10.0.0.0/16, 1, 8]]`, `? Fn::Cidr`},
		{"GetAZs", `!Select [0, !GetAZs ""]`, `? Fn::GetAZs`},
		{"ImportValue", `!ImportValue elsewhere`, `? Fn::ImportValue elsewhere`},
		{"Transform", `{"Fn::Transform": {Name: "AWS::Include"}}`, `? Fn::Transform`},
		{"unheard of", `!Frobnicate x`, `? Fn::Frobnicate x`},
		{"two functions", `{"Fn::Sub": a, "Fn::Join": b}`, `? Fn::Join`},
		{"dynamic reference", `"arn:aws:s3:::{{resolve:ssm:/bucket}}"`, `? the dynamic reference {{resolve:ssm:/bucket}}`},
		{"If yes", `!If [Holds, a, b]`, `"a"`},
		{"If no", `!If [Fails, a, b]`, `"b"`},
		{"If perhaps", `!If [Perhaps, a, b]`, `? Ref Open in the condition Perhaps`},
		{"If perhaps, and no difference", `!If [Perhaps, a, a]`, `"a"`},
		{"If never", `!If [Never, a, b]`, `"b"`},
		{"If always", `!If [Always, a, b]`, `"a"`},
		{"If in circles", `!If [Loop, a, b]`, `? the condition Loop`},
		{"If of no condition", `!If [Nothing, a, b]`, `? the condition Nothing`},
		{"If without value", `[a, !If [Fails, b, !Ref AWS::NoValue]]`, `["a"]`},
		{"If by a secret", `!If [Guarded, a, b]`, `"a"`},
		{"ToJsonString", `!ToJsonString {a: [1, !Ref Plain]}`, `"{\"a\":[1,\"plain\"]}"`},
		{"Length", `!Join ["", [!Length [a, b, c]]]`, `"3"`},
		{"number", `[123456789012]`, `["123456789012"]`},
		{"octal number", `[012345670123]`, `? a value in P`},
		{"words for booleans", `[yes, Yes, ON, true, no, No, OFF, False]`, `["true","true","true","true","false","false","false","false"]`},
		{"tagged as a boolean", `[!!bool yes, !!bool "no"]`, `["true","false"]`},
		{"words in quotes", `["yes", 'no', !!str on, !Join ["", [a, "off"]]]`, `["yes","no","on","aoff"]`},
		{"words that are none", `[yEs, nO, one, offer]`, `["yEs","nO","one","offer"]`},
		{"letters for booleans", `[y]`, `? a value in P`},
		{"another letter", `[N]`, `? a value in P`},
		{"a letter in quotes", `["y", 'N']`, `["y","N"]`},
		{"words as keys", `!ToJsonString {on: x, N: x, yes: x}`, `"{\"on\":\"x\",\"N\":\"x\",\"yes\":\"x\"}"`},
		{"GetAtt by expression", `!GetAtt [!Sub "${Plain}", Arn]`, `? Fn::GetAtt .Arn`},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			d := one(t, strings.Replace(around, "EXPRESSION", c.expression, 1), "Given=yes")
			got := d.expression()
			if want, open := strings.CutPrefix(c.want, "? "); open {
				if why, ok := strings.CutPrefix(got, "? "); !ok || !strings.HasPrefix(why, want) || !strings.Contains(why, "app.yaml") {
					t.Errorf("got %s\nwant an unknown statement because of %s", got, want)
				}
			} else if got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
			if text := written(t, d.s) + written(t, d.r); strings.Contains(text, "hunter2") {
				t.Error("the secret shows")
			}
		})
	}
}

// expression returns what the expression of around came to; "? " and the reason
// when its statement is unknown.
func (d *deployed) expression() string {
	d.t.Helper()
	for _, p := range d.account(account).IAM.Policies {
		if p.PolicyName != "p" {
			continue
		}
		var doc struct {
			Statement []struct {
				Sid            string
				Resource       jsontext.Value
				UnknownBecause string
			}
		}
		if err := json.Unmarshal(p.PolicyVersionList[0].Document, &doc); err != nil {
			d.t.Fatalf("%s: %v", p.PolicyVersionList[0].Document, err)
		}
		if len(doc.Statement) != 2 || doc.Statement[0].Sid != "Before" || string(doc.Statement[0].Resource) != `"*"` || doc.Statement[1].Sid != "Here" {
			d.t.Fatalf("a statement is lost: %s", p.PolicyVersionList[0].Document)
		}
		if why := doc.Statement[1].UnknownBecause; why != "" {
			return "? " + why
		}
		return string(doc.Statement[1].Resource)
	}
	d.t.Fatalf("there is no policy p; gaps:\n%s", d.gaps())
	return ""
}

// Conditions, and functions in places where few write them.
func TestMoreFunctions(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, expression, want string }{
		{"Equals of lists", `!If [{"Fn::Equals": [!Ref List, [a, b, c]]}, same, different]`, `"same"`},
		{"Equals of longer lists", `!If [{"Fn::Equals": [!Ref List, [a, b]]}, same, different]`, `"different"`},
		{"Equals of objects", `!If [{"Fn::Equals": [{a: x, b: 1}, {b: "1", a: x}]}, same, different]`, `"same"`},
		{"Equals of other objects", `!If [{"Fn::Equals": [{a: x}, {b: x}]}, same, different]`, `"different"`},
		{"Equals of a list and a text", `!If [{"Fn::Equals": [!Ref List, a]}, same, different]`, `"different"`},
		{"condition in place", `!If [!Not [{Condition: Fails}], same, different]`, `"same"`},
		{"condition as a value", `!Join ["", [x, !Equals [a, a]]]`, `"xtrue"`},
		{"condition as a value that is not known", `!Join ["", [x, !Equals [a, !Ref Open]]]`, `? Ref Open in P`},
		{"literal condition", `!If [!Not [false], same, different]`, `"same"`},
		{"no condition function", `!If [!Not [!Ref Plain], yes, no]`, `? Ref in P`},
		{"Not of two", `!If [!Not [true, false], yes, no]`, `? Fn::Not in P`},
		{"If of two", `!If [Holds, a]`, `? Fn::If in P`},
		{"Ref of a list", `!Ref [a]`, `? Ref in P`},
		{"Ref by function", `{Ref: !Sub "Na${Count}"}`, `? Ref in P`},
		{"Ref by a function that works out", `{Ref: !Join ["", [Pla, in]]}`, `"plain"`},
		{"Sub of a list", `!Sub "${List}"`, `? Fn::Sub ${List} in P`},
		{"Sub of three", `!Sub [a, {}, b]`, `? Fn::Sub in P`},
		{"Sub of a number", `!Sub 5`, `"5"`},
		{"Select by what is not known", `!Select [!Ref Open, [a]]`, `? Ref Open in P`},
		{"Select from what is not known", `!Select [0, !Ref Open]`, `? Ref Open in P`},
		{"Select by a word", `!Select [one, [a]]`, `? Fn::Select in P`},
		{"Split of what is not known", `!Split [",", !Ref Open]`, `? Ref Open in P`},
		{"Split at nothing", `!Split ["", a]`, `? Fn::Split in P`},
		{"Join of lists", `!Join [",", [[a]]]`, `? Fn::Join in P`},
		{"Join by what is not known", `!Join [!Ref Open, [a]]`, `? Ref Open in P`},
		{"FindInMap by what is not known", `!FindInMap [Map, !Ref Open, name]`, `? Ref Open in P`},
		{"Base64 of what is not known", `!Base64 {Ref: Open}`, `? Ref Open in P`},
		{"ToJsonString of what is not known", `!ToJsonString {a: !Ref Open}`, `? Ref Open in P`},
		{"Length of a text", `!Length x`, `? Fn::Length x in P`},
		{"GetAtt of one part", `{"Fn::GetAtt": [Role]}`, `? Fn::GetAtt Role in P`},
		{"GetAtt of three parts", `!GetAtt Role.Arn.More`, `? Fn::GetAtt Role.Arn.More in P`},
		{"GetAtt of what is not there", `!GetAtt Nothing.Arn`, `? Fn::GetAtt Nothing.Arn in P`},
		{"output of what is no stack", `!GetAtt Role.Outputs.X`, `? Fn::GetAtt Role.Outputs.X in P`},
		{"ImportValue of what is not known", `!ImportValue {Ref: Open}`, `? Ref Open in P`},
		{"pseudo parameter that there is not", `!Ref AWS::Nothing`, `? Ref AWS::Nothing in P`},
		{"null", `[a, null]`, `["a",null]`},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got := one(t, strings.Replace(around, "EXPRESSION", c.expression, 1), "Given=yes").expression()
			if want, open := strings.CutPrefix(c.want, "? "); open {
				if !strings.HasPrefix(got, "? "+want) {
					t.Errorf("got %s\nwant an unknown statement because of %s", got, want)
				}
			} else if got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

// A Deny on a boolean condition and a public access block hold when they are
// written with the words of YAML 1.1.
func TestWordsForBooleans(t *testing.T) {
	t.Parallel()
	d := one(t, `
Resources:
  B:
    Type: AWS::S3::Bucket
    Properties:
      BucketName: words
      PublicAccessBlockConfiguration: {BlockPublicAcls: yes, IgnorePublicAcls: On, BlockPublicPolicy: YES, RestrictPublicBuckets: no}
  Q: {Type: AWS::SQS::Queue, Properties: {QueueName: words}}
  P:
    Type: AWS::SQS::QueuePolicy
    Properties:
      Queues: [!Ref Q]
      PolicyDocument:
        Statement: {Effect: Deny, Principal: "*", Action: "sqs:*", Resource: "*", Condition: {Bool: {"aws:ViaAWSService": no}}}
`)
	got := written(t, d.s)
	for _, want := range []string{`"BlockPublicAcls": true`, `"IgnorePublicAcls": true`, `"BlockPublicPolicy": true`, `"RestrictPublicBuckets": false`, `"aws:ViaAWSService": "false"`} {
		if !strings.Contains(got, want) {
			t.Errorf("%s is missing in %s", want, got)
		}
	}
}

// A condition that can't be read leaves open whether the resource is made.
func TestConditionThatCannotBeRead(t *testing.T) {
	t.Parallel()
	d := one(t, "Resources: {U: {Type: AWS::IAM::User, Condition: y, Properties: {UserName: perhaps}}}")
	if got := d.gaps(); !strings.Contains(got, "whether U is made depends on a condition that can't be read") {
		t.Errorf("nothing tells that U may not be made: %s", got)
	}
}
