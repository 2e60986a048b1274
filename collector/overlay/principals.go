package overlay

import (
	"bytes"
	"crypto/sha256"
	"encoding/base32"
	"net/url"
	"slices"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"pathfinder/collector/snapshot"
)

// deadID returns the unique id that a removed user or role leaves behind. One
// that the snapshot does not know is made up; it has the form of those of AWS,
// and is nobody's.
func deadID(k Kind, id, text string) string {
	if id != "" {
		return id
	}
	sum := sha256.Sum256([]byte(text))
	prefix := "AROA"
	if k == User {
		prefix = "AIDA"
	}
	return prefix + base32.StdEncoding.EncodeToString(sum[:])[:17]
}

// renamePrincipal writes another name for a user or role wherever a resource
// policy, a trust policy or a grant names it as a principal. AWS holds its unique id
// there and shows the ARN while there is an entity with that id (E75, E76).
func (e *Editor) renamePrincipal(before, after string) {
	r := renamer{before: before, after: after, needles: needles(lastName(before))}
	for _, a := range e.s.Accounts {
		id := a.Info.ID
		if a.IAM != nil {
			for i, role := range a.IAM.RoleDetailList {
				if doc, ok := r.rewrite(role.AssumeRolePolicyDocument); ok {
					e.account(id).IAM.RoleDetailList[i].AssumeRolePolicyDocument = doc
					e.did(role.ARN, "trust policy: "+before+" is now "+after)
				}
			}
		}
		for f, file := range a.Resources {
			for i, res := range file.Resources {
				if doc, ok := r.rewrite(res.Policy.Value); ok {
					c := *res
					c.Policy = snapshot.Have(doc)
					e.account(id).Resources[f].Resources[i] = &c
					e.did(res.ARN, "policy: "+before+" is now "+after)
				}
			}
			e.renameGrantee(id, f, before, after)
		}
	}
}

// renameGrantee does it in the grants of a file of resources.
func (e *Editor) renameGrantee(account string, file int, before, after string) {
	names := func(g snapshot.KMSGrant) bool { return g.GranteePrincipal == before }
	for i, res := range e.find(account).Resources[file].Resources {
		if !slices.ContainsFunc(res.Grants.Value, names) {
			continue
		}
		c := *res
		c.Grants.Value = slices.Clone(c.Grants.Value)
		for j := range c.Grants.Value {
			if g := &c.Grants.Value[j]; names(*g) {
				g.GranteePrincipal = after
			}
		}
		e.account(account).Resources[file].Resources[i] = &c
		e.did(res.ARN, "grants: "+before+" is now "+after)
	}
}

// A renamer replaces one principal in documents.
type renamer struct {
	before, after string
	needles       [][]byte
}

// needles are the forms in which a name stands in a raw document: as it is, or
// URL-encoded.
func needles(name string) [][]byte {
	return [][]byte{[]byte(name), []byte(url.QueryEscape(name)), []byte(url.PathEscape(name))}
}

// rewrite returns the document with the principal replaced; ok is false when it
// does not name it.
func (r *renamer) rewrite(raw jsontext.Value) (doc jsontext.Value, ok bool) {
	found := false
	for _, n := range r.needles {
		found = found || bytes.Contains(raw, n)
	}
	if !found {
		return nil, false
	}
	text, why := snapshot.DocumentText(raw)
	if why != "" {
		return nil, false
	}
	var members map[string]jsontext.Value
	if json.Unmarshal(text, &members) != nil {
		return nil, false
	}
	statements, one := listOf(members["Statement"])
	for i := range statements {
		var st map[string]jsontext.Value
		if json.Unmarshal(statements[i], &st) != nil {
			continue
		}
		hit := false
		for _, key := range []string{"Principal", "NotPrincipal"} {
			if p, changed := r.principals(st[key]); changed {
				st[key], hit = p, true
			}
		}
		if hit {
			statements[i], ok = written(st), true
		}
	}
	if !ok {
		return nil, false
	}
	members["Statement"] = unlisted(statements, one)
	return written(members), true
}

// principals replaces the principal in {"AWS": …}.
func (r *renamer) principals(raw jsontext.Value) (out jsontext.Value, changed bool) {
	var kinds map[string]jsontext.Value
	if raw.Kind() != jsontext.KindBeginObject || json.Unmarshal(raw, &kinds) != nil {
		return nil, false
	}
	list, one := listOf(kinds["AWS"])
	for i := range list {
		var name string
		if list[i].Kind() == jsontext.KindString && json.Unmarshal(list[i], &name) == nil && name == r.before {
			list[i], changed = written(r.after), true
		}
	}
	if !changed {
		return nil, false
	}
	kinds["AWS"] = unlisted(list, one)
	return written(kinds), true
}

// listOf returns a list, or a single value as a list of one.
func listOf(raw jsontext.Value) (list []jsontext.Value, one bool) {
	switch raw.Kind() {
	case jsontext.KindBeginArray:
		_ = json.Unmarshal(raw, &list) // its syntax is known to be right
		return list, false
	case jsontext.KindInvalid, jsontext.KindNull:
		return nil, false
	}
	return []jsontext.Value{raw}, true
}

// unlisted undoes listOf.
func unlisted(list []jsontext.Value, one bool) jsontext.Value {
	if one && len(list) == 1 {
		return list[0]
	}
	if list == nil {
		list = []jsontext.Value{}
	}
	return written(list)
}

// written writes a value that was read from JSON before.
func written(v any) jsontext.Value {
	b, err := json.Marshal(v, json.Deterministic(true))
	if err != nil {
		panic("BUG: " + err.Error())
	}
	return b
}
