package orggen

import (
	"fmt"
	"slices"

	"pathfinder/collector/snapshot"
)

// A plan is what all accounts have to know of the organization.
type plan struct {
	cfg   Config
	names Names
	org   *snapshot.Organization
	index map[string]int
}

// The functions of accounts. Small organizations let one account do several.
const (
	securityAccount = 1
	toolingAccount  = 2
	sharedAccount   = 3
)

// maxShared bounds the accounts with shared services: one in fifty.
const maxShared = 5

func newPlan(cfg Config) (*plan, error) {
	cfg, err := cfg.filled()
	if err != nil {
		return nil, err
	}
	r := newRandom(cfg.Seed, whole)
	p := &plan{cfg: cfg, index: make(map[string]int, cfg.Accounts)}
	p.names.Organization = "o-" + r.text(lower, 10)
	for len(p.names.Accounts) < cfg.Accounts {
		id := r.text(digits[1:], 1) + r.text(digits, 11)
		if _, twice := p.index[id]; twice {
			continue
		}
		p.index[id] = len(p.names.Accounts)
		p.names.Accounts = append(p.names.Accounts, id)
	}
	at := func(i int) string { return p.names.Accounts[min(i, cfg.Accounts-1)] }
	n := &p.names
	n.Management, n.Security, n.Tooling = at(0), at(securityAccount), at(toolingAccount)
	for i := range min(maxShared, 1+cfg.Accounts/50) {
		n.Shared = append(n.Shared, at(sharedAccount+i))
	}
	n.Shared = slices.Compact(n.Shared)
	last := at(cfg.Accounts - 1)
	n.ArtifactsBucket = "org-artifacts-shared"
	n.Pipeline = "arn:aws:iam::" + n.Tooling + ":role/central-pipeline"
	n.Auditor = "arn:aws:iam::" + n.Security + ":role/security-auditor"
	n.Deployer = "arn:aws:iam::" + last + ":role/landing-zone/landing-zone-deploy"
	n.Reader = "arn:aws:iam::" + last + ":role/landing-zone/landing-zone-audit"
	n.BreakGlass = "arn:aws:iam::" + last + ":role/landing-zone/break-glass"
	p.organization(r)
	return p, nil
}

// units are the names of the units right below the root, and of the policy that
// each has beside those of the root.
var units = []struct{ name, policy string }{
	{"Workloads", "deny-guardrail-changes"},
	{"Infrastructure", "deny-guardrail-changes"},
	{"Sandbox", "deny-expensive"},
	{"Security", "deny-audit-changes"},
}

// organization builds the tree and hangs the accounts and policies into it.
func (p *plan) organization(r random) {
	n := &p.names
	base := "arn:aws:organizations::" + n.Management + ":"
	rootID := "r-" + r.text(lower, 4)
	root := &snapshot.OrganizationalUnit{
		ID: rootID, ARN: base + "root/" + n.Organization + "/" + rootID, Name: "Root",
		PolicyTypes: []snapshot.PolicyType{
			{Type: "SERVICE_CONTROL_POLICY", Status: "ENABLED"}, {Type: "RESOURCE_CONTROL_POLICY", Status: "ENABLED"},
		},
		Accounts: []string{n.Management},
	}
	p.org = &snapshot.Organization{
		Organization: snapshot.OrganizationInfo{
			ID: n.Organization, ARN: base + "organization/" + n.Organization, FeatureSet: "ALL",
			MasterAccountID: n.Management, MasterAccountARN: base + "account/" + n.Organization + "/" + n.Management,
		},
		Root: root,
	}
	t := &tree{random: r, base: base, org: n.Organization, suffix: rootID[2:], targets: map[string][]string{"root": {rootID}}, everything: []string{rootID}}
	leaves := t.grow(root, p.cfg.OUDepth)
	for i, id := range n.Accounts {
		t.everything = append(t.everything, id)
		p.org.Accounts = append(p.org.Accounts, snapshot.OrganizationAccount{
			ID: id, ARN: base + "account/" + n.Organization + "/" + id, Name: p.accountName(i), Status: "ACTIVE",
			Email: "aws+" + p.accountName(i) + "@example.com",
		})
		if i > 0 {
			below := leaves[p.unitOf(i)]
			leaf := below[i%len(below)]
			leaf.Accounts = append(leaf.Accounts, id)
		}
	}
	p.controlPolicies(r, t.targets, t.everything)
	if n.Security != n.Management {
		p.org.DelegatedAdministrators = []snapshot.DelegatedAdministrator{{
			ID: n.Security, ServicePrincipals: []string{"access-analyzer.amazonaws.com", "config.amazonaws.com", "guardduty.amazonaws.com"},
		}}
	}
}

// A tree grows the units below a root.
type tree struct {
	random
	base, org, suffix string              // of ARNs and ids
	targets           map[string][]string // ids by what is attached to them
	everything        []string            // ids
}

func (t *tree) unit(name string) *snapshot.OrganizationalUnit {
	id := "ou-" + t.suffix + "-" + t.text(lower, 8)
	t.everything = append(t.everything, id)
	return &snapshot.OrganizationalUnit{ID: id, ARN: t.base + "ou/" + t.org + "/" + id, Name: name}
}

// grow returns the units that hold accounts, by the unit right below the root.
// Each unit is split in two until they are deep enough.
func (t *tree) grow(root *snapshot.OrganizationalUnit, depth int) [][]*snapshot.OrganizationalUnit {
	leaves := make([][]*snapshot.OrganizationalUnit, len(units))
	for i, u := range units {
		top := t.unit(u.name)
		t.targets[u.policy] = append(t.targets[u.policy], top.ID)
		root.OrganizationalUnits = append(root.OrganizationalUnits, top)
		leaves[i] = []*snapshot.OrganizationalUnit{top}
		for range depth - 1 {
			var next []*snapshot.OrganizationalUnit
			for _, parent := range leaves[i] {
				parent.OrganizationalUnits = []*snapshot.OrganizationalUnit{t.unit(parent.Name + "-prod"), t.unit(parent.Name + "-dev")}
				next = append(next, parent.OrganizationalUnits...)
			}
			leaves[i] = next
		}
	}
	if workloads := root.OrganizationalUnits[0]; depth > 1 {
		t.targets["production"] = []string{workloads.OrganizationalUnits[0].ID}
	}
	return leaves
}

// unitOf returns the unit of an account: one workload account in eight is a
// sandbox.
func (p *plan) unitOf(i int) int {
	switch {
	case i == securityAccount:
		return 3
	case i < p.workloads():
		return 1
	case i%8 == 7:
		return 2
	}
	return 0
}

// stages are the accounts of one product, in the order in which a release goes
// through them.
var stages = []string{"dev", "test", "stage", "prod"}

// stageOf returns the number of a workload account among those of its product.
func (p *plan) stageOf(i int) int { return (i - p.workloads()) % len(stages) }

// workloads is the number of the first account that runs products.
func (p *plan) workloads() int { return sharedAccount + min(maxShared, 1+p.cfg.Accounts/50) }

func (p *plan) accountName(i int) string {
	switch {
	case i == 0:
		return "management"
	case i == securityAccount:
		return "security"
	case i == toolingAccount:
		return "tooling"
	case i < p.workloads():
		return fmt.Sprintf("shared-services-%d", i-sharedAccount+1)
	}
	product := (i - p.workloads()) / len(stages)
	return appName(product) + "-" + stages[p.stageOf(i)]
}
