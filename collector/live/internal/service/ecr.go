package service

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsecr "github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/aws/aws-sdk-go-v2/service/ecr/types"

	"pathfinder/collector/live/internal/call"
	"pathfinder/collector/snapshot"
	"pathfinder/graphmodel/inventory"
)

var ecr = Service{
	Name: "ecr", Title: "Amazon ECR", What: "image repositories and the policy of the registry", Scope: Regional,
	Types:      []string{"AWS::ECR::Repository", "AWS::ECR::RegistryPolicy"},
	Operations: ops("ECR", "ecr", "DescribeRepositories", "GetRepositoryPolicy", "ListTagsForResource", "GetRegistryPolicy"),
	Lists:      2, Each: 2,
	Read: readRepositories,
}

func readRepositories(ctx context.Context, u *Unit) error {
	client := awsecr.NewFromConfig(u.Config())
	list, err := pages(ctx, awsecr.NewDescribeRepositoriesPaginator(client, &awsecr.DescribeRepositoriesInput{MaxResults: aws.Int32(1000)}),
		func(out *awsecr.DescribeRepositoriesOutput) []types.Repository { return out.Repositories })
	if err != nil {
		return err
	}
	readRegistry(ctx, u, client)
	return each(ctx, list, func(ctx context.Context, repo types.Repository) { readRepository(ctx, u, client, &repo) })
}

// readRegistry keeps the policy of the registry, which speaks of its repositories.
// A registry has no ARN in the Service Authorization Reference, so the snapshot
// makes one. Decisions go by the policies of the repositories alone, so a registry
// with a policy is noted: it may let others in.
func readRegistry(ctx context.Context, u *Unit, client *awsecr.Client) {
	const what = "policy of the registry"
	r := &snapshot.Resource{ARN: u.ARN("ecr", "registry"), Type: "AWS::ECR::RegistryPolicy"}
	out, err := client.GetRegistryPolicy(ctx, &awsecr.GetRegistryPolicyInput{})
	var text *string
	if err == nil {
		text = out.PolicyText
	}
	if r.Policy = u.document(what, text, err, "RegistryPolicyNotFoundException"); r.Policy.Known == inventory.Have {
		u.Note(what, "it is kept, but answers about repositories do not take it into account")
		u.Add(r)
	}
}

func readRepository(ctx context.Context, u *Unit, client *awsecr.Client, repo *types.Repository) {
	const gone = "RepositoryNotFoundException"
	r := &snapshot.Resource{ARN: aws.ToString(repo.RepositoryArn), Type: "AWS::ECR::Repository", Name: aws.ToString(repo.RepositoryName)}
	if e := repo.EncryptionConfiguration; e != nil && e.EncryptionType != types.EncryptionTypeAes256 {
		r.Encryption = &snapshot.Encryption{AWSManaged: true} // without a key it is aws/ecr
		if key := aws.ToString(e.KmsKey); key != "" {
			r.Encryption = u.encryption(key, "alias/aws/ecr")
		}
	}
	out, err := client.GetRepositoryPolicy(ctx, &awsecr.GetRepositoryPolicyInput{RepositoryName: repo.RepositoryName, RegistryId: repo.RegistryId})
	if call.Is(err, gone) {
		return
	}
	var text *string
	if err == nil {
		text = out.PolicyText
	}
	r.Policy = u.document(r.ARN, text, err, "RepositoryPolicyNotFoundException")
	switch got, err := client.ListTagsForResource(ctx, &awsecr.ListTagsForResourceInput{ResourceArn: repo.RepositoryArn}); {
	case call.Is(err, gone):
		return
	case err != nil:
		u.Missing(r.ARN+" tags", err)
	default:
		r.Tags = tags(got.Tags, func(t types.Tag) (key, value *string) { return t.Key, t.Value })
	}
	u.Add(r)
}
