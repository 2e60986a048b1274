package solver

import (
	"slices"
	"strings"

	"pathfinder/graphmodel/guard"
	"pathfinder/graphmodel/policy"
)

// Unsure returns, as a question, what AWS leaves unclear about a rule that
// decisions may lean on, and "" for the other rules.
func Unsure(rule string) string { return unsure[rule] }

// unclear is what AWS leaves unclear about a rule, as a question that is left open.
func unclear(rule string) *guard.Expr { return guard.Opaque(openQuestion(rule)) }

// openQuestion returns the question of a rule, so that yes and no answer it.
func openQuestion(rule string) string {
	q, ok := openQuestions[rule]
	if !ok {
		q, _, _ = strings.Cut(unsure[rule], " Taken: ")
	}
	return rule + ": " + q
}

// openQuestions are those of rules whose question in unsure asks for more than yes
// or no.
var openQuestions = map[string]string{
	"E64": "can a condition without set operator hold on a list of values?",
	"E73": "does a statement apply whose NotResource has a variable without value?",
	"E98": "does a NotPrincipal spare no user, role or session that it does not list with its account?",
}

// isUnclear reports whether a question, or its negation, is about a rule that AWS
// leaves unclear.
func isUnclear(q string) bool {
	rule, _, ok := strings.Cut(strings.TrimPrefix(q, "not "), ": ")
	return ok && unsure[rule] != ""
}

// withoutSet tells when a condition holds that compares a list without a set
// operator: when there is none, as every condition does, and else who knows (E64).
// Equal conditions hold alike.
func (e *eval) withoutSet(c *policy.Condition) *guard.Expr {
	one := guard.False
	if c.Operator.Negated() || c.Operator.IfExists {
		one = guard.Atom(c.AbsenceTest())
	}
	values := strings.Join(slices.Sorted(slices.Values(c.Values)), ", ")
	q := guard.Opaque(openQuestion("E64") + " (" + keyName(c.LowerKey(), nil) + " " + c.Operator.String() + " " + values + ")")
	return guard.Or(one, guard.And(guard.Not(guard.Atom(c.AbsenceTest())), q)).Given(e)
}

// unsure holds the questions, each with what pathfinder takes for granted.
var unsure = map[string]string{
	"E13":  "does an Allow for everybody cover AWS services too? Taken: yes",
	"E19":  "whose canonical user id is it? Taken: an unknown outsider's",
	"E20":  "do the plain name of a service and the one with the resource's region mean the same? Taken: yes, in that region",
	"E35":  "may a * at the end of an ARN field run on past the colon? Taken: yes",
	"E37":  "are ARNs with fewer than six fields completed in this kind of policy? Taken: no, but for SCPs",
	"E47":  "does the case of condition operators matter? Taken: no",
	"E55":  "how are dates read that are not written in full? Taken: four digits are a year, and a zone is needed",
	"E56":  "may the value of a Bool condition hold a variable? Taken: yes",
	"E59":  "do short ARN patterns match in ArnLike? Taken: no, but for *",
	"E63":  "does ForAllValues:StringNotLike follow the general text or its own table? Taken: the general text",
	"E64":  "what does a condition without set operator do on a list of values? Taken: it never holds",
	"E66":  "do empty strings count as values of a list? Taken: no",
	"E73":  "what does a NotResource do whose variable has no value? Taken: the statement does not apply",
	"E89":  "does \"*\" under a condition reach the owner's own principals without an identity policy? Taken: yes",
	"E98":  "whom does a NotPrincipal have to list to spare a role or session? Taken: its account and its own ARN",
	"E105": "do the keys come from GetSessionToken? Taken: a user's keys with an issue time do, unless the console made them",
	"E113": "do Allow statements of SCPs take resource ARNs? Taken: yes",
	"E119": "does an RCP on opensearch cover actions of the prefix es? Taken: no",
	"E126": "may a service-linked role be passed by name? Taken: yes",
	"E129": "is aws:SourceIp kept when a service calls onward? Taken: yes",
	"E134": "is it a gateway endpoint, whose policy means the root user by an account? Taken: yes, for S3 and DynamoDB",
	"E138": "does its boundary limit a user whom the trust policy of the same account names? Taken: no",
	"E139": "may an old role still assume itself without being named? Taken: no",
	"E144": "is the MFA key of a role session false, or absent? Taken: false",
	"E154": "which flow of Cognito makes the session? Taken: one that needs no test of the pool",
	"E168": "does WRITE in a bucket's ACL allow s3:DeleteObject? Taken: yes",
	"E171": "does a public ACL let a signed caller in whose own policies are silent? Taken: no; unsigned, the same person gets in",
	"E172": "which of the newer condition keys make a bucket policy not public? Taken: every key that is fixed to a value",
	"E175": "is an identity policy enough that names the access point but not the bucket? Taken: no",
	"E192": "do boundary and session policy limit what a KMS grant gives? Taken: as they limit a key policy",
	"E193": "does a grantee of another account need an identity policy as well? Taken: no",
	"E200": "is AWS:SourceOwner set when an IAM principal calls? Taken: no",
	"E216": "which aws:Principal… keys does a service carry? Taken: not PrincipalArn, PrincipalAccount and PrincipalType",
}
