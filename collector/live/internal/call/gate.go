package call

import (
	"context"
	"sync"
	"time"

	awsmiddleware "github.com/aws/aws-sdk-go-v2/aws/middleware"
	"github.com/aws/smithy-go/middleware"
	"golang.org/x/sync/semaphore"
)

// An UndeclaredError is a call of an operation that is not in the table: the
// permissions that are printed would lack it. It is a fault of the program.
type UndeclaredError struct{ Service, Operation string }

func (e *UndeclaredError) Error() string {
	return "BUG: " + e.Service + " " + e.Operation + " is not in the table of operations"
}

// A gate is what every request passes.
type gate struct {
	declared map[opKey]Operation
	inFlight *semaphore.Weighted
	timeout  time.Duration
	counts   counts

	mu      sync.Mutex
	buckets map[bucketKey]*bucket // under mu
}

type opKey struct{ service, name string }

type bucketKey struct{ account, region, group string }

func newGate(opts Options) *gate {
	g := &gate{
		declared: make(map[opKey]Operation, len(opts.Operations)),
		inFlight: semaphore.NewWeighted(int64(opts.MaxInFlight)),
		timeout:  opts.Timeout,
		buckets:  make(map[bucketKey]*bucket),
	}
	for _, o := range opts.Operations {
		g.declared[opKey{o.Service, o.Name}] = o
	}
	return g
}

func (g *gate) bucket(key bucketKey) *bucket {
	g.mu.Lock()
	defer g.mu.Unlock()
	b := g.buckets[key]
	if b == nil {
		b = newBucket(LimitOf(key.group))
		g.buckets[key] = b
	}
	return b
}

// A place is where a request goes.
type place struct{ account, region string }

// pass sends one attempt of an operation when its turn has come.
func (g *gate) pass(ctx context.Context, at place, service, name string, attempt int, send func(context.Context) error) error {
	op, ok := g.declared[opKey{service, name}]
	if !ok {
		return &UndeclaredError{service, name}
	}
	b := g.bucket(bucketKey{at.account, at.region, op.group()})
	if err := b.limiter.Wait(ctx); err != nil {
		return err
	}
	if service != "STS" { // others wait for it with a place of theirs in hand
		if err := g.inFlight.Acquire(ctx, 1); err != nil {
			return err
		}
		defer g.inFlight.Release(1)
	}
	bounded, cancel := context.WithTimeout(ctx, g.timeout)
	defer cancel()
	g.counts.add(service, attempt)
	err := send(bounded)
	if err != nil && bounded.Err() != nil && ctx.Err() == nil && Code(err) == "" {
		err = timedOut{}
	}
	switch {
	case isThrottle(err):
		g.counts.throttled()
		b.throttled(time.Now())
	case err == nil:
		b.went(time.Now())
	}
	return err
}

// timedOut is an attempt that got no answer in time. It stands in place of the
// error of the SDK, which looks as if the caller had gone away, and such calls are
// not tried again.
type timedOut struct{}

func (timedOut) Error() string        { return "no answer in time" }
func (timedOut) Timeout() bool        { return true }
func (timedOut) RetryableError() bool { return true }

// attemptKey is where the number of the attempt is kept along one call.
type attemptKey struct{}

// middleware puts the gate inside the loop of retries of every call.
func (g *gate) middleware(account, region string) func(*middleware.Stack) error {
	at := place{account, region}
	return func(stack *middleware.Stack) error {
		err := stack.Initialize.Add(middleware.InitializeMiddlewareFunc("PathfinderAttempts",
			func(ctx context.Context, in middleware.InitializeInput, next middleware.InitializeHandler) (middleware.InitializeOutput, middleware.Metadata, error) {
				return next.HandleInitialize(middleware.WithStackValue(ctx, attemptKey{}, new(int)), in)
			}), middleware.Before)
		if err != nil {
			return err
		}
		return stack.Finalize.Insert(middleware.FinalizeMiddlewareFunc("PathfinderGate",
			func(ctx context.Context, in middleware.FinalizeInput, next middleware.FinalizeHandler) (out middleware.FinalizeOutput, meta middleware.Metadata, err error) {
				attempt, _ := middleware.GetStackValue(ctx, attemptKey{}).(*int)
				*attempt++
				err = g.pass(ctx, at, awsmiddleware.GetServiceID(ctx), awsmiddleware.GetOperationName(ctx), *attempt, func(ctx context.Context) error {
					out, meta, err = next.HandleFinalize(ctx, in)
					return err
				})
				return out, meta, err
			}), "Retry", middleware.After)
	}
}
