package terraform

import (
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"pathfinder/collector/overlay"
	"pathfinder/collector/snapshot"
	"pathfinder/graphmodel/arn"
	"pathfinder/graphmodel/inventory"
)

// putFunction makes a Lambda function, which has no policy until somebody adds a
// permission.
func putFunction(r *instance) {
	text, ok := r.text("arn")
	if !ok {
		r.plan.gap(r, "its ARN is known only after apply, so it is missing from the answers")
		return
	}
	if r.old() == nil {
		r.plan.edit.PutResource(r.place.account, snapshot.Resource{
			ARN: text, Type: "AWS::Lambda::Function", Region: arn.Region(text), Tags: r.resourceTags(),
			Policy: snapshot.None[jsontext.Value](), URLs: snapshot.None[[]snapshot.FunctionURL](), Roles: r.executionRole(),
		})
		return
	}
	if !r.unchanged("role") {
		r.plan.edit.EditResource(text, "role", func(f *snapshot.Resource) { f.Roles = r.executionRole() })
	}
	if !r.sameTags() {
		r.plan.edit.EditResource(text, "tags", func(f *snapshot.Resource) { f.Tags = r.resourceTags() })
	}
}

// executionRole returns the role whose sessions the function hands to its code.
func (r *instance) executionRole() []string {
	role, ok := r.text("role")
	if ok && role != "" && !arn.Is(role) { // found out by name
		role = r.plan.edit.Find(overlay.Entity{Account: r.place.account, Kind: overlay.Role, Name: role})
		ok = role != ""
	}
	if !ok {
		r.plan.gap(r, "as which role it runs is known only after apply")
	}
	if !ok || role == "" {
		return nil
	}
	return []string{role}
}

// putFunctionURL follows what the provider does beside making a URL that asks
// for no signature: it adds the permission that opens it, which stays when the
// URL goes.
func putFunctionURL(r *instance) {
	auth, known := r.text("authorization_type")
	function, ok := r.target("function_name")
	if !ok {
		return
	}
	r.setURL(r.functionARN(function), str(r.after["qualifier"]), auth)
	if r.old() != nil || known && auth != "NONE" {
		return
	}
	if !known || str(r.after["qualifier"]) != "" || r.maybe("qualifier") {
		r.plan.lost(r, "the provider may add a permission for everybody to the policy of "+r.functionARN(function))
		return
	}
	r.permit(r.functionARN(function), overlay.Permission{
		Sid: "FunctionURLAllowPublicAccess", Action: "lambda:InvokeFunctionUrl", Principal: "*", FunctionURLAuthType: "NONE",
	})
}

func removeFunctionURL(r *instance) {
	r.setURL(r.functionARN(r.was("function_name")), r.was("qualifier"), "")
}

// setURL sets how callers of the URL of a function or an alias are told; "" for no
// URL.
func (r *instance) setURL(function, qualifier, auth string) {
	own := function
	if qualifier != "" {
		own += ":" + qualifier
	}
	r.ifThere(function, "URLs", func(f *snapshot.Resource) {
		if f.URLs.Known == inventory.NotRead {
			return
		}
		list := slices.DeleteFunc(slices.Clone(f.URLs.Value), func(u snapshot.FunctionURL) bool { return u.FunctionARN == own })
		if auth != "" {
			list = append(list, snapshot.FunctionURL{FunctionARN: own, AuthType: auth})
		}
		if f.URLs = snapshot.Have(list); len(list) == 0 {
			f.URLs = snapshot.None[[]snapshot.FunctionURL]()
		}
	})
}

// putPermission adds a statement. It can't be changed, only made anew.
func putPermission(r *instance) {
	text, ok := r.permitted()
	if !ok || r.old() != nil {
		return
	}
	sid, ok := r.text("statement_id")
	if !ok || sid == "" {
		sid = placeholder(str(r.after["statement_id_prefix"]), r.Address)
	}
	p := overlay.Permission{Sid: sid, InvokedViaURL: isTrue(r.after["invoked_via_function_url"])}
	for attr, to := range map[string]*string{
		"action": &p.Action, "principal": &p.Principal, "source_arn": &p.SourceARN, "source_account": &p.SourceAccount,
		"principal_org_id": &p.PrincipalOrgID, "event_source_token": &p.EventSourceToken, "function_url_auth_type": &p.FunctionURLAuthType,
	} {
		if *to, ok = r.text(attr); !ok {
			r.hide(text, attr)
			return
		}
	}
	r.permit(text, p)
}

// permitted returns the ARN of the function, version or alias whose policy a
// permission is added to.
func (r *instance) permitted() (string, bool) {
	function, ok := r.owner("function_name")
	if !ok {
		r.maybeOnResource("function_name", "aws_lambda_function")
		return "", false
	}
	text := r.functionARN(function)
	switch q, ok := r.text("qualifier"); {
	case !ok:
		r.plan.lost(r, "for which version or alias it is, is known only after apply, so it is missing from the answers")
		return "", false
	case q != "":
		return text + ":" + q, true
	}
	return text, true
}

// permit adds a statement. Versions and aliases have policies of their own, and
// those of a new function have none yet.
func (r *instance) permit(text string, p overlay.Permission) {
	r.qualified(text)
	r.plan.edit.AddPermission(text, p)
}

func (r *instance) qualified(text string) {
	if strings.Count(text, ":") != 7 {
		return
	}
	function := text[:strings.LastIndexByte(text, ':')]
	if _, there := r.plan.edit.Resource(text); there || !r.plan.makesFunction(function) {
		return
	}
	r.plan.edit.PutResource(arn.Account(text), snapshot.Resource{
		ARN: text, Type: "AWS::Lambda::Function", Region: arn.Region(text), Policy: snapshot.None[jsontext.Value](),
	})
}

// makesFunction reports whether the plan makes the function with this ARN.
func (p *planner) makesFunction(text string) bool {
	for _, r := range p.instances {
		if r.Type == "aws_lambda_function" && r.makes() {
			if own, ok := r.text("arn"); ok && own == text {
				return true
			}
		}
	}
	return false
}

// hide makes the policy of a function unreadable: a statement of it is not known.
func (r *instance) hide(text, attr string) {
	r.qualified(text)
	r.setPolicy(text, r.unknownDocument(attr))
}

func removePermission(r *instance) {
	text := r.functionARN(r.was("function_name"))
	if q := r.was("qualifier"); q != "" {
		text += ":" + q
	}
	r.plan.edit.RemovePermission(text, r.was("statement_id"))
}
