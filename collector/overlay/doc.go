// Package overlay edits a snapshot into what it will be: after a plan was
// applied, or a template deployed. It knows what AWS does with each change,
// and nothing about the files that ask for it.
//
// An [Editor] takes edits one at a time, in the order in which they happen:
// first remove what goes, then put what comes, then hang policies on it. An
// edit that changes nothing leaves no trace.
//
// The package promises:
//
//   - The snapshot that an editor was made from stays as it is; what is edited
//     is copied first.
//   - What can't be known is never taken for none. A document that is not known
//     yet is [Unknown], and answers treat it as one that could not be read; an
//     edit that finds no place becomes a gap of the new snapshot, in the words
//     of its manifest.
//   - Removing a user or a role leaves its unique id behind in the policies and
//     grants that named it, as AWS does: a new one of the same name is not the one
//     that was trusted.
//   - The result is a snapshot that [snapshot.Snapshot.Inventory] accepts, if
//     the first one was and ARNs and account ids that were put are well-formed.
package overlay
