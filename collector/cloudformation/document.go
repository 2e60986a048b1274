package cloudformation

import (
	"slices"

	"github.com/go-json-experiment/json/jsontext"

	"pathfinder/collector/overlay"
	"pathfinder/graphmodel/policy"
)

// document writes a policy document.
func (it *item) document(v *value) jsontext.Value {
	switch {
	case it.doubt != "":
		return overlay.Unknown(it.doubt)
	case v.missing():
		return overlay.Unknown("the template gives no document for " + it.id)
	case v.kind == kindUnknown:
		return overlay.Unknown(v.text)
	case v.kind == kindText:
		return overlay.Text(v.text)
	case v.kind != kindObject:
		return overlay.Unknown("the document of " + it.id + " is " + v.what())
	}
	v = withUnknownStatements(v)
	if why, found := v.reason(); found {
		return overlay.Unknown(why)
	}
	return v.json(false)
}

// withUnknownStatements puts statements that hold an unknown value aside: what
// stands in their place says that there is one, and why it can't be read.
func withUnknownStatements(doc *value) *value {
	i := slices.Index(doc.keys, "Statement")
	if i < 0 {
		return doc
	}
	list := doc.vals[i].elements()
	out := &value{kind: kindList}
	for _, st := range list {
		why, found := st.reason()
		if !found || st.kind == kindUnknown && doc.vals[i].kind == kindUnknown {
			out.vals = append(out.vals, st)
			continue
		}
		sid, _ := st.get("Sid").scalar()
		out.vals = append(out.vals, unknownStatement(sid, why))
	}
	c := &value{kind: kindObject, keys: doc.keys, vals: slices.Clone(doc.vals)}
	c.vals[i] = out
	return c
}

func unknownStatement(sid, why string) *value {
	st := &value{kind: kindObject}
	if sid != "" {
		st.set("Sid", text(sid))
	}
	st.set(policy.UnknownElement, text(why))
	return st
}
