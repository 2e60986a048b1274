package solver

import (
	"slices"
	"strings"
	"testing"

	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
)

// An ACL lets in whom it names by a canonical user id, also nobody of the snapshot (E19).
func TestACLOfAStranger(t *testing.T) {
	t.Parallel()
	id := strings.Repeat("ab", 32)
	for ownership, want := range map[string]bool{"ObjectWriter": true, "BucketOwnerEnforced": false} {
		l := newLab()
		l.account.CanonicalID = strings.Repeat("cd", 32)
		l.account.Held().Resources = []*inventory.Resource{{
			ARN: "arn:aws:s3:::b", Type: "AWS::S3::Bucket", Account: labAccount, HasTags: inventory.None, HasPolicy: inventory.None,
			S3: &inventory.S3{Ownership: ownership, HasACL: inventory.Have, ACL: []inventory.ACLGrant{{Grantee: id, Permission: "READ"}}},
		}}
		s := l.solver(t)
		list := s.Outsiders(s.inv.Resource("arn:aws:s3:::b"))
		if got := len(list) == 1 && list[0].ARN == id && list[0].Outside; got != want {
			t.Errorf("%s: %+v", ownership, list)
		}
	}
}

// Whom a policy that names everybody lets in, of those outside the organization o-1 and the
// account of the lab: "*" is anybody who makes an account, which is in no organization
// (E216).
func TestStrangers(t *testing.T) {
	t.Parallel()
	const partner = "444455556666"
	guid := strings.Repeat("ab", 32) // a canonical user id of nobody in the snapshot
	for _, tt := range []struct {
		name      string
		principal string
		condition string
		want      []string
	}{
		{"anybody", `"*"`, ``, []string{"* "}},
		{"the organization", `"*"`, `"StringEquals":{"aws:PrincipalOrgID":"o-1"}`, nil},
		{"another organization", `"*"`, `"StringEquals":{"aws:PrincipalOrgID":"o-2"}`, []string{"* aws:PrincipalOrgID"}},
		{"both", `"*"`, `"StringEquals":{"aws:PrincipalOrgID":["o-1","o-2"]}`, []string{"* aws:PrincipalOrgID"}},
		{"any organization", `"*"`, `"StringLike":{"aws:PrincipalOrgID":"o-*"}`, []string{"* aws:PrincipalOrgID"}},
		{"all but the organization", `"*"`, `"StringNotEquals":{"aws:PrincipalOrgID":"o-1"}`, []string{"* "}},
		{"the organization, or none", `"*"`, `"StringEqualsIfExists":{"aws:PrincipalOrgID":"o-1"}`, []string{"* "}},
		{"the organization, for all values", `"*"`, `"ForAllValues:StringEquals":{"aws:PrincipalOrgID":"o-1"}`, []string{"* "}},
		{"no organization", `"*"`, `"Null":{"aws:PrincipalOrgID":"true"}`, []string{"* "}},
		{"some organization", `"*"`, `"Null":{"aws:PrincipalOrgID":"false"}`, nil},
		{"units of the organization", `"*"`, `"ForAnyValue:StringLike":{"aws:PrincipalOrgPaths":"o-1/r-1/*"}`, nil},
		{"units of another one", `"*"`, `"ForAnyValue:StringLike":{"aws:PrincipalOrgPaths":"o-2/*"}`, []string{"* aws:PrincipalOrgPaths"}},
		{"units of the organization, or none", `"*"`, `"ForAllValues:StringLike":{"aws:PrincipalOrgPaths":"o-1/*"}`, []string{"* "}},
		{"its own account", `"*"`, `"StringEquals":{"aws:PrincipalAccount":"` + labAccount + `"}`, nil},
		{"another account", `"*"`, `"StringEquals":{"aws:PrincipalAccount":"` + partner + `"}`, []string{partner + " "}},
		{"another account, as KMS calls it", `"*"`, `"StringEquals":{"kms:CallerAccount":"` + partner + `"}`, []string{partner + " "}},
		{"all but its own account", `"*"`, `"StringNotEquals":{"aws:PrincipalAccount":"` + labAccount + `"}`, []string{"* "}},
		{"all but another account", `"*"`, `"StringNotEquals":{"aws:PrincipalAccount":"` + partner + `"}`, []string{"* "}},
		{"a role of its own account", `"*"`, `"ArnLike":{"aws:PrincipalArn":"` + labIAM + `role/*"}`, nil},
		{"a role of another account", `"*"`, `"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::` + partner + `:role/ci"}`, []string{partner + " aws:PrincipalArn"}},
		{"a role of any account", `"*"`, `"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::*:role/ci"}`, []string{"* aws:PrincipalArn"}},
		{"an account that may be in the organization's partner", `{"AWS":"` + partner + `"}`, `"StringEquals":{"aws:PrincipalOrgID":"o-2"}`, []string{partner + " aws:PrincipalOrgID"}},
		{"an account that is not in the organization", `{"AWS":"` + partner + `"}`, `"StringEquals":{"aws:PrincipalOrgID":"o-1"}`, nil},
		{"E80 a user that the snapshot holds, by its id", `"*"`, `"StringEquals":{"aws:userid":"AIDASOMEBODYSOMEBODY1"}`, nil},
		{"E80 sessions of its role, by their ids", `"*"`, `"StringLike":{"aws:userid":["AIDASOMEBODYSOMEBODY1","AROASOMEROLESOMEROLE1:*"]}`, nil},
		{"E80 one session", `"*"`, `"StringEquals":{"aws:userid":"AROASOMEROLESOMEROLE1:ci"}`, nil},
		{"E80 its root user", `"*"`, `"StringEquals":{"aws:userid":"` + labAccount + `"}`, nil},
		{"E80 all but its user", `"*"`, `"StringNotEquals":{"aws:userid":"AIDASOMEBODYSOMEBODY1"}`, []string{"* "}},
		{"E80 somebody whom it does not hold, by the id", `"*"`, `"StringLike":{"aws:userid":"AROAANYBODYANYBODYAN1:*"}`, []string{"* aws:userid"}},
		{"E80 both", `"*"`, `"StringLike":{"aws:userid":["AIDASOMEBODYSOMEBODY1","AROAANYBODYANYBODYAN1:*"]}`, []string{"* aws:userid"}},
		{"E80 ids that begin alike", `"*"`, `"StringLike":{"aws:userid":"AIDASOMEBODY*"}`, []string{"* aws:userid"}},
		{"E80 the root user of another account", `"*"`, `"StringEquals":{"aws:userid":"` + partner + `"}`, []string{partner + " aws:userid"}},
		{"E80 everybody has an id", `"*"`, `"Null":{"aws:userid":"true"}`, nil},
		{"E80 another account, with the id of a user that is not its own", `{"AWS":"` + partner + `"}`, `"StringEquals":{"aws:userid":"AIDASOMEBODYSOMEBODY1"}`, nil},
		{"E80 another account, with an id", `{"AWS":"` + partner + `"}`, `"StringEquals":{"aws:userid":"AIDAANYBODYANYBODYAN1"}`, []string{partner + " aws:userid"}},
		{"a canonical user id that nobody has (E19)", `{"CanonicalUser":"` + guid + `"}`, ``, []string{guid + " "}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			l := newLab()
			l.user("somebody").UniqueID = "AIDASOMEBODYSOMEBODY1"
			l.role("somerole", nil).UniqueID = "AROASOMEROLESOMEROLE1"
			l.under()
			st := `{"Effect":"Allow","Principal":` + tt.principal + `,"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}`
			if strings.Contains(tt.condition, "kms:") {
				st = strings.Replace(st, `"s3:GetObject","Resource":"arn:aws:s3:::b/*"`, `"kms:Decrypt","Resource":"*"`, 1)
			}
			if tt.condition != "" {
				st = strings.TrimSuffix(st, "}") + `,"Condition":{` + tt.condition + `}}`
			}
			r := &inventory.Resource{
				ARN: "arn:aws:s3:::b", Type: "AWS::S3::Bucket", Account: labAccount, HasTags: inventory.None, HasPolicy: inventory.Have,
				Policy: policyOf(policy.Resource, st).Doc, S3: &inventory.S3{Ownership: "BucketOwnerEnforced"},
			}
			if strings.Contains(st, "kms:") {
				r.ARN, r.Type, r.S3 = "arn:aws:kms:us-east-1:"+labAccount+":key/k", "AWS::KMS::Key", nil
			}
			l.account.Held().Resources = []*inventory.Resource{r}
			s := l.solver(t)
			var got []string
			for _, o := range s.Outsiders(s.inv.Resource(r.ARN)) {
				if o.ARN == "anonymous" {
					continue
				}
				who := o.ARN
				if o.Account != "" {
					who = o.Account
				}
				for i := range o.Grants {
					var keys []string
					for _, b := range o.Grants[i].Condition {
						for _, test := range b {
							keys = append(keys, test.Key)
						}
					}
					got = append(got, who+" "+strings.Join(keys, ","))
				}
			}
			slices.Sort(got)
			if !slices.Equal(got, tt.want) {
				t.Errorf("%q, want %q", got, tt.want)
			}
		})
	}
}
