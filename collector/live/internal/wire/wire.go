package wire

import (
	"bytes"
	"hash/crc32"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// A Protocol is how requests and errors are written.
type Protocol uint8

// The protocols.
const (
	RESTJSON       Protocol = iota
	RESTXML                 // that of Amazon S3, whose errors are not wrapped
	RESTXMLWrapped          // S3 Control
	JSON                    // JSON 1.0 and 1.1
	CBOR                    // RPC v2 CBOR
	Query
	EC2 // Query with errors of another form
)

// A Request is a request with what it says about itself.
type Request struct {
	*http.Request
	Body      []byte
	Form      url.Values // of the Query protocols
	Protocol  Protocol
	Service   string // the name that is signed for: "sqs", "elasticfilesystem"
	Region    string
	AccessKey string
	Operation string // "ListQueues"; "GET /bucket?policy" in the REST protocols
}

// Key is service and operation: "sqs.ListQueues".
func (r *Request) Key() string { return r.Service + "." + r.Operation }

// Read reads a request. Its body can be read again afterwards.
func Read(req *http.Request) (*Request, error) {
	r := &Request{Request: req}
	if req.Body != nil {
		b, err := io.ReadAll(req.Body)
		if err != nil {
			return nil, err
		}
		r.Body = b
		req.Body = io.NopCloser(bytes.NewReader(b))
	}
	r.signed()
	r.operation()
	return r, nil
}

// signed reads the scope of a signature of version 4: key/date/region/service.
func (r *Request) signed() {
	_, scope, ok := strings.Cut(r.Header.Get("Authorization"), "Credential=")
	if !ok {
		return
	}
	scope, _, _ = strings.Cut(scope, ",")
	if parts := strings.Split(scope, "/"); len(parts) == 5 {
		r.AccessKey, r.Region, r.Service = parts[0], parts[2], parts[3]
	}
}

func (r *Request) operation() {
	switch target := r.Header.Get("X-Amz-Target"); {
	case target != "":
		r.Protocol, r.Operation = JSON, target[strings.LastIndexByte(target, '.')+1:]
	case r.Header.Get("Smithy-Protocol") == "rpc-v2-cbor":
		r.Protocol, r.Operation = CBOR, r.URL.Path[strings.LastIndexByte(r.URL.Path, '/')+1:]
	case strings.HasPrefix(r.Header.Get("Content-Type"), "application/x-www-form-urlencoded"):
		r.Form, _ = url.ParseQuery(string(r.Body))
		r.Protocol, r.Operation = Query, r.Form.Get("Action")
		if r.Service == "ec2" {
			r.Protocol = EC2
		}
	default:
		switch {
		case strings.Contains(r.URL.Host, ".s3-control."), strings.Contains(r.Host, ".s3-control."):
			r.Protocol = RESTXMLWrapped
		case r.Service == "s3", r.Service == "s3express":
			r.Protocol = RESTXML
		}
		r.Operation = r.Method + " " + r.URL.Path
		if sub := subresource(r.URL.RawQuery); sub != "" {
			r.Operation += "?" + sub
		}
	}
}

// subresource is the first part of a query that has no value, as in ?policy.
func subresource(query string) string {
	for part := range strings.SplitSeq(query, "&") {
		if name, value, _ := strings.Cut(part, "="); name != "" && value == "" {
			return name
		}
	}
	return ""
}

// Answer makes an answer to the request.
func (r *Request) Answer(status int, body string) *http.Response {
	header := http.Header{}
	if r.Service == "dynamodb" { // its clients check it
		header.Set("X-Amz-Crc32", strconv.FormatUint(uint64(crc32.ChecksumIEEE([]byte(body))), 10))
	}
	return &http.Response{
		StatusCode: status, Status: http.StatusText(status), Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Request: r.Request,
		Header: header, Body: io.NopCloser(strings.NewReader(body)), ContentLength: int64(len(body)),
	}
}

// Error makes an answer that is an error, in the protocol of the request.
func (r *Request) Error(status int, code, message string) *http.Response {
	switch r.Protocol {
	case EC2:
		return r.Answer(status, `<Response><Errors><Error><Code>`+code+`</Code><Message>`+message+`</Message></Error></Errors><RequestID>1</RequestID></Response>`)
	case Query, RESTXMLWrapped:
		return r.Answer(status, `<ErrorResponse><Error><Type>Sender</Type><Code>`+code+`</Code><Message>`+message+`</Message></Error><RequestId>1</RequestId></ErrorResponse>`)
	case RESTXML:
		return r.Answer(status, `<?xml version="1.0" encoding="UTF-8"?><Error><Code>`+code+`</Code><Message>`+message+`</Message><RequestId>1</RequestId></Error>`)
	case CBOR:
		resp := r.Answer(status, string(cborMap("__type", code, "message", message)))
		resp.Header.Set("Content-Type", "application/cbor")
		resp.Header.Set("Smithy-Protocol", "rpc-v2-cbor")
		return resp
	case JSON, RESTJSON:
	}
	resp := r.Answer(status, `{"__type":"`+code+`","message":"`+message+`"}`)
	resp.Header.Set("Content-Type", "application/json")
	resp.Header.Set("X-Amzn-Errortype", code)
	return resp
}

// Nothing makes the answer of a list that has nothing in it, or of a thing that
// has no properties, in the protocol of the request.
func (r *Request) Nothing() *http.Response {
	switch r.Protocol {
	case EC2, RESTXML, RESTXMLWrapped:
		return r.Answer(http.StatusOK, `<Response></Response>`)
	case Query:
		return r.Answer(http.StatusOK, `<`+r.Operation+`Response><`+r.Operation+`Result></`+r.Operation+`Result></`+r.Operation+`Response>`)
	case CBOR:
		resp := r.Answer(http.StatusOK, string(cborMap()))
		resp.Header.Set("Content-Type", "application/cbor")
		resp.Header.Set("Smithy-Protocol", "rpc-v2-cbor")
		return resp
	case JSON, RESTJSON:
	}
	return r.Answer(http.StatusOK, `{}`)
}

// cborMap is a map of short texts (RFC 8949, major types 3 and 5).
func cborMap(pairs ...string) []byte {
	b := []byte{0xA0 | byte(len(pairs)/2)}
	for _, s := range pairs {
		b = append(b, 0x79, byte(len(s)>>8), byte(len(s)))
		b = append(b, s...)
	}
	return b
}
