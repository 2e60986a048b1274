package render

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"pathfinder/solver"
	"pathfinder/solver/audit"
)

// WhoCan writes the answer as tables: one for each resource reached.
func WhoCan(w io.Writer, a *solver.WhoCanAnswer, o Options) error {
	p := &page{Options: o}
	p.line(0, "Who can "+verbs(a.Actions)+" "+Clean(a.Resource), bold)
	p.blank()
	if len(a.Access) == 0 {
		p.line(0, "Nobody, as far as the snapshot tells.", nil)
	}
	resources := resourcesOf(a.Access)
	for _, r := range resources {
		if len(resources) > 1 {
			p.line(0, p.short(r).line(), bold)
		}
		p.accessTable(only(a.Access, r), true)
	}
	if len(a.Access) > 0 {
		p.line(0, count(a.Access), nil)
	}
	p.assigned(a.IdentityCenter)
	p.escalated(a)
	p.blank()
	p.public(a)
	p.notes(a.Notes)
	p.gaps(a.Unknown, a.Complete)
	_, err := io.WriteString(w, p.b.String())
	return err
}

// escalated lists who gets there by escalating, where that was asked.
func (p *page) escalated(a *solver.WhoCanAnswer) {
	if a.Escalations == nil {
		return
	}
	p.blank()
	n := len(a.Escalations)
	if n == 0 {
		p.line(0, "By escalating: nobody else.", nil)
		return
	}
	p.line(0, fmt.Sprintf("By escalating: %d more %s", n, plural(n, "principal")), bold)
	for i := range a.Escalations {
		e := &a.Escalations[i]
		name := p.short(e.Principal).line()
		if e.Resource != a.Resource {
			name += ", to " + p.short(e.Resource).line()
		}
		p.line(2, name, nil)
		p.line(4, Clean(audit.Tell(e.Path)), nil)
		if len(e.Condition) > 0 {
			p.line(4, "If "+Clean(e.Condition.String())+".", nil)
		}
		for _, what := range e.If {
			p.line(4, "If "+Clean(what)+".", nil)
		}
	}
}

// Can writes what one principal reaches.
func Can(w io.Writer, a *solver.CanAnswer, o Options) error {
	p := &page{Options: o}
	title := "What " + p.short(a.Principal).line() + " can do"
	if a.Resource != "" {
		title += " on " + Clean(a.Resource)
	}
	if !anything(a.Actions) {
		title += ": " + Clean(strings.Join(a.Actions, ", "))
	}
	p.line(0, title, bold)
	p.blank()
	if len(a.Access) == 0 {
		p.line(0, "Nothing, as far as the snapshot tells.", nil)
	} else {
		sorted := slices.Clone(a.Access)
		slices.SortStableFunc(sorted, func(x, y solver.Access) int { return strings.Compare(x.Resource, y.Resource) })
		p.accessTable(sorted, false)
		n := len(resourcesOf(a.Access))
		p.line(0, fmt.Sprintf("%d %s", n, plural(n, "resource")), nil)
	}
	p.assigned(a.IdentityCenter)
	p.notes(a.Notes)
	p.gaps(a.Unknown, a.Complete)
	_, err := io.WriteString(w, p.b.String())
	return err
}

// verbs reads the actions asked for aloud.
func verbs(actions []string) string {
	if anything(actions) {
		return "do anything with"
	}
	return "do " + Clean(strings.Join(actions, ", ")) + " on"
}

// anything reports whether no action was named, but all of some services.
func anything(actions []string) bool {
	return len(actions) == 0 || !slices.ContainsFunc(actions, func(a string) bool { return a != "*" && !strings.HasSuffix(a, ":*") })
}

// resourcesOf lists the resources reached, in the order of their first entry.
func resourcesOf(access []solver.Access) []string {
	var out []string
	seen := map[string]bool{}
	for i := range access {
		if r := access[i].Resource; !seen[r] {
			seen[r] = true
			out = append(out, r)
		}
	}
	return out
}

func only(access []solver.Access, resource string) []solver.Access {
	return slices.DeleteFunc(slices.Clone(access), func(a solver.Access) bool { return a.Resource != resource })
}

// count sums the entries up: "3 principals, 1 of them only under conditions".
func count(access []solver.Access) string {
	free := map[string]bool{}
	for i := range access {
		free[access[i].Principal] = free[access[i].Principal] || !access[i].Conditional()
	}
	bound := 0
	for _, unconditional := range free {
		if !unconditional {
			bound++
		}
	}
	s := fmt.Sprintf("%d %s", len(free), plural(len(free), "principal"))
	if bound > 0 {
		s += fmt.Sprintf(", %d of them only under conditions", bound)
	}
	return s
}

func plural(n int, word string) string {
	if n == 1 {
		return word
	}
	return word + "s"
}

func (p *page) public(a *solver.WhoCanAnswer) {
	if a.Public == nil && slices.ContainsFunc(a.Unknown, func(g solver.Gap) bool { return g.What == a.Resource }) {
		p.line(0, "Public: no, as far as is known: see below.", nil)
		return
	}
	if a.Public == nil {
		p.line(0, "Public: no. Anonymous callers reach nothing here.", nil)
		return
	}
	p.line(0, "Public: yes. Anybody, without credentials, may:", bad)
	names := applicable{}
	for _, g := range merged(a.Public.Grants) {
		s := Clean(actionText(g.Actions, names.of(g.Resources))) + " on " + p.nameList(g.Resources, "")
		if len(g.Except) > 0 {
			s += ", except " + p.nameList(g.Except, "")
		}
		if len(g.Condition) > 0 {
			s += ", if " + Clean(g.Condition.String())
		}
		p.line(2, s, nil)
	}
}
