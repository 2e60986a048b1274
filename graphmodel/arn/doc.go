// Package arn reads ARNs and matches them against the patterns that policies
// write.
//
// An ARN is arn:partition:service:region:account:resource. The first five
// colons separate; the sixth field is all the rest and may hold colons and
// slashes (E33 in the rule book, solver/RULES.md). Comparison is with case in
// every field.
//
// Three ways of matching live here, because AWS has three:
//
//   - [Glob]: one text against one pattern; '*' is any run, '?' one character.
//     String operators use it, and the sixth field of an ARN.
//   - [Pattern]: the Resource and NotResource elements (E34 to E37).
//   - [Like]: the ArnLike family of condition operators (E59), where a
//     wildcard never leaves its field.
//
// All of them are linear in the text for the patterns people write; a pattern
// of n characters against a text of m never costs more than n×m steps.
package arn
