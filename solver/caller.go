package solver

import (
	"fmt"
	"strings"

	"pathfinder/graphmodel/arn"
)

// ParseCaller reads who sends a request: the ARN of a user, a root user, a
// role (one of its sessions), a role session, a federated user or an identity
// provider, the host name of a service, an S3 canonical user id, an origin
// access identity of CloudFront, or "anonymous".
func ParseCaller(text string) (Caller, error) {
	c := Caller{ARN: text}
	switch {
	case text == "anonymous":
		c.Kind = CallerAnonymous
		return c, nil
	case builtinProviders[text]:
		c.Kind = CallerFederated
		return c, nil
	case isCanonicalID(text):
		// Some account, or an identity of CloudFront: its own side is unknown, and
		// so is its partition.
		c.Kind, c.CanonicalID, c.External = CallerOutsider, text, true
		return c, nil
	case !arn.Is(text):
		if strings.Contains(text, ".") && !strings.ContainsAny(text, ":/*? ") {
			c.Kind = CallerService
			return c, nil
		}
		return Caller{}, fmt.Errorf("%q is no principal: give the ARN of a user, role, role session, account root or identity provider, a service such as ec2.amazonaws.com, or \"anonymous\"", text)
	}
	a, err := arn.Parse(text)
	if err != nil {
		return Caller{}, err
	}
	c.Partition, c.Account = a.Partition, a.AccountID
	class, name, _ := strings.Cut(a.Resource, "/")
	switch a.Service + ":" + class {
	case "iam:root":
		c.Kind = CallerRoot
	case "iam:user":
		c.Kind = CallerUser
	case "iam:role":
		c.Kind, c.RoleARN = CallerSession, text
		c.ServiceLinked = strings.HasPrefix(name, "aws-service-role/")
	case "sts:assumed-role":
		c.Kind = CallerSession
		role, session, ok := strings.Cut(name, "/")
		if !ok {
			return Caller{}, fmt.Errorf("%q names no session: assumed-role/ROLE/SESSION", text)
		}
		c.RoleARN = "arn:" + a.Partition + ":iam::" + a.AccountID + ":role/" + role
		c.SessionName = session
	case "sts:federated-user":
		c.Kind = CallerFederatedUser
	case "iam:oidc-provider", "iam:saml-provider":
		c.Kind = CallerFederated
	default:
		return Caller{}, fmt.Errorf("%q names no user, role, session, account root or identity provider", text)
	}
	if c.Account == cloudFront && c.Kind == CallerUser {
		c.External = true // it has no policies of its own (E185)
		return c, nil
	}
	if name == "" && c.Kind != CallerRoot || !arn.IsAccountID(c.Account) {
		return Caller{}, fmt.Errorf("%q is not the full ARN of a principal", text)
	}
	return c, nil
}

// cloudFront stands in place of the account in the ARNs of origin access
// identities (E185).
const cloudFront = "cloudfront"

// isCanonicalID reports whether text looks like an S3 canonical user id: 64
// hex digits (E19).
func isCanonicalID(text string) bool {
	return len(text) == 64 && strings.Trim(text, "0123456789abcdef") == ""
}
