// Package awstest answers calls in place of AWS, with answers written by hand
// from the documentation of its APIs, so that tests see what moto and other
// stand-ins leave out or get wrong.
package awstest

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"pathfinder/collector/live/internal/call"
	"pathfinder/collector/live/internal/service"
	"pathfinder/collector/snapshot"
)

// The account and the region of a unit that [Read] reads.
const (
	Account = "111122223333"
	Region  = "eu-central-1"
)

// A Request is what was asked, with its body.
type Request struct {
	*http.Request
	Body string
	Form url.Values // of the Query protocol
}

// An Answer is what is answered: status 0 is 200.
type Answer struct {
	Status int
	Body   string
	Header http.Header
}

// Answers answers requests by what [Key] makes of them: a value is a string
// (the body), an Answer, or a func(Request) Answer.
type Answers map[string]any

// Key names a request: the target of the JSON protocols, "AmazonSQS.ListQueues";
// the action of the Query protocol, "Action=ListUsers"; otherwise method and path,
// with the first part of the query where there is one without a value:
// "GET /bucket?policy".
func Key(r Request) string {
	if target := r.Header.Get("X-Amz-Target"); target != "" {
		return target
	}
	if action := r.Form.Get("Action"); action != "" {
		return "Action=" + action
	}
	key := r.Method + " " + r.URL.Path
	for _, part := range strings.Split(r.URL.RawQuery, "&") {
		if name, value, _ := strings.Cut(part, "="); part != "" && value == "" {
			return key + "?" + name
		}
	}
	return key
}

// A Server answers requests. It is safe for concurrent use.
type Server struct {
	tb      testing.TB
	answers Answers

	mu   sync.Mutex
	Seen []string // keys of requests in the order they came; under mu
}

// New returns a server. GetCallerIdentity and AssumeRole are answered; what has no
// answer fails the test.
func New(tb testing.TB, answers Answers) *Server {
	all := Answers{
		"Action=GetCallerIdentity": `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>` +
			`<Arn>arn:aws:iam::` + Account + `:user/collector</Arn><UserId>AIDAEXAMPLE</UserId><Account>` + Account + `</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`,
	}
	for key, a := range answers {
		all[key] = a
	}
	return &Server{tb: tb, answers: all}
}

// Do answers a request.
func (s *Server) Do(req *http.Request) (*http.Response, error) {
	r := Request{Request: req}
	if req.Body != nil {
		b, err := io.ReadAll(req.Body)
		if err != nil {
			return nil, err
		}
		r.Body = string(b)
		if strings.HasPrefix(req.Header.Get("Content-Type"), "application/x-www-form-urlencoded") {
			r.Form, _ = url.ParseQuery(r.Body)
		}
	}
	key := Key(r)
	s.mu.Lock()
	s.Seen = append(s.Seen, key)
	s.mu.Unlock()
	var answer Answer
	switch a := s.answers[key].(type) {
	case string:
		answer.Body = a
	case Answer:
		answer = a
	case func(Request) Answer:
		answer = a(r)
	default:
		s.tb.Errorf("there is no answer for %s (%s)", key, r.URL)
		answer = Answer{Status: http.StatusNotImplemented}
	}
	if answer.Status == 0 {
		answer.Status = http.StatusOK
	}
	header := answer.Header
	if header == nil {
		header = http.Header{}
	}
	return &http.Response{
		StatusCode: answer.Status, Header: header, Request: req, ProtoMajor: 1, ProtoMinor: 1,
		Body: io.NopCloser(bytes.NewReader([]byte(answer.Body))),
	}, nil
}

// Error is the answer of the JSON protocols for an error.
func Error(status int, code string) Answer {
	return Answer{Status: status, Body: `{"__type":"` + code + `","message":"hidden"}`, Header: http.Header{"X-Amzn-Errortype": {code}}}
}

// XMLError is the answer of the REST-XML and Query protocols for an error.
func XMLError(status int, code string) Answer {
	return Answer{Status: status, Body: `<ErrorResponse><Error><Code>` + code + `</Code><Message>hidden</Message></Error><Code>` + code + `</Code></ErrorResponse>`}
}

// Open opens a session whose calls the server answers, for these operations.
func Open(tb testing.TB, server call.Doer, operations []call.Operation) *call.Session {
	tb.Helper()
	s, err := call.Open(context.Background(), call.Options{
		Region: Region, Operations: operations, Client: server, MaxBackoff: 20 * time.Millisecond,
	})
	if err != nil {
		tb.Fatal(err)
	}
	return s
}

// Read reads one unit of a service and returns what it found as indented JSON,
// with resources and gaps in a fixed order. The error is that of Service.Read.
// Tests that call it have set credentials with [Credentials].
func Read(tb testing.TB, name string, answers Answers) (string, error) {
	tb.Helper()
	s, ok := service.Find(name)
	if !ok {
		tb.Fatalf("there is no service %q", name)
	}
	u := &service.Unit{
		Service: &s, Account: Account, Partition: "aws", Region: Region, Regions: []string{Region},
		Login: Open(tb, New(tb, answers), s.Operations).Own(),
	}
	err := s.Read(context.Background(), u)
	p := u.Part()
	slices.SortFunc(p.Resources, func(a, b *snapshot.Resource) int { return strings.Compare(a.ARN, b.ARN) })
	slices.SortFunc(p.Gaps, func(a, b snapshot.Gap) int { return strings.Compare(a.What+a.Why, b.What+b.Why) })
	text, failed := json.Marshal(p, jsontext.WithIndent("  "), json.Deterministic(true))
	if failed != nil {
		tb.Fatal(failed)
	}
	return string(text), err
}

// Credentials are what TestMain sets in the environment, so that no test finds
// those of whoever runs it. They are AWS's own example.
func Credentials() map[string]string {
	return map[string]string{
		"AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE", "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
		"AWS_SESSION_TOKEN": "", "AWS_PROFILE": "", "AWS_CONFIG_FILE": "/dev/null", "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
		"AWS_ENDPOINT_URL": "", "AWS_REGION": Region, "AWS_EC2_METADATA_DISABLED": "true", "AWS_CA_BUNDLE": "",
		"AWS_MAX_ATTEMPTS": "", "AWS_RETRY_MODE": "",
	}
}
