package call_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	awsiam "github.com/aws/aws-sdk-go-v2/service/iam"
	awssqs "github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/smithy-go/logging"

	"pathfinder/collector/live/internal/awstest"
	"pathfinder/collector/live/internal/call"
)

var (
	ec2    = call.API{Service: "EC2", Prefix: "ec2", Version: "2016-11-15"}
	rds    = call.API{Service: "RDS", Prefix: "rds", Version: "2014-10-31"}
	noHost = &net.DNSError{Err: "no such host", Name: "sqs.eu-central-1.amazonaws.com", IsNotFound: true}
)

// Errors have one form in EC2 and another in the other APIs of the protocol
// ("Error codes for the Amazon EC2 API", "Common errors" of Amazon RDS).
func TestQueryErrors(t *testing.T) {
	t.Parallel()
	const ec2Denied = `<Response><Errors><Error><Code>UnauthorizedOperation</Code><Message>secret</Message></Error></Errors><RequestID>1</RequestID></Response>`
	const rdsDenied = `<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>secret</Message></Error><RequestId>1</RequestId></ErrorResponse>`
	const ec2Throttled = `<Response><Errors><Error><Code>RequestLimitExceeded</Code><Message>secret</Message></Error></Errors></Response>`
	const rdsThrottled = `<ErrorResponse><Error><Code>Throttling</Code><Message>secret</Message></Error></ErrorResponse>`
	tests := []struct {
		name      string
		api       call.API
		operation string
		status    int
		body      string
		attempts  int
		why       string
	}{
		{"EC2 denied", ec2, "DescribeRegions", 403, ec2Denied, 1, "UnauthorizedOperation on DescribeRegions"},
		{"RDS denied", rds, "DescribeDBSnapshots", 403, rdsDenied, 1, "AccessDenied on DescribeDBSnapshots"},
		{"EC2 throttled", ec2, "DescribeRegions", 503, ec2Throttled, 9, "RequestLimitExceeded on DescribeRegions"},
		{"RDS throttled", rds, "DescribeDBSnapshots", 400, rdsThrottled, 9, "Throttling on DescribeDBSnapshots"},
		{"page of a proxy", ec2, "DescribeRegions", 502, `<html><body>Bad gateway`, 9, "HTTP status 502 on DescribeRegions"},
		{"nothing", ec2, "DescribeRegions", 500, ``, 9, "HTTP status 500 on DescribeRegions"},
		{"no XML", ec2, "DescribeRegions", 200, `{"a":1`, 1, "the answer could not be understood on DescribeRegions"},
		{"undeclared", ec2, "TerminateInstances", 200, ``, 0, "BUG: EC2 TerminateInstances is not in the table of operations on TerminateInstances"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				s := always(func() (*http.Response, error) { return answer(tt.status, tt.body), nil })
				var out struct{}
				err := open(t, s, call.Options{}).Own().Query(t.Context(), awstest.Region, tt.api, tt.operation, nil, &out)
				if got := call.Reason(err); got != tt.why {
					t.Errorf("the reason is %q, not %q", got, tt.why)
				}
				if s.requests() != tt.attempts {
					t.Errorf("%d attempts, not %d", s.requests(), tt.attempts)
				}
			})
		})
	}
}

// A query is signed, sent to the region's host, tried again, and decoded.
func TestQuery(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s := &stand{answer: func(n int, r *http.Request) (*http.Response, error) {
			if n == 1 {
				return nil, io.ErrUnexpectedEOF
			}
			auth := r.Header.Get("Authorization")
			if r.URL.Host != "ec2.cn-north-1.amazonaws.com.cn" || !strings.Contains(auth, "/cn-north-1/ec2/aws4_request") {
				t.Errorf("sent to %s with %s", r.URL.Host, auth)
			}
			return answer(200, `<ThingsResponse><regionInfo><item><regionName>cn-north-1</regionName></item></regionInfo></ThingsResponse>`), nil
		}}
		var out struct {
			Names []string `xml:"regionInfo>item>regionName"`
		}
		err := open(t, s, call.Options{}).Own().Query(t.Context(), "cn-north-1", ec2, "DescribeRegions", url.Values{"Filter.1.Name": {"x"}}, &out)
		if err != nil || len(out.Names) != 1 || s.requests() != 2 {
			t.Errorf("got %v, %v after %d requests", out.Names, err, s.requests())
		}
	})
}

// With an endpoint of the user's, clients and queries go there, and so do hosts
// below it, which are not names that anybody resolves.
func TestCustomEndpoint(t *testing.T) {
	var hosts []string
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		hosts = append(hosts, r.Host)
		body, _ := io.ReadAll(r.Body)
		switch {
		case strings.Contains(string(body), "GetCallerIdentity"):
			resp := (&stand{}).sts(string(body))
			_, _ = io.Copy(w, resp.Body)
		case r.Header.Get("X-Amz-Target") != "":
			_, _ = io.WriteString(w, `{}`)
		default:
			_, _ = io.WriteString(w, `<ThingsResponse></ThingsResponse>`)
		}
	}))
	server.Config.SetKeepAlivesEnabled(false)
	server.Start()
	defer server.Close()
	t.Setenv("AWS_ENDPOINT_URL", server.URL)
	session, err := call.Open(t.Context(), call.Options{Region: awstest.Region, Operations: operations})
	if err != nil {
		t.Fatal(err)
	}
	if !session.Own().CustomEndpoint() {
		t.Error("the endpoint of the environment is not seen")
	}
	if err := listQueues(t.Context(), session.Own()); err != nil {
		t.Error(err)
	}
	var out struct{}
	if err := session.Own().Query(t.Context(), awstest.Region, ec2, "DescribeRegions", nil, &out); err != nil {
		t.Error(err)
	}
	host := strings.TrimPrefix(server.URL, "http://")
	below, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://111122223333."+host+"/", nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := session.Own().In(awstest.Region).HTTPClient.Do(below)
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	if len(hosts) != 4 || hosts[3] != "111122223333."+host {
		t.Errorf("requests went to %v", hosts)
	}
}

// Without credentials that work there is nothing to do.
func TestOpenFails(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s := doer(func(*http.Request) (*http.Response, error) {
			return answer(403, `<ErrorResponse><Error><Code>InvalidClientTokenId</Code><Message>secret</Message></Error></ErrorResponse>`), nil
		})
		_, err := call.Open(t.Context(), call.Options{Client: s, Region: awstest.Region})
		if err == nil || !strings.Contains(err.Error(), "InvalidClientTokenId on GetCallerIdentity") || strings.Contains(err.Error(), "secret") {
			t.Errorf("the error is %v", err)
		}
	})
}

// Where nobody is reached the first call is given up soon, and that is what is said. Others
// go on: TestRetried.
func TestOpenUnreachable(t *testing.T) {
	t.Parallel()
	silent := func(r *http.Request) (*http.Response, error) {
		<-r.Context().Done()
		return nil, r.Context().Err()
	}
	dropped := func(*http.Request) (*http.Response, error) { return nil, errDropped }
	tests := []struct {
		name     string
		fail     func(*http.Request) (*http.Response, error)
		times    int
		why      string // "" where it is reached in the end
		attempts int
	}{
		{"no connection", dropped, 1e6, "AWS can't be reached: the connection failed on GetCallerIdentity", 3},
		{"a connection at last", dropped, 2, "", 3},
		{"no answer", silent, 1e6, "AWS can't be reached: no answer in time on GetCallerIdentity", 1},
		{"a server error is an answer", func(*http.Request) (*http.Response, error) { return answer(503, ""), nil }, 8, "", 9},
		{"so is one that is cut off", func(*http.Request) (*http.Response, error) { return cut(), nil }, 8, "", 9},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				attempts := 0
				s := doer(func(r *http.Request) (*http.Response, error) {
					if attempts++; attempts <= tt.times {
						return tt.fail(r)
					}
					return awstest.New(t, nil).Do(r)
				})
				_, err := call.Open(t.Context(), call.Options{Client: s, Region: awstest.Region})
				if tt.why == "" && err != nil || tt.why != "" && (err == nil || !strings.Contains(err.Error(), tt.why)) {
					t.Errorf("the error is %v, want %q", err, tt.why)
				}
				if attempts != tt.attempts {
					t.Errorf("it was tried %d times, not %d", attempts, tt.attempts)
				}
			})
		})
	}
}

// A role that cannot be assumed says so.
func TestEnterDenied(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s := &stand{}
		denied := doer(func(r *http.Request) (*http.Response, error) {
			if r.ContentLength > 0 {
				b, _ := io.ReadAll(r.Body)
				if strings.Contains(string(b), "AssumeRole") {
					return answer(403, `<ErrorResponse><Error><Code>AccessDenied</Code><Message>secret</Message></Error></ErrorResponse>`), nil
				}
				return s.sts(string(b)), nil
			}
			return answer(500, ""), nil
		})
		_, err := open(t, denied, call.Options{}).Enter(t.Context(), "999999999999", "/path/Read", "")
		if got, want := call.Reason(err), "AccessDenied on AssumeRole"; got != want || !call.IsDenied(err) {
			t.Errorf("the reason is %q, not %q", got, want)
		}
	})
}

// Without an operation there is only the cause.
func TestReasonOfOthers(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		err  error
		want string
	}{
		{errors.New("what nobody knows"), "the call failed"},
		{context.DeadlineExceeded, "no answer in time"},
		{noHost, "there is no such endpoint"},
	} {
		if got := call.Reason(tt.err); got != tt.want {
			t.Errorf("%v: %q, not %q", tt.err, got, tt.want)
		}
	}
	if call.Is(nil, "") || call.Is(errors.New("x"), "") {
		t.Error("an error without a code has one")
	}
}

type doer func(*http.Request) (*http.Response, error)

func (f doer) Do(r *http.Request) (*http.Response, error) { return f(r) }

func contextWithTimeout(t *testing.T, d time.Duration) (context.Context, context.CancelFunc) {
	t.Helper()
	return context.WithTimeout(t.Context(), d)
}

func listQueuesIn(ctx context.Context, l *call.Login, region string) error {
	_, err := awssqs.NewFromConfig(l.In(region)).ListQueues(ctx, &awssqs.ListQueuesInput{})
	return err
}

// Errors of the Query protocol are read by the SDK's own clients too.
func TestClientQueryError(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s := always(func() (*http.Response, error) {
			return answer(403, `<ErrorResponse><Error><Code>AccessDenied</Code><Message>secret</Message></Error></ErrorResponse>`), nil
		})
		_, err := awsiam.NewFromConfig(open(t, s, call.Options{}).Own().In("us-east-1")).ListUsers(t.Context(), &awsiam.ListUsersInput{})
		if got, want := call.Reason(err), "AccessDenied on ListUsers"; got != want {
			t.Errorf("the reason is %q, not %q", got, want)
		}
	})
}

// Nothing is printed by the SDK, whose warnings go to stderr otherwise.
func TestNoLogger(t *testing.T) {
	bubble(t, func(t *testing.T) {
		cfg := open(t, always(none), call.Options{}).Own().In(awstest.Region)
		if _, ok := cfg.Logger.(logging.Nop); !ok {
			t.Errorf("the logger is %T", cfg.Logger)
		}
	})
}

// A page of something else is no empty list.
func TestQueryRefusesOtherAnswers(t *testing.T) {
	t.Parallel()
	for _, body := range []string{`<html><body>welcome</body></html>`, `<Things/>`, ``, `{}`} {
		t.Run(body, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				s := failing(1e6, func(*http.Request) (*http.Response, error) { return answer(200, body), nil })
				var out struct{}
				err := open(t, s, call.Options{}).Own().Query(t.Context(), "eu-central-1", call.API{Service: "EC2", Prefix: "ec2", Version: "1"}, "DescribeRegions", nil, &out)
				if err == nil || !strings.Contains(call.Reason(err), "could not be understood") {
					t.Errorf("got %v", err)
				}
			})
		})
	}
}
