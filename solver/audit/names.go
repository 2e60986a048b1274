package audit

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"pathfinder/graphmodel/arn"
	"pathfinder/graphmodel/inventory"
	"pathfinder/solver"
)

// short is how titles call a resource: what people call it, with its service.
func short(text string) string {
	if !arn.Is(text) {
		return text
	}
	return arn.Service(text) + " " + arn.Resource(text)
}

func many(n int, one string) string {
	if n == 1 {
		return one
	}
	return one + "s"
}

func reach(n int) string {
	if n == 1 {
		return "reaches"
	}
	return "reach"
}

// accountName is how titles call an account.
func (a *auditor) accountName(id string) string {
	if acct := a.Inventory.Account(id); acct != nil && acct.Name != "" {
		return fmt.Sprintf("%s (%s)", acct.Name, id)
	}
	if v := a.vendor(id); v != "" {
		return fmt.Sprintf("%s (%s)", v, id)
	}
	return "account " + id
}

// vendor names who an account outside belongs to, "" when it is not known.
func (a *auditor) vendor(id string) string { return cmp.Or(a.Vendors[id], vendors[id], ofAWS(id)) }

// ofAWS names the service that an account belongs to by which AWS delivers, "" for none.
func ofAWS(id string) string {
	if slices.Contains(loadBalancing, id) {
		return "Elastic Load Balancing"
	}
	return ""
}

// whose is how titles call somebody outside.
func (a *auditor) whose(o *solver.Outsider) string {
	name := "account " + o.Account
	if v := a.vendor(o.Account); v != "" {
		name = fmt.Sprintf("%s, account %s,", v, o.Account)
	}
	if isCanonical(o) {
		return "an account that the snapshot does not hold"
	}
	if o.Kind == "account" || o.Kind == "root" {
		return name
	}
	return o.ARN
}

// orgID returns the id of the organization, for people to fill in where it is not known.
func (a *auditor) orgID() string {
	if a.orgKnown() {
		return a.Inventory.Organization.ID
	}
	return "o-…"
}

func (a *auditor) orgKnown() bool {
	return a.Inventory.Organization != nil && a.Inventory.Organization.ID != ""
}

// isSensitive reports whether --sensitive names a resource.
func (a *auditor) isSensitive(r *inventory.Resource) bool {
	return slices.ContainsFunc(a.Sensitive, func(which string) bool { return isNamed(r, which) })
}

// isNamed reports whether one --sensitive names a resource: by a tag, by its ARN, or by its
// name. A name that several have names all of them.
func isNamed(r *inventory.Resource, which string) bool {
	if tag, ok := strings.CutPrefix(which, "tag:"); ok {
		key, value, exact := strings.Cut(tag, "=")
		got, has := r.Tags[key]
		return has && (!exact || got == value)
	}
	glob := arn.NewGlob(which)
	return glob.Match(r.ARN) || which != "" && !arn.Is(which) && (glob.Match(r.Name) || glob.Match(inventory.LastPart(r.ARN)))
}

// namesOf are what an account is called, with the units that it is in.
func namesOf(acct *inventory.Account) []string {
	names := []string{acct.ID, acct.Name, acct.Alias}
	for u := acct.Unit; u != nil; u = u.Parent {
		names = append(names, u.Name)
	}
	return names
}

// isMeant reports whether one --production names an account.
func isMeant(acct *inventory.Account, pattern string) bool {
	glob := arn.NewGlob(strings.ToLower(pattern))
	return slices.ContainsFunc(namesOf(acct), func(n string) bool { return n != "" && glob.Match(strings.ToLower(n)) })
}

// production says by what an account is one of production, in words; "" if it is none.
func (a *auditor) production(acct *inventory.Account) string {
	if len(a.Production) > 0 {
		if slices.ContainsFunc(a.Production, func(p string) bool { return isMeant(acct, p) }) {
			return "--production"
		}
		return ""
	}
	if saysProduction(acct.Name) || saysProduction(acct.Alias) {
		return "its name"
	}
	for u := acct.Unit; u != nil; u = u.Parent {
		if saysProduction(u.Name) {
			return "its unit " + u.Name
		}
	}
	for _, key := range slices.Sorted(maps.Keys(acct.Tags)) {
		switch strings.ToLower(key) {
		case "environment", "env", "stage":
			if saysProduction(acct.Tags[key]) {
				return "its tag " + key + "=" + acct.Tags[key]
			}
		}
	}
	return ""
}

// saysProduction reports whether production is a word of a name, and not what it is not:
// non-prod and pre-prod are none.
func saysProduction(name string) bool {
	before := ""
	for _, word := range strings.FieldsFunc(strings.ToLower(name), func(c rune) bool { return c == '-' || c == '_' || c == ' ' || c == '.' || c == '/' }) {
		negated := before == "non" || before == "not" || before == "no" || before == "pre"
		if (word == "prod" || word == "production" || word == "prd") && !negated {
			return true
		}
		before = word
	}
	return false
}

// idleOptions says of options that name nothing of the snapshot that they do: without a
// word, no findings would look like nothing to find.
func (a *auditor) idleOptions() (out []string) {
	for _, p := range a.Production {
		if !slices.ContainsFunc(a.Inventory.Accounts, func(acct *inventory.Account) bool { return isMeant(acct, p) }) {
			out = append(out, fmt.Sprintf("--production %s names no account of the snapshot, by id, name or unit", p))
		}
	}
	for _, which := range a.Sensitive {
		found := false
		a.eachResource(func(r *inventory.Resource) { found = found || isNamed(r, which) })
		if !found {
			out = append(out, fmt.Sprintf("--sensitive %s names no resource of the snapshot%s", which, a.insteadOf(which)))
		}
	}
	return out
}

// insteadOf says which resources were probably meant by a name that none has.
func (a *auditor) insteadOf(which string) string {
	if arn.Is(which) || strings.HasPrefix(which, "tag:") {
		return ""
	}
	if near := a.Solver.LikeName(which); which != "" && near != "" {
		return "; did you mean " + near + "?"
	}
	return "; give a name, an ARN, a pattern of either, or tag:KEY=VALUE"
}

// rank says of a role, after its name, that it has every right of its account or gets there
// for certain, by others or by itself; "" where it does not.
func (a *auditor) rank(role string) string {
	if a.ranks == nil {
		a.ranks = map[string]string{}
		for _, e := range a.climbs() {
			switch {
			case !e.Admin || e.Abroad:
			case len(e.Path) == 0:
				a.ranks[e.Principal.ARN] = "which is an administrator"
			case e.Certain() && a.ranks[e.Principal.ARN] == "":
				a.ranks[e.Principal.ARN] = "which gets to be an administrator"
			}
		}
	}
	return a.ranks[role]
}

// admins are the ARNs of who is an administrator by its own policies.
func (a *auditor) admins() map[string]bool {
	if a.adminARNs == nil {
		a.adminARNs = map[string]bool{}
		for _, e := range a.climbs() {
			if e.Admin && len(e.Path) == 0 {
				a.adminARNs[e.Principal.ARN] = true
			}
		}
	}
	return a.adminARNs
}

// vendors are accounts of vendors that their guides on connecting an account of AWS
// name, as of 2026: Datadog, "AWS integration"; New Relic, "Connect AWS"; Databricks,
// "Create a storage credential". --vendor names others.
var vendors = map[string]string{
	"464622532012": "Datadog",
	"754728514883": "New Relic",
	"414351767826": "Databricks",
}

// loadBalancing are the accounts of Elastic Load Balancing, one for each older region, by which
// it writes access logs. Source: Elastic Load Balancing guides, "Enable access logs", 2026 crawl.
var loadBalancing = []string{
	"127311923021", "033677994240", "027434742980", "797873946194", "098369216593", "754344448648", "589379963580", "718504428378",
	"383597477331", "600734575887", "114774131450", "783225319266", "582318560864", "985666609251", "054676820928", "156460612806",
	"652711504416", "635631232127", "009996457667", "897822967062", "076674570225", "507241528517", "048591011584", "190560391635",
	"638102146993", "037604701340",
}
