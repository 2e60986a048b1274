package lint

import "strings"

// A globalKeyInfo is a condition key that requests for any action can carry, with
// its type as the catalog names types; "" for one that is not clear.
type globalKeyInfo struct{ name, typ string }

// globalKeys lists them. Source: IAM user guide, "AWS global condition context
// keys", 2026 crawl (E216).
var globalKeys = []globalKeyInfo{
	{"aws:AssumedRoot", ""},
	{"aws:CalledVia", "String"},
	{"aws:CalledViaAWSMCP", ""},
	{"aws:CalledViaFirst", "String"},
	{"aws:CalledViaLast", "String"},
	{"aws:ChatbotSourceArn", "ARN"},
	{"aws:CurrentTime", "Date"},
	{"aws:Ec2InstanceSourcePrivateIPv4", "IPAddress"},
	{"aws:Ec2InstanceSourceVpc", "String"},
	{"aws:EpochTime", ""},
	{"aws:FederatedProvider", "String"},
	{"aws:IsMcpServiceAction", ""},
	{"aws:MultiFactorAuthAge", "Numeric"},
	{"aws:MultiFactorAuthPresent", "Bool"},
	{"aws:PrincipalAccount", "String"},
	{"aws:PrincipalArn", "ARN"},
	{"aws:PrincipalIsAWSService", "Bool"},
	{"aws:PrincipalOrgID", "String"},
	{"aws:PrincipalOrgMasterAccountId", "String"}, // only AWS's own policies have it
	{"aws:PrincipalOrgPaths", "String"},
	{"aws:PrincipalServiceName", "String"},
	{"aws:PrincipalServiceNamesList", "String"},
	{"aws:PrincipalTag/", "String"},
	{"aws:PrincipalType", "String"},
	{"aws:Referer", "String"},
	{"aws:RequestedRegion", "String"},
	{"aws:RequestTag/", "String"},
	{"aws:ResourceAccount", "String"},
	{"aws:ResourceOrgID", "String"},
	{"aws:ResourceOrgPaths", "String"},
	{"aws:ResourceTag/", "String"},
	{"aws:SecureTransport", "Bool"},
	{"aws:SignInSessionArn", "ARN"},
	{"aws:SourceAccount", "String"},
	{"aws:SourceArn", "ARN"},
	{"aws:SourceIdentity", "String"},
	{"aws:SourceIp", "IPAddress"},
	{"aws:SourceOrgID", "String"},
	{"aws:SourceOrgPaths", "String"},
	{"aws:SourceOwner", "String"},
	{"aws:SourceVpc", "String"},
	{"aws:SourceVpcArn", "ARN"},
	{"aws:SourceVpce", "String"},
	{"aws:TagKeys", "String"},
	{"aws:TokenIssueTime", ""},
	{"aws:UserAgent", "String"},
	{"aws:userid", "String"},
	{"aws:username", "String"},
	{"aws:ViaAWSMCPService", ""},
	{"aws:ViaAWSService", "Bool"},
	{"aws:ViaCustomerDomain", ""},
	{"aws:VpceAccount", "String"},
	{"aws:VpceOrgID", "String"},
	{"aws:VpceOrgPaths", "String"},
	{"aws:VpcSourceIp", "IPAddress"},
	{"codebuild:BuildArn", "ARN"},
	{"codebuild:ProjectArn", "ARN"},
	{"ec2:RoleDelivery", ""},
	{"ec2:SourceInstanceArn", "ARN"},
	{"glue:CredentialIssuingService", "String"},
	{"glue:RoleAssumedBy", "String"},
	{"identitystore:UserId", "String"},
	{"lambda:SourceFunctionArn", "ARN"},
	{"ssm:SourceInstanceArn", "ARN"},
}

// globalKey finds a global key by its lower-case name. Keys about tags go on
// behind a slash.
func globalKey(key string) (globalKeyInfo, bool) {
	for _, g := range globalKeys {
		name := strings.ToLower(g.name)
		if key == name || strings.HasSuffix(name, "/") && strings.HasPrefix(key, name) && len(key) > len(name) {
			return g, true
		}
	}
	return globalKeyInfo{}, false
}

// neverWild reports whether values of a key, in lower case, never hold '*' or
// '?': ids, account numbers, ARNs of IAM, and the subjects of tokens of source
// hosts, whose branches can't be named so.
func neverWild(key string) bool {
	switch key {
	case "aws:principalarn", "aws:principalaccount", "aws:principalorgid", "aws:principalorgpaths", "aws:userid",
		"aws:sourceaccount", "aws:sourceorgid", "aws:sourceorgpaths", "aws:sourcevpc", "aws:sourcevpce", "aws:sourceidentity",
		"aws:resourceaccount", "aws:resourceorgid", "aws:resourceorgpaths", "aws:requestedregion", "aws:vpceaccount",
		"aws:principalservicename", "kms:viaservice", "kms:calleraccount", "iam:passedtoservice", "iam:permissionsboundary",
		"sts:externalid", "token.actions.githubusercontent.com:sub", "token.actions.githubusercontent.com:aud":
		return true
	}
	return strings.HasPrefix(key, "aws:principaltag/") // tags of resources can hold more
}
