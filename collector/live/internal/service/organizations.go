package service

import (
	"context"
	"slices"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsorgs "github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"pathfinder/collector/live/internal/call"
	"pathfinder/collector/snapshot"
)

var organizations = Service{
	Name: "organizations", Title: "AWS Organizations", What: "the organization and its control policies", Scope: Organization,
	Operations: []call.Operation{
		op("Organizations", "DescribeOrganization", "organizations:DescribeOrganization"),
		op("Organizations", "DescribeResourcePolicy", "organizations:DescribeResourcePolicy"),
		op("Organizations", "ListDelegatedAdministrators", "organizations:ListDelegatedAdministrators"),
		op("Organizations", "ListDelegatedServicesForAccount", "organizations:ListDelegatedServicesForAccount"),
		limited("Organizations", "ListRoots", "ListRoots"),
		limited("Organizations", "ListAccounts", "ListAccounts"),
		limited("Organizations", "ListChildren", "ListChildren"),
		limited("Organizations", "ListOrganizationalUnitsForParent", "ListParents"),
		limited("Organizations", "ListPolicies", "ListPolicies"),
		limited("Organizations", "ListTargetsForPolicy", "ListPolicies"),
		limited("Organizations", "DescribePolicy", "DescribePolicy"),
	},
	Lists: 7, Each: 2,
	Read: readOrganization,
}

// limited makes an operation that has a limit of its own or shares one.
func limited(service, name, group string) call.Operation {
	return call.Operation{Service: service, Name: name, Actions: []string{"organizations:" + name}, Group: service + "." + group}
}

// noOrganization is the code for an account that is in none.
const noOrganization = "AWSOrganizationsNotInUseException"

// readOrganization reads the tree and what hangs in it. Targets are asked for by
// policy: an organization has some hundred policies and some thousand targets.
//
// Without its accounts and its whole tree the organization is left out, as one
// that nobody looked at: accounts that hang nowhere would seem to be strangers to
// it that no policy binds.
func readOrganization(ctx context.Context, u *Unit) error {
	client := awsorgs.NewFromConfig(u.Config())
	described, err := client.DescribeOrganization(ctx, &awsorgs.DescribeOrganizationInput{})
	if call.Is(err, noOrganization) {
		return nil
	}
	if err != nil {
		return err
	}
	o := described.Organization
	found := &snapshot.Organization{Organization: snapshot.OrganizationInfo{
		ID: aws.ToString(o.Id), ARN: aws.ToString(o.Arn), FeatureSet: string(o.FeatureSet),
		MasterAccountID: aws.ToString(o.MasterAccountId), MasterAccountARN: aws.ToString(o.MasterAccountArn),
	}}
	r := &orgReader{u: u, client: client, found: found}
	var wait sync.WaitGroup
	for _, read := range []func(context.Context){r.members, r.policies, r.delegated, r.resourcePolicy} {
		wait.Go(func() { read(ctx) })
	}
	wait.Wait()
	r.bindAll()
	u.Set(func(p *Part) {
		p.Members = found.Accounts
		if found.Root != nil && found.Accounts != nil && r.agree() {
			p.Organization = found
		}
	})
	return ctx.Err()
}

// An orgReader fills an organization; each method its own fields.
type orgReader struct {
	u      *Unit
	client *awsorgs.Client
	found  *snapshot.Organization

	mu      sync.Mutex
	unknown []types.PolicyType // types of which some policy or attachment is unknown; under mu
}

// members reads the accounts and the tree they hang in. They are two lists: an account
// that moves or is made between them stands in none or in two places, and both are
// read once more.
func (r *orgReader) members(ctx context.Context) {
	const tries = 2
	for try := range tries {
		var wait sync.WaitGroup
		wait.Go(func() { r.accounts(ctx) })
		wait.Go(func() { r.tree(ctx) })
		wait.Wait()
		switch {
		case r.found.Root == nil || r.found.Accounts == nil || r.agree():
			return
		case try == tries-1:
			r.u.Note("units of the organization", "accounts moved while they were read")
		default:
			r.found.Accounts = nil
		}
	}
}

// agree reports whether every account hangs in exactly one place of the tree.
func (r *orgReader) agree() bool {
	places := make(map[string]int)
	for level := []*snapshot.OrganizationalUnit{r.found.Root}; len(level) > 0; {
		var next []*snapshot.OrganizationalUnit
		for _, unit := range level {
			for _, id := range unit.Accounts {
				places[id]++
			}
			next = append(next, unit.OrganizationalUnits...)
		}
		level = next
	}
	for _, a := range r.found.Accounts {
		if places[a.ID] != 1 {
			return false
		}
	}
	return len(places) == len(r.found.Accounts)
}

func (r *orgReader) accounts(ctx context.Context) {
	list, err := pages(ctx, awsorgs.NewListAccountsPaginator(r.client, &awsorgs.ListAccountsInput{}),
		func(out *awsorgs.ListAccountsOutput) []types.Account { return out.Accounts })
	if err != nil {
		r.u.Missing("accounts of the organization", err)
		return
	}
	for i := range list {
		a := &list[i]
		state := string(a.State)
		if state == "" {
			state = string(a.Status) // the older name
		}
		r.found.Accounts = append(r.found.Accounts, snapshot.OrganizationAccount{
			ID: aws.ToString(a.Id), ARN: aws.ToString(a.Arn), Name: aws.ToString(a.Name), Status: state,
		})
	}
}

// tree reads the units below the root, all or none.
func (r *orgReader) tree(ctx context.Context) {
	const what = "units of the organization"
	roots, err := pages(ctx, awsorgs.NewListRootsPaginator(r.client, &awsorgs.ListRootsInput{}),
		func(out *awsorgs.ListRootsOutput) []types.Root { return out.Roots })
	if err != nil {
		r.u.Missing(what, err)
		return
	}
	if len(roots) == 0 {
		r.u.Note(what, "the organization has no root for these credentials")
		return
	}
	root := &snapshot.OrganizationalUnit{ID: aws.ToString(roots[0].Id), ARN: aws.ToString(roots[0].Arn), Name: aws.ToString(roots[0].Name)}
	for _, t := range roots[0].PolicyTypes {
		root.PolicyTypes = append(root.PolicyTypes, snapshot.PolicyType{Type: string(t.Type), Status: string(t.Status)})
	}
	if err := r.below(ctx, root); err != nil {
		r.u.Missing(what, err)
		return
	}
	r.found.Root = root
}

// below reads the levels below a unit, one after the other.
func (r *orgReader) below(ctx context.Context, root *snapshot.OrganizationalUnit) error {
	for level := []*snapshot.OrganizationalUnit{root}; len(level) > 0; {
		errs := make([]error, len(level))
		if err := eachIndex(ctx, len(level), func(ctx context.Context, i int) { errs[i] = r.unit(ctx, level[i]) }); err != nil {
			return err
		}
		var next []*snapshot.OrganizationalUnit
		for i, parent := range level {
			if errs[i] != nil {
				return errs[i]
			}
			next = append(next, parent.OrganizationalUnits...)
		}
		level = next
	}
	return nil
}

// unit reads what hangs directly in a unit.
func (r *orgReader) unit(ctx context.Context, parent *snapshot.OrganizationalUnit) error {
	units, err := pages(ctx, awsorgs.NewListOrganizationalUnitsForParentPaginator(r.client, &awsorgs.ListOrganizationalUnitsForParentInput{ParentId: &parent.ID}),
		func(out *awsorgs.ListOrganizationalUnitsForParentOutput) []types.OrganizationalUnit {
			return out.OrganizationalUnits
		})
	if err != nil {
		return err
	}
	for _, o := range units {
		parent.OrganizationalUnits = append(parent.OrganizationalUnits, &snapshot.OrganizationalUnit{
			ID: aws.ToString(o.Id), ARN: aws.ToString(o.Arn), Name: aws.ToString(o.Name),
		})
	}
	// Not ListAccountsForParent, which shares the limit of the call above.
	accounts, err := pages(ctx, awsorgs.NewListChildrenPaginator(r.client, &awsorgs.ListChildrenInput{ParentId: &parent.ID, ChildType: types.ChildTypeAccount}),
		func(out *awsorgs.ListChildrenOutput) []types.Child { return out.Children })
	if err != nil {
		return err
	}
	for _, a := range accounts {
		parent.Accounts = append(parent.Accounts, aws.ToString(a.Id))
	}
	return nil
}

// policies reads the control policies and what they are attached to.
func (r *orgReader) policies(ctx context.Context) {
	var all []types.PolicySummary
	for _, kind := range []types.PolicyType{types.PolicyTypeServiceControlPolicy, types.PolicyTypeResourceControlPolicy} {
		list, err := pages(ctx, awsorgs.NewListPoliciesPaginator(r.client, &awsorgs.ListPoliciesInput{Filter: kind}),
			func(out *awsorgs.ListPoliciesOutput) []types.PolicySummary { return out.Policies })
		if err != nil {
			r.u.Missing("policies of type "+string(kind), err)
			r.unknown = append(r.unknown, kind)
			continue
		}
		all = append(all, list...)
	}
	found := make([]snapshot.OrganizationPolicy, len(all))
	_ = eachIndex(ctx, len(all), func(ctx context.Context, i int) { found[i] = r.policy(ctx, &all[i]) }) // the caller sees the end of ctx
	r.found.Policies = found
	slices.Sort(r.unknown)
	for _, kind := range slices.Compact(r.unknown) {
		r.found.Policies = append(r.found.Policies, snapshot.OrganizationPolicy{PolicySummary: snapshot.PolicySummary{
			ID: "p-unknown-" + strings.ToLower(string(kind)), Name: "policies that could not be read", Type: string(kind),
		}})
	}
}

// bindAll attaches the policies that stand for unknown ones to the root, where they
// bind everybody: what they allow and deny is unknown, and so is what depends on it.
func (r *orgReader) bindAll() {
	for i := range r.found.Policies {
		if p := &r.found.Policies[i]; strings.HasPrefix(p.PolicySummary.ID, "p-unknown-") && r.found.Root != nil {
			p.Targets = []string{r.found.Root.ID}
		}
	}
}

// policy reads one policy. Without its content it stands there unreadable: it may
// hold a Deny.
func (r *orgReader) policy(ctx context.Context, s *types.PolicySummary) snapshot.OrganizationPolicy {
	p := snapshot.OrganizationPolicy{PolicySummary: snapshot.PolicySummary{
		ID: aws.ToString(s.Id), ARN: aws.ToString(s.Arn), Name: aws.ToString(s.Name), Type: string(s.Type), AWSManaged: s.AwsManaged,
	}}
	if got, err := r.client.DescribePolicy(ctx, &awsorgs.DescribePolicyInput{PolicyId: s.Id}); err != nil {
		r.u.Missing(p.PolicySummary.ARN, err)
	} else {
		p.Content = Document(aws.ToString(got.Policy.Content))
	}
	targets, err := pages(ctx, awsorgs.NewListTargetsForPolicyPaginator(r.client, &awsorgs.ListTargetsForPolicyInput{PolicyId: s.Id}),
		func(out *awsorgs.ListTargetsForPolicyOutput) []types.PolicyTargetSummary { return out.Targets })
	if err != nil {
		r.u.Missing(p.PolicySummary.ARN+" targets", err)
		r.mu.Lock()
		r.unknown = append(r.unknown, s.Type)
		r.mu.Unlock()
	}
	for _, t := range targets {
		p.Targets = append(p.Targets, aws.ToString(t.TargetId))
	}
	return p
}

func (r *orgReader) delegated(ctx context.Context) {
	const what = "delegated administrators"
	admins, err := pages(ctx, awsorgs.NewListDelegatedAdministratorsPaginator(r.client, &awsorgs.ListDelegatedAdministratorsInput{}),
		func(out *awsorgs.ListDelegatedAdministratorsOutput) []types.DelegatedAdministrator {
			return out.DelegatedAdministrators
		})
	if err != nil {
		r.u.Missing(what, err)
		return
	}
	for _, a := range admins {
		services, err := pages(ctx, awsorgs.NewListDelegatedServicesForAccountPaginator(r.client, &awsorgs.ListDelegatedServicesForAccountInput{AccountId: a.Id}),
			func(out *awsorgs.ListDelegatedServicesForAccountOutput) []types.DelegatedService {
				return out.DelegatedServices
			})
		if err != nil {
			r.u.Missing(what+": services of "+aws.ToString(a.Id), err)
		}
		one := snapshot.DelegatedAdministrator{ID: aws.ToString(a.Id)}
		for _, s := range services {
			one.ServicePrincipals = append(one.ServicePrincipals, aws.ToString(s.ServicePrincipal))
		}
		r.found.DelegatedAdministrators = append(r.found.DelegatedAdministrators, one)
	}
}

func (r *orgReader) resourcePolicy(ctx context.Context) {
	out, err := r.client.DescribeResourcePolicy(ctx, &awsorgs.DescribeResourcePolicyInput{})
	var text *string
	if err == nil && out.ResourcePolicy != nil {
		text = out.ResourcePolicy.Content
	}
	r.found.ResourcePolicy = r.u.document("resource policy of the organization", text, err, "ResourcePolicyNotFoundException")
}
