package service_test

import (
	"testing"

	"pathfinder/collector/live/internal/awstest"
)

// A topic with everything, one with nothing but the policy it was born with, one
// that may not be read, and two that vanished, one of them between two calls.
func TestReadTopics(t *testing.T) {
	t.Parallel()
	const arn = "arn:aws:sns:eu-central-1:111122223333:"
	list := func(token string, names ...string) string {
		s := `<ListTopicsResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><ListTopicsResult><Topics>`
		for _, n := range names {
			s += "<member><TopicArn>" + arn + n + "</TopicArn></member>"
		}
		return s + "</Topics>" + token + "</ListTopicsResult></ListTopicsResponse>"
	}
	attributes := func(pairs ...string) string {
		s := `<GetTopicAttributesResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><GetTopicAttributesResult><Attributes>`
		for i := 0; i < len(pairs); i += 2 {
			s += "<entry><key>" + pairs[i] + "</key><value>" + pairs[i+1] + "</value></entry>"
		}
		return s + `</Attributes></GetTopicAttributesResult></GetTopicAttributesResponse>`
	}
	const noTags = `<ListTagsForResourceResponse><ListTagsForResourceResult><Tags/></ListTagsForResourceResult></ListTagsForResourceResponse>`
	const anyone = `{"Version":"2008-10-17","Id":"__default_policy_ID","Statement":[{"Sid":"__default_statement_ID","Effect":"Allow","Principal":{"AWS":"*"},` +
		`"Action":["SNS:Publish"],"Resource":"` + arn + `plain","Condition":{"StringEquals":{"AWS:SourceOwner":"111122223333"}}}]}`
	read(t, "sns", "sns", awstest.Answers{
		"Action=ListTopics": by("NextToken=2", list("", "closed", "gone", "going"), "Action", list("<NextToken>2</NextToken>", "orders", "plain")),
		"Action=GetTopicAttributes": by(
			"orders", attributes("TopicArn", arn+"orders", "KmsMasterKeyId", "1234abcd-12ab-34cd-56ef-1234567890ab", "Policy", allow("SNS:Publish")),
			"plain", attributes("TopicArn", arn+"plain", "KmsMasterKeyId", "alias/aws/sns", "Policy", anyone),
			"closed", awstest.XMLError(403, "AuthorizationError"),
			"gone", awstest.XMLError(404, "NotFound"),
			"going", attributes("TopicArn", arn+"going", "Policy", anyone)),
		"Action=ListTagsForResource": by(
			"orders", `<ListTagsForResourceResponse><ListTagsForResourceResult><Tags><member><Key>env</Key><Value>prod</Value></member></Tags></ListTagsForResourceResult></ListTagsForResourceResponse>`,
			"plain", noTags,
			"closed", awstest.XMLError(403, "AuthorizationError"),
			"going", awstest.XMLError(404, "ResourceNotFound")),
	})
}
