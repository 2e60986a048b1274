// Package permission is the algebra of access: exact sets of requests, which
// intersect along a path and unite over paths.
//
// A [Label] is a set of requests. A request has an action, a resource, and a
// context of condition keys; each dimension is made finite, so that sets are
// bits:
//
//   - Actions are numbered: those of the catalog, and those that only a policy
//     names. An [ActionSet] is a bitset.
//   - Resources: the patterns in play cut all ARNs into atoms (package atoms),
//     and the request without a resource is one more. A set of resources is a
//     set of atoms.
//   - Contexts: the tests in play cut the values of each condition key into
//     classes: texts by the same atoms, addresses by range, numbers and dates by
//     interval, and the absent key. A [Guard] is a decision diagram over the
//     classes of keys. A multivalued key is one yes-or-no question for each
//     class of its elements (E60 to E63).
//
// What is in play is said once, when a [Space] is made; labels and guards belong
// to their space. In a space they are canonical: equal sets are the same
// pointer. They are immutable and safe for concurrent use.
//
// A label is EXACT when every test in it is finite. A test of which a value
// holds a variable that nobody knows compares two open keys: it becomes an
// opaque question of its own, and sets that depend on it are not exact
// ([Space.Exact]): what they hold apart may be the same.
//
// Keys that a request never carries together (E216, E219) leave no room in a
// space: the sets are those of requests that can be sent.
//
// A Label says nothing about where it came from. What stands behind it is kept
// beside it, as labels of their own, and [Trace] tells what is behind a piece.
package permission
