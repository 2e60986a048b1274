package policy

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"pathfinder/graphmodel/arn"
)

// Review gives advice on resource patterns that AWS saves and that match
// nothing: ARNs that no resource type of their service has, and accounts that
// can't be accounts. It leans towards silence: services that the catalog does
// not know are left alone, and so are statements with faults of their own that
// break them. The faults are in document order and all [Advice].
func (d *Document) Review() []Fault {
	var out []Fault
	var places *Places // made when there is something to say
	for _, s := range d.Statements {
		if s.Broken && !d.Unreadable() {
			continue
		}
		for i := range s.Resources {
			r := &s.Resources[i]
			if why, better := r.review(); why != "" {
				if places == nil {
					places = d.Places()
				}
				at := places.resource(s, i)
				out = append(out, Fault{Place: at, Severity: Advice, Statement: s.Index, Message: why, Instead: better})
			}
		}
	}
	return out
}

// doubled is how ARNs of parameters begin when somebody puts a name such as /a/b behind
// "parameter/". Source: Systems Manager user guide, "Parameter name requirements", 2026 crawl.
const doubled = "parameter//"

// review tells why r matches nothing, and the likely repair by itself; why is ""
// when r is fine.
func (r *ResourcePattern) review() (why, better string) {
	a, ok := readRough(r.Text)
	if !ok {
		return "", ""
	}
	near := shapes().serviceNear(a.field[2])
	renamed := a.with(2, near)
	lacks, filled := a.lacks()
	switch early := a.earlyVariable(); {
	case early != "":
		return fmt.Sprintf("%s is taken to match nothing: policy variables are for the last field, and %s stands before it (E41); write \"*\" there and a Condition",
			quote(r.Text), early), ""
	case a.n < 6 && !r.complete:
		if strings.HasSuffix(r.Text, "*") || r.refused {
			return "", ""
		}
		why = fmt.Sprintf("%s has %d of the six fields of an ARN, so it covers nothing here (E37)", quote(r.Text), a.n)
	case !a.accountFits():
		why = fmt.Sprintf("%s matches nothing: its account field is %s, which is not 12 digits", quote(r.Text), quote(a.field[4]))
	case a.fits() == no && lacks != "":
		return fmt.Sprintf("%s matches nothing: its %s empty, and no ARN of this kind is without; did you mean %s?", quote(r.Text), lacks, quote(filled.String())), filled.String()
	case a.fits() == no:
		why = fmt.Sprintf("%s matches nothing: no resource of %s has such an ARN", quote(r.Text), a.field[2])
	case a.fits() == unknown:
		if near == "" || renamed.fits() != yes {
			return "", ""
		}
		why = fmt.Sprintf("%s matches nothing: there is no service %s", quote(r.Text), quote(a.field[2]))
	case a.field[2] == "ssm" && strings.HasPrefix(a.field[5], doubled):
		named := a.with(5, "parameter/"+strings.TrimLeft(strings.TrimPrefix(a.field[5], doubled), "/"))
		better = named.String()
		return fmt.Sprintf("%s matches nothing: the slash that the name of a parameter begins with is the one behind \"parameter\"; did you mean %s?", quote(r.Text), quote(better)), better
	default:
		return "", ""
	}
	if better = a.repair(); better != "" {
		return why + "; did you mean " + quote(better) + "?", better
	}
	if !a.accountFits() {
		return why + "; write the id of the account, or \"*\"", ""
	}
	if forms := shapes().examples(a.field[2]); forms != "" {
		why += "; its resources look like " + forms
	}
	return why, ""
}

// A rough is an ARN pattern in fields; variables may hold colons.
type rough struct {
	field [6]string
	n     int // fields as written; the others are "*"
}

// readRough cuts text at colons outside of variables. ok is false when there
// is nothing to review: no ARN, or a service field that matches several.
func readRough(text string) (a rough, ok bool) {
	rest := text
	for a.n = 1; a.n < 6; a.n++ {
		i := colon(rest)
		if i < 0 {
			break
		}
		a.field[a.n-1], rest = rest[:i], rest[i+1:]
	}
	a.field[a.n-1] = rest
	for i := a.n; i < 6; i++ {
		a.field[i] = "*"
	}
	return a, a.n > 2 && a.field[0] == "arn" && !strings.ContainsAny(a.field[2], "*?$")
}

// colon finds the first colon outside of ${…}.
func colon(s string) int {
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == ':':
			return i
		case strings.HasPrefix(s[i:], "${"):
			if j := strings.IndexByte(s[i:], '}'); j > 0 {
				i += j
			}
		}
	}
	return -1
}

// earlyVariable returns a variable that stands before the sixth field.
func (a *rough) earlyVariable() string {
	for _, f := range a.field[:5] {
		if i := strings.Index(f, "${"); i >= 0 {
			if j := strings.IndexByte(f[i:], '}'); j > 0 {
				return f[i : i+j+1]
			}
		}
	}
	return ""
}

// lacks says which of region and account are empty that must not be, and puts "*" there.
func (a *rough) lacks() (which string, filled rough) {
	region, account := a.with(3, cmp.Or(a.field[3], "*")), a.with(4, cmp.Or(a.field[4], "*"))
	both := region.with(4, account.field[4])
	switch {
	case account.good(a):
		return "account field is", account
	case region.good(a):
		return "region field is", region
	case both.good(a):
		return "fields for region and account are", both
	}
	return "", rough{}
}

func (a rough) with(i int, text string) rough {
	a.field[i] = text
	return a
}

// String joins the fields, those left out by the author excepted.
func (a *rough) String() string { return strings.Join(a.field[:a.n], ":") }

// accountFits reports whether the account field can be that of a resource.
func (a *rough) accountFits() bool {
	f := a.field[4]
	return f == "" || strings.ContainsAny(f, "*?") || arn.IsAccountID(f) || slices.Contains(shapes().accounts, f)
}

// An answer of the catalog.
type answer uint8

const (
	unknown answer = iota
	no
	yes
)

// fits tells whether a resource type of the service has ARNs that a covers.
func (a *rough) fits() answer { return a.fit(false) }

// fit is strict when region and account have to be there, or not, as in the
// documented form.
func (a *rough) fit(strict bool) answer {
	list := shapes().byService[a.field[2]]
	if len(list) == 0 {
		return unknown
	}
	var g [6]arn.Glob
	runsOn := false
	for i, f := range a.field {
		g[i] = arn.NewGlob(masked(f))
		runsOn = runsOn || i < 5 && strings.HasSuffix(f, "*")
	}
	for i := range list {
		if list[i].overlaps(&g, strict) {
			return yes
		}
	}
	whole := arn.NewGlob(masked(a.String()))
	for i := range list {
		if runsOn && !strict && arn.Overlaps(whole, list[i].whole) {
			return yes // E35
		}
	}
	return no
}

// masked replaces variables with '*'.
func masked(s string) string {
	for {
		i := strings.Index(s, "${")
		if i < 0 {
			return s
		}
		j := strings.IndexByte(s[i:], '}')
		if j < 0 {
			return s
		}
		s = s[:i] + "*" + s[i+j+1:]
	}
}

// repair searches the ARN that was probably meant: one edit away, or else two.
func (a *rough) repair() string {
	first := a.edits()
	for i := range first {
		if first[i].good(a) {
			return first[i].String()
		}
	}
	for i := range first {
		second := first[i].edits()
		for k := range second {
			if second[k].good(a) {
				return second[k].String()
			}
		}
	}
	return ""
}

func (a *rough) good(was *rough) bool {
	return *a != *was && a.accountFits() && a.fit(true) == yes
}

// edits lists the usual slips undone, the likeliest first.
func (a *rough) edits() []rough {
	var out []rough
	region, account, resource := a.field[3], a.field[4], a.field[5]
	if a.n == 5 { // a field was left out
		full := *a
		full.n = 6
		switch {
		case arn.IsAccountID(account):
			out = append(out, full)
		case arn.IsAccountID(region):
			out = append(out, full.with(3, "*").with(4, region).with(5, account))
		}
		out = append(out, full.with(5, account).with(4, "*"))
	}
	out = append(out, a.with(4, strings.Map(func(r rune) rune {
		if r == '/' || r == '-' || r == ' ' {
			return -1
		}
		return r
	}, account)))
	if head, tail, ok := strings.Cut(resource, ":"); ok {
		out = append(out, a.with(5, head+"/"+tail))
		if arn.IsAccountID(head) && account == "" {
			out = append(out, a.with(4, head).with(5, tail))
		}
	}
	if head, tail, ok := strings.Cut(resource, "/"); ok {
		out = append(out, a.with(5, head+":"+tail))
	}
	out = append(out, a.with(5, strings.TrimPrefix(resource, "/")))
	word := resource
	if i := strings.IndexAny(resource, "/:"); i >= 0 {
		word = resource[:i]
	}
	if head := nearest(word, shapes().heads(a.field[2])); head != "" {
		out = append(out, a.with(5, head+resource[len(word):]))
	}
	if region != "" || account != "" {
		out = append(out, a.with(3, ""), a.with(4, ""), a.with(3, "").with(4, ""))
	}
	for _, service := range []string{"iam", "sts"} {
		if slices.Contains(shapes().heads(service), word) {
			out = append(out, a.with(2, service).with(3, ""))
		}
	}
	if near := shapes().serviceNear(a.field[2]); near != "" {
		out = append(out, a.with(2, near))
	}
	return out
}
