package snapshot_test

import (
	"fmt"
	"testing"
	"testing/fstest"
)

// That a role was not used is something else than that nobody looked; so is that an account
// has no identity providers.
func TestInventoryUnused(t *testing.T) {
	t.Parallel()
	const role = "arn:aws:iam::111122223333:role/r"
	for _, tt := range []struct {
		name, used  string
		known, zero bool
	}{
		{"a day", `,"RoleLastUsed":{"LastUsedDate":"2026-10-01T00:00:00Z"}`, true, false},
		{"never", `,"RoleLastUsed":{}`, true, true},
		{"null", `,"RoleLastUsed":null`, false, true},
		{"absent", ``, false, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			fsys := fstest.MapFS{
				"manifest.json":                      {Data: []byte(`{"format":"pathfinder-snapshot","version":1,"created":"2026-11-01T00:00:00Z","createdBy":"hand","gaps":[]}`)},
				"accounts/111122223333/account.json": {Data: []byte(`{"Id":"111122223333"}`)},
				"accounts/111122223333/authorization-details.json": {Data: []byte(fmt.Sprintf(
					`{"RoleDetailList":[{"Arn":%q,"Path":"/","RoleName":"r","RoleId":"AROAEXAMPLE000000001","CreateDate":"2023-01-01T00:00:00Z","AssumeRolePolicyDocument":{"Version":"2012-10-17","Statement":[]}%s}]}`, role, tt.used))},
			}
			if tt.known {
				fsys["accounts/111122223333/identity-providers.json"] = &fstest.MapFile{Data: []byte(`{"OpenIDConnectProviders":[],"SAMLProviders":[]}`)}
			}
			inv := load(t, fsys)
			p := inv.Principal(role)
			equal(t, "known", p.UseKnown, tt.known)
			equal(t, "zero", p.LastUsed.IsZero(), tt.zero)
			equal(t, "providers", p.Account.Held().ProvidersKnown, tt.known)
		})
	}
}
