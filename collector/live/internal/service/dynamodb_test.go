package service_test

import (
	"testing"

	"pathfinder/collector/live/internal/awstest"
)

// A table with everything, one without anything, one that may only be listed, one
// that vanished, and one whose stream did.
func TestReadTables(t *testing.T) {
	t.Parallel()
	const (
		arn    = "arn:aws:dynamodb:eu-central-1:111122223333:table/"
		stream = "/stream/2026-01-01T00:00:00.000"
	)
	gone, denied, none := awstest.Error(400, "ResourceNotFoundException"), awstest.Error(400, "AccessDeniedException"), awstest.Error(400, "PolicyNotFoundException")
	read(t, "dynamodb", "dynamodb", awstest.Answers{
		"DynamoDB_20120810.ListTables": by("ExclusiveStart", `{"TableNames":["closed","gone","streamless"]}`, "", `{"TableNames":["orders","plain"],"LastEvaluatedTableName":"plain"}`),
		"DynamoDB_20120810.DescribeTable": by(
			"orders", `{"Table":{"TableName":"orders","TableArn":"`+arn+`orders","LatestStreamArn":"`+arn+`orders`+stream+`",
				"SSEDescription":{"Status":"ENABLED","SSEType":"KMS","KMSMasterKeyArn":"arn:aws:kms:eu-central-1:111122223333:key/k"}}}`,
			"plain", `{"Table":{"TableName":"plain"}}`, "closed", denied, "gone", gone,
			"streamless", `{"Table":{"TableName":"streamless","LatestStreamArn":"`+arn+`streamless`+stream+`"}}`),
		"DynamoDB_20120810.GetResourcePolicy": by(
			"orders/stream", `{"Policy":`+quoted(allow("dynamodb:GetRecords"))+`,"RevisionId":"1"}`,
			"orders", `{"Policy":`+quoted(allow("dynamodb:GetItem"))+`,"RevisionId":"1"}`,
			"closed", denied, "streamless/stream", gone, "", none),
		"DynamoDB_20120810.ListTagsOfResource": by("NextToken", `{"Tags":[{"Key":"team","Value":"shop"}]}`,
			"orders", `{"Tags":[{"Key":"env","Value":"prod"}],"NextToken":"2"}`, "closed", denied, "", `{"Tags":[]}`),
	})
}
