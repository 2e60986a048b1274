package solver

import (
	"slices"
	"strings"

	"pathfinder/graphmodel/policy"
)

// onlyServices reports whether a statement names services and nobody else.
func onlyServices(st *policy.Statement) bool {
	return len(st.Principals) > 0 && !st.NotPrincipal &&
		!slices.ContainsFunc(st.Principals, func(p policy.Principal) bool { return p.Kind != policy.Service })
}

// appendRead writes what a statement reads of the target besides its name; tags
// says that its tags are among it.
func (t *surveyTarget) appendRead(b []byte, st *policy.Statement, tags bool) []byte {
	if readsName(st) {
		b = append(append(b, t.account...), t.text...)
	}
	if t.encrypts != "" && reads(st, isS3Context) {
		b = append(append(b, 'e'), t.encrypts...)
	}
	if reads(st, func(key string) bool { return strings.HasPrefix(key, "aws:resourceorg") }) {
		b = append(append(b, 'u'), t.unit...)
	}
	if tags {
		b = appendTags(b, t.tagsIn(st))
	}
	return b
}

// tagsIn returns those tags of the target that a statement may read.
func (t *surveyTarget) tagsIn(st *policy.Statement) map[string]string {
	read := map[string]string{}
	for name, value := range t.tags {
		if reads(st, func(key string) bool { _, tag, _ := strings.Cut(key, "/"); return strings.EqualFold(tag, name) }) {
			read[name] = value
		}
	}
	return read
}

// readsTags reports whether a statement reads tags of the resource.
func readsTags(st *policy.Statement) bool {
	return reads(st, func(key string) bool {
		return strings.HasPrefix(key, "aws:resourcetag/") || strings.HasPrefix(key, "iam:resourcetag/") || strings.HasPrefix(key, "s3:buckettag/")
	})
}

// reads reports whether conditions or variables of a statement read some keys,
// in lower case.
func reads(st *policy.Statement, which func(string) bool) bool {
	test := func(key string) bool { return which(strings.ToLower(key)) }
	for i := range st.Conditions {
		if which(st.Conditions[i].LowerKey()) || slices.ContainsFunc(st.Conditions[i].Variables(), test) {
			return true
		}
	}
	return slices.ContainsFunc(st.Resources, func(r policy.ResourcePattern) bool { return slices.ContainsFunc(r.Variables(), test) })
}

// readsResource reports whether a statement reads something of the resource.
func readsResource(st *policy.Statement) bool {
	return reads(st, func(key string) bool {
		return strings.HasPrefix(key, "aws:resource") || strings.HasPrefix(key, "iam:resource") || strings.HasPrefix(key, "s3:resource") ||
			strings.HasPrefix(key, "s3:buckettag/") || isS3Context(key) || isPointKey(key) || key == urlAuthType
	})
}

// readsSession reports whether a statement reads what depends on how the session of a
// role was made (E226), also whether a token made it.
func readsSession(st *policy.Statement) bool {
	return reads(st, func(key string) bool {
		host, _, _ := strings.Cut(key, ":")
		return ofCaller(key) || strings.HasPrefix(key, "aws:multifactor") || key == "aws:federatedprovider" ||
			strings.Contains(host, ".") || host == "saml" || host == "sts"
	})
}

// readsName reports whether a statement reads the name of a resource, or of its
// account a part.
func readsName(st *policy.Statement) bool {
	for i := range st.Conditions {
		c := &st.Conditions[i]
		if strings.HasSuffix(c.LowerKey(), ":resourceaccount") && slices.ContainsFunc(c.Values, func(v string) bool { return strings.ContainsAny(v, "*?") }) {
			return true
		}
	}
	return reads(st, func(key string) bool { return isPointKey(key) || key == urlAuthType })
}

// isS3Context reports whether a key is about the one encryption context that the
// resource decides, and not the caller (E179, E196).
func isS3Context(key string) bool { return key == s3Context }

// isPointKey reports whether a key is about the access point of a request.
func isPointKey(key string) bool {
	return strings.HasPrefix(key, "s3:dataaccesspoint") || key == "s3:accesspointnetworkorigin"
}

// speaksTo reports whether a statement may speak about actions of a service.
func speaksTo(st *policy.Statement, service string) bool {
	if st.NotAction {
		return true
	}
	for i := range st.Actions {
		if a := &st.Actions[i]; a.All() || a.Service() == service {
			return true
		}
	}
	return false
}
