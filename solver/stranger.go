package solver

import (
	"slices"
	"strings"
	"sync"

	"pathfinder/graphmodel"
	"pathfinder/graphmodel/arn"
	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
)

// A stranger says what is known of principals of accounts that are not in the snapshot's
// organization. It is in none, or in another one (E216): which, nobody said. Of anybody at
// all it is taken to be in none, as accounts are that somebody makes, unless policies speak
// of another one. Whom the policy of a resource names by the number of its account is asked
// about by itself, and no part of anybody.
type stranger struct {
	alone     bool       // in no organization
	orgs      []arn.Glob // the organization that it is not in
	orgPaths  []arn.Glob
	accounts  []arn.Glob // that it is none of; nil when its account is known
	arns      []arn.Glob // of principals, likewise
	partition string
	// mark tells one anybody from another, who is of other accounts than those that other
	// resources name; "" for somebody of a known account.
	mark string
}

// value returns what is known of a key about somebody; ok is false for nothing.
func (x *stranger) value(key string) (v policy.Value, ok bool) {
	switch key {
	case "aws:principalorgid":
		if x.alone {
			return absent, true
		}
		return policy.Value{State: policy.Open, Except: x.orgs}, true
	case "aws:principalorgpaths":
		if x.alone {
			return absent, true
		}
		return policy.Value{State: policy.Open, Except: x.orgPaths}, true
	case "aws:principalaccount", "kms:calleraccount":
		return policy.Value{State: policy.Open, Within: arn.NewGlob("*"), Except: x.accounts}, x.accounts != nil
	case "aws:principalarn":
		return policy.Value{State: policy.Open, Within: arn.Literal("arn:"+x.partition+":") + arn.NewGlob("*"), Except: x.arns}, x.arns != nil
	}
	return absent, false
}

// mentioned is what policies say of those who are not in the organization.
type mentioned struct {
	accounts []string // by number, in order
	orgs     bool     // some other organization
}

// strangers makes strangers for one solver.
type strangers struct {
	orgs, orgPaths []arn.Glob
	everywhere     func() bool // resource control policies speak of another organization
	accounts, arns func() []arn.Glob
	outside        func(account string) bool // it is in no unit of the organization
	// holder returns the account of the snapshot that has a unique id, its own number among
	// them; "" for none.
	holder func(id string) string
}

// own reports whether an account is known to be none of the organization, so that what
// it owns is in none, or in another one (E216).
func (x *strangers) own(account string) bool { return x != nil && account != "" && x.outside(account) }

func newStrangers(s *Solver) *strangers {
	x := &strangers{}
	if org := s.inv.Organization; org != nil {
		x.orgs, x.orgPaths = []arn.Glob{arn.Literal(org.ID)}, []arn.Glob{arn.Literal(org.ID+"/") + arn.NewGlob("*")}
	}
	x.outside = func(account string) bool {
		a := s.inv.Account(account)
		return s.inv.Organization != nil && (a == nil || a.Unit == nil)
	}
	x.holder = func(id string) string {
		if p := s.inv.Principal(id); p != nil && p.UniqueID == id {
			return p.Account.ID
		}
		if a := s.inv.Account(id); a != nil {
			return a.ID
		}
		return ""
	}
	x.accounts = sync.OnceValue(func() (list []arn.Glob) {
		for _, a := range s.inv.Accounts {
			list = append(list, arn.Literal(a.ID))
		}
		return list
	})
	x.arns = sync.OnceValue(func() (list []arn.Glob) {
		for _, a := range s.inv.Accounts {
			list = append(list, ofAccount(a.ID))
		}
		return list
	})
	x.everywhere = sync.OnceValue(func() bool {
		var m mentioned
		if org := s.inv.Organization; org != nil && org.Root != nil {
			s.everyRCP(func(doc *policy.Document) { m.read(s, doc) })
		}
		return m.orgs
	})
	return x
}

// ofAccount covers the ARNs of principals of an account.
func ofAccount(id string) arn.Glob {
	return arn.NewGlob("arn:*::") + arn.Literal(id+":") + arn.NewGlob("*")
}

// everyRCP visits all resource control policies.
func (s *Solver) everyRCP(visit func(*policy.Document)) {
	s.inv.Organization.EachUnit(func(u *inventory.Unit) {
		for _, p := range u.RCPs {
			visit(p.Doc)
		}
	})
	for _, a := range s.inv.Accounts {
		for _, p := range a.RCPs {
			visit(p.Doc)
		}
	}
}

// read adds what the conditions of a policy name.
func (m *mentioned) read(s *Solver, doc *policy.Document) { m.readAbout(s, doc, "") }

// readAbout is read without statements that are not about calls of a service.
func (m *mentioned) readAbout(s *Solver, doc *policy.Document, service string) {
	if doc == nil {
		return
	}
	for _, st := range doc.Statements {
		if service != "" && !speaksOfService(st, service) {
			continue
		}
		for i := range st.Conditions {
			c := &st.Conditions[i]
			if c.Operator.IsNull() {
				continue
			}
			for _, value := range c.Values {
				switch c.LowerKey() {
				case "aws:principalorgid":
					m.orgs = m.orgs || s.inv.Organization != nil && value != s.inv.Organization.ID
				case "aws:principalorgpaths":
					m.orgs = m.orgs || s.inv.Organization != nil && !strings.HasPrefix(value, s.inv.Organization.ID+"/")
				case "aws:principalaccount", "kms:calleraccount":
					m.add(s, value)
				case "aws:principalarn":
					m.add(s, arn.Account(value))
				case "aws:userid":
					m.add(s, HolderIn(value))
				}
			}
		}
	}
}

// readControls adds what the resource control policies in force in an account name, as far as
// they are about a service.
func (m *mentioned) readControls(s *Solver, a *inventory.Account, service string) {
	if a != nil && s.inv.Organization != nil && a.ID != s.inv.Organization.ManagementAccount {
		s.eachRCP(a, func(doc *policy.Document) { m.readAbout(s, doc, service) })
	}
}

func (m *mentioned) add(s *Solver, account string) {
	if arn.IsAccountID(account) && s.inv.Account(account) == nil {
		m.accounts = appendNew(m.accounts, account)
	}
}

// mentionedOn gathers what the policies of a role or resource name, and the control policies
// that are in force on it: those spare accounts of partners. Of these it also says whether
// any speaks of other organizations.
func (s *Solver) mentionedOn(name string, kind graphmodel.EdgeKind) (m mentioned) {
	m.orgs = s.strangers.everywhere()
	if kind == graphmodel.AssumeRole {
		if p := s.inv.Principal(name); p != nil {
			m.read(s, p.Trust)
			m.readControls(s, p.Account, "sts")
		}
	} else if r := s.inv.Resource(name); r != nil {
		m.read(s, r.Policy)
		m.readControls(s, s.inv.Account(r.Account), arn.Service(r.ARN))
		if r.AccessPoint != nil {
			if b := s.inv.Resource("arn:" + arn.Partition(r.ARN) + ":s3:::" + r.AccessPoint.Bucket); b != nil {
				m.read(s, b.Policy)
			}
		}
	}
	slices.Sort(m.accounts)
	return m
}

// anybody is some principal of any account outside the snapshot, as far as it is not named.
func (s *Solver) anybody(partition string, m mentioned) actor {
	a := s.outsider("", partition)
	x := a.caller.stranger
	x.alone = s.inv.Organization != nil && !m.orgs
	x.mark = strings.Join(m.accounts, " ")
	if x.alone {
		x.mark += " alone"
	}
	if len(m.accounts) > 0 {
		x.accounts, x.arns = slices.Clone(x.accounts), slices.Clone(x.arns)
		for _, id := range m.accounts {
			x.accounts, x.arns = append(x.accounts, arn.Literal(id)), append(x.arns, ofAccount(id))
		}
	}
	return a
}

// stranger returns what is known of principals of an account that is not in the
// organization, or with id "" of anybody.
func (s *Solver) stranger(id, partition string) *stranger {
	x := &stranger{orgs: s.strangers.orgs, orgPaths: s.strangers.orgPaths, partition: partition}
	if id == "" {
		x.accounts, x.arns = s.strangers.accounts(), s.strangers.arns()
	}
	return x
}

// isOfOthers reports whether values of aws:userid that a pattern covers are none of a
// caller's, because the id that they begin with is of an account that it does not belong
// to: no two principals have one id (E75, E80).
func (c *Caller) isOfOthers(g arn.Glob) bool {
	id := HolderIn(g.String())
	if c.stranger != nil && slices.Contains(c.stranger.accounts, arn.Literal(id)) {
		return true
	}
	of := c.holder(id)
	return of != "" && of != c.Account
}

// isAnybody reports whether a caller is anybody: somebody outside of whom nothing is known,
// but whose it is not; see mark.
func (c *Caller) isAnybody() bool {
	return c.Kind == CallerOutsider && c.Account == "" && c.CanonicalID == ""
}
