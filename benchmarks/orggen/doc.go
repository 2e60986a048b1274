// Package orggen makes up AWS organizations that look like real ones, of any
// size, to measure and test on.
//
// [Generate] gives an organization to a [Sink], account by account. [Folder]
// writes pathfinder's snapshot, [Collected] what iam-collect would have written of
// the same organization, and [Snapshot] keeps it in memory for tests.
//
// Words used here:
//
//   - stamped: said of roles, policies and resources that one tool put into every
//     account, equal up to the id of the account and its region.
//   - own: said of what one account alone has.
//   - thing: a resource whose name is known before it is made.
//
// The package promises:
//
//   - Equal configurations give equal bytes, whatever the number of workers. The
//     luck of an account depends on the seed and on its number alone, so its
//     roles, users and resources are the same in organizations of other sizes;
//     neighbours that it names and places of central accounts may differ.
//   - No more accounts than there are workers are in memory.
//   - Everything in a generated organization is known: there are no gaps.
//   - [Names] are there whatever the seed, when each account has ten principals
//     or more. In organizations of fewer than four accounts, one account does
//     what several do elsewhere.
//
// # What is in it
//
// An organization has a management account, one for security, one for tooling,
// one in fifty (up to five) for shared services, and then products of four
// accounts each, from dev to prod. They hang in units for workloads, sandboxes,
// infrastructure and security, each split into two as often as asked for.
// FullAWSAccess is attached everywhere, as AWS does; control policies follow the
// examples of the Organizations User Guide and AWS's data-perimeter-policy-examples.
//
// Accounts have the roles of a landing zone, service-linked roles, those of
// permission sets, and of applications: [Shares] Stamped of all principals. The
// rest is roles of services, of GitHub Actions, of partners with an external id,
// chains of two to four roles, roles for people of the account or of a
// neighbour, and users in groups. A role named release takes a release from one
// account of a product to the next, three accounts far.
//
// Policies that AWS manages are its own documents, in managed.json.zst.
//
// # Where the numbers come from
//
// Nobody publishes such numbers of whole organizations. All shares are chosen,
// to have each kind in every organization of twenty accounts without letting a
// rare kind become common: most principals are roles that tools made, one own
// principal in a hundred is an administrator, one own bucket in five hundred is
// public, one resource in twelve is shared with a neighbour. The bucket
// [Names] ArtifactsBucket is open to the organization, and so are a repository, a
// topic and a key in each account for shared services, and nothing else.
package orggen
