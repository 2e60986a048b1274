package call

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// An API is one that speaks the Query protocol and has no client here: that of
// EC2 takes longer to compile than all others together.
type API struct {
	Service string // as operations are declared: "EC2"
	Prefix  string // of the host, and the name that is signed for: "ec2"
	Version string // "2016-11-15"
}

// Query calls an operation of an API and decodes its XML into out. Parameters are
// named as the API reference writes them, such as Filter.1.Name. It is tried again
// like every other call.
func (l *Login) Query(ctx context.Context, region string, api API, operation string, params url.Values, out any) error {
	form := url.Values{"Action": {operation}, "Version": {api.Version}}
	for name, values := range params {
		form[name] = values
	}
	return l.again(ctx, region, api.Service, operation, func(ctx context.Context) error {
		return l.query(ctx, region, api, form.Encode(), out)
	})
}

// again sends a request that no client of the SDK makes, until it is answered.
func (l *Login) again(ctx context.Context, region, service, operation string, send func(context.Context) error) error {
	retries := retryer(l.s.opts.MaxBackoff, l.renew)
	for attempt := 1; ; attempt++ {
		err := l.s.gate.pass(ctx, place{l.Account, region}, service, operation, attempt, send)
		if err == nil {
			return nil
		}
		if attempt >= retries.MaxAttempts() || ctx.Err() != nil || !retries.IsErrorRetryable(err) {
			return &smithy.OperationError{ServiceID: service, OperationName: operation, Err: err}
		}
		delay, failed := retries.RetryDelay(attempt, err)
		if failed != nil {
			return failed
		}
		if err := wait(ctx, delay); err != nil {
			return err
		}
	}
}

func wait(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

func (l *Login) query(ctx context.Context, region string, api API, form string, out any) error {
	header := http.Header{"Content-Type": {"application/x-www-form-urlencoded; charset=utf-8"}}
	resp, body, err := l.post(ctx, region, api.Prefix, header, form)
	if err != nil {
		return err
	}
	if resp.StatusCode != http.StatusOK {
		return &smithyhttp.ResponseError{Response: &smithyhttp.Response{Response: resp}, Err: queryError(body)}
	}
	var root struct{ XMLName xml.Name }
	err = xml.Unmarshal(body, &root)
	if err == nil && !strings.HasSuffix(root.XMLName.Local, "Response") {
		err = fmt.Errorf("the answer is a %s", root.XMLName.Local) // of something else, which would seem to be an empty list
	}
	if err == nil {
		err = xml.Unmarshal(body, out)
	}
	if err != nil {
		return &smithy.DeserializationError{Err: err}
	}
	return nil
}

// post sends a text to the root of a service.
func (l *Login) post(ctx context.Context, region, prefix string, header http.Header, text string) (*http.Response, []byte, error) {
	return l.send(ctx, region, prefix, http.MethodPost, "/", header, text)
}

// send signs a request and sends it to the endpoint of a service, whose host begins
// with the name that is signed for. target is an escaped path, perhaps with a query.
func (l *Login) send(ctx context.Context, region, prefix, method, target string, header http.Header, text string) (*http.Response, []byte, error) {
	creds, err := l.creds.Retrieve(ctx)
	if err != nil {
		return nil, nil, err
	}
	endpoint := "https://" + prefix + "." + region + "." + dnsSuffix(region)
	if base := aws.ToString(l.s.base.BaseEndpoint); base != "" {
		endpoint = strings.TrimSuffix(base, "/")
	}
	req, err := http.NewRequestWithContext(ctx, method, endpoint+target, strings.NewReader(text))
	if err != nil {
		return nil, nil, err
	}
	req.Header = header
	sum := sha256.Sum256([]byte(text))
	if err := v4.NewSigner().SignHTTP(ctx, creds, req, hex.EncodeToString(sum[:]), prefix, region, time.Now()); err != nil {
		return nil, nil, err
	}
	resp, err := l.s.base.HTTPClient.Do(req)
	if err != nil {
		return nil, nil, &smithyhttp.RequestSendError{Err: err}
	}
	defer resp.Body.Close() //nolint:errcheck // in memory
	body, err := io.ReadAll(resp.Body)
	return resp, body, err
}

// queryError reads either form of an error of the Query protocol.
func queryError(body []byte) error {
	var e struct {
		EC2  string `xml:"Errors>Error>Code"`
		Code string `xml:"Error>Code"`
	}
	_ = xml.Unmarshal(body, &e) // of a proxy between, it may be anything
	if e.EC2 != "" {
		e.Code = e.EC2
	}
	return &smithy.GenericAPIError{Code: e.Code}
}

// suffixes are the domains of partitions by the beginning of their regions' names
// ("Regions and partitions", AWS fault isolation boundaries).
var suffixes = []struct{ region, domain string }{
	{"cn-", "amazonaws.com.cn"},
	{"us-isob-", "sc2s.sgov.gov"},
	{"us-isof-", "csp.hci.ic.gov"},
	{"us-iso-", "c2s.ic.gov"},
	{"eu-isoe-", "cloud.adc-e.uk"},
	{"eusc-", "amazonaws.eu"},
}

func dnsSuffix(region string) string {
	for _, s := range suffixes {
		if strings.HasPrefix(region, s.region) {
			return s.domain
		}
	}
	return "amazonaws.com"
}
