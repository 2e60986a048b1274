package iamcollect

import (
	"strings"

	"pathfinder/graphmodel/arn"
)

// A source says which answer of AWS a fact comes with, which decides what it
// means when its file is absent.
type source uint8

const (
	never   source = iota // iam-collect doesn't ask
	ownCall               // a call of its own: absent when there is none, and when the call was denied
	listed                // the answer that lists the things: absent when there is none
	always                // a call of its own for what everything of the kind has: absent when it was denied
)

// A kind is a kind of resource that iam-collect writes.
type kind struct {
	name   string // as CloudFormation names it
	policy source
	tags   source
	key    string // the field of metadata.json that names the KMS key
	proof  string // a field of metadata.json that comes with the same answer as the policy
	role   string // the field of metadata.json that names the role of what it runs
	// managedKey says that no key in the list of things means the key that AWS
	// manages for the service.
	managedKey bool
}

// kinds are the kinds of resources by the service of their ARN and what their
// resource part begins with, where that is followed by a slash or a colon. S3
// buckets, queues and topics have nothing there.
//
// Where a fact comes from was read off iam-collect of 2026, one synchronization
// a service. CloudFormation has no type for streams of DynamoDB tables, which
// carry policies of their own; the name is in its manner.
var kinds = map[string]kind{
	"s3":                           {name: "AWS::S3::Bucket", policy: ownCall, tags: ownCall},
	"s3 accesspoint":               {name: "AWS::S3::AccessPoint", policy: ownCall},
	"s3-object-lambda accesspoint": {name: "AWS::S3ObjectLambda::AccessPoint", policy: ownCall},
	"s3-outposts bucket":           {name: "AWS::S3Outposts::Bucket", policy: ownCall, tags: ownCall},
	"s3-outposts accesspoint":      {name: "AWS::S3Outposts::AccessPoint", policy: ownCall},
	"s3express bucket":             {name: "AWS::S3Express::DirectoryBucket", policy: ownCall},
	"s3express accesspoint":        {name: "AWS::S3Express::AccessPoint", policy: ownCall},
	"s3tables bucket":              {name: "AWS::S3Tables::TableBucket", policy: ownCall, key: "key"},
	"kms key":                      {name: "AWS::KMS::Key", policy: always, tags: ownCall},
	"sqs":                          {name: "AWS::SQS::Queue", policy: ownCall, tags: ownCall, key: "kmsKey", proof: "kmsKey"},
	"sns":                          {name: "AWS::SNS::Topic", policy: always, tags: ownCall, key: "keyId"},
	"lambda function":              {name: "AWS::Lambda::Function", policy: ownCall, tags: ownCall, role: "role"},
	"lambda layer":                 {name: "AWS::Lambda::LayerVersion", policy: ownCall},
	"dynamodb table":               {name: "AWS::DynamoDB::Table", policy: ownCall, tags: ownCall},
	"dynamodb stream":              {name: "AWS::DynamoDB::Stream", policy: ownCall},
	"secretsmanager secret":        {name: "AWS::SecretsManager::Secret", policy: ownCall, tags: listed, key: "kmsKey", managedKey: true},
	"ecr repository":               {name: "AWS::ECR::Repository", policy: ownCall, tags: ownCall, key: "key"},
	"elasticfilesystem file-system": {
		name: "AWS::EFS::FileSystem", policy: ownCall, tags: listed, key: "key",
	},
	"es domain":                     {name: "AWS::OpenSearchService::Domain", policy: ownCall, tags: ownCall, key: "keyId", proof: "keyId"},
	"events event-bus":              {name: "AWS::Events::EventBus", policy: ownCall, tags: ownCall, key: "kmsKey", proof: "kmsKey"},
	"glue catalog":                  {name: "AWS::Glue::Catalog", policy: ownCall},
	"backup backup-vault":           {name: "AWS::Backup::BackupVault", policy: ownCall, tags: ownCall, key: "key"},
	"kinesis stream":                {name: "AWS::Kinesis::Stream", policy: ownCall, tags: ownCall, key: "keyId"},
	"kafka cluster":                 {name: "AWS::MSK::Cluster", policy: ownCall, tags: ownCall, key: "keyId"},
	"apigateway restapis":           {name: "AWS::ApiGateway::RestApi", policy: listed, tags: listed},
	"ec2 vpc-endpoint":              {name: "AWS::EC2::VPCEndpoint", policy: listed, tags: listed},
	"glacier vaults":                {name: "AWS::Glacier::Vault", policy: ownCall, tags: ownCall},
	"codeartifact repository":       {name: "AWS::CodeArtifact::Repository", policy: ownCall, tags: ownCall},
	"codebuild project":             {name: "AWS::CodeBuild::Project", policy: ownCall, tags: listed, role: "serviceRole"},
	"ses identity":                  {name: "AWS::SES::EmailIdentity", policy: ownCall},
	"acm-pca certificate-authority": {name: "AWS::ACMPCA::CertificateAuthority", policy: ownCall, tags: ownCall},
}

// kindOf returns the kind of the thing with an ARN, and how messages call it.
func kindOf(text string) (k kind, called string, ok bool) {
	service, resource := arn.Service(text), arn.Resource(text)
	parts := strings.FieldsFunc(resource, func(r rune) bool { return r == '/' || r == ':' })
	called = service
	switch {
	case service == "sqs", service == "sns", service == "s3" && arn.Region(text) == "" && arn.Account(text) == "":
	case len(parts) == 0:
	case service == "s3-outposts" && len(parts) > 2: // outpost/<id>/bucket/<name>
		called += " " + parts[2]
	case service == "dynamodb" && len(parts) > 2 && parts[2] == "stream": // table/<name>/stream/<label>
		called += " stream"
	default:
		called += " " + parts[0]
	}
	k, ok = kinds[called]
	if called == "s3 accesspoint" && arn.Region(text) == "" {
		k.name = "AWS::S3::MultiRegionAccessPoint"
	}
	return k, called, ok
}

// noPolicies are the folders of an account that a snapshot has no place for:
// access entries of EKS, and policies of IoT, which are for devices.
var noPolicies = map[string]bool{"eks": true, "iot": true}
