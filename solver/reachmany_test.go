package solver

import (
	"fmt"
	"testing"

	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
)

// However many ways there are, and wherever in them it comes, one that depends on no condition
// is told (E225), and those on which nobody gets through take no other's place.
func TestWayWithoutConditionAmongMany(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name      string
		others    func(i int) string // conditions of the trust policies of all roles but one
		tags      map[string]string  // of the one, which the last role asks for
		count, at int
		free, cut bool
	}{
		{name: "few", others: from, count: 4, at: 3, free: true},
		{name: "the first of many", others: from, count: 20, free: true, cut: true},
		{name: "the last of many", others: from, count: 20, at: 19, free: true, cut: true},
		{name: "none of many", others: from, count: 20, at: -1, cut: true},
		{name: "the last of many from which nobody gets on", tags: map[string]string{"team": "a"}, count: 20, at: 19, free: true},
		{name: "none of many from which nobody gets on", tags: map[string]string{"team": "a"}, count: 20, at: -1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			l := newLab()
			u := l.user("u", policyOf(policy.Identity, allowsOn("sts:AssumeRole")))
			for i := range tt.count {
				when := ""
				if i != tt.at && tt.others != nil {
					when = tt.others(i)
				}
				r := l.role(fmt.Sprintf("m-%03d", i), policyOf(policy.Trust, `{"Effect":"Allow","Principal":{"AWS":"`+u.ARN+`"},"Action":"sts:AssumeRole"`+when+`}`).Doc,
					policyOf(policy.Identity, allowsOn("sts:AssumeRole")))
				if i == tt.at {
					r.Tags = tt.tags
				}
			}
			when := `"ArnLike":{"aws:PrincipalArn":"` + labIAM + `role/m-*"}`
			if tt.tags != nil {
				when += `,"StringEquals":{"aws:PrincipalTag/team":"a"}`
			}
			l.role("end", policyOf(policy.Trust, `{"Effect":"Allow","Principal":{"AWS":"`+labAccount+`"},"Action":"sts:AssumeRole","Condition":{`+when+`}}`).Doc,
				policyOf(policy.Identity, allowsOn("s3:GetObject")))
			l.account.Held().Resources = []*inventory.Resource{{
				ARN: "arn:aws:s3:::data", Type: "AWS::S3::Bucket", Account: labAccount, HasPolicy: inventory.None, HasTags: inventory.None,
				S3: &inventory.S3{Ownership: "BucketOwnerEnforced", HasACL: inventory.Have},
			}}
			s := l.solver(t)
			can, err := s.Can(u.ARN, "arn:aws:s3:::data", nil)
			if err != nil {
				t.Fatal(err)
			}
			who, err := s.WhoCan("arn:aws:s3:::data", nil)
			if err != nil {
				t.Fatal(err)
			}
			for question, ans := range map[string]struct {
				access []Access
				gaps   []Gap
			}{"can": {can.Access, can.Unknown}, "who-can": {who.Access, who.Unknown}} {
				free := false
				for i := range ans.access {
					path := ans.access[i].Path
					free = free || path[0].Principal == u.ARN && certainSteps(path)
				}
				if free != tt.free || len(ans.gaps) > 0 != tt.cut {
					t.Errorf("%s: without a condition %v, want %v; gaps %v", question, free, tt.free, ans.gaps)
				}
			}
		})
	}
}

// from is a condition of its own.
func from(i int) string {
	return fmt.Sprintf(`,"Condition":{"IpAddress":{"aws:SourceIp":"10.0.0.%d"}}`, i)
}

func certainSteps(path []Step) bool {
	for i := range path {
		if len(path[i].Condition) > 0 {
			return false
		}
	}
	return true
}
