// Package iamcollect reads the folder in which iam-collect stores what it
// collects, and makes a [snapshot.Snapshot] of it.
//
// Below the folder that it was told to write to, iam-collect keeps
// aws/<partition>/accounts/<12 digits>/ and aws/<partition>/organizations/<o-…>/,
// and in them one folder a thing with a metadata.json that names it. Names of
// folders are lower-cased and URL-encoded, so nothing but the account of a folder
// is taken from them: ARNs and names come from the files.
//
// The package promises:
//
//   - One snapshot holds one partition and at most one organization; a folder
//     that holds more is refused with their names.
//   - A file that iam-collect leaves out because there is nothing to write is
//     told from one that it never writes, see below.
//   - Whatever does not fit is a [snapshot.Problem] with its file, or a gap in
//     the manifest. No file is passed over in silence.
//   - The same files give the same snapshot, whatever the number of processors.
//
// # What an absent file says
//
// iam-collect writes no file for what is empty, and none for what it was denied
// to read: the two look alike on disk. So an absent file says "none" only where
// the fact came with an answer that is there, as all of IAM comes in one
// answer, the tags of secrets with the list of secrets, and the policies of VPC
// endpoints with the list of endpoints. Where the fact takes a call of its own,
// such as GetBucketPolicy, the field is absent in the snapshot (not read), and
// one gap tells why. Who knows that no call was denied says so with
// [Options.NothingDenied]; such a file then says "none" too. Key policies and
// topic policies are never none: KMS and SNS give every key and topic one.
//
// ACLs and object ownership, grants of KMS keys, the keys of DynamoDB tables and
// the policies of versions and aliases of Lambda functions are never collected;
// each is one gap.
package iamcollect
