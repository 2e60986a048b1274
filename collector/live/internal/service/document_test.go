package service

import (
	"slices"
	"strings"
	"testing"
)

func TestJoinDocuments(t *testing.T) {
	t.Parallel()
	const (
		first  = `{"Version":"2012-10-17","Statement":[{"Sid":"a","Effect":"Allow","Action":"ssm:GetParameter"},{"Effect":"Deny","Action":"*"}]}`
		second = `{"Version":"2012-10-17","Id":"x","Statement":{"Sid":"b","Effect":"Allow","Action":"ssm:GetParameters"}}`
		again  = `{"Version":"2012-10-17","Statement":[{"Sid":"a","Effect":"Allow","Action":"ssm:PutParameter"}]}`
		old    = `{"Statement":[{"Effect":"Allow","Action":"ssm:GetParameter"}]}`
	)
	tests := []struct {
		name  string
		texts []string
		want  string
		err   string
	}{
		{name: "none"},
		{name: "one alone stays as it is, readable or not", texts: []string{`{"Statement": "?"}`}, want: `{"Statement": "?"}`},
		{name: "two", texts: []string{first, second}, want: `{"Version":"2012-10-17","Statement":[{"Sid":"b","Effect":"Allow","Action":"ssm:GetParameters"},` +
			`{"Sid":"a","Effect":"Allow","Action":"ssm:GetParameter"},{"Effect":"Deny","Action":"*"}]}`},
		{name: "a label that stands twice", texts: []string{first, again}, want: `{"Version":"2012-10-17","Statement":[{"Sid":"a","Effect":"Allow","Action":"ssm:GetParameter"},` +
			`{"Effect":"Deny","Action":"*"},{"Effect":"Allow","Action":"ssm:PutParameter"}]}`},
		{name: "without a version both times", texts: []string{old, old}, want: `{"Statement":[{"Effect":"Allow","Action":"ssm:GetParameter"},{"Effect":"Allow","Action":"ssm:GetParameter"}]}`},
		{name: "the older version, written and not", texts: []string{old, strings.Replace(old, `{`, `{"Version":"2008-10-17",`, 1)}, want: `{"Statement":[{"Effect":"Allow","Action":"ssm:GetParameter"},{"Effect":"Allow","Action":"ssm:GetParameter"}]}`},
		{name: "different versions", texts: []string{first, old}, err: "several documents have different versions"},
		{name: "no JSON", texts: []string{first, "<xml/>"}, err: "one of several documents could not be understood"},
		{name: "an element that is not known", texts: []string{first, `{"Version":"2012-10-17","Statement":[],"Extra":1}`}, err: "one of several documents could not be understood"},
		{name: "no statement", texts: []string{first, `{"Version":"2012-10-17"}`}, err: "one of several documents could not be understood"},
		{name: "no statement but a text", texts: []string{first, `{"Version":"2012-10-17","Statement":["x"]}`}, err: "a statement of several documents could not be understood"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			for range 2 { // in either order
				got, err := joinDocuments(tt.texts)
				if (err == nil) != (tt.err == "") || err != nil && err.Error() != tt.err {
					t.Fatalf("got error %v, want %q", err, tt.err)
				}
				if string(got) != tt.want {
					t.Errorf("got  %s\nwant %s", got, tt.want)
				}
				slices.Reverse(tt.texts)
			}
		})
	}
}

func FuzzJoinDocuments(f *testing.F) {
	f.Add(`{"Statement":{"Sid":"a"}}`, `{"Statement":[{"Sid":"a","Sid":"b"}]}`)
	f.Add(`{"Version":"2012-10-17","Statement":[[]]}`, "")
	f.Fuzz(func(t *testing.T, a, b string) {
		got, err := joinDocuments([]string{a, b})
		if err == nil && !got.IsValid() {
			t.Errorf("%q and %q make %q", a, b, got)
		}
		if other, failed := joinDocuments([]string{b, a}); string(other) != string(got) || (failed == nil) != (err == nil) {
			t.Errorf("the order matters: %q and %q", got, other)
		}
	})
}
