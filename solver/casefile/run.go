package casefile

import (
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"pathfinder/graphmodel/policy"
	"pathfinder/solver"
)

// A Result is the answer to one line.
type Result struct {
	ID string `json:"id"`
	// Decision is AWS's word. Under the setting s3BlockPublicAccess a cut by
	// Block Public Access is called ExplicitlyDenied, otherwise
	// ImplicitlyDenied (E84).
	Decision  string   `json:"decision,omitempty"`
	BlockedBy []string `json:"blockedBy,omitempty"`
	Rules     []string `json:"rules,omitempty"`
	// Confidence is "low" when the answer leans on something unsure.
	Confidence string `json:"confidence,omitempty"`
	// Answer is there in place of a decision when a line asks for less.
	Answer Answer `json:"result,omitempty"`

	// Differs says how the answer differs from what the line expects; "" when
	// it does not, or the line expects nothing.
	Differs string `json:"-"`
	// Expects says that the line expects something.
	Expects bool `json:"-"`
}

// An Answer is what a line gets that asks for a test: "true" or "false", or
// for a principal "Match", "AccountLevelMatch", "SessionRoleMatch", "NoMatch".
// The zero Answer is none.
type Answer string

const (
	answerTrue  Answer = "true"
	answerFalse Answer = "false"
)

func truth(is bool) Answer {
	if is {
		return answerTrue
	}
	return answerFalse
}

// MarshalJSON writes true and false as JSON's own, anything else as a text.
func (a Answer) MarshalJSON() ([]byte, error) {
	if a == answerTrue || a == answerFalse {
		return []byte(a), nil
	}
	return jsontext.AppendQuote(nil, string(a))
}

// run is what lines of one file share.
type run struct {
	docs documents
}

// lenient leaves it to the policy parser to find fault with policies.
var lenient = json.JoinOptions(jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))

// Run decides every line of r and calls yield with the answers in input order.
// It stops at the first line that can't be read, with an error that names it,
// or when yield fails. It holds one line at a time, and of policies the latest.
func Run(r io.Reader, yield func(Result) error) error {
	dec := jsontext.NewDecoder(r, lenient)
	var state run
	array := dec.PeekKind() == '['
	if array {
		if _, err := dec.ReadToken(); err != nil {
			return err
		}
	}
	n := 0
	for more(dec) {
		n++
		res, err := state.next(dec, n)
		if err != nil {
			return err
		}
		if err := yield(res); err != nil {
			return err
		}
	}
	if array {
		if _, err := dec.ReadToken(); err != nil {
			return fmt.Errorf("case %d, or the list of cases is not closed: %w", n+1, err)
		}
	}
	switch tok, err := dec.ReadToken(); {
	case errors.Is(err, io.EOF) && n == 0 && !array:
		return errors.New("the file holds no case")
	case errors.Is(err, io.EOF):
		return nil
	case err != nil && !array:
		return fmt.Errorf("case %d: %w", n+1, err)
	case err != nil:
		return fmt.Errorf("after the last case: %w", err)
	default:
		return fmt.Errorf("after the last case: there is %s", nameOf(tok.Kind()))
	}
}

// more reports whether another case follows. It is false for broken text too,
// which then fails to be the end.
func more(dec *jsontext.Decoder) bool {
	switch dec.PeekKind() {
	case 0, ']', '}':
		return false
	}
	return true
}

// next answers the case that dec stands at, the nth.
func (r *run) next(dec *jsontext.Decoder, n int) (Result, error) {
	raw, err := dec.ReadValue()
	if err != nil {
		return Result{}, fmt.Errorf("case %d: %w", n, err)
	}
	var l line
	if err := json.Unmarshal(raw, &l, lenient); err != nil {
		return Result{}, fmt.Errorf("case %d%s: %w", n, idOf(raw), plain(err))
	}
	res, err := r.answer(&l)
	if err != nil {
		return Result{}, fmt.Errorf("case %d (%q): %w", n, l.ID, err)
	}
	return res, nil
}

// idOf names a case that can't be read as a whole.
func idOf(raw jsontext.Value) string {
	var l struct {
		ID jsontext.Value `json:"id"`
	}
	if json.Unmarshal(raw, &l, lenient) != nil || l.ID.Kind() != '"' {
		return ""
	}
	id, _ := text(l.ID)
	return fmt.Sprintf(" (%q)", id)
}

// plain says in the words of the file which field has a value of a wrong type.
func plain(err error) error {
	se, ok := errors.AsType[*json.SemanticError](err)
	if !ok || se.GoType == nil {
		return err
	}
	want := "an object"
	switch se.GoType.Kind() {
	case reflect.String:
		want = "a text"
	case reflect.Bool:
		want = "true or false"
	case reflect.Slice:
		want = "a list"
	default:
	}
	where := ""
	if se.JSONPointer != "" {
		where = string(se.JSONPointer) + ": "
	}
	return fmt.Errorf("%s%s is expected here", where, want)
}

// answer answers a line of any kind.
func (r *run) answer(l *line) (Result, error) {
	switch {
	case l.Request != nil:
		return r.decide(l)
	case l.Operator != "":
		return l.test()
	case l.Element != "":
		return r.element(l)
	}
	return Result{}, errors.New("a case has a request, an operator to test, or an element to match")
}

func (r *run) decide(l *line) (Result, error) {
	if l.Request.Principal == "" || l.Request.Action == "" {
		return Result{}, errors.New("the request needs a principal and an action")
	}
	c, err := r.decisionCase(l)
	if err != nil {
		return Result{}, err
	}
	d := solver.Decide(c)
	res := Result{ID: l.ID, Rules: d.Rules}
	res.Decision, res.BlockedBy = l.Settings.words(&d)
	if d.LowConfidence() {
		res.Confidence = "low"
	}
	return res, l.compare(&res)
}

// compare compares a decision with what the line expects of it. The gates that
// block are a set.
func (l *line) compare(res *Result) error {
	if !there(l.Expect) {
		return nil
	}
	var want struct {
		Decision  string   `json:"decision"`
		BlockedBy []string `json:"blockedBy"`
	}
	if err := json.Unmarshal(l.Expect, &want, lenient); err != nil {
		return fmt.Errorf("expect: %w", plain(err))
	}
	var differs []string
	if want.Decision != "" && want.Decision != res.Decision {
		differs = append(differs, fmt.Sprintf("expected %s, got %s", want.Decision, res.Decision))
	}
	if want.BlockedBy != nil && !sameSet(want.BlockedBy, res.BlockedBy) {
		differs = append(differs, fmt.Sprintf("expected to be blocked by %s, got %s", set(want.BlockedBy), set(res.BlockedBy)))
	}
	res.Expects = want.Decision != "" || want.BlockedBy != nil
	res.Differs = strings.Join(differs, "; ")
	return nil
}

func sameSet(a, b []string) bool { return set(a) == set(b) }

// set writes a set of words.
func set(list []string) string {
	if len(list) == 0 {
		return "nothing"
	}
	sorted := slices.Clone(list)
	slices.Sort(sorted)
	return strings.Join(slices.Compact(sorted), ", ")
}

// test answers a line that tests one condition.
func (l *line) test() (Result, error) {
	if _, ok := policy.ParseOperator(l.Operator); !ok {
		return Result{}, fmt.Errorf("there is no condition operator %q", l.Operator)
	}
	list, err := textList(l.PolicyValues)
	if err != nil {
		return Result{}, fmt.Errorf("policyValues: %w", err)
	}
	ctx, err := contextValues(l.Context)
	if err != nil {
		return Result{}, err
	}
	key := strings.ToLower(l.ConditionKey)
	ctx[key] = policy.Value{}
	if l.KeyExists == nil || *l.KeyExists {
		if ctx[key], err = contextValue(key, l.RequestValue); err != nil {
			return Result{}, fmt.Errorf("requestValue: %w", err)
		}
	}
	c := policy.NewCondition(l.Operator, l.ConditionKey, list)
	return l.bare(truth(c.Test(policy.Values(ctx)) == policy.True))
}
