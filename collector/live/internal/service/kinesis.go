package service

import (
	"context"

	"pathfinder/collector/live/internal/call"
	"pathfinder/collector/snapshot"
)

var kinesis = Service{
	Name: "kinesis", Title: "Amazon Kinesis Data Streams", What: "streams", Scope: Regional,
	Types: []string{"AWS::Kinesis::Stream", "AWS::Kinesis::StreamConsumer"},
	Operations: ops("Kinesis", "kinesis",
		"ListStreams", "DescribeStreamSummary", "GetResourcePolicy", "ListTagsForResource", "ListStreamConsumers"),
	Lists: 1, Each: 3,
	Read: readStreams,

	Config: []string{"AWS::Kinesis::Stream", "AWS::Kinesis::StreamConsumer"},
}

var kinesisAPI = call.JSONAPI{Service: "Kinesis", Prefix: "kinesis", Target: "Kinesis_20131202"}

func readStreams(ctx context.Context, u *Unit) error {
	last := ""
	names, err := tokenPages(func(string) ([]string, string, error) {
		var out struct {
			StreamNames    []string
			HasMoreStreams bool
		}
		err := u.json(ctx, kinesisAPI, "ListStreams", params{"Limit": 100}.then("ExclusiveStartStreamName", last), &out)
		if !out.HasMoreStreams || len(out.StreamNames) == 0 {
			return out.StreamNames, "", err
		}
		last = out.StreamNames[len(out.StreamNames)-1]
		return out.StreamNames, last, err
	})
	if err != nil {
		return err
	}
	return each(ctx, names, func(ctx context.Context, name string) { readStream(ctx, u, name) })
}

const noStream = "ResourceNotFoundException"

func readStream(ctx context.Context, u *Unit, name string) {
	r := &snapshot.Resource{ARN: u.ARN("kinesis", "stream/"+name), Type: "AWS::Kinesis::Stream"}
	var out struct {
		StreamDescriptionSummary struct {
			EncryptionType, KeyId string
			ConsumerCount         *int
		}
	}
	err := u.json(ctx, kinesisAPI, "DescribeStreamSummary", params{"StreamARN": r.ARN}, &out)
	s := &out.StreamDescriptionSummary
	switch {
	case call.Is(err, noStream):
		return
	case err != nil:
		u.Missing(r.ARN+" key", err)
		r.Encryption = keyNotRead()
	case s.EncryptionType == "KMS" && s.KeyId != "":
		r.Encryption = u.encryption(s.KeyId, "alias/aws/kinesis")
	}
	if u.readKinesis(ctx, r) && (s.ConsumerCount == nil || *s.ConsumerCount > 0) {
		readConsumers(ctx, u, r.ARN)
	}
}

// readKinesis adds a stream or a consumer with its policy and tags, and reports
// whether it is still there. Only the tags tell one that vanished from one without
// a policy.
func (u *Unit) readKinesis(ctx context.Context, r *snapshot.Resource) bool {
	var tagged struct{ Tags []tag }
	switch err := u.json(ctx, kinesisAPI, "ListTagsForResource", params{"ResourceARN": r.ARN}, &tagged); {
	case call.Is(err, noStream):
		return false
	case err != nil:
		u.Missing(r.ARN+" tags", err)
	default:
		r.Tags = tagList(tagged.Tags)
	}
	var out struct{ Policy string }
	err := u.json(ctx, kinesisAPI, "GetResourcePolicy", params{"ResourceARN": r.ARN}, &out)
	if out.Policy == "{}" { // nothing at all, which is no policy
		out.Policy = ""
	}
	r.Policy = u.document(r.ARN, &out.Policy, err, noStream)
	u.Add(r)
	return true
}

// readConsumers reads the consumers of a stream, which have policies of their own.
func readConsumers(ctx context.Context, u *Unit, stream string) {
	type consumer struct{ ConsumerARN string }
	all, err := tokenPages(func(token string) ([]consumer, string, error) {
		var out struct {
			Consumers []consumer
			NextToken string
		}
		err := u.json(ctx, kinesisAPI, "ListStreamConsumers", params{"StreamARN": stream}.then("NextToken", token), &out)
		return out.Consumers, out.NextToken, err
	})
	if err != nil {
		if !call.Is(err, noStream) {
			u.Missing(stream+" consumers", err)
		}
		return
	}
	for _, c := range all {
		u.readKinesis(ctx, &snapshot.Resource{ARN: c.ConsumerARN, Type: "AWS::Kinesis::StreamConsumer"})
	}
}
