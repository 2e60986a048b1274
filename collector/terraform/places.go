package terraform

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"pathfinder/graphmodel/arn"
)

// A place is where a provider works. Fields that nobody knows are "".
type place struct{ account, region string }

// providerKey returns the key of the provider configuration of an instance.
func (r *instance) providerKey() string {
	if r.config != nil && r.config.Provider != "" {
		return r.config.Provider
	}
	return "aws"
}

// locate finds out the place of each provider: from its configuration, from the
// data sources that say who and where it is, and from the ARNs of what it made.
func (p *planner) locate() {
	p.places = map[string]place{}
	if c := p.file.Configuration; c != nil {
		for key, conf := range c.Providers {
			p.places[key] = p.configuredPlace(conf)
		}
	}
	for _, r := range p.instances {
		p.learn(r.providerKey(), valuesPlace(r.after, r.before))
	}
	for _, address := range slices.Sorted(maps.Keys(p.prior)) {
		d := p.prior[address]
		switch {
		case d.config == nil || d.config.Provider == "":
		case d.kind == "aws_caller_identity":
			p.learnAccount(d.config.Provider, str(d.values["account_id"]))
		case d.kind == "aws_region":
			p.learn(d.config.Provider, place{region: cmp.Or(str(d.values["region"]), str(d.values["name"]))})
		}
	}
}

// learnAccount notes what aws_caller_identity says, which is better than ARNs.
func (p *planner) learnAccount(key, id string) {
	if arn.IsAccountID(id) {
		at := p.places[key]
		at.account = id
		p.places[key] = at
	}
}

// learn fills what is not known yet.
func (p *planner) learn(key string, more place) {
	at := p.places[key]
	if at.account == "" {
		at.account = more.account
	}
	if at.region == "" {
		at.region = more.region
	}
	p.places[key] = at
}

// configuredPlace reads a provider's configuration.
func (p *planner) configuredPlace(conf providerConfig) (at place) {
	root := p.scope("")
	at.region, _ = p.expression(root, member(conf.Expressions["region"]), nil, "region", 0)
	if role := block(conf.Expressions, "assume_role"); role != nil {
		text, _ := p.expression(root, member(role["role_arn"]), nil, "arn", 0)
		if id := arn.Account(text); arn.IsAccountID(id) {
			at.account = id
		}
	}
	if at.account == "" {
		e := member(conf.Expressions["allowed_account_ids"])
		if ids := words(e["constant_value"]); len(ids) == 1 && arn.IsAccountID(ids[0]) {
			at.account = ids[0]
		}
	}
	return at
}

func member(v any) map[string]any {
	m, _ := v.(map[string]any)
	return m
}

// valuesPlace reads the place out of the ARN of something.
func valuesPlace(list ...map[string]any) (at place) {
	for _, values := range list {
		text := str(values["arn"])
		if id := arn.Account(text); at.account == "" && arn.IsAccountID(id) {
			at.account = id
		}
		if at.region == "" {
			at.region = arn.Region(text)
		}
	}
	return at
}

// settle decides the place of an instance. What the instance itself says comes
// first, then what its provider is known to be, then what the user said, then the
// only account there is.
func (p *planner) settle(r *instance) {
	own := valuesPlace(r.before, r.after)
	if region := str(r.after["region"]); region != "" { // of provider version 6; buckets had it before
		own.region = region
	} else if region := str(r.before["region"]); region != "" && own.region == "" {
		own.region = region
	}
	at := p.places[r.providerKey()]
	r.place = place{
		account: cmp.Or(own.account, at.account, p.opts.Accounts[r.providerKey()], p.opts.Accounts[""], p.only),
		region:  cmp.Or(own.region, at.region, p.opts.Region),
	}
}

// noAccount and noRegion say which flag tells what a plan does not.
func (r *instance) noAccount() error {
	return fmt.Errorf("in which account is %s? the plan does not say it, and the snapshot holds several; give --plan-account ID, or --plan-account %s=ID for that provider alone",
		r.Address, r.providerKey())
}

func (r *instance) noRegion() error {
	return fmt.Errorf("in which region is %s? the plan does not say it; give --plan-region", r.Address)
}
