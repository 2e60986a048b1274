package terraform_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"pathfinder/collector/snapshot"
	"pathfinder/collector/terraform"
)

const account = "111122223333"

const (
	read  = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}]}`
	write = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:PutObject","Resource":"*"}]}`
)

// world is a snapshot of one account with a thing of each kind, and a second
// account of the organization.
const world = `{
"manifest": {"format": "pathfinder-snapshot", "version": 1},
"organization": {
 "Organization": {"Id": "o-1", "MasterAccountId": "111122223333"},
 "Root": {"Id": "r-1", "Accounts": ["111122223333"], "PolicyTypes": [{"Type": "SERVICE_CONTROL_POLICY", "Status": "ENABLED"}],
  "OrganizationalUnits": [{"Id": "ou-1", "Name": "One", "Accounts": ["444455556666"]}]},
 "Accounts": [{"Id": "111122223333"}, {"Id": "444455556666"}],
 "DelegatedAdministrators": [{"Id": "444455556666", "ServicePrincipals": ["config.amazonaws.com"]}],
 "Policies": [
  {"PolicySummary": {"Id": "p-FullAWSAccess", "Name": "FullAWSAccess", "Type": "SERVICE_CONTROL_POLICY"}, "Content": {"Statement": []}, "Targets": ["r-1", "ou-1"]},
  {"PolicySummary": {"Id": "p-1", "Name": "Fence", "Type": "SERVICE_CONTROL_POLICY"}, "Content": {"Statement": []}, "Targets": ["ou-1"]}]
},
"account": {"Id": "111122223333", "CanonicalUserId": "cafe", "Aliases": ["old"], "S3PublicAccessBlock": null},
"providers": {"OpenIDConnectProviders": [{"Arn": "arn:aws:iam::111122223333:oidc-provider/old.test", "Url": "old.test"}],
 "SAMLProviders": [{"Arn": "arn:aws:iam::111122223333:saml-provider/old"}]},
"iam": {
 "UserDetailList": [{"Path": "/", "UserName": "ann", "UserId": "AIDAANN000000000", "Arn": "arn:aws:iam::111122223333:user/ann", "GroupList": ["staff"],
  "UserPolicyList": [{"PolicyName": "own", "PolicyDocument": {"Statement": []}}],
  "AttachedManagedPolicies": [{"PolicyName": "p", "PolicyArn": "arn:aws:iam::111122223333:policy/p"}]},
  {"Path": "/", "UserName": "bob", "Arn": "arn:aws:iam::111122223333:user/bob"}],
 "GroupDetailList": [{"Path": "/", "GroupName": "staff", "Arn": "arn:aws:iam::111122223333:group/staff",
  "GroupPolicyList": [{"PolicyName": "own", "PolicyDocument": {"Statement": []}}]}],
 "RoleDetailList": [{"Path": "/", "RoleName": "app", "RoleId": "AROAAPP000000000", "Arn": "arn:aws:iam::111122223333:role/app",
  "AssumeRolePolicyDocument": {"Statement": [{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:user/ann"}, "Action": "sts:AssumeRole"}]},
  "RolePolicyList": [{"PolicyName": "one", "PolicyDocument": {"Statement": []}}, {"PolicyName": "two", "PolicyDocument": {"Statement": []}}],
  "AttachedManagedPolicies": [{"PolicyName": "p", "PolicyArn": "arn:aws:iam::111122223333:policy/p"}],
  "InstanceProfileList": [{"InstanceProfileName": "app", "Arn": "arn:aws:iam::111122223333:instance-profile/app"}]}],
 "Policies": [{"PolicyName": "p", "Arn": "arn:aws:iam::111122223333:policy/p", "DefaultVersionId": "v1",
  "PolicyVersionList": [{"VersionId": "v1", "IsDefaultVersion": true, "Document": {"Statement": []}}]}]
},
"resources": [
 {"Arn": "arn:aws:s3:::data", "Type": "AWS::S3::Bucket", "Account": "111122223333", "Region": "eu-central-1", "Policy": {"Statement": []}, "Acl": {"Grants": []},
  "Ownership": "BucketOwnerEnforced", "PublicAccessBlock": null, "Encryption": {"AwsManaged": true}},
 {"Arn": "arn:aws:s3:eu-central-1:111122223333:accesspoint/ap", "Type": "AWS::S3::AccessPoint", "Policy": {"Statement": []}, "AccessPoint": {"Bucket": "data"}},
 {"Arn": "arn:aws:kms:eu-central-1:111122223333:key/k1", "Type": "AWS::KMS::Key", "Policy": {"Statement": []}, "Aliases": ["alias/old"], "Grants": [{"GrantId": "g1", "GranteePrincipal": "x", "Operations": ["Decrypt"]}]},
 {"Arn": "arn:aws:sqs:eu-central-1:111122223333:q", "Type": "AWS::SQS::Queue", "Policy": {"Statement": []}},
 {"Arn": "arn:aws:sns:eu-central-1:111122223333:t", "Type": "AWS::SNS::Topic", "Policy": {"Statement": []}},
 {"Arn": "arn:aws:secretsmanager:eu-central-1:111122223333:secret:s-AbCdEf", "Type": "AWS::SecretsManager::Secret", "Policy": {"Statement": []}},
 {"Arn": "arn:aws:ecr:eu-central-1:111122223333:repository/team/r", "Type": "AWS::ECR::Repository", "Policy": {"Statement": []}},
 {"Arn": "arn:aws:dynamodb:eu-central-1:111122223333:table/t", "Type": "AWS::DynamoDB::Table", "Policy": {"Statement": []}},
 {"Arn": "arn:aws:elasticfilesystem:eu-central-1:111122223333:file-system/fs-1", "Type": "AWS::EFS::FileSystem", "Policy": {"Statement": []}},
 {"Arn": "arn:aws:events:eu-central-1:111122223333:event-bus/default", "Type": "AWS::Events::EventBus", "Policy": {"Statement": []}},
 {"Arn": "arn:aws:backup:eu-central-1:111122223333:backup-vault:v", "Type": "AWS::Backup::BackupVault", "Policy": {"Statement": []}},
 {"Arn": "arn:aws:kinesis:eu-central-1:111122223333:stream/k", "Type": "AWS::Kinesis::Stream", "Policy": {"Statement": []}},
 {"Arn": "arn:aws:es:eu-central-1:111122223333:domain/d", "Type": "AWS::OpenSearchService::Domain", "Policy": {"Statement": []}},
 {"Arn": "arn:aws:ec2:eu-central-1:111122223333:vpc-endpoint/vpce-1", "Type": "AWS::EC2::VPCEndpoint", "Policy": {"Statement": []}, "Tags": {}},
 {"Arn": "arn:aws:ec2:eu-central-1:111122223333:vpc-endpoint/vpce-2", "Type": "AWS::EC2::VPCEndpoint", "Policy": {"Statement": []}, "Tags": {}},
 {"Arn": "arn:aws:ec2:eu-central-1:111122223333:vpc-endpoint/vpce-3", "Type": "AWS::EC2::VPCEndpoint", "Policy": {"Statement": []}, "Tags": {}},
 {"Arn": "arn:aws:lambda:eu-central-1:111122223333:function:f", "Type": "AWS::Lambda::Function", "Urls": [{"FunctionArn": "arn:aws:lambda:eu-central-1:111122223333:function:f", "AuthType": "NONE"}], "Policy": {"Statement": [{"Sid": "s", "Effect": "Allow", "Principal": "*", "Action": "lambda:InvokeFunction", "Resource": "*"}]}}
]}`

func load(t testing.TB) *snapshot.Snapshot {
	t.Helper()
	var w struct {
		Manifest     snapshot.Manifest              `json:"manifest"`
		Organization *snapshot.Organization         `json:"organization"`
		Account      snapshot.AccountInfo           `json:"account"`
		Providers    *snapshot.IdentityProviders    `json:"providers"`
		IAM          *snapshot.AuthorizationDetails `json:"iam"`
		Resources    []*snapshot.Resource           `json:"resources"`
	}
	if err := json.Unmarshal([]byte(world), &w); err != nil {
		t.Fatal(err)
	}
	return &snapshot.Snapshot{Manifest: w.Manifest, Organization: w.Organization, Accounts: []*snapshot.Account{{
		Info: w.Account, Providers: w.Providers, IAM: w.IAM, Resources: []*snapshot.ResourceFile{{Resources: w.Resources}},
	}}}
}

func text(t testing.TB, s *snapshot.Snapshot) string {
	t.Helper()
	b, err := json.Marshal(s, json.Deterministic(true))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// A change is one entry of resource_changes with what the configuration says.
// Texts hold JSON objects without their braces; "" for before and after is null.
type change struct {
	address string // default: the type and .x
	kind    string
	actions string
	before  string
	after   string
	unknown string
	config  string // expressions
}

// plan writes a plan that makes these changes in the account and region of the
// world.
func plan(changes ...change) []byte {
	object := func(s string) jsontext.Value {
		if s == "" {
			return jsontext.Value("null")
		}
		return jsontext.Value("{" + s + "}")
	}
	var list, config []string
	for _, c := range changes {
		address := c.address
		if address == "" {
			address = c.kind + ".x"
		}
		_, name, _ := strings.Cut(address, ".")
		mode := "managed"
		if strings.HasPrefix(address, "data.") {
			mode, name = "data", strings.Split(name, ".")[1]
		}
		name, index, _ := strings.Cut(name, "[")
		if index != "" {
			index = `,"index":` + strings.TrimSuffix(index, "]")
		}
		list = append(list, fmt.Sprintf(`{"address":%q,"mode":%q,"type":%q,"name":%q%s,"provider_name":"registry.terraform.io/hashicorp/aws","change":{"actions":[%s],"before":%s,"after":%s,"after_unknown":{%s}}}`,
			address, mode, c.kind, name, index, `"`+strings.ReplaceAll(c.actions, " ", `","`)+`"`, object(c.before), object(c.after), c.unknown))
		plain, _, _ := strings.Cut(address, "[")
		config = append(config, fmt.Sprintf(`{"address":%q,"type":%q,"name":%q,"provider_config_key":"aws","expressions":{%s}}`, plain, c.kind, name, c.config))
	}
	return []byte(`{"format_version":"1.2","terraform_version":"1.11.4","planned_values":{},"resource_changes":[` + strings.Join(list, ",") +
		`],"configuration":{"provider_config":{"aws":{"expressions":{"region":{"constant_value":"eu-central-1"}}}},"root_module":{"resources":[` + strings.Join(config, ",") + `]}}}`)
}

// apply applies a plan to the world, and lists what changed and what is open.
func apply(t testing.TB, text []byte) (after *snapshot.Snapshot, changes, gaps []string) {
	t.Helper()
	p, err := terraform.Parse(text)
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	after, list, err := p.Apply(load(t), terraform.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range list {
		changes = append(changes, strings.ReplaceAll(c.What, account, "A")+": "+strings.ReplaceAll(c.Did, account, "A"))
	}
	for _, g := range after.Manifest.Gaps {
		gaps = append(gaps, g.What+": "+strings.TrimPrefix(g.Why, "plan: "))
	}
	if _, err := after.Inventory(); err != nil {
		t.Errorf("no inventory: %v", err)
	}
	return after, changes, gaps
}

func quote(s string) string {
	b, err := json.Marshal(s)
	if err != nil {
		panic(err)
	}
	return string(b)
}
