package overlay

import (
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"pathfinder/collector/snapshot"
	"pathfinder/graphmodel/arn"
	"pathfinder/graphmodel/inventory"
)

// A Permission is what lambda:AddPermission is given.
type Permission struct {
	Sid                 string
	Action              string // such as lambda:InvokeFunction
	Principal           string // a service, an account id, an ARN, or "*"
	SourceARN           string
	SourceAccount       string
	PrincipalOrgID      string
	EventSourceToken    string
	FunctionURLAuthType string
	InvokedViaURL       bool // InvokedViaFunctionUrl
}

// statement returns the statement that Lambda writes into the policy of a
// function (Lambda guide, "Working with resource-based IAM policies in Lambda",
// and the API reference of AddPermission).
func (p *Permission) statement(function string) jsontext.Value {
	type block = map[string]map[string]string
	conditions := block{}
	add := func(operator, key, value string) {
		if value == "" {
			return
		}
		if conditions[operator] == nil {
			conditions[operator] = map[string]string{}
		}
		conditions[operator][key] = value
	}
	add("StringEquals", "AWS:SourceAccount", p.SourceAccount)
	add("StringEquals", "aws:PrincipalOrgID", p.PrincipalOrgID)
	add("StringEquals", "lambda:EventSourceToken", p.EventSourceToken)
	add("StringEquals", "lambda:FunctionUrlAuthType", p.FunctionURLAuthType)
	add("ArnLike", "AWS:SourceArn", p.SourceARN)
	if p.InvokedViaURL {
		add("Bool", "lambda:InvokedViaFunctionUrl", "true")
	}
	st := map[string]any{"Sid": p.Sid, "Effect": "Allow", "Action": p.Action, "Resource": function}
	switch {
	case p.Principal == "*":
		st["Principal"] = "*"
	case arn.IsAccountID(p.Principal):
		st["Principal"] = map[string]string{"AWS": "arn:" + arn.Partition(function) + ":iam::" + p.Principal + ":root"}
	case arn.Is(p.Principal):
		st["Principal"] = map[string]string{"AWS": p.Principal}
	default:
		st["Principal"] = map[string]string{"Service": p.Principal}
	}
	if len(conditions) > 0 {
		st["Condition"] = conditions
	}
	return written(st)
}

// AddPermission adds a statement to the policy of a Lambda function, version or
// alias, in place of one of its Sid. A function that the snapshot does not hold
// is not made: it would look as if this were its whole policy.
func (e *Editor) AddPermission(function string, p Permission) {
	e.EditResource(function, "policy", func(r *snapshot.Resource) {
		editStatements(r, func(list []jsontext.Value) []jsontext.Value {
			return append(without(list, p.Sid), p.statement(function))
		})
	})
}

// RemovePermission takes the statement with this Sid out of the policy of a
// Lambda function, version or alias.
func (e *Editor) RemovePermission(function, sid string) {
	if _, ok := e.Resource(function); !ok {
		return
	}
	e.EditResource(function, "policy", func(r *snapshot.Resource) {
		editStatements(r, func(list []jsontext.Value) []jsontext.Value { return without(list, sid) })
	})
}

// editStatements changes the statements of a resource's policy; no statement is
// no policy. A policy that was not read, or can't be, stays so.
func editStatements(r *snapshot.Resource, change func([]jsontext.Value) []jsontext.Value) {
	members := map[string]jsontext.Value{"Version": jsontext.Value(`"2012-10-17"`), "Id": jsontext.Value(`"default"`)}
	var list []jsontext.Value
	switch r.Policy.Known {
	case inventory.NotRead:
		return
	case inventory.Have:
		text, why := snapshot.DocumentText(r.Policy.Value)
		members = nil
		if why != "" || json.Unmarshal(text, &members) != nil {
			return
		}
		list, _ = listOf(members["Statement"])
	case inventory.None:
	}
	if list = change(list); len(list) == 0 {
		r.Policy = snapshot.None[jsontext.Value]()
		return
	}
	members["Statement"] = written(list)
	r.Policy = snapshot.Have(written(members))
}

// without returns the statements that do not have this Sid.
func without(list []jsontext.Value, sid string) (out []jsontext.Value) {
	for _, raw := range list {
		var st struct {
			Sid string `json:"Sid"`
		}
		if json.Unmarshal(raw, &st) == nil && st.Sid == sid {
			continue
		}
		out = append(out, raw)
	}
	return out
}
