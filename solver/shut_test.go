package solver

import (
	"fmt"
	"slices"
	"testing"

	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
)

// Of an account that is closed nobody uses anything, so that what was not read of it leaves no
// answer incomplete (E236); of one that is in use, or about to be closed, it does.
func TestShutAccounts(t *testing.T) {
	t.Parallel()
	const other = "444455556666"
	for _, tt := range []struct {
		state    string
		complete bool
		note     string
	}{
		{"ACTIVE", false, ""},
		{"PENDING_CLOSURE", false, ""},
		{"", false, ""},
		{"SUSPENDED", true, "account 444455556666 is SUSPENDED: nobody makes requests from it, or uses what is in it, until it is opened again"},
		{"CLOSED", true, "account 444455556666 is CLOSED: nobody makes requests from it, or uses what is in it, until it is opened again"},
	} {
		t.Run(tt.state, func(t *testing.T) {
			t.Parallel()
			l := newLab()
			l.account.Held().Resources = append(l.account.Held().Resources, &inventory.Resource{
				ARN: "arn:aws:s3:::vault", Type: "AWS::S3::Bucket", Name: "vault", Account: labAccount, HasTags: inventory.None, HasPolicy: inventory.Have,
				S3:     &inventory.S3{Ownership: "BucketOwnerEnforced", HasACL: inventory.Have},
				Policy: policyOf(policy.Resource, `{"Effect":"Allow","Principal":{"AWS":"`+other+`"},"Action":"s3:GetObject","Resource":"*"}`).Doc,
			})
			l.gaps = []inventory.Gap{{Account: other, What: "everything", Why: "it was not entered"}}
			ans, err := l.solver(t, &inventory.Account{ID: other, Partition: "aws", State: tt.state}).WhoCan("vault", []string{"s3:GetObject"})
			if err != nil {
				t.Fatal(err)
			}
			if ans.Complete != tt.complete || len(ans.Unknown) == 0 != tt.complete {
				t.Errorf("complete %v, unknown %v", ans.Complete, ans.Unknown)
			}
			var notes []string
			for _, n := range ans.Notes {
				notes = append(notes, fmt.Sprint(n.What, " ", n.Why))
			}
			if slices.Contains(notes, tt.note) != (tt.note != "") {
				t.Errorf("notes %q, want %q", notes, tt.note)
			}
			if !slices.ContainsFunc(ans.Access, func(a Access) bool { return a.Principal == "arn:aws:iam::"+other+":root" && a.External }) {
				t.Errorf("the account is not listed: %+v", ans.Access) // it is let in, and may be opened again
			}
		})
	}
}
