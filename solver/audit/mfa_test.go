package audit_test

import (
	"strings"
	"testing"

	"pathfinder/graphmodel/policy"
	"pathfinder/solver/audit"
)

// What asks for a second factor, and what only looks as if it did (E144, E220).
func TestWithoutMFA(t *testing.T) {
	t.Parallel()
	const kind, own, assume = "admin-role-without-mfa", `{"AWS":"` + prodID + `"}`, `{"Effect":"Allow","Action":"sts:AssumeRole","Resource":"*"}`
	asking := func(condition string) func(*world) {
		return func(w *world) {
			w.user(w.prod, "ops", assume)
			w.role(w.prod, "admin", trusting(own, condition), allowAll)
		}
	}
	denying := func(condition string) func(*world) {
		return func(w *world) {
			w.user(w.prod, "ops", assume)
			w.role(w.prod, "admin", "").Trust = document(policy.Trust, trusting(own, ""),
				`{"Effect":"Deny","Principal":"*","Action":"sts:AssumeRole","Condition":`+condition+`}`)
			w.prod.Held().Roles[0].Inline = w.user(w.dev, "boss", allowAll).Inline
		}
	}
	over := func(condition string) func(*world) {
		return func(w *world) {
			w.user(w.prod, "ops", `{"Effect":"Allow","Action":"sts:AssumeRole","Resource":"arn:aws:iam::`+prodID+`:role/hop"}`)
			hop := w.role(w.prod, "hop", trusting(own, condition), assume)
			w.role(w.prod, "admin", trusting(`{"AWS":"`+hop.ARN+`"}`, ""), allowAll)
		}
	}
	lookForEach(t, []kindTest{
		{kind, "true", asking(`{"Bool":{"aws:MultiFactorAuthPresent":"true"}}`), none, 0},
		{kind, "true if it exists", asking(`{"BoolIfExists":{"aws:MultiFactorAuthPresent":"true"}}`), certain, audit.High},
		{kind, "false", asking(`{"Bool":{"aws:MultiFactorAuthPresent":"false"}}`), possible, audit.High},
		{kind, "absent", asking(`{"Null":{"aws:MultiFactorAuthPresent":"true"}}`), certain, audit.High},
		{kind, "there", asking(`{"Null":{"aws:MultiFactorAuthPresent":"false"}}`), possible, audit.High},
		{kind, "its age there", asking(`{"Null":{"aws:MultiFactorAuthAge":"false"}}`), none, 0},
		{kind, "no age", asking(`{"Null":{"aws:MultiFactorAuthAge":"true"}}`), certain, audit.High},
		{kind, "young", asking(`{"NumericLessThan":{"aws:MultiFactorAuthAge":"3600"}}`), none, 0},
		{kind, "young if it exists", asking(`{"NumericLessThanIfExists":{"aws:MultiFactorAuthAge":"3600"}}`), certain, audit.High},
		{kind, "true, or in a network", asking(`{"IpAddress":{"aws:SourceIp":"192.0.2.0/24"},"BoolIfExists":{"aws:MultiFactorAuthPresent":"true"}}`), possible, audit.High},
		{kind, "denied when false", denying(`{"Bool":{"aws:MultiFactorAuthPresent":"false"}}`), certain, audit.High},
		{kind, "denied when false or absent", denying(`{"BoolIfExists":{"aws:MultiFactorAuthPresent":"false"}}`), none, 0},
		{kind, "over a role", over(""), certain, audit.High},
		{kind, "over a role that asks", over(`{"Bool":{"aws:MultiFactorAuthPresent":"true"}}`), none, 0},
		{kind, "over a role that does not ask enough", over(`{"BoolIfExists":{"aws:MultiFactorAuthPresent":"true"}}`), certain, audit.High},
		{kind, "the second role asks", func(w *world) {
			over("")(w)
			w.prod.Held().Roles[1].Trust = document(policy.Trust, trusting(`{"AWS":"arn:aws:iam::`+prodID+`:role/hop"}`, `{"Bool":{"aws:MultiFactorAuthPresent":"true"}}`))
		}, none, 0},
	})
	w := newWorld()
	over("")(w)
	f := of(w.run(t, nil), kind)[0]
	if len(f.Path) != 3 || !strings.HasSuffix(f.Principal, ":user/ops") || !strings.HasSuffix(f.Path[1].Principal, ":role/hop") || f.Remedy.Policy != f.Path[1].Principal {
		t.Errorf("the path does not tell of the hop: %+v", f)
	}
}

// What asks for an external id that was agreed on, and what is met by none or by any.
func TestWithoutExternalID(t *testing.T) {
	t.Parallel()
	const kind = "third-party-without-external-id"
	trust := func(condition string) func(*world) {
		return func(w *world) { w.role(w.prod, "vendor", trusting(`{"AWS":"`+vendorID+`"}`, condition)) }
	}
	lookForEach(t, []kindTest{
		{kind, "one", trust(`{"StringEquals":{"sts:ExternalId":"x"}}`), none, 0},
		{kind, "one of several", trust(`{"ForAnyValue:StringEquals":{"sts:ExternalId":["x","y"]}}`), none, 0},
		{kind, "some that begin so", trust(`{"StringLike":{"sts:ExternalId":"acme-*"}}`), none, 0},
		{kind, "any", trust(`{"StringLike":{"sts:ExternalId":"*"}}`), certain, audit.Medium},
		{kind, "any but one", trust(`{"StringNotEquals":{"sts:ExternalId":"x"}}`), certain, audit.Medium},
		{kind, "one if it exists", trust(`{"StringEqualsIfExists":{"sts:ExternalId":"x"}}`), certain, audit.Medium},
		{kind, "none", trust(`{"Null":{"sts:ExternalId":"true"}}`), certain, audit.Medium},
		{kind, "whatever is there", trust(`{"Null":{"sts:ExternalId":"false"}}`), certain, audit.Medium},
		{kind, "all of those there", trust(`{"ForAllValues:StringEquals":{"sts:ExternalId":"x"}}`), certain, audit.Medium},
		{kind, "any, from a network", trust(`{"StringLike":{"sts:ExternalId":"*"},"IpAddress":{"aws:SourceIp":"192.0.2.0/24"}}`), possible, audit.Medium},
	})
}
