package catalog

import (
	"strings"

	"pathfinder/graphmodel/catalog/internal/packed"
)

// An ActionID is the place of an action among all actions, sorted by
// lower-case full name. Ids are dense; they change with [DataVersion].
type ActionID uint32

// An Action is one permission that a policy can name.
type Action struct {
	ID     ActionID
	Name   string // in full and in AWS's spelling, such as "s3:GetObject"
	Access AccessLevel

	// ResourceTypes are the types that a request's resource can be.
	ResourceTypes []ResourceRef
	// WildcardOnly is set if there are none: the request's resource is "*".
	WildcardOnly bool
	// PermissionOnly is set if no API operation has this name.
	PermissionOnly bool
	// ConditionKeys are the keys that do not depend on the resource type.
	ConditionKeys []string
	// DependsOn are the full names of actions needed to use this one fully.
	DependsOn []string
}

// Service returns the service prefix of a.
func (a Action) Service() string {
	service, _, _ := strings.Cut(a.Name, ":")
	return service
}

// A ResourceRef is the use of a resource type by an action.
type ResourceRef struct {
	Type *ResourceType
	// Required is set if every request names a resource of this type. Several
	// types of one action can be required, as for ec2:RunInstances.
	Required bool
	// ConditionKeys are the keys that the source lists for this pair.
	ConditionKeys []string
}

// A ResourceType is a kind of resource that a service authorizes access to.
// Some services list types that belong to another: sts has the roles of iam.
type ResourceType struct {
	Service string   // prefix of the actions that use the type
	Name    string   // unique within the service, such as "object"
	ARNs    []string // patterns, such as arn:${Partition}:s3:::${BucketName}/${ObjectName}
	// ConditionKeys are the keys that describe resources of this type.
	ConditionKeys []string
}

// An AccessLevel is the set of ways in which an action touches an account.
type AccessLevel uint8

// The access levels, in the order in which String names them.
const (
	AccessList        = AccessLevel(packed.AccessList)
	AccessPermissions = AccessLevel(packed.AccessPermissions) // can change who has access
	AccessRead        = AccessLevel(packed.AccessRead)
	AccessTagging     = AccessLevel(packed.AccessTagging)
	AccessWrite       = AccessLevel(packed.AccessWrite)
)

var accessNames = [...]string{"List", "Permissions management", "Read", "Tagging", "Write"}

// Has reports whether l has every level of want.
func (l AccessLevel) Has(want AccessLevel) bool { return l&want == want }

// String returns the level as AWS's documentation writes it, such as
// "Permissions management, Write".
func (l AccessLevel) String() string {
	var words []string
	for i, name := range accessNames {
		if l&(1<<i) != 0 {
			words = append(words, name)
		}
	}
	return strings.Join(words, ", ")
}
