package lint

import "slices"

// A Rule is a kind of mistake.
type Rule struct {
	ID       string
	Severity Severity // of most findings; one that is less certain has a lower one
	Summary  string   // one line
	Why      string   // why it matters
	Remedy   string   // what to do, in general
}

// Rules lists all rules by id.
func Rules() []Rule { return slices.Clone(rules) }

// RuleOf returns the rule with this id; it panics when there is none.
func RuleOf(id string) Rule { return rules[IndexOf(id)] }

// IndexOf returns where a rule stands in [Rules].
func IndexOf(id string) int {
	i := slices.IndexFunc(rules, func(r Rule) bool { return r.ID == id })
	if i < 0 {
		panic("BUG: there is no lint rule " + id)
	}
	return i
}

// The ids. They are a promise to those who filter by them.
const (
	ruleActionNothing     = "action-matches-nothing"
	ruleActionResource    = "action-resource-mismatch"
	ruleAlwaysTrue        = "condition-always-true"
	ruleKeyElsewhere      = "condition-key-not-carried"
	ruleKeyUnknown        = "condition-key-unknown"
	ruleNeverTrue         = "condition-never-true"
	ruleKeyType           = "condition-type-mismatch"
	ruleValueNeverHeld    = "condition-value-never-held"
	ruleValueUnreadable   = "condition-value-unreadable"
	ruleDead              = "dead-statement"
	ruleDenyIdle          = "deny-never-bites"
	ruleForAllValues      = "forallvalues-without-presence"
	ruleListKey           = "list-key-without-set-operator"
	ruleExternalID        = "missing-external-id"
	ruleNotPrincipalAllow = "not-principal-allow"
	ruleNotPrincipalDeny  = "not-principal-deny"
	rulePassRole          = "passrole-wildcard"
	ruleBroken            = "policy-broken"
	ruleRefused           = "policy-refused"
	rulePrincipalAction   = "principal-action-mismatch"
	ruleStar              = "principal-star-without-limits"
	ruleRedundant         = "redundant-statement"
	ruleResourceNothing   = "resource-matches-nothing"
	ruleTokens            = "shared-issuer-without-subject"
	ruleTrustDeleted      = "trust-to-deleted-principal"
	ruleTrustUnknown      = "trust-to-unknown-principal"
	ruleVariableOpen      = "variable-not-closed"
	ruleVariableUnknown   = "variable-unknown"
	ruleVariables2008     = "variables-under-2008"
	ruleWildcardLiteral   = "wildcard-taken-literally"
)

var rules = []Rule{
	{
		ruleActionNothing, Warning, "an action that no service has",
		"AWS saves a policy with any action name after a known or unknown prefix. A name that no service has grants nothing and denies nothing. Names of API calls are not always names of actions. The catalog of actions has a date; a name it does not know and that is like none it knows is a note.",
		"write the action as the service's documentation spells it",
	},
	{
		ruleActionResource, Warning, "actions that are not made on the resources listed beside them",
		"A request is about one action on one resource. A bucket action on an object ARN never matches, nor an object action on a bucket ARN, nor an action without resources on anything but \"*\".",
		"list the resource that the action is made on; actions without resources need a statement with \"Resource\": \"*\"",
	},
	{
		ruleAlwaysTrue, Warning, "a condition that always holds",
		"It reads as a limit and limits nothing.",
		"write the limit that was meant, or delete the condition",
	},
	{
		ruleKeyElsewhere, Warning, "a condition key that requests for these actions, or of these principals, never carry",
		"AWS documents the key for other actions only, or for other kinds of callers. A test on a key that is absent fails, and its negated form holds.",
		"use a key that the actions carry, or move the condition to the statement of the actions that carry it",
	},
	{
		ruleKeyUnknown, Warning, "a condition key that neither AWS nor the service has",
		"AWS saves any key. One that no request carries makes a test fail always, and its negated form hold always.",
		"write the key as the service's documentation spells it",
	},
	{
		ruleNeverTrue, Warning, "a condition that never holds",
		"The statement never applies: an Allow grants nothing, a Deny protects nothing.",
		"write what was meant, or delete the statement",
	},
	{
		ruleKeyType, Warning, "an operator that does not fit the type of the key",
		"An operator reads values in its own way: an address under StringEquals compares as text, a name under IpAddress not at all.",
		"use the operator of the key's type",
	},
	{
		ruleValueNeverHeld, Warning, "a condition value that its key never holds",
		"AWS saves any text. One that no request has under the key never compares: an Allow for it grants nothing, and a Deny that spares it alone spares nobody.",
		"write the value in the form that the key has",
	},
	{
		ruleValueUnreadable, Warning, "a condition value that its operator can't read",
		"A value that is no number, date, boolean, address or ARN never compares.",
		"write the value in the form of the operator",
	},
	{
		ruleDead, Warning, "a statement that permits or denies no request at all",
		"Its conditions contradict each other, its lists leave nothing, or a Deny of the same document covers all that it allows.",
		"delete it, or change what stands in its way",
	},
	{
		ruleDenyIdle, Note, "a Deny that cuts nothing out of what the document allows",
		"It may still be a guard against other policies. If it was written to limit this one, it does not.",
		"if it was meant to limit the document's own Allow statements, compare their actions, resources and conditions",
	},
	{
		ruleForAllValues, Warning, "ForAllValues on an Allow, and nothing asks that the key be there",
		"ForAllValues holds for a request without the key, so the Allow reaches further than its list. For a key with one value the operator is not meant at all.",
		"add \"Null\": {KEY: \"false\"}; for a key with one value leave ForAllValues: out",
	},
	{
		ruleListKey, Warning, "a key that holds a list, tested without ForAllValues or ForAnyValue",
		"AWS says that results are unexpected; the test is taken never to hold for a list.",
		"put ForAnyValue: or ForAllValues: before the operator",
	},
	{
		ruleExternalID, Warning, "another account may assume the role without an external id",
		"A vendor that assumes roles of many customers can be made to assume yours for another customer. The external id keeps them apart. From a file alone nobody can tell a vendor from an own account: the finding is then a note.",
		"if the account is a vendor's, demand \"StringEquals\": {\"sts:ExternalId\": …} with the id that the vendor gave you",
	},
	{
		ruleNotPrincipalAllow, Error, "Allow with NotPrincipal grants to everybody else",
		"Everybody who is not listed gets access, anonymous callers included. AWS refuses it in new policies.",
		"name the principals that shall have access under Principal",
	},
	{
		ruleNotPrincipalDeny, Warning, "Deny with NotPrincipal denies more than it says",
		"A user or role with a permissions boundary is denied whatever the list says, and one whose account is not listed with it may be denied.",
		"write \"Principal\": \"*\" and spare principals by a condition on aws:PrincipalArn",
	},
	{
		rulePassRole, Warning, "iam:PassRole for any role to any service",
		"Whoever may pass every role can have a service act with the strongest of them.",
		"list the roles, and name the services in a condition on iam:PassedToService",
	},
	{
		ruleBroken, Error, "a part of the policy that can't be read",
		"AWS refuses to save it, and what it means is in doubt.",
		"repair it as the message says",
	},
	{
		ruleRefused, Error, "a part of the policy that AWS refuses to save",
		"What it means is clear, but it can't be put in force.",
		"change it as the message says",
	},
	{
		rulePrincipalAction, Warning, "a principal beside actions by which it assumes no role",
		"Users, roles and services call sts:AssumeRole, bearers of OpenID Connect tokens sts:AssumeRoleWithWebIdentity, and those of SAML assertions sts:AssumeRoleWithSAML. A principal beside the calls of others is not let in.",
		"list the call of the principal, or name whom the listed one is meant for",
	},
	{
		ruleStar, Warning, "everybody is allowed, and nothing limits who",
		"A stranger, a user or role of an account that the document does not name, meets the statement. Conditions that strangers can meet as they like, such as the user agent, or names and tags of their own users and roles, are no limits. In a trust policy it is an error: every AWS account can become the role.",
		"name the principals, or limit them by aws:PrincipalOrgID, aws:SourceAccount, aws:SourceVpce or the like",
	},
	{
		ruleRedundant, Note, "a statement that others of the same document make superfluous",
		"It does no harm, but a reader takes it for the reason of an access, and deleting it takes none away.",
		"delete it, or narrow the statements that cover it",
	},
	{
		ruleResourceNothing, Warning, "an ARN that no resource has",
		"AWS saves any ARN. One whose form no resource type of the service has matches nothing.",
		"write the ARN in the form of the service",
	},
	{
		ruleTokens, Warning, "every customer of an issuer of tokens may assume the role",
		"GitHub, GitLab, Terraform, Cognito, Google and others give tokens to all their customers. Without a condition on the claim that tells these apart, anybody's pipeline or app can assume the role.",
		"demand the claim, such as \"StringLike\": {\"token.actions.githubusercontent.com:sub\": \"repo:YOUR-ORG/YOUR-REPO:*\"}",
	},
	{
		ruleTrustDeleted, Warning, "a principal that was deleted",
		"AWS shows the unique id (AIDA…, AROA…) of a user or role once it is gone. Nobody matches it, not even a new one of the same name.",
		"delete the entry, or name the new principal and save the policy again",
	},
	{
		ruleTrustUnknown, Warning, "a principal that its account does not have",
		"The account was read, and there is no such user, role or provider in it. The entry matches nobody.",
		"delete the entry, or correct the name",
	},
	{
		ruleVariableOpen, Warning, "a policy variable that is not closed or not named",
		"It is taken as plain text.",
		"close it with } and name a condition key, as in ${aws:username}",
	},
	{
		ruleVariableUnknown, Warning, "a policy variable that names no condition key",
		"A variable stands for the value of a condition key. AWS saves any name; one that no request has a value for matches nothing, so an Allow grants nothing and a Deny protects nothing.",
		"write the name of a condition key, as in ${aws:username}",
	},
	{
		ruleVariables2008, Warning, "policy variables in a policy of version 2008-10-17",
		"Only version 2012-10-17 knows variables. Under the older one, and without Version, ${…} is plain text and matches practically nothing.",
		"write \"Version\": \"2012-10-17\"",
	},
	{
		ruleWildcardLiteral, Warning, "a wildcard in a value that is compared literally",
		"StringEquals takes * and ? as themselves, and values of this key never hold them.",
		"use StringLike or ArnLike, or StringNotLike or ArnNotLike for the negated form",
	},
}
