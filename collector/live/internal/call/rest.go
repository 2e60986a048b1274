package call

import (
	"cmp"
	"context"
	"net/http"
	"net/url"

	"github.com/aws/smithy-go"
	"github.com/aws/smithy-go/encoding/httpbinding"
	smithyhttp "github.com/aws/smithy-go/transport/http"
	"github.com/go-json-experiment/json"
)

// A Request is one of the REST protocol for JSON.
type Request struct {
	Method string            // "" for GET
	Path   string            // its variable parts escaped with [Escape]
	Query  url.Values        // may be nil
	Header map[string]string // may be nil
	Body   any               // may be nil
}

// REST calls an operation of an API that speaks the REST protocol for JSON ("AWS
// restJson1 protocol", Smithy) and has no client here, and decodes what it answers
// into out. It is tried again like every other call.
func (l *Login) REST(ctx context.Context, region string, api JSONAPI, operation string, r Request, out any) error {
	// API Gateway answers in another form (HAL) without it, and its client must send
	// it ("Amazon API Gateway customizations", Smithy); nobody else minds.
	header, text := http.Header{"Accept": {"application/json"}}, ""
	if r.Body != nil {
		body, err := json.Marshal(r.Body)
		if err != nil {
			return err
		}
		header.Set("Content-Type", "application/json")
		text = string(body)
	}
	for name, value := range r.Header {
		header.Set(name, value)
	}
	target := r.Path
	if len(r.Query) > 0 {
		target += "?" + r.Query.Encode()
	}
	return l.again(ctx, region, api.Service, operation, func(ctx context.Context) error {
		resp, body, err := l.send(ctx, region, api.Prefix, cmp.Or(r.Method, http.MethodGet), target, header.Clone(), text)
		if err != nil {
			return err
		}
		if resp.StatusCode < 200 || resp.StatusCode > 299 {
			return &smithyhttp.ResponseError{Response: &smithyhttp.Response{Response: resp}, Err: jsonError(resp.Header, body)}
		}
		if err := json.Unmarshal(body, out); err != nil {
			return &smithy.DeserializationError{Err: err}
		}
		return nil
	})
}

// Escape makes one part of a path of a text: the "/" and ":" of ARNs are escaped
// too, as the SDK does it.
func Escape(s string) string { return httpbinding.EscapePath(s, true) }
