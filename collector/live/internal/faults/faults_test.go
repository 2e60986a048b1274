package faults_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"pathfinder/collector/live/internal/faults"
	"pathfinder/collector/live/internal/wire"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// quiet answers everything with one text.
type quiet struct{}

func (quiet) Do(req *http.Request) (*http.Response, error) {
	r, err := wire.Read(req)
	if err != nil {
		return nil, err
	}
	return r.Answer(200, `{"QueueUrls":["one","two"]}`), nil
}

func request(ctx context.Context, t *testing.T, service, key, target string) *http.Request {
	t.Helper()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "https://"+service+".eu-central-1.amazonaws.com/", strings.NewReader("{}"))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential="+key+"/20260101/eu-central-1/"+service+"/aws4_request, Signature=0")
	if target != "" {
		req.Header.Set("X-Amz-Target", target)
	}
	return req
}

// outcome is what a request meets: a status and code, or what broke.
func outcome(p *faults.Proxy, req *http.Request) string {
	resp, err := p.Do(req)
	switch {
	case errors.Is(err, syscall.ECONNRESET):
		return "dropped"
	case errors.Is(err, context.DeadlineExceeded):
		return "late"
	case err != nil:
		return err.Error()
	}
	body, err := io.ReadAll(resp.Body)
	switch code := resp.Header.Get("X-Amzn-Errortype"); {
	case errors.Is(err, io.ErrUnexpectedEOF):
		return "cut"
	case code != "":
		return code + resp.Header.Get("Retry-After")
	case strings.HasPrefix(string(body), "<html>"):
		return "page"
	}
	return "passed"
}

func TestKinds(t *testing.T) {
	t.Parallel()
	for kind, want := range map[faults.Kind]string{
		faults.Throttle: "ThrottlingException", faults.ThrottleAfter: "ThrottlingException1", faults.ServerError: "InternalFailure",
		faults.Unavailable: "page", faults.Drop: "dropped", faults.Cut: "cut", faults.Slow: "late", faults.Expired: "ExpiredTokenException",
		faults.Denied: "AccessDeniedException",
	} {
		t.Run(want, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				p := faults.New(quiet{}, 1, faults.Rule{Kind: kind, Service: "sqs", Operation: "List*", Times: 2})
				ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
				defer cancel()
				for i, want := range []string{want, want, "passed"} {
					ctx, cancel := context.WithTimeout(ctx, time.Second)
					if got := outcome(p, request(ctx, t, "sqs", "AKIA1", "AmazonSQS.ListQueues")); got != want {
						t.Errorf("request %d met %q, not %q", i, got, want)
					}
					cancel()
				}
				if got := outcome(p, request(ctx, t, "sqs", "AKIA1", "AmazonSQS.GetQueueAttributes")); got != "passed" {
					t.Errorf("another operation met %q", got)
				}
				if got := p.Done(); got[0] != 2 {
					t.Errorf("%d were counted", got[0])
				}
			})
		})
	}
}

// A rule keeps to its account, and lets the first ones pass.
func TestRules(t *testing.T) {
	t.Parallel()
	p := faults.New(quiet{}, 1, faults.Rule{Kind: faults.Denied, Account: "222222222222", Skip: 1})
	for i, tt := range []struct{ key, want string }{
		{"ASIA111111111111", "passed"}, {"ASIA222222222222", "passed"}, {"ASIA222222222222", "AccessDeniedException"}, {"ASIA111111111111", "passed"},
	} {
		if got := outcome(p, request(t.Context(), t, "kms", tt.key, "TrentService.ListKeys")); got != tt.want {
			t.Errorf("request %d met %q, not %q", i, got, tt.want)
		}
	}
}

// What is drawn is the same in each run with one seed, in any order, and other with
// another.
func TestSeed(t *testing.T) {
	t.Parallel()
	fates := func(seed uint64, backwards bool) string {
		p := faults.New(quiet{}, seed, faults.Rule{Kind: faults.Drop, OneIn: 3})
		fate := make([]byte, 60)
		for i := range fate {
			if backwards {
				i = len(fate) - 1 - i
			}
			fate[i] = outcome(p, request(t.Context(), t, "kms", "ASIA"+strings.Repeat("x", i), "TrentService.ListKeys"))[0]
		}
		return string(fate)
	}
	first := fates(1, false)
	if n := strings.Count(first, "d"); n < 8 || n > 32 {
		t.Errorf("%d of 60 were dropped", n)
	}
	if again := fates(1, true); again != first {
		t.Errorf("once %s, once %s", first, again)
	}
	if fates(2, false) == first {
		t.Error("the seed does not matter")
	}
}

// Over HTTP a client sees the same.
func TestHandler(t *testing.T) {
	t.Parallel()
	p := faults.New(quiet{}, 1, faults.Rule{Kind: faults.Drop, Service: "sns"}, faults.Rule{Kind: faults.Cut, Service: "sqs"})
	server := httptest.NewServer(faults.Handler(p))
	defer server.Close()
	client := server.Client()
	defer client.CloseIdleConnections()
	get := func(service string) error {
		req := request(t.Context(), t, service, "AKIA1", "X.List")
		req.URL.Scheme, req.URL.Host = "http", strings.TrimPrefix(server.URL, "http://")
		resp, err := client.Do(req)
		if err != nil {
			return err
		}
		defer resp.Body.Close() //nolint:errcheck // of a test
		_, err = io.ReadAll(resp.Body)
		return err
	}
	if err := get("kms"); err != nil {
		t.Error(err)
	}
	if err := get("sns"); err == nil {
		t.Error("the connection was not dropped")
	}
	if err := get("sqs"); err == nil {
		t.Error("the answer was not cut off")
	}
}
