package overlay

import (
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"pathfinder/collector/snapshot"
	"pathfinder/graphmodel/arn"
)

// PutInline puts an inline policy, which replaces one of its name.
func (e *Editor) PutInline(who Entity, name string, document jsontext.Value) {
	h := e.holder(who, "inline policy "+name)
	if h == nil {
		return
	}
	for i := range *h.inline {
		p := &(*h.inline)[i]
		if p.PolicyName != name {
			continue
		}
		if !sameDocument(p.PolicyDocument, document) {
			p.PolicyDocument = document
			e.did(*h.arn, "inline policy "+name+" changed")
		}
		return
	}
	*h.inline = append(*h.inline, snapshot.InlinePolicy{PolicyName: name, PolicyDocument: document})
	e.did(*h.arn, "inline policy "+name+" added")
}

// RemoveInline takes an inline policy away.
func (e *Editor) RemoveInline(who Entity, name string) {
	e.keepInline(who, func(n string) bool { return n != name })
}

// KeepInline takes all inline policies away but those of these names.
func (e *Editor) KeepInline(who Entity, names []string) {
	e.keepInline(who, func(n string) bool { return slices.Contains(names, n) })
}

func (e *Editor) keepInline(who Entity, keep func(name string) bool) {
	h := e.present(who)
	if h == nil {
		return
	}
	*h.inline = slices.DeleteFunc(*h.inline, func(p snapshot.InlinePolicy) bool {
		if keep(p.PolicyName) {
			return false
		}
		e.did(*h.arn, "inline policy "+p.PolicyName+" removed")
		return true
	})
}

// present finds an entity to take something away from; when there is none,
// there is nothing to take away.
func (e *Editor) present(who Entity) *holder {
	d := e.iam(who.Account)
	if d == nil {
		return nil
	}
	return holderIn(d, who)
}

// Attach attaches a managed policy. When the account does not hold an AWS
// managed policy yet, another account's copy is taken.
func (e *Editor) Attach(who Entity, policy string) {
	h := e.holder(who, "policy "+policy)
	if h == nil {
		return
	}
	if slices.ContainsFunc(*h.attached, func(p snapshot.AttachedPolicy) bool { return p.PolicyARN == policy }) {
		return
	}
	*h.attached = append(*h.attached, snapshot.AttachedPolicy{PolicyARN: policy, PolicyName: lastName(policy)})
	e.borrow(who.Account, policy)
	e.did(*h.arn, "policy "+policy+" attached")
}

// Detach detaches a managed policy.
func (e *Editor) Detach(who Entity, policy string) {
	e.keepAttached(who, func(p string) bool { return p != policy })
}

// KeepAttached detaches all managed policies but these.
func (e *Editor) KeepAttached(who Entity, policies []string) {
	e.keepAttached(who, func(p string) bool { return slices.Contains(policies, p) })
}

func (e *Editor) keepAttached(who Entity, keep func(policy string) bool) {
	h := e.present(who)
	if h == nil {
		return
	}
	*h.attached = slices.DeleteFunc(*h.attached, func(p snapshot.AttachedPolicy) bool {
		if keep(p.PolicyARN) {
			return false
		}
		e.did(*h.arn, "policy "+p.PolicyARN+" detached")
		return true
	})
}

// Join makes a user a member of a group.
func (e *Editor) Join(account, user, group string) {
	who := Entity{account, User, user}
	h := e.holder(who, "membership in group "+group)
	if h == nil {
		return
	}
	u := e.user(who)
	if slices.ContainsFunc(u.GroupList, func(g string) bool { return strings.EqualFold(g, group) }) {
		return
	}
	if d := e.iam(account); d != nil {
		for _, g := range d.GroupDetailList {
			if named(group, g.GroupName, g.ARN) {
				group = lastName(g.ARN) // as it is written
			}
		}
	}
	u.GroupList = append(u.GroupList, group)
	e.did(u.ARN, "joined group "+group)
}

// Leave ends a user's membership in a group.
func (e *Editor) Leave(account, user, group string) {
	u := e.user(Entity{account, User, user})
	if u == nil {
		return
	}
	u.GroupList = slices.DeleteFunc(u.GroupList, func(g string) bool {
		if !strings.EqualFold(g, group) {
			return false
		}
		e.did(u.ARN, "left group "+group)
		return true
	})
}

func (e *Editor) user(who Entity) *snapshot.UserDetail {
	d := e.iam(who.Account)
	if d == nil {
		return nil
	}
	i := slices.IndexFunc(d.UserDetailList, func(u *snapshot.UserDetail) bool { return named(who.Name, u.UserName, u.ARN) })
	if i < 0 {
		return nil
	}
	return d.UserDetailList[i]
}

// PutPolicy makes a managed policy, or gives it a new default version. policy is
// its ARN, which names the account.
func (e *Editor) PutPolicy(policy string, document jsontext.Value) {
	account := arn.Account(policy)
	d := e.iam(account)
	if d == nil {
		e.notRead(account, policy)
		return
	}
	p := managed(d, policy)
	if p == nil {
		d.Policies = append(d.Policies, &snapshot.ManagedPolicy{
			PolicyName: lastName(policy), ARN: policy, Path: pathOf(policy),
			DefaultVersionID:  "v1",
			PolicyVersionList: []snapshot.PolicyVersion{{VersionID: "v1", IsDefaultVersion: true, Document: document}},
		})
		e.did(policy, "created")
		return
	}
	for i := range p.PolicyVersionList {
		v := &p.PolicyVersionList[i]
		if v.IsDefaultVersion || v.VersionID == p.DefaultVersionID {
			if sameDocument(v.Document, document) {
				return
			}
			break
		}
	}
	// The number of the new version is AWS's to give; nothing depends on it.
	const next = "new"
	p.DefaultVersionID = next
	p.PolicyVersionList = []snapshot.PolicyVersion{{VersionID: next, IsDefaultVersion: true, Document: document}}
	e.did(policy, "new default version")
}

// RemovePolicy takes a managed policy away. What it is still attached to makes
// AWS refuse that, so the attachment stays, with a content that is not known.
func (e *Editor) RemovePolicy(policy string) {
	account := arn.Account(policy)
	d := e.iam(account)
	if d == nil {
		e.notRead(account, policy)
		return
	}
	if managed(d, policy) == nil {
		return
	}
	d.Policies = slices.DeleteFunc(d.Policies, func(p *snapshot.ManagedPolicy) bool { return p.ARN == policy })
	e.did(policy, "removed")
}

func managed(d *snapshot.AuthorizationDetails, policy string) *snapshot.ManagedPolicy {
	for _, p := range d.Policies {
		if p.ARN == policy {
			return p
		}
	}
	return nil
}

// borrow gives an account the AWS managed policy that it starts to use, from
// another account that holds it. AWS keeps one text of it for all.
func (e *Editor) borrow(account, policy string) {
	if arn.Account(policy) != "aws" {
		return
	}
	d := e.iam(account)
	if managed(d, policy) != nil {
		return
	}
	for _, a := range e.s.Accounts {
		if a.IAM == nil {
			continue
		}
		if p := managed(a.IAM, policy); p != nil {
			c := *p
			d.Policies = append(d.Policies, &c)
			return
		}
	}
}

// lastName returns the name at the end of an IAM ARN.
func lastName(text string) string {
	res := arn.Resource(text)
	return res[strings.LastIndexByte(res, '/')+1:]
}

// pathOf returns the path in an IAM ARN.
func pathOf(text string) string {
	_, rest, ok := strings.Cut(arn.Resource(text), "/")
	if !ok {
		return "/"
	}
	return "/" + rest[:strings.LastIndexByte(rest, '/')+1]
}
