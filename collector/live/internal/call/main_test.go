package call_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	awssqs "github.com/aws/aws-sdk-go-v2/service/sqs"
	"go.uber.org/goleak"

	"pathfinder/collector/live/internal/awstest"
	"pathfinder/collector/live/internal/call"
)

func TestMain(m *testing.M) {
	for name, value := range awstest.Credentials() {
		if err := os.Setenv(name, value); err != nil {
			panic(err)
		}
	}
	goleak.VerifyTestMain(m)
}

// operations are what the calls of these tests are declared with.
var operations = []call.Operation{
	{Service: "SQS", Name: "ListQueues", Actions: []string{"sqs:ListQueues"}},
	{Service: "EC2", Name: "DescribeRegions", Actions: []string{"ec2:DescribeRegions"}},
	{Service: "RDS", Name: "DescribeDBSnapshots", Actions: []string{"rds:DescribeDBSnapshots"}},
	{Service: "IAM", Name: "ListUsers", Actions: []string{"iam:ListUsers"}},
	{Service: "Organizations", Name: "ListRoots", Actions: []string{"organizations:ListRoots"}, Group: "Organizations.ListRoots"},
}

// A stand is a Doer that answers what concerns credentials and gives the rest to
// answer, with the number of the request.
type stand struct {
	answer func(n int, r *http.Request) (*http.Response, error)

	mu      sync.Mutex
	n       int // requests that went to answer; under mu
	assumed int // sessions; under mu
}

func (s *stand) Do(r *http.Request) (*http.Response, error) {
	body := ""
	if r.Body != nil {
		b, err := io.ReadAll(r.Body)
		if err != nil {
			return nil, err
		}
		body = string(b)
	}
	if strings.HasPrefix(r.URL.Host, "sts.") {
		return s.sts(body), nil
	}
	s.mu.Lock()
	s.n++
	n := s.n
	s.mu.Unlock()
	return s.answer(n, r)
}

func (s *stand) sts(body string) *http.Response {
	form, _ := url.ParseQuery(body)
	if form.Get("Action") == "GetCallerIdentity" {
		return answer(200, `<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::111122223333:user/me</Arn><Account>111122223333</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`)
	}
	s.mu.Lock()
	s.assumed++
	s.mu.Unlock()
	return answer(200, `<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>ASIAEXAMPLE</AccessKeyId><SecretAccessKey>k</SecretAccessKey><SessionToken>t</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`)
}

func (s *stand) requests() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.n
}

func answer(status int, body string, header ...string) *http.Response {
	h := http.Header{}
	for i := 0; i+1 < len(header); i += 2 {
		h.Set(header[i], header[i+1])
	}
	return &http.Response{StatusCode: status, Header: h, Body: io.NopCloser(strings.NewReader(body)), ProtoMajor: 1, ProtoMinor: 1}
}

// failure is an error in the JSON protocols.
func failure(status int, code string, header ...string) *http.Response {
	return answer(status, `{"__type":"`+code+`","message":"arn:aws:iam::111122223333:user/secret is not authorized"}`, append(header, "X-Amzn-Errortype", code)...)
}

// always answers each request in the same way.
func always(f func() (*http.Response, error)) *stand {
	return &stand{answer: func(int, *http.Request) (*http.Response, error) { return f() }}
}

// failing fails so many times and then has no queues.
func failing(times int, f func(*http.Request) (*http.Response, error)) *stand {
	return &stand{answer: func(n int, r *http.Request) (*http.Response, error) {
		if n <= times {
			return f(r)
		}
		return answer(200, `{"QueueUrls":[]}`), nil
	}}
}

func open(t *testing.T, s call.Doer, opts call.Options) *call.Session {
	t.Helper()
	opts.Client, opts.Region = s, awstest.Region
	if opts.Operations == nil {
		opts.Operations = operations
	}
	session, err := call.Open(t.Context(), opts)
	if err != nil {
		t.Fatal(err)
	}
	return session
}

func listQueues(ctx context.Context, l *call.Login) error {
	_, err := awssqs.NewFromConfig(l.In(awstest.Region)).ListQueues(ctx, &awssqs.ListQueuesInput{})
	return err
}

// bubble runs a test in virtual time.
func bubble(t *testing.T, f func(t *testing.T)) {
	t.Helper()
	t.Parallel()
	synctest.Test(t, f)
}

var errDropped = errors.New("read tcp 10.0.0.7:4711: connection reset by peer")
