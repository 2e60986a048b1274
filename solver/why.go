package solver

import (
	"fmt"
	"slices"
	"strings"

	"pathfinder/graphmodel/guard"
	"pathfinder/graphmodel/policy"
)

// A why finds reasons for the decision of one check.
type why struct {
	c          *Case
	d          *Decision
	e          *eval
	considered []Considered
	lacking    []string // the gates that would stop it if nothing were denied
}

func newWhy(c *Case, d *Decision) *why {
	e := newEval(c, false)
	w := &why{c: c, d: d, e: e, considered: e.considered(), lacking: d.BlockedBy}
	if d.Outcome == ExplicitlyDenied {
		open := Decide(withoutDenies(c))
		w.lacking = open.BlockedBy
	}
	return w
}

// withoutDenies copies a case and leaves every Deny and every further check
// out.
func withoutDenies(c *Case) *Case {
	strip := func(list []Source) []Source {
		out := slices.Clone(list)
		for i := range out {
			doc := *out[i].Doc
			doc.Statements = slices.DeleteFunc(slices.Clone(doc.Statements), func(s *policy.Statement) bool { return s.Effect == policy.Deny })
			out[i].Doc = &doc
		}
		return out
	}
	levels := func(list []Level) []Level {
		out := slices.Clone(list)
		for i := range out {
			out[i].Policies = strip(out[i].Policies)
		}
		return out
	}
	o := *c
	o.Identity, o.Boundary, o.Session, o.Endpoint, o.Resources = strip(c.Identity), strip(c.Boundary), strip(c.Session), strip(c.Endpoint), strip(c.Resources)
	o.SCPs, o.RCPs, o.Also = levels(c.SCPs), levels(c.RCPs), nil
	if c.AccessPoint != nil {
		ap := *c.AccessPoint
		ap.Policies = strip(ap.Policies)
		o.AccessPoint = &ap
	}
	return &o
}

// allows reports whether some statement of a gate allows the request.
func (w *why) allows(gate, target string) bool {
	return slices.ContainsFunc(w.considered, func(c Considered) bool {
		return c.Gate == gate && c.Target == target && c.Matched && c.Effect == "Allow"
	})
}

// stops reports whether the gate should allow the request and does not. In the
// same account the resource policy could, although it need not.
func (w *why) stops(gate, target string) bool {
	switch gate {
	case GateSCP:
		return !w.allows(gate, target)
	case GateResource:
		if w.blocked(GateIdentity) && w.c.Caller.Account == w.c.ResourceAccount {
			return true
		}
	case GateAccessPoint:
		return w.blocked(GateResource) && !w.allows(gate, target)
	}
	return w.blocked(gate) && !w.allows(gate, target)
}

func (w *why) blocked(gate string) bool { return slices.Contains(w.lacking, blockCodes[gate]) }

// delegated reports whether the resource policy lets the caller's own account
// in, so that only an identity policy is missing (E88).
func (w *why) delegated() bool {
	return w.d.Outcome == ImplicitlyDenied && w.blocked(GateIdentity) && w.c.Caller.Account == w.c.ResourceAccount &&
		w.c.AccessPoint == nil && w.allows(GateResource, "")
}

// near lists the statements that come closest to allowing the request.
func (w *why) near() []Considered {
	if w.d.Outcome == ExplicitlyDenied || w.fixed() != "" {
		return nil
	}
	return nearMisses(w.considered, w.stops)
}

// fixed returns why no policy could allow the request, or "".
func (w *why) fixed() string {
	c := &w.c.Caller
	switch _, _, note, ok := w.e.fixedAnswer(); {
	case ok:
		return note
	case c.hasAccount() && c.Account != w.c.ResourceAccount && w.e.ownOnly():
		return w.c.Action + " never works from another account, whatever the policies say"
	case c.Kind == CallerAnonymous && (w.e.unsigned() == guard.False || w.e.ownOnly()):
		return "unsigned requests for " + w.c.Action + " are not accepted"
	}
	return ""
}

// unshared returns why nothing on the resource's side could let the caller in, or
// "": what most services have can't carry a policy, and is reached from elsewhere
// by a role of its account alone (E94).
func (w *why) unshared() string {
	if !w.blocked(GateResource) || len(w.c.Resources) > 0 || w.c.AccessPoint != nil || w.c.Resource == "*" || w.e.insists() ||
		policyServices[w.e.service] || SharedCall(w.c.Action) || w.c.ResourceAccount == "" {
		return ""
	}
	return "resources of " + w.e.service + " carry no policy that could let it in"
}

// silent names the policies on the resource's side that do not allow the
// request, with what they hang on. When there are none although that side
// stops it, AWS does not count what they grant, for a reason that the rules of
// the decision tell.
func (w *why) silent() (policies [][2]string) {
	ap := w.c.AccessPoint
	if ap != nil && !w.allows(GateAccessPoint, "") {
		point, _, _ := strings.Cut(w.c.Resource, "/object/")
		policies = append(policies, [2]string{gateNames[GateAccessPoint], point})
		if w.c.Caller.Account == ap.BucketAccount {
			return policies
		}
	}
	if !w.allows(GateResource, "") {
		policies = append(policies, [2]string{w.resourcePolicy(), w.carrier()})
	}
	return policies
}

// summary says in a clause what decided a denial.
func (w *why) summary() string {
	if w.d.Outcome == ExplicitlyDenied {
		return w.deniers()
	}
	if why := w.fixed(); why != "" {
		return why
	}
	if why := w.unshared(); why != "" {
		return why
	}
	var silent []string
	for _, gate := range w.d.BlockedBy {
		switch gate {
		case "s3-bpa":
			return "Block Public Access cuts it off"
		case "scp":
			for i := range w.c.SCPs {
				if l := &w.c.SCPs[i]; !w.allows(GateSCP, l.Target) {
					silent = append(silent, "a service control policy at "+l.Target)
				}
			}
		case "resource":
			list := w.silent()
			if len(list) == 0 {
				return "what " + w.resourcePolicy() + " grants does not count for this request"
			}
			for _, p := range list {
				silent = append(silent, p[0])
			}
		default:
			for name, code := range blockCodes {
				if code == gate {
					silent = append(silent, gateNames[name])
				}
			}
		}
	}
	return neither(silent)
}

// neither says that none of the policies allows the request.
func neither(policies []string) string {
	switch len(policies) {
	case 0:
		return "the conditions of its policies exclude each other"
	case 1:
		if article, rest, _ := strings.Cut(policies[0], " "); article != "the" {
			return "no " + rest + " allows it"
		}
		return policies[0] + " does not allow it"
	}
	return "neither " + strings.Join(policies, " nor ") + " allows it"
}

// deniers names the gates that deny.
func (w *why) deniers() string {
	n, gates := 0, []string{}
	for i := range w.d.Gates {
		if g := &w.d.Gates[i]; g.Result == Denies {
			n += len(g.Because)
			gates = appendNew(gates, gateNames[g.Name])
		}
	}
	if slices.Contains(gates, gateNames[GateResource]) {
		i := slices.Index(gates, gateNames[GateResource])
		gates[i] = w.resourcePolicy()
	}
	where := strings.Join(gates, " and of ")
	switch n {
	case 0:
		return where + " cuts it off" // no statement, but a setting
	case 1:
		return "a statement of " + where + " forbids it"
	}
	return fmt.Sprintf("%d statements of %s forbid it", n, where)
}

// gateNames names gates in sentences.
var gateNames = map[string]string{
	GateIdentity: "an identity policy", GateBoundary: "the permissions boundary", GateSession: "the session policy",
	GateSCP: "a service control policy", GateRCP: "a resource control policy", GateEndpoint: "the endpoint policy",
	GateResource: "the resource policy", GateAccessPoint: "the access point policy", GatePublicAccess: "Block Public Access",
}

// resourcePolicy names the kind of policy that hangs on the resource.
func (w *why) resourcePolicy() string {
	name, ok := map[string]string{
		"sts": "the trust policy", "kms": "the key policy", "s3": "the bucket policy", "sqs": "the queue policy", "sns": "the topic policy",
	}[w.e.service]
	if !ok {
		return "the resource policy"
	}
	return name
}

// carrier returns what the resource policy hangs on.
func (w *why) carrier() string {
	if len(w.c.Resources) > 0 {
		return w.c.Resources[0].Name
	}
	r := w.c.Resource
	if w.c.AccessPoint != nil {
		r = w.c.AccessPoint.BucketResource
	}
	if bucket, _, ok := strings.Cut(r, "/"); ok && w.e.service == "s3" {
		return bucket
	}
	return r
}

// missing says what would have to change for a denied request to be allowed:
// Deny statements to take away, and Allow statements to add.
func (w *why) missing() []string {
	out := []string{}
	for i := range w.d.Gates {
		g := &w.d.Gates[i]
		switch {
		case g.Result != Denies:
		case w.d.Outcome == ImplicitlyDenied && g.Guard.Open(): // it may not apply
		case g.Name == GateRule || g.Name == GatePublicAccess:
			out = append(out, g.Note)
		default:
			for _, r := range g.Because {
				out = append(out, fmt.Sprintf("%s of %s must no longer deny %s on %s%s", r.place(), r.Policy, w.c.Action, w.c.Resource, under(g.Guard)))
			}
		}
	}
	if why := w.fixed(); why != "" {
		return append(slices.DeleteFunc(out, func(s string) bool { return s == why }), "nothing would: "+why)
	}
	if why := w.unshared(); why != "" {
		return append(out, fmt.Sprintf("a role of account %s that %s may assume, and that allows %s on %s: %s",
			w.c.ResourceAccount, w.c.Caller.ARN, w.c.Action, w.c.Resource, why))
	}
	for i := range w.c.SCPs {
		if l := &w.c.SCPs[i]; w.e.underSCPs() && !w.allows(GateSCP, l.Target) {
			out = append(out, fmt.Sprintf("a service control policy attached to %s that allows %s", l.Target, w.c.Action))
		}
	}
	for _, gate := range w.lacking {
		if gate == blockCodes[GateResource] {
			out = append(out, w.missingGrants()...)
		} else if s := w.missingAllow(gate); s != "" {
			out = append(out, s)
		}
	}
	return out
}

// missingAllow says which Allow a gate of blockedBy lacks, or "".
func (w *why) missingAllow(gate string) string {
	who, what := w.c.Caller.ARN, w.c.Action+" on "+w.c.Resource
	switch {
	case gate == "identity" && !w.allows(GateIdentity, ""):
		s := fmt.Sprintf("an identity policy of %s that allows %s", who, what)
		if w.c.Caller.Account == w.c.ResourceAccount && w.c.Resource != "*" && w.c.AccessPoint == nil && !w.e.insists() && policyServices[w.e.service] {
			s += fmt.Sprintf(", or a statement in %s of %s that names it", w.resourcePolicy(), w.carrier())
		}
		return s
	case gate == "pb" && !w.allows(GateBoundary, ""):
		return fmt.Sprintf("the permissions boundary of %s has to allow %s", who, what)
	case gate == "session" && !w.allows(GateSession, ""):
		return "a session policy that allows " + what
	case gate == "vpce" && !w.allows(GateEndpoint, ""):
		return "the endpoint policy has to allow " + w.c.Action
	}
	return ""
}

// missingGrants says which Allow the resource's side lacks.
func (w *why) missingGrants() (out []string) {
	for _, p := range w.silent() {
		out = append(out, fmt.Sprintf("a statement in %s of %s that allows %s to %s", p[0], p[1], w.c.Action, named1(&w.c.Caller)))
	}
	if out == nil {
		out = []string{fmt.Sprintf("%s of %s has to meet the rules that its grants are subject to", w.resourcePolicy(), w.carrier())}
	}
	return out
}

func under(g *guard.Expr) string {
	if !g.Open() {
		return ""
	}
	blocks, _, _ := g.Blocks()
	return " when " + blocks.String()
}

// place names the statement inside its policy.
func (r StatementRef) place() string {
	if r.Sid != "" {
		return fmt.Sprintf("statement #%d (%s)", r.Statement, r.Sid)
	}
	return fmt.Sprintf("statement #%d", r.Statement)
}

func named1(c *Caller) string {
	switch {
	case c.Kind == CallerAnonymous:
		return "everybody (\"*\")"
	case c.hasAccount() && c.Account != "":
		return c.ARN + " or its account " + c.Account
	}
	return c.ARN
}
