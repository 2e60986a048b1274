// Package view says what a picture shows: which nodes, in which frames, which
// edges between them, and the words around them. It is the step between an
// answer of the solver and its layout:
//
//	answer → view → layout → format
//
// A [View] made with [Of] shows all of an answer. [View.Fold] puts nodes that
// behave alike into one, exactly: an edge of a folded node holds for each of
// its members. [View.Fit] makes it small enough to be laid out and read; what
// it leaves out or puts together it says in the notes of the view, and an edge
// that no longer holds for each member of its ends says so itself.
//
// Nothing here is cleaned: texts are as they stand in the answer, and each
// format takes out of them what it must.
package view
