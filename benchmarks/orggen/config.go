package orggen

import (
	"errors"
	"fmt"
	"runtime"

	"pathfinder/collector/snapshot"
)

// Config says what organization to generate. Zero fields mean the defaults that
// stand beside them; a share below zero means none of the kind.
type Config struct {
	Seed       uint64
	Accounts   int // 10
	Principals int // users and roles an account: 50
	Resources  int // resources an account: 20; below zero: none
	OUDepth    int // units between the root and an account: 2

	// ManagedOnly leaves principals no policies but those that AWS manages, and
	// one for sts:AssumeRole where a chain needs it.
	ManagedOnly bool
	Shares      Shares
	Workers     int // accounts that are made at a time: GOMAXPROCS. Says nothing about the bytes.
}

// Shares are how much there is of each kind, from 0 to 1. The package comment
// says where the numbers come from.
type Shares struct {
	Stamped      float64 // roles and resources that are the same in every account: 0.60
	Users        float64 // users among the principals of an account's own: 0.20
	Admins       float64 // AdministratorAccess among those: 0.01
	Boundaries   float64 // a permissions boundary among those: 0.10
	Managed      float64 // application roles with a policy that AWS manages: 0.50
	GitHub       float64 // roles for GitHub Actions among own roles: 0.08
	Partners     float64 // roles for partners with an external id: 0.04
	Chains       float64 // roles that are links of a chain of 2 to 4: 0.15
	CrossAccount float64 // resources that grant to another account: 0.08
	Public       float64 // buckets that are open to everyone: 0.002
}

func share(v *float64, def float64) {
	switch {
	case *v == 0:
		*v = def
	case *v < 0:
		*v = 0
	}
}

func count(v *int, def int) {
	if *v == 0 {
		*v = def
	}
}

// filled returns cfg with its defaults, or an error that names every bad field.
func (cfg Config) filled() (Config, error) {
	count(&cfg.Accounts, 10)
	count(&cfg.Principals, 50)
	count(&cfg.Resources, 20)
	count(&cfg.OUDepth, 2)
	count(&cfg.Workers, runtime.GOMAXPROCS(0))
	cfg.Resources = max(cfg.Resources, 0)
	var errs []error
	for _, f := range []struct {
		name            string
		value, low, top int
	}{
		{"Accounts", cfg.Accounts, 1, 1_000_000},
		{"Principals", cfg.Principals, 1, 100_000},
		{"Resources", cfg.Resources, 0, 100_000},
		{"OUDepth", cfg.OUDepth, 1, 5}, // as deep as AWS lets units nest
		{"Workers", cfg.Workers, 1, 1024},
	} {
		if f.value < f.low || f.value > f.top {
			errs = append(errs, fmt.Errorf("%s is %d, and must be from %d to %d", f.name, f.value, f.low, f.top))
		}
	}
	s := &cfg.Shares
	for _, f := range []struct {
		name  string
		value *float64
		def   float64
	}{
		{"Stamped", &s.Stamped, 0.60},
		{"Users", &s.Users, 0.20},
		{"Admins", &s.Admins, 0.01},
		{"Boundaries", &s.Boundaries, 0.10},
		{"Managed", &s.Managed, 0.50},
		{"GitHub", &s.GitHub, 0.08},
		{"Partners", &s.Partners, 0.04},
		{"Chains", &s.Chains, 0.15},
		{"CrossAccount", &s.CrossAccount, 0.08},
		{"Public", &s.Public, 0.002},
	} {
		share(f.value, f.def)
		if !(*f.value <= 1) { // NaN too
			errs = append(errs, fmt.Errorf("share %s is %v, and must be at most 1", f.name, *f.value))
		}
	}
	if err := errors.Join(errs...); err != nil {
		return cfg, fmt.Errorf("organization to generate: %w", err)
	}
	return cfg, nil
}

// A Sink takes an organization in parts. Organization is called once, first;
// Account once an account, in any order and several at a time; Close last, and
// only when all went well.
type Sink interface {
	Organization(*snapshot.Organization, Names) error
	Account(*snapshot.Account) error
	Close(*snapshot.Manifest) error
}

// Names are names in a generated organization that do not depend on luck, for
// questions to ask about.
type Names struct {
	Organization string   `json:"organization"`
	Management   string   `json:"management"` // account
	Security     string   `json:"security"`   // account
	Tooling      string   `json:"tooling"`    // account
	Shared       []string `json:"shared"`     // accounts with what the organization shares
	Accounts     []string `json:"-"`          // all, in the order in which they were founded

	ArtifactsBucket string `json:"artifactsBucket"` // of the first shared account, open to the organization
	Pipeline        string `json:"pipeline"`        // role that deploys everywhere
	Auditor         string `json:"auditor"`         // role that reads everywhere
	Deployer        string `json:"deployer"`        // role of the last account that the pipeline assumes
	Reader          string `json:"reader"`          // role of the last account that the auditor assumes
	BreakGlass      string `json:"breakGlass"`      // role of the last account that control policies except
}
