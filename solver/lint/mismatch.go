package lint

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"pathfinder/graphmodel/arn"
	"pathfinder/graphmodel/catalog"
	"pathfinder/graphmodel/policy"
)

// mismatches finds actions that are made on none of the resources listed beside
// them, and resources that none of the actions is made on (E39, E43).
func (l *linter) mismatches() {
	for _, st := range l.sound() {
		if st.NotAction || st.NotResource || len(st.Resources) == 0 {
			continue
		}
		reaches := make([]reach, len(st.Resources))
		for i := range st.Resources {
			reaches[i] = l.reachOf(&st.Resources[i])
			if l.reported(l.places.Item(l.element(st, "Resource", false), i).Pointer, ruleResourceNothing) {
				reaches[i] = reach{any: true} // it is not what was meant
			}
		}
		if !slices.ContainsFunc(reaches, func(r reach) bool { return r.all }) {
			l.mismatch(st, reaches)
		}
	}
}

func (l *linter) mismatch(st *policy.Statement, reaches []reach) {
	used := make([]bool, len(reaches))
	whole := true // every action is known
	for i := range st.Actions {
		var made []catalog.Action
		for a := range l.cat.Match(st.Actions[i].Text) {
			made = append(made, a)
		}
		if len(made) == 0 {
			whole = false
			continue
		}
		fits := twofold[st.Actions[i].Service()]
		for k := range reaches {
			for n := range made {
				if reaches[k].takes(&made[n]) {
					fits, used[k] = true, true
					break
				}
			}
		}
		if !fits {
			if s, ok := l.misfit(st, i, made, reaches); ok {
				l.report(ruleActionResource, st, l.places.Item(l.element(st, "Action", false), i), s)
			}
		}
	}
	for k := range reaches {
		at := l.places.Item(l.element(st, "Resource", false), k)
		if used[k] || !whole || !slices.Contains(used, true) || l.reported(at.Pointer, ruleResourceNothing) {
			continue // when nothing fits, the actions have said so
		}
		l.report(ruleActionResource, st, at, says{
			message:  fmt.Sprintf("none of the actions of %s is made on %s", nameOf(st), l.kindsOf(&reaches[k], st.Resources[k].Text)),
			remedy:   "list an action that is made on it, or delete it from the list",
			severity: Note, milder: true, // the others work
		})
	}
}

// misfit explains an action that none of the resources takes. Where AWS documents
// no resource for an action, that is not always the whole truth.
func (l *linter) misfit(st *policy.Statement, i int, made []catalog.Action, reaches []reach) (s says, ok bool) {
	text := quote(st.Actions[i].Text)
	if !slices.ContainsFunc(made, func(a catalog.Action) bool { return !a.WildcardOnly }) {
		service := st.Actions[i].Service()
		return says{
			message:  text + " is made on no resource of its own, so that only \"Resource\": \"*\" covers it (E39)",
			remedy:   "give it a statement with \"Resource\": \"*\"",
			severity: Note, milder: !surelyWithout[service] || slices.ContainsFunc(st.Resources, wholeService),
		}, !listsByARN[service]
	}
	var want []string
	for n := range made {
		for _, ref := range made[n].ResourceTypes {
			for _, form := range ref.Type.ARNs {
				form = strings.Replace(form, "${Partition}", "aws", 1)
				if !slices.Contains(want, form) {
					want = append(want, form)
				}
			}
		}
	}
	slices.SortStableFunc(want, func(a, b string) int { return cmp.Compare(len(a), len(b)) }) // the usual ones are short
	s = says{message: fmt.Sprintf("%s is made on none of the listed resources; it is made on %s", text, listOf(want, 2))}
	s.severity, s.milder = Note, !l.familiar(st, i, want, reaches)
	for k := range st.Resources {
		if better := l.neighbour(st.Resources[k].Text, made); better != "" {
			s.message += fmt.Sprintf(", and %s is something else (E43)", quote(st.Resources[k].Text))
			s.remedy = "list " + quote(better)
			break
		}
	}
	return s, true
}

// wholeService reports whether an entry covers all resources of its service. AWS's
// own policies have it beside actions that are made on none.
func wholeService(r policy.ResourcePattern) bool { return arn.Resource(r.Text) == "*" }

// familiar reports whether it is known well enough what the listed resources are
// for: the service documents its actions reliably, and some action of it is made
// on each of them; or they are of another service than any that the action is
// made on.
func (l *linter) familiar(st *policy.Statement, i int, want []string, reaches []reach) bool {
	service := st.Actions[i].Service()
	own := l.cat.Actions(service)
	for k := range reaches {
		field := arn.Service(st.Resources[k].Text)
		near := field == service || slices.ContainsFunc(want, func(form string) bool { return arn.Service(form) == field })
		if near && (!wellDocumented[service] || !slices.ContainsFunc(own, func(a catalog.Action) bool { return reaches[k].takes(&a) })) {
			return false
		}
	}
	return true
}

// neighbour turns the ARN of an object into that of its bucket, and the other
// way round, where that is what the actions are made on.
func (l *linter) neighbour(text string, made []catalog.Action) string {
	tries := []string{bucketOf(text), text + "/*"}
	if arn.Service(text) == "logs" { // behind a log group stands a colon; a slash goes on with its name
		tries = []string{text + ":*"}
	}
	for _, try := range tries {
		if try == "" || !strings.HasPrefix(text, "arn:") {
			continue
		}
		r := policy.NewResourcePattern(try, l.doc.Kind, l.doc.Version)
		if fits := l.reachOf(&r); !fits.any && slices.ContainsFunc(made, func(a catalog.Action) bool { return fits.takes(&a) }) {
			return try
		}
	}
	return ""
}

// bucketOf returns what stands before the first slash of an ARN's last field.
func bucketOf(text string) string {
	head, _, ok := strings.Cut(text, "/")
	if !ok {
		return ""
	}
	return head
}

// kindsOf says what an entry covers.
func (l *linter) kindsOf(r *reach, text string) string {
	if r.any || len(r.types) == 0 {
		return quote(text)
	}
	names := make([]string, 0, len(r.types))
	for _, t := range r.types {
		names = append(names, t.service+" "+t.name)
	}
	slices.Sort(names)
	return quote(text) + ", which is " + listOf(names, 3)
}

// listOf joins the first names of a list.
func listOf(list []string, most int) string {
	if len(list) > most {
		list = append(slices.Clone(list[:most]), "…")
	}
	return strings.Join(list, " or ")
}
