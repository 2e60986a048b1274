package service_test

import (
	"testing"

	"pathfinder/collector/live/internal/awstest"
)

// A secret with everything, one without anything, one whose policy may not be read,
// and one that vanished.
func TestReadSecrets(t *testing.T) {
	t.Parallel()
	const arn = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:"
	read(t, "secretsmanager", "secretsmanager", awstest.Answers{
		"secretsmanager.ListSecrets": by(`"NextToken":"2"`, `{"SecretList":[{"ARN":"`+arn+`closed-AbCdEf","Name":"closed","KmsKeyId":"alias/aws/secretsmanager"},{"ARN":"`+arn+`gone-AbCdEf","Name":"gone"}]}`,
			`"IncludePlannedDeletion":true`, `{"NextToken":"2","SecretList":[
				{"ARN":"`+arn+`db/orders-AbCdEf","Name":"db/orders","KmsKeyId":"arn:aws:kms:eu-central-1:111122223333:key/k","Tags":[{"Key":"env","Value":"prod"}],"SecretVersionsToStages":{"x":["AWSCURRENT"]}},
				{"ARN":"`+arn+`plain-AbCdEf","Name":"plain","Description":"about it","DeletedDate":1700000000}]}`),
		"secretsmanager.GetResourcePolicy": by(
			"orders", `{"ARN":"`+arn+`db/orders-AbCdEf","Name":"db/orders","ResourcePolicy":`+quoted(allow("secretsmanager:GetSecretValue"))+`}`,
			"plain", `{"ARN":"`+arn+`plain-AbCdEf","Name":"plain"}`,
			"closed", awstest.Error(400, "AccessDeniedException"), "gone", awstest.Error(400, "ResourceNotFoundException")),
	})
}
