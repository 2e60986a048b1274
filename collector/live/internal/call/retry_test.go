package call_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/iotest"
	"testing/synctest"
	"time"

	awssqs "github.com/aws/aws-sdk-go-v2/service/sqs"

	"pathfinder/collector/live/internal/awstest"
	"pathfinder/collector/live/internal/call"
)

// cut is an answer that ends in its middle.
func cut() *http.Response {
	r := answer(200, "")
	r.Body = io.NopCloser(io.MultiReader(strings.NewReader(`{"QueueUrls":[`), iotest.ErrReader(io.ErrUnexpectedEOF)))
	return r
}

// What passes by itself is tried nine times, and no more.
func TestRetried(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		fail func(*http.Request) (*http.Response, error)
		why  string // after nine of them
	}{
		{"throttle", func(*http.Request) (*http.Response, error) { return failure(400, "ThrottlingException"), nil }, "ThrottlingException on ListQueues"},
		{"throttle without a code", func(*http.Request) (*http.Response, error) { return answer(429, ""), nil }, "HTTP status 429 on ListQueues"},
		{"server error", func(*http.Request) (*http.Response, error) { return failure(500, "InternalFailure"), nil }, "InternalFailure on ListQueues"},
		{"page of a proxy", func(*http.Request) (*http.Response, error) {
			return answer(503, "<html>Service Unavailable</html>", "Content-Type", "text/html"), nil
		}, "HTTP status 503 on ListQueues"},
		{"page of a stand-in", func(*http.Request) (*http.Response, error) {
			return answer(500, "<html>Internal Server Error</html>", "Content-Type", "text/html; charset=utf-8"), nil
		}, "HTTP status 500 on ListQueues"},
		{"connection", func(*http.Request) (*http.Response, error) { return nil, errDropped }, "the connection failed on ListQueues"},
		{"cut off", func(*http.Request) (*http.Response, error) { return cut(), nil }, "the answer was cut off on ListQueues"},
		{"no answer", func(r *http.Request) (*http.Response, error) {
			<-r.Context().Done()
			return nil, r.Context().Err()
		}, "no answer in time on ListQueues"},
		{"slow answer", func(r *http.Request) (*http.Response, error) {
			resp := answer(200, "")
			resp.Body = io.NopCloser(waiting{r.Context()})
			return resp, nil
		}, "no answer in time on ListQueues"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				s := failing(8, tt.fail)
				session := open(t, s, call.Options{})
				if err := listQueues(t.Context(), session.Own()); err != nil {
					t.Errorf("after eight failures: %v", err)
				}
				if got, want := session.Stats().Repeated, 8; got != want {
					t.Errorf("%d attempts were counted as repeated, not %d", got, want)
				}
				s = failing(1e6, tt.fail)
				err := listQueues(t.Context(), open(t, s, call.Options{}).Own())
				if got := call.Reason(err); err == nil || got != tt.why {
					t.Errorf("the reason is %q, not %q (%v)", got, tt.why, err)
				}
				if s.requests() != 9 {
					t.Errorf("%d attempts, not 9", s.requests())
				}
			})
		})
	}
}

// waiting is a body that never ends.
type waiting struct{ ctx context.Context }

func (w waiting) Read([]byte) (int, error) {
	<-w.ctx.Done()
	return 0, w.ctx.Err()
}

// What no repetition helps is not tried again.
func TestNotRetried(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		fail func(*http.Request) (*http.Response, error)
		why  string
	}{
		{"denied", func(*http.Request) (*http.Response, error) { return failure(400, "AccessDeniedException"), nil }, "AccessDeniedException on ListQueues"},
		{"denied by status", func(*http.Request) (*http.Response, error) { return answer(403, ""), nil }, "HTTP status 403 on ListQueues"},
		{"bad request", func(*http.Request) (*http.Response, error) { return failure(400, "ValidationException"), nil }, "ValidationException on ListQueues"},
		{"no such host", func(*http.Request) (*http.Response, error) { return nil, noHost }, "there is no such endpoint on ListQueues"},
		{"too large", func(*http.Request) (*http.Response, error) {
			r := answer(200, "")
			r.Body = io.NopCloser(endless{})
			return r, nil
		}, "the answer is larger than 64 MiB on ListQueues"},
		{"not JSON", func(*http.Request) (*http.Response, error) { return answer(200, `{"QueueUrls":`), nil }, "the answer could not be understood on ListQueues"},
		{"code that is none", func(*http.Request) (*http.Response, error) { return failure(400, "no such thing: <b>"), nil }, "HTTP status 400 on ListQueues"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				s := failing(1e6, tt.fail)
				err := listQueues(t.Context(), open(t, s, call.Options{}).Own())
				if got := call.Reason(err); err == nil || got != tt.why {
					t.Errorf("the reason is %q, not %q (%v)", got, tt.why, err)
				}
				if strings.Contains(call.Reason(err), "secret") {
					t.Errorf("the reason repeats the message of AWS: %s", call.Reason(err))
				}
				if s.requests() != 1 {
					t.Errorf("%d attempts, not 1", s.requests())
				}
			})
		})
	}
}

type endless struct{}

func (endless) Read(p []byte) (int, error) { return len(p), nil }

// A stand-in for AWS that lacks an operation doesn't hold up a collection.
func TestPagesAreTriedQuickly(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s := failing(1e6, func(*http.Request) (*http.Response, error) {
			return answer(500, "<html>", "Content-Type", "text/html"), nil
		})
		session := open(t, s, call.Options{})
		began := time.Now()
		if err := listQueues(t.Context(), session.Own()); err == nil {
			t.Fatal("a page is taken for an answer")
		}
		if took := time.Since(began); took > 2*time.Second {
			t.Errorf("nine attempts took %s", took)
		}
	})
}

// The server says how long to wait, up to a minute.
func TestRetryAfter(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, value string
		low, high   time.Duration
	}{
		{"seconds", "37", 37 * time.Second, 38 * time.Second},
		{"too long", "86400", time.Minute, time.Minute + time.Second},
		{"date", "Sat, 01 Jan 2000 00:00:45 GMT", 44 * time.Second, 46 * time.Second}, // bubbles begin at the turn of 2000
		{"nonsense", "soon", 0, 2 * time.Second},
		{"negative", "-5", 0, 2 * time.Second},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				s := failing(1, func(*http.Request) (*http.Response, error) {
					return failure(400, "ThrottlingException", "Retry-After", tt.value), nil
				})
				session := open(t, s, call.Options{})
				began := time.Now()
				if err := listQueues(t.Context(), session.Own()); err != nil {
					t.Fatal(err)
				}
				if took := time.Since(began); took < tt.low || took > tt.high {
					t.Errorf("waited %s, not %s to %s", took, tt.low, tt.high)
				}
			})
		})
	}
}

// A session that expired is renewed, by as many calls as find it so, without any
// of them waiting for a place that another one holds.
func TestExpiredToken(t *testing.T) {
	t.Parallel()
	for _, inFlight := range []int{1, 2, 50} {
		bubbled := func(t *testing.T) {
			s := failing(2, func(*http.Request) (*http.Response, error) { return failure(403, "ExpiredTokenException"), nil })
			session := open(t, s, call.Options{MaxInFlight: inFlight})
			login, err := session.Enter(t.Context(), "999999999999", "Read", "id")
			if err != nil {
				t.Fatal(err)
			}
			began := time.Now()
			errs := make(chan error)
			const calls = 4
			for range calls {
				go func() { errs <- listQueues(t.Context(), login) }()
			}
			for range calls {
				if err := <-errs; err != nil {
					t.Error(err)
				}
			}
			if s.assumed < 2 || s.assumed > 3 {
				t.Errorf("the role was assumed %d times", s.assumed)
			}
			if took := time.Since(began); took > 10*time.Second {
				t.Errorf("it took %s: calls wait for each other", took)
			}
		}
		t.Run("", func(t *testing.T) { bubble(t, bubbled) })
	}
}

// Credentials that stay expired end the call.
func TestExpiredForEver(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s := always(func() (*http.Response, error) { return failure(403, "ExpiredToken"), nil })
		err := listQueues(t.Context(), open(t, s, call.Options{}).Own())
		if got, want := call.Reason(err), "ExpiredToken on ListQueues"; got != want {
			t.Errorf("the reason is %q, not %q", got, want)
		}
		if s.requests() != 9 {
			t.Errorf("%d attempts, not 9", s.requests())
		}
	})
}

// A caller that goes away is not kept waiting by retries.
func TestCancelled(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s := always(func() (*http.Response, error) {
			return failure(400, "ThrottlingException", "Retry-After", "60"), nil
		})
		session := open(t, s, call.Options{})
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		began := time.Now()
		if err := listQueues(ctx, session.Own()); err == nil || !errors.Is(ctx.Err(), context.DeadlineExceeded) {
			t.Errorf("the call ended with %v", err)
		}
		synctest.Wait()
		if took := time.Since(began); took > 6*time.Second || s.requests() != 1 {
			t.Errorf("took %s and %d requests", took, s.requests())
		}
	})
}

// An operation that nobody declared is not sent.
func TestUndeclared(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s := always(func() (*http.Response, error) { return answer(200, "{}"), nil })
		session := open(t, s, call.Options{})
		_, err := awssqs.NewFromConfig(session.Own().In(awstest.Region)).DeleteQueue(t.Context(), &awssqs.DeleteQueueInput{QueueUrl: new("https://sqs.eu-central-1.amazonaws.com/1/q")})
		undeclared, ok := errors.AsType[*call.UndeclaredError](err)
		if !ok || undeclared.Operation != "DeleteQueue" || !strings.Contains(call.Reason(err), "BUG:") {
			t.Errorf("the error is %v", err)
		}
		if s.requests() != 0 {
			t.Error("it was sent")
		}
	})
}
