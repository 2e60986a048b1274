package service

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsdynamodb "github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/go-json-experiment/json/jsontext"

	"pathfinder/collector/live/internal/call"
	"pathfinder/collector/snapshot"
)

var dynamodb = Service{
	Name: "dynamodb", Title: "Amazon DynamoDB", What: "tables and their streams", Scope: Regional,
	Types:      []string{"AWS::DynamoDB::Table", "AWS::DynamoDB::Stream"},
	Operations: ops("DynamoDB", "dynamodb", "ListTables", "DescribeTable", "GetResourcePolicy", "ListTagsOfResource"),
	Lists:      1, Each: 4,
	Read: readTables,

	Config: []string{"AWS::DynamoDB::Table"}, // streams are of tables
}

func readTables(ctx context.Context, u *Unit) error {
	client := awsdynamodb.NewFromConfig(u.Config(), func(o *awsdynamodb.Options) {
		o.DisableValidateResponseChecksum = true // a difference would only be logged
	})
	names, err := pages(ctx, awsdynamodb.NewListTablesPaginator(client, &awsdynamodb.ListTablesInput{}),
		func(out *awsdynamodb.ListTablesOutput) []string { return out.TableNames })
	if err != nil {
		return err
	}
	return each(ctx, names, func(ctx context.Context, name string) { readTable(ctx, u, client, name) })
}

// noTable is the code for a table or a stream that is gone.
const noTable = "ResourceNotFoundException"

func readTable(ctx context.Context, u *Unit, client *awsdynamodb.Client, name string) {
	r := &snapshot.Resource{ARN: u.ARN("dynamodb", "table/"+name), Type: "AWS::DynamoDB::Table"}
	var stream string
	switch out, err := client.DescribeTable(ctx, &awsdynamodb.DescribeTableInput{TableName: &name}); {
	case call.Is(err, noTable):
		return
	case err != nil:
		u.Missing(r.ARN+" encryption and stream", err)
		r.Encryption = keyNotRead()
	default:
		// Without a description it is a key that AWS owns, and nobody's matter.
		if sse := out.Table.SSEDescription; sse != nil && aws.ToString(sse.KMSMasterKeyArn) != "" {
			r.Encryption = u.encryption(*sse.KMSMasterKeyArn, "alias/aws/dynamodb")
		}
		stream = aws.ToString(out.Table.LatestStreamArn)
	}
	there := true
	if r.Policy, there = readTablePolicy(ctx, u, client, r.ARN); !there {
		return
	}
	if r.Tags, there = readTableTags(ctx, u, client, r.ARN); !there {
		return
	}
	u.Add(r)
	if stream == "" {
		return
	}
	s := &snapshot.Resource{ARN: stream, Type: "AWS::DynamoDB::Stream", Encryption: r.Encryption}
	if s.Policy, there = readTablePolicy(ctx, u, client, stream); there {
		u.Add(s)
	}
}

// readTablePolicy reads the policy of a table or a stream, if that is still there.
func readTablePolicy(ctx context.Context, u *Unit, client *awsdynamodb.Client, name string) (f snapshot.Fact[jsontext.Value], there bool) {
	out, err := client.GetResourcePolicy(ctx, &awsdynamodb.GetResourcePolicyInput{ResourceArn: &name})
	if call.Is(err, noTable) {
		return f, false
	}
	var text *string
	if err == nil {
		text = out.Policy
	}
	return u.document(name, text, err, "PolicyNotFoundException"), true
}

func readTableTags(ctx context.Context, u *Unit, client *awsdynamodb.Client, name string) (f snapshot.Fact[snapshot.Tags], there bool) {
	all, err := tokenPages(func(token string) ([]types.Tag, string, error) {
		in := &awsdynamodb.ListTagsOfResourceInput{ResourceArn: &name}
		if token != "" {
			in.NextToken = &token
		}
		out, err := client.ListTagsOfResource(ctx, in)
		if err != nil {
			return nil, "", err
		}
		return out.Tags, aws.ToString(out.NextToken), nil
	})
	switch {
	case call.Is(err, noTable):
		return f, false
	case err != nil:
		u.Missing(name+" tags", err)
		return f, true
	}
	return tags(all, func(t types.Tag) (key, value *string) { return t.Key, t.Value }), true
}
