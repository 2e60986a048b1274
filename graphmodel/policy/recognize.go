package policy

import "strings"

// Recognize tells the likely kind of a document: a trust policy names principals
// and only actions by which roles are assumed, a resource policy names
// principals, and all others are taken for identity policies, of which the
// other kinds without principals are read alike.
func Recognize(text []byte) Kind {
	d := Parse(text, Resource)
	trust, named := true, false
	for _, s := range d.Statements {
		named = named || s.HasPrincipal
		roles := len(s.Actions) > 0 // all of its actions are about getting sessions of a role
		for i := range s.Actions {
			a := strings.ToLower(s.Actions[i].Text)
			trust = trust && (strings.HasPrefix(a, "sts:") || a == "*")
			roles = roles && (strings.HasPrefix(a, "sts:assume") || a == "sts:tagsession" || a == "sts:setsourceidentity")
		}
		// A Resource is a mistake in a trust policy, and does not make it another.
		trust = trust && !s.NotAction && (len(s.Resources) == 0 || roles)
	}
	switch {
	case named && trust:
		return Trust
	case named:
		return Resource
	}
	return Identity
}

// ParseKind reads the name of a kind as [Kind.String] writes it, or its first
// word: "identity", "boundary", "session", "trust", "resource", "scp", "rcp",
// "endpoint".
func ParseKind(text string) (Kind, bool) {
	short := map[string]Kind{"boundary": Boundary, "scp": SCP, "rcp": RCP}
	if k, ok := short[text]; ok {
		return k, true
	}
	for k := Identity; k <= Endpoint; k++ {
		if name := k.String(); text == name || text != "" && text+"-policy" == name {
			return k, true
		}
	}
	return KindInvalid, false
}
