package serve

import (
	"context"
	"net/http"
	"sync/atomic"
)

// maxWaiting bounds the requests that wait at a gate.
const maxWaiting = 64

// A gate lets in a few at a time. Others wait.
type gate struct {
	places  chan struct{}
	waiting *atomic.Int32
}

func newGate(n int) gate { return gate{make(chan struct{}, n), new(atomic.Int32)} }

// enter waits for a place, until nobody waits for the answer any more. The caller
// must leave.
func (g gate) enter(ctx context.Context) *httpError {
	select {
	case g.places <- struct{}{}:
		return nil
	default:
	}
	defer g.waiting.Add(-1)
	if g.waiting.Add(1) > maxWaiting {
		return &httpError{http.StatusServiceUnavailable, "too many questions wait for an answer: try again later"}
	}
	select {
	case g.places <- struct{}{}:
		return nil
	case <-ctx.Done():
		return &httpError{http.StatusServiceUnavailable, "given up before its turn came"}
	}
}

func (g gate) leave() { <-g.places }
