// Package inventory holds the facts that were collected: the organization, its
// accounts, their principals and resources, and every policy that hangs
// anywhere. It is what collectors make and what everything else reads.
//
// The package decides nothing. It also hides nothing: what could not be read
// is a [Gap], a document that could not be understood carries its faults, and
// "there is no policy" is a different value from "the policy was not read"
// ([Resource.Policy], [Known]).
//
// What an account holds may be loaded when somebody first looks at it
// ([Account.Held]); an [Index] answers what would otherwise need all accounts.
//
// An Inventory is built once, sorted by [Inventory.Finish], and then read-only
// and safe for concurrent use. Facts that AWS may leave out of a response are
// pointers or have a Known beside them.
package inventory
