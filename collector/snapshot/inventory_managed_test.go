package snapshot_test

import (
	"fmt"
	"testing"
	"testing/fstest"
)

// What policies of AWS say that files attach without their documents is known of some; of
// others, and of those of the account, it is not there.
func TestInventoryWellKnownPolicies(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, arn, listed string
		says              []string // actions of the first statement
		gap               bool
	}{
		{"everything", "arn:aws:iam::aws:policy/AdministratorAccess", "", []string{"*"}, false},
		{"listed without versions", "arn:aws:iam::aws:policy/AdministratorAccess", `{"PolicyName":"AdministratorAccess","Arn":"arn:aws:iam::aws:policy/AdministratorAccess","PolicyVersionList":[]}`, []string{"*"}, false},
		{"of China", "arn:aws-cn:iam::aws:policy/AdministratorAccess", "", []string{"*"}, false},
		{"with a path", "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole", "", []string{"logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"}, false},
		{"without its path", "arn:aws:iam::aws:policy/AWSLambdaBasicExecutionRole", "", nil, true},
		{"what the file says counts", "arn:aws:iam::aws:policy/IAMFullAccess", `{"PolicyName":"IAMFullAccess","Arn":"arn:aws:iam::aws:policy/IAMFullAccess","DefaultVersionId":"v9",` +
			`"PolicyVersionList":[{"VersionId":"v9","IsDefaultVersion":true,"Document":{"Statement":[{"Effect":"Allow","Action":"iam:List*","Resource":"*"}]}}]}`, []string{"iam:List*"}, false},
		{"another one of AWS", "arn:aws:iam::aws:policy/ReadOnlyAccess", "", nil, true},
		{"one of the account", "arn:aws:iam::111122223333:policy/AdministratorAccess", "", nil, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			const user = "arn:aws:iam::111122223333:user/u"
			inv := load(t, fstest.MapFS{
				"manifest.json":                      {Data: []byte(`{"format":"pathfinder-snapshot","version":1,"created":"2026-11-01T00:00:00Z","createdBy":"hand","gaps":[]}`)},
				"accounts/111122223333/account.json": {Data: []byte(`{"Id":"111122223333"}`)},
				"accounts/111122223333/authorization-details.json": {Data: []byte(fmt.Sprintf(
					`{"UserDetailList":[{"Arn":%q,"UserName":"u","AttachedManagedPolicies":[{"PolicyArn":%q}]}],"Policies":[%s]}`, user, tt.arn, tt.listed))},
			})
			doc := inv.Principal(user).Attached[0].Doc
			var says []string
			if !tt.gap {
				for _, a := range doc.Statements[0].Actions {
					says = append(says, a.Text)
				}
			}
			equal(t, "actions", says, tt.says)
			equal(t, "gaps", len(inv.Gaps) > 0, tt.gap)
			equal(t, "unreadable", doc.Unreadable(), tt.gap)
		})
	}
}
