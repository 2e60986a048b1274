package audit_test

import (
	"slices"
	"strings"
	"testing"

	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
	"pathfinder/solver/audit"
)

// TestRemediesCanBeDone: a remedy names a policy that can be changed, with its statement,
// or says from where one that AWS manages has to be taken, or which grant of a key (E193)
// to revoke; and who does what it says is rid of the finding.
func TestRemediesCanBeDone(t *testing.T) {
	t.Parallel()
	const (
		admin   = "arn:aws:iam::aws:policy/AdministratorAccess"
		readAll = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"
		allS3   = `{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}`
		key     = "arn:aws:kms:eu-west-1:" + prodID + ":key/1"
	)
	managed := func(label, statement string) *inventory.Policy {
		p := named(label[strings.LastIndexByte(label, '/')+1:], document(policy.Identity, statement))
		p.ARN = label
		return p
	}
	attach := func(w *world, p *inventory.Principal, label, statement string) func() {
		p.Attached = append(p.Attached, managed(label, statement))
		return func() { p.Attached = nil }
	}
	center := func(w *world) *inventory.Principal {
		p := w.role(w.prod, "AWSReservedSSO_All_0123456789abcdef", trusting(`{"Federated":"arn:aws:iam::`+prodID+`:saml-provider/x"}`, ""))
		p.Path = "/aws-reserved/sso.amazonaws.com/"
		return p
	}
	group := func(w *world, label, statement string) func() {
		p := w.user(w.prod, "x")
		g := &inventory.Group{ARN: "arn:aws:iam::" + prodID + ":group/g", Name: "g", Path: "/", Account: w.prod, Members: []*inventory.Principal{p}}
		g.Attached = []*inventory.Policy{managed(label, statement)}
		p.Groups, w.prod.Held().Groups = []*inventory.Group{g}, []*inventory.Group{g}
		return func() { g.Attached = nil }
	}
	inline := func(w *world, statements ...string) func() {
		p := w.user(w.prod, "x", statements...)
		return func() { p.Inline = nil }
	}
	granted := func(w *world, p *inventory.Principal, statements ...string) func() {
		r := w.resource(w.prod, "AWS::KMS::Key", key, statements...)
		r.KMSGrants = []inventory.KMSGrant{
			{ID: "grant-1", Grantee: p.ARN, Operations: []string{"Decrypt"}},
			{ID: "grant-2", Grantee: "arn:aws:iam::" + prodID + ":user/x", Operations: []string{"Decrypt"}},
		}
		return func() { r.KMSGrants, r.Policy = r.KMSGrants[1:], nil }
	}
	lets := granting(`{"AWS":"`+devID+`"}`, "kms:Decrypt", "*", "")
	decrypt := `{"Effect":"Allow","Action":"kms:Decrypt","Resource":"*"}`
	for _, tt := range []struct {
		name, kind string
		setup      func(*world) func()
		policy     string // to change; "" for none
		statement  int    // -1 for none
		says       string
		not        string
	}{
		{"an administrator by what AWS manages", "admin-equivalent", func(w *world) func() {
			return attach(w, w.user(w.prod, "x"), admin, allowAll)
		}, admin, -1, "Detach AdministratorAccess, which AWS manages, from arn:aws:iam::" + prodID + ":user/x,", "Replace"},
		{"by a group", "admin-equivalent", func(w *world) func() { return group(w, admin, allowAll) }, admin, -1, "from arn:aws:iam::" + prodID + ":group/g,", "user/x"},
		{"by a permission set", "admin-equivalent", func(w *world) func() { return attach(w, center(w), admin, allowAll) }, admin, -1, "out of the permission set of AWSReservedSSO_All_", "Detach"},
		{"by a policy of its own", "admin-equivalent", func(w *world) func() { return inline(w, allS3, allowAll) }, "arn:aws:iam::" + prodID + ":user/x/own", 1, "Replace the statement", "AWS manages"},
		{"all data by what AWS manages", "wildcard-data-access", func(w *world) func() {
			return attach(w, w.user(w.prod, "x"), readAll, allS3)
		}, readAll, -1, "Detach AmazonS3ReadOnlyAccess", "in place of"},
		{"all data by a managed policy of the account", "wildcard-data-access", func(w *world) func() {
			return attach(w, w.user(w.prod, "x"), "arn:aws:iam::"+prodID+":policy/all", allS3)
		}, "arn:aws:iam::" + prodID + ":policy/all", 0, `in place of "*"`, "Detach"},
		{"a key by a grant", "key-beyond-account", func(w *world) func() { return granted(w, w.user(w.dev, "x")) }, "", -1, "Revoke the grant grant-1 of the key", "policy"},
		{"a key by its policy", "key-beyond-account", func(w *world) func() {
			r := w.resource(w.prod, "AWS::KMS::Key", key, granting(`{"AWS":"`+prodID+`"}`, "kms:*", "*", ""), lets)
			w.user(w.dev, "x", decrypt)
			return func() { r.Policy = nil }
		}, key, 1, "in its policy", "Revoke"},
		{"a key by both", "key-beyond-account", func(w *world) func() {
			w.user(w.dev, "y", decrypt)
			return granted(w, w.user(w.dev, "x"), lets)
		}, key, 0, "Revoke the grant grant-1 of the key", "grant-2"},
		{"a role without MFA", "admin-equivalent", func(w *world) func() {
			p := w.role(w.prod, "ops", trusting(`{"AWS":"arn:aws:iam::`+prodID+`:user/x"}`, ""), allowAll)
			w.user(w.prod, "x")
			return func() { p.Trust, p.Inline = document(policy.Trust, byService), nil }
		}, "arn:aws:iam::" + prodID + ":role/ops", 0, "ask for MFA", ""},
		{"a role that asks for MFA", "admin-equivalent", func(w *world) func() {
			p := w.role(w.prod, "ops", trusting(`{"AWS":"arn:aws:iam::`+prodID+`:user/x"}`, `{"Bool":{"aws:MultiFactorAuthPresent":"true"}}`), allowAll)
			w.user(w.prod, "x")
			return func() { p.Trust, p.Inline = document(policy.Trust, byService), nil }
		}, "arn:aws:iam::" + prodID + ":role/ops", 0, "out of the trust policy", "ask for MFA"},
		{"a third party", "external-access", func(w *world) func() {
			p := w.role(w.prod, "vendor", trusting(`{"AWS":"`+vendorID+`"}`, ""))
			return func() { p.Trust = document(policy.Trust, byService) }
		}, "arn:aws:iam::" + prodID + ":role/vendor", 0, "ask for an external id", ""},
		{"a third party with an external id", "external-access", func(w *world) func() {
			p := w.role(w.prod, "vendor", trusting(`{"AWS":"`+vendorID+`"}`, `{"StringEquals":{"sts:ExternalId":"x"}}`))
			return func() { p.Trust = document(policy.Trust, byService) }
		}, "arn:aws:iam::" + prodID + ":role/vendor", 0, "take it out of the trust policy", "external id"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld()
			mend := tt.setup(w)
			list := of(w.run(t, nil), tt.kind)
			i := slices.IndexFunc(list, func(f audit.Finding) bool { return !strings.HasSuffix(f.Principal, ":role/ops") })
			if i < 0 {
				t.Fatalf("found %+v", list)
			}
			r, n := list[i].Remedy, -1
			if r.Statement != nil {
				n = *r.Statement
			}
			if r.Policy != tt.policy || n != tt.statement || !strings.Contains(r.Text, tt.says) || tt.not != "" && strings.Contains(r.Text, tt.not) {
				t.Errorf("change %q, statement %d: %s", r.Policy, n, r.Text)
			}
			if len(list[i].Statements) == 0 && tt.policy != "" {
				t.Error("no statements are named")
			}
			mend()
			if list = of(w.run(t, nil), tt.kind); len(list) > 0 {
				t.Errorf("there is still %+v", list)
			}
		})
	}
}
