package call_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"pathfinder/collector/live/internal/awstest"
	"pathfinder/collector/live/internal/call"
)

var things = call.JSONAPI{Service: "Things", Prefix: "things", Target: "AWSThings"}

// login opens a session that answers for operations of things, and returns what
// calls them.
func login(t *testing.T, answers awstest.Answers) *call.Login {
	t.Helper()
	for name, value := range awstest.Credentials() {
		t.Setenv(name, value)
	}
	list := []call.Operation{{Service: "Things", Name: "List"}, {Service: "Things", Name: "Get"}}
	return awstest.Open(t, awstest.New(t, answers), list).Own()
}

func TestJSON(t *testing.T) {
	l := login(t, awstest.Answers{"AWSThings.List": func(r awstest.Request) awstest.Answer {
		if r.Method != http.MethodPost || r.URL.String() != "https://things.eu-west-1.amazonaws.com/" {
			t.Errorf("the request is %s %s", r.Method, r.URL)
		}
		if r.Body != `{"Limit":5,"Name":"a/b"}` || r.Header.Get("Content-Type") != "application/x-amz-json-1.1" {
			t.Errorf("the request holds %s %s", r.Header.Get("Content-Type"), r.Body)
		}
		if auth := r.Header.Get("Authorization"); !strings.Contains(auth, "/eu-west-1/things/aws4_request") || !strings.Contains(auth, "x-amz-target") {
			t.Errorf("the signature is %s", auth)
		}
		return awstest.Answer{Body: `{"Names":["x"],"NextToken":null,"More":{"Deep":[1.7E9]}}`}
	}})
	var out struct {
		Names     []string
		NextToken string
	}
	err := l.JSON(t.Context(), "eu-west-1", things, "List", struct {
		Limit int
		Name  string
	}{5, "a/b"}, &out)
	if err != nil || len(out.Names) != 1 || out.NextToken != "" {
		t.Errorf("JSON found %+v, %v", out, err)
	}
}

func TestREST(t *testing.T) {
	const arn = "arn:aws:things:eu-west-1:111122223333:thing/a b"
	l := login(t, awstest.Answers{
		"GET /v1/" + arn + "/policy": func(r awstest.Request) awstest.Answer {
			want := "https://things.cn-north-1.amazonaws.com.cn/v1/arn%3Aaws%3Athings%3Aeu-west-1%3A111122223333%3Athing%2Fa%20b/policy?limit=5&token=a%2Bb"
			if got := r.URL.String(); got != want {
				t.Errorf("the request is for %s, want %s", got, want)
			}
			if r.Header.Get("X-Things-Version") != "1" || r.Body != "" || r.Header.Get("Content-Type") != "" {
				t.Errorf("the request has %v %q", r.Header, r.Body)
			}
			return awstest.Answer{Body: `{"policy":"p"}`}
		},
		"POST /v1/list": func(r awstest.Request) awstest.Answer {
			if r.Body != `["a"]` || r.Header.Get("Content-Type") != "application/json" {
				t.Errorf("the request holds %s %s", r.Header.Get("Content-Type"), r.Body)
			}
			return awstest.Answer{Status: http.StatusCreated, Body: `{"policy":"q"}`}
		},
	})
	var out struct {
		Policy string `json:"policy"`
	}
	err := l.REST(t.Context(), "cn-north-1", things, "Get", call.Request{
		Path: "/v1/" + call.Escape(arn) + "/policy", Query: url.Values{"token": {"a+b"}, "limit": {"5"}}, Header: map[string]string{"X-Things-Version": "1"},
	}, &out)
	if err != nil || out.Policy != "p" {
		t.Errorf("REST found %+v, %v", out, err)
	}
	err = l.REST(t.Context(), "eu-west-1", things, "List", call.Request{Method: http.MethodPost, Path: "/v1/list", Body: []string{"a"}}, &out)
	if err != nil || out.Policy != "q" {
		t.Errorf("REST found %+v, %v", out, err)
	}
}

func TestHandErrors(t *testing.T) {
	header := func(code string) http.Header { return http.Header{"X-Amzn-Errortype": {code}} }
	tests := []struct {
		name   string
		answer awstest.Answer
		code   string
		reason string
	}{
		{"in the header", awstest.Answer{Status: 404, Header: header("NoThing")}, "NoThing", "NoThing on List"},
		{"with a URL", awstest.Answer{Status: 400, Header: header("NoThing:http://internal.amazon.com/coral/")}, "NoThing", "NoThing on List"},
		{"in the answer", awstest.Answer{Status: 400, Body: `{"__type":"NoThing","message":"hidden"}`}, "NoThing", "NoThing on List"},
		{"with a namespace", awstest.Answer{Status: 400, Body: `{"__type":"com.amazonaws.things#NoThing"}`}, "NoThing", "NoThing on List"},
		{"of the REST protocol", awstest.Answer{Status: 403, Body: `{"code":"AccessDeniedException","type":"Client"}`}, "AccessDeniedException", "AccessDeniedException on List"},
		{"without a code", awstest.Answer{Status: 404, Body: `<html>hidden</html>`}, "", "HTTP status 404 on List"},
		{"with a code that is none", awstest.Answer{Status: 400, Body: `{"__type":"hidden <b>"}`}, "hidden <b>", "HTTP status 400 on List"},
		{"no JSON", awstest.Answer{Body: `<html>hidden</html>`}, "", "the answer could not be understood on List"},
		{"other types", awstest.Answer{Body: `{"Names":"hidden"}`}, "", "the answer could not be understood on List"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			l := login(t, awstest.Answers{"AWSThings.List": tt.answer, "GET /list": tt.answer})
			var out struct{ Names []string }
			for _, err := range []error{
				l.JSON(t.Context(), "eu-west-1", things, "List", map[string]any{}, &out),
				l.REST(t.Context(), "eu-west-1", things, "List", call.Request{Path: "/list"}, &out),
			} {
				if err == nil || call.Code(err) != tt.code || call.Reason(err) != tt.reason {
					t.Errorf("the error is %v with code %q and reason %q; want %q, %q", err, call.Code(err), call.Reason(err), tt.code, tt.reason)
				}
			}
		})
	}
}

// What fails for a moment is tried again, by each protocol.
func TestHandRetries(t *testing.T) {
	tries := 0
	busy := func(throttle awstest.Answer, good string) func(awstest.Request) awstest.Answer {
		return func(awstest.Request) awstest.Answer {
			switch tries++; tries % 3 {
			case 1:
				return awstest.Answer{Status: 503}
			case 2:
				return throttle
			}
			return awstest.Answer{Body: good}
		}
	}
	throttle := awstest.Error(400, "ThrottlingException")
	l := login(t, awstest.Answers{
		"AWSThings.List": busy(throttle, `{}`), "GET /list": busy(throttle, `{}`),
		"Action=List": busy(awstest.XMLError(400, "Throttling"), `<ThingsResponse/>`),
	})
	var out struct{}
	for name, err := range map[string]error{
		"JSON":  l.JSON(t.Context(), "eu-west-1", things, "List", map[string]any{}, &out),
		"REST":  l.REST(t.Context(), "eu-west-1", things, "List", call.Request{Path: "/list"}, &out),
		"Query": l.Query(t.Context(), "eu-west-1", call.API{Service: "Things", Prefix: "things"}, "List", url.Values{}, &out),
	} {
		if err != nil {
			t.Errorf("%s failed: %v", name, err)
		}
	}
	if tries != 9 {
		t.Errorf("there were %d requests, want 9", tries)
	}
}

func TestHandUndeclared(t *testing.T) {
	l := login(t, awstest.Answers{})
	for name, err := range map[string]error{
		"JSON": l.JSON(t.Context(), "eu-west-1", things, "Delete", map[string]any{}, &struct{}{}),
		"REST": l.REST(t.Context(), "eu-west-1", things, "Delete", call.Request{Path: "/"}, &struct{}{}),
	} {
		if err == nil || !strings.Contains(err.Error(), "is not in the table of operations") {
			t.Errorf("%s of an undeclared operation: %v", name, err)
		}
	}
}

// Errors come from whatever stands between, and hold anything.
func FuzzJSONError(f *testing.F) {
	f.Add("", `{"__type":"com.amazonaws.things#NoThing"}`)
	f.Add("NoThing:http://internal.amazon.com/coral/", "")
	f.Add("", `{"code":404}`)
	f.Fuzz(func(t *testing.T, header, body string) {
		err := call.JSONError(http.Header{"X-Amzn-Errortype": {header}}, []byte(body))
		if code := call.Code(err); strings.ContainsAny(code, ":#") {
			t.Errorf("the code is %q", code)
		}
	})
}
