package policy_test

import (
	"strings"
	"testing"

	"pathfinder/graphmodel/policy"
)

func TestPlaces(t *testing.T) {
	t.Parallel()
	const text = `{
  "Version": "2012-10-17",
  "Statement": [
    {"Effect": "Allow", "Action": ["s3:GetObject", "s3:PutObject"], "Resource": "*",
     "Condition": {"StringEquals": {"aws:RequestTag/team": ["a", "b"]}}}
  ]
}`
	tests := []struct {
		name, pointer string
		item          int // -1: not an item
		want          string
		reported      string
	}{
		{name: "a member is at its name", pointer: "/Statement/0/Action", item: -1, want: `"Action"`, reported: "/Statement/0/Action"},
		{name: "an element is at its value", pointer: "/Statement/0", item: -1, want: `{"Effect"`, reported: "/Statement/0"},
		{name: "an item of a list", pointer: "/Statement/0/Action", item: 1, want: `"s3:PutObject"`, reported: "/Statement/0/Action/1"},
		{name: "E7 an item that stands bare", pointer: "/Statement/0/Resource", item: 0, want: `"*"`, reported: "/Statement/0/Resource"},
		{name: "a slash in a name", pointer: "/Statement/0/Condition/StringEquals/aws:RequestTag~1team", item: 1, want: `"b"`, reported: "/Statement/0/Condition/StringEquals/aws:RequestTag~1team/1"},
		{name: "what is not there is at what is around it", pointer: "/Statement/0/Principal", item: -1, want: `{"Effect"`, reported: "/Statement/0/Principal"},
		{name: "an item of what is not there", pointer: "/Statement/7/Action", item: 3, want: `"Statement"`, reported: "/Statement/7/Action"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			places := policy.Parse([]byte(text), policy.Identity).Places()
			got := places.At(tt.pointer)
			if tt.item >= 0 {
				got = places.Item(tt.pointer, tt.item)
			}
			lines := strings.Split(text, "\n")
			if at := lines[got.Line-1][got.Column-1:]; !strings.HasPrefix(at, tt.want) || got.Pointer != tt.reported {
				t.Errorf("%v is %q, want %q at %s", got, at, tt.want, tt.reported)
			}
		})
	}
}

// Statements and conditions are where they are read from, also when something
// before them is not read.
func TestPlacesOfParts(t *testing.T) {
	t.Parallel()
	const text = `{"Statement": [
  {"Effect": "Allow", "Action": "s3:*", "Resource": [null, "*", "arn:aws:s3"]},
  {"Effect": "Allow", "Condition": {"StringEqual": {"aws:a": "1"}, "StringEquals": {"aws:b": "1", "aws:c/d": ["2"]}, "stringequals": {"aws:e": "1"},
    "Bool": {"aws:f": "true"}}, "Action": "s3:*", "Resource": "*"}
]}`
	d := policy.Parse([]byte(text), policy.Identity)
	places := d.Places()
	at := func(p policy.Place) string { return strings.Split(text, "\n")[p.Line-1][p.Column-1:] }
	for i, want := range []string{`{"Effect": "Allow", "Action"`, `{"Effect": "Allow", "Condition"`} {
		if got := places.Statement(d.Statements[i]); !strings.HasPrefix(at(got), want) || got.Pointer != "/Statement/"+string(rune('0'+i)) {
			t.Errorf("statement %d is at %v", i, got)
		}
	}
	s := d.Statements[1]
	wants := []string{"/Statement/1/Condition/StringEquals/aws:b", "/Statement/1/Condition/StringEquals/aws:c~1d", "/Statement/1/Condition/Bool/aws:f"}
	if len(s.Conditions) != len(wants) {
		t.Fatalf("got %d conditions, want %d", len(s.Conditions), len(wants))
	}
	for i, want := range wants {
		if got := places.Condition(s, &s.Conditions[i]); got.Pointer != want || !strings.HasPrefix(at(got), `"`+s.Conditions[i].Key) {
			t.Errorf("condition %d is at %v, want %s", i, got, want)
		}
	}
	bare := policy.Parse([]byte(` {"Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}}`), policy.Identity)
	if got := bare.Places().Statement(bare.Statements[0]); got != (policy.Place{Line: 1, Column: 16, Pointer: "/Statement"}) {
		t.Errorf("a bare statement is at %v", got)
	}
}

// A document that could not be read has places all the same.
func TestPlacesOfNothing(t *testing.T) {
	t.Parallel()
	for _, d := range []*policy.Document{
		policy.Parse([]byte("{"), policy.Identity), policy.Unreadable(policy.Identity, "not read"),
		policy.Parse([]byte(`"Effect":"Deny","Action":"sqs:*","Resource":"*"`), policy.Identity),
	} {
		if got := d.Places().At("/Statement/0"); got.Line != 1 {
			t.Errorf("%s: %v", d.Text(), got)
		}
	}
}
