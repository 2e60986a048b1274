package audit

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"pathfinder/graphmodel/arn"
	"pathfinder/graphmodel/escalation"
	"pathfinder/graphmodel/inventory"
	"pathfinder/graphmodel/policy"
	"pathfinder/solver"
)

// escalationChecks look for who is an administrator, and who gets more than its
// policies say.
var escalationChecks = []check{
	{Kind{
		Name: "admin-equivalent", Title: "Administrators",
		About: "Users and roles that have every right which control policies leave in their account, by their own policies or " +
			"by assuming roles. Roles of AWS services that only these can assume are among them.",
	}, (*auditor).administrators},
	{Kind{
		Name: "privilege-escalation", Title: "Privilege escalation",
		About: "Users and roles that can make themselves administrators, or take over a user or role that may do what they may not, " +
			"by a method of package escalation and role assumptions. What a boundary, a control policy, a Deny or a missing " +
			"precondition stops is left out. Quotas are taken as not used up: two access keys of a user, ten groups.",
	}, (*auditor).escalations},
}

// climbs returns what the solver found, once for all checks.
func (a *auditor) climbs() []solver.Escalation {
	if a.ascents == nil {
		var gaps []solver.Gap
		a.ascents, gaps = a.Solver.Escalations(!a.NoEscalations)
		for _, g := range gaps {
			a.unknown[g] = true
		}
	}
	return a.ascents
}

func (a *auditor) administrators() (out []Finding) {
	for _, e := range a.climbs() {
		if !e.Admin || len(e.Methods()) > 0 {
			continue
		}
		f := a.climb("admin-equivalent", &e)
		f.Severity, f.Reason = Medium, "an administrator can do everything in its account"
		f.Title = fmt.Sprintf("%s is an administrator of account %s", nameOf(e.Principal), e.Principal.Account.ID)
		f.Detail = "Its policies allow every action on every resource, and neither a permissions boundary nor a control policy nor a Deny takes that away."
		if limited(e.Principal) {
			f.Detail = "Its policies allow every action on every resource. A Deny or its permissions boundary may take single rights away, but none of those to change " +
				"policies, roles and users, to pass roles, and to run code, by which it gets what it likes."
		}
		f.Remedy = narrowAll(e.Principal, e.Because)
		if len(e.Path) > 1 {
			end := e.Path[len(e.Path)-1].Principal
			f.Title = fmt.Sprintf("%s gets to be an administrator by assuming %s", nameOf(e.Principal), end)
			f.Detail = fmt.Sprintf("It can assume %s, which has every right of its account.", strings.Join(passed(&e), ", then "))
			f.Remedy = Remedy{Text: "Take the principal out of the trust policy, or sts:AssumeRole out of its own" + withMFA(e.Path[1].Condition, ", or ask for MFA in a condition of the trust") + "."}
			f.Remedy.distrust(&e.Path[1])
			f.Tags = append(f.Tags, "through-roles", "escalation")
		}
		if e.Abroad {
			end := e.Path[len(e.Path)-1].Principal
			f.Title = fmt.Sprintf("%s, an administrator of account %s, gets to be one of account %s by assuming roles", nameOf(e.Principal), e.Principal.Account.ID, arn.Account(end))
			f.Title += more(&e)
			f.Tags = append(f.Tags, "cross-account")
		}
		out = append(out, f)
	}
	return out
}

func (a *auditor) escalations() (out []Finding) {
	if a.NoEscalations {
		return nil
	}
	for _, e := range a.climbs() {
		methods := e.Methods()
		if len(methods) == 0 {
			continue
		}
		f := a.climb("privilege-escalation", &e)
		end := e.Path[len(e.Path)-1].Principal
		switch {
		case e.Admin && end == e.Principal.ARN:
			f.Severity, f.Reason = Critical, "it makes itself an administrator"
			f.Title = fmt.Sprintf("%s can make itself an administrator", nameOf(e.Principal))
		case e.Admin:
			f.Severity, f.Reason = Critical, "it gets to be an administrator"
			f.Title = fmt.Sprintf("%s can become %s, an administrator", nameOf(e.Principal), end)
			if e.Abroad {
				f.Title += " of another account" + more(&e)
				f.Tags = append(f.Tags, "cross-account")
			}
		default:
			f.Severity, f.Reason = Medium, "it takes over a principal that may do what it may not"
			f.Title = fmt.Sprintf("%s can take over %s", nameOf(e.Principal), end)
			f.Title += more(&e)
		}
		if f.Certain == Possible {
			f.Severity--
			f.Reason += ", if what is open holds"
		}
		f.Detail = Tell(e.Path)
		if e.Admin {
			f.Detail += " That is every right of the account."
		}
		f.Remedy = remedyFor(&e)
		f.Tags = append(f.Tags, "escalation")
		for _, m := range methods {
			f.Tags = append(f.Tags, "method:"+m)
		}
		out = append(out, f)
	}
	return out
}

// more says how many others there are.
func more(e *solver.Escalation) string {
	switch {
	case len(e.Others) == 0:
		return ""
	case e.More > 0:
		return fmt.Sprintf(" and at least %d more", len(e.Others)+e.More)
	}
	return fmt.Sprintf(" and %d more", len(e.Others))
}

// climb makes the parts of a finding that all of them have.
func (a *auditor) climb(kind string, e *solver.Escalation) Finding {
	f := Finding{
		Kind: kind, Certain: Certain, Account: e.Principal.Account.ID, Principal: e.Principal.ARN, Others: e.Others,
		Path: e.Path, Condition: e.Condition, If: e.If, Statements: e.Because,
	}
	f.ID = identify(kind, e.Principal.ARN)
	if n := len(e.Path); n > 0 {
		f.Resource = e.Path[n-1].Principal
	}
	switch {
	case e.Abroad:
		f.ID = identify(kind, e.Principal.ARN, "abroad")
	case !e.Admin:
		f.ID = identify(kind, e.Principal.ARN, f.Resource) // who accepts one takeover accepts no other
	}
	if !e.Certain() {
		f.Certain = Possible
	}
	return f
}

// limited reports whether something on a principal itself may take rights away.
func limited(p *inventory.Principal) bool {
	denies := func(list []*inventory.Policy) bool {
		return slices.ContainsFunc(list, func(q *inventory.Policy) bool { return q.Doc.Denies() })
	}
	return p.Boundary != nil || denies(p.Inline) || denies(p.Attached) ||
		slices.ContainsFunc(p.Groups, func(g *inventory.Group) bool { return denies(g.Inline) || denies(g.Attached) })
}

// passed lists who is passed on a path, but for where it begins.
func passed(e *solver.Escalation) (out []string) {
	for _, s := range e.Path[1:] {
		out = append(out, s.Principal)
	}
	return out
}

// Tell tells the path of an escalation in sentences: who makes which calls, and what becomes of it.
func Tell(path []solver.Step) string {
	var b strings.Builder
	at := path[0].Principal
	for i, s := range path[1:] {
		if i > 0 {
			b.WriteString(" Then ")
		}
		m, calls := methodOf(s.Kind), ""
		if m != nil {
			calls = strings.Join(callsOf(m, &s), ", ")
		}
		switch {
		case m == nil:
			fmt.Fprintf(&b, "%s assumes %s.", at, s.Principal)
		case m.Move == escalation.Open:
			fmt.Fprintf(&b, "%s may call %s on %s, and so lets itself in.", at, calls, s.Through)
			continue
		case attachesOne(m, &s):
			on := "itself"
			if s.Principal != at {
				on = s.Principal
			}
			fmt.Fprintf(&b, "%s may call %s, and so gives %s the rights of %s.", at, calls, on, s.Through)
		case s.Principal != at && onOthers[m.Move] != "":
			fmt.Fprintf(&b, "%s may call %s, and so %s %s.", at, calls, onOthers[m.Move], s.Principal)
		case s.Principal == at:
			fmt.Fprintf(&b, "%s may call %s, and so %s.", at, calls, outcomes[m.Move])
		default:
			fmt.Fprintf(&b, "%s may call %s, and so %s %s.", at, calls, outcomes[m.Move], s.Principal)
		}
		if s.Through != "" && (m == nil || !attachesOne(m, &s)) {
			fmt.Fprintf(&b, " It works through %s.", s.Through)
		}
		if m == nil || s.Principal == at || onOthers[m.Move] == "" {
			at = s.Principal
		}
	}
	return b.String()
}

// callsOf lists the calls of a step, each with what may stand in its place.
func callsOf(m *escalation.Method, s *solver.Step) []string {
	if list := s.Calls(); len(list) > 0 {
		return list
	}
	return m.Calls()
}

// attachesOne reports whether a step attaches one policy that the account has, instead of
// one that allows everything.
func attachesOne(m *escalation.Method, s *solver.Step) bool {
	return m.Move == escalation.Raise && arn.Is(s.Through)
}

// outcomes say what becomes of who uses a method.
var outcomes = map[escalation.Move]string{
	escalation.Raise: "gives itself every right", escalation.Version: "switches a policy on itself to another version",
	escalation.Join: "joins a group", escalation.Unbound: "gets rid of its permissions boundary",
	escalation.Undeny: "gets rid of a policy that denies", escalation.Tag: "gives itself the tags that its policies ask for",
	escalation.Found: "makes a new principal of every right", escalation.Become: "becomes",
	escalation.BecomeRaised: "gives every right to, and becomes,", escalation.Provider: "changes the identity provider that lets into",
	escalation.Pass: "has a service run code as", escalation.PassRaised: "gives every right to, and has a service run code as,",
	escalation.Run: "takes over what runs as", escalation.SSO: "is assigned", escalation.SSORaised: "gives a permission set every right",
}

// onOthers say what becomes of somebody else, whom a method changes.
var onOthers = map[escalation.Move]string{
	escalation.Raise: "gives every right to", escalation.Version: "switches to another version a policy on",
	escalation.Join: "puts into a group", escalation.Unbound: "takes the permissions boundary off", escalation.Undeny: "takes a policy that denies off",
	escalation.Tag: "sets the tags that its policies ask for on",
}

func methodOf(id string) *escalation.Method {
	all := escalation.All()
	for i := range all {
		if all[i].ID == id {
			return &all[i]
		}
	}
	return nil
}

// remedyFor names the statement that the first method of a path rests on, and a
// Deny that closes it.
func remedyFor(e *solver.Escalation) Remedy {
	at := e.Path[0].Principal
	for _, s := range e.Path[1:] {
		m := methodOf(s.Kind)
		if m == nil {
			at = s.Principal
			continue
		}
		need := m.Needs[0]
		if list := s.Calls(); len(list) > 0 {
			need.Actions = list
		}
		on := "*"
		switch need.On {
		case escalation.Self, escalation.SelfUser, escalation.SelfRole, escalation.User, escalation.Role:
			if m.Move != escalation.Undeny { // the policy may hang on a group
				on = s.Principal
			}
		}
		if s.Through != "" && (m.Move == escalation.Join || m.Move == escalation.Version) {
			on, _, _ = strings.Cut(s.Through, " ")
		}
		r := Remedy{Text: fmt.Sprintf("Take %s out of what %s is allowed, or limit it to resources that have no more rights; a Deny closes the path at once.",
			strings.Join(need.Actions, " and "), at)}
		change, _ := json.Marshal(map[string]any{"Effect": "Deny", "Action": need.Actions, "Resource": on})
		r.Change = string(change)
		if last := e.Path[len(e.Path)-1].Principal; len(e.Others) > 0 && on == last {
			r.Text += " Do the same for the others: the Deny is about this one."
		}
		for i := range s.Because {
			b := &s.Because[i]
			if b.Type == "trust-policy" {
				continue
			}
			if n := b.Statement; r.Statement == nil || allows(b, need.Actions) {
				r.Policy, r.Statement = b.Policy, &n
			}
			if allows(b, need.Actions) {
				break
			}
		}
		if byAWS(r.Policy) {
			r.Statement = nil
			r.Text += fmt.Sprintf(" AWS manages %s: put a policy of your own in its place, or the Deny beside it.", inventory.LastPart(r.Policy))
		}
		return r
	}
	return Remedy{}
}

// allows reports whether a statement speaks about one of some actions.
func allows(r *solver.StatementRef, actions []string) bool {
	st := r.Text()
	return st != nil && st.Effect == policy.Allow && slices.ContainsFunc(actions, func(action string) bool {
		service, name, _ := strings.Cut(strings.ToLower(action), ":")
		return st.MatchAction(service, name)
	})
}

// nameOf is how titles call a principal.
func nameOf(p *inventory.Principal) string {
	if p.Kind == inventory.User {
		return "user " + p.Name
	}
	return "role " + p.Name
}
