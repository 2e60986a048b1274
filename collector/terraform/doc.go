// Package terraform reads what `terraform show -json` prints of a saved plan,
// and edits a snapshot into what it will be after the apply.
//
// A plan says of each resource what it is and what it will be, as far as that is
// known before the apply. The rest is "known after apply", and this package says
// so: names and ARNs that AWS makes out of what is known are computed, references
// in the configuration are followed, and everything else is unknown: a policy
// document then becomes one that can't be read, an identifier a placeholder that
// says so and a gap, never nothing.
//
// Words used here:
//
//   - instance: one resource of the plan, with its index under count or for_each;
//   - attribute: a value of an instance, which may be known, unknown or null;
//   - reference: what an expression of the configuration names. Plans name
//     references and not what is made of them. So they are followed from an
//     attribute that says what something hangs on, and only to what names that;
//     names, documents and other texts are never guessed.
//
// The package promises:
//
//   - Only what the plan changes is changed, as the AWS provider would change it;
//     a plan whose actions are all no-op changes nothing.
//   - What is removed is removed first, then what comes is put, and policies are
//     hung on it last, whatever the order in the file. Only what is replaced in
//     its place by making the new one first is removed after all; and where the
//     plan leaves the order of changes of one place open, what it holds is not
//     known.
//   - Resources that bear on access and are not understood are gaps.
//   - Values of a plan appear in a snapshot only as facts of access: names, ARNs,
//     policies, tags. Nothing of a plan stands in an error.
//   - A plan is read up to [MaxSize] bytes, compressed or not.
package terraform
