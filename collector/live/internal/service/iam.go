package service

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsiam "github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"pathfinder/collector/live/internal/call"
	"pathfinder/collector/snapshot"
)

var iam = Service{
	Name: "iam", Title: "AWS IAM", What: "users, groups, roles and policies", Scope: Global,
	Types: []string{"AWS::IAM::User", "AWS::IAM::Group", "AWS::IAM::Role", "AWS::IAM::ManagedPolicy"},
	Operations: ops("IAM", "iam",
		"GetAccountAuthorizationDetails", "GetPolicy", "GetPolicyVersion", "ListAccountAliases",
		"ListOpenIDConnectProviders", "GetOpenIDConnectProvider", "ListSAMLProviders",
		"GenerateCredentialReport", "GetCredentialReport"),
	Lists: 6, Each: 0,
	Read: readIAM,
}

func readIAM(ctx context.Context, u *Unit) error {
	client := awsiam.NewFromConfig(u.Config())
	if err := readDetails(ctx, u, client); err != nil {
		return err
	}
	readAliases(ctx, u, client)
	readProviders(ctx, u, client)
	return ctx.Err()
}

func readDetails(ctx context.Context, u *Unit, client *awsiam.Client) error {
	d := &snapshot.AuthorizationDetails{
		UserDetailList: []*snapshot.UserDetail{}, GroupDetailList: []*snapshot.GroupDetail{},
		RoleDetailList: []*snapshot.RoleDetail{}, Policies: []*snapshot.ManagedPolicy{},
	}
	all := awsiam.NewGetAccountAuthorizationDetailsPaginator(client, &awsiam.GetAccountAuthorizationDetailsInput{MaxItems: aws.Int32(1000)})
	_, err := pages(ctx, all, func(out *awsiam.GetAccountAuthorizationDetailsOutput) []struct{} {
		for i := range out.UserDetailList {
			d.UserDetailList = append(d.UserDetailList, userDetail(&out.UserDetailList[i]))
		}
		for i := range out.GroupDetailList {
			d.GroupDetailList = append(d.GroupDetailList, groupDetail(&out.GroupDetailList[i]))
		}
		for i := range out.RoleDetailList {
			d.RoleDetailList = append(d.RoleDetailList, roleDetail(&out.RoleDetailList[i]))
		}
		for i := range out.Policies {
			d.Policies = append(d.Policies, managedPolicy(&out.Policies[i]))
		}
		return nil
	})
	if err != nil {
		return err
	}
	if err := readMissingPolicies(ctx, u, client, d); err != nil {
		return err
	}
	if len(d.UserDetailList) > 0 {
		readLastUsed(ctx, u, client, d.UserDetailList)
	}
	u.Set(func(p *Part) { p.IAM = d })
	return ctx.Err()
}

// readMissingPolicies reads the managed policies that are attached or bound
// something and are not in the details: AWS lists its own only where they are
// attached, and some not at all.
func readMissingPolicies(ctx context.Context, u *Unit, client *awsiam.Client, d *snapshot.AuthorizationDetails) error {
	missing := make(map[string]bool)
	attached := func(list []snapshot.AttachedPolicy, boundary *snapshot.PermissionsBoundary) {
		for _, a := range list {
			missing[a.PolicyARN] = true
		}
		if boundary != nil {
			missing[boundary.PermissionsBoundaryARN] = true
		}
	}
	for _, e := range d.UserDetailList {
		attached(e.AttachedManagedPolicies, e.PermissionsBoundary)
	}
	for _, e := range d.GroupDetailList {
		attached(e.AttachedManagedPolicies, nil)
	}
	for _, e := range d.RoleDetailList {
		attached(e.AttachedManagedPolicies, e.PermissionsBoundary)
	}
	for _, p := range d.Policies {
		delete(missing, p.ARN)
	}
	names := make([]string, 0, len(missing))
	for name := range missing {
		names = append(names, name)
	}
	slices.Sort(names)
	found := make([]*snapshot.ManagedPolicy, len(names))
	err := eachIndex(ctx, len(names), func(ctx context.Context, i int) {
		p, err := readPolicy(ctx, client, names[i])
		if err != nil {
			u.Missing(names[i], err)
			return
		}
		found[i] = p
	})
	for _, p := range found {
		if p != nil {
			d.Policies = append(d.Policies, p)
		}
	}
	return err
}

func readPolicy(ctx context.Context, client *awsiam.Client, name string) (*snapshot.ManagedPolicy, error) {
	got, err := client.GetPolicy(ctx, &awsiam.GetPolicyInput{PolicyArn: &name})
	if err != nil {
		return nil, err
	}
	p := got.Policy
	version, err := client.GetPolicyVersion(ctx, &awsiam.GetPolicyVersionInput{PolicyArn: &name, VersionId: p.DefaultVersionId})
	if err != nil {
		return nil, err
	}
	return managedPolicy(&types.ManagedPolicyDetail{
		Arn: &name, PolicyName: p.PolicyName, PolicyId: p.PolicyId, Path: p.Path, DefaultVersionId: p.DefaultVersionId,
		CreateDate: p.CreateDate, UpdateDate: p.UpdateDate, PolicyVersionList: []types.PolicyVersion{*version.PolicyVersion},
	}), nil
}

func readAliases(ctx context.Context, u *Unit, client *awsiam.Client) {
	out, err := client.ListAccountAliases(ctx, &awsiam.ListAccountAliasesInput{})
	if err != nil {
		u.Missing("alias of the account", err)
		return
	}
	u.Set(func(p *Part) { p.Info.Aliases = out.AccountAliases })
}

// readProviders reads the identity providers. What could not be read of one is
// left open; without a list of both kinds there is no file.
func readProviders(ctx context.Context, u *Unit, client *awsiam.Client) {
	const what = "identity providers"
	oidc, err := client.ListOpenIDConnectProviders(ctx, &awsiam.ListOpenIDConnectProvidersInput{})
	if err != nil {
		u.Missing(what, err)
		return
	}
	saml, err := client.ListSAMLProviders(ctx, &awsiam.ListSAMLProvidersInput{})
	if err != nil {
		u.Missing(what, err)
		return
	}
	found := &snapshot.IdentityProviders{}
	for _, p := range oidc.OpenIDConnectProviderList {
		one := snapshot.OIDCProvider{ARN: aws.ToString(p.Arn)}
		got, err := client.GetOpenIDConnectProvider(ctx, &awsiam.GetOpenIDConnectProviderInput{OpenIDConnectProviderArn: p.Arn})
		switch {
		case call.Is(err, "NoSuchEntity"):
			continue
		case err != nil:
			u.Missing(one.ARN, err)
		default:
			one.URL, one.ClientIDList = aws.ToString(got.Url), got.ClientIDList
		}
		found.OpenIDConnectProviders = append(found.OpenIDConnectProviders, one)
	}
	for _, p := range saml.SAMLProviderList {
		found.SAMLProviders = append(found.SAMLProviders, snapshot.SAMLProvider{ARN: aws.ToString(p.Arn)})
	}
	u.Set(func(p *Part) { p.Providers = found })
}
