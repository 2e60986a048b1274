// Package lint finds mistakes in policy documents: what AWS refuses, what it
// saves and what still does nothing, and what grants more than its author can
// have meant.
//
// A [Finding] says which [Rule] it falls under, where it is, why, and what to do.
// Rules fall in two classes. Those about names and forms (actions, ARNs, keys)
// are as good as the catalog, lean towards silence, and name the nearest
// correction. Those about what statements come to (dead, redundant, a Deny that
// cuts nothing, a condition that always or never holds) are decided on exact
// sets of requests and claimed only when they are certain: taking a statement
// out that is called dead or redundant, or a condition that is called always
// true, changes nothing that [solver.Compare] could show. Of a Deny that cuts
// nothing of its own document that holds as far as no other policy allows.
//
// A document is looked at by itself. With the facts of a snapshot, principals
// are looked up as well.
package lint
