// Package call makes calls to AWS: politely, sturdily, and only those that were
// declared.
//
// A [Session] holds the caller's own credentials; [Session.Enter] gives a
// [Login] to another account, whose [Login.In] is an aws.Config for the
// clients of aws-sdk-go-v2 in one region. Every request of such a client, and
// every one that [Login.Query], [Login.JSON] and [Login.REST] sign, passes a gate that
//
//   - refuses operations that are not in [Options.Operations], so that the
//     permissions printed for a collector are those it uses;
//   - waits for the token bucket of (account, region, API group), and halves its
//     rate for a while when AWS throttles all the same;
//   - bounds the calls in flight and the time and size of each answer;
//   - counts.
//
// Calls are tried up to nine times with the standard retryer. Its own quota of
// retries is off: measured on a server that takes five calls a second, the
// standard retryer with three attempts lost 24 of 100 calls and the adaptive one
// none with 16 throttled; a bucket of our own and ten attempts lost none with none
// throttled. An answer that was cut off, and a token that expired on the way, are
// tried again too.
//
// Nothing of a request or an answer is logged. [Reason] turns an error into a
// short text without the message of AWS, which may hold what nobody should read.
package call
