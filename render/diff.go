package render

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/jedib0t/go-pretty/v6/text"

	"pathfinder/solver"
)

// maxNamed is how many principals of an entry a table names.
const maxNamed = 4

// Diff writes the differences in access between two snapshots: what was gained
// after a "+", what was lost after a "−", by resource.
func Diff(w io.Writer, a *solver.DiffAnswer, o Options) error {
	p := &page{Options: o}
	p.line(0, diffTitle(a), bold)
	p.line(0, "old: "+p.snapshot(&a.Old)+"; new: "+p.snapshot(&a.New), faint)
	p.blank()
	if len(a.Gained)+len(a.Lost) == 0 {
		p.line(0, "No access gained, none lost, as far as the snapshots tell.", nil)
	}
	for _, r := range diffResources(a) {
		title := p.short(r).line()
		if r == "*" {
			title = "On no listed resource"
		}
		p.line(0, title+diffMark(a, r), bold)
		g := grid{header: []string{"", "Who", "How", "May", "Only if"}}
		p.diffRows(&g, a.Gained, r, sign{"+", "denied before by ", good})
		p.diffRows(&g, a.Lost, r, sign{"−", "denied now by ", bad})
		g.write(p)
		p.blank()
	}
	if len(a.Gained)+len(a.Lost) > 0 {
		p.line(0, diffCount("gained", a.Gained)+"; "+diffCount("lost", a.Lost)+".", nil)
	}
	gaps := make([]solver.Gap, len(a.Unknown))
	for i, g := range a.Unknown {
		gaps[i] = g.Gap
		if n := len(g.Principals); n > 0 {
			gaps[i].Why += "; whether " + p.people(g.Principals) + " " + map[bool]string{true: "gains or loses", false: "gain or lose"}[n == 1] + " access is open"
		}
	}
	p.gaps(gaps, a.Complete)
	_, err := io.WriteString(w, p.b.String())
	return err
}

func diffTitle(a *solver.DiffAnswer) string {
	title := "Access that differs"
	if a.Principal != "" {
		title += ", of " + Clean(a.Principal)
	}
	if a.Resource != "" {
		title += ", on " + Clean(a.Resource)
	}
	if !anything(a.Actions) {
		title += ": " + Clean(strings.Join(a.Actions, ", "))
	}
	return title
}

// snapshot says which snapshot it is.
func (p *page) snapshot(s *solver.DiffSnapshot) string {
	out := fmt.Sprintf("%d %s", s.Accounts, plural(s.Accounts, "account"))
	if !s.Created.IsZero() {
		out += " on " + s.Created.UTC().Format("2006-01-02 15:04")
	}
	return out
}

// diffResources lists the resources of both lists in order.
func diffResources(a *solver.DiffAnswer) (out []string) {
	for _, list := range [][]solver.DiffAccess{a.Gained, a.Lost} {
		for i := range list {
			out = append(out, list[i].Resource)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// diffMark tells of a resource that only one snapshot has.
func diffMark(a *solver.DiffAnswer, resource string) string {
	for _, list := range [][]solver.DiffAccess{a.Gained, a.Lost} {
		for i := range list {
			if list[i].Resource == resource && list[i].ResourceIs != "" {
				return " (" + Clean(list[i].ResourceIs) + ")"
			}
		}
	}
	return ""
}

// A sign is how one of the two lists looks.
type sign struct {
	mark, stopped string
	color         text.Colors
}

// diffRows adds the entries about one resource.
func (p *page) diffRows(g *grid, list []solver.DiffAccess, resource string, s sign) {
	names := applicable{}
	for i := range list {
		a := &list[i]
		if a.Resource != resource {
			continue
		}
		group := 0
		if n := len(g.rows); n > 0 {
			group = g.rows[n-1].group + 1
		}
		first, who, how := []string{s.mark}, p.whoDiffers(a), p.how(&a.Access)
		for _, grant := range mergedWithReasons(a.Grants) {
			may := append(p.may(&a.Access, &grant, names), p.reasons(&grant, s.stopped)...)
			g.add(group, first, who, how, may, p.onlyIf(&grant))
			g.rows[len(g.rows)-1].color = []text.Colors{s.color}
			first, who, how = nil, nil, nil
		}
		last := g.rows[len(g.rows)-1].cells
		last[3] = append(last[3], p.changes(a.Changed)...)
	}
}

// changes tells what differs of whoever and whatever is on the way.
func (p *page) changes(list []solver.DiffChange) (lines []string) {
	var of []string
	facts := map[string][]string{}
	for _, c := range list {
		if facts[c.Of] == nil {
			of = append(of, c.Of)
		}
		facts[c.Of] = append(facts[c.Of], Clean(c.Fact))
	}
	for _, what := range of {
		lines = append(lines, hanging+"changed: "+p.short(what).name+", "+strings.Join(facts[what], ", "))
	}
	return lines
}

// whoDiffers names the principals of an entry.
func (p *page) whoDiffers(a *solver.DiffAccess) (lines []string) {
	for _, who := range a.Principals[:min(len(a.Principals), maxNamed)] {
		lines = append(lines, twoLines(p.short(who))...)
	}
	if more := len(a.Principals) - maxNamed; more > 0 {
		lines = append(lines, fmt.Sprintf("and %d more", more))
	}
	if a.PrincipalIs != "" {
		lines = append(lines, "("+Clean(a.PrincipalIs)+")")
	}
	if a.External {
		lines = append(lines, "outside the snapshot")
	}
	return lines
}

// people names principals in a sentence.
func (p *page) people(list []string) string {
	var out []string
	for _, who := range list[:min(len(list), maxNamed)] {
		out = append(out, p.short(who).name)
	}
	s := strings.Join(out, ", ")
	if more := len(list) - maxNamed; more > 0 {
		s += fmt.Sprintf(" and %d more", more)
	}
	return s
}

// mergedWithReasons joins grants for people, as merged does, as far as the same
// statements are behind them.
func mergedWithReasons(grants []solver.Grant) (out []solver.Grant) {
	reason := func(g *solver.Grant) string { return fmt.Sprint(g.Because, g.Stopped) }
	var byReason [][]solver.Grant
	at := map[string]int{}
	for _, g := range grants {
		i, ok := at[reason(&g)]
		if !ok {
			i = len(byReason)
			at[reason(&g)] = i
			byReason = append(byReason, nil)
		}
		byReason[i] = append(byReason[i], g)
	}
	for _, list := range byReason {
		out = append(out, merged(list)...)
	}
	return out
}

// reasons tells the statements that allow on the one side and deny on the other.
func (p *page) reasons(g *solver.Grant, stopped string) (lines []string) {
	for _, list := range []struct {
		word string
		refs []solver.StatementRef
	}{{"by ", g.Because}, {stopped, g.Stopped}} {
		for _, r := range list.refs[:min(len(list.refs), maxNamed)] {
			lines = append(lines, hanging+list.word+p.statement(&r))
		}
		if more := len(list.refs) - maxNamed; more > 0 {
			lines = append(lines, hanging+fmt.Sprintf("and %d more statements", more))
		}
	}
	return lines
}

// statement names a statement: its policy, and its Sid or number.
func (p *page) statement(r *solver.StatementRef) string {
	name := p.short(r.Policy).name
	if owner, own, ok := strings.Cut(r.Policy, ":user/"); ok && owner != "" {
		name = Clean(own)
	} else if _, own, ok := strings.Cut(r.Policy, ":role/"); ok {
		name = Clean(own)
	}
	if r.Sid != "" {
		return name + ", " + Clean(r.Sid)
	}
	return name + ", statement " + strconv.Itoa(r.Statement)
}

func diffCount(verb string, list []solver.DiffAccess) string {
	people := map[string]bool{}
	for i := range list {
		for _, who := range list[i].Principals {
			people[who] = true
		}
	}
	if len(people) == 0 {
		return "nobody " + verb + " access"
	}
	return fmt.Sprintf("%d %s %s access", len(people), plural(len(people), "principal"), verb)
}
