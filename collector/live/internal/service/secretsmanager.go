package service

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	awssecrets "github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager/types"

	"pathfinder/collector/live/internal/call"
	"pathfinder/collector/snapshot"
)

var secretsmanager = Service{
	Name: "secretsmanager", Title: "AWS Secrets Manager", What: "secrets", Scope: Regional,
	Types:      []string{"AWS::SecretsManager::Secret"},
	Operations: ops("Secrets Manager", "secretsmanager", "ListSecrets", "GetResourcePolicy"),
	Lists:      1, Each: 1,
	Read: readSecrets,
}

// readSecrets reads the secrets, those that wait for their deletion too: they can
// be restored. Never their values.
func readSecrets(ctx context.Context, u *Unit) error {
	client := awssecrets.NewFromConfig(u.Config())
	list, err := pages(ctx, awssecrets.NewListSecretsPaginator(client, &awssecrets.ListSecretsInput{
		IncludePlannedDeletion: aws.Bool(true), MaxResults: aws.Int32(100),
	}), func(out *awssecrets.ListSecretsOutput) []types.SecretListEntry { return out.SecretList })
	if err != nil {
		return err
	}
	return each(ctx, list, func(ctx context.Context, s types.SecretListEntry) { readSecret(ctx, u, client, &s) })
}

func readSecret(ctx context.Context, u *Unit, client *awssecrets.Client, s *types.SecretListEntry) {
	r := &snapshot.Resource{
		ARN: aws.ToString(s.ARN), Type: "AWS::SecretsManager::Secret", Name: aws.ToString(s.Name),
		Tags:       tags(s.Tags, func(t types.Tag) (key, value *string) { return t.Key, t.Value }),
		Encryption: &snapshot.Encryption{AWSManaged: true}, // KmsKeyId is left out for aws/secretsmanager
	}
	if key := aws.ToString(s.KmsKeyId); key != "" {
		r.Encryption = u.encryption(key, "alias/aws/secretsmanager")
	}
	out, err := client.GetResourcePolicy(ctx, &awssecrets.GetResourcePolicyInput{SecretId: s.ARN})
	if call.Is(err, "ResourceNotFoundException") {
		return
	}
	var text *string
	if err == nil {
		text = out.ResourcePolicy
	}
	r.Policy = u.document(r.ARN, text, err)
	u.Add(r)
}
