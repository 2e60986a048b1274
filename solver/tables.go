package solver

// The lists in this file are AWS's, and AWS changes them. Each says where it
// was read and when.

// callers is a set of kinds of callers.
type callers uint16

func callersOf(list ...CallerKind) callers {
	var s callers
	for _, k := range list {
		s |= 1 << k
	}
	return s
}

func (s callers) has(k CallerKind) bool { return s&(1<<k) != 0 }

var (
	iamCaller   = callersOf(CallerUser, CallerRoot, CallerSession, CallerFederatedUser, CallerOutsider)
	anyCaller   = iamCaller | callersOf(CallerService, CallerFederated, CallerAnonymous)
	userCaller  = iamCaller | callersOf(CallerFederated, CallerAnonymous)
	sessionOnly = callersOf(CallerSession, CallerOutsider)
	nobody      = callersOf()
)

// carriers says which callers a global key can be present for when the facts
// do not fix it. Source: IAM User Guide, "AWS global condition context keys",
// 2026 crawl (E216); services carry no network keys (E221). The keys about the caller, the resource and the
// organization are fixed in context.go.
var carriers = map[string]callers{
	"aws:principalarn": callersOf(CallerOutsider), "aws:principalaccount": callersOf(CallerOutsider), "aws:principaltype": callersOf(CallerOutsider),
	"aws:principalisawsservice": nobody, "aws:principalservicename": nobody, "aws:principalservicenameslist": nobody,
	"aws:principalorgid": iamCaller, "aws:principalorgpaths": iamCaller,
	"aws:principaltag": callersOf(CallerUser, CallerSession, CallerFederatedUser, CallerOutsider, CallerService),
	"aws:userid":       callersOf(CallerUser, CallerSession, CallerOutsider), "aws:username": callersOf(CallerOutsider),
	"aws:assumedroot": nobody, "aws:federatedprovider": sessionOnly,
	"aws:tokenissuetime":         iamCaller,
	"aws:multifactorauthpresent": callersOf(CallerUser, CallerRoot, CallerSession, CallerOutsider),
	"aws:multifactorauthage":     callersOf(CallerUser, CallerRoot, CallerSession, CallerOutsider),
	"aws:sourceidentity":         sessionOnly, "aws:signinsessionarn": iamCaller, "aws:chatbotsourcearn": sessionOnly,
	"aws:ec2instancesourcevpc": sessionOnly, "aws:ec2instancesourceprivateipv4": sessionOnly,
	"ec2:sourceinstancearn": sessionOnly, "ec2:roledelivery": sessionOnly,
	"lambda:sourcefunctionarn": sessionOnly, "codebuild:buildarn": sessionOnly, "codebuild:projectarn": sessionOnly,
	"glue:roleassumedby": sessionOnly, "glue:credentialissuingservice": sessionOnly, "ssm:sourceinstancearn": sessionOnly,
	"identitystore:userid": sessionOnly, "aws:viacustomerdomain": sessionOnly,
	"aws:sourceip": userCaller, "aws:sourcevpc": userCaller, "aws:sourcevpce": userCaller, "aws:vpcsourceip": userCaller,
	"aws:sourcevpcarn": userCaller, "aws:vpceaccount": userCaller, "aws:vpceorgid": userCaller, "aws:vpceorgpaths": userCaller,
	"aws:securetransport": userCaller,
	"aws:currenttime":     anyCaller, "aws:epochtime": anyCaller, "aws:requestedregion": anyCaller,
	"aws:referer": userCaller, "aws:useragent": userCaller,
	"aws:resourceaccount": anyCaller, "aws:resourceorgid": anyCaller, "aws:resourceorgpaths": anyCaller,
	"aws:resourcetag": anyCaller,
	"aws:calledvia":   iamCaller, "aws:calledviafirst": iamCaller, "aws:calledvialast": iamCaller,
	"aws:viaawsservice": iamCaller, "aws:calledviaawsmcp": iamCaller, "aws:viaawsmcpservice": iamCaller,
	"aws:sourcearn": callersOf(CallerService), "aws:sourceaccount": callersOf(CallerService),
	"aws:sourceorgid": callersOf(CallerService), "aws:sourceorgpaths": callersOf(CallerService),
	"aws:sourceowner": callersOf(CallerService), // E200
}

// networkKeys say which way through networks a request takes. Source: as
// carriers (E221).
var networkKeys = set("aws:sourceip", "aws:sourcevpc", "aws:sourcevpce", "aws:vpcsourceip", "aws:sourcevpcarn",
	"aws:vpceaccount", "aws:vpceorgid", "aws:vpceorgpaths")

// alwaysSet are the open keys that no request of a caller who can have them
// lacks. Source: as carriers.
var alwaysSet = set("aws:securetransport", "aws:currenttime", "aws:epochtime", "aws:requestedregion", "aws:viaawsservice",
	"aws:userid")

// signed are the keys that every request of a user, role or account carries, whatever
// their values are. Source: IAM User Guide, "AWS global condition context keys", 2026
// crawl (E216).
var signed = set("aws:principalarn", "aws:principalaccount", "aws:principaltype", "aws:userid")

// globalServices carry us-east-1 in aws:RequestedRegion. Source: IAM User
// Guide, aws:RequestedRegion, 2026 crawl (E223).
var globalServices = set("iam", "organizations", "cloudfront", "route53", "route53domains", "support", "health",
	"account", "billing", "budgets", "ce", "globalaccelerator", "networkmanager", "shield", "waf", "wafv2-global",
	"importexport", "trustedadvisor", "artifact", "tax", "payments", "consolidatedbilling")

// rcpServices are the service prefixes whose actions resource control policies
// reach. Source: Organizations guide, "Resource control policies", 2026 crawl
// (E119); those of "sts" protect roles (E120). "opensearch" does not cover the prefix "es".
var rcpServices = set("appconfig", "appstream", "aoss", "autoscaling", "autoscaling-plans", "budgets", "clouddirectory",
	"cloudfront", "cloudsearch", "cloudtrail-data", "codeartifact", "codebuild", "codecommit", "codepipeline",
	"cognito-identity", "cognito-idp", "comprehend", "comprehendmedical", "compute-optimizer", "cost-optimization-hub",
	"dax", "dsql", "dynamodb", "ecr", "ecr-public", "events", "firehose", "fis", "fms", "gamelift", "health",
	"inspector-scan", "kendra", "kinesisvideo", "kms", "logs", "memorydb", "networkmonitor", "notifications",
	"opensearch", "pca-connector-ad", "personalize", "polly", "pricing", "resource-groups", "rolesanywhere", "s3",
	"secretsmanager", "servicediscovery", "signin", "sqs", "sts", "support", "swf", "textract", "timestream-influxdb",
	"transcribe", "transfer", "translate", "wafv2", "workspaces", "xray")

// ownAccountOnly lists actions that never work from another account, whatever
// the resource policy says. Sources: SQS developer guide, permissions reference
// (E199); S3 API reference, PutBucketPolicy, GetBucketPolicy and DeleteBucketPolicy, and those
// of S3 on Outposts: the caller has to belong to the owner's account, 2026 crawl (E94).
var ownAccountOnly = set(
	"s3:deletebucketpolicy", "s3:getbucketpolicy", "s3:putbucketpolicy",
	"s3-outposts:deletebucketpolicy", "s3-outposts:getbucketpolicy", "s3-outposts:putbucketpolicy",
	"sqs:addpermission", "sqs:cancelmessagemovetask", "sqs:createqueue", "sqs:deletequeue", "sqs:listmessagemovetasks",
	"sqs:listqueues", "sqs:listqueuetags", "sqs:removepermission", "sqs:setqueueattributes", "sqs:startmessagemovetask",
	"sqs:tagqueue", "sqs:untagqueue",
)

// shareable lists, for services that share only some actions across accounts,
// the ones they do. Sources: KMS developer guide, permissions reference
// (E197); Secrets Manager guide, cross-account access (E204); Backup guide,
// vault access policies (E211); S3 guide, directory buckets (E178).
var shareable = map[string]map[string]bool{
	"kms": set("decrypt", "encrypt", "generatedatakey", "generatedatakeywithoutplaintext", "generatedatakeypair",
		"generatedatakeypairwithoutplaintext", "reencryptfrom", "reencryptto", "sign", "verify", "generatemac", "verifymac",
		"derivesharedsecret", "getpublickey", "describekey", "creategrant", "getkeyrotationstatus", "listgrants",
		"retiregrant", "revokegrant"),
	"secretsmanager": set("cancelrotatesecret", "deleteresourcepolicy", "deletesecret", "describesecret",
		"getrandompassword", "getresourcepolicy", "getsecretvalue", "listsecretversionids", "putresourcepolicy",
		"putsecretvalue", "removeregionsfromreplication", "replicatesecrettoregions", "restoresecret", "rotatesecret",
		"stopreplicationtoreplica", "tagresource", "untagresource", "updatesecret", "updatesecretversionstage",
		"validateresourcepolicy"),
	"backup":    set("copyintobackupvault"),
	"s3express": set("createsession"),
}

// grantOperations are the operations a KMS grant can hold, as action names.
// Source: KMS developer guide, "Grants in AWS KMS" (E191).
var grantOperations = set("decrypt", "encrypt", "generatedatakey", "generatedatakeywithoutplaintext",
	"generatedatakeypair", "generatedatakeypairwithoutplaintext", "reencryptfrom", "reencryptto", "sign", "verify",
	"generatemac", "verifymac", "derivesharedsecret", "getpublickey", "describekey", "creategrant", "retiregrant")

// aclActions maps ACL permissions to actions, for a bucket and for an object.
// Source: S3 user guide, "Access control list (ACL) overview" (E168).
var aclActions = map[string][2]map[string]bool{
	"READ": {
		set("listbucket", "listbucketversions", "listbucketmultipartuploads"),
		set("getobject", "getobjectversion"),
	},
	"WRITE":     {set("putobject", "deleteobject"), nil},
	"READ_ACP":  {set("getbucketacl"), set("getobjectacl", "getobjectversionacl")},
	"WRITE_ACP": {set("putbucketacl"), set("putobjectacl", "putobjectversionacl")},
}

// objectOwnerActions are decided by the object's owner where that is another
// account than the bucket's (E165). Writing and deleting stay with the bucket
// (E167).
var objectOwnerActions = set("getobject", "getobjectversion", "getobjectacl", "getobjectversionacl", "putobjectacl",
	"putobjectversionacl", "getobjecttagging", "getobjectversiontagging", "putobjecttagging", "getobjectattributes",
	"getobjectversionattributes", "getobjecttorrent", "restoreobject", "getobjectretention", "getobjectlegalhold")

// openWithoutPolicy are the actions every client may do while the resource has
// no policy. Source: EFS user guide, "Using IAM to control file system data
// access" (E209).
var openWithoutPolicy = set("elasticfilesystem:clientmount", "elasticfilesystem:clientwrite", "elasticfilesystem:clientrootaccess")

// builtinProviders are the identity providers that have a name instead of an
// ARN. Source: IAM user guide, "Principal" (E21).
var builtinProviders = set("cognito-identity.amazonaws.com", "accounts.google.com", "www.amazon.com", "graph.facebook.com")

// bearerActions are what the bearer of a token can call, with what goes along
// with it in the same call. Source: STS API reference (E145, E150).
var bearerActions = set("sts:assumerolewithwebidentity", "sts:assumerolewithsaml", "sts:tagsession", "sts:setsourceidentity", "sts:setcontext")

// keptClaims are the claims of a token that its session carries on; others are
// known to the trust check alone. Sources: IAM user guide, "Available keys for
// AWS OIDC federation" and "Available keys for SAML-based federation" (E151,
// E157); those of Amazon and Facebook as in "Identify users with OIDC
// federation".
var keptClaims = set("sub", "aud", "amr", "sub_type", "namequalifier", "app_id", "user_id", "id")

// A tokenClaim is what a trust policy has to test about the tokens of a shared
// issuer.
type tokenClaim struct {
	key     string
	rule    string
	refused bool // for certain, not in some flows only
}

// tokenActions are the actions of STS that keys from GetSessionToken can call,
// with what goes along in the same call. Source: IAM user guide, "Compare AWS
// STS credentials", 2026 crawl (E105).
var tokenActions = set("assumerole", "getcalleridentity", "tagsession", "setsourceidentity", "setcontext")

// rootTasks are the services whose calls by a root user escape SCPs. Source:
// Organizations guide, "Tasks and entities not restricted by SCPs", 2026 crawl
// (E111); the other tasks it lists are no actions.
var rootTasks = set("mechanicalturk", "awis")

// tokenClaims are the issuers whose tokens STS refuses at run time, whatever
// the trust policy says, when it tests no claim. Source: IAM user guide,
// "Identity-provider controls for shared OIDC providers", 2026 crawl (E153,
// E154: Cognito in the basic flow across accounts).
var tokenClaims = map[string]tokenClaim{
	"app.terraform.io":               {key: "sub", rule: "E153", refused: true},
	"cognito-identity.amazonaws.com": {key: "aud", rule: "E154"},
}

// gatewayServices are the services that have gateway endpoints. Source:
// PrivateLink guide, "Gateway endpoints", 2026 crawl (E134).
var gatewayServices = set("s3", "dynamodb")

func set(names ...string) map[string]bool {
	m := make(map[string]bool, len(names))
	for _, n := range names {
		m[n] = true
	}
	return m
}

// takesUnsigned are the services that accept unsigned calls at all. Source:
// IAM user guide, "Policy evaluation logic", and the services' own guides
// (E130).
var takesUnsigned = set("s3", "sqs", "sns", "execute-api", "lambda", "es", "elasticfilesystem", "ecr-public",
	"cognito-idp", "cognito-identity", "mediastore")

// policyServices are the services whose resources can carry a policy of their
// own. Source: IAM user guide, "AWS services that work with IAM", and the
// services' guides (E186).
var policyServices = set("s3", "s3express", "s3-object-lambda", "s3-outposts", "s3tables", "kms", "sqs", "sns", "lambda",
	"dynamodb", "secretsmanager", "ecr", "events", "execute-api", "logs", "elasticfilesystem", "glue", "backup", "es",
	"glacier", "codeartifact", "codebuild", "kinesis", "mediastore", "iot", "ses", "acm-pca", "vpc-lattice",
	"redshift-serverless", "kafka", "signer", "lex")

// kmsNeeds maps actions, in lower case, to what they need on the KMS key that
// the resource is encrypted with. Sources: S3 user guide, "Protecting data with
// server-side encryption using AWS KMS" (E179); Secrets Manager guide,
// "Secret encryption and decryption" (E204); DynamoDB guide, "Encryption at
// rest: How it works" (E203); Kinesis Data Streams guide, "Permissions to use
// user-generated KMS keys"; SQS and SNS guides, key management. 2026 crawl.
var kmsNeeds = map[string][]string{
	"s3:getobject": {"kms:Decrypt"}, "s3:getobjectversion": {"kms:Decrypt"}, "s3:getobjecttorrent": {"kms:Decrypt"},
	"s3:putobject": {"kms:GenerateDataKey"}, "s3:replicateobject": {"kms:GenerateDataKey"},
	"secretsmanager:getsecretvalue": {"kms:Decrypt"},
	"secretsmanager:putsecretvalue": {"kms:GenerateDataKey", "kms:Decrypt"},
	"sqs:sendmessage":               {"kms:GenerateDataKey", "kms:Decrypt"}, "sqs:receivemessage": {"kms:Decrypt"},
	"sns:publish": {"kms:GenerateDataKey", "kms:Decrypt"},

	"kinesis:putrecord": {"kms:GenerateDataKey"}, "kinesis:putrecords": {"kms:GenerateDataKey"},
	"kinesis:getrecords": {"kms:Decrypt"}, "kinesis:subscribetoshard": {"kms:Decrypt"},

	"dynamodb:getitem": {"kms:Decrypt"}, "dynamodb:batchgetitem": {"kms:Decrypt"}, "dynamodb:query": {"kms:Decrypt"},
	"dynamodb:scan": {"kms:Decrypt"}, "dynamodb:putitem": {"kms:Decrypt"}, "dynamodb:updateitem": {"kms:Decrypt"},
	"dynamodb:deleteitem": {"kms:Decrypt"}, "dynamodb:batchwriteitem": {"kms:Decrypt"},
	"dynamodb:conditioncheckitem": {"kms:Decrypt"}, "dynamodb:getrecords": {"kms:Decrypt"},
	"dynamodb:partiqlselect": {"kms:Decrypt"}, "dynamodb:partiqlinsert": {"kms:Decrypt"},
	"dynamodb:partiqlupdate": {"kms:Decrypt"}, "dynamodb:partiqldelete": {"kms:Decrypt"},
}

// A need is a further check of the same call (E32).
type need struct {
	rule   string
	action string
	on     string   // the resource; "" for the one of the call, "*" for none
	set    []string // context keys, in lower case, and their values in turn
}

// callNeeds maps actions, in lower case, to what else their calls need.
// Sources, 2026 crawl: Lambda guide, "Control access to function URLs" (E202,
// both actions since October 2025); CodeArtifact guide, "Authentication and
// tokens" (E214). Keys are in kmsNeeds, the Data Catalog of Glue in
// [glueNeeds].
var callNeeds = map[string][]need{
	"lambda:invokefunctionurl": {{
		rule: "E202", action: "lambda:InvokeFunction", set: []string{"lambda:invokedviafunctionurl", "true"},
	}},
	"codeartifact:getauthorizationtoken": {{
		rule: "E214", action: "sts:GetServiceBearerToken", on: "*", set: []string{"sts:awsservicename", "codeartifact.amazonaws.com"},
	}},
}
