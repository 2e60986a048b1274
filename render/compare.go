package render

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/jedib0t/go-pretty/v6/text"

	"pathfinder/solver"
)

// Compare writes whether one policy permits more than another: a sentence in
// all, one for each direction with a request that shows it, and how certain
// that is.
func Compare(w io.Writer, a *solver.CompareAnswer, o Options) error {
	p := &page{Options: o}
	about := kinds(a.Type) + ", each by itself."
	if a.Type == "effective" {
		about = "what both reach, themselves and through roles."
	}
	words, color := compared(a)
	p.line(0, worded(a, words), color)
	p.blank()
	p.direction(a, a.WitnessNew, "new", "old")
	if a.NewPermitsMore || a.OldPermitsMore {
		p.blank()
	}
	p.direction(a, a.WitnessOld, "old", "new")
	if len(a.Unknown) > 0 {
		p.blank()
		p.line(0, fmt.Sprintf("Not known (%d)", len(a.Unknown)), unsure)
		for _, g := range a.Unknown {
			p.line(2, Clean(g.What)+": "+Clean(g.Why), nil)
		}
	}
	p.blank()
	if a.Exact {
		p.line(0, "Exact: this holds for every request. Compared: "+about, faint)
	} else {
		p.line(0, "Not exact: what is not known could make a difference. Compared: "+about, unsure)
	}
	_, err := io.WriteString(w, p.b.String())
	return err
}

// principals rewords, in turn, what is said about policies to be about
// principals.
var principals = []*strings.Replacer{
	strings.NewReplacer("new policy", "second", "old policy", "first", "the old one", "the first", "the new one", "the second"),
	strings.NewReplacer("Both policies permit", "Both can make", "permits requests that", "can make requests that", "permits nothing that", "can do nothing that",
		"could permit", "could do", "permits", "can do", " does not", " can't"),
}

// worded says a sentence about policies in the words of the question.
func worded(a *solver.CompareAnswer, sentence string) string {
	if a.Type != "effective" {
		return sentence
	}
	for _, r := range principals {
		sentence = r.Replace(sentence)
	}
	return sentence
}

// compared sums both directions up.
func compared(a *solver.CompareAnswer) (string, text.Colors) {
	more, less := a.NewPermitsMore && sure(a.WitnessNew), a.OldPermitsMore && sure(a.WitnessOld)
	switch {
	case more && less:
		return "The new policy permits requests that the old one does not, and the other way round", bad
	case more:
		return "The new policy permits more than the old one", bad
	case less && a.NewPermitsMore:
		return "The new policy permits less than the old one, and could permit more", unsure
	case a.NewPermitsMore:
		return "The new policy could permit more than the old one", unsure
	case less:
		return "The new policy permits less than the old one", bold
	case a.OldPermitsMore:
		return "The new policy could permit less than the old one", unsure
	case !a.Exact:
		return "No difference was found", unsure
	}
	return "Both policies permit the same requests", good
}

// sure reports whether a witness needs nothing that is not known.
func sure(w *solver.Witness) bool { return w == nil || len(w.If) == 0 }

// direction says what only one of the policies permits.
func (p *page) direction(a *solver.CompareAnswer, w *solver.Witness, one, other string) {
	switch {
	case w == nil && a.Exact:
		p.line(0, worded(a, "The "+one+" policy permits nothing that the "+other+" one does not."), nil)
		return
	case w == nil:
		p.line(0, worded(a, "No request was found that only the "+one+" policy permits."), nil)
		return
	case sure(w):
		p.line(0, worded(a, "Only the "+one+" policy permits, for example:"), bold)
	default:
		p.line(0, worded(a, "It could be that only the "+one+" policy permits:"), bold)
	}
	p.witness(w)
}

// witness writes one request.
func (p *page) witness(w *solver.Witness) {
	if w.Principal != "*" {
		p.labelled("who", Clean(w.Principal))
	}
	p.labelled("what", Clean(w.Action))
	on := Clean(w.Resource)
	if w.Resource == "*" {
		on = "* (no resource in particular)"
	}
	p.labelled("on", on)
	label := "with"
	for _, key := range slices.Sorted(maps.Keys(w.Context)) {
		p.labelled(label, Clean(key)+" = "+contextValue(w.Context[key]))
		label = ""
	}
	if w.Own {
		p.labelled(label, "an identity policy that allows it, in the account that owns the resource")
	}
	if len(w.Without) > 0 {
		p.labelled(label, "no "+alternatives(w.Without)+" that allows it")
	}
	label = "if"
	for i, role := range w.Via {
		p.labelled([2]string{"via", ""}[min(i, 1)], Clean(role))
	}
	for _, q := range w.If {
		p.labelled(label, Clean(q))
		label = ""
	}
}

// alternatives writes kinds of policies in a sentence: "session policy or resource
// policy".
func alternatives(list []string) string {
	var b strings.Builder
	for i, kind := range list {
		switch {
		case i > 0 && i == len(list)-1:
			b.WriteString(" or ")
		case i > 0:
			b.WriteString(", ")
		}
		b.WriteString(Clean(strings.ReplaceAll(kind, "-", " ")))
	}
	return b.String()
}

// labelled writes one part of a request, wrapped behind its name.
func (p *page) labelled(name, value string) {
	for _, l := range wrap(value, p.width()-10) {
		fmt.Fprintf(&p.b, "  %-5s %s\n", name, l)
		name = ""
	}
}

// contextValue writes what a request holds under a key.
func contextValue(v any) string {
	switch v := v.(type) {
	case string:
		if v == "" {
			return `""`
		}
		return Clean(v)
	case []string:
		return "[" + Clean(strings.Join(v, ", ")) + "]"
	}
	return Clean(fmt.Sprint(v))
}

// kinds names what was compared: "identity policies".
func kinds(kind string) string {
	s := Clean(strings.ReplaceAll(kind, "-", " "))
	if stem, ok := strings.CutSuffix(s, "policy"); ok {
		return stem + "policies"
	}
	return strings.TrimSuffix(s, "y") + "ies"
}
