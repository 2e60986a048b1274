// Package snapshot is pathfinder's folder on disk: it reads, checks and writes
// snapshots, and turns them into an inventory.
//
// A snapshot is a folder of JSON files that people can read, diff and write by
// hand: manifest.json, organization.json, and accounts/<12 digits>/ with what
// AWS's own calls return. The files of format version 1 are described by the
// schemas that [Schema] returns. Each may be compressed as .json.zst.
//
// Policy documents stand where AWS puts them. A packed snapshot holds each once,
// in documents/<2 hex digits>.json, and {"Document":"sha256:…"} wherever it
// stood; no policy has that form, for a policy has a Statement. The hash is that
// of the document as it stands in JSON without whitespace between tokens. A
// snapshot may do both, file by file and document by document.
//
// Words used here:
//
//   - wire: the Go structs that mirror the files, from [Snapshot] down. They
//     make up most of the exported names, because collectors fill them. Fields
//     that they don't know are kept in Extra and written back.
//   - fact: a field for which "nobody looked" (absent), "there is none" (null)
//     and a value are three different things ([Fact]).
//   - problem: something wrong in a file, with its place ([Problem]).
//   - reference: what stands in place of a document that is stored once. After
//     [Read] the wire holds the documents themselves, which share their bytes.
//   - lost: said of a document that a reference names and nothing holds.
//   - scan: to read a large file by its shape, without a decoder. Whatever is
//     not as all files of its kind are is decoded after all, and so every
//     problem is told by the decoder and the checks.
//
// The package promises:
//
//   - [Read] returns either a snapshot that [Snapshot.Inventory] accepts, or
//     problems with file, line and JSON pointer. A policy document that can't
//     be understood is not a problem: it is kept, and the inventory carries it
//     with its faults. A lost document is unreadable and a gap, never none.
//   - [ReadInventory] gives the same inventory or the same problems as Read and
//     Inventory do, and holds no more than a few accounts besides it, and what
//     tells documents that were read before. It scans, Read does not.
//   - A stored document that is not the one its name says is a problem. It is
//     never used.
//   - The same files give the same snapshot, inventory and bytes, whatever the
//     number of workers.
//   - No file is read beyond [MaxFileSize] bytes, compressed or not.
//   - [Write] and [WriteArchive] never leave a file half-written, and give their
//     files to their owner alone: snapshots tell attackers where to go. Packing
//     and unpacking give the bytes that would have been written without.
//
// Nothing here talks to AWS. A Snapshot is plain data without locks; readers
// may share it as long as nobody changes it.
package snapshot
