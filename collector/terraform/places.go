package terraform

import (
	"cmp"
	"fmt"
	"reflect"
	"regexp"

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

// own are the types whose ARN holds the account and region in which their
// provider works. ARNs of other types may be of what they belong to: that of a
// subscription to a topic names the topic's owner.
var own = map[string]bool{
	"aws_iam_user": true, "aws_iam_group": true, "aws_iam_role": true, "aws_iam_policy": true, "aws_iam_instance_profile": true,
	"aws_iam_openid_connect_provider": true, "aws_iam_saml_provider": true,
	"aws_kms_key": true, "aws_kms_external_key": true, "aws_kms_replica_key": true, "aws_kms_replica_external_key": true,
	"aws_sqs_queue": true, "aws_sns_topic": true, "aws_lambda_function": true,
	"aws_dynamodb_table": true, "aws_secretsmanager_secret": true, "aws_cloudwatch_log_group": true, "aws_ecr_repository": true,
}

// locate finds out the place of each provider: what is told by its configuration
// and by the data sources that say who and where it is, and what can be learned
// from the ARNs of what it made. Where these disagree, nothing is known.
func (p *planner) locate() {
	p.told, p.learned = map[string]place{}, map[string]place{}
	if c := p.file.Configuration; c != nil {
		for key, conf := range c.Providers {
			p.told[key] = p.configuredPlace(conf)
		}
	}
	callers, accounts, regions := votes{}, votes{}, votes{}
	for _, r := range p.instances {
		if r.Mode != "managed" || !own[r.Type] {
			continue
		}
		at := valuesPlace(r.after, r.before)
		accounts.add(r.providerKey(), at.account)
		if r.config == nil || r.config.Expressions["region"] == nil { // else it says where it is itself
			regions.add(r.providerKey(), at.region)
		}
	}
	for _, d := range p.prior {
		switch {
		case d.config == nil || d.config.Provider == "":
		case d.kind == "aws_caller_identity" && arn.IsAccountID(str(d.values["account_id"])):
			callers.add(d.config.Provider, str(d.values["account_id"]))
		case d.kind == "aws_region" && d.config.Expressions["region"] == nil:
			regions.add(d.config.Provider, cmp.Or(str(d.values["region"]), str(d.values["name"])))
		}
	}
	for key := range callers { // who calls is better known than what is configured
		p.told[key] = place{account: callers.only(key), region: p.told[key].region}
	}
	for _, r := range p.instances {
		key := r.providerKey()
		p.learned[key] = place{account: accounts.only(key), region: regions.only(key)}
	}
}

// votes are what is said about providers, by their key.
type votes map[string]map[string]bool

func (v votes) add(key, said string) {
	if said == "" {
		return
	}
	if v[key] == nil {
		v[key] = map[string]bool{}
	}
	v[key][said] = true
}

// only returns what all say; "" when they disagree, or there is nothing.
func (v votes) only(key string) string {
	if len(v[key]) == 1 {
		for said := range v[key] {
			return said
		}
	}
	return ""
}

// regionForm is how AWS calls regions. A plan does not tell var.region from what
// is made of it, so that a text of another form is none.
var regionForm = regexp.MustCompile(`^[a-z]{2,3}(-[a-z]+)+-[0-9]+$`)

// configuredPlace reads a provider's configuration.
func (p *planner) configuredPlace(conf providerConfig) (at place) {
	in := p.scope(conf.Module)
	if region, _ := p.expression(in, member(conf.Expressions["region"]), nil, "region", 0); regionForm.MatchString(region) {
		at.region = region
	}
	at.account = p.roleAccount(in, signsInAs(conf))
	if at.account == "" {
		e := member(conf.Expressions["allowed_account_ids"])
		if ids := words(e["constant_value"]); len(ids) == 1 && arn.IsAccountID(ids[0]) {
			at.account = ids[0]
		}
	}
	return at
}

// signsInAs returns the expression with the role that a provider works as: of
// several, each of which is assumed from the one before, the last one.
func signsInAs(conf providerConfig) map[string]any {
	for _, name := range []string{"assume_role", "assume_role_with_web_identity"} {
		if list := blocks(conf.Expressions, name); len(list) > 0 {
			return member(list[len(list)-1]["role_arn"])
		}
	}
	return nil
}

// roleAccount returns the account of a role: that in its ARN, or the only account
// id among what the ARN is made of.
func (p *planner) roleAccount(in *scope, e map[string]any) string {
	if text, _ := p.expression(in, e, nil, "arn", 0); arn.IsAccountID(arn.Account(text)) {
		return arn.Account(text)
	}
	ids := votes{}
	for _, ref := range leaves(words(e["references"])) {
		f, ok := p.reference(in, ref, nil, "account_id", 0)
		if id := f.text; ok && arn.IsAccountID(id) {
			ids.add("", id)
		}
	}
	return ids.only("")
}

// strangers finds the providers of which nobody says the account, and that may
// work in another one than that of a snapshot of a single account: of several that
// sign in differently, those that are told how to, and those beside one that is
// known to work there.
func (p *planner) strangers() map[string]bool {
	used := map[string]bool{}
	for _, r := range p.instances {
		if r.Mode == "managed" && ours(r.ProviderName) {
			used[r.providerKey()] = true
		}
	}
	out := map[string]bool{}
	for key := range used {
		how := p.signIn(key)
		for other := range used {
			there := cmp.Or(p.told[other].account, p.learned[other].account)
			if (len(how) > 0 || there == p.only) && !reflect.DeepEqual(how, p.signIn(other)) {
				out[key] = true
			}
		}
	}
	return out
}

// signIn returns what a provider is told of who it is; nothing when that is up to
// its surroundings.
func (p *planner) signIn(key string) map[string]any {
	out := map[string]any{}
	if p.file.Configuration == nil {
		return out
	}
	conf := p.file.Configuration.Providers[key]
	for _, name := range []string{"profile", "access_key", "shared_config_files", "shared_credentials_files"} {
		if e := conf.Expressions[name]; e != nil {
			out[name] = e
		}
	}
	if role := signsInAs(conf); role != nil {
		out["role"] = role
	}
	return out
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
// first, then what the user said of its provider, then what its provider is told
// to be; then what the user said of all, what is learned, and the only account
// there is.
func (p *planner) settle(r *instance) {
	here := valuesPlace(r.before, r.after)
	if region := str(r.after["region"]); region != "" { // of provider version 6; buckets had it before
		here.region = region
	} else if region := str(r.before["region"]); region != "" && here.region == "" {
		here.region = region
	}
	key := r.providerKey()
	told, learned := p.told[key], p.learned[key]
	r.place = place{
		account: cmp.Or(here.account, p.opts.Accounts[key], told.account, p.opts.Accounts[""], learned.account),
		region:  cmp.Or(here.region, told.region, learned.region, p.opts.Region),
	}
	if r.place.account == "" && !p.strange[key] {
		r.place.account = p.only
	}
}

// noAccount and noRegion say which flag tells what a plan does not.
func (r *instance) noAccount() error {
	why := "the snapshot holds several"
	if r.plan.only != "" {
		why = "its providers sign in differently"
	}
	return fmt.Errorf("in which account is %s? the plan does not say it, and %s; give --plan-account ID, or --plan-account %s=ID for that provider alone",
		r.Address, why, r.providerKey())
}

func (r *instance) noRegion() error {
	return fmt.Errorf("in which region is %s? the plan does not say it; give --plan-region", r.Address)
}
