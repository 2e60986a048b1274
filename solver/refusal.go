package solver

import "pathfinder/graphmodel/policy"

// refusal returns the rule by which AWS turns the caller down before it reads
// a policy; "" when there is none.
func (e *eval) refusal() (rule, why string) {
	c := &e.c.Caller
	switch {
	case c.Account == cloudFront && e.service != "s3":
		return "E185", "an origin access identity of CloudFront calls S3 only"
	case e.assumesRoot() && c.Kind != CallerUser && c.Kind != CallerSession:
		return "E162", "only users and roles can call sts:AssumeRoot"
	case e.assumesRoot() && !(c.RootManager || c.Management):
		return "E162", "only the management account and delegated administrators of IAM act as root of a member account"
	case e.assumesRoot() && (e.c.ResourceInManagement || c.OrgKnown && e.c.ResourceOrgID != c.OrgID && e.c.ResourceOrgID != ""):
		return "E162", "sts:AssumeRoot works on member accounts of the caller's organization only"
	}
	return e.tokenRefusal()
}

// assumesRoot reports whether the call is sts:AssumeRoot (E162).
func (e *eval) assumesRoot() bool { return e.service == "sts" && e.name == "assumeroot" }

// tokenRefusal returns what keys from GetSessionToken cannot do (E105). They
// are told by aws:TokenIssueTime of a user; keys of the console carry it as
// well, and are told by aws:SignInSessionArn.
func (e *eval) tokenRefusal() (rule, why string) {
	ctx := &e.c.Context
	if e.c.Caller.Kind != CallerUser || !ctx.Complete || ctx.Values["aws:tokenissuetime"].State != policy.Present ||
		ctx.Values["aws:signinsessionarn"].State == policy.Present {
		return "", ""
	}
	switch {
	case e.service == "iam" && ctx.Values["aws:multifactorauthpresent"].One != "true":
		e.lean("E105")
		return "E105", "keys from GetSessionToken without MFA cannot call IAM"
	case e.service == "sts" && !tokenActions[e.name]:
		return "E105", "of STS, keys from GetSessionToken can call AssumeRole and GetCallerIdentity only"
	}
	return "", ""
}
