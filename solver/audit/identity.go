package audit

import (
	"fmt"
	"slices"

	"pathfinder/graphmodel/guard"
	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
)

// identityChecks look at users, roles and their trust.
var identityChecks = []check{
	{Kind{
		Name: "cross-account-into-production", Title: "Ways into production",
		About: "Users and roles of accounts that are not production's can assume roles of accounts that are. --production says which " +
			"accounts those are; without it, those whose name, unit or tags say so.",
	}, (*auditor).intoProduction},
	{Kind{
		Name: "admin-role-without-mfa", Title: "Administrator roles without MFA",
		About: "A user can assume a role that is an administrator, itself or through other roles, without MFA being asked for. Roles for federated people and for services " +
			"are left out: who signs in elsewhere shows its second factor there.",
	}, (*auditor).withoutMFA},
	{Kind{
		Name: "third-party-without-external-id", Title: "Third parties without an external id",
		About: "An account outside can assume a role without an external id, so that whoever else the third party works for can have it do so.",
	}, (*auditor).withoutExternalID},
	{Kind{
		Name: "dangling-trust", Title: "Trust in who is gone",
		About: "A policy names a user or role that was deleted, or a trust policy an identity provider. It lets nobody in now; a deleted name that is " +
			"made anew may be let in once the policy is saved again; a provider, a session of a role, and a name in a condition on aws:PrincipalArn at once. So may a Deny spare somebody who is gone.",
	}, (*auditor).dangling},
	{Kind{
		Name: "unused-with-power", Title: "Power that is not used",
		About: "A role that is an administrator, or can become one, was last used more than 90 days before the snapshot, or never since it was made. " +
			"When users were last there a snapshot does not say.",
	}, (*auditor).unused},
	{Kind{
		Name: "wildcard-data-access", Title: "Access to all data",
		About: "A statement lets principals read, write or destroy all data of a service, or all that it has in a region. Administrators are left out.",
	}, (*auditor).wildcards},
	{Kind{
		Name: "guard-gap", Title: "Guards that are missing",
		About: "A control policy that denies something is in force in most accounts or units next to each other, and in one of them neither it nor " +
			"anything that denies the same. Also: the management account, to which service control policies do not apply.",
	}, (*auditor).guardGaps},
	{Kind{
		Name: "federation-too-broad", Title: "Federation that lets in too many",
		About: "A role trusts an identity provider of OpenID Connect, or one that AWS knows without being told, without saying which of its subjects: " +
			"of a provider that many share, whose they are; or guests of an identity pool of Cognito, who are anybody. Providers that the account does not have are left out: see dangling-trust.",
	}, (*auditor).federation},
}

func (a *auditor) withoutExternalID() (out []Finding) {
	a.eachRole(func(r *inventory.Principal) {
		for _, o := range a.Solver.OutsidersOf(r) {
			kind := o.Kind
			if !o.Outside || o.Account == "" || anybodyElse(&o) || kind == "service" || kind == "provider" {
				continue
			}
			left, may := withoutID(o.Condition)
			if !may {
				continue
			}
			f := a.hop("third-party-without-external-id", r, &o)
			f.Tags = nil
			if f.Condition = left; len(left) == 0 {
				f.Certain = Certain // what is left on the path any external id meets, or none
			}
			f.Severity, f.Reason = Low, "the account may be one's own that the snapshot does not hold"
			if a.vendor(o.Account) != "" {
				f.Severity, f.Reason = Medium, "the account is a vendor's, which works for others too"
			}
			f.Title = fmt.Sprintf("%s can assume role %s without an external id", a.whose(&o), r.Name)
			f.Remedy.Text = "If the account is a third party's, agree on an external id and ask for it."
			f.Remedy.Change = conditionChange("StringEquals", "sts:ExternalId", "an id that only the third party knows")
			out = append(out, f)
		}
	})
	return out
}

// withoutID returns what a condition asks for where no external id was agreed on, and
// whether it may hold then: the call carries none, or one that somebody else chose.
func withoutID(when guard.Blocks) (left guard.Blocks, may bool) {
	for _, id := range []policy.Value{{}, policy.Single("whatever somebody else chose"), policy.Single("6f9619ff-8b86-d011-b42d-00c04fc964ff")} {
		l, holds := given(when, request{"sts:externalid": id})
		if holds && len(l) == 0 {
			return nil, true
		}
		may = may || holds
		for _, b := range l {
			if !slices.ContainsFunc(left, func(o guard.Block) bool { return o.String() == b.String() }) {
				left = append(left, b)
			}
		}
	}
	return left, may
}
