package service_test

import (
	"testing"

	"pathfinder/collector/live/internal/awstest"
)

// One cluster with associations of all kinds, one without any, one that may not be
// read, and one that vanished.
func TestReadPodIdentities(t *testing.T) {
	t.Parallel()
	const (
		arn  = "arn:aws:eks:eu-central-1:111122223333:podidentityassociation/prod/"
		path = "/pod-identity-associations"
	)
	short := func(id string) string {
		return `{"clusterName":"prod","namespace":"shop","serviceAccount":"s","associationArn":"` + arn + id + `","associationId":"` + id + `"}`
	}
	full := func(id, more string) string {
		return `{"association":{"clusterName":"prod","namespace":"shop","serviceAccount":"` + id + `","associationArn":"` + arn + id + `","associationId":"` + id + `",` +
			`"roleArn":"arn:aws:iam::111122223333:role/pods","createdAt":1.7E9` + more + `}}`
	}
	got, err := awstest.Read(t, "eks", awstest.Answers{
		"GET /clusters": about("nextToken", `{"clusters":["empty","closed","gone"]}`, "", `{"clusters":["prod"],"nextToken":"2"}`),
		"GET /clusters/prod" + path: about(
			"nextToken", `{"associations":[`+short("a-closed")+`,`+short("a-gone")+`]}`,
			"", `{"associations":[`+short("a-one")+`,`+short("a-chain")+`],"nextToken":"2"}`),
		"GET /clusters/empty" + path:           `{"associations":[]}`,
		"GET /clusters/closed" + path:          awstest.Error(403, denied),
		"GET /clusters/gone" + path:            awstest.Error(404, gone),
		"GET /clusters/prod" + path + "/a-one": full("a-one", `,"tags":{"env":"prod"},"disableSessionTags":false`),
		"GET /clusters/prod" + path + "/a-chain": full("a-chain", `,"targetRoleArn":"arn:aws:iam::444455556666:role/target","externalId":"eu-central-1/111122223333/prod/shop/a-chain",`+
			`"policy":"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"s3:GetObject\",\"Resource\":\"*\"}]}"`),
		"GET /clusters/prod" + path + "/a-closed": awstest.Error(403, denied),
		"GET /clusters/prod" + path + "/a-gone":   awstest.Error(404, gone),
	})
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "eks", got)
}
