package wire_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"pathfinder/collector/live/internal/wire"
)

const signed = "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20260101/eu-central-1/"

func request(t *testing.T, method, url, body, service string, header ...string) *wire.Request {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", signed+service+"/aws4_request, SignedHeaders=host, Signature=00")
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	r, err := wire.Read(req)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestRead(t *testing.T) {
	t.Parallel()
	const form = "application/x-www-form-urlencoded; charset=utf-8"
	tests := []struct {
		name     string
		r        *wire.Request
		protocol wire.Protocol
		key      string
		failure  string // what the body of an error holds
	}{
		{"json", request(t, "POST", "https://sqs.eu-central-1.amazonaws.com/", "{}", "sqs", "X-Amz-Target", "AmazonSQS.ListQueues"), wire.JSON, "sqs.ListQueues", `"__type":"Code"`},
		{"query", request(t, "POST", "https://iam.amazonaws.com/", "Action=ListUsers", "iam", "Content-Type", form), wire.Query, "iam.ListUsers", "<ErrorResponse><Error><Type>Sender</Type><Code>Code<"},
		{"ec2", request(t, "POST", "https://ec2.eu-central-1.amazonaws.com/", "Action=DescribeRegions", "ec2", "Content-Type", form), wire.EC2, "ec2.DescribeRegions", "<Errors><Error><Code>Code<"},
		{"rest-xml", request(t, "GET", "https://b.s3.eu-central-1.amazonaws.com/?x-id=G&policy", "", "s3"), wire.RESTXML, "s3.GET /?policy", "?><Error><Code>Code<"},
		{"s3 control", request(t, "GET", "https://111122223333.s3-control.eu-central-1.amazonaws.com/v20180820/accesspoint", "", "s3"), wire.RESTXMLWrapped, "s3.GET /v20180820/accesspoint", "<ErrorResponse><Error>"},
		{"rest-json", request(t, "GET", "https://lambda.eu-central-1.amazonaws.com/2015-03-31/functions", "", "lambda"), wire.RESTJSON, "lambda.GET /2015-03-31/functions", `"message":"text"`},
		{"cbor", request(t, "POST", "https://x.eu-central-1.amazonaws.com/service/X/operation/ListY", "\xa0", "x", "Smithy-Protocol", "rpc-v2-cbor"), wire.CBOR, "x.ListY", "\xa2\x79\x00\x06__type\x79\x00\x04Code"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if tt.r.Protocol != tt.protocol || tt.r.Key() != tt.key || tt.r.Region != "eu-central-1" || tt.r.AccessKey != "AKIAIOSFODNN7EXAMPLE" {
				t.Errorf("read as %d %s in %s by %s", tt.r.Protocol, tt.r.Key(), tt.r.Region, tt.r.AccessKey)
			}
			again, err := io.ReadAll(tt.r.Request.Body)
			if err != nil || string(again) != string(tt.r.Body) {
				t.Errorf("the body is gone: %q, %v", again, err)
			}
			body, err := io.ReadAll(tt.r.Error(400, "Code", "text").Body)
			if err != nil || !strings.Contains(string(body), tt.failure) {
				t.Errorf("the error is %q", body)
			}
			if resp := tt.r.Nothing(); resp.StatusCode != 200 || resp.ContentLength == 0 {
				t.Errorf("nothing is %+v", resp)
			}
		})
	}
}

// A request that is not signed is nobody's.
func TestUnsigned(t *testing.T) {
	t.Parallel()
	r := request(t, "GET", "https://example.com/", "", "x", "Authorization", "Basic eDp5")
	if r.Service != "" || r.AccessKey != "" {
		t.Errorf("read as %s by %s", r.Service, r.AccessKey)
	}
}
