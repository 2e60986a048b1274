package lint

import "strings"

// neverWild reports whether values of a key, in lower case, never hold '*' or
// '?': ids, account numbers, ARNs of IAM, and the subjects of tokens of source
// hosts, whose branches can't be named so.
func neverWild(key string) bool {
	switch key {
	case "aws:principalarn", "aws:principalaccount", "aws:principalorgid", "aws:principalorgpaths", "aws:userid",
		"aws:sourceaccount", "aws:sourcearn", "aws:sourceorgid", "aws:sourceorgpaths", "aws:sourcevpc", "aws:sourcevpce", "aws:sourceidentity",
		"aws:resourceaccount", "aws:resourceorgid", "aws:resourceorgpaths", "aws:requestedregion", "aws:vpceaccount",
		"aws:principalservicename", "kms:viaservice", "kms:calleraccount", "iam:passedtoservice", "iam:permissionsboundary",
		"sts:externalid", "token.actions.githubusercontent.com:sub", "token.actions.githubusercontent.com:aud",
		"gitlab.com:sub": // names of projects and of branches
		return true
	}
	if strings.HasPrefix(key, "oidc.eks.") && (strings.HasSuffix(key, ":sub") || strings.HasSuffix(key, ":aud")) {
		return true // names of service accounts
	}
	return strings.HasPrefix(key, "aws:principaltag/") // tags of resources can hold more
}
