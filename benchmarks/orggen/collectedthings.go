package orggen

import (
	"pathfinder/collector/snapshot"
	"pathfinder/graphmodel/inventory"
)

// identities writes users, groups, roles and policies.
func (c *collected) identities(id string, d *snapshot.AuthorizationDetails) error {
	for _, u := range d.UserDetailList {
		var groups []string
		for _, name := range u.GroupList {
			groups = append(groups, "arn:aws:iam::"+id+":group/"+name)
		}
		m := about(u.ARN, u.Path, u.UserID, u.UserName, u.CreateDate)
		if err := c.thing(id, u.ARN, part{"metadata", bounded(m, u.PermissionsBoundary)}, part{"inline-policies", u.UserPolicyList},
			part{"managed-policies", arnsOf(u.AttachedManagedPolicies)}, part{"groups", groups}, part{"tags", u.Tags}); err != nil {
			return err
		}
	}
	for _, g := range d.GroupDetailList {
		if err := c.thing(id, g.ARN, part{"metadata", about(g.ARN, g.Path, g.GroupID, g.GroupName, g.CreateDate)},
			part{"inline-policies", g.GroupPolicyList}, part{"managed-policies", arnsOf(g.AttachedManagedPolicies)}); err != nil {
			return err
		}
	}
	for _, r := range d.RoleDetailList {
		var profiles []string
		for _, p := range r.InstanceProfileList {
			profiles = append(profiles, p.ARN)
		}
		m := about(r.ARN, r.Path, r.RoleID, r.RoleName, r.CreateDate)
		if err := c.thing(id, r.ARN, part{"metadata", bounded(m, r.PermissionsBoundary)}, part{"trust-policy", r.AssumeRolePolicyDocument},
			part{"inline-policies", r.RolePolicyList}, part{"managed-policies", arnsOf(r.AttachedManagedPolicies)},
			part{"instance-profiles", profiles}, part{"tags", r.Tags}); err != nil {
			return err
		}
	}
	for _, p := range d.Policies {
		m := map[string]string{"arn": p.ARN, "path": p.Path, "id": p.PolicyID, "name": p.PolicyName, "defaultVersionId": p.DefaultVersionID}
		if err := c.thing(id, p.ARN, part{"metadata", m}, part{"current-policy", p.PolicyVersionList[0].Document}); err != nil {
			return err
		}
	}
	return nil
}

func about(text, path, id, name, created string) map[string]string {
	return map[string]string{"arn": text, "path": path, "id": id, "name": name, "created": created}
}

// bounded adds the permissions boundary to the metadata of a principal.
func bounded(m map[string]string, b *snapshot.PermissionsBoundary) map[string]string {
	if b != nil {
		m["permissionBoundary"] = b.PermissionsBoundaryARN
	}
	return m
}

func arnsOf(list []snapshot.AttachedPolicy) (out []string) {
	for _, p := range list {
		out = append(out, p.PolicyARN)
	}
	return out
}

func (c *collected) providers(id string, p *snapshot.IdentityProviders) error {
	for _, o := range p.OpenIDConnectProviders {
		if err := c.thing(id, o.ARN, part{"metadata", map[string]any{"arn": o.ARN, "url": o.URL, "audiences": o.ClientIDList}}); err != nil {
			return err
		}
	}
	for _, s := range p.SAMLProviders {
		if err := c.thing(id, s.ARN, part{"metadata", map[string]string{"arn": s.ARN}}); err != nil {
			return err
		}
	}
	return nil
}

// resource writes the folder of a resource.
func (c *collected) resource(id string, res *snapshot.Resource) error {
	m := map[string]any{"arn": res.ARN}
	var parts []part
	block := res.PublicAccessBlock
	switch res.Type {
	case bucket:
		m["name"], m["region"], m["abacEnabled"] = res.Name, res.Region, res.ABAC
		algorithm := map[string]string{"SSEAlgorithm": "AES256"}
		if e := res.Encryption; e != nil {
			algorithm = map[string]string{"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": e.KMSKeyID}
		}
		parts = append(parts, part{"encryption", []any{map[string]any{"ApplyServerSideEncryptionByDefault": algorithm}}})
	case accessPoint:
		m["name"], m["bucket"] = res.Name, res.AccessPoint.Bucket
		m["bucketAccount"], m["networkOrigin"] = res.AccessPoint.BucketAccountID, res.AccessPoint.NetworkOrigin
		block = res.AccessPoint.PublicAccessBlock
	case secret:
		m["name"] = res.Name
	case function:
		if len(res.Roles) > 0 {
			m["role"] = res.Roles[0]
		}
	}
	parts = append(parts, part{"metadata", m})
	if block.Known == inventory.Have {
		parts = append(parts, part{"bpa", block.Value})
	}
	if p := res.Policy.Value; p != nil {
		parts = append(parts, part{"policy", p})
	}
	if tags := res.Tags.Value; tags != nil {
		parts = append(parts, part{"tags", tags})
	}
	return c.thing(id, res.ARN, parts...)
}
