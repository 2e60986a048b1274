package solver

import (
	"regexp"
	"slices"
	"strings"

	"pathfinder/graphmodel/arn"
	"pathfinder/graphmodel/escalation"
	"pathfinder/graphmodel/guard"
	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
)

// What a role that is passed asks for: the service that it trusts, and what for.

// passesTo decides whether a state may pass some role to a service that it trusts.
func (d *judge) passesTo(st *state, service string) ruling {
	best := ruling{}
	for _, r := range d.in.Held().Roles {
		if best.certain() {
			break
		}
		if namesService(r.Trust, service) && !d.guarded(r) {
			if v := d.trusts(r, service).and(d.call(st, "iam:PassRole", r.ARN, is("iam:passedtoservice", service))); v.better(&best) {
				best = v
			}
		}
	}
	return best
}

// goingOn is how a target is taken over that goes on by some steps: by assuming a role, or not.
func goingOn(v ruling, m *escalation.Method, legs []leg) ruling {
	if m.AssumesIf != "" && len(legs) > 0 && legs[0].kind == "assume-role" {
		v.ifs = slices.DeleteFunc(slices.Clone(v.ifs), func(text string) bool { return text == m.AssumesIf })
	}
	return v
}

// associated decides what asks for the resource that a role is passed for: one of the
// services that a method calls, or that act as the role (IAM user guide, "IAM and AWS STS
// condition context keys", iam:AssociatedResourceArn, 2026 crawl).
func associated(v ruling, m *escalation.Method) ruling {
	const key = "iam:associatedresourcearn"
	if v.never() || !v.when.Reads(key) || v.when.Eval(absentKey(key)) != policy.False {
		return v
	}
	of := func(service string) bool {
		return strings.ContainsAny(service, "*?$") ||
			slices.ContainsFunc(m.Services, func(host string) bool {
				return strings.HasPrefix(host, service+".") || strings.HasPrefix(host, service+"-")
			}) ||
			slices.ContainsFunc(m.Needs, func(n escalation.Need) bool {
				calls, _ := splitAction(n.Actions[0])
				return calls == service && calls != "iam"
			})
	}
	for _, value := range v.when.Values(key) {
		if v.when.Eval(oneKey(key, probing.Replace(value))) != policy.False && (!arn.Is(value) || of(arn.Service(value))) {
			return v
		}
	}
	if v.when.Eval(oneKey(key, "arn:aws:none:us-east-1:000000000000:probe")) != policy.False {
		return v // any but some
	}
	return ruling{}
}

// hosts lists the services of a method as the trust policy of a role may name them: in
// China some have names of their own, and some both; some have one for each region.
func (d *judge) hosts(m *escalation.Method, to *inventory.Principal) []string {
	out := slices.Clip(m.Services)
	if d.in.Partition == "aws-cn" {
		for _, s := range m.Services {
			out = append(out, s+".cn")
		}
	}
	for _, st := range to.Trust.Statements {
		for i := range st.Principals {
			p := &st.Principals[i]
			if p.Kind != policy.Service {
				continue
			}
			if plain := withoutRegion(p.Text); plain != p.Text && slices.Contains(m.Services, plain) {
				out = append(out, p.Text)
			}
		}
	}
	return out
}

// regionalHost takes apart names such as states.eu-west-1.amazonaws.com, which roles of
// Step Functions and others trusted at first and may still (Step Functions developer
// guide, "Creating a state machine IAM role"; IAM user guide, "AWS service principals").
var regionalHost = regexp.MustCompile(`^([a-z0-9-]+)\.[a-z]{2}(-[a-z]+)+-[0-9]+(\.amazonaws\.com(\.cn)?)$`)

// withoutRegion returns the name of a service without the region in it.
func withoutRegion(host string) string {
	if strings.Count(host, ".") < 3 { // most have none
		return host
	}
	return regionalHost.ReplaceAllString(host, "$1$3")
}

type trustKey struct {
	role    *inventory.Principal
	service string
}

// trusts decides whether a role lets a service in, which acts for the account.
func (d *judge) trusts(role *inventory.Principal, service string) ruling {
	if !namesService(role.Trust, service) {
		return ruling{}
	}
	like := role // the first whose trust policy says the same
	if !d.trustReadsRole(role.Trust) {
		if first, known := d.trustOf[role.Trust]; known {
			like = first
		} else {
			d.trustOf[role.Trust] = role
		}
	}
	key := trustKey{like, service}
	v, known := d.trusted.get(key)
	if !known {
		v = d.letIn(like, service)
		d.trusted.put(key, v)
	}
	if like == role || v.never() {
		return v
	}
	if len(v.ifs) > 0 {
		return d.letIn(role, service) // they may name it
	}
	because := slices.Clone(v.because)
	for i := range because {
		if because[i].Policy == like.ARN {
			because[i].Policy = role.ARN
		}
	}
	v.because = because
	return v
}

// trustReadsRole reports whether what a trust policy and the resource control policies say
// of a caller may differ from one role that has the policy to another: where its tags are
// read, or some roles are named.
func (d *judge) trustReadsRole(trust *policy.Document) bool {
	ofRole := func(key string) bool { return strings.Contains(key, ":resourcetag/") } // of aws and iam
	differs := func(doc *policy.Document) bool {
		return slices.ContainsFunc(doc.Statements, func(st *policy.Statement) bool {
			return reads(st, ofRole) || st.NotResource || slices.ContainsFunc(st.Resources, func(r policy.ResourcePattern) bool { return r.Text != "*" })
		})
	}
	if d.rcpsReadRole == nil {
		yes := false
		d.c.s.eachRCP(d.in, func(doc *policy.Document) { yes = yes || differs(doc) })
		d.rcpsReadRole = &yes
	}
	return *d.rcpsReadRole || differs(trust)
}

// asService decides whether a role lets a service in, which acts for the account; nil where
// it can't be asked.
func (d *judge) asService(role *inventory.Principal, service string) *effective {
	s := d.c.s
	a, ok, err := s.actorFor(service)
	if err != nil || !ok {
		return nil
	}
	t := s.targetOf(role.ARN)
	action, _ := assumeAction(&a.caller)
	c := s.caseFor(&a, action, t, role.ARN)
	for key, value := range map[string]string{"aws:sourceaccount": d.in.ID, "aws:sourceorgid": t.orgID} {
		if _, fixed := c.Context.Values[key]; !fixed && value != "" {
			c.Context.Values[key] = policy.Single(value)
		}
	}
	return effectOn(c)
}

// letIn is trusts for one role that names the service.
func (d *judge) letIn(role *inventory.Principal, service string) ruling {
	x := d.asService(role, service)
	if x == nil || x.never() || !d.actsHere(x.when()) {
		return ruling{}
	}
	v := ruling{when: x.when(), because: x.reasons(), ifs: doubtsOf(x)}
	switch {
	case !v.when.Open():
	case claimsAlone(v.when, service):
		v.when = guard.True
	default:
		who := "the service"
		if strings.Contains(service, "-provider/") {
			who = "whoever comes by " + service
		}
		v = ruling{when: guard.True, because: v.because, ifs: []string{who + " meets the conditions of the trust policy of " + role.ARN}}
	}
	return v
}

// claimsAlone reports whether a condition asks for nothing but what stands in tokens of an
// identity provider, which are written by whoever changes that (E151, E157).
func claimsAlone(when *guard.Expr, provider string) bool {
	if !strings.Contains(provider, "-provider/") {
		return false
	}
	prefix := claimsOf(provider) + ":"
	return !slices.ContainsFunc(when.Keys(), func(key string) bool { return !strings.HasPrefix(strings.ToLower(key), prefix) })
}

// reads decides whether a role may make the calls on something that a method has it read.
func (d *judge) reads(role *inventory.Principal, r *escalation.Read) ruling {
	service, kind, _ := strings.Cut(r.Type, ":")
	v := always
	for _, action := range r.Actions {
		best := ruling{}
		for _, pattern := range d.patternsOf(typeOf(service, kind)) {
			if w := d.anywhere(d.plain(role), pattern, []escalation.Need{{Actions: []string{action}}}, manner{fixed: true}); w.better(&best) {
				best = w
			}
		}
		v = v.and(best)
	}
	if !v.never() && !v.certain() {
		v = always.given(r.If)
	}
	v.because = nil // the role's own
	return v
}

// actsHere reports whether a trust policy takes a service that acts for something of the
// account, as all does that a role of it is passed for.
func (d *judge) actsHere(when *guard.Expr) bool {
	const key = "aws:sourcearn"
	if !when.Reads(key) || when.Eval(absentKey(key)) != policy.False {
		return true
	}
	for _, value := range append(when.Values(key), "arn:"+d.in.Partition+":none:us-east-1:"+d.in.ID+":probe") {
		if account := arn.Account(value); arn.IsAccountID(account) && account != d.in.ID {
			continue
		}
		if when.Eval(oneKey(key, probing.Replace(value))) != policy.False {
			return true
		}
	}
	return false
}

// namesService reports whether some Allow of a trust policy names a service or
// provider, or everybody.
func namesService(doc *policy.Document, service string) bool {
	for _, st := range doc.Statements {
		if st.Effect != policy.Allow || st.Broken {
			continue
		}
		for i := range st.Principals {
			p := &st.Principals[i]
			if (p.Kind == policy.Service || p.Kind == policy.Federated) && (strings.HasPrefix(p.Text, service) || withoutRegion(p.Text) == service) || p.Kind == policy.Everyone {
				return true
			}
		}
	}
	return false
}
