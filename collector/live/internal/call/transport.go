package call

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"

	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
)

// maxAnswer bounds one answer of AWS. Pages are a few MiB at most.
const maxAnswer = 64 << 20

// A Doer sends a request, like *http.Client.
type Doer interface {
	Do(*http.Request) (*http.Response, error)
}

// reading reads each answer as a whole before anybody sees it: an answer that
// is cut off is then a failed request, which is tried again, and not a decoding
// error, which is not.
type reading struct{ next Doer }

func (r reading) Do(req *http.Request) (*http.Response, error) {
	resp, err := r.next.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close() //nolint:errcheck // read to its end, or given up
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer+1))
	switch {
	case err != nil:
		return nil, cutOff{err}
	case len(body) > maxAnswer:
		return nil, errTooLarge
	}
	resp.Body = io.NopCloser(bytes.NewReader(body))
	resp.ContentLength = int64(len(body))
	return resp, nil
}

var errTooLarge = fmt.Errorf("the answer is larger than %d MiB", maxAnswer>>20)

// cutOff is an answer that ended too early.
type cutOff struct{ err error }

func (c cutOff) Error() string        { return "the answer was cut off: " + c.err.Error() }
func (c cutOff) Unwrap() error        { return c.err }
func (c cutOff) RetryableError() bool { return !errors.Is(c.err, context.Canceled) }

// httpClient is the SDK's own client, so that AWS_CA_BUNDLE and proxies work.
// host is that of a custom endpoint: names below it that the SDK makes, such as
// 111122223333.localhost:4566 for S3 Control, lead there too.
func httpClient(host string) *awshttp.BuildableClient {
	client := awshttp.NewBuildableClient().WithTransportOptions(func(t *http.Transport) {
		t.MaxIdleConnsPerHost = 16
		t.ResponseHeaderTimeout = time.Minute
		if host == "" {
			return
		}
		dial := t.DialContext
		t.DialContext = func(ctx context.Context, network, addr string) (net.Conn, error) {
			if strings.HasSuffix(addr, "."+host) {
				addr = host
			}
			return dial(ctx, network, addr)
		}
	})
	return client
}
