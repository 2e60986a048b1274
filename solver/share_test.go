package solver_test

import (
	"slices"
	"testing"

	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
	"pathfinder/solver"
)

// Sharing a snapshot opens the owner's side to other accounts, whose own policies have
// to allow as well, and to nobody else (E132).
func TestShares(t *testing.T) {
	t.Parallel()
	const (
		owner, other, outside = "111111111111", "222222222222", "777777777777"
		database              = "arn:aws:rds:eu-west-1:111111111111:snapshot:s"
		volume                = "arn:aws:ec2:eu-west-1::snapshot/snap-1"
		ann                   = "arn:aws:iam::111111111111:user/ann"
		bob                   = "arn:aws:iam::222222222222:user/bob"
	)
	may := `{"Effect":"Allow","Action":["rds:CopyDBSnapshot","rds:DeleteDBSnapshot","ec2:CreateVolume"],"Resource":"*"}`
	for _, tt := range []struct {
		name, arn, typ, action, statement string // of ann and bob
		with                              []string
		known                             inventory.Known
		want                              []string // who may
		complete                          bool
	}{
		{"with nobody", database, "AWS::RDS::DBSnapshot", "rds:CopyDBSnapshot", may, nil, inventory.None, []string{ann}, true},
		{"with an account", database, "AWS::RDS::DBSnapshot", "rds:CopyDBSnapshot", may, []string{other}, inventory.Have, []string{ann, bob}, true},
		{"with an account outside", database, "AWS::RDS::DBSnapshot", "rds:CopyDBSnapshot", may, []string{outside}, inventory.Have, []string{ann, "arn:aws:iam::777777777777:root"}, true},
		{"with all", database, "AWS::RDS::DBSnapshot", "rds:CopyDBSnapshot", may, []string{"all"}, inventory.Have, []string{"*", ann, bob}, true},
		{"their own policies are silent (E90)", database, "AWS::RDS::DBSnapshot", "rds:CopyDBSnapshot", `{"Effect":"Allow","Action":"sqs:*","Resource":"*"}`, []string{"all"}, inventory.Have, []string{"*"}, true},
		{"another call", database, "AWS::RDS::DBSnapshot", "rds:DeleteDBSnapshot", may, []string{"all"}, inventory.Have, []string{ann}, true},
		{"nobody looked (E236)", database, "AWS::RDS::DBSnapshot", "rds:CopyDBSnapshot", may, nil, inventory.NotRead, []string{ann}, false},
		{"a volume, with an account", volume, "AWS::EC2::Snapshot", "ec2:CreateVolume", may, []string{other}, inventory.Have, []string{ann, bob}, true},
		{"a volume, with all: a region may block that", volume, "AWS::EC2::Snapshot", "ec2:CreateVolume", may, []string{"all"}, inventory.Have, []string{"*", ann, bob}, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := diffed(t, func(inv *inventory.Inventory) {
				a := inv.Accounts[0]
				doc := policy.Parse([]byte(`{"Statement":`+tt.statement+`}`), policy.Identity)
				a.Held().Users[0].Inline[0].Doc = doc
				r := a.Held().Resources[0]
				r.ARN, r.Type, r.SharedWith, r.HasShares = tt.arn, tt.typ, tt.with, tt.known
				b := &inventory.Account{ID: other, IAM: true, Partition: "aws"}
				b.Held().Users = []*inventory.Principal{{
					ARN: bob, Account: b, Kind: inventory.User, Name: "bob", Path: "/", Inline: []*inventory.Policy{{Name: "own", Doc: doc}},
				}}
				inv.Accounts = append(inv.Accounts, b)
			})
			ans, err := s.WhoCan(tt.arn, []string{tt.action})
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for i := range ans.Access {
				if p := ans.Access[i].Principal; p != "arn:aws:iam::"+owner+":root" && p != "arn:aws:iam::"+other+":root" {
					got = append(got, p)
				}
			}
			if slices.Sort(got); !slices.Equal(got, tt.want) || ans.Complete != tt.complete || ans.Public != nil {
				t.Errorf("who-can says %v, public %v, unknown %v; want %v, complete %v", got, ans.Public, ans.Unknown, tt.want, tt.complete)
			}
			v := s.Survey(1)
			for _, who := range []string{ann, bob} {
				why, err := s.Explain(who, tt.action, tt.arn)
				if err != nil {
					t.Fatal(err)
				}
				in := slices.Contains(tt.want, who)
				surveyed := slices.ContainsFunc(v.Allowed(who, tt.arn), func(g solver.Grant) bool { return slices.Contains(g.Actions, tt.action) })
				if (why.Decision == "Allowed") != in || surveyed != in {
					t.Errorf("%s: explain says %s, a survey %v; want %v", who, why.Decision, surveyed, in)
				}
			}
			if len(tt.with) > 0 && tt.known == inventory.Have {
				cut, err := s.Cut(solver.CutQuestion{Resource: tt.arn, Actions: []string{tt.action}})
				if err != nil {
					t.Fatal(err)
				}
				shares := 0
				for _, c := range cut.Cut {
					if c.Type == solver.TypeShare {
						shares++
					}
				}
				if tt.action != "rds:DeleteDBSnapshot" && tt.statement == may && shares != 1 {
					t.Errorf("cut removes %v, want the share as well", cut.Cut)
				}
			}
		})
	}
}
