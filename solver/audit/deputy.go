package audit

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"pathfinder/graphmodel/arn"
	"pathfinder/graphmodel/guard"
	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
	"pathfinder/solver"
)

// deputies finds services that are let in for whoever they act for (E123).
func (a *auditor) deputies() (out []Finding) {
	a.eachResource(func(r *inventory.Resource) {
		for _, o := range a.outsiders(r) {
			if o.Kind != "service" || arn.Is(o.ARN) { // an identity of CloudFront acts for itself
				continue
			}
			var open []solver.Grant
			for _, g := range o.Grants {
				if !a.namesSource(g.Condition) {
					open = append(open, g)
				}
			}
			if len(open) == 0 {
				continue
			}
			o.Grants = open
			f := a.letIn("confused-deputy", r, &o)
			f.Severity, f.Reason, f.Certain = Medium, "whoever gets the service to act reaches the resource", Possible
			if harmOf(open).severity < Critical {
				f.Severity = Low
			}
			f.If = append([]string{"the service takes the name of the resource from whoever uses it, in any account"}, f.If...)
			f.Title = fmt.Sprintf("%s can %s %s for anybody", serviceName(&o), verb(open), short(r.ARN))
			f.Detail = fmt.Sprintf("The policy of %s lets %s in without a condition that fixes the resource or account that it acts for.", r.ARN, serviceName(&o))
			f.Remedy.Text = "Add a condition on the account, or better the resource, that the service acts for."
			f.Remedy.Change = conditionChange("StringEquals", "aws:SourceAccount", r.Account)
			if buckets := a.strangeBuckets(open); len(buckets) > 0 {
				f.If[0] = "somebody else has " + strings.Join(buckets, " or ") + ", which no account of the snapshot does: the name of a bucket tells no account"
				f.Title = fmt.Sprintf("%s can %s %s for whoever has %s", serviceName(&o), verb(open), short(r.ARN), short(buckets[0]))
			}
			f.unshare(r)
			out = append(out, f)
		}
	})
	return out
}

// strangeBuckets lists the buckets for which grants let a service in, and that the snapshot
// does not hold; none where some grant is for anybody else as well.
func (a *auditor) strangeBuckets(grants []solver.Grant) (out []string) {
	for i := range grants {
		if len(grants[i].Condition) == 0 {
			return nil
		}
		for _, block := range grants[i].Condition {
			n := len(out)
			for j := range block {
				if t := &block[j]; strings.EqualFold(t.Key, "aws:SourceArn") && limitsSource(*t) {
					out = append(out, t.Values...)
				}
			}
			if len(out) == n && !slices.ContainsFunc(block, a.limitsSource) {
				return nil
			}
		}
	}
	slices.Sort(out)
	return slices.DeleteFunc(slices.Compact(out), func(v string) bool { return !a.strangeBucket(v) })
}

// strangeBucket reports whether a value of aws:SourceArn is a bucket that the snapshot does
// not hold. Its name tells no account: who takes it is whom the service acts for. Source:
// IAM user guide, "The confused deputy problem", 2026 crawl.
func (a *auditor) strangeBucket(value string) bool {
	name := bucketNamed(value)
	return name != "" && a.Inventory.Resource(name) == nil
}

// bucketNamed returns the ARN of the one bucket that a value means, "" for none. AWS's guides
// write "*" for the region and account that no bucket has in its ARN. Source: S3 user guide,
// "Granting permissions to publish event notification messages", 2026 crawl.
func bucketNamed(value string) string {
	parts := strings.SplitN(value, ":", 6)
	if len(parts) < 6 || parts[2] != "s3" || parts[3] != "" && parts[3] != "*" || parts[4] != "" && parts[4] != "*" || parts[5] == "" || strings.ContainsAny(parts[5], "*?/:") {
		return ""
	}
	return "arn:" + parts[1] + ":s3:::" + parts[5]
}

// limitsSource reports whether a test leaves no account of a stranger of those that a service
// may act for.
func (a *auditor) limitsSource(t guard.Test) bool {
	return limitsSource(t) && !(strings.EqualFold(t.Key, "aws:SourceArn") && slices.ContainsFunc(t.Values, a.strangeBucket))
}

// serviceName is how titles call a service.
func serviceName(o *solver.Outsider) string {
	if o.ARN == solver.AnyService {
		return "any AWS service"
	}
	return o.ARN
}

// deputized finds accounts and organizations outside for which a service is let in to a
// resource.
func (a *auditor) deputized(r *inventory.Resource, o *solver.Outsider) (out []Finding) {
	by := map[string][]solver.Grant{}
	for _, g := range o.Grants {
		for id := range sourceAccounts(g.Condition) {
			if !a.Solver.Holds(id) {
				by[id] = append(by[id], g)
			}
		}
	}
	out = a.deputizedFrom(r, o)
	for _, id := range slices.Sorted(maps.Keys(by)) {
		one := *o
		one.Grants, one.Account = by[id], id
		f := a.letIn("external-access", r, &one)
		f.ID = identify(f.Kind, r.ARN, o.ARN, id)
		f.Certain, f.If = Possible, append([]string{"the service acts for account " + id}, f.If...)
		f.Severity, f.Reason = Medium, "an account outside reaches the resource through the service"
		f.Title = fmt.Sprintf("%s can %s %s through %s", a.accountName(id), verb(one.Grants), short(r.ARN), serviceName(o))
		f.Detail = fmt.Sprintf("%s lets %s in for account %s, which the snapshot does not hold.", r.ARN, serviceName(o), id)
		f.Remedy.Text = "If the account is not meant, take it out of the condition on the source."
		out = append(out, f)
	}
	return out
}

// deputizedFrom finds other organizations for whose accounts a service is let in.
func (a *auditor) deputizedFrom(r *inventory.Resource, o *solver.Outsider) (out []Finding) {
	by := map[string][]solver.Grant{}
	for _, g := range o.Grants {
		for id := range sourceOrganizations(g.Condition) {
			if id != a.orgID() {
				by[id] = append(by[id], g)
			}
		}
	}
	for _, id := range slices.Sorted(maps.Keys(by)) {
		one := *o
		one.Grants = by[id]
		f := a.letIn("external-access", r, &one)
		f.ID = identify(f.Kind, r.ARN, o.ARN, id)
		f.Certain, f.If = Possible, append([]string{"the service acts for an account of organization " + id}, f.If...)
		f.Severity, f.Reason = Medium, "accounts of "+a.whichOrganization(id)+" reach the resource through the service"
		f.Title = fmt.Sprintf("accounts of organization %s can %s %s through %s", id, verb(one.Grants), short(r.ARN), serviceName(o))
		f.Detail = fmt.Sprintf("%s lets %s in for all accounts of %s.", r.ARN, serviceName(o), a.whichOrganization(id))
		f.Remedy.Text = "If the organization is not meant, take it out of the condition on the source; if it is, name the accounts that need it."
		a.unlessOwn(&f, id)
		out = append(out, f)
	}
	return out
}

// sourceOrganizations are the organizations that a condition leaves of those whose accounts
// a service may act for, in the alternatives that fix no account.
func sourceOrganizations(when guard.Blocks) map[string]bool {
	out := map[string]bool{}
	for _, block := range when {
		if len(sourceAccounts(guard.Blocks{block})) > 0 {
			continue
		}
		for i := range block {
			t := &block[i]
			if !strings.HasPrefix(strings.ToLower(t.Key), "aws:sourceorg") || strings.HasSuffix(t.Operator, "Null") || !limitsSource(*t) {
				continue
			}
			for _, v := range t.Values {
				id, _, _ := strings.Cut(v, "/")
				out[id] = true
			}
		}
	}
	return out
}

// namesSource reports whether a condition limits whom a service acts for. So does one
// that lets in no call that is made for somebody.
func (a *auditor) namesSource(when guard.Blocks) bool {
	if len(when) == 0 {
		return false
	}
	for _, block := range when {
		if !slices.ContainsFunc(block, a.limitsSource) {
			return false
		}
	}
	return true
}

// sourceKeys tell whom a service acts for; Alexa says by the token of a skill. Sources: IAM
// user guide, "The confused deputy problem"; KMS guide, "Condition keys for AWS KMS"; Lambda
// API, AddPermission; SNS guide, on the policy that topics are made with (E200), 2026 crawl.
var sourceKeys = []string{"aws:sourcearn", "aws:sourceaccount", "aws:sourceowner", "aws:sourceorgid", "aws:sourceorgpaths", "kms:calleraccount", "lambda:eventsourcetoken"}

func limitsSource(t guard.Test) bool {
	key := strings.ToLower(t.Key)
	if !slices.Contains(sourceKeys, key) && !strings.HasPrefix(key, "kms:encryptioncontext:") {
		return false
	}
	if strings.HasSuffix(t.Operator, "Null") { // as resource control policies leave it: absent
		return strings.HasPrefix(key, "aws:source") && slices.Equal(t.Values, []string{"true"})
	}
	op, _ := policy.ParseOperator(t.Operator)
	return !op.Negated() && len(t.Values) > 0 && !slices.ContainsFunc(t.Values, func(v string) bool {
		return !fixesSource(key, v) && (op.Wildcards() || !strings.ContainsAny(v, "*?")) // else no value of the key is that
	})
}

// fixesSource reports whether a value of a key leaves one account, organization or bucket. Names
// of buckets are unique, so that a whole one is somebody's; what begins in the same way may be anybody's.
func fixesSource(key, value string) bool {
	free := func(text string) bool { return strings.ContainsAny(text, "*?") }
	switch {
	case key == "aws:sourceorgpaths":
		org, _, _ := strings.Cut(value, "/")
		return org != "" && !free(org)
	case !arn.Is(value) && !strings.HasPrefix(value, "arn:"):
		return !free(value)
	case bucketNamed(value) != "":
		return true
	case arn.Account(value) == "":
		return arn.Resource(value) != "" && !free(value)
	}
	return arn.IsAccountID(arn.Account(value))
}

// sourceAccounts are the accounts that a condition fixes as those that a service acts
// for, in one of its alternatives.
func sourceAccounts(when guard.Blocks) map[string]bool {
	out := map[string]bool{}
	for _, block := range when {
		var all map[string]bool // of the tests so far; nil for any
		for _, t := range block {
			if !limitsSource(t) {
				continue
			}
			these := map[string]bool{}
			for _, v := range t.Values {
				if id := arn.Account(v); arn.IsAccountID(id) {
					these[id] = true
				} else if arn.IsAccountID(v) {
					these[v] = true
				}
			}
			switch {
			case len(these) == 0: // a bucket, or an organization
			case all == nil:
				all = these
			default:
				maps.DeleteFunc(all, func(id string, _ bool) bool { return !these[id] })
			}
		}
		maps.Copy(out, all)
	}
	return out
}
