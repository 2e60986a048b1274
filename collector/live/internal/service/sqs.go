package service

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	awssqs "github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"pathfinder/collector/live/internal/call"
	"pathfinder/collector/snapshot"
)

var sqs = Service{
	Name: "sqs", Title: "Amazon SQS", What: "queues", Scope: Regional,
	Types:      []string{"AWS::SQS::Queue"},
	Operations: ops("SQS", "sqs", "ListQueues", "GetQueueAttributes", "ListQueueTags"),
	Lists:      1, Each: 2,
	Read: readQueues,

	Config: []string{"AWS::SQS::Queue"}, FromConfig: queuesFromConfig,
}

func readQueues(ctx context.Context, u *Unit) error {
	client := awssqs.NewFromConfig(u.Config())
	urls, err := pages(ctx, awssqs.NewListQueuesPaginator(client, &awssqs.ListQueuesInput{MaxResults: aws.Int32(1000)}),
		func(out *awssqs.ListQueuesOutput) []string { return out.QueueUrls })
	if err != nil {
		return err
	}
	return each(ctx, urls, func(ctx context.Context, url string) { readQueue(ctx, u, client, url) })
}

func readQueue(ctx context.Context, u *Unit, client *awssqs.Client, url string) {
	out, err := client.GetQueueAttributes(ctx, &awssqs.GetQueueAttributesInput{QueueUrl: &url, AttributeNames: []types.QueueAttributeName{
		types.QueueAttributeNameQueueArn, types.QueueAttributeNamePolicy,
		types.QueueAttributeNameKmsMasterKeyId, types.QueueAttributeNameSqsManagedSseEnabled,
	}})
	switch {
	case call.Is(err, "AWS.SimpleQueueService.NonExistentQueue", "QueueDoesNotExist"):
		return
	case err != nil:
		name := u.ARN("sqs", afterSlash(url))
		u.Missing(name, err)
		u.Add(&snapshot.Resource{ARN: name, Type: "AWS::SQS::Queue", Encryption: keyNotRead()})
		return
	}
	r := &snapshot.Resource{ARN: out.Attributes["QueueArn"], Type: "AWS::SQS::Queue"}
	r.Policy = u.document(r.ARN, aws.String(out.Attributes["Policy"]), nil)
	if key := out.Attributes["KmsMasterKeyId"]; key != "" {
		r.Encryption = u.encryption(key, "alias/aws/sqs")
	}
	if got, err := client.ListQueueTags(ctx, &awssqs.ListQueueTagsInput{QueueUrl: &url}); err != nil {
		u.Missing(r.ARN+" tags", err)
	} else {
		r.Tags = snapshot.Have(snapshot.TagsOf(got.Tags))
	}
	u.Add(r)
}

// queuesFromConfig takes the queues that Config holds with their policy. One
// without may have none, or Config may not have recorded it: SQS is asked.
func queuesFromConfig(ctx context.Context, u *Unit, items []ConfigItem) error {
	client := awssqs.NewFromConfig(u.Config())
	return each(ctx, items, func(ctx context.Context, item ConfigItem) {
		attributes := item.texts()
		url := attributes["QueueUrl"]
		switch {
		case url == "":
			u.Note(item.ARN, "AWS Config holds no URL of the queue")
		case attributes["QueueArn"] != item.ARN || attributes["Policy"] == "" || item.TagList == nil:
			readQueue(ctx, u, client, url)
		default:
			r := &snapshot.Resource{ARN: item.ARN, Type: "AWS::SQS::Queue", Policy: snapshot.Have(Document(attributes["Policy"])), Tags: item.tagFact()}
			if key := attributes["KmsMasterKeyId"]; key != "" {
				r.Encryption = u.encryption(key, "alias/aws/sqs")
			}
			u.Add(r)
		}
	})
}
