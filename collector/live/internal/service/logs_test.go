package service_test

import (
	"strings"
	"testing"

	"pathfinder/collector/live/internal/awstest"
)

const logARN = "arn:aws:logs:eu-central-1:111122223333:"

func logGroups(names ...string) string {
	var list []string
	for _, n := range names {
		list = append(list, `{"logGroupName":"`+n+`","arn":"`+logARN+`log-group:`+n+`:*","logGroupArn":"`+logARN+`log-group:`+n+`","storedBytes":0}`)
	}
	return strings.Join(list, ",")
}

// Two policies speak of all log groups; one group has its own, one a key, one may
// not be read, and one vanished. One destination has a policy, one has none, and
// one vanished.
func TestReadLogs(t *testing.T) {
	t.Parallel()
	got, err := awstest.Read(t, "logs", awstest.Answers{
		"Logs_20140328.DescribeLogGroups": about(
			"nextToken", `{"logGroups":[`+logGroups("closed", "gone")+`]}`,
			"", `{"logGroups":[`+logGroups("/app/web")+`,{"logGroupName":"old","arn":"`+logARN+`log-group:old:*","kmsKeyId":"arn:aws:kms:eu-central-1:111122223333:key/1234abcd"}],"nextToken":"2"}`),
		"Logs_20140328.DescribeResourcePolicies": about(
			"log-group:/app/web", `{"resourcePolicies":[{"policyName":"own","policyDocument":`+grant("Own", "logs:GetLogEvents", logARN+"log-group:/app/web:*")+`,"policyScope":"RESOURCE","resourceArn":"`+logARN+`log-group:/app/web","revisionId":"1"}]}`,
			// Where log groups have no policies of their own the list is the one of all.
			"log-group:old", `{"resourcePolicies":[{"policyName":"route53","policyDocument":`+grant("Route", "logs:PutLogEvents", "*")+`}]}`,
			"log-group:closed", awstest.Error(400, denied),
			"nextToken", `{"resourcePolicies":[{"policyName":"es","policyDocument":`+grant("Search", "logs:CreateLogStream", "*")+`,"policyScope":"ACCOUNT"}]}`,
			"", `{"resourcePolicies":[{"policyName":"route53","policyDocument":`+grant("Route", "logs:PutLogEvents", logARN+"log-group:/aws/route53/*")+`,"lastUpdatedTime":1700000000000}],"nextToken":"2"}`),
		"Logs_20140328.ListTagsForResource": about(
			"/app/web", `{"tags":{"env":"prod"}}`,
			"closed", awstest.Error(400, denied),
			"gone", awstest.Error(400, gone),
			"late", awstest.Error(400, gone),
			"", `{"tags":{}}`),
		"Logs_20140328.DescribeDestinations": about(
			"nextToken", `{"destinations":[{"destinationName":"plain","arn":"`+logARN+`destination:plain"},{"destinationName":"late","arn":"`+logARN+`destination:late"}]}`,
			"", `{"destinations":[{"destinationName":"central","arn":"`+logARN+`destination:central","targetArn":"arn:aws:kinesis:eu-central-1:111122223333:stream/s",`+
				`"roleArn":"arn:aws:iam::111122223333:role/r","accessPolicy":`+grant("Subscribe", "logs:PutSubscriptionFilter", logARN+"destination:central")+`,"creationTime":1}],"nextToken":"2"}`),
	})
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "logs", got)
}

// When the policies for all log groups are closed, no group's policy is known, and
// one line says so.
func TestReadLogsDenied(t *testing.T) {
	t.Parallel()
	got, err := awstest.Read(t, "logs", awstest.Answers{
		"Logs_20140328.DescribeLogGroups":        `{"logGroups":[` + logGroups("a", "b") + `]}`,
		"Logs_20140328.DescribeResourcePolicies": awstest.Error(400, denied),
		"Logs_20140328.ListTagsForResource":      `{"tags":{}}`,
		"Logs_20140328.DescribeDestinations":     awstest.Error(400, denied),
	})
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "logs-denied", got)
}

// Policies of different versions cannot be one document; without policies there is
// none.
func TestReadLogsPolicies(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]string{
		"none":  `{"resourcePolicies":[]}`,
		"mixed": `{"resourcePolicies":[{"policyName":"a","policyDocument":` + grant("A", "logs:PutLogEvents", "*") + `},{"policyName":"b","policyDocument":"{\"Version\":\"2008-10-17\",\"Statement\":[]}"}]}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := awstest.Read(t, "logs", awstest.Answers{
				"Logs_20140328.DescribeLogGroups":        `{"logGroups":[` + logGroups("a") + `]}`,
				"Logs_20140328.DescribeResourcePolicies": answer,
				"Logs_20140328.ListTagsForResource":      `{}`,
				"Logs_20140328.DescribeDestinations":     `{"destinations":[]}`,
			})
			if err != nil {
				t.Fatal(err)
			}
			golden(t, "logs-"+name, got)
		})
	}
}
