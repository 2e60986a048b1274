package service_test

import (
	"testing"

	"pathfinder/collector/live/internal/awstest"
)

// One stream with everything and two consumers, one without anything, one that may
// not be read, one that vanished before and one in between.
func TestReadStreams(t *testing.T) {
	t.Parallel()
	const arn = "arn:aws:kinesis:eu-central-1:111122223333:stream/"
	summary := func(name, more string) string {
		return `{"StreamDescriptionSummary":{"StreamName":"` + name + `","StreamARN":"` + arn + name + `","StreamStatus":"ACTIVE"` + more + `}}`
	}
	got, err := awstest.Read(t, "kinesis", awstest.Answers{
		"Kinesis_20131202.ListStreams": about(
			`"ExclusiveStartStreamName":"clicks"`, `{"StreamNames":["plain","none","closed","gone","late"],"HasMoreStreams":false}`,
			"", `{"StreamNames":["clicks"],"HasMoreStreams":true,"NextToken":"AAAA"}`),
		"Kinesis_20131202.DescribeStreamSummary": about(
			"clicks", summary("clicks", `,"EncryptionType":"KMS","KeyId":"alias/clicks","ConsumerCount":2`),
			"plain", summary("plain", `,"EncryptionType":"NONE","ConsumerCount":0`),
			"none", summary("none", `,"EncryptionType":"NONE","ConsumerCount":0`),
			"closed", awstest.Error(400, denied),
			"gone", awstest.Error(400, gone),
			"late", summary("late", `,"EncryptionType":"KMS","KeyId":"alias/aws/kinesis"`)),
		"Kinesis_20131202.ListTagsForResource": about(
			"consumer/app", `{"Tags":[]}`,
			"consumer/left", awstest.Error(400, gone),
			"clicks", `{"Tags":[{"Key":"env","Value":"prod"}]}`,
			"plain", `{"Tags":[]}`,
			"none", `{"Tags":[]}`,
			"closed", awstest.Error(400, denied),
			"late", awstest.Error(400, gone)),
		"Kinesis_20131202.GetResourcePolicy": about(
			"stream/none", `{"Policy":"{}"}`,
			"consumer/app", `{"Policy":`+grant("App", "kinesis:SubscribeToShard", arn+"clicks/consumer/app:1")+`}`,
			"clicks", `{"Policy":`+grant("Read", "kinesis:GetRecords", arn+"clicks")+`}`,
			"plain", `{"Policy":""}`,
			"closed", awstest.Error(400, denied)),
		"Kinesis_20131202.ListStreamConsumers": about(
			"closed", awstest.Error(400, denied),
			"NextToken", `{"Consumers":[{"ConsumerName":"left","ConsumerARN":"`+arn+`clicks/consumer/left:2"}]}`,
			"", `{"Consumers":[{"ConsumerName":"app","ConsumerARN":"`+arn+`clicks/consumer/app:1","ConsumerStatus":"ACTIVE"}],"NextToken":"2"}`),
	})
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "kinesis", got)
}
