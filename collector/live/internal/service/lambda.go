package service

import (
	"context"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	awslambda "github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"
	"github.com/go-json-experiment/json/jsontext"

	"pathfinder/collector/live/internal/call"
	"pathfinder/collector/snapshot"
	"pathfinder/graphmodel/inventory"
)

var lambda = Service{
	Name: "lambda", Title: "AWS Lambda", What: "functions and layers", Scope: Regional,
	Types: []string{"AWS::Lambda::Function", "AWS::Lambda::Alias", "AWS::Lambda::Version", "AWS::Lambda::LayerVersion"},
	Operations: append(ops("Lambda", "lambda",
		"ListFunctions", "ListAliases", "ListFunctionUrlConfigs", "ListTags",
		"ListLayers", "ListLayerVersions", "GetLayerVersionPolicy"),
		// Its limit is not that of the others ("Lambda quotas", Lambda guide).
		call.Operation{Service: "Lambda", Name: "GetPolicy", Actions: []string{"lambda:GetPolicy"}, Group: "Lambda.GetPolicy"}),
	Lists: 2, Each: 4,
	Read: readFunctions,
}

// noFunction is the code for a function, a version, an alias or a layer that is
// gone, and for one that has no policy.
const noFunction = "ResourceNotFoundException"

// latest is the version that is not published.
const latest = "$LATEST"

// A function is what is kept of the list of functions: no environment variables.
type function struct {
	arn, key string
	roles    map[string]string // by version
}

// readFunctions reads functions and layers. All versions are in the list of
// functions, so no function is asked for its own.
func readFunctions(ctx context.Context, u *Unit) error {
	client := awslambda.NewFromConfig(u.Config())
	found := make(map[string]*function)
	all := awslambda.NewListFunctionsPaginator(client, &awslambda.ListFunctionsInput{FunctionVersion: types.FunctionVersionAll})
	_, err := pages(ctx, all, func(out *awslambda.ListFunctionsOutput) []struct{} {
		for i := range out.Functions {
			keepVersion(found, &out.Functions[i])
		}
		return nil
	})
	if err != nil {
		return err
	}
	functions := make([]*function, 0, len(found))
	for _, f := range found {
		functions = append(functions, f)
	}
	if err := each(ctx, functions, func(ctx context.Context, f *function) { readFunction(ctx, u, client, f) }); err != nil {
		return err
	}
	return readLayers(ctx, u, client)
}

func keepVersion(found map[string]*function, c *types.FunctionConfiguration) {
	name, number := aws.ToString(c.FunctionArn), aws.ToString(c.Version)
	if parts := strings.Split(name, ":"); len(parts) > 7 { // arn:aws:lambda:REGION:ACCOUNT:function:NAME:VERSION
		name = strings.Join(parts[:7], ":")
	}
	if found[name] == nil {
		found[name] = &function{arn: name, roles: make(map[string]string)}
	}
	found[name].roles[number] = aws.ToString(c.Role)
	if number == latest {
		found[name].key = aws.ToString(c.KMSKeyArn)
	}
}

// readFunction reads a function, and those of its aliases and versions that say
// something of their own. Each has its own policy, which holds for requests that
// name it ("Working with resource-based policies in Lambda", Lambda guide).
func readFunction(ctx context.Context, u *Unit, client *awslambda.Client, f *function) {
	r := &snapshot.Resource{ARN: f.arn, Type: "AWS::Lambda::Function", Roles: rolesOf(f, latest)}
	if f.key != "" {
		r.Encryption = u.encryption(f.key, "alias/aws/lambda")
	}
	switch got, err := client.ListTags(ctx, &awslambda.ListTagsInput{Resource: &f.arn}); {
	case call.Is(err, noFunction):
		return
	case err != nil:
		u.Missing(f.arn+" tags", err)
	default:
		r.Tags = snapshot.Have(snapshot.TagsOf(got.Tags))
	}
	aliases, err := pages(ctx, awslambda.NewListAliasesPaginator(client, &awslambda.ListAliasesInput{FunctionName: &f.arn}),
		func(out *awslambda.ListAliasesOutput) []types.AliasConfiguration { return out.Aliases })
	switch {
	case call.Is(err, noFunction):
		return
	case err != nil:
		u.Missing(f.arn+" aliases", err)
	}
	there := true
	if r.URLs, there = readFunctionURLs(ctx, u, client, f.arn); !there {
		return
	}
	r.Policy = readFunctionPolicy(ctx, u, client, f.arn, "")
	u.Add(r)
	for i := range aliases {
		readAlias(ctx, u, client, f, &aliases[i])
	}
	for number := range f.roles {
		if number != latest {
			readVersion(ctx, u, client, f, number)
		}
	}
}

func readFunctionURLs(ctx context.Context, u *Unit, client *awslambda.Client, name string) (f snapshot.Fact[[]snapshot.FunctionURL], there bool) {
	urls, err := pages(ctx, awslambda.NewListFunctionUrlConfigsPaginator(client, &awslambda.ListFunctionUrlConfigsInput{FunctionName: &name}),
		func(out *awslambda.ListFunctionUrlConfigsOutput) []types.FunctionUrlConfig {
			return out.FunctionUrlConfigs
		})
	switch {
	case call.Is(err, noFunction):
		return f, false
	case err != nil:
		u.Missing(name+" URLs", err)
		return f, true
	case len(urls) == 0:
		return snapshot.None[[]snapshot.FunctionURL](), true
	}
	out := make([]snapshot.FunctionURL, len(urls))
	for i := range urls {
		out[i] = snapshot.FunctionURL{FunctionARN: aws.ToString(urls[i].FunctionArn), AuthType: string(urls[i].AuthType)}
	}
	slices.SortFunc(out, func(a, b snapshot.FunctionURL) int { return strings.Compare(a.FunctionARN, b.FunctionARN) })
	return snapshot.Have(out), true
}

// readFunctionPolicy reads the policy of a function, or of the version or alias
// that the qualifier names.
func readFunctionPolicy(ctx context.Context, u *Unit, client *awslambda.Client, name, qualifier string) snapshot.Fact[jsontext.Value] {
	in, what := &awslambda.GetPolicyInput{FunctionName: &name}, name
	if qualifier != "" {
		in.Qualifier, what = &qualifier, name+":"+qualifier
	}
	out, err := client.GetPolicy(ctx, in)
	var text *string
	if err == nil {
		text = out.Policy
	}
	return u.document(what, text, err, noFunction)
}

// readAlias keeps an alias that has a policy, or of which that is unknown.
func readAlias(ctx context.Context, u *Unit, client *awslambda.Client, f *function, a *types.AliasConfiguration) {
	r := &snapshot.Resource{ARN: aws.ToString(a.AliasArn), Type: "AWS::Lambda::Alias"}
	r.Policy = readFunctionPolicy(ctx, u, client, f.arn, aws.ToString(a.Name))
	if r.Policy.Known == inventory.None {
		return
	}
	versions := []string{aws.ToString(a.FunctionVersion)}
	if a.RoutingConfig != nil {
		for number := range a.RoutingConfig.AdditionalVersionWeights {
			versions = append(versions, number)
		}
	}
	r.Roles = rolesOf(f, versions...)
	u.Add(r)
}

// readVersion keeps a version like an alias, and one whose role is not that of the
// function.
func readVersion(ctx context.Context, u *Unit, client *awslambda.Client, f *function, number string) {
	r := &snapshot.Resource{ARN: f.arn + ":" + number, Type: "AWS::Lambda::Version", Roles: rolesOf(f, number)}
	r.Policy = readFunctionPolicy(ctx, u, client, f.arn, number)
	if r.Policy.Known != inventory.None || f.roles[number] != f.roles[latest] {
		u.Add(r)
	}
}

// rolesOf lists the roles of versions.
func rolesOf(f *function, versions ...string) []string {
	var roles []string
	for _, number := range versions {
		if role := f.roles[number]; role != "" {
			roles = append(roles, role)
		}
	}
	slices.Sort(roles)
	return slices.Compact(roles)
}
