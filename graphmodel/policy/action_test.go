package policy_test

import (
	"testing"

	"pathfinder/graphmodel/policy"
)

func TestAction(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, pattern string
		service       string
		action        string // in lower case, as the callers have it
		want          bool
	}{
		{name: "E27 case does not count", pattern: "S3:getOBJECT", service: "s3", action: "getobject", want: true},
		{name: "E27 another action", pattern: "s3:GetObject", service: "s3", action: "putobject"},
		{name: "E27 another service", pattern: "s3:GetObject", service: "s3express", action: "getobject"},
		{name: "E28 star at the end", pattern: "s3:Get*", service: "s3", action: "getobject", want: true},
		{name: "E28 star is also empty", pattern: "s3:GetObject*", service: "s3", action: "getobject", want: true},
		{name: "E28 star in the middle", pattern: "s3:G*ject", service: "s3", action: "getobject", want: true},
		{name: "E28 star at the start", pattern: "s3:*Object", service: "s3", action: "getobject", want: true},
		{name: "E28 question mark", pattern: "s3:G?tObject", service: "s3", action: "getobject", want: true},
		{name: "E28 question mark is not empty", pattern: "s3:GetObject?", service: "s3", action: "getobject"},
		{name: "E28 no star, no prefix", pattern: "s3:Get", service: "s3", action: "getobject"},
		{name: "E28 star of one service", pattern: "s3:*", service: "sqs", action: "sendmessage"},
		{name: "E28 the lone star is every action", pattern: "*", service: "sqs", action: "sendmessage", want: true},
		{name: "E28 every action of every service", pattern: "*:*", service: "sqs", action: "sendmessage", want: true},
		{name: "E30 unknown actions are matched as text", pattern: "no:Such*", service: "no", action: "suchthing", want: true},
		{name: "E67 no variables here", pattern: "s3:${aws:username}", service: "s3", action: "ann"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			a, ok := policy.NewAction(tt.pattern)
			if !ok {
				t.Fatalf("NewAction(%q) is refused", tt.pattern)
			}
			if got := a.Match(tt.service, tt.action); got != tt.want {
				t.Errorf("%q covers %s:%s: %v, want %v", tt.pattern, tt.service, tt.action, got, tt.want)
			}
			if a.All() != (tt.pattern == "*" || tt.pattern == "*:*") || a.All() != (a.Service() == "") {
				t.Errorf("All() = %v, Service() = %q", a.All(), a.Service())
			}
		})
	}
}

func TestActionRefused(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, pattern string }{
		{name: "E28 star in the service", pattern: "s*:GetObject"},
		{name: "E28 star as service", pattern: "*:GetObject"},
		{name: "E28 star as service, and another one", pattern: "*:*Object"},
		{name: "E28 question mark in the service", pattern: "s?:GetObject"},
		{name: "E12 no service", pattern: "GetObject"},
		{name: "E12 empty service", pattern: ":GetObject"},
		{name: "E12 empty name", pattern: "s3:"},
		{name: "E12 nothing", pattern: ""},
		{name: "E28 two stars are not the lone star", pattern: "**"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			a, ok := policy.NewAction(tt.pattern)
			if ok || a.Match("s3", "getobject") {
				t.Errorf("NewAction(%q) = %+v, %v; want it refused and matching nothing", tt.pattern, a, ok)
			}
			s := statement(t, policy.Identity, `{"Effect":"Allow","Action":`+quoted(tt.pattern)+`,"Resource":"*"}`)
			if !s.Broken {
				t.Errorf("E11: the statement with action %q is not broken", tt.pattern)
			}
		})
	}
}

func TestMatchAction(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, element string
		service       string
		action        string
		want          bool
	}{
		{name: "E27 any of the list", element: `"Action":["s3:PutObject","s3:Get*"]`, service: "s3", action: "getobject", want: true},
		{name: "E27 none of the list", element: `"Action":["s3:PutObject","s3:List*"]`, service: "s3", action: "getobject"},
		{name: "E29 all the rest", element: `"NotAction":"iam:*"`, service: "s3", action: "getobject", want: true},
		{name: "E29 not the listed ones", element: `"NotAction":["iam:*","sts:*"]`, service: "sts", action: "assumerole"},
		{name: "E29 nothing is left of everything", element: `"NotAction":"*"`, service: "s3", action: "getobject"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := statement(t, policy.Identity, `{"Effect":"Allow",`+tt.element+`,"Resource":"*"}`)
			if got := s.MatchAction(tt.service, tt.action); got != tt.want || s.Broken {
				t.Errorf("%s is about %s:%s: %v, want %v (broken %v)", tt.element, tt.service, tt.action, got, tt.want, s.Broken)
			}
		})
	}
	for element, broken := range map[string]bool{`"Action":[]`: false, `"NotAction":[]`: true} { // no actions are nothing, all but none nobody means
		if s := statement(t, policy.Identity, `{"Effect":"Allow",`+element+`,"Resource":"*"}`); s.Broken != broken || s.MatchAction("s3", "getobject") && !broken {
			t.Errorf("E12: a statement with %s: broken %v, want %v", element, s.Broken, broken)
		}
	}
}
