package service

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	awslambda "github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"

	"pathfinder/collector/live/internal/call"
	"pathfinder/collector/snapshot"
)

// readLayers reads the account's layers. Each of their versions has a policy of its
// own.
func readLayers(ctx context.Context, u *Unit, client *awslambda.Client) error {
	layers, err := pages(ctx, awslambda.NewListLayersPaginator(client, &awslambda.ListLayersInput{}),
		func(out *awslambda.ListLayersOutput) []types.LayersListItem { return out.Layers })
	if err != nil {
		u.Missing("layers", err)
		return ctx.Err()
	}
	return each(ctx, layers, func(ctx context.Context, l types.LayersListItem) { readLayer(ctx, u, client, &l) })
}

func readLayer(ctx context.Context, u *Unit, client *awslambda.Client, l *types.LayersListItem) {
	versions, err := pages(ctx, awslambda.NewListLayerVersionsPaginator(client, &awslambda.ListLayerVersionsInput{LayerName: l.LayerName}),
		func(out *awslambda.ListLayerVersionsOutput) []types.LayerVersionsListItem { return out.LayerVersions })
	switch {
	case call.Is(err, noFunction):
		return
	case err != nil:
		u.Missing(aws.ToString(l.LayerArn)+" versions", err)
		return
	}
	for i := range versions {
		v := &versions[i]
		r := &snapshot.Resource{ARN: aws.ToString(v.LayerVersionArn), Type: "AWS::Lambda::LayerVersion"}
		out, err := client.GetLayerVersionPolicy(ctx, &awslambda.GetLayerVersionPolicyInput{LayerName: l.LayerName, VersionNumber: &v.Version})
		var text *string
		if err == nil {
			text = out.Policy
		}
		r.Policy = u.document(r.ARN, text, err, noFunction)
		u.Add(r)
	}
}
