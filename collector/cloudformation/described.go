package cloudformation

import (
	"cmp"
	"maps"
	"strings"
)

// A description says how resources of a type are named. Forms are written with
// {partition}, {region}, {account}, {path}, {name}, {arn} and {suffix}.
type description struct {
	name       string // the property that gives the name; "": AWS makes it up
	arn        string
	ref        string            // what Ref gives
	attributes map[string]string // what Fn::GetAtt gives
	regional   bool
	path       bool   // has the property Path
	lower      bool   // names are in lower case
	prefix     string // of generated ids, such as "vpc-"
	// derive works the name out of other properties.
	derive func(s *stack, name, id string, props *value) (derived, why string)
}

// iam describes an IAM entity.
func iam(name, kind, ref, attribute string) description {
	return description{
		name: name, arn: "arn:{partition}:iam::{account}:" + kind + "{path}{name}", ref: ref, path: true,
		attributes: map[string]string{attribute: "{arn}"},
	}
}

// regional describes a resource whose ARN names its region. attributes are
// pairs of a name and a form.
func regional(name, service, resource, ref string, attributes ...string) description {
	d := description{
		name: name, arn: "arn:{partition}:" + service + ":{region}:{account}:" + resource, ref: ref, regional: true,
		attributes: make(map[string]string),
	}
	for i := 0; i+1 < len(attributes); i += 2 {
		d.attributes[attributes[i]] = attributes[i+1]
	}
	return d
}

// made describes a resource whose id AWS makes up.
func made(prefix, service, resource, ref string, attributes ...string) description {
	d := regional("", service, resource, ref, attributes...)
	d.prefix = prefix
	return d
}

func (d description) inLower() description {
	d.lower = true
	return d
}

func (d description) derived(f func(s *stack, name, id string, props *value) (string, string)) description {
	d.derive = f
	return d
}

// described are the types whose names and attributes are known before they are
// made (CloudFormation Template Reference, "Return values" of each type).
var described = make(map[string]description)

func init() { // derive reaches back to the table
	maps.Copy(described, describedIAM)
	maps.Copy(described, describedPolicies())
	maps.Copy(described, describedOthers)
}

var oidc = description{
	name: "Url", arn: "arn:{partition}:iam::{account}:oidc-provider/{name}", ref: "{arn}",
	attributes: map[string]string{"Arn": "{arn}"}, derive: host,
}

var describedIAM = map[string]description{
	"AWS::IAM::Role":            iam("RoleName", "role", "{name}", "Arn"),
	"AWS::IAM::User":            iam("UserName", "user", "{name}", "Arn"),
	"AWS::IAM::Group":           iam("GroupName", "group", "{name}", "Arn"),
	"AWS::IAM::InstanceProfile": iam("InstanceProfileName", "instance-profile", "{name}", "Arn"),
	"AWS::IAM::ManagedPolicy":   iam("ManagedPolicyName", "policy", "{arn}", "PolicyArn"),
	"AWS::IAM::Policy":          {name: "PolicyName", ref: "{name}"},
	"AWS::IAM::RolePolicy":      {name: "PolicyName", ref: "{name}"},
	"AWS::IAM::UserPolicy":      {name: "PolicyName", ref: "{name}"},
	"AWS::IAM::GroupPolicy":     {name: "PolicyName", ref: "{name}"},
	"AWS::IAM::SAMLProvider": {
		name: "Name", arn: "arn:{partition}:iam::{account}:saml-provider/{name}", ref: "{arn}",
		attributes: map[string]string{"Arn": "{arn}"},
	},
	"AWS::IAM::OIDCProvider": oidc,
	cdkProvider:              oidc,
}

// The functions below work out names that other properties decide.

// host is what the ARN of an OIDC provider ends with: its URL without scheme.
func host(_ *stack, name, _ string, _ *value) (string, string) {
	if _, rest, ok := strings.Cut(name, "://"); ok {
		name = rest
	}
	return strings.TrimSuffix(name, "/"), ""
}

// fifo gives a made-up name the ending that first-in-first-out needs.
func fifo(property string) func(*stack, string, string, *value) (string, string) {
	return func(s *stack, name, id string, props *value) (string, string) {
		v := s.resolve(props.get(property), id)
		if on, _ := v.scalar(); on == "true" && strings.HasSuffix(name, "-"+generatedName) {
			name += ".fifo"
		}
		return name, ""
	}
}

// primaryKey is the id that a replica key shares with its primary.
func primaryKey(s *stack, _, id string, props *value) (string, string) {
	v := s.resolve(props.get("PrimaryKeyArn"), id)
	key, ok := v.scalar()
	if !ok || !strings.Contains(key, ":key/") {
		why, _ := v.reason()
		return "", cmp.Or(why, "PrimaryKeyArn is not the ARN of a key")
	}
	return key[strings.LastIndexByte(key, '/')+1:], ""
}

// qualified is the name of a version or an alias behind that of its function.
func qualified(s *stack, name, id string, props *value) (string, string) {
	v := s.resolve(props.get("FunctionName"), id)
	function, ok := v.scalar()
	if !ok {
		why, _ := v.reason()
		return "", cmp.Or(why, "FunctionName is missing")
	}
	if props.get("Name") == nil {
		name = generatedName // the number of a version
	}
	return functionName(function) + ":" + name, ""
}

// functionName is the name of a function that is given as a name, an ARN or a
// part of one; a qualifier is left out.
func functionName(text string) string {
	if _, rest, ok := strings.Cut(text, "function:"); ok {
		text = rest
	}
	name, _, _ := strings.Cut(text, ":")
	return name
}

// ownBus is the name of a rule behind that of an event bus that is not the
// default one.
func ownBus(s *stack, name, id string, props *value) (string, string) {
	v := s.resolve(props.get("EventBusName"), id)
	if why, found := v.reason(); found {
		return "", why
	}
	bus, _ := v.scalar()
	bus = bus[strings.LastIndexByte(bus, '/')+1:]
	if bus == "" || bus == "default" {
		return name, ""
	}
	return bus + "/" + name, ""
}

// describedPolicies are the types with resource policies, and what belongs to
// them.
func describedPolicies() map[string]description {
	bucket := description{
		name: "BucketName", arn: "arn:{partition}:s3:::{name}", ref: "{name}", lower: true,
		attributes: map[string]string{
			"Arn": "{arn}", "DomainName": "{name}.s3.{suffix}", "RegionalDomainName": "{name}.s3.{region}.{suffix}",
		},
	}
	return map[string]description{
		"AWS::S3::Bucket":      bucket,
		"AWS::S3::AccessPoint": regional("Name", "s3", "accesspoint/{name}", "{name}", "Arn", "{arn}", "Name", "{name}").inLower(),
		"AWS::KMS::Key":        made("", "kms", "key/{name}", "{name}", "Arn", "{arn}", "KeyId", "{name}"),
		"AWS::KMS::ReplicaKey": regional("", "kms", "key/{name}", "{name}", "Arn", "{arn}", "KeyId", "{name}").derived(primaryKey),
		"AWS::KMS::Alias":      regional("AliasName", "kms", "{name}", "{name}"),
		"AWS::SQS::Queue": regional("QueueName", "sqs", "{name}", "https://sqs.{region}.{suffix}/{account}/{name}",
			"Arn", "{arn}", "QueueName", "{name}", "QueueUrl", "https://sqs.{region}.{suffix}/{account}/{name}").derived(fifo("FifoQueue")),
		"AWS::SNS::Topic":             regional("TopicName", "sns", "{name}", "{arn}", "TopicArn", "{arn}", "TopicName", "{name}").derived(fifo("FifoTopic")),
		"AWS::Lambda::Function":       regional("FunctionName", "lambda", "function:{name}", "{name}", "Arn", "{arn}"),
		"AWS::Lambda::Alias":          regional("Name", "lambda", "function:{name}", "{arn}", "AliasArn", "{arn}").derived(qualified),
		"AWS::Lambda::Version":        regional("", "lambda", "function:{name}", "{arn}", "FunctionArn", "{arn}").derived(qualified),
		"AWS::Lambda::LayerVersion":   regional("LayerName", "lambda", "layer:{name}:"+generatedName, "{arn}", "LayerVersionArn", "{arn}"),
		"AWS::SecretsManager::Secret": regional("Name", "secretsmanager", "secret:{name}-RANDOM", "{arn}", "Id", "{arn}"),
		"AWS::DynamoDB::Table": regional("TableName", "dynamodb", "table/{name}", "{name}",
			"Arn", "{arn}", "StreamArn", "{arn}/stream/"+generatedName),
		"AWS::DynamoDB::GlobalTable": regional("TableName", "dynamodb", "table/{name}", "{name}",
			"Arn", "{arn}", "StreamArn", "{arn}/stream/"+generatedName),
		"AWS::ECR::Repository": regional("RepositoryName", "ecr", "repository/{name}", "{name}",
			"Arn", "{arn}", "RepositoryUri", "{account}.dkr.ecr.{region}.{suffix}/{name}").inLower(),
		"AWS::EFS::FileSystem":  made("fs-", "elasticfilesystem", "file-system/{name}", "{name}", "Arn", "{arn}", "FileSystemId", "{name}"),
		"AWS::Events::EventBus": regional("Name", "events", "event-bus/{name}", "{name}", "Arn", "{arn}", "Name", "{name}"),
		"AWS::OpenSearchService::Domain": regional("DomainName", "es", "domain/{name}", "{name}",
			"Arn", "{arn}", "DomainArn", "{arn}").inLower(),
		"AWS::Logs::LogGroup":   regional("LogGroupName", "logs", "log-group:{name}", "{name}", "Arn", "{arn}:*"),
		"AWS::EC2::VPCEndpoint": made("vpce-", "ec2", "vpc-endpoint/{name}", "{name}", "Id", "{name}"),
	}
}

// describedOthers carry no policy, and are named in those of others.
var describedOthers = map[string]description{
	"AWS::Organizations::OrganizationalUnit": {
		prefix: "ou-", arn: "arn:{partition}:organizations::{account}:ou/{name}", ref: "{name}", attributes: map[string]string{"Id": "{name}"},
	},
	"AWS::EC2::VPC":           made("vpc-", "ec2", "vpc/{name}", "{name}", "VpcId", "{name}"),
	"AWS::EC2::Subnet":        made("subnet-", "ec2", "subnet/{name}", "{name}", "SubnetId", "{name}"),
	"AWS::EC2::SecurityGroup": made("sg-", "ec2", "security-group/{name}", "{name}", "GroupId", "{name}", "Id", "{name}"),
	"AWS::EC2::Instance":      made("i-", "ec2", "instance/{name}", "{name}", "InstanceId", "{name}"),
	"AWS::CloudFront::Distribution": {
		arn: "arn:{partition}:cloudfront::{account}:distribution/{name}", ref: "{name}", attributes: map[string]string{"Id": "{name}"},
	},
	"AWS::StepFunctions::StateMachine":     regional("StateMachineName", "states", "stateMachine:{name}", "{arn}", "Arn", "{arn}", "Name", "{name}"),
	"AWS::CodeBuild::Project":              regional("Name", "codebuild", "project/{name}", "{name}", "Arn", "{arn}"),
	"AWS::CodeCommit::Repository":          made("", "codecommit", "{name}", "{name}"),
	"AWS::CodePipeline::Pipeline":          regional("Name", "codepipeline", "{name}", "{name}"),
	"AWS::Kinesis::Stream":                 regional("Name", "kinesis", "stream/{name}", "{name}", "Arn", "{arn}"),
	"AWS::KinesisFirehose::DeliveryStream": regional("DeliveryStreamName", "firehose", "deliverystream/{name}", "{name}", "Arn", "{arn}"),
	"AWS::ECS::Cluster":                    regional("ClusterName", "ecs", "cluster/{name}", "{name}", "Arn", "{arn}"),
	"AWS::CloudWatch::Alarm":               regional("AlarmName", "cloudwatch", "alarm:{name}", "{name}", "Arn", "{arn}"),
	"AWS::CloudTrail::Trail":               regional("TrailName", "cloudtrail", "trail/{name}", "{name}", "Arn", "{arn}"),
	"AWS::Backup::BackupVault":             regional("BackupVaultName", "backup", "backup-vault:{name}", "{name}", "BackupVaultArn", "{arn}", "BackupVaultName", "{name}"),
	"AWS::Events::Rule":                    regional("Name", "events", "rule/{name}", "{piped}", "Arn", "{arn}").derived(ownBus),
	"AWS::ApiGateway::RestApi":             made("", "apigateway", "/restapis/{name}", "{name}", "RestApiId", "{name}"),
	"AWS::ApiGatewayV2::Api":               made("", "apigateway", "/apis/{name}", "{name}", "ApiId", "{name}"),
	"AWS::SSM::Parameter":                  regional("Name", "ssm", "parameter/{name}", "{name}"),
	"AWS::Cognito::UserPool":               made("{region}_", "cognito-idp", "userpool/{name}", "{name}", "Arn", "{arn}", "UserPoolId", "{name}"),
	"AWS::Cognito::IdentityPool":           made("{region}:", "cognito-identity", "identitypool/{name}", "{name}", "Id", "{name}"),
}
