package service_test

import (
	"testing"

	"pathfinder/collector/live/internal/awstest"
)

// A repository with everything, one without anything, one that may only be listed,
// and two that vanished, one of them between two calls.
func TestReadRepositories(t *testing.T) {
	t.Parallel()
	repository := func(name, encryption string) string {
		return `{"repositoryName":"` + name + `","registryId":"111122223333","repositoryArn":"arn:aws:ecr:eu-central-1:111122223333:repository/` + name + `","encryptionConfiguration":` + encryption + `}`
	}
	const target = "AmazonEC2ContainerRegistry_V20150921."
	gone, denied := awstest.Error(400, "RepositoryNotFoundException"), awstest.Error(400, "AccessDeniedException")
	read(t, "ecr", "ecr", awstest.Answers{
		target + "DescribeRepositories": by(`"nextToken":"2"`, `{"repositories":[`+repository("closed", `{"encryptionType":"KMS_DSSE"}`)+`,`+repository("gone", `{"encryptionType":"AES256"}`)+`,`+repository("going", `{"encryptionType":"AES256"}`)+`]}`,
			"", `{"nextToken":"2","repositories":[`+repository("team/app", `{"encryptionType":"KMS","kmsKey":"arn:aws:kms:eu-central-1:111122223333:key/k"}`)+`,`+repository("plain", `{"encryptionType":"AES256"}`)+`]}`),
		target + "GetRegistryPolicy": `{"registryId":"111122223333","policyText":` + quoted(allow("ecr:ReplicateImage")) + `}`,
		target + "GetRepositoryPolicy": by("team/app", `{"repositoryName":"team/app","policyText":`+quoted(allow("ecr:BatchGetImage"))+`}`,
			"closed", denied, "gone", gone, "", awstest.Error(400, "RepositoryPolicyNotFoundException")),
		target + "ListTagsForResource": by("team/app", `{"tags":[{"Key":"env","Value":"prod"}]}`, "closed", denied, "going", gone, "", `{"tags":[]}`),
	})
}

// A policy of the registry that may not be read is no registry without one.
func TestReadRegistryDenied(t *testing.T) {
	t.Parallel()
	read(t, "ecr", "ecr_denied", awstest.Answers{
		"AmazonEC2ContainerRegistry_V20150921.DescribeRepositories": `{"repositories":[]}`,
		"AmazonEC2ContainerRegistry_V20150921.GetRegistryPolicy":    awstest.Error(400, "AccessDeniedException"),
	})
}
