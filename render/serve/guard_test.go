package serve

import (
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"
)

// What browsers and others may ask, over a connection.
func TestRefuse(t *testing.T) {
	t.Parallel()
	addr := runningOn(t, load(t, "queue"), "tunnel.test:9000")
	_, port, err := net.SplitHostPort(addr)
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name, method, path, host string
		header                   []string
		want                     int
	}{
		{name: "plain", want: 200},
		{name: "by another name of this machine", host: "localhost:" + port, want: 200},
		{name: "in capitals", host: "LocalHost:" + port, want: 200},
		{name: "by IPv6", host: "[::1]:" + port, want: 200},
		{name: "through a tunnel", host: "tunnel.test:9000", want: 200},
		{name: "the head", method: "HEAD", want: 200},
		{name: "the page", path: "/", want: 200},

		{name: "a foreign name", host: "evil.test:" + port, want: 421},
		{name: "a foreign name for the page", path: "/", host: "evil.test:" + port, want: 421},
		{name: "another port", host: "127.0.0.1:1", want: 421},
		{name: "no port", host: "127.0.0.1", want: 421},
		{name: "a name that only begins so", host: "localhost:" + port + ".evil.test", want: 421},
		{name: "a dot more", host: "localhost.:" + port, want: 421},
		{name: "no name at all", host: "@", want: 421},
		{name: "the tunnel's name at our port", host: "tunnel.test:" + port, want: 421},

		{name: "our page asks", header: []string{"Sec-Fetch-Site", "same-origin", "Sec-Fetch-Mode", "cors", "Sec-Fetch-Dest", "empty"}, want: 200},
		{name: "typed by hand", header: []string{"Sec-Fetch-Site", "none", "Sec-Fetch-Mode", "navigate"}, want: 200},
		{name: "our own origin", header: []string{"Origin", "http://" + addr}, want: 200},
		{name: "another site", header: []string{"Sec-Fetch-Site", "cross-site"}, want: 403},
		{name: "another port of this machine", header: []string{"Sec-Fetch-Site", "same-site"}, want: 403},
		{name: "another site's word", header: []string{"Sec-Fetch-Site", "SAME-ORIGIN"}, want: 403},
		{name: "two words", header: []string{"Sec-Fetch-Site", "same-origin", "Sec-Fetch-Site", "cross-site"}, want: 403},
		{name: "another origin", header: []string{"Origin", "https://evil.test"}, want: 403},
		{name: "another origin of this machine", header: []string{"Origin", "http://127.0.0.1:1"}, want: 403},
		{name: "by TLS", header: []string{"Origin", "https://" + addr}, want: 403},
		{name: "an origin that hides", header: []string{"Origin", "null"}, want: 403},
		{name: "an origin that is empty", header: []string{"Origin", ""}, want: 403},
		{name: "a second origin", header: []string{"Origin", "http://" + addr, "Origin", "https://evil.test"}, want: 403},
		{name: "a link to an answer", header: []string{"Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "navigate", "Sec-Fetch-Dest", "document"}, want: 403},
		{name: "a link to the page", path: "/", header: []string{"Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "navigate", "Sec-Fetch-Dest", "document"}, want: 200},
		{name: "the page in a frame", path: "/", header: []string{"Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "navigate", "Sec-Fetch-Dest", "iframe"}, want: 403},
		{name: "the page read by a script", path: "/", header: []string{"Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "no-cors", "Sec-Fetch-Dest", "script"}, want: 403},

		{name: "POST", method: "POST", want: 405},
		{name: "PUT", method: "PUT", want: 405},
		{name: "DELETE of the page", method: "DELETE", path: "/", want: 405},
		{name: "OPTIONS", method: "OPTIONS", want: 405},
		{name: "a preflight", method: "OPTIONS", header: []string{"Origin", "https://evil.test", "Access-Control-Request-Method", "GET"}, want: 403},
		{name: "TRACE", method: "TRACE", want: 405},
		{name: "a method of nobody's", method: "BREW", want: 405},

		{name: "nothing there", path: "/etc/passwd", want: 404},
		{name: "a path that leads up", path: "/api/../etc/passwd", want: 404},
		{name: "two slashes", path: "//evil.test/", want: 404},
		{name: "below an answer", path: "/api/meta/", want: 404},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r, err := http.NewRequest(orElse(tt.method, "GET"), "http://"+addr, http.NoBody)
			if err != nil {
				t.Fatal(err)
			}
			r.URL.Path, r.Host = orElse(tt.path, "/api/meta"), tt.host
			for i := 0; i < len(tt.header); i += 2 {
				r.Header.Add(tt.header[i], tt.header[i+1])
			}
			res, body := ask(t, r)
			if res.StatusCode != tt.want {
				t.Fatalf("status %d, want %d: %s", res.StatusCode, tt.want, body)
			}
			checkHeaders(t, res)
			if res.StatusCode != 200 && r.Method != "HEAD" {
				problem(t, []byte(body))
			}
			if r.Method == "HEAD" && (body != "" || res.ContentLength == 0) {
				t.Errorf("the head has a body: %q", body)
			}
			if allow := res.Header.Get("Allow"); (allow == "GET, HEAD") != (tt.want == 405) {
				t.Errorf("Allow: %q", allow)
			}
		})
	}
}

func orElse(s, other string) string {
	if s == "" {
		return other
	}
	return s
}

// checkHeaders checks what every response says.
func checkHeaders(t *testing.T, res *http.Response) {
	t.Helper()
	for name, want := range map[string]string{
		"X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Referrer-Policy": "no-referrer", "Cache-Control": "no-store",
		"Cross-Origin-Resource-Policy": "same-origin", "Cross-Origin-Opener-Policy": "same-origin", "Access-Control-Allow-Origin": "",
	} {
		if got := res.Header.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	policy := res.Header.Get("Content-Security-Policy")
	for _, want := range []string{"default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'none'"} {
		if !strings.Contains(policy, want) {
			t.Errorf("Content-Security-Policy: %q lacks %q", policy, want)
		}
	}
	if page := strings.HasPrefix(res.Header.Get("Content-Type"), "text/html"); strings.Contains(policy, "script-src") != page {
		t.Errorf("Content-Security-Policy of %s: %q", res.Header.Get("Content-Type"), policy)
	}
}

// A question has no body, and nobody waits for one.
func TestBody(t *testing.T) {
	t.Parallel()
	addr := runningOn(t, load(t, "queue"))
	r, err := http.NewRequest(http.MethodGet, "http://"+addr+"/api/meta", strings.NewReader("{}"))
	if err != nil {
		t.Fatal(err)
	}
	if res, body := ask(t, r); res.StatusCode != http.StatusBadRequest || !res.Close {
		t.Errorf("status %d, to be closed: %v: %s", res.StatusCode, res.Close, body)
	}
}

// OPTIONS * is a request like others: for another Host it gets 421, for this one 405.
func TestOptionsOfAll(t *testing.T) {
	t.Parallel()
	addr := runningOn(t, load(t, "queue"))
	for host, want := range map[string]int{"evil.test": http.StatusMisdirectedRequest, addr: http.StatusMethodNotAllowed} {
		r, err := http.NewRequest(http.MethodOptions, "http://"+addr, http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		r.URL.Opaque, r.Host = "*", host
		if res, body := ask(t, r); res.StatusCode != want || res.Header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: status %d, %v: %s", host, res.StatusCode, res.Header, body)
		}
	}
}

// An absolute address in a request line counts as the host, whatever Host says.
func TestAbsolute(t *testing.T) {
	t.Parallel()
	h := handler(t, config(load(t, "queue")))
	w := httptest.NewRecorder()
	r := httptest.NewRequest(http.MethodGet, "http://evil.test/api/meta", http.NoBody)
	r.Header.Set("Host", "example.test")
	if h.ServeHTTP(w, r); w.Code != http.StatusMisdirectedRequest {
		t.Errorf("status %d", w.Code)
	}
}

func TestHosts(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		addr string
		more []string
		want []string
	}{
		{"127.0.0.1:8737", nil, []string{"127.0.0.1:8737", "127.0.0.1:8737", "localhost:8737", "[::1]:8737"}},
		{"[::1]:80", []string{"a.test"}, []string{"[::1]:80", "[::1]", "127.0.0.1:80", "127.0.0.1", "localhost:80", "localhost", "[::1]:80", "[::1]", "a.test:80", "a.test"}},
		{"127.0.0.2:1", []string{"a.test:2"}, []string{"127.0.0.2:1", "127.0.0.1:1", "localhost:1", "[::1]:1", "a.test:2"}},
		{"192.0.2.1:1", []string{"a.test", "[2001:db8::1]"}, []string{"a.test:1", "[2001:db8::1]:1"}},
		{"0.0.0.0:1", nil, nil},
	} {
		addr, err := net.ResolveTCPAddr("tcp", tt.addr)
		if err != nil {
			t.Fatal(err)
		}
		if got := Hosts(addr, tt.more); !slices.Equal(got, tt.want) {
			t.Errorf("%s: got %q, want %q", tt.addr, got, tt.want)
		}
	}
	for addr, want := range map[string]bool{
		"127.0.0.1:1": true, "127.1.2.3:1": true, "[::1]:1": true, "localhost:1": true, "LOCALHOST:0": true,
		":1": false, "0.0.0.0:1": false, "[::]:1": false, "192.0.2.1:1": false, "localhost": false, "localhost.evil.test:1": false,
	} {
		if Loopback(addr) != want {
			t.Errorf("%s: loopback is %v", addr, !want)
		}
	}
}

// timed is a writer that notes its deadline.
type timed struct {
	*httptest.ResponseRecorder
	until time.Time
}

func (w *timed) SetWriteDeadline(t time.Time) error {
	w.until = t
	return nil
}

// Every response has a deadline of its own: connections keep that of the last.
func TestDeadline(t *testing.T) {
	t.Parallel()
	h := handler(t, config(load(t, "queue")))
	for _, path := range []string{"/", "/api/meta", "/api/search?q=a", "/api/can?principal=anonymous", "/api/can", "/favicon.ico", "/nothing"} {
		w := &timed{ResponseRecorder: httptest.NewRecorder()}
		r := httptest.NewRequest(http.MethodGet, path, http.NoBody)
		r.Host = "example.test"
		before := time.Now()
		if h.ServeHTTP(w, r); w.until.Before(before) {
			t.Errorf("%s: no deadline", path)
		}
	}
}
