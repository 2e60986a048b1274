package render

import (
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"pathfinder/solver"
)

// maxOpen is how many principals that stay open, and how many that others cross, a
// table tells of.
const maxOpen = 12

// Cut writes the smallest set of grants to remove: what each is, what hangs on it,
// and what is lost with it; then who can't be closed off, and whom all ways cross.
func Cut(w io.Writer, a *solver.CutAnswer, o Options) error {
	p := &page{Options: o}
	p.line(0, "What to remove so that nobody unwanted can "+verbs(a.Actions)+" "+Clean(a.Resource), bold)
	p.line(0, cutAbout(a), faint)
	p.blank()
	if len(a.Cut) > 0 {
		g := grid{header: []string{"", "Remove", "From", "Ways"}}
		if a.Cut[0].Breaks != nil {
			g.header = append(g.header, "Also lost by it")
		}
		for i := range a.Cut {
			c := &a.Cut[i]
			row := [][]string{{strconv.Itoa(i + 1)}, p.cutWhat(c), p.cutPlaces(c.Places), {ways(c)}}
			if c.Breaks != nil {
				row = append(row, append(p.cutLosses(c.Breaks, c.Unseen), p.cutInstead(c.Instead)...))
			}
			g.add(i, row...)
		}
		g.write(p)
		p.blank()
	}
	p.cutVerdict(a)
	p.cutOpen(a)
	p.cutCrossed(a)
	p.gaps(a.Unknown, a.Complete)
	_, err := io.WriteString(w, p.b.String())
	return err
}

// ways counts the ways that name a grant; of some kinds none does.
func ways(c *solver.CutGrant) string {
	if c.Ways == 0 {
		return ""
	}
	return strconv.Itoa(c.Ways)
}

func cutAbout(a *solver.CutAnswer) string {
	s := fmt.Sprintf("%d unwanted %s with %d %s", len(a.Unwanted), plural(len(a.Unwanted), "principal"), a.Ways, plural(a.Ways, "way"))
	if len(a.From) > 0 {
		s += "; from " + Clean(strings.Join(a.From, ", "))
	}
	if len(a.Keep) > 0 {
		s += "; nothing is taken from " + Clean(strings.Join(a.Keep, ", "))
	}
	return s
}

// cutWhat names a grant in the words of its kind.
func (p *page) cutWhat(c *solver.CutGrant) []string {
	name := p.short(c.Policy).name
	switch c.Type {
	case solver.TypeAttachment:
		return []string{name, hanging + "AWS manages it: detach it"}
	case solver.TypeACL:
		return []string{"entry " + strconv.Itoa(c.Statement) + " of the ACL of " + name}
	case solver.TypeKeyGrant:
		return []string{"grant " + Clean(c.Sid) + " of " + name}
	case solver.TypeShare:
		return []string{"sharing " + name + " with " + Clean(c.Sid)}
	}
	return []string{p.statement(&c.StatementRef), hanging + Clean(c.Type)}
}

func (p *page) cutPlaces(places []string) (lines []string) {
	for _, at := range places[:min(len(places), maxNamed)] {
		lines = append(lines, twoLines(p.short(at))...)
	}
	if more := len(places) - maxNamed; more > 0 {
		lines = append(lines, fmt.Sprintf("and %d more", more))
	}
	return lines
}

// cutInstead tells of a smaller change of a statement.
func (p *page) cutInstead(e *solver.CutEdit) (lines []string) {
	if e == nil {
		return nil
	}
	var gone []string
	for _, text := range e.Remove[:min(len(e.Remove), maxNamed)] {
		gone = append(gone, Clean(text))
	}
	if more := len(e.Remove) - maxNamed; more > 0 {
		gone = append(gone, fmt.Sprintf("and %d more", more))
	}
	lines = append(lines, "instead: remove from its "+e.Element, hanging+strings.Join(gone, ", "))
	for i, line := range p.cutLosses(e.Breaks, e.Unseen) {
		if i == 0 {
			line = "which loses " + line
		}
		lines = append(lines, hanging+line)
	}
	return lines
}

// cutLosses tells what else is lost with a grant, or by a change.
func (p *page) cutLosses(breaks []solver.CutLoss, unseen int) (lines []string) {
	if len(breaks) == 0 {
		lines = append(lines, "nothing else")
	}
	for _, l := range breaks[:min(len(breaks), maxNamed)] {
		what := Clean(actionText(l.Actions, nil))
		if l.More > 0 {
			what = fmt.Sprintf("%s and others (%d actions)", Clean(strings.Join(l.Actions[:min(2, len(l.Actions))], ", ")), len(l.Actions)+l.More)
		}
		lines = append(lines, p.people(l.Principals)+": "+what, hanging+"on "+p.nameList(l.Resources, ""))
	}
	if more := len(breaks) - maxNamed; more > 0 {
		lines = append(lines, fmt.Sprintf("and %d more: --format json lists all", more))
	}
	if unseen > 0 {
		lines = append(lines, fmt.Sprintf("%d further pairs of principal and resource were not looked at", unseen))
	}
	return lines
}

func (p *page) cutVerdict(a *solver.CutAnswer) {
	n := len(a.Cut)
	switch {
	case len(a.Unwanted) == 0:
		p.line(0, "Nobody unwanted reaches it, as far as the snapshot tells.", nil)
		return
	case n == 0:
		p.line(0, "Nothing can be removed for it.", bad)
	case a.Closed:
		p.line(0, fmt.Sprintf("Without %s nobody unwanted reaches it: asked again.", map[bool]string{true: "this grant", false: "these grants"}[n == 1]), good)
	default:
		p.line(0, fmt.Sprintf("Without %s only those below reach it: asked again.", map[bool]string{true: "this grant", false: "these grants"}[n == 1]), unsure)
	}
	switch {
	case n == 0:
	case a.Smallest:
		p.line(0, "No smaller set does.", nil)
	default:
		p.line(0, fmt.Sprintf("That no smaller set does is not proven (it has at least %d): %s.", a.AtLeast, Clean(a.NotProven)), unsure)
	}
}

// cutOpen tells who can't be closed off, and why.
func (p *page) cutOpen(a *solver.CutAnswer) {
	if len(a.Open) == 0 {
		return
	}
	p.blank()
	p.line(0, fmt.Sprintf("Stays open for %d %s", len(a.Open), plural(len(a.Open), "principal")), bad)
	for i := range a.Open[:min(len(a.Open), maxOpen)] {
		o := &a.Open[i]
		why := p.short(o.Principal).line() + ": " + Clean(o.Why)
		if len(o.Keeps) > 0 {
			why += ": " + p.people(o.Keeps)
		}
		p.line(2, why, nil)
		var needed []string
		for k := range o.Needed {
			needed = append(needed, p.statement(&o.Needed[k]))
		}
		if len(needed) > 0 {
			p.line(4, "needed: "+strings.Join(needed, "; "), faint)
		}
		if o.Narrow != nil {
			p.line(4, "this Deny in a policy of "+p.short(o.Narrow.Policy).name+" closes it instead:", nil)
			for _, st := range o.Narrow.Statements {
				p.line(6, Clean(st), nil)
			}
		}
	}
	if more := len(a.Open) - maxOpen; more > 0 {
		p.line(2, fmt.Sprintf("and %d more: --format json lists all", more), faint)
	}
}

// cutCrossed tells which principals others can't get around.
func (p *page) cutCrossed(a *solver.CutAnswer) {
	if len(a.Crossed) == 0 {
		return
	}
	p.blank()
	p.line(0, "All ways cross", bold)
	for _, c := range a.Crossed[:min(len(a.Crossed), maxOpen)] {
		of := fmt.Sprintf("%d of %d principals", c.Starts, len(a.Unwanted))
		if c.All {
			of = "all"
		}
		p.line(2, p.short(c.Principal).line()+": those of "+of, nil)
	}
	if more := len(a.Crossed) - maxOpen; more > 0 {
		p.line(2, fmt.Sprintf("and %d more: --format json lists all", more), faint)
	}
}

// CutCSV writes one row a grant to remove, and one for everybody who stays open,
// after a header. Lists are joined by spaces, also those of statements.
func CutCSV(w io.Writer, a *solver.CutAnswer) error {
	rows := [][]string{{"kind", "type", "policy", "statement", "sid", "places", "ways", "change", "statements", "breaks_principals", "breaks_resources", "unseen", "instead"}}
	for i := range a.Cut {
		c := &a.Cut[i]
		var who, what []string
		for _, l := range c.Breaks {
			who, what = append(who, l.Principals...), append(what, l.Resources...)
		}
		instead := ""
		if c.Instead != nil {
			instead = c.Instead.Change
		}
		rows = append(rows, []string{
			"remove", c.Type, c.Policy, strconv.Itoa(c.Statement), c.Sid, strings.Join(c.Places, " "), ways(c), c.Change,
			strings.Join(c.Statements, " "), distinct(who), distinct(what), strconv.Itoa(c.Unseen), instead,
		})
	}
	for _, o := range a.Open {
		narrow := ""
		if o.Narrow != nil {
			narrow = strings.Join(o.Narrow.Statements, " ")
		}
		rows = append(rows, []string{"open", "", o.Principal, "", "", "", "", o.Why, narrow, strings.Join(o.Keeps, " "), "", "", ""})
	}
	for _, row := range rows {
		for i := range row {
			row[i] = Cell(row[i])
		}
	}
	return csv.NewWriter(w).WriteAll(rows)
}

// distinct joins the different ones of a list, in order.
func distinct(list []string) string {
	list = slices.Clone(list)
	slices.Sort(list)
	return strings.Join(slices.Compact(list), " ")
}
