package permission_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"pathfinder/graphmodel/permission"
)

// A space of some names has no other actions, whatever the catalog knows, and repeats in
// another case are no further ones (E27).
func TestOnlyNames(t *testing.T) {
	t.Parallel()
	only := permission.NewNames([]string{"s3:PutObject", "new:Thing", "S3:putobject", "s3:GetObject"})
	sp := permission.NewSpace(permission.Config{Actions: []string{"s3:DeleteObject"}, Only: only})
	tests := []struct {
		name string
		set  *permission.ActionSet
		want []string
	}{
		{"all", sp.Actions("*"), []string{"s3:PutObject", "new:Thing", "s3:GetObject"}},
		{"by pattern", sp.Actions("S3:*"), []string{"s3:PutObject", "s3:GetObject"}},
		{"by name", sp.Named([]string{"NEW:thing", "s3:getobject"}), []string{"new:Thing", "s3:GetObject"}},
		{"one that is not there", sp.Named([]string{"s3:DeleteObject"}), []string{}},
		{"a pattern of others", sp.Actions("sqs:*"), []string{}},
		{"nothing at all", permission.NewSpace(permission.Config{Only: permission.NewNames(nil)}).Actions("*"), []string{}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tt.want, sp.Names(tt.set)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}
