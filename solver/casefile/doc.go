// Package casefile reads decision cases and decides them one after the other:
// the lines of `pathfinder simulate`.
//
// A file is JSON lines, or one JSON array; it is read as a stream, so that its
// length doesn't matter. A case names a request, all policies that bear on it
// and the settings of the resource; its context is complete: a key that it
// does not list is absent, unless the caller or the resource fix it (E217). A
// line may also ask for a single condition test.
package casefile
