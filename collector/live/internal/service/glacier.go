package service

import (
	"context"

	"pathfinder/collector/live/internal/call"
	"pathfinder/collector/snapshot"
)

var glacier = Service{
	Name: "glacier", Title: "Amazon S3 Glacier", What: "vaults", Scope: Regional,
	Types:      []string{"AWS::Glacier::Vault"},
	Operations: ops("Glacier", "glacier", "ListVaults", "GetVaultAccessPolicy", "GetVaultLock", "ListTagsForVault"),
	Lists:      1, Each: 3,
	Read: readVaults,
}

var glacierAPI = call.JSONAPI{Service: "Glacier", Prefix: "glacier"}

type vault struct{ VaultARN, VaultName string }

// glacierGet calls an operation for the account of the credentials.
func (u *Unit) glacierGet(ctx context.Context, operation, path, marker string, out any) error {
	return u.Login.REST(ctx, u.Region, glacierAPI, operation, call.Request{
		Path: "/-/vaults" + path, Query: queryOf("marker", marker), Header: map[string]string{"X-Amz-Glacier-Version": "2012-06-01"},
	}, out)
}

func readVaults(ctx context.Context, u *Unit) error {
	vaults, err := tokenPages(func(token string) ([]vault, string, error) {
		var out struct {
			VaultList []vault
			Marker    string
		}
		err := u.glacierGet(ctx, "ListVaults", "", token, &out)
		return out.VaultList, out.Marker, err
	})
	switch {
	case call.Is(err, "NoLongerSupportedException"):
		return nil // the answer to accounts that store nothing in it, since it takes no new ones
	case err != nil:
		return err
	}
	return each(ctx, vaults, func(ctx context.Context, v vault) { readVault(ctx, u, v) })
}

// readVault reads one vault. The policy of its lock counts like the other one, even
// before the lock is complete. Only the tags tell a vault that vanished from
// one without policies.
func readVault(ctx context.Context, u *Unit, v vault) {
	const notFound = "ResourceNotFoundException"
	r := &snapshot.Resource{ARN: v.VaultARN, Type: "AWS::Glacier::Vault"}
	var tagged struct{ Tags map[string]string }
	path := "/" + call.Escape(v.VaultName)
	switch err := u.glacierGet(ctx, "ListTagsForVault", path+"/tags", "", &tagged); {
	case call.Is(err, notFound):
		return
	case err != nil:
		u.Missing(r.ARN+" tags", err)
	default:
		r.Tags = tagMap(tagged.Tags)
	}
	var access struct{ Policy string }
	var lock struct{ Policy, State string }
	err := u.glacierGet(ctx, "GetVaultAccessPolicy", path+"/access-policy", "", &access)
	if err == nil || call.Is(err, notFound) {
		err = u.glacierGet(ctx, "GetVaultLock", path+"/lock-policy", "", &lock)
	}
	if err != nil && !call.Is(err, notFound) {
		u.Missing(r.ARN+" policy", err)
	} else {
		r.Policy = u.merged(r.ARN, []string{access.Policy, lock.Policy})
	}
	r.Extra = extra(struct {
		State string `json:"VaultLockState,omitzero"`
	}{lock.State})
	u.Add(r)
}
