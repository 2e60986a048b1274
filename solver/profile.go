package solver

import (
	"slices"
	"strings"
	"sync"

	"pathfinder/graphmodel/catalog"
	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
)

// A group is a set of actions for which everything but the statements that name
// them comes out alike: the first of them stands for all.
type group struct {
	actions []string
	lower   []lowerAction
	matched map[*policy.Statement][]string // see about
}

// about lists the actions of the group that a statement speaks about. Statements
// are asked about the same group for many principals, so it remembers.
func (g *group) about(st *policy.Statement) []string {
	if names, ok := g.matched[st]; ok {
		return names
	}
	var names []string
	service, may := "", false
	for i, a := range g.lower {
		if i == 0 || a.service != service { // most lists are of few services, one after the other
			service, may = a.service, speaksOfService(st, a.service)
		}
		if may && st.MatchAction(a.service, a.name) {
			names = append(names, g.actions[i])
		}
	}
	if len(names) == len(g.actions) {
		names = g.actions
	}
	if g.matched == nil {
		g.matched = map[*policy.Statement][]string{}
	}
	g.matched[st] = names
	return names
}

// speaksOfService reports whether a statement may be about actions of a service.
func speaksOfService(st *policy.Statement, service string) bool {
	return st.NotAction || slices.ContainsFunc(st.Actions, func(a policy.Action) bool { return a.All() || a.Service() == service })
}

// A groupKey is what the groups of an ask depend on besides the target.
type groupKey struct {
	resource string
	keys     string // see keysInPlay
	root     bool
}

// groups sorts the actions of an ask into groups. Few questions differ in how
// they group, so the target remembers.
func (t *target) groups(base *Case, k ask) []group {
	keys := base.keys
	if keys == nil {
		keys = t.keysInPlay(base)
		base.keys = keys
	}
	id := groupKey{k.resource, strings.Join(keys, " "), base.Caller.Kind == CallerRoot}
	if groups, ok := t.grouped[id]; ok {
		return groups
	}
	if t.partOf != nil {
		out := withActions(t.partOf.groups(base, t.whole), k.actions)
		t.grouped[id] = out
		return out
	}
	var out []group
	byProfile := map[string]int{}
	for _, action := range k.actions {
		profile, alone := t.profile(base, keys, action, k.resource)
		at, known := byProfile[profile]
		if !known || alone {
			at = len(out)
			out = append(out, group{})
			if !alone {
				byProfile[profile] = at
			}
		}
		service, name := splitAction(action)
		out[at].actions, out[at].lower = append(out[at].actions, action), append(out[at].lower, lowerAction{service, name})
	}
	if t.grouped == nil {
		t.grouped = map[groupKey][]group{}
	}
	t.grouped[id] = out
	return out
}

// withActions leaves some actions in groups; they are sorted.
func withActions(groups []group, actions []string) (out []group) {
	for i := range groups {
		var some group
		for j, name := range groups[i].actions {
			if _, in := slices.BinarySearch(actions, name); in {
				some.actions, some.lower = append(some.actions, name), append(some.lower, groups[i].lower[j])
			}
		}
		if len(some.actions) > 0 {
			out = append(out, some)
		}
	}
	return out
}

func splitAction(action string) (service, name string) {
	service, name, _ = strings.Cut(strings.ToLower(action), ":")
	return service, name
}

// profile writes down what the facts of a request depend on besides its
// statements. alone says that the action is like no other.
func (t *target) profile(base *Case, keys []string, action, resource string) (key string, alone bool) {
	lower := strings.ToLower(action)
	service, name, _ := strings.Cut(lower, ":")
	if t.singular(base, service, name, resource) {
		return "", true
	}
	b := append(append(make([]byte, 0, 64), likeOthers(service)...), ' ')
	b = append(b, strings.Join(kmsNeeds[lower], ",")...)
	list, limited := shareable[service]
	for _, yes := range []bool{limited && !list[name] || ownAccountOnly[lower], openWithoutPolicy[lower], sharedCalls[lower], t.makes(action), configures(service, name)} {
		b = appendBit(b, yes)
	}
	for _, k := range keys {
		b = appendBit(b, t.s.hasKey(action, k))
	}
	return string(b), false
}

// hasKey remembers which actions carry a condition key.
func (s *Solver) hasKey(action, key string) bool {
	known, ok := s.carrying.Load(key)
	if !ok {
		known, _ = s.carrying.LoadOrStore(key, &sync.Map{})
	}
	of := known.(*sync.Map)
	if has, ok := of.Load(action); ok {
		return has.(bool)
	}
	has := catalog.Default().HasKey(action, key)
	of.Store(action, has)
	return has
}

// likeOthers returns a text that is equal for services whose actions all rules treat
// alike: rules name few services, and most are in no table but those told by bits.
func likeOthers(service string) string {
	if _, named := shareable[service]; named || policyServices[service] || ruledServices[service] {
		return service
	}
	var b []byte
	for _, table := range []map[string]bool{globalServices, rcpServices, rootTasks, takesUnsigned, gatewayServices} {
		b = appendBit(b, table[service])
	}
	return string(b)
}

// ruledServices are those that rules name, other than in tables.
var ruledServices = set("iam", "sts", "s3", "kms", "glue", "es", "execute-api")

func appendBit(b []byte, yes bool) []byte {
	if yes {
		return append(b, '1')
	}
	return append(b, '0')
}

// singular reports whether AWS's tables treat an action like no other on the
// target.
func (t *target) singular(base *Case, service, name, resource string) bool {
	switch service {
	case "sts", "glue":
		return true
	case "iam":
		return strings.Contains(resource, ":role/aws-") || strings.Contains(resource, ":iam::aws:policy/")
	case "kms":
		return name == "retiregrant" || strings.Contains(resource, ":alias/aws/") ||
			t.carrier != nil && len(t.carrier.KMSGrants) > 0 && grantOperations[name]
	case "s3":
		unlocks := base.Caller.Kind == CallerRoot && strings.HasSuffix(name, "bucketpolicy")
		return unlocks || t.countsACLs() && (objectOwnerActions[name] || aclCovers("FULL_CONTROL", 0, name) || aclCovers("FULL_CONTROL", 1, name))
	}
	return callNeeds[service+":"+name] != nil || service == "lambda" && name == "invokefunction"
}

// countsACLs reports whether ACLs may bear on the target.
func (t *target) countsACLs() bool {
	for _, r := range []*inventory.Resource{t.carrier, t.bucket} {
		if r != nil && r.S3 != nil && r.S3.Ownership != "BucketOwnerEnforced" {
			return true
		}
	}
	return false
}

// keysInPlay lists the condition keys that the documents of a question test and
// that only some actions carry, in lower case.
func (t *target) keysInPlay(base *Case) []string {
	var keys []string
	for _, src := range base.documents() {
		keys = append(keys, t.s.actionKeys(src.Doc)...)
	}
	for _, r := range []*inventory.Resource{t.carrier, t.bucket} {
		if r != nil && r.Policy != nil {
			keys = append(keys, t.s.actionKeys(r.Policy)...)
		}
	}
	if t.bucket != nil { // behind an access point, with organizations of its own
		back := target{s: t.s, account: t.bucket.Account}
		back.place()
		for _, l := range back.rcps {
			for i := range l.Policies {
				keys = append(keys, t.s.actionKeys(l.Policies[i].Doc)...)
			}
		}
	}
	if t.role != nil {
		keys = append(keys, t.s.actionKeys(t.role.Trust)...)
	}
	if keys == nil {
		return []string{}
	}
	slices.Sort(keys)
	return slices.Compact(keys)
}

// actionKeys lists the keys that a document tests and that only some actions
// carry.
func (s *Solver) actionKeys(doc *policy.Document) []string {
	if keys, ok := s.docKeys.Load(doc); ok {
		return keys.([]string)
	}
	var keys []string
	add := func(key string) {
		if !strings.HasPrefix(key, "aws:") || strings.HasPrefix(key, "aws:requesttag") || key == "aws:tagkeys" {
			keys = append(keys, key)
		}
	}
	for _, st := range doc.Statements {
		for i := range st.Conditions {
			add(st.Conditions[i].LowerKey())
			for _, k := range st.Conditions[i].Variables() {
				add(k)
			}
		}
		for i := range st.Resources {
			for _, k := range st.Resources[i].Variables() {
				add(k)
			}
		}
	}
	slices.Sort(keys)
	keys = slices.Compact(keys)
	s.docKeys.Store(doc, keys)
	return keys
}

// documents lists every document of a case.
func (c *Case) documents() []*Source {
	var out []*Source
	lists := [][]Source{c.Identity, c.Boundary, c.Session, c.Resources, c.Endpoint}
	for _, l := range slices.Concat(c.SCPs, c.RCPs) {
		lists = append(lists, l.Policies)
	}
	if c.AccessPoint != nil {
		lists = append(lists, c.AccessPoint.Policies)
		for _, l := range c.AccessPoint.BucketRCPs {
			lists = append(lists, l.Policies)
		}
	}
	for i := range c.Endpoints {
		lists = append(lists, c.Endpoints[i].Policies)
	}
	for _, list := range lists {
		for i := range list {
			out = append(out, &list[i])
		}
	}
	return out
}
