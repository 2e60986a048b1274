package solver

import (
	"cmp"
	"runtime"
	"slices"
	"strings"

	"pathfinder/graphmodel"
	"pathfinder/graphmodel/arn"
	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
	"pathfinder/solver/internal/parallel"
)

// WhoCan says who reaches a resource: an ARN, a pattern of ARNs, or the unique
// name of a resource of the snapshot. actions are names or patterns; none
// means every action that applies to it. The error is a question error unless
// it is a bug.
func (s *Solver) WhoCan(resource string, actions []string) (*WhoCanAnswer, error) {
	return s.whoCan(resource, actions, false)
}

func (s *Solver) whoCan(resource string, actions []string, escalating bool) (*WhoCanAnswer, error) {
	resources, err := s.resolve(resource)
	if err != nil {
		return nil, err
	}
	if escalating && len(resources) > maxEscalatedTo {
		return nil, questionErr("%s are %d resources, and escalations are followed to %d at most: ask about fewer, or without escalations", resource, len(resources), maxEscalatedTo)
	}
	set, err := newActionSet(orAll(actions, resources))
	if err != nil {
		return nil, err
	}
	f := s.finder()
	ans := &WhoCanAnswer{Pathfinder: "who-can/1", Resource: resource, Actions: set.patterns, Access: []Access{}}
	if len(resources) == 1 {
		ans.Resource, ans.Notes = resources[0], s.unseen(resources[0])
	}
	any := false
	for _, r := range resources {
		for _, text := range s.waysTo(r) {
			asks := set.asks(text)
			any = any || len(asks) > 0
			f.reachers(ans, text, asks)
		}
	}
	if !any {
		return nil, nothingApplies(resources, ans.Resource, set.patterns)
	}
	slices.SortStableFunc(ans.Access, compareAccess)
	if escalating {
		ans.Escalations = []EscalatedAccess{}
		for _, r := range resources {
			ans.Escalations = append(ans.Escalations, f.escalatedTo(r, &set, ans.Access)...)
		}
	}
	ans.Unknown = f.gaps()
	ans.Complete = len(ans.Unknown) == 0
	ans.IdentityCenter = s.Center(ans.Access, ans.Resource)
	return ans, nil
}

// waysTo lists a resource and the access points that lead to it.
func (s *Solver) waysTo(text string) []string {
	ways := []string{text}
	bucket := s.carrier(text)
	if bucket == nil || bucket.S3 == nil && bucket.Type != "AWS::S3::Bucket" {
		return ways
	}
	for _, r := range s.inv.Index().AccessPoints(arn.Resource(bucket.ARN)) {
		if bucket.ARN == "arn:"+arn.Partition(r.ARN)+":s3:::"+r.AccessPoint.Bucket {
			if key, inside := strings.CutPrefix(text, bucket.ARN+"/"); inside {
				ways = append(ways, r.ARN+"/object/"+key)
			} else {
				ways = append(ways, r.ARN)
			}
		}
	}
	return ways
}

// reachers adds everybody who reaches one ARN to an answer.
func (f *finder) reachers(ans *WhoCanAnswer, text string, asks []ask) {
	t := f.s.targetOf(text)
	ans.Notes = append(ans.Notes, f.s.notesOn(t)...)
	note := func(account string) {
		for _, n := range f.s.shut(account) {
			if !slices.Contains(ans.Notes, n) {
				ans.Notes = append(ans.Notes, n)
			}
		}
	}
	note(t.account)
	f.reaching(t, asks, func(p *path, grants []Grant) {
		a := &p.start
		note(a.caller.Account)
		if a.caller.Kind == CallerAnonymous {
			if ans.Public == nil {
				ans.Public = &PublicAccess{}
			}
			ans.Public.Grants = append(ans.Public.Grants, grants...)
			return
		}
		ans.Access = append(ans.Access, Access{
			Principal: a.caller.ARN, Resource: text, Path: p.steps(), Grants: grants, External: a.caller.External,
		})
		if len(p.hops) == 0 && a.principal != nil && a.principal.Kind == inventory.Role {
			ans.Notes = append(ans.Notes, f.s.danglingIn(a.principal.ARN, a.principal.Trust)...)
		}
	})
}

// reaching yields every way to a target with what the last on it may do there:
// that of a principal itself before those through it, and that of anonymous
// callers last.
func (f *finder) reaching(t *target, asks []ask, yield func(p *path, grants []Grant)) {
	s := f.s
	f.unreadIAM(s.inv.Account(t.account))
	list := f.direct(t, asks)
	s.prepare(list)
	for _, r := range list {
		a, grants := r.actor, r.grants
		f.unreadIAM(s.inv.Account(a.caller.Account)) // who of it comes in is unknown
		yield(&path{start: a}, grants)
		if a.principal == nil || a.principal.Kind != inventory.Role {
			continue
		}
		paths, cut := s.pathsTo(a.principal, s.readOf(t))
		f.cut = f.cut || cut
		for i := range paths {
			p := &paths[i]
			f.hops(p)
			mine := grants
			if end := s.last(p); p.end != nil || !madeAlike(&end, &a) {
				if mine = f.grants(&end, t, asks); len(mine) == 0 {
					continue
				}
			}
			yield(p, mine)
		}
	}
	anon := actor{caller: Caller{Kind: CallerAnonymous, ARN: "anonymous"}}
	if grants := f.grants(&anon, t, asks); len(grants) > 0 {
		yield(&path{start: anon}, grants)
	}
	// Whom a policy names that was not read is in no list.
	anybody := s.unstopped(t)
	for _, k := range asks {
		if len(t.doubtsFor(&anybody, k.actions[0])) > 0 {
			f.grants(&anybody, t, []ask{k})
		}
	}
}

// prepare finds out who may assume the roles among those who reach a target, on all
// processors: the paths to each begin with that.
func (s *Solver) prepare(list []reacher) {
	if s.cfg.MaxHops != nil && *s.cfg.MaxHops == 0 {
		return
	}
	parallel.Each(runtime.GOMAXPROCS(0), len(list), func(i int) {
		if p := list[i].actor.principal; p != nil && p.Kind == inventory.Role {
			s.edges.callersOf(p)
		}
	})
}

// unstopped is somebody outside the snapshot whom nothing stops but the target.
func (s *Solver) unstopped(t *target) actor {
	a := s.outsider("", arn.Partition(t.name))
	a.caller.ServiceLinked = true // whom no RCP stops (E117)
	return a
}

// hops notes what the hops of a path lacked.
func (f *finder) hops(p *path) {
	for _, why := range p.unsure {
		f.unknown[Gap{What: p.hops[len(p.hops)-1].to.ARN, Why: why}] = true
	}
	for i := range p.hops {
		for _, why := range p.hops[i].doubts {
			if p.hops[i].from.caller.External {
				continue // the answer marks the access as external
			}
			f.unknown[Gap{What: p.hops[i].to.ARN, Why: why}] = true
		}
	}
}

// compareAccess orders by resource, principal, length of the path, and the
// principals on it.
func compareAccess(a, b Access) int {
	return cmp.Or(
		strings.Compare(a.Resource, b.Resource), strings.Compare(a.Principal, b.Principal), len(a.Path)-len(b.Path),
		slices.CompareFunc(a.Path, b.Path, func(x, y Step) int { return strings.Compare(x.Principal, y.Principal) }),
	)
}

// A reacher is somebody who reaches the target itself.
type reacher struct {
	actor  actor
	grants []Grant
}

// direct lists everybody who reaches the target itself, by ARN: of the
// principals of the account that owns it, and of whoever its policies and grants
// name. Others can't (E90), except by assuming a role of these. Users and roles
// of the snapshot are asked about by classes.
func (f *finder) direct(t *target, asks []ask) (out []reacher) {
	s := f.s
	who := s.candidatesFor(t, asks)
	q := newAudience(s, t, asks, func(a *actor) []Grant { return f.grants(a, t, asks) },
		func(grants []Grant, rn *renaming) []Grant { return rn.grants(grants) })
	for _, a := range who.accounts {
		for _, cr := range s.community(a).crowds {
			q.each(cr, func(g []Grant) bool { return len(g) == 0 }, func(p *inventory.Principal, grants []Grant) {
				out = append(out, reacher{s.actorOf(p), grants})
			})
		}
	}
	for i := range who.others {
		if grants := f.grants(&who.others[i], t, asks); len(grants) > 0 {
			out = append(out, reacher{who.others[i], grants})
		}
	}
	slices.SortFunc(out, func(a, b reacher) int { return strings.Compare(a.actor.caller.ARN, b.actor.caller.ARN) })
	return out
}

// candidates lists everybody who may reach the target itself.
func (s *Solver) candidates(t *target) *invited { return s.invite(&invited{s: s}, t) }

// candidatesFor is candidates without users and roles of accounts that are not let
// in, though everybody is: nearly all policies that name everybody mean services, or
// one account.
func (s *Solver) candidatesFor(t *target, asks []ask) *invited {
	return s.invite(&invited{s: s, admits: s.admitting(t, asks)}, t)
}

// admitting returns the accounts whose users and roles have to be asked about because
// the target lets in everybody; nil for all.
func (s *Solver) admitting(t *target, asks []ask) func(*inventory.Account) bool {
	r := t.carrier
	if r == nil || s.cfg.Singly || s.fixesCaller() || slices.ContainsFunc(r.KMSGrants, func(g inventory.KMSGrant) bool { return g.Grantee == "*" }) {
		return nil
	}
	anybody := s.unstopped(t)
	for _, k := range asks {
		if len(t.doubtsFor(&anybody, k.actions[0])) > 0 {
			return nil // which everybody is told
		}
	}
	all, accounts := graphmodel.Admits(r)
	if all {
		return nil
	}
	return func(a *inventory.Account) bool {
		unclear := false
		s.eachSCP(a, func(doc *policy.Document) { unclear = unclear || len(doc.Faults) > 0 && doc.Damaged() })
		return unclear || slices.Contains(accounts, a.ID)
	}
}

func (s *Solver) invite(who *invited, t *target) *invited {
	if a := s.inv.Account(t.account); a != nil && a.IAM {
		who.account(a)
	} else if t.account != "" {
		who.add(s.rootOf(t.account, arn.Partition(t.name)))
	}
	if t.isRootUser() {
		for _, a := range s.inv.Accounts {
			if root := s.rootActor(a); a.IAM && root.caller.RootManager {
				who.account(a)
			}
		}
	}
	name, kind := t.node()
	who.named(name, kind)
	if t.carrier != nil && t.carrier.Policy != nil && slices.ContainsFunc(t.carrier.Policy.Statements, forSources) {
		who.add(actor{caller: Caller{Kind: CallerService, ARN: AnyService}})
	}
	who.settle()
	return who
}

// AnyService stands for whatever service of AWS calls.
const AnyService = "*.amazonaws.com"

// forSources reports whether an Allow for everybody asks whom the caller acts for, or
// for a service: nobody else has these keys, so that it is one for services (E124).
func forSources(st *policy.Statement) bool {
	return graphmodel.Everybody(st) && slices.ContainsFunc(st.Conditions, func(c policy.Condition) bool {
		switch c.LowerKey() {
		case "aws:sourcearn", "aws:sourceaccount", "aws:sourceorgid", "aws:sourceorgpaths",
			"aws:principalisawsservice", "aws:principalservicename", "aws:principalservicenameslist":
			return !c.Operator.Negated() && !c.Operator.IsNull()
		}
		return false
	})
}

// isRootUser reports whether the target is the root user of an account, as
// whom managers of the organization may act (E162).
func (t *target) isRootUser() bool {
	return arn.Service(t.name) == "iam" && arn.Resource(t.name) == "root"
}

// node returns the name of the target's node in the graph, "" when it has none,
// and the kind of the edges by which others are let in.
func (t *target) node() (name string, kind graphmodel.EdgeKind) {
	switch {
	case t.role != nil:
		return t.role.ARN, graphmodel.AssumeRole
	case t.carrier != nil:
		return t.carrier.ARN, graphmodel.ResourceGrant
	}
	return "", graphmodel.ResourceGrant
}

// rootOf is the root user of an account that the snapshot does not hold.
func (s *Solver) rootOf(id, partition string) actor {
	partition = cmp.Or(partition, s.partition())
	c := Caller{Kind: CallerRoot, ARN: "arn:" + partition + ":iam::" + id + ":root", Partition: partition, Account: id}
	s.place(&c)
	c.External = true
	return actor{caller: c}
}
