// Package faults stands between a collector and AWS, or a stand-in for it, and
// does what networks and AWS do on bad days: it throttles, fails, drops
// connections, cuts answers off, is slow, calls sessions expired, and denies.
//
// A [Proxy] has a list of [Rule]s. The first rule that matches a request and has
// something left to do does it; other requests pass. It counts by operation and
// account, or draws from a seed, so that a run can be repeated: with a seed the
// fate of a request depends on what it asks and on how often it has been asked
// before, never on the order of different ones.
//
// It works inside a process, as a Doer, and before one, as an http.Handler.
package faults
