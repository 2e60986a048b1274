package service_test

import (
	"strings"
	"testing"

	"pathfinder/collector/live/internal/awstest"
)

// API Gateway answers in another form to who doesn't say which; its items are
// elsewhere there, and seem to be none.
func TestReadRestAPIsInAnotherForm(t *testing.T) {
	t.Parallel()
	accepts := ""
	_, err := awstest.Read(t, "apigateway", awstest.Answers{"GET /restapis": func(r awstest.Request) awstest.Answer {
		accepts = r.Header.Get("Accept")
		return awstest.Answer{Body: `{"_links":{},"_embedded":{"item":[{"id":"a"}]}}`}
	}})
	if err == nil || accepts != "application/json" {
		t.Errorf("got %v, and Accept %q", err, accepts)
	}
}

// An account that moves while the organization is read hangs nowhere, or in two
// places. Without all in their place there is no organization.
func TestReadOrganizationThatMoves(t *testing.T) {
	t.Parallel()
	const target = "AWSOrganizationsV20161128."
	children := `{"Children":[{"Id":"111122223333","Type":"ACCOUNT"}]}`
	answers := awstest.Answers{
		target + "DescribeOrganization":             `{"Organization":{"Id":"o-a1b2c3d4e5","MasterAccountId":"111122223333"}}`,
		target + "ListAccounts":                     `{"Accounts":[{"Id":"111122223333","Status":"ACTIVE"},{"Id":"444455556666","Status":"ACTIVE"}]}`,
		target + "ListRoots":                        `{"Roots":[{"Id":"r-ab12"}]}`,
		target + "ListOrganizationalUnitsForParent": `{"OrganizationalUnits":[]}`,
		target + "ListChildren":                     func(awstest.Request) awstest.Answer { return awstest.Answer{Body: children} },
		target + "ListPolicies":                     `{"Policies":[]}`,
		target + "ListDelegatedAdministrators":      `{"DelegatedAdministrators":[]}`,
		target + "DescribeResourcePolicy":           awstest.Error(400, "ResourcePolicyNotFoundException"),
	}
	got, err := awstest.Read(t, "organizations", answers)
	if err != nil || strings.Contains(got, `"Organization":`) || !strings.Contains(got, "accounts moved while they were read") || !strings.Contains(got, `"Members"`) {
		t.Errorf("%v\n%s", err, got)
	}
	children = `{"Children":[{"Id":"111122223333","Type":"ACCOUNT"},{"Id":"444455556666","Type":"ACCOUNT"}]}`
	got, err = awstest.Read(t, "organizations", answers)
	if err != nil || !strings.Contains(got, `"Organization":`) || strings.Contains(got, "moved") {
		t.Errorf("%v\n%s", err, got)
	}
}
