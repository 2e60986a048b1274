// Package atoms cuts a space of texts by patterns: its atoms are the non-empty
// combinations of "matches" and "does not match", each with a shortest text in
// it, the WITNESS. On an atom no pattern makes a difference, so that sets of
// texts become sets of atoms, which are bits.
//
// [Cut] runs all patterns at once as one automaton over sets of positions,
// breadth first. It is exact: it finds every atom, and no atom is empty. Its
// cost grows with the number of states, about the length of the patterns where
// these share beginnings, as ARNs do; patterns with many wildcards in the same
// place can make it grow much faster, which a limit stops.
//
// [Cover] writes a set of atoms back as the fewest patterns.
package atoms
