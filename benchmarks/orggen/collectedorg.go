package orggen

import (
	"strings"

	"pathfinder/collector/snapshot"
)

// A nodeOf is an entry of structure.json.
type nodeOf struct {
	Children map[string]nodeOf `json:"children,omitempty"`
	Accounts []string          `json:"accounts,omitempty"`
}

// A targetOf is an entry of ous.json or accounts.json.
type targetOf struct {
	Parent string   `json:"parent,omitempty"` // of units
	Unit   string   `json:"ou,omitempty"`     // of accounts
	SCPs   []string `json:"scps"`
	RCPs   []string `json:"rcps"`
}

// Organization writes the folder of the organization.
func (c *collected) Organization(o *snapshot.Organization, _ Names) error {
	info := &o.Organization
	c.org = info.ID
	w := orgWriter{c, "organizations/" + info.ID + "/", make(map[string]*targetOf), make(map[string]*targetOf), make(map[string]string)}
	for i := range o.Accounts {
		w.arns[o.Accounts[i].ID] = o.Accounts[i].ARN
	}
	structure := map[string]nodeOf{o.Root.ID: w.unit(o.Root, "")}
	for i := range o.Policies {
		if err := w.policy(&o.Policies[i]); err != nil {
			return err
		}
	}
	delegated := make(map[string][]string)
	for _, d := range o.DelegatedAdministrators {
		for _, service := range d.ServicePrincipals {
			delegated[service] = append(delegated[service], d.ID)
		}
	}
	for _, f := range []part{
		{"metadata", map[string]any{
			"id": info.ID, "arn": info.ARN, "rootOu": o.Root.ID, "rootAccountArn": info.MasterAccountARN, "rootAccountId": info.MasterAccountID,
			"features": map[string]bool{"SERVICE_CONTROL_POLICY": true, "RESOURCE_CONTROL_POLICY": true},
		}},
		{"structure", structure},
		{"ous", w.units},
		{"accounts", w.accounts},
		{"delegated-admins", delegated},
	} {
		if err := c.write(w.folder+f.name+".json", f.content); err != nil {
			return err
		}
	}
	return w.names(o.Root)
}

// An orgWriter writes an organization.
type orgWriter struct {
	*collected
	folder          string
	units, accounts map[string]*targetOf
	arns            map[string]string // of accounts
}

func newTarget() *targetOf { return &targetOf{SCPs: []string{}, RCPs: []string{}} }

// unit makes the entry of a unit and the targets below it.
func (w *orgWriter) unit(u *snapshot.OrganizationalUnit, parent string) nodeOf {
	w.units[u.ID] = newTarget()
	w.units[u.ID].Parent = parent
	var n nodeOf
	for _, id := range u.Accounts {
		n.Accounts = append(n.Accounts, w.arns[id])
		w.accounts[id] = newTarget()
		w.accounts[id].Unit = u.ID
	}
	for _, child := range u.OrganizationalUnits {
		if n.Children == nil {
			n.Children = make(map[string]nodeOf)
		}
		n.Children[child.ID] = w.unit(child, u.ID)
	}
	return n
}

// names writes what units are called.
func (w *orgWriter) names(u *snapshot.OrganizationalUnit) error {
	err := w.write(w.folder+"ous/"+u.ID+"/metadata.json", map[string]string{"arn": u.ARN, "name": u.Name})
	for _, child := range u.OrganizationalUnits {
		if err == nil {
			err = w.names(child)
		}
	}
	return err
}

// policy writes a control policy and notes what it is attached to.
func (w *orgWriter) policy(p *snapshot.OrganizationPolicy) error {
	s, folder := &p.PolicySummary, w.folder+"scps/"
	isRCP := s.Type == "RESOURCE_CONTROL_POLICY"
	if isRCP {
		folder = w.folder + "rcps/"
	}
	for _, id := range p.Targets {
		t := w.units[id]
		if t == nil {
			t = w.accounts[id]
		}
		if isRCP {
			t.RCPs = append(t.RCPs, s.ARN)
		} else {
			t.SCPs = append(t.SCPs, s.ARN)
		}
	}
	folder += strings.ToLower(s.ID)
	if err := w.write(folder+"/metadata.json", map[string]any{"arn": s.ARN, "name": s.Name, "awsManaged": s.AWSManaged}); err != nil {
		return err
	}
	return w.write(folder+"/policy.json", p.Content)
}
