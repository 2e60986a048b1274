// Package compiled writes an inventory into one file, and answers from it
// without reading it: the file is mapped into memory, and what a question
// touches is understood when it is touched.
//
// The layout, all numbers little endian:
//
//   - A header of 4096 bytes: magic, version of the format, a fingerprint of the
//     program, where the checksums and the sections are, and its own checksum.
//   - The body, which is the sections one after the other: documents with their
//     kind, each once, and where each begins; managed policies, likewise; for
//     each account what it holds; names; ten indexes and the lists they need;
//     the ARNs of all resources and their order; VPC endpoints with a policy; the
//     instances of Identity Center; organization, accounts and gaps; and last the sources.
//   - A CRC-32C for each page of 16 KiB of the body.
//
// What an account holds is a table of places, a record for each role and each
// resource, and one for all users, groups and providers. Records refer to
// documents and managed policies by number. An index is a list of entries of 32
// bytes, sorted by the hash of their keys, and each leads to the key itself, so
// that two keys of one hash are told apart.
//
// Words used here:
//
//   - page: what is checked as a whole, before anything in it is used.
//   - ref: the place of a principal or resource, as account and number.
//   - shell: what is known of an account itself. Shells are read at once.
//   - source: a file of the snapshot that a compiled file was made from.
//
// The package promises:
//
//   - The inventory of a file equals the one that it was made from: same facts,
//     same order, same documents with the same faults, each with one address.
//   - Opening takes time O(accounts + units + gaps), and reads no more.
//   - A page whose checksum is wrong is never used. [File.Err] tells then, and
//     what can't be read looks empty: answers that were found meanwhile must be
//     thrown away.
//   - Hostile files are as harmless as hostile snapshots: no panic, no loop, no
//     more memory than the file's size allows.
//   - A file of another version of the program, of another user, or that others
//     may write to, is not opened.
//   - [File.Check] trusts the stat of a source only if that had been the same for
//     two seconds when the file was made, and else compares the content.
//   - Equal inventories from equal sources give equal bytes, whatever the number
//     of workers. A file appears complete or not at all, for its owner alone.
//
// Strings of the inventory point into the mapping, which stays until the program
// ends. Whoever overwrites a file in place, or cuts it off, breaks programs that
// have it open; this package never does.
package compiled
