package solver_test

import (
	"cmp"
	"slices"
	"strings"

	"pgregory.net/rapid"

	"pathfinder/graphmodel/policy"
	"pathfinder/solver"
)

// This file draws random cases in the notation, so that a shrunk failure reads
// like a row of a table.

// requests are what random cases ask for.
var requests = []string{"s3:GetObject O", "s3:ListBucket data", "sqs:SendMessage Q", "kms:Decrypt K", "sts:AssumeRole T"}

// drawnConditions are the conditions of random statements. They name few
// values, so that they often meet.
var drawnConditions = []string{
	"?IpAddress aws:SourceIp=10.0.0.0/8", "?NotIpAddress aws:SourceIp=10.0.0.0/8", "?IpAddress aws:SourceIp=10.1.0.0/16",
	"?Bool aws:MultiFactorAuthPresent=true", "?Bool aws:MultiFactorAuthPresent=false", "?BoolIfExists aws:MultiFactorAuthPresent=false",
	"?StringEquals aws:PrincipalTag/a=x", "?StringNotEquals aws:PrincipalTag/a=x", "?StringLike aws:PrincipalTag/a=x,y*",
	"?StringEquals aws:PrincipalTag/a=${aws:SourceVpc}", "?Null aws:PrincipalTag/a=true", "?StringEqualsIfExists aws:SourceVpc=x,y",
	"?StringNotLike aws:SourceVpc=x*", "?StringEquals s3:prefix=x", "?StringNotEquals s3:prefix=x,y", "?StringEquals aws:SourceVpc=${s3:prefix,'y'}",
	"?StringEquals aws:userid=AROAAPPAPP:s1", "?StringLike aws:userid=AROAAPPAPP:*", "?StringNotLike aws:userid=*:s1",
	"?ForAllValues:StringEquals aws:CalledVia=x,y", "?ForAnyValue:StringNotEquals aws:CalledVia=x", "?Null aws:CalledVia=false",
	"?DateLessThan aws:CurrentTime=2030-01-01", "?DateGreaterThanEquals aws:CurrentTime=2030-01-01",
	"?NumericLessThan aws:MultiFactorAuthAge=10", "?ArnLike aws:SourceArn=N", "?ArnNotEquals aws:PrincipalArn=R",
}

// drawnKeys are the keys of drawnConditions and drawnResources, with values to
// try for each.
var drawnKeys = map[string][]string{
	"aws:sourceip": {"10.0.0.1", "10.1.0.1", "203.0.113.1"}, "aws:multifactorauthpresent": {"true", "false"},
	"aws:multifactorauthage": {"5", "10"}, "aws:principaltag/a": {"x", "y", "k1", ""}, "aws:sourcevpc": {"x", "y", ""},
	"s3:prefix": {"x", "y", ""}, "aws:userid": {"AROAAPPAPP:s1", "AROAAPPAPP:s2"}, "aws:calledvia": {"x", "x,y", "z", ""},
	"aws:currenttime": {"2029-12-31T00:00:00Z", "2030-01-01T00:00:00Z"}, "aws:sourcearn": {words["N"], words["Q"]},
}

var (
	drawnCallers    = rapid.SampledFrom([]string{"U", "U", "S", "R", "R", "UB", "SB", "F", "rootA", "rootB", "anonymous", "sns.amazonaws.com", "oidc", "someone@B"})
	drawnPrincipals = rapid.SampledFrom([]string{"*", "A", "B", "U", "R", "S", "S2", "UB", "F", "R,A", "U,A", "sns.amazonaws.com", "oidc", "AROAAPPAPP"})
	drawnResources  = rapid.SampledFrom([]string{"*", "data,data/*", "data/k1", "!data/*", "data/${aws:PrincipalTag/a}", "!data/${aws:PrincipalTag/a}", "!data/${aws:PrincipalTag/a,'k1'}", "arn:aws:sqs:*:A:q1", "!other"})
	drawnFacts      = rapid.SampledFrom([]string{"", " | set by=U", " | set tag:a=x", " | set org=o-a", " | set sessiontags", " | set web", " | set mgmt", " | set slr", " | set resmgmt", " | set owner=B", " | set id="})
	drawnGrants     = rapid.SampledFrom([]string{"", "", " | grant R Decrypt", " | grant A Decrypt", " | grant UB Decrypt"})
)

// drawStatement draws a statement for a gate; effect is "+", "-" or "" for any.
func drawStatement(t *rapid.T, gate, request, effect string) string {
	action, _, _ := strings.Cut(request, " ")
	service, _, _ := strings.Cut(action, ":")
	if effect == "" {
		effect = rapid.SampledFrom([]string{"+", "+", "+", "-"}).Draw(t, "effect")
	}
	s := effect + rapid.SampledFrom([]string{action, service + ":*", "*", "!iam:*", "!" + action, "ec2:*"}).Draw(t, "actions")
	s += "@" + drawnResources.Draw(t, "resources")
	if gate == "rbp" || gate == "vpce" || gate == "rcp" {
		// An exception needs somebody else: NotPrincipal stands with Deny, and not in trust policies.
		not := effect == "-" && gate != "rcp" && service != "sts" && rapid.IntRange(0, 3).Draw(t, "not") == 0
		s += map[bool]string{false: " P=", true: " NP="}[not] + drawnPrincipals.Draw(t, "principal")
	}
	for range rapid.IntRange(0, 2).Draw(t, "conditions") {
		if c := rapid.SampledFrom(drawnConditions).Draw(t, "condition"); !strings.Contains(s, strings.Fields(c)[0]+" ") {
			s += " " + c
		}
	}
	return s
}

// drawCase draws a case; every gate in gates has a clause in it.
func drawCase(t *rapid.T, gates ...string) string {
	request := rapid.SampledFrom(requests).Draw(t, "request")
	text := drawnCallers.Draw(t, "caller") + " " + request
	text += drawnFacts.Draw(t, "facts") + drawnGrants.Draw(t, "grants")
	if rapid.Bool().Draw(t, "open") {
		text += " | open"
	}
	for _, gate := range []string{"idp", "idp", "pb", "sess", "scp", "scp", "rcp", "vpce", "rbp"} {
		often := map[string]int{"idp": 9, "rbp": 9}[gate]
		if !slices.Contains(gates, gate) && rapid.IntRange(0, 10).Draw(t, gate) > max(often, 3) {
			continue
		}
		var list []string
		for range rapid.IntRange(1, 3).Draw(t, "statements") {
			list = append(list, drawStatement(t, gate, request, ""))
		}
		// Without some wide Allow, hardly any random case is allowed.
		if wide := map[string]string{"rbp": "+*@* P=*", "vpce": "+*@* P=*", "rcp": "+*@* P=*"}[gate]; rapid.Bool().Draw(t, "wide") {
			list = append(list, cmp.Or(wide, "+*@*"))
		}
		text += " | " + gate + " " + strings.Join(list, " ; ")
	}
	return text
}

// drawOpen draws a value or absence for every open key of c, and returns a
// copy of c that fixes them.
func drawOpen(t *rapid.T, c *solver.Case) (policy.Values, *solver.Case) {
	values := policy.Values{}
	var chosen []string
	for _, key := range sortedKeys(drawnKeys) {
		v := solver.ValueIn(c, key)
		if v.State != policy.Open {
			values[key] = v
			continue
		}
		choices := slices.DeleteFunc(slices.Clone(drawnKeys[key]), func(s string) bool { return v.Within != "" && !v.Within.Match(s) })
		if v.Within == "" {
			choices = append(choices, "~")
		}
		s := rapid.SampledFrom(choices).Draw(t, key)
		values[key] = contextValue(key, s)
		chosen = append(chosen, key)
	}
	fixed := *c
	fixed.Context.Values = map[string]policy.Value{}
	for _, key := range chosen {
		fixed.Context.Values[key] = values[key]
	}
	// Keys about the caller stand in variables and conditions as well.
	for _, key := range []string{"aws:principalarn"} {
		v := solver.ValueIn(c, key)
		if v.State == policy.Open {
			v = policy.Single(strings.TrimSuffix(v.Within.String(), "*") + "role/x")
			fixed.Context.Values[key] = v
		}
		values[key] = v
	}
	return values, &fixed
}

func sortedKeys(m map[string][]string) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
