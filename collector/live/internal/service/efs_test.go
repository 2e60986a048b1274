package service_test

import (
	"testing"

	"pathfinder/collector/live/internal/awstest"
)

// One file system with everything, one without a policy, one that may not be read,
// and one that vanished.
func TestReadFileSystems(t *testing.T) {
	t.Parallel()
	const (
		arn  = "arn:aws:elasticfilesystem:eu-central-1:111122223333:file-system/"
		path = "GET /2015-02-01/file-systems"
	)
	got, err := awstest.Read(t, "efs", awstest.Answers{
		path: about(
			"Marker=2", `{"Marker":"2","FileSystems":[{"FileSystemId":"fs-closed","FileSystemArn":"`+arn+`fs-closed","Tags":[]},{"FileSystemId":"fs-gone","FileSystemArn":"`+arn+`fs-gone","Tags":[]}]}`,
			"", `{"FileSystems":[{"OwnerId":"111122223333","FileSystemId":"fs-data","FileSystemArn":"`+arn+`fs-data","Encrypted":true,`+
				`"KmsKeyId":"arn:aws:kms:eu-central-1:111122223333:key/1234abcd","Name":"data","Tags":[{"Key":"Name","Value":"data"}],"SizeInBytes":{"Value":6144}},`+
				`{"FileSystemId":"fs-open","FileSystemArn":"`+arn+`fs-open","Encrypted":false,"Tags":[]}],"NextMarker":"2"}`),
		path + "/fs-data/policy":   `{"FileSystemId":"fs-data","Policy":` + grant("Mount", "elasticfilesystem:ClientMount", arn+"fs-data") + `}`,
		path + "/fs-open/policy":   awstest.Error(404, "PolicyNotFound"),
		path + "/fs-closed/policy": awstest.Error(403, denied),
		path + "/fs-gone/policy":   awstest.Error(404, "FileSystemNotFound"),
	})
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "efs", got)
}

// A list that never ends is an error, not a list that is read for ever.
func TestReadFileSystemsForEver(t *testing.T) {
	t.Parallel()
	_, err := awstest.Read(t, "efs", awstest.Answers{"GET /2015-02-01/file-systems": `{"FileSystems":[],"NextMarker":"2"}`})
	if err == nil {
		t.Error("a list that goes round in circles is no error")
	}
}
