package call

import (
	"context"
	"net/http"
	"strings"

	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"
	"github.com/go-json-experiment/json"
)

// A JSONAPI is one that speaks the protocol AWS JSON 1.1 and has no client here:
// those of some services are large, and three calls of theirs are wanted.
type JSONAPI struct {
	Service string // as operations are declared: "SSM"
	Prefix  string // of the host, and the name that is signed for: "ssm"
	Target  string // before the operation in the header X-Amz-Target: "AmazonSSM"
}

// JSON calls an operation of an API with in and decodes what it answers into out.
// It is tried again like every other call.
func (l *Login) JSON(ctx context.Context, region string, api JSONAPI, operation string, in, out any) error {
	text, err := json.Marshal(in)
	if err != nil {
		return err
	}
	return l.again(ctx, region, api.Service, operation, func(ctx context.Context) error {
		header := http.Header{"Content-Type": {"application/x-amz-json-1.1"}, "X-Amz-Target": {api.Target + "." + operation}}
		resp, body, err := l.post(ctx, region, api.Prefix, header, string(text))
		if err != nil {
			return err
		}
		if resp.StatusCode != http.StatusOK {
			return &smithyhttp.ResponseError{Response: &smithyhttp.Response{Response: resp}, Err: jsonError(resp.Header, body)}
		}
		if err := json.Unmarshal(body, out); err != nil {
			return &smithy.DeserializationError{Err: err}
		}
		return nil
	})
}

// jsonError finds the code of an error: in a header, or in one of two fields, with
// a name space before it or an address behind it ("AWS JSON 1.1 protocol", Smithy:
// "Operation error serialization").
func jsonError(header http.Header, body []byte) error {
	var e struct {
		Type string `json:"__type"`
		Code string `json:"code"`
	}
	_ = json.Unmarshal(body, &e) // of a proxy between, it may be anything
	code := header.Get("X-Amzn-Errortype")
	for _, other := range []string{e.Code, e.Type} {
		if code == "" {
			code = other
		}
	}
	code, _, _ = strings.Cut(code, ":")
	return &smithy.GenericAPIError{Code: code[strings.LastIndexByte(code, '#')+1:]}
}
