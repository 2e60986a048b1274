package lint

// The lists in this file are AWS's, and AWS changes them. Each says where it was
// read and when.

// apiNames maps calls that are no actions, in lower case, to what permits them.
// Source for S3: S3 user guide, "Required permissions for Amazon S3 API
// operations", 2026 crawl. The others are general knowledge and were not looked up.
var apiNames = map[string]string{
	"s3:listobjects": "s3:ListBucket", "s3:listobjectsv2": "s3:ListBucket", "s3:headbucket": "s3:ListBucket",
	"s3:listobjectversions": "s3:ListBucketVersions", "s3:listmultipartuploads": "s3:ListBucketMultipartUploads",
	"s3:listparts": "s3:ListMultipartUploadParts", "s3:listbuckets": "s3:ListAllMyBuckets",
	"s3:headobject": "s3:GetObject", "s3:selectobjectcontent": "s3:GetObject",
	"s3:copyobject": "s3:GetObject for the source and s3:PutObject for the target",
	"s3:postobject": "s3:PutObject", "s3:createmultipartupload": "s3:PutObject", "s3:uploadpart": "s3:PutObject",
	"s3:completemultipartupload": "s3:PutObject", "s3:uploadpartcopy": "s3:GetObject for the source and s3:PutObject for the target",
	"s3:deleteobjects":                 "s3:DeleteObject",
	"s3:getbucketencryption":           "s3:GetEncryptionConfiguration",
	"s3:putbucketencryption":           "s3:PutEncryptionConfiguration",
	"s3:deletebucketencryption":        "s3:PutEncryptionConfiguration",
	"s3:getbucketlifecycle":            "s3:GetLifecycleConfiguration",
	"s3:putbucketlifecycle":            "s3:PutLifecycleConfiguration",
	"s3:deletebucketlifecycle":         "s3:PutLifecycleConfiguration",
	"s3:getbucketreplication":          "s3:GetReplicationConfiguration",
	"s3:putbucketreplication":          "s3:PutReplicationConfiguration",
	"s3:deletebucketreplication":       "s3:PutReplicationConfiguration",
	"s3:deletebuckettagging":           "s3:PutBucketTagging",
	"s3:deletebucketcors":              "s3:PutBucketCORS",
	"s3:getpublicaccessblock":          "s3:GetBucketPublicAccessBlock or s3:GetAccountPublicAccessBlock",
	"s3:putpublicaccessblock":          "s3:PutBucketPublicAccessBlock or s3:PutAccountPublicAccessBlock",
	"sqs:sendmessagebatch":             "sqs:SendMessage",
	"sqs:deletemessagebatch":           "sqs:DeleteMessage",
	"sqs:changemessagevisibilitybatch": "sqs:ChangeMessageVisibility",
	"sns:publishbatch":                 "sns:Publish",
	"kms:reencrypt":                    "kms:ReEncrypt*",
	"dynamodb:transactgetitems":        "dynamodb:GetItem",
	"dynamodb:transactwriteitems":      "dynamodb:PutItem, dynamodb:UpdateItem, dynamodb:DeleteItem or dynamodb:ConditionCheckItem",
	"dynamodb:executestatement":        "dynamodb:PartiQLSelect, dynamodb:PartiQLInsert, dynamodb:PartiQLUpdate or dynamodb:PartiQLDelete",
	"dynamodb:batchexecutestatement":   "dynamodb:PartiQLSelect, dynamodb:PartiQLInsert, dynamodb:PartiQLUpdate or dynamodb:PartiQLDelete",
	"lambda:invoke":                    "lambda:InvokeFunction",
}

// silentActions are names that AWS itself writes into policies and documents
// nowhere: SNS puts it into the policy of every new topic.
var silentActions = map[string]bool{"sns:receive": true}

// serviceAliases maps names by which people call services to the prefixes of
// their actions, where these are not near. General knowledge; a test holds them
// against the catalog.
var serviceAliases = map[string]string{
	"efs": "elasticfilesystem", "emr": "elasticmapreduce", "elb": "elasticloadbalancing", "elbv2": "elasticloadbalancing",
	"alb": "elasticloadbalancing", "msk": "kafka", "stepfunctions": "states", "sfn": "states", "eventbridge": "events",
	"cloudwatchlogs": "logs", "cloudwatchevents": "events", "documentdb": "rds", "elasticsearch": "es",
	"parameterstore": "ssm", "kinesisfirehose": "firehose", "cognito": "cognito-idp", "amplifyconsole": "amplify",
	"sso-directory-service": "sso-directory", "systemsmanager": "ssm", "mq-broker": "mq", "api-gateway": "apigateway",
}

// surelyWithout are the services whose actions without a documented resource are
// taken to be checked on "*" alone (E39). Of others the documentation is looser.
var surelyWithout = map[string]bool{"s3": true, "ec2": true, "organizations": true, "sts": true}

// wellDocumented are the services whose lists of resource types agree with AWS's
// own managed policies (versions of November 2026); of others a type may be
// missing.
var wellDocumented = map[string]bool{
	"s3": true, "sqs": true, "sns": true, "dynamodb": true, "kms": true, "lambda": true, "iam": true, "sts": true,
	"secretsmanager": true, "ec2": true, "kinesis": true, "ecr": true, "states": true, "organizations": true,
}

// twofold are the prefixes that two services share, each with its own resources,
// of which the catalog knows one for some actions: classic and newer load balancers.
var twofold = map[string]bool{"elasticloadbalancing": true}

// listsByARN are the services that check lists on an ARN although the
// documentation has none: IAM on the path, Logs on all log groups.
var listsByARN = map[string]bool{"iam": true, "logs": true}

// keysBeyond are keys, in lower case, that AWS's own policies test for actions
// for which the catalog does not have them.
var keysBeyond = map[string]bool{"aws-marketplace:productid": true}
