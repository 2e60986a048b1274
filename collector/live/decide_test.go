package live_test

import (
	"testing"

	"pathfinder/collector/live"
	"pathfinder/collector/live/internal/fakeorg"
	"pathfinder/collector/live/internal/service"
	"pathfinder/graphmodel/catalog"
	"pathfinder/graphmodel/policy"
	"pathfinder/solver"
)

const (
	reader  = "arn:aws:iam::" + fakeorg.Management + ":role/" + fakeorg.Role
	session = "arn:aws:sts::" + fakeorg.Management + ":assumed-role/PathfinderRead/pathfinder"
	member  = "999999999999"
)

// decide asks the reference whether the read role may do something with the policy
// that is printed.
func decide(t *testing.T, opts live.PolicyOptions, action, resource string) solver.Outcome {
	t.Helper()
	text, err := live.Policy(opts)
	if err != nil {
		t.Fatal(err)
	}
	doc := policy.Parse(text, policy.Identity)
	if doc.Damaged() || len(doc.Faults) > 0 {
		t.Fatalf("the policy has problems: %v", doc.Faults)
	}
	c := &solver.Case{
		Caller: solver.Caller{Kind: solver.CallerSession, ARN: session, RoleARN: reader, Partition: "aws", Account: fakeorg.Management},
		Action: action, Resource: resource, ResourceAccount: fakeorg.Management, Context: solver.Context{Complete: true},
		Identity: []solver.Source{{Name: "printed", Doc: doc}},
	}
	if action == "sts:AssumeRole" { // the role trusts the caller's account
		c.ResourceAccount = member
		c.Resources = []solver.Source{{Name: "trust", Doc: policy.Parse([]byte(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"`+fakeorg.Management+`"},"Action":"sts:AssumeRole"}]}`), policy.Trust)}}
	}
	return solver.Decide(c).Outcome
}

// The policy allows each action of each operation in the table.
func TestPolicyAllowsEachCall(t *testing.T) {
	t.Parallel()
	for _, s := range service.All() {
		for _, o := range s.Operations {
			if len(o.Actions) == 0 {
				t.Errorf("%s %s declares no permission", o.Service, o.Name)
			}
			for _, action := range o.Actions {
				if got := decide(t, live.PolicyOptions{}, action, "*"); got != solver.Allowed {
					t.Errorf("%s, for %s of %s, is %v", action, o.Name, s.Name, got)
				}
				if got := decide(t, live.PolicyOptions{Only: []string{s.Name}}, action, "*"); got != solver.Allowed {
					t.Errorf("%s is %v for %s alone", action, got, s.Name)
				}
			}
		}
	}
	if got := decide(t, live.PolicyOptions{}, "ec2:DescribeRegions", "*"); got != solver.Allowed {
		t.Errorf("regions: %v", got)
	}
}

// It allows no action that is not to read or to list, of all that AWS has.
func TestPolicyAllowsNothingElse(t *testing.T) {
	t.Parallel()
	text, err := live.Policy(live.PolicyOptions{Source: live.SourceAggregator})
	if err != nil {
		t.Fatal(err)
	}
	doc := policy.Parse(text, policy.Identity)
	named := make(map[string]bool)
	for _, s := range policyOf(t, live.PolicyOptions{Source: live.SourceAggregator}).Statement {
		for _, action := range s.Action {
			named[action] = true
			if _, ok := catalog.Default().Action(action); !ok {
				t.Errorf("AWS has no action %s", action)
			}
		}
	}
	allowed := 0
	for _, prefix := range catalog.Default().Services() {
		for _, a := range catalog.Default().Actions(prefix) {
			c := &solver.Case{
				Caller: solver.Caller{Kind: solver.CallerSession, ARN: session, RoleARN: reader, Partition: "aws", Account: fakeorg.Management},
				Action: a.Name, Resource: "*", ResourceAccount: fakeorg.Management, Context: solver.Context{Complete: true},
			}
			anyway := solver.Decide(c).Outcome == solver.Allowed // by AWS, without any policy
			c.Identity = []solver.Source{{Name: "printed", Doc: doc}}
			if anyway || solver.Decide(c).Outcome != solver.Allowed {
				continue
			}
			allowed++
			if a.Access&^(catalog.AccessRead|catalog.AccessList) != 0 {
				t.Errorf("%s is allowed, whose access level is %v", a.Name, a.Access)
			}
			if !named[a.Name] {
				t.Errorf("%s is allowed and not named", a.Name)
			}
		}
	}
	if allowed != len(named) {
		t.Errorf("%d actions are allowed, %d are named", allowed, len(named))
	}
}

// The caller may enter the read role of every account, and no other.
func TestPolicyEntersTheReadRole(t *testing.T) {
	t.Parallel()
	opts := live.PolicyOptions{RoleName: fakeorg.Role}
	for resource, want := range map[string]solver.Outcome{
		"arn:aws:iam::" + member + ":role/" + fakeorg.Role: solver.Allowed,
		"arn:aws:iam::" + member + ":role/Admin":           solver.ImplicitlyDenied,
		"arn:aws:iam::" + member + ":role/PathfinderRead":  solver.ImplicitlyDenied,
	} {
		if got := decide(t, opts, "sts:AssumeRole", resource); got != want {
			t.Errorf("entering %s is %v, want %v", resource, got, want)
		}
	}
	if got := decide(t, live.PolicyOptions{}, "sts:AssumeRole", "*"); got != solver.ImplicitlyDenied {
		t.Errorf("without a role it is %v", got)
	}
}
