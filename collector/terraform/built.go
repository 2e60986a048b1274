package terraform

import (
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// builtFor returns the document that an attribute refers to, when that is a
// aws_iam_policy_document whose parts are all known: Terraform puts off reading
// it when it depends on something that changes, known or not.
func (p *planner) builtFor(r *instance, attr string) (jsontext.Value, bool) {
	if r.config == nil {
		return nil, false
	}
	e := member(r.config.Expressions[attr])
	refs := leaves(words(e["references"]))
	if len(refs) != 1 {
		return nil, false
	}
	steps := traversal(refs[0])
	if len(steps) != 4 || steps[0].name != "data" || steps[1].name != "aws_iam_policy_document" ||
		steps[3].name != "json" && steps[3].name != "minified_json" {
		return nil, false
	}
	data := p.find(r.scope, joined(steps[:3]))
	if data == nil {
		return nil, false
	}
	return data.build()
}

// build writes the document of an aws_iam_policy_document, as the provider does
// (provider documentation, "Data Source: aws_iam_policy_document").
func (r *instance) build() (jsontext.Value, bool) {
	v := r.after
	for _, attr := range []string{"statement", "version", "policy_id", "source_json", "override_json", "source_policy_documents", "override_policy_documents"} {
		if r.maybe(attr) {
			return nil, false
		}
	}
	if str(v["source_json"])+str(v["override_json"]) != "" || len(words(v["source_policy_documents"]))+len(words(v["override_policy_documents"])) > 0 {
		return nil, false // merging by Sid is the provider's own art
	}
	version := str(v["version"])
	if version == "" {
		version = "2012-10-17"
	}
	statements := []any{}
	for _, st := range blocks(v, "statement") {
		statements = append(statements, statement(st))
	}
	doc, err := json.Marshal(map[string]any{"Version": version, "Statement": statements}, json.Deterministic(true))
	return doc, err == nil && len(statements) > 0
}

func statement(st map[string]any) map[string]any {
	out := map[string]any{"Effect": "Allow"}
	if s := str(st["effect"]); s != "" {
		out["Effect"] = s
	}
	if s := str(st["sid"]); s != "" {
		out["Sid"] = s
	}
	for attr, element := range map[string]string{
		"actions": "Action", "not_actions": "NotAction", "resources": "Resource", "not_resources": "NotResource",
	} {
		if list := words(st[attr]); len(list) > 0 {
			out[element] = dollars(list)
		}
	}
	for attr, element := range map[string]string{"principals": "Principal", "not_principals": "NotPrincipal"} {
		if p := principals(blocks(st, attr)); p != nil {
			out[element] = p
		}
	}
	conditions := map[string]map[string][]string{}
	for _, c := range blocks(st, "condition") {
		test, key := str(c["test"]), str(c["variable"])
		if conditions[test] == nil {
			conditions[test] = map[string][]string{}
		}
		conditions[test][key] = append(conditions[test][key], dollars(words(c["values"]))...)
	}
	if len(conditions) > 0 {
		out["Condition"] = conditions
	}
	return out
}

// dollars writes policy variables: &{…} stands for ${…}, which is Terraform's.
func dollars(list []string) []string {
	for i := range list {
		list[i] = strings.ReplaceAll(list[i], "&{", "${")
	}
	return list
}

func principals(list []map[string]any) any {
	out := map[string][]string{}
	for _, p := range list {
		kind, ids := str(p["type"]), words(p["identifiers"])
		if kind == "*" && len(ids) == 1 && ids[0] == "*" {
			return "*"
		}
		out[kind] = append(out[kind], dollars(ids)...)
	}
	if len(out) == 0 {
		return nil
	}
	return out
}
