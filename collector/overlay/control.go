package overlay

import (
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"pathfinder/collector/snapshot"
	"pathfinder/graphmodel/arn"
)

// PutControl makes or changes a policy of the organization, such as an SCP.
func (e *Editor) PutControl(p snapshot.PolicySummary, content jsontext.Value) {
	o := e.organization(p.ID)
	if o == nil {
		return
	}
	for i := range o.Policies {
		before := &o.Policies[i]
		if before.PolicySummary.ID != p.ID {
			continue
		}
		if !sameDocument(before.Content, content) {
			before.Content = content
			e.did(p.ID, "content changed")
		}
		if before.PolicySummary.Name != p.Name {
			before.PolicySummary.Name = p.Name
			e.did(p.ID, "renamed")
		}
		return
	}
	o.Policies = append(o.Policies, snapshot.OrganizationPolicy{PolicySummary: p, Content: content})
	e.did(p.ID, "created")
}

// RemoveControl takes a policy of the organization away from everywhere.
func (e *Editor) RemoveControl(id string) {
	o := e.organization(id)
	if o == nil {
		return
	}
	n := len(o.Policies)
	o.Policies = slices.DeleteFunc(o.Policies, func(p snapshot.OrganizationPolicy) bool { return p.PolicySummary.ID == id })
	if len(o.Policies) < n {
		e.did(id, "removed")
	}
}

// AttachControl attaches a policy of the organization to the root, a unit or an
// account.
func (e *Editor) AttachControl(id, target string) {
	o := e.organization(id)
	if o == nil {
		return
	}
	for i := range o.Policies {
		p := &o.Policies[i]
		if p.PolicySummary.ID != id {
			continue
		}
		if !slices.Contains(p.Targets, target) {
			p.Targets = append(p.Targets, target)
			e.did(target, "policy "+id+" attached")
		}
		return
	}
	e.Gap(snapshot.Gap{Service: "organizations", What: id, Why: "it is attached to " + target + ", but the snapshot does not hold the policy"})
}

// PutUnknownControl attaches a policy of the organization that can't be read to a
// target; "" for the root, and so for all that hangs in it. It stands for one of
// kind that may be attached there.
func (e *Editor) PutUnknownControl(id, kind, target, why string) {
	o := e.organization(id)
	if o == nil {
		return
	}
	if target == "" {
		if o.Root == nil {
			e.Gap(snapshot.Gap{Service: "organizations", What: id, Why: "it may be attached to the root, but the snapshot does not hold the root: " + why})
			return
		}
		target = o.Root.ID
	}
	e.PutControl(snapshot.PolicySummary{ID: id, Name: id, Type: kind}, Unknown(why))
	e.AttachControl(id, target)
}

// DetachControl detaches a policy of the organization.
func (e *Editor) DetachControl(id, target string) {
	o := e.organization(id)
	if o == nil {
		return
	}
	for i := range o.Policies {
		if p := &o.Policies[i]; p.PolicySummary.ID == id && slices.Contains(p.Targets, target) {
			p.Targets = slices.DeleteFunc(p.Targets, func(t string) bool { return t == target })
			e.did(target, "policy "+id+" detached")
		}
	}
}

func (e *Editor) detachAll(o *snapshot.Organization, target string) {
	for i := range o.Policies {
		e.DetachControl(o.Policies[i].PolicySummary.ID, target)
	}
}

// The policies that AWS attaches to each new unit and account when their type
// is enabled (Organizations guide, "Service control policies (SCPs)" and
// "Resource control policies (RCPs)").
const (
	fullAccess    = "p-FullAWSAccess"
	rcpFullAccess = "p-RCPFullAWSAccess"
)

func (e *Editor) byDefault(o *snapshot.Organization, target string) {
	for i := range o.Policies {
		if id := o.Policies[i].PolicySummary.ID; id == fullAccess || id == rcpFullAccess {
			e.AttachControl(id, target)
		}
	}
}

// SetOrganizationPolicy sets the organization's own resource policy.
func (e *Editor) SetOrganizationPolicy(policy snapshot.Fact[jsontext.Value]) {
	o := e.organization("resource policy")
	if o == nil || sameFact(o.ResourcePolicy, policy) || sameDocument(o.ResourcePolicy.Value, policy.Value) && o.ResourcePolicy.Known == policy.Known {
		return
	}
	o.ResourcePolicy = policy
	e.did(o.Organization.ID, "resource policy changed")
}

// SetPolicyType enables or disables a type of policies in the root. As AWS does,
// enabling one that allows attaches its AWS managed policy that allows
// everything to the root, all units and all accounts, and disabling a type
// detaches all its policies (Organizations guide, "Enabling a policy type" and
// "Disabling a policy type").
func (e *Editor) SetPolicyType(kind string, enabled bool) {
	o := e.organization("policy type " + kind)
	if o == nil || o.Root == nil {
		return
	}
	status := "ENABLED"
	if !enabled {
		status = "DISABLED"
	}
	i := slices.IndexFunc(o.Root.PolicyTypes, func(t snapshot.PolicyType) bool { return t.Type == kind })
	switch {
	case i < 0 && !enabled, i >= 0 && o.Root.PolicyTypes[i].Status == status:
		return
	case i < 0:
		o.Root.PolicyTypes = append(o.Root.PolicyTypes, snapshot.PolicyType{Type: kind, Status: status})
	default:
		o.Root.PolicyTypes[i].Status = status
	}
	e.did(o.Root.ID, "policy type "+kind+" "+status)
	if enabled {
		e.allowAll(o, kind)
		return
	}
	for i := range o.Policies {
		if o.Policies[i].PolicySummary.Type == kind {
			o.Policies[i].Targets = nil
		}
	}
}

// allowAll attaches the AWS managed policy of a type, if it has one, to
// everything. A snapshot of an organization in which the type was never enabled
// lacks the policy.
func (e *Editor) allowAll(o *snapshot.Organization, kind string) {
	var p snapshot.OrganizationPolicy
	switch kind {
	case "SERVICE_CONTROL_POLICY":
		p.PolicySummary = snapshot.PolicySummary{ID: fullAccess, Name: "FullAWSAccess"}
		p.Content = jsontext.Value(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`)
	case "RESOURCE_CONTROL_POLICY":
		p.PolicySummary = snapshot.PolicySummary{ID: rcpFullAccess, Name: "RCPFullAWSAccess"}
		p.Content = jsontext.Value(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}]}`)
	default:
		return
	}
	summary := &p.PolicySummary
	summary.Type, summary.AWSManaged = kind, true
	if partition := arn.Partition(o.Organization.ARN); partition != "" {
		summary.ARN = "arn:" + partition + ":organizations::aws:policy/" + strings.ToLower(kind) + "/" + summary.ID
	}
	i := slices.IndexFunc(o.Policies, func(p snapshot.OrganizationPolicy) bool { return p.PolicySummary.ID == summary.ID })
	if i < 0 {
		i = len(o.Policies)
		o.Policies = append(o.Policies, p)
	}
	targets := within(o.Root)
	for _, a := range o.Accounts {
		targets = append(targets, a.ID)
	}
	to := &o.Policies[i].Targets
	for _, target := range targets {
		if !slices.Contains(*to, target) {
			*to = append(*to, target)
		}
	}
	e.did(o.Root.ID, "policy "+summary.ID+" attached to all that hangs in it")
}

// within lists the ids of a unit, of what hangs in it, and so on.
func within(u *snapshot.OrganizationalUnit) []string {
	out := append([]string{u.ID}, u.Accounts...)
	for _, child := range u.OrganizationalUnits {
		out = append(out, within(child)...)
	}
	return out
}
