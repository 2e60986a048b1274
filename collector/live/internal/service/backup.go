package service

import (
	"context"

	"pathfinder/collector/live/internal/call"
	"pathfinder/collector/snapshot"
)

var backup = Service{
	Name: "backup", Title: "AWS Backup", What: "backup vaults", Scope: Regional,
	Types:      []string{"AWS::Backup::BackupVault"},
	Operations: ops("Backup", "backup", "ListBackupVaults", "GetBackupVaultAccessPolicy", "ListTags"),
	Lists:      1, Each: 2,
	Read: readBackupVaults,

	Config: []string{"AWS::Backup::BackupVault"},
}

var backupAPI = call.JSONAPI{Service: "Backup", Prefix: "backup"}

type backupVault struct{ BackupVaultName, BackupVaultArn, EncryptionKeyArn string }

func readBackupVaults(ctx context.Context, u *Unit) error {
	vaults, err := tokenPages(func(token string) ([]backupVault, string, error) {
		var out struct {
			BackupVaultList []backupVault
			NextToken       string
		}
		err := u.get(ctx, backupAPI, "ListBackupVaults", "/backup-vaults/", queryOf("maxResults", "1000", "nextToken", token), &out)
		return out.BackupVaultList, out.NextToken, err
	})
	if err != nil {
		return err
	}
	return each(ctx, vaults, func(ctx context.Context, v backupVault) {
		if u.mine(v.BackupVaultArn) {
			readBackupVault(ctx, u, v)
		}
	})
}

// readBackupVault asks for the tags first: only they tell a vault that vanished
// from one without a policy.
func readBackupVault(ctx context.Context, u *Unit, v backupVault) {
	const notFound = "ResourceNotFoundException"
	r := &snapshot.Resource{ARN: v.BackupVaultArn, Type: "AWS::Backup::BackupVault"}
	if v.EncryptionKeyArn != "" {
		r.Encryption = u.encryption(v.EncryptionKeyArn, "alias/aws/backup")
	}
	tags, err := tokenPages(func(token string) ([]map[string]string, string, error) {
		var out struct {
			Tags      map[string]string
			NextToken string
		}
		err := u.get(ctx, backupAPI, "ListTags", "/tags/"+call.Escape(v.BackupVaultArn)+"/", queryOf("nextToken", token), &out)
		return []map[string]string{out.Tags}, out.NextToken, err
	})
	switch {
	case call.Is(err, notFound):
		return
	case err != nil:
		u.Missing(r.ARN+" tags", err)
	default:
		r.Tags = tagMap(joined(tags))
	}
	var out struct{ Policy string }
	err = u.get(ctx, backupAPI, "GetBackupVaultAccessPolicy", "/backup-vaults/"+call.Escape(v.BackupVaultName)+"/access-policy", nil, &out)
	r.Policy = u.document(r.ARN, &out.Policy, err, notFound)
	u.Add(r)
}

func joined(list []map[string]string) map[string]string {
	all := make(map[string]string)
	for _, m := range list {
		for k, v := range m {
			all[k] = v
		}
	}
	return all
}
