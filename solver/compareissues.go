package solver

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"pathfinder/graphmodel/permission"
	"pathfinder/graphmodel/policy"
)

// An issue is a set of actions that two documents say different things about,
// with all statements that speak about them. What the statements say of actions
// makes no further difference.
type issue struct {
	actions []string            // some of them, those first that people know
	common  []*policy.Statement // in both documents
	only    [2][]*policy.Statement
}

// statements lists all statements of an issue.
func (x *issue) statements() []*policy.Statement {
	return slices.Concat(x.common, x.only[0], x.only[1])
}

// wellKnown are actions that show best what a policy permits, if it permits
// them.
var wellKnown = []string{
	"s3:GetObject", "s3:PutObject", "iam:CreateUser", "ec2:RunInstances", "lambda:InvokeFunction", "dynamodb:GetItem",
	"secretsmanager:GetSecretValue", "kms:Decrypt", "sqs:SendMessage", "sns:Publish", "sts:AssumeRole",
}

// maxNamed bounds the actions of an issue that witnesses are looked for with.
const maxNamed = 16

// issuesOf lists the actions about which two documents differ, in the order of
// their first action. Actions about which both say the same, in whatever order,
// are none: that is most of them when a document was edited. ok is false when there
// are too many to tell them apart.
func issuesOf(before, after *policy.Document) (out []issue, ok bool) {
	t := tally{ids: map[string]int{}}
	for i, d := range []*policy.Document{before, after} {
		for _, st := range d.Statements {
			if !st.Broken {
				t.add(i, st, d.Variables())
			}
		}
	}
	switch before.Kind {
	case policy.Endpoint: // whom an endpoint policy names depends on the service (E134)
		for _, service := range slices.Sorted(maps.Keys(gatewayServices)) {
			t.lists = append(t.lists, ofServices(service))
		}
	case policy.RCP: // they reach some services (E119)
		t.lists = append(t.lists, ofServices(slices.Sorted(maps.Keys(rcpServices))...))
	case policy.Resource: // what identity policies alone allow depends on them (E95), and what other accounts may (E197)
		t.lists = append(t.lists, ofServices(insisting...), permission.ActionList{Patterns: slices.Sorted(maps.Keys(ownAccountOnly))})
		for _, service := range slices.Sorted(maps.Keys(shareable)) {
			shared := permission.ActionList{}
			for _, name := range slices.Sorted(maps.Keys(shareable[service])) {
				shared.Patterns = append(shared.Patterns, service+":"+name)
			}
			t.lists = append(t.lists, ofServices(service), shared)
		}
	case policy.KindInvalid, policy.Identity, policy.Boundary, policy.Session, policy.Trust, policy.SCP:
	}
	index := map[string]int{}
	classes, ok := permission.ActionClasses(t.lists, maxNamed, wellKnown...)
	if !ok {
		return nil, false
	}
	for _, c := range classes {
		said := t.saidOf(&c)
		key, differ := said.key()
		if !differ || before.Kind == policy.RCP && !c.In.Has(len(t.said)) {
			continue
		}
		if at, ok := index[key]; ok && before.Kind != policy.Endpoint {
			out[at].actions = append(out[at].actions, c.Names...)
			continue
		}
		index[key] = len(out)
		x := issue{actions: c.Names}
		for id, by := range said {
			switch st := t.statements[id]; by {
			case 3:
				x.common = append(x.common, st)
			case 2:
				x.only[1] = append(x.only[1], st)
			case 1:
				x.only[0] = append(x.only[0], st)
			}
		}
		out = append(out, x)
	}
	return out, true
}

// ofServices lists all actions of services.
func ofServices(names ...string) permission.ActionList {
	var list permission.ActionList
	for _, name := range names {
		list.Patterns = append(list.Patterns, name+":*")
	}
	return list
}

// A tally collects the statements of two documents.
type tally struct {
	ids        map[string]int      // by what a statement says apart from actions
	statements []*policy.Statement // one for each id
	lists      []permission.ActionList
	said       []int // id by list
	doc        []int // 0 or 1 by list
}

func (t *tally) add(doc int, st *policy.Statement, variables bool) {
	key := sayingOf(st, variables)
	id, ok := t.ids[key]
	if !ok {
		id = len(t.statements)
		t.ids[key], t.statements = id, append(t.statements, st)
	}
	list := permission.ActionList{Not: st.NotAction}
	for i := range st.Actions {
		list.Patterns = append(list.Patterns, st.Actions[i].Text)
	}
	t.lists, t.said, t.doc = append(t.lists, list), append(t.said, id), append(t.doc, doc)
}

// saying tells by id which documents say it: the first (1), the second (2), or
// both (3).
type saying []uint8

func (t *tally) saidOf(c *permission.ActionClass) saying {
	out := make(saying, len(t.statements))
	for i, id := range t.said {
		if c.In.Has(i) {
			out[id] |= 1 << t.doc[i]
		}
	}
	return out
}

// key identifies what is said, and reports whether the documents differ in it.
func (s saying) key() (key string, differ bool) {
	for _, by := range s {
		differ = differ || by == 1 || by == 2
	}
	return string(s), differ
}

// sayingOf writes what a statement says apart from actions: equal texts say the
// same. With variables, ${ is special in them.
func sayingOf(st *policy.Statement, variables bool) string {
	var b strings.Builder
	put := func(name string, not bool, list []string) {
		b.WriteString("\x00" + name + strconv.FormatBool(not))
		slices.Sort(list)
		for _, s := range slices.Compact(list) {
			b.WriteString("\x01" + s)
			if variables && strings.Contains(s, "${") {
				b.WriteString("\x02")
			}
		}
	}
	b.WriteString(st.Effect.String())
	if st.HasPrincipal {
		var list []string
		for i := range st.Principals {
			list = append(list, strconv.Itoa(int(st.Principals[i].Kind))+" "+st.Principals[i].Text)
		}
		put("Principal", st.NotPrincipal, list)
	}
	list := make([]string, len(st.Resources))
	for i := range st.Resources {
		list[i] = st.Resources[i].Text
	}
	put("Resource", st.NotResource, list)
	list = nil
	for i := range st.Conditions {
		c := &st.Conditions[i]
		list = append(list, c.Operator.String()+" "+c.LowerKey()+"\x03"+strings.Join(slices.Sorted(slices.Values(c.Values)), "\x03"))
	}
	put("Condition", false, list)
	return b.String()
}
