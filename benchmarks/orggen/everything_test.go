package orggen_test

import (
	"math"
	"os"
	"regexp"
	"strings"
	"testing"

	"pathfinder/benchmarks/orggen"
	"pathfinder/collector"
	"pathfinder/graphmodel/inventory"
	"pathfinder/solver"
)

func TestVerifyAcceptsIt(t *testing.T) {
	t.Parallel()
	for name, open := range layouts {
		if name == "iam-collect" {
			continue // not a snapshot
		}
		problems, err := collector.Validate(write(t, orggen.Config{Accounts: 20, Principals: 50}, open))
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range problems {
			t.Errorf("%s: %v", name, p)
		}
	}
}

// twenty is the organization in which every kind of thing is.
var twenty = orggen.Config{Accounts: 20, Principals: 100, Resources: 60, OUDepth: 3, Seed: 1}

func TestEveryKindOccurs(t *testing.T) {
	t.Parallel()
	dir := write(t, twenty, plain)
	var all strings.Builder
	space := regexp.MustCompile(`\s+`)
	for _, name := range files(t, dir) {
		b, err := os.ReadFile(dir + "/" + name)
		if err != nil {
			t.Fatal(err)
		}
		all.Write(space.ReplaceAll(b, nil))
	}
	text := all.String()
	for _, kind := range []string{
		// principals and what they trust
		`"UserName":"ana"`, `"RoleId":"AROA`, `"UserId":"AIDA`, `"GroupId":"AGPA`, `"PolicyId":"ANPA`, `"GroupList":["developers"]`, `"GroupList":["administrators"]`,
		`AWSReservedSSO_AdministratorAccess_`, `"sts:AssumeRoleWithSAML"`, `token.actions.githubusercontent.com:sub`, `sts:ExternalId`,
		`"Service":"lambda.amazonaws.com"`, `"Service":"ec2.amazonaws.com"`, `"Service":"ecs-tasks.amazonaws.com"`, `/aws-service-role/support.amazonaws.com/`,
		`-step-1"`, `-step-4"`, `:role/release"`, `instance-profile/`, `RoleLastUsed`,
		// policies
		`"NotAction":`, `"NotResource":`, `"s3:Get*"`, `aws:SourceIp`, `aws:MultiFactorAuthPresent`, `${aws:PrincipalTag/team}`, `${aws:username}`,
		`aws:ResourceTag/team`, `PermissionsBoundaryArn`, `"VersionId":"v2"`, `"Effect":"Deny"`, `policy/AdministratorAccess`, `policy/ReadOnlyAccess`,
		// resources
		`AWS::S3::Bucket`, `AWS::S3::AccessPoint`, `AWS::SQS::Queue`, `AWS::SNS::Topic`, `AWS::KMS::Key`, `AWS::Lambda::Function`, `AWS::DynamoDB::Table`,
		`AWS::SecretsManager::Secret`, `AWS::ECR::Repository`, `DenyInsecureTransport`, `cloudfront.amazonaws.com`, `logdelivery.elasticloadbalancing`,
		`"Sid":"Partner"`, `"Sid":"PublicRead"`, `"Sid":"Neighbour"`, `GranteePrincipal`, `EnableIAMUserPermissions`, `kms:ViaService`, `aws:SourceVpce`, `"KmsKeyId":"arn:aws:kms`,
		// the organization
		`p-FullAWSAccess`, `p-RCPFullAWSAccess`, `region-deny`, `organizations:LeaveOrganization`, `cloudtrail:StopLogging`, `role/landing-zone/break-glass`,
		`aws:PrincipalOrgID`, `aws:PrincipalIsAWSService`, `aws:SourceOrgID`,
	} {
		if !strings.Contains(text, kind) {
			t.Errorf("there is no %s", kind)
		}
	}
}

func TestSharesAreWhatWasAskedFor(t *testing.T) {
	t.Parallel()
	cfg := orggen.Config{Accounts: 20, Principals: 200, Seed: 3}
	cfg.Shares.Stamped, cfg.Shares.Users, cfg.Shares.Admins, cfg.Shares.GitHub = 0.5, 0.4, -1, 0.2
	s, _ := generate(t, cfg)
	count := make(map[string]int)
	accounts := make(map[string]int) // by name of a role
	for _, a := range s.Accounts {
		count["users"] += len(a.IAM.UserDetailList)
		for _, u := range a.IAM.UserDetailList {
			if len(u.GroupList) > 0 && u.GroupList[0] == "administrators" {
				count["administrators"]++
			}
		}
		for _, r := range a.IAM.RoleDetailList {
			name := strings.TrimRight(r.RoleName, "0123456789abcdef") // of permission sets
			accounts[name]++
			if strings.HasPrefix(name, "gha-") {
				count["github"]++
			}
		}
	}
	for _, n := range accounts {
		if n >= 19 { // the management account lacks one
			count["stamped"] += n
		}
	}
	all := float64(cfg.Accounts * cfg.Principals)
	for _, w := range []struct {
		kind  string
		share float64 // of all principals
		off   float64
	}{
		{"stamped", 0.5, 0.02},
		{"users", 0.5 * 0.4, 0.005},
		{"administrators", 0, 0},
		{"github", 0.5 * 0.6 * 0.2, 0.02},
	} {
		if got := float64(count[w.kind]) / all; math.Abs(got-w.share) > w.off {
			t.Errorf("the share of %s is %.3f, want %.3f", w.kind, got, w.share)
		}
	}
}

func TestConfigNamesEveryBadField(t *testing.T) {
	t.Parallel()
	cfg := orggen.Config{Accounts: -1, OUDepth: 9}
	cfg.Shares.Stamped, cfg.Shares.Public = 1.5, math.NaN()
	_, _, err := orggen.Snapshot(cfg)
	for _, name := range []string{"Accounts", "OUDepth", "Stamped", "Public"} {
		if err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("the error does not name %s: %v", name, err)
		}
	}
}

// Managed policies alone let principals assume roles, and nothing else is there.
func TestManagedOnly(t *testing.T) {
	t.Parallel()
	s, _ := generate(t, orggen.Config{Accounts: 4, Principals: 100, ManagedOnly: true})
	assuming := 0
	for _, a := range s.Accounts {
		for _, p := range a.IAM.Policies {
			if !strings.HasPrefix(p.ARN, "arn:aws:iam::aws:policy/") {
				t.Errorf("%s is not a policy that AWS manages", p.ARN)
			}
		}
		for _, r := range a.IAM.RoleDetailList {
			for _, p := range r.RolePolicyList {
				if assuming++; p.PolicyName != "assume-roles" {
					t.Errorf("%s has the policy %s", r.ARN, p.PolicyName)
				}
			}
			if r.PermissionsBoundary != nil {
				t.Errorf("%s has a boundary", r.ARN)
			}
		}
	}
	if assuming == 0 {
		t.Error("no role may assume another")
	}
}

func solverOf(t *testing.T, cfg orggen.Config) (*solver.Solver, *inventory.Inventory, orggen.Names) {
	t.Helper()
	s, names := generate(t, cfg)
	inv, err := s.Inventory()
	if err != nil {
		t.Fatal(err)
	}
	sol, err := solver.New(solver.Config{Inventory: inv})
	if err != nil {
		t.Fatal(err)
	}
	return sol, inv, names
}

// The bucket of artifacts is what benchmarks ask about: it is reached from every
// account, and not by everyone.
func TestArtifactsAreOpenToTheOrganization(t *testing.T) {
	t.Parallel()
	sol, inv, names := solverOf(t, orggen.Config{Accounts: 20, Principals: 40})
	ans, err := sol.WhoCan(names.ArtifactsBucket, []string{"s3:GetObject"})
	if err != nil {
		t.Fatal(err)
	}
	if !ans.Complete {
		t.Errorf("the answer is not complete: %v", ans.Unknown)
	}
	byAccount, seen := make(map[string]int), make(map[string]bool)
	for i := range ans.Access {
		if parts := strings.Split(ans.Access[i].Principal, ":"); len(parts) > 5 && len(ans.Access[i].Path) <= 1 && !seen[ans.Access[i].Principal] {
			seen[ans.Access[i].Principal] = true
			byAccount[parts[4]]++
		}
	}
	for _, id := range names.Accounts {
		// The policy of the bucket alone lets in its own account.
		if n := byAccount[id]; n == 0 || (n == 40) != (id == names.Shared[0]) {
			t.Errorf("%d principals of account %s read the artifacts themselves, want some", n, id)
		}
	}
	if ans.Public != nil {
		t.Error("the artifacts are public")
	}
	if len(inv.Gaps) > 0 {
		t.Errorf("the snapshot has gaps: %v", inv.Gaps)
	}
}

// Names can be asked about, and chains lead from the centre into each account.
func TestNamesReach(t *testing.T) {
	t.Parallel()
	sol, _, names := solverOf(t, orggen.Config{Accounts: 12, Principals: 30})
	for _, w := range []struct{ from, to string }{{names.Pipeline, names.Deployer}, {names.Auditor, names.Reader}} {
		ans, err := sol.Can(w.from, w.to, []string{"sts:AssumeRole"})
		if err != nil {
			t.Fatal(err)
		}
		if len(ans.Access) == 0 {
			t.Errorf("%s does not reach %s", w.from, w.to)
		}
	}
	if _, err := sol.Can(names.BreakGlass, names.ArtifactsBucket, []string{"s3:GetObject"}); err != nil {
		t.Error(err)
	}
}
