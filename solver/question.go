package solver

import (
	"errors"
	"fmt"
	"iter"
	"regexp"
	"slices"
	"strings"

	"pathfinder/graphmodel/arn"
	"pathfinder/graphmodel/catalog"
	"pathfinder/graphmodel/inventory"
)

// ErrQuestion is behind every error that the question caused: an unknown
// resource, a principal that the snapshot does not hold.
var ErrQuestion = errors.New("the question can't be answered")

// questionErr makes a question error. It is one line, also when it tells of a name that
// holds line ends: what follows one would look like a message of its own.
func questionErr(format string, args ...any) error {
	return &questionError{lineEnds.Replace(fmt.Sprintf(format, args...))}
}

var lineEnds = strings.NewReplacer("\n", `\n`, "\r", `\r`, "\u0085", `\u0085`, "\u2028", `\u2028`, "\u2029", `\u2029`)

type questionError struct{ text string }

func (e *questionError) Error() string { return e.text }
func (e *questionError) Unwrap() error { return ErrQuestion }

// actionPattern is a service and a name, either with wildcards.
var actionPattern = regexp.MustCompile(`^[A-Za-z0-9*?-]+:[A-Za-z0-9*?_-]+$`)

// IsAction reports whether a text is an action pattern rather than a resource:
// "s3:Get*" or "*:*".
func IsAction(s string) bool { return actionPattern.MatchString(s) }

// CheckAction refuses what is no action pattern, nor "*" for every action.
func CheckAction(s string) error {
	if s == "*" || IsAction(s) {
		return nil
	}
	return questionErr("%q is no action: give names such as s3:GetObject, or patterns such as s3:Get*", s)
}

// resolve turns the resource of a question into ARNs: an ARN stays, a pattern
// becomes every resource it covers, a name the one resource that has it.
func (s *Solver) resolve(text string) ([]string, error) {
	switch {
	case text == "":
		return nil, questionErr("no resource was given")
	case text == "*":
		return s.covered(arn.NewGlob("*")), nil
	case strings.HasPrefix(text, "arn:"):
		return s.resolveARN(text)
	case strings.Contains(text, ":"):
		return nil, questionErr("%q is neither an ARN (arn:partition:service:region:account:resource) nor the name of a resource", text)
	}
	var found []string
	for _, r := range s.inv.Index().ResourcesNamed(text) {
		found = append(found, r.ARN)
	}
	for _, p := range s.inv.Index().PrincipalsNamed(text) {
		if p.Kind == inventory.Role {
			found = append(found, p.ARN)
		}
	}
	if base, key, inside := strings.Cut(text, "/"); inside && len(found) == 0 {
		// bucket/key, by the name of the bucket
		if list, err := s.resolve(base); err == nil && len(list) == 1 && arn.Service(list[0]) == "s3" {
			return []string{list[0] + "/" + key}, nil
		}
	}
	switch len(found) {
	case 1:
		return found, nil
	case 0:
		if list := s.inv.Index().PrincipalsNamed(text); len(list) > 0 {
			return nil, questionErr("no resource of the snapshot is named %q, but the user %s: give that to ask who may act on the user", text, list[0].ARN)
		}
		return nil, questionErr("no resource of the snapshot is named %q%s", text,
			orElse(s.LikeName(text), "; give its ARN to ask about something outside of the snapshot"))
	}
	slices.Sort(found)
	return nil, questionErr("%q names several resources, give the ARN: %s", text, strings.Join(found, ", "))
}

func lastPart(a string) string { return inventory.LastPart(a) }

func (s *Solver) resolveARN(text string) ([]string, error) {
	if _, err := arn.Parse(text); err != nil {
		return nil, questionErr("%s", err)
	}
	if !strings.ContainsAny(text, "*?") {
		return []string{text}, nil
	}
	if s.carrier(text) != nil {
		return []string{text}, nil // a pattern inside one resource: bucket/*
	}
	found := s.covered(arn.NewGlob(text))
	// A pattern such as arn:aws:s3:::prod-*/* speaks about what is inside.
	if i := strings.IndexByte(arn.Resource(text), '/'); i >= 0 && arn.Service(text) == "s3" {
		cut := len(text) - len(arn.Resource(text)) + i
		for _, b := range s.covered(arn.NewGlob(text[:cut])) {
			found = append(found, b+text[cut:])
		}
	}
	if len(found) == 0 {
		return nil, questionErr("no resource of the snapshot is covered by %q", text)
	}
	return found, nil
}

// covered lists the resources and roles that a pattern covers, by account and
// ARN.
func (s *Solver) covered(g arn.Glob) (found []string) {
	for r := range s.inv.Index().ResourceARNs() {
		if g.Match(r) {
			found = append(found, r)
		}
	}
	return found
}

// LikeName lists the resources whose names are most like a text, three at most; "" for
// none.
func (s *Solver) LikeName(text string) string { return likeName(s.inv.Index().ResourceARNs(), text) }

// likePrincipal is [Solver.LikeName] for users and roles: of one account, or of all
// with "".
func (s *Solver) likePrincipal(text, account string) string {
	return likeName(func(yield func(string) bool) {
		for _, a := range s.inv.Accounts {
			if account != "" && a.ID != account {
				continue
			}
			for _, p := range a.Principals() {
				if (p.Kind == inventory.User || p.Kind == inventory.Role) && !yield(p.ARN) {
					return
				}
			}
		}
	}, text)
}

// unseen notes that a resource of a question is not in the snapshot, but one with a name
// much like its: it may be a slip. What is outside may be asked about. Users and roles that
// are not in the snapshot are not there.
func (s *Solver) unseen(text string) []Gap {
	if text == "*" || s.carrier(text) != nil || s.inv.Principal(text) != nil {
		return nil
	}
	if arn.Service(text) == "iam" {
		kind, _, _ := strings.Cut(arn.Resource(text), "/")
		if a := s.inv.Account(arn.Account(text)); a != nil && a.IAM && (kind == "user" || kind == "role") {
			return []Gap{{What: text, Why: "is not in the snapshot, which holds all users and roles of the account" + orElse(s.likePrincipal(lastPart(text), a.ID), "")}}
		}
		return nil
	}
	own := func(yield func(string) bool) {
		for r := range s.inv.Index().ResourceARNs() {
			if arn.Service(r) == arn.Service(text) && !yield(r) {
				return
			}
		}
	}
	name := lastPart(text)
	if arn.Service(text) == "s3" && arn.Account(text) == "" {
		name, _, _ = strings.Cut(arn.Resource(text), "/") // the bucket, not the object
	}
	if near := likeName(own, name); near != "" {
		return []Gap{{What: text, Why: "is not in the snapshot" + orElse(near, "")}}
	}
	return nil
}

func likeName(arns iter.Seq[string], text string) string {
	var near []string
	for r := range arns {
		name := lastPart(r)
		if part := min(len(name), len(text)) > 2 && (strings.Contains(name, text) || strings.Contains(text, name)); part || distance(name, text) <= 2 {
			near = append(near, r)
		}
	}
	slices.Sort(near)
	return strings.Join(near[:min(len(near), 3)], " or ")
}

// principalName returns the name of the user or role in an ARN, of a session that of its
// role.
func principalName(text string) string {
	if _, rest, ok := strings.Cut(text, ":assumed-role/"); ok {
		name, _, _ := strings.Cut(rest, "/")
		return name
	}
	return lastPart(text)
}

// orElse says what was probably meant, or else something else to do.
func orElse(near, instead string) string {
	if near != "" {
		return "; did you mean " + near + "?"
	}
	return instead
}

// distance is the number of single-character edits between two names, or a
// large number when the lengths alone differ by more than two.
func distance(a, b string) int {
	if len(a)-len(b) > 2 || len(b)-len(a) > 2 {
		return 99
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		prev := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			prev, row[j+1] = row[j+1], min(prev+cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}

// resolvePrincipal finds who a question is about, with the session policies that
// the question gives it.
func (s *Solver) resolvePrincipal(text string) (actor, error) {
	a, err := s.namedPrincipal(text)
	if err != nil || len(s.cfg.Session) == 0 {
		return a, err
	}
	if a.caller.Kind != CallerSession && a.caller.Kind != CallerFederatedUser {
		return actor{}, questionErr("%s is no session: only sessions of roles and federated users have session policies", text)
	}
	a.session = s.cfg.Session
	return a, nil
}

func (s *Solver) namedPrincipal(text string) (actor, error) {
	if !strings.Contains(text, ":") && text != "anonymous" && !isCanonicalID(text) && !strings.Contains(text, ".") {
		found := s.inv.Index().PrincipalsNamed(text)
		switch len(found) {
		case 1:
			return s.actorOf(found[0]), nil
		case 0:
			if text == "" {
				return actor{}, questionErr("no principal was given")
			}
			if list := s.inv.Index().ResourcesNamed(text); len(list) > 0 {
				return actor{}, questionErr("no user or role of the snapshot is named %q, but the resource %s", text, list[0].ARN)
			}
			return actor{}, questionErr("no user or role of the snapshot is named %q%s", text, orElse(s.likePrincipal(text, ""), "; give its ARN"))
		}
		arns := make([]string, len(found))
		for i, p := range found {
			arns[i] = p.ARN
		}
		return actor{}, questionErr("%q names several principals, give the ARN: %s", text, strings.Join(arns, ", "))
	}
	a, ok, err := s.actorFor(text)
	if err != nil {
		return actor{}, questionErr("%s", err)
	}
	if !ok {
		return actor{}, questionErr("account %s of the snapshot has no principal %s%s", a.caller.Account, text,
			orElse(s.likePrincipal(principalName(text), a.caller.Account), ""))
	}
	return a, nil
}

// actionSet is the actions of a question: full names, or patterns that are
// expanded against the catalog and the policies in play.
type actionSet struct {
	patterns []string
	names    []string // exact names that the catalog may not know
	globs    []string // patterns with wildcards
}

func newActionSet(patterns []string) (actionSet, error) {
	set := actionSet{patterns: patterns}
	for _, p := range patterns {
		service, name, ok := strings.Cut(p, ":")
		switch {
		case p == "*":
			set.globs = append(set.globs, p)
		case !ok || service == "" || name == "":
			return set, questionErr("%q is no action: write service:Name, such as s3:GetObject or s3:Get*", p)
		case strings.ContainsAny(name, "*?"):
			set.globs = append(set.globs, p)
		default:
			if a, known := catalog.Default().Action(p); known {
				p = a.Name
			}
			set.names = append(set.names, p)
		}
	}
	return set, nil
}

// matches refuses patterns of a question that no known action falls under: nothing
// found would be no answer. Full names may be newer than what is known.
func (set *actionSet) matches() error {
	for _, g := range set.globs {
		some := false
		for range catalog.Default().Match(g) {
			some = true
			break
		}
		if !some {
			return questionErr("%q matches no action that is known", g)
		}
	}
	return nil
}

// orAll returns the patterns of a question, or where it has none all actions of
// the services of the resources it is about. On a role these are sts's, too.
func orAll(patterns, resources []string) []string {
	if len(patterns) > 0 {
		return patterns
	}
	var all []string // not in the room behind patterns, which belongs to the caller
	for _, r := range resources {
		service := arn.Service(r)
		if service == "" {
			return []string{"*"}
		}
		if strings.Contains(r, ":role/") {
			all = append(all, "sts:*")
		}
		all = append(all, service+":*")
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// nothingApplies refuses a question about resources to which no action of it applies.
func nothingApplies(resources []string, asked string, patterns []string) error {
	if len(resources) == 0 {
		return questionErr("the snapshot holds no resource")
	}
	return questionErr("no such action applies to %s: %s", asked, strings.Join(patterns, ", "))
}

// on lists the actions of the set that apply to an ARN, by name. Exact names
// count even when the catalog does not know them (E30).
func (set *actionSet) on(resource string) []string {
	var out []string
	cat := catalog.Default()
	if len(set.globs) > 0 {
		for _, a := range cat.ActionsFor(resource) {
			if set.covers(a.Name) && !aboutDomain(a.Name, resource) {
				out = append(out, a.Name)
			}
		}
	}
	for _, n := range set.names {
		if a, ok := cat.Action(n); !ok || applies(cat, &a, resource) {
			out = append(out, n)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// aboutDomain reports whether an action is on a search domain alone, and not on what
// is asked, which lies inside of one: only HTTP calls are (E212).
func aboutDomain(action, resource string) bool {
	return strings.HasPrefix(action, "es:") && !strings.HasPrefix(action, "es:ESHttp") && strings.Count(arn.Resource(resource), "/") > 1
}

func applies(cat *catalog.Catalog, a *catalog.Action, resource string) bool {
	for _, t := range cat.TypesOf(resource) {
		for i := range a.ResourceTypes {
			if a.ResourceTypes[i].Type.Service == t.Service && a.ResourceTypes[i].Type.Name == t.Name {
				return true
			}
		}
	}
	return false
}

func (set *actionSet) covers(name string) bool {
	lower := strings.ToLower(name)
	for _, g := range set.globs {
		if g == "*" || arn.NewGlob(strings.ToLower(g)).Match(lower) {
			return true
		}
	}
	return false
}
