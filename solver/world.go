package solver

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"sync"

	"pathfinder/graphmodel"
	"pathfinder/graphmodel/arn"
	"pathfinder/graphmodel/guard"
	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
)

// build prepares a Solver: the context that all its questions share, and where
// they look things up.
func build(cfg Config) (*Solver, error) {
	s := &Solver{inv: cfg.Inventory, cfg: cfg, lookup: graphmodel.NewLookup(cfg.Inventory), canonical: map[string]string{}, tagsUnread: cfg.Inventory.TagsUnread()}
	s.graph = sync.OnceValues(func() (*graphmodel.Graph, error) { return graphmodel.Build(s.inv) })
	s.obscure = sync.OnceValue(s.findObscure)
	s.center = sync.OnceValue(func() *centerBook { return newCenterBook(s) })
	s.idsKnown = sync.OnceValue(func() bool {
		return !slices.ContainsFunc(s.inv.Accounts, func(a *inventory.Account) bool {
			return !a.IAM || slices.ContainsFunc(a.Principals(), func(p *inventory.Principal) bool { return p.UniqueID == "" })
		})
	})
	s.ctx = Context{Values: map[string]policy.Value{}, Unset: map[string]bool{}, From: cfg.Assume.From}
	for k, v := range cfg.Assume.Values {
		s.ctx.Values[strings.ToLower(k)] = v
	}
	for _, k := range cfg.Assume.Unset {
		s.ctx.Unset[strings.ToLower(k)] = true
	}
	if _, fixed := s.ctx.Values["aws:currenttime"]; !fixed && !cfg.Assume.AsOf.IsZero() {
		s.ctx.Values["aws:currenttime"] = policy.Single(cfg.Assume.AsOf.UTC().Format("2006-01-02T15:04:05Z"))
	}
	for _, a := range s.inv.Accounts {
		if a.CanonicalID != "" {
			s.canonical[a.CanonicalID] = a.ID
		}
	}
	s.strangers = newStrangers(s)
	s.edges, s.endpoints = newAssumeEdges(s), s.endpointPolicies()
	return s, nil
}

// An actor is somebody who can send requests: a caller, and what the snapshot
// holds of it.
type actor struct {
	caller    Caller
	principal *inventory.Principal // nil unless the caller is a user or role of the snapshot
	history   *guard.Expr          // what is known of what its session carries; nil for nothing
	session   []Source             // its session policies; nil for none
}

// actorOf makes an actor of a user or role of the snapshot.
func (s *Solver) actorOf(p *inventory.Principal) actor {
	c := s.kindOf(p).standing
	c.ARN, c.UniqueID, c.Tags = p.ARN, p.UniqueID, p.Tags
	if p.Kind == inventory.Role {
		c.RoleARN = p.ARN
	}
	return actor{caller: c, principal: p}
}

// trusts reports whether some Allow of a trust policy speaks about an action of
// sts, in lower case.
func trusts(doc *policy.Document, action string) bool {
	for _, st := range doc.Statements {
		if st.Effect == policy.Allow && !st.Broken && st.MatchAction("sts", action) {
			return true
		}
	}
	return false
}

// place fills in where the caller's account stands; after a hop that is the
// role's account (E232).
func (s *Solver) place(c *Caller) {
	if c.Account == "" {
		return
	}
	a, org := s.inv.Account(c.Account), s.inv.Organization
	c.OrgKnown = org != nil
	switch {
	case org == nil:
	case a != nil && a.Unit != nil:
		c.OrgID, c.OrgPath = org.ID, s.position(a).path
		c.Management = a.ID == org.ManagementAccount
		c.RootManager = c.Management || slices.Contains(org.Delegated["iam.amazonaws.com"], a.ID)
	default:
		c.stranger = s.stranger(c.Account, c.Partition)
	}
	c.External = a == nil || !a.IAM
}

// rootActor is the root user of an account.
func (s *Solver) rootActor(a *inventory.Account) actor {
	c := Caller{Kind: CallerRoot, ARN: a.RootARN(), Partition: arn.Partition(a.RootARN()), Account: a.ID}
	s.place(&c)
	c.External = false // it needs no policy of its own account
	return actor{caller: c}
}

// outsider is some principal of an account outside the snapshot; with id ""
// of any account there is.
func (s *Solver) outsider(id, partition string) actor {
	c := Caller{
		Kind: CallerOutsider, ARN: "*", Partition: cmp.Or(partition, s.partition()), Account: id, OrgKnown: s.inv.Organization != nil,
		holder: s.strangers.holder,
	}
	if id != "" {
		c.ARN = "arn:" + c.Partition + ":iam::" + id + ":root"
		s.place(&c)
	} else {
		c.stranger = s.stranger("", c.Partition)
	}
	c.External = true
	return actor{caller: c}
}

// partition is the one that the snapshot's accounts are in: all of an
// organization are in one.
func (s *Solver) partition() string {
	if len(s.inv.Accounts) == 0 {
		return "aws"
	}
	return arn.Partition(s.inv.Accounts[0].RootARN())
}

// actorFor returns the actor that a principal text of a question or policy
// means. ok is false when the text names a user or role that an account of the
// snapshot does not have (E77).
func (s *Solver) actorFor(text string) (a actor, ok bool, err error) {
	if p := s.inv.Principal(text); p != nil {
		return s.actorOf(p), true, nil
	}
	c, err := ParseCaller(text)
	if err != nil {
		return actor{}, false, err
	}
	if id := s.canonical[c.CanonicalID]; id != "" {
		return s.actorFor(s.inv.Account(id).RootARN())
	}
	s.place(&c)
	switch c.Kind {
	case CallerRoot:
		c.External = false
	case CallerSession:
		if p := s.roleOfSession(&c); p != nil {
			a := s.actorOf(p)
			a.caller.ARN, a.caller.SessionName = c.ARN, c.SessionName
			return a, true, nil
		}
		return actor{caller: c}, c.External, nil
	case CallerUser:
		return actor{caller: c}, c.External, nil
	case CallerFederated:
		c.NoProvider = s.lacksProvider(c.ARN)
	case CallerFederatedUser, CallerService, CallerAnonymous, CallerOutsider, CallerInvalid:
	}
	if !c.hasAccount() {
		c.External = false
	}
	return actor{caller: c}, true, nil
}

// roleOfSession finds the role behind a session ARN, which leaves the path out.
func (s *Solver) roleOfSession(c *Caller) *inventory.Principal {
	if p := s.inv.Principal(c.RoleARN); p != nil {
		return p
	}
	name := c.RoleARN[strings.LastIndexByte(c.RoleARN, '/')+1:]
	if c.SessionName == "" {
		return nil
	}
	return s.inv.RoleNamed(c.Account, name)
}

// questionFor puts together everything that bears on the request that was asked
// about.
func (s *Solver) questionFor(a *actor, action string, t *target, resource string) *Case {
	return t.request(s.baseFor(a, t), a, action, resource)
}

// caseFor puts together everything that bears on a request on the way there,
// such as becoming a role: it may take another way through networks than the
// question says of its own (E227, E230).
func (s *Solver) caseFor(a *actor, action string, t *target, resource string) *Case {
	return t.request(s.baseAnyway(a, t), a, action, resource)
}

// baseAnyway is baseFor whichever way requests take through networks.
func (s *Solver) baseAnyway(a *actor, t *target) *Case {
	c := s.baseFor(a, t)
	c.Context.Values = maps.Clone(c.Context.Values)
	for key := range networkKeys {
		delete(c.Context.Values, key)
	}
	c.Endpoint, c.HasEndpoint = nil, false
	return c
}

// baseFor puts together what bears on every request of an actor on a target.
func (s *Solver) baseFor(a *actor, t *target) *Case {
	c := &Case{
		history: a.history,
		spaces:  &s.spaces, strangers: s.strangers,
		Caller: a.caller, Context: s.ctx, Canonical: s.canonical, ResourceAccount: t.account,
		ResourceOrgID: t.orgID, ResourceOrgPath: t.orgPath, ResourceInManagement: t.management,
		ResourceTags: t.tags, RCPs: t.rcps,
	}
	c.Session, c.HasSession = a.session, len(a.session) > 0
	if a.caller.Kind == CallerFederatedUser && !a.caller.External && a.caller.FederatedBy == "" {
		c.asker = "the policies of the user who asked for the session " + a.caller.ARN + " are unknown"
	}
	c.Endpoints = s.endpoints
	c.addEndpoint()
	s.addIdentity(c, a)
	if acct := s.inv.Account(a.caller.Account); acct != nil && s.inv.Organization != nil && s.inv.Organization.SCPs && acct.Unit != nil { // E109
		c.SCPs = s.position(acct).scps
	}
	return c
}

// request makes the case of one request from what bears on all of them.
func (t *target) request(base *Case, a *actor, action, resource string) *Case {
	c := *base
	c.Action, c.Resource, c.Doubts = action, resource, t.doubtsFor(a, action)
	if t.makes(action) && c.ResourceAccount == "" {
		c.ResourceAccount = a.caller.Account // whoever makes it will own it
	}
	if c.keyDoubt = t.keyDoubt(action); c.keyDoubt != "" {
		c.Doubts = append(c.Doubts, c.keyDoubt)
	}
	t.fill(&c, action)
	return &c
}

// addIdentity adds the policies that hang on the caller.
func (s *Solver) addIdentity(c *Case, a *actor) {
	p := a.principal
	if p == nil {
		return
	}
	c.Identity = named(c.Identity, p.ARN, p.Inline, p.Attached)
	for _, g := range p.Groups {
		c.Identity = named(c.Identity, g.ARN, g.Inline, g.Attached)
	}
	if p.Boundary != nil {
		c.Boundary, c.HasBoundary = named(nil, p.ARN, []*inventory.Policy{p.Boundary}), true
	}
}

func named(to []Source, owner string, lists ...[]*inventory.Policy) []Source {
	for _, list := range lists {
		for _, p := range list {
			to = append(to, Source{Name: p.Label(owner), Doc: p.Doc})
		}
	}
	return to
}

// sortActors orders actors by ARN, and drops repeats. The first of an ARN stays: an
// account may be let in as a whole beside its own root user.
func sortActors(list []actor) []actor {
	slices.SortStableFunc(list, func(a, b actor) int { return strings.Compare(a.caller.ARN, b.caller.ARN) })
	return slices.CompactFunc(list, func(a, b actor) bool { return a.caller.ARN == b.caller.ARN })
}

// principalsOf lists the users, roles and the root user of an account.
func (s *Solver) principalsOf(a *inventory.Account) []actor {
	list := []actor{s.rootActor(a)}
	for _, p := range a.Principals() {
		list = append(list, s.actorOf(p))
	}
	return list
}
