package audit_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
	"pathfinder/solver"
	"pathfinder/solver/audit"
)

// A forest is an organization of three units with an account each, "1" to "3", and an
// account "4" beside them.
type forest struct {
	*world
	units    []*inventory.Unit
	accounts map[string]*inventory.Account
	full     *inventory.Policy
}

func newForest() *forest {
	f := &forest{world: newWorld(), accounts: map[string]*inventory.Account{}}
	f.full = f.root.SCPs[0]
	f.root.Accounts = []string{mgmtID}
	f.inv.Accounts = []*inventory.Account{f.mgt}
	for _, n := range []string{"1", "2", "3", "4"} {
		u := f.root
		if n != "4" {
			u = &inventory.Unit{ID: "ou-" + n, Name: "Unit " + n, Parent: f.root, SCPs: []*inventory.Policy{f.full}}
			f.root.Units, f.units = append(f.root.Units, u), append(f.units, u)
		}
		f.add(u, n)
	}
	return f
}

func (f *forest) add(u *inventory.Unit, n string) {
	a := &inventory.Account{ID: strings.Repeat(n, 12), Partition: "aws", Name: "a" + n, IAM: true, Unit: u, SCPs: []*inventory.Policy{f.full}}
	f.accounts[n] = a
	u.Accounts = append(u.Accounts, a.ID)
	f.inv.Accounts = append(f.inv.Accounts, a)
}

// on attaches a policy to units "u1" to "u3", accounts "1" to "4", or the "root".
func (f *forest) on(p *inventory.Policy, where ...string) {
	for _, w := range where {
		switch {
		case w == "root":
			f.root.SCPs = append(slices.Clip(f.root.SCPs), p)
		case w[0] == 'u':
			u := f.units[w[1]-'1']
			u.SCPs = append(slices.Clip(u.SCPs), p)
		default:
			f.accounts[w].SCPs = append(slices.Clip(f.accounts[w].SCPs), p)
		}
	}
}

func scp(name string, statements ...string) *inventory.Policy {
	return named(name, document(policy.SCP, statements...))
}

// What is in force decides: attached, inherited, in all accounts of a unit, or denied by
// something else.
func TestGuardGap(t *testing.T) {
	t.Parallel()
	deny := func(action, rest string) string {
		return `{"Effect":"Deny","Action":"` + action + `","Resource":"*"` + rest + `}`
	}
	trail := scp("trail", deny("cloudtrail:StopLogging", ""))
	const inEurope = `,"Condition":{"StringNotEquals":{"aws:RequestedRegion":"eu-west-1"}}`
	for _, tt := range []struct {
		name  string
		setup func(*forest)
		want  string // what lacks it, how certain, and whose accounts
	}{
		{"on nothing", func(*forest) {}, ""},
		{"on one of three", func(f *forest) { f.on(trail, "u1") }, ""},
		{"on two of three, and on the account beside them", func(f *forest) { f.on(trail, "u1", "u2", "4") }, "ou-3 certain [333333333333]"},
		{"on all of them", func(f *forest) { f.on(trail, "u1", "u2", "u3", "4") }, ""},
		{"also on the root", func(f *forest) { f.on(trail, "root", "u1", "u2") }, ""},
		{"on all accounts of the third", func(f *forest) { f.on(trail, "u1", "u2", "3", "4") }, ""},
		{"on one of two accounts of the third", func(f *forest) {
			f.add(f.units[2], "5")
			f.on(trail, "u1", "u2", "3", "4")
		}, "ou-3 certain [555555555555]"},
		{"on all units, and not on the account beside them", func(f *forest) { f.on(trail, "u1", "u2", "u3") }, "444444444444 certain []"},
		{"on accounts of one unit, which has it too", func(f *forest) {
			f.add(f.units[0], "5")
			f.add(f.units[0], "6")
			f.on(trail, "u1", "1", "5")
		}, ""},
		{"on two accounts of one unit of three", func(f *forest) {
			f.add(f.units[0], "5")
			f.add(f.units[0], "6")
			f.on(trail, "1", "5")
		}, "666666666666 certain []"},
		{"the third denies more", func(f *forest) {
			f.on(trail, "u1", "u2", "4")
			f.on(scp("all", deny("cloudtrail:*", "")), "u3")
		}, ""},
		{"the third denies less", func(f *forest) {
			f.on(trail, "u1", "u2", "4")
			f.on(scp("some", deny("cloudtrail:StopLogging", inEurope)), "u3")
		}, "ou-3 certain [333333333333]"},
		{"the third denies it in two halves", func(f *forest) {
			f.on(trail, "u1", "u2", "4")
			f.on(scp("some", deny("cloudtrail:StopLogging", inEurope)), "u3")
			f.on(scp("rest", deny("cloudtrail:*", strings.Replace(inEurope, "NotEquals", "Equals", 1))), "3")
		}, ""},
		{"the third allows little", func(f *forest) {
			f.on(trail, "u1", "u2", "4")
			f.units[2].SCPs = []*inventory.Policy{scp("little", `{"Effect":"Allow","Action":"ec2:*","Resource":"*"}`)}
		}, ""},
		{"the third allows that and little else", func(f *forest) {
			f.on(trail, "u1", "u2", "4")
			f.units[2].SCPs = []*inventory.Policy{scp("little", `{"Effect":"Allow","Action":"cloudtrail:*","Resource":"*"}`)}
		}, "ou-3 certain [333333333333]"},
		{"two levels of the third allow little", func(f *forest) {
			f.on(trail, "u1", "u2", "4")
			f.units[2].SCPs = []*inventory.Policy{scp("little", `{"Effect":"Allow","Action":"cloudtrail:*","Resource":"*"}`)}
			f.accounts["3"].SCPs = []*inventory.Policy{scp("stop", `{"Effect":"Allow","Action":"cloudtrail:Stop*","Resource":"*"}`)}
		}, "ou-3 possible-if [333333333333]"},
		{"the third has no accounts", func(f *forest) {
			f.on(trail, "u1", "u2", "4")
			f.units[2].Accounts = nil
		}, "ou-3 certain []"},
		{"the account of the third is suspended", func(f *forest) {
			f.on(trail, "u1", "u2", "4")
			f.accounts["3"].State = "SUSPENDED"
		}, "ou-3 certain []"},
		{"the account of the third is about to be closed", func(f *forest) {
			f.on(trail, "u1", "u2", "4")
			f.accounts["3"].State = "PENDING_CLOSURE"
		}, "ou-3 certain [333333333333]"},
		{"one of the accounts of a unit is closed, and lacks it", func(f *forest) {
			f.add(f.units[0], "5")
			f.add(f.units[0], "6")
			f.on(trail, "1", "5")
			f.accounts["6"].State = "CLOSED"
		}, ""},
		{"two of three say the same in other words", func(f *forest) {
			f.on(trail, "u1", "4")
			f.on(scp("halves", deny("cloudtrail:StopLogging", inEurope), deny("cloudtrail:StopLoggin?", strings.Replace(inEurope, "NotEquals", "Equals", 1))), "u2")
		}, "ou-3 certain [333333333333]"},
		{"two of three say nearly the same", func(f *forest) {
			f.on(trail, "u1", "4")
			f.on(scp("some", deny("cloudtrail:StopLogging", inEurope)), "u2")
		}, ""},
		{"it spares the account of the third", func(f *forest) {
			f.on(scp("spares", deny("cloudtrail:StopLogging", `,"Condition":{"StringNotEquals":{"aws:PrincipalAccount":"333333333333"}}`)), "u1", "u2", "4")
		}, ""},
		{"it spares the account of the first", func(f *forest) {
			f.on(scp("spares", deny("cloudtrail:StopLogging", `,"Condition":{"StringNotEquals":{"aws:PrincipalAccount":"111111111111"}}`)), "u1", "u2", "4")
		}, "ou-3 certain [333333333333]"},
		{"it spares the third unit", func(f *forest) {
			f.on(scp("spares", deny("cloudtrail:StopLogging", `,"Condition":{"ForAllValues:StringNotLike":{"aws:PrincipalOrgPaths":"o-1/r-1/ou-3/*"}}`)), "u1", "u2", "4")
		}, ""},
		{"it spares all of the organization but the third unit", func(f *forest) {
			f.on(scp("spares", deny("cloudtrail:StopLogging", `,"Condition":{"ForAnyValue:StringLike":{"aws:PrincipalOrgPaths":"o-1/r-1/ou-3/*"}}`)), "u1", "u2", "4")
		}, "ou-3 certain [333333333333]"},
		{"it spares one role there", func(f *forest) {
			f.on(scp("spares", deny("cloudtrail:StopLogging", `,"Condition":{"ArnNotEquals":{"aws:PrincipalArn":"arn:aws:iam::333333333333:role/ops"}}`)), "u1", "u2", "4")
		}, "ou-3 certain [333333333333]"},
		{"the policy type is off", func(f *forest) {
			f.on(trail, "u1", "u2", "4")
			f.inv.Organization.SCPs = false
		}, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			f := newForest()
			tt.setup(f)
			var got []string
			for _, g := range of(f.run(t, nil), "guard-gap") {
				if g.Severity == audit.Info {
					continue
				}
				got = append(got, fmt.Sprintf("%s %s %v", g.Resource, g.Certain, g.Others))
				if (g.Certain == audit.Possible) != (len(g.If) > 0) || g.Title == "" || g.Detail == "" || g.Remedy.Text == "" {
					t.Errorf("%+v", g)
				}
			}
			if text := strings.Join(got, "; "); text != tt.want {
				t.Errorf("got %q, want %q", text, tt.want)
			}
		})
	}
}

// Policies of one meaning and two texts count as one however many others are about the same
// actions, wherever these lie; where they are too many to compare, that is said.
func TestGuardGapAmongMany(t *testing.T) {
	t.Parallel()
	regions := func(list ...string) *inventory.Policy {
		return scp("regions", `{"Effect":"Deny","Action":"ec2:*","Resource":"*","Condition":{"StringNotEquals":{"aws:RequestedRegion":["`+strings.Join(list, `","`)+`"]}}}`)
	}
	for _, others := range []int{0, 7, 8, 9, 30, 40} {
		for where, at := range map[string]int{"first": 0, "in between": others / 2, "last": others} {
			for _, same := range []bool{true, false} {
				t.Run(fmt.Sprintf("%d others, %s, of one meaning %v", others, where, same), func(t *testing.T) {
					t.Parallel()
					f := newForest()
					f.root.Units, f.inv.Accounts = nil, []*inventory.Account{f.mgt}
					u := &inventory.Unit{ID: "ou-9", Name: "Unit 9", Parent: f.root, SCPs: []*inventory.Policy{f.full}}
					f.root.Units, f.root.Accounts = []*inventory.Unit{u}, []string{mgmtID}
					add := func(p *inventory.Policy) {
						a := &inventory.Account{ID: fmt.Sprintf("%012d", len(f.inv.Accounts)), Partition: "aws", IAM: true, Unit: u, SCPs: []*inventory.Policy{f.full, p}}
						u.Accounts, f.inv.Accounts = append(u.Accounts, a.ID), append(f.inv.Accounts, a)
					}
					one, other := regions("eu-west-1", "eu-west-2"), regions("eu-west-2", "eu-west-1")
					if !same {
						other = regions("eu-west-3")
					}
					for i := range others + 1 {
						if i == at {
							for range others + 2 {
								add(one)
								add(other)
							}
						}
						if i < others {
							add(regions("eu-west-1", fmt.Sprintf("xx-north-%d", i)))
						}
					}
					rep := f.run(t, nil)
					gaps := len(of(rep, "guard-gap")) - 1 // what is so in every organization
					said := slices.ContainsFunc(rep.Unknown, func(g solver.Gap) bool { return strings.Contains(g.Why, "too many") })
					want := 0
					if same && at < 32 {
						want = others
					}
					if gaps != want || said != (others > 32) {
						t.Errorf("%d gaps, want %d; said to be too many: %v", gaps, want, said)
					}
				})
			}
		}
	}
}

// Resource control policies are compared in the same way: by what they mean, and for the
// account that has what is asked for.
func TestResourceGuardGap(t *testing.T) {
	t.Parallel()
	rcp := func(name, action, condition string) *inventory.Policy {
		return named(name, document(policy.RCP, `{"Effect":"Deny","Principal":"*","Action":"`+action+`","Resource":"*","Condition":`+condition+`}`))
	}
	const others = `{"StringNotEqualsIfExists":{"aws:PrincipalOrgID":"o-1"}}`
	tls := rcp("tls", "s3:*", `{"Bool":{"aws:SecureTransport":"false"}}`)
	for name, tt := range map[string]struct {
		first, second *inventory.Policy
		want          string
	}{
		"one":                      {tls, tls, "ou-3 certain"},
		"two of one meaning":       {rcp("a", "s3:GetObject", others), rcp("b", "s3:GetObjec?", `{"StringNotLikeIfExists":{"aws:PrincipalOrgID":"o-1"}}`), "ou-3 certain"},
		"two of different meaning": {rcp("a", "s3:GetObject", others), rcp("b", "s3:GetObject", `{"StringNotEqualsIfExists":{"aws:PrincipalOrgID":"o-2"}}`), ""},
		"it spares the account":    {rcp("a", "s3:*", `{"StringNotEquals":{"aws:ResourceAccount":"333333333333"}}`), nil, ""},
		"it spares another":        {rcp("a", "s3:*", `{"StringNotEquals":{"aws:ResourceAccount":"111111111111"}}`), nil, "ou-3 certain"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newForest()
			f.inv.Organization.RCPs = true
			full := named("RCPFullAWSAccess", document(policy.RCP, `{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}`))
			f.root.RCPs = []*inventory.Policy{full}
			for _, u := range f.units {
				u.RCPs = []*inventory.Policy{full}
			}
			if tt.second == nil {
				tt.second = tt.first
			}
			f.units[0].RCPs, f.units[1].RCPs = append(f.units[0].RCPs, tt.first), append(f.units[1].RCPs, tt.second)
			f.accounts["4"].RCPs = []*inventory.Policy{tt.first}
			var got []string
			for _, g := range of(f.run(t, nil), "guard-gap") {
				if g.Severity != audit.Info {
					got = append(got, g.Resource+" "+g.Certain)
				}
			}
			if text := strings.Join(got, "; "); text != tt.want {
				t.Errorf("got %q, want %q", text, tt.want)
			}
		})
	}
}
