package cloudformation

import "strings"

// loopPrefix begins the key of a loop of the language extensions; the name of
// the loop follows.
const loopPrefix = "Fn::ForEach::"

// unroll writes out the loops among the members of an object: Fn::ForEach of
// AWS::LanguageExtensions. A loop that can't be written out stays as a member
// that is unknown.
func (s *stack) unroll(v *value, depth int) *value {
	if v == nil || v.kind != kindObject || !hasLoop(v) {
		return v
	}
	out := &value{kind: kindObject, line: v.line}
	for i, key := range v.keys {
		if !strings.HasPrefix(key, loopPrefix) {
			out.set(key, v.vals[i])
			continue
		}
		if why := s.loop(out, v.vals[i], depth); why != "" {
			out.set(key, s.fail(key, v.vals[i], why))
		}
	}
	return out
}

func hasLoop(v *value) bool {
	for _, key := range v.keys {
		if strings.HasPrefix(key, loopPrefix) {
			return true
		}
	}
	return false
}

// maxLoops bounds how deep loops lie in one another; AWS allows five.
const maxLoops = 5

// loop adds to out what one loop comes to, or says why it can't.
func (s *stack) loop(out, v *value, depth int) (why string) {
	switch {
	case !s.t.extended():
		return "the template does not name the transform " + languageExtensions
	case depth >= maxLoops:
		return "loops lie in one another too deep"
	case v.kind != kindList || len(v.vals) != 3 || v.vals[0].kind != kindText || v.vals[2].kind != kindObject:
		return "it takes an identifier, a collection and an object"
	}
	collection := s.resolve(v.vals[1], "a loop")
	if why, found := collection.reason(); found {
		return why
	}
	if collection.kind != kindList {
		return "the collection is " + collection.what() + ", not a list"
	}
	made := &value{kind: kindObject}
	for _, e := range collection.vals {
		item, ok := e.scalar()
		if !ok {
			return "the collection holds " + e.what()
		}
		once := s.d.replaceIn(v.vals[2], v.vals[0].text, item)
		if s.d.left < 0 {
			return tooMuch
		}
		body := s.unroll(once, depth+1)
		made.keys, made.vals = append(made.keys, body.keys...), append(made.vals, body.vals...)
	}
	for i, key := range made.keys {
		if out.get(key) != nil {
			return "it makes " + short(key) + " a second time"
		}
		out.set(key, made.vals[i])
	}
	return ""
}

// replaceIn returns the body of a loop for one item: ${identifier} and
// &{identifier} stand for it in keys and texts, and so does a Ref.
func (d *deployment) replaceIn(v *value, identifier, item string) *value {
	if d.left -= weight + len(v.text) + len(item); d.left < 0 {
		return v // the caller looks
	}
	if v.kind == kindObject && len(v.keys) == 1 && v.keys[0] == "Ref" {
		if name, ok := v.vals[0].scalar(); ok && name == identifier {
			return text(item).at(v.line)
		}
	}
	out := &value{kind: v.kind, line: v.line, text: replace(v.text, identifier, item)}
	for i, e := range v.vals {
		if v.kind == kindObject {
			out.keys = append(out.keys, replace(v.keys[i], identifier, item))
		}
		out.vals = append(out.vals, d.replaceIn(e, identifier, item))
	}
	return out
}

func replace(s, identifier, item string) string {
	if !strings.Contains(s, "{"+identifier+"}") {
		return s
	}
	plain := strings.Map(func(c rune) rune {
		if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' {
			return c
		}
		return -1
	}, item)
	return strings.NewReplacer("${"+identifier+"}", item, "&{"+identifier+"}", plain).Replace(s)
}
