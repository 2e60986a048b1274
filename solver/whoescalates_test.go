package solver

import (
	"strings"
	"testing"

	"pathfinder/graphmodel/escalation"
	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
)

const labBucket = "arn:aws:s3:::vault"

// bucket puts a bucket into the account, with a policy of some statements; none for none.
func (l *lab) bucket(statements ...string) *inventory.Resource {
	r := &inventory.Resource{
		ARN: labBucket, Type: "AWS::S3::Bucket", Name: "vault", Account: labAccount, HasPolicy: inventory.None, HasTags: inventory.None,
		S3: &inventory.S3{Ownership: "BucketOwnerEnforced", HasACL: inventory.Have},
	}
	if len(statements) > 0 {
		r.Policy, r.HasPolicy = policyOf(policy.Resource, statements...).Doc, inventory.Have
	}
	l.account.Held().Resources = append(l.account.Held().Resources, r)
	return r
}

// reaching tells how who climbs gets to do something with the bucket: "" for not at all,
// "directly", or the methods and roles on the way, with a question mark where that depends on something.
func (l *lab) reaching(t *testing.T, actions ...string) string {
	t.Helper()
	return l.reachingTo(t, labBucket, actions...)
}

func (l *lab) reachingTo(t *testing.T, resource string, actions ...string) string {
	t.Helper()
	ans, err := l.solver(t).WhoCanEscalating(resource, actions)
	if err != nil {
		t.Fatal(err)
	}
	out := ""
	for i := range ans.Access {
		if ans.Access[i].Principal == l.who.ARN {
			out = "directly"
		}
	}
	for i := range ans.Escalations {
		e := &ans.Escalations[i]
		if e.Principal != l.who.ARN {
			continue
		}
		var steps []string
		for _, s := range e.Path[1:] {
			steps = append(steps, s.Kind)
		}
		if out = strings.TrimSpace(out + " " + strings.Join(steps, ",")); !e.Certain() {
			out += "?"
		}
	}
	return out
}

// TestEveryMethodReaches goes through the table as TestEveryMethod does: who gets every right by
// a method gets to a bucket of the account by it, and not without one of its calls (E224).
func TestEveryMethodReaches(t *testing.T) {
	all := escalation.All()
	for i := range all {
		m := &all[i]
		if !m.Move.Moves() || m.Move == escalation.PassRaised {
			continue
		}
		t.Run(m.ID, func(t *testing.T) {
			t.Parallel()
			l := labOf(m, -1, "")
			admin := l.climbs(t, l.who, nil)
			l.bucket()
			got := l.reaching(t, "s3:DeleteObject")
			if want := strings.Join(admin.Methods(), ","); strings.TrimSuffix(got, "?") != want {
				t.Errorf("it reaches the bucket by %q, and every right by %q", got, want)
			}
			if strings.HasSuffix(got, "?") == admin.Certain() {
				t.Errorf("it reaches the bucket by %q, and is an administrator for certain: %v", got, admin.Certain())
			}
			for j := range m.Needs {
				if l := labOf(m, j, ""); l.climbs(t, l.who, nil) == nil {
					l.bucket()
					if got := l.reaching(t, "s3:DeleteObject"); got != "" {
						t.Errorf("without %v it reaches the bucket by %q", m.Needs[j].Actions, got)
					}
				}
			}
			l = labOf(m, -1, "")
			l.bucket(`{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*"}`)
			if got := l.reaching(t, "s3:DeleteObject"); got != "" {
				t.Errorf("though the bucket lets in nobody it reaches it by %q", got)
			}
		})
	}
}

// A reading is a lab in which somebody gets to read the bucket, or does not: see reaching.
type reading struct {
	name string
	lab  func(l *lab)
	want string
}

func readBy(t *testing.T, list []reading) {
	t.Helper()
	for _, tt := range list {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			l := newLab()
			tt.lab(l)
			if got := l.reaching(t, "s3:GetObject"); got != tt.want {
				t.Errorf("it reaches the bucket by %q, want %q", got, tt.want)
			}
		})
	}
}

// TestWhoEscalatesTo: what helps to get to one resource need not give every right (E224, E233).
func TestWhoEscalatesTo(t *testing.T) {
	reads := allowsOn("s3:GetObject")
	lambda := trustOf(`{"Service":"lambda.amazonaws.com"}`)
	readBy(t, []reading{
		{"a group that reads is joined", func(l *lab) {
			l.who = l.user("u", policyOf(policy.Identity, allowsOn("iam:AddUserToGroup")))
			l.group("readers", nil, policyOf(policy.Identity, reads))
			l.bucket()
		}, "iam-add-user-to-group"},
		{"a group that reads something else is joined", func(l *lab) {
			l.who = l.user("u", policyOf(policy.Identity, allowsOn("iam:AddUserToGroup")))
			l.group("readers", nil, policyOf(policy.Identity, allowsOn("sqs:ReceiveMessage")))
			l.bucket()
		}, ""},
		{"one policy may be attached, which reads", func(l *lab) {
			pol := managedOf("read", reads)
			l.who = l.user("u", policyOf(policy.Identity, `{"Effect":"Allow","Action":"iam:AttachUserPolicy","Resource":"*","Condition":{"ArnEquals":{"iam:PolicyARN":"`+pol.ARN+`"}}}`))
			l.account.Held().Policies = append(l.account.Held().Policies, pol)
			l.bucket()
		}, "iam-attach-user-policy"},
		{"one policy may be attached, which writes", func(l *lab) {
			pol := managedOf("write", allowsOn("s3:PutObject"))
			l.who = l.user("u", policyOf(policy.Identity, `{"Effect":"Allow","Action":"iam:AttachUserPolicy","Resource":"*","Condition":{"ArnEquals":{"iam:PolicyARN":"`+pol.ARN+`"}}}`))
			l.account.Held().Policies = append(l.account.Held().Policies, pol)
			l.bucket()
		}, ""},
		{"one policy of AWS may be attached, which nobody has", func(l *lab) {
			l.who = l.user("u", policyOf(policy.Identity, `{"Effect":"Allow","Action":"iam:AttachUserPolicy","Resource":"*","Condition":{"ArnEquals":{"iam:PolicyARN":"arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"}}}`))
			l.bucket()
		}, "iam-attach-user-policy?"},
		{"policies of AWS may be attached by a pattern", func(l *lab) {
			l.who = l.user("u", policyOf(policy.Identity, `{"Effect":"Allow","Action":"iam:AttachUserPolicy","Resource":"*","Condition":{"ArnLike":{"iam:PolicyARN":"arn:aws:iam::aws:policy/AmazonS3*"}}}`))
			l.bucket()
		}, "iam-attach-user-policy?"},
		{"policies of the account may be attached by a pattern, and there is none", func(l *lab) {
			l.who = l.user("u", policyOf(policy.Identity, `{"Effect":"Allow","Action":"iam:AttachUserPolicy","Resource":"*","Condition":{"ArnLike":{"iam:PolicyARN":"`+labIAM+`policy/app-*"}}}`))
			l.bucket()
		}, ""},
		{"all policies of AWS may be attached but those that give IAM", func(l *lab) {
			l.who = l.user("u", policyOf(policy.Identity, allowsOn("iam:AttachUserPolicy"), `{"Effect":"Deny","Action":"iam:AttachUserPolicy","Resource":"*","Condition":{"ArnEquals":{"iam:PolicyARN":["arn:aws:iam::aws:policy/AdministratorAccess","arn:aws:iam::aws:policy/IAMFullAccess"]}}}`))
			l.bucket()
		}, "iam-attach-user-policy?"},
		{"no policy of AWS may be attached", func(l *lab) {
			l.who = l.user("u", policyOf(policy.Identity, allowsOn("iam:AttachUserPolicy"), `{"Effect":"Deny","Action":"iam:AttachUserPolicy","Resource":"*","Condition":{"ArnLike":{"iam:PolicyARN":"arn:aws:iam::aws:policy/*"}}}`))
			l.bucket()
		}, ""},
		{"users may be made within a boundary that was not read (E102)", func(l *lab) {
			l.who = l.user("u", policyOf(policy.Identity, newUsersWithin, newUsersRights))
			l.bucket()
		}, "iam-create-user-and-empower?"},
		{"and the bucket lets in none of them (E83)", func(l *lab) {
			l.who = l.user("u", policyOf(policy.Identity, newUsersWithin, newUsersRights))
			l.bucket(`{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*","Condition":{"ArnNotEquals":{"aws:PrincipalArn":"` + labIAM + `role/reader"}}}`)
		}, ""},
		{"a role that reads is passed", func(l *lab) {
			l.who = l.user("u", policyOf(policy.Identity, allowsOn("iam:PassRole", "lambda:CreateFunction", "lambda:InvokeFunction")))
			l.role("reader", lambda, policyOf(policy.Identity, reads))
			l.bucket()
		}, "lambda-create-invoke"},
		{"a role that reads nothing is passed", func(l *lab) {
			l.who = l.user("u", policyOf(policy.Identity, allowsOn("iam:PassRole", "lambda:CreateFunction", "lambda:InvokeFunction")))
			l.role("idle", lambda, policyOf(policy.Identity, allowsOn("sqs:ReceiveMessage")))
			l.bucket()
		}, ""},
		{"a role is assumed that takes over one that reads", func(l *lab) {
			l.who = l.user("u", policyOf(policy.Identity, allowsOn("sts:AssumeRole")))
			l.role("hands", trustOf(`{"AWS":"`+labIAM+`root"}`), policyOf(policy.Identity, allowsOn("iam:CreateAccessKey")))
			l.user("reader", policyOf(policy.Identity, reads))
			l.bucket()
		}, "assume-role,iam-create-access-key"},
		{"a tag is set that its own policy asks for", func(l *lab) {
			l.who = l.user("u", policyOf(policy.Identity, allowsOn("iam:TagUser"),
				`{"Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"StringEquals":{"aws:PrincipalTag/team":"data"}}}`))
			l.bucket()
		}, "iam-tag-abac"},
		{"a tag is set that the bucket asks for", func(l *lab) {
			l.who = l.user("u", policyOf(policy.Identity, allowsOn("iam:TagUser")))
			l.bucket(`{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"` + labBucket + `/*","Condition":{"StringEquals":{"aws:PrincipalTag/team":"data","aws:PrincipalAccount":"` + labAccount + `"}}}`)
		}, "iam-tag-abac"},
		{"a tag may be set that the bucket does not ask for", func(l *lab) {
			l.who = l.user("u", policyOf(policy.Identity, `{"Effect":"Allow","Action":"iam:TagUser","Resource":"*","Condition":{"ForAllValues:StringEquals":{"aws:TagKeys":"note"}}}`))
			l.bucket(`{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"` + labBucket + `/*","Condition":{"StringEquals":{"aws:PrincipalTag/team":"data","aws:PrincipalAccount":"` + labAccount + `"}}}`)
		}, ""},
		{"a boundary is taken off that keeps it from reading", func(l *lab) {
			l.who = l.user("u", policyOf(policy.Identity, allowsOn("s3:GetObject", "iam:DeleteUserPermissionsBoundary")))
			l.who.Boundary = policyOf(policy.Boundary, allowsOn("iam:DeleteUserPermissionsBoundary"))
			l.bucket()
		}, "iam-delete-user-boundary"},
		{"who reads the bucket is listed once", func(l *lab) {
			l.who = l.user("u", policyOf(policy.Identity, allowsOn("iam:PutUserPolicy", "s3:GetObject")))
			l.bucket()
		}, "directly"},
		{"who reads it under a condition gets there without", func(l *lab) {
			l.who = l.user("u", policyOf(policy.Identity, allowsOn("iam:PutUserPolicy"),
				`{"Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"Bool":{"aws:MultiFactorAuthPresent":"true"}}}`))
			l.bucket()
		}, "directly iam-put-user-policy"},
		{"who reads it under a condition gets there under another one", func(l *lab) {
			mfa := `"Condition":{"Bool":{"aws:MultiFactorAuthPresent":"true"}}}`
			l.who = l.user("u", policyOf(policy.Identity, `{"Effect":"Allow","Action":"iam:PutUserPolicy","Resource":"*",`+mfa, `{"Effect":"Allow","Action":"s3:GetObject","Resource":"*",`+mfa))
			l.bucket()
		}, "directly"},
		{"what it takes over reads under a condition", func(l *lab) {
			l.who = l.user("u", policyOf(policy.Identity, allowsOn("iam:CreateAccessKey")))
			l.user("reader", policyOf(policy.Identity, `{"Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"IpAddress":{"aws:SourceIp":"203.0.113.0/24"}}}`))
			l.bucket()
		}, "iam-create-access-key?"},
		{"the bucket denies whoever is no reader", func(l *lab) {
			l.who = l.user("u", policyOf(policy.Identity, allowsOn("iam:PutUserPolicy")))
			l.bucket(`{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*","Condition":{"ArnNotEquals":{"aws:PrincipalArn":"` + labIAM + `role/reader"}}}`)
		}, ""},
		{"a control policy leaves it to nobody", func(l *lab) {
			l.who = l.user("u", policyOf(policy.Identity, allowsOn("iam:PutUserPolicy")))
			l.bucket()
			l.under(`{"Effect":"Deny","Action":"s3:GetObject","Resource":"*"}`)
		}, ""},
		{"a service-linked role changes nothing", func(l *lab) {
			l.who = l.role("AWSServiceRoleForX", trustOf(`{"Service":"x.amazonaws.com"}`), policyOf(policy.Identity, allowsOn("iam:PutRolePolicy")))
			l.who.Path, l.who.ARN = "/aws-service-role/x.amazonaws.com/", labIAM+"role/aws-service-role/x.amazonaws.com/AWSServiceRoleForX"
			l.bucket()
		}, ""},
	})
}

// newUsersWithin lets make users alone that carry a boundary which was not read, and
// newUsersRights gives them rights and keys.
const (
	newUsersWithin = `{"Effect":"Allow","Action":"iam:CreateUser","Resource":"*","Condition":{"StringEquals":{"iam:PermissionsBoundary":"` + labIAM + `policy/unread"}}}`
	newUsersRights = `{"Effect":"Allow","Action":["iam:AttachUserPolicy","iam:CreateAccessKey"],"Resource":"` + labIAM + `user/new-*"}`
)

// TestOpensToItself: who may write the policy of a resource lets itself in (E90).
func TestOpensToItself(t *testing.T) {
	writes := policyOf(policy.Identity, allowsOn("s3:PutBucketPolicy"))
	readBy(t, []reading{
		{"of its own account", func(l *lab) { l.who = l.user("u", writes); l.bucket() }, "s3-put-bucket-policy"},
		{"over a policy that denies it to read", func(l *lab) {
			l.who = l.user("u", writes)
			l.bucket(`{"Effect":"Deny","Principal":"*","Action":"s3:GetObject","Resource":"*"}`)
		}, "s3-put-bucket-policy"},
		{"not over a policy that denies it to write it", func(l *lab) {
			l.who = l.user("u", writes)
			l.bucket(`{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*"}`)
		}, ""},
		{"not against a Deny of its own", func(l *lab) {
			l.who = l.user("u", writes, policyOf(policy.Identity, `{"Effect":"Deny","Action":"s3:GetObject","Resource":"*"}`))
			l.bucket()
		}, ""},
		{"not the policy of another bucket", func(l *lab) {
			l.who = l.user("u", policyOf(policy.Identity, `{"Effect":"Allow","Action":"s3:PutBucketPolicy","Resource":"arn:aws:s3:::other"}`))
			l.bucket()
		}, ""},
		{"not by a call that writes the policy of something else", func(l *lab) {
			l.who = l.user("u", policyOf(policy.Identity, allowsOn("sqs:SetQueueAttributes")))
			l.bucket()
		}, ""},
		{"as a role that it assumes", func(l *lab) {
			l.who = l.user("u", policyOf(policy.Identity, allowsOn("sts:AssumeRole")))
			l.role("keeper", trustOf(`{"AWS":"`+labIAM+`root"}`), writes)
			l.bucket()
		}, "assume-role,s3-put-bucket-policy"},
		{"under the condition under which it may write it", func(l *lab) {
			l.who = l.user("u", policyOf(policy.Identity, `{"Effect":"Allow","Action":"s3:PutBucketPolicy","Resource":"*","Condition":{"Bool":{"aws:MultiFactorAuthPresent":"true"}}}`))
			l.bucket()
		}, "s3-put-bucket-policy?"},
	})
}

// TestEscalatedConditions: what the one who is taken over needs is asked of who takes it over.
func TestEscalatedConditions(t *testing.T) {
	l := newLab()
	l.who = l.user("u", policyOf(policy.Identity, allowsOn("iam:CreateAccessKey")))
	l.user("reader", policyOf(policy.Identity, `{"Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"IpAddress":{"aws:SourceIp":"203.0.113.0/24"}}}`))
	l.bucket()
	ans, err := l.solver(t).WhoCanEscalating(labBucket, []string{"s3:GetObject"})
	if err != nil {
		t.Fatal(err)
	}
	if len(ans.Escalations) != 1 || !strings.Contains(ans.Escalations[0].Condition.String(), "203.0.113.0/24") || len(ans.Escalations[0].If) > 0 {
		t.Errorf("got %+v", ans.Escalations)
	}
	if end := ans.Escalations[0].Path; end[len(end)-1].Principal != labIAM+"user/reader" {
		t.Errorf("it ends at %s", end[len(end)-1].Principal)
	}
	for i := range maxEscalatedTo + 1 {
		l.account.Held().Resources = append(l.account.Held().Resources, &inventory.Resource{
			ARN: "arn:aws:s3:::v" + string(rune('a'+i)), Type: "AWS::S3::Bucket", Account: labAccount, HasPolicy: inventory.None, HasTags: inventory.None,
		})
	}
	if _, err := l.solver(t).WhoCanEscalating("arn:aws:s3:::v*", []string{"s3:GetObject"}); err == nil || !strings.Contains(err.Error(), "ask about fewer") {
		t.Errorf("of many resources at once: %v", err)
	}
}

// TestOpensOthers: what lets in to other resources than buckets.
func TestOpensOthers(t *testing.T) {
	const (
		key   = "arn:aws:kms:us-east-1:" + labAccount + ":key/11111111-2222-3333-4444-555555555555"
		queue = "arn:aws:sqs:us-east-1:" + labAccount + ":orders"
		fn    = "arn:aws:lambda:us-east-1:" + labAccount + ":function:f"
		point = "arn:aws:s3:us-east-1:" + labAccount + ":accesspoint/door"
	)
	root := `{"Effect":"Allow","Principal":{"AWS":"` + labIAM + `root"},"Action":"kms:*","Resource":"*"}`
	types := map[string]string{key: "AWS::KMS::Key", queue: "AWS::SQS::Queue", fn: "AWS::Lambda::Function"}
	for _, tt := range []struct {
		name, resource, action, may string
		statements                  []string
		want                        string
	}{
		{"a key's policy", key, "kms:Decrypt", allowsOn("kms:PutKeyPolicy"), []string{root}, "kms-put-key-policy"},
		{
			"a key whose policy leaves nothing to the account (E192)", key, "kms:Decrypt", allowsOn("kms:PutKeyPolicy"),
			[]string{`{"Effect":"Allow","Principal":{"AWS":"` + labIAM + `user/other"},"Action":"kms:*","Resource":"*"}`},
			"",
		},
		{"a grant on a key (E193)", key, "kms:Decrypt", allowsOn("kms:CreateGrant"), []string{root}, "kms-create-grant"},
		{"a grant of something else", key, "kms:Decrypt", `{"Effect":"Allow","Action":"kms:CreateGrant","Resource":"*","Condition":{"ForAllValues:StringEquals":{"kms:GrantOperations":"Encrypt"}}}`, []string{root}, ""},
		{"a grant of just that", key, "kms:Decrypt", `{"Effect":"Allow","Action":"kms:CreateGrant","Resource":"*","Condition":{"ForAllValues:StringEquals":{"kms:GrantOperations":["Encrypt","Decrypt"]}}}`, []string{root}, "kms-create-grant"},
		{"a grant that services alone may make", key, "kms:Decrypt", `{"Effect":"Allow","Action":"kms:CreateGrant","Resource":"*","Condition":{"Bool":{"kms:GrantIsForAWSResource":"true"}}}`, []string{root}, ""},
		{"no grant holds what is asked", key, "kms:ScheduleKeyDeletion", allowsOn("kms:CreateGrant"), []string{root}, ""},
		{"a queue's policy", queue, "sqs:ReceiveMessage", allowsOn("sqs:SetQueueAttributes"), nil, "sqs-policy"},
		{"a permission on a queue is for accounts", queue, "sqs:ReceiveMessage", allowsOn("sqs:AddPermission"), nil, ""},
		{"a function's policy", fn, "lambda:InvokeFunction", allowsOn("lambda:AddPermission"), nil, "lambda-add-permission"},
		{
			"a function's policy keeps what it denies", fn, "lambda:InvokeFunction", allowsOn("lambda:AddPermission"),
			[]string{`{"Effect":"Deny","Principal":"*","Action":"lambda:InvokeFunction","Resource":"*"}`},
			"",
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			l := newLab()
			l.who = l.user("u", policyOf(policy.Identity, tt.may))
			r := &inventory.Resource{
				ARN: tt.resource, Type: types[tt.resource], Account: labAccount, HasPolicy: inventory.None, HasTags: inventory.None,
				HasGrants: inventory.Have, HasURLs: inventory.Have,
			}
			if len(tt.statements) > 0 {
				r.Policy, r.HasPolicy = policyOf(policy.Resource, tt.statements...).Doc, inventory.Have
			}
			l.account.Held().Resources = append(l.account.Held().Resources, r)
			if got := l.reachingTo(t, tt.resource, tt.action); got != tt.want {
				t.Errorf("it reaches it by %q, want %q", got, tt.want)
			}
		})
	}
	t.Run("the policy of a bucket is none of its access points", func(t *testing.T) {
		l := newLab()
		l.who = l.user("u", policyOf(policy.Identity, `{"Effect":"Allow","Action":"s3:PutBucketPolicy","Resource":"`+point+`"}`))
		l.bucket()
		l.account.Held().Resources = append(l.account.Held().Resources, &inventory.Resource{
			ARN: point, Type: "AWS::S3::AccessPoint", Account: labAccount, HasPolicy: inventory.None, HasTags: inventory.None,
			AccessPoint: &inventory.AccessPoint{Bucket: "vault"},
		})
		if got := l.reaching(t, "s3:GetObject"); got != "" {
			t.Errorf("it reaches it by %q", got)
		}
	})
}
