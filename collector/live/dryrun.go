package live

import (
	"context"

	"pathfinder/collector/live/internal/call"
	"pathfinder/collector/live/internal/service"
	"pathfinder/collector/snapshot"
)

// A Plan says what Collect would do.
type Plan struct {
	Caller   string         // account of the credentials
	Accounts []PlanAccount  // that would be read
	Regions  []string       // in each account; those of the caller's account where the others' are not known yet
	LeftOut  []snapshot.Gap // accounts, regions and services that would not be read
	Services []PlanService
	// Calls is how many calls it takes when everything is empty: what is found
	// takes more (PlanService.Each).
	Calls int
}

// A PlanAccount is an account that would be read.
type PlanAccount struct{ ID, Name string }

// A PlanService is a service that would be read.
type PlanService struct {
	Name  string
	Calls int // when nothing is there
	Each  int // for each thing that is there, at most
}

// DryRun finds accounts and regions, and counts the calls that Collect would make
// at least. It reads the organization but enters no account and writes nothing.
func DryRun(ctx context.Context, cfg Config) (*Plan, error) {
	if cfg.Out == "" {
		cfg.Out = "." // nothing is written
	}
	if err := cfg.check(); err != nil {
		return nil, err
	}
	services, err := selected(cfg.Only, cfg.Skip)
	if err != nil {
		return nil, err
	}
	session, err := call.Open(ctx, cfg.callOptions(services))
	if err != nil {
		return nil, err
	}
	c := &collection{cfg: cfg, services: services, session: session, report: &Report{}}
	org := new(service.Part)
	for i := range services {
		if s := &services[i]; s.Scope == service.Organization {
			u := &service.Unit{Service: s, Account: session.Account, Partition: session.Partition, Region: globalRegion(session.Partition), Login: session.Own()}
			if err := s.Read(ctx, u); err != nil {
				u.Missing(s.What, err)
			}
			org = u.Part()
		}
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	ids, gaps := c.accounts(org)
	plan := &Plan{Caller: session.Account, Regions: sorted(cfg.Regions), LeftOut: append(gaps, c.leftOut()...)}
	for _, id := range ids {
		plan.Accounts = append(plan.Accounts, PlanAccount{id, c.names[id]})
	}
	if len(plan.Regions) == 0 {
		if plan.Regions, err = enabledRegions(ctx, session.Own(), session.Region); err != nil {
			return nil, err
		}
	}
	plan.count(services)
	return plan, nil
}

// count counts the calls.
func (p *Plan) count(services []service.Service) {
	p.Calls = 2 * len(p.Accounts) // AssumeRole, DescribeRegions
	for _, s := range services {
		times, lists := 1, s.Lists+s.InRegions*len(p.Regions)
		switch s.Scope {
		case service.Global:
			times = len(p.Accounts)
		case service.Regional:
			times = len(p.Accounts) * len(p.Regions)
		case service.Organization, service.ScopeInvalid:
		}
		p.Services = append(p.Services, PlanService{s.Name, lists * times, s.Each})
		p.Calls += lists * times
	}
}
