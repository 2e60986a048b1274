package service_test

import (
	"testing"

	"pathfinder/collector/live/internal/awstest"
)

// A key with everything, one that AWS manages, one that waits for its deletion and
// has nothing, one that may not be read, and one that vanished.
func TestReadKeys(t *testing.T) {
	t.Parallel()
	key := func(id string) string {
		return `{"KeyId":"` + id + `","KeyArn":"arn:aws:kms:eu-central-1:111122223333:key/` + id + `"}`
	}
	about := func(id, manager, state string) string {
		return `{"KeyMetadata":{"KeyId":"` + id + `","KeyManager":"` + manager + `","KeyState":"` + state + `","Enabled":true}}`
	}
	gone := awstest.Error(400, "NotFoundException")
	denied := awstest.Error(400, "AccessDeniedException")
	read(t, "kms", "kms", awstest.Answers{
		"TrentService.ListKeys": by(`"Marker":"2"`, `{"Keys":[`+key("closed")+`,`+key("gone")+`],"Truncated":false}`,
			"", `{"Keys":[`+key("orders")+`,`+key("managed")+`,`+key("leaving")+`],"Truncated":true,"NextMarker":"2"}`),
		"TrentService.ListAliases": by(`"Marker":"2"`, `{"Aliases":[{"AliasName":"alias/a-orders","TargetKeyId":"orders"},{"AliasName":"alias/aws/dynamodb"}],"Truncated":false}`,
			"", `{"Aliases":[{"AliasName":"alias/orders","TargetKeyId":"orders"},{"AliasName":"alias/aws/s3","TargetKeyId":"managed"}],"Truncated":true,"NextMarker":"2"}`),
		"TrentService.DescribeKey": by("orders", about("orders", "CUSTOMER", "Enabled"), "managed", about("managed", "AWS", "Enabled"),
			"leaving", about("leaving", "CUSTOMER", "PendingDeletion"), "closed", denied, "gone", about("gone", "CUSTOMER", "Enabled")),
		"TrentService.GetKeyPolicy": by("closed", denied, "gone", gone, `"PolicyName":"default"`, `{"Policy":`+quoted(allow("kms:*"))+`,"PolicyName":"default"}`),
		"TrentService.ListGrants": by(
			`"Marker":"2"`, `{"Grants":[{"GrantId":"a-last","GranteePrincipal":"backup.amazonaws.com","Operations":["DescribeKey"],"KeyId":"orders"}],"Truncated":false}`,
			"orders", `{"Truncated":true,"NextMarker":"2","Grants":[
				{"GrantId":"c","GranteePrincipal":"arn:aws:iam::444455556666:role/reader","Operations":["Decrypt","GenerateDataKey"],"Name":"a name","KeyId":"orders","CreationDate":1700000000,
				 "IssuingAccount":"arn:aws:iam::111122223333:root","RetiringPrincipal":"arn:aws:iam::111122223333:root","Constraints":{"EncryptionContextSubset":{"app":"orders"}}},
				{"GrantId":"b","GranteeServicePrincipal":"rds.amazonaws.com","Operations":["Decrypt"],"Constraints":{"EncryptionContextEquals":{"db":"1"},"SourceArn":"arn:aws:rds:eu-central-1:111122223333:db:orders"}}]}`,
			"closed", denied, "gone", gone, "", `{"Grants":[],"Truncated":false}`),
		"TrentService.ListResourceTags": by(
			`"Marker":"2"`, `{"Tags":[{"TagKey":"team","TagValue":"shop"}],"Truncated":false}`,
			"orders", `{"Tags":[{"TagKey":"env","TagValue":"prod"}],"Truncated":true,"NextMarker":"2"}`,
			"closed", denied, "gone", gone, "", `{"Tags":[],"Truncated":false}`),
	})
}

// Without the aliases keys are read all the same, and don't claim to have none.
func TestReadKeysWithoutAliases(t *testing.T) {
	t.Parallel()
	read(t, "kms", "kms_no_aliases", awstest.Answers{
		"TrentService.ListKeys":         `{"Keys":[{"KeyId":"k","KeyArn":"arn:aws:kms:eu-central-1:111122223333:key/k"}],"Truncated":false}`,
		"TrentService.ListAliases":      awstest.Error(400, "AccessDeniedException"),
		"TrentService.DescribeKey":      `{"KeyMetadata":{"KeyId":"k","KeyManager":"CUSTOMER","KeyState":"Disabled"}}`,
		"TrentService.GetKeyPolicy":     `{"Policy":` + quoted(allow("kms:*")) + `}`,
		"TrentService.ListGrants":       `{"Grants":[],"Truncated":false}`,
		"TrentService.ListResourceTags": `{"Tags":[],"Truncated":false}`,
	})
}
