package faults

import (
	"context"
	"errors"
	"hash/fnv"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"pathfinder/collector/live/internal/call"
	"pathfinder/collector/live/internal/wire"
)

// A Kind is a kind of trouble.
type Kind uint8

// The kinds.
const (
	Throttle      Kind = iota // in the way of the service
	ThrottleAfter             // with Retry-After: 1
	ServerError               // 500 with a code
	Unavailable               // 503 with the HTML page of a load balancer
	Drop                      // the connection ends before the answer
	Cut                       // the answer ends in its middle
	Slow                      // no answer until the caller gives up, or after Rule.Delay
	Expired                   // the session is called expired
	Denied
)

// A Rule says which requests meet which trouble.
type Rule struct {
	Kind      Kind
	Service   string // as it is signed for; "" for all
	Operation string // as wire names it, or its beginning with a "*" behind; "" for all
	Account   string // part of the access key; "" for all
	// Times is how often each different request meets it; 0 for ever.
	Times int
	// Skip is how many requests that match pass first.
	Skip int
	// OneIn lets only one of so many different requests meet it, drawn by the
	// seed; 0 and 1 for all.
	OneIn uint64
	Delay time.Duration // of Slow; 0 for ever
}

// A Proxy troubles requests. It is safe for concurrent use.
type Proxy struct {
	next  call.Doer
	seed  uint64
	rules []Rule

	mu      sync.Mutex
	met     map[string]int // by rule and request; under mu
	matched []int          // by rule; under mu
	done    []int          // by rule; under mu
}

// New returns a proxy before next.
func New(next call.Doer, seed uint64, rules ...Rule) *Proxy {
	return &Proxy{next: next, seed: seed, rules: rules, met: make(map[string]int), matched: make([]int, len(rules)), done: make([]int, len(rules))}
}

// Done returns how often each rule did something.
func (p *Proxy) Done() []int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]int(nil), p.done...)
}

// Do passes a request on, or not.
func (p *Proxy) Do(req *http.Request) (*http.Response, error) {
	r, err := wire.Read(req)
	if err != nil {
		return nil, err
	}
	rule, ok := p.choose(r)
	if !ok {
		return p.next.Do(req)
	}
	switch rule.Kind {
	case Throttle, ThrottleAfter:
		resp := throttled(r)
		if rule.Kind == ThrottleAfter {
			resp.Header.Set("Retry-After", "1")
		}
		return resp, nil
	case ServerError:
		return r.Error(http.StatusInternalServerError, "InternalFailure", hidden), nil
	case Unavailable:
		resp := r.Answer(http.StatusServiceUnavailable, "<html><head><title>503</title></head><body>Service Unavailable</body></html>")
		resp.Header.Set("Content-Type", "text/html")
		return resp, nil
	case Drop:
		return nil, dropped{}
	case Expired:
		return expired(r), nil
	case Denied:
		return r.Error(http.StatusForbidden, denial(r), hidden), nil
	case Slow:
		if err := sleep(req.Context(), rule.Delay); err != nil {
			return nil, err
		}
	case Cut:
	}
	resp, err := p.next.Do(req)
	if err == nil && rule.Kind == Cut {
		resp.Body = &cut{ReadCloser: resp.Body}
	}
	return resp, err
}

// choose finds the rule for a request.
func (p *Proxy) choose(r *wire.Request) (Rule, bool) {
	asks := r.AccessKey + " " + r.Region + " " + r.Key() + " " + r.URL.RawQuery + " " + string(r.Body)
	p.mu.Lock()
	defer p.mu.Unlock()
	for i, rule := range p.rules {
		if !rule.matches(r) || rule.OneIn > 1 && p.draw(i, asks)%rule.OneIn != 0 {
			continue
		}
		p.matched[i]++
		key := strconv.Itoa(i) + " " + asks
		if p.matched[i] <= rule.Skip || rule.Times > 0 && p.met[key] >= rule.Times {
			continue
		}
		p.met[key]++
		p.done[i]++
		return rule, true
	}
	return Rule{}, false
}

func (p *Proxy) draw(rule int, asks string) uint64 {
	h := fnv.New64a()
	_, _ = io.WriteString(h, strconv.FormatUint(p.seed, 10)+" "+strconv.Itoa(rule)+" "+asks)
	return h.Sum64() >> 7
}

func (rule *Rule) matches(r *wire.Request) bool {
	prefix, wild := strings.CutSuffix(rule.Operation, "*")
	return (rule.Service == "" || rule.Service == r.Service) &&
		(rule.Operation == "" || rule.Operation == r.Operation || wild && strings.HasPrefix(r.Operation, prefix)) &&
		strings.Contains(r.AccessKey, rule.Account)
}

// hidden is what must not be found anywhere: messages of AWS stay out.
const hidden = "MESSAGE-THAT-STAYS-HIDDEN"

// throttled is how services say it: "Error responses" and "Throttling" in their
// references.
func throttled(r *wire.Request) *http.Response {
	switch {
	case r.Protocol == wire.EC2:
		return r.Error(http.StatusServiceUnavailable, "RequestLimitExceeded", hidden)
	case r.Protocol == wire.Query:
		return r.Error(http.StatusBadRequest, "Throttling", hidden)
	case r.Protocol == wire.RESTXML, r.Protocol == wire.RESTXMLWrapped:
		return r.Error(http.StatusServiceUnavailable, "SlowDown", hidden)
	case r.Protocol == wire.RESTJSON, r.Service == "organizations":
		return r.Error(http.StatusTooManyRequests, "TooManyRequestsException", hidden)
	}
	return r.Error(http.StatusBadRequest, "ThrottlingException", hidden)
}

func expired(r *wire.Request) *http.Response {
	switch r.Protocol {
	case wire.EC2:
		return r.Error(http.StatusBadRequest, "RequestExpired", hidden)
	case wire.RESTXML, wire.RESTXMLWrapped:
		return r.Error(http.StatusBadRequest, "ExpiredToken", hidden)
	case wire.Query:
		return r.Error(http.StatusForbidden, "ExpiredToken", hidden)
	case wire.JSON, wire.RESTJSON, wire.CBOR:
	}
	return r.Error(http.StatusForbidden, "ExpiredTokenException", hidden)
}

func denial(r *wire.Request) string {
	switch r.Protocol {
	case wire.EC2:
		return "UnauthorizedOperation"
	case wire.Query, wire.RESTXML, wire.RESTXMLWrapped:
		return "AccessDenied"
	case wire.JSON, wire.RESTJSON, wire.CBOR:
	}
	return "AccessDeniedException"
}

// dropped is a connection that was reset.
type dropped struct{}

func (dropped) Error() string { return "read: connection reset by peer" }
func (dropped) Unwrap() error { return syscall.ECONNRESET }

// cut is a body that ends too early.
type cut struct {
	io.ReadCloser
	read bool
}

func (c *cut) Read(b []byte) (int, error) {
	if c.read {
		return 0, io.ErrUnexpectedEOF
	}
	c.read = true
	n, err := c.ReadCloser.Read(b[:min(len(b), 7)])
	if errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	return n, err
}

func sleep(ctx context.Context, d time.Duration) error {
	if d == 0 {
		<-ctx.Done()
		return ctx.Err()
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
