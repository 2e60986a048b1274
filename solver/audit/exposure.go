package audit

import (
	"fmt"
	"runtime"
	"slices"
	"strings"

	"pathfinder/graphmodel/arn"
	"pathfinder/graphmodel/inventory"
	"pathfinder/solver"
	"pathfinder/solver/internal/parallel"
)

// exposureChecks look at what resources let in.
var exposureChecks = []check{
	{Kind{
		Name: "public-access", Title: "Public access", Tags: []string{"external"},
		About: "Anybody, signed in to AWS or not, is let in to a resource or a role by its policy or ACL. What a condition on networks, " +
			"accounts or organizations limits is possible, not certain.",
	}, (*auditor).public},
	{Kind{
		Name: "external-access", Title: "Access from outside", Tags: []string{"external"},
		About: "Accounts that the snapshot does not hold are let in to a resource or a role, by account and, where it is known, by vendor. " +
			"What their own policies allow is unknown and taken to be everything.",
	}, (*auditor).external},
	{Kind{
		Name: "sensitive-reach", Title: "Sensitive resources reached from other accounts",
		About: "Principals of other accounts reach a resource that --sensitive names, themselves or through roles.",
	}, (*auditor).sensitive},
	{Kind{
		Name: "key-beyond-account", Title: "Keys open beyond their account",
		About: "Users and roles of other accounts of the snapshot may use a KMS key. Who may only read about it is told with the least severity.",
	}, (*auditor).keys},
	{Kind{
		Name: "bucket-block-only", Title: "Buckets that only the public access block protects",
		About: "The policy or the ACL of a bucket opens it to everybody, and nothing but S3 Block Public Access keeps it shut.",
	}, (*auditor).blockOnly},
	{Kind{
		Name: "confused-deputy", Title: "Services without a source",
		About: "A resource policy lets a service of AWS in whoever it acts for: no condition on aws:SourceArn, aws:SourceAccount, " +
			"aws:SourceOrgID or aws:SourceOrgPaths, or one that accounts of others meet. Trust policies of roles are left out: who passes a role to a service needs " +
			"iam:PassRole in its account.",
	}, (*auditor).deputies},
}

// outsiders returns who is let in to a resource from outside its account's users and
// roles. All resources are asked about at once, for all checks.
func (a *auditor) outsiders(r *inventory.Resource) []solver.Outsider {
	if a.let == nil {
		var all []*inventory.Resource
		a.eachResource(func(r *inventory.Resource) { all = append(all, r) })
		lists := make([][]solver.Outsider, len(all))
		parallel.Each(runtime.GOMAXPROCS(0), len(all), func(i int) { lists[i] = a.Solver.Outsiders(all[i]) })
		a.let = map[*inventory.Resource][]solver.Outsider{}
		for i, list := range lists {
			if len(list) > 0 {
				a.let[all[i]] = list
			}
		}
	}
	return a.let[r]
}

// eachResource visits all resources, by account and ARN.
func (a *auditor) eachResource(visit func(*inventory.Resource)) {
	for _, acct := range a.Inventory.Accounts {
		for _, r := range acct.Held().Resources {
			visit(r)
		}
	}
}

func (a *auditor) eachRole(visit func(*inventory.Principal)) {
	for _, acct := range a.Inventory.Accounts {
		for _, r := range acct.Held().Roles {
			visit(r)
		}
	}
}

// anybodyElse reports whether an outsider stands for everybody.
func anybodyElse(o *solver.Outsider) bool {
	return o.ARN == "anonymous" || o.ARN == "*"
}

func (a *auditor) public() (out []Finding) {
	a.eachResource(func(r *inventory.Resource) {
		if r.AccessPoint != nil && r.AccessPoint.VPC != "" {
			return // it is in no network but that one (E175)
		}
		var f *Finding
		for _, o := range a.outsiders(r) {
			if !anybodyElse(&o) {
				continue
			}
			if o.Grants = a.notOfCircles(o.Grants); len(o.Grants) == 0 {
				continue // see foreign
			}
			g := a.letIn("public-access", r, &o)
			g.Title = fmt.Sprintf("anybody can %s %s", verb(certainOf(o.Grants)), short(r.ARN))
			if o.ARN == "*" {
				g.Title = fmt.Sprintf("any AWS account can %s %s", verb(certainOf(o.Grants)), short(r.ARN))
			}
			g.Detail = fmt.Sprintf("%s lets in everybody: %s.", r.ARN, strings.Join(firstOf(actionsOf(certainOf(o.Grants)), 8), ", "))
			g.Remedy.Text = "Name the accounts or principals that need it in place of \"*\", or limit the statement to the organization."
			g.Remedy.Change = conditionChange("StringEquals", "aws:PrincipalOrgID", a.orgID())
			g.unshare(r)
			g.ID = identify(g.Kind, r.ARN)
			if f == nil || g.Severity > f.Severity || g.Severity == f.Severity && g.Certain <= f.Certain { // anonymous callers come after "*", and are the wider
				f = &g
			}
		}
		if f != nil {
			out = append(out, *f)
		}
	})
	a.eachRole(func(r *inventory.Principal) {
		for _, o := range a.Solver.OutsidersOf(r) {
			if anybodyElse(&o) && len(a.circlesIn(o.Condition)) == 0 {
				f := a.hop("public-access", r, &o)
				f.Severity, f.Reason = Critical, "any AWS account can assume the role"
				f.Title = fmt.Sprintf("any AWS account can assume role %s", r.Name)
				if f.Certain == Possible {
					f.Severity, f.Reason = High, "any AWS account can assume the role if the condition is met"
				}
				f.Remedy.Text = "Name the accounts or principals that need it in place of \"*\" in the trust policy."
				f.Remedy.Change = conditionChange("StringEquals", "aws:PrincipalOrgID", a.orgID())
				out = append(out, f)
			}
		}
	})
	return out
}

func (a *auditor) external() (out []Finding) {
	a.eachResource(func(r *inventory.Resource) {
		for _, o := range a.outsiders(r) {
			if o.Kind == "service" {
				out = append(out, a.deputized(r, &o)...)
				continue
			}
			if o.ARN == "*" {
				out = append(out, a.foreign(r, &o)...)
				continue
			}
			if !o.Outside || anybodyElse(&o) || o.Account == "" && !isCanonical(&o) {
				continue
			}
			f := a.letIn("external-access", r, &o)
			f.Title = fmt.Sprintf("%s can %s %s", a.whose(&o), verb(certainOf(o.Grants)), short(r.ARN))
			f.Detail = fmt.Sprintf("%s lets in %s of account %s, which the snapshot does not hold: %s.", r.ARN, o.ARN, o.Account, strings.Join(firstOf(actionsOf(certainOf(o.Grants)), 8), ", "))
			if isCanonical(&o) {
				f.Detail = fmt.Sprintf("%s lets in the canonical user id %s, which no account of the snapshot has: %s.", r.ARN, o.ARN, strings.Join(firstOf(actionsOf(certainOf(o.Grants)), 8), ", "))
			}
			if f.Severity == High {
				f.Severity, f.Reason = Medium, f.Reason+", by one account"
			}
			f.Remedy.Text = "If the account is not meant, take it out of the policy; if it is, limit the statement to the principals and actions that it needs."
			f.unshare(r)
			if name := ofAWS(o.Account); name != "" && slices.Equal(actionsOf(o.Grants), []string{"s3:PutObject"}) {
				f.Severity, f.Reason = Low, name+" delivers logs by an account of its own, for anybody"
				f.Remedy.Text = "Let in logdelivery.elasticloadbalancing.amazonaws.com in its place, with a condition on the load balancers that it acts for."
				f.Remedy.Change = conditionChange("ArnLike", "aws:SourceArn", "arn:aws:elasticloadbalancing:REGION:"+r.Account+":loadbalancer/*")
			}
			out = append(out, f)
		}
	})
	a.eachRole(func(r *inventory.Principal) {
		for _, o := range a.Solver.OutsidersOf(r) {
			if o.ARN == "*" {
				out = append(out, a.foreignInto(r, &o)...)
				continue
			}
			if !o.Outside || anybodyElse(&o) || o.Kind == "service" || o.Kind == "provider" || o.Account == "" {
				continue
			}
			f := a.hop("external-access", r, &o)
			f.Severity, f.Reason = Medium, "an account outside can assume the role"
			if rank := a.rank(r.ARN); rank != "" {
				f.Severity, f.Reason = High, "an account outside can assume the role, "+rank
			}
			left, may := withoutID(o.Condition)
			if may && len(left) == 0 && len(o.Doubts) == 0 {
				f.Certain = Certain // any external id will do, and none
			}
			f.Title = fmt.Sprintf("%s can assume role %s", a.whose(&o), r.Name)
			f.Detail = fmt.Sprintf("The trust policy lets in %s of account %s, which the snapshot does not hold.", o.ARN, o.Account)
			f.Remedy.Text = "If the account is not meant, take it out of the trust policy."
			if may {
				f.Remedy.Text = "If the account is not meant, take it out of the trust policy; if it is a third party, ask for an external id."
				f.Remedy.Change = conditionChange("StringEquals", "sts:ExternalId", "an id that only the third party knows")
			}
			out = append(out, f)
		}
	})
	return out
}

func (a *auditor) sensitive() (out []Finding) {
	a.eachResource(func(r *inventory.Resource) {
		if !a.isSensitive(r) {
			return
		}
		ans, err := a.Solver.WhoCan(r.ARN, nil)
		if err != nil {
			a.unknown[solver.Gap{What: r.ARN, Why: err.Error()}] = true
			return
		}
		for _, g := range ans.Unknown {
			a.unknown[g] = true
		}
		byAccount := map[string]*Finding{}
		var ids []string
		for i := range ans.Access {
			acc := &ans.Access[i]
			id := arn.Account(acc.Principal)
			if id == r.Account || id == "" || acc.Resource != r.ARN {
				continue
			}
			f := byAccount[id]
			if f == nil {
				f = &Finding{
					Kind: "sensitive-reach", Account: r.Account, Principal: acc.Principal, Resource: r.ARN, Path: acc.Path, Grants: acc.Grants, Certain: Possible,
					Severity: Medium, Reason: "a sensitive resource is reached from another account",
					Remedy: remedyOf(acc.Grants, "Take what the account needs not out of the statement, or limit it to the principals that need it."),
					Tags:   []string{"access-analyzer:internal"},
				}
				if a.Inventory.Account(id) == nil {
					f.Severity, f.Reason = High, "a sensitive resource is reached from outside"
					f.Tags = []string{"access-analyzer:external"}
				}
				f.ID = identify(f.Kind, r.ARN, id)
				byAccount[id] = f
				ids = append(ids, id)
			} else if acc.Principal != f.Principal && !slices.Contains(f.Others, acc.Principal) {
				f.Others = append(f.Others, acc.Principal)
			}
			met := asAllChoose
			if a.Inventory.Account(id) == nil {
				met = asCallersChoose
			}
			doubts := doubtsAbout(acc, ans.Unknown, met)
			if settled(acc, met) && len(doubts) == 0 && f.Certain == Possible {
				if acc.Principal != f.Principal {
					f.Others = append(slices.DeleteFunc(f.Others, func(o string) bool { return o == acc.Principal }), f.Principal)
				}
				f.Certain, f.Condition, f.If, f.Principal, f.Path, f.Grants = Certain, metIn(acc, met), nil, acc.Principal, acc.Path, acc.Grants
			} else if f.Certain == Possible && f.Condition == nil && f.If == nil {
				f.Condition = openIn(acc)
				f.unless(doubts)
			}
			f.Statements = mergeRefs(f.Statements, acc.Grants)
		}
		slices.Sort(ids)
		for _, id := range ids {
			f := byAccount[id]
			n := len(f.Others) + 1
			f.Title = fmt.Sprintf("%d %s of %s %s sensitive %s", n, many(n, "principal"), a.accountName(id), reach(n), short(r.ARN))
			f.Detail = fmt.Sprintf("The first is %s: %s.", f.Principal, strings.Join(firstOf(actionsOf(f.Grants), 8), ", "))
			out = append(out, *f)
		}
	})
	return out
}
