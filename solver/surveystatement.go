package solver

import (
	"slices"
	"strconv"
	"strings"

	"pathfinder/graphmodel/policy"
)

// saysAt is says of a statement about a target of some account, whose number in
// conditions about the caller's account stands for itself.
func (sv *surveyor) saysAt(doc *policy.Document, st *policy.Statement, account string) string {
	if _, limited := limitedTo(st); !limited {
		return sv.says(doc, st)
	}
	return sv.number(written(doc, st, account))
}

// says writes what a statement says, its resources and principals left aside.
func (sv *surveyor) says(doc *policy.Document, st *policy.Statement) string {
	if known, ok := sv.shapes.Load(st); ok {
		return known.(string)
	}
	number := sv.number(written(doc, st, ""))
	sv.shapes.Store(st, number)
	return number
}

// number returns a short text that stands for a long one.
func (sv *surveyor) number(long []byte) string {
	number, _ := sv.numbers.LoadOrStore(string(long), "s"+strconv.FormatInt(sv.next.Add(1), 36)+" ")
	return number.(string)
}

// written writes a statement without its resources and principals. own stands for
// itself where a condition compares the caller's account.
func written(doc *policy.Document, st *policy.Statement, own string) []byte {
	b := make([]byte, 0, 128)
	for _, yes := range []bool{st.Effect == policy.Deny, st.NotAction, st.NotResource, len(st.Resources) == 0, st.HasPrincipal, doc.Variables()} {
		b = appendBit(b, yes)
	}
	text := func(s string) { b = append(append(b, s...), 0) }
	for i := range st.Actions {
		text(st.Actions[i].Text)
	}
	for i := range st.Conditions {
		c := &st.Conditions[i]
		b = append(b, 2)
		text(c.Operator.String())
		text(c.Key)
		key := c.LowerKey()
		for _, v := range c.Values {
			if v == own && (key == "kms:calleraccount" || key == "aws:principalaccount") {
				v = "@"
			}
			text(v)
		}
	}
	return b
}

// onlyServices reports whether a statement names services and nobody else.
func onlyServices(st *policy.Statement) bool {
	return len(st.Principals) > 0 && !st.NotPrincipal &&
		!slices.ContainsFunc(st.Principals, func(p policy.Principal) bool { return p.Kind != policy.Service })
}

// appendRead writes what a statement reads of the target besides its name.
func (t *surveyTarget) appendRead(b []byte, st *policy.Statement) []byte {
	if ownAccountKeys(st) {
		b = append(append(b, t.account...), t.text...)
	}
	if reads(st, func(key string) bool { return strings.HasPrefix(key, "aws:resourceorg") }) {
		b = append(append(b, 'u'), t.unit...)
	}
	if reads(st, func(key string) bool {
		return strings.Contains(key, "resourcetag/") || strings.HasPrefix(key, "s3:buckettag/")
	}) {
		b = appendTags(b, t.tags)
	}
	return b
}

// reads reports whether conditions or variables of a statement read some keys,
// in lower case.
func reads(st *policy.Statement, which func(string) bool) bool {
	test := func(key string) bool { return which(strings.ToLower(key)) }
	for i := range st.Conditions {
		if test(st.Conditions[i].Key) || slices.ContainsFunc(st.Conditions[i].Variables(), test) {
			return true
		}
	}
	return slices.ContainsFunc(st.Resources, func(r policy.ResourcePattern) bool { return slices.ContainsFunc(r.Variables(), test) })
}

// readsSession reports whether a statement reads what depends on how a session was
// made.
func readsSession(st *policy.Statement) bool {
	return reads(st, func(key string) bool {
		host, _, _ := strings.Cut(key, ":")
		return strings.HasPrefix(key, "aws:principaltag/") || strings.HasPrefix(key, "aws:multifactor") || key == "aws:sourceidentity" ||
			key == "aws:federatedprovider" || strings.Contains(host, ".") || host == "saml" || host == "sts"
	})
}

// ownAccountKeys reports whether a statement reads which account a resource
// belongs to, or what its name is.
func ownAccountKeys(st *policy.Statement) bool {
	return reads(st, func(key string) bool {
		return strings.HasSuffix(key, ":resourceaccount") || strings.HasPrefix(key, "kms:encryptioncontext")
	})
}
