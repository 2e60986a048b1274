package casefile

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"pathfinder/graphmodel/policy"
	"pathfinder/solver"
)

// A Result is the answer to one line.
type Result struct {
	ID        string   `json:"id"`
	Decision  string   `json:"decision,omitempty"`
	BlockedBy []string `json:"blockedBy,omitempty"`
	Rules     []string `json:"rules,omitempty"`
	// Confidence is "low" when the decision leans on something unsure.
	Confidence string `json:"confidence,omitempty"`
	// Truth answers a condition test.
	Truth *bool `json:"result,omitempty"`

	// Differs says how the answer differs from what the line expects; "" when
	// it does not, or the line expects nothing.
	Differs string `json:"-"`
	// Expects says that the line expects something.
	Expects bool `json:"-"`
}

// Run decides every line of r and calls yield with the answers in input order.
// It stops at the first line that can't be read, with an error that names it,
// or when yield fails.
func Run(r io.Reader, yield func(Result) error) error {
	br := bufio.NewReaderSize(r, 1<<16)
	dec := json.NewDecoder(br)
	dec.UseNumber()
	array, err := startsArray(br)
	if err != nil {
		return err
	}
	if array {
		if _, err := dec.Token(); err != nil {
			return fmt.Errorf("case 1: %w", err)
		}
	}
	for n := 1; dec.More(); n++ {
		var l line
		if err := dec.Decode(&l); err != nil {
			return fmt.Errorf("case %d: %w", n, err)
		}
		res, err := l.run()
		if err != nil {
			return fmt.Errorf("case %d (%q): %w", n, l.ID, err)
		}
		if err := yield(res); err != nil {
			return err
		}
	}
	if array {
		if _, err := dec.Token(); err != nil {
			return fmt.Errorf("the list of cases is not closed: %w", err)
		}
	}
	// More is false for broken text as well.
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return fmt.Errorf("after the last case: %w", errOr(err, "there is more text"))
	}
	return nil
}

func errOr(err error, text string) error {
	if err != nil {
		return err
	}
	return errors.New(text)
}

// startsArray looks at the first character that is not blank.
func startsArray(br *bufio.Reader) (bool, error) {
	for n := 1; ; n++ {
		b, err := br.Peek(n)
		if len(b) < n {
			if errors.Is(err, io.EOF) {
				return false, errors.New("the file holds no case")
			}
			return false, err
		}
		if !bytes.ContainsRune([]byte(" \t\r\n"), rune(b[n-1])) {
			return b[n-1] == '[', nil
		}
	}
}

func (l *line) run() (Result, error) {
	switch {
	case l.Request != nil:
		return l.decide()
	case l.Operator != "":
		return l.test()
	}
	return Result{}, errors.New("a case has a request, or an operator to test")
}

func (l *line) decide() (Result, error) {
	c, err := l.decisionCase()
	if err != nil {
		return Result{}, err
	}
	d := solver.Decide(c)
	res := Result{ID: l.ID, Decision: d.Outcome.String(), BlockedBy: d.BlockedBy, Rules: d.Rules}
	if d.LowConfidence() {
		res.Confidence = "low"
	}
	if len(l.Expect) == 0 {
		return res, nil
	}
	var want struct {
		Decision string `json:"decision"`
	}
	if err := json.Unmarshal(l.Expect, &want); err != nil {
		return Result{}, fmt.Errorf("expect: %w", err)
	}
	res.Expects = want.Decision != ""
	if res.Expects && want.Decision != res.Decision {
		res.Differs = "expected " + want.Decision + ", got " + res.Decision
	}
	return res, nil
}

// test answers a line that tests one condition.
func (l *line) test() (Result, error) {
	if _, ok := policy.ParseOperator(l.Operator); !ok {
		return Result{}, fmt.Errorf("there is no condition operator %q", l.Operator)
	}
	c := policy.NewCondition(l.Operator, l.ConditionKey, l.PolicyValues)
	values := contextValues(l.Context)
	var v any
	if len(l.RequestValue) > 0 {
		if err := json.Unmarshal(l.RequestValue, &v); err != nil {
			return Result{}, fmt.Errorf("requestValue: %w", err)
		}
	}
	key := strings.ToLower(l.ConditionKey)
	switch {
	case l.KeyExists != nil && !*l.KeyExists || l.KeyExists == nil && v == nil:
		values[key] = policy.Value{}
	default:
		values[key] = contextValues(map[string]any{key: v})[key]
	}
	holds := c.Test(policy.Values(values)) == policy.True
	res := Result{ID: l.ID, Truth: &holds}
	if len(l.Expect) > 0 {
		var want bool
		if err := json.Unmarshal(l.Expect, &want); err != nil {
			return Result{}, fmt.Errorf("expect: %w", err)
		}
		res.Expects = true
		if want != holds {
			res.Differs = fmt.Sprintf("expected %t, got %t", want, holds)
		}
	}
	return res, nil
}
