package call

import (
	"context"
	"errors"
	"net"
	"os"
	"strconv"

	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// Reason says in a few words why a call failed: the code of AWS, or what broke,
// and the operation. The message of AWS is left out: it may hold ids and
// encoded texts that are nobody's business.
func Reason(err error) string {
	what := cause(err)
	if op, ok := errors.AsType[*smithy.OperationError](err); ok {
		return what + " on " + op.OperationName
	}
	return what
}

func cause(err error) string {
	if undeclared, ok := errors.AsType[*UndeclaredError](err); ok {
		return undeclared.Error()
	}
	if code := Code(err); code != "" && isCode(code) {
		return code
	}
	if resp, ok := errors.AsType[*smithyhttp.ResponseError](err); ok && resp.HTTPStatusCode() >= 300 {
		return "HTTP status " + strconv.Itoa(resp.HTTPStatusCode())
	}
	timeout, isNet := errors.AsType[net.Error](err)
	_, isCut := errors.AsType[cutOff](err)
	_, isLate := errors.AsType[timedOut](err)
	switch {
	case isNoHost(err):
		return "there is no such endpoint"
	case isLate, errors.Is(err, context.DeadlineExceeded), errors.Is(err, os.ErrDeadlineExceeded), isNet && timeout.Timeout():
		return "no answer in time"
	case errors.Is(err, errTooLarge):
		return errTooLarge.Error()
	case isCut:
		return "the answer was cut off"
	case isNet:
		return "the connection failed"
	}
	if _, ok := errors.AsType[*smithy.DeserializationError](err); ok {
		return "the answer could not be understood"
	}
	if _, ok := errors.AsType[*smithyhttp.RequestSendError](err); ok {
		return "the connection failed"
	}
	return "the call failed"
}

// isCode reports whether a text looks like an error code, since a server that is
// not AWS may put anything there.
func isCode(s string) bool {
	for _, c := range []byte(s) {
		ok := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '.' || c == ':' || c == '_' || c == '-'
		if !ok {
			return false
		}
	}
	return len(s) <= 80
}

// IsNoEndpoint reports whether the service has no endpoint in the region: its
// name does not exist.
func IsNoEndpoint(err error) bool { return isNoHost(err) }

// IsDenied reports whether AWS refused the call for want of a permission.
func IsDenied(err error) bool {
	return Is(err, "AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "AuthorizationError", "AuthorizationErrorException", "Forbidden", "NotAuthorized", "AllAccessDisabled")
}
