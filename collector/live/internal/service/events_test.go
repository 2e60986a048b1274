package service_test

import (
	"testing"

	"pathfinder/collector/live/internal/awstest"
)

// One bus with everything, one without anything, one of which only the list may be
// read, and one that vanished.
func TestReadBuses(t *testing.T) {
	t.Parallel()
	const arn = "arn:aws:events:eu-central-1:111122223333:event-bus/"
	got, err := awstest.Read(t, "events", awstest.Answers{
		"AWSEvents.ListEventBuses": about(
			"NextToken", `{"EventBuses":[{"Name":"closed","Arn":"`+arn+`closed","Policy":`+grant("Closed", "events:PutEvents", arn+"closed")+`},{"Name":"gone","Arn":"`+arn+`gone"}]}`,
			"", `{"EventBuses":[{"Name":"default","Arn":"`+arn+`default","CreationTime":1.7E9},{"Name":"orders","Arn":"`+arn+`orders","Policy":`+grant("Orders", "events:PutEvents", arn+"orders")+`}],"NextToken":"2"}`),
		"AWSEvents.DescribeEventBus": about(
			"default", `{"Name":"default","Arn":"`+arn+`default"}`,
			"orders", `{"Name":"orders","Arn":"`+arn+`orders","KmsKeyIdentifier":"alias/orders","DeadLetterConfig":{}}`,
			"closed", awstest.Error(400, denied),
			"gone", awstest.Error(400, gone)),
		"AWSEvents.ListTagsForResource": about(
			"default", `{"Tags":[]}`,
			"orders", `{"Tags":[{"Key":"env","Value":"prod"}]}`,
			"closed", awstest.Error(400, denied)),
	})
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "events", got)
}
