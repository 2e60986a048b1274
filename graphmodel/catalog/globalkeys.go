package catalog

import "strings"

// globalKeys are the condition keys that requests for any action can carry, and
// those that come with credentials. Keys about tags go on behind the slash; the
// type is "" where it is not clear. Source: IAM user guide, "AWS global condition
// context keys", 2026 crawl (E216).
var globalKeys = []ConditionKey{
	{Name: "aws:AssumedRoot"},
	{Name: "aws:CalledVia", Type: "String", Multivalued: true},
	{Name: "aws:CalledViaAWSMCP"},
	{Name: "aws:CalledViaFirst", Type: "String"},
	{Name: "aws:CalledViaLast", Type: "String"},
	{Name: "aws:ChatbotSourceArn", Type: "ARN"},
	{Name: "aws:CurrentTime", Type: "Date"},
	{Name: "aws:Ec2InstanceSourcePrivateIPv4", Type: "IPAddress"},
	{Name: "aws:Ec2InstanceSourceVpc", Type: "String"},
	{Name: "aws:EpochTime"},
	{Name: "aws:FederatedProvider", Type: "String"},
	{Name: "aws:IsMcpServiceAction"},
	{Name: "aws:MultiFactorAuthAge", Type: "Numeric"},
	{Name: "aws:MultiFactorAuthPresent", Type: "Bool"},
	{Name: "aws:PrincipalAccount", Type: "String"},
	{Name: "aws:PrincipalArn", Type: "ARN"},
	{Name: "aws:PrincipalIsAWSService", Type: "Bool"},
	{Name: "aws:PrincipalOrgID", Type: "String"},
	{Name: "aws:PrincipalOrgMasterAccountId", Type: "String"}, // only AWS's own policies have it
	{Name: "aws:PrincipalOrgPaths", Type: "String", Multivalued: true},
	{Name: "aws:PrincipalServiceName", Type: "String"},
	{Name: "aws:PrincipalServiceNamesList", Type: "String", Multivalued: true},
	{Name: "aws:PrincipalTag/", Type: "String"},
	{Name: "aws:PrincipalType", Type: "String"},
	{Name: "aws:Referer", Type: "String"},
	{Name: "aws:RequestedRegion", Type: "String"},
	{Name: "aws:RequestTag/", Type: "String"},
	{Name: "aws:ResourceAccount", Type: "String"},
	{Name: "aws:ResourceOrgID", Type: "String"},
	{Name: "aws:ResourceOrgPaths", Type: "String", Multivalued: true},
	{Name: "aws:ResourceTag/", Type: "String"},
	{Name: "aws:SecureTransport", Type: "Bool"},
	{Name: "aws:SignInSessionArn", Type: "ARN"},
	{Name: "aws:SourceAccount", Type: "String"},
	{Name: "aws:SourceArn", Type: "ARN"},
	{Name: "aws:SourceIdentity", Type: "String"},
	{Name: "aws:SourceIp", Type: "IPAddress"},
	{Name: "aws:SourceOrgID", Type: "String"},
	{Name: "aws:SourceOrgPaths", Type: "String", Multivalued: true},
	{Name: "aws:SourceOwner", Type: "String"},
	{Name: "aws:SourceVpc", Type: "String"},
	{Name: "aws:SourceVpcArn", Type: "ARN"},
	{Name: "aws:SourceVpce", Type: "String"},
	{Name: "aws:TagKeys", Type: "String", Multivalued: true},
	{Name: "aws:TokenIssueTime"},
	{Name: "aws:UserAgent", Type: "String"},
	{Name: "aws:userid", Type: "String"},
	{Name: "aws:username", Type: "String"},
	{Name: "aws:ViaAWSMCPService"},
	{Name: "aws:ViaAWSService", Type: "Bool"},
	{Name: "aws:ViaCustomerDomain"},
	{Name: "aws:VpceAccount", Type: "String"},
	{Name: "aws:VpceOrgID", Type: "String"},
	{Name: "aws:VpceOrgPaths", Type: "String", Multivalued: true},
	{Name: "aws:VpcSourceIp", Type: "IPAddress"},
	{Name: "codebuild:BuildArn", Type: "ARN"},
	{Name: "codebuild:ProjectArn", Type: "ARN"},
	{Name: "ec2:RoleDelivery"},
	{Name: "ec2:SourceInstanceArn", Type: "ARN"},
	{Name: "glue:CredentialIssuingService", Type: "String"},
	{Name: "glue:RoleAssumedBy", Type: "String"},
	{Name: "identitystore:UserId", Type: "String"},
	{Name: "lambda:SourceFunctionArn", Type: "ARN"},
	{Name: "ssm:SourceInstanceArn", Type: "ARN"},
}

var globalByName = func() map[string]ConditionKey {
	m := make(map[string]ConditionKey, len(globalKeys))
	for _, k := range globalKeys {
		m[strings.ToLower(k.Name)] = k
	}
	return m
}()

// GlobalKey returns the global condition key with a name, in any case. A key
// about a tag, such as aws:PrincipalTag/team, is found by its stem: the name that
// is returned ends with the slash.
func GlobalKey(name string) (ConditionKey, bool) {
	name = strings.ToLower(name)
	stem, tag, tagged := strings.Cut(name, "/")
	if tagged && tag != "" {
		name = stem + "/"
	}
	k, ok := globalByName[name]
	return k, ok && (!tagged || tag != "")
}

// GlobalKeys lists the global condition keys by name.
func GlobalKeys() []ConditionKey { return globalKeys }
