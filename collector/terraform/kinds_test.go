package terraform_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"pathfinder/collector/terraform"
)

// A kindCase is a plan of one type of resource or a few: made, changed and taken
// away, with what is known and what is not. holds and lacks are parts of the
// snapshot as it is after.
type kindCase struct {
	name    string
	changes []change
	want    []string
	gaps    []string
	holds   string
	lacks   string
}

var cases = slices.Concat(iamCases, s3Cases, otherCases)

func TestKinds(t *testing.T) {
	t.Parallel()
	for _, tt := range cases {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			after, changes, gaps := apply(t, plan(tt.changes...))
			if d := cmp.Diff(tt.want, changes); d != "" {
				t.Errorf("changes (-want +got):\n%s", d)
			}
			if d := cmp.Diff(tt.gaps, gaps); d != "" {
				t.Errorf("gaps (-want +got):\n%s", d)
			}
			if got := text(t, after); !strings.Contains(got, tt.holds) || tt.lacks != "" && strings.Contains(got, tt.lacks) {
				t.Errorf("wanted %q and not %q in\n%s", tt.holds, tt.lacks, got)
			}
		})
	}
}

// Every type that is understood has a case.
func TestAllKindsHaveCases(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, tt := range cases {
		for _, c := range tt.changes {
			seen[c.kind] = true
		}
	}
	like := map[string]string{ // tested by another of the same code
		"aws_kms_external_key": "aws_kms_key", "aws_kms_replica_key": "aws_kms_key", "aws_kms_replica_external_key": "aws_kms_key",
		"aws_iam_user_policies_exclusive": "aws_iam_role_policies_exclusive", "aws_iam_group_policies_exclusive": "aws_iam_role_policies_exclusive",
		"aws_iam_user_policy_attachments_exclusive":  "aws_iam_role_policy_attachments_exclusive",
		"aws_iam_group_policy_attachments_exclusive": "aws_iam_role_policy_attachments_exclusive",
		"aws_s3_bucket_object":                       "aws_s3_object", "aws_s3_object_copy": "aws_s3_object",
	}
	for _, kind := range terraform.Types() {
		if !seen[kind] && !seen[like[kind]] {
			t.Errorf("%s has no case", kind)
		}
	}
	if !slices.IsSorted(terraform.Types()) {
		t.Error("the types are not sorted")
	}
}
