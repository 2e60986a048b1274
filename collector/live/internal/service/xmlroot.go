package service

import (
	"bytes"
	"context"
	"encoding/xml"
	"fmt"
	"io"

	awsmiddleware "github.com/aws/aws-sdk-go-v2/aws/middleware"
	"github.com/aws/smithy-go"
	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// s3Roots are the elements that hold the answers of S3 ("Amazon S3 API Reference",
// response syntax); "{" stands for a JSON document. The others, those of S3 Control,
// are named after their operation.
//
// The SDK takes any element for the right one, and what is not in it for absent.
// Servers that stand in for S3 answer requests for settings they don't know with a
// list of the bucket's objects, which would read as "there is no setting".
var s3Roots = map[string]string{
	"ListBuckets":                "ListAllMyBucketsResult",
	"ListDirectoryBuckets":       "ListAllMyDirectoryBucketsResult",
	"GetBucketLocation":          "LocationConstraint",
	"GetBucketPolicy":            "{",
	"GetBucketAcl":               "AccessControlPolicy",
	"GetBucketOwnershipControls": "OwnershipControls",
	"GetPublicAccessBlock":       "PublicAccessBlockConfiguration",
	"GetBucketEncryption":        "ServerSideEncryptionConfiguration",
	"GetBucketTagging":           "Tagging",
	"GetBucketAbac":              "AbacStatus",
}

// checkRoot makes an answer whose element is not that of its operation one that
// could not be understood.
func checkRoot(stack *middleware.Stack) error {
	return stack.Deserialize.Add(middleware.DeserializeMiddlewareFunc("PathfinderRoot",
		func(ctx context.Context, in middleware.DeserializeInput, next middleware.DeserializeHandler) (middleware.DeserializeOutput, middleware.Metadata, error) {
			out, meta, err := next.HandleDeserialize(ctx, in)
			resp, ok := out.RawResponse.(*smithyhttp.Response)
			if err != nil || !ok || resp.StatusCode < 200 || resp.StatusCode >= 300 {
				return out, meta, err
			}
			body, err := io.ReadAll(resp.Body) // in memory already
			if err != nil {
				return out, meta, err
			}
			resp.Body = io.NopCloser(bytes.NewReader(body))
			if name := awsmiddleware.GetOperationName(ctx); !isRoot(name, rootOf(body)) {
				return out, meta, &smithy.DeserializationError{Err: fmt.Errorf("the answer is none of %s", name)}
			}
			return out, meta, nil
		}), middleware.After)
}

// isRoot reports whether an answer of an operation may be in this element.
func isRoot(operation, root string) bool {
	if want, ok := s3Roots[operation]; ok {
		return root == want
	}
	return root == operation+"Result" || root == operation+"Response"
}

// rootOf returns the name of the first element, "{" for what begins like a JSON
// document, and "" for anything else.
func rootOf(body []byte) string {
	if text := bytes.TrimLeft(body, " \t\r\n"); len(text) > 0 && text[0] == '{' {
		return "{"
	}
	for d := xml.NewDecoder(bytes.NewReader(body)); ; {
		token, err := d.RawToken()
		if err != nil {
			return ""
		}
		if start, ok := token.(xml.StartElement); ok {
			return start.Name.Local
		}
	}
}
