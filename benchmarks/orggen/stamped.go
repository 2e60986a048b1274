package orggen

import "pathfinder/collector/snapshot"

// Trusts of roles.
const (
	trustSAML = `{"Effect":"Allow","Principal":{"Federated":"{saml}"},"Action":["sts:AssumeRoleWithSAML","sts:TagSession"],"Condition":{"StringEquals":{"SAML:aud":"https://signin.aws.amazon.com/saml"}}}`
	trustGit  = `{"Effect":"Allow","Principal":{"Federated":"arn:aws:iam::{account}:oidc-provider/token.actions.githubusercontent.com"},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{"StringEquals":{"token.actions.githubusercontent.com:aud":"sts.amazonaws.com"},"StringLike":{"token.actions.githubusercontent.com:sub":"repo:example-corp/{repository}"}}}`
)

func trustService(service string) string {
	return `{"Effect":"Allow","Principal":{"Service":"` + service + `"},"Action":"sts:AssumeRole"}`
}

func trustAWS(principal string) string {
	return `{"Effect":"Allow","Principal":{"AWS":"` + principal + `"},"Action":"sts:AssumeRole"}`
}

// A stamp is a role that every account has.
type stamp struct {
	name, path, trust string
	managed           []string
	policy            string // statements of an inline policy
}

const landingZone = "/landing-zone/"

// landing are the roles that a landing zone brings, the most important first.
var landing = []stamp{
	{name: "OrganizationAccountAccessRole", path: "/", trust: trustAWS("arn:aws:iam::{management}:root"), managed: []string{"AdministratorAccess"}},
	{name: "landing-zone-audit", path: landingZone, trust: trustAWS("{auditor}"), managed: []string{"SecurityAudit", "ReadOnlyAccess"}},
	{name: "landing-zone-deploy", path: landingZone, trust: trustAWS("{pipeline}"), managed: []string{"PowerUserAccess"}, policy: `{"Sid":"StackRoles","Effect":"Allow","Action":["iam:AttachRolePolicy","iam:DeleteRole","iam:DeleteRolePolicy","iam:DetachRolePolicy","iam:GetRole","iam:PutRolePolicy","iam:TagRole"],"Resource":"arn:aws:iam::{account}:role/*-role"},{"Sid":"NewRolesAreBounded","Effect":"Allow","Action":"iam:CreateRole","Resource":"arn:aws:iam::{account}:role/*-role","Condition":{"StringEquals":{"iam:PermissionsBoundary":"arn:aws:iam::{account}:policy/developer-boundary"}}},{"Sid":"PassStackRoles","Effect":"Allow","Action":"iam:PassRole","Resource":"arn:aws:iam::{account}:role/*-role","Condition":{"StringEquals":{"iam:PassedToService":["lambda.amazonaws.com","ecs-tasks.amazonaws.com","states.amazonaws.com"]}}}`},
	{name: "landing-zone-log-forwarder", path: landingZone, trust: trustService("lambda.amazonaws.com"), managed: []string{"AWSLambdaBasicExecutionRole"}, policy: `{"Sid":"Artifacts","Effect":"Allow","Action":["s3:GetObject","s3:ListBucket"],"Resource":["arn:aws:s3:::{artifacts}","arn:aws:s3:::{artifacts}/layers/*"]}`},
	{name: "break-glass", path: landingZone, trust: `{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::{security}:root"},"Action":"sts:AssumeRole","Condition":{"Bool":{"aws:MultiFactorAuthPresent":"true"}}}`, managed: []string{"AdministratorAccess"}},
	{name: "config-recorder", path: landingZone, trust: `{"Effect":"Allow","Principal":{"Service":"config.amazonaws.com"},"Action":"sts:AssumeRole","Condition":{"StringEquals":{"aws:SourceAccount":"{account}"}}}`, managed: []string{"AWS_ConfigRole"}},
	linked("support", "Support", "AWSSupportServiceRolePolicy"),
	linked("organizations", "Organizations", "AWSOrganizationsServiceTrustPolicy"),
	linked("sso", "SSO", "AWSSSOServiceRolePolicy"),
	linked("config", "Config", "AWSConfigServiceRolePolicy"),
	sso("AdministratorAccess", "AdministratorAccess"),
	sso("ReadOnly", "ViewOnlyAccess", "AmazonS3ReadOnlyAccess"),
	sso("Developer", "PowerUserAccess"),
	linked("trustedadvisor", "TrustedAdvisor", "AWSTrustedAdvisorServiceRolePolicy"),
	linked("cloudtrail", "CloudTrail", "CloudTrailServiceRolePolicy"),
	linked("guardduty", "AmazonGuardDuty", "AmazonGuardDutyServiceRolePolicy"),
	linked("securityhub", "SecurityHub", "AWSSecurityHubServiceRolePolicy"),
	linked("access-analyzer", "AccessAnalyzer", "AccessAnalyzerServiceRolePolicy"),
	linked("autoscaling", "AutoScaling", "AutoScalingServiceRolePolicy"),
	linked("elasticloadbalancing", "ElasticLoadBalancing", "AWSElasticLoadBalancingServiceRolePolicy"),
	linked("rds", "RDS", "AmazonRDSServiceRolePolicy"),
	linked("ecs", "ECS", "AmazonECSServiceRolePolicy"),
	sso("Billing", "Billing", "AWSSupportAccess"),
	sso("DatabaseAdministrator", "DatabaseAdministrator"),
	sso("NetworkAdministrator", "NetworkAdministrator"),
	{name: "ecsTaskExecutionRole", path: "/", trust: trustService("ecs-tasks.amazonaws.com"), managed: []string{"AmazonECSTaskExecutionRolePolicy"}},
	{name: "AWSBackupDefaultServiceRole", path: "/service-role/", trust: trustService("backup.amazonaws.com"), managed: []string{"AWSBackupServiceRolePolicyForBackup", "AWSBackupServiceRolePolicyForRestores"}},
	{name: "rds-monitoring-role", path: "/", trust: trustService("monitoring.rds.amazonaws.com"), managed: []string{"AmazonRDSEnhancedMonitoringRole"}},
	{name: "ssm-managed-instance", path: "/", trust: trustService("ec2.amazonaws.com"), managed: []string{"AmazonSSMManagedInstanceCore", "CloudWatchAgentServerPolicy"}},
}

func linked(service, name, policy string) stamp {
	host := service + ".amazonaws.com"
	return stamp{name: "AWSServiceRoleFor" + name, path: "/aws-service-role/" + host + "/", trust: trustService(host), managed: []string{policy}}
}

const ssoPath = "/aws-reserved/sso.amazonaws.com/eu-central-1/"

func sso(set string, managed ...string) stamp {
	return stamp{name: "AWSReservedSSO_" + set + "_", path: ssoPath, trust: trustSAML, managed: managed}
}

// A component is a role of each application that is stamped out.
type component struct {
	name, service, policy string
	managed               string // always
	instead               string // where roles have no policies of their own
}

var components = []component{
	{name: "api", service: "lambda.amazonaws.com", managed: "AWSLambdaBasicExecutionRole", instead: "AmazonDynamoDBFullAccess", policy: `{"Sid":"Table","Effect":"Allow","Action":["dynamodb:BatchGetItem","dynamodb:DeleteItem","dynamodb:GetItem","dynamodb:PutItem","dynamodb:Query","dynamodb:UpdateItem"],"Resource":["arn:aws:dynamodb:{region}:{account}:table/{app}-table","arn:aws:dynamodb:{region}:{account}:table/{app}-table/index/*"]},{"Sid":"Jobs","Effect":"Allow","Action":"sqs:SendMessage","Resource":"arn:aws:sqs:{region}:{account}:{app}-jobs"},{"Sid":"Secret","Effect":"Allow","Action":"secretsmanager:GetSecretValue","Resource":"arn:aws:secretsmanager:{region}:{account}:secret:{app}/*"}`},
	{name: "worker", service: "ecs-tasks.amazonaws.com", instead: "AmazonSQSFullAccess", policy: `{"Sid":"Jobs","Effect":"Allow","Action":["sqs:ChangeMessageVisibility","sqs:DeleteMessage","sqs:GetQueueAttributes","sqs:ReceiveMessage"],"Resource":"arn:aws:sqs:{region}:{account}:{app}-jobs"},{"Sid":"Data","Effect":"Allow","Action":["s3:Get*","s3:PutObject","s3:ListBucket"],"Resource":["arn:aws:s3:::{app}-data-{account}","arn:aws:s3:::{app}-data-{account}/*"]},{"Sid":"Events","Effect":"Allow","Action":"sns:Publish","Resource":"arn:aws:sns:{region}:{account}:{app}-events"}`},
	{name: "ingest", service: "lambda.amazonaws.com", managed: "AWSLambdaBasicExecutionRole", instead: "AmazonS3FullAccess", policy: `{"Sid":"Data","Effect":"Allow","Action":["s3:PutObject","s3:AbortMultipartUpload"],"Resource":"arn:aws:s3:::{app}-data-{account}/incoming/*"},{"Sid":"Key","Effect":"Allow","Action":["kms:Decrypt","kms:GenerateDataKey*"],"Resource":"*","Condition":{"StringEquals":{"kms:ViaService":"s3.{region}.amazonaws.com"}}}`},
	{name: "migrate", service: "ecs-tasks.amazonaws.com", instead: "AmazonRDSReadOnlyAccess", policy: `{"Sid":"Artifacts","Effect":"Allow","Action":["s3:GetObject","s3:ListBucket"],"Resource":["arn:aws:s3:::{artifacts}","arn:aws:s3:::{artifacts}/{app}/*"]},{"Sid":"Secret","Effect":"Allow","Action":["secretsmanager:DescribeSecret","secretsmanager:GetSecretValue"],"Resource":"arn:aws:secretsmanager:{region}:{account}:secret:{app}/*"}`},
	{name: "host", service: "ec2.amazonaws.com", managed: "AmazonSSMManagedInstanceCore", instead: "AmazonS3ReadOnlyAccess", policy: `{"Sid":"Read","Effect":"Allow","Action":["s3:GetObject","s3:ListBucket"],"Resource":["arn:aws:s3:::{app}-data-{account}","arn:aws:s3:::{app}-data-{account}/config/*"]},{"Sid":"Parameters","Effect":"Allow","Action":"ssm:GetParameter*","Resource":"arn:aws:ssm:{region}:{account}:parameter/{app}/*"}`},
	{name: "flow", service: "states.amazonaws.com", instead: "AWSLambda_ReadOnlyAccess", policy: `{"Sid":"Invoke","Effect":"Allow","Action":"lambda:InvokeFunction","Resource":["arn:aws:lambda:{region}:{account}:function:{app}-*","arn:aws:lambda:{region}:{account}:function:{app}-*:*"]},{"Sid":"Traces","Effect":"Allow","Action":["xray:GetSamplingRules","xray:GetSamplingTargets","xray:PutTelemetryRecords","xray:PutTraceSegments"],"Resource":"*"}`},
}

// stampedRoles makes n roles that every account has: those of the landing zone,
// and then applications.
func (a *account) stampedRoles(n int) {
	for i := range landing {
		s := &landing[i]
		if n == 0 {
			return
		}
		if s.name == "OrganizationAccountAccessRole" && a.is(a.plan.names.Management) {
			continue // made in accounts that the organization founds
		}
		r := role{name: s.name, path: s.path, trust: s.trust, managed: s.managed, untagged: true}
		if s.path == ssoPath {
			r.name += a.text(hex, 16)
		}
		if s.policy != "" {
			r.policies = []snapshot.InlinePolicy{a.inline(s.name, s.policy)}
		}
		a.addRole(r)
		n--
	}
	if n > 0 {
		a.release()
		n--
	}
	for i := range n {
		c := &components[i%len(components)]
		a.componentRole(appName(i/len(components)), c)
	}
}

func (a *account) componentRole(app string, c *component) {
	r := role{name: app + "-" + c.name + "-role", app: app, trust: trustService(c.service)}
	if c.managed != "" {
		r.managed = append(r.managed, c.managed)
	}
	if a.cfg.ManagedOnly {
		r.managed = append(r.managed, c.instead)
	} else {
		r.policies = []snapshot.InlinePolicy{a.inline(app+"-"+c.name, c.policy, "{app}", app)}
	}
	a.addRole(r)
}

// release makes the role that takes a release from one stage of a product to the
// next: the pipeline assumes that of the first account, each assumes the next.
func (a *account) release() {
	r := role{name: "release", app: "release", managed: []string{"AWSCloudFormationReadOnlyAccess"}, trust: trustAWS("{pipeline}")}
	if i := a.number; i >= a.workloads() {
		stage := a.stageOf(i)
		if stage > 0 {
			r.trust = trustAWS("arn:aws:iam::" + a.plan.names.Accounts[i-1] + ":role/release")
		}
		if stage+1 < len(stages) && i+1 < len(a.plan.names.Accounts) {
			r.policies = append(r.policies, a.inline(assuming, `{"Sid":"NextStage","Effect":"Allow","Action":"sts:AssumeRole","Resource":"arn:aws:iam::`+a.plan.names.Accounts[i+1]+`:role/release"}`))
		}
	}
	r.policies = append(r.policies, a.inline("release", `{"Sid":"Deploy","Effect":"Allow","Action":["cloudformation:CreateChangeSet","cloudformation:ExecuteChangeSet","lambda:UpdateFunctionCode"],"Resource":["arn:aws:cloudformation:{region}:{account}:stack/*","arn:aws:lambda:{region}:{account}:function:*"]},{"Sid":"Artifacts","Effect":"Allow","Action":"s3:GetObject*","Resource":"arn:aws:s3:::{artifacts}/releases/*"}`))
	a.addRole(r)
}
