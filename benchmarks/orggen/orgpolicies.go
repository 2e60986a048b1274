package orggen

import (
	"slices"

	"github.com/go-json-experiment/json/jsontext"

	"pathfinder/collector/snapshot"
)

// scps are service control policies by what they are attached to. They are
// written in the manner of the examples in the Organizations User Guide and of
// AWS Control Tower's mandatory controls.
var scps = []struct{ target, name, statements string }{
	{"root", "region-deny", `{"Sid":"DenyOtherRegions","Effect":"Deny","NotAction":["a4b:*","account:*","aws-portal:*","budgets:*","ce:*","cloudfront:*","globalaccelerator:*","health:*","iam:*","importexport:*","kms:*","organizations:*","pricing:*","route53:*","route53domains:*","s3:GetAccountPublicAccessBlock","s3:GetBucketLocation","s3:ListAllMyBuckets","s3:PutAccountPublicAccessBlock","shield:*","sts:*","support:*","trustedadvisor:*","waf:*"],"Resource":"*","Condition":{"StringNotEquals":{"aws:RequestedRegion":["eu-central-1","eu-west-1","us-east-1"]},"ArnNotLike":{"aws:PrincipalARN":["arn:aws:iam::*:role/landing-zone/break-glass"]}}}`},
	{"root", "deny-leave-organization", `{"Sid":"DenyLeaving","Effect":"Deny","Action":["organizations:LeaveOrganization"],"Resource":"*"},{"Sid":"DenyRootUser","Effect":"Deny","Action":"*","Resource":"*","Condition":{"StringLike":{"aws:PrincipalArn":"arn:aws:iam::*:root"}}}`},
	{"deny-guardrail-changes", "deny-guardrail-changes", `{"Sid":"ProtectGuardrails","Effect":"Deny","Action":["cloudtrail:DeleteTrail","cloudtrail:StopLogging","cloudtrail:UpdateTrail","config:DeleteConfigRule","config:DeleteConfigurationRecorder","config:DeleteDeliveryChannel","config:StopConfigurationRecorder","guardduty:DeleteDetector","guardduty:DisassociateFromMasterAccount","securityhub:DisableSecurityHub"],"Resource":"*","Condition":{"ArnNotLike":{"aws:PrincipalArn":"arn:aws:iam::*:role/landing-zone/break-glass"}}},{"Sid":"ProtectLandingZone","Effect":"Deny","Action":["iam:AttachRolePolicy","iam:DeleteRole","iam:DeleteRolePermissionsBoundary","iam:DeleteRolePolicy","iam:DetachRolePolicy","iam:PutRolePermissionsBoundary","iam:PutRolePolicy","iam:UpdateAssumeRolePolicy"],"Resource":"arn:aws:iam::*:role/landing-zone/*","Condition":{"ArnNotLike":{"aws:PrincipalArn":["arn:aws:iam::*:role/landing-zone/break-glass","arn:aws:iam::*:role/OrganizationAccountAccessRole"]}}}`},
	{"deny-audit-changes", "deny-audit-changes", `{"Sid":"KeepTheLogs","Effect":"Deny","Action":["logs:DeleteLogGroup","s3:DeleteBucket","s3:DeleteObject","s3:PutLifecycleConfiguration"],"Resource":"*","Condition":{"ArnNotLike":{"aws:PrincipalArn":"arn:aws:iam::*:role/landing-zone/break-glass"}}}`},
	{"deny-expensive", "deny-expensive", `{"Sid":"NoLargeInstances","Effect":"Deny","Action":["ec2:RunInstances"],"Resource":"arn:aws:ec2:*:*:instance/*","Condition":{"StringNotLike":{"ec2:InstanceType":["t3.*","t4g.*"]}}},{"Sid":"NoCommitments","Effect":"Deny","Action":["ec2:PurchaseReservedInstancesOffering","redshift:*","savingsplans:CreateSavingsPlan","sagemaker:Create*"],"Resource":"*"}`},
	{"production", "production-no-users", `{"Sid":"NoUsersInProduction","Effect":"Deny","Action":["iam:CreateAccessKey","iam:CreateLoginProfile","iam:CreateUser"],"Resource":"*"}`},
}

// perimeter is the resource control policy of the data perimeter, after the one
// in AWS's data-perimeter-policy-examples. Roles are not in it, as partners and
// providers of identities assume them.
const perimeter = `{"Sid":"EnforceOrgIdentities","Effect":"Deny","Principal":"*","Action":["kms:*","secretsmanager:*","sqs:*"],"Resource":"*","Condition":{"StringNotEqualsIfExists":{"aws:PrincipalOrgID":"{org}"},"BoolIfExists":{"aws:PrincipalIsAWSService":"false"}}},{"Sid":"EnforceConfusedDeputyProtection","Effect":"Deny","Principal":"*","Action":["kms:*","s3:*","secretsmanager:*","sqs:*"],"Resource":"*","Condition":{"StringNotEqualsIfExists":{"aws:SourceOrgID":"{org}"},"Null":{"aws:SourceAccount":"false"},"Bool":{"aws:PrincipalIsAWSService":"true"}}}`

// tls is the other resource control policy. STS is left out, as whether requests
// of services for a role carry aws:SecureTransport is not documented.
const tls = `{"Sid":"EnforceSecureTransport","Effect":"Deny","Principal":"*","Action":["kms:*","s3:*","secretsmanager:*","sqs:*"],"Resource":"*","Condition":{"BoolIfExists":{"aws:SecureTransport":"false"}}}`

// controlPolicies adds the control policies. AWS attaches FullAWSAccess to
// every unit and account when they are made.
func (p *plan) controlPolicies(r random, targets map[string][]string, everything []string) {
	everything = slices.Sorted(slices.Values(everything))
	aws := func(kind, id, statement string) {
		p.org.Policies = append(p.org.Policies, snapshot.OrganizationPolicy{
			PolicySummary: snapshot.PolicySummary{
				ID: id, ARN: "arn:aws:organizations::aws:policy/" + folderOf(kind) + "/" + id, Name: id[2:], Type: kind, AWSManaged: true,
			},
			Content: document(statement), Targets: everything,
		})
	}
	aws("SERVICE_CONTROL_POLICY", "p-FullAWSAccess", `{"Effect":"Allow","Action":"*","Resource":"*"}`)
	aws("RESOURCE_CONTROL_POLICY", "p-RCPFullAWSAccess", `{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}`)
	own := func(kind, name string, content jsontext.Value, at []string) {
		if len(at) == 0 {
			return
		}
		id := "p-" + r.text(lower, 8)
		p.org.Policies = append(p.org.Policies, snapshot.OrganizationPolicy{
			PolicySummary: snapshot.PolicySummary{
				ID: id, ARN: "arn:aws:organizations::" + p.names.Management + ":policy/" + p.names.Organization + "/" + folderOf(kind) + "/" + id, Name: name, Type: kind,
			},
			Content: content, Targets: slices.Sorted(slices.Values(at)),
		})
	}
	for _, s := range scps {
		own("SERVICE_CONTROL_POLICY", s.name, document(s.statements), targets[s.target])
	}
	own("RESOURCE_CONTROL_POLICY", "data-perimeter", document(perimeter, "{org}", p.names.Organization), targets["root"])
	own("RESOURCE_CONTROL_POLICY", "secure-transport", document(tls), targets["root"])
}

// folderOf is how ARNs write a type of policies.
func folderOf(kind string) string {
	if kind == "SERVICE_CONTROL_POLICY" {
		return "service_control_policy"
	}
	return "resource_control_policy"
}
