package call

import (
	"context"
	"errors"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/ratelimit"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

const (
	maxAttempts = 9
	maxBackoff  = 20 * time.Second
	// pageBackoff is enough for a stand-in that lacks an operation: it will lack it in
	// a minute, too.
	pageBackoff = 200 * time.Millisecond
	// maxRetryAfter bounds how long a server may ask us to wait.
	maxRetryAfter = time.Minute
)

// retryer returns the standard retryer without quota. Credentials that expired
// are thrown away by renew, so that the next attempt has new ones.
func retryer(backoff time.Duration, renew func()) aws.Retryer {
	exponential := retry.NewExponentialJitterBackoff(backoff)
	return retry.NewStandard(func(o *retry.StandardOptions) {
		o.MaxAttempts = maxAttempts
		o.MaxBackoff = backoff
		o.RateLimiter = ratelimit.None
		o.Retryables = append([]retry.IsErrorRetryable{retry.IsErrorRetryableFunc(func(err error) aws.Ternary {
			switch {
			case isNoHost(err), errors.Is(err, errTooLarge):
				return aws.FalseTernary // asking nine times does not make a name exist, nor an answer shorter
			case isThrottle(err):
				return aws.TrueTernary // also one that a proxy says with the status alone
			case Code(err) == codeExpired:
				renew()
				return aws.TrueTernary
			}
			return aws.UnknownTernary
		})}, o.Retryables...)
		o.Backoff = retry.BackoffDelayerFunc(func(attempt int, err error) (time.Duration, error) {
			d, failed := exponential.BackoffDelay(attempt, err)
			if isPage(err) {
				d = min(d, pageBackoff)
			}
			return max(d, retryAfter(err)), failed
		})
	})
}

// A firstCall gives up soon where nobody is reached: in the midst of a collection that
// passes, but before it most likely something is set wrong, and nobody knows yet that
// anything is tried.
type firstCall struct {
	aws.Retryer
	began time.Time
	calls int
}

const (
	firstCalls = 3
	firstTime  = 15 * time.Second
)

// IsErrorRetryable also counts: the SDK asks once an attempt, one after the other.
func (f *firstCall) IsErrorRetryable(err error) bool {
	if f.calls++; isUnreachable(err) && (f.calls >= firstCalls || time.Since(f.began) >= firstTime) {
		return false
	}
	return f.Retryer.IsErrorRetryable(err)
}

// isUnreachable reports whether no server answered.
func isUnreachable(err error) bool {
	_, sent := errors.AsType[*smithyhttp.RequestSendError](err)
	_, isLate := errors.AsType[timedOut](err)
	_, isCut := errors.AsType[cutOff](err)
	return (sent || isLate) && !isCut && !errors.Is(err, context.Canceled)
}

// retryAfter returns how long the server asked to wait.
func retryAfter(err error) time.Duration {
	resp, ok := errors.AsType[*smithyhttp.ResponseError](err)
	if !ok || resp.Response == nil {
		return 0
	}
	text := resp.Response.Header.Get("Retry-After")
	if s, err := strconv.Atoi(text); err == nil && s > 0 {
		return min(time.Duration(s)*time.Second, maxRetryAfter)
	}
	if at, err := http.ParseTime(text); err == nil {
		return min(max(0, time.Until(at)), maxRetryAfter)
	}
	return 0
}

// codeExpired is the one code that Code returns for all spellings of it.
const codeExpired = "ExpiredToken"

// Code returns the error code of AWS, or "".
func Code(err error) string {
	api, ok := errors.AsType[smithy.APIError](err)
	if !ok {
		return ""
	}
	switch code := api.ErrorCode(); code {
	case "UnknownError": // what the SDK says when an answer has none
		return ""
	case "ExpiredTokenException", "RequestExpired":
		return codeExpired
	default:
		return code
	}
}

// Is reports whether the error has one of these codes.
func Is(err error, codes ...string) bool {
	have := Code(err)
	if have == "" {
		return false
	}
	for _, code := range codes {
		if code == have {
			return true
		}
	}
	return false
}

func isThrottle(err error) bool {
	if _, ok := retry.DefaultThrottleErrorCodes[Code(err)]; ok {
		return true
	}
	resp, ok := errors.AsType[*smithyhttp.ResponseError](err)
	return ok && resp.HTTPStatusCode() == http.StatusTooManyRequests
}

// isPage reports whether a server that is not AWS failed with a page for people, as
// stand-ins do where they lack an operation. Gateways of AWS answer with pages too,
// but with 502 and 503.
func isPage(err error) bool {
	resp, ok := errors.AsType[*smithyhttp.ResponseError](err)
	if !ok || resp.Response == nil || resp.Response.Response == nil {
		return false
	}
	kind := resp.Response.Header.Get("Content-Type")
	return resp.HTTPStatusCode() == http.StatusInternalServerError && strings.HasPrefix(kind, "text/html")
}

func isNoHost(err error) bool {
	dns, ok := errors.AsType[*net.DNSError](err)
	return ok && dns.IsNotFound
}
