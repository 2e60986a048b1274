package service_test

import (
	"testing"

	"pathfinder/collector/live/internal/awstest"
)

// One vault with everything, one without anything, one that may not be read, one
// that vanished, and one of another account that is shared.
func TestReadBackupVaults(t *testing.T) {
	t.Parallel()
	const arn = "arn:aws:backup:eu-central-1:111122223333:backup-vault:"
	tags := func(name string) string { return "GET /tags/" + arn + name + "/" }
	got, err := awstest.Read(t, "backup", awstest.Answers{
		"GET /backup-vaults/": about(
			"nextToken", `{"BackupVaultList":[{"BackupVaultName":"closed","BackupVaultArn":"`+arn+`closed"},{"BackupVaultName":"gone","BackupVaultArn":"`+arn+`gone"},`+
				`{"BackupVaultName":"theirs","BackupVaultArn":"arn:aws:backup:eu-central-1:444455556666:backup-vault:theirs"}]}`,
			"", `{"BackupVaultList":[{"BackupVaultName":"Default","BackupVaultArn":"`+arn+`Default","EncryptionKeyArn":"arn:aws:kms:eu-central-1:111122223333:key/1234abcd",`+
				`"CreationDate":1.7E9,"NumberOfRecoveryPoints":7,"Locked":false},{"BackupVaultName":"plain","BackupVaultArn":"`+arn+`plain"}],"NextToken":"2"}`),
		tags("Default"): about("nextToken", `{"Tags":{"team":"ops"}}`, "", `{"Tags":{"env":"prod"},"NextToken":"2"}`),
		tags("plain"):   `{}`,
		tags("closed"):  awstest.Error(403, denied),
		tags("gone"):    awstest.Error(400, gone),
		"GET /backup-vaults/Default/access-policy": `{"BackupVaultName":"Default","Policy":` + grant("Copy", "backup:CopyIntoBackupVault", "*") + `}`,
		"GET /backup-vaults/plain/access-policy":   awstest.Error(400, gone),
		"GET /backup-vaults/closed/access-policy":  awstest.Error(403, denied),
	})
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "backup", got)
}
