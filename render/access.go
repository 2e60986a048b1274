package render

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"pathfinder/graphmodel/arn"
	"pathfinder/solver"
)

// How much of a list a table shows.
const (
	maxPatterns  = 3
	maxResources = 3
	maxGaps      = 12
)

// accessTable writes access as a grid: one row a grant, one group an entry.
// The first column is the principal, or the resource where the principal is
// known.
func (p *page) accessTable(access []solver.Access, byPrincipal bool) {
	g := grid{header: []string{"Resource", "How", "May", "Only if"}}
	if byPrincipal {
		g.header[0] = "Principal"
	}
	names := applicable{}
	last := ""
	for i := range access {
		a := &access[i]
		who := a.Resource
		if byPrincipal {
			who = a.Principal
		}
		first, how := twoLines(p.short(who)), p.how(a)
		if a.External {
			first = append(first, "outside the snapshot")
		}
		if who == last {
			first = nil
		}
		last = who
		for _, grant := range merged(a.Grants) {
			may, onlyIf := p.may(a, &grant, names), p.onlyIf(&grant)
			if n := len(g.rows) - 1; how == nil && slices.Equal(g.rows[n].cells[3], onlyIf) {
				g.rows[n].cells[2] = append(g.rows[n].cells[2], may...)
				continue
			}
			g.add(i, first, how, may, onlyIf)
			first, how = nil, nil
		}
	}
	g.write(p)
}

func twoLines(s shortName) []string {
	if s.where == "" {
		return []string{s.name}
	}
	return []string{s.name, s.where}
}

// how tells the path: "direct", or the roles in turn, each with the conditions
// of the hop.
func (p *page) how(a *solver.Access) []string {
	if len(a.Path) < 2 {
		return []string{"direct"}
	}
	var lines []string
	for _, s := range a.Path[1:] {
		n := p.short(s.Principal)
		where := ""
		if id := arn.Account(s.Principal); id != "" {
			where = " in " + Clean(cmp.Or(p.Accounts[id], id))
		}
		lines = append(lines, marker+n.name+where)
		if len(s.Condition) > 0 {
			lines = append(lines, hanging+"if "+Clean(s.Condition.String()))
		}
	}
	return lines
}

// may tells the actions of a grant, and on what when that is not the resource
// as a whole.
func (p *page) may(a *solver.Access, g *solver.Grant, names applicable) []string {
	lines := []string{Clean(actionText(g.Actions, names.of(g.Resources)))}
	if !slices.Equal(g.Resources, []string{a.Resource}) {
		lines = append(lines, "on "+p.nameList(g.Resources, a.Resource))
	}
	if len(g.Except) > 0 {
		lines = append(lines, "except "+p.nameList(g.Except, a.Resource))
	}
	return lines
}

// actionText is "s3:Get*, s3:List* (23)".
func actionText(actions, universe []string) string {
	patterns := Actions(actions, universe)
	shown := strings.Join(patterns[:min(len(patterns), maxPatterns)], ", ")
	switch more := len(patterns) - maxPatterns; {
	case more > 0:
		if but := allBut(actions, universe); but != "" {
			return fmt.Sprintf("%s (%d)", but, len(actions))
		}
		return fmt.Sprintf("%s, +%d more (%d actions)", shown, more, len(actions))
	case len(patterns) < len(actions):
		return fmt.Sprintf("%s (%d)", shown, len(actions))
	}
	return shown
}

// allBut is "s3:* but s3:PutBucketPolicy" where few actions of one service are missing, "" elsewhere.
func allBut(actions, universe []string) string {
	service, _, _ := strings.Cut(actions[0], ":")
	have := make(map[string]bool, len(actions))
	for _, a := range actions {
		if of, _, _ := strings.Cut(a, ":"); !strings.EqualFold(of, service) {
			return ""
		}
		have[strings.ToLower(a)] = true
	}
	var missing []string
	for _, a := range universe {
		if of, _, _ := strings.Cut(a, ":"); strings.EqualFold(of, service) && !have[strings.ToLower(a)] {
			have[strings.ToLower(a)] = true // names may come twice
			missing = append(missing, a)
		}
	}
	if len(missing) == 0 || len(missing) > maxPatterns || len(actions) < fewOf*len(missing) {
		return ""
	}
	slices.Sort(missing)
	return service + ":* but " + strings.Join(missing, ", ")
}

// fewOf is how many actions there are for each that is told as missing.
const fewOf = 10

// nameList lists resources; of those inside the known one it shows the rest:
// "…/reports/*".
func (p *page) nameList(arns []string, known string) string {
	var out []string
	for _, r := range arns[:min(len(arns), maxResources)] {
		if rest, ok := strings.CutPrefix(r, known+"/"); ok {
			out = append(out, "…/"+Clean(rest))
			continue
		}
		out = append(out, p.short(r).name)
	}
	if more := len(arns) - maxResources; more > 0 {
		out = append(out, fmt.Sprintf("+%d more", more))
	}
	return strings.Join(out, ", ")
}

// onlyIf tells the open condition of a grant, and whether it is sure.
func (p *page) onlyIf(g *solver.Grant) []string {
	var lines []string
	if len(g.Condition) > 0 {
		lines = append(lines, Clean(g.Condition.String()))
	}
	switch {
	case len(g.Unsure) > 0:
		lines = append(lines, "(unsure: AWS leaves it unclear, "+Clean(strings.Join(g.Unsure, ", "))+")")
	case g.Confidence == "low":
		lines = append(lines, "(unsure: see what is not known)")
	}
	return lines
}

// notes tells what opens nothing and is worth knowing.
func (p *page) notes(list []solver.Gap) {
	if len(list) == 0 {
		return
	}
	p.blank()
	p.line(0, "Worth knowing", bold)
	for _, g := range list[:min(len(list), maxGaps)] {
		p.line(2, Clean(g.What)+": "+Clean(g.Why), nil)
	}
	if more := len(list) - maxGaps; more > 0 {
		p.line(2, fmt.Sprintf("and %d more: --format json lists all", more), faint)
	}
}

// gaps tells what is not known, and whether the answer is complete.
func (p *page) gaps(list []solver.Gap, complete bool) {
	if len(list) > 0 {
		p.blank()
		p.line(0, fmt.Sprintf("Not known (%d)", len(list)), unsure)
		for _, g := range list[:min(len(list), maxGaps)] {
			p.line(2, Clean(g.What)+": "+Clean(g.Why), nil)
		}
		if more := len(list) - maxGaps; more > 0 {
			p.line(2, fmt.Sprintf("and %d more: --format json lists all", more), faint)
		}
	}
	p.blank()
	if complete {
		p.line(0, "Complete: nothing is missing that could change this answer.", faint)
		return
	}
	p.line(0, "Incomplete: what is not known could add access, or take it away.", unsure)
}
