package iamcollect

import (
	"maps"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"pathfinder/collector/snapshot"
	"pathfinder/graphmodel/arn"
)

// A center gathers what an account holds of IAM Identity Center: its folders say
// to which instance they belong, in any order.
type center struct {
	instances map[string]*snapshot.CenterInstance // by ARN
	sets      bool                                // a permission set was met
}

// instance returns the instance with an ARN, made when it is new.
func (c *center) instance(text string) *snapshot.CenterInstance {
	in := c.instances[text]
	if in == nil {
		if c.instances == nil {
			c.instances = make(map[string]*snapshot.CenterInstance)
		}
		in = &snapshot.CenterInstance{InstanceARN: text}
		c.instances[text] = in
	}
	return in
}

// file is what was gathered; nil when it is nothing.
func (c *center) file() *snapshot.IdentityCenter {
	if len(c.instances) == 0 {
		return nil
	}
	out := &snapshot.IdentityCenter{}
	for _, text := range slices.Sorted(maps.Keys(c.instances)) {
		out.Instances = append(out.Instances, *c.instances[text])
	}
	return out
}

// sso reads a folder of an instance or of a permission set, whose ARN is
// arn:aws:sso:::permissionSet/<instance>/<set>.
func (a *account) sso(f *folder, m *metadata) {
	parts := strings.Split(arn.Resource(m.arn), "/")
	switch {
	case parts[0] == "instance" && len(parts) == 2:
		in := a.center.instance(m.arn)
		in.IdentityStoreID, in.Region = m.text("identityStoreId"), m.text("region")
	case parts[0] == "permissionSet" && len(parts) == 3:
		a.center.sets = true
		in := a.center.instance("arn:" + arn.Partition(m.arn) + ":sso:::instance/" + parts[1])
		in.PermissionSets = append(in.PermissionSets, a.permissionSet(f, m))
	default:
		a.skipped["sso "+parts[0]]++
	}
}

func (a *account) permissionSet(f *folder, m *metadata) snapshot.PermissionSet {
	set := snapshot.PermissionSet{PermissionSetARN: m.arn, Name: m.text("name")}
	var managed []struct {
		ARN string `json:"Arn"`
	}
	a.has(f, "awsmanagedpolicies.json", &managed)
	for _, p := range managed {
		set.ManagedPolicies = append(set.ManagedPolicies, p.ARN)
	}
	type name struct {
		Name string `json:"Name"`
		Path string `json:"Path"`
	}
	var customer []name
	a.has(f, "customermanagedpolicies.json", &customer)
	for _, p := range customer {
		set.CustomerManagedPolicies = append(set.CustomerManagedPolicies, snapshot.CenterPolicyName{Name: p.Name, Path: p.Path})
	}
	if doc, ok := a.document(f, "inlinepolicy.json"); ok {
		set.InlinePolicy = snapshot.Have(doc)
	} else if a.opts.NothingDenied {
		set.InlinePolicy = snapshot.None[jsontext.Value]()
	}
	var boundary struct {
		ManagedPolicyARN string `json:"ManagedPolicyArn"`
		Customer         *name  `json:"CustomerManagedPolicyReference"`
	}
	if a.has(f, "permissionboundary.json", &boundary) {
		set.PermissionsBoundary = &snapshot.CenterBoundary{ManagedPolicyARN: boundary.ManagedPolicyARN}
		if c := boundary.Customer; c != nil {
			set.PermissionsBoundary.CustomerManagedPolicy = &snapshot.CenterPolicyName{Name: c.Name, Path: c.Path}
		}
	}
	set.Tags, _ = a.tags(f)
	return set
}

// directory reads a folder of a user or group of the identity store. Of people
// no more is kept than what names them.
func (a *account) directory(f *folder, m *metadata) {
	what, id, _ := strings.Cut(arn.Resource(m.arn), "/")
	instance := m.text("instanceArn")
	if id == "" || instance == "" {
		a.bad(m.file, "/arn", "%s names no id, or instanceArn no instance of Identity Center", quote(m.arn))
		return
	}
	in := a.center.instance(instance)
	switch what {
	case "user":
		in.Users = append(in.Users, snapshot.CenterUser{UserID: id, UserName: m.text("userName")})
	case "group":
		g := snapshot.CenterGroup{GroupID: id, DisplayName: m.text("displayName")}
		for _, member := range a.arns(f, "members.json") {
			g.Members = append(g.Members, lastPart(member))
		}
		in.Groups = append(in.Groups, g)
	case "membership": // said by the groups as well
	default:
		a.skipped["identitystore "+what]++
	}
}
