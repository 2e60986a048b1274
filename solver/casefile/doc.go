// Package casefile reads decision cases and decides them one after the other:
// the lines of `pathfinder simulate`.
//
// A file is JSON lines, or one JSON array; it is read as a stream, so that its
// length doesn't matter. What a line holds says which kind it is:
//
//	"request"   a whole decision: a request, the policies that bear on it, and
//	            settings. Its context is complete: a key that it does not list
//	            is absent, unless the caller or the resource fix it (E217).
//	"operator"  one condition test
//	"element"   one element of a statement, or what S3 thinks of a policy
//
// All are answered by the code that answers questions about snapshots: a line
// about an element differs from a decision only in how much it asks.
//
// Two answers follow what other tools say where AWS has no word for it, and
// both stand in one place: a cut by the setting s3BlockPublicAccess
// ([Result.Decision], see settings.words) and how a request pattern meets a
// resource pattern (see patternMatch).
package casefile
