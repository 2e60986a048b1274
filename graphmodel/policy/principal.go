package policy

import (
	"strings"

	"pathfinder/graphmodel/arn"
)

// PrincipalKind says what an entry of a Principal element names.
type PrincipalKind uint8

// The kinds of entries (section A2 of the rule book).
const (
	Nobody        PrincipalKind = iota // matches no caller, such as a partial wildcard (E23)
	Everyone                           // "*" (E13)
	Account                            // 12 digits or …:root (E14)
	User                               // E15
	Role                               // E16
	RoleSession                        // assumed-role/NAME/SESSION (E17)
	FederatedUser                      // federated-user/NAME (E18)
	UniqueID                           // a raw AIDA… or AROA… id (E76)
	Service                            // name.amazonaws.com (E20)
	Federated                          // an OIDC or SAML provider (E21)
	Canonical                          // a canonical user id (E19)
)

// A Principal is one entry of a Principal or NotPrincipal element.
type Principal struct {
	Kind    PrincipalKind
	Type    string // "AWS", "Service", "Federated", "CanonicalUser"; "" for the bare "*"
	Text    string // as written
	Account string // the account of Account, User, Role, RoleSession, FederatedUser
}

// NewPrincipal reads one entry of the given type. problem is "" when AWS would
// save it, and otherwise what is wrong; the entry then matches nobody.
func NewPrincipal(kind, text string) (p Principal, problem string) {
	p = Principal{Type: kind, Text: text}
	switch kind {
	case "AWS":
		problem = p.readAWS()
	case "Service":
		if !strings.Contains(text, ".") || strings.ContainsAny(text, "*?") {
			return p, "a service principal is one full name such as ec2.amazonaws.com, without wildcards"
		}
		p.Kind = Service
	case "Federated":
		if text == "" || strings.ContainsAny(text, "*?") {
			return p, "a federated principal is the ARN of one provider, or a built-in name such as cognito-identity.amazonaws.com"
		}
		p.Kind = Federated
	case "CanonicalUser":
		p.Kind = Canonical
	}
	return p, problem
}

// readAWS reads an entry under "AWS".
func (p *Principal) readAWS() (problem string) {
	text := p.Text
	switch {
	case text == "*":
		p.Kind = Everyone
		return ""
	case arn.IsAccountID(text):
		p.Kind, p.Account = Account, text
		return ""
	case isUniqueID(text):
		p.Kind = UniqueID
		return ""
	case !strings.HasPrefix(text, "arn:"):
		return "an AWS principal is \"*\", a 12-digit account id, or the ARN of an account root, user, role or session"
	}
	if strings.ContainsAny(text, "*?") {
		return "wildcards do not work inside a principal; name the account and match aws:PrincipalArn in a Condition"
	}
	if strings.Contains(text, "${") {
		return "policy variables do not work in a principal (E67); name the account and match aws:PrincipalArn in a Condition"
	}
	a, err := arn.Parse(text)
	if err != nil || !arn.IsAccountID(a.AccountID) && a.AccountID != "cloudfront" {
		return suggestPrincipal(text)
	}
	p.Account = a.AccountID
	kind, name, _ := strings.Cut(a.Resource, "/")
	switch {
	case a.Service == "iam" && a.Resource == "root":
		p.Kind = Account
	case a.Service == "iam" && kind == "user" && name != "":
		p.Kind = User
	case a.Service == "iam" && kind == "role" && name != "":
		p.Kind = Role
	case a.Service == "sts" && kind == "assumed-role" && strings.Contains(name, "/"):
		p.Kind = RoleSession
	case a.Service == "sts" && kind == "federated-user" && name != "":
		p.Kind = FederatedUser
	case a.Service == "iam" && kind == "group":
		return "a group is not a principal; name its users or roles, or the account"
	case a.Service == "iam" && (kind == "oidc-provider" || kind == "saml-provider"):
		return "an identity provider stands under \"Federated\", not under \"AWS\""
	default:
		return suggestPrincipal(text)
	}
	return ""
}

// isGroup reports whether text is the ARN of a group of users.
func isGroup(text string) bool {
	a, err := arn.Parse(text)
	return err == nil && a.Service == "iam" && strings.HasPrefix(a.Resource, "group/")
}

// suggestPrincipal explains an ARN that names no principal, with the repair
// where one is likely.
func suggestPrincipal(text string) string {
	account := ""
	for field := range strings.FieldsFuncSeq(text, func(r rune) bool { return r < '0' || r > '9' }) {
		if arn.IsAccountID(field) {
			account = field
		}
	}
	if account != "" && strings.HasSuffix(text, "root") {
		return "this is not the ARN of a principal; did you mean \"arn:aws:iam::" + account + ":root\"?"
	}
	if a, err := arn.Parse(text); err == nil && !arn.IsAccountID(a.AccountID) && (a.Service == "iam" || a.Service == "sts") {
		return "the account field " + quote(a.AccountID) + " is not 12 digits"
	}
	return "this is not the ARN of a principal (arn:aws:iam::<12 digits>:root, …:user/NAME, …:role/NAME, or arn:aws:sts::<12 digits>:assumed-role/ROLE/SESSION)"
}

// isUniqueID reports whether text looks like the id that AWS puts in place of
// the ARN of a user or role (E75, E82).
func isUniqueID(text string) bool {
	if len(text) < 8 || !strings.HasPrefix(text, "AIDA") && !strings.HasPrefix(text, "AROA") {
		return false
	}
	for i := range len(text) {
		if c := text[i]; (c < 'A' || c > 'Z') && (c < '0' || c > '9') {
			return false
		}
	}
	return true
}
