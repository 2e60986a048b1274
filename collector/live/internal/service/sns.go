package service

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	awssns "github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sns/types"

	"pathfinder/collector/live/internal/call"
	"pathfinder/collector/snapshot"
)

var sns = Service{
	Name: "sns", Title: "Amazon SNS", What: "topics", Scope: Regional,
	Types:      []string{"AWS::SNS::Topic"},
	Operations: ops("SNS", "sns", "ListTopics", "GetTopicAttributes", "ListTagsForResource"),
	Lists:      1, Each: 2,
	Read: readTopics,

	Config: []string{"AWS::SNS::Topic"}, FromConfig: topicsFromConfig,
}

func readTopics(ctx context.Context, u *Unit) error {
	client := awssns.NewFromConfig(u.Config())
	topics, err := pages(ctx, awssns.NewListTopicsPaginator(client, &awssns.ListTopicsInput{}),
		func(out *awssns.ListTopicsOutput) []types.Topic { return out.Topics })
	if err != nil {
		return err
	}
	return each(ctx, topics, func(ctx context.Context, t types.Topic) { readTopic(ctx, u, client, aws.ToString(t.TopicArn)) })
}

// noTopic are the codes for a topic that is gone.
var noTopic = []string{"NotFound", "ResourceNotFound"}

func readTopic(ctx context.Context, u *Unit, client *awssns.Client, name string) {
	r := &snapshot.Resource{ARN: name, Type: "AWS::SNS::Topic"}
	switch out, err := client.GetTopicAttributes(ctx, &awssns.GetTopicAttributesInput{TopicArn: &name}); {
	case call.Is(err, noTopic...):
		return
	case err != nil:
		u.Missing(name, err)
		r.Encryption = keyNotRead()
	default:
		r.Policy = u.document(name, aws.String(out.Attributes["Policy"]), nil)
		if key := out.Attributes["KmsMasterKeyId"]; key != "" {
			r.Encryption = u.encryption(key, "alias/aws/sns")
		}
	}
	switch got, err := client.ListTagsForResource(ctx, &awssns.ListTagsForResourceInput{ResourceArn: &name}); {
	case call.Is(err, noTopic...):
		return
	case err != nil:
		u.Missing(name+" tags", err)
	default:
		r.Tags = tags(got.Tags, func(t types.Tag) (key, value *string) { return t.Key, t.Value })
	}
	u.Add(r)
}

// topicsFromConfig takes the topics that Config holds with their policy; every
// topic has one.
func topicsFromConfig(ctx context.Context, u *Unit, items []ConfigItem) error {
	client := awssns.NewFromConfig(u.Config())
	return each(ctx, items, func(ctx context.Context, item ConfigItem) {
		attributes := item.texts()
		if attributes["TopicArn"] != item.ARN || attributes["Policy"] == "" || item.TagList == nil {
			readTopic(ctx, u, client, item.ARN)
			return
		}
		r := &snapshot.Resource{ARN: item.ARN, Type: "AWS::SNS::Topic", Policy: snapshot.Have(Document(attributes["Policy"])), Tags: item.tagFact()}
		if key := attributes["KmsMasterKeyId"]; key != "" {
			r.Encryption = u.encryption(key, "alias/aws/sns")
		}
		u.Add(r)
	})
}
