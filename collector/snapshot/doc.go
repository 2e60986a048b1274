// Package snapshot is pathfinder's folder on disk: it reads, checks and writes
// snapshots, and turns them into an inventory.
//
// A snapshot is a folder of JSON files that people can read, diff and write by
// hand: manifest.json, organization.json, and accounts/<12 digits>/ with what
// AWS's own calls return. The files of format version 1 are described by the
// schemas that [Schema] returns. Each may be compressed as .json.zst.
//
// Words used here:
//
//   - wire: the Go structs that mirror the files, from [Snapshot] down. They
//     make up most of the exported names, because collectors fill them. Fields
//     that they don't know are kept in Extra and written back.
//   - fact: a field for which "nobody looked" (absent), "there is none" (null)
//     and a value are three different things ([Fact]).
//   - problem: something wrong in a file, with its place ([Problem]).
//
// The package promises:
//
//   - [Read] returns either a snapshot that [Snapshot.Inventory] accepts, or
//     problems with file, line and JSON pointer. A policy document that can't
//     be understood is not a problem: it is kept, and the inventory carries it
//     with its faults.
//   - The same files give the same snapshot, inventory and bytes, whatever the
//     number of workers.
//   - No file is read beyond [MaxFileSize] bytes, compressed or not.
//   - [Write] never leaves a file half-written, and gives its files to their
//     owner alone: snapshots tell attackers where to go.
//
// Nothing here talks to AWS. A Snapshot is plain data without locks; readers
// may share it as long as nobody changes it.
package snapshot
