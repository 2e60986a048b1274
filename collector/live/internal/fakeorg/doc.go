// Package fakeorg is an organization on AWS that exists in memory only: accounts
// in units three levels deep, control policies, and in each account and region
// contents made from a seed.
//
// An [Org] answers requests as AWS does: by protocol, in pages, for the account
// whose session signs, and if asked to with the latency and the rate limits of AWS.
// Services that it knows nothing of answer that there is nothing. It remembers what
// was asked.
//
// The same [Config] gives the same answers, in whatever order they are asked for.
package fakeorg
