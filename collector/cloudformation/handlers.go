package cloudformation

import "pathfinder/collector/overlay"

// handlers are the types of resources that are understood.
var handlers map[string]handler

func init() { // the handlers reach back to the table
	handlers = map[string]handler{
		"AWS::IAM::Role":                {put: putEntity(overlay.Role), hang: hangEntity(overlay.Role)},
		"AWS::IAM::User":                {put: putEntity(overlay.User), hang: hangEntity(overlay.User)},
		"AWS::IAM::Group":               {put: putEntity(overlay.Group), hang: hangEntity(overlay.Group)},
		"AWS::IAM::ManagedPolicy":       {put: putManaged, hang: hangManaged},
		"AWS::IAM::Policy":              {hang: hangPolicy},
		"AWS::IAM::RolePolicy":          {hang: hangOnOne(overlay.Role, "RoleName")},
		"AWS::IAM::UserPolicy":          {hang: hangOnOne(overlay.User, "UserName")},
		"AWS::IAM::GroupPolicy":         {hang: hangOnOne(overlay.Group, "GroupName")},
		"AWS::IAM::UserToGroupAddition": {hang: hangMembers},
		"AWS::IAM::InstanceProfile":     {hang: hangProfile},
		"AWS::IAM::OIDCProvider":        {put: putOIDC},
		cdkProvider:                     {put: putOIDC},
		"AWS::IAM::SAMLProvider":        {put: putSAML},
		"AWS::IAM::ServiceLinkedRole":   {put: putServiceLinked},

		"AWS::S3::Bucket":       {put: putBucket},
		"AWS::S3::BucketPolicy": {hang: hangBucketPolicy},
		"AWS::S3::AccessPoint":  {put: putAccessPoint},

		"AWS::KMS::Key":        {put: putKey},
		"AWS::KMS::ReplicaKey": {put: putKey},
		"AWS::KMS::Alias":      {hang: hangAlias},

		"AWS::SQS::Queue":             {put: putCarrier("")},
		"AWS::SQS::QueuePolicy":       {hang: hangList("Queues", queueARN)},
		"AWS::SQS::QueueInlinePolicy": {hang: hangList("Queue", queueARN)},
		"AWS::SNS::Topic":             {put: putTopic},
		"AWS::SNS::TopicPolicy":       {hang: hangList("Topics", asARN)},
		"AWS::SNS::TopicInlinePolicy": {hang: hangList("TopicArn", asARN)},

		"AWS::Lambda::Function":               {put: putFunction},
		"AWS::Lambda::Alias":                  {put: putCarrier("")},
		"AWS::Lambda::Version":                {put: putCarrier("")},
		"AWS::Lambda::Permission":             {hang: hangPermission},
		"AWS::Lambda::Url":                    {hang: hangURL},
		"AWS::Lambda::LayerVersion":           {put: putCarrier("")},
		"AWS::Lambda::LayerVersionPermission": {hang: hangLayer},

		"AWS::SecretsManager::Secret":         {put: putCarrier("")},
		"AWS::SecretsManager::ResourcePolicy": {hang: hangList("SecretId", secretARN)},
		"AWS::DynamoDB::Table":                {put: putTable},
		"AWS::DynamoDB::GlobalTable":          {put: putGlobalTable},
		"AWS::ECR::Repository":                {put: putCarrier("RepositoryPolicyText")},
		"AWS::EFS::FileSystem":                {put: putCarrier("FileSystemPolicy")},
		"AWS::OpenSearchService::Domain":      {put: putCarrier("AccessPolicies")},
		"AWS::Events::EventBus":               {put: putCarrier("Policy")},
		"AWS::Events::EventBusPolicy":         {hang: hangBus},
		"AWS::Logs::ResourcePolicy":           {hang: hangLogs},
		"AWS::EC2::VPCEndpoint":               {put: putCarrier("PolicyDocument")}, // without one it lets everything through

		"AWS::Organizations::Policy":             {hang: hangControl},
		"AWS::Organizations::OrganizationalUnit": {put: putUnit},
		"AWS::Organizations::Account":            {put: putAccount},
		"AWS::Organizations::ResourcePolicy":     {hang: hangOrganization},
	}
}
