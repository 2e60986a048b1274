package solver

import (
	"strings"

	"pathfinder/graphmodel/catalog"
	"pathfinder/graphmodel/policy"
)

// keyName spells a condition key, given in lower case, as AWS documents it. What
// follows a slash, such as the key of a tag, and keys that AWS does not list are
// spelled as written, which tells them by lower case.
func keyName(key string, written map[string]string) string {
	own, ok := written[key]
	if !ok {
		own = key
	}
	stem, _, tagged := strings.Cut(key, "/")
	name := ""
	if k, known := catalog.GlobalKey(key); known {
		name = strings.TrimSuffix(k.Name, "/")
	} else if k, known := catalog.Default().ConditionKey(key); known {
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
