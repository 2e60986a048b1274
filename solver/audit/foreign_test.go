package audit_test

import (
	"strings"
	"testing"

	"pathfinder/solver/audit"
)

// Where the snapshot does not tell the organization of its accounts, one that a condition
// names may be that one: nothing about it is certain (E216).
func TestOrganizationUnknown(t *testing.T) {
	t.Parallel()
	alone := func(setup func(*world)) func(*world) {
		return func(w *world) {
			w.inv.Organization = nil
			for _, a := range w.inv.Accounts {
				a.Unit, a.SCPs = nil, nil
			}
			setup(w)
		}
	}
	data := func(condition string) func(*world) {
		return alone(func(w *world) { w.bucket(granting(`"*"`, "s3:GetObject", "arn:aws:s3:::data/*", condition)) })
	}
	admin := alone(func(w *world) {
		w.role(w.prod, "shared", trusting(`{"AWS":"*"}`, `{"StringEquals":{"aws:PrincipalOrgID":"o-1"}}`), allowAll)
	})
	lookForEach(t, []kindTest{
		{"external-access", "to a bucket", data(`{"StringEquals":{"aws:PrincipalOrgID":"o-1"}}`), possible, audit.Low},
		{"public-access", "to a bucket", data(`{"StringEquals":{"aws:PrincipalOrgID":"o-1"}}`), none, 0},
		{"external-access", "of an account, whatever its organization", data(`{"StringEquals":{"aws:PrincipalAccount":"` + outsideID + `"}}`), certain, audit.Medium},
		{"external-access", "into a role", admin, possible, audit.Medium},
		{"external-access", "through a service", alone(func(w *world) { w.source("aws:SourceOrgID", "o-1") }), possible, audit.Medium},
	})
	w := newWorld()
	admin(w)
	f := of(w.run(t, nil), "external-access")
	if len(f) != 1 || len(f[0].If) != 1 || !strings.Contains(f[0].If[0], "organization o-1 is another one") || strings.Contains(f[0].Detail, "another") {
		t.Errorf("%+v", f)
	}
}

// Who lets itself into a role has what the role gets to be as well.
func TestRanks(t *testing.T) {
	t.Parallel()
	hop := func(who string, rights ...string) func(*world) {
		return func(w *world) {
			w.role(w.prod, "admin", trusting(`{"AWS":"`+prodID+`"}`, ""), allowAll)
			w.role(w.prod, "hop", trusting(who, ""), rights...)
			w.user(w.dev, "ops", `{"Effect":"Allow","Action":"sts:AssumeRole","Resource":"*"}`)
		}
	}
	outside, dev := `{"AWS":"`+outsideID+`"}`, `{"AWS":"`+devID+`"}`
	assume := `{"Effect":"Allow","Action":"sts:AssumeRole","Resource":"*"}`
	lookForEach(t, []kindTest{
		{"external-access", "into a role that assumes an administrator", hop(outside, assume), certain, audit.High},
		{"external-access", "into a role that makes itself one", hop(outside, `{"Effect":"Allow","Action":"iam:PutRolePolicy","Resource":"*"}`), certain, audit.High},
		{"external-access", "into a role that may be one if it signed in so", hop(outside, `{"Effect":"Allow","Action":"iam:PutRolePolicy","Resource":"*","Condition":{"IpAddress":{"aws:SourceIp":"192.0.2.0/24"}}}`), certain, audit.Medium},
		{"external-access", "into a role that is denied it", hop(outside, assume, `{"Effect":"Deny","Action":"sts:*","Resource":"*"}`), certain, audit.Medium},
		{"cross-account-into-production", "into a role that makes itself an administrator", hop(dev, `{"Effect":"Allow","Action":"iam:PutRolePolicy","Resource":"*"}`), certain, audit.High},
		{"cross-account-into-production", "into a role that reads", hop(dev, `{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}`), certain, audit.Medium},
	})
}
