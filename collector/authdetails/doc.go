// Package authdetails reads what `aws iam get-account-authorization-details`
// prints: one file, several pages of one account, a file of JSON lines with one
// account or page each, a list of pages or pages one behind the other in a file, or
// a folder of files of many accounts.
//
// The result is a [snapshot.Snapshot] like any other. Each account is named by
// the ARNs in its files; files of the same account are merged, and what stands
// in several of them is taken once. Nothing is taken from file names, except
// the account of a file that holds no ARN at all.
//
// The promise is honesty about what such files lack: resources, the
// organization with its control policies, and identity providers. The manifest
// of the result names them as gaps, and a missing last page too.
package authdetails
