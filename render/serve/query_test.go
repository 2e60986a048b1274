package serve

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"pathfinder/render/internal/rendertest"
)

func TestParse(t *testing.T) {
	t.Parallel()
	all := []field{fieldPrincipal, fieldWhat, fieldAction, fieldHops, fieldLimit}
	p, err := parse("principal=a%2Fb&action=s3%3AGet%2A&action=*&hops=0&limit=200", all...)
	if err != nil || p.principal != "a/b" || p.resource != "" || !slices.Equal(p.actions, []string{"s3:Get*", "*"}) || p.hops != 0 || p.limit != 200 {
		t.Errorf("got %+v, %v", p, err)
	}
	if p, err = parse("principal=a&resource=", all...); err != nil || p.hops != 1 || p.limit != 20 {
		t.Errorf("got %+v, %v", p, err)
	}
	for _, tt := range []struct{ raw, want string }{
		{"", "principal is missing: give principal=…"},
		{"principal=", "principal is missing: give principal=…"},
		{"principal=a&principal=b", "principal is given more than once"},
		{"principal=a&resource=b&resource=b", "resource is given more than once"},
		{"principal=a&Resource=b", `there is no parameter "Resource" here: there are principal, resource, action, hops, limit`},
		{"principal=a;resource=b", "the query can't be read: give name=value pairs, with everything but letters and digits escaped as %XX"},
		{"principal=%zz", "the query can't be read: give name=value pairs, with everything but letters and digits escaped as %XX"},
		{"principal=%ff", "principal is not UTF-8"},
		{"principal=" + strings.Repeat("a", maxValue+1), "principal has more than 4096 bytes"},
		{"principal=a&action=GetObject", `action: "GetObject" is no action: give names such as s3:GetObject, or patterns such as s3:Get*`},
		{"principal=a&action=", `action: "" is no action: give names such as s3:GetObject, or patterns such as s3:Get*`},
		{"principal=a" + strings.Repeat("&action=s3:*", maxActions+1), "there are more than 100 actions: give patterns"},
		{"principal=a&hops=4", `hops: "4": give a number from 0 to 3`},
		{"principal=a&hops=-1", `hops: "-1": give a number from 0 to 3`},
		{"principal=a&limit=0", `limit: "0": give a number from 1 to 200`},
		{"principal=a&limit=1e2", `limit: "1e2": give a number from 1 to 200`},
		{"principal=a&limit=99999999999999999999", `limit: "99999999999999999999": give a number from 1 to 200`},
		{"principal=" + strings.Repeat("a", maxQuery), "the query has more than 32768 bytes"},
	} {
		if p, err := parse(tt.raw, all...); err == nil || err.text != tt.want {
			t.Errorf("%.60s: got %+v, %v, want %s", tt.raw, p, err, tt.want)
		}
	}
	if _, err := parse("x=1"); err == nil || err.text != `there is no parameter "x" here: there are none` {
		t.Errorf("got %v", err)
	}
}

// What comes through is within the limits and what was sent, and nothing is
// ignored.
func FuzzParse(f *testing.F) {
	for _, raw := range []string{
		"", "principal=a&resource=b&action=s3:GetObject&action=*", "q=%00&limit=3", "hops=2&id=*", "principal=%ff", "a;b", "%", "limit=+1",
		url.Values{"principal": {rendertest.Hostile}}.Encode(), "principal=a&action=" + strings.Repeat("x:", 99),
	} {
		f.Add(raw)
	}
	all := []field{fieldPrincipal, fieldWhat, fieldAction, fieldHops, fieldLimit}
	f.Fuzz(func(t *testing.T, raw string) {
		p, refused := parse(raw, all...)
		if refused != nil {
			if refused.status != http.StatusBadRequest && refused.status != http.StatusRequestURITooLong || refused.text == "" || !utf8.ValidString(refused.text) {
				t.Errorf("refused with %d: %q", refused.status, refused.text)
			}
			return
		}
		values, err := url.ParseQuery(raw)
		if err != nil {
			t.Fatalf("%q was taken: %v", raw, err)
		}
		if p.principal == "" || values.Get("principal") != p.principal || values.Get("resource") != p.resource || !slices.Equal(values["action"], p.actions) {
			t.Errorf("%q: got %+v", raw, p)
		}
		for name, list := range values {
			if !slices.ContainsFunc(all, func(f field) bool { return f.name == name }) || len(list) > 1 && name != "action" {
				t.Errorf("%q: %s is ignored", raw, name)
			}
		}
		if p.hops < 0 || p.hops > maxHops || p.limit < 1 || p.limit > maxMatches || len(p.actions) > maxActions {
			t.Errorf("%q: got %+v", raw, p)
		}
		for _, s := range append([]string{p.principal, p.resource}, p.actions...) {
			if len(s) > maxValue || !utf8.ValidString(s) {
				t.Errorf("%q: got %q", raw, s)
			}
		}
	})
}

// Names that somebody chose against whoever reads the answer end in an error that
// repeats them as data.
func TestHostileQuestions(t *testing.T) {
	t.Parallel()
	h := handler(t, config(load(t, "acme")))
	for _, name := range []string{
		rendertest.Hostile, "<script>alert(1)</script>", "a\nb", "\u202e", "\x00", "=HYPERLINK(\"x\")", "../../etc/passwd", "arn:", "arn:aws:s3:::", "arn:aws:s3:::*",
		"*", ":", ":root", "anonymous", strings.Repeat("*?", 2000), "arn:aws:s3:::" + strings.Repeat("*a", 2000), "arn:aws:iam::100000000001:role/" + strings.Repeat("x/", 2000), "${aws:username}",
	} {
		for _, q := range [][]string{
			{"/api/search", "q", name},
			{"/api/around", "id", name},
			{"/api/who-can", "resource", name},
			{"/api/can", "principal", name},
			{"/api/paths", "principal", name, "resource", "acme-prod-customer-data"},
			{"/api/paths", "principal", "arn:aws:iam::500000000005:user/developer-1", "resource", name},
			{"/api/who-can", "resource", "acme-prod-customer-data", "action", name},
		} {
			w := get(h, q[0], q[1:]...)
			switch w.Code {
			case http.StatusOK:
			case http.StatusBadRequest:
				problem(t, w.Body.Bytes())
			default:
				t.Errorf("%.100q: status %d: %s", q, w.Code, w.Body)
			}
			if kind := w.Header().Get("Content-Type"); kind != "application/json" {
				t.Errorf("%.100q: %s", q, kind)
			}
		}
	}
}
