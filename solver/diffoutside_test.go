package solver_test

import (
	"slices"
	"strings"
	"testing"

	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
	"pathfinder/solver"
)

// An account outside the organization that the bucket itself names is no part of anybody
// there. What it gains or loses through a role that is open to everybody stands under its
// own name, without what the bucket lets it do anyway.
func TestDiffNamesWhomTheBucketNames(t *testing.T) {
	t.Parallel()
	const (
		partner = "arn:aws:iam::888888888888:root"
		objects = `"Resource":"arn:aws:s3:::logs/*"`
		named   = `{"Effect":"Allow","Principal":{"AWS":"888888888888"},"Action":"s3:PutObject",` + objects + `}`
		user    = `{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::888888888888:user/ben"},"Action":"s3:PutObject",` + objects + `}`
		others  = `{"Effect":"Allow","Principal":"*","Action":"s3:GetObject",` + objects + `,"Condition":{"StringNotEquals":{"aws:PrincipalAccount":"888888888888"}}}`
		service = `{"Effect":"Allow","Principal":{"Service":"cloudtrail.amazonaws.com"},"Action":"s3:PutObject",` + objects + `}`
		open    = `{"Effect":"Allow","Principal":"*","Action":"sts:AssumeRole"}`
		closed  = `{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}`
		known   = open + `,{"Effect":"Deny","Principal":{"AWS":"888888888888"},"Action":"sts:AssumeRole"}`
		all     = `{"Effect":"Allow","Action":"s3:*","Resource":"*"}`
		none    = `{"Effect":"Deny","Action":"s3:*","Resource":"*"}`
		become  = `{"Effect":"Allow","Action":"sts:AssumeRole","Resource":"*"}`
		byFirst = `{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111111111111:role/first"},"Action":"sts:AssumeRole"}`
	)
	type side struct{ bucket, trust, own, last string }
	world := func(x side) *solver.Solver {
		a := &inventory.Account{ID: "111111111111", IAM: true, Partition: "aws", PublicAccessBlock: inventory.PublicAccessBlock{Known: inventory.None}}
		role := func(name, trust, own string) *inventory.Principal {
			return &inventory.Principal{
				ARN: "arn:aws:iam::111111111111:role/" + name, Account: a, Kind: inventory.Role, Name: name, Path: "/",
				Trust: cutDoc(policy.Trust, trust), Inline: []*inventory.Policy{{Name: "p", Doc: cutDoc(policy.Identity, own)}},
			}
		}
		a.Held().Roles = []*inventory.Principal{role("first", x.trust, x.own)}
		if x.last != "" {
			a.Held().Roles = append(a.Held().Roles, role("last", x.last, all))
		}
		a.Held().Resources = []*inventory.Resource{{
			ARN: "arn:aws:s3:::logs", Type: "AWS::S3::Bucket", Account: a.ID, HasTags: inventory.Have, HasPolicy: inventory.Have,
			Policy: cutDoc(policy.Resource, x.bucket), S3: &inventory.S3{Ownership: "BucketOwnerEnforced", HasACL: inventory.Have, PublicAccessBlock: inventory.PublicAccessBlock{Known: inventory.None}},
		}}
		return solverOf(t, a)
	}
	const get, both = "s3:GetObject", "s3:GetObject s3:PutObject"
	for _, tt := range []struct {
		name     string
		old, now side
		want     string // what anybody gains, and then what who is named gains
	}{
		{"the role opens", side{named, closed, all, ""}, side{named, open, all, ""}, "* " + both + ", " + partner + " " + get},
		{"the role may more", side{named, open, none, ""}, side{named, open, all, ""}, "* " + both + ", " + partner + " " + get},
		{"a user of the account is named", side{user, closed, all, ""}, side{user, open, all, ""}, "* " + both + ", arn:aws:iam::888888888888:user/ben " + get},
		{"a condition names it", side{others, closed, all, ""}, side{others, open, all, ""}, "* s3:PutObject, " + partner + " " + both},
		{"a role behind the role opens", side{named, open, become, closed}, side{named, open, become, byFirst}, "* " + both + ", " + partner + " " + get},
		{"the bucket names it only now", side{others, closed, all, ""}, side{others + "," + named, open, all, ""}, "* s3:PutObject, " + partner + " " + both},
		{"the role shuts it out", side{named, closed, all, ""}, side{named, known, all, ""}, "* " + both},
		{"nothing opens", side{named, open, all, ""}, side{named, open, all, ""}, ""},
		{"what it gains itself it could do through the role", side{others, open, all, ""}, side{others + "," + named, open, all, ""}, ""},
		{"a service is no principal of an account", side{service, closed, all, ""}, side{service, open, all, ""}, "* " + both},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			for _, q := range []solver.DiffQuestion{{}, {Thorough: true}, {Resource: "logs"}} {
				q.Actions = []string{"s3:GetObject", "s3:PutObject"}
				for _, back := range []bool{false, true} {
					old, now := world(tt.old), world(tt.now)
					if back {
						old, now = now, old
					}
					ans, err := solver.Diff(old, now, q)
					if err != nil {
						t.Fatal(err)
					}
					list, none := ans.Gained, ans.Lost
					if back {
						list, none = none, list
					}
					actions := map[string][]string{}
					for _, e := range list {
						for _, who := range e.Principals {
							if strings.Contains(who, "111111111111") {
								continue // roles that get to it, which are looked at elsewhere
							}
							for _, g := range e.Grants {
								actions[who] = append(actions[who], g.Actions...)
							}
						}
					}
					var got []string
					for who, names := range actions {
						slices.Sort(names)
						got = append(got, who+" "+strings.Join(slices.Compact(names), " "))
					}
					slices.Sort(got)
					if text := strings.Join(got, ", "); text != tt.want {
						t.Errorf("%+v, the other way round %v: got %q, want %q; against it %d, unknown %v", q, back, text, tt.want, len(none), ans.Unknown)
					}
				}
			}
		})
	}
}
