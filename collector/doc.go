// Package collector opens what facts are read from, whatever form they come
// in.
//
// [Open] recognizes a source by its content: a snapshot folder, a zip archive
// of one, the folder of iam-collect, output of `aws iam
// get-account-authorization-details`, or a folder of such files. The packages
// below it do the work, one for each kind of source:
//
//   - snapshot: our own folder, which every other source is turned into;
//   - iamcollect: the folder of iam-collect;
//   - authdetails: authorization details;
//   - overlay: edits of a snapshot, into what it will be;
//   - terraform: plans, which say what to edit;
//   - cloudformation: templates, which say it, too;
//   - compiled: a snapshot as one file, which questions read in its place;
//   - live: AWS itself.
//
// A snapshot is read account by account where only facts are asked for, and an
// archive file by file, so that neither has to fit into memory.
//
// The package promises that an error names the path, says what was looked for
// and what was found there, and that nothing is read from outside the path. It
// writes nothing but compiled snapshots.
package collector
