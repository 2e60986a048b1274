package solver_test

import (
	"slices"
	"strings"
	"testing"

	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
	"pathfinder/solver"
)

// What was not read of a bucket behind an access point, and of the ACLs of objects,
// leaves open who reaches objects where it could make a difference (E165 to E170, E175, E236).
func TestBucketDoubts(t *testing.T) {
	t.Parallel()
	const (
		owner, other = "111111111111", "222222222222"
		bucket       = "arn:aws:s3:::data"
		point        = "arn:aws:s3:eu-west-1:" + owner + ":accesspoint/ap"
		ann, bea     = "arn:aws:iam::" + owner + ":user/ann", "arn:aws:iam::" + other + ":user/bea"
		anybody      = "anonymous"
		unread       = "the ACL of " + bucket + "/k was not read"
		counts       = "whether ACLs count for " + bucket + " was not read"
		policyUnread = "the policy of " + bucket + " was not read"
		block        = "the public access block of account " + owner + " was not read"
	)
	public := []inventory.ACLGrant{{Grantee: "AllUsers", Permission: "READ"}}
	private := inventory.ObjectAccess{Key: "k", Owner: owner, HasACL: inventory.Have}
	hidden := inventory.ObjectAccess{Key: "k", Owner: owner}
	foreign := inventory.ObjectAccess{Key: "k", Owner: other, HasACL: inventory.Have}
	foreignHidden := inventory.ObjectAccess{Key: "k", Owner: other}
	type world struct {
		ownership string
		acl       inventory.Known
		object    inventory.ObjectAccess
		policy    inventory.Known
		block     inventory.Known
	}
	read := world{"ObjectWriter", inventory.Have, private, inventory.None, inventory.None}
	with := func(change func(*world)) world {
		w := read
		change(&w)
		return w
	}
	unreadObject := with(func(w *world) { w.object = hidden })
	unreadForeign := with(func(w *world) { w.object = foreignHidden })
	noOwnership := with(func(w *world) { w.ownership, w.object = "", foreign })
	noACL := with(func(w *world) { w.acl = inventory.NotRead })
	noPolicy := with(func(w *world) { w.policy = inventory.NotRead })
	enforced := with(func(w *world) { w.ownership, w.object = "BucketOwnerEnforced", hidden })
	open := with(func(w *world) {
		w.object.ACL, w.block = public, inventory.NotRead
	})
	for _, tt := range []struct {
		name, who, action, resource string
		world                       world
		doubts                      []string
	}{
		{"all was read", bea, "s3:GetObject", bucket + "/k", read, nil},
		{"the object's ACL (E169)", bea, "s3:GetObject", bucket + "/k", unreadObject, []string{unread}},
		{"through the access point", bea, "s3:GetObject", point + "/object/k", unreadObject, []string{unread}},
		{"for unsigned callers", anybody, "s3:GetObject", bucket + "/k", unreadObject, []string{unread}},
		{"inside the owner's account it gives nothing (E170)", ann, "s3:GetObject", bucket + "/k", unreadObject, nil},
		{"that of another object", bea, "s3:GetObject", bucket + "/x", unreadObject, nil},
		{"it can't give this action (E168)", bea, "s3:GetObjectTagging", bucket + "/k", unreadObject, nil},
		{"ACLs are off (E166)", bea, "s3:GetObject", bucket + "/k", enforced, nil},
		{"the bucket's owner, and an object of others (E165)", ann, "s3:GetObject", bucket + "/k", unreadForeign, []string{unread}},
		{"the object's owner", bea, "s3:GetObject", bucket + "/k", unreadForeign, nil},
		{"ownership, and an object of others (E166)", ann, "s3:GetObject", bucket + "/k", noOwnership, []string{counts}},
		{"ownership, and an object of the bucket's owner", ann, "s3:GetObject", bucket + "/x", noOwnership, nil},
		{"deleting is the bucket owner's (E167)", ann, "s3:DeleteObject", bucket + "/k", noOwnership, nil},
		{"the bucket's ACL through the access point", bea, "s3:GetObject", point + "/object/k", noACL, []string{"the ACL of " + bucket + " was not read"}},
		{"the bucket's policy through the access point (E175)", bea, "s3:GetObject", point + "/object/k", noPolicy, []string{policyUnread}},
		{"it may deny (E11)", ann, "s3:GetObject", point + "/object/k", noPolicy, []string{policyUnread}},
		{"the block of the account, and a public object (E173)", anybody, "s3:GetObject", bucket + "/k", open, []string{block}},
		{"the block of the account, and another object", anybody, "s3:GetObject", bucket + "/x", open, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			all := policy.Parse([]byte(`{"Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}`), policy.Identity)
			a := &inventory.Account{ID: owner, Partition: "aws", IAM: true, PublicAccessBlock: inventory.PublicAccessBlock{Known: tt.world.block}}
			b := &inventory.Account{ID: other, Partition: "aws", IAM: true}
			for _, x := range []struct {
				in  *inventory.Account
				arn string
			}{{a, ann}, {b, bea}} {
				x.in.Held().Users = append(x.in.Held().Users, &inventory.Principal{
					ARN: x.arn, Kind: inventory.User, Account: x.in, Path: "/", Name: x.arn[len(x.arn)-3:],
					Inline: []*inventory.Policy{{Name: "all", Doc: all}},
				})
			}
			none := inventory.PublicAccessBlock{Known: inventory.None}
			a.Held().Resources = []*inventory.Resource{
				{
					ARN: bucket, Type: "AWS::S3::Bucket", Account: owner, HasPolicy: tt.world.policy,
					S3: &inventory.S3{Ownership: tt.world.ownership, HasACL: tt.world.acl, PublicAccessBlock: none, Objects: []inventory.ObjectAccess{tt.world.object}},
				},
				{
					ARN: point, Type: "AWS::S3::AccessPoint", Account: owner, HasPolicy: inventory.Have,
					Policy:      policy.Parse([]byte(`{"Statement":{"Effect":"Allow","Principal":{"AWS":"`+bea+`"},"Action":"s3:*","Resource":"`+point+`/object/*"}}`), policy.Resource),
					AccessPoint: &inventory.AccessPoint{Bucket: "data", BucketAccount: owner, PublicAccessBlock: none},
				},
			}
			inv := &inventory.Inventory{Accounts: []*inventory.Account{a, b}}
			if err := inv.Finish(); err != nil {
				t.Fatal(err)
			}
			s, err := solver.New(solver.Config{Inventory: inv})
			if err != nil {
				t.Fatal(err)
			}
			d, err := s.Decide(solver.Question{Principal: tt.who, Action: tt.action, Resource: tt.resource})
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(d.Doubts, tt.doubts) {
				t.Errorf("doubts %q, want %q", d.Doubts, tt.doubts)
			}
			// Who-can is told everything that could let somebody in.
			ans, err := s.WhoCan(tt.resource, []string{tt.action})
			if err != nil {
				t.Fatal(err)
			}
			for _, why := range tt.doubts {
				if !slices.ContainsFunc(ans.Unknown, func(g solver.Gap) bool { return strings.Contains(g.Why, why) }) {
					t.Errorf("who-can lacks %q: %v", why, ans.Unknown)
				}
			}
		})
	}
}
