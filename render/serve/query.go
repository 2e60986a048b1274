package serve

import (
	"cmp"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"pathfinder/solver"
	"pathfinder/solver/lint"
)

// Limits of what a request may say. ARNs have up to 2048 characters.
const (
	maxQuery   = 32 << 10
	maxValue   = 4096
	maxActions = 100
	maxHops    = 3
	maxMatches = 200
)

// params are what a request says.
type params struct {
	resource, principal, id, text string
	actions                       []string
	doubts                        []solver.Gap // about the names of the actions
	hops, limit                   int
}

// A field is a parameter of a path.
type field struct {
	name     string
	required bool
	set      func(p *params, value string) error
}

// The fields that paths have.
var (
	fieldResource  = field{"resource", true, func(p *params, v string) error { p.resource = v; return nil }}
	fieldWhat      = field{"resource", false, fieldResource.set}
	fieldPrincipal = field{"principal", true, func(p *params, v string) error { p.principal = v; return nil }}
	fieldID        = field{"id", true, func(p *params, v string) error { p.id = v; return nil }}
	fieldText      = field{"q", true, func(p *params, v string) error { p.text = v; return nil }}
	fieldHops      = field{"hops", false, func(p *params, v string) (err error) {
		p.hops, err = number(v, 0, maxHops)
		return err
	}}
	fieldLimit = field{"limit", false, func(p *params, v string) (err error) {
		p.limit, err = number(v, 1, maxMatches)
		return err
	}}
	fieldAction = field{"action", false, func(p *params, v string) error {
		doubts, err := lint.CheckActions([]string{v})
		p.actions, p.doubts = append(p.actions, v), append(p.doubts, doubts...)
		return err
	}}
)

func number(text string, least, most int) (int, error) {
	n, err := strconv.Atoi(text)
	if err != nil || n < least || n > most {
		return 0, fmt.Errorf("%q: give a number from %d to %d", short(text), least, most)
	}
	return n, nil
}

// parse reads the query of a request. Of an action there may be several; what is
// said twice otherwise, or is not among the fields, is refused.
func parse(raw string, fields ...field) (*params, *httpError) {
	if len(raw) > maxQuery {
		return nil, &httpError{http.StatusRequestURITooLong, fmt.Sprintf("the query has more than %d bytes", maxQuery)}
	}
	values, err := url.ParseQuery(raw)
	if err != nil {
		return nil, badRequest("the query can't be read: give name=value pairs, with %s", "everything but letters and digits escaped as %XX")
	}
	for name := range values {
		if !slices.ContainsFunc(fields, func(f field) bool { return f.name == name }) {
			names := make([]string, len(fields))
			for i := range fields {
				names[i] = fields[i].name
			}
			return nil, badRequest("there is no parameter %q here: there are %s", short(name), cmp.Or(strings.Join(names, ", "), "none"))
		}
	}
	p := &params{hops: 1, limit: 20}
	for _, f := range fields {
		list := values[f.name]
		switch {
		case f.required && (len(list) == 0 || list[0] == ""):
			return nil, badRequest("%s is missing: give %s=…", f.name, f.name)
		case len(list) > 1 && f.name != fieldAction.name:
			return nil, badRequest("%s is given more than once", f.name)
		case len(list) > maxActions:
			return nil, badRequest("there are more than %d actions: give patterns", maxActions)
		}
		for _, v := range list {
			switch {
			case len(v) > maxValue:
				return nil, badRequest("%s has more than %d bytes", f.name, maxValue)
			case !utf8.ValidString(v):
				return nil, badRequest("%s is not UTF-8", f.name)
			}
			if err := f.set(p, v); err != nil {
				return nil, badRequest("%s: %s", f.name, err)
			}
		}
	}
	return p, nil
}

// httpError is why a request has no answer.
type httpError struct {
	status int
	text   string
}

func (e *httpError) Error() string { return e.text }

func badRequest(format string, args ...any) *httpError {
	return &httpError{http.StatusBadRequest, fmt.Sprintf(format, args...)}
}

// short is the beginning of what a message says of a request.
func short(s string) string {
	const most = 80
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "…"
}
