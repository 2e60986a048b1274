package solver

import (
	"slices"
	"strings"

	"pathfinder/graphmodel/arn"
	"pathfinder/graphmodel/escalation"
	"pathfinder/graphmodel/inventory"
)

// The calls of one way need not come from one principal: who assumes a role makes some calls
// itself and others as the role. It makes a function that it may not call, and calls it as
// the role; or it changes somebody as the role, and becomes that one itself. What passes a
// role has to be allowed to one and the same principal with iam:PassRole.

// A member is whom a principal acts as: itself, or a role that it assumes for certain.
type member struct {
	st   *state
	hops []leg
}

// maxTeam bounds whom one principal is followed as.
const maxTeam = 64

// text says as whom a principal acts, as paths tell it.
func (m *member) text() string {
	if len(m.hops) == 0 {
		return m.st.p.ARN + " itself"
	}
	return "its sessions of " + m.st.p.ARN
}

// v is what acting so depends on.
func (m *member) v() ruling {
	v := always
	for i := range m.hops {
		v = v.and(m.hops[i].ruling)
	}
	return v
}

// later are calls on what was made with a role already, which pass none. Source: service
// authorization reference, 2026 crawl: they don't depend on iam:PassRole.
var later = set("lambda:invokefunction", "lambda:addpermission", "lambda:createfunctionurlconfig", "lambda:invokefunctionurl",
	"lambda:createeventsourcemapping", "codebuild:startbuild", "glue:startjobrun", "glue:createtrigger", "glue:runstatement", "states:startexecution",
	"cloudformation:executechangeset", "sagemaker:createpresignednotebookinstanceurl", "sagemaker:startpipelineexecution", "amplify:startjob",
	"appstream:createimagebuilderstreamingurl", "bedrock-agentcore:startcodeinterpretersession", "bedrock-agentcore:invokecodeinterpreter",
	"bedrock-agentcore:startbrowsersession", "bedrock-agentcore:connectbrowserautomationstream", "bedrock-agentcore:invokeagentruntime",
	"bedrock-agentcore:invokeagentruntimecommand", "kinesisanalytics:startapplication", "synthetics:startcanary",
	"batch:submitjob", "servicecatalog:provisionproduct", "fis:startexperiment", "deadline:assumequeueroleforuser", "airflow-serverless:startworkflowrun",
	"athena:startsession", "athena:startcalculationexecution", "appsync:createresolver", "appsync:createapikey", "datapipeline:activatepipeline",
	"sagemaker:createendpoint", "sagemaker:createtransformjob", "sagemaker:createpresigneddomainurl")

// A parted is a method in two: what passes the role, and the calls that come later.
type parted struct {
	m    *escalation.Method
	head *escalation.Method
	tail []escalation.Need
}

// splitsOf lists the methods that can be split.
func splitsOf(methods []*escalation.Method) (list []parted) {
	for _, m := range methods {
		if m.Move != escalation.Pass {
			continue
		}
		head := *m
		sp := parted{m: m, head: &head}
		head.Needs = nil
		for _, n := range m.Needs {
			if later[strings.ToLower(n.Actions[0])] {
				sp.tail = append(sp.tail, n)
			} else {
				head.Needs = append(head.Needs, n)
			}
		}
		if len(sp.tail) > 0 && len(head.Needs) > 1 {
			list = append(list, sp)
		}
	}
	return list
}

// as returns the state by which a principal acts, whatever its policies allow.
func (pl *camp) as(p *inventory.Principal) *state {
	st := pl.acting[p]
	if st == nil {
		st = pl.shape(p)
		pl.acting[p] = st
	}
	return st
}

// enterable lists, of those who are no administrators, the roles that each assumes for
// certain, and by which it may make some call of a method.
func (pl *camp) enterable() map[*inventory.Principal][]leg {
	if pl.ways != nil {
		return pl.ways
	}
	pl.ways = map[*inventory.Principal][]leg{}
	low := func(p *inventory.Principal) bool {
		return p.Account == pl.account && pl.c.at[p] == nil && !isServiceLinked(p)
	}
	for _, r := range pl.account.Held().Roles {
		if !low(r) || !slices.ContainsFunc(pl.as(r).calls, func(w uint64) bool { return w != 0 }) {
			continue
		}
		for from, hop := range pl.c.assumers(r, low) {
			if from != r && hop.certain() {
				pl.ways[from] = append(pl.ways[from], hop)
			}
		}
	}
	return pl.ways
}

// teamed lists who gets up for certain by calls that it makes as several principals.
func (pl *camp) teamed() (out []*summit) {
	ways := pl.enterable()
	for _, p := range pl.account.Principals() {
		if len(ways[p]) == 0 || pl.c.at[p] != nil {
			continue
		}
		team, more := []member{{st: pl.as(p)}}, false
		for i := 0; i < len(team); i++ {
			for _, hop := range ways[team[i].st.p] {
				switch {
				case pl.c.at[hop.to] != nil || slices.ContainsFunc(team, func(m member) bool { return m.st.p == hop.to }):
				case len(team) == maxTeam:
					more = true
				default:
					team = append(team, member{pl.as(hop.to), append(slices.Clip(team[i].hops), hop)})
				}
			}
		}
		legs := pl.passings(team)
		if legs == nil {
			legs = pl.changings(team)
		}
		if legs != nil {
			out = append(out, &summit{p: p, legs: legs})
		}
		pl.crowded[p] = more
	}
	return out
}

// unlike leaves, of those of a team who may do the same by the same calls, the nearest.
func unlike(team []member) (out []member) {
	seen := map[int]bool{}
	for _, m := range team {
		if !seen[m.st.id] {
			seen[m.st.id] = true
			out = append(out, m)
		}
	}
	return out
}

// passings returns the way up of a team where one passes a role to something that another
// one sets going; nil for none.
func (pl *camp) passings(team []member) []leg {
	team = unlike(team)
	for i := range pl.c.splits {
		sp := &pl.c.splits[i]
		within := pl.targets(sp.head)
		if len(within.list) == 0 {
			continue
		}
		for _, by := range team {
			if !pl.offers(by.st, sp.head) {
				continue
			}
			use, with := pl.laterBy(&by, team, sp)
			if use.never() {
				continue
			}
			for _, sm := range pl.all {
				if within.of[sm.p] == nil {
					continue
				}
				v := pl.takes(by.st, sp.head, sm.p)
				if !v.certain() {
					continue
				}
				legs := append(slices.Clone(by.hops), leg{to: sm.p, kind: sp.m.ID, through: with, ruling: v.and(use)})
				return append(legs, sm.legs...)
			}
		}
	}
	return nil
}

// laterBy decides the later calls of a method by whoever of a team may make them, on what
// one of them made.
func (pl *camp) laterBy(by *member, team []member, sp *parted) (v ruling, with string) {
	v = always
	var names []string
	for i := range sp.tail {
		best, who := ruling{}, ""
		for _, other := range team {
			if !other.st.may(pl.c.calls, sp.tail[i].Actions) {
				continue
			}
			if w := pl.onMade(by.st, other.st, sp, &sp.tail[i]); w.certain() && w.better(&best) {
				best, who = w.and(other.v()), strings.Join(sp.tail[i].Actions, " or ")+" by "+other.text()
			}
		}
		if best.never() {
			return best, ""
		}
		v, names = v.and(best), appendNew(names, who)
	}
	return v, strings.Join(names, ", ")
}

// maxMade bounds the names that are tried of what one makes and another one uses.
const maxMade = 256

// onMade decides a later call of one state on what another one makes.
func (d *judge) onMade(maker, user *state, sp *parted, n *escalation.Need) (best ruling) {
	shared := d.thingsOf(append(slices.Clip(sp.head.Needs), *n))
	for i := range shared {
		g := &shared[i]
		at := slices.IndexFunc(g.needs, func(w escalation.Need) bool { return slices.Equal(w.Actions, n.Actions) })
		if at < 0 {
			continue
		}
		makes := slices.Delete(slices.Clone(g.needs), at, at+1)
		if len(makes) == 0 || g.patterns[0] == "*" {
			return d.onThings(user, []escalation.Need{*n}, manner{})
		}
		for _, name := range d.madeNames(g.patterns[0], []*state{maker, user}, g.needs) {
			if best.certain() {
				break
			}
			v := d.anywhere(maker, name, makes, manner{})
			if v.never() {
				continue
			}
			if v = v.and(d.anywhere(user, name, []escalation.Need{*n}, manner{fixed: true})); v.better(&best) {
				best = v
			}
		}
	}
	return best
}

// madeNames lists ARNs of something new that statements about calls of some states may
// cover.
func (d *judge) madeNames(pattern string, states []*state, needs []escalation.Need) (list []string) {
	kind := arn.NewPattern(arn.NewGlob(pattern), false)
	regions := regionsOpen[d.in.Partition][:1]
	texts := []string{pattern}
	for _, st := range states {
		regions = append(slices.Clip(regions), d.regionsAsked(st, []thing{{needs: needs}})...)
		for i := range needs {
			for _, action := range needs[i].Actions {
				for _, r := range d.speaking(st, action).identity {
					for j := range r.st.Resources {
						text := r.st.Resources[j].Text
						if !r.st.NotResource && strings.Count(text, ":") > 4 && !strings.Contains(text, "$") && arn.NewPattern(arn.NewGlob(text), false).Overlaps(kind) {
							texts = appendNew(texts, text)
						}
					}
				}
			}
		}
	}
	for _, text := range texts {
		for _, region := range regions {
			parts := strings.SplitN(inRegion(text, region), ":", 6)
			parts[3] = regionOf.Replace(parts[3])
			parts[4] = d.in.ID
			name := someOf(strings.Join(parts, ":"))
			if len(list) < maxMade && kind.Match(name) == arn.Exact {
				list = appendNew(list, name)
			}
		}
	}
	return list
}

// changings returns the way up of a team where one changes somebody so that it is an
// administrator, and another one becomes that one; nil for none. Most may become few, which
// is asked first.
func (pl *camp) changings(team []member) []leg {
	changers := slices.DeleteFunc(unlike(team), func(m member) bool { return !pl.changes(m.st) })
	for _, other := range team {
		if !slices.ContainsFunc(changers, func(m member) bool { return m.st != other.st }) {
			continue
		}
		key := other.st.id
		open, known := pl.opened[key]
		if !known {
			open = pl.open(other.st, true)
			pl.opened[key] = open
		}
		for _, to := range pl.account.Principals() {
			if to == other.st.p || pl.c.at[to] != nil || pl.guarded(to) {
				continue
			}
			last := pl.becomes(other.st, to, open, true)
			if last == nil {
				continue
			}
			for _, by := range changers {
				if by.st == other.st || by.st.p == to {
					continue
				}
				if l := pl.lift(by.st, to); l.fits(true) {
					legs := append(slices.Clone(other.hops), pl.changedAs(&by, l)...)
					return append(legs, last...)
				}
			}
		}
	}
	return nil
}

// changedAs returns the steps of a lifting by a member of a team.
func (pl *camp) changedAs(by *member, l *lifting) (legs []leg) {
	for _, one := range pl.changed(by.st, l) {
		if one.through != "" {
			one.through += ", "
		}
		one.through += by.text()
		one.ruling = one.and(by.v())
		legs = append(legs, one)
	}
	return legs
}
