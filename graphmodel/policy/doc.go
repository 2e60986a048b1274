// Package policy reads policy documents and says whether their statements
// match a request.
//
// A document is parsed once, with the rules of the place it hangs in (its
// [Kind]), into statements whose patterns are compiled. Nothing is guessed: a
// statement that AWS would have refused to save is kept, marked broken, never
// matches, and has a [Fault] that says where and what to do (E11). A caller
// that decides anything must look at the faults: a broken Deny is not an absent
// Deny.
//
// What AWS saves and what still matches nothing, such as an ARN that no resource
// of its service has, [Document.Review] tells, with the likely repair.
//
// Words used here:
//
//   - statement: one element of Statement, with its index counted from 0.
//   - element: Effect, Action, Resource, Principal, Condition and so on.
//   - template: text that may hold policy variables such as ${aws:username}.
//   - context: the condition keys of one request. A key is present, absent, or
//     open, which means that nobody has said; tests are then [Unknown].
//
// Documents are immutable once parsed, know nothing of their owner, and are safe
// for concurrent use. They hold their text once and no places: [Places] finds
// those when somebody asks. The numbers
// E1, E2 … are the rules listed in solver/RULES.md.
package policy
