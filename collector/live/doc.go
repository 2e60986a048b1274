// Package live reads the facts of a whole organization from AWS into a snapshot
// folder: read-only, politely, and so that nothing that was read is lost.
//
// [Collect] asks whose credentials it has, reads the organization if it may, and
// then enters each account with one read role. The work is cut into units: one
// service of one account in one region. A unit that could not be read, and every
// single fact that could not, becomes a gap of the manifest with its reason; the run
// goes on.
//
// What it promises:
//
//   - Only operations of the table in internal/service are called, and [Policy]
//     prints the permissions for exactly those. None of them writes.
//   - The folder is a snapshot at any moment. Until the end its manifest says that
//     the collection is not finished. Accounts appear when they are complete.
//   - Each finished unit is kept in the hidden folder .collect, first its result,
//     then a line in the journal. After an interruption or a crash the same
//     configuration with Resume goes on behind the last line; units that had gaps
//     are read again. When nothing is missing the folder .collect is removed.
//   - The same answers of AWS give the same bytes, in whatever order they come.
//   - Memory holds the accounts that are being read, never the organization.
//   - Secrets are not kept: no values, environment variables, user data, keys, tokens
//     or e-mail addresses. Files are readable by their owner only.
package live
