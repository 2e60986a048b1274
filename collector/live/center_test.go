package live_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pathfinder/collector/live"
	"pathfinder/collector/live/internal/awstest"
)

// An instance of Identity Center that is replicated answers in several regions. It
// is one.
func TestCenterInSeveralRegions(t *testing.T) {
	t.Parallel()
	out := filepath.Join(t.TempDir(), "snapshot")
	_, err := live.Collect(t.Context(), live.Config{
		Out: out, Only: []string{"identitycenter"}, Regions: []string{"eu-central-1", "eu-west-1"}, Region: awstest.Region, MaxBackoff: 20 * time.Millisecond,
		Client: awstest.New(t, awstest.Answers{
			"SWBExternalService.ListInstances":                      `{"Instances":[{"InstanceArn":"arn:aws:sso:::instance/ssoins-1","IdentityStoreId":"d-1","OwnerAccountId":"` + awstest.Account + `"}]}`,
			"SWBExternalService.ListPermissionSets":                 `{"PermissionSets":[]}`,
			"SWBExternalService.ListAccountAssignmentsForPrincipal": `{"AccountAssignments":[]}`,
			"AWSIdentityStore.ListUsers":                            `{"Users":[{"UserId":"u-1","UserName":"ana@example.org"}]}`,
			"AWSIdentityStore.ListGroups":                           `{"Groups":[]}`,
			"Action=DescribeRegions": `<DescribeRegionsResponse><regionInfo><item><regionName>eu-central-1</regionName></item>` +
				`<item><regionName>eu-west-1</regionName></item></regionInfo></DescribeRegionsResponse>`,
		}),
	})
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(out, "accounts", awstest.Account, "identity-center.json"))
	if err != nil {
		t.Fatal(err)
	}
	if strings.Count(string(text), `"InstanceArn"`) != 1 || !strings.Contains(string(text), `"ana"`) || strings.Contains(string(text), "example") {
		t.Errorf("the file holds not one instance:\n%s", text)
	}
}
