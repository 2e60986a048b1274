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
