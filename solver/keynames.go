package solver

import (
	"strings"

	"pathfinder/graphmodel/catalog"
	"pathfinder/graphmodel/policy"
)

// globalKeyNames spells the condition keys that any request can carry and that
// the catalog does not hold. Source: IAM user guide, "AWS global condition
// context keys", of 2026.
var globalKeyNames = lowered(
	"aws:CalledVia", "aws:CalledViaFirst", "aws:CalledViaLast", "aws:ChatbotSourceArn", "aws:CurrentTime",
	"aws:Ec2InstanceSourcePrivateIPv4", "aws:Ec2InstanceSourceVpc", "aws:EpochTime", "aws:FederatedProvider",
	"aws:MultiFactorAuthAge", "aws:MultiFactorAuthPresent", "aws:PrincipalAccount", "aws:PrincipalArn",
	"aws:PrincipalIsAWSService", "aws:PrincipalOrgID", "aws:PrincipalOrgPaths", "aws:PrincipalServiceName",
	"aws:PrincipalServiceNamesList", "aws:PrincipalTag", "aws:PrincipalType", "aws:Referer", "aws:RequestedRegion",
	"aws:RequestTag", "aws:ResourceAccount", "aws:ResourceOrgID", "aws:ResourceOrgPaths", "aws:ResourceTag",
	"aws:SecureTransport", "aws:SourceAccount", "aws:SourceArn", "aws:SourceIdentity", "aws:SourceIp", "aws:SourceOrgID",
	"aws:SourceOrgPaths", "aws:SourceOwner", "aws:SourceVpc", "aws:SourceVpcArn", "aws:SourceVpce", "aws:TagKeys",
	"aws:TokenIssueTime", "aws:UserAgent", "aws:userid", "aws:username", "aws:ViaAWSService", "aws:VpceAccount",
	"aws:VpceOrgID", "aws:VpceOrgPaths", "aws:VpcSourceIp",
)

func lowered(names ...string) map[string]string {
	out := make(map[string]string, len(names))
	for _, n := range names {
		out[strings.ToLower(n)] = n
	}
	return out
}

// keyName spells a condition key, given in lower case, as AWS documents it. What
// follows a slash, such as the key of a tag, and keys that AWS does not list are
// spelled as written, which tells them by lower case.
func keyName(key string, written map[string]string) string {
	own, ok := written[key]
	if !ok {
		own = key
	}
	stem, _, tagged := strings.Cut(key, "/")
	name := globalKeyNames[stem]
	if k, known := catalog.Default().ConditionKey(key); name == "" && known {
		name = k.Name
		if tagged {
			name, _, tagged = strings.Cut(name, "/")
		}
	}
	switch {
	case name == "", strings.ContainsAny(name, "$<"):
		return own
	case tagged:
		return name + own[len(stem):]
	}
	return name
}

// keysWritten lists how documents write condition keys, by lower case.
func keysWritten(docs ...*policy.Document) map[string]string {
	out := map[string]string{}
	variables := func(text string) {
		for _, rest := range strings.Split(text, "${")[1:] {
			name, _, _ := strings.Cut(rest, "}")
			name, _, _ = strings.Cut(name, ",") // a default follows (E71)
			name = strings.TrimSpace(name)
			out[strings.ToLower(name)] = name
		}
	}
	for _, d := range docs {
		for _, st := range d.Statements {
			for i := range st.Resources {
				variables(st.Resources[i].Text)
			}
			for i := range st.Conditions {
				c := &st.Conditions[i]
				for _, v := range c.Values {
					variables(v)
				}
				out[c.LowerKey()] = c.Key
			}
		}
	}
	return out
}
