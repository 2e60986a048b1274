// Package wire reads requests to AWS as a server sees them, and writes errors as
// each of AWS's protocols does, so that stand-ins and proxies of tests understand
// what the collector sends.
//
// A [Request] knows the service, the region and the credentials from its
// signature, and the operation from where its protocol names it. In the REST
// protocols the method and the path stand for the operation.
//
// The protocols are described by the Smithy documentation, "AWS protocols".
package wire
