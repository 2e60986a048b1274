package service_test

import (
	"strings"
	"testing"

	"pathfinder/collector/live/internal/awstest"
)

// One queue with everything, one without anything, one that may not be read, and
// one that vanished.
func TestReadQueues(t *testing.T) {
	t.Parallel()
	const url = "https://sqs.eu-central-1.amazonaws.com/111122223333/"
	got, err := awstest.Read(t, "sqs", awstest.Answers{
		"AmazonSQS.ListQueues": func(r awstest.Request) awstest.Answer {
			if strings.Contains(r.Body, "NextToken") {
				return awstest.Answer{Body: `{"QueueUrls":["` + url + `closed","` + url + `gone"]}`}
			}
			return awstest.Answer{Body: `{"QueueUrls":["` + url + `jobs","` + url + `plain"],"NextToken":"2"}`}
		},
		"AmazonSQS.GetQueueAttributes": func(r awstest.Request) awstest.Answer {
			switch {
			case strings.Contains(r.Body, "jobs"):
				return awstest.Answer{Body: `{"Attributes":{"QueueArn":"arn:aws:sqs:eu-central-1:111122223333:jobs","KmsMasterKeyId":"alias/jobs",` +
					`"Policy":"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"sqs:SendMessage\",\"Resource\":\"*\"}]}"}}`}
			case strings.Contains(r.Body, "plain"):
				return awstest.Answer{Body: `{"Attributes":{"QueueArn":"arn:aws:sqs:eu-central-1:111122223333:plain","SqsManagedSseEnabled":"true"}}`}
			case strings.Contains(r.Body, "closed"):
				return awstest.Error(400, "AccessDenied")
			}
			return awstest.Error(400, "AWS.SimpleQueueService.NonExistentQueue")
		},
		"AmazonSQS.ListQueueTags": func(r awstest.Request) awstest.Answer {
			if strings.Contains(r.Body, "plain") {
				return awstest.Error(400, "AccessDenied")
			}
			return awstest.Answer{Body: `{"Tags":{"env":"prod"}}`}
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "sqs", got)
}

func TestReadQueuesDenied(t *testing.T) {
	t.Parallel()
	if _, err := awstest.Read(t, "sqs", awstest.Answers{"AmazonSQS.ListQueues": awstest.Error(400, "AccessDenied")}); err == nil {
		t.Error("a list that may not be read is no error")
	}
}
