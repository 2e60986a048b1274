package render_test

import (
	"bytes"
	"strings"
	"testing"

	"pathfinder/render"
	"pathfinder/solver"
)

// Grants are joined for people only where nothing changes.
func TestGrantsAreJoined(t *testing.T) {
	t.Parallel()
	const b = "arn:aws:s3:::b"
	grant := func(resource, except string, actions ...string) solver.Grant {
		g := solver.Grant{Actions: actions, Resources: []string{resource}}
		if except != "" {
			g.Except = []string{except}
		}
		return g
	}
	tests := []struct {
		name   string
		grants []solver.Grant
		want   []string // what may stand in the table
		never  string
	}{
		{"same terms", []solver.Grant{grant(b+"/*", "", "s3:GetObject"), grant(b+"/*", "", "s3:PutObject")}, []string{"s3:GetObject, s3:PutObject"}, ""},
		{"a hole that is filled", []solver.Grant{grant(b+"/*", b+"/x/*", "s3:GetObject"), grant(b+"/x/*", "", "s3:GetObject")}, []string{"on …/*"}, "except"},
		{"a hole that others fill", []solver.Grant{grant(b+"/*", b+"/x/*", "s3:GetObject"), grant(b+"/x/*", "", "s3:PutObject")}, []string{"except …/x/*", "s3:PutObject"}, ""},
		{"a hole filled with more", []solver.Grant{grant(b+"/*", b+"/x/*", "s3:GetObject"), grant(b+"/x/*", "", "s3:GetObject", "s3:PutObject")}, []string{"s3:PutObject"}, "except"},
		{"a hole outside", []solver.Grant{grant(b+"/y/*", b+"/x/*", "s3:GetObject"), grant(b+"/x/*", "", "s3:GetObject")}, []string{"except …/x/*"}, ""},
		{"a pattern that may not hold it", []solver.Grant{grant(b+"/*/y", b+"/x/*", "s3:GetObject"), grant(b+"/x/*", "", "s3:GetObject")}, []string{"except …/x/*"}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			a := &solver.WhoCanAnswer{Resource: b, Access: []solver.Access{{Principal: "p", Resource: b, Path: []solver.Step{{Principal: "p"}}, Grants: tt.grants}}}
			var out bytes.Buffer
			if err := render.WhoCan(&out, a, render.Options{Width: 160}); err != nil {
				t.Fatal(err)
			}
			for _, s := range tt.want {
				if !strings.Contains(out.String(), s) {
					t.Errorf("no %q in\n%s", s, &out)
				}
			}
			if tt.never != "" && strings.Contains(out.String(), tt.never) {
				t.Errorf("%q in\n%s", tt.never, &out)
			}
		})
	}
}
