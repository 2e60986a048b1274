package overlay

import (
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"pathfinder/collector/snapshot"
)

// A Kind tells the kinds of IAM entities that carry policies.
type Kind uint8

// The kinds of entities.
const (
	KindInvalid Kind = iota
	User
	Group
	Role
)

// String returns the word that ARNs use.
func (k Kind) String() string {
	return [...]string{"invalid", "user", "group", "role"}[min(k, Role)]
}

// An Entity names an IAM user, group or role. IAM compares names without case.
type Entity struct {
	Account string
	Kind    Kind
	Name    string
}

// Attributes are what an entity has of its own, besides what hangs on it.
type Attributes struct {
	Path     string         // of a new one; "" means "/"
	ID       string         // unique id; "": not known
	Tags     snapshot.Tags  // nil: none, or as they were
	Boundary string         // ARN of the permissions boundary; "": none
	Trust    jsontext.Value // of a role; nil: as it was
}

// EntityARN returns the ARN of an entity with this path; "" means "/".
func (e *Editor) EntityARN(who Entity, path string) string {
	if path == "" {
		path = "/"
	}
	return "arn:" + e.Partition(who.Account) + ":iam::" + who.Account + ":" + who.Kind.String() + path + who.Name
}

// Find returns the ARN of an entity of the snapshot as edited so far; "" when
// there is none.
func (e *Editor) Find(who Entity) string {
	if a := e.find(who.Account); a != nil && a.IAM != nil {
		if h := holderIn(a.IAM, who); h != nil {
			return *h.arn
		}
	}
	return ""
}

// Put makes an entity, or gives one that is there these attributes. The path of
// one that is there stays (see [Editor.Rename]), and what hangs on it too.
func (e *Editor) Put(who Entity, a Attributes) {
	d := e.iam(who.Account)
	text := e.EntityARN(who, a.Path)
	if d == nil {
		e.notRead(who.Account, text)
		return
	}
	if h := holderIn(d, who); h != nil {
		e.change(h, a)
		return
	}
	path := a.Path
	if path == "" {
		path = "/"
	}
	switch who.Kind {
	case User:
		d.UserDetailList = append(d.UserDetailList, &snapshot.UserDetail{
			Path: path, UserName: who.Name, UserID: a.ID, ARN: text, Tags: a.Tags, PermissionsBoundary: boundary(a.Boundary),
		})
	case Group:
		d.GroupDetailList = append(d.GroupDetailList, &snapshot.GroupDetail{Path: path, GroupName: who.Name, GroupID: a.ID, ARN: text})
	case Role:
		trust := a.Trust
		if trust == nil {
			trust = Unknown("the trust policy is not known")
		}
		d.RoleDetailList = append(d.RoleDetailList, &snapshot.RoleDetail{
			Path: path, RoleName: who.Name, RoleID: a.ID, ARN: text, Tags: a.Tags,
			PermissionsBoundary: boundary(a.Boundary), AssumeRolePolicyDocument: trust,
		})
	case KindInvalid:
		panic("BUG: an entity without kind")
	}
	e.borrow(who.Account, a.Boundary)
	e.did(text, "created")
}

// change gives an entity that is there new attributes.
func (e *Editor) change(h *holder, a Attributes) {
	if a.Tags != nil && h.tags != nil && !sameTags(*h.tags, a.Tags) {
		*h.tags = a.Tags
		e.did(*h.arn, "tags changed")
	}
	if a.Trust != nil && h.trust != nil && !sameDocument(*h.trust, a.Trust) {
		*h.trust = a.Trust
		e.did(*h.arn, "trust policy changed")
	}
	e.bound(h, a.Boundary)
}

func (e *Editor) bound(h *holder, policy string) {
	if h.boundary == nil {
		return // groups have none
	}
	before := ""
	if *h.boundary != nil {
		before = (*h.boundary).PermissionsBoundaryARN
	}
	switch {
	case before == policy:
	case policy == "":
		*h.boundary = nil
		e.did(*h.arn, "permissions boundary removed")
	default:
		*h.boundary = boundary(policy)
		e.borrow(h.account, policy)
		e.did(*h.arn, "permissions boundary set")
	}
}

// Remove takes an entity away with all that hangs on it: inline policies,
// attachments, memberships, and a role's places in instance profiles. Policies
// that name it keep its unique id, which nobody has any more.
func (e *Editor) Remove(who Entity) {
	d := e.iam(who.Account)
	if d == nil {
		e.notRead(who.Account, e.EntityARN(who, ""))
		return
	}
	h := holderIn(d, who)
	if h == nil {
		return
	}
	text := *h.arn
	id := *h.id
	switch who.Kind {
	case User:
		d.UserDetailList = slices.DeleteFunc(d.UserDetailList, func(u *snapshot.UserDetail) bool { return u.ARN == text })
	case Group:
		d.GroupDetailList = slices.DeleteFunc(d.GroupDetailList, func(g *snapshot.GroupDetail) bool { return g.ARN == text })
		for _, u := range d.UserDetailList {
			u.GroupList = slices.DeleteFunc(u.GroupList, func(name string) bool { return strings.EqualFold(name, who.Name) })
		}
	case Role:
		d.RoleDetailList = slices.DeleteFunc(d.RoleDetailList, func(r *snapshot.RoleDetail) bool { return r.ARN == text })
	case KindInvalid:
	}
	e.did(text, "removed")
	if who.Kind != Group { // no policy can name a group
		e.renamePrincipal(text, deadID(who.Kind, id, text))
	}
}

// Rename gives a user or a group another path and name. Policies go on to name
// the user: they hold its unique id.
func (e *Editor) Rename(who Entity, path, name string) {
	d := e.iam(who.Account)
	if d == nil {
		e.notRead(who.Account, e.EntityARN(who, ""))
		return
	}
	h := holderIn(d, who)
	after := e.EntityARN(Entity{who.Account, who.Kind, name}, path)
	if h == nil || *h.arn == after || who.Kind == Role {
		return
	}
	if other := holderIn(d, Entity{who.Account, who.Kind, name}); other != nil && *other.arn != *h.arn {
		e.Gap(snapshot.Gap{Account: who.Account, Service: "iam", What: *h.arn, Why: "it is renamed to " + after + ", but there is one of this name"})
		return
	}
	before := *h.arn
	*h.arn = after
	for _, u := range d.UserDetailList {
		switch {
		case who.Kind == User && u.ARN == after:
			u.Path, u.UserName = path, name
		case who.Kind == Group:
			for i, g := range u.GroupList {
				if strings.EqualFold(g, who.Name) {
					u.GroupList[i] = name
				}
			}
		}
	}
	for _, g := range d.GroupDetailList {
		if who.Kind == Group && g.ARN == after {
			g.Path, g.GroupName = path, name
		}
	}
	e.did(before, "renamed to "+after)
	if who.Kind == User {
		e.renamePrincipal(before, after)
	}
}

func boundary(policy string) *snapshot.PermissionsBoundary {
	if policy == "" {
		return nil
	}
	return &snapshot.PermissionsBoundary{PermissionsBoundaryType: "Policy", PermissionsBoundaryARN: policy}
}
