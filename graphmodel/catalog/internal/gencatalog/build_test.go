package main

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"pathfinder/graphmodel/catalog/internal/packed"
)

func mustBuild(t *testing.T) *packed.Tables {
	t.Helper()
	tab, err := build(files(sampleNow, nil), files(sampleOld, nil))
	if err != nil {
		t.Fatal(err)
	}
	return tab
}

func TestBuild(t *testing.T) {
	t.Parallel()
	want := &packed.Tables{
		Version: "2.0.0", Date: "2026-09-26",
		Keys: []packed.Key{
			{Name: "aws:TagKeys", Kind: packed.KindString, Multivalued: true},
			{Name: "s3:tls", Kind: packed.KindNumeric}, // as s3 has it, not s3-outposts
		},
		KeyLists: [][]uint32{nil, {1}, {0, 1}},
		Services: []packed.Service{
			{Prefix: "s3-outposts", Keys: 1, NumActions: 1},
			{Prefix: "s3", RCP: true, Keys: 2, NumTypes: 2, NumActions: 3},
			{Prefix: "sts", RCP: true, NumTypes: 1, NumActions: 1},
		},
		Types: []packed.Type{
			{Name: "bucket", ARNs: []string{"arn:${Partition}:s3:::${B}"}},
			{Name: "Object", ARNs: []string{"arn:${Partition}:s3:::${B}/${K}", "arn:${Partition}:s3:::${B}:${K}"}, Keys: 1},
			{Name: "role", ARNs: []string{"arn:${Partition}:iam::${A}:role/${R}"}},
		},
		RefLists: [][]packed.Ref{
			nil,
			{{Type: 1, Required: true, Keys: 2}}, // two rows of one type, merged
			{{Type: 0, Required: true}, {Type: 1, Required: true}},
			{{Type: 2, Required: true}},
		},
		Actions: []packed.Action{
			{Name: "s3-outposts:Get", Access: packed.AccessRead, Keys: 1},
			{Name: "s3:GetObject", Access: packed.AccessRead, PermissionOnly: true, Keys: 1, Deps: 1, Refs: 1},
			{Name: "s3:ListAll", Access: packed.AccessList},
			{Name: "s3:Tag", Access: packed.AccessTagging | packed.AccessWrite, Refs: 2},
			{Name: "sts:Assume", Access: packed.AccessPermissions | packed.AccessWrite, Refs: 3},
		},
		DepLists: [][]uint32{nil, {2, 4}}, // without gone:Do, which no longer exists
	}
	got := mustBuild(t)
	if d := cmp.Diff(want, got, cmpopts.EquateEmpty()); d != "" {
		t.Errorf("build (-want +got):\n%s", d)
	}
	if _, err := packed.Encode(got); err != nil {
		t.Errorf("tables cannot be packed: %v", err)
	}
}

// Law: the same source gives the same bytes, although it is read into maps.
func TestBuildIsDeterministic(t *testing.T) {
	t.Parallel()
	var first []byte
	for range 20 {
		data, err := packed.Encode(mustBuild(t))
		if err != nil {
			t.Fatal(err)
		}
		if first == nil {
			first = data
		}
		if !bytes.Equal(first, data) {
			t.Fatal("two builds differ")
		}
	}
}

func TestBuildRefuses(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		file string
		text string
		want string
	}{
		{name: "no manifest", file: "package.json", want: "package.json"},
		{name: "no list of services", file: "data/services.json", want: "services.json"},
		{name: "no list of RCP services", file: "data/rcpSupportedServices.json", want: "rcpSupportedServices.json"},
		{name: "no actions of a service", file: "data/actions/sts.json", want: "actions/sts.json"},
		{name: "broken JSON", file: "data/actions/sts.json", text: `{"assume": [`, want: "actions/sts.json"},
		{
			name: "unknown level", file: "data/actions/sts.json",
			text: `{"assume": {"name": "Assume", "accessLevel": "Read, Dance"}}`, want: `unknown access level "Read, Dance"`,
		},
		{
			name: "unknown type", file: "data/actions/sts.json",
			text: `{"assume": {"name": "Assume", "accessLevel": "Read", "resourceTypes": [{"name": "moon"}]}}`,
			want: `unknown resource type "moon"`,
		},
		{
			name: "unknown key", file: "data/actions/sts.json",
			text: `{"assume": {"name": "Assume", "accessLevel": "Read", "conditionKeys": ["sts:no"]}}`,
			want: `unknown condition key "sts:no"`,
		},
		{
			name: "unknown key of a type", file: "data/resourceTypes/sts.json",
			text: `{"role": {"key": "role", "arn": "arn:${Partition}:iam::${A}:role/${R}", "conditionKeys": ["sts:no"]}}`,
			want: `unknown condition key "sts:no"`,
		},
		{
			name: "strange ARN", file: "data/resourceTypes/sts.json",
			text: `{"role": {"key": "role", "arn": "*"}}`, want: `strange ARN pattern "*"`,
		},
		{
			name: "unknown key type", file: "data/conditionKeys/sts.json",
			text: `{"sts:x": {"key": "sts:x", "type": "Poem"}}`, want: `unknown condition key type "Poem"`,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := build(files(sampleNow, map[string]string{tt.file: tt.text}), files(sampleOld, nil))
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("build = %v, want an error with %q", err, tt.want)
			}
		})
	}
}

func TestBuildRefusesBrokenOverlay(t *testing.T) {
	t.Parallel()
	_, err := build(files(sampleNow, nil), files(sampleOld, map[string]string{"data/actions/gone.json": ""}))
	if err == nil || !strings.HasPrefix(err.Error(), "overlay: ") {
		t.Errorf("build = %v, want an error of the overlay", err)
	}
}
