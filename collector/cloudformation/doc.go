// Package cloudformation reads CloudFormation templates, and what the CDK
// synthesizes, and edits a snapshot into what it will be once their stacks are
// deployed.
//
// Words used here:
//
//   - value: what stands in a template, or what it comes to. A value that can't
//     be known before the stack is deployed is unknown, and carries why: the
//     function, its place, and what is missing.
//   - stack: a template with its name, account, region and parameters.
//   - physical name: the name that AWS knows a resource by. CloudFormation makes
//     one up where the template gives none; a name that ends in GENERATED
//     stands for it, in every place alike.
//
// The package promises:
//
//   - Intrinsic functions are resolved as CloudFormation does, or named as not
//     resolved. A policy document that holds an unknown value is read without
//     the statement around that value, which stays in it as one that can't be
//     read: nothing is guessed, and no Deny vanishes.
//   - Resources that bear on access and are not understood become gaps of the
//     snapshot; so do macros and what only AWS can expand.
//   - The value of a parameter with NoEcho, and what a dynamic reference leads
//     to, never stand in a snapshot or a message.
//   - Hostile files cost bounded time and memory: size, depth, aliases, loops
//     and nested stacks have limits, and nothing is read outside of the folder
//     of the template that was named.
//
// A template says what will be there, not what was there before, so that nothing
// is taken away: what the snapshot holds of a resource of the stack beside what
// the template says is a gap, and so is what AWS lists of the stack and the
// template does not make.
package cloudformation
