// Package atoms cuts a space of texts by patterns, and writes parts of the
// space back as patterns.
//
// A TEXT is a string of Unicode characters. A [Pattern] covers a set of texts:
// the one of a glob, with or without regard to case, field by field as ArnLike
// compares, or as a Resource element does. A WITNESS is a text that stands for
// others. An ATOM of some patterns is a set of texts, not empty, that each of
// the patterns covers either as a whole or not at all, and that no other text
// can be added to: a combination of "covers" and "does not cover".
//
// What the functions promise:
//
//   - [Cut] finds every atom, and none that has no text. What holds for a
//     witness, as far as the patterns can tell, holds for its atom. No text of
//     the atom is shorter than the witness.
//   - [Intersect] and [Writer.Cover] are exact: they give patterns that cover no text
//     more and no text less, or say that they could not.
//   - The result depends on the arguments alone, not on maps or clocks.
//
// The number of atoms can double with each pattern (think of *a*, *b*, *c*),
// so each function has a bound and says when it was reached; nothing is left
// out silently. The common case, patterns that share a beginning and then
// differ, costs about as much as reading the patterns.
//
// All values are safe for concurrent use; nothing is kept between calls.
package atoms
