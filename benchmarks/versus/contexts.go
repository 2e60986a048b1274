package main

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"time"

	"pathfinder/graphmodel/policy"
	"pathfinder/solver"
)

// withVersion returns a document with the version of today.
func withVersion(text []byte) ([]byte, bool) {
	var doc map[string]json.RawMessage
	if json.Unmarshal(text, &doc) != nil {
		return nil, false
	}
	doc["Version"] = json.RawMessage(`"` + policy.Version2012 + `"`)
	text, err := json.Marshal(doc)
	return text, err == nil
}

// set fixes keys of a case that its policies ask for, where they are not fixed
// already. Cases share the map of what is fixed: it is replaced.
func set(c *solver.Case, keys []string, v policy.Value) (found bool) {
	values := maps.Clone(c.Context.Values)
	if values == nil {
		values = map[string]policy.Value{}
	}
	for _, key := range keys {
		if _, fixed := values[key]; !fixed {
			values[key] = v
			found = true
		}
	}
	c.Context.Values = values
	return found
}

// open leaves keys open.
func open(names ...string) func(*solver.Case, []string) bool {
	return func(c *solver.Case, keys []string) bool {
		return set(c, intersect(keys, names), policy.Value{State: policy.Open})
	}
}

// absentOf takes a key to be absent of one kind of caller.
func absentOf(name string, kind solver.CallerKind) func(*solver.Case, []string) bool {
	return func(c *solver.Case, keys []string) bool {
		return c.Caller.Kind == kind && set(c, intersect(keys, []string{name}), policy.Value{})
	}
}

// fix gives a key a value.
func fix(name string, v policy.Value) func(*solver.Case, []string) bool {
	return func(c *solver.Case, keys []string) bool { return set(c, intersect(keys, []string{name}), v) }
}

// now gives requests the time that the peer gives them, to some minutes.
func now(c *solver.Case, keys []string) bool {
	t := time.Now().UTC()
	date := fix("aws:currenttime", policy.Single(t.Format(time.RFC3339)))(c, keys)
	return fix("aws:epochtime", policy.Single(strconv.FormatInt(t.Unix(), 10)))(c, keys) || date
}

// fixed are the keys whose value both sides take from the same facts.
var fixed = []string{
	"aws:principalarn", "aws:principalaccount", "aws:principalorgid", "aws:principalorgpaths", "aws:principaltype", "aws:userid", "aws:username",
	"aws:resourceaccount", "aws:resourceorgid", "aws:resourceorgpaths", "aws:principalisawsservice", "aws:principalservicename",
	"aws:sourceaccount", "aws:sourceorgid", "aws:sourceorgpaths", "kms:calleraccount", "aws:securetransport", "aws:currenttime", "aws:epochtime",
	"s3:dataaccesspointaccount", "s3:dataaccesspointarn",
}

// isTag reports whether a key is about a tag, which both sides know.
func isTag(key string) bool {
	for _, prefix := range []string{"aws:principaltag/", "aws:resourcetag/", "s3:buckettag/"} {
		if len(key) > len(prefix) && key[:len(prefix)] == prefix {
			return true
		}
	}
	return false
}

func intersect(keys, names []string) (out []string) {
	for _, key := range keys {
		if slices.Contains(names, key) {
			out = append(out, key)
		}
	}
	return out
}
