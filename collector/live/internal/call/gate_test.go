package call_test

import (
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"pathfinder/collector/live/internal/awstest"
	"pathfinder/collector/live/internal/call"
)

// many makes calls of one login at the same time and returns how long they took.
func many(t *testing.T, login *call.Login, n int) time.Duration {
	t.Helper()
	began := time.Now()
	var wait sync.WaitGroup
	for range n {
		wait.Go(func() {
			if err := listQueues(t.Context(), login); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	return time.Since(began)
}

func none() (*http.Response, error) { return answer(200, `{"QueueUrls":[]}`), nil }

// Each account has limits of its own.
func TestLimit(t *testing.T) {
	bubble(t, func(t *testing.T) {
		limit := call.LimitOf("SQS")
		session := open(t, always(none), call.Options{})
		n := limit.Burst + int(limit.PerSecond)*10
		if took := many(t, session.Own(), n); took < 9*time.Second || took > 11*time.Second {
			t.Errorf("%d calls took %s", n, took)
		}
		other, err := session.Enter(t.Context(), "999999999999", "Read", "")
		if err != nil {
			t.Fatal(err)
		}
		if took := many(t, other, limit.Burst); took > time.Second/2 {
			t.Errorf("another account waited %s", took)
		}
		if got := session.Stats().ByService["SQS"]; got != n+limit.Burst {
			t.Errorf("%d calls were counted", got)
		}
	})
}

// No more calls are on the way than may be, and what waits for its turn holds no
// place.
func TestInFlight(t *testing.T) {
	bubble(t, func(t *testing.T) {
		var now, most atomic.Int64
		s := &stand{answer: func(int, *http.Request) (*http.Response, error) {
			most.Store(max(most.Load(), now.Add(1)))
			time.Sleep(time.Second)
			now.Add(-1)
			return none()
		}}
		session := open(t, s, call.Options{MaxInFlight: 3})
		if took := many(t, session.Own(), 9); took != 3*time.Second {
			t.Errorf("9 calls of a second each took %s", took)
		}
		if most.Load() != 3 {
			t.Errorf("%d calls were on the way at one time", most.Load())
		}
	})
}

// A throttle makes the bucket slower, by half each, and success gives it back.
func TestThrottleHalves(t *testing.T) {
	bubble(t, func(t *testing.T) {
		limit := call.LimitOf("SQS")
		s := failing(1, func(*http.Request) (*http.Response, error) { return failure(400, "ThrottlingException"), nil })
		session := open(t, s, call.Options{})
		many(t, session.Own(), 1)
		time.Sleep(time.Minute) // the bucket is full
		n := limit.Burst + int(limit.PerSecond)*2
		if took := many(t, session.Own(), n); took < 2200*time.Millisecond || took > 4*time.Second {
			t.Errorf("at about half of the rate %d calls took %s", n, took)
		}
		many(t, session.Own(), 100)
		time.Sleep(time.Minute)
		if took := many(t, session.Own(), n); took < 1900*time.Millisecond || took > 2100*time.Millisecond {
			t.Errorf("at the whole rate again %d calls took %s", n, took)
		}
		if got := session.Stats(); got.Throttled != 1 || got.Repeated != 1 {
			t.Errorf("counted %+v", got)
		}
	})
}

// Throttled for ever, a bucket does not stand still.
func TestThrottleFloor(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s := failing(8, func(*http.Request) (*http.Response, error) { return failure(400, "ThrottlingException"), nil })
		session := open(t, s, call.Options{MaxBackoff: time.Millisecond})
		many(t, session.Own(), 1)
		floor := call.LimitOf("SQS").PerSecond / 10
		time.Sleep(time.Hour)
		n := call.LimitOf("SQS").Burst + 10
		if took := many(t, session.Own(), n); took > time.Duration(10/floor)*time.Second {
			t.Errorf("%d calls took %s", n, took)
		}
	})
}

// A group that AWS limits by itself doesn't take of the others' tokens.
func TestLimitOf(t *testing.T) {
	t.Parallel()
	for _, group := range []string{"Organizations.ListRoots", "IAM", "STS", "a service that nobody measured"} {
		if l := call.LimitOf(group); l.PerSecond <= 0 || l.Burst < 1 {
			t.Errorf("%s: %+v", group, l)
		}
	}
	if call.LimitOf("Organizations.ListAccounts") == call.LimitOf("Organizations") {
		t.Error("ListAccounts has no limit of its own")
	}
}

// The caller who leaves the queue leaves nothing behind.
func TestWaitingIsCancelled(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s := &stand{answer: func(_ int, r *http.Request) (*http.Response, error) {
			<-r.Context().Done()
			return nil, r.Context().Err()
		}}
		session := open(t, s, call.Options{MaxInFlight: 1})
		ctx, cancel := contextWithTimeout(t, 10*time.Second)
		defer cancel()
		var wait sync.WaitGroup
		for range 100 {
			wait.Go(func() {
				if err := listQueues(ctx, session.Own()); err == nil {
					t.Error("it was answered")
				}
			})
		}
		wait.Wait()
		synctest.Wait()
		if s.requests() != 1 {
			t.Errorf("%d requests", s.requests())
		}
	})
}

// The region is part of the limit.
func TestRegionsApart(t *testing.T) {
	bubble(t, func(t *testing.T) {
		session := open(t, always(none), call.Options{})
		many(t, session.Own(), call.LimitOf("SQS").Burst)
		began := time.Now()
		if err := listQueuesIn(t.Context(), session.Own(), "us-west-2"); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(began); took > 10*time.Millisecond {
			t.Errorf("a call in another region than %s waited %s", awstest.Region, took)
		}
	})
}
