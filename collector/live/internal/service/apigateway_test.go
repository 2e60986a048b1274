package service_test

import (
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"

	"pathfinder/collector/live/internal/awstest"
	"pathfinder/collector/live/internal/service"
)

// API Gateway answers with policies that are escaped once more than others, with
// slashes escaped too.
func TestReadRestAPIs(t *testing.T) {
	t.Parallel()
	escaped := func(s string) string {
		s = strings.ReplaceAll(strings.ReplaceAll(s, `"`, `\"`), "/", `\/`)
		return `"` + strings.ReplaceAll(strings.ReplaceAll(s, `\`, `\\`), `"`, `\"`) + `"`
	}
	const arn = "arn:aws:execute-api:eu-central-1:111122223333:"
	private := escaped(grantText("Invoke", "execute-api:Invoke", arn+"a1b2c3/prod/GET/*"))
	if !strings.HasPrefix(private, `"{\\\"Version\\\"`) {
		t.Fatalf("the test escapes wrongly: %s", private)
	}
	got, err := awstest.Read(t, "apigateway", awstest.Answers{
		"GET /restapis": about(
			"position", `{"item":[{"id":"d4e5f6","name":"plain","endpointConfiguration":{"types":["REGIONAL"]}},`+
				`{"id":"g7h8i9","name":"broken","policy":"{\\\"Version\\\": oops"}]}`,
			"", `{"item":[{"id":"a1b2c3","name":"orders","createdDate":1.7E9,"policy":`+private+`,"tags":{"env":"prod"},`+
				`"endpointConfiguration":{"types":["PRIVATE"],"vpcEndpointIds":["vpce-1"]},"disableExecuteApiEndpoint":false},`+
				`{"id":"b2c3d4","name":"once","policy":`+grant("Invoke", "execute-api:Invoke", arn+"b2c3d4/*")+`}],"position":"2"}`),
	})
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "apigateway", got)
}

func TestReadRestAPIsDenied(t *testing.T) {
	t.Parallel()
	if _, err := awstest.Read(t, "apigateway", awstest.Answers{"GET /restapis": awstest.Error(403, denied)}); err == nil {
		t.Error("a list that may not be read is no error")
	}
}

// Law: what API Gateway does to a document is undone, and one that it left alone
// stays.
func FuzzUnescaped(f *testing.F) {
	f.Add(`{"Version":"2012-10-17"}`)
	f.Add(`{\"Version\":\"2012-10-17\"}`)
	f.Fuzz(func(t *testing.T, text string) {
		got := service.Unescaped(text)
		if !strings.HasPrefix(text, "{") || !jsontext.Value(text).IsValid() {
			return
		}
		quoted, err := jsontext.AppendQuote(nil, text)
		if err != nil {
			t.Fatal(err)
		}
		inside := string(quoted[1 : len(quoted)-1])
		if back := service.Unescaped(inside); got != text || back != text {
			t.Fatalf("Unescaped(%q) = %q, and of %q %q", text, got, inside, back)
		}
	})
}
