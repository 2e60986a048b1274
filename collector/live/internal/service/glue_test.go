package service_test

import (
	"testing"

	"pathfinder/collector/live/internal/awstest"
)

func TestReadCatalog(t *testing.T) {
	t.Parallel()
	const (
		own     = "AWSGlue.GetResourcePolicy"
		all     = "AWSGlue.GetResourcePolicies"
		key     = "AWSGlue.GetDataCatalogEncryptionSettings"
		catalog = "arn:aws:glue:eu-central-1:111122223333:catalog"
		table   = "arn:aws:glue:eu-central-1:111122223333:table/sales/orders"
		nobody  = `{"DataCatalogEncryptionSettings":{"EncryptionAtRest":{"CatalogEncryptionMode":"DISABLED"},"ConnectionPasswordEncryption":{"ReturnConnectionPasswordEncrypted":false}}}`
	)
	policy := grant("Catalog", "glue:GetTable", catalog)
	tests := []struct {
		name    string
		answers awstest.Answers
	}{
		{"own", awstest.Answers{
			own: `{"PolicyInJson":` + policy + `,"PolicyHash":"abc=","CreateTime":1.7E9}`,
			all: `{"GetResourcePoliciesResponseList":[{"PolicyInJson":` + policy + `,"PolicyHash":"abc="}]}`,
			key: `{"DataCatalogEncryptionSettings":{"EncryptionAtRest":{"CatalogEncryptionMode":"SSE-KMS","SseAwsKmsKeyId":"alias/aws/glue"}}}`,
		}},
		// Resource Access Manager set a policy on a table.
		{"shared", awstest.Answers{
			own: `{"PolicyInJson":` + policy + `}`,
			all: about("NextToken", `{"GetResourcePoliciesResponseList":[{"PolicyInJson":`+policy+`}]}`,
				"", `{"GetResourcePoliciesResponseList":[{"PolicyInJson":`+grant("Table", "glue:GetTable", table)+`}],"NextToken":"2"}`),
			key: `{"DataCatalogEncryptionSettings":{"EncryptionAtRest":{"CatalogEncryptionMode":"SSE-KMS","SseAwsKmsKeyId":"arn:aws:kms:eu-central-1:111122223333:key/1234abcd"}}}`,
		}},
		{"none", awstest.Answers{own: awstest.Error(400, "EntityNotFoundException"), all: `{"GetResourcePoliciesResponseList":[]}`, key: nobody}},
		{"no_key", awstest.Answers{own: awstest.Error(400, "EntityNotFoundException"), all: `{"GetResourcePoliciesResponseList":[]}`, key: awstest.Error(400, denied)}},
		// The list leaves the policy of the catalog out without its key.
		{"locked", awstest.Answers{own: awstest.Error(400, "GlueEncryptionException"), key: nobody}},
		{"mixed", awstest.Answers{
			own: `{"PolicyInJson":` + policy + `}`,
			all: `{"GetResourcePoliciesResponseList":[{"PolicyInJson":"{\"Version\":\"2008-10-17\",\"Statement\":[]}"}]}`,
			key: nobody,
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := awstest.Read(t, "glue", tt.answers)
			if err != nil {
				t.Fatal(err)
			}
			golden(t, "glue-"+tt.name, got)
		})
	}
}

func TestReadCatalogDenied(t *testing.T) {
	t.Parallel()
	closed := awstest.Error(400, denied)
	if _, err := awstest.Read(t, "glue", awstest.Answers{"AWSGlue.GetResourcePolicy": closed, "AWSGlue.GetDataCatalogEncryptionSettings": closed}); err == nil {
		t.Error("a catalog of which nothing may be read is no error")
	}
}
