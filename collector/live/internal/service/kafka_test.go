package service_test

import (
	"testing"

	"pathfinder/collector/live/internal/awstest"
)

// One cluster with everything, a serverless one without anything, and one that may
// not be read. That a cluster vanished looks like having no policy.
func TestReadKafkaClusters(t *testing.T) {
	t.Parallel()
	const arn = "arn:aws:kafka:eu-central-1:111122223333:cluster/"
	policy := func(name string) string { return "GET /v1/clusters/" + arn + name + "/policy" }
	got, err := awstest.Read(t, "kafka", awstest.Answers{
		"GET /api/v2/clusters": about(
			"nextToken", `{"clusterInfoList":[{"clusterArn":"`+arn+`small/2","clusterType":"SERVERLESS","clusterName":"small","state":"ACTIVE"},{"clusterArn":"`+arn+`closed/3","clusterType":"PROVISIONED"}]}`,
			"", `{"clusterInfoList":[{"clusterArn":"`+arn+`big/1","clusterType":"PROVISIONED","clusterName":"big","tags":{"env":"prod"},`+
				`"provisioned":{"encryptionInfo":{"encryptionAtRest":{"dataVolumeKMSKeyId":"arn:aws:kms:eu-central-1:111122223333:key/1234abcd"}},"numberOfBrokerNodes":3}}],"nextToken":"2"}`),
		policy("big/1"):    `{"currentVersion":"1","policy":` + grant("Connect", "kafka:CreateVpcConnection", arn+"big/1") + `}`,
		policy("small/2"):  awstest.Error(404, "NotFoundException"),
		policy("closed/3"): awstest.Error(403, "ForbiddenException"),
	})
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "kafka", got)
}
